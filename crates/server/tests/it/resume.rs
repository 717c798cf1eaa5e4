//! P4: a client that says the last change it heard gets exactly what it missed, from any point.

use crate::client::{Client, Screen};
use crate::house::House;
use crate::program::Program;
use crate::tail::Tail;
use crate::work::{wipe_tables, wiped};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// What there is to resume: every change of restaurant 1 as frames, and the journal they are in.
struct Log {
    epoch: String,
    changes: Vec<Value>,
}

impl Log {
    /// Reads it through the pages of the API.
    async fn of(client: &Client) -> Log {
        let floor = client.floor().await;
        let page = client
            .get("/v1/restaurants/test-restaurant-1/changes?after=0&limit=1000")
            .await
            .json();
        let mut changes = page["changes"].as_array().unwrap().clone();
        assert_eq!(changes.len() as u64, floor["seq"].as_u64().unwrap());
        for change in &mut changes {
            change["type"] = json!("change");
        }
        Log {
            epoch: floor["epoch"].as_str().unwrap().to_owned(),
            changes,
        }
    }

    fn head(&self) -> u64 {
        self.changes.len() as u64
    }

    fn behind(&self, after: u64) -> &[Value] {
        &self.changes[usize::try_from(after).unwrap()..]
    }

    fn is_confirmed(&self, first: &Value, after: u64) {
        let expected = json!({"type": "resumed", "seq": after, "epoch": self.epoch});
        assert_eq!(first, &expected);
    }
}

/// Makes sixty changes, one by one.
async fn sixty_changes(client: &Client) {
    for n in 0..60 {
        client.accepted(wiped(n % 20 + 1, n / 20)).await;
    }
}

async fn screen_from(address: SocketAddr, query: &str) -> Screen {
    let key = Some("demo-key-restaurant-1");
    Screen::connect(address, "test-restaurant-1", query, key)
        .await
        .unwrap()
}

/// Resumes at every place there is, and then once more all together.
async fn resumes_at_every_place(client: &Client, log: &Log) {
    let mut screens = Vec::new();
    for after in 0..=log.head() {
        let query = format!("?after={after}&epoch={}", log.epoch);
        let mut screen = screen_from(client.address, &query).await;
        log.is_confirmed(&screen.next().await, after);
        for change in log.behind(after) {
            assert_eq!(&screen.next().await, change, "behind {after}");
        }
        screens.push(screen);
    }
    let next = client
        .accepted(json!({"command": "add_party", "covers": 3}))
        .await;
    for screen in &mut screens {
        let frame = screen.next().await;
        assert_eq!(frame["seq"], next["seq"], "nothing comes between");
        assert_eq!(frame["events"], next["events"]);
    }
}

#[tokio::test]
async fn a_screen_that_was_away_gets_exactly_what_it_missed_whenever_it_left() {
    let house = House::open().await;
    let manager = house.manager();
    sixty_changes(&manager).await;
    resumes_at_every_place(&manager, &Log::of(&manager).await).await;
}

#[tokio::test]
async fn a_script_that_was_away_gets_exactly_the_events_it_missed() {
    let house = House::open().await;
    let manager = house.manager();
    sixty_changes(&manager).await;
    let log = Log::of(&manager).await;
    let mut tails = Vec::new();
    for after in 0..=log.head() {
        let mut tail = Tail::open(house.address, Some(after)).await;
        log.is_confirmed(&tail.next().await, after);
        for change in log.behind(after) {
            assert_eq!(&tail.next().await, change, "behind {after}");
        }
        tails.push(tail);
    }
    let next = manager.accepted(wiped(1, 0)).await;
    for tail in &mut tails {
        assert_eq!(tail.next().await["seq"], next["seq"], "nothing comes between");
    }
}

#[tokio::test]
async fn screens_resume_after_the_house_was_closed_and_opened_again() {
    let house = House::open().await;
    sixty_changes(&house.manager()).await;
    let log = Log::of(&house.manager()).await;
    let folder = house.stop().await.unwrap();
    let house = House::open_at(folder.path(), 0).await;
    assert_eq!(Log::of(&house.manager()).await.changes, log.changes);
    resumes_at_every_place(&house.manager(), &log).await;
}

