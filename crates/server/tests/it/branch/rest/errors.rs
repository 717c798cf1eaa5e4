//! The ways to say no that belong to no single route, and which of them comes first.

use super::office::{NOBODY, Office, PREFIXES, ask, at, id, no, told, yes};
use crate::probe::request;
use crate::visitors::{SECRET, sign};
use serde_json::{Value, json};

#[tokio::test]
async fn a_credential_that_is_missing_or_no_good_is_told_so_without_a_reason() {
    let office = Office::open().await;
    let claims = json!({"sub": "1", "roles": ["admin"], "tenant_ids": [1], "exp": 1_999_999_999});
    let old = json!({"sub": "1", "roles": ["admin"], "tenant_ids": [1], "exp": 1_000_000_000});
    let headers = [
        String::new(),
        "authorization: ".to_owned(),
        "authorization: Bearer".to_owned(),
        "authorization: Bearer ".to_owned(),
        "authorization: Bearer nonsense".to_owned(),
        "authorization: Bearer a.b.c".to_owned(),
        "authorization: Basic YWRtaW46YWRtaW4=".to_owned(),
        format!(
            "authorization: Bearer {}",
            sign(&claims, "another-secret-that-nobody-shares")
        ),
        format!("authorization: Bearer {}", sign(&old, SECRET)),
    ];
    for prefix in PREFIXES {
        for header in &headers {
            let header: Vec<&str> = std::iter::once(header.as_str())
                .filter(|it| !it.is_empty())
                .collect();
            let path = format!("{prefix}/restaurant/tables");
            for (method, body) in [("GET", &b""[..]), ("POST", b"{}"), ("POST", b"{")] {
                let answer = request(office.house.address, method, &path, &header, body).await;
                assert_eq!(answer.status, 401, "{header:?} {answer:?}");
                assert_eq!(
                    answer.json(),
                    json!({"message": "Unauthorized", "statusCode": 401}),
                    "{header:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_way_that_leads_nowhere_is_named() {
    let office = Office::open().await;
    let mut wrong = Vec::new();
    for (method, path) in [
        ("GET", "/api/v1/restaurant/x"),
        ("GET", "/api/v1/v1/x"),
        ("GET", "/api/v1/v1/restaurant/x"),
        ("GET", "/api/v1/restaurant/tables/a/b/c"),
        ("POST", "/api/v1/restaurant/chairs"),
        ("PATCH", "/api/v1/restaurant/floor-plans/a/b/c"),
        ("DELETE", "/api/v1/restaurant/table-sections/a/b"),
        ("GET", "/api/v1/branches/a/b/c"),
        // What is there, in another way.
        ("PUT", "/api/v1/restaurant/tables"),
        ("PUT", "/api/v1/v1/restaurant/tables"),
        ("DELETE", "/api/v1/restaurant/floor-plans"),
        ("PATCH", "/api/v1/restaurant/table-sections"),
        ("POST", "/api/v1/restaurant/tables/a/status"),
        ("GET", "/api/v1/restaurant/tables/a/assign-server/b"),
        ("PUT", "/api/v1/branches/a"),
        ("GET", "/api/v1/auth/login"),
        ("DELETE", "/api/v1/v1/auth/me"),
        ("GET", "/api/v1/settings/restaurant/enable"),
        ("POST", "/api/v1/settings/restaurant/business-type"),
    ] {
        let answer = ask(&office.admin, method, path, &Value::Null).await;
        let expected =
            json!({"message": format!("Cannot {method} {path}"), "error": "Not Found", "statusCode": 404});
        if answer.status != 404 || answer.json() != expected {
            wrong.push(format!("{method} {path}: {} {}", answer.status, answer.text));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn what_is_not_there_is_named_with_the_id_that_was_asked_for() {
    let office = Office::open().await;
    let branch = &office.branch;
    let server = office.person("waiter").await;
    let rows = [
        (
            "GET",
            format!("/tables/{NOBODY}"),
            Value::Null,
            "Table with ID ID not found",
        ),
        (
            "PATCH",
            format!("/tables/{NOBODY}"),
            json!({}),
            "Table with ID ID not found",
        ),
        (
            "PATCH",
            format!("/tables/{NOBODY}/status"),
            json!({"status": "occupied"}),
            "Table with ID ID not found",
        ),
        (
            "PATCH",
            format!("/tables/{NOBODY}/assign-server"),
            json!({"assignedServerId": server}),
            "Table with ID ID not found",
        ),
        (
            "PATCH",
            format!("/tables/{NOBODY}/unassign-server"),
            Value::Null,
            "Table with ID ID not found",
        ),
        (
            "DELETE",
            format!("/tables/{NOBODY}"),
            Value::Null,
            "Table with ID ID not found",
        ),
        (
            "GET",
            format!("/tables/{branch}/T-9"),
            Value::Null,
            "Table T-9 not found in this branch",
        ),
        (
            "GET",
            format!("/tables/{branch}/%C3%BC%20%2F"),
            Value::Null,
            "Table ü / not found in this branch",
        ),
        (
            "GET",
            format!("/floor-plans/{branch}/Cellar"),
            Value::Null,
            r#"Floor plan "Cellar" not found in this branch"#,
        ),
        (
            "GET",
            format!("/floor-plans/{NOBODY}"),
            Value::Null,
            "Floor plan with ID ID not found",
        ),
        (
            "PATCH",
            format!("/floor-plans/{NOBODY}"),
            json!({}),
            "Floor plan with ID ID not found",
        ),
        (
            "DELETE",
            format!("/floor-plans/{NOBODY}"),
            Value::Null,
            "Floor plan with ID ID not found",
        ),
        (
            "GET",
            format!("/table-sections/{NOBODY}"),
            Value::Null,
            "Section with ID ID not found",
        ),
        (
            "PATCH",
            format!("/table-sections/{NOBODY}"),
            json!({}),
            "Section with ID ID not found",
        ),
        (
            "DELETE",
            format!("/table-sections/{NOBODY}"),
            Value::Null,
            "Section with ID ID not found",
        ),
    ];
    for (method, place, body, expected) in rows {
        let said = no(&ask(&office.admin, method, &at(&place), &body).await);
        assert_eq!(
            said.replace(NOBODY, "ID"),
            format!("404 {expected}"),
            "{method} {place}"
        );
    }
    // An id of another kind is no id here.
    let table = office.id_of("7").await;
    for place in [
        format!("/tables/{branch}"),
        format!("/floor-plans/{table}"),
        format!("/table-sections/{table}"),
        format!("/tables/{server}"),
    ] {
        assert_eq!(office.get(&place).await.status, 404, "{place}");
    }
}

#[tokio::test]
async fn who_asks_is_looked_at_before_what_is_asked() {
    let office = Office::open().await;
    let table = office.id_of("7").await;
    let place = at(&format!("/tables/{table}"));
    let wrong = json!({"capacity": 0, "bogus": 1});
    let stranger = office.house.stranger();
    let waiter = office.with_roles(&["waiter"], &[1]);
    // Token, role, body, and only then the table.
    assert_eq!(
        no(&ask(&stranger, "PATCH", &place, &wrong).await),
        "401 Unauthorized"
    );
    assert_eq!(
        no(&ask(&waiter, "PATCH", &place, &wrong).await),
        "403 Forbidden resource"
    );
    let nowhere = at(&format!("/tables/{NOBODY}"));
    assert_eq!(
        no(&ask(&waiter, "PATCH", &nowhere, &json!({})).await),
        "403 Forbidden resource"
    );
    let said = no(&ask(&office.admin, "PATCH", &nowhere, &wrong).await);
    assert_eq!(
        said,
        "400 [property bogus should not exist; capacity must not be less than 1]"
    );
    // Also when the branch is somebody else's.
    let body = json!({"tableNumber": "T-1", "capacity": 0, "branchId": office.other});
    let said = no(&office.post("/tables", body).await);
    assert_eq!(said, "400 [capacity must not be less than 1]");
    let said = no(&ask(&waiter, "PATCH", &format!("{nowhere}/status"), &json!({})).await);
    assert!(said.starts_with("400 [status must be one of"), "{said}");
    // And a body that is none is none for everybody.
    let broken = request(office.house.address, "POST", &at("/tables"), &[], b"{").await;
    assert_eq!(no(&broken), "401 Unauthorized");
}

#[tokio::test]
async fn a_body_that_is_no_object_is_told_so() {
    let office = Office::open().await;
    let credential = format!(
        "authorization: Bearer {}",
        office.admin.credential.clone().unwrap()
    );
    let kind = "content-type: application/json";
    for body in ["{", "nonsense", "{\"capacity\":}", "\"x\"", "[1", "\u{0}"] {
        let answer = request(
            office.house.address,
            "POST",
            &at("/tables"),
            &[&credential, kind],
            body.as_bytes(),
        )
        .await;
        assert!(no(&answer).starts_with("400 "), "{body}: {answer:?}");
    }
    // Nothing at all is an object without anything.
    let nothing = request(
        office.house.address,
        "POST",
        &at("/tables"),
        &[&credential, kind],
        b"",
    )
    .await;
    assert!(
        no(&nothing).starts_with("400 [tableNumber must be a string; "),
        "{nothing:?}"
    );
}

#[tokio::test]
async fn a_key_of_the_house_is_good_and_acts_with_its_role() {
    let office = Office::open().await;
    let manager = office.house.manager();
    let list = yes(&manager.get("/api/v1/restaurant/tables?limit=100").await);
    assert_eq!(list["meta"]["total"], 20);
    let table = id(&list["data"][0]);
    let path = at(&format!("/tables/{table}"));
    yes(&ask(&manager, "PATCH", &path, &json!({"capacity": 5})).await);
    assert_eq!(
        no(&ask(&manager, "DELETE", &path, &Value::Null).await),
        "403 Forbidden resource"
    );
}

#[tokio::test]
async fn what_somebody_sits_at_is_a_conflict_that_is_told_as_every_no() {
    let office = Office::open().await;
    let manager = office.house.manager();
    let party = manager
        .accepted(json!({"command": "add_party", "covers": 2, "name": "Ada"}))
        .await;
    let party = party["events"][0]["party_id"].as_u64().unwrap();
    manager
        .accepted(json!({"command": "seat_party", "party_id": party, "table_ids": [7]}))
        .await;
    office.table("T-1", json!({"status": "occupied"})).await;
    for (number, expected) in [
        ("7", format!("table 7 is taken by party {party}")),
        ("T-1", "table T-1 is taken".to_owned()),
    ] {
        let place = format!("/tables/{}", office.id_of(number).await);
        let before = office.standing().await;
        for body in [
            json!({"isActive": false}),
            json!({"isActive": false, "capacity": 9, "status": "occupied"}),
        ] {
            let answer = office.patch(&place, body).await;
            assert_eq!(
                told(409, &answer),
                json!({"message": expected, "error": "Conflict", "statusCode": 409})
            );
        }
        assert_eq!(office.standing().await, before);
    }
}
