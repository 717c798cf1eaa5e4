//! What the guest book holds about a person. None of it is ever in an event.

use crate::{GuestId, Note, PartyId, Patch, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A guest's name and the like, as given when a party comes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GuestDetails {
    /// The name.
    pub name: Option<Text<120>>,
    /// The phone number, as given.
    pub phone: Option<Text<40>>,
    /// Wishes, allergies, the occasion.
    pub notes: Option<Note>,
}

/// What changes in the guest book, beside the events of the same change and in the same order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuestWrite {
    /// Fields of an entry are written.
    Fields(GuestPatch),
    /// An entry is emptied for good.
    Erase(GuestId),
}

/// What is written into a guest's entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestPatch {
    /// Whose entry.
    pub guest_id: GuestId,
    /// The party they came with.
    pub party_id: PartyId,
    /// The name.
    pub name: Patch<Text<120>>,
    /// The phone number.
    pub phone: Patch<Text<40>>,
    /// Wishes, allergies, the occasion.
    pub notes: Patch<Note>,
}

impl GuestWrite {
    /// Whose entry it is.
    #[must_use]
    pub fn guest_id(&self) -> GuestId {
        match self {
            GuestWrite::Fields(patch) => patch.guest_id,
            GuestWrite::Erase(guest_id) => *guest_id,
        }
    }

    /// The entry after this write.
    #[must_use]
    pub fn over(&self, before: GuestDetails) -> GuestDetails {
        match self {
            GuestWrite::Fields(patch) => patch.over(before),
            GuestWrite::Erase(_) => GuestDetails::default(),
        }
    }
}

impl GuestPatch {
    pub(crate) fn new(guest_id: GuestId, party_id: PartyId, details: &GuestDetails) -> GuestPatch {
        let details = details.clone();
        GuestPatch {
            guest_id,
            party_id,
            name: details.name.into(),
            phone: details.phone.into(),
            notes: details.notes.into(),
        }
    }

    /// The entry after this write.
    #[must_use]
    pub fn over(&self, before: GuestDetails) -> GuestDetails {
        GuestDetails {
            name: self.name.clone().over(before.name),
            phone: self.phone.clone().over(before.phone),
            notes: self.notes.clone().over(before.notes),
        }
    }
}
