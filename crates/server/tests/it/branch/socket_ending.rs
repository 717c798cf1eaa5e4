//! How connections end: when a right to be there does, when the program stops, and for whoever is too slow.

use super::NAMESPACE;
use super::visitor::{By, Line, Visitor, WAYS};
use crate::client::PATIENCE;
use crate::house::{House, OPERATOR_KEY, operated};
use crate::probe::{STAFF, request, sign_in, signed_in};
use crate::program::Program;
use crate::slow::narrow_socket;
use crate::work::{until, wipe_tables, wiped};
use hyper::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, client_async};

const ERROR: &str = r#"42/restaurant/tables,["error",{"message":"Unauthorized"}]"#;
const OUT: &str = "41/restaurant/tables,";

/// It is told that what it has shown is worth nothing any more, and may show something else on the same connection.
async fn signed_out(client: &mut Visitor) {
    assert_eq!(client.next().await.as_deref(), Some(ERROR));
    assert_eq!(client.next().await.as_deref(), Some(OUT));
    client.enter(super::KEY).await;
    client.joined(&json!("1")).await;
}

async fn new_key(house: &House) -> (String, String) {
    let body = json!({"name": "wall", "role": "host"});
    let keys = "/v1/restaurants/1/keys";
    let made = signed_in(house, "admin").await.post(keys, &body).await.json();
    (
        made["key"].as_str().unwrap().to_owned(),
        format!("{keys}/{}", made["key_id"]),
    )
}

#[tokio::test]
async fn a_key_that_is_taken_back_ends_the_membership_and_not_the_connection() {
    let house = House::open().await;
    for by in WAYS {
        let (key, place) = new_key(&house).await;
        let mut joined = Visitor::with_token(&house, by, &key).await;
        joined.joined(&json!("1")).await;
        let mut idle = Visitor::with_token(&house, by, &key).await;
        let gone = signed_in(&house, "admin").await.delete(&place).await;
        assert_eq!(gone.status, 204);
        house
            .manager()
            .accepted(wiped(1, u64::from(by == By::Polling)))
            .await;
        signed_out(&mut joined).await;
        signed_out(&mut idle).await;
    }
}

#[tokio::test]
async fn a_sign_out_ends_it_too() {
    let house = House::open().await;
    for by in WAYS {
        let token = sign_in(&house, "waiter").await;
        let mut client = Visitor::with_token(&house, by, &token).await;
        client.joined(&json!("1")).await;
        let gone = house
            .client(&token)
            .send(Method::POST, "/v1/sign-out", &[], String::new())
            .await;
        assert_eq!(gone.status, 204);
        signed_out(&mut client).await;
    }
}

#[tokio::test]
async fn a_token_that_runs_out_ends_it_whether_or_not_anything_was_joined() {
    let house = House::open().await;
    let token = sign_in(&house, "waiter").await;
    let mut clients = Vec::new();
    for by in WAYS {
        let mut joined = Visitor::with_token(&house, by, &token).await;
        joined.joined(&json!("1")).await;
        clients.push(joined);
        clients.push(Visitor::with_token(&house, by, &token).await);
    }
    house.later(SignedDuration::from_secs(1_799));
    for client in &mut clients {
        assert_eq!(client.told().await, Vec::<Value>::new());
    }
    house.later(SignedDuration::from_mins(30));
    for client in &mut clients {
        signed_out(client).await;
    }
}

#[tokio::test]
async fn whoever_is_let_go_in_one_branch_stays_in_the_other() {
    let house = House::open_with(operated).await;
    let operator = house.operator();
    // The waiter of the one works in the other, too.
    let hired = json!({"staff_id": 4, "name": "Waiter", "roles": ["waiter"]});
    let answer = operator.post("/v1/restaurants/2/staff", &hired).await;
    assert!(answer.status.is_success(), "{answer:?}");
    for by in WAYS {
        let token = sign_in(&house, "waiter").await;
        let mut client = Visitor::with_token(&house, by, &token).await;
        let first = client.join(&json!("1")).await["branchId"].clone();
        assert_eq!(client.join(&json!("2")).await["ok"], true);
        let path = format!("{STAFF}/4");
        let gone = operator.patch(&path, &json!({"active": false})).await;
        assert_eq!(gone.status, 200, "{gone:?}");
        let event = client.event().await;
        assert_eq!(
            event,
            json!(["error", {"message": "Forbidden", "branchId": first}])
        );
        assert_eq!(
            client.join(&json!("1")).await,
            json!({"ok": false, "error": "forbidden"})
        );
        let command = wiped(21, u64::from(by == By::Polling));
        let bistro = house.client("demo-key-restaurant-2");
        assert_eq!(
            bistro.post("/v1/restaurants/2/commands", &command).await.status,
            200
        );
        client.seq().await;
        let back = operator.patch(&path, &json!({"active": true})).await;
        assert_eq!(back.status, 200, "{back:?}");
    }
}

