//! Turns: one party's stay, seated to left, at one table or several.

use crate::admission::{self, Newcomer};
use crate::{
    Admission, Covers, Decision, Event, Floor, GuestDetails, GuestId, Ids, Kind, PartyDetails, PartyId,
    PartyState, Refusal, SettableState, Source, StaffId, Table, TableId, TableState, TurnId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// One party's stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Turn {
    /// Which one.
    pub id: TurnId,
    /// Where it sits, first table first.
    pub table_ids: Vec<TableId>,
    /// How many sit there.
    pub covers: Covers,
    /// Whose stay it is; nobody's once the party was taken off the list.
    pub party_id: Option<PartyId>,
    /// Who serves it.
    pub waiter_id: Option<StaffId>,
    /// A short code for slips and screens.
    pub code: TurnCode,
    /// How far it has come.
    pub stage: Stage,
    /// Whether a rule was overridden to seat it.
    pub forced: bool,
    /// When it began.
    pub opened_at: Timestamp,
    /// When something last happened at its table. Idle time runs from here.
    pub last_activity_at: Timestamp,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
}

/// How far a turn has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Stage {
    Seated,
    Ordered,
    Served,
    BillDropped,
    Paid,
}

/// Four characters that name a turn on a slip: digits and capitals that are not mistaken for each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct TurnCode(String);

impl TurnCode {
    /// The code of a turn. Neighbouring turns get codes that look nothing alike; one comes again after
    /// 2^20 turns.
    #[must_use]
    pub fn of(turn_id: TurnId) -> TurnCode {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        // An odd factor permutes the numbers below 2^20.
        let mixed = turn_id.0.wrapping_mul(0x9_E377) & 0xF_FFFF;
        let letter = |shift: u32| char::from(ALPHABET[((mixed >> shift) & 31) as usize]);
        TurnCode([15, 10, 5, 0].map(letter).iter().collect())
    }

    /// The code as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who sits down where, once that is allowed.
struct Seating<'a> {
    party_id: PartyId,
    covers: Covers,
    table_ids: &'a [TableId],
    forced: bool,
}

impl Floor {
    pub(crate) fn decide_seat_party(
        &self,
        party_id: PartyId,
        table_ids: &[TableId],
        admission: Admission,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        let covers = self.expected_party(party_id)?.covers;
        let newcomer = Newcomer {
            party_id: Some(party_id),
            turn_id: None,
            covers,
        };
        let forced = self.admit(&newcomer, table_ids, admission)?;
        let seating = Seating {
            party_id,
            covers,
            table_ids,
            forced,
        };
        Ok(self.without_reservations(party_id, table_ids, self.seat(&seating, ids)))
    }

    pub(crate) fn decide_seat_walk_in(
        &self,
        table_ids: &[TableId],
        covers: Covers,
        guest: &GuestDetails,
        admission: Admission,
        now: Timestamp,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        let newcomer = Newcomer {
            party_id: None,
            turn_id: None,
            covers,
        };
        let forced = self.admit(&newcomer, table_ids, admission)?;
        let party_id = PartyId(ids.take(Kind::Party));
        let details = PartyDetails {
            covers,
            source: Source::WalkIn,
            quote: None,
            name: None,
            phone: None,
            notes: None,
        };
        let seating = Seating {
            party_id,
            covers,
            table_ids,
            forced,
        };
        let mut decision = self.archive_parties(now);
        decision.push_party(party_id, GuestId(ids.take(Kind::Guest)), &details, guest);
        decision.events.push(self.seat(&seating, ids));
        Ok(decision)
    }

    fn seat(&self, seating: &Seating<'_>, ids: &mut Ids) -> Event {
        let first = seating.table_ids.first().and_then(|it| self.tables.get(it));
        let turn_id = TurnId(ids.take(Kind::Turn));
        Event::PartySeated {
            party_id: seating.party_id,
            turn_id,
            table_ids: seating.table_ids.to_vec(),
            covers: seating.covers,
            waiter_id: first.and_then(|it| self.waiter_of(it)),
            code: TurnCode::of(turn_id),
            forced: seating.forced,
        }
    }

