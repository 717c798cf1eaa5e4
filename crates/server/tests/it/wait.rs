//! How long people are told that they wait.

use crate::client::Client;
use crate::house::{House, evening};
use crate::probe::no;
use expect_test::expect;
use hyper::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

const WAIT: &str = "/v1/restaurants/test-restaurant-1/wait";

async fn asked(client: &Client, query: &str) -> Value {
    let answer = client.get(&format!("{WAIT}{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(
        answer.headers["x-seq"].to_str().unwrap(),
        answer.json()["seq"].to_string()
    );
    answer.json()
}

/// What a couple that comes now is told.
async fn quoted(client: &Client) -> Value {
    asked(client, "?covers=2").await["newcomer"].clone()
}

/// Leaves table 12 as the only one that anybody can sit at.
async fn one_table(client: &Client) {
    let floor = client.floor().await;
    let tables = floor["floor"]["tables"].as_array().unwrap();
    let others = tables.iter().map(|it| &it["id"]).filter(|it| **it != 12);
    let block = |id| json!({"command": "set_table_state", "table_id": id, "state": "blocked"});
    let commands: Vec<Value> = others.map(block).collect();
    client
        .accepted(json!({"command": "batch", "commands": commands}))
        .await;
}

#[tokio::test]
async fn nobody_waits_in_an_empty_house() {
    let house = House::open().await;
    let manager = house.manager();
    let nobody = asked(&manager, "").await;
    assert_eq!(nobody, json!({"seq": 3, "at": evening(), "parties": []}));
    let now = evening();
    let quote = json!({"from_minutes": 0, "to_minutes": 0});
    let mut told = quoted(&manager).await;
    let table_id = told["table_id"].take();
    assert!(table_id.is_u64(), "{table_id}");
    assert_eq!(
        told,
        json!({"answer": "table", "quote": quote, "parties_ahead": 0, "table_id": null, "frees_at": now, "stays": null})
    );
    let crowd = asked(&manager, "?covers=60").await;
    assert_eq!(crowd["newcomer"]["answer"], "too_large");
}

#[tokio::test]
async fn in_a_full_house_a_wait_is_a_range_and_those_who_came_first_go_first() {
    let house = House::open().await;
    let manager = house.manager();
    one_table(&manager).await;
    manager.seat(12).await;
    let first = quoted(&manager).await;
    let minutes = |it: &Value, end: &str| it["quote"][end].as_u64().unwrap();
    let (from, to) = (minutes(&first, "from_minutes"), minutes(&first, "to_minutes"));
    assert!(0 < from && from < to, "{first}");
    assert_eq!(
        (&first["table_id"], &first["parties_ahead"]),
        (&json!(12), &json!(0))
    );
    manager
        .accepted(json!({"command": "add_party", "covers": 2}))
        .await;
    let told = asked(&manager, "?covers=2&min_seq=6").await;
    // Who joins is told what he was told before; who comes after him waits for both.
    assert_eq!(told["parties"], json!([{"party_id": 2, "wait": first}]));
    assert_eq!(told["newcomer"]["parties_ahead"], 1);
    assert!(minutes(&told["newcomer"], "from_minutes") > from, "{told}");
}

#[tokio::test]
async fn a_quote_follows_past_stays_within_ten_minutes() {
    let house = House::open().await;
    let manager = house.manager();
    one_table(&manager).await;
    assert_eq!(quoted(&manager).await["stays"], json!(null));
    // Twenty couples, each for exactly half an hour.
    for n in 0..20 {
        house.later(SignedDuration::from_mins(60 * n));
        let turn_id = manager.seat(12).await;
        house.later(SignedDuration::from_mins(60 * n + 30));
        manager
            .accepted(json!({"command": "close_turn", "turn_id": turn_id}))
            .await;
    }
    house.later(SignedDuration::from_hours(20));
    manager.seat(12).await;
    let told = quoted(&manager).await;
    assert_eq!(told["quote"], json!({"from_minutes": 30, "to_minutes": 30}));
    assert_eq!(told["stays"], 20);
}

#[tokio::test]
async fn past_stays_are_read_once_in_ten_minutes() {
    let house = House::open().await;
    let manager = house.manager();
    one_table(&manager).await;
    let turn_id = manager.seat(12).await;
    house.later(SignedDuration::from_mins(40));
    let known = async || quoted(&manager).await["stays"].clone();
    assert_eq!(known().await, 0);
    manager
        .accepted(json!({"command": "close_turn", "turn_id": turn_id}))
        .await;
    manager.seat(12).await;
    house.later(SignedDuration::from_mins(49));
    assert_eq!(known().await, 0, "what was read nine minutes ago still counts");
    house.later(SignedDuration::from_mins(50));
    assert_eq!(known().await, 1);
    let long_gone = SignedDuration::from_hours(24 * 61);
    house.later(long_gone);
    assert_eq!(known().await, 0, "sixty days ago is too long ago");
}

#[tokio::test]
async fn a_party_that_is_no_number_of_people_is_named() {
    let house = House::open().await;
    let mut lines = String::new();
    for covers in ["0", "61", "two", "", "2.5", "-1"] {
        let answer = house.manager().get(&format!("{WAIT}?covers={covers}")).await;
        lines += &format!("{covers:?}: {}\n", no(&answer));
    }
    expect![[r#"
        "0": 400 bad_value covers | covers: must be a whole number from 1 to 60
        "61": 400 bad_value covers | covers: must be a whole number from 1 to 60
        "two": 400 bad_value covers | covers: must be a whole number from 1 to 60
        "": 400 bad_value covers | covers: must be a whole number from 1 to 60
        "2.5": 400 bad_value covers | covers: must be a whole number from 1 to 60
        "-1": 400 bad_value covers | covers: must be a whole number from 1 to 60
    "#]]
    .assert_eq(&lines);
}

#[tokio::test]
async fn a_wait_is_told_for_the_floor_that_was_asked_for() {
    let house = House::open().await;
    let manager = house.manager();
    let party = manager
        .accepted(json!({"command": "add_party", "covers": 2}))
        .await;
    let seq = party["seq"].to_string();
    let answer = manager
        .send(Method::GET, WAIT, &[("x-min-seq", &seq)], String::new())
        .await;
    assert_eq!(answer.json()["parties"][0]["party_id"], 1);
    let bad = manager.get(&format!("{WAIT}?min_seq=soon")).await;
    assert_eq!(
        (bad.status.as_u16(), &bad.json()["field"]),
        (400, &json!("min_seq"))
    );
}

#[tokio::test]
async fn nobody_is_told_about_another_house() {
    let house = House::open().await;
    let elsewhere = house.client("demo-key-restaurant-2").get(WAIT).await;
    assert_eq!(elsewhere.json()["code"], "unknown_restaurant");
    let stranger = house.stranger().get(WAIT).await;
    assert_eq!(stranger.json()["code"], "no_credential");
}
