//! Tables that go to and fro while both restaurants are busy.

use super::ledgers::Ledgers;
use super::van::{MANAGERS, Van};
use crate::client::{PATIENCE, Screen};
use crate::door::Door;
use crate::house::House;
use crate::seen::Seen;
use crate::work::{serve_table, the_end};
use floor::TableId;
use futures_util::future::{join, join_all};
use jiff::SignedDuration;
use maitred::floors::AskError;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::time::timeout;

/// The last table of either restaurant, which ends its evening.
const LAST_TABLES: [u64; 2] = [20, 26];

/// Carries one table to and fro, and the clock on.
async fn to_and_fro(van: &Van, house: &House, seconds: &AtomicI64, table_id: TableId) -> usize {
    const N_MOVES: usize = 40;
    for n in 0..N_MOVES {
        // Now and then two of them set it back a little: changes do not follow.
        let passed = seconds.fetch_add(1, Ordering::Relaxed);
        house.later(SignedDuration::from_secs(passed));
        van.carry(table_id, (n + 1) % 2).await.unwrap();
    }
    N_MOVES
}

/// Tries to carry a table that others carry too. Answers how often it came first.
async fn tug(van: &Van, table_id: TableId, n: usize) -> usize {
    let mut n_moves = 0;
    for _ in 0..n {
        // Wherever it was when we looked.
        let Some((side, _)) = van.find(table_id) else {
            continue;
        };
        match van.carry(table_id, 1 - side).await {
            Ok(_) => n_moves += 1,
            Err(AskError::Refused(refusal)) => assert_eq!(refusal.code(), "unknown_table"),
            Err(other) => panic!("{other:?}"),
        }
    }
    n_moves
}

/// What a screen of one side sees until the end.
async fn screen(house: &House, side: usize) -> impl Future<Output = Seen> + Send + 'static {
    let (key, slug) = MANAGERS[side];
    let mut screen = Screen::connect(house.address, slug, "", Some(key)).await.unwrap();
    let mut seen = screen.snapshot().await;
    async move {
        screen.watch_to_the_end(&mut seen, LAST_TABLES[side]).await;
        seen
    }
}

async fn serve(house: &House, side: usize, table_id: u64) {
    let (key, slug) = MANAGERS[side];
    let mut door = Door::mixed(house, slug, key, table_id).await;
    serve_table(&mut door, table_id, 8).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_two_busy_houses_every_table_is_in_one_of_them_and_everybody_is_told_in_one_order() {
    let house = House::open().await;
    let van = Van::of(&house).await;
    let mut own = Vec::new();
    for number in ["W1", "W2", "W3", "W4"] {
        own.push(van.put_up(0, number).await);
    }
    let contested = [van.put_up(0, "C1").await, van.put_up(0, "C2").await];
    van.seat(0, &own[..1], 3).await;
    van.seat(0, &contested[..1], 2).await;
    let mut watching = Vec::new();
    for side in [0, 1, 0, 1] {
        watching.push((side, tokio::spawn(screen(&house, side).await)));
    }

    let seconds = AtomicI64::new(0);
    let moving = join_all(own.iter().map(|it| to_and_fro(&van, &house, &seconds, *it)));
    let tugging = join_all(
        contested
            .iter()
            .flat_map(|it| [*it; 3])
            .map(|it| tug(&van, it, 20)),
    );
    let serving = join(
        join_all((1..=5).map(|it| serve(&house, 0, it))),
        join_all((21..=24).map(|it| serve(&house, 1, it))),
    );
    let (moved, tugged, _) = tokio::join!(moving, tugging, serving);
    for (side, last_table) in LAST_TABLES.into_iter().enumerate() {
        let (key, slug) = MANAGERS[side];
        Door::http(&house, slug, key).accepted(&the_end(last_table)).await;
    }

    assert_eq!(van.covers(0, own[0]).unwrap().get(), 3, "they still sit there");
    let ledgers = Ledgers::read(house.floors.journal()).await;
    let n_moves: usize = moved.iter().chain(&tugged).sum();
    assert_eq!(ledgers.are_whole(), n_moves);
    for (side, seen) in watching {
        let seen = seen.await.unwrap();
        assert!(seen.resets.is_empty());
        let head = ledgers.logs[side].len();
        let first = head - seen.changes.len();
        let logged: Vec<Value> = ledgers.logs[side][first..]
            .iter()
            .map(|it| json!({"seq": it.seq, "at": it.at, "by": it.by, "events": it.events}))
            .collect();
        let told = seen.changes.iter();
        let told =
            told.map(|it| json!({"seq": it["seq"], "at": it["at"], "by": it["by"], "events": it["events"]}));
        assert_eq!(told.collect::<Vec<_>>(), logged);
        assert_eq!(seen.floor.digest(), van.view(side).digest());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_that_change_places_never_wait_for_each_other() {
    let house = House::open().await;
    let van = Van::of(&house).await;
    let (one, other) = (van.put_up(0, "W1").await, van.put_up(1, "W2").await);
    for n in 0..100 {
        let (there, back) = ((n + 1) % 2, n % 2);
        let changing = async {
            tokio::join!(
                tokio::spawn(carry(van.clone(), one, there)),
                tokio::spawn(carry(van.clone(), other, back))
            )
        };
        let changed = timeout(PATIENCE, changing).await;
        let (one, other) = changed.expect("they wait for each other");
        one.unwrap();
        other.unwrap();
    }
    assert_eq!(Ledgers::read(house.floors.journal()).await.are_whole(), 200);
}

async fn carry(van: Van, table_id: TableId, to: usize) {
    van.carry(table_id, to).await.unwrap();
}
