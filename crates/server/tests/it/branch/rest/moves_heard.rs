//! What is heard of tables that move: in the branch that they leave that they are gone, in the other that they are
//! there, once for each move.

use super::office::{Office, ask, at, id, yes};
use super::shapes::check;
use crate::branch::visitor::{By, Visitor, WAYS};
use crate::client::Answer;
use futures_util::future::join_all;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio::task::JoinHandle;

const SEED: u64 = 20_261_130;
/// What is written last, to a table that stays where it is.
const LAST_WORD: &str = "Lanterns out on the quay";

/// A table that was told to be in a branch, and then was.
pub(super) struct Placed {
    side: usize,
    seq: u64,
    table: Value,
}

impl Placed {
    /// What an answer says of a table that is to be on this side.
    pub(super) fn of(side: usize, answer: &Answer) -> Placed {
        let seq = answer.headers["x-seq"].to_str().unwrap().parse().unwrap();
        let table = answer.json();
        Placed { side, seq, table }
    }

    fn id(&self) -> String {
        id(&self.table)
    }

    /// The table as it is told where it comes in: without what it is related to.
    fn alone(&self) -> Value {
        let mut table = self.table.clone();
        for relation in ["branch", "floorPlan", "section", "assignedServer"] {
            table.as_object_mut().unwrap().remove(relation);
        }
        table
    }
}

/// Clients in both branches: of each, one by WebSocket and one that polls. Nobody is in both.
pub(super) struct Listeners {
    of: [Vec<JoinHandle<Vec<Value>>>; 2],
}

/// What was told in each branch.
pub(super) struct Told {
    of: [Vec<Value>; 2],
}

impl Listeners {
    pub(super) async fn join(office: &Office) -> Listeners {
        let token = office.chain.credential.clone().unwrap();
        let mut of = [Vec::new(), Vec::new()];
        for (side, branch) in office.sides().into_iter().enumerate() {
            for by in WAYS {
                let mut visitor = Visitor::with_token(&office.house, by, &token).await;
                let place = visitor.joined(&json!(branch)).await;
                of[side].push(tokio::spawn(listen(visitor, by, place)));
            }
        }
        Listeners { of }
    }

    /// Everything that they were told until now.
    pub(super) async fn told(self, office: &Office) -> Told {
        for branch in office.sides() {
            let path = at(&format!("/tables?limit=500&sortBy=tableNumber&branchId={branch}"));
            let list = yes(&ask(&office.chain, "GET", &path, &Value::Null).await);
            let path = at(&format!("/tables/{}", id(&list["data"][0])));
            let last = json!({"notes": LAST_WORD});
            yes(&ask(&office.chain, "PATCH", &path, &last).await);
        }
        let mut told = Told {
            of: [const { Vec::new() }; 2],
        };
        for (side, listeners) in self.of.into_iter().enumerate() {
            let mut heard = join_all(listeners).await.into_iter().map(|it| it.unwrap());
            told.of[side] = heard.next().unwrap();
            for other in heard {
                assert_eq!(told.of[side], other, "everybody in a branch is told the same");
            }
        }
        told
    }
}

/// Everything that a client is told up to the last word: each change once, in their order.
async fn listen(mut visitor: Visitor, by: By, place: u64) -> Vec<Value> {
    let mut heard: Vec<Value> = Vec::new();
    loop {
        let event = visitor.event().await;
        let last = heard.last().map_or(place, |it| it[2]["seq"].as_u64().unwrap());
        assert_eq!(event[2]["seq"], last + 1, "by {by:?}, behind {place}: {event}");
        let is_last = event[1]["notes"] == LAST_WORD;
        heard.push(event);
        if is_last {
            assert_eq!(visitor.told().await, Vec::<Value>::new());
            return heard;
        }
    }
}

