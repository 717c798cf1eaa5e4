//! Taking back the last thing that happened to a party: it was seated, it left, its state changed.
//!
//! Each such step leaves behind where the party was. Whatever else touches the party, its turn or its
//! tables afterwards takes that away: what others have built on is not pulled from under them.

use crate::{
    Decision, Event, Floor, Noted, Party, PartyId, PartyState, Refusal, Table, TableId, TableState, TurnId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a party was before its last step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "as in Party")]
pub struct Before {
    /// When the step happened.
    pub step_at: Timestamp,
    pub state: PartyState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_as: Option<PartyState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table_id: Option<TableId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn_id: Option<TurnId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notified_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seated_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Noted::is_empty")]
    pub noted: Noted,
    /// The tables that were kept for it or that it took, as they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TablePutBack>,
}

/// A table and the state that it is put back into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TablePutBack {
    /// Which one.
    pub table_id: TableId,
    /// Its state.
    #[serde(flatten)]
    pub state: TableState,
}

impl Before {
    /// Whether it speaks of a table.
    pub(crate) fn names(&self, table_id: TableId) -> bool {
        self.table_id == Some(table_id) || self.tables.iter().any(|it| it.table_id == table_id)
    }
}

impl Floor {
    pub(crate) fn decide_undo_step(&self, party_id: PartyId) -> Result<Decision, Refusal> {
        let party = self.party(party_id)?;
        let nothing = Refusal::NothingToUndo { party_id };
        let before = party.before.as_deref().ok_or(nothing)?;
        let turn_id = self.turn_of_step(party, before)?;
        let is_seating = turn_id.is_some_and(|it| self.turns.contains_key(&it));
        let put_back = |it: &TablePutBack| {
            let table = self.tables.get(&it.table_id)?;
            let is_as_left = match table.state {
                TableState::Available => table.state_since == before.step_at,
                TableState::Occupied { turn_id: there } => is_seating && turn_id == Some(there),
                _ => false,
            };
            is_as_left.then(|| TablePutBack {
                table_id: it.table_id,
                state: self.still_kept(it.state, party_id),
            })
        };
        let tables = before.tables.iter().filter_map(put_back).collect();
        let undone = Event::StepUndone {
            party_id,
            turn_id,
            tables,
        };
        // Tables that were kept for it since wait for nobody, if it sits again or is over.
        Ok(if before.state.is_expected() {
            undone.into()
        } else {
            self.without_reservations(party_id, &[], undone)
        })
    }

    /// A state to put a table back into: whoever it was kept for, other than `party_id`, may have gone since.
    fn still_kept(&self, state: TableState, party_id: PartyId) -> TableState {
        match state {
            TableState::Reserved {
                party_id: Some(other),
            } if other != party_id && self.expected_party(other).is_err() => TableState::Available,
            state => state,
        }
    }

    /// The turn that the step began, or that it ended and that can go on.
    fn turn_of_step(&self, party: &Party, before: &Before) -> Result<Option<TurnId>, Refusal> {
        let is_begun = party.turn_id.is_some_and(|it| self.turns.contains_key(&it));
        if is_begun && before.state != PartyState::Seated {
            return Ok(party.turn_id);
        }
        let Some(turn_id) = before
            .turn_id
            .filter(|_| before.state == PartyState::Seated && !is_begun)
        else {
            return Ok(None);
        };
        let nothing = Refusal::NothingToUndo { party_id: party.id };
        let turn = self.closed_turns.get(&turn_id).ok_or_else(|| nothing.clone())?;
        for table_id in &turn.table_ids {
            let table = self.table(*table_id)?;
            if let TableState::Occupied { turn_id } = table.state {
                return Err(self.table_taken(table, turn_id, turn.covers));
            }
            let is_left = matches!(table.state, TableState::Available | TableState::Dirty);
            if !table.details.active || !is_left || table.state_since != before.step_at {
                return Err(nothing);
            }
        }
        Ok(Some(turn_id))
    }

    /// Keeps where a party is now, before a step that may also take `table_ids`. One that frees the tables kept
    /// for it leaves them behind as well.
    pub(crate) fn remember(
        &mut self,
        party_id: PartyId,
        table_ids: &[TableId],
        frees_kept: bool,
        step_at: Timestamp,
    ) {
        let kept = TableState::Reserved {
            party_id: Some(party_id),
        };
        let is_kept = |it: &Table| frees_kept && it.state == kept;
        let tables = self.tables.values();
        let changes = tables.filter(|it| is_kept(it) || table_ids.contains(&it.id));
        let tables = changes
            .map(|it| TablePutBack {
                table_id: it.id,
                state: it.state,
            })
            .collect();
        if let Some(party) = self.parties.get_mut(&party_id) {
            party.before = Some(Box::new(Before {
                step_at,
                state: party.state,
                shown_as: party.shown_as,
                table_id: party.table_id,
                turn_id: party.turn_id,
                notified_at: party.notified_at,
                arrived_at: party.arrived_at,
                seated_at: party.seated_at,
                ended_at: party.ended_at,
                noted: party.noted.clone(),
                tables,
            }));
        }
    }

    /// Something was built on a party's last step: it stands.
    pub(crate) fn cannot_undo(&mut self, party_id: Option<PartyId>) {
        if let Some(party) = party_id.and_then(|it| self.parties.get_mut(&it)) {
            party.before = None;
        }
    }

    pub(crate) fn apply_step_undone(
        &mut self,
        party_id: PartyId,
        turn_id: Option<TurnId>,
        tables: &[TablePutBack],
        at: Timestamp,
    ) {
        if let Some(party) = self.parties.get_mut(&party_id)
            && let Some(before) = party.before.take()
        {
            party.state = before.state;
            party.shown_as = before.shown_as;
            party.table_id = before.table_id;
            party.turn_id = before.turn_id;
            party.notified_at = before.notified_at;
            party.arrived_at = before.arrived_at;
            party.seated_at = before.seated_at;
            party.ended_at = before.ended_at;
            party.noted = before.noted;
        }
        if let Some(turn_id) = turn_id
            && self.turns.remove(&turn_id).is_none()
            && let Some(mut turn) = self.closed_turns.remove(&turn_id)
        {
            turn.closed_at = None;
            self.apply_table_states(&turn.table_ids, TableState::Occupied { turn_id }, at);
            self.turns.insert(turn_id, turn);
        }
        for table in tables {
            self.apply_table_states(&[table.table_id], table.state, at);
        }
    }
}

#[cfg(test)]
mod tests;
