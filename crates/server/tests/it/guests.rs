//! Forgettable guests (P11).

use crate::client::Client;
use crate::house::House;
use hyper::StatusCode;
use serde_json::{Value, json};
use std::path::Path;

const NAME: &str = "Wilhelmina Canary";
const PHONE: &str = "+1 212 555 0147";

async fn add_canary(manager: &Client) -> (u64, u64) {
    let command =
        json!({"command": "add_party", "covers": 2, "name": NAME, "phone": PHONE, "notes": "Canary wine"});
    let added = manager.accepted(command).await;
    (
        added["events"][0]["guest_id"].as_u64().unwrap(),
        added["seq"].as_u64().unwrap(),
    )
}

/// Whether any file below `folder` holds `text`.
fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .any(|path| {
            let bytes = std::fs::read(&path).unwrap();
            bytes.windows(text.len()).any(|it| it == text.as_bytes())
        })
}

#[tokio::test]
async fn a_forgotten_guest_is_in_no_snapshot_replay_event_stream_or_file() {
    let house = House::open().await;
    let manager = house.manager();
    let mut watching = house.screen().await;
    watching.next().await;
    let (guest_id, added) = add_canary(&manager).await;
    assert_eq!(watching.next().await["guests"][0]["name"], NAME);
    assert!(
        holds(house.data(), "Canary"),
        "the guest book holds the name until then"
    );

    manager
        .accepted(json!({"command": "erase_guest", "guest_id": guest_id}))
        .await;

    let told = watching.next().await;
    assert_eq!(
        told["events"],
        json!([{"event": "guest_erased", "guest_id": guest_id}])
    );
    assert_eq!(
        told["guests"],
        json!([{"guest_id": guest_id, "name": null, "phone": null, "notes": null}])
    );
    let mut resuming = house.screen_from(&format!("?after={}", added - 1)).await;
    let mut heard = Vec::new();
    for _ in 0..3 {
        heard.push(resuming.next().await.to_string());
    }
    heard.push(house.screen().await.next().await.to_string());
    let path = "/v1/restaurants/test-restaurant-1";
    heard.push(manager.get(&format!("{path}/floor")).await.text);
    heard.push(manager.get(&format!("{path}/floor?at_seq={added}")).await.text);
    heard.push(manager.get(&format!("{path}/changes")).await.text);
    heard.push(manager.get("/metrics").await.text);
    for text in heard {
        assert!(!text.contains("Canary") && !text.contains(PHONE), "{text}");
    }
    assert!(!holds(house.data(), "Canary"), "no file holds the name");
    assert!(!holds(house.data(), PHONE), "no file holds the number");
}

#[tokio::test]
async fn who_falls_behind_when_a_guest_is_forgotten_starts_again_without_the_name() {
    let house = House::open().await;
    let manager = house.manager();
    let path = "/v1/restaurants/test-restaurant-1/changes?after=3";
    let (guest_id, _) = add_canary(&manager).await;
    manager
        .accepted(json!({"command": "erase_guest", "guest_id": guest_id}))
        .await;
    let page: Value = manager.get(path).await.json();
    assert_eq!(page["changes"].as_array().unwrap().len(), 2);
    assert_eq!(page["changes"][0]["guests"][0]["name"], Value::Null);
}

#[tokio::test]
async fn only_a_guest_of_the_house_can_be_forgotten_and_only_by_its_managers() {
    let house = House::open().await;
    let answer = house
        .manager()
        .command(json!({"command": "erase_guest", "guest_id": 99}))
        .await;
    assert_eq!(
        (answer.status, answer.json()["code"].clone()),
        (StatusCode::NOT_FOUND, json!("unknown_guest"))
    );
    let (guest_id, _) = add_canary(&house.manager()).await;
    let sign_in = json!({"login": "waiter", "password": "maitred-demo"});
    let token = Client::new(house.address, None)
        .post("/v1/sign-in", &sign_in)
        .await
        .json();
    let waiter = house.client(token["token"].as_str().unwrap());
    let answer = waiter
        .command(json!({"command": "erase_guest", "guest_id": guest_id}))
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let other = house.client("demo-key-restaurant-2");
    let path = "/v1/restaurants/bistro-2/commands";
    let answer = other
        .post(path, &json!({"command": "erase_guest", "guest_id": guest_id}))
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
