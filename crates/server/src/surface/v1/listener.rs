//! One client's place in a restaurant's changes: where it begins, and what comes next.
//!
//! The same for WebSocket and server-sent events. Three outcomes of a resume (P4): live from the ring,
//! replayed from the journal, or an explicit start from a snapshot. Never a hole.

use super::access::Entered;
use super::error::ApiError;
use super::frames::{DIALECT, FloorView, ResetReason, ToScreen};
use super::replay::{self, Page};
use crate::floors::{OpenFloor, View};
use crate::identity::{Pass, Standing};
use crate::limits::{BYTES_PER_WRITE, FRAMES_PER_WRITE, PAGE_CHANGES};
use crate::surface::ground::Ground;
use bytes::{Bytes, BytesMut};
use floor::Seq;
use hub::{Batch, Cursor, Frame, Goodbye, Resume, TakeLimit, Taken, Topic};
use journal::StorageError;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// A client's place.
pub(super) struct Listener {
    ground: Ground,
    /// Whether the client may still be here, and what it may ask.
    standing: Standing,
    floor: Arc<OpenFloor>,
    place: Place,
}

enum Place {
    /// In the ring.
    Live(Cursor),
    /// In the journal, right behind this change. The page that is being read is kept, so that whoever
    /// stops waiting for it does not make it be read again.
    Replaying(Seq, Option<Reading>),
    /// Over.
    Over(Goodbye),
}

type Reading = JoinHandle<Result<Page, StorageError>>;

/// What comes next.
pub(super) enum Next<T> {
    /// Frames, one or many.
    Frames(T),
    /// The client fell behind what is kept: these frames start it again.
    Reset(Vec<Bytes>),
    /// The connection is to end.
    Goodbye(Goodbye),
}

const LIMIT: TakeLimit = TakeLimit {
    frames_max: FRAMES_PER_WRITE,
    bytes_max: BYTES_PER_WRITE,
};

impl Listener {
    /// Begins right behind `after`, or with a snapshot. Answers the frames to send first.
    pub(super) async fn begin(
        ground: Ground,
        entered: Entered,
        after: Option<&str>,
        epoch: Option<&str>,
    ) -> Result<(Listener, Vec<Bytes>), ApiError> {
        let mut listener = Listener {
            standing: Standing::new(&ground.identity, entered.pass),
            floor: entered.floor,
            ground,
            place: Place::Replaying(Seq::ZERO, None),
        };
        let Some(after) = after else {
            let snapshot = listener.start_again();
            listener.ground.metrics.resumed("snapshot");
            return Ok((listener, vec![snapshot]));
        };
        let first = match listener.usable(after, epoch).await? {
            Ok(after) => {
                listener.place = listener.place_behind(after);
                listener.ground.metrics.resumed(match listener.place {
                    Place::Live(_) => "resumed",
                    _ => "replayed",
                });
                vec![
                    ToScreen::Resumed {
                        seq: after,
                        epoch: listener.ground.floors.journal().epoch(),
                    }
                    .bytes(),
                ]
            }
            Err(reason) => listener.reset(reason),
        };
        Ok((listener, first))
    }

    /// Goes on with a fresh credential, at the same place.
    pub(super) fn renew(&mut self, pass: Pass) {
        self.standing.renew(pass);
    }

    /// What the client may ask, now.
    #[must_use]
    pub(super) fn pass(&self) -> &Pass {
        self.standing.pass()
    }

    /// The floor it listens to.
    #[must_use]
    pub(super) fn floor(&self) -> &OpenFloor {
        &self.floor
    }

    /// Takes in what has changed about the client's rights; says why it may not stay.
    pub(super) fn check(&mut self) -> Result<(), Goodbye> {
        self.standing.check()
    }

    /// Completes when the client may not be here any more. Cancel-safe.
    pub(super) async fn may_not_stay(&mut self) -> Goodbye {
        self.standing.over().await
    }

    /// The next frames for a WebSocket, joined: one write for all. Cancel-safe.
    pub(super) async fn next_batch(&mut self) -> Next<Batch> {
        self.next(Cursor::take, joined).await
    }

    /// The next frames, one by one. Cancel-safe.
    pub(super) async fn next_frames(&mut self) -> Next<Vec<Frame>> {
        self.next(Cursor::take_frames, |frames| frames).await
    }

    async fn next<T>(
        &mut self,
        take: fn(&mut Cursor, TakeLimit) -> Taken<T>,
        replayed: fn(Vec<Frame>) -> T,
    ) -> Next<T> {
        loop {
            if let Err(goodbye) = self.standing.check() {
                self.place = Place::Over(goodbye);
            }
            match &mut self.place {
                Place::Over(goodbye) => return Next::Goodbye(*goodbye),
                Place::Replaying(after, _) => {
                    let after = *after;
                    match self.replay(after).await {
                        Ok(frames) if frames.is_empty() => {}
                        Ok(frames) => return Next::Frames(replayed(frames)),
                        Err(error) => return self.fail(&error),
                    }
                }
                Place::Live(cursor) => match take(cursor, LIMIT) {
                    Taken::Nothing => tokio::select! {
                        () = cursor.changed() => {}
                        () = self.standing.alarm() => {}
                    },
                    // What ended the right to be here may have come with them.
                    Taken::Batch(frames) => match self.standing.check() {
                        Ok(()) => return Next::Frames(frames),
                        Err(goodbye) => self.place = Place::Over(goodbye),
                    },
                    Taken::Fallen { .. } => return Next::Reset(self.reset(ResetReason::TooSlow)),
                    Taken::Goodbye(goodbye) => self.place = Place::Over(goodbye),
                },
            }
        }
    }

