//! Tablets of the house, on which four digits are enough.

use crate::client::{Answer, Client};
use crate::house::{House, operated};
use crate::probe::{Entrance, FLOOR, STAFF, heard, no, shake, signed_in};
use hyper::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

const DEVICES: &str = "/v1/restaurants/1/devices";
const WRONG: &str = "401 bad_credentials - | this name and password do not match";

/// Enrols a tablet in restaurant 1. Answers its token and its place among the devices.
async fn enrolled(house: &House, name: &str) -> (String, String) {
    let made = signed_in(house, "manager")
        .await
        .post(DEVICES, &json!({"name": name}))
        .await;
    assert_eq!(made.status, 200, "{made:?}");
    let made = made.json();
    let place = format!("{DEVICES}/{}", made["device_id"]);
    (made["token"].as_str().unwrap().to_owned(), place)
}

async fn knock(client: &Client, device: &str, staff_id: u64, pin: &str) -> Answer {
    let body = json!({"staff_id": staff_id, "pin": pin}).to_string();
    client
        .send(Method::POST, "/v1/sign-in/pin", &[("x-device", device)], body)
        .await
}

async fn welcome(house: &House, headers: &[(&str, &str)]) -> Value {
    let stranger = house.stranger();
    let answer = stranger.send(Method::GET, "/v1/welcome", headers, String::new());
    answer.await.json()["device"].clone()
}

#[tokio::test]
async fn a_manager_makes_a_browser_or_another_client_a_device_of_the_house() {
    let house = House::open().await;
    for login in ["host", "waiter", "cashier", "kitchen", "analyst"] {
        let answer = signed_in(&house, login)
            .await
            .post(DEVICES, &json!({"name": "bar"}))
            .await;
        assert_eq!(no(&answer), "403 not_allowed - | your role does not allow this");
    }
    let manager = signed_in(&house, "manager").await;
    let made = manager.post(DEVICES, &json!({"name": "bar"})).await;
    assert_eq!(made.headers["cache-control"], "no-store");
    let cookie = made.headers["set-cookie"].to_str().unwrap().to_owned();
    let made = made.json();
    let token = made["token"].as_str().unwrap();
    let expected = format!("maitred_device={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=34560000");
    assert_eq!(cookie, expected);
    let listed = manager.get(DEVICES).await;
    assert!(!listed.text.contains(token));
    assert_eq!(listed.json()["devices"][0]["name"], "bar");
    let staff: Vec<Value> = [
        "admin", "manager", "host", "waiter", "waiter2", "cashier", "kitchen", "analyst",
    ]
    .iter()
    .zip(1..)
    .map(|(name, staff_id)| json!({"staff_id": staff_id, "name": name}))
    .collect();
    let device = json!({"device_id": made["device_id"], "name": "bar", "staff": staff,
        "restaurant": {"id": 1, "slug": "test-restaurant-1", "name": "Harbour House"}});
    for header in [("x-device", token), ("cookie", cookie.split(';').next().unwrap())] {
        assert_eq!(welcome(&house, &[header]).await, device);
    }
    for header in [("x-device", "md_guessed"), ("cookie", "maitred_device=")] {
        assert_eq!(welcome(&house, &[header]).await, Value::Null);
    }
}

#[tokio::test]
async fn a_pin_is_enough_on_a_device_of_the_house_and_nowhere_else() {
    let house = House::open().await;
    let (device, _) = enrolled(&house, "bar").await;
    let stranger = house.stranger();
    let answer = knock(&stranger, &device, 4, "1004").await;
    assert_eq!(answer.json()["refresh_expires_at"], "2026-11-21T07:30:00Z");
    let entered = Entrance::of(&answer);
    assert_eq!(entered.statuses(&house).await, [200, 200]);
    let body = json!({"staff_id": 4, "pin": "1004"}).to_string();
    for headers in [
        vec![],
        vec![("x-device", "md_guessed")],
        vec![("x-device", entered.token.as_str())],
    ] {
        let answer = stranger
            .send(Method::POST, "/v1/sign-in/pin", &headers, body.clone())
            .await;
        let said = "403 device_not_enrolled - | this device is not enrolled: a manager has to enrol it before a PIN is enough";
        assert_eq!(no(&answer), said);
    }
    // A PIN is no password.
    let body = json!({"login": "waiter", "password": "1004"});
    assert_eq!(stranger.post("/v1/sign-in", &body).await.status, 401);
}

