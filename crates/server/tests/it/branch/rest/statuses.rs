//! The states of a table as they are written here: what may follow what, and what is stamped and forgotten.

use super::office::{Office, id, no, yes};
use super::shapes::check;
use expect_test::expect;
use jiff::SignedDuration;
use serde_json::{Value, json};

const WORDS: [&str; 5] = ["available", "occupied", "reserved", "cleaning", "out_of_service"];

#[tokio::test]
async fn every_state_may_follow_every_other_but_nobody_is_put_at_a_table_that_is_out_of_service() {
    let office = Office::open().await;
    // Both ways to write a status have one rule.
    for (way, place) in [("S", "/status"), ("P", "")] {
        let mut refused = String::new();
        for from in WORDS {
            for to in WORDS {
                let table = id(&office.table(&format!("{way} {from} {to}"), json!({})).await);
                yes(&office.say(&table, from).await);
                let before = office.n_turns().await;
                let answer = office
                    .patch(&format!("/tables/{table}{place}"), json!({"status": to}))
                    .await;
                let shown = office.shown(&table).await;
                if answer.status == 200 {
                    let told = yes(&answer);
                    check("table+branch+floorPlan+section+assignedServer", &told);
                    assert_eq!(told["status"], to, "{from} to {to}");
                    assert_eq!(told, shown, "{from} to {to}");
                } else {
                    refused += &format!("{from} to {to}: {}\n", no(&answer));
                    assert_eq!(shown["status"], from);
                }
                // A turn is open where it says occupied, and nowhere else.
                let opened = i32::from(shown["status"] == "occupied") - i32::from(from == "occupied");
                let n_turns = i32::try_from(office.n_turns().await).unwrap() - i32::try_from(before).unwrap();
                assert_eq!(n_turns, opened, "{from} to {to}");
            }
        }
        expect![[r#"
            out_of_service to occupied: 400 Cannot occupy a table that is out of service
        "#]]
        .assert_eq(&refused);
    }
}

#[tokio::test]
async fn a_table_under_repair_is_out_of_service_too() {
    let office = Office::open().await;
    let manager = office.house.manager();
    let table = office.id_of("7").await;
    for state in ["blocked", "maintenance"] {
        manager
            .accepted(json!({"command": "set_table_state", "table_id": 7, "state": state}))
            .await;
        assert_eq!(office.shown(&table).await["status"], "out_of_service");
        assert_eq!(
            no(&office.say(&table, "occupied").await),
            "400 Cannot occupy a table that is out of service"
        );
        // The word that it is shown by, written back, changes nothing of it.
        yes(&office.say(&table, "out_of_service").await);
        assert_eq!(office.v1_table("7").await["state"], state);
    }
    manager
        .accepted(json!({"command": "set_table_state", "table_id": 7, "state": "dirty"}))
        .await;
    assert_eq!(office.shown(&table).await["status"], "cleaning");
    manager
        .accepted(json!({"command": "set_table_state", "table_id": 7, "state": "reserved"}))
        .await;
    assert_eq!(office.shown(&table).await["status"], "reserved");
}

#[tokio::test]
async fn when_a_table_was_last_taken_and_last_cleaned_is_stamped() {
    let office = Office::open().await;
    let table = id(&office.table("T-1", json!({})).await);
    let stamps = |told: &Value| (told["lastOccupiedAt"].clone(), told["lastCleanedAt"].clone());
    assert_eq!(stamps(&office.shown(&table).await), (Value::Null, Value::Null));
    let (mut taken, mut cleaned) = (Value::Null, Value::Null);
    for (minute, word) in (1..).zip([
        "reserved",
        "occupied",
        "available",
        "cleaning",
        "available",
        "cleaning",
        "occupied",
        "out_of_service",
    ]) {
        office
            .house
            .later(SignedDuration::from_millis(minute * 60_000 + 123));
        let now = json!(format!("2026-11-20T19:{:02}:00.123Z", 30 + minute));
        match word {
            "occupied" => taken = now.clone(),
            "cleaning" => cleaned = now.clone(),
            _ => {}
        }
        let told = yes(&office.say(&table, word).await);
        assert_eq!(stamps(&told), (taken.clone(), cleaned.clone()), "{word}");
        assert_eq!(told["updatedAt"], now, "{word}");
        assert_eq!(
            stamps(&office.shown(&table).await),
            (taken.clone(), cleaned.clone()),
            "{word}"
        );
    }
    // They survive what has nothing to do with them.
    let told = yes(&office
        .patch(&format!("/tables/{table}"), json!({"capacity": 2}))
        .await);
    assert_eq!(stamps(&told), (taken, cleaned));
}

#[tokio::test]
async fn a_status_that_is_written_unchanged_is_a_yes() {
    let office = Office::open().await;
    for (minute, word) in [0, 2, 4, 6, 8].into_iter().zip(WORDS) {
        let table = id(&office.table(word, json!({})).await);
        office.house.later(SignedDuration::from_mins(minute));
        let first = yes(&office.say(&table, word).await);
        let turns = turns(&office).await;
        office.house.later(SignedDuration::from_mins(minute + 1));
        let again = yes(&office.say(&table, word).await);
        check("table+branch+floorPlan+section+assignedServer", &again);
        assert_eq!(again["status"], word);
        assert_eq!(again, office.shown(&table).await, "{word}");
        for stamp in ["lastOccupiedAt", "lastCleanedAt", "version"] {
            assert_eq!(again[stamp], first[stamp], "{word}");
        }
        assert_eq!(self::turns(&office).await, turns, "{word}");
    }
}

/// The turns of branch 1, but for when somebody was last seen there.
async fn turns(office: &Office) -> Value {
    let mut turns = office.floor_of(1).await["floor"]["turns"].clone();
    for turn in turns.as_array_mut().unwrap() {
        turn["last_activity_at"] = Value::Null;
    }
    turns
}

#[tokio::test]
async fn a_table_that_is_made_available_forgets_whom_it_was_kept_for() {
    let office = Office::open().await;
    let manager = office.house.manager();
    let table = office.id_of("7").await;
    for place in ["/status", ""] {
        let party = manager
            .accepted(json!({"command": "add_party", "covers": 2, "name": "Ada"}))
            .await;
        let party = party["events"][0]["party_id"].as_u64().unwrap();
        manager
            .accepted(
                json!({"command": "set_table_state", "table_id": 7, "state": "reserved", "party_id": party}),
            )
            .await;
        let kept = office.shown(&table).await;
        assert_eq!(kept["status"], "reserved");
        assert!(super::shapes::is_id(&kept["reservationId"]), "{kept}");
        let told = yes(&office
            .patch(&format!("/tables/{table}{place}"), json!({"status": "available"}))
            .await);
        assert_eq!(
            (&told["reservationId"], &told["currentOrderId"]),
            (&Value::Null, &Value::Null)
        );
        assert_eq!(told, office.shown(&table).await);
    }
}

#[tokio::test]
async fn waiters_and_cashiers_write_states_too() {
    let office = Office::open().await;
    let table = office.id_of("7").await;
    let place = format!("/api/v1/v1/restaurant/tables/{table}/status");
    for (login, word) in [
        ("waiter", "occupied"),
        ("cashier", "cleaning"),
        ("host", "reserved"),
        ("manager", "available"),
    ] {
        let client = office.signed_in(login).await;
        let told = yes(&super::office::ask(&client, "PATCH", &place, &json!({"status": word})).await);
        assert_eq!(told["status"], word, "{login}");
    }
}
