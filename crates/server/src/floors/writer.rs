//! The one task that changes a floor.
//!
//! It takes whatever commands have piled up, decides them all on a copy, journals once, and only then
//! publishes and answers, in that order (P1). Another node shows up as a `Conflict`: catch up from the
//! journal, decide again. When a floor is to change together with another, whoever does that borrows both of them.

use super::ask::{Ask, AskError, Receipt};
use super::draft::{Answered, Draft, Outcome};
use super::journaling::{Appended, storage};
use super::loan::{Errand, Loan, Settled};
use super::{Beat, Dialect, Shared, View};
use crate::limits::{ASKS_TOGETHER_MAX, CHANGES_PER_SNAPSHOT, CONFLICTS_MAX, HEARTBEAT};
use floor::{Change, Command, Event, GuestId, Ids, Seq, StaffId};
use hub::{Frame, RingLimits, Topic};
use jiff::Timestamp;
use journal::{KeyName, Snapshot};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};

pub(super) struct Writer {
    shared: Arc<Shared>,
    errands: mpsc::Receiver<Errand>,
    view: watch::Sender<Arc<View>>,
    voices: Vec<Voice>,
    slug: Arc<str>,
    saved: Seq,
}

/// One dialect, spoken to those who listen.
struct Voice {
    dialect: Dialect,
    topic: Topic,
    /// Heartbeats of the floor until its own next one.
    beats_left: u32,
    /// The floor's last change before its own last one.
    beaten_at: Timestamp,
}

impl Writer {
    pub(super) fn new(
        shared: Arc<Shared>,
        view: View,
        slug: Arc<str>,
        errands: mpsc::Receiver<Errand>,
    ) -> (Writer, watch::Receiver<Arc<View>>) {
        let room = shared.hub.room(view.floor.restaurant_id);
        let voice = |it: &Dialect| Voice {
            dialect: *it,
            topic: room.topic(it.topic, view.seq, RingLimits::default()),
            beats_left: it.heartbeats_apart,
            beaten_at: view.at,
        };
        let voices = shared.dialects.iter().map(voice).collect();
        let saved = view.seq;
        let (view, seen) = watch::channel(Arc::new(view));
        (
            Writer {
                shared,
                errands,
                view,
                voices,
                slug,
                saved,
            },
            seen,
        )
    }

