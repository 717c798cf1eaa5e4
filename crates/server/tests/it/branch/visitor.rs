//! A client of the namespace that speaks the protocol by hand, over a WebSocket or by polling.

use super::{KEY, NAMESPACE};
use crate::captured_log::note;
use crate::client::{Answer, Client, PATIENCE};
use crate::house::House;
use crate::probe::{Socket, shake_at};
use futures_util::{SinkExt, StreamExt};
use hyper::Method;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::net::SocketAddr;
use tokio_tungstenite::tungstenite::Message;

/// How packets travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Socket,
    Polling,
}

/// Both ways.
pub const WAYS: [By; 2] = [By::Socket, By::Polling];

/// A client.
pub struct Visitor {
    pub line: Line,
    /// What was fetched and not looked at yet.
    fetched: VecDeque<String>,
    /// Events that came while something else was waited for.
    events: VecDeque<Value>,
    n_asked: u64,
}

pub enum Line {
    Socket(Box<Socket>),
    Polling(Poller),
}

/// A session that polls.
#[derive(Clone)]
pub struct Poller {
    client: Client,
    pub path: String,
}

impl Poller {
    /// Opens a session.
    pub async fn open(address: SocketAddr) -> Poller {
        let client = Client::new(address, None);
        let answer = client.get("/socket.io/?EIO=4&transport=polling").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let open: Value = serde_json::from_str(answer.text.strip_prefix('0').unwrap()).unwrap();
        let sid = open["sid"].as_str().unwrap();
        let path = format!("/socket.io/?EIO=4&transport=polling&sid={sid}");
        Poller { client, path }
    }

    pub fn sid(&self) -> &str {
        self.path.rsplit('=').next().unwrap()
    }

    pub async fn get(&self) -> Answer {
        self.client.get(&self.path).await
    }

    pub async fn post(&self, body: &str) -> Answer {
        let headers = [("content-type", "text/plain;charset=UTF-8")];
        self.client
            .send(Method::POST, &self.path, &headers, body.to_owned())
            .await
    }
}

impl Visitor {
    /// Somebody who has opened a connection and said nothing.
    pub async fn open(house: &House, by: By) -> Visitor {
        let line = match by {
            By::Socket => {
                let mut socket = shake_at(house, "/socket.io/?EIO=4&transport=websocket", &[])
                    .await
                    .unwrap();
                let open = socket.next().await.unwrap().unwrap();
                assert!(open.to_text().unwrap().starts_with("0{"), "{open:?}");
                Line::Socket(Box::new(socket))
            }
            By::Polling => Line::Polling(Poller::open(house.address).await),
        };
        Visitor::on(line)
    }

    pub fn on(line: Line) -> Visitor {
        Visitor {
            line,
            fetched: VecDeque::new(),
            events: VecDeque::new(),
            n_asked: 0,
        }
    }

    /// Somebody who is in the namespace with this token.
    pub async fn with_token(house: &House, by: By, token: &str) -> Visitor {
        let mut visitor = Visitor::open(house, by).await;
        visitor.enter(token).await;
        visitor
    }

    /// Somebody who is in the namespace, as a manager.
    pub async fn enter_as_manager(house: &House, by: By) -> Visitor {
        Visitor::with_token(house, by, KEY).await
    }

    pub async fn send(&mut self, packet: &str) {
        match &mut self.line {
            // A connection that has ended says so when it is read.
            Line::Socket(socket) => drop(socket.send(Message::Text(packet.into())).await),
            Line::Polling(poller) => drop(poller.post(packet).await),
        }
    }

