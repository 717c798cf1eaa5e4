//! Moves that something ends in the middle: whoever asked hangs up, the house closes, the program is killed.

use super::ledgers::Ledgers;
use super::van::{SIDES, Van};
use crate::client::PATIENCE;
use crate::house::House;
use floor::{Change, Seq, TableId};
use futures_util::FutureExt;
use futures_util::future::join_all;
use maitred::floors::{AskError, Receipt};
use serde_json::json;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::time::timeout;

const FOLDER: &str = "MAITRED_TEST_MOVES_IN";
const N_TABLES: usize = 4;
const N_KILLS: u64 = 20;

/// Tables that go to and fro, wherever they were left.
async fn wanderers(van: &Van) -> Vec<TableId> {
    let mut ids = Vec::new();
    for n in 0..N_TABLES {
        let number = format!("W{n}");
        let views = [van.view(0), van.view(1)];
        let mut tables = views.iter().flat_map(|it| it.floor.tables.values());
        let known = tables.find(|it| it.details.number.to_string() == number);
        ids.push(match known.map(|it| it.id) {
            Some(id) => id,
            None => van.put_up(n % 2, &number).await,
        });
    }
    ids
}

/// Carries a table to and fro until the house closes.
async fn carry_on(van: Van, table_id: TableId, mut moved: impl FnMut(&Receipt, &Receipt)) {
    loop {
        let (side, _) = van.find(table_id).unwrap();
        match van.carry(table_id, 1 - side).await {
            Ok((left, entered)) => moved(&left, &entered),
            Err(AskError::Draining) => return,
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// Changes a table of each house until the house closes.
async fn wipe_on(van: Van, side: usize) {
    let table_id = [1, 21][side];
    for state in ["dirty", "available"].into_iter().cycle() {
        let command = json!({"set_table_state": {"table_id": table_id, "state": state}});
        match van.ask(side, command).await {
            Ok(_) => {}
            Err(AskError::Draining) => return,
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn whoever_hangs_up_in_the_middle_leaves_the_whole_move_behind_or_none_of_it() {
    const N_CALLERS: usize = 40;
    let house = House::open().await;
    let van = Van::of(&house).await;
    let mut tables = Vec::new();
    for n in 0..N_CALLERS {
        tables.push(van.put_up(0, &format!("W{n}")).await);
    }
    // Each a little later than the one before.
    for (n, table_id) in tables.iter().enumerate() {
        let mut moving = Box::pin(van.carry(*table_id, 1));
        for _ in 0..n {
            if moving.as_mut().now_or_never().is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(
        van.find(tables[0]).unwrap().0,
        0,
        "whoever has not asked moves nothing"
    );
    drop(van);
    let data = house.data().to_owned();
    let folder = house.stop().await;
    let n_moves = Ledgers::left_in(&data).await.are_whole();
    assert!(n_moves < N_CALLERS);
    drop(folder);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_that_closes_during_moves_closes_in_time_and_keeps_what_was_acknowledged() {
    let house = House::open().await;
    let van = Van::of(&house).await;
    let acknowledged = Arc::new(Semaphore::new(0));
    let mut working = Vec::new();
    for table_id in wanderers(&van).await {
        let (van, acknowledged) = (van.clone(), Arc::clone(&acknowledged));
        working.push(tokio::spawn(async move {
            let mut receipts = Vec::new();
            carry_on(van, table_id, |left, entered| {
                receipts.extend([Arc::clone(&left.change), Arc::clone(&entered.change)]);
                acknowledged.add_permits(1);
            })
            .await;
            receipts
        }));
    }
    let wiping = [0, 1].map(|side| tokio::spawn(wipe_on(van.clone(), side)));
    drop(van);
    for _ in 0..100 {
        let one = timeout(PATIENCE, acknowledged.acquire()).await;
        one.expect("the movers rest").unwrap().forget();
    }
    let data = house.data().to_owned();
    let folder = timeout(PATIENCE, house.stop()).await.expect("it does not close");
    let ledgers = Ledgers::left_in(&data).await;
    let n_moves = ledgers.are_whole();
    let mut n_acknowledged = 0;
    for receipts in timeout(PATIENCE, join_all(working)).await.unwrap() {
        for change in receipts.unwrap() {
            assert_eq!(kept(&ledgers, &change), &*change);
            n_acknowledged += 1;
        }
    }
    join_all(wiping).await.into_iter().for_each(|it| it.unwrap());
    assert_eq!(
        n_acknowledged,
        2 * n_moves,
        "what is answered `draining` did not happen"
    );
    drop(folder);
}

fn kept<'a>(ledgers: &'a Ledgers, change: &Change) -> &'a Change {
    let side = SIDES.iter().position(|it| *it == change.restaurant_id).unwrap();
    &ledgers.logs[side][usize::try_from(change.seq.0).unwrap() - 1]
}

/// This test again as a program of its own, of which only `child` runs. Killed a number of `steps` after it has told of
/// `n_acknowledged` moves. Answers what it told.
async fn evening(data: &Path, n_acknowledged: u64, steps: u32) -> Vec<(TableId, [Seq; 2])> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "moving::ends::child", "--nocapture"])
        .env(FOLDER, data)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = Vec::new();
    while let Ok(Some(line)) = timeout(PATIENCE, lines.next_line()).await.expect("it rests") {
        // Other lines are the harness's, and the last one may be cut off.
        let words: Vec<_> = line.split_whitespace().collect();
        let ["moved", table_id, left, right, "."] = words[..] else {
            continue;
        };
        let number = |it: &str| it.parse().unwrap();
        told.push((TableId(number(table_id)), [Seq(number(left)), Seq(number(right))]));
        if told.len() as u64 == n_acknowledged {
            // Or it would always be in the same part of a move.
            for _ in 0..steps {
                tokio::task::yield_now().await;
            }
            child.start_kill().unwrap();
        }
    }
    let status = child.wait().await.unwrap();
    assert!(
        told.len() as u64 >= n_acknowledged,
        "it ended by itself: {status}"
    );
    told
}

#[tokio::test]
async fn a_program_that_is_killed_during_moves_leaves_both_halves_of_each_or_neither() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = Vec::new();
    let mut seed: u32 = 2_026;
    for _ in 0..N_KILLS {
        // Knuth's generator: the same moments in every run.
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let n_acknowledged = 1 + u64::from(seed >> 16) % 120;
        let steps = seed % 8_192;
        told.extend(evening(folder.path(), n_acknowledged, steps).await);
        let ledgers = Ledgers::left_in(folder.path()).await;
        let n_moves = ledgers.are_whole();
        assert!(n_moves >= told.len());
        for (table_id, seqs) in &told {
            for (log, seq) in ledgers.logs.iter().zip(seqs) {
                let change = &log[usize::try_from(seq.0).unwrap() - 1];
                let is_of_it = serde_json::to_string(&change.events).unwrap();
                assert!(
                    is_of_it.contains(&format!("\"table_id\":{table_id}")),
                    "{change:?}"
                );
            }
        }
        println!("{} told, {n_moves} in the journals", told.len());
    }
}

/// Moves tables until it is killed. As a test of its own it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let house = House::open_at(Path::new(&folder), 0).await;
    let van = Van::of(&house).await;
    let mut working = Vec::new();
    for table_id in wanderers(&van).await {
        let van = van.clone();
        working.push(tokio::spawn(async move {
            carry_on(van, table_id, |left, entered| {
                let mut seqs = [left, entered].map(|it| (it.change.restaurant_id, it.change.seq));
                seqs.sort_unstable();
                println!("moved {table_id} {} {} .", seqs[0].1, seqs[1].1);
            })
            .await;
        }));
    }
    working.extend([0, 1].map(|side| tokio::spawn(wipe_on(van.clone(), side))));
    join_all(working).await;
}
