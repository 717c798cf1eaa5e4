//! `/ws/session`.

use super::Phone;
use crate::client::PATIENCE;
use crate::dashboard::Board;
use crate::dashboard::act;
use crate::house::House;
use crate::probe::shake_at;
use futures_util::{SinkExt, StreamExt};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message};

async fn connect(house: &House, sid: &str, token: &str) -> Result<Board, Error> {
    let path = format!("/ws/session?sid={sid}&token={token}");
    let socket = shake_at(house, &path, &[]).await?;
    Ok(Board { socket })
}

async fn connected(house: &House, guest: &Phone) -> Board {
    connect(house, guest.text("session_pid"), guest.text("ws_token"))
        .await
        .unwrap()
}

fn table_closed() -> Value {
    json!({
        "type": "table_closed",
        "message": "Table Closed, Please rescan the QR code or Ask Staff for help",
        "action": "clear_session_and_redirect",
    })
}

#[tokio::test]
async fn a_phone_is_told_when_its_table_is_closed_and_no_other_is() {
    let house = House::open().await;
    let (here, there) = (
        Phone::join(&house, 4, "phone-a").await,
        Phone::join(&house, 5, "phone-b").await,
    );
    let mut phone = connected(&house, &here).await;
    let mut second = connected(&house, &here).await;
    let mut elsewhere = connected(&house, &there).await;
    let (mut board, _) = Board::connect(&house).await;
    assert_eq!(board.outcome(act("close", 4)).await, "4 open");
    assert_eq!(phone.frames().await, [table_closed()]);
    assert_eq!(second.frames().await, [table_closed()]);
    assert_eq!(elsewhere.frames().await, Vec::<Value>::new());
    // Whoever connects to a session that is over hears nothing, until it is brought back and over again.
    let mut late = connected(&house, &here).await;
    assert_eq!(late.frames().await, Vec::<Value>::new());
    assert_eq!(board.outcome(act("restore", 4)).await, "4 occupied 1");
    assert_eq!(late.frames().await, Vec::<Value>::new());
    house
        .manager()
        .accepted(json!({"command": "close_turn", "turn_id": 1}))
        .await;
    for phone in [&mut late, &mut phone] {
        assert_eq!(phone.frames().await, [table_closed()]);
    }
}

#[tokio::test]
async fn who_shows_no_token_of_that_session_is_closed() {
    let house = House::open().await;
    let here = Phone::join(&house, 4, "phone-a").await;
    let there = Phone::join(&house, 5, "phone-b").await;
    let (sid, token) = (here.text("session_pid"), here.text("ws_token"));
    for (sid, token) in [
        (sid, ""),
        (sid, "wrong"),
        (sid, "demo-key-restaurant-1"),
        (there.text("session_pid"), token),
        ("", token),
    ] {
        let mut phone = connect(&house, sid, token).await.unwrap();
        let (frames, code, reason) = phone.closed().await;
        assert_eq!((frames, code, reason.as_str()), (vec![], 4003, "Invalid token"));
    }
    let mut phone = connected(&house, &here).await;
    phone.frames().await;
    house.later(SignedDuration::from_hours(3));
    assert_eq!(phone.closed().await.1, 4003);
}

#[tokio::test]
async fn as_many_phones_of_one_turn_as_may_and_those_of_others_do_not_count() {
    let house = House::open().await;
    let here = Phone::join(&house, 4, "phone-a").await;
    let there = Phone::join(&house, 5, "phone-b").await;
    let mut phones = Vec::new();
    for _ in 0..20 {
        let mut phone = connected(&house, &here).await;
        phone.frames().await;
        phones.push(phone);
    }
    let mut one_more = connected(&house, &here).await;
    let (_, code, reason) = one_more.closed().await;
    assert_eq!((code, reason.as_str()), (4008, "Connection limit exceeded"));
    connected(&house, &there).await.frames().await;
    // A place is free when one has gone.
    let mut gone = phones.pop().unwrap();
    gone.socket.close(None).await.unwrap();
    while gone.socket.next().await.is_some() {}
    connected(&house, &here).await.frames().await;
}

#[tokio::test]
async fn what_a_phone_says_does_no_harm_and_the_end_of_the_program_is_told() {
    let house = House::open().await;
    let guest = Phone::join(&house, 4, "phone-a").await;
    let mut phone = connected(&house, &guest).await;
    for text in [
        "{",
        "[]",
        "null",
        r#"{"action":"close_table","table_id":4}"#,
        "pong",
    ] {
        phone.send(text).await;
    }
    phone
        .socket
        .send(Message::Binary(vec![1, 2].into()))
        .await
        .unwrap();
    assert_eq!(phone.frames().await, Vec::<Value>::new());
    let stopping = tokio::spawn(house.stop());
    assert_eq!(phone.closed().await.1, 1012);
    tokio::time::timeout(PATIENCE, stopping).await.unwrap().unwrap();
}
