//! Requests that are wrong in other ways than their JSON: sizes, lengths, stalls, keys.

use crate::house::House;
use crate::probe::{COMMANDS, FLOOR, KEY, Wire, command_bytes, no, request, signed_in, standing};
use expect_test::expect;
use serde_json::json;

const LIMIT: usize = 64 * 1024;
const TOUCH: &str = r#"{"command":"touch_turn","turn_id":1}"#;

/// A valid command of this many bytes.
fn padded(n_bytes: usize) -> Vec<u8> {
    let mut body = TOUCH.as_bytes().to_vec();
    body.resize(n_bytes, b' ');
    body
}

/// A house with turn 1 at table 12.
async fn house() -> House {
    let house = House::open().await;
    house.manager().seat(12).await;
    house
}

/// The head of a command's request with these headers.
fn head(headers: &[&str]) -> String {
    let headers = headers.join("\r\n");
    format!("POST {COMMANDS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n{headers}\r\n\r\n")
}

#[tokio::test]
async fn a_body_of_the_limit_is_read_and_a_larger_one_is_told_the_limit() {
    let house = house().await;
    assert_eq!(command_bytes(&house, &padded(LIMIT)).await.status, 200);
    let before = standing(&house).await;
    for n_bytes in [LIMIT + 1, 100 * LIMIT] {
        let answer = command_bytes(&house, &padded(n_bytes)).await;
        assert_eq!(
            no(&answer),
            "413 too_large - | the body must have at most 65536 bytes"
        );
        assert_eq!(answer.json()["facts"], json!({"bytes_max": LIMIT}));
    }
    assert_eq!(standing(&house).await, before);
}

#[tokio::test]
async fn a_body_that_never_ends_is_cut_off_at_the_limit() {
    let house = house().await;
    let mut wire = Wire::open(house.address).await;
    wire.say(head(&["transfer-encoding: chunked", "connection: close"]))
        .await;
    for _ in 0..17 {
        wire.say(format!("1000\r\n{}\r\n", " ".repeat(0x1000))).await;
    }
    assert_eq!(wire.answer().await.status, 413);
}

#[tokio::test]
async fn a_body_that_stalls_is_not_waited_for_for_ever() {
    let house = house().await;
    let before = standing(&house).await;
    let chunked = format!("{}5\r\n{{\"com", head(&["transfer-encoding: chunked"]));
    let promised = format!("{}{{\"com", head(&["content-length: 100"]));
    for bytes in [chunked, promised] {
        let mut wire = Wire::open(house.address).await;
        wire.say(bytes).await;
        tokio::time::pause();
        let answer = wire.answer().await;
        tokio::time::resume();
        assert_eq!(no(&answer), "408 too_slow - | the body took too long");
    }
    assert_eq!(standing(&house).await, before);
}

#[tokio::test]
async fn a_head_that_stalls_is_not_waited_for_for_ever() {
    let house = house().await;
    let mut wire = Wire::open(house.address).await;
    wire.say("GET /health HTTP/1.1\r\nhost: ").await;
    tokio::time::pause();
    wire.end().await;
}

#[tokio::test]
async fn a_length_that_lies_changes_nothing() {
    let house = house().await;
    let before = standing(&house).await;
    // Longer than what comes.
    let mut wire = Wire::open(house.address).await;
    wire.say(format!("{}{TOUCH}", head(&["content-length: 100"])))
        .await;
    wire.fall_silent().await;
    assert_eq!(no(&wire.answer().await), "400 bad_body - | the body broke off");
    // Shorter, negative, doubled, and beside a coding that has none.
    let length = format!("content-length: {}", TOUCH.len() - 1);
    let rows: [&[&str]; 5] = [
        &[&length],
        &["content-length: -1"],
        &["content-length: 36", "content-length: 37"],
        &["content-length: 99999999999999999999999"],
        &["transfer-encoding: gzip"],
    ];
    for headers in rows {
        let mut wire = Wire::open(house.address).await;
        wire.say(format!("{}{TOUCH}", head(headers))).await;
        assert_eq!(wire.answer().await.status, 400, "{headers:?}");
    }
    assert_eq!(standing(&house).await, before);
}

