//! One restaurant's live dining room, and the two functions that carry it.

use crate::canonical::canonical;
use crate::limits::BATCH_COMMANDS_MAX;
use crate::{
    Call, CallId, Command, Event, GuestId, GuestWrite, Ids, Member, Party, PartyId, PartyState, Plan, PlanId,
    Refusal, RestaurantId, Section, SectionId, Settings, StaffId, StaffMember, Table, TableId, Touched, Turn,
    TurnId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One restaurant's live dining room: what its journal adds up to.
///
/// Lists are in the order of their ids, so that the same journal always prints the same floor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Floor {
    /// Whose floor it is.
    pub restaurant_id: RestaurantId,
    /// Its settings; absent before it was opened.
    pub settings: Option<Settings>,
    /// When it was opened.
    pub opened_at: Option<Timestamp>,
    /// When its settings were last written.
    pub settings_at: Option<Timestamp>,
    /// People who work here.
    #[serde(with = "listed")]
    #[schema(value_type = Vec<StaffMember>)]
    pub staff: BTreeMap<StaffId, StaffMember>,
    /// Floor plans.
    #[serde(with = "listed")]
    #[schema(value_type = Vec<Plan>)]
    pub plans: BTreeMap<PlanId, Plan>,
    /// Sections.
    #[serde(with = "listed")]
    #[schema(value_type = Vec<Section>)]
    pub sections: BTreeMap<SectionId, Section>,
    /// Tables.
    #[serde(with = "listed")]
    #[schema(value_type = Vec<Table>)]
    pub tables: BTreeMap<TableId, Table>,
    /// Open turns.
    #[serde(with = "listed")]
    #[schema(value_type = Vec<Turn>)]
    pub turns: BTreeMap<TurnId, Turn>,
    /// The turns that closed last at some table, and can be brought back.
    #[serde(with = "listed")]
    #[schema(value_type = Vec<Turn>)]
    pub closed_turns: BTreeMap<TurnId, Turn>,
    /// Calls from tables that nobody has answered yet; left out where there are none.
    #[serde(default, with = "listed", skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Vec<Call>, required = false)]
    pub calls: BTreeMap<CallId, Call>,
    /// Parties: expected, seated, and those that ended not long ago.
    #[serde(with = "listed")]
    #[schema(value_type = Vec<Party>)]
    pub parties: BTreeMap<PartyId, Party>,
}

/// What a command changes: events for the journal, and entries of the guest book.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// What happens, in this order.
    pub events: Vec<Event>,
    /// What is written into the guest book in the same breath.
    pub guests: Vec<GuestWrite>,
}

impl From<Event> for Decision {
    fn from(event: Event) -> Decision {
        Decision {
            events: vec![event],
            guests: Vec::new(),
        }
    }
}

impl Floor {
    /// The floor of a restaurant whose journal is empty.
    #[must_use]
    pub fn new(restaurant_id: RestaurantId) -> Floor {
        Floor {
            restaurant_id,
            settings: None,
            opened_at: None,
            settings_at: None,
            staff: BTreeMap::new(),
            plans: BTreeMap::new(),
            sections: BTreeMap::new(),
            tables: BTreeMap::new(),
            turns: BTreeMap::new(),
            closed_turns: BTreeMap::new(),
            calls: BTreeMap::new(),
            parties: BTreeMap::new(),
        }
    }

