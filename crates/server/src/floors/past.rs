//! Changes of the past, told again as they were told then, with the guest book of now.

use super::{Dialect, GuestBook, Told, View};
use crate::identity::Identity;
use crate::limits::{REPLAY_CHANGES_MAX, REPLAY_HOURS};
use floor::{Change, Floor, GuestId, RestaurantId, Seq, Touched};
use jiff::{SignedDuration, Timestamp};
use journal::{Journal, StorageError};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// A place in a restaurant's past, from which its changes are told in order.
pub struct Past {
    journal: Journal,
    identity: Identity,
    restaurant_id: RestaurantId,
    slug: Arc<str>,
    seq: Seq,
    spoken: Seq,
    /// For dialects that look at it: as it was at `seq`.
    floor: Option<Box<Floor>>,
    /// What was read and not told yet.
    unread: VecDeque<Change>,
}

/// How whoever is told takes a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Whether there was something to say of it.
    pub is_spoken: bool,
    /// Whether that is enough for now.
    pub is_full: bool,
}

/// How far back to look first for what a dialect said last.
const LOOK_BACK: u64 = 64;

impl Past {
    /// Right behind `after`. What `now` knows need not be looked for.
    pub async fn behind(
        journal: &Journal,
        identity: &Identity,
        slug: &str,
        after: Seq,
        dialect: Dialect,
        now: &View,
    ) -> Result<Past, StorageError> {
        let restaurant_id = now.floor.restaurant_id;
        let mut past = Past::at(journal, identity, restaurant_id, slug, after);
        let spoken = now.spoken(dialect.topic);
        if !dialect.looks_at_floor {
            return Ok(past);
        }
        if after == now.seq {
            past.floor = Some(Box::new((*now.floor).clone()));
            past.spoken = spoken;
        } else if after < now.seq && after >= spoken {
            let floor = journal.floor_at(restaurant_id, after).await?;
            past.floor = Some(Box::new(
                floor.map_or_else(|| Floor::new(restaurant_id), |it| it.0),
            ));
            past.spoken = spoken;
        } else {
            (past.floor, past.spoken) = past.look_back(after, dialect).await?;
        }
        Ok(past)
    }

    /// The last change up to `head` of which a dialect had something to say.
    pub(super) async fn last_spoken(
        journal: &Journal,
        identity: &Identity,
        restaurant_id: RestaurantId,
        slug: &str,
        head: Seq,
        dialect: Dialect,
    ) -> Result<Seq, StorageError> {
        if !dialect.looks_at_floor {
            return Ok(head);
        }
        let past = Past::at(journal, identity, restaurant_id, slug, head);
        Ok(past.look_back(head, dialect).await?.1)
    }

    fn at(journal: &Journal, identity: &Identity, restaurant_id: RestaurantId, slug: &str, seq: Seq) -> Past {
        Past {
            journal: journal.clone(),
            identity: identity.clone(),
            restaurant_id,
            slug: slug.into(),
            seq,
            spoken: seq,
            floor: None,
            unread: VecDeque::new(),
        }
    }

