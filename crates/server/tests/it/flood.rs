//! Screens that send more than they should, or never read: nobody else notices.

use crate::client::Client;
use crate::house::House;
use crate::probe::{shake, standing};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

const BEARER: &str = "Bearer demo-key-restaurant-1";

#[tokio::test]
async fn ten_thousand_commands_at_once_are_each_answered_once_and_in_order() {
    const N: u64 = 10_000;
    let house = House::open().await;
    let turn_id = house.manager().seat(12).await;
    let (mut say, mut hear) = shake(&house, "1", &[("authorization", BEARER)])
        .await
        .unwrap()
        .split();
    let head = standing(&house).await.0;
    let saying = tokio::spawn(async move {
        for n in 1..=N {
            // Every tenth command is refused, every other one is a change.
            let turn_id = if n % 10 == 0 { 999_999 } else { turn_id };
            let command = json!({"command": "touch_turn", "turn_id": turn_id});
            let frame = json!({"type": "command", "id": n.to_string(), "command": command});
            say.feed(Message::Text(frame.to_string().into())).await.unwrap();
        }
        say.flush().await.unwrap();
        say
    });
    let (mut answered, mut heard) = (0, head);
    while answered < N {
        let Some(Ok(Message::Text(text))) = hear.next().await else {
            panic!("the stream ended")
        };
        let frame: Value = serde_json::from_str(&text).unwrap();
        match frame["type"].as_str().unwrap() {
            "change" => {
                heard += 1;
                assert_eq!(frame["seq"], heard);
            }
            "result" | "refused" => {
                answered += 1;
                assert_eq!(frame["id"], answered.to_string());
                assert_eq!(frame["type"] == "refused", answered % 10 == 0);
                assert!(
                    frame["seq"].as_u64().unwrap_or_default() <= heard,
                    "told before answered"
                );
            }
            _ => {}
        }
    }
    drop(saying.await.unwrap());
    assert_eq!(heard, head + N - N / 10);
    assert_eq!(standing(&house).await.0, heard);
}

#[tokio::test]
async fn a_screen_that_sends_and_never_reads_holds_nobody_up() {
    let house = House::open().await;
    let turn_id = house.manager().seat(12).await;
    let (mut say, unread) = shake(&house, "1", &[("authorization", BEARER)])
        .await
        .unwrap()
        .split();
    let command = json!({"command": "touch_turn", "turn_id": turn_id});
    let frame = json!({"type": "command", "id": "i".repeat(128), "command": command}).to_string();
    // The server stops reading from it: then no more can be sent.
    let stuffing = tokio::spawn(async move {
        for _ in 0..20_000 {
            if say.send(Message::Text(frame.clone().into())).await.is_err() {
                break;
            }
        }
    });
    let mut other = house.screen().await;
    other.next().await;
    for table_id in 1..=11 {
        let turn_id = house.manager().seat(table_id).await;
        while other.next().await["events"][1]["turn_id"] != turn_id {}
    }
    stuffing.abort();
    drop(unread);
}

#[tokio::test]
async fn a_screen_that_never_reads_is_let_go_after_thirty_seconds() {
    let house = House::open().await;
    let turn_id = house.manager().seat(12).await;
    let (mut say, unread) = shake(&house, "1", &[("authorization", BEARER)])
        .await
        .unwrap()
        .split();
    let command = json!({"command": "touch_turn", "turn_id": turn_id});
    let frame = json!({"type": "command", "id": "i".repeat(128), "command": command}).to_string();
    let stuffing =
        tokio::spawn(async move { while say.send(Message::Text(frame.clone().into())).await.is_ok() {} });
    // Once nothing moves any more, the clock goes on by itself.
    tokio::time::pause();
    stuffing.await.unwrap();
    let figures = Client::new(house.address, None).get("/metrics").await.text;
    assert!(
        figures.contains("maitred_goodbyes_total{reason=\"too_slow\"} 1"),
        "{figures}"
    );
    assert!(
        figures.contains("maitred_connections{surface=\"v1_stream\"} 0"),
        "{figures}"
    );
    drop(unread);
}
