//! P8: asked twice, it happens once, and the second answer is the first.

use crate::client::{Answer, Client};
use crate::house::{House, evening};
use crate::program::Program;
use futures_util::future::join_all;
use jiff::SignedDuration;
use rusqlite::Connection;
use serde_json::{Value, json};

fn walk_in(table_id: u64) -> Value {
    json!({"command": "seat_walk_in", "table_ids": [table_id], "covers": 2, "guest": {"name": "Ada"}})
}

async fn head(client: &Client) -> u64 {
    client.floor().await["seq"].as_u64().unwrap()
}

/// The answer to a repeated question is the first answer, and says that it is.
fn is_repeated(again: &Answer, first: &Value) {
    let mut expected = first.clone();
    expected["repeated"] = json!(true);
    assert_eq!(again.json(), expected);
}

/// The command was carried out just now.
fn is_first(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["repeated"], Value::Null);
}

#[tokio::test]
async fn a_host_who_presses_twice_seats_one_party() {
    let house = House::open().await;
    let manager = house.manager();
    let before = head(&manager).await;
    let first = manager.keyed("press-1", &walk_in(12)).await.json();
    assert_eq!(first["repeated"], Value::Null);
    is_repeated(&manager.keyed("press-1", &walk_in(12)).await, &first);
    assert_eq!(head(&manager).await, before + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_presses_at_once_seat_one_party() {
    let house = House::open().await;
    let manager = house.manager();
    let before = head(&manager).await;
    let command = walk_in(12);
    let presses = (0..20).map(|_| manager.keyed("impatient", &command));
    let answers = join_all(presses).await;
    let (again, first): (Vec<_>, Vec<_>) = answers.iter().partition(|it| it.json()["repeated"] == true);
    assert_eq!(first.len(), 1, "{answers:?}");
    for answer in again {
        is_repeated(answer, &first[0].json());
    }
    assert_eq!(head(&manager).await, before + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presses_that_pile_up_while_the_journal_is_held_seat_one_party() {
    let house = House::open_with(|it| it.busy_seconds = 15).await;
    let mut screen = house.screen().await;
    let before = screen.snapshot().await.seq;
    let holder = Connection::open(house.data().join("journal.db")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let other = json!({"command": "set_table_state", "table_id": 1, "state": "dirty"});
    screen
        .send(&json!({"type": "command", "id": "other", "command": other}))
        .await;
    for n in 0..20 {
        let id = format!("press {n}");
        let frame = json!({"type": "command", "id": id, "key": "pile", "command": walk_in(12)});
        screen.send(&frame).await;
    }
    screen.send(&json!({"type": "ping"})).await;
    assert_eq!(
        screen.next().await["type"],
        "pong",
        "all of them are on their way"
    );
    drop(holder);
    let mut results = Vec::new();
    while results.len() < 21 {
        let frame = screen.next().await;
        if frame["type"] != "change" {
            results.push(frame);
        }
    }
    assert_eq!(
        results[0],
        json!({"type": "result", "id": "other", "seq": before + 1})
    );
    let first = json!({"type": "result", "id": "press 0", "seq": before + 2});
    assert_eq!(results[1], first);
    for (n, result) in results[1..].iter().enumerate().skip(1) {
        let id = format!("press {n}");
        let again = json!({"type": "result", "id": id, "seq": before + 2, "repeated": true});
        assert_eq!(result, &again);
    }
    assert_eq!(head(&house.manager()).await, before + 2);
}

#[tokio::test]
async fn a_key_means_the_same_on_the_stream_and_in_a_request() {
    let house = House::open().await;
    let mut screen = house.screen().await;
    let frame = json!({"type": "command", "id": "c1", "key": "both", "command": walk_in(12)});
    let seq = {
        screen.next().await;
        screen.send(&frame).await;
        screen.next().await["seq"].clone()
    };
    assert_eq!(
        screen.next().await,
        json!({"type": "result", "id": "c1", "seq": seq})
    );
    let asked = house.manager().keyed("both", &walk_in(12)).await.json();
    assert_eq!((&asked["seq"], &asked["repeated"]), (&seq, &json!(true)));
    screen.send(&frame).await;
    let again = json!({"type": "result", "id": "c1", "seq": seq, "repeated": true});
    assert_eq!(screen.next().await, again);
}

#[tokio::test]
async fn a_key_is_remembered_after_the_house_was_closed_and_opened() {
    let house = House::open().await;
    let first = house.manager().keyed("before", &walk_in(12)).await.json();
    let folder = house.stop().await.unwrap();
    let house = House::open_at(folder.path(), 0).await;
    is_repeated(&house.manager().keyed("before", &walk_in(12)).await, &first);
}

#[tokio::test]
async fn a_host_whose_answer_was_lost_when_the_program_died_asks_again_and_gets_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path()).await;
    for round in 1..=3 {
        let mut screen = program.screen_from("").await;
        let before = screen.next().await["seq"].as_u64().unwrap();
        let (key, command) = (format!("round-{round}"), walk_in(round));
        let asking = program.manager();
        let asked = (key.clone(), command.clone());
        // Its answer is on the way when the program is killed: nobody looks at it.
        let lost = tokio::spawn(async move { asking.keyed(&asked.0, &asked.1).await });
        let shown = screen.next().await;
        program.kill().await;
        lost.abort();
        program = Program::start(folder.path()).await;
        let again = program.manager().keyed(&key, &command).await.json();
        assert_eq!(again["repeated"], true);
        assert_eq!((&again["seq"], &again["at"]), (&shown["seq"], &shown["at"]));
        assert_eq!(again["events"], shown["events"]);
        assert_eq!(head(&program.manager()).await, before + 1, "it happened once");
    }
}

#[tokio::test]
async fn a_key_that_was_used_for_something_else_is_refused_and_changes_nothing() {
    let house = House::open().await;
    let manager = house.manager();
    manager.keyed("mine", &walk_in(12)).await;
    let before = head(&manager).await;
    let other = manager.keyed("mine", &walk_in(13)).await;
    assert_eq!(other.status, 422);
    assert_eq!(other.json()["code"], "key_reused");
    assert_eq!(head(&manager).await, before);
    // Written in another way, it is still the same command.
    let body = r#"{ "covers":2, "guest":{"name":"Ada"}, "table_ids":[12], "command":"seat_walk_in" }"#;
    let path = "/v1/restaurants/test-restaurant-1/commands";
    let headers = [("idempotency-key", "mine")];
    let again = manager
        .send(hyper::Method::POST, path, &headers, body.to_owned())
        .await;
    assert_eq!(again.json()["repeated"], true);
}

#[tokio::test]
async fn a_refused_command_may_be_asked_again_under_its_key_when_the_table_is_free() {
    let house = House::open().await;
    let manager = house.manager();
    let turn_id = manager.seat(12).await;
    assert_eq!(manager.keyed("later", &walk_in(12)).await.status, 409);
    manager
        .accepted(json!({"command": "close_turn", "turn_id": turn_id}))
        .await;
    is_first(&manager.keyed("later", &walk_in(12)).await);
}

#[tokio::test]
async fn two_people_may_use_the_same_key_without_meeting() {
    let house = House::open().await;
    let mut clients = vec![house.manager()];
    for login in ["host", "waiter"] {
        let body = json!({"login": login, "password": "maitred-demo"});
        let signed_in = house.client("").post("/v1/sign-in", &body).await.json();
        clients.push(house.client(signed_in["token"].as_str().unwrap()));
    }
    for (client, table_id) in clients.iter().zip(11..) {
        is_first(&client.keyed("key-1", &walk_in(table_id)).await);
    }
    let path = "/v1/restaurants/bistro-2/commands";
    let headers = [("idempotency-key", "key-1")];
    let elsewhere = house.client("demo-key-restaurant-2");
    let body = walk_in(21).to_string();
    is_first(&elsewhere.send(hyper::Method::POST, path, &headers, body).await);
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    let house = House::open().await;
    let manager = house.manager();
    let notice = json!({"command": "add_party", "covers": 2});
    let first = manager.keyed("daily", &notice).await.json();
    house.clock.set(evening() + SignedDuration::from_hours(23));
    is_repeated(&manager.keyed("daily", &notice).await, &first);
    house.clock.set(evening() + SignedDuration::from_hours(25));
    let next_day = manager.keyed("daily", &notice).await.json();
    assert_eq!(next_day["repeated"], Value::Null);
    assert!(next_day["seq"].as_u64() > first["seq"].as_u64());
    is_repeated(&manager.keyed("daily", &notice).await, &next_day);
}
