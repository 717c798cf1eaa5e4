//! Who gets into the namespace, what may be said there, and how the silent leave.

use super::visitor::{By, Line, Poller, Visitor, WAYS};
use super::{KEY, NAMESPACE};
use crate::house::House;
use crate::probe::{HANDSHAKE, request};
use crate::visitors::{Is, everybody, house_for_all};
use futures_util::SinkExt;
use maitred::config::Config;
use maitred::rights::{Right, allow};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

const UNAUTHORIZED: &str = r#"44/restaurant/tables,{"message":"Unauthorized"}"#;

#[tokio::test]
async fn whoever_shows_something_good_is_in_and_joins_what_is_theirs() {
    let house = house_for_all().await;
    for visitor in everybody(&house).await {
        for by in WAYS {
            let mut client = Visitor::open(&house, by).await;
            let auth = visitor
                .credential
                .as_ref()
                .map_or(json!({}), |it| json!({"token": it}));
            let said = client.try_enter(NAMESPACE, &auth).await.unwrap();
            if matches!(visitor.is, Is::Stranger(_)) {
                assert_eq!(said, UNAUTHORIZED, "{}", visitor.name);
                continue;
            }
            assert!(
                said.starts_with("40/restaurant/tables,{\"sid\":\""),
                "{}: {said}",
                visitor.name
            );
            let answer = client.join(&json!("1")).await;
            let may = match &visitor.is {
                Is::Here(roles) => allow(roles, Right::Look),
                Is::Operator => true,
                Is::Elsewhere | Is::Stranger(_) => false,
            };
            assert_eq!(answer["ok"], may, "{}: {answer}", visitor.name);
            if !may {
                assert_eq!(answer, json!({"ok": false, "error": "forbidden"}));
            }
        }
    }
}

#[tokio::test]
async fn nothing_is_said_first_and_the_name_there_is_another_one() {
    let house = House::open().await;
    let poller = Poller::open(house.address).await;
    let sid = poller.sid().to_owned();
    let mut client = Visitor::on(Line::Polling(poller));
    let said = client.try_enter(NAMESPACE, &json!({"token": KEY})).await.unwrap();
    assert!(!said.contains(&sid), "{said}");
    house.manager().seat(12).await;
    assert!(
        client.told().await.is_empty(),
        "whoever has joined nothing hears of nothing"
    );
}

#[tokio::test]
async fn whoever_is_not_let_in_may_try_again_on_the_same_connection() {
    let house = House::open().await;
    for by in WAYS {
        let mut client = Visitor::open(&house, by).await;
        for auth in [
            json!({}),
            json!({"token": "wrong"}),
            json!({"token": 1}),
            json!(null),
            json!([]),
        ] {
            let said = client.try_enter(NAMESPACE, &auth).await;
            assert_eq!(said.as_deref(), Some(UNAUTHORIZED), "{auth}");
        }
        client.send(&format!("40{NAMESPACE}")).await;
        assert_eq!(client.next().await.as_deref(), Some(UNAUTHORIZED));
        client.enter(KEY).await;
        client.joined(&json!("1")).await;
    }
}

#[tokio::test]
async fn whoever_tries_too_often_is_sent_away() {
    let house = House::open_with(|config| config.limits.handshakes_per_minute = 5).await;
    let mut client = Visitor::open(&house, By::Socket).await;
    let mut n_tries = 0;
    while client
        .try_enter(NAMESPACE, &json!({"token": "wrong"}))
        .await
        .is_some()
    {
        n_tries += 1;
    }
    assert_eq!(n_tries, 5);
}

