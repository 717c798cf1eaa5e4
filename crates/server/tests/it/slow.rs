//! P6: a screen that does not read slows nobody, costs little, and finds its way back when it reads again.

use crate::client::Screen;
use crate::program::Program;
use crate::seen::Seen;
use crate::work::{wipe_tables, wiped};
use futures_util::future::join_all;
use socket2::{Domain, Socket, Type};
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, client_async};

const N_STALLED: usize = 300;
/// Enough to fill their sockets and to leave the ring behind.
const N_CHANGES: u64 = 2_200;
/// What memory may grow by: the ring, what is on its way to each of them, and much room to spare. Had each
/// a queue of its own, it would be several times as much.
const GROWTH_BYTES_MAX: u64 = 32 << 20;

/// A socket that takes little: its system keeps a few kilobytes for it, and none of them are read.
pub(crate) fn narrow_socket(address: SocketAddr) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    // Short segments keep the server's side of it narrow, too.
    socket.set_tcp_mss(1_000).unwrap();
    socket.connect(&address.into()).unwrap();
    socket.set_nonblocking(true).unwrap();
    TcpStream::from_std(socket.into()).unwrap()
}

/// A screen that has been let in, and then does not read.
pub(crate) async fn stalled_screen(address: SocketAddr) -> Screen {
    let url = format!("ws://{address}/v1/restaurants/test-restaurant-1/stream");
    let mut request = url.into_client_request().unwrap();
    let credential = "Bearer demo-key-restaurant-1".parse().unwrap();
    request.headers_mut().insert("authorization", credential);
    let stream = MaybeTlsStream::Plain(narrow_socket(address));
    let (socket, _) = client_async(request, stream).await.unwrap();
    Screen { socket }
}

/// Reads what was sent meanwhile, up to where the server started the screen again.
async fn wake_up(mut screen: Screen) -> (Screen, Seen) {
    let mut seen = screen.snapshot().await;
    let mut is_started_again = false;
    while !is_started_again {
        is_started_again = screen.hear_next(&mut seen).await["type"] == "snapshot";
    }
    (screen, seen)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_screens_that_sleep_keep_nobody_waiting_and_catch_up_when_they_wake() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let manager = program.manager();
    let mut sleeping = Vec::new();
    for _ in 0..N_STALLED {
        sleeping.push(stalled_screen(program.address).await);
    }
    let mut watching = Vec::new();
    for _ in 0..5 {
        let mut screen = program.screen_from("").await;
        let mut seen = screen.snapshot().await;
        let last = seen.seq + N_CHANGES;
        watching.push(tokio::spawn(async move {
            screen.watch(&mut seen, last).await;
            seen
        }));
    }
    let before = program.resident_bytes();
    let last = wipe_tables(&manager, N_CHANGES).await;
    for seen in join_all(watching).await {
        let seen = seen.unwrap();
        assert_eq!((seen.seq, seen.changes.len() as u64), (last, N_CHANGES));
        assert!(seen.resets.is_empty(), "who reads is told every change");
    }
    let growth = program.resident_bytes().saturating_sub(before);
    println!("{} KiB more for {N_STALLED} sleepers", growth / 1024);
    assert!(growth < GROWTH_BYTES_MAX, "{growth} bytes more");

    let mut awake = Vec::new();
    for (screen, seen) in join_all(sleeping.into_iter().map(wake_up)).await {
        assert_eq!(seen.resets, ["too_slow"]);
        awake.push((screen, seen));
    }
    let next = manager.accepted(wiped(1, 0)).await["seq"].as_u64().unwrap();
    let now = manager.floor().await;
    for (screen, seen) in &mut awake {
        screen.watch(seen, next).await;
        assert_eq!(
            now["digest"],
            seen.floor.digest(),
            "and it goes on without a hole"
        );
        // Who took a little in the middle of the rush may have been left behind twice.
        assert!(seen.resets.iter().all(|it| it == "too_slow"));
    }
}
