//! Strangers, and signing in and out.

use crate::client::{Answer, Client};
use crate::house::House;
use crate::probe::{FLOOR, entrance, no, signed_in};
use expect_test::expect;
use hyper::Method;
use jiff::SignedDuration;
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
    assert_eq!(welcome["device"], Value::Null);
    let health = stranger.get("/health").await.json();
    let expected = json!({"status": "healthy", "service": "maitred", "version": welcome["version"], "debug_mode": false});
    assert_eq!(health, expected);
    assert_eq!(stranger.get("/ready").await.json(), json!({"status": "ready"}));
}

async fn attempt(house: &House, login: &str, password: &str) -> Answer {
    let body = json!({"login": login, "password": password});
    house.stranger().post("/v1/sign-in", &body).await
}

async fn sign_out(client: &Client) -> Answer {
    client
        .send(Method::POST, "/v1/sign-out", &[], String::new())
        .await
}

#[tokio::test]
async fn one_signs_in_with_a_login_or_an_address_in_letters_of_any_size() {
    let house = House::open().await;
    for login in ["host", "Host", "HOST@demo.test", " host@Demo.Test "] {
        let answer = attempt(&house, login, demo::PASSWORD).await;
        assert_eq!(answer.status, 200, "{login}");
        assert_eq!(answer.headers["cache-control"], "no-store");
        let mut body = answer.json();
        for secret in ["token", "refresh_token", "sign_in_id"] {
            assert!(
                body[secret].take().as_str().is_some_and(|it| it.len() >= 32),
                "{secret}"
            );
        }
        let expected = json!({
            "token": null, "expires_at": "2026-11-20T20:00:00Z",
            "refresh_token": null, "refresh_expires_at": "2026-11-27T19:30:00Z",
            "sign_in_id": null,
            "staff": {"staff_id": 3, "name": "host", "roles": ["host"]},
            "restaurants": [{"id": 1, "slug": "test-restaurant-1", "name": "Harbour House", "roles": ["host"]}],
        });
        assert_eq!(body, expected);
    }
}

#[tokio::test]
async fn the_cookie_is_for_browsers_of_this_house_alone() {
    let house = House::open_with(|config| {
        config.proxies = vec!["127.0.0.1".to_owned()].try_into().unwrap();
    })
    .await;
    for (scheme, end) in [("http", ""), ("https", "; Secure")] {
        let body = json!({"login": "host", "password": demo::PASSWORD}).to_string();
        let headers = [("x-forwarded-for", "203.0.113.7"), ("x-forwarded-proto", scheme)];
        let stranger = house.stranger();
        let answer = stranger.send(Method::POST, "/v1/sign-in", &headers, body).await;
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        let (secret, rest) = cookie.split_once("; ").unwrap();
        assert!(secret.starts_with("maitred_session=ms_"), "{secret}");
        assert_eq!(
            rest,
            format!("Path=/; HttpOnly; SameSite=Strict; Max-Age=604800{end}")
        );
        assert!(
            !answer
                .text
                .contains(secret.trim_start_matches("maitred_session="))
        );
    }
    // Nobody else is believed.
    let house = House::open().await;
    let body = json!({"login": "host", "password": demo::PASSWORD}).to_string();
    let headers = [("x-forwarded-proto", "https")];
    let stranger = house.stranger();
    let answer = stranger.send(Method::POST, "/v1/sign-in", &headers, body).await;
    assert!(!answer.headers["set-cookie"].to_str().unwrap().contains("Secure"));
}

#[tokio::test]
async fn a_sign_out_ends_the_token_the_refresh_token_and_the_cookie() {
    let house = House::open().await;
    let (gone, stays) = (entrance(&house, "host").await, entrance(&house, "host").await);
    assert_eq!(gone.statuses(&house).await, [200, 200]);
    let answer = sign_out(&house.client(&gone.token)).await;
    assert_eq!(answer.status, 204);
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("maitred_session=; ") && cookie.contains("Max-Age=0"),
        "{cookie}"
    );
    assert_eq!(gone.statuses(&house).await, [401, 401]);
    let refresh = json!({"refresh_token": gone.refresh_token});
    assert_eq!(house.stranger().post("/v1/refresh", &refresh).await.status, 401);
    let after = house.client(&gone.token).get("/v1/me").await;
    assert_eq!(no(&after), "401 bad_credential - | this credential is not valid");
    assert_eq!(stays.statuses(&house).await, [200, 200]);
}

