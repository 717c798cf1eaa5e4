//! P3: a snapshot and the changes behind it meet exactly, whenever a screen comes.

use crate::client::{Client, PATIENCE};
use crate::door::Door;
use crate::house::House;
use crate::seen::Seen;
use crate::tail::Tail;
use crate::work::{the_end, turn_id, wiped};
use futures_util::future::join_all;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Writers that do not rest until they are told.
struct Storm {
    changes: Arc<Semaphore>,
    is_over: Arc<AtomicBool>,
    writers: JoinSet<()>,
}

impl Storm {
    async fn over(house: &House) -> Storm {
        let mut storm = Storm {
            changes: Arc::new(Semaphore::new(0)),
            is_over: Arc::default(),
            writers: JoinSet::new(),
        };
        for table_id in 1..=6 {
            let mut door = Door::mixed(house, "test-restaurant-1", "demo-key-restaurant-1", table_id).await;
            let (changes, is_over) = (Arc::clone(&storm.changes), Arc::clone(&storm.is_over));
            storm.writers.spawn(async move {
                for n in 0.. {
                    if is_over.load(Ordering::Acquire) {
                        return;
                    }
                    if n % 8 == 0 {
                        let walk_in = json!({"command": "seat_walk_in", "table_ids": [table_id],
                            "covers": 2, "guest": {"name": "Ada", "notes": "by the window"}});
                        let turn_id = turn_id(&door.accepted(&walk_in).await);
                        let closing = json!({"command": "close_turn", "turn_id": turn_id});
                        door.accepted(&closing).await;
                    } else {
                        door.accepted(&wiped(table_id, n)).await;
                    }
                    changes.add_permits(1);
                }
            });
        }
        storm
    }

    /// Waits until the writers have done something more.
    async fn goes_on(&self) {
        let more = timeout(PATIENCE, self.changes.acquire_many(4)).await;
        more.expect("the writers rest").unwrap().forget();
    }

    async fn end(self) {
        self.is_over.store(true, Ordering::Release);
        self.writers.join_all().await;
    }
}

/// The floor that was put together is the server's, byte for byte.
async fn is_the_floor_of(client: &Client, seen: &Seen) {
    let answer = client.get("/v1/restaurants/test-restaurant-1/floor").await;
    let now = answer.json();
    assert_eq!(now["seq"], seen.seq);
    assert_eq!(now["digest"], seen.floor.digest());
    let same_bytes = answer.text.contains(&format!("\"floor\":{}", seen.text()));
    assert!(same_bytes, "{}\nis not in\n{}", seen.text(), answer.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn screens_that_come_in_the_middle_of_a_rush_have_the_floor_to_the_byte() {
    let house = House::open().await;
    let manager = house.manager();
    let before = manager.floor().await["seq"].as_u64().unwrap();
    let storm = Storm::over(&house).await;
    let mut watching = Vec::new();
    for _ in 0..24 {
        storm.goes_on().await;
        let mut screen = house.screen().await;
        let mut seen = screen.snapshot().await;
        watching.push(tokio::spawn(async move {
            let began = seen.seq;
            screen.watch_to_the_end(&mut seen, 20).await;
            (began, seen)
        }));
    }
    storm.goes_on().await;
    storm.end().await;
    manager.accepted(the_end(20)).await;
    let mut begins = Vec::new();
    for seen in join_all(watching).await {
        let (began, seen) = seen.unwrap();
        is_the_floor_of(&manager, &seen).await;
        assert!(seen.resets.is_empty());
        assert!(seen.changes.len() > 4, "it came while the others wrote");
        begins.push(began);
    }
    begins.dedup();
    assert!(
        begins.len() > 12 && begins[0] > before,
        "they came at different moments: {begins:?}"
    );
}

/// Comes again and again, each time until two changes have followed the snapshot without a hole.
async fn look_in(house: &House, n_times: usize) {
    for _ in 0..n_times {
        let mut screen = house.screen().await;
        let mut seen = screen.snapshot().await;
        let next_but_one = seen.seq + 2;
        screen.watch(&mut seen, next_but_one).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_often_screens_come_and_go_in_a_rush_none_begins_with_a_hole() {
    let house = House::open().await;
    let storm = Storm::over(&house).await;
    join_all((0..8).map(|_| look_in(&house, 60))).await;
    storm.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_that_follows_the_events_has_the_floor_to_the_byte() {
    let house = House::open().await;
    let manager = house.manager();
    let storm = Storm::over(&house).await;
    storm.goes_on().await;
    let mut tail = Tail::open(house.address, None).await;
    let mut seen = Seen::beginning_with(&tail.next().await);
    storm.goes_on().await;
    storm.end().await;
    let last = manager.accepted(the_end(20)).await["seq"].as_u64().unwrap();
    while seen.seq < last {
        seen.hear(&tail.next().await);
    }
    is_the_floor_of(&manager, &seen).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_heartbeat_in_a_rush_has_the_digest_of_what_the_screen_has_been_told() {
    let house = House::open().await;
    let storm = Storm::over(&house).await;
    storm.goes_on().await;
    let watching = (0..3).map(|_| async {
        let mut screen = house.screen().await;
        let mut seen = screen.snapshot().await;
        loop {
            let frame = screen.next_any().await;
            // Checks seq and digest when it is a heartbeat.
            seen.hear(&frame);
            if frame["type"] == "heartbeat" {
                return;
            }
        }
    });
    join_all(watching).await;
    storm.end().await;
}
