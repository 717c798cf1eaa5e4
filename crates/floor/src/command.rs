//! Everything that can be asked of a floor.
//!
//! A command is a wish: [`Floor::decide`](crate::Floor::decide) turns it into events or a refusal. The
//! derived serialization is `{"seat_party": {…}}`; surfaces have shapes of their own.

use crate::{
    Admission, CallId, CallKind, Covers, GuestDetails, GuestId, Kind, Label, MemberId, Note, PartyDetails,
    PartyId, PartyPatch, PartyWrite, PlanDetails, PlanId, PlanPatch, Ref, SectionDetails, SectionId,
    SectionPatch, SettableState, Settings, SettingsPatch, StaffAdmission, StaffDetails, StaffId, StaffPatch,
    Stage, StatedState, TableAct, TableArrival, TableDetails, TableEdit, TableId, TablePatch, TableWrite,
    Text, Transaction, TurnId,
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
    /// Lets somebody who works in another restaurant work here too, under the same id. Only the operator
    /// asks for this: an id is one person everywhere.
    AdmitStaff(StaffAdmission),

    /// Draws a new floor plan. The first one is the default.
    CreatePlan(PlanDetails),
    /// Changes a floor plan; fields left out stay.
    UpdatePlan(PlanPatch),
    /// Deletes a floor plan that is not the default and has nobody seated; its tables keep standing.
    DeletePlan {
        /// The plan.
        plan_id: PlanId,
        /// The version that was seen: refused as `stale` when it has another one by now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u64>,
    },

    /// Makes a section.
    CreateSection(SectionDetails),
    /// Changes a section; fields left out stay, `null` clears.
    UpdateSection(SectionPatch),
    /// Deletes a section where nobody is seated; its tables keep standing.
    DeleteSection {
        /// The section.
        section_id: SectionId,
        /// The version that was seen: refused as `stale` when it has another one by now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u64>,
        /// Whether it stays while tables in use belong to it. Built by surfaces whose protocol says so; not a field
        /// that can be sent.
        #[serde(skip)]
        only_unused: bool,
    },

    /// Puts up a table.
    CreateTable(TableDetails),
    /// Changes a table; fields left out stay, `null` clears.
    UpdateTable(TablePatch),
    /// Takes a table away for good. Its number becomes free.
    DeleteTable {
        /// The table.
        table_id: TableId,
        /// The version that was seen: refused as `stale` when it has another one by now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<u64>,
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

    /// Takes back the last thing that happened to a party (it was seated, it left, its state changed),
    /// while nothing else has touched it, its turn or its tables since.
    UndoStep {
        /// The party.
        party_id: PartyId,
    },

    /// Forgets a guest: everything about them leaves the guest book and every replay.
    EraseGuest {
        /// The guest.
        guest_id: GuestId,
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

    /// Somebody at a turn's table calls: a waiter is to come, or they want the bill.
    RaiseCall {
        /// The turn.
        turn_id: TurnId,
        /// What they want.
        kind: CallKind,
        /// What they say, for staff.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<Note>,
        /// The member who calls. Built by surfaces of guests; not a field that can be sent.
        #[serde(skip)]
        member_id: Option<MemberId>,
    },
    /// Somebody has come to a table that called.
    ResolveCall {
        /// The call.
        call_id: CallId,
    },

    /// A phone joins the turn at a table, or opens one there. Built by surfaces of guests; not a command that can
    /// be sent.
    #[serde(skip)]
    JoinTable {
        /// The table.
        table_id: TableId,
        /// A fingerprint of the phone.
        device: Text<32>,
    },
    /// Says how a party is to be, or that there is to be one. Built by surfaces whose protocol writes states;
    /// not a command that can be sent.
    #[serde(skip)]
    WriteParty(Box<PartyWrite>),
    /// Takes a party off the list, whether it sits or not. As above.
    #[serde(skip)]
    EndParty {
        /// The party.
        party: Ref<PartyId>,
    },
    /// Says how a table is to be, or that there is to be one. As above.
    #[serde(skip)]
    WriteTable(Box<TableWrite>),
    /// Takes a table away. As above.
    #[serde(skip)]
    EndTable {
        /// The table.
        table: Ref<TableId>,
    },
    /// Does something to a table as a whole, whoever sits there. Built by surfaces whose clients know tables and
    /// no turns. As above.
    #[serde(skip)]
    ActOnTable(TableAct),
    /// Writes a table's details, its waiter and its state in one go, or puts one up. As above.
    #[serde(skip)]
    EditTable(Box<TableEdit>),
    /// Takes a table away, whoever sits there: for good, or to another restaurant together with the other half.
    #[serde(skip)]
    ReleaseTable {
        /// The table.
        table_id: TableId,
        /// The version that was seen.
        version: Option<u64>,
    },
    /// Takes in a table of another restaurant, with whoever sits there. As above.
    #[serde(skip)]
    ReceiveTable(Box<TableArrival>),
    /// Several such writes as one change, which remembers what was written. As above.
    #[serde(skip)]
    Transact(Transaction),

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
            Command::JoinTable { .. } => matches!(kind, Kind::Turn | Kind::Member),
            Command::RaiseCall { message, .. } => {
                kind == Kind::Call || kind == Kind::Guest && message.is_some()
            }
            Command::WriteParty(write) => match kind {
                Kind::Party | Kind::Guest => write.party.is_none(),
                Kind::Turn => write.table.set().is_some(),
                _ => false,
            },
            Command::WriteTable(write) => match kind {
                Kind::Table => write.table.is_none(),
                Kind::Section => write.section.set().is_some(),
                Kind::Turn => true,
                _ => false,
            },
            Command::EditTable(edit) => match kind {
                Kind::Table => edit.is_new(),
                Kind::Turn => edit.state == Some(StatedState::Occupied),
                _ => false,
            },
            Command::ReceiveTable(arrival) => kind == Kind::Turn && arrival.covers.is_some(),
            Command::Transact(transaction) => {
                return transaction.writes.iter().map(|it| it.command.draws(kind)).sum();
            }
            Command::Batch { commands } => return commands.iter().map(|it| it.draws(kind)).sum(),
            _ => false,
        };
        u64::from(is_drawn)
    }
}

