//! Clients as they are in the field: HTTP over a socket, WebSocket over a socket.

use crate::captured_log::{note_body, note_header};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::client::legacy::Client as Http;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long a test waits for what must come. Reaching it is a failure, not a pause.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// An HTTP client with one credential.
#[derive(Clone)]
pub struct Client {
    pub http: Http<HttpConnector, Full<Bytes>>,
    pub address: SocketAddr,
    pub credential: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: hyper::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {}", self.text))
    }
}

impl Client {
    pub fn new(address: SocketAddr, credential: Option<&str>) -> Client {
        let http = Http::builder(TokioExecutor::new()).build_http();
        Client {
            http,
            address,
            credential: credential.map(str::to_owned),
        }
    }

    /// A client that comes from another address of this machine.
    pub fn from_source(address: SocketAddr, source: Ipv4Addr, credential: Option<&str>) -> Client {
        let mut connector = HttpConnector::new();
        connector.set_local_address(Some(source.into()));
        let http = Http::builder(TokioExecutor::new()).build(connector);
        Client {
            http,
            ..Client::new(address, credential)
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], String::new()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &[], body.to_string()).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, &[], body.to_string()).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, &[], body.to_string()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], String::new()).await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let (parts, body) = self.ask(method, path, headers, body).await.into_parts();
        let body = tokio::time::timeout(PATIENCE, body.collect())
            .await
            .unwrap()
            .unwrap()
            .to_bytes();
        let text = String::from_utf8(body.to_vec()).unwrap();
        note_body(&text);
        Answer {
            status: parts.status,
            headers: parts.headers,
            text,
        }
    }

    /// Asks for something that may never end. The answer's text is what comes first.
    pub async fn begin(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let answer = self.ask(Method::GET, path, headers, String::new()).await;
        let (parts, mut body) = answer.into_parts();
        let frame = tokio::time::timeout(PATIENCE, body.frame()).await.unwrap();
        let bytes = frame.unwrap().unwrap().into_data().unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Response<Incoming> {
        note_body(&body);
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        if let Some(credential) = &self.credential {
            note_header("authorization", credential);
            request = request.header(header::AUTHORIZATION, format!("Bearer {credential}"));
        }
        for (name, value) in headers {
            note_header(name, value);
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        let answer = tokio::time::timeout(PATIENCE, self.http.request(request))
            .await
            .unwrap()
            .unwrap();
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            note_header("set-cookie", cookie.to_str().unwrap());
        }
        answer
    }

    /// Sends a command to restaurant 1.
    pub async fn command(&self, command: Value) -> Answer {
        self.post("/v1/restaurants/test-restaurant-1/commands", &command)
            .await
    }

    /// Sends a command to restaurant 1 that must be accepted.
    pub async fn accepted(&self, command: Value) -> Value {
        let answer = self.command(command.clone()).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{command} was answered {}",
            answer.text
        );
        answer.json()
    }

    /// Sends a command to restaurant 1 under an idempotency key.
    pub async fn keyed(&self, key: &str, command: &Value) -> Answer {
        let headers = [("idempotency-key", key)];
        let path = "/v1/restaurants/test-restaurant-1/commands";
        self.send(Method::POST, path, &headers, command.to_string()).await
    }

    /// Seats two people at a table of restaurant 1. Answers the turn's id.
    pub async fn seat(&self, table_id: u64) -> u64 {
        let seated = self
            .accepted(json!({"command": "seat_walk_in", "table_ids": [table_id], "covers": 2}))
            .await;
        let events = seated["events"].as_array().unwrap();
        events.iter().find_map(|it| it["turn_id"].as_u64()).unwrap()
    }

    /// The floor of restaurant 1.
    pub async fn floor(&self) -> Value {
        let answer = self.get("/v1/restaurants/test-restaurant-1/floor").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()
    }
}

/// A connected screen.
pub struct Screen {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Screen {
    pub async fn connect(
        address: SocketAddr,
        restaurant: &str,
        query: &str,
        credential: Option<&str>,
    ) -> Result<Screen, Error> {
        let url = format!("ws://{address}/v1/restaurants/{restaurant}/stream{query}");
        let mut request = url.into_client_request().unwrap();
        if let Some(credential) = credential {
            note_header("authorization", credential);
            let value = format!("Bearer {credential}").parse().unwrap();
            request.headers_mut().insert("authorization", value);
        }
        let (socket, _) = connect_async(request).await?;
        Ok(Screen { socket })
    }

    /// The next JSON frame that is not a heartbeat.
    pub async fn next(&mut self) -> Value {
        // Heartbeats go on for ever: they are no reason to go on waiting.
        let frame = tokio::time::timeout(PATIENCE, async {
            loop {
                let frame = self.next_any().await;
                if frame["type"] != "heartbeat" {
                    return frame;
                }
            }
        });
        frame.await.expect("nothing but heartbeats came")
    }

    /// The next JSON frame.
    pub async fn next_any(&mut self) -> Value {
        match self.message().await {
            Some(Message::Text(text)) => serde_json::from_str(&text).unwrap(),
            other => panic!("expected a frame, got {other:?}"),
        }
    }

    /// The code and reason with which the server ends the connection; frames before it are skipped.
    pub async fn close_code(&mut self) -> (u16, String) {
        loop {
            match self.message().await {
                Some(Message::Close(Some(frame))) => return (frame.code.into(), frame.reason.to_string()),
                Some(Message::Text(_) | Message::Ping(_) | Message::Pong(_)) => {}
                other => panic!("expected a goodbye, got {other:?}"),
            }
        }
    }

    pub async fn message(&mut self) -> Option<Message> {
        let next = tokio::time::timeout(PATIENCE, self.socket.next())
            .await
            .expect("nothing came");
        next.map(|it| it.expect("the socket broke"))
    }

    pub async fn send(&mut self, frame: &Value) {
        self.say(Message::Text(frame.to_string().into())).await;
    }

    pub async fn say(&mut self, message: Message) {
        note_body(message.to_text().unwrap_or_default());
        self.socket.send(message).await.unwrap();
    }
}
