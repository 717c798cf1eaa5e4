//! The stream: snapshot, changes, resume, commands, goodbyes.

use crate::house::House;
use floor::{Event, Floor};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The floor that a screen has after `frames`, which begin with a snapshot.
pub fn fold(frames: &[Value]) -> (u64, Floor) {
    let mut seq = frames[0]["seq"].as_u64().unwrap();
    let mut floor: Floor = serde_json::from_value(frames[0]["floor"].clone()).unwrap();
    for frame in frames.iter().filter(|it| it["type"] == "change") {
        let next = frame["seq"].as_u64().unwrap();
        assert_eq!(next, seq + 1, "no change is missing and none comes twice");
        let at: Timestamp = serde_json::from_value(frame["at"].clone()).unwrap();
        let events: Vec<Event> = serde_json::from_value(frame["events"].clone()).unwrap();
        for event in &events {
            floor.apply(event, at);
        }
        seq = next;
    }
    (seq, floor)
}

#[tokio::test]
async fn a_screen_sees_the_floor_and_then_each_change() {
    let house = House::open().await;
    let mut screen = house.screen().await;
    let snapshot = screen.next().await;
    assert_eq!(snapshot["type"], "snapshot");
    assert_eq!(snapshot["floor"]["tables"].as_array().unwrap().len(), 20);
    house.manager().seat(12).await;
    let change = screen.next().await;
    assert_eq!(change["seq"].as_u64(), snapshot["seq"].as_u64().map(|it| it + 1));
    let (_, floor) = fold(&[snapshot, change]);
    let now = house.manager().floor().await;
    assert_eq!(now["digest"], floor.digest());
    assert_eq!(now["floor"], serde_json::to_value(&floor).unwrap());
}

#[tokio::test]
async fn a_command_on_the_stream_is_told_and_then_answered() {
    let house = House::open().await;
    let mut screen = house.screen().await;
    let head = screen.next().await["seq"].as_u64().unwrap();
    let command = json!({"command": "add_party", "covers": 4, "name": "Ada"});
    screen
        .send(&json!({"type": "command", "id": "c1", "command": command}))
        .await;
    let change = screen.next().await;
    assert_eq!(change["seq"], head + 1);
    assert_eq!(change["guests"][0]["name"], "Ada");
    let result = screen.next().await;
    assert_eq!(result, json!({"type": "result", "id": "c1", "seq": head + 1}));
}
