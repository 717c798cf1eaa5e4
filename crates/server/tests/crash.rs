//! P1: nothing that was acknowledged or shown is lost when the program is killed, however often it is.

#![expect(unreachable_pub, reason = "a test binary has no outside")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]
#![expect(
    dead_code,
    reason = "the clients are those of the other tests, which use more of them"
)]

#[path = "it/captured_log.rs"]
mod captured_log;
#[path = "it/client.rs"]
mod client;
#[path = "it/program.rs"]
mod program;

use bytes::Bytes;
use client::{Client, PATIENCE, Screen};
use floor::{Change, RestaurantId, Seq};
use futures_util::StreamExt;
use futures_util::future::join_all;
use http_body_util::{BodyExt, Full};
use hyper::{Request, StatusCode};
use journal::Journal;
use program::Program;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

const N_ROUNDS: u64 = 20;
const N_WRITERS: usize = 200;
const N_SCREENS: usize = 5;

/// What the world knows of restaurant 1: it must be true for ever.
#[derive(Default)]
struct Known {
    /// The events of each change that was acknowledged or shown.
    events: BTreeMap<u64, Value>,
    /// Digests that screens were given, by seq.
    digests: BTreeMap<u64, String>,
    n_acknowledged: usize,
    n_shown: usize,
}

impl Known {
    fn learn(&mut self, change: &Value) {
        let seq = change["seq"].as_u64().unwrap();
        let before = self.events.insert(seq, change["events"].clone());
        let is_same = before.is_none_or(|it| it == change["events"]);
        assert!(is_same, "everybody is told the same of change {seq}");
    }

    /// A screen's frames, in order: a snapshot, and the changes behind it.
    fn learn_from_screen(&mut self, frames: &[Value]) {
        let mut heard = None;
        for frame in frames {
            let seq = frame["seq"].as_u64();
            match frame["type"].as_str().unwrap() {
                "snapshot" => {
                    let digest = frame["digest"].as_str().unwrap().to_owned();
                    self.digests.insert(seq.unwrap(), digest);
                }
                "change" => {
                    assert_eq!(seq, heard.map(|it: u64| it + 1), "a screen hears every change");
                    self.learn(frame);
                    self.n_shown += 1;
                }
                _ => continue,
            }
            heard = seq;
        }
    }
}

/// Asks for `command`. Nothing, when the server is gone before it has answered in full.
async fn ask(client: &Client, command: &Value) -> Option<Value> {
    let address = client.address;
    let request = Request::post(format!(
        "http://{address}/v1/restaurants/test-restaurant-1/commands"
    ))
    .header("authorization", "Bearer demo-key-restaurant-1")
    .body(Full::new(Bytes::from(command.to_string())))
    .unwrap();
    let answer = client.http.request(request).await.ok()?;
    let status = answer.status();
    let body = answer.into_body().collect().await.ok()?.to_bytes();
    assert_eq!(status, StatusCode::OK, "{command}: {body:?}");
    Some(serde_json::from_slice(&body).unwrap())
}

/// Puts a party on the list, corrects it and takes it off, for as long as there is a server.
async fn write_until_the_end(client: Client, acknowledged: Arc<Semaphore>) -> Vec<Value> {
    let mut answers: Vec<Value> = Vec::new();
    loop {
        let last = answers.last().map(|it| &it["events"][0]);
        let command = match last.and_then(|it| it["event"].as_str()) {
            Some("party_added") => {
                let id = &answers.last().unwrap()["events"][0]["party_id"];
                json!({"command": "update_party", "party_id": id, "covers": 5})
            }
            Some("party_updated") => {
                let id = &answers.last().unwrap()["events"][0]["party_id"];
                json!({"command": "remove_party", "party_id": id})
            }
            _ => json!({"command": "add_party", "covers": 4, "name": "Ada", "phone": "+1 555 0100"}),
        };
        let Some(answer) = ask(&client, &command).await else {
            return answers;
        };
        answers.push(answer);
        acknowledged.add_permits(1);
    }
}

