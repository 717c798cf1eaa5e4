//! The branches that one client listens to, each with its own place in that branch's changes.

use crate::directory::Directory;
use crate::gate::Seat;
use crate::limits::OUTBOX_PACKETS;
use crate::surface::branch::frames::without_seq;
use crate::surface::listener::{Listener, Next};
use bytes::Bytes;
use floor::{RestaurantId, Seq};
use futures_util::future::select_all;
use hub::Frame;
use std::collections::VecDeque;

/// The branches that a client has joined.
#[derive(Default)]
pub(super) struct Rooms {
    rooms: Vec<Room>,
}

/// One of them.
pub(super) struct Room {
    pub(super) restaurant_id: RestaurantId,
    pub(super) listener: Listener,
    /// Whether the client wants to know the place of each event.
    pub(super) wants_seq: bool,
    /// Frames that have been taken and wait until a client that polls has room for them.
    waiting: VecDeque<Frame>,
    /// The client's place among the branch's.
    _seat: Seat,
}

/// How frames are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As one piece to write to a WebSocket.
    Joined,
    /// Each for itself.
    Single,
}

/// What there is to tell.
pub(super) enum News {
    /// Frames in one piece.
    Joined(Bytes),
    /// Frames.
    Single(Vec<Bytes>),
}

impl Rooms {
    pub(super) fn len(&self) -> usize {
        self.rooms.len()
    }

    pub(super) fn find(&mut self, restaurant_id: RestaurantId) -> Option<&mut Room> {
        self.rooms.iter_mut().find(|it| it.restaurant_id == restaurant_id)
    }

    pub(super) fn join(&mut self, room: Room) {
        self.rooms.push(room);
    }

    /// Takes the client out of a branch. Says whether it was there.
    pub(super) fn leave(&mut self, restaurant_id: RestaurantId) -> bool {
        let n_before = self.rooms.len();
        self.rooms.retain(|it| it.restaurant_id != restaurant_id);
        self.rooms.len() < n_before
    }

    /// Takes the client out of the branches that are gone.
    pub(super) fn leave_removed(&mut self, directory: &Directory) -> Vec<Room> {
        let is_gone = |it: &mut Room| !directory.holds(it.restaurant_id);
        self.rooms.extract_if(.., is_gone).collect()
    }

    /// What comes next, of whichever branch. Cancel-safe.
    pub(super) async fn next(&mut self, form: Form) -> (RestaurantId, Next<News>) {
        match self.rooms.as_mut_slice() {
            [] => std::future::pending().await,
            [only] => only.next(form).await,
            // Boxed: most clients are of one branch, and none of those should be large for it.
            _ => Box::pin(self.next_of_many(form)).await,
        }
    }

    async fn next_of_many(&mut self, form: Form) -> (RestaurantId, Next<News>) {
        let waiting = self.rooms.iter_mut().map(|it| Box::pin(it.next(form)));
        let (next, at, _) = select_all(waiting).await;
        // The others come first the next time, so that a busy branch does not keep a quiet one waiting.
        self.rooms.rotate_left(at + 1);
        next
    }
}

impl Room {
    /// A client's place in a branch, from which it is told nothing yet.
    pub(super) fn new(restaurant_id: RestaurantId, listener: Listener, seat: Seat) -> Room {
        Room {
            restaurant_id,
            listener,
            wants_seq: false,
            waiting: VecDeque::new(),
            _seat: seat,
        }
    }

    /// The change behind which what the client is told next begins.
    pub(super) fn place(&self) -> Option<Seq> {
        match self.waiting.front() {
            Some(frame) => Some(Seq(frame.seq.0.saturating_sub(1))),
            None => self.listener.place(),
        }
    }

    /// Gives the client another place.
    pub(super) fn begin_behind(&mut self, after: Seq) {
        self.waiting.clear();
        self.listener.begin_behind(after);
    }

    async fn next(&mut self, form: Form) -> (RestaurantId, Next<News>) {
        if !self.waiting.is_empty() {
            return (self.restaurant_id, Next::Frames(self.some_waiting(form)));
        }
        let next = match form {
            Form::Joined if self.wants_seq => match self.listener.next_batch().await {
                Next::Frames(batch) => Next::Frames(News::Joined(batch.bytes)),
                Next::Fallen => Next::Fallen,
                Next::Goodbye(goodbye) => Next::Goodbye(goodbye),
            },
            form => match self.listener.next_frames().await {
                Next::Frames(frames) => Next::Frames(self.news(frames, form)),
                Next::Fallen => Next::Fallen,
                Next::Goodbye(goodbye) => Next::Goodbye(goodbye),
            },
        };
        (self.restaurant_id, next)
    }

    fn news(&mut self, frames: Vec<Frame>, form: Form) -> News {
        self.waiting.extend(frames);
        self.some_waiting(form)
    }

    fn some_waiting(&mut self, form: Form) -> News {
        let n_frames = match form {
            Form::Joined => self.waiting.len(),
            Form::Single => self.waiting.len().min(OUTBOX_PACKETS),
        };
        let wants_seq = self.wants_seq;
        let as_wanted = |it: Frame| match wants_seq {
            true => it.bytes,
            false => without_seq(&it.bytes),
        };
        let frames: Vec<Bytes> = self.waiting.drain(..n_frames).map(as_wanted).collect();
        match form {
            Form::Joined => News::Joined(frames.concat().into()),
            Form::Single => News::Single(frames),
        }
    }
}
