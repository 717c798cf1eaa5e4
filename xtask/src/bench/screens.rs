//! Many WebSocket screens in one thread, reading through one buffer and counting what they hear.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncRead as _, AsyncReadExt as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::frames::{FrameReader, Kind};
use super::http::Head;

/// One read takes what has piled up for a screen, as long as it fits in here.
const READ_BUFFER: usize = 64 << 10;

/// How many screens connect at the same time where the benchmark is not about that.
const AT_ONCE: usize = 100;

/// What screens have heard, all of them together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Heard {
    /// Change frames.
    pub(crate) changes: u64,
    /// Their bytes on the wire.
    pub(crate) change_bytes: u64,
    /// Reads that brought changes: one read takes what has piled up for a screen.
    pub(crate) change_reads: u64,
    /// Snapshots, first and later ones.
    pub(crate) snapshots: u64,
    /// Screens told that they fell behind.
    pub(crate) resets: u64,
}

impl Heard {
    /// What was heard after `earlier`.
    pub(crate) fn since(self, earlier: Heard) -> Heard {
        Heard {
            changes: self.changes - earlier.changes,
            change_bytes: self.change_bytes - earlier.change_bytes,
            change_reads: self.change_reads - earlier.change_reads,
            snapshots: self.snapshots - earlier.snapshots,
            resets: self.resets - earlier.resets,
        }
    }

    fn hear(&mut self, kind: Kind, size: u64) {
        match kind {
            Kind::Change => {
                self.changes += 1;
                self.change_bytes += size;
            }
            Kind::Snapshot => self.snapshots += 1,
            Kind::Reset => self.resets += 1,
            Kind::Close | Kind::Other => {}
        }
    }
}

/// Where the screens of one restaurant come together.
#[derive(Debug)]
pub(crate) struct Room {
    buffer: RefCell<Box<[u8]>>,
    heard: Cell<Heard>,
    latest: Cell<Option<Instant>>,
    opened: Cell<u64>,
    closed: Cell<u64>,
    failure: RefCell<Option<String>>,
}

impl Room {
    fn new() -> Rc<Room> {
        Rc::new(Room {
            buffer: RefCell::new(vec![0; READ_BUFFER].into_boxed_slice()),
            heard: Cell::default(),
            latest: Cell::new(None),
            opened: Cell::new(0),
            closed: Cell::new(0),
            failure: RefCell::new(None),
        })
    }

    /// What its screens have heard so far.
    pub(crate) fn heard(&self) -> Heard {
        self.heard.get()
    }

    /// When a screen last got in, or heard a change or a snapshot.
    pub(crate) fn latest(&self) -> Option<Instant> {
        self.latest.get()
    }

    fn feed(&self, reader: &mut FrameReader, chunk: &[u8]) {
        let before = self.heard.get();
        let mut heard = before;
        reader.feed(chunk, |kind, size| heard.hear(kind, size));
        if heard.changes > before.changes {
            heard.change_reads += 1;
        }
        self.heard.set(heard);
        if heard.changes > before.changes || heard.snapshots > before.snapshots {
            self.latest.set(Some(Instant::now()));
        }
    }

    /// Waits until `done`, or says what has not come about within `limit`.
    pub(crate) async fn wait(&self, what: &str, limit: Duration, done: impl Fn(&Room) -> bool) -> Result<()> {
        let started = Instant::now();
        while !done(self) {
            if let Some(failure) = self.failure.borrow().as_ref() {
                bail!("a screen failed: {failure}");
            }
            if started.elapsed() > limit {
                bail!("waited {limit:?} in vain for {what}: {self}");
            }
            sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }
}

impl std::fmt::Display for Room {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} screens in, {} snapshots, {} changes, {} fell behind, {} hung up on",
            self.opened.get(),
            self.heard().snapshots,
            self.heard().changes,
            self.heard().resets,
            self.closed.get()
        )
    }
}

fn add(counter: &Cell<u64>, n: u64) {
    counter.set(counter.get() + n);
}

