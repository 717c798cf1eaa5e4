//! Reading: the floor and its digest, changes in all their forms, and the wait for one's own writes.

use crate::client::Answer;
use crate::house::House;
use crate::probe::{FLOOR, KEY, Wire, no};
use hyper::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write;

const CHANGES: &str = "/v1/restaurants/test-restaurant-1/changes";

/// RFC 8785, written from its text: names sorted by UTF-16 units, no space, the shortest numbers.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
        Value::Number(it) => match (it.as_i64(), it.as_f64()) {
            (Some(whole), _) => write!(out, "{whole}").unwrap(),
            // Below 1e21 and above 1e-7, Rust writes a number as ECMAScript does.
            (None, Some(number)) => write!(out, "{number}").unwrap(),
            _ => panic!("{it} is no number of a floor"),
        },
        Value::String(it) => {
            out.push('"');
            for c in it.chars() {
                match c {
                    '"' => out.push_str("\\\""),
                    '\\' => out.push_str("\\\\"),
                    '\u{8}' => out.push_str("\\b"),
                    '\t' => out.push_str("\\t"),
                    '\n' => out.push_str("\\n"),
                    '\u{c}' => out.push_str("\\f"),
                    '\r' => out.push_str("\\r"),
                    ..' ' => write!(out, "\\u{:04x}", c as u32).unwrap(),
                    _ => out.push(c),
                }
            }
            out.push('"');
        }
        Value::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                out.push_str(if n > 0 { "," } else { "" });
                canonical(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut names: Vec<_> = fields.keys().collect();
            names.sort_by_key(|it| it.encode_utf16().collect::<Vec<_>>());
            out.push('{');
            for (n, name) in names.into_iter().enumerate() {
                out.push_str(if n > 0 { "," } else { "" });
                canonical(&json!(name), out);
                out.push(':');
                canonical(&fields[name], out);
            }
            out.push('}');
        }
    }
}

fn digest(floor: &Value) -> String {
    let mut text = String::new();
    canonical(floor, &mut text);
    let hash = Sha256::digest(text);
    hash[..16].iter().map(|it| format!("{it:02x}")).collect()
}

async fn get(house: &House, path: &str, headers: &[(&str, &str)]) -> Answer {
    house
        .manager()
        .send(Method::GET, path, headers, String::new())
        .await
}

#[tokio::test]
async fn a_client_computes_the_digest_from_the_floor_it_was_sent() {
    let house = House::open().await;
    let manager = house.manager();
    let floor = manager.floor().await;
    assert_eq!(floor["digest"], digest(&floor["floor"]));
    let name = "T\"\\/\u{e9}\u{1F37D}\u{2028}\u{7f}";
    let name: String = name.chars().filter(|it| !it.is_control()).collect();
    manager
        .accepted(
            json!({"command": "create_table", "number": name, "seats": {"max": 4}, "x": 12.5, "y": -0.001,
            "width": 0.125, "height": 9999.999, "notes": "two\nlines\tand a tab"}),
        )
        .await;
    manager.seat(12).await;
    let floor = manager.floor().await;
    assert_eq!(floor["digest"], digest(&floor["floor"]));
    let mut names: Vec<_> = floor.as_object().unwrap().keys().collect();
    names.sort_unstable();
    assert_eq!(names, ["at", "digest", "epoch", "floor", "guests", "seq"]);
    let past = get(&house, &format!("{FLOOR}?at_seq=1"), &[]).await.json();
    assert_eq!(past["digest"], digest(&past["floor"]));
    assert_ne!(past["digest"], floor["digest"]);
}

#[tokio::test]
async fn the_floor_of_a_past_moment_is_shown() {
    let house = House::open().await;
    let manager = house.manager();
    let before = manager.floor().await;
    house.clock.set("2026-11-20T20:00:00Z".parse().unwrap());
    manager.seat(12).await;
    for query in [
        "at=2026-11-20T19:59:59.999Z",
        "at_seq=3",
        "at=2026-11-20T14:59:59-05:00",
    ] {
        let answer = get(&house, &format!("{FLOOR}?{query}"), &[]).await;
        assert_eq!(answer.json(), before, "{query}");
        assert_eq!(answer.headers["x-seq"], "3");
    }
    for query in ["at=2026-11-20T20:00:00Z", "at_seq=4", "at=2030-01-01T00:00:00Z"] {
        assert_eq!(
            get(&house, &format!("{FLOOR}?{query}"), &[]).await.json(),
            manager.floor().await
        );
    }
}

