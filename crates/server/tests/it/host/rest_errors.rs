//! Every way in which the host stand says no, one by one.

use super::desk::{Desk, at, line, plain, problems, yes};
use crate::probe::request;
use expect_test::expect;
use hyper::Method;
use serde_json::{Value, json};

const LOST: &str = r#"404 {"message":"Resource not found","success":false}"#;

#[tokio::test]
async fn whatever_is_not_there_is_answered_in_one_shape() {
    let desk = Desk::open().await;
    for path in [
        "/restaurants",
        "/restaurants/",
        "/restaurants/1",
        "/restaurants/1/waiters",
        "/restaurants/1/guests/guest-1/more",
        "/restaurants/1/guests/guest-99",
        "/restaurants/1/guests/99",
        "/restaurants/1/guests/nobody",
        "/restaurants/nowhere/guests",
        "/restaurants/99/guests",
        "/restaurants/nowhere/tables",
        "/restaurants/-1/guests",
        "/restaurants/18446744073709551616/guests",
        "/transactions",
        "/transactions/others",
        "/api/sync",
        "/api/sync/half",
        "/auth",
        "/auth/whoami",
    ] {
        let answer = desk.tablet.get(path).await;
        assert_eq!(line(&answer), LOST, "{path}");
        assert_eq!(answer.headers["content-type"], "application/json");
    }
    for (method, place) in [
        (Method::PUT, "/guests/guest-99"),
        (Method::PATCH, "/guests/guest-99"),
        (Method::DELETE, "/guests/guest-99"),
        (Method::PUT, "/tables/table-99"),
        (Method::PATCH, "/tables/table-99"),
        (Method::DELETE, "/tables/table-99"),
        (Method::PUT, "/tables/table-99/clear"),
    ] {
        let answer = desk.tablet.send(method, &at(place), &[], "{}".to_owned()).await;
        assert_eq!(line(&answer), LOST, "{place}");
    }
}

