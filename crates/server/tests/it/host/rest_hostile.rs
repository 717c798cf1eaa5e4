//! What nobody in a restaurant would send: whatever comes, it is answered, and nothing breaks.

use super::desk::{Desk, at, yes};
use crate::client::Answer;
use crate::probe::request;
use serde_json::{Value, json};

/// Bodies as bytes: broken, huge, deep, or full of things that are no values.
fn bodies() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = [
        "",
        " ",
        "\0",
        "null",
        "[]",
        "[[]]",
        "[{}]",
        "{}",
        "\"guest-1\"",
        "0",
        "-0",
        "true",
        "{",
        "}",
        "{]",
        "nul",
        "NaN",
        "Infinity",
        "{\"party_size\":NaN}",
        "{\"first_name\":\"Ann\",\"party_size\":Infinity}",
        "{\"first_name\":\"Ann\",\"party_size\":\"NaN\"}",
        "{\"first_name\":\"Ann\",\"party_size\":-9223372036854775809}",
        "{\"first_name\":\"Ann\",\"party_size\":18446744073709551616}",
        "{\"first_name\":\"Ann\",\"party_size\":1e308}",
        "{\"first_name\":\"Ann\",\"party_size\":1e999}",
        "{\"first_name\":\"Ann\",\"party_size\":0.1e-400}",
        "{\"first_name\":\"Ann\",\"party_size\":\"+2\"}",
        "{\"first_name\":\"\\ud800\",\"party_size\":2}",
        "{\"first_name\":\"\\udc00\\ud800\",\"party_size\":2}",
        "{\"first_name\":\"A\\u0000B\",\"party_size\":2}",
        "{\"first_name\":\"A\\u202eB\",\"party_size\":2}",
        "{\"first_name\":\"A\\nB\",\"party_size\":2}",
        "{\"party_size\":2,\"party_size\":3,\"first_name\":\"A\"}",
        "{\"guests\":[null]}",
        "{\"guests\":[[]],\"tables\":[[]]}",
        "{\"guests\":[{\"id\":{}}]}",
        "{\"guests\":[{\"id\":\"\"}],\"tables\":[{\"id\":\"\"}]}",
        "{\"guests\":[{\"id\":-1,\"status\":\"Seated\"}]}",
        "{\"guests\":[{\"id\":1.5,\"status\":\"Seated\"}]}",
        "{\"guests\":[{\"id\":\"a b\",\"operation\":\"create\"}]}",
        "{\"guests\":[{\"operation\":\"create\",\"data\":[]}]}",
        "{\"guests\":[{\"operation\":\"create\",\"data\":null}]}",
        "{\"transaction_id\":{},\"guests\":[]}",
        "{\"transaction_id\":\"\",\"guests\":[]}",
        "{\"restaurant_id\":{}}",
        "{\"position\":{\"x\":1e308,\"y\":-1e308}}",
        "{\"position\":{\"x\":\"NaN\",\"y\":\"-inf\"}}",
        "{\"capacity\":-1,\"status\":\"available\"}",
        "{\"table_number\":\"\\u0000\",\"capacity\":2,\"position\":{\"x\":0,\"y\":0}}",
        "{\"section\":\"\\ud83d\"}",
        "{\"seated_time\":\"-9999-01-01T00:00:00\"}",
        "{\"seated_time\":\"9999-12-31T23:59:59.999999Z\"}",
        "{\"finished_time\":\"2025-02-30T00:00:00\"}",
        "{\"check_in_time\":\"2025-08-16T07:21:60Z\"}",
        "{\"reservation_time\":\"0000-00-00\"}",
        "{\"seated_time\":\"2025-08-16T07:21:27+99:99\"}",
    ]
    .iter()
    .map(|it| it.as_bytes().to_vec())
    .collect();
    bodies.push(b"\xff\xfe{}".to_vec());
    bodies.push(b"\xef\xbb\xbf{}".to_vec());
    bodies.push(b"{\"first_name\":\"\xc3\x28\",\"party_size\":2}".to_vec());
    bodies.push("[".repeat(30_000).into_bytes());
    bodies.push("{\"a\":".repeat(10_000).into_bytes());
    bodies.push(format!("{{\"guests\":{}{}}}", "[".repeat(100), "]".repeat(100)).into_bytes());
    bodies.push(format!("{{\"first_name\":\"{}\",\"party_size\":2}}", "é".repeat(30_000)).into_bytes());
    bodies.push(format!("{{\"party_size\":{}}}", "9".repeat(20_000)).into_bytes());
    let ids = vec![json!({"id": "x".repeat(60), "status": "Seated"}); 500];
    bodies.push(json!({"guests": ids}).to_string().into_bytes());
    let created = vec![json!({"operation": "create", "data": {"first_name": "A", "party_size": 1}}); 500];
    bodies.push(json!({"guests": created}).to_string().into_bytes());
    bodies
}

