//! Who gets a dashboard, how many there may be, and how they end.

use super::{Board, KEY, act, seat, short};
use crate::house::{House, operated};
use crate::visitors::{Is, SECRET, everybody, house_for_all, sign};
use futures_util::StreamExt;
use maitred::rights::{Right, allow};
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::{Error, Message};

async fn refused(board: &mut Board, who: &str) {
    let (frames, code, reason) = board.closed().await;
    let invalid = json!({"type": "error", "code": "invalid_token", "detail": "Invalid token"});
    assert_eq!(frames, [invalid], "{who}");
    assert_eq!((code, reason.as_str()), (4003, "Invalid token"), "{who}");
}

#[tokio::test]
async fn who_may_not_look_is_told_so_in_a_frame_and_who_may_not_act_too() {
    let house = house_for_all().await;
    seat(&house, 12).await;
    for visitor in everybody(&house).await {
        let query = visitor.credential.as_ref().map(|it| format!("?token={it}"));
        let mut board = Board::try_connect(&house, &query.unwrap_or_default(), &[])
            .await
            .unwrap();
        match &visitor.is {
            Is::Stranger(_) => refused(&mut board, &visitor.name).await,
            Is::Here(roles) if !allow(roles, Right::Look) => refused(&mut board, &visitor.name).await,
            Is::Elsewhere => {
                let snapshot = board.next().await;
                assert!(!snapshot.to_string().contains("\"id\":12,"), "{snapshot}");
                let outcome = board.outcome(act("close", 12)).await;
                assert_eq!(outcome, "table_not_found: Table not found");
            }
            Is::Operator => drop(board.next().await),
            Is::Here(roles) => {
                assert_eq!(board.next().await["type"], "tables_snapshot", "{}", visitor.name);
                let outcome = board.outcome(act("close", 5)).await;
                let expected = if allow(roles, Right::Tables) {
                    "no_active_session"
                } else {
                    "forbidden"
                };
                assert!(outcome.starts_with(expected), "{}: {outcome}", visitor.name);
            }
        }
    }
}

#[tokio::test]
async fn pages_of_others_and_what_is_no_handshake_are_turned_away() {
    let house = House::open().await;
    let query = format!("?token={KEY}");
    let foreign = [("origin", "https://evil.example")];
    match Board::try_connect(&house, &query, &foreign).await {
        Err(Error::Http(response)) => assert_eq!(response.status(), 403),
        _ => panic!("a page of another origin was let in"),
    }
    let answer = house.stranger().get(&format!("/admin/ws/dashboard{query}")).await;
    assert_eq!(answer.status, 426);
    assert!(answer.json()["detail"].is_string(), "{}", answer.text);
}

#[tokio::test]
async fn so_many_dashboards_as_there_may_be_and_a_place_is_free_when_one_has_gone() {
    let house = House::open().await;
    let mut boards = Vec::new();
    for _ in 0..20 {
        boards.push(Board::connect(&house).await.0);
    }
    let mut one_more = Board::with_token(&house, KEY).await;
    let (frames, code, reason) = one_more.closed().await;
    assert!(frames.is_empty());
    assert_eq!((code, reason.as_str()), (4008, "Connection limit exceeded"));
    // Another restaurant has places of its own.
    let mut elsewhere = Board::with_token(&house, "demo-key-restaurant-2").await;
    assert_eq!(elsewhere.next().await["type"], "tables_snapshot");
    // One says goodbye, another's transport just ends: both places are free.
    let mut polite = boards.pop().unwrap();
    polite.socket.close(None).await.unwrap();
    while polite.socket.next().await.is_some() {}
    drop(boards.pop());
    let mut n_tries = 0;
    for _ in 0..2 {
        loop {
            let mut board = Board::with_token(&house, KEY).await;
            match board.message().await {
                Message::Text(_) => break boards.push(board),
                _ => n_tries += 1,
            }
            assert!(n_tries < 10_000, "the places are not free again");
        }
    }
}

#[tokio::test]
async fn who_says_nothing_is_asked_twice_and_given_up() {
    let house = House::open().await;
    let mut transport = TcpStream::connect(house.address).await.unwrap();
    let handshake = format!(
        "GET /admin/ws/dashboard?token={KEY} HTTP/1.1\r\nhost: {}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        house.address
    );
    transport.write_all(handshake.as_bytes()).await.unwrap();
    let mut heard = vec![0; 4_096];
    let n_bytes = transport.read(&mut heard).await.unwrap();
    heard.truncate(n_bytes);
    tokio::time::pause();
    let begun = Instant::now();
    transport.read_to_end(&mut heard).await.unwrap();
    // Given up 72 s after it connected, and let go when it does not answer that either.
    let seconds = begun.elapsed().as_secs();
    assert!((71..80).contains(&seconds), "{seconds}");
    let times = |frame: &[u8]| heard.windows(frame.len()).filter(|it| *it == frame).count();
    assert_eq!(times(b"\x81\x04ping"), 2);
    assert_eq!(times(&[0x89, 0]), 2);
    let mut goodbye = vec![0x88, 14, 0x0F, 0xA1];
    goodbye.extend(b"Ping timeout");
    assert!(heard.ends_with(&goodbye), "{heard:?}");
}

