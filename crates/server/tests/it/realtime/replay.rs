//! Tablets that were away: what they missed, exactly, or the advice to read the lists again.

use super::{GUESTS, Lists, TABLES, Tablet, check_chain, done, guest, seq_of};
use crate::client::Client;
use crate::house::House;
use serde_json::{Value, json};

/// An evening at the door. Answers the place of its last change.
async fn evening(client: &Client, manager: &Client) -> u64 {
    let ada = guest(client, "Ada", 2).await;
    let bo = guest(client, "Bo", 4).await;
    client
        .put(
            &format!("{GUESTS}/{ada}"),
            &json!({"status": "Seated", "table_id": "3"}),
        )
        .await;
    manager
        .accepted(json!({"command": "touch_turn", "turn_id": 1}))
        .await;
    manager
        .accepted(json!({"command": "seat_walk_in", "table_ids": [7, 8], "covers": 8}))
        .await;
    client
        .put(&format!("{GUESTS}/{ada}"), &json!({"table_id": "4"}))
        .await;
    let flat =
        json!({"guests": [{"id": bo, "status": "Arrived"}], "tables": [{"id": "5", "status": "reserved"}]});
    done(&client.post("/transactions/atomic?restaurant_id=1", &flat).await);
    client
        .put(&format!("{GUESTS}/{ada}"), &json!({"status": "Finished"}))
        .await;
    client.delete(&format!("{GUESTS}/{bo}")).await;
    seq_of(
        &client
            .put(&format!("{TABLES}/1"), &json!({"status": "outOfService"}))
            .await,
    )
}

async fn since(house: &House, since: &str, seq: u64) -> Vec<Value> {
    let (mut tablet, first) = Tablet::connect_with(house, &format!("?restaurant_id=1&since={since}")).await;
    assert_eq!(first["type"], "restaurant_connect");
    tablet.through(seq).await
}

#[tokio::test]
async fn a_tablet_goes_on_from_any_frame_it_has_heard() {
    let house = House::open().await;
    let mut tablet = Tablet::connect(&house).await;
    let begin = tablet.through(0).await;
    assert_eq!(begin, Vec::<Value>::new());
    let head = house.manager().floor().await["seq"].as_u64().unwrap();
    let last = evening(&house.stranger(), &house.manager()).await;
    let all = tablet.through(last).await;
    check_chain(&all);
    assert!(all.len() > 12, "{all:?}");
    assert_eq!(since(&house, &head.to_string(), last).await, all);
    for n in 0..all.len() - 1 {
        let heard = &all[n];
        let place = format!("{}.{}", heard["seq"], heard["part"]);
        assert_eq!(since(&house, &place, last).await, all[n + 1..], "since {place}");
        let rest: Vec<Value> = all
            .iter()
            .filter(|it| it["seq"].as_u64() > heard["seq"].as_u64())
            .cloned()
            .collect();
        assert_eq!(
            since(&house, &heard["seq"].to_string(), last).await,
            rest,
            "since {}",
            heard["seq"]
        );
    }
    let atomic: Vec<_> = all
        .iter()
        .filter(|it| it["type"] == "atomic_transaction_complete")
        .collect();
    assert_eq!(atomic.len(), 1);
    assert_eq!(atomic[0]["affected_entities"], json!(["guest-2", "table-5"]));
    assert!(atomic[0].get("data").is_none());
}

#[tokio::test]
async fn the_chain_goes_on_across_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_at(folder.path(), 0).await;
    let mut tablet = Tablet::connect(&house).await;
    let last = evening(&house.stranger(), &house.manager()).await;
    let mut all = tablet.through(last).await;
    // Of these, the tablets have nothing to hear.
    house
        .manager()
        .accepted(json!({"command": "create_plan", "name": "Roof"}))
        .await;
    house.stop().await;
    let house = House::open_at(folder.path(), 0).await;
    let (mut again, first) = Tablet::connect_with(&house, "?restaurant_id=1").await;
    assert_eq!(first["seq"], last + 1);
    let next = seq_of(
        &house
            .stranger()
            .put(&format!("{TABLES}/1"), &json!({"status": "available"}))
            .await,
    );
    all.extend(again.through(next).await);
    check_chain(&all);
    let head = all[0]["prev_seq"].as_u64().unwrap();
    assert_eq!(since(&house, &head.to_string(), next).await, all);
}

