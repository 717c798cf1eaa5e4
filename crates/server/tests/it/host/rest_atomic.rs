//! Several writes as one: both shapes of the body, all or nothing.

use super::desk::{Desk, plain, yes};
use expect_test::expect;
use serde_json::{Value, json};

/// The body of an answer that says that nothing was done, and why.
fn rolled_back(body: &Value) -> String {
    let mut keys: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    let expected = [
        "error",
        "processed_at",
        "results",
        "rolled_back",
        "success",
        "transaction_id",
    ];
    assert_eq!(keys, expected, "{body}");
    assert_eq!(
        (&body["success"], &body["rolled_back"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(body["results"], json!([]));
    assert_eq!(body["processed_at"], "2026-11-20T19:30:00");
    plain(&body["error"])
}

/// Each result in a line.
fn results(body: &Value) -> String {
    assert_eq!(body["success"], true, "{body}");
    let results = body["results"].as_array().unwrap();
    let line = |it: &Value| {
        assert_eq!(it["error"], Value::Null);
        format!(
            "{} {} {}\n",
            plain(&it["entity_type"]),
            plain(&it["entity_id"]),
            plain(&it["status"])
        )
    };
    results.iter().map(line).collect()
}

#[tokio::test]
async fn operations_are_done_guests_first_and_each_has_its_result() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    desk.waiting("Ben").await;
    let answer = desk
        .atomic(json!({
            "transaction_id": "tx-1",
            "timestamp": "2026-11-20T19:30:00Z",
            "tables": [
                {"id": "table-20", "operation": "delete"},
                {"id": "table-2", "operation": "update", "data": {"section": "Terrace"}},
                {"operation": "create", "data": {"table_number": "30", "capacity": 4, "restaurant_id": "test-restaurant-1"}},
            ],
            "guests": [
                {"operation": "create", "data": {"first_name": "Cleo", "party_size": "3", "restaurant_id": "test-restaurant-1"}},
                {"id": "guest-1", "operation": "update", "data": {"table_id": "table-1"}},
                {"id": "guest-2", "operation": "delete", "data": {}},
            ],
            "metadata": {"device": "tablet 3"},
        }))
        .await;
    let body = yes(&answer);
    expect![[r#"
        guest guest-3 created
        guest guest-1 updated
        guest guest-2 deleted
        table table-20 deleted
        table table-2 updated
        table table-33 created
    "#]]
    .assert_eq(&results(&body));
    assert_eq!(body["transaction_id"], "tx-1");
    assert_eq!(body["results"][0]["data"], desk.shown("guest-3").await);
    assert_eq!(body["results"][1]["data"], desk.shown("guest-1").await);
    assert_eq!(body["results"][4]["data"], desk.table("table-2").await);
    assert_eq!(desk.stand("guest-1").await, "Seated at table-1, seatedTime -");
    assert_eq!(desk.state("table-1").await, "occupied guest-1");
    assert_eq!(desk.ids("/guests").await, ["guest-3", "guest-1"]);
    assert!(!desk.ids("/tables").await.contains(&"table-20".to_owned()));
    desk.is_sound().await;
}

#[tokio::test]
async fn flat_updates_come_in_either_spelling() {
    let desk = Desk::open().await;
    for name in ["Ann", "Ben", "Cleo", "Dan"] {
        desk.waiting(name).await;
    }
    let time = "2026-11-20T19:31:00";
    let body = yes(
        &desk
            .atomic(json!({
                "guests": [
                    {"id": "guest-1", "status": "seated", "assignedTableId": "table-1", "seatedTime": time, "partySize": 4},
                    {"id": "guest-2", "status": "Seated", "table_id": "table-2", "seated_time": time, "party_size": 5},
                    {"id": 3, "assignedTableId": "3", "checkInTime": time},
                    {"id": "guest-4", "status": "completed", "finishedTime": time, "check_in_time": time},
                ],
                "tables": [
                    {"id": "table-4", "status": "reserved"},
                    {"id": "table-5", "status": "outOfService", "currentGuestId": null},
                    {"id": "table-2", "current_guest_id": "guest-2"},
                ],
            }))
            .await,
    );
    expect![[r#"
        guest guest-1 updated
        guest guest-2 updated
        guest guest-3 updated
        guest guest-4 updated
        table table-4 updated
        table table-5 updated
        table table-2 updated
    "#]]
    .assert_eq(&results(&body));
    let mut lines = String::new();
    for guest in desk.list("/guests").await {
        lines += &format!(
            "{} {} {} {} | {} {} {}\n",
            plain(&guest["id"]),
            plain(&guest["status"]),
            plain(&guest["tableId"]),
            guest["partySize"],
            plain(&guest["checkInTime"]),
            plain(&guest["seatedTime"]),
            plain(&guest["finishedTime"]),
        );
    }
    for table in ["table-1", "table-2", "table-3", "table-4", "table-5"] {
        lines += &format!("{table} {}\n", desk.state(table).await);
    }
    expect![[r#"
        guest-4 Finished null 2 | 2026-11-20T19:31:00 null 2026-11-20T19:31:00
        guest-3 Seated table-3 2 | 2026-11-20T19:31:00 2026-11-20T19:30:00 null
        guest-2 Seated table-2 5 | 2026-11-20T19:30:00 2026-11-20T19:31:00 null
        guest-1 Seated table-1 4 | 2026-11-20T19:30:00 2026-11-20T19:31:00 null
        table-1 occupied guest-1
        table-2 occupied guest-2
        table-3 occupied guest-3
        table-4 reserved null
        table-5 outOfService null
    "#]]
    .assert_eq(&lines);
    desk.is_sound().await;
}

#[tokio::test]
async fn a_guest_that_is_made_with_a_table_is_seated_there() {
    let desk = Desk::open().await;
    let data = json!({"first_name": "Ann", "party_size": 2, "table_id": "table-7"});
    let body = yes(&desk
        .atomic(json!({"guests": [{"operation": "create", "data": data}]}))
        .await);
    assert_eq!(body["success"], true, "{body}");
    assert_eq!(desk.stand("guest-1").await, "Seated at table-7, seatedTime -");
    assert_eq!(desk.state("table-7").await, "occupied guest-1");
}

#[tokio::test]
async fn a_state_that_ends_a_stay_frees_the_table() {
    let desk = Desk::open().await;
    for word in ["Finished", "Cancelled", "No Show"] {
        let guest = desk.seated("Ann", "table-7").await;
        let flat = json!({"guests": [{"id": guest, "status": word, "assignedTableId": null}]});
        assert_eq!(yes(&desk.atomic(flat).await)["success"], true);
        assert_eq!(desk.state("table-7").await, "available null");
        let guest = desk.seated("Ben", "table-7").await;
        let operation = json!({"guests": [{"id": guest, "operation": "update", "data": {"status": word}}]});
        assert_eq!(yes(&desk.atomic(operation).await)["success"], true);
        assert_eq!(desk.state("table-7").await, "available null");
    }
    desk.is_sound().await;
}

#[tokio::test]
async fn one_operation_that_cannot_be_done_leaves_everything_as_it_was() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    let seated = desk.guest(json!({"first_name": "Ben", "party_size": 4})).await;
    yes(&desk
        .put(
            &format!("/guests/{seated}"),
            json!({"status": "Seated", "table_id": 9}),
        )
        .await);
    let before = desk.standing().await;
    let create = |data: Value| json!({"operation": "create", "data": data});
    let guest = |id: &str, data: Value| json!({"id": id, "operation": "update", "data": data});
    let mut lines = String::new();
    for (list, bad) in [
        ("guests", create(json!({"party_size": 2}))),
        ("guests", create(json!({"first_name": "", "party_size": 2}))),
        ("guests", create(json!({"first_name": "X"}))),
        ("guests", create(json!({"first_name": "X", "party_size": 0}))),
        (
            "guests",
            create(json!({"first_name": "X", "party_size": 2, "restaurant_id": "bistro-2"})),
        ),
        (
            "guests",
            create(json!({"first_name": "X", "party_size": 2, "status": "eating"})),
        ),
        (
            "guests",
            create(json!({"first_name": "X", "party_size": 2, "table_id": "table-99"})),
        ),
        ("guests", guest("guest-99", json!({"notes": "x"}))),
        ("guests", guest("nobody", json!({"notes": "x"}))),
        ("guests", guest("no body", json!({"notes": "x"}))),
        ("guests", guest("guest-1", json!({"table_id": "table-21"}))),
        ("guests", guest("guest-1", json!({"email": "nobody"}))),
        (
            "guests",
            guest("guest-1", json!({"status": "Finished", "table_id": "table-2"})),
        ),
        ("guests", json!({"operation": "update", "data": {"notes": "x"}})),
        ("guests", json!({"id": "guest-99", "operation": "delete"})),
        (
            "guests",
            json!({"id": "guest-1", "operation": "upsert", "data": {}}),
        ),
        ("guests", json!({"id": "guest-1", "operation": 5})),
        ("guests", json!("guest-1")),
        ("guests", json!(null)),
        ("tables", create(json!({"capacity": 4}))),
        ("tables", create(json!({"table_number": "30"}))),
        (
            "tables",
            create(json!({"table_number": "30", "capacity": 4, "restaurant_id": 2})),
        ),
        ("tables", create(json!({"table_number": "7", "capacity": 4}))),
        (
            "tables",
            json!({"id": "table-99", "operation": "update", "data": {"capacity": 4}}),
        ),
        (
            "tables",
            json!({"id": "table-9", "operation": "update", "data": {"capacity": 3}}),
        ),
        ("tables", json!({"id": "table-9", "operation": "delete"})),
        ("tables", json!({"id": "table-99", "operation": "delete"})),
        ("tables", json!({"id": "table-1", "status": "free"})),
        ("tables", json!({"id": "table-1", "currentGuestId": "guest-99"})),
        ("tables", json!({"status": "available"})),
        ("tables", json!([])),
    ] {
        let good = create(json!({"first_name": "Good", "party_size": 2}));
        let fine = json!({"id": "table-2", "status": "reserved"});
        let mut body = json!({"transaction_id": "tx-9", "guests": [good], "tables": [fine]});
        body[list].as_array_mut().unwrap().push(bad.clone());
        let answer = desk.atomic(body).await;
        lines += &format!("{bad}\n    {}\n", rolled_back(&yes(&answer)));
        assert_eq!(answer.json()["transaction_id"], "tx-9");
        assert_eq!(desk.standing().await, before, "{bad}");
    }
    expect![[r#"
        {"data":{"party_size":2},"operation":"create"}
            guests.1.data.first_name: Field required
        {"data":{"first_name":"","party_size":2},"operation":"create"}
            guests.1.data.first_name: Value error, first_name must not be blank
        {"data":{"first_name":"X"},"operation":"create"}
            guests.1.data.party_size: Field required
        {"data":{"first_name":"X","party_size":0},"operation":"create"}
            guests.1.data.party_size: Value error, party_size must be a positive integer
        {"data":{"first_name":"X","party_size":2,"restaurant_id":"bistro-2"},"operation":"create"}
            guests.1: restaurant_id must be that of the transaction
        {"data":{"first_name":"X","party_size":2,"status":"eating"},"operation":"create"}
            guests.1.data.status: Input should be 'Waitlist', 'Seated', 'Finished', 'Cancelled', 'No Show', 'Running Late' or 'Arrived'
        {"data":{"first_name":"X","party_size":2,"table_id":"table-99"},"operation":"create"}
            Table table-99 not found
        {"data":{"notes":"x"},"id":"guest-99","operation":"update"}
            Guest guest-99 not found
        {"data":{"notes":"x"},"id":"nobody","operation":"update"}
            Guest nobody not found
        {"data":{"notes":"x"},"id":"no body","operation":"update"}
            Guest no body not found
        {"data":{"table_id":"table-21"},"id":"guest-1","operation":"update"}
            Table table-21 not found
        {"data":{"email":"nobody"},"id":"guest-1","operation":"update"}
            guests.1.data.email: value is not a valid email address
        {"data":{"status":"Finished","table_id":"table-2"},"id":"guest-1","operation":"update"}
            status Finished cannot be set together with table_id table-2
        {"data":{"notes":"x"},"operation":"update"}
            guests.1.id: Field required
        {"id":"guest-99","operation":"delete"}
            Guest guest-99 not found
        {"data":{},"id":"guest-1","operation":"upsert"}
            guests.1.operation: Input should be 'create', 'update' or 'delete'
        {"id":"guest-1","operation":5}
            guests.1.operation: Input should be 'create', 'update' or 'delete'
        "guest-1"
            guests.1: Input should be a valid dictionary
        null
            guests.1: Input should be a valid dictionary
        {"data":{"capacity":4},"operation":"create"}
            tables.1.data.table_number: Field required
        {"data":{"table_number":"30"},"operation":"create"}
            tables.1.data.capacity: Field required
        {"data":{"capacity":4,"restaurant_id":2,"table_number":"30"},"operation":"create"}
            tables.1: restaurant_id must be that of the transaction
        {"data":{"capacity":4,"table_number":"7"},"operation":"create"}
            another table has this number
        {"data":{"capacity":4},"id":"table-99","operation":"update"}
            Table table-99 not found
        {"data":{"capacity":3},"id":"table-9","operation":"update"}
            4 guests do not fit at 3 seats
        {"id":"table-9","operation":"delete"}
            Cannot delete an occupied table
        {"id":"table-99","operation":"delete"}
            Table table-99 not found
        {"id":"table-1","status":"free"}
            tables.1.status: Input should be 'available', 'occupied', 'reserved' or 'outOfService'
        {"currentGuestId":"guest-99","id":"table-1"}
            Guest guest-99 not found
        {"status":"available"}
            tables.1.id: Field required
        []
            tables.1: Input should be a valid dictionary
    "#]].assert_eq(&lines);
    for body in [
        json!({"guests": {}}),
        json!({"tables": "x"}),
        json!({"guests": 5, "tables": []}),
    ] {
        rolled_back(&yes(&desk.atomic(body).await));
    }
    assert_eq!(desk.standing().await, before);
}

#[tokio::test]
async fn a_table_that_another_party_holds_ends_the_whole_transaction_with_409() {
    let desk = Desk::open().await;
    let holder = desk.seated("Ann", "table-7").await;
    let other = desk.waiting("Ben").await;
    let before = desk.standing().await;
    let create = json!({"first_name": "Cleo", "party_size": 2, "table_id": "table-7"});
    for body in [
        json!({"guests": [{"id": other, "status": "Seated", "assignedTableId": "table-7"}]}),
        json!({"guests": [
            {"operation": "create", "data": {"first_name": "Good", "party_size": 2}},
            {"operation": "create", "data": create},
        ]}),
        json!({"tables": [{"id": "table-2", "status": "reserved"}, {"id": "table-7", "currentGuestId": other}]}),
        // Two of one transaction at one table.
        json!({"guests": [
            {"id": other, "assignedTableId": "table-8"},
            {"operation": "create", "data": {"first_name": "Cleo", "party_size": 2, "table_id": "table-8"}},
        ]}),
    ] {
        let answer = desk.atomic(body.clone()).await;
        assert_eq!(answer.status, 409, "{body}");
        let told = answer.json();
        assert_eq!(told["code"], "table_taken");
        let (table, by) = if told["table_id"] == "table-8" {
            ("table-8", &other)
        } else {
            ("table-7", &holder)
        };
        assert_eq!((&told["table_id"], &told["held_by"]), (&json!(table), &json!(by)));
        assert_eq!(desk.standing().await, before, "{body}");
    }
    // Freed in the same transaction, it can be taken.
    let swap = json!({"guests": [
        {"id": holder, "status": "Finished"},
        {"id": other, "status": "Seated", "assignedTableId": "table-7"},
    ]});
    assert_eq!(yes(&desk.atomic(swap).await)["success"], true);
    assert_eq!(desk.state("table-7").await, format!("occupied {other}"));
    desk.is_sound().await;
}

#[tokio::test]
async fn a_transaction_of_nothing_is_done() {
    let desk = Desk::open().await;
    for body in [
        json!({}),
        json!({"guests": [], "tables": []}),
        json!({"guests": null}),
    ] {
        assert_eq!(results(&yes(&desk.atomic(body).await)), "");
    }
}