#[tokio::test]
async fn a_restaurant_may_want_more_or_fewer_dashboards_than_the_server_says() {
    let house = House::open().await;
    let settings = "/v1/restaurants/1/settings";
    let wish = json!({"dashboard_connections": 1});
    let answer = house.manager().patch(settings, &wish).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["dashboard_connections"]),
        (200, &json!(1))
    );
    let (_first, _) = Board::connect(&house).await;
    let mut second = Board::with_token(&house, KEY).await;
    assert_eq!(second.closed().await.1, 4008);
    let many = json!({"dashboard_connections": 1_001});
    let answer = house.manager().patch(settings, &many).await;
    let expected = "dashboard_connections must be from 1 to 1000";
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["message"]),
        (400, &json!(expected))
    );
    let (waiter, _) = crate::visitors::sign_in(&house, "waiter", maitred::demo::PASSWORD).await;
    assert_eq!(house.client(&waiter).patch(settings, &wish).await.status, 403);
}

#[tokio::test]
async fn who_answers_on_any_level_stays() {
    let house = House::open().await;
    // This client answers the protocol's own pings, and no text.
    let (mut board, _) = Board::connect(&house).await;
    tokio::time::pause();
    let begun = Instant::now();
    let mut n_asked = 0;
    while n_asked < 8 {
        match board.socket.next().await.unwrap().unwrap() {
            Message::Text(text) if text.as_str() == "ping" => n_asked += 1,
            Message::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(begun.elapsed() >= Duration::from_secs(230));
    tokio::time::resume();
    assert_eq!(board.outcome(act("disable", 5)).await, "5 disabled");
}

#[tokio::test]
async fn whose_credential_ends_is_told_so_and_closed() {
    let house = house_for_all().await;
    let operator = house.client(crate::visitors::OPERATOR);
    let key = json!({"name": "wall", "role": "manager"});
    let made = operator.post("/v1/restaurants/1/keys", &key).await.json();
    let mut board = Board::with_token(&house, made["key"].as_str().unwrap()).await;
    assert_eq!(board.next().await["type"], "tables_snapshot");
    let path = format!("/v1/restaurants/1/keys/{}", made["key_id"]);
    operator
        .send(hyper::Method::DELETE, &path, &[], String::new())
        .await;
    let (frames, code, _) = board.closed().await;
    assert_eq!(
        frames.iter().map(short).collect::<Vec<_>>(),
        ["invalid_token: Invalid token"]
    );
    assert_eq!(code, 4003);
}

#[tokio::test]
async fn a_token_of_several_restaurants_stands_for_the_first_that_it_names() {
    let house = house_for_all().await;
    for (tenants, own, n_open) in [(json!([2, 1]), 2, 6), (json!([1, 2]), 1, 20)] {
        let claims =
            json!({"sub": "wall", "roles": ["manager"], "tenant_ids": tenants, "exp": 1_999_999_999});
        let mut board = Board::with_token(&house, &sign(&claims, SECRET)).await;
        let snapshot = board.next().await;
        assert_eq!(
            snapshot["tables"].as_array().unwrap().len(),
            n_open,
            "{own}: {snapshot}"
        );
    }
}

#[tokio::test]
async fn a_restaurant_that_is_gone_has_no_tables_to_show() {
    let house = House::open_with(operated).await;
    let (mut board, _) = Board::connect(&house).await;
    assert_eq!(house.operator().delete("/v1/restaurants/1").await.status, 204);
    assert_eq!(board.closed().await.1, 4003);
    let mut late = Board::with_token(&house, KEY).await;
    let (frames, code, _) = late.closed().await;
    let told: Vec<_> = frames.iter().map(short).collect();
    assert_eq!(
        (told.as_slice(), code),
        (&["snapshot_error: Failed to load tables".to_owned()][..], 4003)
    );
}

#[tokio::test]
async fn when_the_program_stops_dashboards_are_told() {
    let house = House::open().await;
    let (mut board, _) = Board::connect(&house).await;
    let stopping = tokio::spawn(house.stop());
    let (_, code, _) = board.closed().await;
    assert_eq!(code, 1012);
    tokio::time::timeout(Duration::from_secs(20), stopping)
        .await
        .unwrap()
        .unwrap();
}
