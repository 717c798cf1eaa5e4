//! Everything that can happen on a floor.
//!
//! Events are stored for ever: a variant or field, once shipped, keeps its name and meaning. The golden
//! files in `tests/golden` hold one line of each.

use crate::{
    Alias, CallId, CallKind, Covers, Entity, GuestId, Label, MemberId, NotedPatch, PartyDetailsStored,
    PartyId, PartyState, PlanDetails, PlanId, Quote, SectionDetails, SectionId, SettableState, Settings,
    Source, StaffDetails, StaffId, Stage, Standing, TableDetails, TableId, TablePast, TablePutBack, Text,
    TurnCode, TurnId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A fact. When it happened, who asked and its place in the journal stand on its [`Change`](crate::Change).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(missing_docs, reason = "fields are the entities' own, documented there")]
pub enum Event {
    /// The restaurant's first change.
    RestaurantOpened { settings: Settings },
    /// Settings as they are from now on.
    SettingsChanged { settings: Settings },

    /// Somebody joined the staff.
    StaffAdded {
        staff_id: StaffId,
        details: StaffDetails,
    },
    /// A member of staff as they are from now on.
    StaffUpdated {
        staff_id: StaffId,
        details: StaffDetails,
    },

    /// A floor plan was drawn. A default one takes the place of the default before it.
    PlanCreated { plan_id: PlanId, details: PlanDetails },
    /// A floor plan as it is from now on.
    PlanUpdated { plan_id: PlanId, details: PlanDetails },
    /// A floor plan is gone; tables and sections on it stand on none.
    PlanDeleted { plan_id: PlanId },

    /// A section was made.
    SectionCreated {
        section_id: SectionId,
        details: SectionDetails,
    },
    /// A section as it is from now on.
    SectionUpdated {
        section_id: SectionId,
        details: SectionDetails,
    },
    /// A section is gone; its tables belong to none.
    SectionDeleted { section_id: SectionId },

    /// A table was put up, available.
    TableCreated {
        table_id: TableId,
        details: TableDetails,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alias: Option<Alias>,
        /// The version it begins with, where that is not 1: it has come from another restaurant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u64>,
        /// What it has behind it, where it has come from another restaurant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        past: Option<TablePast>,
    },
    /// A table as it is from now on.
    TableUpdated {
        table_id: TableId,
        details: TableDetails,
    },
    /// A table is gone.
    TableDeleted { table_id: TableId },
    /// A table without guests changed its state.
    TableStateSet {
        table_id: TableId,
        state: SettableState,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        party_id: Option<PartyId>,
    },
    /// A table has this waiter now.
    WaiterAssigned { table_id: TableId, waiter_id: StaffId },
    /// A table has no waiter of its own now.
    WaiterUnassigned { table_id: TableId },