/// Takes everybody off the list who was left on it when the program was killed before.
async fn clear_the_list(client: &Client, known: &mut Known) {
    let floor = client.floor().await;
    let parties = floor["floor"]["parties"].as_array().unwrap();
    let removing = |it: &Value| json!({"command": "remove_party", "party_id": it["id"]});
    for parties in parties.chunks(100) {
        let commands: Vec<_> = parties.iter().map(removing).collect();
        let batch = json!({"command": "batch", "commands": commands});
        known.learn(&client.accepted(batch).await);
    }
}

/// Everything that a screen is sent, for as long as there is a server.
async fn watch_until_the_end(mut screen: Screen) -> Vec<Value> {
    let mut frames = Vec::new();
    while let Some(Ok(message)) = screen.socket.next().await {
        if let Message::Text(text) = message {
            frames.push(serde_json::from_str(&text).unwrap());
        }
    }
    frames
}

/// A busy evening on which the program is killed after `n_acknowledged` answers.
async fn evening(data: &Path, n_acknowledged: u32, known: &mut Known) {
    let program = Program::start(data).await;
    clear_the_list(&program.manager(), known).await;
    let mut watching = Vec::new();
    for _ in 0..N_SCREENS {
        let screen = program.screen_from("").await;
        watching.push(tokio::spawn(watch_until_the_end(screen)));
    }
    let acknowledged = Arc::new(Semaphore::new(0));
    let client = program.manager();
    let writing: Vec<_> = (0..N_WRITERS)
        .map(|_| tokio::spawn(write_until_the_end(client.clone(), Arc::clone(&acknowledged))))
        .collect();
    let reached = timeout(PATIENCE, acknowledged.acquire_many(n_acknowledged)).await;
    drop(reached.expect("the writers rest").unwrap());
    program.kill().await;
    for answers in join_all(writing).await {
        let answers = answers.unwrap();
        answers.iter().for_each(|it| known.learn(it));
        known.n_acknowledged += answers.len();
    }
    for frames in join_all(watching).await {
        known.learn_from_screen(&frames.unwrap());
    }
}

/// Opens the journal that the killed program left behind, and looks for everything that is known.
async fn is_all_there(data: &Path, known: &Known) {
    let restaurant_id = RestaurantId(1);
    let config = journal::Config::in_folder(data.to_owned());
    let journal = Journal::open(&config).await.unwrap();
    let mut log: Vec<Change> = Vec::new();
    loop {
        let after = log.last().map_or(Seq(0), |it| it.seq);
        let page = journal.changes(restaurant_id, after, 1_000).await.unwrap();
        if page.is_empty() {
            break;
        }
        log.extend(page);
    }
    let numbers = log.iter().map(|it| it.seq.0);
    assert!(numbers.eq(1..=log.len() as u64), "1, 2, 3 … without gaps");
    for (seq, events) in &known.events {
        let kept: Option<&Change> = log.get(usize::try_from(*seq).unwrap() - 1);
        let kept = kept.unwrap_or_else(|| panic!("change {seq} is lost"));
        assert_eq!(
            &serde_json::to_value(&kept.events).unwrap(),
            events,
            "change {seq}"
        );
    }
    for (seq, digest) in &known.digests {
        let (floor, _) = journal.floor_at(restaurant_id, Seq(*seq)).await.unwrap().unwrap();
        assert_eq!(&floor.digest(), digest, "the floor at {seq}");
    }
    let report = journal.check(|_| {}).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    journal.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_in_the_middle_of_a_rush_lose_nothing_that_anybody_was_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut known = Known::default();
    let mut seed: u32 = 2_026;
    for round in 1..=N_ROUNDS {
        // Knuth's generator: the same moments in every run, each in another part of the rush.
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let n_acknowledged = 1 + (seed >> 16) % 700;
        evening(folder.path(), n_acknowledged, &mut known).await;
        is_all_there(folder.path(), &known).await;
        println!(
            "round {round}: killed after {n_acknowledged}, in all {} acknowledged and {} shown",
            known.n_acknowledged, known.n_shown
        );
    }
    let check = tokio::process::Command::new(env!("CARGO_BIN_EXE_maitred"))
        .args(["check", "--data"])
        .arg(folder.path())
        .output()
        .await
        .unwrap();
    assert!(check.status.success(), "{check:?}");
}
