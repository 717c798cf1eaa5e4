//! One client's place in v1's changes: the same for WebSocket and server-sent events.
//!
//! Three outcomes of a resume (P4): live from the ring, replayed from the journal, or an explicit start
//! from a snapshot.

use super::access::Entered;
use super::error::ApiError;
use super::frames::{DIALECT, FloorView, ResetReason, ToScreen};
use crate::floors::{OpenFloor, View};
use crate::identity::Pass;
use crate::surface::ground::Ground;
use crate::surface::listener::{self, Unusable};
use bytes::Bytes;
use floor::Seq;
use hub::{Batch, Frame, Goodbye};

/// A client's place.
pub(super) struct Listener {
    inner: listener::Listener,
}

/// What comes next.
pub(super) enum Next<T> {
    /// Frames, one or many.
    Frames(T),
    /// The client fell behind what is kept: these frames start it again.
    Reset(Vec<Bytes>),
    /// The connection is to end.
    Goodbye(Goodbye),
}

impl Listener {
    /// Begins right behind `after`, or with a snapshot. Answers the frames to send first.
    pub(super) async fn begin(
        ground: Ground,
        entered: Entered,
        after: Option<&str>,
        epoch: Option<&str>,
    ) -> Result<(Listener, Vec<Bytes>), ApiError> {
        let Entered { pass, floor } = entered;
        let mut listener = Listener {
            inner: listener::Listener::new(ground, pass, floor, DIALECT),
        };
        let Some(after) = after else {
            let snapshot = listener.start_again();
            listener.inner.ground.metrics.resumed("snapshot");
            return Ok((listener, vec![snapshot]));
        };
        let first = match listener.usable(after, epoch).await? {
            Ok(after) => {
                let is_live = listener.inner.begin_behind(after);
                let ground = &listener.inner.ground;
                ground
                    .metrics
                    .resumed(if is_live { "resumed" } else { "replayed" });
                let epoch = ground.floors.journal().epoch();
                vec![ToScreen::Resumed { seq: after, epoch }.bytes()]
            }
            Err(reason) => listener.reset(reason),
        };
        Ok((listener, first))
    }

    /// Goes on with a fresh credential, at the same place.
    pub(super) fn renew(&mut self, pass: Pass) {
        self.inner.renew(pass);
    }

    /// What the client may ask, now.
    #[must_use]
    pub(super) fn pass(&self) -> &Pass {
        self.inner.pass()
    }

    /// The floor it listens to.
    #[must_use]
    pub(super) fn floor(&self) -> &OpenFloor {
        self.inner.floor()
    }

    /// Takes in what has changed about the client's rights; says why it may not stay.
    pub(super) fn check(&mut self) -> Result<(), Goodbye> {
        self.inner.check()
    }

    /// The place as every surface has it.
    pub(super) fn inner(&mut self) -> &mut listener::Listener {
        &mut self.inner
    }

    /// The next frames for a WebSocket, joined: one write for all. Cancel-safe.
    pub(super) async fn next_batch(&mut self) -> Next<Batch> {
        let next = self.inner.next_batch().await;
        self.or_reset(next)
    }

    /// The next frames, one by one. Cancel-safe.
    pub(super) async fn next_frames(&mut self) -> Next<Vec<Frame>> {
        let next = self.inner.next_frames().await;
        self.or_reset(next)
    }

    fn or_reset<T>(&mut self, next: listener::Next<T>) -> Next<T> {
        match next {
            listener::Next::Frames(frames) => Next::Frames(frames),
            listener::Next::Fallen => Next::Reset(self.reset(ResetReason::TooSlow)),
            listener::Next::Goodbye(goodbye) => Next::Goodbye(goodbye),
        }
    }

    /// Whether the client has yet to be told of the change `seq`.
    #[must_use]
    pub(super) fn is_before(&self, seq: Seq) -> bool {
        self.inner.is_before(seq)
    }

    /// The place right behind which what comes next begins.
    #[must_use]
    pub(super) fn place(&self) -> Option<Seq> {
        self.inner.place()
    }

    /// The snapshot's frame; the place is right behind it.
    fn start_again(&mut self) -> Bytes {
        let view = self.inner.floor().view();
        self.inner.begin_behind(view.seq);
        let epoch = self.inner.ground.floors.journal().epoch();
        view.snapshot(|view: &View| ToScreen::Snapshot(FloorView::of(view, epoch)).bytes())
    }

    fn reset(&mut self, reason: ResetReason) -> Vec<Bytes> {
        self.inner.ground.metrics.resumed(reason.word());
        vec![ToScreen::Reset { reason }.bytes(), self.start_again()]
    }

    /// Whether the stream can go on behind `after`.
    async fn usable(&self, after: &str, epoch: Option<&str>) -> Result<Result<Seq, ResetReason>, ApiError> {
        let Ok(after) = after.parse().map(Seq) else {
            return Ok(Err(ResetReason::BadAfter));
        };
        if epoch.is_some_and(|it| it != self.inner.ground.floors.journal().epoch()) {
            return Ok(Err(ResetReason::Epoch));
        }
        let usable = self.inner.usable(after).await?;
        Ok(usable.map(|()| after).map_err(|it| match it {
            Unusable::TooOld => ResetReason::TooOld,
            Unusable::Ahead => ResetReason::Ahead,
        }))
    }
}
