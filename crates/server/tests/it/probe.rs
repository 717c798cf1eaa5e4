//! Probes that go below the clients: raw requests, and what must hold around every refused one.

use crate::captured_log::{note_body, note_header, note_query};
use crate::client::{Answer, Client, PATIENCE};
use crate::house::House;
use futures_util::StreamExt;
use hyper::StatusCode;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async, connect_async};

/// Where restaurant 1 takes commands.
pub const COMMANDS: &str = "/v1/restaurants/test-restaurant-1/commands";
/// Where restaurant 1 shows its floor.
pub const FLOOR: &str = "/v1/restaurants/test-restaurant-1/floor";
/// The manager's API key of restaurant 1.
pub const KEY: &str = "demo-key-restaurant-1";

/// What asks for a WebSocket.
pub const HANDSHAKE: [&str; 4] = [
    "connection: upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
];

/// A connection that sends exactly what it is told.
pub struct Wire {
    stream: TcpStream,
}

impl Wire {
    pub async fn open(address: SocketAddr) -> Wire {
        let stream = TcpStream::connect(address).await.unwrap();
        Wire { stream }
    }

    pub async fn say(&mut self, bytes: impl AsRef<[u8]>) {
        // The server may have hung up already: its answer is what counts.
        drop(self.stream.write_all(bytes.as_ref()).await);
    }

    /// Sends no more, but goes on reading.
    pub async fn fall_silent(&mut self) {
        drop(self.stream.shutdown().await);
    }

    /// The answer, read until the server closes the connection.
    pub async fn answer(self) -> Answer {
        let answer = self.try_answer().await;
        answer.expect("the connection ended without an answer")
    }

    /// As [`Wire::answer`], or nothing when the server closes without one.
    pub async fn try_answer(mut self) -> Option<Answer> {
        let mut bytes = Vec::new();
        // A line that breaks has brought what it has brought.
        drop(self.stream.read_to_end(&mut bytes).await);
        if bytes.is_empty() {
            return None;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, text) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().and_then(|it| it.split(' ').nth(1)).unwrap();
        let headers = lines
            .filter_map(|it| it.split_once(": "))
            .map(|(name, value)| {
                let name: hyper::header::HeaderName = name.parse().unwrap();
                (name, value.parse().unwrap())
            })
            .collect();
        Some(Answer {
            status: status.parse().unwrap(),
            headers,
            text: text.to_owned(),
        })
    }
}

