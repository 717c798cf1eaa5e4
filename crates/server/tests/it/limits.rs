//! Each limit that an operator can set: reached, answered, and counted.

use crate::client::Client;
use crate::house::{House, evening};
use crate::probe::{
    COMMANDS, HANDSHAKE, KEY, Wire, command_bytes, heard, no, request, shake, shake_from, signed_in,
    times_reached,
};
use futures_util::SinkExt;
use hyper::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use tokio_tungstenite::tungstenite::{Error, Message};

const BEARER: &str = "Bearer demo-key-restaurant-1";
const CHANGES: &str = "/v1/restaurants/test-restaurant-1/changes";
const HERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 1);
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 3, 2, 1);

fn touch() -> Value {
    json!({"command": "touch_turn", "turn_id": 999_999})
}

fn text(frame: &Value) -> Message {
    Message::Text(frame.to_string().into())
}

/// Begins an event stream. Answers the connection, with nothing of it read yet.
async fn listen(house: &House) -> Wire {
    let mut wire = Wire::open(house.address).await;
    let head = format!(
        "GET {CHANGES} HTTP/1.1\r\nhost: x\r\nauthorization: {BEARER}\r\naccept: text/event-stream\r\n\r\n"
    );
    wire.say(head).await;
    wire
}

/// What an event stream that is not let in is answered.
async fn no_events(house: &House) -> crate::client::Answer {
    let accept = [("accept", "text/event-stream")];
    let manager = house.manager();
    manager.send(Method::GET, CHANGES, &accept, String::new()).await
}

#[tokio::test]
async fn past_so_many_connections_new_ones_are_closed_until_another_ends() {
    let house = House::open_with(|it| it.limits.connections = 2).await;
    let mut first = Wire::open(house.address).await;
    first.say("GET /health HTTP/1.1\r\nhost: x\r\n\r\n").await;
    first.until("\r\n\r\n").await;
    // A connection that has become a WebSocket counts on.
    let mut second = shake(&house, "1", &[("authorization", BEARER)]).await.unwrap();
    assert_eq!(heard(&mut second).await.unwrap()["type"], "snapshot");
    Wire::open(house.address).await.end().await;
    drop(first);
    // Its place is free as soon as the server has noticed.
    let figures = loop {
        let mut wire = Wire::open(house.address).await;
        wire.say("GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            .await;
        if let Some(answer) = wire.try_answer().await {
            break answer.text;
        }
    };
    let counted = figures
        .lines()
        .find_map(|it| it.strip_prefix("maitred_limits_total{limit=\"connections\"} "));
    assert!(counted.unwrap().parse::<u64>().unwrap() >= 1, "{figures}");
}

#[tokio::test]
async fn a_restaurant_has_room_for_so_many_streams_of_each_kind() {
    let house = House::open_with(|it| it.limits.connections_per_restaurant = 1).await;
    let mut first = house.screen().await;
    first.next().await;
    let mut second = house.screen().await;
    assert_eq!(second.close_code().await.0, 4008);
    let mut events = listen(&house).await;
    events.until("\"type\":\"snapshot\"").await;
    let answer = no_events(&house).await;
    assert_eq!(
        no(&answer),
        "429 too_many_streams - | 1 streams of this restaurant are open, which is the limit"
    );
    assert_eq!(answer.headers["retry-after"], "5");
    assert_eq!(
        answer.json()["facts"],
        json!({"limit": "connections_per_restaurant", "max": 1})
    );
    assert_eq!(times_reached(&house, "connections_per_restaurant").await, 2);
    // Another restaurant has its own, and a place that is left is free.
    let bearer = [("authorization", "Bearer demo-key-restaurant-2")];
    let mut other = shake(&house, "2", &bearer).await.unwrap();
    assert_eq!(heard(&mut other).await.unwrap()["type"], "snapshot");
    first.say(Message::Close(None)).await;
    drop(first);
    loop {
        let mut third = shake(&house, "1", &[("authorization", BEARER)]).await.unwrap();
        if let Ok(frame) = heard(&mut third).await {
            assert_eq!(frame["type"], "snapshot");
            break;
        }
    }
}

#[tokio::test]
async fn an_address_may_begin_so_many_streams_in_a_minute() {
    let house = House::open_with(|it| it.limits.handshakes_per_minute = 2).await;
    // One that fails counts as well.
    assert!(
        shake(&house, "1", &[("authorization", "Bearer nonsense")])
            .await
            .is_err()
    );
    listen(&house).await.until("\"type\":\"snapshot\"").await;
    let headers: Vec<_> = HANDSHAKE
        .into_iter()
        .chain(["authorization: Bearer demo-key-restaurant-1"])
        .collect();
    let said = "429 too_many_handshakes - | more than 2 streams were begun from this address within a minute";
    let stream = "/v1/restaurants/1/stream";
    let answers = [
        request(house.address, "GET", stream, &headers, b"").await,
        no_events(&house).await,
    ];
    for answer in answers {
        assert_eq!(no(&answer), said);
        assert_eq!(answer.headers["retry-after"], "30");
    }
    assert_eq!(times_reached(&house, "handshakes_per_minute").await, 2);
    // Somewhere else it is another one's business, and it is no question of requests.
    let mut other = shake_from(&house, ELSEWHERE).await.unwrap();
    assert_eq!(heard(&mut other).await.unwrap()["type"], "snapshot");
    house.manager().floor().await;
    house.clock.set(evening() + SignedDuration::from_secs(30));
    assert!(shake_from(&house, HERE).await.is_ok());
    match shake_from(&house, HERE).await {
        Err(Error::Http(answer)) => assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS),
        other => panic!("{:?}", other.err()),
    }
}