/// An answer that is one: in JSON, with a text that says what is wrong, or with what was done.
fn is_answer(answer: &Answer, asked: &str) {
    let status = answer.status.as_u16();
    assert!(
        [200, 400, 403, 404, 405, 409, 413, 414, 422, 431].contains(&status),
        "{asked} was answered {answer:?}"
    );
    if status == 200 || status == 414 || status == 431 {
        return;
    }
    let body: Value = serde_json::from_str(&answer.text).unwrap_or_else(|_| panic!("{asked}: {answer:?}"));
    assert!(
        body.get("detail").or(body.get("message")).is_some(),
        "{asked}: {body}"
    );
}

#[tokio::test]
async fn no_body_breaks_anything() {
    let desk = Desk::open().await;
    desk.seated("Ann", "table-7").await;
    for (method, path) in [
        ("POST", at("/guests")),
        ("PUT", at("/guests/guest-1")),
        ("PATCH", at("/guests/guest-1")),
        ("DELETE", at("/guests/guest-9")),
        ("POST", at("/tables")),
        ("PUT", at("/tables/table-8")),
        ("PATCH", at("/tables/table-8")),
        ("PUT", at("/tables/table-9/clear")),
        ("POST", at("/batch-update")),
        ("POST", "/transactions/atomic?restaurant_id=1".to_owned()),
        ("POST", "/auth/register".to_owned()),
    ] {
        for body in bodies() {
            let answer = request(desk.house.address, method, &path, &[], &body).await;
            let shown: String = String::from_utf8_lossy(&body).chars().take(80).collect();
            is_answer(&answer, &format!("{method} {path} {shown:?}"));
        }
        desk.is_sound().await;
    }
    // And the house goes on.
    yes(&desk
        .post("/guests", json!({"first_name": "Zoë", "party_size": 2}))
        .await);
}

#[tokio::test]
async fn no_login_breaks_anything() {
    let desk = Desk::open().await;
    for body in bodies() {
        let answer = request(desk.house.address, "POST", "/auth/login", &[], &body).await;
        assert!(answer.status.is_client_error(), "{answer:?}");
        let body: Value = serde_json::from_str(&answer.text).unwrap();
        assert!(body.get("detail").is_some(), "{body}");
    }
}

