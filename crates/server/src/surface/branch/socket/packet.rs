//! Packets of Engine.IO 4 and Socket.IO 5, as they are read and written. Pure, and afraid of nothing that may come in.

use super::liveness::{PING_INTERVAL, PING_TIMEOUT};
use crate::limits::{ATTACHMENTS_MAX, NAMESPACE_BYTES_MAX, PAYLOAD_BYTES_MAX};
use crate::surface::websocket::text_frame;
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

/// What parts the packets of a payload.
pub(super) const SEPARATOR: u8 = 0x1E;
/// Whether anybody is there.
pub(super) const PING: &str = "2";
/// Nothing: the answer to a question that is no longer to be asked this way.
pub(super) const NOOP: &str = "6";
/// The connection is over.
pub(super) const CLOSE: &str = "1";
/// What a WebSocket says first that wants to take over from polling, and what it is answered.
pub(super) const PROBE: [&str; 2] = ["2probe", "3probe"];
/// What it says when it takes over.
pub(super) const UPGRADE: &str = "5";

/// An Engine.IO packet of a client, of those that it may send at any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packet<'a> {
    /// It leaves.
    Close,
    /// It is there.
    Pong,
    /// A packet of Socket.IO.
    Message(&'a str),
    /// Bytes, in letters.
    Binary,
}

/// Reads an Engine.IO packet. Nothing, when it is none that a client may send.
pub(super) fn read(text: &str) -> Option<Packet<'_>> {
    let rest = text.get(1..)?;
    match text.as_bytes().first()? {
        b'1' => Some(Packet::Close),
        b'3' => Some(Packet::Pong),
        b'4' => Some(Packet::Message(rest)),
        b'b' => Some(Packet::Binary),
        _ => None,
    }
}

/// A Socket.IO packet of a client.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Message<'a> {
    /// Whom it is for.
    pub(super) namespace: &'a str,
    /// What it says.
    pub(super) said: Said,
}

/// What a Socket.IO packet says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    /// It wants in, and may show this token.
    Connect(Option<String>),
    /// It leaves the namespace.
    Disconnect,
    /// It wants something.
    Event(Event),
    /// An answer to something that we have not asked.
    Ack,
    /// An event or answer with so many attachments.
    Binary(u8),
}

/// Something that a client wants.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    /// The number under which it wants an answer, if it wants one.
    pub(super) ack: Option<u64>,
    /// What it wants, and what it says about it.
    pub(super) arguments: Vec<Value>,
}

/// Names of events that belong to the protocol itself.
const RESERVED: [&str; 6] = [
    "connect",
    "connect_error",
    "disconnect",
    "disconnecting",
    "newListener",
    "removeListener",
];

/// Reads a Socket.IO packet. Nothing, when it is none that a client may send.
pub(super) fn message(text: &str) -> Option<Message<'_>> {
    let (kind, rest) = (text.as_bytes().first()?, text.get(1..)?);
    let (n_attachments, rest) = match kind {
        b'5' | b'6' => attachments(rest)?,
        _ => (0, rest),
    };
    let (namespace, rest) = match rest.split_once(',') {
        _ if !rest.starts_with('/') => ("/", rest),
        Some(named) => named,
        None => (rest, ""),
    };
    if namespace.len() > NAMESPACE_BYTES_MAX {
        return None;
    }
    let said = match kind {
        b'0' => Said::Connect(token(rest)?),
        b'1' => rest.is_empty().then_some(Said::Disconnect)?,
        b'2' => Said::Event(event(rest)?),
        b'3' => answer(rest).map(|()| Said::Ack)?,
        b'5' => event(rest).map(|_| Said::Binary(n_attachments))?,
        b'6' => answer(rest).map(|()| Said::Binary(n_attachments))?,
        _ => return None,
    };
    Some(Message { namespace, said })
}

