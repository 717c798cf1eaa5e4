//! API keys of machines.

use crate::house::House;
use crate::probe::{FLOOR, no, signed_in};
use crate::work::until;
use floor::RestaurantId;
use futures_util::FutureExt;
use jiff::SignedDuration;
use maitred::identity::{Staff, Way};
use serde_json::{Value, json};

const KEYS: &str = "/v1/restaurants/1/keys";

async fn make(house: &House, body: &Value) -> Value {
    let made = signed_in(house, "admin").await.post(KEYS, body).await;
    assert_eq!(made.status, 200, "{made:?}");
    made.json()
}

#[tokio::test]
async fn a_key_is_shown_when_it_is_made_and_never_again() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let answer = admin.post(KEYS, &json!({"name": "kiosk", "role": "host"})).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    let mut made = answer.json();
    let key = made.as_object_mut().unwrap().remove("key").unwrap();
    let key = key.as_str().unwrap();
    assert!(key.starts_with("mk_") && key.len() >= 48, "{key}");
    let listed = admin.get(KEYS).await;
    assert!(!listed.text.contains(key));
    let listed = listed.json();
    let mut names: Vec<_> = listed["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["name"])
        .collect();
    assert_eq!(names.pop(), Some(&json!("kiosk")));
    assert_eq!(listed["keys"].as_array().unwrap().last(), Some(&made));
    let expected = json!({"key_id": made["key_id"], "name": "kiosk", "role": "host",
        "created_at": "2026-11-20T19:30:00Z", "expires_at": null, "revoked_at": null});
    assert_eq!(made, expected);
}

#[tokio::test]
async fn a_key_may_do_what_its_role_may_and_is_called_by_its_name() {
    let house = House::open().await;
    for role in [
        "admin", "manager", "host", "waiter", "cashier", "kitchen", "analyst",
    ] {
        let made = make(&house, &json!({"name": role, "role": role})).await;
        let client = house.client(made["key"].as_str().unwrap());
        let me = client.get("/v1/me").await.json();
        assert_eq!(
            me["staff"],
            json!({"staff_id": null, "name": role, "roles": [role]})
        );
        assert_eq!(client.get(FLOOR).await.status, 200);
        assert_eq!(client.get("/v1/restaurants/2/floor").await.status, 404);
        let is_admin = role == "admin";
        assert_eq!(client.get(KEYS).await.status == 200, is_admin, "{role}");
        let command = json!({"command": "set_table_state", "table_id": 3, "state": "dirty"});
        let asked = client.command(command).await;
        let may = ["admin", "manager", "host", "waiter"].contains(&role);
        assert_eq!(asked.status == 200, may, "{role}: {asked:?}");
    }
    let changes = house
        .manager()
        .get("/v1/restaurants/1/changes?limit=1000")
        .await
        .json();
    let last = changes["changes"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["by"], json!({"key": "waiter", "surface": "v1"}));
}

#[tokio::test]
async fn a_key_runs_out_when_it_was_said_to() {
    let house = House::open().await;
    let body = json!({"name": "kiosk", "role": "host", "expires_at": "2026-11-20T20:30:00Z"});
    let made = make(&house, &body).await;
    let client = house.client(made["key"].as_str().unwrap());
    house.later(SignedDuration::from_secs(3_599));
    assert_eq!(client.get(FLOOR).await.status, 200);
    house.later(SignedDuration::from_hours(1));
    let answer = client.get(FLOOR).await;
    assert_eq!(
        no(&answer),
        "401 credential_expired - | this credential has run out"
    );
    let admin = signed_in(&house, "admin").await;
    let late = json!({"name": "late", "role": "host", "expires_at": "2026-11-20T20:30:00Z"});
    let answer = admin.post(KEYS, &late).await;
    assert_eq!(
        no(&answer),
        "400 bad_value expires_at | expires_at must be in the future"
    );
}

#[tokio::test]
async fn a_key_that_is_taken_back_is_worth_nothing_and_stays_in_the_list() {
    let house = House::open().await;
    let made = make(&house, &json!({"name": "kiosk", "role": "host"})).await;
    let client = house.client(made["key"].as_str().unwrap());
    let place = format!("{KEYS}/{}", made["key_id"]);
    let admin = signed_in(&house, "admin").await;
    assert_eq!(admin.delete(&place).await.status, 204);
    let answer = client.get(FLOOR).await;
    assert_eq!(no(&answer), "401 bad_credential - | this credential is not valid");
    let listed = admin.get(KEYS).await.json();
    let revoked = listed["keys"].as_array().unwrap().last().unwrap();
    assert_eq!(revoked["revoked_at"], "2026-11-20T19:30:00Z");
    assert_eq!(admin.delete(&place).await.status, 204, "once more does no harm");
    // Its name is free again.
    make(&house, &json!({"name": "kiosk", "role": "host"})).await;
    let theirs = "/v1/restaurants/1/keys/987654";
    assert_eq!(
        no(&admin.delete(theirs).await),
        "404 unknown_key - | there is none with this id here"
    );
}

