//! What an event changes about parties and tables, and what they were before.

use crate::{
    CallId, Event, Floor, GuestId, Party, PartyId, PartyState, Table, TableDetails, TableId, TableState,
    TurnId,
};

/// Parties and tables that changed, each once, in the order in which they did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// The parties, and what each was said to be before; nothing for a new one.
    pub parties: Vec<(PartyId, Option<PartyState>)>,
    /// The tables, and the state each was in before; nothing for one that is new or was not in use.
    pub tables: Vec<(TableId, Option<TableState>)>,
    /// The calls that ended: somebody has come, or the guests have left.
    pub ended_calls: Vec<CallId>,
}

impl Touched {
    /// Takes in what changed later. What came before stays as it is remembered.
    pub fn extend(&mut self, later: Touched) {
        for (id, before) in later.parties {
            if !self.parties.iter().any(|it| it.0 == id) {
                self.parties.push((id, before));
            }
        }
        for (id, before) in later.tables {
            if !self.tables.iter().any(|it| it.0 == id) {
                self.tables.push((id, before));
            }
        }
        self.ended_calls.extend(later.ended_calls);
    }

    /// Whether nothing about parties or tables changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parties.is_empty() && self.tables.is_empty()
    }
}

impl Party {
    /// What people at the door call its state: another word than the floor's own while they say so.
    #[must_use]
    pub fn said_state(&self) -> PartyState {
        self.shown_as.unwrap_or(self.state)
    }
}

impl Floor {
    /// What `event` is about to change. A turn that only goes on (its stage, a sign of life) is neither a
    /// party nor a table.
    #[must_use]
    pub fn touched(&self, event: &Event) -> Touched {
        let mut touched = Touched::default();
        match event {
            Event::TableCreated { table_id, .. } => touched.tables.push((*table_id, None)),
            Event::TableUpdated { table_id, .. }
            | Event::TableStateSet { table_id, .. }
            | Event::WaiterAssigned { table_id, .. }
            | Event::WaiterUnassigned { table_id } => self.touch_tables(&[*table_id], &mut touched),
            Event::TableDeleted { table_id } => {
                self.touch_tables(&[*table_id], &mut touched);
                self.touch_parties(|it| it.table_id == Some(*table_id), &mut touched);
            }
            Event::SectionUpdated { section_id, .. } | Event::SectionDeleted { section_id } => {
                self.touch_furniture(|it| it.section_id == Some(*section_id), &mut touched);
            }
            Event::PlanUpdated { plan_id, .. } | Event::PlanDeleted { plan_id } => {
                self.touch_furniture(|it| it.plan_id == Some(*plan_id), &mut touched);
            }
            Event::PartyAdded { party_id, .. } => touched.parties.push((*party_id, None)),
            Event::GuestErased { guest_id } => self.touch_guest(*guest_id, &mut touched),
            Event::PartiesArchived { party_ids } => {
                party_ids
                    .iter()
                    .for_each(|it| self.touch_party(Some(*it), &mut touched));
            }
            Event::PartySeated {
                party_id, table_ids, ..
            } => {
                self.touch_party(Some(*party_id), &mut touched);
                self.touch_tables(table_ids, &mut touched);
            }
            Event::TurnOpened { table_ids, .. } => self.touch_tables(table_ids, &mut touched),
            Event::PartyJoined {
                party_id, turn_id, ..
            } => {
                self.touch_party(Some(*party_id), &mut touched);
                self.touch_turn(*turn_id, &mut touched);
            }
            Event::CoversChanged { turn_id, .. } => {
                let party_id = self.turns.get(turn_id).and_then(|it| it.party_id);
                self.touch_party(party_id, &mut touched);
            }
            Event::TurnMoved {
                turn_id,
                to_table_ids,
                ..
            } => {
                self.touch_turn(*turn_id, &mut touched);
                let mut to = Touched::default();
                self.touch_tables(to_table_ids, &mut to);
                touched.extend(to);
            }
            Event::TurnClosed { turn_id, .. } => {
                self.touch_turn(*turn_id, &mut touched);
                touched
                    .ended_calls
                    .extend(self.calls_of(*turn_id).map(|it| it.id));
            }
            Event::CallResolved { call_id } => touched.ended_calls.push(*call_id),
            Event::TurnRestored { turn_id } => self.touch_turn(*turn_id, &mut touched),
            Event::StepUndone {
                party_id,
                turn_id,
                tables,
            } => {
                self.touch_party(Some(*party_id), &mut touched);
                let mut all = Touched::default();
                turn_id.iter().for_each(|it| self.touch_turn(*it, &mut all));
                let table_ids: Vec<TableId> = tables.iter().map(|it| it.table_id).collect();
                let mut put_back = Touched::default();
                self.touch_tables(&table_ids, &mut put_back);
                all.extend(put_back);
                touched.extend(all);
            }
            _ => self.touch_party(party_of(event), &mut touched),
        }
        touched
    }

    fn touch_party(&self, party_id: Option<PartyId>, touched: &mut Touched) {
        let party = party_id.and_then(|it| self.parties.get(&it));
        touched
            .parties
            .extend(party.map(|it| (it.id, Some(it.said_state()))));
    }

    fn touch_parties(&self, among: impl Fn(&Party) -> bool, touched: &mut Touched) {
        let parties = self.parties.values().filter(|it| among(it));
        touched
            .parties
            .extend(parties.map(|it| (it.id, Some(it.said_state()))));
    }

    fn touch_guest(&self, guest_id: GuestId, touched: &mut Touched) {
        self.touch_parties(|it| it.guest_id == guest_id, touched);
    }

    fn touch_tables(&self, table_ids: &[TableId], touched: &mut Touched) {
        let tables = table_ids.iter().filter_map(|it| self.tables.get(it));
        touched.tables.extend(tables.map(in_use));
    }

    fn touch_furniture(&self, among: impl Fn(&TableDetails) -> bool, touched: &mut Touched) {
        let tables = self.tables.values().filter(|it: &&Table| among(&it.details));
        touched.tables.extend(tables.map(in_use));
    }

    fn touch_turn(&self, turn_id: TurnId, touched: &mut Touched) {
        let turn = self
            .turns
            .get(&turn_id)
            .or_else(|| self.closed_turns.get(&turn_id));
        if let Some(turn) = turn {
            self.touch_party(turn.party_id, touched);
            self.touch_tables(&turn.table_ids, touched);
        }
    }
}

/// A table and its state, if it is in use.
fn in_use(table: &Table) -> (TableId, Option<TableState>) {
    (table.id, table.details.active.then_some(table.state))
}

/// The party that an event is about, where it is about nothing else.
fn party_of(event: &Event) -> Option<PartyId> {
    match event {
        Event::PartyUpdated { party_id, .. }
        | Event::GuestChanged { party_id, .. }
        | Event::PartyNotified { party_id }
        | Event::PartyArrived { party_id }
        | Event::PartyLate { party_id }
        | Event::PartyCancelled { party_id }
        | Event::PartyNoShow { party_id }
        | Event::PartyStateSet { party_id, .. }
        | Event::TimesNoted { party_id, .. }
        | Event::PartyRemoved { party_id } => Some(*party_id),
        _ => None,
    }
}