    /// Decides what `command` changes, or why the floor refuses it. Changes nothing itself.
    ///
    /// `ids` must hold at least [`Command::draws`] of each kind. A refusal takes none of them.
    pub fn decide(&self, command: &Command, now: Timestamp, ids: &mut Ids) -> Result<Decision, Refusal> {
        if self.settings.is_none() && !matches!(command, Command::OpenRestaurant(_) | Command::Batch { .. }) {
            return Err(Refusal::RestaurantNotOpen);
        }
        match command {
            Command::OpenRestaurant(settings) => self.decide_open_restaurant(settings),
            Command::ChangeSettings(patch) => self.decide_change_settings(patch),
            Command::AddStaff(details) => self.decide_add_staff(details, ids),
            Command::UpdateStaff(patch) => self.decide_update_staff(patch),
            Command::AdmitStaff(member) => self.decide_admit_staff(member),
            Command::CreatePlan(details) => self.decide_create_plan(details, ids),
            Command::UpdatePlan(patch) => self.decide_update_plan(patch),
            Command::DeletePlan { plan_id, version } => self.decide_delete_plan(*plan_id, *version),
            Command::CreateSection(details) => self.decide_create_section(details, ids),
            Command::UpdateSection(patch) => self.decide_update_section(patch),
            Command::DeleteSection {
                section_id,
                version,
                only_unused,
            } => self.decide_delete_section(*section_id, *version, *only_unused),
            Command::CreateTable(details) => self.decide_create_table(details, ids),
            Command::UpdateTable(patch) => self.decide_update_table(patch),
            Command::DeleteTable { table_id, version } => self.decide_delete_table(*table_id, *version),
            Command::SetTableState {
                table_id,
                state,
                party_id,
            } => self.decide_set_table_state(*table_id, *state, *party_id),
            Command::AssignWaiter { table_id, waiter_id } => self.decide_assign_waiter(*table_id, *waiter_id),
            Command::UnassignWaiter { table_id } => self.decide_unassign_waiter(*table_id),
            Command::AddParty(details) => self.decide_add_party(details, now, ids),
            Command::UpdateParty(patch) => self.decide_update_party(patch),
            Command::NotifyParty { party_id } => self.decide_notify_party(*party_id),
            Command::MarkPartyArrived { party_id } => self.decide_mark_party_arrived(*party_id),
            Command::MarkPartyLate { party_id } => self.decide_mark_party_late(*party_id),
            Command::CancelParty { party_id } => self.decide_cancel_party(*party_id),
            Command::MarkNoShow { party_id } => self.decide_mark_no_show(*party_id),
            Command::RemoveParty { party_id } => self.decide_remove_party(*party_id),
            Command::UndoStep { party_id } => self.decide_undo_step(*party_id),
            Command::WriteParty(write) => all_or_none(ids, |ids| self.decide_write_party(write, now, ids)),
            Command::EndParty { party } => self.decide_end_party(party),
            Command::WriteTable(write) => all_or_none(ids, |ids| self.decide_write_table(write, now, ids)),
            Command::EndTable { table } => self.decide_end_table(table),
            Command::ActOnTable(act) => self.decide_act_on_table(*act),
            Command::EditTable(edit) => all_or_none(ids, |ids| self.decide_edit_table(edit, now, ids)),
            Command::ReleaseTable { table_id, version } => self.decide_release_table(*table_id, *version),
            Command::ReceiveTable(arrival) => {
                all_or_none(ids, |ids| self.decide_receive_table(arrival, now, ids))
            }
            Command::Transact(transaction) => self.decide_transact(transaction, now, ids),
            Command::EraseGuest { guest_id } => Ok(Decision {
                events: vec![Event::GuestErased { guest_id: *guest_id }],
                guests: vec![GuestWrite::Erase(*guest_id)],
            }),
            Command::SeatParty {
                party_id,
                table_ids,
                admission,
            } => self.decide_seat_party(*party_id, table_ids, *admission, ids),
            Command::SeatWalkIn {
                table_ids,
                covers,
                guest,
                admission,
            } => self.decide_seat_walk_in(table_ids, *covers, guest, *admission, now, ids),
            Command::ChangeCovers {
                turn_id,
                covers,
                admission,
            } => self.decide_change_covers(*turn_id, *covers, *admission),
            Command::AdvanceStage { turn_id, stage } => self.decide_advance_stage(*turn_id, *stage),
            Command::TouchTurn { turn_id } => self.decide_touch_turn(*turn_id),
            Command::MoveTurn {
                turn_id,
                table_ids,
                admission,
            } => self.decide_move_turn(*turn_id, table_ids, *admission),
            Command::CloseTurn { turn_id } => self.decide_close_turn(*turn_id),
            Command::RestoreTurn { table_id } => self.decide_restore_turn(*table_id),
            Command::RaiseCall {
                turn_id,
                kind,
                message,
                member_id,
            } => self.decide_raise_call(*turn_id, *kind, *member_id, message.as_ref(), ids),
            Command::ResolveCall { call_id } => self.decide_resolve_call(*call_id),
            Command::JoinTable { table_id, device } => {
                all_or_none(ids, |ids| self.decide_join_table(*table_id, device, ids))
            }
            Command::Batch { commands } => self.decide_batch(commands, now, ids),
        }
    }

    fn decide_batch(&self, commands: &[Command], now: Timestamp, ids: &mut Ids) -> Result<Decision, Refusal> {
        if commands.is_empty() || commands.len() > BATCH_COMMANDS_MAX {
            return Err(Refusal::bad("commands", "must be 1 to 100 commands"));
        }
        let mut draft = self.clone();
        let mut fresh = ids.clone();
        let mut all = Decision::default();
        for (index, command) in commands.iter().enumerate() {
            let in_batch = |it| Refusal::InBatch {
                index,
                refusal: Box::new(it),
            };
            if matches!(command, Command::Batch { .. }) {
                return Err(in_batch(Refusal::bad(
                    "command",
                    "must not be a batch inside a batch",
                )));
            }
            let one = draft.decide(command, now, &mut fresh).map_err(in_batch)?;
            for event in &one.events {
                draft.apply(event, now);
            }
            all.events.extend(one.events);
            all.guests.extend(one.guests);
        }
        *ids = fresh;
        Ok(all)
    }