    pub(crate) fn decide_change_covers(
        &self,
        turn_id: TurnId,
        covers: Covers,
        admission: Admission,
    ) -> Result<Decision, Refusal> {
        let turn = self.turn(turn_id)?;
        let tables: Vec<&Table> = turn
            .table_ids
            .iter()
            .filter_map(|it| self.tables.get(it))
            .collect();
        let forced = covers > turn.covers && !admission::fits(covers, &tables);
        if forced && !admission.oversize {
            return Err(self.too_small(&tables, covers));
        }
        Ok(Event::CoversChanged {
            turn_id,
            covers,
            forced,
        }
        .into())
    }

    pub(crate) fn decide_advance_stage(&self, turn_id: TurnId, stage: Stage) -> Result<Decision, Refusal> {
        let reached = self.turn(turn_id)?.stage;
        if stage <= reached {
            return Err(Refusal::StagePassed {
                turn_id,
                stage: reached,
            });
        }
        Ok(Event::StageAdvanced { turn_id, stage }.into())
    }

    pub(crate) fn decide_touch_turn(&self, turn_id: TurnId) -> Result<Decision, Refusal> {
        self.turn(turn_id)?;
        Ok(Event::TurnTouched { turn_id }.into())
    }

    pub(crate) fn decide_move_turn(
        &self,
        turn_id: TurnId,
        table_ids: &[TableId],
        admission: Admission,
    ) -> Result<Decision, Refusal> {
        let turn = self.turn(turn_id)?;
        if turn.table_ids == table_ids {
            return Err(Refusal::SameTables { turn_id });
        }
        let newcomer = Newcomer {
            party_id: turn.party_id,
            turn_id: Some(turn_id),
            covers: turn.covers,
        };
        let forced = self.admit(&newcomer, table_ids, admission)?;
        let moved = Event::TurnMoved {
            turn_id,
            from_table_ids: turn.table_ids.clone(),
            to_table_ids: table_ids.to_vec(),
            forced,
        };
        Ok(moved.into())
    }

    pub(crate) fn decide_close_turn(&self, turn_id: TurnId) -> Result<Decision, Refusal> {
        self.turn(turn_id)?;
        let is_cleaned = self.settings.as_ref().is_some_and(|it| it.clean_after_close);
        let tables_left = if is_cleaned {
            SettableState::Dirty
        } else {
            SettableState::Available
        };
        Ok(Event::TurnClosed { turn_id, tables_left }.into())
    }

    pub(crate) fn decide_restore_turn(&self, table_id: TableId) -> Result<Decision, Refusal> {
        self.check_restorable(table_id, Covers::ONE)?;
        let table = self.table(table_id)?;
        let turn = self
            .last_closed_turn(table_id)
            .ok_or_else(|| Refusal::NoTurnToRestore {
                table_id,
                number: table.details.number.clone(),
            })?;
        for table_id in &turn.table_ids {
            self.check_restorable(*table_id, turn.covers)?;
        }
        Ok(Event::TurnRestored { turn_id: turn.id }.into())
    }

    fn check_restorable(&self, table_id: TableId, covers: Covers) -> Result<(), Refusal> {
        let table = self.table(table_id)?;
        let newcomer = Newcomer {
            party_id: None,
            turn_id: None,
            covers,
        };
        let admission = Admission {
            dirty: true,
            oversize: true,
            ..Admission::STRICT
        };
        self.admit(&newcomer, &[table.id], admission).map(drop)
    }

