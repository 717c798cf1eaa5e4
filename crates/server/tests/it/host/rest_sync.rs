//! Beginning anew and catching up: the whole house, what changed since, and what a polling screen shows.

use super::desk::{Desk, plain, yes};
use expect_test::expect;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const FULL: &str = "/api/sync/full?restaurant_id=test-restaurant-1";

/// What somebody knows who has read this: every guest and table by id.
type Known = BTreeMap<String, Value>;

/// Everything, as a full synchronisation has it.
async fn full(desk: &Desk) -> Known {
    let body = yes(&desk.tablet.get(FULL).await);
    let mut known = Known::new();
    for list in ["guests", "tables"] {
        for item in body[list].as_array().unwrap() {
            known.insert(plain(&item["id"]), item.clone());
        }
        assert_eq!(
            body[format!("total_{list}")],
            body[list].as_array().unwrap().len()
        );
    }
    known
}

/// Lays a page of changes over what is known.
fn lay_over(known: &mut Known, page: &Value) {
    for change in page["changes"].as_array().unwrap() {
        let id = plain(&change["entity_id"]);
        match change["action"].as_str().unwrap() {
            "deleted" => drop(known.remove(&id)),
            "created" => drop(known.insert(id, change["data"].clone())),
            "updated" => assert!(known.insert(id, change["data"].clone()).is_some(), "{change}"),
            other => panic!("{other} in {change}"),
        }
    }
}

/// Reads on from `since_seq`, `limit` at a time, to the end. Answers where that is.
async fn read_on(desk: &Desk, known: &mut Known, since_seq: u64, limit: usize) -> u64 {
    let mut next = since_seq;
    for _ in 0..500 {
        let path = format!("/api/sync/delta?restaurant_id=1&since_seq={next}&limit={limit}");
        let page = yes(&desk.tablet.get(&path).await);
        lay_over(known, &page);
        next = page["next_since_seq"].as_u64().unwrap_or(next);
        if page["has_more"] == false {
            return next;
        }
    }
    panic!("the pages do not end");
}

/// An hour at the stand, with everything that can happen in it.
async fn an_hour(desk: &Desk) {
    let minute = std::cell::Cell::new(0);
    let pass = || {
        minute.set(minute.get() + 1);
        desk.house.later(SignedDuration::from_mins(minute.get()));
    };
    for name in ["Ann", "Ben", "Cleo", "Dan"] {
        desk.waiting(name).await;
        pass();
    }
    yes(&desk
        .put(
            "/guests/guest-1",
            json!({"status": "Seated", "table_id": 1, "phone": "+15550142"}),
        )
        .await);
    yes(&desk.put("/guests/guest-2", json!({"table_id": "table-2"})).await);
    pass();
    yes(&desk.put("/guests/guest-1", json!({"table_id": "table-3"})).await);
    yes(&desk.put("/guests/guest-3", json!({"status": "no_show"})).await);
    pass();
    yes(&desk.delete("/guests/guest-4").await);
    yes(&desk.delete("/tables/table-19").await);
    yes(&desk
        .post(
            "/tables",
            json!({"table_number": "30", "capacity": 4, "position": {"x": 0.1, "y": 0.1}}),
        )
        .await);
    yes(&desk
        .atomic(json!({
            "guests": [{"id": "g", "operation": "create", "data": {"first_name": "Eve", "party_size": 3}}],
            "tables": [{"id": "table-5", "status": "reserved"}, {"id": "table-6", "currentGuestId": "g"}],
        }))
        .await);
    pass();
    // Through another door.
    for command in [
        json!({"command": "seat_walk_in", "table_ids": [7, 8], "covers": 7}),
        json!({"command": "set_table_state", "table_id": 9, "state": "dirty"}),
        json!({"command": "update_table", "table_id": 10, "active": false}),
        json!({"command": "update_table", "table_id": 11, "number": "11a", "seats": {"max": 5}}),
        json!({"command": "update_table", "table_id": 12, "active": false}),
        json!({"command": "update_table", "table_id": 12, "active": true}),
        json!({"command": "update_plan", "plan_id": 2, "width": 1_000, "height": 900}),
        json!({"command": "add_party", "covers": 2, "name": "Finn"}),
    ] {
        desk.manager(command).await;
    }
    pass();
    yes(&desk.put("/tables/table-3/clear", json!({})).await);
    yes(&desk
        .put(
            "/tables/table-5",
            json!({"status": "available", "position": {"x": 0.9, "y": 0.9}}),
        )
        .await);
}

