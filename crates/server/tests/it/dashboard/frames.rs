//! What a dashboard is shown, and what it is told.

use super::{Board, KEY, Shown, act, carry, seat, truth};
use crate::house::House;
use crate::slow::narrow_socket;
use expect_test::expect;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, client_async};

#[tokio::test]
async fn the_first_frame_shows_every_table_by_its_number() {
    let house = House::open().await;
    let manager = house.manager();
    let turn = seat(&house, 12).await;
    house.later(SignedDuration::from_mins(3));
    for (table_id, state) in [(1, "dirty"), (2, "blocked"), (3, "maintenance"), (4, "reserved")] {
        manager
            .accepted(json!({"command": "set_table_state", "table_id": table_id, "state": state}))
            .await;
    }
    manager
        .accepted(json!({"command": "update_table", "table_id": 20, "active": false}))
        .await;
    manager
        .accepted(json!({"command": "update_table", "table_id": 7, "number": "B7"}))
        .await;
    let mut board = Board::with_token(&house, KEY).await;
    let snapshot = board.next().await;
    let tables = snapshot["tables"].as_array().unwrap();
    assert_eq!(tables.len(), 19);
    let numbers: Vec<u64> = tables.iter().map(|it| it["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=19).collect::<Vec<_>>());
    assert_eq!(
        tables[11],
        json!({
            "id": 12, "number": 12, "status": "occupied",
            "session": {"id": turn, "last_active": "2026-11-20T19:30:00.000000Z"},
        })
    );
    let shown: Vec<String> = tables[..5].iter().map(Value::to_string).collect();
    expect![[r#"
        {"id":1,"number":1,"session":null,"status":"dirty"}
        {"id":2,"number":2,"session":null,"status":"disabled"}
        {"id":3,"number":3,"session":null,"status":"disabled"}
        {"id":4,"number":4,"reserved":true,"session":null,"status":"open"}
        {"id":5,"number":5,"session":null,"status":"open"}"#]]
    .assert_eq(&shown.join("\n"));
}

#[tokio::test]
async fn every_dashboard_is_told_of_a_change_once_whoever_made_it() {
    let house = House::open().await;
    let (mut board, _) = Board::connect(&house).await;
    let (mut other, _) = Board::connect(&house).await;
    let (manager, host) = (house.manager(), house.stranger());
    let party = json!({"first_name": "Ann", "party_size": 2});
    host.post("/restaurants/1/guests", &party).await;
    host.put(
        "/restaurants/1/guests/guest-1",
        &json!({"status": "Seated", "table_id": "7"}),
    )
    .await;
    manager
        .accepted(json!({"command": "seat_walk_in", "table_ids": [8, 9], "covers": 6}))
        .await;
    board.ask(carry(9, 10)).await;
    let mut told = board.said().await;
    manager
        .accepted(json!({"command": "set_table_state", "table_id": 3, "state": "reserved"}))
        .await;
    manager
        .accepted(json!({"command": "update_party", "party_id": 1, "name": "Anna"}))
        .await;
    host.put("/restaurants/1/tables/7/clear", &json!({})).await;
    manager
        .accepted(json!({"command": "undo_step", "party_id": 1}))
        .await;
    board.ask(act("close", 8)).await;
    told.extend(board.said().await);
    assert_eq!(other.said().await, told);
    expect![[r#"
        7 occupied 1
        8 occupied 2
        9 occupied 2
        8 occupied 2
        9 open
        10 occupied 2
        3 open reserved
        7 open
        7 occupied 1
        8 open
        10 open"#]]
    .assert_eq(&told.join("\n"));
}

#[tokio::test]
async fn when_tables_come_or_go_all_are_shown_again() {
    let house = House::open().await;
    let manager = house.manager();
    let (mut board, mut shown) = Board::connect(&house).await;
    let commands = [
        json!({"command": "create_table", "number": "30", "seats": {"max": 4}}),
        json!({"command": "update_table", "table_id": 6, "active": false}),
        json!({"command": "update_table", "table_id": 6, "active": true}),
        json!({"command": "delete_table", "table_id": 9}),
    ];
    for command in commands {
        manager.accepted(command.clone()).await;
        let frames = board.frames().await;
        assert_eq!(frames.len(), 1, "{command}");
        assert_eq!(frames[0]["type"], "tables_snapshot", "{command}");
        shown.hear(&frames[0]);
        assert_eq!(shown, truth(&house).await, "{command}");
    }
    // Where one only changes, that one is.
    manager
        .accepted(json!({"command": "update_table", "table_id": 5, "number": "31"}))
        .await;
    assert_eq!(board.said().await, ["31 open"]);
    // Of these a dashboard shows nothing.
    for command in [
        json!({"command": "create_section", "name": "Garden"}),
        json!({"command": "add_party", "covers": 2}),
        json!({"command": "create_plan", "name": "Roof"}),
    ] {
        manager.accepted(command.clone()).await;
        assert_eq!(board.said().await, Vec::<String>::new(), "{command}");
    }
}

#[tokio::test]
async fn a_busy_table_is_told_of_now_and_then_and_never_twice() {
    let house = House::open().await;
    let manager = house.manager();
    let turn = seat(&house, 12).await;
    let idle = seat(&house, 13).await;
    let (mut board, _) = Board::connect(&house).await;
    // Of what comes later, the clock of the program decides; it stands until the test moves it.
    for seconds in [1, 2, 3] {
        house.later(SignedDuration::from_secs(seconds));
        manager
            .accepted(json!({"command": "touch_turn", "turn_id": turn}))
            .await;
    }
    assert_eq!(board.said().await, Vec::<String>::new());
    tokio::time::pause();
    let update = board.next().await;
    assert_eq!(
        update,
        json!({"type": "table_update", "table": {
            "id": 12, "number": 12, "status": "occupied",
            "session": {"id": turn, "last_active": "2026-11-20T19:30:03.000000Z"},
        }})
    );
    tokio::time::advance(std::time::Duration::from_secs(25)).await;
    tokio::time::resume();
    // What was told as a change is not told as activity too.
    house.later(SignedDuration::from_secs(40));
    board.ask(carry(13, 14)).await;
    assert_eq!(
        board.said().await,
        ["13 open".to_owned(), format!("14 occupied {idle}")]
    );
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(21)).await;
    tokio::time::resume();
    assert_eq!(board.said().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_snapshot_in_a_storm_and_what_follows_it_add_up_to_the_truth() {
    let house = House::open().await;
    let storm = async {
        let manager = house.manager();
        for n in 0..150 {
            let table = n % 5 + 1;
            let turn = manager.seat(table).await;
            manager
                .accepted(json!({"command": "move_turn", "turn_id": turn, "table_ids": [table + 5]}))
                .await;
            manager
                .accepted(json!({"command": "close_turn", "turn_id": turn}))
                .await;
        }
    };
    let late = async {
        let mut boards: Vec<(Board, Shown)> = Vec::new();
        for _ in 0..15 {
            boards.push(Board::connect(&house).await);
        }
        boards
    };
    let ((), boards) = tokio::join!(storm, late);
    let last = truth(&house).await;
    for (mut board, mut shown) in boards {
        board.frames().await.iter().for_each(|it| shown.hear(it));
        assert_eq!(shown, last);
    }
}

#[tokio::test]
async fn what_happened_last_at_a_table_is_told_with_whatever_is_told_of_it_next() {
    let house = House::open().await;
    let manager = house.manager();
    let turn = seat(&house, 12).await;
    let (mut board, _) = Board::connect(&house).await;
    house.later(SignedDuration::from_secs(2));
    let touched = json!({"command": "touch_turn", "turn_id": turn});
    manager.accepted(touched.clone()).await;
    assert_eq!(board.said().await, Vec::<String>::new());
    for command in [
        json!({"command": "assign_waiter", "table_id": 12, "waiter_id": 5}),
        json!({"command": "batch", "commands": [touched, {"command": "unassign_waiter", "table_id": 12}]}),
    ] {
        manager.accepted(command.clone()).await;
        let frames = board.frames().await;
        assert_eq!(frames.len(), 1, "{command}");
        let last_active = &frames[0]["table"]["session"]["last_active"];
        assert_eq!(last_active, "2026-11-20T19:30:02.000000Z", "{command}");
    }
}

#[tokio::test]
async fn a_dashboard_that_slept_shows_nobody_who_does_not_wait_any_more() {
    let house = House::open().await;
    let manager = house.manager();
    let turn_id = seat(&house, 20).await;
    let call = json!({"command": "raise_call", "turn_id": turn_id, "kind": "call_waiter"});
    manager.accepted(call).await;
    let url = format!("ws://{}/admin/ws/dashboard?token={KEY}", house.address);
    let request = url.into_client_request().unwrap();
    let stream = MaybeTlsStream::Plain(narrow_socket(house.address));
    let (socket, _) = client_async(request, stream).await.unwrap();
    let mut asleep = Board { socket };
    // More than the ring keeps, of all tables but one.
    for n in 0..100 {
        let state = if n % 2 == 0 { "blocked" } else { "available" };
        let of = |table_id: u64| json!({"command": "set_table_state", "table_id": table_id, "state": state});
        let commands: Vec<Value> = (1..=19).map(of).collect();
        manager
            .accepted(json!({"command": "batch", "commands": commands}))
            .await;
        if n == 50 {
            manager
                .accepted(json!({"command": "resolve_call", "call_id": 1}))
                .await;
        }
    }
    let (mut shown, mut pending) = (Shown::default(), Value::Null);
    for frame in asleep.frames().await {
        match frame["type"].as_str().unwrap() {
            "pending_waiter_requests" => pending = frame["requests"].clone(),
            "waiter_request_resolved" => pending = json!([]),
            _ => shown.hear(&frame),
        }
    }
    assert_eq!((shown, pending), (truth(&house).await, json!([])));
}