    /// Whether the client has yet to be told of the change `seq`.
    #[must_use]
    pub(super) fn is_before(&self, seq: Seq) -> bool {
        match &self.place {
            Place::Live(cursor) => cursor.heard() < seq,
            Place::Replaying(after, _) => *after < seq,
            Place::Over(_) => false,
        }
    }

    /// The place right behind which what comes next begins.
    #[must_use]
    pub(super) fn place(&self) -> Option<Seq> {
        match &self.place {
            Place::Live(cursor) => Some(cursor.heard()),
            Place::Replaying(after, _) => Some(*after),
            Place::Over(_) => None,
        }
    }

    /// A page of the journal; nothing when the ring goes on from here. Cancel-safe.
    async fn replay(&mut self, after: Seq) -> Result<Vec<Frame>, StorageError> {
        if matches!(self.place, Place::Replaying(_, None)) {
            self.place = self.place_behind(after);
        }
        let restaurant_id = self.pass().restaurant_id();
        let Place::Replaying(_, reading) = &mut self.place else {
            return Ok(Vec::new());
        };
        let journal = self.ground.floors.journal();
        let read = reading
            .get_or_insert_with(|| {
                let journal = journal.clone();
                // Ends with its page, whether or not anybody still waits for it.
                tokio::spawn(async move { replay::page(&journal, restaurant_id, after, PAGE_CHANGES).await })
            })
            .await;
        *reading = None;
        let Ok(page) = read else {
            self.place = Place::Over(Goodbye::Fault);
            return Ok(Vec::new());
        };
        let page = page?;
        let frames: Vec<Frame> = page
            .views()
            .map(|it| Frame::change(it.seq, ToScreen::Change(it).bytes()))
            .collect();
        let heard = frames.last().map_or(after, |it| it.seq);
        self.place = Place::Replaying(heard, None);
        Ok(frames)
    }

    fn place_behind(&self, after: Seq) -> Place {
        match self.topic().resume(after) {
            Resume::Live(cursor) => Place::Live(cursor),
            Resume::Behind { .. } | Resume::Ahead { .. } => Place::Replaying(after, None),
            Resume::Goodbye(goodbye) => Place::Over(goodbye),
        }
    }

    /// The snapshot's frame; the place is right behind it.
    fn start_again(&mut self) -> Bytes {
        let view = self.floor.view();
        self.place = self.place_behind(view.seq);
        let epoch = self.ground.floors.journal().epoch();
        view.snapshot(|view: &View| ToScreen::Snapshot(FloorView::of(view, epoch)).bytes())
    }

    fn reset(&mut self, reason: ResetReason) -> Vec<Bytes> {
        self.ground.metrics.resumed(reason.word());
        vec![ToScreen::Reset { reason }.bytes(), self.start_again()]
    }

    /// Whether the stream can go on behind `after`.
    async fn usable(&self, after: &str, epoch: Option<&str>) -> Result<Result<Seq, ResetReason>, ApiError> {
        let journal = self.ground.floors.journal();
        let Ok(after) = after.parse().map(Seq) else {
            return Ok(Err(ResetReason::BadAfter));
        };
        if epoch.is_some_and(|it| it != journal.epoch()) {
            return Ok(Err(ResetReason::Epoch));
        }
        let head = self.floor.view().seq.max(self.topic().head());
        if after > head {
            return Ok(Err(ResetReason::Ahead));
        }
        let restaurant_id = self.pass().restaurant_id();
        let now = self.ground.clock().now();
        let is_replayed = replay::is_replayed(journal, restaurant_id, after, head, now).await?;
        Ok(if is_replayed {
            Ok(after)
        } else {
            Err(ResetReason::TooOld)
        })
    }

    fn topic(&self) -> Topic {
        self.floor.topic(DIALECT.topic)
    }

    fn fail<T>(&mut self, error: &StorageError) -> Next<T> {
        tracing::error!(
            error = error as &dyn std::error::Error,
            "a replay could not be read"
        );
        self.place = Place::Over(Goodbye::Fault);
        Next::Goodbye(Goodbye::Fault)
    }
}

fn joined(frames: Vec<Frame>) -> Batch {
    let through = frames.last().map_or(Seq::ZERO, |it| it.seq);
    let mut bytes = BytesMut::with_capacity(frames.iter().map(|it| it.bytes.len()).sum());
    for frame in &frames {
        bytes.extend_from_slice(&frame.bytes);
    }
    Batch {
        bytes: bytes.freeze(),
        frames: frames.len(),
        through,
    }
}
