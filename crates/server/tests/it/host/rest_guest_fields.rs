//! How a guest is changed: field by field, with the two meanings of null, and every spelling of a status.

use super::desk::{Desk, line, plain, problems, yes};
use expect_test::expect;
use serde_json::{Map, Value, json};

/// Every field of a guest's body but its state, with a value, and what shows it.
fn fields() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("first_name", json!("Mara"), "firstName"),
        ("last_name", json!("Lindqvist"), "lastName"),
        ("phone", json!("+15550142"), "phone"),
        ("notes", json!("window"), "notes"),
        ("special_requests", json!("a high chair"), "specialRequests"),
        ("email", json!("mara@example.com"), "email"),
        ("dietary_restrictions", json!(["nuts"]), "dietaryRestrictions"),
        (
            "reservation_time",
            json!("2026-11-20T19:00:00"),
            "reservationTime",
        ),
        ("check_in_time", json!("2026-11-20T18:58:11"), "checkInTime"),
        ("seated_time", json!("2026-11-20T19:01:00"), "seatedTime"),
        (
            "finished_time",
            json!("2026-11-20T20:40:00.000001"),
            "finishedTime",
        ),
        // Last: whoever loses the table begins anew with the end of the stay.
        ("table_id", json!("table-7"), "tableId"),
    ]
}

/// Somebody of whom everything is known.
async fn known(desk: &Desk) -> Value {
    let mut body: Map<String, Value> = fields()
        .into_iter()
        .map(|(field, value, _)| (field.to_owned(), value))
        .collect();
    body.insert("party_size".to_owned(), json!(3));
    body.insert("status".to_owned(), json!("Seated"));
    yes(&desk.post("/guests", Value::Object(body)).await)["guest"].clone()
}

#[tokio::test]
async fn what_is_said_is_changed_and_what_is_not_said_stays() {
    let desk = Desk::open().await;
    for method in ["put", "patch"] {
        let guest = desk.waiting("Ann").await;
        yes(&desk
            .put(&format!("/guests/{guest}"), json!({"status": "Arrived"}))
            .await);
        let mut expected = desk.shown(&guest).await;
        for (field, value, shown_as) in fields() {
            if field == "table_id" {
                continue;
            }
            let path = format!("/guests/{guest}");
            let body = json!({field: value});
            let answer = if method == "put" {
                desk.put(&path, body).await
            } else {
                desk.patch(&path, body).await
            };
            let told = yes(&answer)["guest"].clone();
            expected[shown_as] = value;
            let last = plain(&expected["lastName"]);
            expected["name"] = json!(format!("{} {last}", plain(&expected["firstName"])).trim());
            assert_eq!(told, expected, "{method} {field}");
            assert_eq!(desk.shown(&guest).await, expected, "{method} {field}");
        }
    }
}

#[tokio::test]
async fn null_is_nothing_in_a_put() {
    let desk = Desk::open().await;
    let before = known(&desk).await;
    for field in fields().iter().map(|it| it.0).chain(["party_size", "status"]) {
        let told = yes(&desk.put("/guests/guest-1", json!({field: null})).await);
        assert_eq!(told["guest"], before, "{field}");
    }
    let nulls: Map<_, _> = fields().iter().map(|it| (it.0.to_owned(), Value::Null)).collect();
    let told = yes(&desk.put("/guests/guest-1", Value::Object(nulls)).await);
    assert_eq!(told["guest"], before);
    assert_eq!(
        yes(&desk.put("/guests/guest-1", json!({})).await)["guest"],
        before
    );
    desk.is_sound().await;
}

#[tokio::test]
async fn null_clears_in_a_patch() {
    let desk = Desk::open().await;
    let mut expected = known(&desk).await;
    assert_eq!(
        yes(&desk.patch("/guests/guest-1", json!({})).await)["guest"],
        expected
    );
    // A party is always of some size, and always in some state.
    for field in ["party_size", "status"] {
        let told = yes(&desk.patch("/guests/guest-1", json!({field: null})).await);
        assert_eq!(told["guest"], expected, "{field}");
    }
    for (field, _, shown_as) in fields() {
        let told = yes(&desk.patch("/guests/guest-1", json!({field: null})).await)["guest"].clone();
        expected[shown_as] = match field {
            "first_name" | "last_name" => json!(""),
            _ => Value::Null,
        };
        expected["name"] = match field {
            "first_name" => json!("Lindqvist"),
            _ => json!("Unknown Guest"),
        };
        assert_eq!(told, expected, "{field}");
    }
    desk.is_sound().await;
}

