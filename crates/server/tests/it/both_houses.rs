//! Somebody who works in two restaurants, and tokens made for somebody else.

use crate::house::House;
use crate::people::{attempt, house_with_a_waiter_of_two};
use crate::probe::{FLOOR, entrance, no, sign_in, signed_in};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn somebody_who_works_in_two_houses_is_in_each_what_they_are_there() {
    let house = house_with_a_waiter_of_two().await;
    let token = sign_in(&house, "waiter").await;
    let client = house.client(&token);
    let me = client.get("/v1/me").await.json();
    assert_eq!(me["staff"]["roles"], json!(["host", "waiter", "cashier"]));
    let roles: Vec<_> = me["restaurants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["roles"])
        .collect();
    assert_eq!(roles, [&json!(["waiter"]), &json!(["host", "cashier"])]);
    for restaurant in [1, 2] {
        let floor = client.get(&format!("/v1/restaurants/{restaurant}/floor")).await;
        assert_eq!(floor.status, 200);
    }
    // One house goes on where the other ends.
    let boss = signed_in(&house, "boss2").await;
    let answer = boss
        .patch("/v1/restaurants/2/staff/4", &json!({"active": false}))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(client.get("/v1/restaurants/2/floor").await.status, 404);
    assert_eq!(client.get(FLOOR).await.status, 200);
}

#[tokio::test]
async fn an_admin_of_one_house_keeps_off_how_somebody_signs_in_who_works_in_two() {
    let house = house_with_a_waiter_of_two().await;
    let before = entrance(&house, "waiter").await;
    let elsewhere =
        "403 works_elsewhere - | this person works in another restaurant too: the operator has to do this";
    for (login, number) in [("admin", 1), ("boss2", 2)] {
        let admin = signed_in(&house, login).await;
        let place = format!("/v1/restaurants/{number}/staff/4");
        let password = json!({"password": "correct horse"});
        for answer in [
            admin.put(&format!("{place}/password"), &password).await,
            admin.put(&format!("{place}/pin"), &json!({"pin": "4711"})).await,
            admin.patch(&place, &json!({"login": "mine"})).await,
            admin.patch(&place, &json!({"email": null})).await,
            admin.delete(&format!("{place}/sign-ins")).await,
        ] {
            assert_eq!(no(&answer), elsewhere, "{login}");
        }
    }
    assert_eq!(before.statuses(&house).await, [200, 200]);
    let operator = house.operator();
    let password = json!({"password": "correct horse"});
    let answer = operator
        .put("/v1/restaurants/2/staff/4/password", &password)
        .await;
    assert_eq!(answer.status, 204);
    assert_eq!(before.statuses(&house).await, [401, 401]);
    assert_eq!(attempt(&house, "waiter", "correct horse").await.status, 200);
    let admission = json!({"staff_id": 9, "name": "guest", "roles": ["host"], "login": "other"});
    let answer = operator.post("/v1/restaurants/1/staff", &admission).await;
    assert_eq!(no(&answer), "409 has_login - | this person has a login already");
}

#[tokio::test]
async fn a_token_made_for_somebody_is_good_here_and_for_a_while() {
    let house = house_with_a_waiter_of_two().await;
    let admin = signed_in(&house, "admin").await;
    let own = entrance(&house, "waiter").await;
    let made = admin
        .post(
            "/v1/restaurants/1/tokens",
            &json!({"staff_id": 4, "seconds": 600}),
        )
        .await;
    assert_eq!(made.headers["cache-control"], "no-store");
    assert!(made.headers.get("set-cookie").is_none());
    let made = made.json();
    assert_eq!(made["expires_at"], "2026-11-20T19:40:00Z");
    assert!(made["refresh_token"].is_null() && made["refresh_expires_at"].is_null());
    assert_eq!(made["staff"]["roles"], json!(["waiter"]));
    let client = house.client(made["token"].as_str().unwrap());
    assert_eq!(client.get(FLOOR).await.status, 200);
    assert_eq!(client.get("/v1/restaurants/2/floor").await.status, 404);
    // Whoever made it learns and ends nothing with it of what is not theirs.
    let seen = client.get("/v1/me/sign-ins").await.json();
    let seen = seen["sign_ins"].as_array().unwrap();
    assert_eq!((seen.len(), &seen[0]["how"]), (1, &json!("minted")));
    assert_eq!(
        client.delete(&format!("/v1/me/sign-ins/{}", own.id)).await.status,
        404
    );
    assert_eq!(own.statuses(&house).await, [200, 200]);
    house.later(SignedDuration::from_secs(599));
    assert_eq!(client.get(FLOOR).await.status, 200);
    house.later(SignedDuration::from_secs(600));
    assert_eq!(
        no(&client.get(FLOOR).await),
        "401 credential_expired - | this credential has run out"
    );
}

#[tokio::test]
async fn a_token_is_made_for_people_of_the_house_who_can_sign_in() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let ask = async |body| no(&admin.post("/v1/restaurants/1/tokens", &body).await);
    assert_eq!(
        ask(json!({"staff_id": 9})).await,
        "404 unknown_staff - | nobody with this id works here"
    );
    let seconds = "400 bad_value seconds | seconds must be 1 to 31622400";
    assert_eq!(ask(json!({"staff_id": 4, "seconds": 0})).await, seconds);
    assert_eq!(ask(json!({"staff_id": 4, "seconds": 31_622_401})).await, seconds);
    let jo = json!({"name": "Jo", "roles": ["host"]});
    let hired = admin.post("/v1/restaurants/1/staff", &jo).await.json();
    let without = ask(json!({"staff_id": hired["staff_id"]})).await;
    assert_eq!(without, "409 no_login - | this person has no login yet");
}
