//! Asking again under the same name, and reading what was just written.

use super::office::{Office, ask_with, at, gone, id, made, no, told, yes};
use crate::client::Answer;
use serde_json::{Value, json};

/// Writes under a key.
async fn keyed(office: &Office, method: &str, place: &str, key: &str, body: &Value) -> Answer {
    ask_with(
        &office.admin,
        method,
        &at(place),
        &[("idempotency-key", key)],
        body,
    )
    .await
}

#[tokio::test]
async fn every_write_can_be_asked_again_and_is_done_once() {
    let office = Office::open().await;
    let server = office.person("waiter").await;
    let table = id(&office.table("T-1", json!({})).await);
    let plan = id(&office.plan("Roof", json!({})).await);
    let section = id(&office.section("Sky", json!({})).await);
    let branch = &office.branch;
    for (method, place, body) in [
        (
            "POST",
            "/tables".to_owned(),
            json!({"tableNumber": "K-1", "capacity": 2, "branchId": branch}),
        ),
        ("PATCH", format!("/tables/{table}"), json!({"capacity": 9})),
        (
            "PATCH",
            format!("/tables/{table}/status"),
            json!({"status": "occupied"}),
        ),
        (
            "PATCH",
            format!("/tables/{table}/assign-server"),
            json!({"assignedServerId": server}),
        ),
        ("PATCH", format!("/tables/{table}/unassign-server"), Value::Null),
        (
            "POST",
            "/floor-plans".to_owned(),
            json!({"name": "K", "branchId": branch}),
        ),
        (
            "PATCH",
            format!("/floor-plans/{plan}"),
            json!({"displayOrder": 4}),
        ),
        (
            "PATCH",
            format!("/floor-plans/{plan}/layout"),
            json!({"width": 10, "height": 10}),
        ),
        (
            "POST",
            format!("/floor-plans/{plan}/duplicate"),
            json!({"newName": "K 2"}),
        ),
        ("PATCH", format!("/floor-plans/{plan}/set-default"), Value::Null),
        (
            "POST",
            "/table-sections".to_owned(),
            json!({"name": "K", "branchId": branch}),
        ),
        (
            "PATCH",
            format!("/table-sections/{section}"),
            json!({"color": "#000"}),
        ),
    ] {
        let key = format!("{method} {place}");
        let first = keyed(&office, method, &place, &key, &body).await;
        assert!(first.status.is_success(), "{key}: {first:?}");
        let before = office.standing().await;
        let again = keyed(&office, method, &place, &key, &body).await;
        assert_eq!(
            (again.status, again.json()),
            (first.status, first.json()),
            "{key}"
        );
        assert_eq!(office.standing().await, before, "{key}");
    }
    yes(&office.say(&table, "available").await);
    for place in [format!("/tables/{table}"), format!("/table-sections/{section}")] {
        gone(&keyed(&office, "DELETE", &place, &place, &Value::Null).await);
        let before = office.standing().await;
        gone(&keyed(&office, "DELETE", &place, &place, &Value::Null).await);
        assert_eq!(office.standing().await, before);
    }
}

#[tokio::test]
async fn a_key_is_good_for_one_write() {
    let office = Office::open().await;
    let table = json!({"tableNumber": "K-1", "capacity": 2, "branchId": office.branch});
    made(&keyed(&office, "POST", "/tables", "k", &table).await);
    let before = office.standing().await;
    let other = json!({"tableNumber": "K-2", "capacity": 2, "branchId": office.branch});
    let place = format!("/tables/{}", office.id_of("K-1").await);
    for (method, place, body) in [
        ("POST", "/tables", other),
        ("PATCH", place.as_str(), json!({"capacity": 3})),
        (
            "POST",
            "/floor-plans",
            json!({"name": "K", "branchId": office.branch}),
        ),
        ("DELETE", place.as_str(), Value::Null),
    ] {
        let said = no(&keyed(&office, method, place, "k", &body).await);
        assert!(said.starts_with("422 "), "{method} {place}: {said}");
    }
    assert_eq!(office.standing().await, before);
    // Somebody else's key of the same letters is another one.
    let manager = office.house.manager();
    let body = json!({"tableNumber": "K-3", "capacity": 2, "branchId": office.branch});
    made(
        &ask_with(
            &manager,
            "POST",
            &at("/tables"),
            &[("idempotency-key", "k")],
            &body,
        )
        .await,
    );
}

