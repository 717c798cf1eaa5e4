//! Who may ask the host stand, and for which restaurant.

use super::desk::{Desk, at, line, plain, yes};
use crate::client::{Answer, Client};
use crate::house::{House, evening, operated};
use crate::probe::{request, signed_in};
use crate::signed::{claims, hs256};
use hyper::Method;
use jiff::SignedDuration;
use maitred::config::Config;
use serde_json::{Value, json};
use std::net::Ipv4Addr;

const SECRET: &str = "a secret that both programs know!";

fn sharing(config: &mut Config) {
    config.tokens.secret = Some(SECRET.to_owned().into());
}

/// Every address of the stand that needs somebody to be known.
fn everything() -> Vec<(Method, String)> {
    [
        (Method::GET, at("/guests")),
        (Method::POST, at("/guests")),
        (Method::GET, at("/guests/guest-1")),
        (Method::PUT, at("/guests/guest-1")),
        (Method::PATCH, at("/guests/guest-1")),
        (Method::DELETE, at("/guests/guest-1")),
        (Method::GET, at("/tables")),
        (Method::POST, at("/tables")),
        (Method::PUT, at("/tables/table-1")),
        (Method::PATCH, at("/tables/table-1")),
        (Method::DELETE, at("/tables/table-1")),
        (Method::PUT, at("/tables/table-1/clear")),
        (Method::POST, at("/batch-update")),
        (Method::GET, at("/dashboard-data")),
        (
            Method::POST,
            "/transactions/atomic?restaurant_id=test-restaurant-1".to_owned(),
        ),
        (
            Method::GET,
            "/api/sync/full?restaurant_id=test-restaurant-1".to_owned(),
        ),
        (
            Method::GET,
            "/api/sync/delta?restaurant_id=test-restaurant-1".to_owned(),
        ),
        (
            Method::GET,
            "/api/v1/dashboard/data?restaurant_id=test-restaurant-1".to_owned(),
        ),
        (Method::GET, "/auth/me".to_owned()),
        (Method::POST, "/auth/logout".to_owned()),
    ]
    .to_vec()
}

/// Asks for everything. Answers what all of it was answered with.
async fn everywhere(client: &Client, headers: &[(&str, &str)]) -> Answer {
    let mut last: Option<Answer> = None;
    for (method, path) in everything() {
        let answer = client.send(method.clone(), &path, headers, "{}".to_owned()).await;
        if let Some(last) = &last {
            assert_eq!(line(&answer), line(last), "{method} {path} {headers:?}");
        }
        last = Some(answer);
    }
    last.unwrap()
}

