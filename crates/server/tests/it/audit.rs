//! The list of who came in, who did not, and what was changed about people and keys.

use crate::client::Client;
use crate::house::{House, operated};
use crate::people::{attempt, house_with_a_waiter_of_two};
use crate::probe::{Entrance, STAFF, entrance, no, signed_in};
use hyper::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn entries(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/audit{query}")).await;
    assert_eq!(page.status, 200, "{page:?}");
    page.json()["entries"].as_array().unwrap().clone()
}

/// What happened, the newest first.
fn what(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|it| it["what"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn all_that_concerns_people_keys_and_devices_is_listed_the_newest_first() {
    let house = House::open_with(operated).await;
    let admin = signed_in(&house, "admin").await;
    let last = entries(&admin, "?limit=1").await[0]["number"].as_u64().unwrap();
    attempt(&house, "waiter", "guess").await;
    let waiter = entrance(&house, "waiter").await;
    house
        .client(&waiter.token)
        .send(Method::POST, "/v1/sign-out", &[], String::new())
        .await;
    let spent = entrance(&house, "waiter").await;
    let refresh = json!({"refresh_token": spent.refresh_token});
    for _ in 0..2 {
        house.stranger().post("/v1/refresh", &refresh).await;
    }
    let hired = admin
        .post(STAFF, &json!({"name": "Jo", "roles": ["host"], "login": "jo"}))
        .await
        .json();
    let jo = format!("{STAFF}/{}", hired["staff_id"]);
    admin
        .put(&format!("{jo}/password"), &json!({"password": "correct horse"}))
        .await;
    admin.put(&format!("{jo}/pin"), &json!({"pin": "4711"})).await;
    admin.patch(&jo, &json!({"login": "jo2"})).await;
    attempt(&house, "jo2", "correct horse").await;
    admin.delete(&format!("{jo}/sign-ins")).await;
    admin
        .post("/v1/restaurants/1/tokens", &json!({"staff_id": 4}))
        .await;
    admin.patch(&jo, &json!({"active": false})).await;
    let key = admin
        .post(
            "/v1/restaurants/1/keys",
            &json!({"name": "kiosk", "role": "host"}),
        )
        .await
        .json();
    admin
        .delete(&format!("/v1/restaurants/1/keys/{}", key["key_id"]))
        .await;
    let device = admin
        .post("/v1/restaurants/1/devices", &json!({"name": "bar"}))
        .await
        .json();
    admin
        .delete(&format!("/v1/restaurants/1/devices/{}", device["device_id"]))
        .await;
    let operator = house.operator();
    operator.delete("/v1/restaurants/1").await;
    operator.post("/v1/restaurants/1/reopen", &json!({})).await;
    let listed = entries(&admin, "").await;
    let mut fresh: Vec<Value> = listed
        .into_iter()
        .filter(|it| it["number"].as_u64() > Some(last))
        .collect();
    let expected = [
        "restaurant_reopened",
        "restaurant_removed",
        "device_revoked",
        "device_enrolled",
        "key_revoked",
        "key_added",
        "staff_updated",
        "token_minted",
        "sign_in_ended",
        "signed_in",
        "account_changed",
        "pin_set",
        "password_set",
        "account_added",
        "staff_added",
        "refresh_reused",
        "signed_in",
        "signed_out",
        "signed_in",
        "sign_in_failed",
    ];
    assert_eq!(what(&fresh), expected);
    let failed = fresh.pop().unwrap();
    let expected = json!({"number": failed["number"], "at": "2026-11-20T19:30:00Z", "restaurant_id": 1, "what": "sign_in_failed",
        "by": {"surface": "v1"}, "facts": {"staff_id": 4, "how": "password", "device_id": null}, "address": "127.0.0.1"});
    assert_eq!(failed, expected);
    assert_eq!(fresh[5]["by"], json!({"staff_id": 1, "surface": "v1"}));
    assert_eq!(
        fresh[5]["facts"],
        json!({"key_id": key["key_id"], "name": "kiosk", "role": "host"})
    );
}

#[tokio::test]
async fn no_secret_and_no_word_that_somebody_typed_is_in_the_list() {
    let house = House::open_with(operated).await;
    let admin = signed_in(&house, "admin").await;
    let body = json!({"name": "Jo", "roles": ["host"], "login": "jo", "password": "correct horse", "pin": "47114711"});
    admin.post(STAFF, &body).await;
    let opened = Entrance::of(&attempt(&house, "jo", "correct horse").await);
    for typed in ["my-secret-typed-as-login", "jo"] {
        attempt(&house, typed, "my-secret-password").await;
    }
    let key = admin
        .post(
            "/v1/restaurants/1/keys",
            &json!({"name": "kiosk", "role": "host"}),
        )
        .await
        .json();
    let device = admin
        .post("/v1/restaurants/1/devices", &json!({"name": "bar"}))
        .await
        .json();
    let minted = admin
        .post("/v1/restaurants/1/tokens", &json!({"staff_id": 4}))
        .await
        .json();
    let text = house.operator().get("/v1/audit?limit=1000").await.text;
    assert!(text.contains("token_minted") && text.contains("sign_in_failed"));
    for secret in [
        "my-secret",
        "correct horse",
        "47114711",
        "argon2",
        &opened.token,
        &opened.refresh_token,
        &opened.cookie["maitred_session=".len()..],
        key["key"].as_str().unwrap(),
        device["token"].as_str().unwrap(),
        minted["token"].as_str().unwrap(),
        crate::house::OPERATOR_KEY,
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn the_list_is_read_page_by_page_without_a_gap() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    for number in 0..10 {
        let body = json!({"name": format!("key {number}"), "role": "host"});
        admin.post("/v1/restaurants/1/keys", &body).await;
    }
    let all = entries(&admin, "?limit=1000").await;
    let mut pages = Vec::new();
    let mut query = "?limit=7".to_owned();
    loop {
        let page = admin.get(&format!("/v1/audit{query}")).await.json();
        pages.extend(page["entries"].as_array().unwrap().clone());
        let Some(before) = page["next_before"].as_u64() else {
            break;
        };
        query = format!("?limit=7&before={before}");
    }
    assert_eq!(pages, all);
    assert!(
        all.windows(2)
            .all(|it| it[0]["number"].as_u64() > it[1]["number"].as_u64())
    );
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("before=-1", "before"),
    ] {
        let answer = no(&admin.get(&format!("/v1/audit?{query}")).await);
        assert!(answer.starts_with(&format!("400 bad_value {field}")), "{answer}");
    }
}

#[tokio::test]
async fn admins_read_of_their_own_house_and_nobody_else_reads_at_all() {
    let house = house_with_a_waiter_of_two().await;
    for login in [
        "manager", "host", "waiter", "cashier", "kitchen", "analyst", "manager2",
    ] {
        let answer = signed_in(&house, login).await.get("/v1/audit").await;
        assert_eq!(
            no(&answer),
            "403 not_allowed - | your role does not allow this",
            "{login}"
        );
    }
    let (one, two) = (signed_in(&house, "admin").await, signed_in(&house, "boss2").await);
    for (admin, own, other) in [(&one, 1, 2), (&two, 2, 1)] {
        let listed = entries(admin, "").await;
        assert!(!listed.is_empty() && listed.iter().all(|it| it["restaurant_id"] == own));
        assert_eq!(entries(admin, &format!("?restaurant={own}")).await, listed);
        assert_eq!(
            admin.get(&format!("/v1/audit?restaurant={other}")).await.status,
            404
        );
    }
    let all = entries(&house.operator(), "?limit=1000").await;
    let places: std::collections::BTreeSet<_> = all.iter().map(|it| it["restaurant_id"].as_u64()).collect();
    assert_eq!(places, [Some(1), Some(2)].into());
}

#[tokio::test]
async fn what_somebody_does_in_one_house_is_not_told_in_the_other() {
    let house = house_with_a_waiter_of_two().await;
    let (one, two) = (signed_in(&house, "admin").await, signed_in(&house, "boss2").await);
    let device = one
        .post("/v1/restaurants/1/devices", &json!({"name": "bar"}))
        .await
        .json();
    let device = device["token"].as_str().unwrap();
    let before = entries(&two, "").await;
    for pin in ["0000", "1004"] {
        let body = json!({"staff_id": 4, "pin": pin}).to_string();
        let headers = [("x-device", device)];
        let answer = house
            .stranger()
            .send(Method::POST, "/v1/sign-in/pin", &headers, body)
            .await;
        if answer.status == 200 {
            let client = house.client(&Entrance::of(&answer).token);
            client
                .send(Method::POST, "/v1/sign-out", &[], String::new())
                .await;
        }
    }
    assert_eq!(entries(&two, "").await, before);
    let told = entries(&one, "").await;
    assert_eq!(what(&told[..3]), ["signed_out", "signed_in", "sign_in_failed"]);
    // A house that somebody has left is not told any more.
    two.patch("/v1/restaurants/2/staff/4", &json!({"active": false}))
        .await;
    let before = entries(&two, "").await;
    attempt(&house, "waiter", "maitred-demo").await;
    assert_eq!(entries(&two, "").await, before);
}

#[tokio::test]
async fn right_passwords_of_people_who_left_are_listed_as_failures() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    admin
        .patch(&format!("{STAFF}/3"), &json!({"active": false}))
        .await;
    assert_eq!(attempt(&house, "host", "maitred-demo").await.status, 401);
    let latest = entries(&admin, "?limit=1").await;
    assert_eq!(
        (what(&latest), &latest[0]["facts"]["staff_id"]),
        (vec!["sign_in_disabled"], &json!(3))
    );
}

#[tokio::test]
async fn a_flood_of_failures_is_listed_in_part_and_counted_in_whole() {
    let house = House::open_with(operated).await;
    for _ in 0..100 {
        attempt(&house, "nobody", "guess").await;
    }
    let operator = house.operator();
    assert_eq!(
        entries(&operator, "?limit=1000")
            .await
            .iter()
            .filter(|it| is_failure(it))
            .count(),
        60
    );
    house.later(SignedDuration::from_mins(1));
    attempt(&house, "nobody", "guess").await;
    let listed = entries(&operator, "?limit=1000").await;
    assert_eq!(listed.iter().filter(|it| is_failure(it)).count(), 61);
    let counted = listed
        .iter()
        .find(|it| it["what"] == "sign_ins_failed_unlisted")
        .unwrap();
    assert_eq!(counted["facts"], json!({"count": 40}));
}

fn is_failure(entry: &Value) -> bool {
    ["sign_in_failed", "sign_in_delayed"]
        .iter()
        .any(|it| entry["what"] == *it)
}
