//! What must not get out: guests (P11) and secrets. The program runs as it is, logging all it can.

use crate::captured_log::has_said;
use crate::client::{Client, PATIENCE};
use crate::house::House;
use crate::probe::{Socket, heard};
use crate::program::Program;
use futures_util::SinkExt;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

const GUEST: [&str; 6] = [
    "Quillonia",
    "Zebedee",
    "+1 212 555 0142",
    "Sesame allergy",
    "Xanthippe",
    "Yoghurt-free",
];
const KEY: &str = "demo-key-restaurant-1";

fn program(folder: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_maitred"));
    program
        .env_clear()
        .current_dir(folder)
        .kill_on_drop(true)
        .stdin(Stdio::null());
    program
}

/// The empty demo house as a program of its own, with this log filter.
async fn open(folder: &Path, log: &str) -> (Child, SocketAddr) {
    let mut demo = program(folder)
        .args([
            "demo",
            "--no-traffic",
            "--history",
            "0",
            "--listen",
            "127.0.0.1:0",
            "--data",
            "data",
        ])
        .env("MAITRED_LOG", log)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(demo.stdout.take().unwrap()).lines();
    loop {
        let line = lines.next_line().await.unwrap().expect("the demo starts");
        if let Some(address) = line.strip_prefix("ready http://") {
            return (demo, address.parse().unwrap());
        }
    }
}

