//! One listener: a place in the ring, moved by taking.

use crate::places::Slot;
use crate::ring::Ahead;
use crate::topic::State;
use crate::{Frame, Goodbye, TakeLimit, Topic};
use bytes::Bytes;
use floor::Seq;
use std::ops::Range;
use tokio::sync::watch;

/// A listener of a topic. It holds a place, not frames; dropping it is leaving.
#[derive(Debug)]
pub struct Cursor {
    topic: Topic,
    wake: watch::Receiver<()>,
    slot: Slot,
    /// The place of the next frame to take.
    next: u64,
    heard: Seq,
    /// The nudges that it has woken up for.
    nudged: u64,
}

/// What one take brings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Taken<T = Batch> {
    /// Nothing new: wait for [`Cursor::changed`].
    Nothing,
    /// The next frames.
    Batch(T),
    /// The ring has overtaken this cursor. It stays fallen: tell the screen to start from a fresh
    /// snapshot, and resume there.
    Fallen {
        /// Everything up to here was taken.
        heard: Seq,
    },
    /// The topic has ended, and everything before that was taken or, by a cursor that had fallen, missed.
    Goodbye(Goodbye),
}

/// Frames joined into one buffer, shared with every listener that took the same ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The frames, one behind the other.
    pub bytes: Bytes,
    /// How many they are.
    pub frames: usize,
    /// Who has read this has heard everything up to here: all frames of this change and of those before.
    pub through: Seq,
}

impl Cursor {
    pub(crate) fn new(topic: Topic, wake: watch::Receiver<()>, slot: Slot, next: u64, heard: Seq) -> Cursor {
        Cursor {
            nudged: topic.nudges(),
            topic,
            wake,
            slot,
            next,
            heard,
        }
    }

    /// Takes what has piled up, as far as `limit` allows, as one buffer to write.
    ///
    /// A batch of one frame is that frame's own bytes; a longer one is copied once for all listeners
    /// that take the same frames.
    pub fn take(&mut self, limit: TakeLimit) -> Taken {
        self.take_as(limit, |state, span, through| Batch {
            bytes: state.join(span),
            frames: (span.end - span.start) as usize,
            through,
        })
    }

    /// Takes what has piled up, as far as `limit` allows, frame by frame: for surfaces that wrap each one
    /// in something of their own. [`Cursor::heard`] says through which change they reach.
    pub fn take_frames(&mut self, limit: TakeLimit) -> Taken<Vec<Frame>> {
        self.take_as(limit, |state, span, _| state.ring.frames(span).cloned().collect())
    }

    fn take_as<T>(
        &mut self,
        limit: TakeLimit,
        read: impl FnOnce(&mut State, &Range<u64>, Seq) -> T,
    ) -> Taken<T> {
        if let Some(head) = self.topic.caught_up(self.next) {
            self.heard = head;
            return Taken::Nothing;
        }
        let mut state = self.topic.state();
        match (state.ring.ahead(self.next, limit), state.goodbye) {
            (Ahead::Frames { span, through }, _) => {
                state.places.move_to(self.slot, span.end);
                self.next = span.end;
                self.heard = through;
                Taken::Batch(read(&mut state, &span, through))
            }
            (Ahead::Lost, None) => Taken::Fallen { heard: self.heard },
            // A screen that is told to go needs no snapshot first.
            (Ahead::Lost, Some(goodbye)) => Taken::Goodbye(goodbye),
            (Ahead::Nothing, goodbye) => {
                self.heard = state.ring.head();
                goodbye.map_or(Taken::Nothing, Taken::Goodbye)
            }
        }
    }

    /// Completes when a take may bring something; at once if it would already, as it does for ever after
    /// [`Taken::Fallen`] and [`Taken::Goodbye`]. Also after a [nudge](Topic::nudge), once for each or for
    /// several.
    ///
    /// May be dropped and called again at any point without missing a publish.
    pub async fn changed(&mut self) {
        // The place decides, not the wake-up: whatever was published before this look is seen by it, and
        // whatever comes after it has a version that `wake` has not seen.
        while !self.topic.has_news(self.next) {
            let nudges = self.topic.nudges();
            if nudges != self.nudged {
                self.nudged = nudges;
                return;
            }
            // Fails only without a sender, which lives in our own topic.
            let Ok(()) = self.wake.changed().await else {
                return;
            };
        }
    }

    /// The change up to which everything was taken, as of the latest take. Resuming after it misses
    /// nothing.
    #[must_use]
    pub fn heard(&self) -> Seq {
        self.heard
    }

    /// How many frames it has not taken yet, those it can no longer take included.
    #[must_use]
    pub fn lag(&self) -> u64 {
        self.topic.end().saturating_sub(self.next)
    }

    /// The topic it listens to.
    #[must_use]
    pub fn topic(&self) -> &Topic {
        &self.topic
    }
}

impl Drop for Cursor {
    fn drop(&mut self) {
        let mut state = self.topic.state();
        state.places.leave(self.slot);
        state.tidy();
    }
}