#[tokio::test]
async fn with_a_branch_that_is_removed_go_its_tables() {
    for by in WAYS {
        let house = House::open_with(operated).await;
        let mut client = Visitor::with_token(&house, by, OPERATOR_KEY).await;
        let id = client.join(&json!("1")).await["branchId"].clone();
        client.joined(&json!("2")).await;
        // Somebody of this branch alone has nothing left.
        let (key, _) = new_key(&house).await;
        let mut own = Visitor::with_token(&house, by, &key).await;
        own.joined(&json!("1")).await;
        let list = house
            .operator()
            .get("/api/v1/restaurant/tables?limit=100")
            .await
            .json();
        let tables = list["data"].as_array().unwrap().iter();
        let tables = tables
            .filter(|it| it["branchId"] == id)
            .map(|it| it["id"].clone());
        let mut tables: Vec<Value> = tables.collect();
        assert!(tables.len() > 10, "{list}");
        assert_eq!(house.operator().delete("/v1/restaurants/1").await.status, 204);
        let mut told = Vec::new();
        let mut told_own = Vec::new();
        for _ in &tables {
            told.push(client.event().await);
            told_own.push(own.event().await);
        }
        assert_eq!(told, told_own);
        let by_id = |it: &Value| it.to_string();
        tables.sort_by_key(by_id);
        let mut deleted: Vec<Value> = told.iter().map(|it| it[1]["id"].clone()).collect();
        deleted.sort_by_key(by_id);
        assert_eq!(deleted, tables);
        assert!(told.iter().all(|it| it[0] == "tableDeleted"), "{told:?}");
        let missing = json!(["error", {"message": "Not Found", "branchId": id}]);
        assert_eq!(client.event().await, missing);
        assert_eq!(own.event().await, missing);
        assert_eq!(own.join(&json!("1")).await["error"], "forbidden");
        assert_eq!(client.join(&json!("1")).await["error"], "forbidden");
        // The other branch goes on.
        let bistro = house.client("demo-key-restaurant-2");
        let command = wiped(21, 0);
        assert_eq!(
            bistro.post("/v1/restaurants/2/commands", &command).await.status,
            200
        );
        client.seq().await;
    }
}

#[tokio::test]
async fn when_the_program_stops_everybody_is_sent_away_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_at(folder.path(), 0).await;
    let mut clients = Vec::new();
    for by in WAYS {
        let mut joined = Visitor::enter_as_manager(&house, by).await;
        joined.joined(&json!("1")).await;
        clients.push(joined);
        clients.push(Visitor::enter_as_manager(&house, by).await);
        clients.push(Visitor::open(&house, by).await);
    }
    let mut leaving = Vec::new();
    for mut client in clients {
        leaving.push(tokio::spawn(async move {
            // Whoever polls is answered with the end, or finds nobody there any more.
            match &mut client.line {
                Line::Polling(poller) => assert_eq!(poller.get().await.text, "1"),
                Line::Socket(_) => assert_eq!(client.next().await, None),
            }
        }));
    }
    // Until all polls have come in.
    until(async || {
        let metrics = house.stranger().get("/metrics").await.text;
        metrics.contains("maitred_connections{surface=\"branch_session\"} 6")
    })
    .await;
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    tokio::time::timeout(PATIENCE, house.stop()).await.unwrap();
    for leaving in leaving {
        leaving.await.unwrap();
    }
}

#[tokio::test]
async fn a_program_with_clients_of_every_kind_ends_in_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let idle = super::visitor::Poller::open(program.address).await;
    let asleep = super::visitor::Poller::open(program.address).await;
    asleep
        .post(&format!("40{NAMESPACE},{}", json!({"token": super::KEY})))
        .await;
    let polling = tokio::spawn(async move { idle.get().await.text });
    let url = format!("ws://{}/socket.io/?EIO=4&transport=websocket", program.address);
    let (_socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let begun = Instant::now();
    program.ask_to_stop();
    assert!(program.ended().await.success());
    println!("it took {:?}", begun.elapsed());
    drop(polling.await);
}

