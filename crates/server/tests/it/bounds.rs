//! Every list of a floor has a bound, and reaching it is a refusal that names it.

use crate::client::Client;
use crate::house::{House, evening};
use crate::probe::{no, signed_in};
use floor::{Command, Label, Settings, TurnId};
use maitred::floors::AskError;
use maitred::identity::{Staff, Way};
use serde_json::{Value, json};
use std::sync::Arc;

/// Sends `one(n)` for every `n`, a hundred at a time: all must be accepted.
async fn fill(client: &Client, numbers: std::ops::Range<usize>, one: impl Fn(usize) -> Value) {
    let commands: Vec<Value> = numbers.map(one).collect();
    for commands in commands.chunks(100) {
        client
            .accepted(json!({"command": "batch", "commands": commands}))
            .await;
    }
}

#[tokio::test]
async fn a_restaurant_holds_so_much_and_then_says_so() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let table = |n: usize| json!({"command": "create_table", "number": format!("T{n}"), "seats": {"max": 4}});
    let plan = |n: usize| json!({"command": "create_plan", "name": format!("Plan {n}")});
    let section = |n: usize| json!({"command": "create_section", "name": format!("Section {n}")});
    let staff = |n: usize| json!({"command": "add_staff", "name": format!("Staff {n}"), "roles": ["host"]});
    let party = |_: usize| json!({"command": "add_party", "covers": 2});
    fill(&admin, 20..500, table).await;
    fill(&admin, 2..50, plan).await;
    fill(&admin, 3..100, section).await;
    fill(&admin, 8..500, staff).await;
    fill(&admin, 0..500, party).await;
    let rows = [
        (
            table(500),
            "too_many_tables - | the restaurant has 500 tables, which is the limit",
        ),
        (
            plan(50),
            "too_many_plans - | the restaurant has 50 plans, which is the limit",
        ),
        (
            section(100),
            "too_many_sections - | the restaurant has 100 sections, which is the limit",
        ),
        (
            staff(500),
            "too_many_staff - | the restaurant has 500 staff, which is the limit",
        ),
        (
            party(500),
            "waitlist_full - | the waitlist holds 500 parties, which is the limit",
        ),
    ];
    for (command, said) in rows {
        assert_eq!(no(&admin.command(command).await), format!("409 {said}"));
    }
    // The largest floor is still shown, and still takes commands.
    let floor = admin.floor().await;
    assert_eq!(floor["floor"]["tables"].as_array().unwrap().len(), 500);
    admin.seat(12).await;
}

#[tokio::test]
async fn who_no_longer_works_here_gets_no_table() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    admin
        .accepted(json!({"command": "update_staff", "staff_id": 5, "active": false}))
        .await;
    let answer = admin
        .command(json!({"command": "assign_waiter", "table_id": 1, "waiter_id": 5}))
        .await;
    assert_eq!(
        no(&answer),
        "409 staff_inactive - | this member of staff does not work here now"
    );
    assert_eq!(answer.json()["facts"], json!({"staff_id": 5}));
}

#[tokio::test]
async fn parties_of_yesterday_leave_the_floor_when_the_next_one_comes() {
    let house = House::open().await;
    let manager = house.manager();
    manager
        .accepted(json!({"command": "add_party", "covers": 2}))
        .await;
    manager
        .accepted(json!({"command": "cancel_party", "party_id": 1}))
        .await;
    house.clock.set(evening() + jiff::SignedDuration::from_hours(19));
    let receipt = manager
        .accepted(json!({"command": "add_party", "covers": 3}))
        .await;
    assert_eq!(
        receipt["events"][0],
        json!({"event": "parties_archived", "party_ids": [1]})
    );
    assert_eq!(
        manager.floor().await["floor"]["parties"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_restaurant_begins_with_its_opening() {
    let house = House::open().await;
    let page = house
        .manager()
        .get("/v1/restaurants/1/changes?limit=1")
        .await
        .json();
    let opening = &page["changes"][0];
    assert_eq!(opening["seq"], 1);
    assert_eq!(opening["by"]["surface"], "operator");
    assert_eq!(opening["events"][0]["event"], "restaurant_opened");
}

#[tokio::test]
async fn a_restaurant_opens_once_and_before_everything_else() {
    let house = House::open().await;
    let id = house.floors.add_restaurant("new-house").await.unwrap();
    let operator = Arc::new(Staff::operator(Way::Control));
    let pass = house.identity.enter(&operator, id).unwrap();
    let floor = house.floors.enter(&pass).await.unwrap();
    let open = Command::OpenRestaurant(Settings::named(Label::new("New House").unwrap()));
    let refusal = async |command: Command| match floor.ask(command, pass.by("operator"), None).await {
        Err(AskError::Refused(refusal)) => refusal.code(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        refusal(Command::TouchTurn { turn_id: TurnId(1) }).await,
        "restaurant_not_open"
    );
    floor.ask(open.clone(), pass.by("operator"), None).await.unwrap();
    assert_eq!(refusal(open).await, "restaurant_open");
}