#[tokio::test]
async fn other_namespaces_are_not_there() {
    let house = House::open().await;
    for by in WAYS {
        let mut client = Visitor::open(&house, by).await;
        client.send("40/zzz,{\"token\":\"x\"}").await;
        let said = client.next().await.unwrap();
        assert_eq!(said, r#"44/zzz,{"message":"Invalid namespace"}"#);
        client.send("40").await;
        assert_eq!(
            client.next().await.unwrap(),
            r#"44{"message":"Invalid namespace"}"#
        );
        client.enter(KEY).await;
        client.send("40/restaurant/table,").await;
        assert_eq!(
            client.next().await.unwrap(),
            r#"44/restaurant/table,{"message":"Invalid namespace"}"#
        );
        client.joined(&json!("1")).await;
    }
}

#[tokio::test]
async fn what_breaks_the_protocol_ends_the_connection_without_a_code() {
    let house = House::open().await;
    let before = [
        "42/restaurant/tables,[\"joinBranch\",\"1\"]",
        "41/restaurant/tables,",
        "43/restaurant/tables,1[]",
        "51-/restaurant/tables,[\"x\"]",
        "42[\"x\"]",
    ];
    let inside = [
        "40/restaurant/tables,{\"token\":\"demo-key-restaurant-1\"}",
        "42[\"joinBranch\",\"1\"]",
        "42/other,[\"x\"]",
        "44/restaurant/tables,{\"message\":\"x\"}",
        "41/restaurant/tables,[]",
        "bAQID",
    ];
    let ever = [
        "",
        "hello",
        "0",
        "0{}",
        "2",
        "2probe",
        "5",
        "6",
        "7",
        "4",
        "49",
        "42",
        "42/restaurant/tables,{}",
        "42/restaurant/tables,[",
        "450-/restaurant/tables,[\"x\"]",
        "4511-/restaurant/tables,[\"x\"]",
        "42/restaurant/tables,[\"disconnect\"]",
        "40/restaurant/tables,7",
        "\u{1f600}",
        "4\u{e9}",
    ];
    for by in WAYS {
        for packet in before.iter().chain(&ever) {
            let mut client = Visitor::open(&house, by).await;
            client.send(packet).await;
            client.ended().await;
        }
        for packet in inside.iter().chain(&ever) {
            let mut client = Visitor::enter_as_manager(&house, by).await;
            client.joined(&json!("1")).await;
            client.send(packet).await;
            client.ended().await;
        }
        let mut client = Visitor::enter_as_manager(&house, by).await;
        client.send("41/restaurant/tables,").await;
        client.send("42/restaurant/tables,[\"joinBranch\",\"1\"]").await;
        client.ended().await;
    }
    let mut client = Visitor::enter_as_manager(&house, By::Socket).await;
    if let Line::Socket(socket) = &mut client.line {
        socket.send(Message::Binary(vec![1].into())).await.unwrap();
    }
    client.ended().await;
}

#[tokio::test]
async fn whoever_leaves_the_namespace_leaves_its_branches_and_may_come_back() {
    let house = House::open().await;
    for by in WAYS {
        let mut client = Visitor::enter_as_manager(&house, by).await;
        client.joined(&json!("1")).await;
        client.send("41/restaurant/tables,").await;
        client.enter(KEY).await;
        house.manager().seat(if by == By::Socket { 12 } else { 11 }).await;
        assert!(client.told().await.is_empty());
    }
}

fn open_house(config: &mut Config) {
    config.branch.open = true;
}

#[tokio::test]
async fn where_it_is_configured_the_house_s_own_network_needs_no_token() {
    let house = House::open_with(open_house).await;
    for by in WAYS {
        let mut client = Visitor::open(&house, by).await;
        let said = client.try_enter(NAMESPACE, &json!({})).await.unwrap();
        assert!(said.starts_with("40/restaurant/tables,{\"sid\":"), "{said}");
        client.joined(&json!("test-restaurant-1")).await;
        client.joined(&json!("bistro-2")).await;
        let unknown = client.join(&json!("nowhere")).await;
        assert_eq!(unknown, json!({"ok": false, "error": "forbidden"}));
    }
    let mut client = Visitor::open(&house, By::Polling).await;
    let said = client.try_enter(NAMESPACE, &json!({"token": "wrong"})).await;
    assert_eq!(said.as_deref(), Some(UNAUTHORIZED));
}

#[tokio::test]
async fn what_was_passed_on_or_came_by_a_stranger_s_name_needs_a_token_even_there() {
    let house = House::open_with(open_house).await;
    for header in [
        "x-forwarded-for: 10.0.0.1",
        "via: 1.1 somewhere",
        "host: floor.stranger.example",
    ] {
        let opening = "/socket.io/?EIO=4&transport=polling";
        let mut wire = crate::probe::Wire::open(house.address).await;
        let host = if header.starts_with("host") {
            ""
        } else {
            "host: x\r\n"
        };
        wire.say(format!(
            "GET {opening} HTTP/1.1\r\n{host}{header}\r\nconnection: close\r\n\r\n"
        ))
        .await;
        let opened = wire.answer().await;
        let open: serde_json::Value = serde_json::from_str(&opened.text[1..]).unwrap();
        let path = format!("{opening}&sid={}", open["sid"].as_str().unwrap());
        let body = b"40/restaurant/tables,{}";
        assert_eq!(request(house.address, "POST", &path, &[], body).await.text, "ok");
        assert_eq!(
            request(house.address, "GET", &path, &[], b"").await.text,
            UNAUTHORIZED,
            "{header}"
        );
    }
}

/// Everything that the server says to a WebSocket that only listens, and for how many seconds it does.
async fn listened(house: &House, first: &[u8]) -> (Vec<u8>, u64) {
    let mut transport = TcpStream::connect(house.address).await.unwrap();
    let handshake = format!(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: {}\r\n{}\r\n\r\n",
        house.address,
        HANDSHAKE.join("\r\n")
    );
    transport.write_all(handshake.as_bytes()).await.unwrap();
    let mut heard = vec![0; 4_096];
    let mut n_bytes = 0;
    while !heard[..n_bytes].ends_with(b"}") {
        n_bytes += transport.read(&mut heard[n_bytes..]).await.unwrap();
    }
    transport.write_all(first).await.unwrap();
    heard.clear();
    tokio::time::pause();
    let begun = Instant::now();
    transport.read_to_end(&mut heard).await.unwrap();
    (heard, begun.elapsed().as_secs())
}

/// A text as a client frames it, masked with zeros.
fn masked(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    [&[0x81, 0x80 | length, 0, 0, 0, 0], text.as_bytes()].concat()
}

#[tokio::test]
async fn who_says_nothing_is_asked_once_and_given_up_without_a_code() {
    let house = House::open().await;
    let enter = format!("40{NAMESPACE},{}", json!({"token": KEY}));
    let (heard, seconds) = listened(&house, &masked(&enter)).await;
    // Given up 45 s after it connected, and let go when it does not answer that either.
    assert!((44..50).contains(&seconds), "{seconds}");
    assert!(heard.ends_with(&[0x81, 1, b'2', 0x88, 0]), "{heard:?}");
}

#[tokio::test]
async fn who_answers_but_never_gets_in_is_given_up_too() {
    let house = House::open().await;
    let mut answers = masked("40/restaurant/tables,{}");
    answers.extend(masked("3"));
    let (heard, seconds) = listened(&house, &answers).await;
    assert!((44..50).contains(&seconds), "{seconds}");
    assert!(heard.ends_with(&[0x88, 0]), "{heard:?}");
}

#[tokio::test]
async fn who_answers_stays() {
    let house = House::open().await;
    let mut client = Visitor::enter_as_manager(&house, By::Socket).await;
    let Line::Socket(socket) = &mut client.line else {
        panic!()
    };
    tokio::time::pause();
    let begun = Instant::now();
    for n in 1..=8u64 {
        let question = futures_util::StreamExt::next(socket).await.unwrap().unwrap();
        assert_eq!(question.to_text().unwrap(), "2");
        let seconds = begun.elapsed().as_secs();
        assert!((25 * n - 1..25 * n + 2).contains(&seconds), "{n}: {seconds}");
        socket.send(Message::Text("3".into())).await.unwrap();
    }
    tokio::time::resume();
    client.joined(&json!("1")).await;
}

#[tokio::test]
async fn who_polls_is_asked_and_given_up_in_the_same_way() {
    let house = House::open().await;
    let poller = Poller::open(house.address).await;
    poller
        .post(&format!("40{NAMESPACE},{}", json!({"token": KEY})))
        .await;
    assert!(poller.get().await.text.starts_with("40"));
    tokio::time::pause();
    let begun = Instant::now();
    let asked = request(house.address, "GET", &poller.path, &[], b"").await;
    assert_eq!(asked.text, "2");
    let ended = request(house.address, "GET", &poller.path, &[], b"").await;
    assert_eq!(ended.text, "1");
    let seconds = begun.elapsed().as_secs();
    assert!((44..50).contains(&seconds), "{seconds}");
}