#[tokio::test]
async fn a_sign_in_by_pin_ends_after_twelve_hours_without_use() {
    let house = House::open().await;
    let (device, _) = enrolled(&house, "bar").await;
    let entered = Entrance::of(&knock(&house.stranger(), &device, 4, "1004").await);
    let hours = SignedDuration::from_hours;
    house.later(hours(11));
    assert_eq!(entered.statuses(&house).await, [401, 200]);
    let body = json!({"refresh_token": entered.refresh_token});
    let fresh = house.stranger().post("/v1/refresh", &body).await.json();
    assert_eq!(fresh["refresh_expires_at"], "2026-11-21T18:30:00Z");
    house.later(hours(23) - SignedDuration::from_secs(1));
    assert_eq!(entered.statuses(&house).await, [401, 200]);
    house.later(hours(35));
    assert_eq!(entered.statuses(&house).await, [401, 401]);
}

#[tokio::test]
async fn a_sign_in_by_pin_is_good_in_the_house_of_the_device_only() {
    let house = House::open_with(operated).await;
    let admission = json!({"staff_id": 4, "name": "waiter", "roles": ["admin"]});
    let answer = house.operator().post("/v1/restaurants/2/staff", &admission).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let (device, _) = enrolled(&house, "bar").await;
    let answer = knock(&house.stranger(), &device, 4, "1004").await;
    let me = answer.json();
    assert_eq!(me["restaurants"].as_array().unwrap().len(), 1);
    assert_eq!(
        me["staff"]["roles"],
        json!(["waiter"]),
        "what they are elsewhere does not count here"
    );
    let client = house.client(&Entrance::of(&answer).token);
    assert_eq!(client.get(FLOOR).await.status, 200);
    assert_eq!(client.get("/v1/restaurants/2/floor").await.status, 404);
    assert_eq!(client.get("/v1/audit").await.status, 403);
}

#[tokio::test]
async fn nobody_of_another_house_signs_in_on_a_device_of_this_one() {
    let house = House::open_with(operated).await;
    let set = json!({"pin": "9009"});
    assert_eq!(
        house
            .operator()
            .put("/v1/restaurants/2/staff/9/pin", &set)
            .await
            .status,
        204
    );
    let (device, _) = enrolled(&house, "bar").await;
    for (staff_id, pin) in [(9, "9009"), (77, "1077")] {
        assert_eq!(no(&knock(&house.stranger(), &device, staff_id, pin).await), WRONG);
    }
}

#[tokio::test]
async fn wrong_pins_keep_only_that_person_on_that_device_waiting() {
    let house = House::open().await;
    let (bar, _) = enrolled(&house, "bar").await;
    let (door, _) = enrolled(&house, "door").await;
    let stranger = house.stranger();
    for _ in 0..5 {
        assert_eq!(no(&knock(&stranger, &bar, 4, "0000").await), WRONG);
    }
    let answer = knock(&stranger, &bar, 4, "1004").await;
    assert_eq!(
        no(&answer),
        "429 too_many_sign_ins - | too many sign-ins failed: try again in 10 s"
    );
    assert_eq!(answer.headers["retry-after"], "10");
    assert_eq!(knock(&stranger, &bar, 3, "1003").await.status, 200);
    assert_eq!(knock(&stranger, &door, 4, "1004").await.status, 200);
    house.later(SignedDuration::from_secs(10));
    assert_eq!(knock(&stranger, &bar, 4, "1004").await.status, 200);
}

