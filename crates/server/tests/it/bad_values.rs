//! Values that are no value: each is told its limit, and nothing changes.

use crate::bad_input::check;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

fn walk_in(covers: &str) -> (String, Vec<u8>) {
    let body = format!(r#"{{"command":"seat_walk_in","table_ids":[11],"covers":{covers}}}"#);
    (format!("covers {covers}"), body.into_bytes())
}

async fn check_json(bodies: &[(&str, Value)], expected: Expect) {
    let bodies = bodies
        .iter()
        .map(|(name, body)| (*name, body.to_string().into_bytes()));
    check(bodies, expected).await;
}

#[tokio::test]
async fn covers_are_whole_people_from_one_to_sixty() {
    let rows = [
        "0",
        "61",
        "-1",
        "1e9",
        "2.5",
        "\"3\"",
        "null",
        "9223372036854775808",
        "true",
        "[2]",
    ]
    .map(walk_in);
    let bodies = rows.iter().map(|(name, body)| (name.as_str(), body.clone()));
    check(bodies, expect![[r#"
        covers 0
            400 bad_value covers | covers: must be from 1 to 60, got 0
        covers 61
            400 bad_value covers | covers: must be from 1 to 60, got 61
        covers -1
            400 bad_value covers | covers: must be from 1 to 60, got -1
        covers 1e9
            400 bad_value covers | covers: invalid type: floating point `1000000000.0`, expected a whole number
        covers 2.5
            400 bad_value covers | covers: invalid type: floating point `2.5`, expected a whole number
        covers "3"
            400 bad_value covers | covers: invalid type: string "3", expected a whole number
        covers null
            400 bad_value covers | covers: invalid type: null, expected a whole number
        covers 9223372036854775808
            400 bad_value covers | covers: invalid value: integer `9223372036854775808`, expected a whole number
        covers true
            400 bad_value covers | covers: invalid type: boolean `true`, expected a whole number
        covers [2]
            400 bad_value covers | covers: invalid type: sequence, expected a whole number
    "#]]).await;
}

#[tokio::test]
async fn texts_have_their_limits() {
    let long = |n: usize| "x".repeat(n);
    let rows = [
        (
            "an empty number",
            json!({"command":"create_table","number":"","seats":{"max":4}}),
        ),
        (
            "a blank number",
            json!({"command":"create_table","number":"  ","seats":{"max":4}}),
        ),
        (
            "a number of 61",
            json!({"command":"create_table","number":long(61),"seats":{"max":4}}),
        ),
        (
            "a name of 121",
            json!({"command":"add_party","covers":2,"name":long(121)}),
        ),
        (
            "a phone of 41",
            json!({"command":"add_party","covers":2,"phone":long(41)}),
        ),
        (
            "a note of 1001",
            json!({"command":"add_party","covers":2,"notes":long(1001)}),
        ),
        (
            "a name with a zero byte",
            json!({"command":"add_party","covers":2,"name":"A\u{0}da"}),
        ),
        (
            "a name with an escape",
            json!({"command":"add_party","covers":2,"name":"A\u{1b}[2Jda"}),
        ),
        (
            "a walk-in's long name",
            json!({"command":"seat_walk_in","table_ids":[1],"guest":{"name":long(121)}}),
        ),
        (
            "a colour of 31",
            json!({"command":"create_section","name":"Bar","color":long(31)}),
        ),
        (
            "a background of 501",
            json!({"command":"create_plan","name":"Roof","background":long(501)}),
        ),
        (
            "a staff name of 61",
            json!({"command":"add_staff","name":long(61),"roles":["host"]}),
        ),
    ];
    check_json(
        &rows,
        expect![[r#"
        an empty number
            400 bad_value number | number: must not be blank
        a blank number
            400 bad_value number | number: must not be blank
        a number of 61
            400 bad_value number | number: must have at most 60 characters, got 61
        a name of 121
            400 bad_value name | name: must have at most 120 characters, got 121
        a phone of 41
            400 bad_value phone | phone: must have at most 40 characters, got 41
        a note of 1001
            400 bad_value notes | notes: must have at most 1000 characters, got 1001
        a name with a zero byte
            400 bad_value name | name: must not contain control characters
        a name with an escape
            400 bad_value name | name: must not contain control characters
        a walk-in's long name
            400 bad_value guest.name | guest.name: must have at most 120 characters, got 121
        a colour of 31
            400 bad_value color | color: must have at most 30 characters, got 31
        a background of 501
            400 bad_value background | background: must have at most 500 characters, got 501
        a staff name of 61
            400 bad_value name | name: must have at most 60 characters, got 61
    "#]],
    )
    .await;
}

#[tokio::test]
async fn numbers_have_their_limits() {
    let table = |extra: Value| {
        let mut body = json!({"command":"create_table","number":"99","seats":{"max":4}});
        body.as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        body
    };
    let rows = [
        ("too far right", table(json!({"x": 10_001}))),
        ("too far left", table(json!({"x": -1e300}))),
        ("no width", table(json!({"width": 0}))),
        ("no height", table(json!({"height": -3}))),
        ("more than a turn", table(json!({"rotation": 361}))),
        ("far more than a turn", table(json!({"rotation": 100_000}))),
        (
            "more at least than at most",
            table(json!({"seats": {"min": 5, "max": 4}})),
        ),
        (
            "best for more than fit",
            table(json!({"seats": {"max": 4, "preferred": 5}})),
        ),
        ("sixty-one seats", table(json!({"seats": {"max": 61}}))),
        (
            "seven features",
            table(json!({"features": ["window","power","window","power","window","power","window"]})),
        ),
        ("an unknown feature", table(json!({"features": ["pool"]}))),
        (
            "a promise backwards",
            json!({"command":"add_party","covers":2,"quote":{"from_minutes":10,"to_minutes":5}}),
        ),
        (
            "a promise for next week",
            json!({"command":"add_party","covers":2,"quote":{"from_minutes":1,"to_minutes":1441}}),
        ),
        (
            "a promise beyond all",
            json!({"command":"add_party","covers":2,"quote":{"from_minutes":1,"to_minutes":65_536}}),
        ),
        (
            "an order beyond all",
            json!({"command":"create_plan","name":"Roof","display_order":3_000_000_000_u64}),
        ),
        (
            "a party kept at a blocked table",
            json!({"command":"set_table_state","table_id":1,"state":"blocked","party_id":1}),
        ),
        (
            "the default plan put away",
            json!({"command":"update_plan","plan_id":1,"active":false}),
        ),
    ];
    check_json(&rows, expect![[r#"
        too far right
            400 bad_value x | x: must be a number from -10000 to 10000
        too far left
            400 bad_value x | x: must be a number from -10000 to 10000
        no width
            400 bad_value width | width must be above 0
        no height
            400 bad_value height | height must be above 0
        more than a turn
            400 bad_value rotation | rotation must be from -360 to 360
        far more than a turn
            400 bad_value rotation | rotation: invalid value: integer `100000`, expected a whole number
        more at least than at most
            400 bad_value seats.min | seats.min must not be above seats.max
        best for more than fit
            400 bad_value seats.preferred | seats.preferred must be from seats.min to seats.max
        sixty-one seats
            400 bad_value seats.max | seats.max: must be from 1 to 60, got 61
        seven features
            400 bad_value features | features must name each feature once
        an unknown feature
            400 bad_value features[0] | features[0]: unknown variant `pool`, expected one of `window`, `wheelchair`, `power`, `high_chair`, `private`, `outdoor`
        a promise backwards
            400 bad_value quote.from_minutes | quote.from_minutes must not be above quote.to_minutes
        a promise for next week
            400 bad_value quote.to_minutes | quote.to_minutes must be at most 1440
        a promise beyond all
            400 bad_value quote.to_minutes | quote.to_minutes: invalid value: integer `65536`, expected a whole number
        an order beyond all
            400 bad_value display_order | display_order: invalid value: integer `3000000000`, expected a whole number
        a party kept at a blocked table
            400 bad_value party_id | party_id goes with the state reserved only
        the default plan put away
            400 bad_value active | active must be true for the default plan
    "#]]).await;
}

#[tokio::test]
async fn a_party_sits_at_one_to_twelve_tables_each_once() {
    let seat = |ids: Vec<u64>| json!({"command":"seat_walk_in","table_ids":ids,"covers":2});
    let rows = [
        ("no table", seat(vec![])),
        ("a table twice", seat(vec![1, 2, 1])),
        ("thirteen tables", seat((1..=13).collect())),
        ("a thousand tables", seat((1..=1000).collect())),
        (
            "a move nowhere",
            json!({"command":"move_turn","turn_id":1,"table_ids":[]}),
        ),
    ];
    check_json(
        &rows,
        expect![[r#"
        no table
            400 bad_value table_ids | table_ids must name 1 to 12 tables
        a table twice
            400 bad_value table_ids | table_ids must name each table once
        thirteen tables
            400 bad_value table_ids | table_ids must name 1 to 12 tables
        a thousand tables
            400 bad_value table_ids | table_ids must name 1 to 12 tables
        a move nowhere
            400 bad_value table_ids | table_ids must name 1 to 12 tables
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_batch_holds_one_to_a_hundred_commands_and_no_batch() {
    let touch = json!({"command":"touch_turn","turn_id":1});
    let batch = |commands: Vec<Value>| json!({"command":"batch","commands":commands});
    let rows = [
        ("none", batch(vec![])),
        ("101", batch(vec![touch.clone(); 101])),
        (
            "a batch in it",
            batch(vec![touch.clone(), batch(vec![touch.clone()])]),
        ),
        ("an empty batch in it", batch(vec![batch(vec![])])),
        (
            "a bad one behind a good one",
            batch(vec![
                touch.clone(),
                json!({"command":"seat_walk_in","table_ids":[]}),
            ]),
        ),
    ];
    check_json(
        &rows,
        expect![[r#"
            none
                400 bad_value commands | commands must be 1 to 100 commands
            101
                400 bad_value commands | commands must be 1 to 100 commands
            a batch in it
                400 bad_value commands[1].command | commands[1]: command must not be a batch inside a batch
            an empty batch in it
                400 bad_value commands[0].command | commands[0]: command must not be a batch inside a batch
            a bad one behind a good one
                400 bad_value table_ids | commands[1]: table_ids must name 1 to 12 tables
        "#]],
    )
    .await;
}
