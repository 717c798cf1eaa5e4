//! From polling to a WebSocket, without losing or doubling anything.

use super::visitor::{Line, Poller, Visitor};
use super::{KEY, NAMESPACE};
use crate::house::House;
use crate::probe::{Socket, request, shake_at};
use crate::work::{until, wipe_tables};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

async fn shake(house: &House, poller: &Poller) -> Socket {
    let path = poller.path.replace("polling", "websocket");
    shake_at(house, &path, &[]).await.unwrap()
}

async fn say(socket: &mut Socket, text: &str) {
    socket.send(Message::Text(text.into())).await.unwrap();
}

async fn heard(socket: &mut Socket) -> Option<String> {
    match socket.next().await {
        Some(Ok(Message::Text(text))) => Some(text.as_str().to_owned()),
        _ => None,
    }
}

/// A WebSocket that has taken over, as the official client does it.
async fn upgraded(house: &House, poller: &Poller) -> Visitor {
    let mut socket = shake(house, poller).await;
    say(&mut socket, "2probe").await;
    assert_eq!(heard(&mut socket).await.unwrap(), "3probe");
    say(&mut socket, "5").await;
    Visitor::on(Line::Socket(Box::new(socket)))
}

#[tokio::test]
async fn a_poll_that_waits_is_answered_with_nothing_and_the_socket_takes_over() {
    let house = House::open().await;
    let poller = Poller::open(house.address).await;
    let polling = tokio::spawn({
        let poller = poller.clone();
        async move { poller.get().await.text }
    });
    let mut socket = shake(&house, &poller).await;
    say(&mut socket, "2probe").await;
    assert_eq!(heard(&mut socket).await.unwrap(), "3probe");
    assert_eq!(polling.await.unwrap(), "6");
    // Any other poll, too, until it takes over.
    assert_eq!(poller.get().await.text, "6");
    say(&mut socket, "5").await;
    let mut client = Visitor::on(Line::Socket(Box::new(socket)));
    client.enter(KEY).await;
    client.joined(&json!("1")).await;
    for answer in [poller.get().await, poller.post("3").await] {
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (400, &json!(1)));
    }
}

#[tokio::test]
async fn what_was_not_fetched_comes_over_the_socket() {
    let house = House::open().await;
    let poller = Poller::open(house.address).await;
    let enter = format!("40{NAMESPACE},{}", json!({"token": KEY}));
    let join = format!("42{NAMESPACE},5[\"joinBranch\",\"1\"]");
    poller.post(&format!("{enter}\u{1e}{join}")).await;
    let mut client = upgraded(&house, &poller).await;
    assert!(
        client
            .next()
            .await
            .unwrap()
            .starts_with("40/restaurant/tables,{\"sid\":")
    );
    assert!(
        client
            .next()
            .await
            .unwrap()
            .starts_with("43/restaurant/tables,5[{\"ok\":true")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_storm_of_writes_every_event_comes_once_whichever_way() {
    let house = House::open().await;
    let poller = Poller::open(house.address).await;
    let mut client = Visitor::on(Line::Polling(poller.clone()));
    client.enter(KEY).await;
    let place = client.joined(&json!("1")).await;
    let writing = tokio::spawn({
        let manager = house.manager();
        async move { wipe_tables(&manager, 400).await }
    });
    for seq in place + 1..=place + 20 {
        assert_eq!(client.seq().await, seq);
    }
    let mut socket = shake(&house, &poller).await;
    say(&mut socket, "2probe").await;
    assert_eq!(heard(&mut socket).await.unwrap(), "3probe");
    for seq in place + 21..=place + 60 {
        assert_eq!(client.seq().await, seq);
    }
    say(&mut socket, "5").await;
    client.line = Line::Socket(Box::new(socket));
    let last = writing.await.unwrap();
    for seq in place + 61..=last {
        assert_eq!(client.seq().await, seq);
    }
    assert_eq!(client.told().await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_socket_that_does_not_take_over_is_hung_up_on_and_polling_goes_on() {
    let house = House::open().await;
    let poller = Poller::open(house.address).await;
    for wrong in ["3probe", "5", "2", "40/zzz,", ""] {
        let mut socket = shake(&house, &poller).await;
        say(&mut socket, wrong).await;
        assert_eq!(heard(&mut socket).await, None, "{wrong}");
    }
    let mut first = shake(&house, &poller).await;
    say(&mut first, "2probe").await;
    assert_eq!(heard(&mut first).await.unwrap(), "3probe");
    // One at a time.
    let mut second = shake(&house, &poller).await;
    assert_eq!(heard(&mut second).await, None);
    drop(first);
    let mut client = Visitor::on(Line::Polling(poller.clone()));
    client.enter(KEY).await;
    until(async || {
        // The place is free again as soon as it is noticed that the first has gone.
        let mut socket = shake(&house, &poller).await;
        socket.send(Message::Text("2probe".into())).await.is_ok() && heard(&mut socket).await.is_some()
    })
    .await;
}

#[tokio::test]
async fn a_socket_that_never_takes_over_is_let_go_after_ten_seconds() {
    let house = House::open().await;
    let poller = Poller::open(house.address).await;
    let mut socket = shake(&house, &poller).await;
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    assert_eq!(heard(&mut socket).await, None);
    let seconds = begun.elapsed().as_secs();
    assert!((9..13).contains(&seconds), "{seconds}");
    assert_eq!(
        request(house.address, "POST", &poller.path, &[], b"3").await.text,
        "ok"
    );
}
