//! The guest book, as the journal hands it out.

use floor::{GuestDetails, GuestId, PartyId};

/// One guest's entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestEntry {
    /// Whose.
    pub guest_id: GuestId,
    /// The party they came with, if they did with one.
    pub party_id: Option<PartyId>,
    /// What is known; empty once erased.
    pub details: GuestDetails,
}
