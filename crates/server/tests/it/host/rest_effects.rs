//! What one write does beside what it says: tables are taken and freed, and nobody is ever bumped.

use super::desk::{Desk, plain, yes};
use jiff::SignedDuration;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

#[tokio::test]
async fn a_guest_who_is_given_a_table_is_called_what_they_were() {
    let desk = Desk::open().await;
    for (word, table) in [
        ("Waitlist", "table-1"),
        ("Arrived", "table-2"),
        ("Running Late", "table-3"),
        ("Seated", "table-4"),
    ] {
        let guest = desk.waiting("Ann").await;
        let path = format!("/guests/{guest}");
        yes(&desk.put(&path, json!({"status": word})).await);
        let told = yes(&desk.put(&path, json!({"table_id": table})).await);
        assert_eq!((&told["status"], &told["tableId"]), (&json!(word), &json!(table)));
        assert_eq!(desk.state(table).await, format!("occupied {guest}"));
    }
    desk.is_sound().await;
}

#[tokio::test]
async fn a_guest_who_is_seated_is_stamped_and_holds_the_table() {
    let desk = Desk::open().await;
    let guest = desk.waiting("Ann").await;
    desk.house.later(SignedDuration::from_secs(600));
    let seat = json!({"status": "Seated", "table_id": "table-7"});
    let told = yes(&desk.put(&format!("/guests/{guest}"), seat).await);
    assert_eq!(told["seatedTime"], "2026-11-20T19:40:00");
    assert_eq!(told["lastUpdated"], "2026-11-20T19:40:00");
    assert_eq!(told["checkInTime"], "2026-11-20T19:30:00");
    let table = desk.table("table-7").await;
    assert_eq!(
        (&table["status"], &table["currentGuestId"]),
        (&json!("occupied"), &json!(guest))
    );
    assert_eq!(table["lastUpdated"], "2026-11-20T19:40:00");
    // Said first to sit and given the table later, it is the same.
    let guest = desk.waiting("Ben").await;
    let path = format!("/guests/{guest}");
    yes(&desk.patch(&path, json!({"status": "seated"})).await);
    yes(&desk.patch(&path, json!({"table_id": 8})).await);
    assert_eq!(desk.stand(&guest).await, "Seated at table-8, seatedTime -");
    desk.is_sound().await;
}

#[tokio::test]
async fn a_seated_guest_who_is_called_anything_else_loses_the_table() {
    let desk = Desk::open().await;
    for (word, expected) in [
        ("Waitlist", "Waitlist at null"),
        ("Arrived", "Arrived at null"),
        ("Running Late", "Running Late at null"),
        ("Finished", "Finished at null"),
        ("completed", "Finished at null"),
        ("Cancelled", "Cancelled at null"),
        ("No Show", "No Show at null"),
    ] {
        for is_patch in [false, true] {
            let guest = desk.seated("Ann", "table-7").await;
            let path = format!("/guests/{guest}");
            let body = json!({"status": word});
            let told = if is_patch {
                desk.patch(&path, body).await
            } else {
                desk.put(&path, body).await
            };
            let told = yes(&told);
            let has_finished = expected.starts_with("Finished");
            assert_eq!(told["finishedTime"].is_string(), has_finished, "{word}");
            let stand = desk.stand(&guest).await;
            assert!(stand.starts_with(expected), "{word}: {stand}");
            assert_eq!(desk.state("table-7").await, "available null", "{word}");
        }
    }
    desk.is_sound().await;
}

#[tokio::test]
async fn whoever_finishes_is_stamped_with_the_time_unless_it_was_noted() {
    let desk = Desk::open().await;
    let guest = desk.seated("Ann", "table-7").await;
    desk.house.later(SignedDuration::from_mins(50));
    let told = yes(&desk
        .put(&format!("/guests/{guest}"), json!({"status": "Finished"}))
        .await);
    assert_eq!(told["finishedTime"], "2026-11-20T20:20:00");
    assert_eq!(told["seatedTime"], "2026-11-20T19:30:00");
    let guest = desk.seated("Ben", "table-7").await;
    let noted = json!({"status": "Finished", "finished_time": "2026-11-20T20:15:00Z"});
    let told = yes(&desk.put(&format!("/guests/{guest}"), noted).await);
    assert_eq!(told["finishedTime"], "2026-11-20T20:15:00");
}

#[tokio::test]
async fn whoever_moves_frees_the_old_table_and_takes_the_new_one() {
    let desk = Desk::open().await;
    let guest = desk.seated("Ann", "table-7").await;
    for (body, is_patch) in [
        (json!({"table_id": "table-8"}), false),
        (json!({"table_id": "table-7", "status": "Seated"}), true),
    ] {
        let path = format!("/guests/{guest}");
        let from = plain(&desk.shown(&guest).await["tableId"]);
        let to = plain(&body["table_id"]);
        let told = if is_patch {
            desk.patch(&path, body).await
        } else {
            desk.put(&path, body).await
        };
        assert_eq!(yes(&told)["tableId"], to);
        assert_eq!(desk.state(&from).await, "available null");
        assert_eq!(desk.state(&to).await, format!("occupied {guest}"));
    }
    // To the same table again is no move.
    let same = json!({"table_id": "table-7", "status": "Seated"});
    yes(&desk.put(&format!("/guests/{guest}"), same).await);
    assert_eq!(desk.state("table-7").await, format!("occupied {guest}"));
    desk.is_sound().await;
}

