//! Limits that are reached and a journal that is away, in the words of this protocol.

use super::office::{Office, ask, at, id, made, no, told, yes};
use crate::probe::{KEY, Wire};
use crate::trouble::hold_the_journal;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let office = Office::open_with(|it| it.limits.body_bytes = 2_000).await;
    let table = office.id_of("7").await;
    let before = office.standing().await;
    let long = "x".repeat(2_000);
    let expected = json!({"message": "the body must have at most 2000 bytes", "error": "Payload Too Large", "statusCode": 413});
    for (method, path) in [
        ("POST", "/restaurant/tables".to_owned()),
        ("PATCH", format!("/restaurant/tables/{table}")),
        ("PATCH", format!("/restaurant/tables/{table}/status")),
        ("POST", "/restaurant/floor-plans".to_owned()),
        ("POST", "/restaurant/table-sections".to_owned()),
        ("PATCH", format!("/branches/{}", office.branch)),
        ("PUT", "/settings/restaurant/business-type".to_owned()),
        ("POST", "/auth/login".to_owned()),
    ] {
        let answer = ask(
            &office.admin,
            method,
            &format!("/api/v1{path}"),
            &json!({"bogus": long}),
        )
        .await;
        assert_eq!(told(413, &answer), expected, "{method} {path}");
    }
    assert_eq!(office.standing().await, before);
    // Who may not is told that first.
    let waiter = office.with_roles(&["waiter"], &[1]);
    let path = at(&format!("/tables/{table}"));
    let said = no(&ask(&waiter, "PATCH", &path, &json!({"bogus": long})).await);
    assert_eq!(said, "403 Forbidden resource");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let office = Office::open_with(|it| it.limits.body_seconds = 40).await;
    let mut wire = Wire::open(office.house.address).await;
    let lines = format!("POST /api/v1/restaurant/tables HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}");
    wire.say(format!(
        "{lines}\r\nconnection: close\r\ncontent-length: 10\r\n\r\n{{"
    ))
    .await;
    // Once nothing moves any more, the clock goes on by itself.
    tokio::time::pause();
    let answer = wire.answer().await;
    tokio::time::resume();
    assert_eq!(
        told(408, &answer),
        json!({"message": "the body took too long", "error": "Request Timeout", "statusCode": 408})
    );
}

#[tokio::test]
async fn whoever_writes_too_much_has_to_wait_and_may_read() {
    let office = Office::open_with(|it| it.limits.commands_per_second = 1).await;
    let (table, branch) = (office.id_of("7").await, office.branch.clone());
    let key = office.house.manager();
    let patch = async |body: Value| ask(&key, "PATCH", &at(&format!("/tables/{table}/status")), &body).await;
    for n in 0..10 {
        let word = ["reserved", "available"][n % 2];
        yes(&patch(json!({"status": word})).await);
    }
    let before = office.standing().await;
    let expected = json!({"message": "too many requests: the limit commands_per_second is 1",
        "error": "Too Many Requests", "statusCode": 429});
    for (method, place, body) in [
        (
            "PATCH",
            format!("/tables/{table}/status"),
            json!({"status": "reserved"}),
        ),
        ("PATCH", format!("/tables/{table}"), json!({"capacity": 9})),
        (
            "POST",
            "/tables".to_owned(),
            json!({"tableNumber": "X", "capacity": 2, "branchId": branch}),
        ),
        (
            "POST",
            "/floor-plans".to_owned(),
            json!({"name": "X", "branchId": branch}),
        ),
        (
            "POST",
            "/table-sections".to_owned(),
            json!({"name": "X", "branchId": branch}),
        ),
    ] {
        let answer = ask(&key, method, &at(&place), &body).await;
        assert_eq!(told(429, &answer), expected, "{method} {place}");
        assert_eq!(answer.headers["retry-after"], "1");
    }
    // By whichever door, it is one holder; reading is free, and others have their own.
    let there = key
        .command(json!({"command": "touch_turn", "turn_id": 999}))
        .await;
    assert_eq!(there.status, 429, "{there:?}");
    assert_eq!(office.standing().await, before);
    yes(&key.get(&at("/tables")).await);
    yes(&office.say(&table, "reserved").await);
    office.house.later(SignedDuration::from_secs(1));
    yes(&patch(json!({"status": "available"})).await);
    assert_eq!(told(429, &patch(json!({"status": "reserved"})).await), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_journal_is_away_tables_are_shown_and_writes_are_told_to_wait() {
    let office = Office::open_with(|it| it.busy_seconds = 1).await;
    let table = office.id_of("7").await;
    let place = format!("/tables/{table}");
    let plan = id(&office.named("floor-plans", "Terrace").await);
    let before = office.shown(&table).await;
    let new = json!({"tableNumber": "X", "capacity": 2, "branchId": office.branch});
    let drawn = json!({"name": "X", "branchId": office.branch});
    let default = format!("/floor-plans/{plan}/set-default");
    let holder = hold_the_journal(&office.house);
    let (status, edit, table_new, plan_new, default, deleted) = tokio::join!(
        office.say(&table, "occupied"),
        office.patch(&place, json!({"capacity": 9})),
        office.post("/tables", new.clone()),
        office.post("/floor-plans", drawn),
        office.patch(&default, Value::Null),
        office.delete(&place),
    );
    let expected = json!({"message": "the journal is away: nothing was changed, ask again",
        "error": "Service Unavailable", "statusCode": 503});
    for answer in [status, edit, table_new, plan_new, default, deleted] {
        assert_eq!(told(503, &answer), expected);
        assert_eq!(answer.headers["retry-after"], "2");
    }
    assert_eq!(office.shown(&table).await, before);
    drop(holder);
    assert_eq!(office.shown(&table).await, before);
    made(&office.post("/tables", new).await);
    assert_eq!(yes(&office.say(&table, "occupied").await)["status"], "occupied");
}
