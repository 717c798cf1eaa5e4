//! Which restaurant a tablet is bound to, and what it may say.

use super::{Tablet, guest};
use crate::house::House;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::{Error, Message};

async fn refused(house: &House, query: &str, headers: &[(&str, &str)]) -> u16 {
    match Tablet::try_connect(house, query, headers).await {
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(other) => panic!("{other}"),
        Ok(_) => 101,
    }
}

#[tokio::test]
async fn the_first_frame_says_where_the_tablet_is_connected() {
    let house = House::open().await;
    let (_, first) = Tablet::connect_with(&house, "?restaurant_id=1").await;
    let head = house.manager().floor().await["seq"].clone();
    assert_eq!(
        first,
        json!({
            "type": "restaurant_connect", "restaurant_id": "test-restaurant-1", "platform": "iOS",
            "timestamp": "2026-11-20T19:30:00.000000Z", "seq": head,
        })
    );
}

#[tokio::test]
async fn who_names_no_restaurant_gets_the_tokens_or_the_configured_one() {
    let house = House::open_with(|config| config.host.default_restaurant = Some("bistro-2".to_owned())).await;
    let (_, first) = Tablet::connect_with(&house, "").await;
    assert_eq!(first["restaurant_id"], "bistro-2");
    let (_, first) = Tablet::connect_with(&house, "?token=demo-key-restaurant-1").await;
    assert_eq!(first["restaurant_id"], "test-restaurant-1");
    // Without one, and with more than one restaurant, nobody can guess.
    let house = House::open().await;
    assert_eq!(refused(&house, "", &[]).await, 403);
}

#[tokio::test]
async fn who_may_not_come_is_turned_away_at_the_handshake() {
    let house = House::open().await;
    let elsewhere = ("x-forwarded-for", "203.0.113.9");
    assert_eq!(refused(&house, "?restaurant_id=1", &[elsewhere]).await, 403);
    assert_eq!(refused(&house, "?restaurant_id=1&token=none", &[]).await, 403);
    assert_eq!(
        refused(&house, "?restaurant_id=2&token=demo-key-restaurant-1", &[]).await,
        403
    );
    assert_eq!(refused(&house, "?restaurant_id=nowhere", &[]).await, 403);
    assert_eq!(
        refused(&house, "?restaurant_id=1", &[("origin", "https://evil.example")]).await,
        403
    );
    assert_eq!(
        refused(&house, "?restaurant_id=1", &[("authorization", "Basic eDp5")]).await,
        403
    );
    let key = ("authorization", "Bearer demo-key-restaurant-1");
    assert_eq!(refused(&house, "?restaurant_id=1", &[key, elsewhere]).await, 101);
    assert_eq!(
        refused(
            &house,
            "?restaurant_id=1&token=demo-key-restaurant-1",
            &[elsewhere]
        )
        .await,
        101
    );
    let answer = house.stranger().get("/realtime?restaurant_id=1").await;
    assert_eq!(answer.status, 426);
}