    /// Takes in what happened `at` that time. Cannot refuse: it has happened. Answers which parties and
    /// tables changed.
    pub fn apply(&mut self, event: &Event, at: Timestamp) -> Touched {
        let touched = self.touched(event);
        self.apply_to_house(event, at);
        for (party_id, _) in &touched.parties {
            if let Some(party) = self.parties.get_mut(party_id) {
                party.updated_at = at;
            }
        }
        for (table_id, _) in &touched.tables {
            if let Some(table) = self.tables.get_mut(table_id) {
                table.updated_at = at;
            }
        }
        touched
    }

    fn apply_to_house(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::RestaurantOpened { settings } | Event::SettingsChanged { settings } => {
                self.settings = Some(settings.clone());
                self.opened_at = self.opened_at.or(Some(at));
                self.settings_at = Some(at);
            }
            Event::StaffAdded { staff_id, details } | Event::StaffUpdated { staff_id, details } => {
                self.staff.insert(
                    *staff_id,
                    StaffMember {
                        id: *staff_id,
                        details: details.clone(),
                    },
                );
            }
            Event::PlanCreated { plan_id, details } | Event::PlanUpdated { plan_id, details } => {
                self.apply_plan(*plan_id, details, at);
            }
            Event::PlanDeleted { plan_id } => self.apply_plan_deleted(*plan_id, at),
            Event::SectionCreated { section_id, details } | Event::SectionUpdated { section_id, details } => {
                self.apply_section(*section_id, details, at);
            }
            Event::SectionDeleted { section_id } => self.apply_section_deleted(*section_id),
            Event::TableCreated {
                table_id,
                details,
                alias,
                version,
                past,
            } => {
                let past = (*version, past.as_ref());
                self.apply_table_created(*table_id, details, alias.as_ref(), past, at);
            }
            Event::TableUpdated { table_id, details } => {
                if let Some(table) = self.tables.get_mut(table_id) {
                    table.details = details.clone();
                    table.version += 1;
                }
            }
            Event::TableDeleted { table_id } => self.apply_table_deleted(*table_id),
            Event::TableStateSet {
                table_id,
                state,
                party_id,
            } => {
                self.apply_table_states(&[*table_id], state.with(*party_id), at);
            }
            Event::WaiterAssigned { table_id, waiter_id } => self.apply_waiter(*table_id, Some(*waiter_id)),
            Event::WaiterUnassigned { table_id } => self.apply_waiter(*table_id, None),
            Event::GuestChanged { party_id, .. } => self.cannot_undo(Some(*party_id)),
            Event::GuestErased { .. } | Event::BatchCompleted { .. } => {}
            _ => self.apply_to_party(event, at),
        }
    }

    fn apply_to_party(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::PartyAdded {
                party_id,
                guest_id,
                covers,
                source,
                quote,
                alias,
            } => self.apply_party_added(Party {
                source: *source,
                quote: *quote,
                alias: alias.clone(),
                ..Party::new(*party_id, *guest_id, *covers, at)
            }),
            Event::PartyUpdated { party_id, details } => self.apply_party_updated(*party_id, details),
            Event::PartyNotified { party_id } => self.apply_party_state(*party_id, PartyState::Notified, at),
            Event::PartyArrived { party_id } => self.apply_party_state(*party_id, PartyState::Arrived, at),
            Event::PartyLate { party_id } => self.apply_party_state(*party_id, PartyState::RunningLate, at),
            Event::PartyCancelled { party_id } => {
                self.apply_party_state(*party_id, PartyState::Cancelled, at)
            }
            Event::PartyNoShow { party_id } => self.apply_party_state(*party_id, PartyState::NoShow, at),
            Event::PartyStateSet { party_id, standing } => self.apply_standing(*party_id, *standing, at),
            Event::TimesNoted { party_id, times } => self.apply_times_noted(*party_id, times, at),
            Event::StepUndone {
                party_id,
                turn_id,
                tables,
            } => self.apply_step_undone(*party_id, *turn_id, tables, at),
            Event::PartyRemoved { party_id } => self.apply_parties_gone(&[*party_id]),
            Event::PartiesArchived { party_ids } => self.apply_parties_gone(party_ids),
            _ => self.apply_to_turn(event, at),
        }
    }

    fn apply_to_turn(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::PartySeated {
                party_id,
                turn_id,
                table_ids,
                covers,
                waiter_id,
                code,
                forced,
                shown_as,
            } => {
                let turn = Turn {
                    party_id: Some(*party_id),
                    waiter_id: *waiter_id,
                    forced: *forced,
                    ..Turn::new(*turn_id, table_ids, *covers, code, at)
                };
                self.apply_turn_opened(turn, *shown_as);
            }
            Event::TurnOpened {
                turn_id,
                table_ids,
                covers,
                waiter_id,
                code,
            } => {
                let turn = Turn {
                    waiter_id: *waiter_id,
                    ..Turn::new(*turn_id, table_ids, *covers, code, at)
                };
                self.apply_turn_opened(turn, None);
            }
            Event::PartyJoined {
                party_id,
                turn_id,
                covers,
                shown_as,
            } => self.apply_party_joined(*party_id, *turn_id, *covers, *shown_as, at),
            Event::CoversChanged {
                turn_id,
                covers,
                forced,
            } => self.apply_covers_changed(*turn_id, *covers, *forced, at),
            Event::StageAdvanced { turn_id, stage } => self.apply_turn_goes_on(*turn_id, Some(*stage), at),
            Event::TurnTouched { turn_id, .. } => self.apply_turn_goes_on(*turn_id, None, at),
            Event::MemberJoined {
                turn_id,
                member_id,
                nickname,
                device,
            } => {
                let member = Member {
                    id: *member_id,
                    nickname: nickname.clone(),
                    device: device.clone(),
                    joined_at: at,
                };
                self.apply_member_joined(*turn_id, member);
            }
            Event::CallRaised {
                call_id,
                turn_id,
                kind,
                member_id,
                guest_id,
            } => self.apply_call_raised(Call {
                id: *call_id,
                turn_id: *turn_id,
                kind: *kind,
                member_id: *member_id,
                guest_id: *guest_id,
                raised_at: at,
            }),
            Event::CallResolved { call_id } => self.apply_call_resolved(*call_id, at),
            Event::TurnMoved {
                turn_id,
                to_table_ids,
                forced,
                ..
            } => {
                self.apply_turn_moved(*turn_id, to_table_ids, *forced, at);
            }
            Event::TurnClosed {
                turn_id,
                tables_left,
                party,
            } => self.apply_turn_closed(*turn_id, *tables_left, *party, at),
            Event::TurnRestored { turn_id } => self.apply_turn_restored(*turn_id, at),
            _ => unreachable!("`apply` and `apply_to_party` take every other event"),
        }
    }

    /// The entries of the guest book that it points at.
    pub fn guest_ids(&self) -> impl Iterator<Item = GuestId> {
        let of_parties = self.parties.values().map(|it| it.guest_id);
        of_parties.chain(self.calls.values().filter_map(|it| it.guest_id))
    }

    /// A fingerprint of the floor: two floors with the same one are the same.
    ///
    /// The first 16 bytes, in lower-case hexadecimal, of the SHA-256 of the floor's JSON in the canonical
    /// form of RFC 8785: keys sorted, no white space, shortest numbers.
    #[must_use]
    pub fn digest(&self) -> String {
        let hash = Sha256::digest(canonical(self));
        hash[..16].iter().map(|it| format!("{it:02x}")).collect()
    }
}

