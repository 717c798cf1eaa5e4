//! The manager's dashboard: its socket, its pages, and the REST and HTML that came before.

mod actions;
mod connections;
mod frames;
mod older;
mod pages;
mod races;

use crate::captured_log::note_body;
use crate::client::PATIENCE;
use crate::house::House;
use crate::probe::{Socket, shake_at};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio_tungstenite::tungstenite::{Error, Message};

/// The manager's key of restaurant 1.
pub const KEY: &str = "demo-key-restaurant-1";

/// A dashboard.
pub struct Board {
    pub socket: Socket,
}

impl Board {
    /// Connects with this query and these headers.
    pub async fn try_connect(house: &House, query: &str, headers: &[(&str, &str)]) -> Result<Board, Error> {
        let socket = shake_at(house, &format!("/admin/ws/dashboard{query}"), headers).await?;
        Ok(Board { socket })
    }

    /// A dashboard with this credential.
    pub async fn with_token(house: &House, token: &str) -> Board {
        Board::try_connect(house, &format!("?token={token}"), &[])
            .await
            .unwrap()
    }

    /// A dashboard of restaurant 1, and what it shows first.
    pub async fn connect(house: &House) -> (Board, Shown) {
        let mut board = Board::with_token(house, KEY).await;
        let snapshot = board.next().await;
        assert_eq!(snapshot["type"], "tables_snapshot");
        let mut shown = Shown::default();
        shown.hear(&snapshot);
        (board, shown)
    }

    /// The next frame that is JSON.
    pub async fn next(&mut self) -> Value {
        loop {
            let text = self.text().await;
            if text != "ping" && text != "pong" {
                return serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
            }
        }
    }

    /// The next text.
    pub async fn text(&mut self) -> String {
        match self.message().await {
            Message::Text(text) => text.as_str().to_owned(),
            other => panic!("expected a text, got {other:?}"),
        }
    }

    /// The next message that is none of the protocol's own.
    pub async fn message(&mut self) -> Message {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.socket.next())
                .await
                .expect("nothing came");
            match next.expect("the socket ended").expect("the socket broke") {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }

    pub async fn send(&mut self, text: &str) {
        note_body(text);
        self.socket.send(Message::Text(text.into())).await.unwrap();
    }

    pub async fn ask(&mut self, frame: Value) {
        self.send(&frame.to_string()).await;
    }

    /// What came of an action: everything that is said before the answer to a ping, in short.
    pub async fn outcome(&mut self, frame: Value) -> String {
        self.ask(frame).await;
        self.said().await.join(", ")
    }

    /// Everything that is said before the answer to a ping, in short.
    pub async fn said(&mut self) -> Vec<String> {
        self.frames().await.iter().map(short).collect()
    }

    /// The frames that come before the answer to a ping.
    pub async fn frames(&mut self) -> Vec<Value> {
        self.send(" ping\n").await;
        let mut frames = Vec::new();
        loop {
            match self.text().await.as_str() {
                "pong" => return frames,
                "ping" => {}
                text => frames.push(serde_json::from_str(text).unwrap()),
            }
        }
    }

    /// The code and reason with which the server ends the connection, and what it says before.
    pub async fn closed(&mut self) -> (Vec<Value>, u16, String) {
        let mut frames = Vec::new();
        loop {
            match self.message().await {
                Message::Close(Some(close)) => return (frames, close.code.into(), close.reason.to_string()),
                Message::Text(text) if text.as_str() == "ping" => {}
                Message::Text(text) => frames.push(serde_json::from_str(&text).unwrap()),
                other => panic!("expected a goodbye, got {other:?}"),
            }
        }
    }
}

/// A frame in short.
fn short(frame: &Value) -> String {
    let table = &frame["table"];
    match frame["type"].as_str().unwrap() {
        "table_update" => {
            let session = &table["session"]["id"];
            let reserved = if table["reserved"] == true {
                " reserved"
            } else {
                ""
            };
            let session = if session.is_null() {
                String::new()
            } else {
                format!(" {session}")
            };
            format!(
                "{} {}{session}{reserved}",
                table["number"],
                table["status"].as_str().unwrap()
            )
        }
        "error" => {
            let at = frame
                .get("table_id")
                .map(|it| format!(" at {it}"))
                .unwrap_or_default();
            format!(
                "{}{at}: {}",
                frame["code"].as_str().unwrap(),
                frame["detail"].as_str().unwrap()
            )
        }
        other => other.to_owned(),
    }
}

/// What a dashboard shows: its tables by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    pub tables: BTreeMap<u64, Value>,
}

impl Shown {
    pub fn hear(&mut self, frame: &Value) {
        let id = |table: &Value| table["id"].as_u64().unwrap();
        match frame["type"].as_str().unwrap() {
            "tables_snapshot" => {
                let tables = frame["tables"].as_array().unwrap();
                self.tables = tables.iter().map(|it| (id(it), it.clone())).collect();
            }
            "table_update" => {
                let table = &frame["table"];
                // A table that it was not shown is none to it.
                if let Some(shown) = self.tables.get_mut(&id(table)) {
                    shown.clone_from(table);
                }
            }
            _ => {}
        }
    }
}

/// What a dashboard that connects now is shown.
pub async fn truth(house: &House) -> Shown {
    Board::connect(house).await.1
}

/// Seats a walk-in, and answers the turn.
pub async fn seat(house: &House, table_id: u64) -> u64 {
    house.manager().seat(table_id).await
}

pub fn act(action: &str, table_id: u64) -> Value {
    json!({"action": format!("{action}_table"), "table_id": table_id})
}

pub fn carry(from: u64, to: u64) -> Value {
    json!({"action": "move_table", "from_table_id": from, "to_table_id": to})
}