#[tokio::test]
async fn whoever_is_passed_on_by_somebody_needs_a_token() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    let before = desk.standing().await;
    for header in [
        ("forwarded", "for=10.0.0.7"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-host", "127.0.0.1"),
        ("x-real-ip", "127.0.0.1"),
        ("via", "1.1 proxy"),
    ] {
        let answer = everywhere(&desk.tablet, &[header]).await;
        assert_eq!(line(&answer), r#"403 {"detail":"Not authenticated"}"#);
    }
    assert_eq!(desk.standing().await, before);
    let forwarded = [("x-forwarded-for", "10.0.0.7")];
    let manager = desk.house.manager();
    let answer = manager
        .send(Method::GET, &at("/guests"), &forwarded, String::new())
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn only_networks_that_are_trusted_need_no_token() {
    let house = House::open_with(|config| {
        config.trusted_networks = vec!["127.0.0.2".to_owned()].try_into().unwrap();
    })
    .await;
    let ask = async |last: u8| {
        let source = Ipv4Addr::new(127, 0, 0, last);
        Client::from_source(house.address, source, None)
            .get(&at("/guests"))
            .await
    };
    assert_eq!(ask(2).await.status, 200);
    assert_eq!(line(&ask(3).await), r#"403 {"detail":"Not authenticated"}"#);
    assert_eq!(house.stranger().get(&at("/guests")).await.status, 403);
}

#[tokio::test]
async fn an_authorization_that_is_no_bearer_is_turned_away() {
    let desk = Desk::open().await;
    for header in [
        "Basic dXNlcjpwdw==",
        "Token abc",
        "demo-key-restaurant-1",
        "Bearer",
        "",
    ] {
        let answer = everywhere(&desk.tablet, &[("authorization", header)]).await;
        assert_eq!(
            line(&answer),
            r#"403 {"detail":"Invalid authentication credentials"}"#,
            "{header}"
        );
    }
    let lower = [("authorization", "bearer demo-key-restaurant-1")];
    let answer = desk
        .tablet
        .send(Method::GET, &at("/guests"), &lower, String::new())
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_bad_or_expired_token_does_not_count() {
    let house = House::open_with(sharing).await;
    let now = evening().as_second();
    let expired = hs256(SECRET, &claims(&json!({"exp": now - 120, "iat": now - 3_600})));
    let foreign = hs256("a secret that nobody here has heard of", &claims(&json!({})));
    let endless = hs256(
        SECRET,
        &json!({"sub": "pos-7", "restaurant_id": 1, "role": "waiter"}),
    );
    for token in ["nonsense", "a.b.c", &expired, &foreign, &endless] {
        let answer = everywhere(&house.client(token), &[]).await;
        assert_eq!(
            line(&answer),
            r#"401 {"detail":"Could not validate credentials"}"#
        );
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
    }
    // Good until then.
    let token = hs256(SECRET, &claims(&json!({})));
    assert_eq!(house.client(&token).get(&at("/guests")).await.status, 200);
    house.later(SignedDuration::from_hours(2));
    assert_eq!(house.client(&token).get(&at("/guests")).await.status, 401);
}

#[tokio::test]
async fn one_kind_of_token_is_good_whoever_signed_it_and_however_it_names_the_house() {
    let house = House::open_with(sharing).await;
    let exp = evening().as_second() + 3_600;
    for more in [
        json!({"tenant_ids": [1], "roles": ["waiter"]}),
        json!({"tenant_ids": ["bistro-2", "test-restaurant-1"], "role": "host"}),
        json!({"restaurant_id": 1, "role": "staff"}),
        json!({"restaurant_id": "test-restaurant-1", "roles": ["manager"], "iss": "x", "aud": "y", "what": [1]}),
        json!({"sid": "test-restaurant-1", "role": "OWNER"}),
    ] {
        let mut claims = json!({"sub": "m-1", "iat": exp - 7_200, "exp": exp});
        claims
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let client = house.client(&hs256(SECRET, &claims));
        let body = json!({"first_name": "Ann", "party_size": 2});
        yes(&client.post(&at("/guests"), &body).await);
    }
}

#[tokio::test]
async fn a_token_opens_its_own_restaurant_and_no_other() {
    let desk = Desk::open().await;
    let denied = r#"403 {"detail":"Access denied to this restaurant"}"#;
    let other = desk.house.client("demo-key-restaurant-2");
    for (method, path) in everything() {
        if path.starts_with("/auth") {
            continue;
        }
        let answer = other.send(method.clone(), &path, &[], "{}".to_owned()).await;
        assert_eq!(line(&answer), denied, "{method} {path}");
    }
    for restaurant in ["test-restaurant-1", "1", "nowhere", "99"] {
        let answer = other.get(&format!("/restaurants/{restaurant}/guests")).await;
        assert_eq!(line(&answer), denied, "{restaurant}");
    }
    assert_eq!(other.get("/restaurants/bistro-2/guests").await.status, 200);
    let waiter = signed_in(&desk.house, "waiter").await;
    assert_eq!(line(&waiter.get("/restaurants/bistro-2/guests").await), denied);
    assert_eq!(waiter.get(&at("/guests")).await.status, 200);
    // A neighbour is somebody in whichever house they name.
    assert_eq!(desk.tablet.get("/restaurants/2/guests").await.status, 200);
}

#[tokio::test]
async fn guests_and_tables_of_another_restaurant_are_not_there() {
    let desk = Desk::open().await;
    let bistro = |place: &str| format!("/restaurants/bistro-2{place}");
    let body = json!({"first_name": "Zoë", "party_size": 2});
    let theirs = plain(&yes(&desk.tablet.post(&bistro("/guests"), &body).await)["id"]);
    let named = json!({"guests": [{"id": "theirs", "operation": "create", "data": body}]});
    yes(&desk
        .tablet
        .post("/transactions/atomic?restaurant_id=2", &named)
        .await);
    let ours = desk.waiting("Ann").await;
    assert_ne!(ours, theirs, "ids are unique across restaurants");
    let their_list = |desk: &Desk| {
        let client = desk.tablet.clone();
        async move {
            let guests = client.get("/restaurants/bistro-2/guests").await.text;
            guests + &client.get("/restaurants/bistro-2/tables").await.text
        }
    };
    let before = (desk.standing().await, their_list(&desk).await);
    for guest in [theirs.as_str(), "theirs"] {
        let path = format!("/guests/{guest}");
        let change = json!({"first_name": "Stolen", "status": "Seated", "table_id": "table-1"});
        for answer in [
            desk.get(&path).await,
            desk.put(&path, change.clone()).await,
            desk.patch(&path, change).await,
            desk.delete(&path).await,
            desk.put("/tables/table-1", json!({"current_guest_id": guest}))
                .await,
        ] {
            assert_eq!(answer.status, 404, "{answer:?}");
        }
        let step = json!({"guests": [{"id": guest, "status": "Seated"}]});
        assert_eq!(yes(&desk.atomic(step.clone()).await)["success"], false);
        assert_eq!(yes(&desk.post("/batch-update", step).await)["success"], false);
    }
    for answer in [
        desk.put("/tables/table-21", json!({"status": "reserved"})).await,
        desk.put("/tables/table-21/clear", json!({})).await,
        desk.delete("/tables/table-21").await,
        desk.put(&format!("/guests/{ours}"), json!({"table_id": "table-21"}))
            .await,
    ] {
        assert_eq!(answer.status, 404, "{answer:?}");
    }
    assert_eq!((desk.standing().await, their_list(&desk).await), before);
    assert_eq!(desk.ids("/guests").await, [ours]);
}

#[tokio::test]
async fn a_restaurant_that_is_closed_down_is_inactive() {
    let house = House::open_with(operated).await;
    let manager = signed_in(&house, "manager").await;
    let key = house.manager();
    assert_eq!(house.operator().delete("/v1/restaurants/1").await.status, 204);
    let inactive = r#"403 {"detail":"Restaurant account is inactive"}"#;
    for client in [&house.stranger(), &manager, &key] {
        for restaurant in ["test-restaurant-1", "1"] {
            let answer = client.get(&format!("/restaurants/{restaurant}/guests")).await;
            assert_eq!(line(&answer), inactive);
        }
    }
    // To those of another house it is what any other is.
    let other = house.client("demo-key-restaurant-2");
    assert_eq!(
        line(&other.get(&at("/guests")).await),
        r#"403 {"detail":"Access denied to this restaurant"}"#
    );
}

#[tokio::test]
async fn a_page_from_elsewhere_does_not_get_in_through_a_browser_in_the_house() {
    let house = House::open_with(|config| config.origins = vec!["https://floor.example".to_owned()]).await;
    let own = format!("http://{}", house.address);
    for client in [house.stranger(), house.manager()] {
        for (origin, expected) in [
            (own.as_str(), 200),
            ("https://floor.example", 200),
            ("https://evil.example", 403),
            ("http://floor.example", 403),
            ("null", 403),
        ] {
            let headers = [("origin", origin)];
            let answer = client
                .send(Method::GET, &at("/guests"), &headers, String::new())
                .await;
            assert_eq!(answer.status, expected, "{origin}");
            let body = r#"{"first_name":"Ann","party_size":2}"#.to_owned();
            let answer = client.send(Method::POST, &at("/guests"), &headers, body).await;
            assert_eq!(answer.status, expected, "{origin}");
        }
    }
    // Nor by a name of its own that leads to us.
    let mut lines = Vec::new();
    for host in [
        "evil.example",
        "floor.example",
        "tablet.local",
        "10.0.0.152:8000",
        "[::1]:8000",
    ] {
        let raw = format!(
            "GET {} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n",
            at("/guests")
        );
        let mut wire = crate::probe::Wire::open(house.address).await;
        wire.say(raw).await;
        lines.push((host, wire.answer().await.status.as_u16()));
    }
    assert_eq!(
        lines,
        [
            ("evil.example", 403),
            ("floor.example", 200),
            ("tablet.local", 200),
            ("10.0.0.152:8000", 200),
            ("[::1]:8000", 200)
        ]
    );
}

#[tokio::test]
async fn a_listed_page_may_ask_for_every_method() {
    let house = House::open_with(|config| config.origins = vec!["https://floor.example".to_owned()]).await;
    let asked = [
        "origin: https://floor.example",
        "access-control-request-method: PATCH",
        "access-control-request-headers: content-type,authorization",
    ];
    let answer = request(house.address, "OPTIONS", &at("/guests"), &asked, b"").await;
    assert_eq!(answer.status, 200);
    let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("access-control-allow-origin"), "https://floor.example");
    assert_eq!(header("access-control-allow-credentials"), "true");
    assert_eq!(header("access-control-max-age"), "600");
    let mut methods: Vec<_> = header("access-control-allow-methods")
        .split(',')
        .map(str::to_owned)
        .collect();
    methods.sort();
    assert_eq!(methods.join(" "), "DELETE GET HEAD OPTIONS PATCH POST PUT");
    let read = request(house.address, "GET", &at("/guests"), &asked[..1], b"").await;
    assert_eq!(
        read.headers["access-control-allow-origin"],
        "https://floor.example"
    );
    assert_eq!(read.headers["access-control-allow-credentials"], "true");
    let foreign = ["origin: https://evil.example", asked[1]];
    let answer = request(house.address, "OPTIONS", &at("/guests"), &foreign, b"").await;
    assert_eq!(answer.headers.get("access-control-allow-origin"), None);
}

#[tokio::test]
async fn a_neighbour_does_what_a_host_and_a_waiter_do_and_no_more() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    yes(&desk.put("/tables/table-1", json!({"status": "reserved"})).await);
    for answer in [
        desk.tablet.get("/v1/restaurants/1/settings").await,
        desk.tablet.get("/v1/restaurants/1/staff").await,
        desk.tablet.get("/v1/restaurants/1/floor").await,
    ] {
        assert_eq!(answer.status, 401, "{answer:?}");
    }
    let me: Value = desk.tablet.get("/auth/me").await.json();
    assert_eq!(me, json!({"detail": "Not authenticated"}));
}