#[tokio::test]
async fn a_key_is_good_for_one_write_in_one_branch() {
    let office = Office::open().await;
    let there = id(&office.table_in(&office.other, "O-1", json!({})).await);
    let here = id(&office.table("H-1", json!({})).await);
    let key = [("idempotency-key", "k")];
    let chain = |method: &'static str, place: String, body: Value| {
        let client = &office.chain;
        async move { ask_with(client, method, &at(&place), &key, &body).await }
    };
    let reserved = json!({"status": "reserved"});
    yes(&chain("PATCH", format!("/tables/{here}/status"), reserved.clone()).await);
    let before = office.both_standing().await;
    for (method, place, body) in [
        ("PATCH", format!("/tables/{there}/status"), reserved.clone()),
        ("PATCH", format!("/tables/{there}"), json!({"capacity": 3})),
        ("DELETE", format!("/tables/{there}"), Value::Null),
        (
            "POST",
            "/tables".to_owned(),
            json!({"tableNumber": "O-2", "capacity": 2, "branchId": office.other}),
        ),
        (
            "POST",
            "/floor-plans".to_owned(),
            json!({"name": "O", "branchId": office.other}),
        ),
        (
            "POST",
            "/table-sections".to_owned(),
            json!({"name": "O", "branchId": office.other}),
        ),
    ] {
        let said = no(&chain(method, place.clone(), body).await);
        assert!(said.starts_with("422 "), "{method} {place}: {said}");
    }
    assert_eq!(office.both_standing().await, before);
    let again = chain("PATCH", format!("/tables/{here}/status"), reserved).await;
    assert_eq!(yes(&again)["status"], "reserved");
}

#[tokio::test]
async fn a_write_that_was_refused_may_be_tried_again_under_its_key() {
    let office = Office::open().await;
    let table = id(&office.table("T-1", json!({"status": "out_of_service"})).await);
    let place = format!("/tables/{table}/status");
    let body = json!({"status": "occupied"});
    let refused = keyed(&office, "PATCH", &place, "k", &body).await;
    assert_eq!(no(&refused), "400 Cannot occupy a table that is out of service");
    yes(&office.say(&table, "available").await);
    assert_eq!(
        yes(&keyed(&office, "PATCH", &place, "k", &body).await)["status"],
        "occupied"
    );
}

#[tokio::test]
async fn a_move_that_is_asked_twice_is_done_once() {
    let office = Office::open().await;
    let table = id(&office.table("M-1", json!({})).await);
    let path = at(&format!("/tables/{table}"));
    let body = json!({"branchId": office.other});
    let mut told = Vec::new();
    for _ in 0..2 {
        let answer = ask_with(&office.chain, "PATCH", &path, &[("idempotency-key", "k")], &body).await;
        told.push((yes(&answer), office.both_standing().await));
    }
    assert_eq!(told[0], told[1]);
}

#[tokio::test]
async fn an_answer_says_how_far_it_is_and_a_read_waits_for_it() {
    let office = Office::open().await;
    let seq = |answer: &Answer| -> u64 { answer.headers["x-seq"].to_str().unwrap().parse().unwrap() };
    let table = office.id_of("7").await;
    let place = format!("/tables/{table}");
    let mut last = 0;
    for word in ["reserved", "occupied", "available"] {
        let written = office.say(&table, word).await;
        assert_eq!(seq(&written), office.floor_of(1).await["seq"].as_u64().unwrap());
        assert!(seq(&written) > last);
        last = seq(&written);
        for place in [
            place.clone(),
            "/tables".to_owned(),
            format!("/tables/available/{}", office.branch),
        ] {
            let text = last.to_string();
            let read = ask_with(
                &office.admin,
                "GET",
                &at(&place),
                &[("x-min-seq", &text)],
                &Value::Null,
            )
            .await;
            yes(&read);
            assert!(seq(&read) >= last, "{place}");
        }
        assert_eq!(office.shown(&table).await["status"], word);
    }
    let written = office
        .post("/floor-plans", json!({"name": "Roof", "branchId": office.branch}))
        .await;
    assert!(seq(&written) > last);
    let plan = id(&made(&written));
    for place in [
        format!("/floor-plans/{plan}"),
        format!("/floor-plans/{plan}/stats"),
        "/table-sections".to_owned(),
    ] {
        assert!(seq(&office.get(&place).await) >= seq(&written), "{place}");
    }
    let deleted = office.delete(&format!("/floor-plans/{plan}")).await;
    gone(&deleted);
    assert!(seq(&deleted) > seq(&written));
    // A place that is not reached is not waited for for ever.
    tokio::time::pause();
    let far = ask_with(
        &office.admin,
        "GET",
        &at(&place),
        &[("x-min-seq", "99999")],
        &Value::Null,
    )
    .await;
    assert_eq!(
        told(503, &far),
        json!({"message": "the floor has not come so far yet", "error": "Service Unavailable", "statusCode": 503})
    );
    assert_eq!(far.headers["retry-after"], "1");
}

