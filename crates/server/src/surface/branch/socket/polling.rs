//! A client that polls: its packets come in requests, and ours go out in answers to others.
//!
//! Packets wait in an outbox, as shared bytes and few of them; what else there is to tell stays in the ring. A poll
//! that is hung up on ends the session, as in every Engine.IO: its client starts anew, and nothing is lost in silence.

use super::delivery::{Delivery, Taken};
use super::line::FromClient;
use super::packet::{CLOSE, NOOP, PROBE, SEPARATOR, UPGRADE};
use super::sockets::{Entry, Polled, Request};
use crate::limits::{BYTES_PER_WRITE, OUTBOX_PACKETS, OUTBOX_PACKETS_MAX, WRITE_STALL};
use crate::surface::websocket::{FromScreen, Socket, text_frame, text_of};
use bytes::{BufMut, Bytes, BytesMut};
use hub::Goodbye;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

/// A session's end of polling.
pub(super) struct Polling {
    entry: Entry,
    requests: mpsc::Receiver<Box<Request>>,
    /// Packets that wait to be fetched, framed for a WebSocket that may take over.
    outbox: VecDeque<Bytes>,
    /// Since when the first of them waits.
    since: Instant,
    /// The poll that waits for packets.
    poll: Option<oneshot::Sender<Polled>>,
    /// An answer that is on its way.
    delivery: Option<Taken>,
    /// What was posted and not heard yet.
    inbox: Inbox,
    /// Whoever posted it, and waits.
    posted: Option<oneshot::Sender<()>>,
    /// A WebSocket that may take over.
    probe: Option<Probe>,
    /// Bytes that a packet may have.
    bytes_max: usize,
}

/// How long a WebSocket may take to take over.
const PROBE_WAIT: Duration = Duration::from_secs(10);

/// A WebSocket that may take over.
struct Probe {
    socket: Box<Socket>,
    /// Whether it works in both directions.
    is_heard: bool,
    until: Instant,
}

impl Polling {
    pub(super) fn new(entry: Entry, requests: mpsc::Receiver<Box<Request>>, bytes_max: usize) -> Polling {
        Polling {
            entry,
            requests,
            outbox: VecDeque::new(),
            since: Instant::now(),
            poll: None,
            delivery: None,
            inbox: Inbox::default(),
            posted: None,
            probe: None,
            bytes_max,
        }
    }

    /// The session's name.
    pub(super) fn sid(&self) -> &str {
        self.entry.sid().as_str()
    }

    /// The client has shown who it is.
    pub(super) fn trust(&self) {
        self.entry.trust();
    }

    /// What the client sends next. Cancel-safe.
    pub(super) async fn next(&mut self) -> FromClient {
        loop {
            if let Some(packet) = self.inbox.next() {
                return if packet.len() > self.bytes_max {
                    FromClient::Broken(Goodbye::TooLarge)
                } else {
                    FromClient::Packet(packet)
                };
            }
            self.answer_post();
            let had_room = self.has_room();
            if self.flush().is_err() {
                return FromClient::Gone;
            }
            if !had_room && self.has_room() {
                return FromClient::Fetched;
            }
            let come = tokio::select! {
                request = self.requests.recv() => match request {
                    Some(request) => self.take(*request),
                    None => Some(FromClient::Gone),
                },
                () = hung_up(&mut self.poll) => Some(FromClient::Gone),
                () = lost(&mut self.delivery) => Some(FromClient::Gone),
                from = probed(&mut self.probe) => self.hear_probe(&from),
            };
            if let Some(come) = come {
                return come;
            }
        }
    }

    /// Lets a packet wait to be fetched.
    pub(super) fn push(&mut self, frame: Bytes) -> Result<(), Goodbye> {
        if self.outbox.len() >= OUTBOX_PACKETS_MAX {
            return Err(Goodbye::TooSlow);
        }
        if self.outbox.is_empty() {
            self.since = Instant::now();
        }
        self.outbox.push_back(frame);
        Ok(())
    }

    /// Lets packets wait that there was room for, or the last ones.
    pub(super) fn push_all(&mut self, frames: Vec<Bytes>) {
        if self.outbox.is_empty() {
            self.since = Instant::now();
        }
        self.outbox.extend(frames);
    }

    /// Whether more should wait than does already.
    pub(super) fn has_room(&self) -> bool {
        self.outbox.len() < OUTBOX_PACKETS
    }

