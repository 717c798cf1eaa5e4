//! Who gets onto the stream, how, and where from.

use crate::house::House;
use crate::probe::{HANDSHAKE, Wire, heard, no, request, shake, sign_in};
use expect_test::expect;
use futures_util::SinkExt;
use hyper::StatusCode;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message};

const STREAM: &str = "/v1/restaurants/test-restaurant-1/stream";

/// What the stream of `restaurant` says to this first message on a socket without a credential.
async fn first(house: &House, restaurant: &str, message: Message) -> Result<Value, u16> {
    let mut socket = shake(house, restaurant, &[]).await.unwrap();
    socket.send(message).await.unwrap();
    heard(&mut socket).await
}

fn auth(token: &str) -> Message {
    Message::Text(json!({"type": "auth", "token": token}).to_string().into())
}

/// The status of a handshake with these headers.
async fn status(house: &House, restaurant: &str, headers: &[(&str, &str)]) -> StatusCode {
    match shake(house, restaurant, headers).await {
        Ok(_) => StatusCode::SWITCHING_PROTOCOLS,
        Err(Error::Http(response)) => response.status(),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_first_frame_can_bring_the_credential() {
    let house = House::open().await;
    let token = sign_in(&house, "waiter").await;
    for credential in ["demo-key-restaurant-1", &token] {
        let snapshot = first(&house, "test-restaurant-1", auth(credential))
            .await
            .unwrap();
        assert_eq!(snapshot["type"], "snapshot");
    }
}

#[tokio::test]
async fn a_first_frame_that_brings_none_ends_the_stream() {
    let house = House::open().await;
    let text = |it: &str| Message::Text(it.into());
    let rows = [
        ("a wrong token", auth("demo-key-restaurant-9"), 4100),
        ("an empty token", auth(""), 4100),
        ("a ping", text(r#"{"type":"ping"}"#), 4100),
        (
            "a command",
            text(r#"{"type":"command","id":"1","command":{"command":"touch_turn","turn_id":1}}"#),
            4100,
        ),
        ("no JSON", text("hello"), 4100),
        (
            "a token and more",
            text(r#"{"type":"auth","token":"demo-key-restaurant-1","x":1}"#),
            4100,
        ),
        ("bytes", Message::Binary(vec![1].into()), 4100),
        ("too much", text(&"x".repeat(64 * 1024 + 1)), 1009),
        ("another restaurant's key", auth("demo-key-restaurant-2"), 4103),
    ];
    for (name, message, code) in rows {
        assert_eq!(first(&house, "1", message).await, Err(code), "{name}");
    }
    // Nobody learns that way which restaurants there are.
    assert_eq!(
        first(&house, "nowhere", auth("demo-key-restaurant-1")).await,
        Err(4103)
    );
}

#[tokio::test]
async fn a_stream_that_brings_no_credential_in_five_seconds_ends() {
    let house = House::open().await;
    let mut socket = shake(&house, "1", &[]).await.unwrap();
    tokio::time::pause();
    assert_eq!(heard(&mut socket).await, Err(4100));
}

#[tokio::test]
async fn a_fresh_credential_keeps_the_place_and_brings_its_own_rights() {
    let house = House::open().await;
    let (waiter, analyst) = (sign_in(&house, "waiter").await, sign_in(&house, "analyst").await);
    let mut socket = shake(&house, "1", &[("authorization", &format!("Bearer {waiter}"))])
        .await
        .unwrap();
    let head = heard(&mut socket).await.unwrap()["seq"].as_u64().unwrap();
    socket.send(auth(&waiter)).await.unwrap();
    house.manager().seat(12).await;
    assert_eq!(heard(&mut socket).await.unwrap()["seq"], head + 1);
    socket.send(auth(&analyst)).await.unwrap();
    let command = json!({"type": "command", "id": "c1", "command": {"command": "touch_turn", "turn_id": 1}});
    socket
        .send(Message::Text(command.to_string().into()))
        .await
        .unwrap();
    assert_eq!(heard(&mut socket).await.unwrap()["code"], "not_allowed");
    house.manager().seat(11).await;
    assert_eq!(heard(&mut socket).await.unwrap()["seq"], head + 2);
}

#[tokio::test]
async fn a_credential_that_is_worth_nothing_here_ends_the_stream_that_shows_it() {
    let house = House::open().await;
    for (token, code) in [("gone", 4100), ("demo-key-restaurant-2", 4103)] {
        let mut socket = shake(&house, "1", &[("authorization", "Bearer demo-key-restaurant-1")])
            .await
            .unwrap();
        assert_eq!(heard(&mut socket).await.unwrap()["type"], "snapshot");
        socket.send(auth(token)).await.unwrap();
        assert_eq!(heard(&mut socket).await, Err(code));
    }
}

#[tokio::test]
async fn a_handshake_with_a_bad_credential_is_answered_before_it_is_a_socket() {
    let house = House::open().await;
    let bearer = |it: &str| format!("Bearer {it}");
    assert_eq!(
        status(&house, "1", &[("authorization", &bearer("nonsense"))]).await,
        401
    );
    assert_eq!(
        status(
            &house,
            "1",
            &[("authorization", &bearer("demo-key-restaurant-2"))]
        )
        .await,
        404
    );
    assert_eq!(
        status(
            &house,
            "99",
            &[("authorization", &bearer("demo-key-restaurant-1"))]
        )
        .await,
        404
    );
    assert_eq!(
        status(&house, "1", &[("cookie", "maitred_session=nonsense")]).await,
        401
    );
}

#[tokio::test]
async fn a_browser_that_is_signed_in_connects_with_its_cookie() {
    let house = House::open().await;
    let cookie = format!("theme=dark; maitred_session={}", sign_in(&house, "host").await);
    let mut socket = shake(&house, "1", &[("cookie", &cookie)]).await.unwrap();
    assert_eq!(heard(&mut socket).await.unwrap()["type"], "snapshot");
}

#[tokio::test]
async fn only_pages_of_listed_origins_connect() {
    let house = House::open().await;
    let own = format!("http://{}", house.address);
    let rows = [
        (own.as_str(), 101),
        ("http://localhost:5173", 101),
        ("http://127.0.0.1:1", 101),
        ("https://evil.example", 403),
        ("http://localhost.evil.example", 403),
        ("http://127.0.0.1.evil.example:8000", 403),
        ("null", 403),
        ("", 403),
        ("http://\u{e9}vil.example", 403),
    ];
    for (origin, expected) in rows {
        let headers = [
            ("authorization", "Bearer demo-key-restaurant-1"),
            ("origin", origin),
        ];
        assert_eq!(status(&house, "1", &headers).await, expected, "{origin}");
    }
}

#[tokio::test]
async fn a_foreign_page_can_do_nothing_with_the_cookie_of_whoever_looks_at_it() {
    let house = House::open().await;
    let cookie = format!("cookie: maitred_session={}", sign_in(&house, "manager").await);
    let body = br#"{"command":"seat_walk_in","table_ids":[1]}"#;
    for (origin, expected) in [("https://evil.example", 403), ("http://localhost:3000", 200)] {
        let headers = [
            cookie.as_str(),
            &format!("origin: {origin}"),
            "content-type: text/plain",
        ];
        let answer = request(house.address, "POST", crate::probe::COMMANDS, &headers, body).await;
        assert_eq!(answer.status, expected, "{answer:?}");
        if expected == 403 {
            let said = "403 origin_not_listed - | pages of this origin may not connect";
            assert_eq!(no(&answer), said);
        }
    }
}

#[tokio::test]
async fn what_is_no_handshake_is_told_how_to_make_one() {
    let house = House::open().await;
    let bearer = "authorization: Bearer demo-key-restaurant-1";
    let without = |n: usize| {
        let mut headers = HANDSHAKE.to_vec();
        headers.remove(n);
        headers
    };
    let mut version_12 = without(2);
    version_12.push("sec-websocket-version: 12");
    let rows = [
        ("a plain GET", vec![]),
        ("no connection", without(0)),
        ("no upgrade", without(1)),
        ("no version", without(2)),
        ("no key", without(3)),
        ("version 12", version_12),
    ];
    let mut lines = String::new();
    for (name, mut headers) in rows {
        headers.push(bearer);
        let answer = request(house.address, "GET", STREAM, &headers, b"").await;
        assert_eq!(answer.headers["upgrade"], "websocket", "{name}");
        assert_eq!(answer.headers["sec-websocket-version"], "13", "{name}");
        lines += &format!("{name}\n    {}\n", no(&answer));
    }
    expect![[r#"
        a plain GET
            426 not_a_websocket - | this address is a WebSocket: connect with `Upgrade: websocket`
        no connection
            426 not_a_websocket - | this address is a WebSocket: connect with `Upgrade: websocket`
        no upgrade
            426 not_a_websocket - | this address is a WebSocket: connect with `Upgrade: websocket`
        no version
            426 not_a_websocket - | only WebSocket version 13 is spoken here
        no key
            426 not_a_websocket - | this address is a WebSocket: connect with `Upgrade: websocket`
        version 12
            426 not_a_websocket - | only WebSocket version 13 is spoken here
    "#]]
    .assert_eq(&lines);
}

#[tokio::test]
async fn frames_that_come_with_the_handshake_are_heard() {
    let house = House::open().await;
    let mut wire = Wire::open(house.address).await;
    let bearer = "authorization: Bearer demo-key-restaurant-1";
    let head = format!(
        "GET {STREAM}?after=0 HTTP/1.1\r\nhost: x\r\n{}\r\n{bearer}\r\n\r\n",
        HANDSHAKE.join("\r\n")
    );
    // A masked close frame, in the same packet as the handshake.
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]);
    wire.say(bytes).await;
    assert_eq!(wire.answer().await.status, 101);
}
