//! Requests that cannot be read or make no sense: each is told what is wrong, and nothing changes.

use crate::house::House;
use crate::probe::{command_bytes, no, standing};
use expect_test::{Expect, expect};

/// Sends each body to restaurant 1 and checks the answers, one line each, and that nothing has changed.
pub async fn check(bodies: impl IntoIterator<Item = (&str, Vec<u8>)>, expected: Expect) {
    let house = House::open().await;
    house.manager().seat(12).await;
    let before = standing(&house).await;
    let mut lines = String::new();
    for (name, body) in bodies {
        let answer = command_bytes(&house, &body).await;
        assert_eq!(standing(&house).await, before, "{name} changed the floor");
        lines += &format!("{name}\n    {}\n", no(&answer));
    }
    expected.assert_eq(&lines);
    house.manager().seat(11).await;
}

fn text(body: &str) -> (&str, Vec<u8>) {
    (body, body.as_bytes().to_vec())
}

#[tokio::test]
async fn what_is_no_json_is_told_where_it_broke() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_command = format!(
        r#"{{"command":"batch","commands":{}{}}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let bodies = vec![
        ("nothing", Vec::new()),
        ("a space", b" ".to_vec()),
        ("cut off", br#"{"command":"seat_walk_in","table_ids":[1"#.to_vec()),
        (
            "more behind it",
            br#"{"command":"touch_turn","turn_id":1}x"#.to_vec(),
        ),
        (
            "two of them",
            br#"{"command":"touch_turn","turn_id":1}{}"#.to_vec(),
        ),
        (
            "a name twice",
            br#"{"command":"seat_walk_in","table_ids":[1],"table_ids":[2]}"#.to_vec(),
        ),
        (
            "the command twice",
            br#"{"command":"touch_turn","command":"close_turn","turn_id":1}"#.to_vec(),
        ),
        (
            "a nested name twice",
            br#"{"command":"seat_walk_in","table_ids":[1],"guest":{"name":"A","name":"B"}}"#.to_vec(),
        ),
        (
            "a byte order mark",
            b"\xEF\xBB\xBF{\"command\":\"touch_turn\",\"turn_id\":1}".to_vec(),
        ),
        (
            "no UTF-8",
            b"{\"command\":\"add_party\",\"covers\":2,\"name\":\"\xFF\xFE\"}".to_vec(),
        ),
        (
            "half a surrogate",
            br#"{"command":"add_party","covers":2,"name":"\ud800"}"#.to_vec(),
        ),
        ("single quotes", b"{'command':'touch_turn','turn_id':1}".to_vec()),
        (
            "a trailing comma",
            br#"{"command":"touch_turn","turn_id":1,}"#.to_vec(),
        ),
        (
            "not a number",
            br#"{"command":"touch_turn","turn_id":NaN}"#.to_vec(),
        ),
        (
            "a number beyond all",
            br#"{"command":"touch_turn","turn_id":1e999}"#.to_vec(),
        ),
        ("ten thousand deep", deep.into_bytes()),
        ("a deep command", deep_command.into_bytes()),
    ];
    check(
        bodies,
        expect![[r#"
        nothing
            400 bad_json - | the body is not JSON: EOF while parsing a value at line 1 column 0
        a space
            400 bad_json - | the body is not JSON: EOF while parsing a value at line 1 column 1
        cut off
            400 bad_json - | the body is not JSON: EOF while parsing a list at line 1 column 40
        more behind it
            400 bad_json - | the body is not JSON: trailing characters at line 1 column 37
        two of them
            400 bad_json - | the body is not JSON: trailing characters at line 1 column 37
        a name twice
            400 bad_json - | the body is not JSON: the name `table_ids` stands twice at line 1 column 53
        the command twice
            400 bad_json - | the body is not JSON: the name `command` stands twice at line 1 column 33
        a nested name twice
            400 bad_json - | the body is not JSON: the name `name` stands twice at line 1 column 68
        a byte order mark
            400 bad_json - | the body is not JSON: expected value at line 1 column 1
        no UTF-8
            400 bad_json - | the body is not JSON: invalid unicode code point at line 1 column 43
        half a surrogate
            400 bad_json - | the body is not JSON: unexpected end of hex escape at line 1 column 49
        single quotes
            400 bad_json - | the body is not JSON: key must be a string at line 1 column 2
        a trailing comma
            400 bad_json - | the body is not JSON: trailing comma at line 1 column 37
        not a number
            400 bad_json - | the body is not JSON: expected value at line 1 column 35
        a number beyond all
            400 bad_json - | the body is not JSON: number out of range at line 1 column 39
        ten thousand deep
            400 bad_json - | the body is not JSON: recursion limit exceeded at line 1 column 128
        a deep command
            400 bad_json - | the body is not JSON: recursion limit exceeded at line 1 column 157
    "#]],
    )
    .await;
}

#[tokio::test]
async fn what_is_no_command_is_told_so() {
    let bodies = [
        "null",
        "5",
        "\"touch_turn\"",
        "[]",
        r#"["touch_turn",1]"#,
        "{}",
        r#"{"command":5}"#,
        r#"{"command":null}"#,
        r#"{"command":""}"#,
        r#"{"command":"dance"}"#,
        r#"{"command":"no.such.thing"}"#,
        r#"{"command":"SeatParty"}"#,
        r#"{"command":"Seat_party","party_id":1,"table_ids":[1]}"#,
        r#"{"seat_party":{"party_id":1,"table_ids":[1]}}"#,
    ];
    check(
        bodies.map(text),
        expect![[r#"
        null
            400 bad_value command | a command is a JSON object
        5
            400 bad_value command | a command is a JSON object
        "touch_turn"
            400 bad_value command | a command is a JSON object
        []
            400 bad_value command | a command is a JSON object
        ["touch_turn",1]
            400 bad_value command | a command is a JSON object
        {}
            400 missing_field command | missing field `command`
        {"command":5}
            400 bad_value command | command must be a text
        {"command":null}
            400 bad_value command | command must be a text
        {"command":""}
            400 unknown_command command | there is no command ``
        {"command":"dance"}
            400 unknown_command command | there is no command `dance`
        {"command":"no.such.thing"}
            400 unknown_command command | there is no command `no.such.thing`
        {"command":"SeatParty"}
            400 unknown_command command | there is no command `SeatParty`
        {"command":"Seat_party","party_id":1,"table_ids":[1]}
            400 unknown_command command | there is no command `Seat_party`
        {"seat_party":{"party_id":1,"table_ids":[1]}}
            400 missing_field command | missing field `command`
    "#]],
    )
    .await;
}

#[tokio::test]
async fn unknown_missing_and_mistyped_fields_are_named() {
    let bodies = [
        r#"{"command":"touch_turn","turn_id":1,"colour":"red"}"#,
        r#"{"command":"seat_walk_in","table_ids":[1],"guest":{"nmae":"Ada"}}"#,
        r#"{"command":"create_table","number":"99","seats":{"max":4,"legs":4}}"#,
        r#"{"command":"add_party","covers":2,"quote":{"from_minutes":5,"to_minutes":10,"unit":"h"}}"#,
        r#"{"command":"touch_turn"}"#,
        r#"{"command":"seat_party","party_id":1}"#,
        r#"{"command":"create_table","number":"99"}"#,
        r#"{"command":"create_table","number":"99","seats":{}}"#,
        r#"{"command":"touch_turn","turn_id":"1"}"#,
        r#"{"command":"touch_turn","turn_id":null}"#,
        r#"{"command":"touch_turn","turn_id":-1}"#,
        r#"{"command":"touch_turn","turn_id":1.5}"#,
        r#"{"command":"touch_turn","turn_id":99999999999999999999}"#,
        r#"{"command":"seat_walk_in","table_ids":1}"#,
        r#"{"command":"seat_walk_in","table_ids":[1,"2"]}"#,
        r#"{"command":"seat_walk_in","table_ids":[1],"force":"yes"}"#,
        r#"{"command":"seat_walk_in","table_ids":[1],"guest":"Ada"}"#,
        r#"{"command":"seat_walk_in","table_ids":[1],"guest":["Ada"]}"#,
        r#"{"command":"create_table","number":"99","seats":[1,2]}"#,
        r#"{"command":"create_table","number":99,"seats":{"max":4}}"#,
        r#"{"command":"set_table_state","table_id":1,"state":"occupied"}"#,
        r#"{"command":"advance_stage","turn_id":1,"stage":"dessert"}"#,
        r#"{"command":"batch"}"#,
        r#"{"command":"batch","commands":{}}"#,
        r#"{"command":"batch","commands":[5]}"#,
        r#"{"command":"batch","commands":[{"command":"dance"}]}"#,
        r#"{"command":"batch","commands":[{"command":"touch_turn","turn_id":1},{"turn_id":1}]}"#,
        r#"{"command":"batch","commands":[{"command":"touch_turn","turn_id":1},{"command":"touch_turn"}]}"#,
        r#"{"command":"batch","commands":[{"command":"seat_walk_in","table_ids":[1],"covers":0}]}"#,
        r#"{"command":"batch","commands":[{"command":"seat_walk_in","table_ids":[1],"guest":{"name":""}}]}"#,
        r#"{"command":"batch","commands":[],"extra":1}"#,
    ];
    check(bodies.map(text), expect![[r#"
        {"command":"touch_turn","turn_id":1,"colour":"red"}
            400 bad_value colour | colour: unknown field `colour`, expected `turn_id`
        {"command":"seat_walk_in","table_ids":[1],"guest":{"nmae":"Ada"}}
            400 bad_value guest.nmae | guest.nmae: unknown field `nmae`, expected one of `name`, `phone`, `notes`, `family_name`, `email`, `requests`, `dietary`
        {"command":"create_table","number":"99","seats":{"max":4,"legs":4}}
            400 bad_value seats.legs | seats.legs: unknown field `legs`, expected one of `min`, `max`, `preferred`
        {"command":"add_party","covers":2,"quote":{"from_minutes":5,"to_minutes":10,"unit":"h"}}
            400 bad_value quote.unit | quote.unit: unknown field `unit`, expected `from_minutes` or `to_minutes`
        {"command":"touch_turn"}
            400 bad_value turn_id | missing field `turn_id`
        {"command":"seat_party","party_id":1}
            400 bad_value table_ids | missing field `table_ids`
        {"command":"create_table","number":"99"}
            400 bad_value seats | missing field `seats`
        {"command":"create_table","number":"99","seats":{}}
            400 bad_value seats.max | seats: missing field `max`
        {"command":"touch_turn","turn_id":"1"}
            400 bad_value turn_id | turn_id: invalid type: string "1", expected a whole number
        {"command":"touch_turn","turn_id":null}
            400 bad_value turn_id | turn_id: invalid type: null, expected a whole number
        {"command":"touch_turn","turn_id":-1}
            400 bad_value turn_id | turn_id: invalid value: integer `-1`, expected a whole number
        {"command":"touch_turn","turn_id":1.5}
            400 bad_value turn_id | turn_id: invalid type: floating point `1.5`, expected a whole number
        {"command":"touch_turn","turn_id":99999999999999999999}
            400 bad_value turn_id | turn_id: invalid type: floating point `1e+20`, expected a whole number
        {"command":"seat_walk_in","table_ids":1}
            400 bad_value table_ids | table_ids: invalid type: integer `1`, expected a list
        {"command":"seat_walk_in","table_ids":[1,"2"]}
            400 bad_value table_ids[1] | table_ids[1]: invalid type: string "2", expected a whole number
        {"command":"seat_walk_in","table_ids":[1],"force":"yes"}
            400 bad_value force | force: invalid type: string "yes", expected a boolean
        {"command":"seat_walk_in","table_ids":[1],"guest":"Ada"}
            400 bad_value guest | guest: invalid type: string "Ada", expected an object
        {"command":"seat_walk_in","table_ids":[1],"guest":["Ada"]}
            400 bad_value guest | guest: invalid type: list, expected an object
        {"command":"create_table","number":"99","seats":[1,2]}
            400 bad_value seats | seats: invalid type: list, expected an object
        {"command":"create_table","number":99,"seats":{"max":4}}
            400 bad_value number | number: invalid type: integer `99`, expected a text
        {"command":"set_table_state","table_id":1,"state":"occupied"}
            400 bad_value state | state: unknown variant `occupied`, expected one of `available`, `reserved`, `dirty`, `blocked`, `maintenance`
        {"command":"advance_stage","turn_id":1,"stage":"dessert"}
            400 bad_value stage | stage: unknown variant `dessert`, expected one of `seated`, `ordered`, `served`, `bill_dropped`, `paid`
        {"command":"batch"}
            400 bad_value commands | missing field `commands`
        {"command":"batch","commands":{}}
            400 bad_value commands | commands: invalid type: map, expected a list
        {"command":"batch","commands":[5]}
            400 bad_value commands[0].command | commands[0]: a command is a JSON object
        {"command":"batch","commands":[{"command":"dance"}]}
            400 unknown_command commands[0].command | commands[0]: there is no command `dance`
        {"command":"batch","commands":[{"command":"touch_turn","turn_id":1},{"turn_id":1}]}
            400 missing_field commands[1].command | commands[1]: missing field `command`
        {"command":"batch","commands":[{"command":"touch_turn","turn_id":1},{"command":"touch_turn"}]}
            400 bad_value commands[1].turn_id | commands[1]: missing field `turn_id`
        {"command":"batch","commands":[{"command":"seat_walk_in","table_ids":[1],"covers":0}]}
            400 bad_value commands[0].covers | commands[0].covers: must be from 1 to 60, got 0
        {"command":"batch","commands":[{"command":"seat_walk_in","table_ids":[1],"guest":{"name":""}}]}
            400 bad_value commands[0].guest.name | commands[0].guest.name: must not be blank
        {"command":"batch","commands":[],"extra":1}
            400 bad_value extra | extra: unknown field `extra`, expected `commands`
    "#]]).await;
}