#[tokio::test]
async fn times_that_were_never_noted_can_be_cleared_too() {
    let desk = Desk::open().await;
    let guest = desk.seated("Ann", "table-7").await;
    let path = format!("/guests/{guest}");
    for (field, shown_as) in [("check_in_time", "checkInTime"), ("seated_time", "seatedTime")] {
        assert!(desk.shown(&guest).await[shown_as].is_string(), "{shown_as}");
        yes(&desk.patch(&path, json!({field: null})).await);
        assert_eq!(desk.shown(&guest).await[shown_as], Value::Null);
    }
    yes(&desk.put(&path, json!({"status": "Finished"})).await);
    assert!(desk.shown(&guest).await["finishedTime"].is_string());
    yes(&desk.patch(&path, json!({"finished_time": null})).await);
    assert_eq!(desk.shown(&guest).await["finishedTime"], Value::Null);
    // What happens again is stamped again.
    yes(&desk
        .put(&path, json!({"status": "Seated", "table_id": "table-8"}))
        .await);
    assert!(desk.shown(&guest).await["seatedTime"].is_string());
    yes(&desk.put(&path, json!({"status": "Finished"})).await);
    assert!(desk.shown(&guest).await["finishedTime"].is_string());
}

#[tokio::test]
async fn an_empty_table_id_is_no_table() {
    let desk = Desk::open().await;
    for method in ["put", "patch"] {
        let guest = desk.seated("Ann", "table-7").await;
        let path = format!("/guests/{guest}");
        let body = json!({"table_id": ""});
        let told = if method == "put" {
            desk.put(&path, body).await
        } else {
            desk.patch(&path, body).await
        };
        assert_eq!(yes(&told)["tableId"], Value::Null);
        assert_eq!(desk.state("table-7").await, "available null");
    }
}

#[tokio::test]
async fn a_status_is_understood_in_every_spelling_and_answered_in_title_case() {
    let desk = Desk::open().await;
    let spellings = [
        (
            "Waitlist",
            &["Waitlist", "waitlist", "WAITLIST", "waiting", "Waiting"][..],
        ),
        ("Arrived", &["Arrived", "arrived", "ARRIVED"]),
        ("Running Late", &["Running Late", "running late", "RUNNING LATE"]),
        ("Seated", &["Seated", "seated", "SEATED"]),
        ("Finished", &["Finished", "finished", "completed", "Completed"]),
        ("Cancelled", &["Cancelled", "cancelled", "CANCELLED"]),
        ("No Show", &["No Show", "no show", "no_show", "NO_SHOW"]),
    ];
    for (expected, words) in spellings {
        for word in words {
            let body = json!({"first_name": "Ann", "party_size": 2, "status": word});
            let made = yes(&desk.post("/guests", body).await);
            assert_eq!(made["status"], expected, "{word}");
            for method in ["put", "patch"] {
                let guest = desk.waiting("Ann").await;
                let path = format!("/guests/{guest}");
                let told = if method == "put" {
                    desk.put(&path, json!({"status": word})).await
                } else {
                    desk.patch(&path, json!({"status": word})).await
                };
                assert_eq!(yes(&told)["status"], expected, "{method} {word}");
                assert_eq!(desk.shown(&guest).await["status"], expected, "{method} {word}");
            }
        }
    }
    let plain = json!({"first_name": "Ann", "party_size": 2, "status": null});
    assert_eq!(yes(&desk.post("/guests", plain).await)["status"], "Waitlist");
}

#[tokio::test]
async fn from_every_state_every_other_can_be_said() {
    let desk = Desk::open().await;
    let words = [
        "Waitlist",
        "Arrived",
        "Running Late",
        "Seated",
        "Finished",
        "Cancelled",
        "No Show",
    ];
    for from in words {
        for to in words {
            let guest = desk.waiting("Ann").await;
            let path = format!("/guests/{guest}");
            yes(&desk.put(&path, json!({"status": from})).await);
            let told = yes(&desk.put(&path, json!({"status": to})).await);
            assert_eq!(told["status"], to, "{from} to {to}");
            assert_eq!(desk.shown(&guest).await["status"], to, "{from} to {to}");
        }
    }
    desk.is_sound().await;
}