    /// The topics that this floor's changes go to, by name.
    pub(super) fn topics(&self) -> BTreeMap<&'static str, Topic> {
        self.voices
            .iter()
            .map(|it| (it.dialect.topic, it.topic.clone()))
            .collect()
    }

    pub(super) async fn run(mut self) {
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut errands = Vec::new();
        loop {
            tokio::select! {
                n_errands = self.errands.recv_many(&mut errands, ASKS_TOGETHER_MAX) => {
                    if n_errands == 0 {
                        break;
                    }
                    self.wait_for_company(&mut errands).await;
                    for step in steps(std::mem::take(&mut errands)) {
                        match step {
                            Step::Commit(asks) => self.commit(asks).await,
                            Step::Lend(borrower) => self.lend(borrower).await,
                        }
                    }
                }
                _ = heartbeat.tick() => self.beat(),
            }
        }
        self.save().await;
    }

    /// Lets whoever else is about to ask do so: what is decided together is written, told and read
    /// together. Costs one turn of the scheduler, which is nothing when nobody else is there.
    async fn wait_for_company(&mut self, errands: &mut Vec<Errand>) {
        tokio::task::yield_now().await;
        while errands.len() < ASKS_TOGETHER_MAX {
            let Ok(errand) = self.errands.try_recv() else {
                break;
            };
            errands.push(errand);
        }
    }

    /// Tells every listener what their dialect says without a change.
    fn beat(&mut self) {
        let view = self.view.borrow().clone();
        let now = self.shared.clock.now();
        for voice in &mut self.voices {
            voice.beats_left = voice.beats_left.saturating_sub(1);
            if voice.beats_left > 0 {
                continue;
            }
            voice.beats_left = voice.dialect.heartbeats_apart;
            let since = std::mem::replace(&mut voice.beaten_at, view.at);
            if voice.topic.listeners() == 0 {
                continue;
            }
            let beat = Beat {
                view: &view,
                since,
                now,
            };
            for bytes in (voice.dialect.heartbeat)(&beat) {
                voice.topic.publish(Frame {
                    seq: view.seq,
                    bytes,
                    ephemeral: true,
                });
            }
        }
    }

    /// Journals what `asks` lead to, and only then tells anyone.
    async fn commit(&mut self, asks: Vec<Ask>) {
        let error = match self.try_commit(&asks).await {
            Ok(draft) => return self.settle(asks, draft).await,
            Err(error) => error,
        };
        for ask in asks {
            // Whoever asked may be gone: the answer is nobody's then.
            drop(ask.reply.send(Err(error.clone())));
        }
    }

    async fn try_commit(&mut self, asks: &[Ask]) -> Result<Draft, AskError> {
        let mut ids = self.lease(asks).await?;
        let unknown = self.unknown_guests(asks).await?;
        for _ in 0..CONFLICTS_MAX {
            let answered = self.answered(asks).await?;
            let mut draft = self.draft();
            for ask in asks {
                let now = self.shared.clock.now().max(draft.at);
                let nobody = erased(&ask.command).into_iter().find(|it| unknown.contains(it));
                let stranger = self.stranger(&ask.command);
                match (nobody, stranger) {
                    (Some(guest_id), _) => draft.pass_over(AskError::UnknownGuest(guest_id)),
                    (_, Some(staff_id)) => draft.pass_over(AskError::UnknownStaff(staff_id)),
                    (None, None) => draft.take(ask, &answered, now, &mut ids),
                }
            }
            if draft.changes.is_empty() {
                return Ok(draft);
            }
            match self.shared.append(draft.changes.clone()).await? {
                Appended::Durable => return Ok(draft),
                Appended::Overtaken => {
                    self.catch_up().await?;
                    ids = self.lease(asks).await?;
                }
            }
        }
        Err(AskError::Busy)
    }

    async fn lease(&self, asks: &[Ask]) -> Result<Ids, AskError> {
        let commands = asks.iter().map(|it| &it.command);
        self.shared.ids.lease(commands).await.map_err(storage)
    }

    /// The guests that `asks` want forgotten and the book does not know.
    async fn unknown_guests(&self, asks: &[Ask]) -> Result<BTreeSet<GuestId>, AskError> {
        let mut unknown: BTreeSet<GuestId> = asks.iter().flat_map(|it| erased(&it.command)).collect();
        if unknown.is_empty() {
            return Ok(unknown);
        }
        let guest_ids: Vec<GuestId> = unknown.iter().copied().collect();
        let restaurant_id = self.view.borrow().floor.restaurant_id;
        let known = self
            .shared
            .journal
            .guests(restaurant_id, &guest_ids)
            .await
            .map_err(storage)?;
        for (guest_id, _) in known {
            unknown.remove(&guest_id);
        }
        Ok(unknown)
    }

    /// Somebody that `command` would let work here under an id that nobody has: it would be given to
    /// somebody else one day.
    fn stranger(&self, command: &Command) -> Option<StaffId> {
        let identity = &self.shared.identity;
        match command {
            Command::AdmitStaff(it) => Some(it.staff_id).filter(|it| !identity.knows(*it)),
            Command::Batch { commands } => commands.iter().find_map(|it| self.stranger(it)),
            _ => None,
        }
    }

    /// Which keys of `asks` have been used, and for what.
    async fn answered(&self, asks: &[Ask]) -> Result<Answered, AskError> {
        let names: Vec<KeyName> = asks
            .iter()
            .filter_map(|it| it.key.as_ref())
            .map(|it| it.name.clone())
            .collect();
        let restaurant_id = self.view.borrow().floor.restaurant_id;
        self.shared.answered(restaurant_id, &names).await
    }

    /// Publishes and answers what has become durable: in that order.
    async fn settle(&mut self, asks: Vec<Ask>, draft: Draft) {
        let restaurant_id = draft.floor.restaurant_id;
        let (changes, outcomes) = self.publish(draft);
        for (ask, outcome) in asks.into_iter().zip(outcomes) {
            let answer = match outcome {
                Outcome::Accepted(index) => Ok(Receipt {
                    change: Arc::clone(&changes[index]),
                    repeated: false,
                }),
                Outcome::RepeatedHere(index) => Ok(Receipt {
                    change: Arc::clone(&changes[index]),
                    repeated: true,
                }),
                Outcome::Repeated(seq) => self.shared.first_answer(restaurant_id, seq).await,
                Outcome::Not(error) => Err(error),
            };
            if let Err(AskError::Refused(refusal)) = &answer {
                self.shared.metrics.refused(refusal.code());
            }
            let is_erasing = matches!(&answer, Ok(it) if is_erasing(&it.change));
            if is_erasing {
                // Waits for readers of the old log, and nobody else waits for it.
                tokio::spawn(scrub(Arc::clone(&self.shared), ask.reply, answer));
            } else {
                // Whoever asked may be gone: the answer is nobody's then.
                drop(ask.reply.send(answer));
            }
        }
        self.save_when_due().await;
    }

    /// Lends the floor out, and goes on when it is back.
    async fn lend(&mut self, borrower: oneshot::Sender<Loan>) {
        let (loan, back) = Loan::of(self.draft());
        // Whoever wanted it may be gone: the loan is dropped then.
        drop(borrower.send(loan));
        if let Ok(Settled { draft, told }) = back.await {
            let (changes, _) = self.publish(draft);
            // Whoever borrowed it may be gone: what was done stands.
            drop(told.send(changes));
            self.save_when_due().await;
        } else if let Err(error) = self.catch_up().await {
            // The next append finds out that somebody else was first, and tries once more.
            tracing::warn!(%error, "what other nodes wrote cannot be read now");
        }
    }

    /// Who may be here first, then frames, then the view: who sees the view finds its change among the frames.
    fn publish(&self, draft: Draft) -> (Vec<Arc<Change>>, Vec<Outcome>) {
        let Draft {
            floor,
            guests,
            seq,
            at,
            changes,
            frames,
            outcomes,
            spoken,
            ..
        } = draft;
        if changes.is_empty() {
            return (Vec::new(), outcomes);
        }
        for new in &changes {
            self.shared.identity.hear(&new.change);
        }
        let is_erasing = changes.iter().any(|it| is_erasing(&it.change));
        for (Voice { dialect, topic, .. }, frames) in self.voices.iter().zip(frames) {
            if is_erasing {
                // Frames of before may hold the name (P11).
                topic.forget();
            }
            let n_frames = frames.len();
            topic.publish_all(frames);
            topic.advance(seq);
            self.shared.metrics.published(dialect.topic, n_frames);
            let n_listeners = topic.listeners();
            tracing::debug!(topic = dialect.topic, %seq, n_frames, n_listeners, "told the latest changes");
        }
        let mut view = View::new(seq, at, floor, guests);
        view.spoken = spoken;
        view.n_erasures = self.view.borrow().n_erasures + u64::from(is_erasing);
        self.view.send_replace(Arc::new(view));
        (
            changes.into_iter().map(|it| Arc::new(it.change)).collect(),
            outcomes,
        )
    }

    /// Takes in what another node journaled, a page at a time.
    async fn catch_up(&mut self) -> Result<(), AskError> {
        loop {
            let (restaurant_id, after) = {
                let view = self.view.borrow();
                (view.floor.restaurant_id, view.seq)
            };
            let journal = &self.shared.journal;
            let changes = journal
                .changes(restaurant_id, after, usize::MAX)
                .await
                .map_err(storage)?;
            if changes.is_empty() {
                return Ok(());
            }
            let mut draft = self.draft();
            let ids: Vec<_> = changes
                .iter()
                .flat_map(|it| &it.events)
                .filter_map(Event::guest_id)
                .collect();
            let guests = journal.guests(restaurant_id, &ids).await.map_err(storage)?;
            let book = Arc::make_mut(&mut draft.guests);
            book.extend(guests.into_iter().map(|(id, it)| (id, Arc::new(it))));
            for change in changes {
                draft.push(change, Vec::new(), None);
            }
            self.publish(draft);
        }
    }

    fn draft(&self) -> Draft {
        Draft::over(
            &self.view.borrow(),
            Arc::clone(&self.slug),
            self.shared.identity.clone(),
            self.voices.iter().map(|it| it.dialect).collect(),
        )
    }

    async fn save_when_due(&mut self) {
        let head = self.view.borrow().seq;
        if head.0 >= self.saved.0 + CHANGES_PER_SNAPSHOT {
            self.save().await;
        }
    }

    async fn save(&mut self) {
        let view = self.view.borrow().clone();
        if view.seq == self.saved {
            return;
        }
        let snapshot = Snapshot {
            seq: view.seq,
            at: view.at,
            floor: (*view.floor).clone(),
        };
        match self.shared.journal.save_snapshot(&snapshot).await {
            Ok(()) => self.saved = view.seq,
            Err(error) => tracing::warn!(%error, "a floor's snapshot was not saved, its journal is whole"),
        }
    }
}