#[tokio::test]
async fn a_key_is_taken_back_though_nobody_waits_for_the_answer() {
    let house = House::open().await;
    let made = make(&house, &json!({"name": "kiosk", "role": "host"})).await;
    let client = house.client(made["key"].as_str().unwrap());
    assert_eq!(client.get(FLOOR).await.status, 200);
    // Whoever asked for it hangs up while it is being written down.
    let operator = Staff::operator(Way::Control);
    let key_id = made["key_id"].as_u64().unwrap();
    let taking_back = house.identity.revoke_key(&operator, RestaurantId(1), key_id);
    assert!(taking_back.now_or_never().is_none());
    until(async || client.get(FLOOR).await.status == 401).await;
}

#[tokio::test]
async fn a_key_of_another_house_is_unknown_here() {
    let house = House::open().await;
    let listed = signed_in(&house, "admin").await.get(KEYS).await.json();
    let own = listed["keys"][0]["key_id"].as_u64().unwrap();
    assert_eq!(listed["keys"].as_array().unwrap().len(), 1);
    let answer = signed_in(&house, "admin")
        .await
        .delete(&format!("{KEYS}/{}", own + 1))
        .await;
    assert_eq!(no(&answer), "404 unknown_key - | there is none with this id here");
    assert_eq!(
        house
            .client("demo-key-restaurant-2")
            .get("/v1/restaurants/2/floor")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_key_has_a_name_of_its_own() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let long = "k".repeat(61);
    for name in ["", "  ", "operator", "OPERATOR", "a\nb", &long] {
        let answer = admin.post(KEYS, &json!({"name": name, "role": "host"})).await;
        let said = "400 bad_value name | name must have 1 to 60 characters and must not be `operator`";
        assert_eq!(no(&answer), said, "{name:?}");
    }
    make(&house, &json!({"name": "kiosk", "role": "host"})).await;
    let answer = admin
        .post(KEYS, &json!({"name": "Kiosk", "role": "waiter"}))
        .await;
    assert_eq!(
        no(&answer),
        "409 name_in_use name | another one of this restaurant has this name"
    );
}

#[tokio::test]
async fn keys_are_made_by_admins_of_the_house_alone() {
    let house = House::open().await;
    let body = json!({"name": "kiosk", "role": "host"});
    for login in ["manager", "host", "waiter", "cashier", "kitchen", "analyst"] {
        let answer = signed_in(&house, login).await.post(KEYS, &body).await;
        assert_eq!(no(&answer), "403 not_allowed - | your role does not allow this");
    }
    let admin = signed_in(&house, "admin").await;
    assert_eq!(admin.post("/v1/restaurants/2/keys", &body).await.status, 404);
}

#[tokio::test]
async fn keys_and_what_became_of_them_outlive_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_at(folder.path(), 0).await;
    let stays = make(&house, &json!({"name": "kiosk", "role": "host"})).await;
    let gone = make(&house, &json!({"name": "printer", "role": "kitchen"})).await;
    let admin = signed_in(&house, "admin").await;
    admin.delete(&format!("{KEYS}/{}", gone["key_id"])).await;
    house.stop().await;
    let house = House::open_at(folder.path(), 0).await;
    assert_eq!(
        house
            .client(stays["key"].as_str().unwrap())
            .get(FLOOR)
            .await
            .status,
        200
    );
    assert_eq!(
        house
            .client(gone["key"].as_str().unwrap())
            .get(FLOOR)
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn a_house_has_two_hundred_good_keys_at_the_most() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    for number in 1..200 {
        let body = json!({"name": format!("key {number}"), "role": "host"});
        assert_eq!(admin.post(KEYS, &body).await.status, 200, "{number}");
    }
    let answer = admin
        .post(KEYS, &json!({"name": "one more", "role": "host"}))
        .await;
    assert_eq!(
        no(&answer),
        "409 too_many_keys - | a restaurant may have 200 of these"
    );
}