#[tokio::test]
async fn screens_resume_after_the_program_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    sixty_changes(&program.manager()).await;
    let log = Log::of(&program.manager()).await;
    program.kill().await;
    let program = Program::start(folder.path()).await;
    assert_eq!(Log::of(&program.manager()).await.changes, log.changes);
    resumes_at_every_place(&program.manager(), &log).await;
}

#[tokio::test]
async fn a_place_that_cannot_be_resumed_is_answered_with_the_reason_and_a_snapshot() {
    let house = House::open().await;
    let manager = house.manager();
    let head = manager.floor().await["seq"].as_u64().unwrap();
    let cases = [
        (format!("?after={}", head + 1), "ahead"),
        (format!("?after={}", u64::MAX), "ahead"),
        (format!("?after={head}&epoch=anotherjournal"), "epoch"),
        ("?after=0&epoch=".to_owned(), "epoch"),
        ("?after=-1".to_owned(), "bad_after"),
        ("?after=12.5".to_owned(), "bad_after"),
        ("?after=last".to_owned(), "bad_after"),
        ("?after=".to_owned(), "bad_after"),
    ];
    let mut screens = Vec::new();
    for (query, reason) in cases {
        let mut screen = screen_from(house.address, &query).await;
        assert_eq!(
            screen.next().await,
            json!({"type": "reset", "reason": reason}),
            "{query}"
        );
        let seen = screen.snapshot().await;
        assert_eq!(seen.seq, head);
        screens.push(screen);
    }
    manager.accepted(wiped(1, 0)).await;
    for mut screen in screens {
        assert_eq!(screen.next().await["seq"], head + 1, "and it goes on from there");
    }
}

/// More than the ring of recent frames holds.
const FAR_BEHIND: u64 = 1_300;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_that_missed_more_than_is_kept_at_hand_hears_all_of_it_while_work_goes_on() {
    let house = House::open().await;
    let manager = house.manager();
    let head = manager.floor().await["seq"].as_u64().unwrap();
    wipe_tables(&manager, FAR_BEHIND).await;
    let wiping = manager.clone();
    let work = tokio::spawn(async move { wipe_tables(&wiping, 600).await });
    let mut screens = Vec::new();
    for after in [0, head, head + 100] {
        let mut screen = screen_from(house.address, &format!("?after={after}")).await;
        assert_eq!(screen.next().await["type"], "resumed");
        screens.push((after, screen));
    }
    let mut tail = Tail::open(house.address, Some(head)).await;
    assert_eq!(tail.next().await["type"], "resumed");
    let metrics = manager.get("/metrics").await.text;
    assert!(
        metrics.contains("maitred_resumes_total{outcome=\"replayed\"} 4\n"),
        "the journal answers them all:\n{metrics}"
    );
    for (after, screen) in &mut screens {
        for seq in *after + 1..=head + FAR_BEHIND + 600 {
            assert_eq!(screen.next().await["seq"], seq, "behind {after}");
        }
    }
    for seq in head + 1..=head + FAR_BEHIND + 600 {
        assert_eq!(tail.next().await["seq"], seq);
    }
    assert_eq!(work.await.unwrap(), head + FAR_BEHIND + 600);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_waits_for_its_change_even_on_a_screen_that_is_far_behind() {
    let house = House::open().await;
    let manager = house.manager();
    wipe_tables(&manager, FAR_BEHIND).await;
    let mut screen = screen_from(house.address, "?after=0").await;
    let command = json!({"command": "add_party", "covers": 4});
    screen
        .send(&json!({"type": "command", "id": "c1", "command": command}))
        .await;
    let mut told = 0;
    let result = loop {
        let frame = screen.next().await;
        match frame["type"].as_str() {
            Some("change") => told = frame["seq"].as_u64().unwrap(),
            Some("result") => break frame,
            _ => {}
        }
    };
    assert_eq!(result["seq"], told, "its change has just come");
}