#[tokio::test]
async fn whoever_comes_late_with_a_token_that_has_run_out_can_still_sign_out() {
    let house = House::open().await;
    let entered = entrance(&house, "host").await;
    house.later(SignedDuration::from_hours(1));
    assert_eq!(entered.statuses(&house).await, [401, 200]);
    assert_eq!(sign_out(&house.client(&entered.token)).await.status, 204);
    assert_eq!(entered.statuses(&house).await, [401, 401]);
}

#[tokio::test]
async fn sign_ins_and_sign_outs_outlive_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_at(folder.path(), 0).await;
    let (gone, stays) = (entrance(&house, "host").await, entrance(&house, "waiter").await);
    assert_eq!(sign_out(&house.client(&gone.token)).await.status, 204);
    house.stop().await;
    let house = House::open_at(folder.path(), 0).await;
    assert_eq!(gone.statuses(&house).await, [401, 401]);
    assert_eq!(stays.statuses(&house).await, [200, 200]);
}

#[tokio::test]
async fn a_token_ends_after_half_an_hour_and_a_sign_in_after_a_week_without_use() {
    let house = House::open().await;
    let entered = entrance(&house, "host").await;
    house.later(SignedDuration::from_secs(1_799));
    assert_eq!(entered.statuses(&house).await, [200, 200]);
    house.later(SignedDuration::from_mins(30));
    let answer = house.client(&entered.token).get(FLOOR).await;
    assert_eq!(
        no(&answer),
        "401 credential_expired - | this credential has run out"
    );
    let week = SignedDuration::from_hours(7 * 24);
    // Used, it lasts a week from then on.
    for weeks in 1..4 {
        house.later(week * weeks - SignedDuration::from_secs(i64::from(weeks)));
        assert_eq!(entered.statuses(&house).await, [401, 200]);
    }
    house.later(week * 4);
    let cookie = [("cookie", entered.cookie.as_str())];
    let answer = house
        .stranger()
        .send(Method::GET, FLOOR, &cookie, String::new())
        .await;
    assert_eq!(
        no(&answer),
        "401 credential_expired - | this credential has run out"
    );
}

#[tokio::test]
async fn whoever_works_nowhere_any_more_learns_so_with_the_right_password_only() {
    let house = House::open().await;
    let before = entrance(&house, "host").await;
    let admin = signed_in(&house, "admin").await;
    admin
        .patch("/v1/restaurants/1/staff/3", &json!({"active": false}))
        .await;
    assert_eq!(before.statuses(&house).await, [401, 401]);
    let right = attempt(&house, "host", demo::PASSWORD).await;
    assert_eq!(no(&right), "401 account_disabled - | this account is disabled");
    let wrong = attempt(&house, "host", "guess").await;
    assert_eq!(
        no(&wrong),
        "401 bad_credentials - | this name and password do not match"
    );
    admin
        .patch("/v1/restaurants/1/staff/3", &json!({"active": true}))
        .await;
    assert_eq!(attempt(&house, "host", demo::PASSWORD).await.status, 200);
}

#[tokio::test]
async fn ones_sign_ins_are_listed_and_ended_one_by_one() {
    let house = House::open().await;
    let (one, other) = (entrance(&house, "host").await, entrance(&house, "host").await);
    let waiter = entrance(&house, "waiter").await;
    let client = house.client(&one.token);
    let list = client.get("/v1/me/sign-ins").await.json();
    let list = list["sign_ins"].as_array().unwrap();
    assert_eq!(list.len(), 2);
    for entry in list {
        assert_eq!(entry["current"], entry["id"] == one.id.as_str());
        assert_eq!(
            (&entry["how"], &entry["address"]),
            (&json!("password"), &json!("127.0.0.1"))
        );
    }
    for unknown in [&waiter.id, "nothing"] {
        let answer = client.delete(&format!("/v1/me/sign-ins/{unknown}")).await;
        assert_eq!(
            no(&answer),
            "404 unknown_sign_in id | you have no sign-in with this id"
        );
    }
    let answer = client.delete(&format!("/v1/me/sign-ins/{}", other.id)).await;
    assert_eq!(answer.status, 204);
    assert_eq!(other.statuses(&house).await, [401, 401]);
    assert_eq!(one.statuses(&house).await, [200, 200]);
    assert_eq!(waiter.statuses(&house).await, [200, 200]);
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
            400 bad_value password | password: invalid type, expected a text
        {"login":"manager","password":"maitred-demo","remember":true}
            400 bad_value remember | remember: unknown field `remember`, expected `login` or `password`
        {"login":"manager","password":""}
            401 bad_credentials - | this name and password do not match
    "#]]
    .assert_eq(&lines);
}
