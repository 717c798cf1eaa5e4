//! Asking again under the same name: a tablet that heard no answer does not write twice.

use super::desk::{Desk, plain, yes};
use crate::probe::connect_from;
use hyper::Method;
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Asks twice, and checks that the second time changed nothing and was answered the same.
async fn twice(desk: &Desk, method: Method, place: &str, body: &Value) -> Value {
    let key = format!("{method} {place}");
    let first = yes(&desk.keyed(method.clone(), place, &key, body).await);
    let before = desk.standing().await;
    let again = yes(&desk.keyed(method, place, &key, body).await);
    assert_eq!(again, first, "{key}");
    assert_eq!(desk.standing().await, before, "{key}");
    first
}

#[tokio::test]
async fn every_write_can_be_asked_again_under_its_key() {
    let desk = Desk::open().await;
    let guest = json!({"first_name": "Ann", "party_size": 2});
    let table = json!({"table_number": "30", "capacity": 4, "position": {"x": 0, "y": 0}});
    twice(&desk, Method::POST, "/guests", &guest).await;
    twice(
        &desk,
        Method::PUT,
        "/guests/guest-1",
        &json!({"status": "Seated", "table_id": 7}),
    )
    .await;
    twice(
        &desk,
        Method::PATCH,
        "/guests/guest-1",
        &json!({"notes": "window"}),
    )
    .await;
    let flat = json!({"guests": [{"id": "guest-1", "partySize": 3}]});
    twice(&desk, Method::POST, "/batch-update", &flat).await;
    twice(&desk, Method::PUT, "/tables/table-7/clear", &json!({})).await;
    twice(&desk, Method::POST, "/tables", &table).await;
    twice(&desk, Method::PUT, "/tables/table-7", &json!({"capacity": 6})).await;
    twice(
        &desk,
        Method::PATCH,
        "/tables/table-7",
        &json!({"status": "reserved"}),
    )
    .await;
    twice(&desk, Method::DELETE, "/tables/table-7", &Value::Null).await;
    twice(&desk, Method::DELETE, "/guests/guest-1", &Value::Null).await;
}

#[tokio::test]
async fn a_key_is_good_for_one_write() {
    let desk = Desk::open().await;
    let guest = json!({"first_name": "Ann", "party_size": 2});
    yes(&desk.keyed(Method::POST, "/guests", "k1", &guest).await);
    yes(&desk
        .keyed(Method::PUT, "/guests/guest-1", "k2", &json!({"notes": "a"}))
        .await);
    let before = desk.standing().await;
    let other = json!({"first_name": "Ben", "party_size": 2});
    let atomic = json!({"guests": [{"operation": "create", "data": other}]});
    for answer in [
        desk.keyed(Method::POST, "/guests", "k1", &other).await,
        desk.keyed(Method::PUT, "/guests/guest-1", "k1", &guest).await,
        desk.keyed(Method::PUT, "/guests/guest-1", "k2", &json!({"notes": "b"}))
            .await,
        desk.keyed(Method::PATCH, "/guests/guest-1", "k2", &json!({"notes": "a"}))
            .await,
        desk.keyed(Method::DELETE, "/guests/guest-1", "k2", &Value::Null)
            .await,
        desk.keyed(Method::PUT, "/tables/table-1/clear", "k2", &json!({}))
            .await,
        desk.keyed(
            Method::POST,
            "/batch-update",
            "k1",
            &json!({"guests": [{"id": 1, "partySize": 3}]}),
        )
        .await,
        desk.tablet
            .send(
                Method::POST,
                "/transactions/atomic?restaurant_id=1",
                &[("idempotency-key", "k1")],
                atomic.to_string(),
            )
            .await,
    ] {
        assert_eq!(answer.status, 422, "{answer:?}");
        assert!(answer.json()["detail"].is_string(), "{answer:?}");
    }
    assert_eq!(desk.standing().await, before);
    // A key of nothing, or one that never ends, is no key.
    for key in ["", &"k".repeat(5_000)] {
        let answer = desk.keyed(Method::POST, "/guests", key, &guest).await;
        assert_eq!(answer.status, 400, "{answer:?}");
    }
}

