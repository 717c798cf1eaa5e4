//! Who sits where, whichever way they came: one floor, and no table twice.

use super::office::{Office, ask, at, id, no, yes};
use crate::client::Client;
use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn a_table_that_is_said_to_be_occupied_has_a_turn_until_it_is_said_not_to_be() {
    let office = Office::open().await;
    let table = office.id_of("7").await;
    for word in ["available", "reserved", "cleaning", "out_of_service"] {
        yes(&office.say(&table, "available").await);
        yes(&office.say(&table, "occupied").await);
        let floor = office.floor_of(1).await["floor"].clone();
        assert_eq!(floor["turns"].as_array().unwrap().len(), 1);
        assert_eq!(floor["turns"][0]["table_ids"], json!([7]));
        assert_eq!(floor["turns"][0]["covers"], 1);
        assert_eq!(office.v1_table("7").await["state"], "occupied");
        yes(&office.say(&table, word).await);
        assert_eq!(office.n_turns().await, 0, "{word}");
        let state = match word {
            "cleaning" => "dirty",
            "out_of_service" => "blocked",
            other => other,
        };
        assert_eq!(office.v1_table("7").await["state"], state);
    }
}

#[tokio::test]
async fn whoever_is_seated_through_another_door_sits_here_as_well() {
    let office = Office::open().await;
    let manager = office.house.manager();
    let table = office.id_of("7").await;
    office.house.later(SignedDuration::from_mins(1));
    // v1: seated, and left.
    let turn = manager.seat(7).await;
    let shown = office.shown(&table).await;
    assert_eq!(
        (&shown["status"], &shown["lastOccupiedAt"]),
        (&json!("occupied"), &json!("2026-11-20T19:31:00.000Z"))
    );
    let list = yes(&office.get("/tables?status=occupied").await);
    assert_eq!(super::office::each(&list, "tableNumber"), ["7"]);
    manager
        .accepted(json!({"command": "close_turn", "turn_id": turn}))
        .await;
    assert_eq!(office.shown(&table).await["status"], "available");
    // The host stand.
    let tablet = office.house.stranger();
    let guests = "/restaurants/test-restaurant-1/guests";
    let guest = yes(&tablet
        .post(guests, &json!({"first_name": "Ann", "party_size": 2}))
        .await);
    let place = format!("{guests}/{}", id(&guest));
    yes(&tablet
        .put(&place, &json!({"status": "Seated", "table_id": "table-7"}))
        .await);
    assert_eq!(office.shown(&table).await["status"], "occupied");
    // Whom this side sends away has finished there.
    yes(&office.say(&table, "available").await);
    let guest = yes(&tablet.get(&place).await);
    assert_eq!(
        (&guest["status"], &guest["tableId"]),
        (&json!("Finished"), &Value::Null)
    );
    // A house that cleans up first.
    yes(&manager
        .patch("/v1/restaurants/1/settings", &json!({"clean_after_close": true}))
        .await);
    let turn = manager.seat(7).await;
    manager
        .accepted(json!({"command": "close_turn", "turn_id": turn}))
        .await;
    let shown = office.shown(&table).await;
    assert_eq!(shown["status"], "cleaning");
}

#[tokio::test]
async fn a_party_at_two_tables_occupies_both_and_leaves_both() {
    let office = Office::open().await;
    let manager = office.house.manager();
    let (seven, eight) = (office.id_of("7").await, office.id_of("8").await);
    for (word, place) in [
        ("available", "/status"),
        ("available", ""),
        ("reserved", "/status"),
        ("cleaning", ""),
        ("out_of_service", "/status"),
    ] {
        manager
            .accepted(json!({"command": "seat_walk_in", "table_ids": [7, 8], "covers": 7}))
            .await;
        for table in [&seven, &eight] {
            assert_eq!(office.shown(table).await["status"], "occupied");
        }
        let body = json!({"status": word});
        yes(&office.patch(&format!("/tables/{seven}{place}"), body).await);
        // The one that was named is in the state that was said, and nobody sits at the other.
        assert_eq!(office.shown(&seven).await["status"], word);
        assert_eq!(office.shown(&eight).await["status"], "available");
        assert_eq!(office.n_turns().await, 0);
        yes(&office.say(&seven, "available").await);
    }
}

