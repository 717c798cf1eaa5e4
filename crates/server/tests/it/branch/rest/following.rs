//! Clients that read the lists once and follow the events from then on: they show what is there, whenever they came.

use super::office::{Office, ask, ask_with, at, id, yes};
use crate::branch::visitor::{By, Visitor, WAYS};
use crate::client::{Answer, Client};
use futures_util::future::join_all;
use hyper::Method;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

const SEED: u64 = 20_261_202;
const ROUNDS: u64 = 4;
const HANDS: u64 = 4;
/// What one pair of hands does in a round, at the least and at the most.
const WRITES: std::ops::Range<usize> = 30..150;
/// What is written at the end of a round.
const LAST_WORD: &str = "Anchors weighed at the quay";

/// What a client shows of a branch.
struct Follower {
    visitor: Visitor,
    by: By,
    /// The place of the list.
    read_at: u64,
    tables: BTreeMap<String, Value>,
}

/// The tables of branch 1 as a list shows them, no older than `seq`, and its place.
async fn list(office: &Office, seq: u64) -> (u64, BTreeMap<String, Value>) {
    let path = at(&format!("/tables?limit=1000&branchId={}", office.branch));
    let headers = [("x-min-seq", seq.to_string())];
    let headers = headers.each_ref().map(|(name, it)| (*name, it.as_str()));
    let answer = ask_with(&office.admin, "GET", &path, &headers, &Value::Null).await;
    let shows = answer.headers["x-seq"].to_str().unwrap().parse().unwrap();
    assert!(shows >= seq, "{shows} of {seq}");
    let list = yes(&answer);
    let tables = list["data"].as_array().unwrap().iter();
    (shows, tables.map(|it| (id(it), it.clone())).collect())
}

impl Follower {
    async fn come(office: &Office, by: By) -> Follower {
        let mut visitor = Visitor::enter_as_manager(&office.house, by).await;
        let joined = visitor.joined(&json!(office.branch)).await;
        let (read_at, tables) = list(office, joined).await;
        Follower {
            visitor,
            by,
            read_at,
            tables,
        }
    }

    /// Takes in every event up to the last word, and those that belong to it. Answers how many were news.
    async fn follow(&mut self) -> usize {
        let mut n_new = 0;
        let mut is_over = false;
        while !is_over {
            let event = self.visitor.event().await;
            is_over = event[1]["notes"] == LAST_WORD;
            if event[2]["seq"].as_u64().unwrap() <= self.read_at {
                continue;
            }
            n_new += 1;
            let table = id(&event[1]);
            if event[0] == "tableDeleted" {
                assert!(self.tables.remove(&table).is_some(), "{event}");
            } else {
                let was = self.tables.insert(table, event[1].clone());
                assert_eq!(was.is_none(), event[0] == "tableCreated", "{event}");
            }
        }
        n_new
    }

    /// Checks that it shows what is there.
    fn shows(&self, there: &BTreeMap<String, Value>, seed: u64) {
        let ids = |it: &BTreeMap<String, Value>| it.keys().cloned().collect::<Vec<_>>();
        assert_eq!(ids(&self.tables), ids(there), "by {:?}, seed {seed}", self.by);
        for (table, whole) in there {
            let mut whole = whole.clone();
            // One that is new came without what it is related to.
            let shown = self.tables[table].as_object().unwrap();
            let fields = whole.as_object_mut().unwrap();
            if !shown.contains_key("branch") {
                fields.retain(|name, _| shown.contains_key(name));
            }
            assert_eq!(shown, fields, "by {:?}, seed {seed}", self.by);
        }
    }
}

/// Somebody who writes whatever there is to write until it is enough.
struct Writer<'a> {
    office: &'a Office,
    manager: Client,
    dice: ChaCha8Rng,
    name: String,
    servers: Vec<String>,
    furniture: Vec<Value>,
    /// Tables that it put up.
    own: Vec<String>,
}

