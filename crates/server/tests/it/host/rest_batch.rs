//! `batch-update`: flat updates, of which those that are about nothing are named and the others done.

use super::desk::{Desk, plain, yes};
use serde_json::{Value, json};

#[tokio::test]
async fn several_updates_are_done_at_once_and_each_is_told() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    desk.waiting("Ben").await;
    let before = desk.standing().await.0;
    let body = json!({
        "guests": [{"id": "guest-1", "status": "Seated", "assignedTableId": "table-1"}, {"id": 2, "partySize": 5}],
        "tables": [{"id": "table-5", "status": "reserved"}],
    });
    let told = yes(&desk.post("/batch-update", body).await);
    assert_eq!((&told["success"], &told["errors"]), (&json!(true), &Value::Null));
    assert!(told["timestamp"].is_string());
    assert_eq!(
        told["updated_guests"],
        json!([desk.shown("guest-1").await, desk.shown("guest-2").await])
    );
    assert_eq!(told["updated_tables"], json!([desk.table("table-5").await]));
    assert_eq!(desk.stand("guest-1").await, "Seated at table-1, seatedTime -");
    assert_eq!(desk.standing().await.0, before + 1);
    desk.is_sound().await;
}

#[tokio::test]
async fn updates_of_nobody_are_named_and_the_rest_is_done() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    let body = json!({
        "guests": [
            {"id": "guest-99", "status": "Seated"},
            {"id": "nobody", "status": "Seated"},
            {"id": "Mara Lindqvist", "status": "Seated"},
            {"id": "guest-1", "status": "Arrived"},
        ],
        "tables": [
            {"id": "table-99", "status": "available"},
            {"id": "table-21", "status": "available"},
            {"id": "by the window", "status": "available"},
            {"id": "table-2", "status": "reserved"},
        ],
    });
    let told = yes(&desk.post("/batch-update", body).await);
    assert_eq!(told["success"], false);
    assert_eq!(
        told["errors"],
        json!([
            "Guest guest-99 not found",
            "Guest nobody not found",
            "Guest Mara Lindqvist not found",
            "Table table-99 not found",
            "Table table-21 not found",
            "Table by the window not found",
        ])
    );
    assert_eq!(told["updated_guests"][0]["status"], "Arrived");
    assert_eq!(told["updated_guests"].as_array().unwrap().len(), 1);
    assert_eq!(told["updated_tables"][0]["status"], "reserved");
    assert_eq!(desk.shown("guest-1").await["status"], "Arrived");
}

#[tokio::test]
async fn an_update_that_means_a_table_or_a_guest_who_is_not_there_is_named_too() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    desk.waiting("Ben").await;
    let body = json!({
        "guests": [
            {"id": "guest-1", "status": "Seated", "assignedTableId": "table-99"},
            {"id": "guest-2", "status": "Arrived"},
        ],
        "tables": [{"id": "table-2", "currentGuestId": "guest-99"}],
    });
    let told = yes(&desk.post("/batch-update", body).await);
    assert_eq!(told["success"], false);
    assert_eq!(
        told["errors"],
        json!(["Table table-99 not found", "Guest guest-99 not found"])
    );
    assert_eq!(desk.stand("guest-1").await, "Waitlist at null, - -");
    assert_eq!(desk.shown("guest-2").await["status"], "Arrived");
    assert_eq!(desk.state("table-2").await, "available null");
}

#[tokio::test]
async fn nothing_is_done_where_nobody_is_known() {
    let desk = Desk::open().await;
    let before = desk.standing().await;
    let body = json!({"guests": [{"id": "guest-99", "status": "Seated"}]});
    let told = yes(&desk.post("/batch-update", body).await);
    assert_eq!(told["errors"], json!(["Guest guest-99 not found"]));
    assert_eq!(
        (&told["updated_guests"], &told["updated_tables"]),
        (&json!([]), &json!([]))
    );
    let told = yes(&desk.post("/batch-update", json!({})).await);
    assert_eq!(told["success"], true);
    assert_eq!(desk.standing().await, before);
}

#[tokio::test]
async fn a_batch_seats_nobody_at_anothers_table() {
    let desk = Desk::open().await;
    let holder = desk.seated("Ann", "table-7").await;
    let other = desk.waiting("Ben").await;
    let before = desk.standing().await;
    for body in [
        json!({"guests": [{"id": other, "notes": "x", "assignedTableId": "table-7"}], "tables": [{"id": "table-2", "status": "reserved"}]}),
        json!({"guests": [{"id": "guest-99"}, {"id": other, "table_id": 7}]}),
        json!({"tables": [{"id": "table-2", "status": "reserved"}, {"id": "table-7", "currentGuestId": other}]}),
    ] {
        let answer = desk.post("/batch-update", body).await;
        assert_eq!(answer.status, 409, "{answer:?}");
        assert_eq!(answer.json()["code"], "table_taken");
        assert_eq!(answer.json()["held_by"], holder);
        assert_eq!(desk.standing().await, before);
    }
}

#[tokio::test]
async fn a_batch_that_makes_no_sense_is_refused_whole() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    let before = desk.standing().await;
    for body in [
        json!([]),
        json!({"guests": {}}),
        json!({"guests": ["guest-1"]}),
        json!({"guests": [{"id": "guest-1", "status": "eating"}, {"id": "guest-1", "status": "Arrived"}]}),
        json!({"guests": [{"id": "guest-1", "partySize": 0}]}),
        json!({"guests": [{"status": "Seated"}]}),
        json!({"tables": [{"id": "table-1", "status": "free"}]}),
        json!({"guests": [{"id": "guest-1", "status": "Finished", "assignedTableId": "table-1"}]}),
    ] {
        let answer = desk.post("/batch-update", body.clone()).await;
        let status = answer.status.as_u16();
        assert!([400, 422].contains(&status), "{body}: {answer:?}");
        assert!(!plain(&answer.json()["detail"]).is_empty());
    }
    assert_eq!(desk.standing().await, before);
}

#[tokio::test]
async fn a_table_whose_guest_is_given_as_null_is_freed() {
    let desk = Desk::open().await;
    let guest = desk.seated("Ann", "table-7").await;
    let body = json!({"tables": [{"id": "table-7", "status": "available", "currentGuestId": null}]});
    assert_eq!(yes(&desk.post("/batch-update", body).await)["success"], true);
    assert_eq!(desk.state("table-7").await, "available null");
    assert_eq!(
        desk.stand(&guest).await,
        "Finished at null, seatedTime finishedTime"
    );
    let other = desk.seated("Ben", "table-7").await;
    let body = json!({"guests": [{"id": other, "assignedTableId": null, "status": "finished"}]});
    assert_eq!(yes(&desk.post("/batch-update", body).await)["success"], true);
    assert_eq!(desk.state("table-7").await, "available null");
    desk.is_sound().await;
}
