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
        .filter(|it| it.is_file())
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
async fn what_is_kept_for_screens_that_resume_is_forgotten_too() {
    let house = House::open().await;
    let manager = house.manager();
    let (guest_id, added) = add_canary(&manager).await;
    manager
        .accepted(json!({"command": "erase_guest", "guest_id": guest_id}))
        .await;
    let mut resuming = house.screen_from(&format!("?after={}", added - 1)).await;
    assert_eq!(resuming.next().await["type"], "resumed");
    let change = resuming.next().await;
    assert_eq!(
        (&change["seq"], &change["guests"][0]["name"]),
        (&json!(added), &Value::Null)
    );
}

#[tokio::test]
async fn a_refused_erasure_erases_nothing() {
    let house = House::open().await;
    let manager = house.manager();
    let (guest_id, added) = add_canary(&manager).await;
    let erase = json!({"command": "erase_guest", "guest_id": guest_id});
    let batch = json!({"command": "batch", "commands": [erase, {"command": "close_turn", "turn_id": 9999}]});
    assert_eq!(manager.command(batch).await.json()["code"], "unknown_turn");
    manager
        .keyed("used", &json!({"command": "add_party", "covers": 2}))
        .await;
    assert_eq!(manager.keyed("used", &erase).await.json()["code"], "key_reused");
    let past = manager
        .get(&format!("/v1/restaurants/1/floor?at_seq={added}"))
        .await;
    assert_eq!(past.json()["guests"][0]["name"], NAME);
}

#[tokio::test]
async fn in_one_change_the_last_word_about_a_guest_counts() {
    let house = House::open().await;
    let manager = house.manager();
    let (guest_id, added) = add_canary(&manager).await;
    let rename = json!({"command": "update_party", "party_id": 1, "name": "Canary Again"});
    let erase = json!({"command": "erase_guest", "guest_id": guest_id});
    manager
        .accepted(json!({"command": "batch", "commands": [rename, erase]}))
        .await;
    assert!(!holds(house.data(), "Canary"), "no file holds either name");
    let past = format!("/v1/restaurants/1/floor?at_seq={added}");
    for path in ["/v1/restaurants/1/floor", &past] {
        assert_eq!(manager.get(path).await.json()["guests"][0]["name"], Value::Null);
    }
    manager
        .accepted(json!({"command": "batch", "commands": [erase, rename]}))
        .await;
    assert_eq!(manager.floor().await["guests"][0]["name"], "Canary Again");
}

#[tokio::test]
async fn a_reader_of_the_journal_holds_up_the_erasure_alone() {
    let house = House::open().await;
    let manager = house.manager();
    let (guest_id, _) = add_canary(&manager).await;
    let file = std::fs::read_dir(house.data())
        .unwrap()
        .map(|it| it.unwrap().path());
    let file = file
        .into_iter()
        .find(|it| it.extension().is_some_and(|it| it == "db"))
        .unwrap();
    let reader = rusqlite::Connection::open(file).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM changes;")
        .unwrap();
    let erase = json!({"command": "erase_guest", "guest_id": guest_id});
    let other = json!({"command": "set_table_state", "table_id": 3, "state": "dirty"});
    let (erased, written) = tokio::join!(manager.command(erase.clone()), manager.command(other));
    assert_eq!(written.status, StatusCode::OK);
    assert_eq!(
        (erased.status, erased.json()["code"].clone()),
        (StatusCode::SERVICE_UNAVAILABLE, json!("traces_left"))
    );
    assert_eq!(manager.floor().await["guests"][0]["name"], Value::Null);
    reader.execute_batch("COMMIT").unwrap();
    manager.accepted(erase).await;
    assert!(!holds(house.data(), "Canary"));
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
