//! The host stand's socket, as the tablets at the door use it.

mod binding;
mod changes;
mod doors;
mod only_here;
mod replay;
mod storm;
mod trouble;

use crate::captured_log::note_body;
use crate::client::{Answer, Client, PATIENCE};
use crate::house::House;
use crate::probe::{Socket, shake_at};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio_tungstenite::tungstenite::{Error, Message};

/// Where guests are.
pub const GUESTS: &str = "/restaurants/test-restaurant-1/guests";
/// Where tables are.
pub const TABLES: &str = "/restaurants/test-restaurant-1/tables";

/// A tablet at the door.
pub struct Tablet {
    pub socket: Socket,
}

impl Tablet {
    /// Connects with this query and these headers.
    pub async fn try_connect(house: &House, query: &str, headers: &[(&str, &str)]) -> Result<Tablet, Error> {
        let socket = shake_at(house, &format!("/realtime{query}"), headers).await?;
        Ok(Tablet { socket })
    }

    /// A tablet of restaurant 1, behind its first frame.
    pub async fn connect(house: &House) -> Tablet {
        let (tablet, first) = Tablet::connect_with(house, "?restaurant_id=test-restaurant-1").await;
        assert_eq!(first["type"], "restaurant_connect");
        tablet
    }

    /// A tablet with this query, and its first frame.
    pub async fn connect_with(house: &House, query: &str) -> (Tablet, Value) {
        let mut tablet = Tablet::try_connect(house, query, &[]).await.unwrap();
        let first = tablet.next().await;
        (tablet, first)
    }

    /// The next frame.
    pub async fn next(&mut self) -> Value {
        match self.message().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("expected a frame, got {other:?}"),
        }
    }

    /// The next frames.
    pub async fn take(&mut self, n: usize) -> Vec<Value> {
        let mut frames = Vec::new();
        for _ in 0..n {
            frames.push(self.next().await);
        }
        frames
    }

    /// The frames of the change `seq` and of those before it: those that come before a pong that says so.
    pub async fn through(&mut self, seq: u64) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            self.say(r#"{"type":"ping"}"#).await;
            loop {
                let frame = self.next().await;
                if frame["type"] == "pong" {
                    break;
                }
                frames.push(frame);
            }
            if frames.last().is_some_and(|it| it["seq"].as_u64() >= Some(seq)) || seq == 0 {
                return frames;
            }
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

    /// The code and reason with which the server ends the connection; frames before it are skipped.
    pub async fn close_code(&mut self) -> (u16, String) {
        loop {
            match self.message().await {
                Message::Close(Some(frame)) => return (frame.code.into(), frame.reason.to_string()),
                Message::Text(_) => {}
                other => panic!("expected a goodbye, got {other:?}"),
            }
        }
    }

    pub async fn say(&mut self, text: &str) {
        note_body(text);
        self.socket.send(Message::Text(text.into())).await.unwrap();
    }
}

/// The answer to a request that must succeed.
pub fn done(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

/// The place in the journal that an answer shows.
pub fn seq_of(answer: &Answer) -> u64 {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.headers["x-seq"].to_str().unwrap().parse().unwrap()
}

/// Puts a party on the list, and answers its id.
pub async fn guest(client: &Client, name: &str, party_size: u8) -> String {
    let body = json!({"first_name": name, "party_size": party_size});
    done(&client.post(GUESTS, &body).await)["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// What a tablet shows after frames: its guests and tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lists {
    pub guests: BTreeMap<String, Value>,
    pub tables: BTreeMap<String, Value>,
}

impl Lists {
    pub fn hear(&mut self, frame: &Value) {
        let data = &frame["data"];
        let id = data["id"].as_str().unwrap_or_default().to_owned();
        match frame["type"].as_str().unwrap() {
            "guest_created" | "guest_updated" => drop(self.guests.insert(id, guest_of(data))),
            "guest_deleted" => drop(self.guests.remove(&id)),
            "table_updated" if frame["deleted"] == true => drop(self.tables.remove(&id)),
            "table_updated" => drop(self.tables.insert(id, table_of(data))),
            other => panic!("a frame that no list is changed by: {other}"),
        }
    }

    /// What REST shows.
    pub async fn read(client: &Client) -> Lists {
        let mut lists = Lists::default();
        for guest in done(&client.get(GUESTS).await).as_array().unwrap() {
            let data = json!({
                "id": guest["id"], "guestName": guest["name"], "partySize": guest["partySize"],
                "statusLabel": guest["status"], "tableId": guest["tableId"], "phone": guest["phone"].as_str().unwrap_or_default(),
            });
            lists
                .guests
                .insert(guest["id"].as_str().unwrap().to_owned(), guest_of(&data));
        }
        for table in done(&client.get(TABLES).await).as_array().unwrap() {
            lists
                .tables
                .insert(table["id"].as_str().unwrap().to_owned(), table_of(table));
        }
        lists
    }
}

fn guest_of(data: &Value) -> Value {
    json!([
        data["guestName"],
        data["partySize"],
        data["statusLabel"],
        data["tableId"],
        data["phone"]
    ])
}

fn table_of(data: &Value) -> Value {
    json!([
        data["tableNumber"],
        data["capacity"],
        data["status"],
        data["currentGuestId"],
        data["section"],
        data["position"],
        data["shape"]
    ])
}

/// Checks that frames follow each other without a gap: by change, by part, by what was said before.
pub fn check_chain(frames: &[Value]) {
    for pair in frames.windows(2) {
        let number = |frame: &Value, key: &str| frame[key].as_u64().unwrap();
        let (a, b) = (&pair[0], &pair[1]);
        if number(a, "seq") == number(b, "seq") {
            assert_eq!(number(b, "part"), number(a, "part") + 1, "{a} then {b}");
            assert_eq!(a["prev_seq"], b["prev_seq"], "{a} then {b}");
        } else {
            assert_eq!(number(b, "part"), 1, "{a} then {b}");
            assert_eq!(b["prev_seq"], a["seq"], "{a} then {b}");
            assert!(b["seq"].as_u64() > a["seq"].as_u64(), "{a} then {b}");
        }
    }
}
