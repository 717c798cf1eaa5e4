//! Strangers, signing in and out, and what is asked without saying who one is.

use crate::client::Client;
use crate::house::{House, evening};
use crate::probe::{FLOOR, KEY, no, request, sign_in};
use expect_test::expect;
use hyper::Method;
use maitred::demo;
use serde_json::{Value, json};

#[tokio::test]
async fn the_welcome_says_what_a_stranger_may_know() {
    let house = House::open().await;
    let stranger = Client::new(house.address, None);
    let welcome = stranger.get("/v1/welcome").await.json();
    assert_eq!(
        welcome["demo"],
        json!({"login": "manager", "password": "maitred-demo"})
    );
    let health = stranger.get("/health").await.json();
    let expected = json!({"status": "healthy", "service": "maitred", "version": welcome["version"], "debug_mode": false});
    assert_eq!(health, expected);
    assert_eq!(stranger.get("/ready").await.json(), json!({"status": "ready"}));
}

#[tokio::test]
async fn a_sign_in_is_a_token_and_a_cookie_until_the_sign_out() {
    let house = House::open().await;
    let stranger = Client::new(house.address, None);
    for login in ["host", "host@demo.test"] {
        let answer = stranger
            .post(
                "/v1/sign-in",
                &json!({"login": login, "password": demo::PASSWORD}),
            )
            .await;
        let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
        assert_eq!(answer.headers["cache-control"], "no-store");
        let body = answer.json();
        let token = body["token"].as_str().unwrap();
        let expected = format!("maitred_session={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200");
        assert_eq!(cookie, expected);
        let me = house.client(token).get("/v1/me").await.json();
        assert_eq!(
            me["staff"],
            json!({"staff_id": 3, "name": "host", "roles": ["host"]})
        );
        assert_eq!(
            me["restaurants"],
            json!([{"id": 1, "slug": "test-restaurant-1", "name": "Harbour House"}])
        );
        let ended = house
            .client(token)
            .send(Method::POST, "/v1/sign-out", &[], String::new())
            .await;
        assert_eq!(ended.status, 204);
        assert!(
            ended.headers["set-cookie"]
                .to_str()
                .unwrap()
                .starts_with("maitred_session=; ")
        );
        let after = house.client(token).get("/v1/me").await;
        assert_eq!(no(&after), "401 bad_credential - | this credential is not valid");
    }
}

#[tokio::test]
async fn a_sign_in_ends_after_twelve_hours() {
    let house = House::open().await;
    let client = house.client(&sign_in(&house, "host").await);
    house
        .clock
        .set(evening() + jiff::SignedDuration::from_hours(12) - jiff::SignedDuration::from_secs(1));
    assert_eq!(client.get(FLOOR).await.status, 200);
    house.clock.set(evening() + jiff::SignedDuration::from_hours(12));
    assert_eq!(
        no(&client.get(FLOOR).await),
        "401 credential_expired - | this sign-in has ended"
    );
}

#[tokio::test]
async fn failed_sign_ins_are_slowed_down_and_the_right_password_still_works() {
    let house = House::open().await;
    let stranger = Client::new(house.address, None);
    let attempt = async |password: &str| {
        stranger
            .post("/v1/sign-in", &json!({"login": "host", "password": password}))
            .await
    };
    for _ in 0..30 {
        let answer = attempt("guess").await;
        assert_eq!(
            no(&answer),
            "401 bad_credentials - | this name and password do not match"
        );
    }
    let answer = attempt("guess").await;
    assert_eq!(
        no(&answer),
        "429 too_many_sign_ins - | more than 30 sign-ins failed within a minute"
    );
    assert_eq!(answer.headers["retry-after"], "60");
    assert_eq!(attempt(demo::PASSWORD).await.status, 200);
    house.clock.set(evening() + jiff::SignedDuration::from_secs(60));
    assert_eq!(attempt("guess").await.status, 401);
    let unknown = stranger
        .post("/v1/sign-in", &json!({"login": "nobody", "password": "guess"}))
        .await;
    assert_eq!(
        no(&unknown),
        "401 bad_credentials - | this name and password do not match"
    );
}

#[tokio::test]
async fn heads_and_options_are_answered_without_a_body() {
    let house = House::open().await;
    let bearer = format!("authorization: Bearer {KEY}");
    let mut lines = String::new();
    for path in [
        FLOOR,
        "/v1/restaurants/1/changes",
        "/v1/restaurants/1/stream",
        "/v1/me",
        "/health",
        "/metrics",
        "/docs/openapi.json",
        "/v1/sign-in",
    ] {
        for method in ["HEAD", "OPTIONS"] {
            let answer = request(house.address, method, path, &[&bearer], b"").await;
            assert!(method == "OPTIONS" || answer.text.is_empty(), "{path}");
            lines += &format!("{method} {path} {}\n", answer.status.as_u16());
        }
    }
    let sse = request(
        house.address,
        "HEAD",
        "/v1/restaurants/1/changes",
        &[&bearer, "accept: text/event-stream"],
        b"",
    )
    .await;
    assert_eq!((sse.status.as_u16(), sse.text.as_str()), (200, ""));
    expect![[r#"
        HEAD /v1/restaurants/test-restaurant-1/floor 200
        OPTIONS /v1/restaurants/test-restaurant-1/floor 405
        HEAD /v1/restaurants/1/changes 200
        OPTIONS /v1/restaurants/1/changes 405
        HEAD /v1/restaurants/1/stream 426
        OPTIONS /v1/restaurants/1/stream 405
        HEAD /v1/me 200
        OPTIONS /v1/me 405
        HEAD /health 200
        OPTIONS /health 405
        HEAD /metrics 200
        OPTIONS /metrics 405
        HEAD /docs/openapi.json 200
        OPTIONS /docs/openapi.json 405
        HEAD /v1/sign-in 405
        OPTIONS /v1/sign-in 405
    "#]]
    .assert_eq(&lines);
}

#[tokio::test]
async fn a_sign_in_that_makes_no_sense_is_named() {
    let house = House::open().await;
    let bodies: [Value; 7] = [
        json!({}),
        json!([]),
        json!(["manager", "maitred-demo"]),
        json!({"login": "manager"}),
        json!({"login": "manager", "password": 5}),
        json!({"login": "manager", "password": "maitred-demo", "remember": true}),
        json!({"login": "manager", "password": ""}),
    ];
    let mut lines = String::new();
    for body in bodies {
        let answer = Client::new(house.address, None).post("/v1/sign-in", &body).await;
        assert!(answer.headers.get("set-cookie").is_none());
        lines += &format!("{body}\n    {}\n", no(&answer));
    }
    expect![[r#"
        {}
            400 bad_value login | missing field `login`
        []
            400 bad_value - | the body must be a JSON object
        ["manager","maitred-demo"]
            400 bad_value - | the body must be a JSON object
        {"login":"manager"}
            400 bad_value password | missing field `password`
        {"login":"manager","password":5}
            400 bad_value password | password: invalid type: integer `5`, expected a text
        {"login":"manager","password":"maitred-demo","remember":true}
            400 bad_value remember | remember: unknown field `remember`, expected `login` or `password`
        {"login":"manager","password":""}
            401 bad_credentials - | this name and password do not match
    "#]]
    .assert_eq(&lines);
}
