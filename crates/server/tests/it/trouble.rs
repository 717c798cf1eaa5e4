//! P7: what happens to those who listen never undoes what was done; and a storage that is away harms
//! nothing that was acknowledged.

use crate::client::{Client, Screen};
use crate::door::Door;
use crate::house::House;
use crate::seen::Seen;
use crate::work::{serve_table, the_end, wiped};
use futures_util::future::join_all;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::MaybeTlsStream;

/// Breaks a screen's connection as a dead battery would: no goodbye, data unread.
fn break_off(screen: Screen) {
    let MaybeTlsStream::Plain(stream) = screen.socket.get_ref() else {
        panic!("not a plain socket");
    };
    let socket = socket2::SockRef::from(stream);
    // The socket is reset as soon as it is dropped.
    socket.set_linger(Some(Duration::ZERO)).unwrap();
}

/// A screen that hears a little and then breaks off.
async fn hear_and_break_off(mut screen: Screen, n_frames: usize) {
    for _ in 0..n_frames {
        screen.next_any().await;
    }
    break_off(screen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn screens_that_die_in_the_middle_of_a_rush_harm_neither_the_work_nor_the_others() {
    let house = House::open().await;
    let mut surviving = Vec::new();
    for _ in 0..6 {
        let mut screen = house.screen().await;
        surviving.push(tokio::spawn(async move {
            let mut seen = screen.snapshot().await;
            screen.watch_to_the_end(&mut seen, 20).await;
            seen
        }));
    }
    let mut dying = Vec::new();
    for n in 0..60 {
        let screen = house.screen().await;
        // One after the other, while the work goes on; the last ones without having read anything.
        dying.push(tokio::spawn(hear_and_break_off(screen, (60 - n) * 2 % 100)));
    }
    let before = house.manager().floor().await["seq"].as_u64().unwrap();
    let working = (1..=6).map(|table_id| {
        let house = &house;
        async move {
            let key = "demo-key-restaurant-1";
            let mut door = Door::mixed(house, "test-restaurant-1", key, table_id).await;
            // Every one of these must be accepted.
            serve_table(&mut door, table_id, 10).await.len() as u64
        }
    });
    let n_changes: u64 = join_all(working).await.into_iter().sum();
    for died in join_all(dying).await {
        died.unwrap();
    }
    house.manager().accepted(the_end(20)).await;
    let now = house.manager().floor().await;
    assert_eq!(now["seq"], before + n_changes + 1);
    for seen in join_all(surviving).await {
        let seen = seen.unwrap();
        assert!(seen.resets.is_empty());
        assert_eq!(now["digest"], seen.floor.digest());
    }
}

/// Somebody else has the journal's file and does not let go of it.
pub(crate) fn hold_the_journal(house: &House) -> Connection {
    let file = house.data().join("journal.db");
    let other = Connection::open(file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

/// Commands that are answered 503 while the journal is held.
async fn are_refused_for_now(client: &Client, commands: &[Value]) {
    let asking = commands.iter().map(|it| client.command(it.clone()));
    for answer in join_all(asking).await {
        assert_eq!(answer.status, 503, "{}", answer.text);
        assert_eq!(answer.json()["code"], "storage_unavailable");
        assert!(answer.headers.contains_key("retry-after"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_journal_is_held_the_floor_is_shown_and_writes_are_told_to_wait() {
    let house = House::open().await;
    let manager = house.manager();
    let mut screen = house.screen().await;
    let mut seen = screen.snapshot().await;
    let mut acknowledged = Vec::new();
    for table_id in 1..=5 {
        acknowledged.push(manager.accepted(wiped(table_id, 0)).await);
    }
    let before = manager.floor().await;

    let holder = hold_the_journal(&house);
    let commands = [
        wiped(6, 0),
        json!({"command": "seat_walk_in", "table_ids": [7], "covers": 2}),
        json!({"command": "add_party", "covers": 2, "name": "Ada"}),
    ];
    let reading = async {
        assert_eq!(manager.floor().await, before, "reads go on");
        let past = "/v1/restaurants/test-restaurant-1/floor?at_seq=3";
        assert_eq!(manager.get(past).await.status, 200);
        let changes = "/v1/restaurants/test-restaurant-1/changes?after=3";
        assert_eq!(manager.get(changes).await.status, 200);
        let newcomer = house.screen().await.snapshot().await;
        assert_eq!(before["digest"], newcomer.floor.digest());
        let resumed = house.screen_from("?after=3").await.next().await;
        assert_eq!(resumed["type"], "resumed");
    };
    tokio::join!(are_refused_for_now(&manager, &commands), reading);
    drop(holder);

    assert_eq!(manager.floor().await, before, "what was refused did not happen");
    for command in commands {
        acknowledged.push(manager.accepted(command).await);
    }
    let seqs: Vec<_> = acknowledged
        .iter()
        .map(|it| it["seq"].as_u64().unwrap())
        .collect();
    assert!(seqs.windows(2).all(|it| it[1] == it[0] + 1), "{seqs:?}");
    screen.watch(&mut seen, *seqs.last().unwrap()).await;
    is_kept(house, &seen, &acknowledged).await;
}

/// After the house was closed and opened, everything acknowledged is there, and the floor is the same.
async fn is_kept(house: House, seen: &Seen, acknowledged: &[Value]) {
    let folder = house.stop().await.unwrap();
    let house = House::open_at(folder.path(), 0).await;
    let page = house
        .manager()
        .get("/v1/restaurants/test-restaurant-1/changes")
        .await
        .json();
    let log = page["changes"].as_array().unwrap();
    for change in acknowledged {
        let kept = log.iter().find(|it| it["seq"] == change["seq"]).unwrap();
        assert_eq!(kept["events"], change["events"]);
    }
    assert_eq!(house.manager().floor().await["digest"], seen.floor.digest());
}