#[tokio::test]
async fn a_transaction_that_is_sent_twice_is_done_once() {
    let desk = Desk::open().await;
    let body = json!({
        "transaction_id": "tx-1",
        "guests": [{"id": "g-1", "operation": "create", "data": {"first_name": "Ann", "party_size": 2}}],
        "tables": [{"id": "table-7", "operation": "update", "data": {"current_guest_id": "g-1"}}],
    });
    let first = yes(&desk.atomic(body.clone()).await);
    let before = desk.standing().await;
    assert_eq!(yes(&desk.atomic(body.clone()).await), first);
    assert_eq!(desk.standing().await, before);
    // Another one under the same name is not done.
    let other = json!({"transaction_id": "tx-1", "guests": [{"id": "guest-1", "status": "Finished"}]});
    let answer = desk.atomic(other).await;
    assert_eq!(answer.status, 422, "{answer:?}");
    assert!(answer.json()["detail"].is_string(), "{answer:?}");
    assert_eq!(desk.standing().await, before);
}

#[tokio::test]
async fn a_transaction_that_was_rolled_back_can_be_tried_again() {
    let desk = Desk::open().await;
    let holder = desk.seated("Ann", "table-7").await;
    let other = desk.waiting("Ben").await;
    let body = json!({"transaction_id": "tx-1", "guests": [{"id": other, "assignedTableId": "table-7"}]});
    assert_eq!(desk.atomic(body.clone()).await.status, 409);
    yes(&desk
        .put(&format!("/guests/{holder}"), json!({"status": "Finished"}))
        .await);
    assert_eq!(yes(&desk.atomic(body).await)["success"], true);
    let late = json!({"transaction_id": "tx-2", "tables": [{"id": "table-30", "status": "reserved"}]});
    assert_eq!(yes(&desk.atomic(late.clone()).await)["success"], false);
    assert_eq!(yes(&desk.atomic(late).await)["success"], false);
}

#[tokio::test]
async fn a_write_that_was_refused_is_tried_again_under_its_key() {
    let desk = Desk::open().await;
    let holder = desk.seated("Ann", "table-7").await;
    let other = desk.waiting("Ben").await;
    let place = format!("/guests/{other}");
    let seat = json!({"status": "Seated", "table_id": "table-7"});
    let refused = desk.keyed(Method::PUT, &place, "k", &seat).await;
    assert_eq!(refused.status, 409);
    yes(&desk
        .put(&format!("/guests/{holder}"), json!({"status": "Finished"}))
        .await);
    yes(&desk.keyed(Method::PUT, &place, "k", &seat).await);
    assert_eq!(desk.state("table-7").await, format!("occupied {other}"));
}

#[tokio::test]
async fn a_write_is_answered_again_when_what_it_wrote_has_gone() {
    let desk = Desk::open().await;
    let ann = json!({"first_name": "Ann", "party_size": 2});
    let table = json!({"table_number": "30", "capacity": 4, "position": {"x": 0, "y": 0}});
    let larger = json!({"party_size": 3});
    let seats = json!({"capacity": 6});
    let mut writes = Vec::new();
    for (list, new, change) in [("/guests", &ann, &larger), ("/tables", &table, &seats)] {
        let made = yes(&desk.keyed(Method::POST, list, list, new).await);
        let place = format!("{list}/{}", plain(&made["id"]));
        let changed = yes(&desk.keyed(Method::PUT, &place, &place, change).await);
        yes(&desk.delete(&place).await);
        writes.push((Method::POST, list.to_owned(), new, made));
        writes.push((Method::PUT, place, change, changed));
    }
    let before = desk.standing().await;
    for (method, place, body, first) in writes {
        let again = yes(&desk.keyed(method, &place, &place, body).await);
        assert_eq!(again, first, "{place}");
    }
    assert_eq!(desk.standing().await, before);
}

#[tokio::test]
async fn a_key_for_a_guest_is_not_one_for_the_table_of_the_same_number() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    let notes = json!({"notes": "window"});
    yes(&desk.keyed(Method::PUT, "/guests/1", "k", &notes).await);
    let answer = desk.keyed(Method::PUT, "/tables/1", "k", &notes).await;
    assert_eq!(answer.status, 422, "{answer:?}");
}

#[tokio::test]
async fn two_tablets_of_the_house_may_count_their_writes_alike() {
    let desk = Desk::open().await;
    let address = desk.house.address;
    for (last, name) in [(1, "Ann"), (2, "Ben")] {
        let mut tablet = connect_from(address, Ipv4Addr::new(127, 0, 0, last)).await;
        let body = json!({"first_name": name, "party_size": 2}).to_string();
        let request = format!(
            "POST /restaurants/1/guests HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
             idempotency-key: 1\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        tablet.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        tablet.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    assert_eq!(desk.ids("/guests").await.len(), 2);
}
