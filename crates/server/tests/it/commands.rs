//! Commands over HTTP: what is accepted, from whom, and what the receipts say.

use crate::client::Client;
use crate::house::{House, evening};
use crate::probe::{COMMANDS, no, signed_in, standing};
use expect_test::expect;
use maitred::surface::v1::wire::NAMES;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Sends a command that must be accepted. Answers its line: the name, the seq, and what happened.
async fn line(client: &Client, command: &Value) -> String {
    let answer = client.command(command.clone()).await;
    assert_eq!(answer.status, 200, "{command}: {}", answer.text);
    let receipt = answer.json();
    let mut names: Vec<_> = receipt.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["at", "events", "seq"]);
    assert_eq!(
        answer.headers["x-seq"].to_str().unwrap(),
        receipt["seq"].to_string()
    );
    assert_eq!(receipt["at"], json!(evening()));
    let events = receipt["events"].as_array().unwrap();
    let happened: Vec<_> = events.iter().map(|it| it["event"].as_str().unwrap()).collect();
    let name = command["command"].as_str().unwrap();
    format!("{} {name}: {}\n", receipt["seq"], happened.join(", "))
}

#[tokio::test]
async fn every_command_is_accepted_once_and_says_what_happened() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let evening = [
        json!({"command": "change_settings", "name": "Harbour House West", "clean_after_close": true}),
        json!({"command": "add_staff", "name": "Ngozi", "roles": ["host", "waiter"]}),
        json!({"command": "update_staff", "staff_id": 4, "name": "Waiter One"}),
        json!({"command": "create_plan", "name": "Roof", "width": 400, "height": 300.5}),
        json!({"command": "update_plan", "plan_id": 2, "name": "Garden", "grid": null}),
        json!({"command": "create_section", "name": "Sky", "color": "#336699", "plan_id": 2, "capacity": 20}),
        json!({"command": "update_section", "section_id": 3, "waiter_id": null}),
        json!({"command": "create_table", "number": "R1", "seats": {"max": 4}, "plan_id": 2}),
        json!({"command": "update_table", "table_id": 20, "number": "20a", "features": ["power"]}),
        json!({"command": "delete_table", "table_id": 19}),
        json!({"command": "set_table_state", "table_id": 18, "state": "blocked"}),
        json!({"command": "assign_waiter", "table_id": 12, "waiter_id": 5}),
        json!({"command": "unassign_waiter", "table_id": 12}),
        json!({"command": "add_party", "covers": 4, "source": "phone", "quote": {"from_minutes": 10, "to_minutes": 20},
               "name": "Ada", "phone": "+1 212 555 0100", "notes": "Birthday"}),
        json!({"command": "update_party", "party_id": 1, "covers": 3, "table_id": 12, "notes": null}),
        json!({"command": "notify_party", "party_id": 1}),
        json!({"command": "mark_party_late", "party_id": 1}),
        json!({"command": "mark_party_arrived", "party_id": 1}),
        json!({"command": "seat_party", "party_id": 1, "table_ids": [12]}),
        json!({"command": "seat_walk_in", "table_ids": [7, 8], "covers": 8, "guest": {"name": "Bao"}}),
        json!({"command": "change_covers", "turn_id": 1, "covers": 4}),
        json!({"command": "advance_stage", "turn_id": 1, "stage": "served"}),
        json!({"command": "touch_turn", "turn_id": 1}),
        json!({"command": "move_turn", "turn_id": 1, "table_ids": [14]}),
        json!({"command": "raise_call", "turn_id": 1, "kind": "ask_for_bill", "message": "by card"}),
        json!({"command": "resolve_call", "call_id": 1}),
        json!({"command": "close_turn", "turn_id": 1}),
        json!({"command": "restore_turn", "table_id": 14}),
        json!({"command": "batch", "commands": [
            {"command": "add_party", "covers": 2}, {"command": "add_party", "covers": 2}, {"command": "add_party", "covers": 2},
        ]}),
        json!({"command": "cancel_party", "party_id": 3}),
        json!({"command": "undo_step", "party_id": 3}),
        json!({"command": "mark_no_show", "party_id": 4}),
        json!({"command": "remove_party", "party_id": 5}),
        json!({"command": "erase_guest", "guest_id": 2}),
        json!({"command": "delete_section", "section_id": 3}),
        json!({"command": "delete_plan", "plan_id": 2}),
    ];
    let mut lines = String::new();
    for command in &evening {
        lines += &line(&admin, command).await;
    }
    expect![[r#"
        4 change_settings: settings_changed
        5 add_staff: staff_added
        6 update_staff: staff_updated
        7 create_plan: plan_created
        8 update_plan: plan_updated
        9 create_section: section_created
        10 update_section: section_updated
        11 create_table: table_created
        12 update_table: table_updated
        13 delete_table: table_deleted
        14 set_table_state: table_state_set
        15 assign_waiter: waiter_assigned
        16 unassign_waiter: waiter_unassigned
        17 add_party: party_added
        18 update_party: party_updated, guest_changed
        19 notify_party: party_notified
        20 mark_party_late: party_late
        21 mark_party_arrived: party_arrived
        22 seat_party: party_seated
        23 seat_walk_in: party_added, party_seated
        24 change_covers: covers_changed
        25 advance_stage: stage_advanced
        26 touch_turn: turn_touched
        27 move_turn: turn_moved
        28 raise_call: call_raised
        29 resolve_call: call_resolved
        30 close_turn: turn_closed
        31 restore_turn: turn_restored
        32 batch: party_added, party_added, party_added
        33 cancel_party: party_cancelled
        34 undo_step: step_undone
        35 mark_no_show: party_no_show
        36 remove_party: party_removed
        37 erase_guest: guest_erased
        38 delete_section: section_deleted
        39 delete_plan: plan_deleted
    "#]]
    .assert_eq(&lines);
    // A restaurant is opened by its operator, at the machine.
    let opening = admin
        .command(json!({"command": "open_restaurant", "name": "Another"}))
        .await;
    assert_eq!(no(&opening), "403 not_allowed - | your role does not allow this");
    let mut tried: BTreeSet<_> = evening.iter().map(|it| it["command"].as_str().unwrap()).collect();
    // And who works in several is the operator's business too.
    let lent = json!({"command": "admit_staff", "staff_id": 9, "name": "manager2", "roles": ["manager"]});
    assert_eq!(
        no(&admin.command(lent).await),
        "403 not_allowed - | your role does not allow this"
    );
    tried.extend(["open_restaurant", "admit_staff"]);
    assert_eq!(
        tried,
        NAMES.iter().copied().collect(),
        "every command is tried here"
    );
}

#[tokio::test]
async fn a_restaurant_goes_by_its_slug_and_by_its_id() {
    let house = House::open().await;
    let touch = json!({"command": "add_party", "covers": 2});
    for (n, path) in [COMMANDS, "/v1/restaurants/1/commands"].into_iter().enumerate() {
        let answer = house.manager().post(path, &touch).await;
        assert_eq!(answer.json()["seq"], 4 + n);
    }
}

#[tokio::test]
async fn a_batch_is_all_or_nothing() {
    let house = House::open().await;
    let manager = house.manager();
    let party = json!({"command": "add_party", "covers": 2, "name": "Ada"});
    let seat = |table_id: u64| json!({"command": "seat_walk_in", "table_ids": [table_id], "covers": 2});
    let before = standing(&house).await;
    let refused = manager
        .command(json!({"command": "batch", "commands": [party, seat(12), seat(12)]}))
        .await;
    assert_eq!(
        no(&refused),
        "409 table_taken - | commands[2]: table 12 is taken by party 2"
    );
    assert_eq!(refused.json()["facts"]["command_index"], 2);
    assert_eq!(standing(&house).await, before);
    let accepted = manager
        .accepted(json!({"command": "batch", "commands": [party, seat(12), seat(11)]}))
        .await;
    assert_eq!(accepted["seq"], before.0 + 1, "one change for all of it");
    assert_eq!(accepted["events"].as_array().unwrap().len(), 5);
    let tables = manager.floor().await["floor"]["turns"].as_array().unwrap().len();
    assert_eq!(tables, 2);
}

#[tokio::test]
async fn a_batch_needs_the_rights_of_all_it_holds() {
    let house = House::open().await;
    let waiter = signed_in(&house, "waiter").await;
    let before = standing(&house).await;
    let commands = json!([{"command": "add_party", "covers": 2}, {"command": "create_plan", "name": "Roof"}]);
    let answer = waiter
        .command(json!({"command": "batch", "commands": commands}))
        .await;
    assert_eq!(answer.status, 403);
    assert_eq!(standing(&house).await, before);
}

#[tokio::test]
async fn force_seats_where_a_rule_says_no_and_is_remembered() {
    let house = House::open().await;
    let manager = house.manager();
    manager
        .accepted(json!({"command": "set_table_state", "table_id": 1, "state": "dirty"}))
        .await;
    let seat = json!({"command": "seat_walk_in", "table_ids": [1], "covers": 9, "force": true});
    let seated = manager.accepted(seat.clone()).await;
    assert_eq!(seated["events"][1]["forced"], true);
    assert_eq!(manager.floor().await["floor"]["turns"][0]["forced"], true);
    // Somebody who sits there is never sat upon.
    let answer = manager.command(seat).await;
    assert_eq!(no(&answer), "409 table_taken - | table 1 is taken by party 1");
    let seated = manager
        .accepted(json!({"command": "seat_walk_in", "table_ids": [2], "covers": 2, "force": true}))
        .await;
    assert_eq!(
        seated["events"][1]["forced"],
        Value::Null,
        "no rule stood in the way"
    );
}

#[tokio::test]
async fn a_role_does_what_it_is_for() {
    let house = House::open().await;
    let manager = house.manager();
    manager.seat(12).await;
    let asks = [
        json!({"command": "add_party", "covers": 2}),
        json!({"command": "touch_turn", "turn_id": 1}),
        json!({"command": "advance_stage", "turn_id": 1, "stage": "ordered"}),
        json!({"command": "create_plan", "name": "Roof"}),
        json!({"command": "add_staff", "name": "Ngozi", "roles": ["host"]}),
    ];
    let mut lines = String::new();
    for login in [
        "admin", "manager", "host", "waiter", "cashier", "kitchen", "analyst",
    ] {
        let client = signed_in(&house, login).await;
        lines += &format!("{login:8}");
        for command in &asks {
            // A refusal by the floor says that the role was no obstacle.
            let is_let = client.command(command.clone()).await.status != 403;
            lines += if is_let { " yes" } else { " -  " };
        }
        lines += "\n";
        assert_eq!(
            client.get("/v1/restaurants/1/floor").await.status,
            200,
            "{login} looks"
        );
    }
    expect![[r#"
        admin    yes yes yes yes yes
        manager  yes yes yes yes -  
        host     yes yes yes -   -  
        waiter   yes yes yes -   -  
        cashier  -   -   yes -   -  
        kitchen  -   -   -   -   -  
        analyst  -   -   -   -   -  
    "#]]
    .assert_eq(&lines);
}