#[tokio::test]
async fn a_method_that_an_address_does_not_have_is_not_allowed() {
    let desk = Desk::open().await;
    for (method, path) in [
        (Method::PUT, "/restaurants/1/guests"),
        (Method::DELETE, "/restaurants/1/guests"),
        (Method::POST, "/restaurants/1/guests/guest-1"),
        (Method::PATCH, "/restaurants/1/tables"),
        (Method::POST, "/restaurants/1/tables/table-1"),
        (Method::GET, "/restaurants/1/tables/table-1/clear"),
        (Method::POST, "/restaurants/1/tables/table-1/clear/"),
        (Method::GET, "/restaurants/1/batch-update"),
        (Method::POST, "/restaurants/1/dashboard-data"),
        (Method::GET, "/transactions/atomic"),
        (Method::GET, "/transactions/atomic/"),
        (Method::POST, "/api/sync/full"),
        (Method::POST, "/api/sync/delta"),
        (Method::POST, "/api/v1/dashboard/data"),
        (Method::GET, "/auth/login"),
        (Method::GET, "/auth/register"),
        (Method::POST, "/auth/me"),
    ] {
        let answer = desk.tablet.send(method, path, &[], "{}".to_owned()).await;
        assert_eq!(line(&answer), r#"405 {"detail":"Method Not Allowed"}"#, "{path}");
        assert!(answer.headers.contains_key("allow"), "{path}");
    }
}

#[tokio::test]
async fn a_table_that_is_not_to_be_had_says_why_and_names_up_to_three_others() {
    let desk = Desk::open().await;
    desk.seated("Ann", "table-1").await;
    for (table, state) in [(2, "dirty"), (3, "blocked"), (4, "maintenance"), (5, "reserved")] {
        desk.manager(json!({"command": "set_table_state", "table_id": table, "state": state}))
            .await;
    }
    let expected = desk.waiting("Ben").await;
    let kept = json!({"status": "reserved", "current_guest_id": expected});
    yes(&desk.put("/tables/table-6", kept).await);
    let guest = desk.waiting("Cleo").await;
    let before = desk.standing().await;
    let mut lines = String::new();
    for table in 1..=6 {
        let body = json!({"status": "Seated", "table_id": format!("table-{table}")});
        let put = desk.put(&format!("/guests/{guest}"), body.clone()).await;
        lines += &format!("{}\n", line(&put));
        let patch = desk.patch(&format!("/guests/{guest}"), body).await;
        assert_eq!(line(&patch), line(&put));
        let from_table = json!({"current_guest_id": guest});
        let from_table = desk.put(&format!("/tables/table-{table}"), from_table).await;
        assert_eq!(line(&from_table), line(&put));
        let flat = json!({"guests": [{"id": guest, "assignedTableId": table}]});
        assert_eq!(line(&desk.atomic(flat.clone()).await), line(&put));
        assert_eq!(line(&desk.post("/batch-update", flat).await), line(&put));
    }
    expect![[r#"
        409 {"code":"table_taken","detail":"table 1 is taken by party 1","free_table_ids":["table-11","table-15","table-16"],"held_by":"guest-1","table_id":"table-1"}
        409 {"code":"table_dirty","detail":"table 2 is dirty","free_table_ids":["table-11","table-15","table-16"],"held_by":null,"table_id":"table-2"}
        409 {"code":"table_blocked","detail":"table 3 is blocked","free_table_ids":["table-11","table-15","table-16"],"held_by":null,"table_id":"table-3"}
        409 {"code":"table_blocked","detail":"table 4 is under maintenance","free_table_ids":["table-11","table-15","table-16"],"held_by":null,"table_id":"table-4"}
        409 {"code":"table_reserved","detail":"table 5 is reserved","free_table_ids":["table-11","table-15","table-16"],"held_by":null,"table_id":"table-5"}
        409 {"code":"table_reserved","detail":"table 6 is reserved for party 2","free_table_ids":["table-11","table-15","table-16"],"held_by":"guest-2","table_id":"table-6"}
    "#]].assert_eq(&lines);
    assert_eq!(desk.standing().await, before);
    // Whoever it is kept for may sit there.
    yes(&desk
        .put(
            &format!("/guests/{expected}"),
            json!({"status": "Seated", "table_id": 6}),
        )
        .await);
    // What is named is free, and large enough.
    let many = desk.guest(json!({"first_name": "Dan", "party_size": 7})).await;
    let refused = desk
        .put(&format!("/guests/{many}"), json!({"table_id": "table-1"}))
        .await;
    assert_eq!(refused.json()["free_table_ids"], json!(["table-10", "table-20"]));
    for table in ["table-10", "table-20"] {
        yes(&desk
            .put(
                &format!("/guests/{many}"),
                json!({"table_id": table, "status": "Seated"}),
            )
            .await);
    }
}

#[tokio::test]
async fn a_taken_table_is_refused_in_the_shape_that_clients_know() {
    let desk = Desk::open().await;
    desk.seated("Ann", "table-2").await;
    desk.waiting("Ben").await;
    let answer = desk.put("/guests/guest-2", json!({"table_id": "table-2"})).await;
    assert_eq!(answer.status, 409);
    let mut told = answer.json();
    let detail = told["detail"].take();
    assert!(detail.as_str().is_some_and(|it| !it.is_empty()), "{detail}");
    assert_eq!(
        told,
        json!({"detail": null, "code": "table_taken", "table_id": "table-2", "held_by": "guest-1",
            "free_table_ids": ["table-1", "table-3", "table-6"]})
    );
}

#[tokio::test]
async fn a_problem_is_described_as_clients_know_it() {
    let desk = Desk::open().await;
    let body = json!({"table_number": "30", "capacity": 4});
    let answer = desk.post("/tables", body.clone()).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.json(),
        json!({"detail": [{"type": "missing", "loc": ["body", "position"], "msg": "Field required", "input": body,
            "url": "https://errors.pydantic.dev/2.11/v/missing"}]})
    );
    let answer = desk
        .post("/guests", json!({"first_name": "Ann", "party_size": 0}))
        .await;
    assert_eq!(
        answer.json(),
        json!({"detail": [{"type": "value_error", "loc": ["body", "party_size"], "input": 0,
            "msg": "Value error, party_size must be a positive integer",
            "url": "https://errors.pydantic.dev/2.11/v/value_error"}]})
    );
    let answer = desk.put("/tables/table-1", json!({"status": "free"})).await;
    let told = answer.json()["detail"][0].clone();
    assert_eq!(told["input"], "free");
    for word in ["available", "occupied", "reserved", "outOfService"] {
        assert!(plain(&told["msg"]).contains(word), "{told}");
    }
    let body = json!({"first_name": "Ann", "party_size": 2, "status": "eating"});
    let told = desk.post("/guests", body).await.json()["detail"][0].clone();
    for word in [
        "Waitlist",
        "Seated",
        "Finished",
        "Cancelled",
        "No Show",
        "Running Late",
        "Arrived",
    ] {
        assert!(plain(&told["msg"]).contains(word), "{told}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_told_where_it_stops_making_sense() {
    let desk = Desk::open().await;
    let mut lines = String::new();
    for body in [
        "{",
        "",
        "{\"a\":}",
        "nul",
        "{'first_name':'Ann'}",
        "{}{}",
        "{\n\"a\": tru\n}",
    ] {
        let bytes = body.as_bytes();
        let answer = request(desk.house.address, "POST", &at("/guests"), &[], bytes).await;
        assert_eq!(answer.status, 422, "{answer:?}");
        let told = answer.json()["detail"][0].clone();
        let keys: Vec<_> = told.as_object().unwrap().keys().cloned().collect();
        for key in ["type", "loc", "msg", "input", "ctx"] {
            assert!(keys.contains(&key.to_owned()), "{told}");
        }
        assert_eq!(
            (&told["type"], &told["msg"]),
            (&json!("json_invalid"), &json!("JSON decode error"))
        );
        assert_eq!(told["input"], json!({}));
        assert!(told["ctx"]["error"].is_string());
        lines += &format!("{body:?} -> {}\n", told["loc"]);
    }
    expect![[r#"
        "{" -> ["body",0]
        "" -> ["body",0]
        "{\"a\":}" -> ["body",5]
        "nul" -> ["body",2]
        "{'first_name':'Ann'}" -> ["body",1]
        "{}{}" -> ["body",2]
        "{\n\"a\": tru\n}" -> ["body",11]
    "#]]
    .assert_eq(&lines);
    for body in [json!([]), json!(null), json!("x"), json!(5), json!(true)] {
        for path in ["/guests", "/tables", "/batch-update"] {
            problems(&desk.post(path, body.clone()).await);
        }
        problems(&desk.atomic(body.clone()).await);
        problems(&desk.put("/tables/table-1", body.clone()).await);
    }
}

#[tokio::test]
async fn rules_of_the_house_are_told_in_one_text() {
    let desk = Desk::open().await;
    let guest = desk.seated("Ann", "table-7").await;
    let mut lines = String::new();
    for answer in [
        desk.post("/guests", json!({"first_name": "", "party_size": 1}))
            .await,
        desk.post(
            "/guests",
            json!({"first_name": "B", "party_size": 1, "table_id": "table-1"}),
        )
        .await,
        desk.put(
            &format!("/guests/{guest}"),
            json!({"status": "Finished", "table_id": "table-1"}),
        )
        .await,
        desk.post(
            "/tables",
            json!({"table_number": "7", "capacity": 1, "position": {"x": 0, "y": 0}}),
        )
        .await,
        desk.delete("/tables/table-7").await,
        desk.put("/tables/table-7", json!({"capacity": 1})).await,
        desk.put(
            "/tables/table-8",
            json!({"status": "available", "current_guest_id": guest}),
        )
        .await,
        desk.tablet.get(&at("/guests?min_seq=soon")).await,
        desk.tablet.get("/api/sync/full").await,
        desk.tablet.get("/api/sync/delta?restaurant_id=1&limit=0").await,
        desk.tablet
            .get("/api/sync/delta?restaurant_id=1&since=soon")
            .await,
        desk.tablet
            .get("/api/sync/delta?restaurant_id=1&since_seq=x")
            .await,
        desk.tablet.get(&at("/dashboard-data?since=soon")).await,
    ] {
        assert_eq!(answer.status, 400, "{answer:?}");
        let body = answer.json();
        assert_eq!(body.as_object().unwrap().len(), 1);
        lines += &format!("{}\n", plain(&body["detail"]));
    }
    expect![[r#"
        first_name is required for walk-in guests
        Walk-in guests cannot have these fields set: table_id
        status Finished cannot be set together with table_id table-1
        Table 7 already exists
        Cannot delete an occupied table
        2 guests do not fit at 1 seats
        current_guest_id does not go with a table that is free or out of service
        min_seq must be a whole number from 0
        restaurant_id is required: there is more than one restaurant here
        limit must be a whole number from 1
        since must be a time such as 2025-08-16T18:20:00.000000
        since_seq must be a whole number from 0
        since must be a time such as 2025-08-16T18:20:00
    "#]]
    .assert_eq(&lines);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    let before = desk.standing().await;
    let long = format!(
        r#"{{"first_name":"Ann","party_size":2,"notes":"{}"}}"#,
        "n".repeat(70_000)
    );
    for (method, path) in [
        ("POST", at("/guests")),
        ("PUT", at("/guests/guest-1")),
        ("PATCH", at("/tables/table-1")),
        ("POST", at("/batch-update")),
        ("POST", "/transactions/atomic?restaurant_id=1".to_owned()),
        ("POST", "/auth/login".to_owned()),
    ] {
        let answer = request(desk.house.address, method, &path, &[], long.as_bytes()).await;
        assert_eq!(answer.status, 413, "{answer:?}");
        assert!(matches!(answer.json()["detail"], Value::String(_)));
    }
    assert_eq!(desk.standing().await, before);
}
