//! Whether the journal agrees with itself: everything in it that follows from the changes is worked out
//! again and compared.
//!
//! An engine hands over what it finds, one restaurant at a time; what counts as wrong is said here.

use crate::Member;
use crate::turns::{TurnChange, TurnRow, fold};
use floor::{Change, Event, Floor, GuestId, Kind, RestaurantId, Seq, StaffId, TurnId};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Findings that a report lists. More are counted.
pub const FINDINGS_MAX: usize = 1_000;

/// What a check looked at and what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Restaurants looked at.
    pub n_restaurants: u64,
    /// Changes replayed.
    pub n_changes: u64,
    /// Snapshots compared.
    pub n_snapshots: u64,
    /// Closed turns compared.
    pub n_turns: u64,
    /// What is wrong, at most [`FINDINGS_MAX`] entries.
    pub findings: Vec<Finding>,
    /// How many more findings there were.
    pub n_findings_left_out: u64,
}

/// How far a check has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Restaurants done with.
    pub n_restaurants_done: u64,
    /// Restaurants there are.
    pub n_restaurants: u64,
    /// Changes replayed so far.
    pub n_changes: u64,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where; nowhere in particular when the storage as a whole is damaged.
    pub restaurant_id: Option<RestaurantId>,
    /// At which change, if at one.
    pub seq: Option<Seq>,
    /// What.
    pub what: Problem,
}

/// What can be wrong. Nothing personal is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The engine's own check of its file.
    #[error("the storage is damaged: {0}")]
    Damaged(String),
    /// The changes are of a restaurant that was never added.
    #[error("no restaurant has this id")]
    NoSuchRestaurant,
    /// Changes are missing before this one.
    #[error("the changes from {expected} up to here are missing")]
    Gap {
        /// The first one that is missing.
        expected: Seq,
    },
    /// The change cannot be read.
    #[error("the change cannot be read: {0}")]
    UnreadableChange(String),
    /// The snapshot cannot be read.
    #[error("the snapshot cannot be read: {0}")]
    UnreadableSnapshot(String),
    /// The snapshot is of a change that does not exist.
    #[error("the snapshot belongs to no change")]
    SnapshotOfNothing,
    /// The snapshot is not what the changes add up to.
    #[error("the snapshot has digest {stored}, the changes add up to {replayed}")]
    SnapshotDiffers {
        /// Of the floor that was kept.
        stored: String,
        /// Of the floor replayed.
        replayed: String,
    },
    /// A closed turn cannot be read.
    #[error("a closed turn cannot be read: {0}")]
    UnreadableTurn(String),
    /// A closed turn's row is not what the changes add up to.
    #[error("closed turn {turn_id} is not what the changes say")]
    TurnDiffers {
        /// Which one.
        turn_id: TurnId,
    },
    /// A closed turn has no row.
    #[error("closed turn {turn_id} is missing")]
    TurnMissing {
        /// Which one.
        turn_id: TurnId,
    },
    /// A row is of no closed turn.
    #[error("closed turn {turn_id} is listed, but the changes know nothing of it")]
    TurnOfNothing {
        /// Which one.
        turn_id: TurnId,
    },
    /// A member of staff cannot be read.
    #[error("a member of staff cannot be read: {0}")]
    UnreadableMember(String),
    /// A member of staff is not what the changes add up to.
    #[error("member of staff {} is not what the changes say", staff_id.0)]
    MemberDiffers {
        /// Who.
        staff_id: StaffId,
    },
    /// A member of staff has no row.
    #[error("member of staff {} is missing", staff_id.0)]
    MemberMissing {
        /// Who.
        staff_id: StaffId,
    },
    /// A row is of nobody on the staff.
    #[error("member of staff {} is listed, but the changes know nothing of them", staff_id.0)]
    MemberOfNothing {
        /// Who.
        staff_id: StaffId,
    },
    /// An idempotency key is answered by a change that does not exist, or by another one.
    #[error("an idempotency key points at no such change")]
    AnswerOfNothing,
    /// A guest has no entry in the guest book.
    #[error("guest {} has no entry in the guest book", .0.0)]
    GuestMissing(GuestId),
    /// An entry in the guest book belongs to nobody.
    #[error("the guest book has an entry for guest {}, whom no change mentions", .0.0)]
    GuestOfNothing(GuestId),
    /// An id was used that was never handed out, and may be handed out again.
    #[error("{} {id} was never handed out", kind.name())]
    IdNotReserved {
        /// Of which kind.
        kind: Kind,
        /// The id.
        id: u64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(restaurant_id) = self.restaurant_id {
            write!(f, "restaurant {restaurant_id}, ")?;
        }
        if let Some(seq) = self.seq {
            write!(f, "change {seq}: ")?;
        }
        self.what.fmt(f)
    }
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn push(&mut self, restaurant_id: Option<RestaurantId>, seq: Option<Seq>, what: Problem) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding {
                restaurant_id,
                seq,
                what,
            });
        } else {
            self.n_findings_left_out += 1;
        }
    }
}