/// The connected screens of one restaurant. Dropping them hangs up.
#[derive(Debug)]
pub(crate) struct Screens {
    /// What they have heard.
    pub(crate) room: Rc<Room>,
    addr: SocketAddr,
    request: Rc<[u8]>,
    tasks: JoinSet<()>,
}

impl Screens {
    /// None yet; each will send `request` to `addr` for its handshake.
    pub(crate) fn new(addr: SocketAddr, request: Vec<u8>) -> Screens {
        Screens {
            room: Room::new(),
            addr,
            request: request.into(),
            tasks: JoinSet::new(),
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.tasks.len() as u64
    }

    /// Adds screens, some at a time, until there are `total`; returns when all are in.
    pub(crate) async fn grow_to(&mut self, total: u64, limit: Duration) -> Result<()> {
        while self.count() < total {
            let wave = (total - self.count()).min(AT_ONCE as u64);
            self.spawn(wave);
            let expected = self.count();
            self.room
                .wait("screens to get in", limit, |room| room.opened.get() == expected)
                .await?;
        }
        Ok(())
    }

    /// Adds `n` screens, all at once; returns when all are in.
    pub(crate) async fn storm(&mut self, n: u64, limit: Duration) -> Result<()> {
        self.spawn(n);
        let expected = self.count();
        self.room
            .wait("the storm to get in", limit, |room| room.opened.get() == expected)
            .await
    }

    /// Waits until each screen has had its first snapshot.
    pub(crate) async fn settle(&self, limit: Duration) -> Result<()> {
        let expected = self.count();
        self.room
            .wait("all snapshots", limit, |room| room.heard().snapshots >= expected)
            .await
    }

    fn spawn(&mut self, n: u64) {
        for _ in 0..n {
            let (addr, request, room) = (self.addr, Rc::clone(&self.request), Rc::clone(&self.room));
            self.tasks.spawn_local(async move {
                if let Err(error) = screen(addr, &request, &room).await {
                    *room.failure.borrow_mut() = Some(format!("{error:#}"));
                }
            });
        }
    }
}

/// The life of one screen: in, then listening until the server hangs up.
async fn screen(addr: SocketAddr, request: &[u8], room: &Room) -> Result<()> {
    let mut reader = FrameReader::default();
    let mut stream = enter(addr, request, room, &mut reader).await?;
    add(&room.opened, 1);
    room.latest.set(Some(Instant::now()));
    while poll_fn(|cx| poll_chunk(&mut stream, cx, room, &mut reader)).await? > 0 {}
    add(&room.closed, 1);
    Ok(())
}

/// Connects and shakes hands; frames that came along with the answer are heard.
async fn enter(addr: SocketAddr, request: &[u8], room: &Room, reader: &mut FrameReader) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(addr).await.context("cannot connect")?;
    stream.write_all(request).await?;
    let mut answer = Vec::with_capacity(1024);
    let head = loop {
        if stream.read_buf(&mut answer).await? == 0 {
            bail!("hung up during the handshake");
        }
        if let Some(head) = Head::parse(&answer)? {
            break head;
        }
    };
    if head.status != 101 {
        bail!("handshake answered {}", String::from_utf8_lossy(&answer));
    }
    room.feed(reader, &answer[head.len..]);
    Ok(stream)
}

/// Reads through the room's one buffer, so that a thousand screens need no memory of their own.
fn poll_chunk(
    stream: &mut TcpStream,
    cx: &mut Context<'_>,
    room: &Room,
    reader: &mut FrameReader,
) -> Poll<std::io::Result<usize>> {
    let mut buffer = room.buffer.borrow_mut();
    let mut chunk = ReadBuf::new(&mut buffer);
    match Pin::new(stream).poll_read(cx, &mut chunk) {
        Poll::Ready(Ok(())) => {
            room.feed(reader, chunk.filled());
            Poll::Ready(Ok(chunk.filled().len()))
        }
        Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        Poll::Pending => Poll::Pending,
    }
}
