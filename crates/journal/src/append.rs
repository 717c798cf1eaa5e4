//! What goes into the journal in one piece.

use floor::{Change, GuestWrite, Seq};
use jiff::Timestamp;

use crate::TurnChange;

/// Changes that happen together: all of them or none.
///
/// They may be of several restaurants; those of one restaurant have consecutive numbers, and the first
/// of them goes right behind that restaurant's head.
#[derive(Clone, Debug, Default)]
pub struct Append {
    /// The changes, in this order.
    pub changes: Vec<NewChange>,
}

/// A change with what goes beside it.
#[derive(Clone, Debug)]
pub struct NewChange {
    /// What happened. Its time is whole microseconds.
    pub change: Change,
    /// Entries of the guest book.
    pub guests: Vec<GuestWrite>,
    /// What [`fold`](crate::fold) said about turns.
    pub turns: Vec<TurnChange>,
    /// The idempotency key it answers.
    pub key: Option<KeyRecord>,
}

impl From<Change> for NewChange {
    fn from(change: Change) -> NewChange {
        NewChange {
            change,
            guests: Vec::new(),
            turns: Vec::new(),
            key: None,
        }
    }
}

/// An idempotency key and what it was used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// The key.
    pub name: KeyName,
    /// A fingerprint of what was asked with it.
    pub body_hash: [u8; 32],
}

/// An idempotency key of one holder. Holders do not see each other's keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName {
    /// Whose key: `staff:2`, …
    pub holder: String,
    /// The key as the holder wrote it.
    pub key: String,
}

/// A key that has been answered before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The key.
    pub key: KeyName,
    /// What was asked with it then.
    pub body_hash: [u8; 32],
    /// The change that came of it.
    pub seq: Seq,
    /// When. A key older than 24 hours counts as forgotten, even while it is still here.
    pub at: Timestamp,
}