    /// The open turn with this id.
    pub fn turn(&self, id: TurnId) -> Result<&Turn, Refusal> {
        match self.turns.get(&id) {
            Some(turn) => Ok(turn),
            None if self.closed_turns.contains_key(&id) => Err(Refusal::TurnClosed { turn_id: id }),
            None => Err(Refusal::Unknown {
                what: "turn",
                id: id.0,
            }),
        }
    }

    /// The turn that closed last at a table.
    #[must_use]
    pub fn last_closed_turn(&self, table_id: TableId) -> Option<&Turn> {
        self.closed_turns
            .values()
            .filter(|it| it.table_ids.contains(&table_id))
            .max_by_key(|it| (it.closed_at, it.id))
    }

    pub(crate) fn apply_turn_opened(&mut self, turn: Turn) {
        let (turn_id, at) = (turn.id, turn.opened_at);
        self.apply_table_states(&turn.table_ids, TableState::Occupied { turn_id }, at);
        if let Some(party) = turn.party_id.and_then(|it| self.parties.get_mut(&it)) {
            party.state = PartyState::Seated;
            party.table_id = turn.table_ids.first().copied();
            party.turn_id = Some(turn_id);
            party.seated_at = Some(at);
        }
        self.turns.insert(turn_id, turn);
    }

    pub(crate) fn apply_covers_changed(
        &mut self,
        turn_id: TurnId,
        covers: Covers,
        forced: bool,
        at: Timestamp,
    ) {
        let Some(turn) = self.turns.get_mut(&turn_id) else {
            return;
        };
        turn.covers = covers;
        turn.forced |= forced;
        turn.last_activity_at = at;
        if let Some(party) = turn.party_id.and_then(|it| self.parties.get_mut(&it)) {
            party.covers = covers;
        }
    }

    pub(crate) fn apply_turn_moved(&mut self, turn_id: TurnId, to: &[TableId], forced: bool, at: Timestamp) {
        let Some(turn) = self.turns.get_mut(&turn_id) else {
            return;
        };
        let from = std::mem::replace(&mut turn.table_ids, to.to_vec());
        turn.last_activity_at = at;
        turn.forced |= forced;
        if let Some(party) = turn.party_id.and_then(|it| self.parties.get_mut(&it)) {
            party.table_id = to.first().copied();
        }
        let left: Vec<TableId> = from.into_iter().filter(|it| !to.contains(it)).collect();
        self.apply_table_states(&left, TableState::Available, at);
        self.apply_table_states(to, TableState::Occupied { turn_id }, at);
    }

    pub(crate) fn apply_turn_closed(&mut self, turn_id: TurnId, tables_left: SettableState, at: Timestamp) {
        let Some(mut turn) = self.turns.remove(&turn_id) else {
            return;
        };
        turn.closed_at = Some(at);
        self.apply_table_states(&turn.table_ids, tables_left.with(None), at);
        if let Some(party_id) = turn.party_id {
            self.apply_party_state(party_id, PartyState::Finished, at);
        }
        self.closed_turns.insert(turn_id, turn);
        self.forget_closed_turns();
    }

    /// Keeps of the closed turns only those that are some table's last.
    fn forget_closed_turns(&mut self) {
        let last: BTreeSet<TurnId> = self
            .tables
            .keys()
            .filter_map(|it| self.last_closed_turn(*it))
            .map(|it| it.id)
            .collect();
        self.closed_turns.retain(|id, _| last.contains(id));
    }

    pub(crate) fn apply_turn_restored(&mut self, turn_id: TurnId, at: Timestamp) {
        let Some(mut turn) = self.closed_turns.remove(&turn_id) else {
            return;
        };
        turn.closed_at = None;
        turn.last_activity_at = at;
        self.apply_table_states(&turn.table_ids, TableState::Occupied { turn_id }, at);
        if let Some(party) = turn.party_id.and_then(|it| self.parties.get_mut(&it)) {
            party.state = PartyState::Seated;
            party.ended_at = None;
        }
        self.turns.insert(turn_id, turn);
    }
}

#[cfg(test)]
mod tests;
