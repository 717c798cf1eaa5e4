//! Nothing acknowledged is lost when the program is killed in the middle of its work (P1, P2).
//!
//! The test runs itself as a child that appends with many tasks and says what was acknowledged; the
//! parent kills it at some point, reopens the journal and looks.

#[expect(dead_code, reason = "the conformance tests use the rest")]
mod house;

use floor::{Command, RestaurantId, Seq};
use house::{House, one, walk_in};
use jiff::Timestamp;
use journal::{Config, Device, Journal, KeyName, KeyRecord, Registration};
use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Program, Stdio};
use tokio::task::JoinSet;

const FOLDER: &str = "JOURNAL_CRASH_FOLDER";
const ROUNDS: usize = 10;
const RESTAURANTS: usize = 8;
const ACKNOWLEDGED_MAX: u64 = 400;

/// Per restaurant the last change that was acknowledged.
type Acknowledged = BTreeMap<RestaurantId, Seq>;

#[tokio::test]
async fn whatever_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = Config::in_folder(folder.path().join("journal"));
    let mut acknowledged = Acknowledged::new();
    for round in 0..ROUNDS {
        let n = RandomState::new().hash_one(round) % ACKNOWLEDGED_MAX;
        let mut child = start(&config.folder);
        listen_and_kill(&mut child, n, &mut acknowledged);

        let journal = Journal::open(&config)
            .await
            .expect("the journal opens after a kill");
        let register = journal.register(Timestamp::UNIX_EPOCH).await;
        let devices = register.expect("the register").devices;
        for (id, seq) in &acknowledged {
            let head = journal.head(*id).await.expect("the head");
            assert!(
                head >= *seq,
                "restaurant {id} was told {seq}, and is at {head} after {n}"
            );
            let device = devices.iter().find(|it| it.restaurant_id == *id);
            let entered = device.and_then(|it| it.name.parse().ok().map(Seq));
            assert!(
                entered >= Some(*seq),
                "restaurant {id} was told {seq}, and its device has {entered:?} after {n}"
            );
        }
        let report = journal.check(|_| {}).await.expect("the check runs");
        assert_eq!(report.findings, [], "in round {round} after {n}");
        journal.close().await;
    }
    assert_eq!(acknowledged.len(), RESTAURANTS);
}

fn start(folder: &Path) -> Child {
    let program = std::env::current_exe().expect("this test");
    Program::new(program)
        .args(["--exact", "child", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the child starts")
}

/// Kills the child after `n` acknowledgements, and takes note of these and of those under way.
fn listen_and_kill(child: &mut Child, n: u64, acknowledged: &mut Acknowledged) {
    let said = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut heard = 0;
    // What comes before the first word is the test harness's. A last line may be cut off.
    for line in said.map_while(Result::ok) {
        let words: Vec<_> = line.split_whitespace().collect();
        let ["ack", id, seq, "."] = words[..] else {
            continue;
        };
        let number = |it: &str| it.parse().expect("a number");
        acknowledged.insert(RestaurantId(number(id)), Seq(number(seq)));
        heard += 1;
        if heard == n.max(1) {
            child.kill().expect("the child is running");
        }
    }
    let status = child.wait().expect("the child ended");
    assert!(heard >= n, "the child ended by itself: {status}");
}

/// The child: works until it is killed. As a test of its own it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let journal = Journal::open(&Config::in_folder(PathBuf::from(folder)))
        .await
        .expect("the journal opens");
    let mut evenings = JoinSet::new();
    for n in 0..RESTAURANTS {
        let journal = journal.clone();
        evenings.spawn(async move { work(&journal, &format!("house-{n}")).await });
    }
    evenings.join_all().await;
}

/// Seats and clears parties at one restaurant without end.
async fn work(journal: &Journal, slug: &str) {
    let known = journal.restaurants().await.expect("the restaurants");
    let mut house = match known.iter().find(|it| it.slug == slug) {
        Some(entry) => House::resume(journal, entry.id).await,
        None => House::unopened(journal, slug).await,
    };
    house.open_up(journal).await;
    loop {
        let command = match house.floor.turns.last_key_value() {
            Some((turn_id, _)) => Command::CloseTurn { turn_id: *turn_id },
            None => walk_in(house.tables()[0], "Ada Lovelace"),
        };
        let mut new = house.draft(journal, command).await;
        let seq = new.change.seq;
        let name = KeyName {
            holder: "staff:1".to_owned(),
            key: seq.to_string(),
        };
        let body_hash = [1; 32];
        new.key = Some(KeyRecord { name, body_hash });
        journal.append(one(new)).await.expect("nobody else writes here");
        let entered = vec![Registration::Device(device(house.id, seq))];
        journal
            .enter(entered, Vec::new())
            .await
            .expect("nothing is in its way");
        say(house.id, seq);
        if seq.0.is_multiple_of(50) {
            let snapshot = house.snapshot();
            journal
                .save_snapshot(&snapshot)
                .await
                .expect("the snapshot is kept");
        }
    }
}

/// A device that carries the number of a change as its name.
fn device(restaurant_id: RestaurantId, seq: Seq) -> Device {
    Device {
        device_id: restaurant_id.0,
        restaurant_id,
        name: seq.to_string(),
        hash: [1; 32],
        enrolled_at: Timestamp::UNIX_EPOCH,
        revoked_at: None,
    }
}

/// One write, so that lines of several tasks do not mix.
fn say(id: RestaurantId, seq: Seq) {
    let line = format!("ack {id} {seq} .\n");
    // The parent may have stopped listening: then the kill is on its way.
    drop(std::io::stdout().lock().write_all(line.as_bytes()));
}