/// Writes of a table, one of which makes another, and of a section, each under a key: what is asked and answered.
async fn keyed_writes(
    office: &Office,
    table: &str,
    section: &str,
) -> Vec<(&'static str, String, Value, Answer)> {
    let new = json!({"tableNumber": "K-1", "capacity": 2, "branchId": office.branch});
    let server = office.person("waiter").await;
    let mut writes = Vec::new();
    for (method, place, body) in [
        ("POST", "/tables".to_owned(), new),
        ("PATCH", format!("/tables/{table}"), json!({"capacity": 9})),
        (
            "PATCH",
            format!("/tables/{table}/status"),
            json!({"status": "reserved"}),
        ),
        (
            "PATCH",
            format!("/tables/{table}/assign-server"),
            json!({"assignedServerId": server}),
        ),
        (
            "PATCH",
            format!("/table-sections/{section}"),
            json!({"color": "#000"}),
        ),
    ] {
        let first = keyed(office, method, &place, &place, &body).await;
        assert!(first.status.is_success(), "{first:?}");
        writes.push((method, place, body, first));
    }
    writes
}

/// Asks all that again, and checks that nothing happens and the answers are the same.
async fn are_answered_again(office: &Office, writes: &[(&'static str, String, Value, Answer)]) {
    let before = office.standing().await;
    let mut wrong = Vec::new();
    for (method, place, body, first) in writes {
        let again = keyed(office, method, place, place, body).await;
        if (again.status, &again.text) != (first.status, &first.text) {
            wrong.push(format!("{method} {place}: {} {:.120}", again.status, again.text));
        }
    }
    assert_eq!(office.standing().await, before);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_write_that_is_asked_again_is_answered_as_it_was_when_somebody_has_written_since() {
    let office = Office::open().await;
    let table = id(&office.table("T-1", json!({})).await);
    let section = id(&office.section("Sky", json!({})).await);
    let writes = keyed_writes(&office, &table, &section).await;
    let other = json!({"capacity": 3, "status": "cleaning", "assignedServerId": null});
    yes(&office.patch(&format!("/tables/{table}"), other).await);
    yes(&office
        .patch(&format!("/table-sections/{section}"), json!({"color": "#fff"}))
        .await);
    are_answered_again(&office, &writes).await;
}

#[tokio::test]
async fn a_write_that_is_asked_again_is_answered_as_it_was_when_what_it_wrote_has_gone() {
    let office = Office::open().await;
    let table = id(&office.table("T-1", json!({})).await);
    let section = id(&office.section("Sky", json!({})).await);
    let writes = keyed_writes(&office, &table, &section).await;
    for place in [
        format!("/tables/{table}"),
        format!("/tables/{}", id(&writes[0].3.json())),
        format!("/table-sections/{section}"),
    ] {
        gone(&office.delete(&place).await);
    }
    are_answered_again(&office, &writes).await;
}

#[tokio::test]
async fn a_write_that_named_its_version_may_be_asked_again() {
    let office = Office::open().await;
    let place = format!("/tables/{}", id(&office.table("T-1", json!({})).await));
    let version = office.get(&place).await.headers["etag"]
        .to_str()
        .unwrap()
        .to_owned();
    let headers = [("idempotency-key", "k"), ("if-match", version.as_str())];
    let body = json!({"capacity": 9});
    let first = yes(&ask_with(&office.admin, "PATCH", &at(&place), &headers, &body).await);
    let before = office.standing().await;
    // What made the version an old one is this very write.
    let again = yes(&ask_with(&office.admin, "PATCH", &at(&place), &headers, &body).await);
    assert_eq!(again, first);
    assert_eq!(office.standing().await, before);
}