#[tokio::test]
async fn a_connection_that_says_too_much_at_once_is_ended() {
    let house = House::open_with(|it| it.limits.messages_per_second = 2).await;
    let mut talker = shake(&house, "1", &[("authorization", BEARER)]).await.unwrap();
    assert_eq!(heard(&mut talker).await.unwrap()["type"], "snapshot");
    let mut other = shake(&house, "1", &[("authorization", BEARER)]).await.unwrap();
    assert_eq!(heard(&mut other).await.unwrap()["type"], "snapshot");
    for _ in 0..10 {
        talker.send(text(&json!({"type": "ping"}))).await.unwrap();
        assert_eq!(heard(&mut talker).await.unwrap()["type"], "pong");
    }
    // Pings of the protocol are messages too.
    talker.send(Message::Ping(vec![1].into())).await.unwrap();
    assert_eq!(heard(&mut talker).await, Err(4008));
    assert_eq!(times_reached(&house, "messages_per_second").await, 1);
    other.send(text(&json!({"type": "ping"}))).await.unwrap();
    assert_eq!(heard(&mut other).await.unwrap()["type"], "pong");
}

#[tokio::test]
async fn a_holder_may_ask_a_restaurant_for_so_many_commands_through_whichever_door() {
    let house = House::open_with(|it| it.limits.commands_per_second = 1).await;
    let mut screen = house.screen().await;
    screen.next().await;
    let client = house.manager();
    for n in 0..10 {
        if n % 2 == 0 {
            assert_eq!(client.command(touch()).await.json()["code"], "unknown_turn");
        } else {
            screen
                .send(&json!({"type": "command", "id": "a", "command": touch()}))
                .await;
            assert_eq!(screen.next().await["code"], "unknown_turn");
        }
    }
    let answer = client.command(touch()).await;
    let said = "too_many_commands - | more than 1 commands a second were sent with this credential";
    assert_eq!(no(&answer), format!("429 {said}"));
    assert_eq!(answer.headers["retry-after"], "1");
    screen
        .send(&json!({"type": "command", "id": "b", "command": touch()}))
        .await;
    let refused = screen.next().await;
    assert_eq!(
        (&refused["type"], &refused["id"]),
        (&json!("refused"), &json!("b"))
    );
    assert_eq!(crate::probe::complaint(&refused), said);
    let settings = r#"{"clean_after_close":true}"#.to_owned();
    let path = "/v1/restaurants/1/settings";
    assert_eq!(client.send(Method::PATCH, path, &[], settings).await.status, 429);
    assert_eq!(times_reached(&house, "commands_per_second").await, 3);
    // Others have their own, reading is free, and a second later one more is.
    let waiter = signed_in(&house, "waiter").await;
    assert_eq!(waiter.command(touch()).await.json()["code"], "unknown_turn");
    client.floor().await;
    house.clock.set(evening() + SignedDuration::from_secs(1));
    assert_eq!(client.command(touch()).await.json()["code"], "unknown_turn");
    assert_eq!(client.command(touch()).await.status, 429);
}

