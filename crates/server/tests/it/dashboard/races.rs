//! Several hands at the same two tables.

use super::{Board, Shown, act, carry, truth};
use crate::guest;
use crate::house::House;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The turns that tables show, each with the tables that show it.
fn turns(shown: &Shown) -> BTreeMap<u64, Vec<u64>> {
    let mut turns: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for (table_id, table) in &shown.tables {
        let is_occupied = table["status"] == "occupied";
        assert_eq!(table["session"].is_object(), is_occupied, "{table}");
        if let Some(turn) = table["session"]["id"].as_u64() {
            turns.entry(turn).or_default().push(*table_id);
        }
    }
    turns
}

/// Whether a frame says why something was not done, and why.
fn code(frames: &[Value]) -> Option<String> {
    let error = frames.iter().find(|it| it["type"] == "error")?;
    Some(error["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn of_a_move_a_closing_down_and_a_scan_at_one_table_one_wins() {
    const ROUNDS: usize = 1_000;
    let house = House::open_with(|config| {
        config.limits.dashboard_connections = 10_000;
        config.limits.handshakes_per_minute = 600_000;
        config.limits.messages_per_second = 100_000;
        config.limits.commands_per_second = 200_000;
    })
    .await;
    let (manager, phone) = (house.manager(), house.stranger());
    let (table_pid, token) = guest::code(&house, 2).await;
    let (mut mover, mut shown) = Board::connect(&house).await;
    let (mut blocker, _) = Board::connect(&house).await;
    let mut wins = BTreeMap::new();
    for round in 0..ROUNDS {
        // Somebody sits at 1, 2 is free.
        let turn = manager.seat(1).await;
        mover.frames().await.iter().for_each(|it| shown.hear(it));
        blocker.frames().await;
        let scan = json!({
            "table_pid": table_pid, "token": token, "restaurant_slug": "test-restaurant-1",
            "device_id": format!("phone-{round}"),
        });
        // The order in which they are sent is another in each round.
        let (moved, blocked, seated) = match round % 3 {
            0 => tokio::join!(
                mover.ask(carry(1, 2)),
                blocker.ask(act("disable", 2)),
                phone.post("/table_session", &scan)
            ),
            1 => {
                let (seated, blocked, moved) = tokio::join!(
                    phone.post("/table_session", &scan),
                    blocker.ask(act("disable", 2)),
                    mover.ask(carry(1, 2))
                );
                (moved, blocked, seated)
            }
            _ => {
                let (blocked, moved, seated) = tokio::join!(
                    blocker.ask(act("disable", 2)),
                    mover.ask(carry(1, 2)),
                    phone.post("/table_session", &scan)
                );
                (moved, blocked, seated)
            }
        };
        let ((), ()) = (moved, blocked);
        let frames = mover.frames().await;
        let not_moved = code(&frames);
        let not_blocked = code(&blocker.frames().await);
        let last = truth(&house).await;
        let turns = turns(&last);
        // Whoever sat somewhere sits at one table.
        assert!(turns.values().all(|it| it.len() == 1), "{turns:?}");
        let (winner, expected) = match (&not_moved, &not_blocked, seated.status.as_u16()) {
            // Whoever scans where somebody sits by now joins them.
            (None, Some(_), 200) => ("move", (None, Some("table_occupied"))),
            (Some(_), None, 423) => ("disable", (Some("target_unavailable"), None)),
            (Some(_), Some(_), 200) => ("scan", (Some("target_unavailable"), Some("table_occupied"))),
            other => panic!("not one winner: {other:?}"),
        };
        assert_eq!((not_moved.as_deref(), not_blocked.as_deref()), expected);
        assert_eq!(turns[&turn], [if winner == "move" { 2 } else { 1 }]);
        assert_eq!(
            last.tables[&2]["status"],
            if winner == "disable" {
                "disabled"
            } else {
                "occupied"
            }
        );
        *wins.entry(winner).or_insert(0) += 1;
        frames.iter().for_each(|it| shown.hear(it));
        // Back to where it began.
        for table in [1, 2] {
            mover.ask(act("close", table)).await;
        }
        mover.ask(act("enable", 2)).await;
        let frames = mover.frames().await;
        frames.iter().for_each(|it| shown.hear(it));
        assert_eq!(shown, truth(&house).await);
    }
    assert_eq!(wins.values().sum::<usize>(), ROUNDS);
}