#[tokio::test]
async fn a_tablet_binds_to_another_restaurant_and_keeps_the_old_one_if_it_may_not() {
    let house = House::open().await;
    let key = ("authorization", "Bearer demo-key-restaurant-1");
    let mut bound = Tablet::try_connect(&house, "", &[key]).await.unwrap();
    bound.next().await;
    bound
        .say(r#"{"type":"restaurant_connect","restaurant_id":"bistro-2","platform":"iOS"}"#)
        .await;
    let error = bound.next().await;
    assert_eq!(
        (&error["type"], &error["code"]),
        (&json!("error"), &json!("forbidden"))
    );
    guest(&house.stranger(), "Ada", 2).await;
    assert_eq!(bound.next().await["type"], "guest_created");

    let mut free = Tablet::connect(&house).await;
    free.say(
        r#"{"type":"restaurant_connect","restaurant_id":"bistro-2","platform":"iOS","version":"2.0.0"}"#,
    )
    .await;
    let established = free.next().await;
    assert_eq!(established["type"], "connection_established");
    assert_eq!(established["restaurant_id"], "bistro-2");
    guest(&house.stranger(), "Bo", 2).await;
    let body = json!({"first_name": "Cy", "party_size": 2});
    house.stranger().post("/restaurants/2/guests", &body).await;
    let frame = free.next().await;
    assert_eq!(
        (&frame["restaurant_id"], &frame["data"]["guestName"]),
        (&json!("bistro-2"), &json!("Cy"))
    );
}

#[tokio::test]
async fn a_tablet_that_binds_with_since_hears_what_it_missed() {
    let house = House::open().await;
    let mut tablet = Tablet::connect(&house).await;
    let head = house.manager().floor().await["seq"].as_u64().unwrap();
    guest(&house.stranger(), "Ada", 2).await;
    let created = tablet.next().await;
    let frame = json!({"type": "restaurant_connect", "restaurant_id": "1", "since": head});
    tablet.say(&frame.to_string()).await;
    assert_eq!(tablet.next().await["type"], "connection_established");
    assert_eq!(tablet.next().await, created);
}

#[tokio::test]
async fn a_tablet_that_cannot_go_on_where_it_says_goes_on_from_now() {
    let house = House::open().await;
    let mut tablet = Tablet::connect(&house).await;
    guest(&house.stranger(), "Ada", 2).await;
    let heard = tablet.next().await;
    for (since, reason) in [(json!(99_999), "ahead"), (json!([1]), "bad_since")] {
        let frame = json!({"type": "restaurant_connect", "restaurant_id": "1", "since": since});
        tablet.say(&frame.to_string()).await;
        let established = tablet.next().await;
        assert_eq!(established["type"], "connection_established");
        let resync = tablet.next().await;
        assert_eq!(
            (&resync["type"], &resync["reason"]),
            (&json!("resync"), &json!(reason))
        );
        assert_eq!(
            (&established["seq"], &resync["seq"]),
            (&heard["seq"], &heard["seq"])
        );
    }
    guest(&house.stranger(), "Bo", 2).await;
    assert_eq!(tablet.next().await["data"]["guestName"], "Bo");
}

#[tokio::test]
async fn what_this_protocol_does_not_know_is_passed_over_and_the_tablet_stays() {
    let house = House::open().await;
    let mut tablet = Tablet::connect(&house).await;
    for text in [
        "not json",
        "[1,2]",
        "7",
        "\"x\"",
        "null",
        "{}",
        r#"{"type":"user_action"}"#,
        r#"{"type":7}"#,
        r#"{"type":"restaurant_connect"}"#,
        r#"{"type":"restaurant_connect","restaurant_id":{}}"#,
        "",
    ] {
        tablet.say(text).await;
    }
    tablet
        .socket
        .send(Message::Binary(vec![1, 2, 3].into()))
        .await
        .unwrap();
    tablet.say(r#"{"type":"ping"}"#).await;
    let pong = tablet.next().await;
    assert_eq!(pong["type"], "pong");
    assert_eq!(pong["timestamp"], "2026-11-20T19:30:00.000000Z");
    guest(&house.stranger(), "Ada", 2).await;
    assert_eq!(tablet.next().await["type"], "guest_created");
}

#[tokio::test]
async fn the_server_says_that_it_is_there_after_35_seconds_of_silence() {
    let house = House::open().await;
    let mut tablet = Tablet::connect(&house).await;
    tokio::time::pause();
    let mut pings = 0;
    let mut heartbeats = Vec::new();
    let begun = tokio::time::Instant::now();
    while heartbeats.len() < 2 {
        match tablet.socket.next().await.unwrap().unwrap() {
            Message::Ping(_) => pings += 1,
            Message::Text(text) => {
                let frame: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(frame["type"], "heartbeat");
                heartbeats.push(begun.elapsed());
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(pings >= 2, "{pings}");
    assert!(
        heartbeats[0] >= Duration::from_secs(34) && heartbeats[0] < Duration::from_secs(37),
        "{heartbeats:?}"
    );
    assert!(heartbeats[1] >= Duration::from_secs(69), "{heartbeats:?}");
}