    /// The next packet; nothing, when the connection has ended. Questions are answered.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            let packet = self.next_any().await?;
            match packet.as_str() {
                "2" => self.send("3").await,
                "6" => {}
                _ => return Some(packet),
            }
        }
    }

    async fn next_any(&mut self) -> Option<String> {
        if let Some(packet) = self.fetched.pop_front() {
            return Some(packet).filter(|it| it != "1");
        }
        match &mut self.line {
            Line::Socket(socket) => loop {
                let next = tokio::time::timeout(PATIENCE, socket.next()).await;
                match next.expect("nothing came") {
                    Some(Ok(Message::Text(text))) => return Some(text.as_str().to_owned()),
                    Some(Ok(Message::Close(close))) => {
                        assert!(close.is_none(), "a goodbye has no code: {close:?}");
                    }
                    Some(Ok(_)) => {}
                    None | Some(Err(_)) => return None,
                }
            },
            Line::Polling(poller) => {
                let answer = poller.get().await;
                if answer.status != 200 {
                    assert_eq!(answer.status, 400, "{answer:?}");
                    return None;
                }
                self.fetched = answer.text.split('\u{1e}').map(str::to_owned).collect();
                self.fetched.pop_front().filter(|it| it != "1")
            }
        }
    }

    /// Asks to be let in. Answers what is said to that.
    pub async fn try_enter(&mut self, namespace: &str, auth: &Value) -> Option<String> {
        if let Some(token) = auth["token"].as_str() {
            note(token);
        }
        self.send(&format!("40{namespace},{auth}")).await;
        self.next().await
    }

    pub async fn enter(&mut self, token: &str) {
        let said = self.try_enter(NAMESPACE, &json!({"token": token})).await.unwrap();
        let sid = said
            .strip_prefix("40/restaurant/tables,")
            .unwrap_or_else(|| panic!("{said}"));
        let sid: Value = serde_json::from_str(sid).unwrap();
        assert_eq!(sid["sid"].as_str().map(str::len), Some(20));
    }

    /// Wants something, and waits for the answer. Events before it are kept.
    pub async fn ask(&mut self, event: &str, argument: &Value) -> Value {
        let number = self.n_asked;
        self.n_asked += 1;
        self.send(&format!("42{NAMESPACE},{number}{}", json!([event, argument])))
            .await;
        let prefix = format!("43{NAMESPACE},{number}");
        loop {
            let packet = self.next().await.expect("the connection ended");
            if let Some(answer) = packet.strip_prefix(&prefix) {
                let answer: Value = serde_json::from_str(answer).unwrap();
                assert_eq!(answer.as_array().unwrap().len(), 1);
                return answer[0].clone();
            }
            self.keep(&packet);
        }
    }

    pub async fn join(&mut self, argument: &Value) -> Value {
        self.ask("joinBranch", argument).await
    }

    /// Joins a branch that must be open to it. Answers the place after which it is told everything.
    pub async fn joined(&mut self, argument: &Value) -> u64 {
        let answer = self.join(argument).await;
        assert_eq!(answer["ok"], true, "{answer}");
        answer["seq"].as_u64().unwrap()
    }

    fn keep(&mut self, packet: &str) {
        let event = packet.strip_prefix("42/restaurant/tables,");
        let event = event.unwrap_or_else(|| panic!("expected an event, got {packet}"));
        self.events.push_back(serde_json::from_str(event).unwrap());
    }

    /// The next event.
    pub async fn event(&mut self) -> Value {
        loop {
            if let Some(event) = self.events.pop_front() {
                return event;
            }
            let packet = self.next().await.expect("the connection ended");
            self.keep(&packet);
        }
    }

    /// The place of the next event.
    pub async fn seq(&mut self) -> u64 {
        let event = self.event().await;
        event[2]["seq"].as_u64().unwrap_or_else(|| panic!("{event}"))
    }

    /// Everything that is told before the answer to something that changes nothing.
    pub async fn told(&mut self) -> Vec<Value> {
        self.ask("leaveBranch", &json!("nowhere")).await;
        self.events.drain(..).collect()
    }

    /// Waits until the connection has ended, and has said nothing before.
    pub async fn ended(&mut self) {
        assert_eq!(self.next().await, None);
        if let Line::Polling(poller) = &self.line {
            let answer = poller.get().await;
            assert_eq!(answer.json(), json!({"code": 1, "message": "Session ID unknown"}));
        }
    }
}