    /// The place.
    #[must_use]
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// Tells up to `limit` changes behind the place, or as many as `tell` has room for, and moves on behind them. Says
    /// how many. `present` is the guest book of the floor as it is now.
    pub async fn tell(
        &mut self,
        present: &GuestBook,
        limit: usize,
        mut tell: impl FnMut(&Told<'_>) -> Heard,
    ) -> Result<usize, StorageError> {
        if self.unread.is_empty() {
            self.unread = self.page(limit).await?.into();
        }
        let mut changes = std::mem::take(&mut self.unread);
        let guests = self.guests(changes.make_contiguous(), present).await?;
        let n_told = self.tell_all(changes.make_contiguous(), &guests, &mut tell);
        changes.drain(..n_told);
        self.unread = changes;
        Ok(n_told)
    }

    async fn page(&self, limit: usize) -> Result<Vec<Change>, StorageError> {
        self.journal.changes(self.restaurant_id, self.seq, limit).await
    }

    fn tell_all(
        &mut self,
        changes: &[Change],
        guests: &GuestBook,
        tell: &mut impl FnMut(&Told<'_>) -> Heard,
    ) -> usize {
        let blank = Floor::new(self.restaurant_id);
        for (n_before, change) in changes.iter().enumerate() {
            let touched = self.take(change);
            let told = Told {
                change,
                touched: &touched,
                after: self.floor.as_deref().unwrap_or(&blank),
                guests,
                spoken: self.spoken,
                slug: &self.slug,
                identity: &self.identity,
            };
            let heard = tell(&told);
            if heard.is_spoken {
                self.spoken = change.seq;
            }
            if heard.is_full {
                return n_before + 1;
            }
        }
        changes.len()
    }

    fn take(&mut self, change: &Change) -> Touched {
        self.seq = change.seq;
        let floor = self.floor.as_deref_mut();
        floor.map_or_else(Touched::default, |it| journal::fold(it, change).touched)
    }

    /// The entries that the changes may speak of, as they are now.
    async fn guests(&self, changes: &[Change], present: &GuestBook) -> Result<GuestBook, StorageError> {
        let of_floor = self.floor.iter().flat_map(|it| it.guest_ids());
        let of_changes = changes
            .iter()
            .flat_map(|it| &it.events)
            .filter_map(floor::Event::guest_id);
        let ids: BTreeSet<GuestId> = of_floor.chain(of_changes).collect();
        let (known, unknown): (Vec<_>, Vec<_>) = ids.into_iter().partition(|it| present.contains_key(it));
        let known = known
            .into_iter()
            .filter_map(|id| Some((id, Arc::clone(present.get(&id)?))));
        let mut book: GuestBook = known.collect();
        if !unknown.is_empty() {
            let read = self.journal.guests(self.restaurant_id, &unknown).await?;
            book.extend(read.into_iter().map(|(id, it)| (id, Arc::new(it))));
        }
        Ok(book)
    }

    /// The floor at `after`, and the last change up to there that `dialect` speaks of.
    async fn look_back(
        &self,
        after: Seq,
        dialect: Dialect,
    ) -> Result<(Option<Box<Floor>>, Seq), StorageError> {
        let mut span = LOOK_BACK;
        loop {
            let begin = Seq(after.0.saturating_sub(span));
            let floor = match self.journal.floor_at(self.restaurant_id, begin).await? {
                Some((floor, _)) => floor,
                None => Floor::new(self.restaurant_id),
            };
            let mut walk = Past {
                journal: self.journal.clone(),
                identity: self.identity.clone(),
                restaurant_id: self.restaurant_id,
                slug: Arc::clone(&self.slug),
                seq: begin,
                spoken: Seq::ZERO,
                floor: Some(Box::new(floor)),
                unread: VecDeque::new(),
            };
            let nobody = GuestBook::new();
            while walk.seq < after {
                let left = usize::try_from(after.0 - walk.seq.0).unwrap_or(usize::MAX);
                let changes = walk.page(left).await?;
                if changes.is_empty() {
                    break;
                }
                walk.tell_all(&changes, &nobody, &mut |told| Heard {
                    is_spoken: !(dialect.change)(told).is_empty(),
                    is_full: false,
                });
            }
            if walk.spoken > Seq::ZERO || begin == Seq::ZERO {
                return Ok((walk.floor, walk.spoken));
            }
            span = span.saturating_mul(8);
        }
    }
}

/// Whether what came after `after` is replayed change by change: the last 24 hours, or the last 50,000
/// changes, whichever is more.
pub async fn is_replayed(
    journal: &Journal,
    restaurant_id: RestaurantId,
    after: Seq,
    head: Seq,
    now: Timestamp,
) -> Result<bool, StorageError> {
    if head.0.saturating_sub(after.0) <= REPLAY_CHANGES_MAX {
        return Ok(true);
    }
    let first = journal.changes(restaurant_id, after, 1).await?;
    let oldest = now - SignedDuration::from_hours(REPLAY_HOURS);
    Ok(first.first().is_some_and(|it| it.at >= oldest))
}
