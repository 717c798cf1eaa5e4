//! The last step of a party, taken back over v1.

use crate::house::House;
use serde_json::{Value, json};

#[tokio::test]
async fn a_seating_is_undone_and_every_screen_hears_of_it() {
    let house = House::open().await;
    let manager = house.manager();
    manager
        .accepted(json!({"command": "add_party", "covers": 2, "name": "Ada"}))
        .await;
    let before = manager.floor().await["floor"]["parties"][0].clone();
    manager
        .accepted(json!({"command": "seat_party", "party_id": 1, "table_ids": [12]}))
        .await;
    let seated = manager.floor().await["floor"]["parties"][0].clone();
    assert_eq!(
        seated["before"]["tables"],
        json!([{"table_id": 12, "state": "available"}])
    );
    let mut screen = house.screen().await;
    screen.next().await;
    let undone = manager
        .accepted(json!({"command": "undo_step", "party_id": 1}))
        .await;
    let change = screen.next().await;
    assert_eq!(change["seq"], undone["seq"]);
    let tables = json!([{"table_id": 12, "state": "available"}]);
    assert_eq!(
        change["events"],
        json!([{"event": "step_undone", "party_id": 1, "turn_id": 1, "tables": tables}])
    );
    let floor = manager.floor().await["floor"].clone();
    assert_eq!(floor["turns"], json!([]));
    assert_eq!(floor["parties"], json!([before]), "the clock stands still");
}

#[tokio::test]
async fn what_somebody_has_built_on_is_not_undone() {
    let house = House::open().await;
    let manager = house.manager();
    let turn_id = manager.seat(12).await;
    manager
        .accepted(json!({"command": "advance_stage", "turn_id": turn_id, "stage": "ordered"}))
        .await;
    let refused = manager
        .command(json!({"command": "undo_step", "party_id": 1}))
        .await;
    assert_eq!(refused.status, 409);
    let refusal: Value = refused.json();
    assert_eq!(refusal["code"], "nothing_to_undo");
    assert_eq!(refusal["facts"], json!({"party_id": 1}));
}
