//! The sessions of clients that poll, by the id that each request brings.

use super::delivery::Delivery;
use super::error::SocketError;
use crate::gate::Open;
use crate::limits::{PAYLOAD_BYTES_MAX, POLLS_WAITING_MAX, STRANGER_BYTES_MAX};
use crate::surface::websocket::Socket;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc, oneshot};

/// Every session that polls. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Sockets {
    open: Arc<Mutex<HashMap<Sid, Way>>>,
}

/// The way to a session.
#[derive(Clone)]
pub(super) struct Way {
    requests: mpsc::Sender<Box<Request>>,
    /// One request at a time brings packets.
    posting: Arc<Semaphore>,
    /// Bytes that it may bring.
    bytes_max: Arc<AtomicUsize>,
}

/// What the requests of one client bring to its session.
pub(super) enum Request {
    /// It waits for packets.
    Poll(oneshot::Sender<Polled>),
    /// It sends packets. The answer is due when they have been heard.
    Post(String, oneshot::Sender<()>),
    /// A WebSocket that may take over.
    Upgrade(Box<Socket>),
}

/// What a poll is answered.
pub(super) enum Polled {
    /// Packets.
    Packets(Delivery),
    /// Another one waits already.
    Overlapping,
}

/// A random name that nobody can guess.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sid(String);

/// Letters of a name: 120 bits.
const SID_CHARS: usize = 20;
/// What names are made of: nothing that has a meaning in an address.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl Sid {
    pub(super) fn random() -> Sid {
        let mut random = [0; SID_CHARS];
        getrandom::fill(&mut random).expect("the system has random numbers");
        Sid(random
            .iter()
            .map(|it| char::from(LETTERS[usize::from(it & 63)]))
            .collect())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Sockets {
    /// Makes room for a session that polls. Its name is known for as long as the guard is there, and it counts as a
    /// connection, which outlives those that its requests come over.
    pub(super) fn enter(&self, counted: Open) -> (Entry, mpsc::Receiver<Box<Request>>) {
        let (requests, waiting) = mpsc::channel(POLLS_WAITING_MAX);
        let sid = Sid::random();
        let bytes_max = Arc::new(AtomicUsize::new(STRANGER_BYTES_MAX));
        let way = Way {
            requests,
            posting: Arc::new(Semaphore::new(1)),
            bytes_max: Arc::clone(&bytes_max),
        };
        self.known().insert(sid.clone(), way);
        let sockets = self.clone();
        let entry = Entry {
            sid,
            sockets,
            bytes_max,
            _counted: counted,
        };
        (entry, waiting)
    }

    /// The way to a session.
    pub(super) fn find(&self, sid: &str) -> Option<Way> {
        self.known().get(&Sid(sid.to_owned())).cloned()
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Sid, Way>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Way {
    /// Brings a request to the session; fails when it is over.
    pub(super) async fn bring(&self, request: Request) -> Result<(), SocketError> {
        let brought = self.requests.send(Box::new(request)).await;
        brought.map_err(|_| SocketError::session())
    }

    /// The right to bring packets, for as long as the answer lives; none, while another request does.
    pub(super) fn post(&self) -> Option<SemaphorePermit<'_>> {
        self.posting.try_acquire().ok()
    }

    /// Bytes that a request may bring.
    pub(super) fn bytes_max(&self) -> usize {
        self.bytes_max.load(Ordering::Relaxed)
    }
}

/// A session's name among those that poll.
pub(super) struct Entry {
    sid: Sid,
    sockets: Sockets,
    bytes_max: Arc<AtomicUsize>,
    _counted: Open,
}

impl Entry {
    pub(super) fn sid(&self) -> &Sid {
        &self.sid
    }

    /// From now on requests may bring as much as the client was told when it came: it has shown who it is.
    pub(super) fn trust(&self) {
        self.bytes_max.store(PAYLOAD_BYTES_MAX, Ordering::Relaxed);
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.sockets.known().remove(&self.sid);
    }
}

#[cfg(test)]
mod tests {
    use super::{Sid, Sockets};
    use crate::clock::Clock;
    use crate::gate::Gate;
    use crate::metrics::Metrics;
    use std::collections::HashSet;
    use std::sync::Arc;

    #[test]
    fn names_are_of_twenty_plain_letters_and_no_two_are_alike() {
        let names: HashSet<String> = (0..1_000).map(|_| Sid::random().as_str().to_owned()).collect();
        assert_eq!(names.len(), 1_000);
        for name in names {
            let is_plain = |it: u8| it.is_ascii_alphanumeric() || it == b'-' || it == b'_';
            assert!(name.len() == 20 && name.bytes().all(is_plain), "{name}");
        }
    }

    #[tokio::test]
    async fn a_session_is_known_for_as_long_as_it_is_there() {
        let sockets = Sockets::default();
        let gate = Gate::new(Arc::default(), &Clock::System, Metrics::default());
        let (entry, _requests) = sockets.enter(gate.connection().unwrap());
        let name = entry.sid().as_str().to_owned();
        assert!(sockets.find(&name).is_some());
        assert!(sockets.find("nobody").is_none());
        drop(entry);
        assert!(sockets.find(&name).is_none());
        assert!(sockets.known().is_empty());
    }
}