/// One restaurant's replay, and what it is compared with. The changes come first, in their order.
pub(crate) struct Inspection<'a> {
    report: &'a mut Report,
    restaurant_id: RestaurantId,
    floor: Floor,
    head: Seq,
    /// Whether the replayed floor can still be trusted.
    is_whole: bool,
    turns: BTreeMap<TurnId, TurnRow>,
    members: BTreeMap<StaffId, Member>,
    guests: BTreeSet<GuestId>,
    /// The largest id of each kind that a change brought into the world, and that change.
    last_ids: BTreeMap<Kind, (u64, Seq)>,
}

impl<'a> Inspection<'a> {
    pub(crate) fn new(report: &'a mut Report, restaurant_id: RestaurantId) -> Inspection<'a> {
        report.n_restaurants += 1;
        Inspection {
            report,
            restaurant_id,
            floor: Floor::new(restaurant_id),
            head: Seq::ZERO,
            is_whole: true,
            turns: BTreeMap::new(),
            members: BTreeMap::new(),
            guests: BTreeSet::new(),
            last_ids: BTreeMap::new(),
        }
    }

    pub(crate) fn find(&mut self, seq: Option<Seq>, what: Problem) {
        self.report.push(Some(self.restaurant_id), seq, what);
    }

    /// Changes replayed so far, in all restaurants.
    pub(crate) fn n_changes(&self) -> u64 {
        self.report.n_changes
    }

    /// The next change, or why it cannot be read.
    pub(crate) fn change(&mut self, seq: Seq, change: Result<&Change, String>) {
        self.report.n_changes += 1;
        let expected = self.head.next();
        if seq != expected {
            self.is_whole = false;
            self.find(Some(seq), Problem::Gap { expected });
        }
        self.head = seq;
        match change {
            Ok(change) => self.replay(change),
            Err(why) => {
                self.is_whole = false;
                self.find(Some(seq), Problem::UnreadableChange(why));
            }
        }
    }

    fn replay(&mut self, change: &Change) {
        for event in &change.events {
            if let Some((kind, id)) = new_id(event) {
                self.note_id(kind, id, change.seq);
            }
            if let Some(member) = Member::after(self.restaurant_id, event) {
                self.members.insert(member.staff_id, member);
            }
            if let Event::PartyAdded { guest_id, .. } = event {
                self.guests.insert(*guest_id);
                self.note_id(Kind::Guest, guest_id.0, change.seq);
            }
        }
        for turn in fold(&mut self.floor, change).turns {
            match turn {
                TurnChange::Closed(row) => drop(self.turns.insert(row.turn_id, row)),
                TurnChange::Reopened { turn_id } => drop(self.turns.remove(&turn_id)),
            }
        }
    }

    fn note_id(&mut self, kind: Kind, id: u64, seq: Seq) {
        let last = self.last_ids.entry(kind).or_insert((id, seq));
        *last = (*last).max((id, seq));
    }

    /// A snapshot of the change that came last, or why it cannot be read.
    pub(crate) fn snapshot(&mut self, seq: Seq, floor: Result<&Floor, String>) {
        self.report.n_snapshots += 1;
        let stored = match floor {
            Ok(floor) => floor.digest(),
            Err(why) => return self.find(Some(seq), Problem::UnreadableSnapshot(why)),
        };
        let replayed = self.floor.digest();
        if self.is_whole && stored != replayed {
            self.find(Some(seq), Problem::SnapshotDiffers { stored, replayed });
        }
    }

    /// A row of the closed turns, after all changes.
    pub(crate) fn turn(&mut self, row: Result<&TurnRow, String>) {
        self.report.n_turns += 1;
        let row = match row {
            Ok(row) => row,
            Err(why) => return self.find(None, Problem::UnreadableTurn(why)),
        };
        let turn_id = row.turn_id;
        let expected = self.turns.remove(&turn_id);
        let what = match &expected {
            _ if !self.is_whole => return,
            Some(it) if it == row => return,
            Some(_) => Problem::TurnDiffers { turn_id },
            None => Problem::TurnOfNothing { turn_id },
        };
        self.find(Some(expected.map_or(row.seq, |it| it.seq)), what);
    }

    /// A row of the members, after all changes.
    pub(crate) fn member(&mut self, row: Result<&Member, String>) {
        let row = match row {
            Ok(row) => row,
            Err(why) => return self.find(None, Problem::UnreadableMember(why)),
        };
        let staff_id = row.staff_id;
        let expected = self.members.remove(&staff_id);
        let what = match &expected {
            _ if !self.is_whole => return,
            Some(it) if it == row => return,
            Some(_) => Problem::MemberDiffers { staff_id },
            None => Problem::MemberOfNothing { staff_id },
        };
        self.find(None, what);
    }

    /// A guest whom the book has an entry for, after all changes.
    pub(crate) fn guest(&mut self, guest_id: GuestId) {
        if !self.guests.remove(&guest_id) && self.is_whole {
            self.find(None, Problem::GuestOfNothing(guest_id));
        }
    }

    /// Says what should have come and did not. `reserved` is the last id handed out of each kind.
    pub(crate) fn finish(mut self, reserved: &BTreeMap<&'static str, u64>) {
        for (kind, (id, seq)) in std::mem::take(&mut self.last_ids) {
            if id > reserved.get(kind.name()).copied().unwrap_or(0) {
                self.find(Some(seq), Problem::IdNotReserved { kind, id });
            }
        }
        for guest_id in std::mem::take(&mut self.guests) {
            self.find(None, Problem::GuestMissing(guest_id));
        }
        for staff_id in std::mem::take(&mut self.members).into_keys() {
            if self.is_whole {
                self.find(None, Problem::MemberMissing { staff_id });
            }
        }
        for (turn_id, row) in std::mem::take(&mut self.turns) {
            if self.is_whole {
                self.find(Some(row.seq), Problem::TurnMissing { turn_id });
            }
        }
    }
}

/// The id that an event brings into the world.
fn new_id(event: &Event) -> Option<(Kind, u64)> {
    match event {
        Event::StaffAdded { staff_id, .. } => Some((Kind::Staff, staff_id.0)),
        Event::PlanCreated { plan_id, .. } => Some((Kind::Plan, plan_id.0)),
        Event::SectionCreated { section_id, .. } => Some((Kind::Section, section_id.0)),
        Event::TableCreated { table_id, .. } => Some((Kind::Table, table_id.0)),
        Event::PartyAdded { party_id, .. } => Some((Kind::Party, party_id.0)),
        Event::PartySeated { turn_id, .. } => Some((Kind::Turn, turn_id.0)),
        _ => None,
    }
}