#[tokio::test]
async fn a_table_that_another_party_holds_is_refused_and_the_whole_write_with_it() {
    let desk = Desk::open().await;
    let holder = desk.seated("Ann", "table-7").await;
    let waiting = desk.waiting("Ben").await;
    let elsewhere = desk.seated("Cleo", "table-8").await;
    let before = desk.standing().await;
    for guest in [&waiting, &elsewhere] {
        for body in [
            json!({"table_id": "table-7"}),
            json!({"table_id": 7, "status": "Seated", "first_name": "Changed", "party_size": 4}),
        ] {
            for is_patch in [false, true] {
                let path = format!("/guests/{guest}");
                let answer = if is_patch {
                    desk.patch(&path, body.clone()).await
                } else {
                    desk.put(&path, body.clone()).await
                };
                assert_eq!(answer.status, 409);
                let told = answer.json();
                assert_eq!(told["code"], "table_taken");
                assert_eq!(
                    (&told["table_id"], &told["held_by"]),
                    (&json!("table-7"), &json!(holder))
                );
            }
        }
    }
    let body = json!({"first_name": "D", "party_size": 2, "status": "Seated", "table_id": "table-7"});
    assert_eq!(desk.post("/guests", body).await.status, 409);
    assert_eq!(desk.standing().await, before);
    assert_eq!(desk.shown(&waiting).await["firstName"], "Ben");
    desk.is_sound().await;
}

#[tokio::test]
async fn finishing_a_guest_together_with_a_new_table_frees_no_wrong_table() {
    let desk = Desk::open().await;
    let guest = desk.seated("Ann", "table-7").await;
    let other = desk.seated("Ben", "table-8").await;
    let body = json!({"status": "Finished", "table_id": "table-8"});
    assert_eq!(desk.put(&format!("/guests/{guest}"), body).await.status, 400);
    assert_eq!(desk.state("table-8").await, format!("occupied {other}"));
    assert_eq!(desk.state("table-7").await, format!("occupied {guest}"));
}

#[tokio::test]
async fn a_guest_who_waits_again_together_with_a_new_table_leaves_the_old_one() {
    let desk = Desk::open().await;
    let guest = desk.seated("Ann", "table-7").await;
    let body = json!({"status": "Arrived", "table_id": "table-8"});
    yes(&desk.put(&format!("/guests/{guest}"), body).await);
    assert_eq!(desk.state("table-7").await, "available null");
    assert_eq!(desk.state("table-8").await, format!("occupied {guest}"));
    assert_eq!(desk.shown(&guest).await["status"], "Arrived");
    desk.is_sound().await;
}

/// One of these.
fn one_of<'a>(random: &mut ChaCha8Rng, items: &[&'a str]) -> &'a str {
    items[random.random_range(0..items.len())]
}

/// A write that somebody could think of.
fn any_write(random: &mut ChaCha8Rng) -> (&'static str, String, Value) {
    const STATUSES: [&str; 7] = [
        "Waitlist",
        "Arrived",
        "Running Late",
        "Seated",
        "Finished",
        "Cancelled",
        "No Show",
    ];
    const STATES: [&str; 4] = ["available", "occupied", "reserved", "outOfService"];
    let guest = format!("guest-{}", random.random_range(1..=12));
    let table = format!("table-{}", random.random_range(1..=6));
    let mut body = json!({});
    let method = one_of(random, &["put", "patch"]);
    match random.random_range(0..10) {
        0 => {
            let body = json!({"first_name": "Ann", "party_size": random.random_range(1..9)});
            ("post", "/guests".to_owned(), body)
        }
        1 => ("delete", format!("/guests/{guest}"), json!(null)),
        2 => ("put", format!("/tables/{table}/clear"), json!({})),
        3..=6 => {
            if random.random_bool(0.6) {
                body["status"] = json!(one_of(random, &STATUSES));
            }
            if random.random_bool(0.6) {
                body["table_id"] = one_of(random, &["", &table, &table, &table]).into();
            }
            if random.random_bool(0.1) {
                body["table_id"] = Value::Null;
            }
            if random.random_bool(0.2) {
                body["party_size"] = random.random_range(1..9).into();
            }
            (method, format!("/guests/{guest}"), body)
        }
        7 => {
            let step = json!({"id": guest, "status": one_of(random, &STATUSES), "assignedTableId": one_of(random, &["", &table])});
            let other = json!({"id": table, "status": one_of(random, &STATES)});
            (
                "post",
                "/batch-update".to_owned(),
                json!({"guests": [step], "tables": [other]}),
            )
        }
        _ => {
            if random.random_bool(0.7) {
                body["status"] = json!(one_of(random, &STATES));
            }
            if random.random_bool(0.5) {
                body["current_guest_id"] = one_of(random, &["", &guest, &guest, &guest]).into();
            }
            (method, format!("/tables/{table}"), body)
        }
    }
}

#[tokio::test]
async fn whatever_is_written_guests_and_tables_agree() {
    let desk = Desk::open().await;
    for name in ["Ann", "Ben", "Cleo", "Dan", "Eve", "Finn"] {
        desk.waiting(name).await;
    }
    let mut random = ChaCha8Rng::seed_from_u64(20_261_120);
    let mut n_done = 0;
    for step in 0..600 {
        let (method, place, body) = any_write(&mut random);
        let answer = match method {
            "put" => desk.put(&place, body.clone()).await,
            "patch" => desk.patch(&place, body.clone()).await,
            "post" => desk.post(&place, body.clone()).await,
            _ => desk.delete(&place).await,
        };
        let status = answer.status.as_u16();
        assert!(
            [200, 400, 404, 409].contains(&status),
            "step {step}: {method} {place} {body}: {answer:?}"
        );
        n_done += u32::from(status == 200);
        desk.is_sound().await;
    }
    assert!(n_done > 200, "only {n_done} writes were done");
}