    /// A party came onto the list, waiting.
    PartyAdded {
        party_id: PartyId,
        guest_id: GuestId,
        covers: Covers,
        source: Source,
        quote: Option<Quote>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alias: Option<Alias>,
    },
    /// A party as it is from now on.
    PartyUpdated {
        party_id: PartyId,
        details: PartyDetailsStored,
    },
    /// The guest book's entry of a party changed: its name, phone or notes.
    GuestChanged { party_id: PartyId, guest_id: GuestId },
    /// A guest was forgotten: the guest book's entry is empty now.
    GuestErased { guest_id: GuestId },
    /// A party was told to come.
    PartyNotified { party_id: PartyId },
    /// A party stands at the door.
    PartyArrived { party_id: PartyId },
    /// A party comes later.
    PartyLate { party_id: PartyId },
    /// A party called off.
    PartyCancelled { party_id: PartyId },
    /// A party never came.
    PartyNoShow { party_id: PartyId },
    /// A party was taken off the list altogether.
    PartyRemoved { party_id: PartyId },
    /// A party is said to be in this state, whatever it was in before.
    PartyStateSet {
        party_id: PartyId,
        #[serde(flatten)]
        standing: Standing,
    },
    /// Times of a party as somebody at the door noted them; those left out stay, `null` is none.
    TimesNoted {
        party_id: PartyId,
        #[serde(flatten)]
        times: NotedPatch,
    },
    /// The last thing that happened to a party (it was seated, it left, its state changed) did not count:
    /// it is back where it was. A turn that this began is gone, one that this ended goes on.
    StepUndone {
        party_id: PartyId,
        turn_id: Option<TurnId>,
        tables: Vec<TablePutBack>,
    },
    /// Parties that ended long ago left the live floor. Nobody did anything to them.
    PartiesArchived { party_ids: Vec<PartyId> },
    /// A party sat down: a turn began.
    PartySeated {
        party_id: PartyId,
        turn_id: TurnId,
        table_ids: Vec<TableId>,
        covers: Covers,
        waiter_id: Option<StaffId>,
        code: TurnCode,
        #[serde(default, skip_serializing_if = "is_false")]
        forced: bool,
        /// What the door goes on calling its state, where that is not *seated*.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shown_as: Option<PartyState>,
    },

    /// Somebody sat down, and nobody said who: a turn without a party began.
    TurnOpened {
        turn_id: TurnId,
        table_ids: Vec<TableId>,
        covers: Covers,
        waiter_id: Option<StaffId>,
        code: TurnCode,
    },
    /// A turn that had no party turned out to be this one's.
    PartyJoined {
        party_id: PartyId,
        turn_id: TurnId,
        covers: Covers,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shown_as: Option<PartyState>,
    },
    /// A turn has this many guests now.
    CoversChanged {
        turn_id: TurnId,
        covers: Covers,
        #[serde(default, skip_serializing_if = "is_false")]
        forced: bool,
    },
    /// A turn has come this far.
    StageAdvanced { turn_id: TurnId, stage: Stage },
    /// Something happened at a turn's table.
    TurnTouched {
        turn_id: TurnId,
        /// The one of its tables that it was said of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        table_id: Option<TableId>,
    },
    /// A guest joined a turn with a phone.
    MemberJoined {
        turn_id: TurnId,
        member_id: MemberId,
        nickname: Label,
        device: Text<32>,
    },
    /// Somebody at a turn's table calls.
    CallRaised {
        call_id: CallId,
        turn_id: TurnId,
        kind: CallKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        member_id: Option<MemberId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        guest_id: Option<GuestId>,
    },
    /// Somebody has come.
    CallResolved { call_id: CallId },
    /// A turn sits elsewhere now; tables it left are available.
    TurnMoved {
        turn_id: TurnId,
        from_table_ids: Vec<TableId>,
        to_table_ids: Vec<TableId>,
        #[serde(default, skip_serializing_if = "is_false")]
        forced: bool,
    },
    /// A turn ended; its tables are left in this state, and nobody waits there any more who had called.
    TurnClosed {
        turn_id: TurnId,
        tables_left: SettableState,
        /// What became of the party, where it has not simply finished.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        party: Option<Standing>,
    },
    /// A closed turn is open again, at the tables it had.
    TurnRestored { turn_id: TurnId },
    /// What comes before it in this change was asked for as one: these were written, in this order.
    BatchCompleted {
        /// The client's name for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Alias>,
        entities: Vec<Entity>,
    },
}

impl Event {
    /// The guest whose entry in the book is written, changed or erased beside this event.
    #[must_use]
    pub fn guest_id(&self) -> Option<GuestId> {
        match self {
            Event::PartyAdded { guest_id, .. }
            | Event::GuestChanged { guest_id, .. }
            | Event::GuestErased { guest_id } => Some(*guest_id),
            Event::CallRaised { guest_id, .. } => *guest_id,
            _ => None,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
fn is_false(it: &bool) -> bool {
    !it
}
