//! One client's place in a restaurant's changes, whatever its dialect: where it begins, and what comes next.
//!
//! A place is live in the ring, or in the journal on the way there. Whoever falls off the ring is told so:
//! what happens then is the surface's to say. Never a hole (P4).

use crate::floors::{Dialect, Heard, OpenFloor, Past, is_replayed};
use crate::identity::{Pass, Standing};
use crate::limits::{BYTES_PER_WRITE, FRAMES_PER_WRITE, PAGE_CHANGES};
use crate::surface::ground::Ground;
use bytes::BytesMut;
use floor::Seq;
use hub::{Batch, Cursor, Frame, Goodbye, Resume, TakeLimit, Taken, Topic};
use journal::StorageError;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// A client's place.
pub(super) struct Listener {
    /// What it stands on.
    pub(super) ground: Ground,
    /// Whether the client may still be here, and what it may ask.
    standing: Standing,
    floor: Arc<OpenFloor>,
    dialect: Dialect,
    place: Place,
}

enum Place {
    /// In the ring.
    Live(Cursor),
    /// In the journal, right behind this change. The page that is being read is kept, so that whoever
    /// stops waiting for it does not make it be read again.
    Replaying(Seq, Progress),
    /// Over.
    Over(Goodbye),
}

/// How far a replay has come. Boxed: hardly any connection is ever here, and none should be large for it.
enum Progress {
    /// Nothing was read yet.
    Begun,
    /// A page is being read, begun when so many had been erased.
    Reading(Box<Reading>, u64),
    /// A page was told. The next one is read when it is wanted, with the guest book of then.
    Between(Box<Past>),
}

/// Ends with its page, or when nobody wants that any more.
struct Reading(JoinHandle<Result<(Past, Vec<Frame>), StorageError>>);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What comes next.
pub(super) enum Next<T> {
    /// Frames, one or many.
    Frames(T),
    /// The client fell behind what is kept, and has no place until it is given one.
    Fallen,
    /// The connection is to end.
    Goodbye(Goodbye),
}

/// Why a client cannot go on where it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    /// What it missed is no longer replayed.
    TooOld,
    /// The floor has not come so far: it was restored from a backup.
    Ahead,
}

const LIMIT: TakeLimit = TakeLimit {
    frames_max: FRAMES_PER_WRITE,
    bytes_max: BYTES_PER_WRITE,
};

impl Listener {
    /// Somebody who is about to listen, and has no place yet.
    pub(super) fn new(ground: Ground, pass: Pass, floor: Arc<OpenFloor>, dialect: Dialect) -> Listener {
        Listener {
            standing: Standing::new(&ground.identity, pass),
            floor,
            ground,
            dialect,
            place: Place::Over(Goodbye::Fault),
        }
    }

    /// Whether what came after `after` can be told.
    pub(super) async fn usable(&self, after: Seq) -> Result<Result<(), Unusable>, StorageError> {
        let head = self.head();
        if after > head {
            return Ok(Err(Unusable::Ahead));
        }
        let journal = self.ground.floors.journal();
        let now = self.ground.clock().now();
        let restaurant_id = self.pass().restaurant_id();
        let is_replayed = is_replayed(journal, restaurant_id, after, head, now).await?;
        Ok(is_replayed.then_some(()).ok_or(Unusable::TooOld))
    }

    /// Whether nothing would have to be read to tell what came after `after`.
    pub(super) fn is_live_behind(&self, after: Seq) -> bool {
        matches!(self.place_behind(after), Place::Live(_))
    }

    /// Gives the client its place right behind `after`. Says whether it is live.
    pub(super) fn begin_behind(&mut self, after: Seq) -> bool {
        self.place = self.place_behind(after);
        matches!(self.place, Place::Live(_))
    }

    /// Gives the client its place right behind `after`, all of it told from the journal first.
    pub(super) fn begin_in_past(&mut self, after: Seq) {
        let n_erasures = self.n_erasures();
        let reading = Box::new(self.read(after));
        self.place = Place::Replaying(after, Progress::Reading(reading, n_erasures));
    }