/// Whether two labels name the same thing: capitals make no difference.
pub(crate) fn same_name(a: &Label, b: &Label) -> bool {
    a.as_str().to_lowercase() == b.as_str().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::Command;
    use crate::script::variants;
    use serde_json::{Value, json};

    /// Each command with the fields that it cannot do without, and with those inside which something else lies.
    fn samples() -> Vec<Value> {
        vec![
            json!({ "open_restaurant": { "name": "Harbour House" } }),
            json!({ "change_settings": {} }),
            json!({ "add_staff": { "name": "Maria", "roles": ["waiter"] } }),
            json!({ "update_staff": { "staff_id": 1 } }),
            json!({ "admit_staff": { "staff_id": 1, "name": "Maria", "roles": ["waiter"] } }),
            json!({ "create_plan": { "name": "Main" } }),
            json!({ "update_plan": { "plan_id": 1, "grid": null } }),
            json!({ "delete_plan": { "plan_id": 1 } }),
            json!({ "create_section": { "name": "Window" } }),
            json!({ "update_section": { "section_id": 1, "color": null } }),
            json!({ "delete_section": { "section_id": 1 } }),
            json!({ "create_table": { "number": "12", "seats": { "max": 4 } } }),
            json!({ "update_table": { "table_id": 1, "seats": { "max": 4 }, "notes": null } }),
            json!({ "delete_table": { "table_id": 1 } }),
            json!({ "set_table_state": { "table_id": 1, "state": "dirty" } }),
            json!({ "assign_waiter": { "table_id": 1, "waiter_id": 1 } }),
            json!({ "unassign_waiter": { "table_id": 1 } }),
            json!({ "add_party": { "covers": 2, "quote": { "from_minutes": 1, "to_minutes": 2 } } }),
            json!({ "update_party": { "party_id": 1, "quote": { "from_minutes": 1, "to_minutes": 2 } } }),
            json!({ "notify_party": { "party_id": 1 } }),
            json!({ "mark_party_arrived": { "party_id": 1 } }),
            json!({ "mark_party_late": { "party_id": 1 } }),
            json!({ "cancel_party": { "party_id": 1 } }),
            json!({ "mark_no_show": { "party_id": 1 } }),
            json!({ "remove_party": { "party_id": 1 } }),
            json!({ "undo_step": { "party_id": 1 } }),
            json!({ "erase_guest": { "guest_id": 1 } }),
            json!({ "seat_party": { "party_id": 1, "table_ids": [1] } }),
            json!({ "seat_walk_in": { "table_ids": [1], "guest": { "name": "Ada" } } }),
            json!({ "change_covers": { "turn_id": 1, "covers": 2 } }),
            json!({ "advance_stage": { "turn_id": 1, "stage": "paid" } }),
            json!({ "touch_turn": { "turn_id": 1 } }),
            json!({ "move_turn": { "turn_id": 1, "table_ids": [1], "force": true } }),
            json!({ "close_turn": { "turn_id": 1 } }),
            json!({ "restore_turn": { "table_id": 1 } }),
            json!({ "raise_call": { "turn_id": 1, "kind": "ask_for_bill", "message": "by card" } }),
            json!({ "resolve_call": { "call_id": 1 } }),
            json!({ "batch": { "commands": [{ "close_turn": { "turn_id": 1 } }] } }),
        ]
    }

    fn read(command: &Value) -> serde_json::Result<Command> {
        serde_json::from_value(command.clone())
    }

    /// Every object inside `value`, by its path.
    fn objects(value: &Value, path: &str, found: &mut Vec<String>) {
        let inner: Vec<(String, &Value)> = match value {
            Value::Object(fields) => {
                found.push(path.to_owned());
                fields.iter().map(|(field, it)| (field.clone(), it)).collect()
            }
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(nth, it)| (nth.to_string(), it))
                .collect(),
            _ => return,
        };
        for (step, it) in inner {
            objects(it, &format!("{path}/{step}"), found);
        }
    }

    #[test]
    fn every_command_can_be_said_and_written_back() {
        let said: Vec<String> = samples()
            .iter()
            .filter_map(|it| it.as_object()?.keys().next().cloned())
            .collect();
        assert_eq!(said, variants::<Command>(json!({ "": {} })));
        for sample in samples() {
            let command = read(&sample).unwrap_or_else(|it| panic!("{sample}: {it}"));
            let written = serde_json::to_value(&command).expect("a command is JSON");
            assert_eq!(read(&written).ok(), Some(command), "{written}");
        }
    }

    #[test]
    fn no_command_takes_a_field_it_does_not_know() {
        for sample in samples() {
            let mut paths = Vec::new();
            objects(&sample, "", &mut paths);
            for path in paths {
                let mut strange = sample.clone();
                let object = strange.pointer_mut(&path).expect("a path found before");
                object["bogus"] = json!(1);
                assert!(read(&strange).is_err(), "{strange}");
            }
        }
    }
}