/// Stops the program as an operator would. Answers all it has logged.
async fn close(mut demo: Child) -> String {
    let pid = rustix::process::Pid::from_raw(demo.id().unwrap().try_into().unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let mut log = String::new();
    demo.stderr
        .take()
        .unwrap()
        .read_to_string(&mut log)
        .await
        .unwrap();
    assert!(demo.wait().await.unwrap().success());
    log
}

async fn connect(address: SocketAddr, headers: &[(&str, &str)]) -> Socket {
    let mut request = format!("ws://{address}/v1/restaurants/1/stream")
        .into_client_request()
        .unwrap();
    for (name, value) in headers {
        let name: hyper::header::HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    connect_async(request).await.unwrap().0
}

async fn say(socket: &mut Socket, frame: &Value) -> Value {
    socket
        .send(Message::Text(frame.to_string().into()))
        .await
        .unwrap();
    heard(socket).await.unwrap()
}

/// Guests come and change, on every way in, right and wrong.
async fn welcome_guests(address: SocketAddr) {
    let [name, other, phone, note, third, wish] = GUEST;
    let client = Client::new(address, Some(KEY));
    let party = json!({"command": "add_party", "covers": 2, "name": name, "phone": phone, "notes": note});
    client.accepted(party.clone()).await;
    client
        .accepted(json!({"command": "update_party", "party_id": 1, "name": other, "notes": wish}))
        .await;
    client
        .accepted(json!({"command": "seat_walk_in", "table_ids": [7], "guest": {"name": third}}))
        .await;
    client.keyed("k1", &party).await;
    client
        .command(json!({"command": "seat_walk_in", "table_ids": [7], "guest": {"name": name}}))
        .await;
    client
        .command(json!({"command": "add_party", "covers": 2, "name": name, "phone": [phone]}))
        .await;
    client
        .command(json!({"command": "add_party", "covers": 2, name: phone}))
        .await;
    client.command(json!({"command": name})).await;
    client.get(&format!("/v1/restaurants/{name}/floor")).await;
    let mut socket = connect(address, &[("authorization", &format!("Bearer {KEY}"))]).await;
    heard(&mut socket).await.unwrap();
    say(
        &mut socket,
        &json!({"type": "command", "id": "c1", "command": party}),
    )
    .await;
    heard(&mut socket).await.unwrap();
    say(
        &mut socket,
        &json!({"type": "command", "id": "c2", "command": {"command": "add_party", "name": third}}),
    )
    .await;
}

#[tokio::test]
async fn guests_are_in_no_event_no_figure_and_no_log_line() {
    let folder = tempfile::tempdir().unwrap();
    let (demo, address) = open(folder.path(), "trace").await;
    welcome_guests(address).await;
    let client = Client::new(address, Some(KEY));
    let floor = client.floor().await;
    let changes = client.get("/v1/restaurants/1/changes").await.json();
    let metrics = client.get("/metrics").await.text;
    let log = close(demo).await;
    assert!(log.contains("told the latest changes"), "the log is on: {log}");
    let mut export = program(folder.path());
    let export = export
        .args(["export", "--data", "data", "1"])
        .output()
        .await
        .unwrap();
    let export = String::from_utf8(export.stdout).unwrap();
    assert!(export.contains("guest_changed"), "{export}");
    let told: Vec<Value> = changes["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["events"].clone())
        .collect();
    let places = [
        ("the floor", floor["floor"].to_string()),
        ("events", json!(told).to_string()),
        ("the export", export),
        ("figures", metrics),
        ("the log", log),
    ];
    for (place, text) in places {
        for word in GUEST {
            let line = text.lines().find(|it| it.contains(word));
            assert_eq!(line, None, "{word} stands in {place}");
        }
    }
    // Those who work with it see the guest book of now.
    assert_eq!(
        floor["guests"][0],
        json!({"guest_id": 1, "name": GUEST[1], "phone": GUEST[2], "notes": GUEST[5]})
    );
    assert_eq!(changes["changes"][3]["guests"], json!([floor["guests"][0]]));
}

#[tokio::test]
async fn secrets_are_in_no_log_line() {
    let folder = tempfile::tempdir().unwrap();
    let (demo, address) = open(folder.path(), "trace").await;
    let stranger = Client::new(address, None);
    let guess = "guess-of-a-password";
    stranger
        .post("/v1/sign-in", &json!({"login": "host", "password": guess}))
        .await;
    stranger
        .post(
            "/v1/sign-in",
            &json!({"login": guess, "password": "maitred-demo", "x": guess}),
        )
        .await;
    let signed_in = stranger
        .post(
            "/v1/sign-in",
            &json!({"login": "host", "password": "maitred-demo"}),
        )
        .await
        .json();
    let token = signed_in["token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    Client::new(address, Some(&token))
        .accepted(json!({"command": "add_party", "covers": 2}))
        .await;
    Client::new(address, Some("wrong-api-key"))
        .command(json!({"command": "add_party", "covers": 2}))
        .await;
    for headers in [
        [("authorization", bearer.as_str())],
        [("cookie", &format!("maitred_session={token}"))],
    ] {
        heard(&mut connect(address, &headers).await).await.unwrap();
    }
    let mut socket = connect(address, &[]).await;
    say(&mut socket, &json!({"type": "auth", "token": token})).await;
    say(&mut socket, &json!({"type": "auth", "token": token, "x": 1})).await;
    socket
        .send(Message::Text(
            json!({"type": "auth", "token": KEY}).to_string().into(),
        ))
        .await
        .unwrap();
    say(&mut socket, &json!({"type": "ping"})).await;
    Client::new(address, Some(&token))
        .send(hyper::Method::POST, "/v1/sign-out", &[], String::new())
        .await;
    let log = close(demo).await;
    for secret in [&token, KEY, "maitred-demo", guess, "wrong-api-key"] {
        let line = log.lines().find(|it| it.contains(secret));
        assert_eq!(line, None, "a secret stands in the log");
    }
}

#[tokio::test]
async fn the_suite_hears_its_servers_and_its_programs() {
    let house = House::open().await;
    house.manager().seat(12).await;
    assert!(has_said("told the latest changes topic=\"v1\""));
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let mut screen = program.screen_from("").await;
    screen.next().await;
    program.ask_to_stop();
    screen.close_code().await;
    assert!(program.ended().await.success());
    let heard = timeout(PATIENCE, async {
        while !has_said("Z  INFO maitred::server: stopped") {
            tokio::task::yield_now().await;
        }
    });
    heard.await.expect("the program is not heard");
}