#[tokio::test]
async fn where_tables_are_cleaned_after_a_stay_its_end_stamps_when() {
    let office = Office::open().await;
    let manager = office.house.manager();
    let settings = json!({"clean_after_close": true});
    yes(&manager.patch("/v1/restaurants/1/settings", &settings).await);
    let (seven, eight) = (office.id_of("7").await, office.id_of("8").await);
    office.house.later(SignedDuration::from_mins(1));
    let seat = json!({"command": "seat_walk_in", "table_ids": [7, 8], "covers": 7});
    let seated = manager.accepted(seat).await;
    let turn = seated["events"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|it| it["turn_id"].as_u64());
    office.house.later(SignedDuration::from_mins(42));
    manager
        .accepted(json!({"command": "close_turn", "turn_id": turn}))
        .await;
    for table in [&seven, &eight] {
        let shown = office.shown(table).await;
        assert_eq!(
            [
                &shown["status"],
                &shown["lastOccupiedAt"],
                &shown["lastCleanedAt"]
            ],
            [
                &json!("cleaning"),
                &json!("2026-11-20T19:31:00.000Z"),
                &json!("2026-11-20T20:12:00.000Z")
            ]
        );
    }
    // One that was freed from here by another word is as that says.
    yes(&office.say(&seven, "occupied").await);
    office.house.later(SignedDuration::from_mins(50));
    let told = yes(&office.say(&seven, "available").await);
    assert_eq!(told["status"], "available");
    assert_eq!(told, office.shown(&seven).await);
}

#[tokio::test]
async fn nobody_is_seated_where_this_side_says_that_somebody_sits() {
    let office = Office::open().await;
    let manager = office.house.manager();
    let table = office.id_of("7").await;
    yes(&office.say(&table, "occupied").await);
    let before = office.standing().await;
    let refused = manager
        .command(json!({"command": "seat_walk_in", "table_ids": [7], "covers": 2}))
        .await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["code"]),
        (409, &json!("table_taken"))
    );
    assert_eq!(office.standing().await, before);
    // A table with a party on it is not put into a second one's place.
    manager
        .accepted(json!({"command": "seat_walk_in", "table_ids": [8], "covers": 2}))
        .await;
    let turns = office.floor_of(1).await["floor"]["turns"].clone();
    yes(&office.say(&office.id_of("8").await, "occupied").await);
    assert_eq!(office.floor_of(1).await["floor"]["turns"], turns);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_word_from_here_and_a_party_at_the_door_one_takes_the_table() {
    let office = Office::open().await;
    let table = office.id_of("7").await;
    let path = at(&format!("/tables/{table}/status"));
    let manager = office.house.manager();
    let (mut here, mut there) = (0, 0);
    for round in 0..60 {
        let occupied = json!({"status": "occupied"});
        let seat = json!({"command": "seat_walk_in", "table_ids": [7], "covers": 2});
        let (said, seated) = if round % 2 == 0 {
            tokio::join!(
                ask(&office.admin, "PATCH", &path, &occupied),
                manager.command(seat)
            )
        } else {
            let (seated, said) = tokio::join!(
                manager.command(seat),
                ask(&office.admin, "PATCH", &path, &occupied)
            );
            (said, seated)
        };
        // Whoever comes second from here finds what they wanted, or is told that it is taken.
        if said.status != 200 {
            assert!(no(&said).starts_with("409 "), "{said:?}");
        }
        assert!([200, 409].contains(&seated.status.as_u16()), "{seated:?}");
        let won = seated.status == 200;
        (here, there) = (here + i32::from(!won), there + i32::from(won));
        assert!(won || said.status == 200);
        assert_eq!(office.n_turns().await, 1, "round {round}");
        yes(&ask(&office.admin, "PATCH", &path, &json!({"status": "available"})).await);
        assert_eq!(office.n_turns().await, 0, "round {round}");
    }
    assert_eq!(here + there, 60);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_table_that_six_say_is_occupied_has_one_turn() {
    let office = Office::open().await;
    let clients: Vec<Client> = (0..6).map(|_| office.with_roles(&["waiter"], &[1])).collect();
    let table = office.id_of("7").await;
    let path = at(&format!("/tables/{table}/status"));
    for round in 0..30 {
        let occupied = json!({"status": "occupied"});
        let asked = clients.iter().map(|it| ask(it, "PATCH", &path, &occupied));
        for answer in join_all(asked).await {
            assert_eq!(yes(&answer)["status"], "occupied");
        }
        assert_eq!(office.n_turns().await, 1, "round {round}");
        yes(&office.say(&table, "available").await);
    }
}