#[tokio::test]
async fn a_full_synchronisation_has_every_guest_and_every_table_in_use() {
    let desk = Desk::open().await;
    an_hour(&desk).await;
    let body = yes(&desk.tablet.get(FULL).await);
    assert_eq!(body["restaurant_id"], "test-restaurant-1");
    assert!(body["timestamp"].is_string());
    let of = |list: &str, id: &str| {
        let list = body[list].as_array().unwrap();
        let found = list.iter().find(|it| it["id"] == id);
        found.cloned().unwrap_or_default()
    };
    assert_eq!(of("tables", "table-19"), Value::Null, "deleted");
    assert_eq!(of("tables", "table-10"), Value::Null, "not in use");
    let mut shown = String::new();
    for (list, id) in [
        ("guests", "guest-1"),
        ("guests", "guest-2"),
        ("guests", "guest-3"),
        ("tables", "table-1"),
        ("tables", "table-2"),
        ("tables", "table-6"),
        ("tables", "table-9"),
        ("tables", "table-11"),
    ] {
        shown += &format!("{}\n", of(list, id));
    }
    expect![[r#"
        {"arrivalTime":"2026-11-20T19:30:00","email":null,"id":"guest-1","isWalkIn":true,"name":"Ann","notes":null,"partySize":2,"phoneNumber":"+15550142","status":"completed","tableId":null,"waitTime":4}
        {"arrivalTime":"2026-11-20T19:31:00","email":null,"id":"guest-2","isWalkIn":true,"name":"Ben","notes":null,"partySize":2,"phoneNumber":null,"status":"waiting","tableId":"table-2","waitTime":3}
        {"arrivalTime":"2026-11-20T19:32:00","email":null,"id":"guest-3","isWalkIn":true,"name":"Cleo","notes":null,"partySize":2,"phoneNumber":null,"status":"completed","tableId":null,"waitTime":3}
        {"capacity":2,"currentGuestId":null,"id":"table-1","label":"1","number":1,"position":{"x":0.1125,"y":0.16667},"status":"available"}
        {"capacity":2,"currentGuestId":"guest-2","id":"table-2","label":"2","number":2,"position":{"x":0.26875,"y":0.16667},"status":"occupied"}
        {"capacity":2,"currentGuestId":"guest-5","id":"table-6","label":"6","number":6,"position":{"x":0.89375,"y":0.16667},"status":"occupied"}
        {"capacity":6,"currentGuestId":null,"id":"table-9","label":"9","number":9,"position":{"x":0.525,"y":0.5},"status":"needs_cleaning"}
        {"capacity":5,"currentGuestId":null,"id":"table-11","label":"11a","number":11,"position":{"x":0.1375,"y":0.7963},"status":"available"}
    "#]].assert_eq(&shown);
    assert_eq!(
        body["guests"].as_array().unwrap().len(),
        desk.list("/guests").await.len()
    );
    assert_eq!(
        body["tables"].as_array().unwrap().len(),
        desk.list("/tables").await.len()
    );
}

#[tokio::test]
async fn whoever_reads_page_by_page_knows_what_the_whole_says() {
    let desk = Desk::open().await;
    let opened = full(&desk).await;
    let since = desk.standing().await.0;
    an_hour(&desk).await;
    let expected = full(&desk).await;
    for limit in [1, 2, 3, 7, 100, 1_000] {
        let mut from_nothing = Known::new();
        read_on(&desk, &mut from_nothing, 0, limit).await;
        assert_eq!(from_nothing, expected, "limit {limit}");
        let mut from_opening = opened.clone();
        let end = read_on(&desk, &mut from_opening, since, limit).await;
        assert_eq!(from_opening, expected, "limit {limit}");
        assert_eq!(end, desk.standing().await.0);
    }
    // And goes on from there.
    let mut known = expected.clone();
    let end = desk.standing().await.0;
    yes(&desk.delete("/guests/guest-2").await);
    read_on(&desk, &mut known, end, 1).await;
    assert_eq!(known, full(&desk).await);
}

#[tokio::test]
async fn since_is_a_time_and_what_happened_at_it_is_known_already() {
    let desk = Desk::open().await;
    desk.house.later(SignedDuration::from_micros(1_000_001));
    desk.waiting("Ann").await;
    desk.house.later(SignedDuration::from_micros(1_000_002));
    desk.waiting("Ben").await;
    desk.house.later(SignedDuration::from_micros(1_000_003));
    yes(&desk.delete("/guests/guest-1").await);
    for (since, expected) in [
        (
            "2026-11-20T19:30:01",
            "guest-1 created, guest-2 created, guest-1 deleted",
        ),
        (
            "2026-11-20T19:30:01.000000",
            "guest-1 created, guest-2 created, guest-1 deleted",
        ),
        ("2026-11-20T19:30:01.000001", "guest-2 created, guest-1 deleted"),
        ("2026-11-20T19:30:01.000001Z", "guest-2 created, guest-1 deleted"),
        ("2026-11-20T19:30:01.000002", "guest-1 deleted"),
        ("2026-11-20T19:30:01.000003", ""),
        ("2026-11-20T23:00:00", ""),
        ("2026-11-20T20:30:01.000002%2B01:00", "guest-1 deleted"),
    ] {
        let path = format!("/api/sync/delta?restaurant_id=1&since={since}");
        let page = yes(&desk.tablet.get(&path).await);
        let told: Vec<_> = page["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| format!("{} {}", plain(&it["entity_id"]), plain(&it["action"])))
            .collect();
        assert_eq!(told.join(", "), expected, "{since}");
        assert_eq!(page["has_more"], false);
        assert_eq!(page["current_timestamp"], "2026-11-20T19:30:01.000003");
        assert!(page["since_timestamp"].is_string());
    }
    let page = yes(&desk
        .tablet
        .get("/api/sync/delta?restaurant_id=1&since=2026-11-20T19:30:01")
        .await);
    let first = &page["changes"][0];
    assert_eq!(
        (&first["entity_type"], &first["timestamp"]),
        (&json!("guest"), &json!("2026-11-20T19:30:01.000001"))
    );
    assert_eq!(first["data"]["name"], "Ann");
}

#[tokio::test]
async fn a_page_that_is_not_the_last_says_where_the_next_begins() {
    let desk = Desk::open().await;
    let since = desk.standing().await.0;
    for name in ["Ann", "Ben", "Cleo"] {
        desk.waiting(name).await;
    }
    let path = |since: u64| format!("/api/sync/delta?restaurant_id=1&since_seq={since}&limit=2");
    let page = yes(&desk.tablet.get(&path(since)).await);
    assert_eq!(
        (&page["has_more"], &page["next_since_seq"]),
        (&json!(true), &json!(since + 2))
    );
    assert_eq!(page["changes"].as_array().unwrap().len(), 2);
    let page = yes(&desk.tablet.get(&path(since + 2)).await);
    assert_eq!(page["has_more"], false);
    assert_eq!(page["changes"][0]["data"]["name"], "Cleo");
    // The number wins over the time.
    let both = format!("{}&since=2030-01-01T00:00:00", path(since));
    assert_eq!(
        yes(&desk.tablet.get(&both).await)["changes"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    // From beyond the end there is nothing.
    let page = yes(&desk.tablet.get(&path(since + 1_000)).await);
    assert_eq!((&page["changes"], &page["has_more"]), (&json!([]), &json!(false)));
}

#[tokio::test]
async fn who_waits_is_told_how_long_it_will_be_and_who_sits_how_long_it_was() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    desk.manager(json!({"command": "add_party", "name": "Ben", "covers": 2, "quote": {"from_minutes": 15, "to_minutes": 25}}))
        .await;
    desk.house.later(SignedDuration::from_mins(12));
    let wait = async |guest: &'static str| full(&desk).await[guest]["waitTime"].clone();
    // Every table is free; but a promise is a promise.
    assert_eq!(
        (wait("guest-1").await, wait("guest-2").await),
        (json!(0), json!(25))
    );
    yes(&desk
        .put("/guests/guest-1", json!({"status": "Seated", "table_id": 1}))
        .await);
    desk.house.later(SignedDuration::from_mins(40));
    assert_eq!(wait("guest-1").await, 12);
}

#[tokio::test]
async fn a_screen_that_polls_again_from_the_time_it_was_told_misses_nothing() {
    let desk = Desk::open().await;
    let ann = desk.waiting("Ann").await;
    desk.house.later(SignedDuration::from_mins(5));
    // It looks while nothing happens; what happens right after has the clock's time.
    let page = yes(&desk.get("/dashboard-data").await);
    yes(&desk
        .put(&format!("/guests/{ann}"), json!({"notes": "window"}))
        .await);
    let path = format!("/dashboard-data?since={}", page["lastUpdated"].as_str().unwrap());
    let page = yes(&desk.get(&path).await);
    assert_eq!(page["guests"][0]["id"], json!(ann), "{page}");
}