#[tokio::test]
async fn who_was_away_for_a_thousand_changes_shows_what_shows_who_stayed() {
    const CHANGES: u64 = 1_000;
    let house = House::open().await;
    let client = house.stranger();
    let before = Lists::read(&client).await;
    let mut stayed = Tablet::connect(&house).await;
    let mut away = Tablet::connect(&house).await;
    let ada = guest(&client, "Ada", 2).await;
    let heard = away.next().await;
    let mut away_shows = before.clone();
    away_shows.hear(&heard);
    drop(away);
    let mut stayed_shows = before;
    let mut seq = 0;
    for n in 0..CHANGES {
        let path = format!("{GUESTS}/{ada}");
        let body = match n % 4 {
            0 => json!({"status": "Seated", "table_id": format!("table-{}", n % 14 + 1)}),
            1 => json!({"party_size": n % 8 + 1}),
            2 => json!({"table_id": format!("table-{}", (n + 3) % 14 + 1), "phone": n.to_string()}),
            _ => json!({"status": "Waitlist"}),
        };
        seq = seq_of(&client.put(&path, &body).await);
        // Who stays answers pings, however long this takes.
        if n % 100 == 99 {
            let heard = stayed.through(seq).await;
            heard.iter().for_each(|it| stayed_shows.hear(it));
        }
    }
    let missed = since(&house, &heard["seq"].to_string(), seq).await;
    assert!(missed.len() as u64 > CHANGES, "{}", missed.len());
    check_chain(&missed);
    missed.iter().for_each(|it| away_shows.hear(it));
    assert_eq!(away_shows, stayed_shows);
    assert_eq!(away_shows, Lists::read(&client).await);
}

#[tokio::test]
async fn who_cannot_go_on_is_told_why_and_where_everybody_else_is() {
    let house = House::open().await;
    let client = house.stranger();
    guest(&client, "Ada", 2).await;
    let mut head = house.manager().floor().await["seq"].as_u64().unwrap();
    for (since, reason) in [
        ("99999", "ahead"),
        ("x", "bad_since"),
        ("", "bad_since"),
        ("1.x", "bad_since"),
        ("-1", "bad_since"),
    ] {
        let (mut tablet, _) = Tablet::connect_with(&house, &format!("?restaurant_id=1&since={since}")).await;
        let resync = tablet.next().await;
        assert_eq!(resync["type"], "resync", "{since}");
        assert_eq!(
            (&resync["reason"], &resync["seq"]),
            (&json!(reason), &json!(head)),
            "{since}"
        );
        assert_eq!(resync["restaurant_id"], "test-restaurant-1");
        let seq = seq_of(
            &client
                .put(&format!("{TABLES}/1"), &json!({"status": "available"}))
                .await,
        );
        let frames = tablet.through(seq).await;
        assert_eq!(frames.last().unwrap()["seq"], seq, "live frames follow");
        client
            .put(&format!("{TABLES}/1"), &json!({"status": "available"}))
            .await;
        let list = client.get(&format!("{GUESTS}?min_seq={seq}")).await;
        assert!(seq_of(&list) >= seq);
        head = house.manager().floor().await["seq"].as_u64().unwrap();
    }
}

#[tokio::test]
async fn an_erased_guest_is_in_no_replay() {
    let house = House::open().await;
    let client = house.stranger();
    let head = house.manager().floor().await["seq"].as_u64().unwrap();
    guest(&client, "Grace", 2).await;
    let erased = house
        .manager()
        .accepted(json!({"command": "erase_guest", "guest_id": 1}))
        .await;
    let seq = erased["seq"].as_u64().unwrap();
    let frames = since(&house, &head.to_string(), seq).await;
    assert_eq!(frames.len(), 2);
    for frame in &frames {
        assert_eq!(frame["data"]["guestName"], "Unknown Guest", "{frame}");
        assert!(!frame.to_string().contains("Grace"), "{frame}");
    }
}

#[tokio::test]
async fn a_name_written_just_before_its_guest_is_erased_is_in_no_replay() {
    let house = House::open().await;
    let (client, manager) = (house.stranger(), house.manager());
    let head = house.manager().floor().await["seq"].as_u64().unwrap();
    let mut last = 0;
    for n in 1..=20 {
        let ada = guest(&client, "Ada", 2).await;
        let path = format!("{GUESTS}/{ada}");
        let body = json!({"first_name": "Grace"});
        let erase = json!({"command": "erase_guest", "guest_id": n});
        // Whichever comes first; both at once if they can be.
        tokio::join!(client.put(&path, &body), manager.command(erase.clone()));
        last = manager.accepted(erase).await["seq"].as_u64().unwrap();
    }
    let frames = since(&house, &head.to_string(), last).await;
    check_chain(&frames);
    let told = serde_json::to_string(&frames).unwrap();
    assert!(!told.contains("Grace") && !told.contains("Ada"), "{told}");
}

#[tokio::test]
async fn a_tablet_may_go_on_inside_a_change_that_said_nothing_here() {
    let house = House::open().await;
    let (client, manager) = (house.stranger(), house.manager());
    manager
        .accepted(json!({"command": "seat_walk_in", "table_ids": [7], "covers": 2}))
        .await;
    let touched = manager
        .accepted(json!({"command": "touch_turn", "turn_id": 1}))
        .await;
    let since = format!("?restaurant_id=1&since={}.1", touched["seq"]);
    let (mut tablet, _) = Tablet::connect_with(&house, &since).await;
    tablet.say(r#"{"type":"ping"}"#).await;
    assert_eq!(tablet.next().await["type"], "pong");
    guest(&client, "Ada", 2).await;
    assert_eq!(tablet.next().await["type"], "guest_created");
}
