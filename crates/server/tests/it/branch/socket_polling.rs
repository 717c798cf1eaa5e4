//! Polling: what is posted, what is fetched, and what becomes of a poll that nobody waits for.

use super::visitor::{By, Line, Poller, Visitor};
use super::{KEY, NAMESPACE};
use crate::client::PATIENCE;
use crate::house::House;
use crate::probe::{FLOOR, request, times_reached};
use crate::work::{until, wipe_tables, wiped};
use serde_json::json;
use std::collections::HashSet;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A session that is in the namespace and has fetched what was said to that.
async fn poller(house: &House) -> Poller {
    let poller = Poller::open(house.address).await;
    poller.post(&enter()).await;
    assert!(poller.get().await.text.starts_with("40/restaurant/tables,"));
    poller
}

fn enter() -> String {
    format!("40{NAMESPACE},{}", json!({"token": KEY}))
}

/// Begins a poll and does not wait for its answer.
async fn begin_poll(house: &House, poller: &Poller) -> TcpStream {
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    let head = format!("GET {} HTTP/1.1\r\nhost: x\r\n\r\n", poller.path);
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn is_over(poller: &Poller) -> bool {
    poller.post("3").await.status == 400
}

#[tokio::test]
async fn what_is_posted_is_answered_and_what_waits_is_fetched_together() {
    let house = House::open().await;
    let poller = Poller::open(house.address).await;
    let body = format!("40/zzz,\u{1e}{}\u{1e}3", enter());
    let posted = poller.post(&body).await;
    assert_eq!((posted.status.as_u16(), posted.text.as_str()), (200, "ok"));
    assert_eq!(posted.headers["content-type"], "text/html");
    assert_eq!(posted.headers["access-control-allow-origin"], "*");
    let fetched = poller.get().await;
    assert_eq!(fetched.headers["content-type"], "text/plain; charset=UTF-8");
    let packets: Vec<&str> = fetched.text.split('\u{1e}').collect();
    assert_eq!(packets.len(), 2, "{packets:?}");
    assert_eq!(packets[0], r#"44/zzz,{"message":"Invalid namespace"}"#);
    assert!(packets[1].starts_with("40/restaurant/tables,{\"sid\":"));
    poller
        .post(&format!("42{NAMESPACE},0[\"joinBranch\",\"1\"]"))
        .await;
    for n in 0..3 {
        house.manager().accepted(wiped(1, n)).await;
    }
    let mut packets = Vec::new();
    while packets.len() < 4 {
        packets.extend(poller.get().await.text.split('\u{1e}').map(str::to_owned));
    }
    assert!(
        packets[0].starts_with("43/restaurant/tables,0[{\"ok\":true"),
        "{packets:?}"
    );
    assert!(
        packets[1..]
            .iter()
            .all(|it| it.starts_with("42/restaurant/tables,[")),
        "{packets:?}"
    );
}

#[tokio::test]
async fn a_poll_waits_until_there_is_something() {
    let house = House::open().await;
    let poller = poller(&house).await;
    let polling = tokio::spawn({
        let poller = poller.clone();
        async move { poller.get().await.text }
    });
    poller.post("40/zzz,").await;
    assert_eq!(
        polling.await.unwrap(),
        r#"44/zzz,{"message":"Invalid namespace"}"#
    );
}

#[tokio::test]
async fn two_polls_at_once_end_the_session() {
    let house = House::open().await;
    let poller = poller(&house).await;
    let (one, other) = tokio::join!(poller.get(), poller.get());
    let (first, second) = if one.status == 200 {
        (one, other)
    } else {
        (other, one)
    };
    assert_eq!((first.status.as_u16(), first.text.as_str()), (200, "1"));
    assert_eq!(
        (second.status.as_u16(), second.json()),
        (400, json!({"code": 3, "message": "Bad request"}))
    );
    assert!(is_over(&poller).await);
}

#[tokio::test]
async fn a_poll_that_is_hung_up_on_ends_the_session() {
    let house = House::open().await;
    let poller = poller(&house).await;
    drop(begin_poll(&house, &poller).await);
    until(async || is_over(&poller).await).await;
}

#[tokio::test]
async fn whoever_hangs_up_while_much_is_told_loses_nothing_in_silence() {
    let house = House::open().await;
    for n in 0..40 {
        let poller = poller(&house).await;
        let poll = begin_poll(&house, &poller).await;
        // Whichever comes first: it is told, or it is gone. Then it was all told, or the session is over.
        let join = format!("42{NAMESPACE},{n}[\"joinBranch\",\"1\"]");
        let (posted, ()) = tokio::join!(poller.post(&join), async { drop(poll) });
        if posted.status == 200 {
            let mut client = Visitor::on(Line::Polling(poller.clone()));
            if let Some(packet) = client.next().await {
                assert!(packet.starts_with(&format!("43{NAMESPACE},{n}[")), "{packet}");
            }
        }
        until(async || is_over(&poller).await || poller.post("1").await.status == 200).await;
    }
}

#[tokio::test]
async fn a_client_that_leaves_is_gone_and_its_poll_is_answered() {
    let house = House::open().await;
    let poller = poller(&house).await;
    let polling = tokio::spawn({
        let poller = poller.clone();
        async move { poller.get().await }
    });
    poller.post("1").await;
    let answer = tokio::time::timeout(PATIENCE, polling).await.unwrap().unwrap();
    // Unless it came too late.
    assert!(answer.text == "6" || answer.status == 400, "{answer:?}");
    assert!(is_over(&poller).await);
}

#[tokio::test]
async fn a_payload_may_be_as_large_as_it_was_said_and_no_larger() {
    let house = House::open().await;
    let poller = poller(&house).await;
    // As many bytes as may be, in packets that may be.
    let event = format!("42{NAMESPACE},[\"x\",\"{}\"]", "y".repeat(49_960));
    let body = vec![event; 20].join("\u{1e}");
    assert!((990_000..=1_000_000).contains(&body.len()), "{}", body.len());
    let posted = poller.post(&body).await;
    assert_eq!((posted.status.as_u16(), posted.text.as_str()), (200, "ok"));
    let reached = times_reached(&house, "body_bytes").await;
    let posted = poller.post(&"x".repeat(1_000_001)).await;
    assert_eq!(posted.status, 413, "{posted:?}");
    assert_eq!(times_reached(&house, "body_bytes").await, reached + 1);
    assert!(!is_over(&poller).await, "it was not heard at all");
}

#[tokio::test]
async fn a_message_that_is_too_large_ends_the_connection() {
    let house = House::open().await;
    let text = format!("42{NAMESPACE},[\"x\",\"{}\"]", "y".repeat(64 * 1024));
    for by in super::visitor::WAYS {
        let mut client = Visitor::enter_as_manager(&house, by).await;
        client.send(&text).await;
        client.ended().await;
    }
    assert_eq!(times_reached(&house, "frame_bytes").await, 2);
}

#[tokio::test]
async fn whoever_says_too_much_is_sent_away() {
    let house = House::open_with(|config| config.limits.messages_per_second = 10).await;
    for by in super::visitor::WAYS {
        let mut client = Visitor::enter_as_manager(&house, by).await;
        let many = vec!["3"; 60].join("\u{1e}");
        if by == By::Polling {
            client.send(&many).await;
        } else {
            for _ in 0..60 {
                client.send("3").await;
            }
        }
        client.ended().await;
    }
    assert_eq!(times_reached(&house, "messages_per_second").await, 2);
}

#[tokio::test]
async fn what_is_no_text_is_no_packet() {
    let house = House::open().await;
    let poller = poller(&house).await;
    let posted = request(house.address, "POST", &poller.path, &[], &[b'4', 0xFF, 0xFE]).await;
    assert_eq!(posted.text, "ok");
    assert!(is_over(&poller).await);
}

#[tokio::test]
async fn who_fetches_too_late_gets_what_waited_and_then_has_to_come_back() {
    let house = House::open().await;
    let mut client = Visitor::enter_as_manager(&house, By::Polling).await;
    let place = client.joined(&json!("1")).await;
    // More than wait for a client and more than the ring holds.
    let last = wipe_tables(&house.manager(), 1_600).await;
    let mut heard = place;
    while let Some(packet) = client.next().await {
        heard += 1;
        assert!(
            packet.contains(&format!("{{\"seq\":{heard},")),
            "{heard}: {packet}"
        );
    }
    assert!(place < heard && heard < last, "{place} {heard} {last}");
    // It says where it was, and has missed nothing.
    let mut client = Visitor::enter_as_manager(&house, By::Polling).await;
    client.join(&json!({"branchId": "1", "since": heard})).await;
    for seq in heard + 1..=last {
        assert_eq!(client.seq().await, seq);
    }
}

/// Every table that one change names is told of by a packet of its own.
#[tokio::test]
async fn who_was_away_for_more_packets_than_may_wait_fetches_them_all() {
    let house = House::open().await;
    let manager = house.manager();
    let floor = manager.get(FLOOR).await.json();
    let tables: Vec<u64> = floor["floor"]["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_u64().unwrap())
        .collect();
    let mut client = Visitor::enter_as_manager(&house, By::Polling).await;
    let place = client.joined(&json!("1")).await;
    drop(client);
    for n in 0..60 {
        let state = if n % 2 == 0 { "dirty" } else { "available" };
        let commands: Vec<_> = tables
            .iter()
            .map(|it| json!({"command": "set_table_state", "table_id": it, "state": state}))
            .collect();
        manager
            .accepted(json!({"command": "batch", "commands": commands}))
            .await;
    }
    let n_packets = tables.len() as u64 * 60;
    assert!(n_packets > 1_000, "{n_packets}");
    let mut client = Visitor::enter_as_manager(&house, By::Polling).await;
    client.join(&json!({"branchId": "1", "since": place})).await;
    let mut heard = Vec::new();
    for _ in 0..n_packets {
        let event = client.event().await;
        heard.push((event[2]["seq"].as_u64().unwrap(), event[1]["id"].clone()));
    }
    let seqs: Vec<u64> = heard.iter().map(|it| it.0).collect();
    assert!(seqs.is_sorted());
    assert_eq!((seqs[0], seqs[seqs.len() - 1]), (place + 1, place + 60));
    let each: HashSet<String> = heard.iter().map(|it| format!("{} {}", it.0, it.1)).collect();
    assert_eq!(each.len() as u64, n_packets);
}

#[tokio::test]
async fn whoever_has_not_come_in_may_send_little() {
    let house = House::open().await;
    let poller = Poller::open(house.address).await;
    assert_eq!(poller.post(&"x".repeat(64 * 1024 + 1)).await.status, 413);
    let namespace = format!("40/{},", "z".repeat(200));
    let refused = vec![namespace; 300].join("\u{1e}");
    assert_eq!(poller.post(&refused).await.status, 200);
    poller.get().await;
    poller.post(&enter()).await;
    assert!(poller.get().await.text.contains("40/restaurant/tables,"));
    assert_eq!(
        poller
            .post(&format!("42{NAMESPACE},[\"x\",\"{}\"]", "y".repeat(65_000)))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn one_request_of_a_session_at_a_time_brings_packets() {
    let house = House::open().await;
    let poller = poller(&house).await;
    let body = format!("42{NAMESPACE},0[\"joinBranch\",\"1\"]");
    let mut slow = TcpStream::connect(house.address).await.unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        poller.path,
        body.len()
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    // The server wants the body: it is being read.
    let mut wanted = [0; 12];
    slow.read_exact(&mut wanted).await.unwrap();
    assert_eq!(&wanted, b"HTTP/1.1 100");
    assert_eq!(poller.post("3").await.status, 400);
    slow.write_all(body.as_bytes()).await.unwrap();
    assert!(poller.get().await.text.contains("\"ok\":true"));
    until(async || poller.post("3").await.status == 200).await;
}

#[tokio::test]
async fn a_session_that_polls_counts_as_a_connection() {
    let house = House::open_with(|it| it.limits.connections = 6).await;
    let first = Poller::open(house.address).await;
    let open = async || {
        let path = "/socket.io/?EIO=4&transport=polling";
        request(house.address, "GET", path, &[], b"").await
    };
    let mut n_sessions = 1;
    let refused = loop {
        let answer = open().await;
        if answer.status != 200 {
            break answer;
        }
        n_sessions += 1;
    };
    assert_eq!(refused.status, 503);
    assert_eq!(
        refused.json(),
        json!({"code": 3, "message": "too many connections"})
    );
    assert!(n_sessions < 6, "{n_sessions}");
    // Whoever leaves makes room.
    first.post("1").await;
    until(async || open().await.status == 200).await;
}

#[tokio::test]
async fn who_never_fetches_is_let_go_and_others_hear_everything() {
    let house = House::open().await;
    let sleeper = poller(&house).await;
    sleeper
        .post(&format!("42{NAMESPACE},[\"joinBranch\",\"1\"]"))
        .await;
    let mut awake = Visitor::enter_as_manager(&house, By::Polling).await;
    let place = awake.joined(&json!("1")).await;
    for n in 0..300 {
        house.manager().accepted(wiped(1, n)).await;
        assert_eq!(awake.seq().await, place + 1 + n);
    }
    drop(awake);
    tokio::time::pause();
    // As long as a socket may take nothing.
    tokio::time::advance(Duration::from_secs(31)).await;
    until(async || {
        let over = request(house.address, "POST", &sleeper.path, &[], b"3").await;
        over.status == 400
    })
    .await;
    let figures = request(house.address, "GET", "/metrics", &[], b"").await.text;
    assert!(
        figures.contains("maitred_goodbyes_total{reason=\"too_slow\"} 1"),
        "{figures}"
    );
}
