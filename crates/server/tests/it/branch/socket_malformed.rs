//! What nobody in their right mind sends: it ends its own connection at the most, and nothing else.

use super::visitor::{By, Poller, Visitor, WAYS};
use super::{KEY, NAMESPACE};
use crate::captured_log::has_said;
use crate::house::House;
use crate::probe::{request, shake_at};
use crate::work::until;
use futures_util::{SinkExt, StreamExt};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

/// The seed of this run. One that found something is put in its place.
const SEED: u64 = 20_261_121;
const ROUNDS: usize = 400;

/// The server is as it was: it serves, has not panicked, and has let go of whoever misbehaved.
pub(super) async fn is_sound(house: &House) {
    for by in WAYS {
        let mut client = Visitor::enter_as_manager(house, by).await;
        client.joined(&json!("1")).await;
        client
            .send(if by == By::Polling {
                "1"
            } else {
                "41/restaurant/tables,"
            })
            .await;
    }
    until(async || {
        let figures = house.stranger().get("/metrics").await.text;
        let sessions = "maitred_connections{surface=\"branch_session\"} ";
        let n_open: u64 = figures
            .lines()
            .find_map(|it| it.strip_prefix(sessions))
            .unwrap()
            .parse()
            .unwrap();
        n_open == 0 && figures.contains("maitred_connections{surface=\"branch_socket\"} 0")
    })
    .await;
    assert!(!has_said("panicked"));
}

fn strange() -> Vec<String> {
    let deep = |n: usize| format!("42{NAMESPACE},[\"x\",{}{}]", "[".repeat(n), "]".repeat(n));
    let objects = format!(
        "42{NAMESPACE},[\"x\",{}1{}]",
        "{\"a\":".repeat(5_000),
        "}".repeat(5_000)
    );
    vec![
        deep(200),
        deep(30_000),
        objects,
        format!("40{NAMESPACE},{}", "[".repeat(60_000)),
        format!("40{NAMESPACE},{{\"token\":{}", "{\"token\":".repeat(5_000)),
        format!("4599999999999999999999-{NAMESPACE},[\"x\"]"),
        format!("45100000-{NAMESPACE},[\"x\"]"),
        format!("45-1-{NAMESPACE},[\"x\"]"),
        format!("45{}-{NAMESPACE},[\"x\"]", "1".repeat(60_000)),
        format!("42{NAMESPACE},{}[\"x\"]", "9".repeat(60_000)),
        format!("42/{},[\"x\"]", "n".repeat(60_000)),
        format!("40/{}", "\u{1f600}".repeat(10_000)),
        "4\u{1f600}".to_owned(),
        "42\u{e9}".to_owned(),
        "451-\u{e9}".to_owned(),
        "4\u{0}".to_owned(),
        "b\u{1f600}".to_owned(),
        "\u{1e}".repeat(1_000),
        "5probe".to_owned(),
        format!("42{NAMESPACE},[\"__proto__\",{{\"__proto__\":1}}]x"),
    ]
}

#[tokio::test]
async fn strange_packets_end_their_own_connection() {
    let house = House::open().await;
    for by in WAYS {
        for packet in strange() {
            for is_in in [false, true] {
                let mut client = Visitor::open(&house, by).await;
                if is_in {
                    client.enter(KEY).await;
                    client.joined(&json!("1")).await;
                }
                client.send(&packet).await;
                client.ended().await;
            }
        }
    }
    is_sound(&house).await;
}

#[tokio::test]
async fn strange_attachments_are_swallowed_or_end_their_own_connection() {
    let house = House::open().await;
    for by in WAYS {
        for n_sent in [9, 10, 11] {
            let mut client = Visitor::enter_as_manager(&house, by).await;
            client.send(&format!("4510-{NAMESPACE},[\"x\"]")).await;
            for _ in 0..n_sent {
                client.send("bAQID").await;
            }
            if n_sent == 10 {
                client.joined(&json!("1")).await;
                client.send("1").await;
            } else {
                client.send(&format!("42{NAMESPACE},[\"x\"]")).await;
                client.ended().await;
            }
        }
    }
    is_sound(&house).await;
}

/// Something that looks like a packet, and mostly is none.
fn mangled(random: &mut ChaCha8Rng) -> Vec<u8> {
    const SEEDS: [&str; 10] = [
        "40/restaurant/tables,{\"token\":\"demo-key-restaurant-1\"}",
        "42/restaurant/tables,1[\"joinBranch\",{\"branchId\":\"1\",\"since\":0}]",
        "42/restaurant/tables,[\"leaveBranch\",\"1\"]",
        "452-/restaurant/tables,[\"x\",{\"_placeholder\":true,\"num\":0}]",
        "43/restaurant/tables,7[{\"ok\":true}]",
        "41/restaurant/tables,",
        "40/zzz,{}",
        "bAQID",
        "3",
        "2probe",
    ];
    let mut bytes = SEEDS[random.random_range(0..SEEDS.len())].as_bytes().to_vec();
    for _ in 0..random.random_range(0..6) {
        let at = random.random_range(0..=bytes.len());
        match random.random_range(0..5) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, random.random()),
            2 => drop(bytes.splice(at..at, "\u{1f600}".bytes())),
            3 => bytes
                .splice(at..at, "[{\"".repeat(random.random_range(0..200)).bytes())
                .for_each(drop),
            _ if at < bytes.len() => bytes[at] ^= 1 << random.random_range(0..8),
            _ => bytes.push(0x1E),
        }
    }
    if random.random_range(0..20) == 0 {
        bytes = vec![0; random.random_range(0..2_000)];
        random.fill_bytes(&mut bytes);
    }
    bytes
}

#[tokio::test]
async fn mangled_packets_on_either_way_harm_nobody() {
    let house = House::open().await;
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let mut bystander = Visitor::enter_as_manager(&house, By::Socket).await;
    bystander.joined(&json!("1")).await;
    for _ in 0..ROUNDS {
        let poller = Poller::open(house.address).await;
        let body: Vec<u8> = (0..random.random_range(1..4))
            .map(|_| mangled(&mut random))
            .collect::<Vec<_>>()
            .join(&0x1E);
        let posted = request(house.address, "POST", &poller.path, &[], &body).await;
        assert!(
            [200, 400].contains(&posted.status.as_u16()),
            "seed {SEED}: {posted:?}"
        );
        drop(request(house.address, "POST", &poller.path, &[], b"1").await);
        let mut socket = shake_at(&house, "/socket.io/?EIO=4&transport=websocket", &[])
            .await
            .unwrap();
        for _ in 0..random.random_range(1..4) {
            let bytes = mangled(&mut random);
            let message = match String::from_utf8(bytes) {
                Ok(text) => Message::Text(text.into()),
                Err(error) => Message::Binary(error.into_bytes().into()),
            };
            drop(socket.send(message).await);
        }
        drop(socket.send(Message::Text("1".into())).await);
        while let Some(Ok(_)) = socket.next().await {}
    }
    assert_eq!(
        bystander.told().await,
        Vec::<serde_json::Value>::new(),
        "seed {SEED}"
    );
    bystander.send("1").await;
    is_sound(&house).await;
}
