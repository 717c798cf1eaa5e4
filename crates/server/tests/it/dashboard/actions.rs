//! What can be done to a table, and every way in which it cannot.

use super::{Board, act, carry, seat};
use crate::house::House;
use crate::probe::standing;
use expect_test::expect;
use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn what_is_done_to_a_table_is_told_and_what_is_not_says_why() {
    let house = House::open().await;
    seat(&house, 12).await;
    let manager = house.manager();
    for (table_id, state) in [(1, "dirty"), (2, "maintenance"), (4, "reserved")] {
        manager
            .accepted(json!({"command": "set_table_state", "table_id": table_id, "state": state}))
            .await;
    }
    let (mut board, _) = Board::connect(&house).await;
    let mut told = String::new();
    for (verb, tables) in [
        ("close", &[12, 12, 1, 2, 4, 99][..]),
        ("restore", &[12, 12, 2, 4, 5, 99]),
        ("disable", &[12, 2, 4, 5, 5, 1, 99]),
        ("restore", &[5]),
        ("enable", &[5, 5, 1, 2, 4, 12, 99]),
    ] {
        for table in tables {
            told += &format!("{verb} {table}: {}\n", board.outcome(act(verb, *table)).await);
        }
    }
    board.outcome(act("disable", 6)).await;
    for (from, to) in [
        (12, 12),
        (99, 5),
        (12, 99),
        (7, 4),
        (12, 6),
        (7, 5),
        (12, 5),
        (5, 12),
    ] {
        told += &format!("move {from} {to}: {}\n", board.outcome(carry(from, to)).await);
    }
    expect![[r#"
        close 12: 12 open
        close 12: no_active_session: No open session to close.
        close 1: no_active_session: No open session to close.
        close 2: no_active_session: No open session to close.
        close 4: no_active_session: No open session to close.
        close 99: table_not_found: Table not found
        restore 12: 12 occupied 1
        restore 12: table_occupied: Table already has diners.
        restore 2: table_disabled: Table disabled
        restore 4: table_reserved: Table is reserved.
        restore 5: no_session_to_restore: No session to restore
        restore 99: table_not_found: Table not found
        disable 12: table_occupied: Table already has diners.
        disable 2: already_disabled: Table already disabled.
        disable 4: table_reserved: Table is reserved.
        disable 5: 5 disabled
        disable 5: already_disabled: Table already disabled.
        disable 1: 1 disabled
        disable 99: table_not_found: Table not found
        restore 5: table_disabled: Table disabled
        enable 5: 5 open
        enable 5: not_disabled: Table not disabled.
        enable 1: 1 open
        enable 2: 2 open
        enable 4: not_disabled: Table not disabled.
        enable 12: not_disabled: Table not disabled.
        enable 99: table_not_found: Table not found
        move 12 12: same_table: Choose a different table.
        move 99 5: source_table_not_found: Source table not found
        move 12 99: target_table_not_found: Target table not found
        move 7 4: target_unavailable: Target table is not free.
        move 12 6: target_unavailable: Target table is not free.
        move 7 5: no_session_to_move: Nothing to move.
        move 12 5: 12 open, 5 occupied 1
        move 5 12: 5 open, 12 occupied 1
    "#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn a_table_that_is_closed_may_have_to_be_cleaned() {
    let house = House::open().await;
    house
        .manager()
        .accepted(json!({"command": "change_settings", "clean_after_close": true}))
        .await;
    seat(&house, 12).await;
    let (mut board, _) = Board::connect(&house).await;
    assert_eq!(board.outcome(act("close", 12)).await, "12 dirty");
    assert_eq!(board.outcome(act("enable", 12)).await, "12 open");
}

#[tokio::test]
async fn a_frame_that_makes_no_sense_is_answered_and_changes_nothing() {
    let house = House::open().await;
    seat(&house, 12).await;
    let (mut board, _) = Board::connect(&house).await;
    let before = standing(&house).await;
    let mut told = String::new();
    let many: Vec<u64> = (1..=51).collect();
    for text in [
        "close 12",
        "",
        "[]",
        "12",
        "\"close_table\"",
        "null",
        "{}",
        r#"{"action":null}"#,
        r#"{"action":7}"#,
        r#"{"action":"fly"}"#,
        r#"{"action":"Close_Table","table_id":12}"#,
        r#"{"action":"close_table"}"#,
        r#"{"action":"close_table","table_id":null}"#,
        r#"{"action":"close_table","table_id":0}"#,
        r#"{"action":"close_table","table_id":"abc"}"#,
        r#"{"action":"close_table","table_id":"+12"}"#,
        r#"{"action":"close_table","table_id":1.5}"#,
        r#"{"action":"close_table","table_id":-12}"#,
        r#"{"action":"close_table","table_id":1e40}"#,
        r#"{"action":"close_table","table_id":true}"#,
        r#"{"action":"close_table","table_id":[12]}"#,
        r#"{"action":"close_table","table_ids":12}"#,
        r#"{"action":"close_table","table_ids":[]}"#,
        r#"{"action":"close_table","table_ids":[12,0]}"#,
        r#"{"action":"close_table","table_ids":[12],"all_or_nothing":1}"#,
        r#"{"action":"move_table","from_table_id":12}"#,
        r#"{"action":"move_table","from":12,"to":5}"#,
        r#"{"action":"move_table","from_table_id":12,"to_table_id":"x"}"#,
        r#"{"action":"move_table","moves":[12]}"#,
    ] {
        board.send(text).await;
        told += &format!("{text}\n    {}\n", board.said().await.join(", "));
    }
    board
        .ask(json!({"action": "close_table", "table_ids": many}))
        .await;
    board.ask(json!({"action": "x".repeat(10_000)})).await;
    board
        .socket
        .send(Message::Binary(vec![1, 2, 3].into()))
        .await
        .unwrap();
    told += &board.said().await.join("\n");
    assert_eq!(standing(&house).await, before);
    expect![[r#"
        close 12
            invalid_json: Invalid JSON format

            invalid_json: Invalid JSON format
        []
            message_error: Error processing message
        12
            message_error: Error processing message
        "close_table"
            message_error: Error processing message
        null
            message_error: Error processing message
        {}
            invalid_action: Invalid action format: action is missing
        {"action":null}
            invalid_action: Invalid action format: action must be a text
        {"action":7}
            invalid_action: Invalid action format: action must be a text
        {"action":"fly"}
            unknown_action: Unknown action: fly
        {"action":"Close_Table","table_id":12}
            unknown_action: Unknown action: Close_Table
        {"action":"close_table"}
            missing_table_id: Table ID required
        {"action":"close_table","table_id":null}
            missing_table_id: Table ID required
        {"action":"close_table","table_id":0}
            missing_table_id: Table ID required
        {"action":"close_table","table_id":"abc"}
            invalid_action: Invalid action format: table_id must be a whole number
        {"action":"close_table","table_id":"+12"}
            invalid_action: Invalid action format: table_id must be a whole number
        {"action":"close_table","table_id":1.5}
            invalid_action: Invalid action format: table_id must be a whole number
        {"action":"close_table","table_id":-12}
            invalid_action: Invalid action format: table_id must be a whole number
        {"action":"close_table","table_id":1e40}
            invalid_action: Invalid action format: table_id must be a whole number
        {"action":"close_table","table_id":true}
            invalid_action: Invalid action format: table_id must be a whole number
        {"action":"close_table","table_id":[12]}
            invalid_action: Invalid action format: table_id must be a whole number
        {"action":"close_table","table_ids":12}
            invalid_action: Invalid action format: table_ids must be a list of 1 to 50
        {"action":"close_table","table_ids":[]}
            invalid_action: Invalid action format: table_ids must be a list of 1 to 50
        {"action":"close_table","table_ids":[12,0]}
            missing_table_id: Table ID required
        {"action":"close_table","table_ids":[12],"all_or_nothing":1}
            invalid_action: Invalid action format: all_or_nothing must be true or false
        {"action":"move_table","from_table_id":12}
            missing_table_ids: Both from_table_id and to_table_id required
        {"action":"move_table","from":12,"to":5}
            missing_table_ids: Both from_table_id and to_table_id required
        {"action":"move_table","from_table_id":12,"to_table_id":"x"}
            invalid_action: Invalid action format: to_table_id must be a whole number
        {"action":"move_table","moves":[12]}
            invalid_action: Invalid action format: moves must be objects
        invalid_action: Invalid action format: table_ids must be a list of 1 to 50
        unknown_action: Unknown action: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
        message_error: Error processing message"#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn an_id_is_a_whole_number_however_it_is_written() {
    let house = House::open().await;
    let (mut board, _) = Board::connect(&house).await;
    for id in [json!(7), json!("7"), json!(7.0), json!("007")] {
        let ask = |verb: &str| json!({"action": format!("{verb}_table"), "table_id": id, "by": "me"});
        assert_eq!(board.outcome(ask("disable")).await, "7 disabled", "{id}");
        assert_eq!(board.outcome(ask("enable")).await, "7 open", "{id}");
    }
}

#[tokio::test]
async fn several_tables_are_done_one_by_one_or_all_or_none() {
    let house = House::open().await;
    for table_id in [3, 4, 5] {
        seat(&house, table_id).await;
    }
    let (mut board, _) = Board::connect(&house).await;
    let (mut other, _) = Board::connect(&house).await;
    let mut told = String::new();
    for frame in [
        json!({"action": "close_table", "table_ids": [3, 6, "4"], "all_or_nothing": true}),
        json!({"action": "close_table", "table_ids": [3, 6, "4"]}),
        json!({"action": "restore_table", "table_ids": [3, 4], "all_or_nothing": true}),
        json!({"action": "disable_table", "table_ids": [8, 9, 8], "all_or_nothing": true}),
        json!({"action": "disable_table", "table_ids": [8, 9, 8]}),
        json!({"action": "enable_table", "table_ids": [9, 8], "all_or_nothing": true}),
        json!({"action": "move_table", "moves": [
            {"from_table_id": 3, "to_table_id": 8}, {"from_table_id": 4, "to_table_id": 3},
        ], "all_or_nothing": true}),
        json!({"action": "move_table", "moves": [
            {"from_table_id": 5, "to_table_id": 8}, {"from_table_id": 5, "to_table_id": 99},
        ]}),
        json!({"action": "move_table", "moves": [{"from_table_id": 5}]}),
    ] {
        let outcome = board.outcome(frame.clone()).await;
        let heard = other.said().await;
        let heard = if heard.is_empty() {
            "nothing".to_owned()
        } else {
            heard.join(", ")
        };
        told += &format!("{frame}\n    {outcome}\n    others: {heard}\n");
    }
    expect![[r#"
        {"action":"close_table","all_or_nothing":true,"table_ids":[3,6,"4"]}
            no_active_session at 6: No open session to close.
            others: nothing
        {"action":"close_table","table_ids":[3,6,"4"]}
            3 open, 4 open, no_active_session at 6: No open session to close.
            others: 3 open, 4 open
        {"action":"restore_table","all_or_nothing":true,"table_ids":[3,4]}
            3 occupied 1, 4 occupied 2
            others: 3 occupied 1, 4 occupied 2
        {"action":"disable_table","all_or_nothing":true,"table_ids":[8,9,8]}
            already_disabled at 8: Table already disabled.
            others: nothing
        {"action":"disable_table","table_ids":[8,9,8]}
            8 disabled, 9 disabled, already_disabled at 8: Table already disabled.
            others: 8 disabled, 9 disabled
        {"action":"enable_table","all_or_nothing":true,"table_ids":[9,8]}
            9 open, 8 open
            others: 9 open, 8 open
        {"action":"move_table","all_or_nothing":true,"moves":[{"from_table_id":3,"to_table_id":8},{"from_table_id":4,"to_table_id":3}]}
            3 occupied 2, 8 occupied 1, 4 open
            others: 3 occupied 2, 8 occupied 1, 4 open
        {"action":"move_table","moves":[{"from_table_id":5,"to_table_id":8},{"from_table_id":5,"to_table_id":99}]}
            target_unavailable at 5: Target table is not free., target_table_not_found at 5: Target table not found
            others: nothing
        {"action":"move_table","moves":[{"from_table_id":5}]}
            missing_table_ids: Both from_table_id and to_table_id required
            others: nothing
    "#]].assert_eq(&told);
}

#[tokio::test]
async fn tables_of_one_party_are_done_together_and_what_was_done_is_told_first() {
    let house = House::open().await;
    let (mut board, _) = Board::connect(&house).await;
    let party = json!({"command": "seat_walk_in", "table_ids": [7, 8], "covers": 8});
    house.manager().accepted(party).await;
    assert_eq!(board.said().await, ["7 occupied 1", "8 occupied 1"]);
    let both = |action: &str, all_or_nothing: bool| json!({"action": action, "table_ids": [7, 8], "all_or_nothing": all_or_nothing, "moves": null});
    for is_one in [true, false] {
        assert_eq!(board.outcome(both("close_table", is_one)).await, "7 open, 8 open");
        let back = "7 occupied 1, 8 occupied 1";
        assert_eq!(board.outcome(both("restore_table", is_one)).await, back);
    }
    let some = json!({"action": "close_table", "table_ids": [3, 7, 4], "table_id": null});
    assert_eq!(
        board.outcome(some).await,
        "7 open, 8 open, no_active_session at 3: No open session to close., \
         no_active_session at 4: No open session to close."
    );
    let one = json!({"action": "disable_table", "table_id": 3, "table_ids": null});
    assert_eq!(board.outcome(one).await, "3 disabled");
}
