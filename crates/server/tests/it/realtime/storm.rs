//! Many at the door at once: one wins, all are told, all see the same.

use super::{GUESTS, Lists, TABLES, Tablet, check_chain, done, guest, seq_of};
use crate::client::Client;
use crate::house::House;
use rand::{RngExt as _, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tokio::task::JoinSet;

#[tokio::test]
async fn six_tablets_seat_six_parties_at_one_table_and_one_is_seated() {
    const ROUNDS: usize = 100;
    let house = House::open().await;
    let client = house.stranger();
    let mut tablets = Vec::new();
    for _ in 0..6 {
        tablets.push(Tablet::connect(&house).await);
    }
    let mut guests = Vec::new();
    for n in 0..6 {
        guests.push(guest(&client, &format!("Party {n}"), 2).await);
    }
    let mut shown: Vec<Lists> = vec![Lists::default(); 6];
    for (tablet, lists) in tablets.iter_mut().zip(&mut shown) {
        tablet.take(6).await.iter().for_each(|it| lists.hear(it));
    }
    for round in 0..ROUNDS {
        let mut asked = JoinSet::new();
        for id in guests.clone() {
            let client = Client::new(house.address, None);
            asked.spawn(async move {
                let body = json!({"status": "Seated", "table_id": "table-5"});
                (id.clone(), client.put(&format!("{GUESTS}/{id}"), &body).await)
            });
        }
        let answers = asked.join_all().await;
        let (winners, losers): (Vec<_>, Vec<_>) = answers.iter().partition(|it| it.1.status == 200);
        assert_eq!(winners.len(), 1, "round {round}");
        let winner = &winners[0].0;
        for (_, answer) in losers {
            assert_eq!(answer.status, 409);
            let why = answer.json();
            assert_eq!(
                (&why["code"], &why["table_id"]),
                (&json!("table_taken"), &json!("table-5"))
            );
            assert_eq!(why["held_by"], **winner);
            assert_eq!(why["free_table_ids"].as_array().unwrap().len(), 3, "{why}");
        }
        let table = done(&client.get(TABLES).await);
        let table = table
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["id"] == "table-5")
            .unwrap()
            .clone();
        assert_eq!(table["currentGuestId"], **winner);
        let freed = client
            .put(&format!("{GUESTS}/{winner}"), &json!({"status": "Waitlist"}))
            .await;
        let seq = seq_of(&freed);
        for (tablet, lists) in tablets.iter_mut().zip(&mut shown) {
            let frames = tablet.through(seq).await;
            // Seated and freed: the guest, then the table, twice.
            assert_eq!(frames.len(), 4, "round {round}: {frames:?}");
            check_chain(&frames);
            frames.iter().for_each(|it| lists.hear(it));
        }
        assert!(
            shown.windows(2).all(|it| it[0] == it[1]),
            "round {round}: all screens agree"
        );
    }
}

/// Somebody at the door who does one thing after another, through either surface.
async fn busy(house_address: std::net::SocketAddr, seed: u64, n_deeds: usize) {
    let door = Client::new(house_address, None);
    let manager = Client::new(house_address, Some("demo-key-restaurant-1"));
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    for _ in 0..n_deeds {
        let guest = format!("{GUESTS}/guest-{}", dice.random_range(1..30));
        let table = dice.random_range(1..21);
        let answer = match dice.random_range(0..9) {
            0 | 1 => {
                let body = json!({"first_name": format!("P{seed}"), "party_size": dice.random_range(1..7)});
                door.post(GUESTS, &body).await
            }
            2 | 3 => {
                let body = json!({"status": "Seated", "table_id": format!("table-{table}")});
                door.put(&guest, &body).await
            }
            4 => door.put(&guest, &json!({"status": "Finished"})).await,
            5 => {
                door.put(&format!("{TABLES}/{table}"), &json!({"status": "available"}))
                    .await
            }
            6 => door.delete(&guest).await,
            7 => {
                manager
                    .command(json!({"command": "seat_walk_in", "table_ids": [table], "covers": 2}))
                    .await
            }
            _ => {
                manager
                    .command(json!({"command": "set_table_state", "table_id": table, "state": "dirty"}))
                    .await
            }
        };
        assert!(answer.status.as_u16() < 500, "{}", answer.text);
    }
}

#[tokio::test]
async fn every_tablet_hears_every_change_once_in_one_order_and_shows_what_the_lists_show() {
    let house = House::open().await;
    let client = house.stranger();
    let before = Lists::read(&client).await;
    let mut tablets = Vec::new();
    for _ in 0..4 {
        tablets.push(Tablet::connect(&house).await);
    }
    let (mut elsewhere, _) = Tablet::connect_with(&house, "?restaurant_id=2").await;
    let mut busy_ones = JoinSet::new();
    for seed in 0..6 {
        busy_ones.spawn(busy(house.address, seed, 60));
    }
    busy_ones.join_all().await;
    let last = client
        .post(GUESTS, &json!({"first_name": "Last", "party_size": 1}))
        .await;
    let seq = seq_of(&last);
    let after = Lists::read(&client).await;
    let mut all = Vec::new();
    for tablet in &mut tablets {
        let frames = tablet.through(seq).await;
        check_chain(&frames);
        let mut shown = before.clone();
        frames.iter().for_each(|it| shown.hear(it));
        assert_eq!(shown, after);
        all.push(frames);
    }
    assert!(all.windows(2).all(|it| it[0] == it[1]));
    assert!(all[0].len() > 200, "only {} frames", all[0].len());
    assert_eq!(elsewhere.through(0).await, Vec::<serde_json::Value>::new());
}