#[tokio::test]
async fn a_key_has_one_to_a_hundred_and_twenty_eight_characters() {
    let house = house().await;
    let mut lines = String::new();
    let keys = [
        String::new(),
        "k".repeat(129),
        "é".repeat(129),
        "k".repeat(128),
        "é".repeat(128),
        "a b\tc".to_owned(),
    ];
    for key in keys {
        let before = standing(&house).await.0;
        let answer = house
            .manager()
            .keyed(&key, &serde_json::from_str(TOUCH).unwrap())
            .await;
        let is_let = answer.status == 200;
        assert_eq!(standing(&house).await.0 - before, u64::from(is_let));
        let said = if is_let { "200".to_owned() } else { no(&answer) };
        lines += &format!("{} characters: {said}\n", key.chars().count());
    }
    let bytes = [
        head(&["connection: close", "content-length: 36", "idempotency-key: k?"]).as_bytes(),
        TOUCH.as_bytes(),
    ]
    .concat();
    let bytes: Vec<u8> = bytes
        .into_iter()
        .map(|it| if it == b'?' { 0xFF } else { it })
        .collect();
    let mut wire = Wire::open(house.address).await;
    wire.say(bytes).await;
    lines += &format!("no UTF-8: {}\n", no(&wire.answer().await));
    expect![[r#"
        0 characters: 400 bad_key Idempotency-Key | Idempotency-Key must have 1 to 128 characters
        129 characters: 400 bad_key Idempotency-Key | Idempotency-Key must have 1 to 128 characters
        129 characters: 400 bad_key Idempotency-Key | Idempotency-Key must have 1 to 128 characters
        128 characters: 200
        128 characters: 200
        5 characters: 200
        no UTF-8: 400 bad_key Idempotency-Key | Idempotency-Key must be UTF-8 text
    "#]]
    .assert_eq(&lines);
}

#[tokio::test]
async fn a_key_is_for_one_command() {
    let house = house().await;
    let manager = house.manager();
    let first = manager
        .keyed("k1", &json!({"command": "touch_turn", "turn_id": 1}))
        .await
        .json();
    let again = manager
        .keyed("k1", &json!({"turn_id": 1, "command": "touch_turn"}))
        .await
        .json();
    assert_eq!(again["repeated"], true);
    assert_eq!(
        (&again["seq"], &again["events"]),
        (&first["seq"], &first["events"])
    );
    let before = standing(&house).await;
    let other = manager
        .keyed("k1", &json!({"command": "close_turn", "turn_id": 1}))
        .await;
    assert_eq!(
        no(&other),
        "422 key_reused Idempotency-Key | this idempotency key was used for another command"
    );
    assert_eq!(standing(&house).await, before);
    // Another person's key is another key.
    let host = signed_in(&house, "host").await;
    assert_eq!(
        host.keyed("k1", &json!({"command": "close_turn", "turn_id": 1}))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn heads_and_options_are_answered_without_a_body() {
    let house = House::open().await;
    let bearer = format!("authorization: Bearer {KEY}");
    let mut lines = String::new();
    for path in [
        FLOOR,
        "/v1/restaurants/1/changes",
        "/v1/restaurants/1/stream",
        "/v1/me",
        "/health",
        "/metrics",
        "/docs/openapi.json",
        "/v1/sign-in",
    ] {
        for method in ["HEAD", "OPTIONS"] {
            let answer = request(house.address, method, path, &[&bearer], b"").await;
            assert!(method == "OPTIONS" || answer.text.is_empty(), "{path}");
            lines += &format!("{method} {path} {}\n", answer.status.as_u16());
        }
    }
    let sse = request(
        house.address,
        "HEAD",
        "/v1/restaurants/1/changes",
        &[&bearer, "accept: text/event-stream"],
        b"",
    )
    .await;
    assert_eq!((sse.status.as_u16(), sse.text.as_str()), (200, ""));
    expect![[r#"
        HEAD /v1/restaurants/test-restaurant-1/floor 200
        OPTIONS /v1/restaurants/test-restaurant-1/floor 405
        HEAD /v1/restaurants/1/changes 200
        OPTIONS /v1/restaurants/1/changes 405
        HEAD /v1/restaurants/1/stream 426
        OPTIONS /v1/restaurants/1/stream 405
        HEAD /v1/me 200
        OPTIONS /v1/me 405
        HEAD /health 200
        OPTIONS /health 405
        HEAD /metrics 200
        OPTIONS /metrics 405
        HEAD /docs/openapi.json 200
        OPTIONS /docs/openapi.json 405
        HEAD /v1/sign-in 405
        OPTIONS /v1/sign-in 405
    "#]]
    .assert_eq(&lines);
}