#[tokio::test]
async fn a_device_that_is_taken_out_takes_its_sign_ins_with_it() {
    let house = House::open().await;
    let (device, place) = enrolled(&house, "bar").await;
    let (other, _) = enrolled(&house, "door").await;
    let gone = Entrance::of(&knock(&house.stranger(), &device, 4, "1004").await);
    let stays = Entrance::of(&knock(&house.stranger(), &other, 4, "1004").await);
    let bearer = format!("Bearer {}", gone.token);
    let mut screen = shake(&house, "1", &[("authorization", &bearer)]).await.unwrap();
    assert_eq!(heard(&mut screen).await.unwrap()["type"], "snapshot");
    let manager = signed_in(&house, "manager").await;
    assert_eq!(
        signed_in(&house, "manager2").await.delete(&place).await.status,
        404
    );
    assert_eq!(manager.delete(&place).await.status, 204);
    assert_eq!(heard(&mut screen).await, Err(4100));
    assert_eq!(gone.statuses(&house).await, [401, 401]);
    assert_eq!(stays.statuses(&house).await, [200, 200]);
    assert_eq!(knock(&house.stranger(), &device, 4, "1004").await.status, 403);
    assert_eq!(welcome(&house, &[("x-device", &device)]).await, Value::Null);
    assert_eq!(
        no(&manager.delete(&place).await),
        "404 unknown_key - | there is none with this id here"
    );
}

#[tokio::test]
async fn devices_are_known_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_at(folder.path(), 0).await;
    let (stays, _) = enrolled(&house, "bar").await;
    let (gone, place) = enrolled(&house, "door").await;
    signed_in(&house, "manager").await.delete(&place).await;
    house.stop().await;
    let house = House::open_at(folder.path(), 0).await;
    assert_eq!(knock(&house.stranger(), &stays, 4, "1004").await.status, 200);
    assert_eq!(knock(&house.stranger(), &gone, 4, "1004").await.status, 403);
}

#[tokio::test]
async fn a_pin_has_four_to_eight_digits() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let (device, _) = enrolled(&house, "bar").await;
    for pin in ["", "123", "123456789", "12a4", "12 4", "１２３４", "-123", "12.4"] {
        let answer = admin.put(&format!("{STAFF}/4/pin"), &json!({"pin": pin})).await;
        assert_eq!(
            no(&answer),
            "400 bad_value pin | pin must have 4 to 8 digits",
            "{pin}"
        );
    }
    for pin in ["0000", "12345678"] {
        let answer = admin.put(&format!("{STAFF}/4/pin"), &json!({"pin": pin})).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        assert_eq!(knock(&house.stranger(), &device, 4, pin).await.status, 200);
    }
    assert_eq!(knock(&house.stranger(), &device, 4, "1004").await.status, 401);
}

#[tokio::test]
async fn people_set_their_own_pin_with_their_password() {
    let house = House::open().await;
    let (device, _) = enrolled(&house, "bar").await;
    let waiter = signed_in(&house, "waiter").await;
    let own = |password: &str| json!({"password": password, "pin": "4711"});
    let answer = waiter.put("/v1/me/pin", &own("guess")).await;
    assert_eq!(no(&answer), "403 wrong_password password | password is not right");
    assert_eq!(waiter.put("/v1/me/pin", &own("maitred-demo")).await.status, 204);
    assert_eq!(knock(&house.stranger(), &device, 4, "1004").await.status, 401);
    assert_eq!(knock(&house.stranger(), &device, 4, "4711").await.status, 200);
}

#[tokio::test]
async fn four_digits_are_enough_for_the_floor_and_not_for_the_office() {
    let house = House::open().await;
    let (device, _) = enrolled(&house, "bar").await;
    let admin = knock(&house.stranger(), &device, 1, "1001").await;
    let roles = &admin.json()["restaurants"][0]["roles"];
    assert_eq!(*roles, json!(["manager"]));
    let client = house.client(&Entrance::of(&admin).token);
    assert_eq!(client.get(FLOOR).await.status, 200);
    for place in ["staff", "keys"] {
        let answer = client.get(&format!("/v1/restaurants/1/{place}")).await;
        assert_eq!(no(&answer), "403 not_allowed - | your role does not allow this");
    }
}

#[tokio::test]
async fn a_house_enrols_so_many_devices_within_an_hour() {
    let house = House::open().await;
    let enrol = async |n: u32| {
        let path = "/v1/restaurants/1/devices";
        house
            .manager()
            .post(path, &json!({"name": format!("tablet {n}")}))
            .await
    };
    for n in 0..30 {
        assert_eq!(enrol(n).await.status, 200);
    }
    let answer = enrol(30).await;
    assert_eq!(
        no(&answer),
        "429 too_many_devices - | a restaurant may enrol 30 devices within an hour"
    );
    assert_eq!(answer.headers["retry-after"], "3600");
    house.later(SignedDuration::from_hours(1));
    assert_eq!(enrol(31).await.status, 200);
}
