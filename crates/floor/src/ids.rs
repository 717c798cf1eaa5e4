//! Names of things: one integer per entity, and a place in one restaurant's journal.
//!
//! Ids are unique per kind across all restaurants and small (1, 2, 3 …). Their types keep a table's
//! number from being taken for a party's. Nothing here makes an id; see [`crate::Ids`].

use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// A restaurant: one dining room with its own floor, journal and staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct RestaurantId(pub u64);

/// A drawing of a part of the restaurant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct PlanId(pub u64);

/// A waiter's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct SectionId(pub u64);

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct TableId(pub u64);

/// One party's stay, seated to left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct TurnId(pub u64);

/// A guest who joined a turn with a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct MemberId(pub u64);

/// A call from a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct CallId(pub u64);

/// People who sit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct PartyId(pub u64);

/// A person in the guest book. The name, phone and notes are there and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct GuestId(pub u64);

/// A person who works here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct StaffId(pub u64);

/// A place in one restaurant's journal: the first change is 1, and none is left out.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// Before the first change.
    pub const ZERO: Seq = Seq(0);

    /// The place right behind this one.
    #[must_use]
    pub const fn next(self) -> Seq {
        Seq(self.0 + 1)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for RestaurantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TableId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TurnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for GuestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for PartyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The kinds of things that get ids of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// [`RestaurantId`]
    Restaurant,
    /// [`PlanId`]
    Plan,
    /// [`SectionId`]
    Section,
    /// [`TableId`]
    Table,
    /// [`TurnId`]
    Turn,
    /// [`PartyId`]
    Party,
    /// [`GuestId`]
    Guest,
    /// [`StaffId`]
    Staff,
    /// A machine's key. No command makes one.
    Key,
    /// A screen of the house. No command makes one.
    Device,
    /// [`MemberId`]
    Member,
    /// [`CallId`]
    Call,
}

impl Kind {
    /// Every kind, in the order of their declaration.
    pub const ALL: [Kind; 12] = [
        Kind::Restaurant,
        Kind::Plan,
        Kind::Section,
        Kind::Table,
        Kind::Turn,
        Kind::Party,
        Kind::Guest,
        Kind::Staff,
        Kind::Key,
        Kind::Device,
        Kind::Member,
        Kind::Call,
    ];

    /// The name under which the journal counts this kind. Never changes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Restaurant => "restaurant",
            Kind::Plan => "plan",
            Kind::Section => "section",
            Kind::Table => "table",
            Kind::Turn => "turn",
            Kind::Party => "party",
            Kind::Guest => "guest",
            Kind::Staff => "staff",
            Kind::Key => "key",
            Kind::Device => "device",
            Kind::Member => "member",
            Kind::Call => "call",
        }
    }
}

/// Fresh ids that one decision may use, reserved beforehand in the journal.
///
/// How many of each kind a command takes at most is [`crate::Command::draws`].
#[derive(Clone, Debug, Default)]
pub struct Ids {
    next: [u64; Kind::ALL.len()],
    end: [u64; Kind::ALL.len()],
}

impl Ids {
    /// Adds a reserved range `first .. first + count`, in place of what was left of that kind.
    pub fn refill(&mut self, kind: Kind, first: u64, count: u64) {
        self.next[kind as usize] = first;
        self.end[kind as usize] = first + count;
    }

    /// How many ids of `kind` are left.
    #[must_use]
    pub fn left(&self, kind: Kind) -> u64 {
        self.end[kind as usize] - self.next[kind as usize]
    }

    /// Takes the next id of `kind`.
    ///
    /// # Panics
    /// When none is left: the caller reserved less than [`crate::Command::draws`] says.
    pub fn take(&mut self, kind: Kind) -> u64 {
        assert!(
            self.left(kind) > 0,
            "ids are reserved before a command is decided"
        );
        let id = self.next[kind as usize];
        self.next[kind as usize] += 1;
        id
    }
}
