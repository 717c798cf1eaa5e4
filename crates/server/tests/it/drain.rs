//! P7 and P4 when the program is stopped, and what happens when it is started twice.

use crate::client::PATIENCE;
use crate::program::Program;
use crate::work::wiped;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A goodbye that says when to come back.
fn is_draining((code, reason): (u16, String)) {
    assert_eq!(code, 4000);
    let reason: Value = serde_json::from_str(&reason).unwrap();
    assert!(
        reason["retry_after_ms"].as_u64().is_some_and(|it| it > 0),
        "{reason}"
    );
}

#[tokio::test]
async fn screens_are_sent_away_with_a_time_to_come_back_and_go_on_where_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let manager = program.manager();
    let mut screens = Vec::new();
    for _ in 0..8 {
        let mut screen = program.screen_from("").await;
        let first = screen.next().await;
        screens.push((screen, first["seq"].as_u64().unwrap()));
    }
    // Nobody ever reads from this one, and the program has to end all the same.
    let _asleep = program.screen_from("").await;
    for n in 0..20 {
        manager.accepted(wiped(n + 1, 0)).await;
    }
    let epoch = manager.floor().await["epoch"].as_str().unwrap().to_owned();
    for (heard, (screen, seq)) in screens.iter_mut().enumerate() {
        for _ in 0..heard {
            screen.next().await;
        }
        *seq += heard as u64;
    }
    program.ask_to_stop();
    for (screen, _) in &mut screens {
        is_draining(screen.close_code().await);
    }
    assert!(program.ended().await.success());

    let program = Program::start(folder.path()).await;
    let next = program.manager().accepted(wiped(1, 1)).await["seq"]
        .as_u64()
        .unwrap();
    for (_, seq) in screens {
        let mut screen = program.screen_from(&format!("?after={seq}&epoch={epoch}")).await;
        let resumed = json!({"type": "resumed", "seq": seq, "epoch": epoch});
        assert_eq!(screen.next().await, resumed);
        for missed in seq + 1..=next {
            assert_eq!(screen.next().await["seq"], missed);
        }
    }
}

#[tokio::test]
async fn a_house_that_closes_as_soon_as_it_is_open_closes_in_order() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..10 {
        let program = Program::start(folder.path()).await;
        program.ask_to_stop();
        assert!(program.ended().await.success());
    }
}

/// Begins a command, and waits until the server asks for its body.
async fn begin_command(address: SocketAddr, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /v1/restaurants/test-restaurant-1/commands HTTP/1.1\r\nhost: {address}\r\n\
         authorization: Bearer demo-key-restaurant-1\r\nexpect: 100-continue\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    while !answer.ends_with("\r\n\r\n") {
        let mut byte = [0];
        timeout(PATIENCE, stream.read_exact(&mut byte))
            .await
            .expect("no word from the server")
            .unwrap();
        answer.push(byte[0].into());
    }
    assert!(answer.starts_with("HTTP/1.1 100"), "{answer}");
    stream
}

/// Sends the rest of a command, and reads the answer's first line.
async fn finish_command(mut stream: TcpStream, body: &str) -> String {
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer))
        .await
        .expect("no answer")
        .unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn requests_that_had_begun_when_the_house_closes_are_carried_out_and_answered() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let mut screen = program.screen_from("").await;
    let before = screen.next().await["seq"].as_u64().unwrap();
    let mut requests = Vec::new();
    for table_id in 1..=20 {
        let body = wiped(table_id, 0).to_string();
        requests.push((begin_command(program.address, &body).await, body));
    }
    program.ask_to_stop();
    is_draining(screen.close_code().await);
    // One after the other: a house that does not wait for the last of them is gone by then.
    for (request, body) in requests {
        assert_eq!(finish_command(request, &body).await, "HTTP/1.1 200 OK");
    }
    assert!(program.ended().await.success());
    let program = Program::start(folder.path()).await;
    assert_eq!(program.manager().floor().await["seq"], before + 20);
}

#[tokio::test]
async fn commands_on_their_way_on_a_stream_are_answered_before_its_goodbye() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let mut watching = program.screen_from("").await;
    let mut screen = program.screen_from("").await;
    let before = screen.next().await["seq"].as_u64().unwrap();
    // While somebody else has the journal, commands stay on their way.
    let holder = Connection::open(folder.path().join("journal.db")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    for n in 1..=3 {
        let frame = json!({"type": "command", "id": format!("c{n}"), "command": wiped(n, 0)});
        screen.send(&frame).await;
    }
    screen.send(&json!({"type": "ping"})).await;
    assert_eq!(screen.next().await, json!({"type": "pong"}), "it has heard them");
    program.ask_to_stop();
    is_draining(watching.close_code().await);
    drop(holder);
    for n in 1..=3 {
        let answer = screen.next().await;
        assert_eq!(
            answer,
            json!({"type": "result", "id": format!("c{n}"), "seq": before + n})
        );
    }
    is_draining(screen.close_code().await);
    assert!(program.ended().await.success());
}

#[tokio::test]
async fn a_second_program_on_the_same_folder_says_why_it_does_not_start_and_harms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let first = Program::start(folder.path()).await;
    let mut screen = first.screen_from("").await;
    let mut seen = screen.snapshot().await;
    first.manager().accepted(wiped(12, 0)).await;
    let second = Program::run_to_its_end(folder.path()).await;
    assert!(!second.status.success());
    let complaint = String::from_utf8(second.stderr).unwrap();
    assert!(complaint.contains("in use by another program"), "{complaint}");
    assert!(complaint.contains(folder.path().to_str().unwrap()), "{complaint}");
    let next = first.manager().accepted(wiped(12, 1)).await["seq"]
        .as_u64()
        .unwrap();
    screen.watch(&mut seen, next).await;
    assert_eq!(first.manager().floor().await["digest"], seen.floor.digest());
}