#[tokio::test]
async fn a_body_is_as_large_as_the_operator_says() {
    let house = House::open_with(|it| it.limits.body_bytes = 2_000).await;
    let mut body = br#"{"command":"touch_turn","turn_id":1}"#.to_vec();
    body.resize(2_000, b' ');
    assert_eq!(command_bytes(&house, &body).await.json()["code"], "unknown_turn");
    body.push(b' ');
    let answer = command_bytes(&house, &body).await;
    assert_eq!(
        no(&answer),
        "413 too_large - | the body must have at most 2000 bytes"
    );
    assert_eq!(answer.json()["facts"], json!({"bytes_max": 2_000}));
    assert_eq!(times_reached(&house, "body_bytes").await, 1);
}

#[tokio::test]
async fn a_message_is_as_large_as_the_operator_says() {
    let house = House::open_with(|it| it.limits.frame_bytes = 2_000).await;
    let mut socket = shake(&house, "1", &[("authorization", BEARER)]).await.unwrap();
    assert_eq!(heard(&mut socket).await.unwrap()["type"], "snapshot");
    let mut ping = r#"{"type":"ping"}"#.to_owned();
    ping.push_str(&" ".repeat(2_000 - ping.len()));
    socket.send(Message::Text(ping.clone().into())).await.unwrap();
    assert_eq!(heard(&mut socket).await.unwrap()["type"], "pong");
    ping.push(' ');
    socket.send(Message::Text(ping.into())).await.unwrap();
    assert_eq!(heard(&mut socket).await, Err(1009));
    assert_eq!(times_reached(&house, "frame_bytes").await, 1);
}

#[tokio::test]
async fn a_request_that_is_not_finished_in_time_is_not_waited_for() {
    let house = House::open_with(|it| (it.limits.header_seconds, it.limits.body_seconds) = (30, 40)).await;
    let mut head = Wire::open(house.address).await;
    head.say("GET /health HTTP/1.1\r\nhost:").await;
    let mut body = Wire::open(house.address).await;
    let lines = format!("POST {COMMANDS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}");
    body.say(format!(
        "{lines}\r\nconnection: close\r\ncontent-length: 10\r\n\r\n{{"
    ))
    .await;
    // Once nothing moves any more, the clock goes on by itself.
    tokio::time::pause();
    head.end().await;
    let answer = body.answer().await;
    assert_eq!(no(&answer), "408 too_slow - | the body took too long");
    tokio::time::resume();
    assert_eq!(times_reached(&house, "header_seconds").await, 1);
    assert_eq!(times_reached(&house, "body_seconds").await, 1);
}

#[tokio::test]
async fn a_stream_that_brings_no_credential_in_time_is_not_waited_for() {
    let house = House::open_with(|it| it.limits.auth_seconds = 60).await;
    let mut socket = shake(&house, "1", &[]).await.unwrap();
    tokio::time::pause();
    assert_eq!(heard_at_last(&mut socket).await, Err(4100));
    tokio::time::resume();
    assert_eq!(times_reached(&house, "auth_seconds").await, 1);
}

/// As [`heard`], however long it takes on a clock that goes on by itself.
async fn heard_at_last(socket: &mut crate::probe::Socket) -> Result<Value, u16> {
    use futures_util::StreamExt;
    match socket.next().await {
        Some(Ok(Message::Close(Some(goodbye)))) => Err(goodbye.code.into()),
        other => panic!("expected a goodbye, got {other:?}"),
    }
}

#[tokio::test]
async fn limits_that_nobody_has_reached_are_counted_as_that() {
    let house = House::open().await;
    for limit in maitred::limits::Limit::ALL {
        assert_eq!(times_reached(&house, limit.name()).await, 0);
    }
    let elsewhere = Client::from_source(house.address, ELSEWHERE, None);
    assert_eq!(elsewhere.get("/health").await.status, StatusCode::OK);
}