/// How many attachments follow, and what stands behind that. A packet that has none is no packet with attachments.
fn attachments(text: &str) -> Option<(u8, &str)> {
    let (number, rest) = text.split_once('-')?;
    let n_attachments = digits(number).and_then(|it| u8::try_from(it).ok())?;
    (1..=ATTACHMENTS_MAX)
        .contains(&n_attachments)
        .then_some((n_attachments, rest))
}

/// The token of somebody who wants in. Anything but an object, or nothing, is not how one asks.
fn token(text: &str) -> Option<Option<String>> {
    if text.is_empty() {
        return Some(None);
    }
    match serde_json::from_str(text).ok()? {
        Value::Object(mut shown) => Some(match shown.remove("token") {
            Some(Value::String(token)) if !token.is_empty() => Some(token),
            _ => None,
        }),
        Value::Array(_) | Value::Null => Some(None),
        _ => None,
    }
}

fn event(text: &str) -> Option<Event> {
    let (ack, text) = ack_number(text)?;
    let Value::Array(arguments) = serde_json::from_str(text).ok()? else {
        return None;
    };
    let is_named = match arguments.first()? {
        Value::String(name) => !RESERVED.contains(&name.as_str()),
        Value::Number(_) => true,
        _ => false,
    };
    is_named.then_some(Event { ack, arguments })
}

/// An answer is read, and then forgotten: we ask nothing.
fn answer(text: &str) -> Option<()> {
    let (_, text) = ack_number(text)?;
    let said: Value = serde_json::from_str(text).ok()?;
    said.is_array().then_some(())
}

/// The number that an answer is to have, if one is wanted, and what stands behind it.
fn ack_number(text: &str) -> Option<(Option<u64>, &str)> {
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(n_digits);
    if number.is_empty() {
        return Some((None, rest));
    }
    Some((Some(digits(number)?), rest))
}

/// A whole number, in digits and nothing else.
pub(super) fn digits(text: &str) -> Option<u64> {
    let is_plain = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

/// The first packet of a connection, which may be upgraded to these transports.
pub(super) fn open(sid: &str, upgrades: &[&str]) -> String {
    let (interval, timeout) = (PING_INTERVAL.as_millis(), PING_TIMEOUT.as_millis());
    let upgrades = written(&upgrades);
    format!(
        r#"0{{"sid":"{sid}","upgrades":{upgrades},"pingInterval":{interval},"pingTimeout":{timeout},"maxPayload":{PAYLOAD_BYTES_MAX}}}"#
    )
}

/// That the client is in the namespace.
pub(super) fn connected(namespace: &str, sid: &str) -> Bytes {
    packet('0', namespace, "", &json!({ "sid": sid }))
}

/// That it is not.
pub(super) fn connect_error(namespace: &str, message: &str) -> Bytes {
    packet('4', namespace, "", &json!({ "message": message }))
}

/// That it is no longer.
pub(super) fn disconnected(namespace: &str) -> Bytes {
    text_frame(format!("41{namespace},").as_bytes())
}

/// An event of this client's own.
pub(super) fn event_of(namespace: &str, name: &str, payload: &Value) -> Bytes {
    packet('2', namespace, "", &json!([name, payload]))
}

/// The answer to something that the client wanted under this number.
pub(super) fn ack(namespace: &str, number: u64, payload: &impl Serialize) -> Bytes {
    packet('3', namespace, &number.to_string(), &[payload])
}

/// A Socket.IO packet as it goes over a WebSocket. The namespace `/` is not named.
fn packet(kind: char, namespace: &str, number: &str, payload: &impl Serialize) -> Bytes {
    let (namespace, comma) = if namespace == "/" {
        ("", "")
    } else {
        (namespace, ",")
    };
    let payload = written(payload);
    text_frame(format!("4{kind}{namespace}{comma}{number}{payload}").as_bytes())
}

fn written(payload: &impl Serialize) -> String {
    serde_json::to_string(payload).expect("packets are always JSON")
}

#[cfg(test)]
mod tests;
