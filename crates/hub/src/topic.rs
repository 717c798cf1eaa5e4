//! One stream of frames: published by one owner, read by any number of cursors.

use crate::joins::Joins;
use crate::places::Places;
use crate::ring::{Found, Ring};
use crate::{Cursor, Frame, Goodbye, Resume, RingLimits};
use bytes::Bytes;
use floor::Seq;
use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The stream of one room in one dialect. Clones are the same topic.
#[derive(Clone)]
pub struct Topic {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    /// What a cursor needs to know that nothing is new, readable without the lock. Written under it,
    /// `end` before `head`: who sees a head also sees the end that belongs to it.
    end: AtomicU64,
    head: AtomicU64,
    parted: AtomicBool,
    /// How often the cursors were woken without news; see [`Topic::nudge`].
    nudges: AtomicU64,
    /// Wakes the cursors that wait. A `watch` rather than a bare `Notify`: its version closes the gap
    /// between looking and waiting, so that `changed` may be dropped at any point, and its waiters are
    /// spread over several lists, so that thousands of cursors do not queue for one lock. A cursor that
    /// is not waiting (it runs, or its socket is full) is in no list: under load, when most are busy,
    /// publishing wakes only the few that have caught up.
    wake: watch::Sender<()>,
}

/// Everything behind the lock, which is held for a few dozen nanoseconds, and for one copy by the first
/// listener that joins a batch.
pub(crate) struct State {
    pub(crate) ring: Ring,
    pub(crate) places: Places,
    pub(crate) goodbye: Option<Goodbye>,
    joins: Joins,
}

impl Topic {
    /// An empty topic. Whatever happened up to `head` is the journal's to tell.
    #[must_use]
    pub fn new(limits: RingLimits, head: Seq) -> Topic {
        Topic {
            shared: Arc::new(Shared {
                state: Mutex::new(State {
                    ring: Ring::new(limits, head),
                    places: Places::default(),
                    goodbye: None,
                    joins: Joins::new(limits.bytes_max),
                }),
                end: AtomicU64::new(0),
                head: AtomicU64::new(head.0),
                parted: AtomicBool::new(false),
                nudges: AtomicU64::new(0),
                wake: watch::Sender::new(()),
            }),
        }
    }

    /// Lets every listener hear `frame`. Never waits for any of them, and cannot fail.
    ///
    /// Frames are heard in the order of these calls, and file under the head if they name an earlier
    /// change. A change with several frames goes through [`Topic::publish_all`], so that nobody can
    /// resume in the middle of it. After a goodbye nothing is published any more.
    pub fn publish(&self, frame: Frame) {
        let mut state = self.state();
        if state.goodbye.is_none() {
            state.ring.push([frame]);
            self.tell(state);
        }
    }

    /// Lets every listener hear `frames`, which nobody can come between.
    pub fn publish_all(&self, frames: Vec<Frame>) {
        if frames.is_empty() {
            return;
        }
        let mut state = self.state();
        if state.goodbye.is_none() {
            state.ring.push(frames);
            self.tell(state);
        }
    }

    /// Moves the head on to a change that this topic has nothing to say about. Wakes nobody.
    pub fn advance(&self, seq: Seq) {
        let mut state = self.state();
        if state.goodbye.is_none() {
            state.ring.advance(seq);
            self.shared.head.store(state.ring.head().0, Ordering::Release);
        }
    }

    /// Lets go of every frame, so that nothing of what was said is held here any longer. Who has not
    /// heard them all falls; who has goes on.
    pub fn forget(&self) {
        let mut state = self.state();
        state.ring.forget();
        state.joins.clear();
        self.tell(state);
    }

    /// Ends the topic: every present cursor gets the frames before it, then `goodbye`, and every later
    /// resume gets `goodbye` at once. The first one said stands.
    pub fn say_goodbye(&self, goodbye: Goodbye) {
        let mut state = self.state();
        if state.goodbye.is_none() {
            state.goodbye = Some(goodbye);
            self.shared.parted.store(true, Ordering::Release);
            self.tell(state);
        }
    }