impl Writer<'_> {
    async fn write(&mut self, tables: &[String]) {
        let table = tables[self.dice.random_range(0..tables.len())].clone();
        let place = format!("/tables/{table}");
        let word = ["available", "occupied", "reserved", "cleaning", "out_of_service"];
        let word = word[self.dice.random_range(0..5)];
        let server = &self.servers[self.dice.random_range(0..2)];
        let piece = self.furniture[self.dice.random_range(0..self.furniture.len())].clone();
        let office = self.office;
        let answer = match self.dice.random_range(0..12) {
            0..=2 => office.say(&table, word).await,
            3 => office.patch(&place, piece).await,
            4 => {
                let body = json!({"status": word, "assignedServerId": server, "notes": self.name});
                office.patch(&place, body).await
            }
            5 => {
                let body = json!({"assignedServerId": server});
                office.patch(&format!("{place}/assign-server"), body).await
            }
            6 => office.patch(&format!("{place}/unassign-server"), json!({})).await,
            7 => self.put_up().await,
            8 => match self.own.pop() {
                Some(own) => office.delete(&format!("/tables/{own}")).await,
                None => self.put_up().await,
            },
            9 => {
                let pair = [self.dice.random_range(1..10), self.dice.random_range(10..20)];
                let n = self.dice.random_range(1..3);
                let seat =
                    json!({"command": "seat_walk_in", "table_ids": pair[..n], "covers": 2, "force": true});
                self.manager.command(seat).await
            }
            dice => self.carry_on(dice == 10).await,
        };
        let status = answer.status.as_u16();
        assert!([200, 201, 400, 404, 409].contains(&status), "{answer:?}");
    }

    async fn put_up(&mut self) -> Answer {
        let number = format!("{} {}", self.name, self.dice.random_range(0..1_000_000));
        let body = json!({"tableNumber": number, "capacity": 2, "branchId": self.office.branch,
            "assignedServerId": self.servers[0]});
        let answer = self.office.post("/tables", body).await;
        if answer.status == 201 {
            self.own.push(id(&answer.json()));
        }
        answer
    }

    /// A party moves to another table, or leaves: through v1 and at the host stand.
    async fn carry_on(&mut self, moves: bool) -> Answer {
        let floor = self.manager.floor().await;
        let turns = floor["floor"]["turns"].as_array().unwrap();
        if turns.is_empty() {
            return self.put_up().await;
        }
        let turn = &turns[self.dice.random_range(0..turns.len())];
        if moves {
            let to = [self.dice.random_range(1..20)];
            let move_turn =
                json!({"command": "move_turn", "turn_id": turn["id"], "table_ids": to, "force": true});
            return self.manager.command(move_turn).await;
        }
        let clear = format!(
            "/restaurants/test-restaurant-1/tables/{}/clear",
            turn["table_ids"][0]
        );
        let host = self.office.house.stranger();
        host.send(Method::PUT, &clear, &[], "{}".to_owned()).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_joins_while_others_write_shows_what_is_there_afterwards() {
    let office = Office::open().await;
    let servers = vec![office.person("waiter").await, office.person("waiter2").await];
    let mut furniture = vec![
        json!({"sectionId": null, "floorPlanId": null}),
        json!({"capacity": 6}),
    ];
    for name in ["Window", "Centre"] {
        furniture.push(json!({"sectionId": office.named("table-sections", name).await["id"]}));
    }
    for name in ["Main", "Terrace"] {
        furniture.push(json!({"floorPlanId": office.named("floor-plans", name).await["id"]}));
    }
    let tables: Vec<String> = list(&office, 0).await.1.into_keys().collect();
    let last = id(&office.table("Last", json!({})).await);
    for round in 0..ROUNDS {
        let seed = SEED + round * HANDS;
        yes(&office
            .patch(&format!("/tables/{last}"), json!({"notes": null}))
            .await);
        let is_enough = AtomicBool::new(false);
        let writing = join_all((0..HANDS).map(|hand| {
            let mut writer = Writer {
                office: &office,
                manager: office.house.manager(),
                dice: ChaCha8Rng::seed_from_u64(seed + hand),
                name: format!("Hand {round} {hand}"),
                servers: servers.clone(),
                furniture: furniture.clone(),
                own: Vec::new(),
            };
            let (tables, is_enough) = (&tables, &is_enough);
            async move {
                for n in 0..WRITES.end {
                    if n >= WRITES.start && is_enough.load(Ordering::Relaxed) {
                        return;
                    }
                    writer.write(tables).await;
                }
            }
        }));
        let coming = async {
            let mut followers = Vec::new();
            for n in 0..6 {
                followers.push(Follower::come(&office, WAYS[n % 2]).await);
            }
            is_enough.store(true, Ordering::Relaxed);
            followers
        };
        let (_, followers) = tokio::join!(writing, coming);
        let path = at(&format!("/tables/{last}"));
        let answer = ask(&office.admin, "PATCH", &path, &json!({"notes": LAST_WORD})).await;
        yes(&answer);
        let (_, there) = list(&office, 0).await;
        let mut n_new = 0;
        for mut follower in followers {
            n_new += follower.follow().await;
            follower.shows(&there, seed);
        }
        // They came in the middle of it.
        assert!(n_new > 60, "{n_new}");
    }
}
