//! What is done to a table as a whole, whoever sits there.

use crate::admission::{self, Newcomer};
use crate::{
    Admission, Decision, Event, Floor, Refusal, SettableState, Table, TableId, TableState, Turn, TurnId,
};

/// Something that is done to a table. Bringing back its last turn is [`Command::RestoreTurn`](crate::Command).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableAct {
    /// The guests have left: ends the turn that is open there.
    Close(TableId),
    /// Takes an empty table out of service.
    Disable(TableId),
    /// Makes a table ready that was out of service or dirty.
    Enable(TableId),
    /// Carries the turn at the first table to the second, which is free. Other tables that the turn sits at
    /// stay its own.
    Move(TableId, TableId),
}

impl Floor {
    pub(crate) fn decide_act_on_table(&self, act: TableAct) -> Result<Decision, Refusal> {
        let event = match act {
            TableAct::Close(table_id) => self.close(self.turn_at(self.table_in_use(table_id)?)?.id, None),
            TableAct::Disable(table_id) => self.disable(self.table_in_use(table_id)?)?,
            TableAct::Enable(table_id) => enable(self.table_in_use(table_id)?)?,
            TableAct::Move(from, to) => self.carry(from, to)?,
        };
        Ok(event.into())
    }

    fn disable(&self, table: &Table) -> Result<Event, Refusal> {
        // Dirty tables may be taken out of service: nobody is waiting for them.
        let admission = Admission {
            dirty: true,
            oversize: true,
            ..Admission::STRICT
        };
        self.admit(&Newcomer::nobody(), &[table.id], admission)?;
        Ok(set(table, SettableState::Blocked))
    }

    fn carry(&self, from: TableId, to: TableId) -> Result<Event, Refusal> {
        if from == to {
            return Err(Refusal::bad(
                "to_table_id",
                "must be another table than from_table_id",
            ));
        }
        let (from, to) = (self.table_in_use(from)?, self.table_in_use(to)?);
        let admission = Admission {
            oversize: true,
            ..Admission::STRICT
        };
        self.admit(&Newcomer::nobody(), &[to.id], admission)?;
        let turn = self.turn_at(from)?;
        let exchanged = |it: &TableId| if *it == from.id { to.id } else { *it };
        let to_table_ids: Vec<TableId> = turn.table_ids.iter().map(exchanged).collect();
        let tables: Vec<&Table> = to_table_ids.iter().filter_map(|it| self.tables.get(it)).collect();
        Ok(Event::TurnMoved {
            turn_id: turn.id,
            from_table_ids: turn.table_ids.clone(),
            forced: !admission::fits(turn.covers, &tables),
            to_table_ids,
        })
    }

    /// The table with this id. One that is not in use is as good as none.
    pub(crate) fn table_in_use(&self, table_id: TableId) -> Result<&Table, Refusal> {
        let table = self.table(table_id)?;
        if table.details.active {
            return Ok(table);
        }
        Err(Refusal::Unknown {
            what: "table",
            id: table_id.0,
        })
    }

    fn turn_at(&self, table: &Table) -> Result<&Turn, Refusal> {
        open_turn(table)
            .and_then(|it| self.turns.get(&it))
            .ok_or_else(|| Refusal::NoOpenTurn {
                table_id: table.id,
                number: table.details.number.clone(),
            })
    }
}

fn enable(table: &Table) -> Result<Event, Refusal> {
    match table.state {
        TableState::Dirty | TableState::Blocked | TableState::Maintenance => {
            Ok(set(table, SettableState::Available))
        }
        TableState::Available | TableState::Reserved { .. } | TableState::Occupied { .. } => {
            Err(Refusal::TableInService {
                table_id: table.id,
                number: table.details.number.clone(),
            })
        }
    }
}

fn open_turn(table: &Table) -> Option<TurnId> {
    match table.state {
        TableState::Occupied { turn_id } => Some(turn_id),
        _ => None,
    }
}

fn set(table: &Table, state: SettableState) -> Event {
    Event::TableStateSet {
        table_id: table.id,
        state,
        party_id: None,
    }
}

#[cfg(test)]
mod tests;