    /// When a client that fetches nothing is too slow.
    pub(super) fn stalls_at(&self) -> Option<Instant> {
        (!self.outbox.is_empty()).then(|| self.since + WRITE_STALL)
    }

    /// What still waits, for whoever takes over. Of a poll that waits nothing more will come.
    pub(super) fn hand_over(mut self) -> Bytes {
        self.answer_poll(Bytes::from_static(NOOP.as_bytes()));
        let mut bytes = BytesMut::new();
        self.outbox.iter().for_each(|it| bytes.put_slice(it));
        bytes.freeze()
    }

    /// Answers whoever waits, and is over. Whoever has ended it is not told so.
    pub(super) fn close(mut self, has_word: bool) {
        self.answer_post();
        let last = if has_word { CLOSE } else { NOOP };
        self.outbox.push_back(text_frame(last.as_bytes()));
        let payload = payload(self.outbox.drain(..));
        self.answer_poll(payload);
    }

    fn answer_post(&mut self) {
        if let Some(posted) = self.posted.take() {
            // Who does not wait for the answer has been heard all the same.
            let _ = posted.send(());
        }
    }

    /// The last answer: nobody wants to know what became of it.
    fn answer_poll(&mut self, payload: Bytes) {
        if let Some(poll) = self.poll.take() {
            drop(poll.send(Polled::Packets(Delivery::new(payload).0)));
        }
    }

    /// Answers the poll that waits, if there is something for it.
    fn flush(&mut self) -> Result<(), Lost> {
        let is_taken_over = self.probe.as_ref().is_some_and(|it| it.is_heard);
        let Some(poll) = self.poll.take_if(|_| is_taken_over || !self.outbox.is_empty()) else {
            return Ok(());
        };
        let payload = if self.outbox.is_empty() {
            Bytes::from_static(NOOP.as_bytes())
        } else {
            self.since = Instant::now();
            let n_packets = fitting(&self.outbox);
            payload(self.outbox.drain(..n_packets))
        };
        let (delivery, taken) = Delivery::new(payload);
        self.delivery = Some(taken);
        poll.send(Polled::Packets(delivery)).map_err(|_| Lost)
    }

    fn take(&mut self, request: Request) -> Option<FromClient> {
        match request {
            Request::Poll(poll) => match self.is_under_way() {
                Ok(false) => {
                    self.poll = Some(poll);
                    None
                }
                Ok(true) => {
                    drop(poll.send(Polled::Overlapping));
                    Some(FromClient::Broken(Goodbye::BadText))
                }
                Err(Lost) => Some(FromClient::Gone),
            },
            Request::Post(body, posted) => {
                self.inbox = Inbox::of(body);
                self.posted = Some(posted);
                None
            }
            Request::Upgrade(socket) => {
                // One at a time: another is hung up on.
                self.probe.get_or_insert_with(|| Probe {
                    socket,
                    is_heard: false,
                    until: Instant::now() + PROBE_WAIT,
                });
                None
            }
        }
    }

    /// Whether a poll waits, or an answer is on its way.
    fn is_under_way(&mut self) -> Result<bool, Lost> {
        if let Some(poll) = &self.poll {
            return if poll.is_closed() { Err(Lost) } else { Ok(true) };
        }
        match self.delivery.as_mut().map(Taken::try_recv) {
            None => Ok(false),
            Some(Ok(())) => {
                self.delivery = None;
                Ok(false)
            }
            Some(Err(TryRecvError::Empty)) => Ok(true),
            Some(Err(TryRecvError::Closed)) => Err(Lost),
        }
    }

    fn hear_probe(&mut self, from: &FromScreen) -> Option<FromClient> {
        let [question, answer] = PROBE;
        let probe = self.probe.as_mut()?;
        match from {
            FromScreen::Text(text) if text == question && !probe.is_heard => {
                let answer = text_frame(answer.as_bytes());
                match probe.socket.write_now(&answer) {
                    Ok([]) => probe.is_heard = true,
                    // So few bytes fit, or it is of no use.
                    _ => self.probe = None,
                }
                None
            }
            FromScreen::Text(text) if text == UPGRADE && probe.is_heard => self.upgrade(),
            FromScreen::Alive => None,
            // The client goes on polling.
            _ => {
                self.probe = None;
                None
            }
        }
    }

