//! What goes on in a house that has much to do.

use crate::client::{Client, PATIENCE};
use crate::door::Door;
use futures_util::future::join_all;
use serde_json::{Value, json};

/// Seats, serves and sees off `n_parties` at one table: four changes each. Answers the changes.
pub(crate) async fn serve_table(door: &mut Door, table_id: u64, n_parties: usize) -> Vec<Value> {
    let mut changes = Vec::new();
    for _ in 0..n_parties {
        let command = json!({"command": "seat_walk_in", "table_ids": [table_id], "covers": 2,
            "guest": {"name": "Ada"}});
        let seated = door.accepted(&command).await;
        let turn_id = turn_id(&seated);
        changes.push(seated);
        for command in [
            json!({"command": "advance_stage", "turn_id": turn_id, "stage": "ordered"}),
            json!({"command": "touch_turn", "turn_id": turn_id}),
            json!({"command": "close_turn", "turn_id": turn_id}),
        ] {
            changes.push(door.accepted(&command).await);
        }
    }
    changes
}

/// The turn that a change speaks of.
pub(crate) fn turn_id(change: &Value) -> u64 {
    let events = change["events"].as_array().unwrap();
    events.iter().find_map(|it| it["turn_id"].as_u64()).unwrap()
}

/// The `n`th state of a table that is wiped again and again.
pub(crate) fn wiped(table_id: u64, n: u64) -> Value {
    let state = if n.is_multiple_of(2) { "dirty" } else { "available" };
    json!({"command": "set_table_state", "table_id": table_id, "state": state})
}

/// Makes `n_changes` small changes, at tables 1 to 16 at once. Answers the last one's seq.
pub(crate) async fn wipe_tables(client: &Client, n_changes: u64) -> u64 {
    let wiping = (1..=16).map(|table_id| async move {
        let mut last = 0;
        let n_own = n_changes / 16 + u64::from(table_id <= n_changes % 16);
        for n in 0..n_own {
            last = client.accepted(wiped(table_id, n)).await["seq"].as_u64().unwrap();
        }
        last
    });
    join_all(wiping).await.into_iter().max().unwrap()
}

/// Waits until it is so.
pub(crate) async fn until(is_so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .expect("it never came to that");
}

/// The last change of an evening: see `Screen::watch_to_the_end`.
pub(crate) fn the_end(last_table: u64) -> Value {
    json!({"command": "set_table_state", "table_id": last_table, "state": "maintenance"})
}
