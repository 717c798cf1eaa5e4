//! What a batch of commands would do, worked out on a copy of the floor before anything is journaled.

use super::ask::{Ask, AskError, IdempotencyKey};
use super::{Dialect, GuestBook, Told, View};
use crate::identity::Identity;
use floor::{By, Change, Command, Floor, GuestWrite, Ids, Refusal, Seq};
use hub::Frame;
use jiff::Timestamp;
use journal::{Folded, KeyName, KeyRecord, NewChange};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The floor as it would be, and all that would have to be written, told and answered.
pub(super) struct Draft {
    pub(super) floor: Floor,
    pub(super) guests: Arc<GuestBook>,
    pub(super) seq: Seq,
    pub(super) at: Timestamp,
    pub(super) changes: Vec<NewChange>,
    /// What each dialect's topic is told, in the order of `dialects`.
    pub(super) frames: Vec<Vec<Frame>>,
    pub(super) outcomes: Vec<Outcome>,
    /// The last change of which each dialect had something to say, by topic.
    pub(super) spoken: BTreeMap<&'static str, Seq>,
    slug: Arc<str>,
    identity: Identity,
    dialects: Vec<Dialect>,
}

/// What became of one command.
pub(super) enum Outcome {
    /// The change at this index of the draft.
    Accepted(usize),
    /// A change of this draft, accepted under the same key.
    RepeatedHere(usize),
    /// A change of long ago, accepted under the same key.
    Repeated(Seq),
    /// None.
    Not(AskError),
}

/// Keys that were used before, with the fingerprint of the command and the change it became.
pub(super) type Answered = BTreeMap<KeyName, ([u8; 32], Seq)>;

impl Draft {
    pub(super) fn over(view: &View, slug: Arc<str>, identity: Identity, dialects: Vec<Dialect>) -> Draft {
        Draft {
            floor: (*view.floor).clone(),
            guests: Arc::clone(&view.guests),
            seq: view.seq,
            at: view.at,
            changes: Vec::new(),
            frames: vec![Vec::new(); dialects.len()],
            outcomes: Vec::new(),
            spoken: view.spoken.clone(),
            slug,
            identity,
            dialects,
        }
    }

    /// Decides one more command behind those before it.
    pub(super) fn take(&mut self, ask: &Ask, answered: &Answered, now: Timestamp, ids: &mut Ids) {
        let outcome = self.repeated(ask.key.as_ref(), answered).unwrap_or_else(|| {
            match self.carry_out(&ask.command, &ask.by, ask.key.as_ref(), now, ids) {
                Ok(()) => Outcome::Accepted(self.changes.len() - 1),
                Err(refusal) => Outcome::Not(refusal.into()),
            }
        });
        self.outcomes.push(outcome);
    }

    /// Does not carry out one more command, for a reason that lies outside the floor.
    pub(super) fn pass_over(&mut self, error: AskError) {
        self.outcomes.push(Outcome::Not(error));
    }

    /// Decides a command and takes in the change that it becomes.
    pub(super) fn carry_out(
        &mut self,
        command: &Command,
        by: &By,
        key: Option<&IdempotencyKey>,
        now: Timestamp,
        ids: &mut Ids,
    ) -> Result<(), Refusal> {
        let decision = self.floor.decide(command, now, ids)?;
        let change = Change {
            restaurant_id: self.floor.restaurant_id,
            seq: self.seq.next(),
            at: now,
            by: by.clone(),
            events: decision.events,
        };
        let key = key.cloned().map(|it| KeyRecord {
            name: it.name,
            body_hash: it.body_hash,
        });
        self.push(change, decision.guests, key);
        Ok(())
    }

    /// Takes in a change that was decided here or journaled by another node.
    pub(super) fn push(&mut self, change: Change, guests: Vec<GuestWrite>, key: Option<KeyRecord>) {
        let Folded { turns, touched } = journal::fold(&mut self.floor, &change);
        self.seq = change.seq;
        self.at = change.at;
        self.write_guests(&guests);
        for (dialect, frames) in self.dialects.iter().zip(&mut self.frames) {
            let spoken = self.spoken.entry(dialect.topic).or_default();
            let told = Told {
                change: &change,
                touched: &touched,
                after: &self.floor,
                guests: &self.guests,
                spoken: *spoken,
                slug: &self.slug,
                identity: &self.identity,
            };
            let rendered = (dialect.change)(&told);
            if !rendered.is_empty() {
                *spoken = change.seq;
            }
            frames.extend(rendered.into_iter().map(|bytes| Frame {
                seq: change.seq,
                bytes,
                ephemeral: false,
            }));
        }
        self.changes.push(NewChange {
            change,
            guests,
            turns,
            key,
        });
    }

    fn write_guests(&mut self, guests: &[GuestWrite]) {
        if guests.is_empty() {
            return;
        }
        let book = Arc::make_mut(&mut self.guests);
        for write in guests {
            let before = book
                .get(&write.guest_id())
                .map(|it| (**it).clone())
                .unwrap_or_default();
            book.insert(write.guest_id(), Arc::new(write.over(before)));
        }
        // Entries of parties and calls that have left the floor are looked up in the journal when they are needed.
        if book.len() > 2 * self.floor.guest_ids().count() + 8 {
            let present: BTreeSet<_> = self.floor.guest_ids().collect();
            book.retain(|id, _| present.contains(id));
        }
    }

    /// The outcome of a command whose key has been used.
    fn repeated(&self, key: Option<&IdempotencyKey>, answered: &Answered) -> Option<Outcome> {
        let key = key?;
        let (body_hash, outcome) = if let Some((body_hash, seq)) = answered.get(&key.name) {
            (body_hash, Outcome::Repeated(*seq))
        } else {
            let is_named = |it: &NewChange| it.key.as_ref().is_some_and(|it| it.name == key.name);
            let index = self.changes.iter().position(is_named)?;
            (
                &self.changes[index].key.as_ref()?.body_hash,
                Outcome::RepeatedHere(index),
            )
        };
        Some(if *body_hash == key.body_hash {
            outcome
        } else {
            Outcome::Not(AskError::KeyReused)
        })
    }
}
