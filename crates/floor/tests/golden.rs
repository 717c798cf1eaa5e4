//! Stored shapes. What a journal holds must replay for ever, in every version and in the browser.
//!
//! `golden/events.ndjson` has a line for every event, with its optional fields and without.
//! `golden/evening.ndjson` is an evening of changes, `evening.floor.json` the floor they add up to, and
//! `evening.digests` the digest after each. TypeScript replays the same files.
//!
//! **Lines are frozen.** New ones may be added at the end; one that stands here is never changed or taken away, since
//! journals in the field hold lines like it. `UPDATE_EXPECT=1` rewrites only what is computed from them, the floor and
//! the digests, and those change only when the floor itself gains a field.

use expect_test::expect_file;
use floor::{Change, Event, Floor, RestaurantId, Seq};
use serde_json::json;
use std::collections::BTreeSet;

const EVENTS: &str = include_str!("golden/events.ndjson");
const EVENING: &str = include_str!("golden/evening.ndjson");

fn changes() -> impl Iterator<Item = Change> {
    EVENING
        .lines()
        .map(|it| serde_json::from_str(it).unwrap_or_else(|error| panic!("{error}: {it}")))
}

/// Every event there is, as serde lists them to whoever names a wrong one.
fn all_names() -> BTreeSet<String> {
    let error =
        serde_json::from_value::<Event>(json!({ "event": "" })).expect_err("no event has a blank name");
    let names: BTreeSet<_> = error
        .to_string()
        .split('`')
        .skip(3)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    assert!(
        names.contains("restaurant_opened") && names.contains("turn_restored"),
        "{error}"
    );
    names
}

fn names<'a>(events: impl Iterator<Item = &'a Event>) -> BTreeSet<String> {
    let name = |it: &Event| {
        serde_json::to_value(it).ok()?["event"]
            .as_str()
            .map(str::to_owned)
    };
    events.filter_map(name).collect()
}

#[test]
fn every_stored_event_reads_and_writes_as_it_did() {
    for line in EVENTS.lines() {
        let event: Event = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(serde_json::to_string(&event).expect("events are JSON"), line);
    }
}

#[test]
fn every_event_has_a_line() {
    let events: Vec<Event> = EVENTS
        .lines()
        .filter_map(|it| serde_json::from_str(it).ok())
        .collect();
    assert_eq!(names(events.iter()), all_names());
}

#[test]
fn every_stored_change_reads_and_writes_as_it_did() {
    for (line, seq) in EVENING.lines().zip(1..) {
        let change: Change = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(serde_json::to_string(&change).expect("changes are JSON"), line);
        assert_eq!(change.seq, Seq(seq));
    }
}

#[test]
fn everything_happens_in_one_evening() {
    let changes: Vec<Change> = changes().collect();
    assert_eq!(names(changes.iter().flat_map(|it| &it.events)), all_names());
}

#[test]
fn the_evening_adds_up_to_the_same_floor_for_ever() {
    let mut floor = Floor::new(RestaurantId(1));
    let mut digests = String::new();
    for change in changes() {
        change
            .events
            .iter()
            .for_each(|it| drop(floor.apply(it, change.at)));
        digests += &format!("{} {}\n", change.seq, floor.digest());
    }
    let json = serde_json::to_string_pretty(&floor).expect("a floor is JSON");
    expect_file!["golden/evening.floor.json"].assert_eq(&format!("{json}\n"));
    expect_file!["golden/evening.digests"].assert_eq(&digests);
    assert_eq!(serde_json::from_str::<Floor>(&json).ok(), Some(floor));
}
