//! How long stays have been of late, kept at hand for whoever asks how long a wait is.
//!
//! Reads past stays from the journal and remembers them for a while. What they mean is `insight`'s, how it is
//! shown is the surfaces'.

use crate::floors::View;
use crate::limits::{STAYS_FRESH, STAYS_READ_DAYS, STAYS_READ_MAX};
use floor::RestaurantId;
use insight::{Outlook, Stay, Stays};
use jiff::{SignedDuration, Timestamp};
use journal::{Journal, StorageError};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// The days that are read from the journal with one question.
const DAYS_AT_ONCE: i64 = 7;

/// What is known about stays, by restaurant. Cheap to clone; clones share it.
#[derive(Clone)]
pub struct Waits {
    journal: Journal,
    // One for each restaurant that was ever asked about: at most 32 KiB.
    kept: Arc<Mutex<BTreeMap<RestaurantId, Kept>>>,
}

/// Stays as they were read at a time. Whoever comes while they are being read waits for the same answer.
#[derive(Clone)]
struct Kept {
    since: Timestamp,
    stays: Arc<OnceCell<Stays>>,
}

impl Waits {
    /// Nothing is read yet.
    #[must_use]
    pub fn new(journal: Journal) -> Waits {
        Waits {
            journal,
            kept: Arc::default(),
        }
    }

    /// The rest of the evening as it looks from `view` at `now`.
    pub async fn outlook(&self, view: &View, now: Timestamp) -> Result<Outlook, StorageError> {
        let restaurant_id = view.floor.restaurant_id;
        let kept = self.kept(restaurant_id, now);
        let read = || read(&self.journal, restaurant_id, kept.since);
        let stays = kept.stays.get_or_try_init(read).await?;
        Ok(Outlook::of(&view.floor, stays, now))
    }

    /// What is kept of a restaurant, or a fresh place for it when that is too old, or from a time to come.
    fn kept(&self, restaurant_id: RestaurantId, now: Timestamp) -> Kept {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let age = |it: &Kept| now.duration_since(it.since);
        match kept.get(&restaurant_id) {
            Some(it) if !age(it).is_negative() && age(it) < STAYS_FRESH => it.clone(),
            _ => {
                let fresh = Kept {
                    since: now,
                    stays: Arc::default(),
                };
                kept.insert(restaurant_id, fresh.clone());
                fresh
            }
        }
    }
}

/// The stays that began in the last days before `now`. Goes back in time, so that a bound that is reached leaves
/// out the oldest.
async fn read(journal: &Journal, restaurant_id: RestaurantId, now: Timestamp) -> Result<Stays, StorageError> {
    let days = |it: i64| SignedDuration::from_hours(24 * it);
    let oldest = now - days(STAYS_READ_DAYS);
    let (mut to, mut left, mut spans) = (now, STAYS_READ_MAX, Vec::new());
    while to > oldest && left > 0 {
        let from = oldest.max(to - days(DAYS_AT_ONCE));
        let turns = journal.turns(restaurant_id, from, to, left).await?;
        left -= turns.len();
        spans.push(turns);
        to = from;
    }
    let past = spans.into_iter().rev().flatten();
    Ok(Stays::of(past.map(|it| Stay {
        covers: it.covers,
        seconds: it.seconds,
    })))
}
