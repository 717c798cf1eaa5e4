//! What misbehaves leaves nothing behind: the program's memory is what it was when thousands of them have come and gone.

use super::socket_frames::{Bare, frame, header, split, text};
use super::visitor::Poller;
use super::{KEY, NAMESPACE};
use crate::client::Client;
use crate::probe::{Wire, request};
use crate::program::Program;
use crate::work::until;
use futures_util::StreamExt;
use serde_json::json;
use std::net::SocketAddr;

/// How many come in each way, after some that the program may get used to them with.
const EACH: usize = 300;
/// What one of a kind may leave behind, by the mean: what memory grows by for other reasons has to fit, too.
const BYTES_LEFT_MAX: u64 = 3 * 1024;
/// What all of them together may: 12,000, and some 350 bytes for each.
const GROWTH_BYTES_MAX: u64 = 4 << 20;
/// How many of them are there at once.
const AT_ONCE: usize = 8;

/// A way to misbehave: a name, and what is sent, packet by packet.
type Way = (&'static str, Vec<Vec<u8>>);

fn ways() -> Vec<Way> {
    let event = |payload: &str| format!("42{NAMESPACE},[\"x\",{payload}]").into_bytes();
    let enter = format!("40{NAMESPACE},{}", json!({"token": KEY})).into_bytes();
    let attachment = format!("b{}", "AQID".repeat(1_500)).into_bytes();
    let letters = "\u{1f600}".repeat(5_000);
    let owing = |n: &str| format!("45{n}-{NAMESPACE},[\"x\"]").into_bytes();
    let mut owed = vec![enter.clone(), owing("10")];
    owed.extend(vec![attachment.clone(); 9]);
    owed.push(event("1"));
    vec![
        (
            "attachments without number",
            vec![enter.clone(), owing("99999999999999999999")],
        ),
        (
            "more attachments than may be",
            vec![enter.clone(), owing("100000")],
        ),
        (
            "a number that fills the packet",
            vec![enter.clone(), owing(&"1".repeat(20_000))],
        ),
        ("attachments that never come", owed),
        (
            "letters that are cut",
            vec![enter.clone(), event(&format!("\"{letters}\""))[..15_001].to_vec()],
        ),
        (
            "letters in place of a packet",
            vec![format!("4{letters}").into_bytes()],
        ),
        ("in twice", vec![enter.clone(), enter.clone()]),
        (
            "an event before being in",
            vec![event(&format!("\"{}\"", "y".repeat(20_000)))],
        ),
        (
            "a deep nest before being in",
            vec![format!("40{NAMESPACE},{}", "[".repeat(20_000)).into_bytes()],
        ),
        ("a deep nest", vec![enter.clone(), event(&"[".repeat(20_000))]),
        (
            "lengths of another version",
            vec![enter.clone(), b"99999999999:4hello".to_vec()],
        ),
        (
            "an acknowledgement without end",
            vec![
                enter,
                format!("42{NAMESPACE},{}[\"x\"]", "9".repeat(20_000)).into_bytes(),
            ],
        ),
    ]
}

async fn misbehave_by_polling(address: SocketAddr, packets: &[Vec<u8>]) {
    let poller = Poller::open(address).await;
    for packet in packets {
        request(address, "POST", &poller.path, &[], packet).await;
    }
    assert_eq!(poller.post("3").await.status, 400, "it goes on");
}

/// The same in whole frames, or in frames that are cut somewhere.
async fn misbehave_by_socket(address: SocketAddr, packets: &[Vec<u8>], is_cut: bool) {
    let mut bare = Bare::open(address).await;
    for packet in packets {
        let at = packet.len() / 3 * 2;
        let bytes = if is_cut { split(packet, at) } else { text(packet) };
        bare.say(&bytes).await;
    }
    bare.end().await;
}

/// Says that more comes than does, and hangs up.
async fn promise_more(address: SocketAddr) {
    let poller = Poller::open(address).await;
    let mut wire = Wire::open(address).await;
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\n\r\n",
        poller.path
    );
    wire.say(head + &"4".repeat(20_000)).await;
    wire.fall_silent().await;
    drop(wire.try_answer().await);
    poller.post("1").await;
}

/// The same in a frame, of a length that is none or in fragments that have no end.
async fn promise_frames(address: SocketAddr, first: &[u8]) {
    let mut bare = Bare::open(address).await;
    bare.say(first).await;
    bare.say(&[b'4'; 20_000]).await;
    drop(bare);
}

/// Misbehaves in the `n`th of all ways, on a connection of its own. Answers its name, or nothing when there is none.
async fn misbehave(address: SocketAddr, n: usize) -> Option<String> {
    let ways = ways();
    if let Some((name, packets)) = ways.get(n / 3) {
        match n % 3 {
            0 => misbehave_by_polling(address, packets).await,
            by => misbehave_by_socket(address, packets, by == 2).await,
        }
        return Some(format!(
            "{name}, {}",
            ["by polling", "by socket", "in fragments"][n % 3]
        ));
    }
    match n - ways.len() * 3 {
        0 => promise_more(address).await,
        1 => promise_frames(address, &header(0x81, 1 << 62)).await,
        2 => promise_frames(address, &header(0x81, 60_000)).await,
        3 => promise_frames(address, &frame(0x01, &[b'4'; 20_000])).await,
        _ => return None,
    }
    Some(format!("promise {}", n - ways.len() * 3))
}

/// Many who misbehave in one way come and go. Answers its name.
async fn many(program: &Program, way: usize, n: usize) -> Option<String> {
    let address = program.address;
    let coming = futures_util::stream::iter((0..n).map(|_| misbehave(address, way)));
    let mut coming = coming.buffer_unordered(AT_ONCE);
    let mut name = None;
    while let Some(it) = coming.next().await {
        name = Some(it?);
    }
    let stranger = Client::new(address, None);
    until(async || {
        let figures = stranger.get("/metrics").await.text;
        figures.contains("maitred_connections{surface=\"branch_session\"} 0")
    })
    .await;
    name
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_misbehaves_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let mut n_ways = 0;
    while many(&program, n_ways, EACH / 6).await.is_some() {
        n_ways += 1;
    }
    let begun = program.resident_bytes();
    let mut before = begun;
    let mut left = Vec::new();
    for way in 0..n_ways {
        let name = many(&program, way, EACH).await.unwrap();
        let now = program.resident_bytes();
        left.push((now.saturating_sub(before) / EACH as u64, name));
        before = now;
    }
    let growth = before.saturating_sub(begun);
    println!(
        "{} KiB more after {} of {n_ways} kinds",
        growth / 1024,
        n_ways * EACH
    );
    assert!(growth < GROWTH_BYTES_MAX, "{growth} bytes more: {left:#?}");
    left.retain(|it| it.0 > BYTES_LEFT_MAX);
    assert!(
        left.is_empty(),
        "bytes that each of a kind left behind: {left:#?}"
    );
}