/// Somebody who has joined branch 1 over a socket that takes little, and then reads nothing.
async fn sleeper(house: &House) -> Visitor {
    let url = format!("ws://{}/socket.io/?EIO=4&transport=websocket", house.address);
    let stream = MaybeTlsStream::Plain(narrow_socket(house.address));
    let (mut socket, _) = client_async(url.into_client_request().unwrap(), stream)
        .await
        .unwrap();
    for packet in [
        format!("40{NAMESPACE},{}", json!({"token": super::KEY})),
        format!("42{NAMESPACE},0[\"joinBranch\",\"1\"]"),
    ] {
        let message = Message::Text(packet.into());
        futures_util::SinkExt::send(&mut socket, message).await.unwrap();
    }
    let mut asleep = Visitor::on(Line::Socket(Box::new(socket)));
    // The first packets, and nothing more.
    assert!(asleep.next().await.unwrap().starts_with("0{"));
    assert!(asleep.next().await.unwrap().starts_with("40"));
    assert!(asleep.next().await.unwrap().starts_with("43"));
    asleep
}

/// How many the server has sent away because they were too slow.
async fn n_too_slow(house: &House) -> usize {
    let figures = request(house.address, "GET", "/metrics", &[], b"").await.text;
    let name = "maitred_goodbyes_total{reason=\"too_slow\"} ";
    let figure = figures.lines().find_map(|it| it.strip_prefix(name));
    figure.map_or(0, |it| it.parse().unwrap())
}

/// What comes up to the end of the connection: every change behind `place`, in order. Answers the last.
async fn heard_to_the_end(asleep: &mut Visitor, place: u64) -> u64 {
    let mut heard = place;
    while let Some(packet) = asleep.next().await {
        let event: Value =
            serde_json::from_str(packet.strip_prefix("42/restaurant/tables,").unwrap()).unwrap();
        heard += 1;
        assert_eq!(event[2]["seq"], heard);
    }
    heard
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_reads_nothing_keeps_nobody_waiting_is_sent_away_and_comes_back() {
    const N_CHANGES: u64 = 4_000;
    let house = House::open().await;
    let mut asleep = sleeper(&house).await;
    let mut awake = Visitor::enter_as_manager(&house, By::Socket).await;
    let place = awake.joined(&json!("1")).await;
    let last = place + N_CHANGES;
    let watching = tokio::spawn(async move {
        for seq in place + 1..=last {
            assert_eq!(awake.seq().await, seq);
        }
        awake
    });
    wipe_tables(&house.manager(), N_CHANGES).await;
    let mut awake = watching.await.unwrap();
    // It left the ring behind: what was on its way comes in order, and then the end.
    let heard = heard_to_the_end(&mut asleep, place).await;
    assert!(heard < last, "it was told everything and not sent away");
    assert_eq!(n_too_slow(&house).await, 1);
    // It says where it was, on either way, and has missed nothing.
    for by in WAYS {
        let mut back = Visitor::enter_as_manager(&house, by).await;
        let answer = back.join(&json!({"branchId": "1", "since": heard})).await;
        assert_eq!((&answer["since"], &answer["seq"]), (&json!(heard), &json!(last)));
        for seq in heard + 1..=last {
            assert_eq!(back.seq().await, seq, "{by:?}");
        }
        assert_eq!(back.told().await, Vec::<Value>::new(), "{by:?}");
    }
    assert_eq!(awake.told().await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_socket_that_takes_nothing_for_half_a_minute_is_let_go() {
    let house = House::open().await;
    let mut asleep = sleeper(&house).await;
    let mut awake = Visitor::enter_as_manager(&house, By::Socket).await;
    let place = awake.joined(&json!("1")).await;
    // Fewer than the ring holds, and more than the socket takes.
    let last = wipe_tables(&house.manager(), 600).await;
    for seq in place + 1..=last {
        assert_eq!(awake.seq().await, seq);
    }
    assert_eq!(n_too_slow(&house).await, 0);
    awake.send("1").await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(31)).await;
    until(async || n_too_slow(&house).await == 1).await;
    tokio::time::resume();
    let heard = heard_to_the_end(&mut asleep, place).await;
    assert!(heard < last, "{heard} of {last}");
    let mut back = Visitor::enter_as_manager(&house, By::Socket).await;
    back.join(&json!({"branchId": "1", "since": heard})).await;
    for seq in heard + 1..=last {
        assert_eq!(back.seq().await, seq);
    }
    assert_eq!(back.told().await, Vec::<Value>::new());
}