    /// The newest change that anybody has been told of or could be.
    pub(super) fn head(&self) -> Seq {
        self.floor.view().seq.max(self.topic().head())
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
    pub(super) fn floor(&self) -> &Arc<OpenFloor> {
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
                    // Boxed: it seldom happens, and every idle connection would have room for it.
                    match Box::pin(self.replay(after)).await {
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
                    Taken::Fallen { .. } => {
                        self.place = Place::Over(Goodbye::TooSlow);
                        return Next::Fallen;
                    }
                    Taken::Goodbye(goodbye) => self.place = Place::Over(goodbye),
                },
            }
        }
    }

    /// Whether the client has yet to be told of the change `seq`.
    #[must_use]
    pub(super) fn is_before(&self, seq: Seq) -> bool {
        self.place().is_some_and(|it| it < seq)
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
        let Place::Replaying(_, progress) = &mut self.place else {
            return Ok(Vec::new());
        };
        let progress = std::mem::replace(progress, Progress::Begun);
        // Counted before anything is read: who is erased meanwhile makes it be read again.
        let n_erasures = self.n_erasures();
        let begun = match progress {
            Progress::Reading(reading, n_erasures) => Some((reading, n_erasures)),
            Progress::Begun => self
                .goes_on(after)
                .then(|| (Box::new(self.read(after)), n_erasures)),
            Progress::Between(past) => self
                .goes_on(after)
                .then(|| (Box::new(self.read_on(*past)), n_erasures)),
        };
        let Some((reading, n_erasures)) = begun else {
            return Ok(Vec::new());
        };
        // Kept in its place while it is waited for.
        self.place = Place::Replaying(after, Progress::Reading(reading, n_erasures));
        let Place::Replaying(_, Progress::Reading(reading, _)) = &mut self.place else {
            return Ok(Vec::new());
        };
        let Ok(read) = (&mut reading.0).await else {
            self.place = Place::Over(Goodbye::Fault);
            return Ok(Vec::new());
        };
        if self.n_erasures() != n_erasures {
            // Somebody was erased meanwhile, and the page may hold the name: it is read again.
            self.place = Place::Replaying(after, Progress::Begun);
            return Ok(Vec::new());
        }
        let (past, frames) = read.inspect_err(|_| self.place = Place::Over(Goodbye::Fault))?;
        self.place = Place::Replaying(past.seq(), Progress::Between(Box::new(past)));
        Ok(frames)
    }

    /// Whether the journal has to be read on behind `after`. Otherwise the ring has taken over, or it is over.
    fn goes_on(&mut self, after: Seq) -> bool {
        let place = self.place_behind(after);
        let goes_on = matches!(place, Place::Replaying(..));
        if !goes_on {
            self.place = place;
        }
        goes_on
    }

    /// Reads the first page behind `after`.
    fn read(&self, after: Seq) -> Reading {
        let journal = self.ground.floors.journal().clone();
        let restaurant_id = self.pass().restaurant_id();
        let slug = self
            .ground
            .floors
            .directory()
            .slug(restaurant_id)
            .unwrap_or_default();
        let (floor, dialect) = (Arc::clone(&self.floor), self.dialect);
        let identity = self.ground.identity.clone();
        Reading(tokio::spawn(async move {
            let past = Past::behind(&journal, &identity, &slug, after, dialect, &floor.view()).await?;
            page(past, &floor, dialect).await
        }))
    }

    /// Reads the page behind one that was read.
    fn read_on(&self, past: Past) -> Reading {
        let (floor, dialect) = (Arc::clone(&self.floor), self.dialect);
        Reading(tokio::spawn(async move { page(past, &floor, dialect).await }))
    }

    fn place_behind(&self, after: Seq) -> Place {
        match self.topic().resume(after) {
            Resume::Live(cursor) => Place::Live(cursor),
            Resume::Behind { .. } | Resume::Ahead { .. } => Place::Replaying(after, Progress::Begun),
            Resume::Goodbye(goodbye) => Place::Over(goodbye),
        }
    }

    fn n_erasures(&self) -> u64 {
        self.floor.view().n_erasures()
    }

    fn topic(&self) -> Topic {
        self.floor.topic(self.dialect.topic)
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

/// A page of the past, in frames: about as much as is written in one go, and whole changes.
async fn page(
    mut past: Past,
    floor: &OpenFloor,
    dialect: Dialect,
) -> Result<(Past, Vec<Frame>), StorageError> {
    let (mut frames, mut n_bytes) = (Vec::new(), 0);
    let present = Arc::clone(&floor.view().guests);
    past.tell(&present, PAGE_CHANGES, |told| {
        let n_before = frames.len();
        for rendered in (dialect.change)(told) {
            n_bytes += rendered.len();
            frames.push(Frame::change(told.change.seq, rendered));
        }
        Heard {
            is_spoken: frames.len() > n_before,
            is_full: frames.len() >= LIMIT.frames_max || n_bytes >= LIMIT.bytes_max,
        }
    })
    .await?;
    Ok((past, frames))
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
