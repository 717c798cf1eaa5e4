//! P5: two hosts at one table, and nobody is seated twice.

use crate::client::Screen;
use crate::door::Door;
use crate::house::House;
use crate::seen::Seen;
use crate::work::{the_end, turn_id};
use floor::{Floor, TableId};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Barrier;

const N_HOSTS: usize = 6;
const N_ROUNDS: usize = 50;
const TABLE: u64 = 12;

/// Puts one party per host on the list. Answers their ids.
async fn parties_at_the_door(manager: &mut Door) -> Vec<u64> {
    let party = json!({"command": "add_party", "covers": 2, "name": "Ada"});
    let batch = json!({"command": "batch", "commands": vec![party; N_HOSTS]});
    let change = manager.accepted(&batch).await;
    let events = change["events"].as_array().unwrap();
    events.iter().filter_map(|it| it["party_id"].as_u64()).collect()
}

/// The outcome of one round: who sits, and that everybody else was told so.
fn the_one_who_sits(outcomes: &[(u64, Result<Value, Value>)]) -> (u64, Value) {
    let seated: Vec<_> = outcomes.iter().filter(|it| it.1.is_ok()).collect();
    assert_eq!(seated.len(), 1, "one of them is seated: {outcomes:?}");
    let (winner, change) = (seated[0].0, seated[0].1.clone().unwrap());
    for (_, outcome) in outcomes.iter().filter(|it| it.1.is_err()) {
        let refusal = outcome.as_ref().unwrap_err();
        assert_eq!(refusal["code"], "table_taken", "{refusal}");
        let facts = &refusal["facts"];
        assert_eq!(facts["table_id"], TABLE);
        assert_eq!(facts["party_id"], winner, "it names who has the table");
        assert_eq!(facts["turn_id"], turn_id(&change));
        let free = facts["free_table_ids"].as_array().unwrap();
        assert!(!free.is_empty() && !free.contains(&json!(TABLE)), "{refusal}");
    }
    (winner, change)
}

/// Follows the evening, and looks at the table after every change.
async fn watch_the_table(mut screen: Screen) -> Seen {
    let mut seen = screen.snapshot().await;
    loop {
        screen.hear_next(&mut seen).await;
        let sitting = |it: &&floor::Turn| it.table_ids.contains(&TableId(TABLE));
        assert!(seen.floor.turns.values().filter(sitting).count() <= 1);
        if is_under_maintenance(&seen.floor) {
            return seen;
        }
    }
}

fn is_under_maintenance(floor: &Floor) -> bool {
    let table = serde_json::to_value(floor.table(TableId(20)).unwrap()).unwrap();
    table["state"] == "maintenance"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_six_hosts_who_seat_at_one_table_at_once_one_succeeds_and_five_learn_who_has_it() {
    let house = House::open().await;
    let (restaurant, key) = ("test-restaurant-1", "demo-key-restaurant-1");
    let mut watching = Vec::new();
    for _ in 0..5 {
        watching.push(tokio::spawn(watch_the_table(house.screen().await)));
    }
    let mut manager = Door::http(&house, restaurant, key);
    let mut hosts = Vec::new();
    for number in 0..N_HOSTS {
        hosts.push(Door::mixed(&house, restaurant, key, number as u64).await);
    }
    let at_once = Arc::new(Barrier::new(N_HOSTS));
    for _ in 0..N_ROUNDS {
        let parties = parties_at_the_door(&mut manager).await;
        let seating = hosts.into_iter().zip(parties).map(|(mut host, party_id)| {
            let at_once = Arc::clone(&at_once);
            tokio::spawn(async move {
                let command = json!({"command": "seat_party", "party_id": party_id, "table_ids": [TABLE]});
                at_once.wait().await;
                let outcome = host.ask(&command).await;
                (host, (party_id, outcome))
            })
        });
        let seated = join_all(seating).await.into_iter().map(|it| it.unwrap());
        let (back, outcomes): (Vec<_>, Vec<_>) = seated.unzip();
        hosts = back;
        let (winner, change) = the_one_who_sits(&outcomes);
        let mut commands = vec![json!({"command": "close_turn", "turn_id": turn_id(&change)})];
        let losers = outcomes.iter().map(|it| it.0).filter(|it| *it != winner);
        commands.extend(losers.map(|it| json!({"command": "remove_party", "party_id": it})));
        manager
            .accepted(&json!({"command": "batch", "commands": commands}))
            .await;
    }
    manager.accepted(&the_end(20)).await;
    let now = house.manager().floor().await;
    for seen in join_all(watching).await {
        let seen = seen.unwrap();
        assert_eq!(now["seq"], seen.seq);
        assert_eq!(now["digest"], seen.floor.digest(), "every screen shows the same");
    }
}

#[tokio::test]
async fn a_host_who_comes_second_is_answered_409_with_tables_that_are_free() {
    let house = House::open().await;
    let manager = house.manager();
    manager.seat(TABLE).await;
    let second = manager
        .command(json!({"command": "seat_walk_in", "table_ids": [TABLE], "covers": 2}))
        .await;
    assert_eq!(second.status, 409);
    let free = second.json()["facts"]["free_table_ids"].clone();
    for table_id in free.as_array().unwrap() {
        manager.seat(table_id.as_u64().unwrap()).await;
    }
}
