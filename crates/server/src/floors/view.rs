//! A floor as everybody sees it: durable, at one place in its journal.

use super::{Dialect, Past};
use crate::identity::Identity;
use bytes::Bytes;
use floor::{Floor, GuestDetails, GuestId, RestaurantId, Seq};
use jiff::Timestamp;
use journal::{Journal, StorageError};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The entries of the guest book that the floor's parties point at.
pub type GuestBook = BTreeMap<GuestId, Arc<GuestDetails>>;

/// A floor at one place in its journal. Never changes; the next change makes a new one.
#[derive(Clone)]
pub struct View {
    /// The place.
    pub seq: Seq,
    /// When the change at that place happened.
    pub at: Timestamp,
    /// The floor.
    pub floor: Arc<Floor>,
    /// The guests of its parties, as the book has them now.
    pub guests: Arc<GuestBook>,
    /// How many changes have erased somebody since this floor was opened.
    pub(super) n_erasures: u64,
    /// The last change of which each dialect had something to say, by topic.
    pub(super) spoken: BTreeMap<&'static str, Seq>,
    digest: OnceLock<String>,
    snapshot: OnceLock<Bytes>,
}

impl View {
    pub(crate) fn new(seq: Seq, at: Timestamp, floor: Floor, guests: Arc<GuestBook>) -> View {
        View {
            seq,
            at,
            floor: Arc::new(floor),
            guests,
            n_erasures: 0,
            spoken: BTreeMap::new(),
            digest: OnceLock::new(),
            snapshot: OnceLock::new(),
        }
    }

    /// The floor as the journal has it, and what each dialect has said of it last.
    pub(crate) async fn load(
        journal: &Journal,
        identity: &Identity,
        restaurant_id: RestaurantId,
        slug: &str,
        dialects: &[Dialect],
    ) -> Result<View, StorageError> {
        let head = journal.head(restaurant_id).await?;
        let (floor, at) = match journal.floor_at(restaurant_id, head).await? {
            Some(found) => found,
            None => (Floor::new(restaurant_id), Timestamp::UNIX_EPOCH),
        };
        let ids: Vec<GuestId> = floor.guest_ids().collect();
        let guests = journal.guests(restaurant_id, &ids).await?;
        let guests = guests
            .into_iter()
            .map(|(id, details)| (id, Arc::new(details)))
            .collect();
        let mut view = View::new(head, at, floor, Arc::new(guests));
        for dialect in dialects {
            let spoken = Past::last_spoken(journal, identity, restaurant_id, slug, head, *dialect).await?;
            view.spoken.insert(dialect.topic, spoken);
        }
        Ok(view)
    }

    /// How many changes have erased somebody since this floor was opened: what was rendered before the last of
    /// them may hold a name.
    #[must_use]
    pub fn n_erasures(&self) -> u64 {
        self.n_erasures
    }

    /// The last change of which a dialect had something to say.
    #[must_use]
    pub fn spoken(&self, topic: &'static str) -> Seq {
        self.spoken.get(topic).copied().unwrap_or_default()
    }

    /// The floor's digest, computed once.
    pub fn digest(&self) -> &str {
        self.digest.get_or_init(|| self.floor.digest())
    }

    /// The frame that shows the whole floor, rendered once by `render`.
    pub fn snapshot(&self, render: impl FnOnce(&View) -> Bytes) -> Bytes {
        self.snapshot.get_or_init(|| render(self)).clone()
    }
}