impl Told {
    /// The comings and goings of a table on one side: true where it comes.
    fn of_table<'a>(&'a self, side: usize, table: &'a str) -> impl Iterator<Item = (bool, &'a Value)> {
        let events = self.of[side].iter().filter(move |it| it[1]["id"] == table);
        events.filter_map(|it| match it[0].as_str().unwrap() {
            "tableCreated" => Some((true, it)),
            "tableDeleted" => Some((false, it)),
            _ => None,
        })
    }

    /// Checks that these tables, which were on side 0, were told to come and go as they did. Answers how often each of
    /// them came to each side.
    pub(super) fn fit(&self, tables: &[String], placed: &[&Placed]) -> BTreeMap<(String, usize), usize> {
        let mut arrivals = BTreeMap::new();
        for table in tables {
            let mut n = [[0, 0]; 2];
            for (side, counted) in n.iter_mut().enumerate() {
                let mut is_here = side == 0;
                for (comes, event) in self.of_table(side, table) {
                    assert_ne!(comes, is_here, "on side {side} it comes, goes, comes: {event}");
                    is_here = comes;
                    counted[usize::from(comes)] += 1;
                    if !comes {
                        assert_eq!(event[1], json!({"id": table}));
                    }
                }
                arrivals.insert((table.clone(), side), counted[1]);
            }
            let [[left_0, came_0], [left_1, came_1]] = n;
            assert_eq!(
                (left_0, left_1),
                (came_1, came_0),
                "{table} goes where it comes from"
            );
        }
        // Whatever came in was put there, and whatever was put there was told, as it was answered.
        let mut n_came = 0;
        for it in placed {
            let of = self.of[it.side].iter().filter(|event| event[2]["seq"] == it.seq);
            let events: Vec<&Value> = of.collect();
            assert_eq!(events.len(), 1, "{events:?}");
            match events[0][0].as_str().unwrap() {
                "tableCreated" => {
                    n_came += 1;
                    check("table", &events[0][1]);
                    assert_eq!(events[0][1], it.alone());
                }
                // It was there already.
                "tableUpdated" => assert_eq!(events[0][1], it.table),
                other => panic!("{other} for a table that was put there"),
            }
        }
        assert_eq!(n_came, arrivals.values().sum::<usize>());
        arrivals
    }
}

/// Somebody who has a table to themselves, and carries it to the other side and back again and again, with guests at
/// it or without.
async fn carry(office: &Office, number: &str, table: &str, seed: u64) -> Vec<Placed> {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let in_v1 = office.v1_table(number).await["id"].clone();
    let path = at(&format!("/tables/{table}"));
    let (mut placed, mut is_taken) = (Vec::new(), false);
    for n in 0..12 {
        let here = n % 2;
        match dice.random_range(0..6) {
            0 if !is_taken => {
                let client = office
                    .house
                    .client(["demo-key-restaurant-1", "demo-key-restaurant-2"][here]);
                let seat = json!({"command": "seat_walk_in", "table_ids": [in_v1], "covers": 2});
                let commands = format!("/v1/restaurants/{}/commands", here + 1);
                let seated = client.post(&commands, &seat).await;
                // One that is kept for somebody or not clean is not for everybody.
                assert!([200, 409].contains(&seated.status.as_u16()), "{seated:?}");
            }
            dice @ 1..=4 => {
                let word = ["occupied", "available", "cleaning", "reserved"][dice - 1];
                let body = json!({"status": word});
                yes(&ask(&office.chain, "PATCH", &format!("{path}/status"), &body).await);
            }
            _ => {}
        }
        is_taken = office.shown(table).await["status"] == "occupied";
        let there = 1 - here;
        let body = json!({"branchId": office.sides()[there]});
        let answer = ask(&office.chain, "PATCH", &path, &body).await;
        let told = yes(&answer);
        assert_eq!(told["status"] == "occupied", is_taken, "seed {seed}: {told}");
        assert_eq!(told["tableNumber"], number);
        placed.push(Placed::of(there, &answer));
    }
    placed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_move_is_heard_once_where_the_table_was_and_once_where_it_is() {
    let office = Office::open().await;
    let mut tables = Vec::new();
    for n in 0..8 {
        tables.push(id(&office.table(&format!("M-{n}"), json!({})).await));
    }
    let listeners = Listeners::join(&office).await;
    let carrying = tables.iter().zip(0..).map(|(table, n)| {
        let (office, number) = (&office, format!("M-{n}"));
        async move { carry(office, &number, table, SEED + n).await }
    });
    let placed: Vec<Placed> = join_all(carrying).await.into_iter().flatten().collect();
    let told = listeners.told(&office).await;
    let arrivals = told.fit(&tables, &placed.iter().collect::<Vec<_>>());
    for table in &tables {
        for side in 0..2 {
            let n_moves = placed
                .iter()
                .filter(|it| it.id() == *table && it.side == side)
                .count();
            assert_eq!(n_moves, 6);
            assert_eq!(arrivals[&(table.clone(), side)], n_moves, "seed {SEED}");
        }
    }
}