#[tokio::test]
async fn no_address_breaks_anything() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    let long = "a".repeat(6_000);
    let digits = "9".repeat(6_000);
    for id in [
        "%20",
        "%00",
        "%FF",
        "%",
        "%zz",
        "..",
        "%2e%2e",
        "%2F",
        "a%2Fb",
        "guest-",
        "table-",
        "-1",
        "+1",
        "1.0",
        "1e0",
        "0x1",
        "guest--1",
        "guest-guest-1",
        "guest-1%20",
        "%F0%9F%8D%A3",
        "18446744073709551615",
        "18446744073709551616",
        "guest-18446744073709551616",
        "null",
        "undefined",
        "%5Bobject%20Object%5D",
        "*",
        "'%20OR%201=1",
        &long,
        &digits,
    ] {
        for (method, path) in [
            ("GET", at(&format!("/guests/{id}"))),
            ("PUT", at(&format!("/guests/{id}"))),
            ("DELETE", at(&format!("/guests/{id}"))),
            ("PATCH", at(&format!("/tables/{id}"))),
            ("DELETE", at(&format!("/tables/{id}"))),
            ("PUT", at(&format!("/tables/{id}/clear"))),
            ("GET", format!("/restaurants/{id}/guests")),
            ("POST", format!("/restaurants/{id}/tables")),
        ] {
            let answer = request(desk.house.address, method, &path, &[], b"{}").await;
            let shown: String = path.chars().take(80).collect();
            is_answer(&answer, &format!("{method} {shown}"));
            let is_nothing = matches!(answer.status.as_u16(), 400 | 403 | 404 | 405 | 414 | 431);
            assert!(is_nothing, "{method} {shown}: {answer:?}");
        }
    }
    assert_eq!(desk.ids("/guests").await, ["guest-1"]);
    assert_eq!(desk.ids("/tables").await.len(), 20);
}

#[tokio::test]
async fn no_query_breaks_anything() {
    let desk = Desk::open().await;
    for query in [
        "",
        "?",
        "?min_seq=",
        "?min_seq=-1",
        "?min_seq=1e3",
        "?min_seq=99999999999999999999",
        "?min_seq=0&min_seq=x",
        "?since=",
        "?since=%FF",
        "?since=9999-12-31T23:59:59.9999999",
        "?since=-009999-01-01T00:00:00Z",
        "?since=1970-01-01T00:00:00",
        "?since=2026-11-20T19:30:00+00:00",
        "?since_seq=18446744073709551615",
        "?since_seq=-1",
        "?limit=0",
        "?limit=-1",
        "?limit=99999999999999999999",
        "?limit=1000000",
        "?minimal=maybe",
        "?minimal",
        "?restaurant_id=",
        "?restaurant_id=%00",
        "?a=%",
    ] {
        for place in [
            at("/guests"),
            at("/tables"),
            at("/dashboard-data"),
            "/api/v1/dashboard/data".to_owned(),
            "/api/sync/full".to_owned(),
            "/api/sync/delta".to_owned(),
        ] {
            let client = desk.house.manager();
            let answer = client.get(&format!("{place}{query}")).await;
            is_answer(&answer, &format!("{place}{query}"));
        }
    }
}

#[tokio::test]
async fn no_header_breaks_anything() {
    let desk = Desk::open().await;
    for header in [
        "authorization: ",
        "authorization: Bearer",
        "authorization: Bearer  ",
        "authorization: Bearer \u{e9}",
        "authorization: bearer x y",
        "authorization: Bearer a.b.c",
        "authorization: Bearer eyJhbGciOiJub25lIn0.e30.",
        "x-min-seq: many",
        "x-min-seq: -1",
        "idempotency-key: \u{e9}",
        "idempotency-key: ",
        "origin: null",
        "origin: \u{ff}",
        "content-type: text/plain",
        "content-type: application/xml; charset=utf-16",
        "x-forwarded-for: not an address",
        "accept: nothing/at-all",
    ] {
        for (method, body) in [
            ("GET", &b""[..]),
            ("POST", b"{\"first_name\":\"A\",\"party_size\":1}"),
        ] {
            let answer = request(desk.house.address, method, &at("/guests"), &[header], body).await;
            let status = answer.status.as_u16();
            assert!([200, 400, 401, 403].contains(&status), "{header}: {answer:?}");
            assert!(
                serde_json::from_str::<Value>(&answer.text).is_ok(),
                "{header}: {answer:?}"
            );
        }
    }
}
