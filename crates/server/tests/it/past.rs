//! P12: any past moment can be shown, and every change says who did it and when.

use crate::client::Client;
use crate::house::{House, evening};
use crate::work::wiped;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The floor as it was shown live, right after each change.
struct Remembered {
    floors: Vec<Value>,
}

impl Remembered {
    fn last(&self) -> &Value {
        self.floors.last().unwrap()
    }
}

/// What happens this evening: 80 commands and more, some of them refused, some in one piece.
fn script() -> Vec<Value> {
    let mut script = Vec::new();
    for n in 0..12_u64 {
        let (table, other) = (n % 8 + 7, n % 5 + 15);
        script.push(json!({"command": "add_party", "covers": n % 4 + 1, "name": "Ada"}));
        script.push(json!({"command": "seat_walk_in", "table_ids": [table], "covers": 2}));
        script.push(json!({"command": "seat_walk_in", "table_ids": [table], "covers": 2}));
        script.push(json!({"command": "batch", "commands": [
            {"command": "assign_waiter", "table_id": table, "waiter_id": 4},
            wiped(other, n),
        ]}));
        script.push(json!({"command": "batch", "commands": [
            wiped(20, n),
            {"command": "seat_party", "party_id": 999_999, "table_ids": [other]},
        ]}));
        script.push(json!({"command": "close_turn", "turn_id": n + 1}));
        script.push(json!({"command": "restore_turn", "table_id": table}));
    }
    script
}

/// Plays the script, a minute a command, and looks at the floor after each.
async fn play(house: &House, door: &Client) -> Remembered {
    let mut floors = vec![door.floor().await];
    let (mut accepted, mut refused) = (0, 0);
    for (minute, command) in (1..).zip(script()) {
        house.clock.set(evening() + SignedDuration::from_mins(minute));
        let answer = door.command(command).await;
        let now = door.floor().await;
        let before = floors.last().unwrap();
        if answer.status.is_success() {
            accepted += 1;
            assert_eq!(now["seq"], answer.json()["seq"]);
            floors.push(now);
        } else {
            refused += 1;
            assert_eq!(&now, before, "a refusal changes nothing");
        }
    }
    assert!(
        accepted >= 40 && refused >= 20,
        "{accepted} accepted, {refused} refused"
    );
    Remembered { floors }
}

async fn floor_at(door: &Client, moment: &str) -> Value {
    let answer = door
        .get(&format!("/v1/restaurants/test-restaurant-1/floor?{moment}"))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn is_shown_again(door: &Client, remembered: &Remembered) {
    for then in &remembered.floors {
        let again = floor_at(door, &format!("at_seq={}", then["seq"])).await;
        assert_eq!(again["digest"], then["digest"], "at {}", then["seq"]);
        assert_eq!(again["floor"], then["floor"]);
        assert_eq!((&again["seq"], &again["at"]), (&then["seq"], &then["at"]));
    }
}

#[tokio::test]
async fn every_moment_of_an_evening_is_shown_again_as_it_was() {
    let house = House::open().await;
    let remembered = play(&house, &house.manager()).await;
    is_shown_again(&house.manager(), &remembered).await;
    // Closing the house leaves a snapshot behind: past it and before it, the past is the same.
    let folder = house.stop().await.unwrap();
    let house = House::open_at(folder.path(), 0).await;
    let now = house.manager().floor().await;
    assert_eq!(now["digest"], remembered.last()["digest"]);
    house.manager().accepted(wiped(1, 0)).await;
    is_shown_again(&house.manager(), &remembered).await;
}

#[tokio::test]
async fn a_time_shows_the_floor_of_that_time() {
    let house = House::open().await;
    let manager = house.manager();
    let remembered = play(&house, &manager).await;
    for (then, next) in remembered.floors.iter().zip(&remembered.floors[1..]) {
        let at: Timestamp = then["at"].as_str().unwrap().parse().unwrap();
        let until: Timestamp = next["at"].as_str().unwrap().parse().unwrap();
        let just_before = until - SignedDuration::from_micros(1);
        for moment in [at, just_before] {
            let shown = floor_at(&manager, &format!("at={moment}")).await;
            assert_eq!(shown["seq"], then["seq"], "at {moment}");
            assert_eq!(shown["digest"], then["digest"]);
        }
    }
    let later = floor_at(&manager, "at=2030-01-01T00:00:00Z").await;
    assert_eq!(later["digest"], remembered.last()["digest"]);
}

#[tokio::test]
async fn a_moment_that_the_house_never_had_is_unknown() {
    let house = House::open().await;
    let manager = house.manager();
    let head = manager.floor().await["seq"].as_u64().unwrap();
    let cases = [
        ("at_seq=0".to_owned(), 404),
        (format!("at_seq={}", head + 1), 404),
        (format!("at_seq={}", i64::MAX), 404),
        (format!("at_seq={}", u64::MAX), 404),
        ("at_seq=99999999999999999999".to_owned(), 400),
        ("at_seq=-1".to_owned(), 400),
        ("at=1999-12-31T23:59:59Z".to_owned(), 404),
        ("at=yesterday".to_owned(), 400),
        (format!("at={}&at_seq=1", evening()), 400),
    ];
    for (moment, status) in cases {
        let path = format!("/v1/restaurants/test-restaurant-1/floor?{moment}");
        let answer = manager.get(&path).await;
        assert_eq!(answer.status, status, "{moment}: {}", answer.text);
    }
}

#[tokio::test]
async fn every_change_says_who_made_it_through_which_door_and_when() {
    let house = House::open().await;
    let manager = house.manager();
    let head = manager.floor().await["seq"].as_u64().unwrap();
    let body = json!({"login": "host", "password": "maitred-demo"});
    let token = house.client("").post("/v1/sign-in", &body).await.json()["token"].clone();
    let host = house.client(token.as_str().unwrap());
    for (minute, client) in (1..).zip([&manager, &host, &manager]) {
        house.clock.set(evening() + SignedDuration::from_mins(minute));
        client.accepted(wiped(12, 0)).await;
    }
    let path = format!("/v1/restaurants/test-restaurant-1/changes?after={head}");
    let page = manager.get(&path).await.json();
    let told: Vec<_> = page["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["by"].clone(), it["at"].as_str().unwrap()))
        .collect();
    let by_key = json!({"key": "demo-test-restaurant-1", "surface": "v1"});
    let by_host = json!({"staff_id": 3, "surface": "v1"});
    assert_eq!(
        told,
        [
            (by_key.clone(), "2026-11-20T19:31:00Z"),
            (by_host, "2026-11-20T19:32:00Z"),
            (by_key, "2026-11-20T19:33:00Z"),
        ]
    );
    let all = manager
        .get("/v1/restaurants/test-restaurant-1/changes")
        .await
        .json();
    for change in all["changes"].as_array().unwrap() {
        let by = &change["by"];
        assert!(by["staff_id"].is_u64() || by["key"].is_string(), "{change}");
        assert!(by["surface"].is_string() && change["at"].is_string(), "{change}");
    }
}