/// What a writer does in one go.
enum Step {
    /// Decides, journals and tells these.
    Commit(Vec<Ask>),
    /// Lends the floor out.
    Lend(oneshot::Sender<Loan>),
}

/// Asks that pile up are decided and told together. One that erases somebody begins anew: what is told before it may
/// hold the name, and must not be told with it or after it.
fn steps(errands: Vec<Errand>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::with_capacity(1);
    for errand in errands {
        match (errand, steps.last_mut()) {
            (Errand::Lend(borrower), _) => steps.push(Step::Lend(borrower)),
            (Errand::Ask(ask), Some(Step::Commit(asks))) if erased(&ask.command).is_empty() => {
                asks.push(*ask)
            }
            (Errand::Ask(ask), _) => steps.push(Step::Commit(vec![*ask])),
        }
    }
    steps
}

fn is_erasing(change: &Change) -> bool {
    change
        .events
        .iter()
        .any(|it| matches!(it, Event::GuestErased { .. }))
}

/// Answers a command that erased somebody once no trace of them is left in the journal's files.
async fn scrub(
    shared: Arc<Shared>,
    reply: oneshot::Sender<Result<Receipt, AskError>>,
    answer: Result<Receipt, AskError>,
) {
    let answer = match shared.journal.scrub().await {
        Ok(()) => answer,
        Err(error) => {
            tracing::warn!(%error, "traces of an erased guest are left in the journal's log");
            Err(AskError::TracesLeft)
        }
    };
    drop(reply.send(answer));
}

/// The guests that a command wants forgotten.
fn erased(command: &Command) -> Vec<GuestId> {
    match command {
        Command::EraseGuest { guest_id } => vec![*guest_id],
        Command::Batch { commands } => commands.iter().flat_map(erased).collect(),
        _ => Vec::new(),
    }
}