    /// A cursor behind everything that `after` did, if what follows is all here.
    pub fn resume(&self, after: Seq) -> Resume {
        let mut state = self.state();
        if let Some(goodbye) = state.goodbye {
            return Resume::Goodbye(goodbye);
        }
        match state.ring.find(after) {
            Found::Ahead => Resume::Ahead {
                head: state.ring.head(),
            },
            Found::Behind => Resume::Behind {
                after,
                oldest: state.ring.oldest(),
            },
            Found::At(place) => {
                let slot = state.places.enter(place);
                drop(state);
                let wake = self.shared.wake.subscribe();
                Resume::Live(Cursor::new(self.clone(), wake, slot, place, after))
            }
        }
    }

    /// The latest change that was published or passed over.
    #[must_use]
    pub fn head(&self) -> Seq {
        Seq(self.shared.head.load(Ordering::Acquire))
    }

    /// How many cursors there are.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.state().places.len()
    }

    /// How many frames the slowest cursor has not taken yet, those it can no longer take included.
    #[must_use]
    pub fn slowest_lag(&self) -> u64 {
        let state = self.state();
        state
            .places
            .slowest()
            .map_or(0, |it| state.ring.end().saturating_sub(it))
    }

    /// Wakes every cursor that waits, without news: whoever listens has something else to look at. Never
    /// waits for any of them.
    pub fn nudge(&self) {
        self.shared.nudges.fetch_add(1, Ordering::Release);
        self.shared.wake.send_replace(());
    }

    pub(crate) fn nudges(&self) -> u64 {
        self.shared.nudges.load(Ordering::Acquire)
    }

    /// Shows the cursors what changed under the lock, and only then wakes them, without it.
    fn tell(&self, state: MutexGuard<'_, State>) {
        self.shared.end.store(state.ring.end(), Ordering::Release);
        self.shared.head.store(state.ring.head().0, Ordering::Release);
        drop(state);
        self.shared.wake.send_replace(());
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // Nothing under the lock can panic halfway; if it did, half a publish is better than no floor.
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The head, if a cursor at `place` has heard everything up to it and no goodbye waits.
    pub(crate) fn caught_up(&self, place: u64) -> Option<Seq> {
        // In this order: the end read after a head is at least the one that belongs to it.
        let head = self.head();
        (!self.has_news(place)).then_some(head)
    }

    /// Whether a cursor at `place` would take something.
    pub(crate) fn has_news(&self, place: u64) -> bool {
        self.end() > place || self.shared.parted.load(Ordering::Acquire)
    }

    /// The place behind the newest frame.
    pub(crate) fn end(&self) -> u64 {
        self.shared.end.load(Ordering::Acquire)
    }
}

impl State {
    /// The frames of `span` as one buffer: the frame's own if it is one, else joined once for all.
    pub(crate) fn join(&mut self, span: &Range<u64>) -> Bytes {
        if span.end - span.start == 1 {
            return self
                .ring
                .frames(span)
                .map(|it| it.bytes.clone())
                .next()
                .unwrap_or_default();
        }
        if let Some(bytes) = self.joins.find(span) {
            return bytes.clone();
        }
        let n_bytes = self.ring.frames(span).map(|it| it.bytes.len()).sum();
        let mut joined = Vec::with_capacity(n_bytes);
        self.ring
            .frames(span)
            .for_each(|it| joined.extend_from_slice(&it.bytes));
        let bytes = Bytes::from(joined);
        self.joins.keep(span.clone(), bytes.clone());
        bytes
    }

    /// Forgets joined batches when nobody is left to read them.
    pub(crate) fn tidy(&mut self) {
        if self.places.len() == 0 {
            self.joins.clear();
        }
    }
}

impl fmt::Debug for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Topic")
            .field("head", &self.head())
            .field("end", &self.end())
            .finish_non_exhaustive()
    }
}