#[tokio::test]
async fn a_read_waits_for_the_change_it_names_but_not_for_ever() {
    let house = House::open().await;
    for (query, header) in [("?min_seq=3", None), ("", Some("3")), ("?min_seq=0", Some("99"))] {
        let headers: Vec<_> = header.iter().map(|it| ("x-min-seq", *it)).collect();
        let answer = get(&house, &format!("{FLOOR}{query}"), &headers).await;
        assert_eq!(answer.headers["x-seq"], "3");
    }
    let coming = house.manager();
    let path = format!("{FLOOR}?min_seq=4");
    let (answer, _) = tokio::join!(get(&house, &path, &[]), coming.seat(12));
    assert_eq!(answer.json()["seq"], 4);
    tokio::time::pause();
    for path in [
        format!("{FLOOR}?min_seq=5"),
        "/v1/restaurants/1/settings?min_seq=18446744073709551615".to_owned(),
    ] {
        let answer = get(&house, &path, &[]).await;
        assert_eq!(no(&answer), "503 not_yet - | the floor has not come so far yet");
        assert_eq!(answer.json()["facts"], json!({"seq": 4}));
        assert_eq!(answer.headers["retry-after"], "1");
    }
}

#[tokio::test]
async fn pages_lines_and_events_tell_the_same_changes_each_once() {
    let house = House::open().await;
    let manager = house.manager();
    for table_id in [1, 2, 3, 4, 7, 8] {
        manager.seat(table_id).await;
    }
    let mut paged = Vec::new();
    let mut after = 0;
    loop {
        let page = get(&house, &format!("{CHANGES}?after={after}&limit=2"), &[])
            .await
            .json();
        assert_eq!(page["head"], 9);
        let changes = page["changes"].as_array().unwrap();
        assert!(changes.len() <= 2);
        after = page["next_after"].as_u64().unwrap();
        if changes.is_empty() {
            break;
        }
        assert_eq!(changes.last().unwrap()["seq"], after);
        paged.extend(changes.clone());
    }
    let seqs: Vec<_> = paged.iter().map(|it| it["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=9).collect::<Vec<_>>());
    assert_eq!(get(&house, CHANGES, &[]).await.json()["changes"], json!(paged));
    assert_eq!(
        get(&house, &format!("{CHANGES}?limit=5000"), &[]).await.json()["changes"],
        json!(paged)
    );
    assert_eq!(
        get(&house, &format!("{CHANGES}?after=99"), &[]).await.json()["next_after"],
        99
    );
    for (query, skipped) in [("", 0), ("?after=4", 4), ("?after=9", 9), ("?after=99", 9)] {
        let lines = get(
            &house,
            &format!("{CHANGES}{query}"),
            &[("accept", "application/x-ndjson")],
        )
        .await;
        assert_eq!(lines.headers["content-type"], "application/x-ndjson");
        let lines: Vec<Value> = lines
            .text
            .lines()
            .map(|it| serde_json::from_str(it).unwrap())
            .collect();
        assert_eq!(lines, paged[skipped..], "{query}");
    }
    let stream = events(&house, "?after=0", &[], 10).await;
    assert_eq!(stream[0].1["type"], "resumed");
    for ((id, frame), change) in stream[1..].iter().zip(&paged) {
        assert_eq!(*id, change["seq"].as_u64());
        assert_eq!(
            (&frame["events"], &frame["at"]),
            (&change["events"], &change["at"])
        );
    }
}

/// The first `n` server-sent events that are no heartbeats, with their ids.
async fn events(house: &House, query: &str, headers: &[&str], n: usize) -> Vec<(Option<u64>, Value)> {
    let mut wire = Wire::open(house.address).await;
    let headers = headers.join("\r\n");
    wire.say(format!(
        "GET {CHANGES}{query} HTTP/1.0\r\naccept: text/event-stream\r\nauthorization: Bearer {KEY}\r\n{headers}\r\n\r\n"
    ))
    .await;
    let mut heard = Vec::new();
    while heard.len() < n {
        let block = wire.until("\n\n").await;
        let id = block
            .lines()
            .find_map(|it| it.strip_prefix("id: "))
            .map(|it| it.parse().unwrap());
        let Some(data) = block.lines().find_map(|it| it.strip_prefix("data: ")) else {
            continue;
        };
        let frame: Value = serde_json::from_str(data).unwrap();
        if frame["type"] != "heartbeat" {
            heard.push((id, frame));
        }
    }
    heard
}

#[tokio::test]
async fn server_sent_events_resume_behind_the_last_id() {
    let house = House::open().await;
    let manager = house.manager();
    manager.seat(11).await;
    manager.seat(12).await;
    let snapshot = events(&house, "", &[], 1).await.remove(0);
    assert_eq!((snapshot.0, &snapshot.1["type"]), (Some(5), &json!("snapshot")));
    // The header wins: the browser sends it by itself, with the address it was given first.
    let resumed = events(&house, "?after=0", &["last-event-id: 4"], 2).await;
    assert_eq!(
        (&resumed[0].1["type"], &resumed[0].1["seq"]),
        (&json!("resumed"), &json!(4))
    );
    assert_eq!(resumed[1].0, Some(5));
    for (last, reason) in [
        ("99", "ahead"),
        ("x", "bad_after"),
        ("", "bad_after"),
        ("-1", "bad_after"),
    ] {
        let reset = events(&house, "", &[&format!("last-event-id: {last}")], 2).await;
        assert_eq!(reset[0].1, json!({"type": "reset", "reason": reason}));
        assert_eq!((reset[1].0, &reset[1].1["type"]), (Some(5), &json!("snapshot")));
    }
}