/// Takes ids only if there is a decision.
fn all_or_none(
    ids: &mut Ids,
    decide: impl FnOnce(&mut Ids) -> Result<Decision, Refusal>,
) -> Result<Decision, Refusal> {
    let mut fresh = ids.clone();
    let decision = decide(&mut fresh)?;
    *ids = fresh;
    Ok(decision)
}

/// Maps written as lists, in the order of their keys.
mod listed {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::collections::BTreeMap;

    pub(super) trait Listed<K> {
        fn key(&self) -> K;
    }

    pub(super) fn serialize<K, V, S>(map: &BTreeMap<K, V>, serializer: S) -> Result<S::Ok, S::Error>
    where
        V: Serialize,
        S: Serializer,
    {
        serializer.collect_seq(map.values())
    }

    pub(super) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Ord,
        V: Deserialize<'de> + Listed<K>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<V>::deserialize(deserializer)?
            .into_iter()
            .map(|it| (it.key(), it))
            .collect())
    }
}

impl listed::Listed<StaffId> for StaffMember {
    fn key(&self) -> StaffId {
        self.id
    }
}

impl listed::Listed<PlanId> for Plan {
    fn key(&self) -> PlanId {
        self.id
    }
}

impl listed::Listed<SectionId> for Section {
    fn key(&self) -> SectionId {
        self.id
    }
}

impl listed::Listed<TableId> for Table {
    fn key(&self) -> TableId {
        self.id
    }
}

impl listed::Listed<TurnId> for Turn {
    fn key(&self) -> TurnId {
        self.id
    }
}

impl listed::Listed<CallId> for Call {
    fn key(&self) -> CallId {
        self.id
    }
}

impl listed::Listed<PartyId> for Party {
    fn key(&self) -> PartyId {
        self.id
    }
}

#[cfg(test)]
mod tests;
