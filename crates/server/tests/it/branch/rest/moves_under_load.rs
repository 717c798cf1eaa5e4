//! Many tables on the move at once: each is in one branch, and both branches are what their changes add up to.

use super::moves_heard::{Listeners, Placed};
use super::office::{Office, ask, at, each, id, yes};
use crate::visitors::OPERATOR;
use futures_util::future::join_all;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const SEED: u64 = 20_261_127;
const HANDS: usize = 6;
const MOVES: usize = 40;
const TABLES: usize = 10;

/// One pair of hands that moves tables to and fro, and does other things to them. Answers what was put where, and
/// what was said to be nowhere.
async fn work(office: &Office, tables: &[String], seed: u64) -> (Vec<Placed>, Vec<String>) {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let (mut placed, mut missed) = (Vec::new(), Vec::new());
    for _ in 0..MOVES {
        let table = &tables[dice.random_range(0..tables.len())];
        let side = dice.random_range(0..2);
        let branch = office.sides()[side];
        let (place, body) = match dice.random_range(0..8) {
            0 => ("/status", json!({"status": "occupied"})),
            1 => ("/status", json!({"status": "available"})),
            2 => ("", json!({"notes": format!("{seed}")})),
            // Into a number that somebody else may want, too.
            3 => (
                "",
                json!({"branchId": branch, "tableNumber": format!("W-{}", dice.random_range(0..4))}),
            ),
            _ => ("", json!({"branchId": branch})),
        };
        let path = at(&format!("/tables/{table}{place}"));
        let answer = ask(&office.chain, "PATCH", &path, &body).await;
        match answer.status.as_u16() {
            200 => {
                let told = answer.json();
                assert_eq!(told["id"], *table, "seed {seed}");
                if let Some(branch) = body.get("branchId") {
                    placed.push(Placed::of(side, &answer));
                    assert_eq!(
                        (&told["branchId"], &told["branch"]["id"]),
                        (branch, branch),
                        "seed {seed}"
                    );
                }
            }
            // A number may be taken, and nothing else goes wrong.
            400 => assert!(
                answer.text.contains("already exists in this branch"),
                "seed {seed}: {}",
                answer.text
            ),
            404 => missed.push(format!("{place} {body}: {}", answer.text)),
            _ => panic!("seed {seed}: {body} was answered {answer:?}"),
        }
    }
    (placed, missed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tables_that_many_move_to_and_fro_are_each_in_one_branch() {
    let office = Office::open().await;
    let mut tables = Vec::new();
    for number in 0..TABLES {
        tables.push(id(&office.table(&format!("M-{number}"), json!({})).await));
    }
    let listeners = Listeners::join(&office).await;
    let hands = (SEED..).take(HANDS).map(|it| work(&office, &tables, it));
    let done = join_all(hands).await;
    let placed: Vec<&Placed> = done.iter().flat_map(|it| &it.0).collect();
    assert!(placed.len() > 50, "{}", placed.len());
    listeners.told(&office).await.fit(&tables, &placed);
    let mut everywhere = BTreeSet::new();
    for (restaurant, branch, own) in [(1, &office.branch, 20), (2, &office.other, 6)] {
        let path = at(&format!("/tables?limit=500&branchId={branch}"));
        let list = yes(&ask(&office.chain, "GET", &path, &Value::Null).await);
        for table in list["data"].as_array().unwrap() {
            assert!(everywhere.insert(id(table)), "{table} is in both");
            assert_eq!(&table["branchId"], branch);
            assert_eq!(*table, office.shown(table["id"].as_str().unwrap()).await);
        }
        let numbers: BTreeSet<String> = each(&list, "tableNumber").into_iter().collect();
        assert_eq!(
            numbers.len(),
            list["data"].as_array().unwrap().len(),
            "a number is taken twice"
        );
        assert!(numbers.len() >= own);
        // The other door shows the same tables, and sits people at the same ones.
        let floor = office.floor_of(restaurant).await;
        let v1: BTreeSet<String> = each(&floor["floor"]["tables"], "number").into_iter().collect();
        assert_eq!(v1, numbers);
        let mut taken = 0;
        for turn in floor["floor"]["turns"].as_array().unwrap() {
            taken += turn["table_ids"].as_array().unwrap().len();
        }
        assert_eq!(
            each(&list, "status")
                .iter()
                .filter(|it| *it == "occupied")
                .count(),
            taken
        );
        whole(&office, restaurant, &floor).await;
    }
    assert_eq!(everywhere.len(), 26 + TABLES);
    assert!(tables.iter().all(|it| everywhere.contains(it)));
    // Whoever is of both branches finds a table, wherever it is just going.
    let missed: Vec<_> = done.iter().flat_map(|it| &it.1).collect();
    assert!(
        missed.is_empty(),
        "{} of {}: {:?}",
        missed.len(),
        HANDS * MOVES,
        missed[0]
    );
}

/// Checks that a restaurant's changes are numbered without a gap, and add up to its floor (P2, P12).
async fn whole(office: &Office, restaurant: u64, floor: &Value) {
    let operator = office.house.client(OPERATOR);
    let place = format!("/v1/restaurants/{restaurant}");
    let head = floor["seq"].as_u64().unwrap();
    let mut after = 0;
    while after < head {
        let page = yes(&operator
            .get(&format!("{place}/changes?after={after}&limit=500"))
            .await);
        for change in page["changes"].as_array().unwrap() {
            after += 1;
            assert_eq!(change["seq"], after);
        }
    }
    let past = yes(&operator.get(&format!("{place}/floor?at_seq={head}")).await);
    assert_eq!(past["digest"], floor["digest"]);
    assert_eq!(past["floor"], floor["floor"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_table_that_is_moved_and_seated_at_once_has_its_party_or_none() {
    let office = Office::open().await;
    let manager = office.house.manager();
    let table = id(&office.table("M-1", json!({})).await);
    let path = at(&format!("/tables/{table}"));
    for round in 0..30 {
        let number = office.v1_table("M-1").await["id"].as_u64().unwrap();
        let seat = json!({"command": "seat_walk_in", "table_ids": [number], "covers": 2});
        let away = json!({"branchId": office.other});
        let (seated, moved) = tokio::join!(manager.command(seat), ask(&office.chain, "PATCH", &path, &away));
        let told = yes(&moved);
        assert!([200, 404, 409].contains(&seated.status.as_u16()), "{seated:?}");
        assert_eq!(
            office.n_turns().await,
            0,
            "round {round}: somebody sits at a table that is gone"
        );
        let there = office.floor_of(2).await["floor"]["turns"]
            .as_array()
            .unwrap()
            .len();
        assert_eq!(told["status"] == "occupied", there == 1, "round {round}: {told}");
        let back = json!({"branchId": office.branch, "status": "available"});
        yes(&ask(&office.chain, "PATCH", &path, &back).await);
        assert_eq!(office.n_turns().await, 0, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_tables_that_move_into_one_number_one_does() {
    let office = Office::open().await;
    for round in 0..25 {
        let mut tables = Vec::new();
        for n in 0..2 {
            tables.push(id(&office.table(&format!("M-{round}-{n}"), json!({})).await));
        }
        let body = json!({"branchId": office.other, "tableNumber": format!("N-{round}")});
        let paths: Vec<String> = tables.iter().map(|it| at(&format!("/tables/{it}"))).collect();
        let answers = join_all(paths.iter().map(|path| ask(&office.chain, "PATCH", path, &body))).await;
        let statuses: BTreeSet<u16> = answers.iter().map(|it| it.status.as_u16()).collect();
        assert_eq!(statuses, BTreeSet::from([200, 400]), "{answers:?}");
        for (table, answer) in tables.iter().zip(&answers) {
            let branch = if answer.status == 200 {
                &office.other
            } else {
                &office.branch
            };
            assert_eq!(office.shown(table).await["branchId"], *branch);
        }
    }
}
