//! A client that follows the changes as server-sent events.

use crate::client::PATIENCE;
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// An open stream of events.
pub(crate) struct Tail {
    body: Incoming,
    text: String,
}

impl Tail {
    /// Follows restaurant 1: from a snapshot on, or right behind `last_event_id`.
    pub(crate) async fn open(address: SocketAddr, last_event_id: Option<u64>) -> Tail {
        let bearer = ("authorization", "Bearer demo-key-restaurant-1");
        Tail::open_as(address, last_event_id, bearer).await
    }

    /// As [`Tail::open`], with the credential in this header.
    pub(crate) async fn open_as(
        address: SocketAddr,
        last_event_id: Option<u64>,
        (name, credential): (&str, &str),
    ) -> Tail {
        let stream = TcpStream::connect(address).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        // Ends with its connection.
        tokio::spawn(connection);
        let mut request = Request::get("/v1/restaurants/test-restaurant-1/changes")
            .header("host", address.to_string())
            .header("accept", "text/event-stream")
            .header(name, credential);
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id.to_string());
        }
        let request = request.body(Empty::<Bytes>::new()).unwrap();
        let answer = timeout(PATIENCE, sender.send_request(request))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        Tail {
            body: answer.into_body(),
            text: String::new(),
        }
    }

    /// The next event that is not a heartbeat, with its id. What one can resume behind has its seq as id.
    pub(crate) async fn next(&mut self) -> Value {
        let news = async {
            loop {
                let (id, frame) = self.next_any().await;
                if ["change", "snapshot", "resumed"]
                    .iter()
                    .any(|it| frame["type"] == *it)
                {
                    assert_eq!(id, frame["seq"].as_u64());
                } else {
                    assert_eq!(id, None, "this is no place to resume from: {frame}");
                }
                if frame["type"] != "heartbeat" {
                    return frame;
                }
            }
        };
        timeout(PATIENCE, news)
            .await
            .expect("nothing but heartbeats came")
    }

    /// What else comes until the server ends the stream, without heartbeats.
    pub(crate) async fn rest(mut self) -> Vec<Value> {
        let mut frames = Vec::new();
        while let Some((_, frame)) = self.try_next_any().await {
            frames.push(frame);
        }
        frames.retain(|it| it["type"] != "heartbeat");
        frames
    }

    async fn next_any(&mut self) -> (Option<u64>, Value) {
        self.try_next_any().await.expect("the stream ended")
    }

    async fn try_next_any(&mut self) -> Option<(Option<u64>, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let id = event.lines().find_map(|it| it.strip_prefix("id: "));
                let data = event.lines().find_map(|it| it.strip_prefix("data: ")).unwrap();
                let parsed = (
                    id.map(|it| it.parse().unwrap()),
                    serde_json::from_str(data).unwrap(),
                );
                self.text = rest.to_owned();
                return Some(parsed);
            }
            let frame = timeout(PATIENCE, self.body.frame()).await.expect("nothing came");
            let bytes = frame?.unwrap().into_data().unwrap();
            self.text.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
}