#[tokio::test]
async fn an_update_is_looked_at_as_closely_as_a_new_guest() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    let before = desk.standing().await;
    let mut lines = String::new();
    for body in [
        json!({"status": "eating"}),
        json!({"status": 3}),
        json!({"party_size": 0}),
        json!({"party_size": "many"}),
        json!({"email": "@"}),
        json!({"first_name": 1}),
        json!({"table_id": {}}),
        json!({"table_id": 1.5}),
        json!({"dietary_restrictions": {}}),
        json!({"seated_time": "later"}),
        json!({"phone": "5".repeat(500), "notes": "n".repeat(50_000)}),
    ] {
        let put = problems(&desk.put("/guests/guest-1", body.clone()).await);
        let patch = problems(&desk.patch("/guests/guest-1", body).await);
        assert_eq!(put, patch);
        lines += &format!("{put}\n");
    }
    expect![[r#"
        enum body.status: Input should be 'Waitlist', 'Seated', 'Finished', 'Cancelled', 'No Show', 'Running Late' or 'Arrived'
        string_type body.status: Input should be a valid string
        value_error body.party_size: Value error, party_size must be a positive integer
        int_parsing body.party_size: Input should be a valid integer, unable to parse string as an integer
        value_error body.email: value is not a valid email address
        string_type body.first_name: Input should be a valid string
        string_type body.table_id: Input should be a valid string
        string_type body.table_id: Input should be a valid string
        list_type body.dietary_restrictions: Input should be a valid list
        datetime_from_date_parsing body.seated_time: Input should be a valid datetime or date, such as 2025-08-16T18:20:00
        value_error body.phone: Value error, phone must have at most 40 characters, got 500; value_error body.notes: Value error, notes must have at most 1000 characters, got 50000
    "#]].assert_eq(&lines);
    assert_eq!(desk.standing().await, before);
    assert_eq!(
        yes(&desk.put("/guests/guest-1", json!({"party_size": "5"})).await)["partySize"],
        5
    );
}

#[tokio::test]
async fn a_table_that_is_not_there_is_not_found_and_nothing_is_written() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    yes(&desk.delete("/tables/table-20").await);
    let before = desk.standing().await;
    for table in [
        json!("table-99"),
        json!(99),
        json!("99"),
        json!("table-20"),
        json!("table-21"),
        json!("guest-1"),
        json!("corner table"),
        json!("t".repeat(300)),
        json!("table-"),
        json!(u64::MAX),
        json!("-1"),
    ] {
        for body in [
            json!({"table_id": table}),
            json!({"table_id": table, "status": "Seated", "notes": "n"}),
        ] {
            let expected = r#"404 {"message":"Resource not found","success":false}"#;
            assert_eq!(
                line(&desk.put("/guests/guest-1", body.clone()).await),
                expected,
                "{body}"
            );
            assert_eq!(
                line(&desk.patch("/guests/guest-1", body.clone()).await),
                expected,
                "{body}"
            );
        }
        let body = json!({"first_name": "Ben", "party_size": 2, "status": "Arrived", "table_id": table});
        assert_eq!(desk.post("/guests", body).await.status, 404);
    }
    assert_eq!(desk.standing().await, before);
}

#[tokio::test]
async fn a_stay_that_is_over_does_not_go_with_a_table() {
    let desk = Desk::open().await;
    let guest = desk.seated("Ann", "table-7").await;
    let before = desk.standing().await;
    for word in ["Finished", "completed", "Cancelled", "No Show", "no_show"] {
        for table in ["table-8", "table-7"] {
            let body = json!({"status": word, "table_id": table});
            let answer = desk.put(&format!("/guests/{guest}"), body).await;
            assert_eq!(answer.status, 400, "{answer:?}");
            let detail = plain(&answer.json()["detail"]);
            assert!(
                detail.contains("status") && detail.contains("table_id"),
                "{detail}"
            );
        }
        let body = json!({"first_name": "B", "party_size": 1, "status": word, "table_id": "table-8"});
        assert_eq!(desk.post("/guests", body).await.status, 400);
    }
    assert_eq!(desk.standing().await, before);
    // No table goes with it well.
    let body = json!({"status": "Finished", "table_id": ""});
    yes(&desk.put(&format!("/guests/{guest}"), body).await);
    assert_eq!(desk.state("table-7").await, "available null");
}

#[tokio::test]
async fn a_party_may_be_larger_than_its_table() {
    let desk = Desk::open().await;
    let guest = desk.guest(json!({"first_name": "Ann", "party_size": 9})).await;
    let seat = json!({"status": "Seated", "table_id": "table-1"});
    yes(&desk.put(&format!("/guests/{guest}"), seat).await);
    yes(&desk
        .put(&format!("/guests/{guest}"), json!({"party_size": 12}))
        .await);
    assert_eq!(desk.shown(&guest).await["partySize"], 12);
    assert_eq!(desk.state("table-1").await, format!("occupied {guest}"));
}
