//! Everything that can be asked of a floor.
//!
//! A command is a wish: [`Floor::decide`](crate::Floor::decide) turns it into events or a refusal. The
//! derived serialization is `{"seat_party": {…}}`; surfaces have shapes of their own.

use crate::{
    Admission, Covers, GuestDetails, Kind, Label, PartyDetails, PartyId, PartyPatch, PlanDetails, PlanId,
    PlanPatch, SectionDetails, SectionId, SectionPatch, SettableState, Settings, SettingsPatch, StaffDetails,
    StaffId, StaffPatch, Stage, TableDetails, TableId, TablePatch, TurnId,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A wish. Ids name entities of the restaurant that is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Opens a new restaurant: its journal's first change. Only the operator asks for this.
    OpenRestaurant(Settings),
    /// Changes settings; fields left out stay.
    ChangeSettings(SettingsPatch),

    /// Adds a member of staff.
    AddStaff(StaffDetails),
    /// Changes a member of staff; fields left out stay.
    UpdateStaff(StaffPatch),

    /// Draws a new floor plan. The first one is the default.
    CreatePlan(PlanDetails),
    /// Changes a floor plan; fields left out stay.
    UpdatePlan(PlanPatch),
    /// Deletes a floor plan that is not the default and has nobody seated; its tables keep standing.
    DeletePlan {
        /// The plan.
        plan_id: PlanId,
    },

    /// Makes a section.
    CreateSection(SectionDetails),
    /// Changes a section; fields left out stay, `null` clears.
    UpdateSection(SectionPatch),
    /// Deletes a section where nobody is seated; its tables keep standing.
    DeleteSection {
        /// The section.
        section_id: SectionId,
    },

    /// Puts up a table.
    CreateTable(TableDetails),
    /// Changes a table; fields left out stay, `null` clears.
    UpdateTable(TablePatch),
    /// Takes a table away for good. Its number becomes free.
    DeleteTable {
        /// The table.
        table_id: TableId,
    },
    /// Says what state a table without guests is in.
    SetTableState {
        /// The table.
        table_id: TableId,
        /// Its new state.
        state: SettableState,
        /// With `reserved`: the party it is kept for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        party_id: Option<PartyId>,
    },
    /// Gives a table to a waiter.
    AssignWaiter {
        /// The table.
        table_id: TableId,
        /// The waiter, a member of staff.
        waiter_id: StaffId,
    },
    /// Takes a table from its waiter.
    UnassignWaiter {
        /// The table.
        table_id: TableId,
    },

    /// Puts a party on the waitlist.
    AddParty(PartyDetails),
    /// Changes a party; fields left out stay, `null` clears.
    UpdateParty(PartyPatch),
    /// Tells a party that its table is ready.
    NotifyParty {
        /// The party.
        party_id: PartyId,
    },
    /// The party stands at the door.
    MarkPartyArrived {
        /// The party.
        party_id: PartyId,
    },
    /// The party said that it comes later.
    MarkPartyLate {
        /// The party.
        party_id: PartyId,
    },
    /// The party called off.
    CancelParty {
        /// The party.
        party_id: PartyId,
    },
    /// The party never came.
    MarkNoShow {
        /// The party.
        party_id: PartyId,
    },
    /// Takes a party off the list altogether.
    RemoveParty {
        /// The party.
        party_id: PartyId,
    },

    /// Seats a waiting party, at one table or at several pushed together.
    SeatParty {
        /// The party.
        party_id: PartyId,
        /// The tables, 1 to 12, each once.
        table_ids: Vec<TableId>,
        /// Whom the tables admit.
        #[serde(default, rename = "force", with = "crate::admission::as_force")]
        #[schema(value_type = bool)]
        admission: Admission,
    },
    /// Seats people who come in without a promise.
    SeatWalkIn {
        /// The tables, 1 to 12, each once.
        table_ids: Vec<TableId>,
        /// How many sit down; 1 when nobody says.
        #[serde(default = "one")]
        covers: Covers,
        /// Who they are, if known.
        #[serde(default)]
        guest: GuestDetails,
        /// Whom the tables admit.
        #[serde(default, rename = "force", with = "crate::admission::as_force")]
        #[schema(value_type = bool)]
        admission: Admission,
    },
    /// Corrects how many sit at a turn.
    ChangeCovers {
        /// The turn.
        turn_id: TurnId,
        /// How many sit there now.
        covers: Covers,
        /// Whether more than the seats are admitted.
        #[serde(default, rename = "force", with = "crate::admission::as_force")]
        #[schema(value_type = bool)]
        admission: Admission,
    },
    /// Moves a turn on: ordered, served, bill dropped, paid. Stages may be skipped, not gone back to.
    AdvanceStage {
        /// The turn.
        turn_id: TurnId,
        /// The stage it has reached.
        stage: Stage,
    },
    /// Something happened at the table: its idle time starts again.
    TouchTurn {
        /// The turn.
        turn_id: TurnId,
    },
    /// Carries a turn to other tables and frees those it leaves.
    MoveTurn {
        /// The turn.
        turn_id: TurnId,
        /// Where it sits from now on.
        table_ids: Vec<TableId>,
        /// Whom the tables admit.
        #[serde(default, rename = "force", with = "crate::admission::as_force")]
        #[schema(value_type = bool)]
        admission: Admission,
    },
    /// The party has left: ends the turn and frees its tables.
    CloseTurn {
        /// The turn.
        turn_id: TurnId,
    },
    /// Brings back the turn that closed last at a table, if all its tables are free.
    RestoreTurn {
        /// The table.
        table_id: TableId,
    },

    /// Several commands as one change: all of them or none.
    Batch {
        /// 1 to 100 commands, carried out in this order. Batches do not nest.
        #[schema(no_recursion)]
        commands: Vec<Command>,
    },
}

fn one() -> Covers {
    Covers::ONE
}

impl Command {
    /// How many fresh ids of `kind` deciding this may take, at most.
    #[must_use]
    pub fn draws(&self, kind: Kind) -> u64 {
        let is_drawn = match self {
            Command::CreatePlan(_) => kind == Kind::Plan,
            Command::CreateSection(_) => kind == Kind::Section,
            Command::CreateTable(_) => kind == Kind::Table,
            Command::AddStaff(_) => kind == Kind::Staff,
            Command::AddParty(_) => matches!(kind, Kind::Party | Kind::Guest),
            Command::SeatParty { .. } => kind == Kind::Turn,
            Command::SeatWalkIn { .. } => matches!(kind, Kind::Party | Kind::Guest | Kind::Turn),
            Command::Batch { commands } => return commands.iter().map(|it| it.draws(kind)).sum(),
            _ => false,
        };
        u64::from(is_drawn)
    }
}

/// What a label says, for commands that name something by text.
pub(crate) fn same_name(a: &Label, b: &Label) -> bool {
    a.as_str().to_lowercase() == b.as_str().to_lowercase()
}
