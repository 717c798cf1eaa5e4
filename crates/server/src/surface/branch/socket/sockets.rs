//! The sessions of clients that poll, by the id that each request brings.

use super::delivery::Delivery;
use crate::limits::POLLS_WAITING_MAX;
use crate::surface::websocket::Socket;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, oneshot};

/// Every session that polls. Cheap to clone.
#[derive(Clone, Default)]
pub struct Sockets {
    open: Arc<Mutex<HashMap<Sid, Requests>>>,
}

type Requests = mpsc::Sender<Box<Request>>;

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
    /// Makes room for a session that polls. Its name is known for as long as the guard is there.
    pub(super) fn enter(&self) -> (Entry, mpsc::Receiver<Box<Request>>) {
        let (requests, waiting) = mpsc::channel(POLLS_WAITING_MAX);
        let sid = Sid::random();
        self.known().insert(sid.clone(), requests);
        let sockets = self.clone();
        (Entry { sid, sockets }, waiting)
    }

    /// The way to a session.
    pub(super) fn find(&self, sid: &str) -> Option<Requests> {
        self.known().get(&Sid(sid.to_owned())).cloned()
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Sid, Requests>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A session's name among those that poll.
pub(super) struct Entry {
    sid: Sid,
    sockets: Sockets,
}

impl Entry {
    pub(super) fn sid(&self) -> &Sid {
        &self.sid
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
    use std::collections::HashSet;

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
        let (entry, _requests) = sockets.enter();
        let name = entry.sid().as_str().to_owned();
        assert!(sockets.find(&name).is_some());
        assert!(sockets.find("nobody").is_none());
        drop(entry);
        assert!(sockets.find(&name).is_none());
        assert!(sockets.known().is_empty());
    }
}
