//! Turns: one party's stay, seated to left, at one table or several.

use crate::admission::{self, Newcomer};
use crate::{
    Admission, Covers, Decision, Event, Floor, GuestDetails, GuestId, Ids, Kind, Member, PartyDetails,
    PartyId, PartyState, Patch, Refusal, SettableState, StaffId, Standing, Table, TableId, TableState,
    TurnId,
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
    /// Whose stay it is; nobody's when nobody said, or once the party was taken off the list.
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
    /// Guests who joined it with their phones, the host first; left out where nobody has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub members: Vec<Member>,
}

impl Turn {
    /// A turn that begins, of whom nobody knows anything yet.
    pub(crate) fn new(
        id: TurnId,
        table_ids: &[TableId],
        covers: Covers,
        code: &TurnCode,
        opened_at: Timestamp,
    ) -> Turn {
        Turn {
            id,
            table_ids: table_ids.to_vec(),
            covers,
            party_id: None,
            waiter_id: None,
            code: code.clone(),
            stage: Stage::Seated,
            forced: false,
            opened_at,
            last_activity_at: opened_at,
            closed_at: None,
            members: Vec::new(),
        }
    }
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
pub(crate) struct Seating<'a> {
    pub(crate) party_id: PartyId,
    pub(crate) covers: Covers,
    pub(crate) table_ids: &'a [TableId],
    pub(crate) forced: bool,
    pub(crate) shown_as: Option<PartyState>,
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
            shown_as: None,
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
        guest.check()?;
        let details = PartyDetails::of(covers);
        let seating = Seating {
            party_id,
            covers,
            table_ids,
            forced,
            shown_as: None,
        };
        let mut decision = self.archive_parties(now);
        decision.push_party(party_id, GuestId(ids.take(Kind::Guest)), &details, guest);
        decision.events.push(self.seat(&seating, ids));
        Ok(decision)
    }

    pub(crate) fn seat(&self, seating: &Seating<'_>, ids: &mut Ids) -> Event {
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
            shown_as: seating.shown_as,
        }
    }

    /// The beginning of a turn of whom nobody knows the name.
    pub(crate) fn open_turn(&self, table_ids: &[TableId], covers: Covers, ids: &mut Ids) -> Event {
        let first = table_ids.first().and_then(|it| self.tables.get(it));
        let turn_id = TurnId(ids.take(Kind::Turn));
        Event::TurnOpened {
            turn_id,
            table_ids: table_ids.to_vec(),
            covers,
            waiter_id: first.and_then(|it| self.waiter_of(it)),
            code: TurnCode::of(turn_id),
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
        Ok(Event::TurnTouched {
            turn_id,
            table_id: None,
        }
        .into())
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
        Ok(self.close(turn_id, None).into())
    }

    /// The end of a turn, with what becomes of its party if that is not *finished*.
    pub(crate) fn close(&self, turn_id: TurnId, party: Option<Standing>) -> Event {
        Event::TurnClosed {
            turn_id,
            tables_left: self.left_by_closing(),
            party,
        }
    }

    /// The state of tables whose guests have left.
    pub(crate) fn left_by_closing(&self) -> SettableState {
        if self.settings.as_ref().is_some_and(|it| it.clean_after_close) {
            SettableState::Dirty
        } else {
            SettableState::Available
        }
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
        let restored = Event::TurnRestored { turn_id: turn.id };
        // Whoever sat there may have come back onto the list since, and even sat down elsewhere.
        match turn.party_id.and_then(|it| self.parties.get(&it)) {
            Some(party) if party.state == PartyState::Seated => Err(self.party_seated(party)),
            Some(party) => Ok(self.without_reservations(party.id, &turn.table_ids, restored)),
            None => Ok(restored.into()),
        }
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

    pub(crate) fn apply_turn_opened(&mut self, turn: Turn, shown_as: Option<PartyState>) {
        let (turn_id, at) = (turn.id, turn.opened_at);
        if let Some(party_id) = turn.party_id {
            self.remember(party_id, &turn.table_ids, true, at);
            self.apply_sits(party_id, &turn, shown_as, at);
        }
        self.apply_table_states(&turn.table_ids, TableState::Occupied { turn_id }, at);
        self.turns.insert(turn_id, turn);
    }

    fn apply_sits(&mut self, party_id: PartyId, turn: &Turn, shown_as: Option<PartyState>, at: Timestamp) {
        if let Some(party) = self.parties.get_mut(&party_id) {
            party.state = PartyState::Seated;
            party.shown_as = shown_as;
            party.table_id = turn.table_ids.first().copied();
            party.turn_id = Some(turn.id);
            party.seated_at = Some(at);
            party.ended_at = None;
            party.noted.seated_at = Patch::Keep;
            party.noted.finished_at = Patch::Keep;
        }
    }

    pub(crate) fn apply_party_joined(
        &mut self,
        party_id: PartyId,
        turn_id: TurnId,
        covers: Covers,
        shown_as: Option<PartyState>,
        at: Timestamp,
    ) {
        let Some(turn) = self.turns.get_mut(&turn_id) else {
            return;
        };
        turn.party_id = Some(party_id);
        turn.covers = covers;
        turn.last_activity_at = at;
        let turn = turn.clone();
        self.apply_sits(party_id, &turn, shown_as, at);
        self.cannot_undo(Some(party_id));
    }

    /// A turn goes on: what its party did before that can no longer be undone.
    pub(crate) fn apply_turn_goes_on(&mut self, turn_id: TurnId, stage: Option<Stage>, at: Timestamp) {
        let Some(turn) = self.turns.get_mut(&turn_id) else {
            return;
        };
        turn.stage = stage.unwrap_or(turn.stage);
        turn.last_activity_at = at;
        let party_id = turn.party_id;
        self.cannot_undo(party_id);
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
            party.before = None;
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
            party.before = None;
        }
        let left: Vec<TableId> = from.into_iter().filter(|it| !to.contains(it)).collect();
        self.apply_table_states(&left, TableState::Available, at);
        self.apply_table_states(to, TableState::Occupied { turn_id }, at);
    }

    pub(crate) fn apply_turn_closed(
        &mut self,
        turn_id: TurnId,
        tables_left: SettableState,
        standing: Option<Standing>,
        at: Timestamp,
    ) {
        let Some(mut turn) = self.turns.remove(&turn_id) else {
            return;
        };
        turn.closed_at = Some(at);
        if let Some(party_id) = turn.party_id {
            let standing = standing.unwrap_or_else(|| PartyState::Finished.into());
            self.apply_standing(party_id, standing, at);
        }
        self.apply_table_states(&turn.table_ids, tables_left.with(None), at);
        self.end_calls(turn_id);
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
            party.shown_as = None;
            party.ended_at = None;
            party.covers = turn.covers;
            party.table_id = turn.table_ids.first().copied();
            party.turn_id = Some(turn_id);
            party.seated_at = party.seated_at.or(Some(turn.opened_at));
            party.before = None;
        }
        self.turns.insert(turn_id, turn);
    }
}

#[cfg(test)]
mod tests;