/// Sends a request as these bytes, on a connection of its own. A request asks to be the last one.
pub async fn request(address: SocketAddr, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
    let mut wire = Wire::open(address).await;
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    note_body(&String::from_utf8_lossy(body));
    for header in headers {
        if let Some((name, value)) = header.split_once(": ") {
            note_header(name, value);
        }
        head.push_str(header);
        head.push_str("\r\n");
    }
    if !body.is_empty() {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    wire.say(bytes).await;
    wire.answer().await
}

/// Sends this body to restaurant 1's commands, with the manager's key.
pub async fn command_bytes(house: &House, body: &[u8]) -> Answer {
    let authorization = format!("authorization: Bearer {KEY}");
    request(house.address, "POST", COMMANDS, &[&authorization], body).await
}

/// The place of restaurant 1's floor and its digest: equal before and after when nothing has changed.
pub async fn standing(house: &House) -> (u64, String) {
    let floor = house.manager().floor().await;
    let digest = floor["digest"].as_str().unwrap().to_owned();
    (floor["seq"].as_u64().unwrap(), digest)
}

/// Checks that a "no" has the whole shape that clients rely on, and reads well. Answers it in one line.
pub fn no(answer: &Answer) -> String {
    assert!(
        answer.status.is_client_error() || answer.status == StatusCode::SERVICE_UNAVAILABLE,
        "{answer:?}"
    );
    let kind = answer.headers.get("content-type").unwrap();
    assert_eq!(kind, "application/json", "{answer:?}");
    format!("{} {}", answer.status.as_u16(), complaint(&answer.json()))
}

/// As [`no`], for the body alone.
pub fn complaint(body: &Value) -> String {
    let mut names: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    names.retain(|it| !["type", "id"].contains(it));
    assert_eq!(names, ["code", "facts", "field", "message"], "in {body}");
    let code = body["code"].as_str().unwrap();
    let message = body["message"].as_str().unwrap();
    assert!(
        code.chars().all(|it| it.is_ascii_lowercase() || it == '_'),
        "{code}"
    );
    assert!(body["facts"].is_object(), "{body}");
    assert!(!message.is_empty() && !message.ends_with('.'), "{message}");
    let field = match &body["field"] {
        Value::Null => "-",
        Value::String(field) => {
            let last = field.rsplit('.').next().unwrap();
            let last = last.to_lowercase().replace('-', " ");
            let said = message.to_lowercase().replace('-', " ");
            assert!(said.contains(&last), "`{message}` names {field}");
            field
        }
        other => panic!("a field is a name, not {other}"),
    };
    format!("{code} {field} | {message}")
}

/// A WebSocket as the library gives it.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A handshake with restaurant 1's stream, or `restaurant`'s, with these headers.
pub async fn shake(house: &House, restaurant: &str, headers: &[(&str, &str)]) -> Result<Socket, Error> {
    shake_at(house, &format!("/v1/restaurants/{restaurant}/stream"), headers).await
}

/// A handshake with the stream at this path.
pub async fn shake_at(house: &House, path: &str, headers: &[(&str, &str)]) -> Result<Socket, Error> {
    note_query(path);
    let url = format!("ws://{}{path}", house.address);
    let mut request = url.into_client_request().unwrap();
    for (name, value) in headers {
        note_header(name, value);
        let name: hyper::header::HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    Ok(connect_async(request).await?.0)
}

/// A handshake with the stream at this path. One that is turned down is an answer.
pub async fn try_shake(house: &House, path: &str, headers: &[(&str, &str)]) -> Result<Socket, Answer> {
    match shake_at(house, path, headers).await {
        Ok(socket) => Ok(socket),
        Err(Error::Http(response)) => {
            let (parts, body) = response.into_parts();
            Err(Answer {
                status: parts.status,
                headers: parts.headers,
                text: String::from_utf8(body.unwrap_or_default()).unwrap(),
            })
        }
        Err(error) => panic!("{error}"),
    }
}

/// A connection from another address of this machine: all of 127.0.0.0/8 is.
pub async fn connect_from(address: SocketAddr, source: Ipv4Addr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((source, 0))).unwrap();
    socket.connect(address).await.unwrap()
}

/// As [`shake`], from another address of this machine, with the manager's key.
pub async fn shake_from(house: &House, source: Ipv4Addr) -> Result<Socket, Error> {
    let url = format!("ws://{}/v1/restaurants/1/stream", house.address);
    let mut request = url.into_client_request().unwrap();
    let bearer = format!("Bearer {KEY}").parse().unwrap();
    request.headers_mut().insert("authorization", bearer);
    let stream = connect_from(house.address, source).await;
    Ok(client_async(request, MaybeTlsStream::Plain(stream)).await?.0)
}

/// How often the server says that it reached a limit.
pub async fn times_reached(house: &House, limit: &str) -> u64 {
    let figures = Client::new(house.address, None).get("/metrics").await.text;
    let name = format!("maitred_limits_total{{limit=\"{limit}\"}} ");
    let figure = figures.lines().find_map(|it| it.strip_prefix(&name));
    figure
        .unwrap_or_else(|| panic!("no {name} in {figures}"))
        .parse()
        .unwrap()
}

/// The next JSON frame that is not a heartbeat, or the close code.
pub async fn heard(socket: &mut Socket) -> Result<Value, u16> {
    loop {
        let message = tokio::time::timeout(PATIENCE, socket.next())
            .await
            .expect("nothing came");
        match message {
            Some(Ok(Message::Text(text))) => {
                let frame: Value = serde_json::from_str(&text).unwrap();
                if frame["type"] != "heartbeat" {
                    return Ok(frame);
                }
            }
            Some(Ok(Message::Close(Some(goodbye)))) => return Err(goodbye.code.into()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            other => panic!("expected a frame or a goodbye, got {other:?}"),
        }
    }
}

/// Where people of restaurant 1 are managed.
pub const STAFF: &str = "/v1/restaurants/test-restaurant-1/staff";

/// What somebody has who has signed in.
pub struct Entrance {
    pub token: String,
    pub refresh_token: String,
    /// The cookie as a browser sends it.
    pub cookie: String,
    pub id: String,
}

impl Entrance {
    /// What the answer to a sign-in has brought.
    pub fn of(answer: &Answer) -> Entrance {
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let body = answer.json();
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        let cookie = answer
            .headers
            .get("set-cookie")
            .map_or("", |it| it.to_str().unwrap());
        Entrance {
            token: text("token"),
            refresh_token: text("refresh_token"),
            cookie: cookie.split(';').next().unwrap().to_owned(),
            id: text("sign_in_id"),
        }
    }

    /// Which of token and cookie let anybody in, by the status of `GET /v1/me`.
    pub async fn statuses(&self, house: &House) -> [u16; 2] {
        let by_token = house.client(&self.token).get("/v1/me").await;
        let cookie = [("cookie", self.cookie.as_str())];
        let browser = house.stranger();
        let by_cookie = browser.send(hyper::Method::GET, "/v1/me", &cookie, String::new());
        [by_token.status.as_u16(), by_cookie.await.status.as_u16()]
    }
}

/// Signs an account of the demo house in.
pub async fn entrance(house: &House, login: &str) -> Entrance {
    let body = json!({"login": login, "password": "maitred-demo"});
    Entrance::of(&house.stranger().post("/v1/sign-in", &body).await)
}

/// Signs an account of the demo house in. Answers the bearer token.
pub async fn sign_in(house: &House, login: &str) -> String {
    entrance(house, login).await.token
}

/// A client that is signed in as an account of the demo house.
pub async fn signed_in(house: &House, login: &str) -> Client {
    house.client(&sign_in(house, login).await)
}

impl Wire {
    /// Waits until the server has closed the connection, whatever it says before.
    pub async fn end(mut self) {
        let mut bytes = Vec::new();
        drop(self.stream.read_to_end(&mut bytes).await);
    }
}

impl Wire {
    /// What comes, up to and with `mark`.
    pub async fn until(&mut self, mark: &str) -> String {
        let mut text = Vec::new();
        while !text.ends_with(mark.as_bytes()) {
            let byte = tokio::time::timeout(PATIENCE, self.stream.read_u8()).await;
            text.push(byte.expect("nothing came").unwrap());
        }
        String::from_utf8(text).unwrap()
    }
}
