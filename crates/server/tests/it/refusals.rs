//! What the floor refuses, and what its refusals say.

use crate::client::Client;
use crate::house::House;
use crate::probe::{no, standing};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

/// Sends commands that must be refused, and checks that nothing changes.
async fn refused(house: &House, client: &Client, commands: &[Value], expected: Expect) {
    let before = standing(house).await;
    let mut lines = String::new();
    for command in commands {
        let answer = client.command(command.clone()).await;
        lines += &format!("{command}\n    {}\n    {}\n", no(&answer), answer.json()["facts"]);
    }
    assert_eq!(standing(house).await, before);
    expected.assert_eq(&lines);
}

#[tokio::test]
async fn a_refusal_says_what_stands_in_the_way_and_what_could_be_done() {
    let house = House::open().await;
    let manager = house.manager();
    manager.seat(12).await;
    for (table_id, state) in [(1, "dirty"), (2, "blocked"), (3, "maintenance"), (4, "reserved")] {
        manager
            .accepted(json!({"command": "set_table_state", "table_id": table_id, "state": state}))
            .await;
    }
    manager
        .accepted(json!({"command": "update_table", "table_id": 5, "active": false}))
        .await;
    manager
        .accepted(json!({"command": "update_table", "table_id": 6, "combinable": false}))
        .await;
    manager
        .accepted(json!({"command": "add_party", "covers": 2}))
        .await;
    manager
        .accepted(json!({"command": "cancel_party", "party_id": 2}))
        .await;
    let closed = manager.seat(11).await;
    manager
        .accepted(json!({"command": "close_turn", "turn_id": closed}))
        .await;
    manager
        .accepted(json!({"command": "advance_stage", "turn_id": 1, "stage": "served"}))
        .await;
    manager
        .accepted(json!({"command": "raise_call", "turn_id": 1, "kind": "call_waiter"}))
        .await;
    let walk_in = |tables: &[u64], covers: u8| json!({"command": "seat_walk_in", "table_ids": tables, "covers": covers});
    let commands = [
        walk_in(&[12], 2),
        walk_in(&[7, 12], 7),
        walk_in(&[1], 2),
        walk_in(&[2], 2),
        walk_in(&[3], 2),
        walk_in(&[4], 4),
        walk_in(&[5], 2),
        walk_in(&[6, 7], 2),
        walk_in(&[7], 5),
        walk_in(&[7], 60),
        json!({"command": "seat_party", "party_id": 1, "table_ids": [7]}),
        json!({"command": "seat_party", "party_id": 2, "table_ids": [7]}),
        json!({"command": "touch_turn", "turn_id": closed}),
        json!({"command": "raise_call", "turn_id": closed, "kind": "call_waiter"}),
        json!({"command": "raise_call", "turn_id": 1, "kind": "call_waiter"}),
        json!({"command": "move_turn", "turn_id": 1, "table_ids": [12]}),
        json!({"command": "advance_stage", "turn_id": 1, "stage": "ordered"}),
        json!({"command": "restore_turn", "table_id": 20}),
        json!({"command": "delete_table", "table_id": 12}),
        json!({"command": "delete_plan", "plan_id": 1}),
        json!({"command": "create_plan", "name": "terrace"}),
        json!({"command": "create_table", "number": "7", "seats": {"max": 2}}),
    ];
    refused(
        &house,
        &manager,
        &commands,
        expect![[r#"
            {"command":"seat_walk_in","covers":2,"table_ids":[12]}
                409 table_taken - | table 12 is taken by party 1
                {"free_table_ids":[6,11,15],"party_id":1,"table_id":12,"turn_id":1}
            {"command":"seat_walk_in","covers":7,"table_ids":[7,12]}
                409 table_taken - | table 12 is taken by party 1
                {"free_table_ids":[10,20],"party_id":1,"table_id":12,"turn_id":1}
            {"command":"seat_walk_in","covers":2,"table_ids":[1]}
                409 table_dirty - | table 1 is dirty
                {"free_table_ids":[6,11,15],"table_id":1}
            {"command":"seat_walk_in","covers":2,"table_ids":[2]}
                409 table_blocked - | table 2 is blocked
                {"free_table_ids":[6,11,15],"table_id":2}
            {"command":"seat_walk_in","covers":2,"table_ids":[3]}
                409 table_in_maintenance - | table 3 is under maintenance
                {"free_table_ids":[6,11,15],"table_id":3}
            {"command":"seat_walk_in","covers":4,"table_ids":[4]}
                409 table_reserved - | table 4 is reserved
                {"free_table_ids":[7,8,14],"party_id":null,"table_id":4}
            {"command":"seat_walk_in","covers":2,"table_ids":[5]}
                409 table_inactive - | table 5 is not in use
                {"table_id":5}
            {"command":"seat_walk_in","covers":2,"table_ids":[6,7]}
                409 table_not_combinable - | table 6 cannot be pushed together with others
                {"table_id":6}
            {"command":"seat_walk_in","covers":5,"table_ids":[7]}
                409 table_too_small - | 5 guests do not fit at 4 seats
                {"covers":5,"free_table_ids":[9,13,19],"seats":4,"table_ids":[7]}
            {"command":"seat_walk_in","covers":60,"table_ids":[7]}
                409 table_too_small - | 60 guests do not fit at 4 seats
                {"covers":60,"free_table_ids":[],"seats":4,"table_ids":[7]}
            {"command":"seat_party","party_id":1,"table_ids":[7]}
                409 party_seated - | party 1 sits at table 12
                {"party_id":1,"table_id":12}
            {"command":"seat_party","party_id":2,"table_ids":[7]}
                409 party_over - | party 2 is no longer expected
                {"party_id":2,"state":"cancelled"}
            {"command":"touch_turn","turn_id":2}
                409 turn_closed - | turn 2 is closed
                {"turn_id":2}
            {"command":"raise_call","kind":"call_waiter","turn_id":2}
                409 turn_closed - | turn 2 is closed
                {"turn_id":2}
            {"command":"raise_call","kind":"call_waiter","turn_id":1}
                409 call_pending - | turn 1 has called for this already, and waits
                {"call_id":1,"turn_id":1}
            {"command":"move_turn","table_ids":[12],"turn_id":1}
                409 same_tables - | turn 1 sits there already
                {"turn_id":1}
            {"command":"advance_stage","stage":"ordered","turn_id":1}
                409 stage_passed - | turn 1 has come further already
                {"stage":"served","turn_id":1}
            {"command":"restore_turn","table_id":20}
                409 no_turn_to_restore - | no turn of table 20 can be brought back
                {"table_id":20}
            {"command":"delete_table","table_id":12}
                409 table_taken - | table 12 is taken by party 1
                {"free_table_ids":[6,11,15],"party_id":1,"table_id":12,"turn_id":1}
            {"command":"delete_plan","plan_id":1}
                409 default_plan - | the default plan stays, make another one the default first
                {"plan_id":1}
            {"command":"create_plan","name":"terrace"}
                409 name_in_use - | another floor plan has this name
                {"plan_id":2}
            {"command":"create_table","number":"7","seats":{"max":2}}
                409 number_in_use - | another table has this number
                {"table_id":7}
        "#]],
    )
    .await;
    let answer = manager.command(walk_in(&[12], 2)).await.json();
    for table_id in answer["facts"]["free_table_ids"].as_array().unwrap() {
        manager.accepted(walk_in(&[table_id.as_u64().unwrap()], 2)).await;
    }
}

#[tokio::test]
async fn what_is_not_there_is_unknown() {
    let house = House::open().await;
    let commands = [
        json!({"command": "seat_walk_in", "table_ids": [99]}),
        json!({"command": "seat_walk_in", "table_ids": [21]}),
        json!({"command": "delete_table", "table_id": u64::MAX}),
        json!({"command": "touch_turn", "turn_id": 0}),
        json!({"command": "resolve_call", "call_id": 99}),
        json!({"command": "notify_party", "party_id": 99}),
        json!({"command": "delete_plan", "plan_id": 3}),
        json!({"command": "delete_section", "section_id": 99}),
        json!({"command": "assign_waiter", "table_id": 1, "waiter_id": 9}),
        json!({"command": "create_table", "number": "99", "seats": {"max": 2}, "section_id": 99}),
        json!({"command": "batch", "commands": [{"command": "touch_turn", "turn_id": 99}]}),
    ];
    refused(
        &house,
        &house.manager(),
        &commands,
        expect![[r#"
            {"command":"seat_walk_in","table_ids":[99]}
                404 unknown_table - | there is no table with id 99 here
                {"table_id":99}
            {"command":"seat_walk_in","table_ids":[21]}
                404 unknown_table - | there is no table with id 21 here
                {"table_id":21}
            {"command":"delete_table","table_id":18446744073709551615}
                404 unknown_table - | there is no table with id 18446744073709551615 here
                {"table_id":18446744073709551615}
            {"command":"touch_turn","turn_id":0}
                404 unknown_turn - | there is no turn with id 0 here
                {"turn_id":0}
            {"call_id":99,"command":"resolve_call"}
                404 unknown_call - | there is no call with id 99 here
                {"call_id":99}
            {"command":"notify_party","party_id":99}
                404 unknown_party - | there is no party with id 99 here
                {"party_id":99}
            {"command":"delete_plan","plan_id":3}
                404 unknown_plan - | there is no floor plan with id 3 here
                {"plan_id":3}
            {"command":"delete_section","section_id":99}
                404 unknown_section - | there is no section with id 99 here
                {"section_id":99}
            {"command":"assign_waiter","table_id":1,"waiter_id":9}
                404 unknown_staff - | there is no member of staff with id 9 here
                {"staff_id":9}
            {"command":"create_table","number":"99","seats":{"max":2},"section_id":99}
                404 unknown_section - | there is no section with id 99 here
                {"section_id":99}
            {"command":"batch","commands":[{"command":"touch_turn","turn_id":99}]}
                404 unknown_turn - | commands[0]: there is no turn with id 99 here
                {"command_index":0,"turn_id":99}
        "#]],
    )
    .await;
}
