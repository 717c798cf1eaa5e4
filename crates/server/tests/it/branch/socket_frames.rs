//! WebSocket frames that are broken, at the address where Engine.IO speaks: they end their own connection, without a
//! code, and harm nobody. Those of v1 are in `frames.rs`.

use super::socket_malformed::is_sound;
use super::visitor::{By, Visitor};
use super::{KEY, NAMESPACE};
use crate::client::PATIENCE;
use crate::house::House;
use crate::probe::{HANDSHAKE, times_reached};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CONTINUED: u8 = 0x0;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
/// The last frame of a message.
const LAST: u8 = 0x80;

/// A WebSocket at the level of bytes, that has heard the open packet.
pub struct Bare {
    stream: TcpStream,
}

/// A frame as a client sends it, masked with zeros.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = header(first, payload.len() as u64);
    bytes.extend_from_slice(payload);
    bytes
}

/// What stands before a payload of so many bytes.
pub fn header(first: u8, length: u64) -> Vec<u8> {
    let mut bytes = vec![first];
    match length {
        0..=125 => bytes.push(0x80 | u8::try_from(length).unwrap()),
        126..=0xFFFF => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        _ => {
            bytes.push(0x80 | 127);
            bytes.extend(length.to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes
}

/// A text as one frame.
pub fn text(payload: impl AsRef<[u8]>) -> Vec<u8> {
    frame(LAST | TEXT, payload.as_ref())
}

/// A text in two frames, cut before this byte.
pub fn split(payload: &[u8], at: usize) -> Vec<u8> {
    [
        frame(TEXT, &payload[..at]),
        frame(LAST | CONTINUED, &payload[at..]),
    ]
    .concat()
}

impl Bare {
    pub async fn open(address: SocketAddr) -> Bare {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let handshake = format!(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nhost: {address}\r\n{}\r\n\r\n",
            HANDSHAKE.join("\r\n")
        );
        stream.write_all(handshake.as_bytes()).await.unwrap();
        let mut bare = Bare { stream };
        bare.until(b"1000000}").await;
        bare
    }

    pub async fn say(&mut self, bytes: &[u8]) {
        // The server may have hung up already.
        drop(self.stream.write_all(bytes).await);
    }

    /// Everything that comes, up to and with these bytes.
    async fn until(&mut self, end: &[u8]) -> Vec<u8> {
        let mut heard = Vec::new();
        while !heard.ends_with(end) {
            let byte = timeout(PATIENCE, self.stream.read_u8()).await;
            heard.push(byte.expect("nothing came").unwrap());
        }
        heard
    }

    /// Everything that comes until the server hangs up. A goodbye is taken as one.
    pub async fn end(mut self) -> Vec<u8> {
        let mut heard = Vec::new();
        let reading = async {
            // A line that breaks has brought what it has brought.
            while self.stream.read_buf(&mut heard).await.is_ok_and(|it| it > 0) {
                if heard.ends_with(&[0x88, 0]) {
                    drop(self.stream.shutdown().await);
                }
            }
        };
        timeout(PATIENCE, reading).await.expect("it goes on");
        heard
    }

    /// Enters the namespace and joins branch 1.
    async fn join(&mut self) {
        let enter = format!("40{NAMESPACE},{}", json!({"token": KEY}));
        self.say(&text(enter)).await;
        self.until(b"\"}").await;
        self.say(&text(format!("42{NAMESPACE},1[\"joinBranch\",\"1\"]")))
            .await;
        self.until(b"}]").await;
    }
}

/// What no client may send, by a name.
fn broken() -> Vec<(&'static str, Vec<u8>)> {
    let event = format!("42{NAMESPACE},[\"x\",\"{}\"]", "\u{1f600}".repeat(100));
    let event = event.as_bytes();
    let half = vec![b'4'; 40 * 1024];
    let mut unmasked = vec![LAST | TEXT, 1];
    unmasked.push(b'3');
    vec![
        ("a kind that there is not", frame(LAST | 0x3, b"3")),
        ("a control frame that there is not", frame(LAST | 0xB, b"")),
        (
            "a bit that nothing was agreed about",
            frame(LAST | 0x40 | TEXT, b"3"),
        ),
        ("all of these bits", frame(LAST | 0x70 | TEXT, b"3")),
        ("no mask", unmasked),
        ("no text", text(b"4\xFF\xFE")),
        ("a text that ends within a letter", text(&event[..100])),
        ("a letter that is longer than need be", text(b"4\xC0\xAF")),
        ("half of a pair", text(b"4\xED\xA0\x80")),
        (
            "fragments that are no text together",
            [frame(TEXT, &event[..100]), frame(LAST | CONTINUED, b"3")].concat(),
        ),
        (
            "bytes that nobody was promised",
            frame(LAST | BINARY, b"\x04\x01"),
        ),
        ("an end without a beginning", frame(LAST | CONTINUED, b"3")),
        (
            "a beginning within a beginning",
            [frame(TEXT, b"4"), frame(TEXT, b"2")].concat(),
        ),
        (
            "a message within another",
            [frame(TEXT, b"4"), text(b"3")].concat(),
        ),
        ("a question in fragments", frame(PING, b"x")),
        ("a question that is too long", frame(LAST | PING, &[b'x'; 126])),
        ("a length below none", header(LAST | TEXT, u64::MAX)),
        ("a length of more than there is", header(LAST | TEXT, 1 << 62)),
        ("a byte too many", header(LAST | TEXT, 64 * 1024 + 1)),
        (
            "fragments that are too long together",
            [frame(TEXT, &half), frame(LAST | CONTINUED, &half)].concat(),
        ),
        (
            "fragments without an end",
            [
                frame(TEXT, b"4"),
                vec![frame(CONTINUED, &half[..8_192]); 9].concat(),
            ]
            .concat(),
        ),
        ("what is no frame at all", b"GET / HTTP/1.1\r\n\r\n".to_vec()),
    ]
}

#[tokio::test]
async fn a_broken_frame_ends_its_own_connection_without_a_code() {
    let house = House::open().await;
    let mut bystander = Visitor::enter_as_manager(&house, By::Socket).await;
    bystander.joined(&json!("1")).await;
    for (name, bytes) in broken() {
        for is_in in [false, true] {
            let mut client = Bare::open(house.address).await;
            if is_in {
                client.join().await;
            }
            client.say(&bytes).await;
            let heard = client.end().await;
            assert!(
                [&[][..], &[0x88, 0]].contains(&heard.as_slice()),
                "{name}: {heard:?}"
            );
        }
    }
    assert_eq!(bystander.told().await, Vec::<Value>::new());
    bystander.send("1").await;
    is_sound(&house).await;
    assert!(times_reached(&house, "frame_bytes").await > 0);
}

#[tokio::test]
async fn a_goodbye_of_any_kind_is_the_end() {
    let house = House::open().await;
    let goodbyes: [&[u8]; 7] = [
        b"",
        b"\x03\xE8",
        b"\x03\xE8bye",
        b"\x03",
        b"\x03\xED",
        b"\x00\x01",
        b"\x03\xE8\xFF\xFE",
    ];
    for goodbye in goodbyes {
        let mut client = Bare::open(house.address).await;
        client.join().await;
        client.say(&frame(LAST | CLOSE, goodbye)).await;
        let heard = client.end().await;
        // A goodbye at the most.
        assert!(heard.is_empty() || heard[0] == 0x88, "{goodbye:?}: {heard:?}");
    }
    is_sound(&house).await;
}

#[tokio::test]
async fn a_connection_that_breaks_within_a_frame_is_over() {
    let house = House::open().await;
    let packet = text(format!("42{NAMESPACE},2[\"leaveBranch\",\"1\"]"));
    for n_bytes in 0..packet.len() {
        let mut client = Bare::open(house.address).await;
        client.join().await;
        client.say(&packet[..n_bytes]).await;
        drop(client);
    }
    is_sound(&house).await;
}

#[tokio::test]
async fn a_packet_in_fragments_is_one_packet_wherever_it_is_cut() {
    let house = House::open().await;
    let packet = format!(
        "42{NAMESPACE},7[\"leaveBranch\",\"{}\"]",
        "\u{1f600}\u{e9}".repeat(3)
    );
    let packet = packet.as_bytes();
    let mut client = Bare::open(house.address).await;
    client.join().await;
    for at in 0..=packet.len() {
        client.say(&split(packet, at)).await;
        let heard = client.until(b"}]").await;
        let heard = String::from_utf8_lossy(&heard).into_owned();
        assert!(
            heard.ends_with("43/restaurant/tables,7[{\"ok\":true}]"),
            "{at}: {heard}"
        );
        // A question in between is answered.
        client.say(&frame(TEXT, packet)).await;
        client.say(&frame(LAST | PING, b"there?")).await;
        client.until(b"there?").await;
        client.say(&frame(LAST | CONTINUED, b"")).await;
        client.until(b"}]").await;
    }
    client.say(&text("1")).await;
    client.end().await;
    is_sound(&house).await;
}
