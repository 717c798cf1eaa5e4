//! What screens send on the stream: every frame gets its answer or its goodbye, and harms nobody.

use crate::client::Screen;
use crate::house::House;
use crate::probe::{complaint, sign_in, standing};
use expect_test::expect;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

const LIMIT: usize = 64 * 1024;

/// A connected screen that has its snapshot, and the head it began at.
async fn ready(house: &House) -> (Screen, u64) {
    let mut screen = house.screen().await;
    let snapshot = screen.next().await;
    (screen, snapshot["seq"].as_u64().unwrap())
}

/// The screen still gets answers.
async fn lives(screen: &mut Screen) {
    screen.send(&json!({"type": "ping"})).await;
    assert_eq!(screen.next().await, json!({"type": "pong"}));
}

/// The bytes of the next pong of the protocol itself.
async fn pong(screen: &mut Screen) -> Vec<u8> {
    loop {
        if let Some(Message::Pong(bytes)) = screen.message().await {
            return bytes.to_vec();
        }
    }
}

fn touch(id: &str) -> Value {
    json!({"type": "command", "id": id, "command": {"command": "touch_turn", "turn_id": 1}})
}

#[tokio::test]
async fn a_frame_that_makes_no_sense_is_refused_and_the_stream_goes_on() {
    let house = House::open().await;
    house.manager().seat(12).await;
    let before = standing(&house).await;
    let (mut screen, _) = ready(&house).await;
    let long = "i".repeat(129);
    let command = r#"{"command":"touch_turn","turn_id":1}"#;
    let frames = [
        "".to_owned(),
        "{".to_owned(),
        "null".to_owned(),
        r#"["ping"]"#.to_owned(),
        r#"{"id":"c1"}"#.to_owned(),
        r#"{"type":"dance","id":"c1"}"#.to_owned(),
        r#"{"type":5,"id":"c1"}"#.to_owned(),
        r#"{"type":"ping","id":"c1","now":true}"#.to_owned(),
        r#"{"type":"ping","type":"ping"}"#.to_owned(),
        r#"{"type":"auth"}"#.to_owned(),
        r#"{"type":"auth","token":5}"#.to_owned(),
        format!(r#"{{"type":"command","command":{command}}}"#),
        format!(r#"{{"type":"command","id":"","command":{command}}}"#),
        format!(r#"{{"type":"command","id":"{long}","command":{command}}}"#),
        format!(r#"{{"type":"command","id":7,"command":{command}}}"#),
        format!(r#"{{"type":"command","id":"c1","command":{command},"colour":"red"}}"#),
        format!(r#"{{"type":"command","id":"c1","key":"","command":{command}}}"#),
        format!(r#"{{"type":"command","id":"c1","key":"{long}","command":{command}}}"#),
        format!(r#"{{"type":"command","id":"c1","key":5,"command":{command}}}"#),
        r#"{"type":"command","id":"c1"}"#.to_owned(),
        r#"{"type":"command","id":"c1","command":null}"#.to_owned(),
        r#"{"type":"command","id":"c1","command":"touch_turn"}"#.to_owned(),
        r#"{"type":"command","id":"c1","command":{"command":"dance"}}"#.to_owned(),
        r#"{"type":"command","id":"c1","command":{"command":"touch_turn","turn_id":1,"turn_id":2}}"#
            .to_owned(),
        r#"{"type":"command","id":"c1","command":{"command":"touch_turn","turn_id":99}}"#.to_owned(),
    ];
    let mut lines = String::new();
    for frame in frames {
        screen.say(Message::Text(frame.clone().into())).await;
        let refused = screen.next().await;
        assert_eq!(refused["type"], "refused", "{frame}: {refused}");
        let frame = frame.replace(&long, "<129 × i>");
        lines += &format!("{frame}\n    {} {}\n", refused["id"], complaint(&refused));
    }
    screen.say(Message::Binary(vec![1, 2, 3].into())).await;
    lines += &format!("binary\n    {}\n", complaint(&screen.next().await));
    expect![[r#"

            null bad_json - | the body is not JSON: EOF while parsing a value at line 1 column 0
        {
            null bad_json - | the body is not JSON: EOF while parsing an object at line 1 column 1
        null
            null bad_value type | type must be command, auth or ping
        ["ping"]
            null bad_value type | type must be command, auth or ping
        {"id":"c1"}
            "c1" bad_value type | type must be command, auth or ping
        {"type":"dance","id":"c1"}
            "c1" bad_value type | type must be command, auth or ping
        {"type":5,"id":"c1"}
            "c1" bad_value type | type must be command, auth or ping
        {"type":"ping","id":"c1","now":true}
            "c1" bad_value id | unknown field `id`, there are no fields
        {"type":"ping","type":"ping"}
            null bad_json - | the body is not JSON: the name `type` stands twice at line 1 column 21
        {"type":"auth"}
            null bad_value token | missing field `token`
        {"type":"auth","token":5}
            null bad_value token | token must be a text
        {"type":"command","command":{"command":"touch_turn","turn_id":1}}
            null bad_value id | missing field `id`
        {"type":"command","id":"","command":{"command":"touch_turn","turn_id":1}}
            null bad_value id | id must have 1 to 128 characters
        {"type":"command","id":"<129 × i>","command":{"command":"touch_turn","turn_id":1}}
            null bad_value id | id must have 1 to 128 characters
        {"type":"command","id":7,"command":{"command":"touch_turn","turn_id":1}}
            null bad_value id | id must be a text
        {"type":"command","id":"c1","command":{"command":"touch_turn","turn_id":1},"colour":"red"}
            "c1" bad_value colour | unknown field `colour`, expected one of `id`, `key`, `command`
        {"type":"command","id":"c1","key":"","command":{"command":"touch_turn","turn_id":1}}
            "c1" bad_key key | key must have 1 to 128 characters
        {"type":"command","id":"c1","key":"<129 × i>","command":{"command":"touch_turn","turn_id":1}}
            "c1" bad_key key | key must have 1 to 128 characters
        {"type":"command","id":"c1","key":5,"command":{"command":"touch_turn","turn_id":1}}
            "c1" bad_value key | key must be a text
        {"type":"command","id":"c1"}
            "c1" bad_value command | missing field `command`
        {"type":"command","id":"c1","command":null}
            "c1" bad_value command | a command is a JSON object
        {"type":"command","id":"c1","command":"touch_turn"}
            "c1" bad_value command | a command is a JSON object
        {"type":"command","id":"c1","command":{"command":"dance"}}
            "c1" unknown_command command | there is no command `dance`
        {"type":"command","id":"c1","command":{"command":"touch_turn","turn_id":1,"turn_id":2}}
            null bad_json - | the body is not JSON: the name `turn_id` stands twice at line 1 column 83
        {"type":"command","id":"c1","command":{"command":"touch_turn","turn_id":99}}
            "c1" unknown_turn - | there is no turn with id 99 here
        binary
            bad_json - | frames are JSON texts, not binary
    "#]]
    .assert_eq(&lines);
    lives(&mut screen).await;
    assert_eq!(standing(&house).await, before);
}

#[tokio::test]
async fn an_id_of_one_to_a_hundred_and_twenty_eight_characters_comes_back() {
    let house = House::open().await;
    house.manager().seat(12).await;
    let (mut screen, head) = ready(&house).await;
    for (n, id) in (1..).zip([
        "1".to_owned(),
        "i".repeat(128),
        "é".repeat(128),
        "\"\\\u{1}".to_owned(),
    ]) {
        screen.send(&touch(&id)).await;
        assert_eq!(screen.next().await["seq"], head + n);
        assert_eq!(
            screen.next().await,
            json!({"type": "result", "id": id, "seq": head + n})
        );
    }
}

#[tokio::test]
async fn a_refused_command_says_who_has_the_table() {
    let house = House::open().await;
    house.manager().seat(12).await;
    let (mut screen, head) = ready(&house).await;
    let command = json!({"command": "seat_walk_in", "table_ids": [12], "covers": 4});
    screen
        .send(&json!({"type": "command", "id": "c1", "command": command}))
        .await;
    let refused = screen.next().await;
    assert_eq!(
        refused,
        json!({
            "type": "refused", "id": "c1", "code": "table_taken", "field": null,
            "message": "table 12 is taken by party 1",
            "facts": {"table_id": 12, "turn_id": 1, "party_id": 1, "free_table_ids": [4, 5, 7]},
        })
    );
    assert_eq!(standing(&house).await.0, head);
}

#[tokio::test]
async fn a_role_that_may_not_is_refused_on_the_stream_too() {
    let house = House::open().await;
    house.manager().seat(12).await;
    let token = sign_in(&house, "analyst").await;
    let connected = Screen::connect(house.address, "test-restaurant-1", "", Some(&token)).await;
    let mut screen = connected.unwrap();
    assert_eq!(screen.next().await["type"], "snapshot");
    screen.send(&touch("c1")).await;
    assert_eq!(screen.next().await["code"], "not_allowed");
    lives(&mut screen).await;
}

#[tokio::test]
async fn the_largest_frame_is_heard_and_a_larger_one_ends_the_stream() {
    let house = House::open().await;
    let before = standing(&house).await;
    for n_bytes in [LIMIT, LIMIT + 1, 10 * LIMIT] {
        let (mut screen, _) = ready(&house).await;
        let ping = r#"{"type":"ping"}"#;
        let frame = format!("{ping}{}", " ".repeat(n_bytes - ping.len()));
        screen.say(Message::Text(frame.into())).await;
        if n_bytes == LIMIT {
            assert_eq!(screen.next().await, json!({"type": "pong"}));
        } else {
            assert_eq!(screen.close_code().await.0, 1009, "{n_bytes} bytes");
        }
    }
    assert_eq!(standing(&house).await, before);
}

#[tokio::test]
async fn fragments_of_a_text_are_one_frame() {
    use tokio_tungstenite::tungstenite::protocol::frame::Frame;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
    let house = House::open().await;
    let (mut screen, _) = ready(&house).await;
    let parts = [
        ("{\"ty", Data::Text),
        ("pe\":\"pi", Data::Continue),
        ("ng\"}", Data::Continue),
    ];
    for (n, (text, kind)) in parts.into_iter().enumerate() {
        let frame = Frame::message(text.as_bytes().to_vec(), OpCode::Data(kind), n == 2);
        screen.say(Message::Frame(frame)).await;
        if n == 0 {
            screen.say(Message::Ping(vec![7].into())).await;
        }
    }
    assert_eq!(pong(&mut screen).await, [7]);
    assert_eq!(screen.next().await, json!({"type": "pong"}));
    // Together they are too large, none is alone.
    let part = vec![b' '; LIMIT / 2 + 1];
    screen
        .say(Message::Frame(Frame::message(
            part.clone(),
            OpCode::Data(Data::Text),
            false,
        )))
        .await;
    screen
        .say(Message::Frame(Frame::message(
            part,
            OpCode::Data(Data::Continue),
            true,
        )))
        .await;
    assert_eq!(screen.close_code().await.0, 1009);
}

#[tokio::test]
async fn text_that_is_no_utf8_ends_the_stream() {
    use tokio_tungstenite::tungstenite::protocol::frame::Frame;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
    let house = House::open().await;
    let (mut screen, _) = ready(&house).await;
    let bytes = b"{\"type\":\"ping\xFF\"}".to_vec();
    screen
        .say(Message::Frame(Frame::message(
            bytes,
            OpCode::Data(Data::Text),
            true,
        )))
        .await;
    assert_eq!(screen.close_code().await.0, 1007);
}

#[tokio::test]
async fn a_protocol_ping_is_answered_with_its_own_bytes() {
    let house = House::open().await;
    let (mut screen, _) = ready(&house).await;
    screen.say(Message::Ping(b"still there?".to_vec().into())).await;
    assert_eq!(pong(&mut screen).await, *b"still there?");
    lives(&mut screen).await;
}