    fn upgrade(&mut self) -> Option<FromClient> {
        if self.poll.is_none() && !matches!(self.is_under_way(), Ok(false)) {
            // It does not wait for the answer that it has asked for.
            return Some(FromClient::Broken(Goodbye::BadText));
        }
        let probe = self.probe.take()?;
        Some(FromClient::Upgraded(probe.socket))
    }
}

/// An answer that nobody has heard.
struct Lost;

/// How many packets go into one answer: at least one.
fn fitting(outbox: &VecDeque<Bytes>) -> usize {
    let mut n_bytes = 0;
    let fit = outbox.iter().take_while(|it| {
        n_bytes += it.len();
        n_bytes <= BYTES_PER_WRITE
    });
    fit.count().max(1)
}

/// Packets in one answer.
fn payload(frames: impl Iterator<Item = Bytes>) -> Bytes {
    let mut payload = BytesMut::new();
    for frame in frames {
        if !payload.is_empty() {
            payload.put_u8(SEPARATOR);
        }
        payload.put_slice(&text_of(&frame));
    }
    payload.freeze()
}

/// Completes when the poll that waits is hung up on. Cancel-safe.
async fn hung_up(poll: &mut Option<oneshot::Sender<Polled>>) {
    match poll {
        Some(poll) => poll.closed().await,
        None => std::future::pending().await,
    }
}

/// Completes when the answer on its way was lost. Cancel-safe.
async fn lost(delivery: &mut Option<Taken>) {
    if let Some(taken) = delivery {
        if taken.await.is_err() {
            return;
        }
        *delivery = None;
    }
    std::future::pending().await
}

/// What the WebSocket says that may take over. Cancel-safe.
async fn probed(probe: &mut Option<Probe>) -> FromScreen {
    match probe {
        Some(probe) => timeout_at(probe.until, probe.socket.next())
            .await
            .unwrap_or(FromScreen::Gone),
        None => std::future::pending().await,
    }
}

/// What was posted: packets in one text.
#[derive(Default)]
struct Inbox {
    body: Option<String>,
    /// Where the next packet begins.
    at: usize,
}

impl Inbox {
    fn of(body: String) -> Inbox {
        Inbox {
            body: Some(body),
            at: 0,
        }
    }

    fn next(&mut self) -> Option<String> {
        let rest = self.body.as_ref()?.get(self.at..)?;
        let (packet, is_last) = match rest.split_once(char::from(SEPARATOR)) {
            Some((packet, _)) => (packet.to_owned(), false),
            None => (rest.to_owned(), true),
        };
        self.at += packet.len() + 1;
        if is_last {
            *self = Inbox::default();
        }
        Some(packet)
    }
}

#[cfg(test)]
mod tests {
    use super::{Inbox, fitting, payload};
    use crate::limits::BYTES_PER_WRITE;
    use crate::surface::websocket::text_frame;
    use bytes::Bytes;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    fn packets(body: &str) -> Vec<String> {
        let mut inbox = Inbox::of(body.to_owned());
        let packets = std::iter::from_fn(|| inbox.next()).collect();
        assert!(inbox.body.is_none(), "what was heard is let go of");
        packets
    }

    #[test]
    fn a_body_is_one_packet_or_several_and_never_none() {
        assert_eq!(packets("3"), ["3"]);
        assert_eq!(packets("3\u{1e}40/é,\u{1e}1"), ["3", "40/é,", "1"]);
        assert_eq!(packets(""), [""]);
        assert_eq!(packets("\u{1e}"), ["", ""]);
    }

    #[test]
    fn an_answer_takes_what_fits_and_at_least_one_packet() {
        let large = Bytes::from(vec![b'x'; BYTES_PER_WRITE + 1]);
        let small = text_frame(b"2");
        assert_eq!(fitting(&VecDeque::from([large.clone(), small.clone()])), 1);
        assert_eq!(fitting(&VecDeque::from([small.clone(), small.clone(), large])), 2);
        let both = payload([small.clone(), text_frame(b"6")].into_iter());
        assert_eq!(both, "2\u{1e}6");
    }

    proptest! {
        #[test]
        fn a_body_falls_into_the_packets_that_were_joined(sent in proptest::collection::vec("[^\u{1e}]{0,20}", 1..8)) {
            prop_assert_eq!(packets(&sent.join("\u{1e}")), sent);
        }
    }
}
