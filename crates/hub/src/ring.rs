//! The recent frames of one topic, and what can be told from them.
//!
//! Frames stand at *places*: 0, 1, 2 … since the topic began, one each, ephemeral ones included. A cursor
//! is the place of the frame it reads next. Sequence numbers cannot serve as places, because one change
//! may have several frames or none.

use crate::{Frame, RingLimits, TakeLimit};
use floor::Seq;
use std::collections::VecDeque;
use std::ops::Range;

#[derive(Debug)]
pub(crate) struct Ring {
    limits: RingLimits,
    /// In order of `seq`, which [`Ring::push`] sees to.
    frames: VecDeque<Frame>,
    n_bytes: usize,
    /// The place of the oldest frame that is here.
    first: u64,
    /// The place behind the latest change frame that has left. A cursor before it has missed something.
    lost: u64,
    /// All frames of all changes behind this one are here. Before it, ask the journal.
    reach: Seq,
    head: Seq,
}

/// Where a resume leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The place of the first frame behind the wanted change.
    At(u64),
    /// Some of what follows has left.
    Behind,
    /// Nobody has published that change here.
    Ahead,
}

/// What a cursor has before it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ahead {
    /// Nothing.
    Nothing,
    /// These places; who has read them has heard everything `through` this change.
    Frames { span: Range<u64>, through: Seq },
    /// A change frame that has left.
    Lost,
}

impl Ring {
    pub(crate) fn new(limits: RingLimits, head: Seq) -> Ring {
        Ring {
            limits,
            frames: VecDeque::new(),
            n_bytes: 0,
            first: 0,
            lost: 0,
            reach: head,
            head,
        }
    }

    pub(crate) fn head(&self) -> Seq {
        self.head
    }

    /// The place behind the newest frame.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.frames.len() as u64
    }

    /// The first change of which every frame is here, or will be.
    pub(crate) fn oldest(&self) -> Seq {
        Seq(self.reach.0.saturating_add(1))
    }

    /// Adds frames that are said in one go, and lets older ones go until the limits hold again. None of these goes,
    /// however many they are: who has heard everything before them hears them all.
    pub(crate) fn push(&mut self, frames: impl IntoIterator<Item = Frame>) {
        let begin = self.end();
        frames.into_iter().for_each(|it| self.add(it));
        while self.first < begin && self.is_over() {
            self.drop_oldest();
        }
    }

    /// The frame is filed under the head if it names an earlier change, and an ephemeral one always: it
    /// is not what moves the head on.
    fn add(&mut self, mut frame: Frame) {
        if !frame.ephemeral {
            self.advance(frame.seq);
        }
        frame.seq = self.head;
        self.n_bytes += frame.bytes.len();
        self.frames.push_back(frame);
    }

    /// Changes up to `seq` have no more frames to come.
    pub(crate) fn advance(&mut self, seq: Seq) {
        self.head = self.head.max(seq);
    }

    fn is_over(&self) -> bool {
        self.frames.len() > self.limits.frames_max || self.n_bytes > self.limits.bytes_max
    }

    fn drop_oldest(&mut self) {
        let Some(frame) = self.frames.pop_front() else {
            return;
        };
        self.n_bytes -= frame.bytes.len();
        self.first += 1;
        if !frame.ephemeral {
            // Its change may have more frames here. They do not help: half a change is no change.
            self.reach = frame.seq;
            self.lost = self.first;
        }
    }

    /// Lets every frame go, as if the limits asked for it.
    pub(crate) fn forget(&mut self) {
        while !self.frames.is_empty() {
            self.drop_oldest();
        }
    }

    /// The place behind all frames of `after`.
    pub(crate) fn find(&self, after: Seq) -> Found {
        if after > self.head {
            return Found::Ahead;
        }
        if after < self.reach {
            return Found::Behind;
        }
        Found::At(self.first + self.frames.partition_point(|it| it.seq <= after) as u64)
    }

    /// What `limit` allows of the frames from `place` on.
    pub(crate) fn ahead(&self, place: u64, limit: TakeLimit) -> Ahead {
        if place < self.lost {
            return Ahead::Lost;
        }
        // Before `first` but not before `lost`: only ephemeral frames were missed.
        let from = place.max(self.first);
        let mut n_bytes = 0;
        let n_frames = self
            .from(from)
            .take(limit.frames_max.max(1))
            .enumerate()
            .take_while(|(n, it)| {
                n_bytes += it.bytes.len();
                *n == 0 || n_bytes <= limit.bytes_max
            })
            .count();
        if n_frames == 0 {
            return Ahead::Nothing;
        }
        let span = from..from + n_frames as u64;
        // A change with frames still to read has not been heard, however many of them were.
        let next_change = self.from(span.end).find(|it| !it.ephemeral);
        let through = next_change.map_or(self.head, |it| Seq(it.seq.0.saturating_sub(1)));
        Ahead::Frames { span, through }
    }

    /// The frames at these places, which [`Ring::ahead`] has named.
    pub(crate) fn frames(&self, span: &Range<u64>) -> impl Iterator<Item = &Frame> {
        self.from(span.start).take((span.end - span.start) as usize)
    }

    fn from(&self, place: u64) -> impl Iterator<Item = &Frame> {
        let skipped = (place.saturating_sub(self.first) as usize).min(self.frames.len());
        self.frames.range(skipped..)
    }
}
