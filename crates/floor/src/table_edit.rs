//! A table's details, its waiter and its state written in one go, and a table that goes to another restaurant.

use crate::{
    Covers, Decision, Event, Floor, Ids, Patch, Refusal, Seats, SettableState, StaffId, Table, TableDetails,
    TableId, TablePatch, TableState,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use utoipa::ToSchema;

/// What is written about a table. What is left out stays.
#[derive(Clone, Debug, PartialEq)]
pub struct TableEdit {
    /// Which one.
    pub table: Edited,
    /// Who looks after it.
    pub waiter: Patch<StaffId>,
    /// The state it is to be in.
    pub state: Option<StatedState>,
}

/// The table that is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Edited {
    /// A new one.
    New(Box<TableDetails>),
    /// One that is there.
    Known {
        /// Which.
        table_id: TableId,
        /// The version that was seen.
        version: Option<u64>,
        /// What changes about it. It counts as written also when this changes nothing.
        patch: Option<Box<TablePatch>>,
    },
}

/// The states that a table can be put into, whatever it is in now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatedState {
    /// Ready for guests.
    Available,
    /// Somebody sits there.
    Occupied,
    /// Kept for somebody.
    Reserved,
    /// To be cleared and reset.
    Dirty,
    /// Not to be used: blocked, or still under maintenance.
    OutOfService,
}

/// A table that is to go to another restaurant, and what changes about it on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct TableMove {
    /// Which one, and what changes. Its plan and its section stay behind: those that are named are of the restaurant
    /// it goes to.
    pub patch: TablePatch,
    /// Who looks after it there; nobody, where nobody is named.
    pub waiter_id: Option<StaffId>,
    /// The state it is to be in.
    pub state: Option<StatedState>,
}

/// A table as it arrives.
#[derive(Clone, Debug, PartialEq)]
pub struct TableArrival {
    /// The id that it keeps.
    pub table_id: TableId,
    /// What it is.
    pub details: TableDetails,
    /// The version it begins with there: above that of any who saw it before.
    pub version: u64,
    /// What it has behind it.
    pub past: Option<TablePast>,
    /// Who looks after it from now on.
    pub waiter_id: Option<StaffId>,
    /// The state it is in when nobody sits there.
    pub state: SettableState,
    /// How many sit there, if anybody does.
    pub covers: Option<Covers>,
}

/// What a table has behind it that went to another restaurant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TablePast {
    /// When it was put up.
    pub created_at: Timestamp,
    /// When somebody last sat down there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_occupied_at: Option<Timestamp>,
    /// When it last became dirty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_dirty_at: Option<Timestamp>,
}

impl TableEdit {
    /// Whether it puts up a table.
    #[must_use]
    pub fn is_new(&self) -> bool {
        matches!(self.table, Edited::New(_))
    }
}

/// What has been decided, and the floor as it would be then.
struct Steps<'a> {
    floor: Cow<'a, Floor>,
    decision: Decision,
    n_applied: usize,
    now: Timestamp,
}

impl<'a> Steps<'a> {
    fn from(floor: &'a Floor, now: Timestamp) -> Steps<'a> {
        Steps {
            floor: Cow::Borrowed(floor),
            decision: Decision::default(),
            n_applied: 0,
            now,
        }
    }

    /// The floor after the steps so far. Copied only where something follows on something.
    fn floor(&mut self) -> &Floor {
        for event in self.decision.events.iter().skip(self.n_applied) {
            self.floor.to_mut().apply(event, self.now);
        }
        self.n_applied = self.decision.events.len();
        &self.floor
    }

    fn push(&mut self, events: impl IntoIterator<Item = Event>) {
        self.decision.events.extend(events);
    }
}

impl Floor {
    pub(crate) fn decide_edit_table(
        &self,
        edit: &TableEdit,
        now: Timestamp,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        let mut steps = Steps::from(self, now);
        let mut state = edit.state;
        let table_id = match &edit.table {
            Edited::New(details) => {
                let made = self.decide_create_table(details, ids)?;
                let id = made.events.iter().find_map(|it| match it {
                    Event::TableCreated { table_id, .. } => Some(*table_id),
                    _ => None,
                });
                steps.push(made.events);
                id.expect("a table that is put up has an id")
            }
            Edited::Known {
                table_id,
                version,
                patch,
            } => {
                let table = self.table(*table_id)?;
                table.check_version(*version)?;
                // Whoever sits there leaves first: what is said of the table may hold for an empty one only.
                if let Some(state) = state.take_if(|it| *it != StatedState::Occupied) {
                    steps.push(self.state(table, state, ids)?);
                }
                if let Some(patch) = patch {
                    let events = steps.floor().decide_update_table(patch)?.events;
                    steps.push(events);
                }
                *table_id
            }
        };
        match edit.waiter {
            Patch::Keep => {}
            Patch::Clear if edit.is_new() => {}
            Patch::Clear => steps.push([Event::WaiterUnassigned { table_id }]),
            Patch::Set(waiter_id) => {
                self.active_staff(waiter_id)?;
                steps.push([Event::WaiterAssigned { table_id, waiter_id }]);
            }
        }
        if let Some(state) = state
            && !(edit.is_new() && state == StatedState::Available)
        {
            let floor = steps.floor();
            let events = floor.state(floor.table(table_id)?, state, ids)?;
            steps.push(events);
        }
        Ok(steps.decision)
    }

    /// How a table comes into `state`.
    fn state(&self, table: &Table, state: StatedState, ids: &mut Ids) -> Result<Vec<Event>, Refusal> {
        let is_out = matches!(table.state, TableState::Blocked | TableState::Maintenance);
        let settable = match state {
            StatedState::Occupied if is_out => return Err(self.table_not_ready(table, Covers::ONE)),
            StatedState::Occupied => {
                return match table.state {
                    TableState::Occupied { turn_id } => Ok(vec![Event::TurnTouched {
                        turn_id,
                        table_id: Some(table.id),
                    }]),
                    _ => {
                        check_active(table)?;
                        Ok(vec![self.open_turn(&[table.id], Covers::ONE, ids)])
                    }
                };
            }
            StatedState::Available => SettableState::Available,
            StatedState::Reserved => SettableState::Reserved,
            StatedState::Dirty => SettableState::Dirty,
            // Writing back the word that a table is shown by changes nothing about it.
            StatedState::OutOfService if table.state == TableState::Maintenance => SettableState::Maintenance,
            StatedState::OutOfService => SettableState::Blocked,
        };
        let set = Event::TableStateSet {
            table_id: table.id,
            state: settable,
            party_id: match table.state {
                TableState::Reserved { party_id } if settable == SettableState::Reserved => party_id,
                _ => None,
            },
        };
        let TableState::Occupied { turn_id } = table.state else {
            return Ok(vec![set]);
        };
        let closed = self.close(turn_id, None);
        if settable == self.left_by_closing() {
            return Ok(vec![closed]);
        }
        Ok(vec![closed, set])
    }

    /// A table as it would arrive in another restaurant.
    pub fn arrival(&self, moved: &TableMove) -> Result<TableArrival, Refusal> {
        let patch = &moved.patch;
        let table = self.table(patch.table_id)?;
        table.check_version(patch.version)?;
        let before = &table.details;
        let details = TableDetails {
            plan_id: patch.plan_id.clone().over(None),
            section_id: patch.section_id.clone().over(None),
            ..before.patched(patch)
        };
        let covers = match table.state {
            TableState::Occupied { turn_id } => {
                let turn = self.turns.get(&turn_id).filter(|it| it.table_ids.len() == 1);
                turn.map(|it| it.covers)
            }
            _ => None,
        };
        let covers = match moved.state {
            Some(StatedState::Occupied) => {
                if matches!(table.state, TableState::Blocked | TableState::Maintenance) {
                    return Err(self.table_not_ready(table, Covers::ONE));
                }
                covers.or(Some(Covers::ONE))
            }
            Some(_) => None,
            None => covers,
        };
        if covers.is_some() && !details.active {
            check_active(&Table {
                details: details.clone(),
                ..table.clone()
            })?;
        }
        let state = match (moved.state, table.state) {
            (Some(StatedState::Reserved), _) | (None, TableState::Reserved { .. }) => SettableState::Reserved,
            (Some(StatedState::Dirty), _) | (None, TableState::Dirty) => SettableState::Dirty,
            (Some(StatedState::OutOfService) | None, TableState::Maintenance) => SettableState::Maintenance,
            (Some(StatedState::OutOfService), _) | (None, TableState::Blocked) => SettableState::Blocked,
            _ => SettableState::Available,
        };
        Ok(TableArrival {
            table_id: table.id,
            details,
            version: table.version + 1,
            past: Some(TablePast {
                created_at: table.created_at,
                last_occupied_at: table.last_occupied_at,
                last_dirty_at: table.last_dirty_at,
            }),
            waiter_id: moved.waiter_id,
            state,
            covers,
        })
    }

    pub(crate) fn decide_release_table(
        &self,
        table_id: TableId,
        version: Option<u64>,
    ) -> Result<Decision, Refusal> {
        let table = self.table(table_id)?;
        table.check_version(version)?;
        let mut decision = Decision::default();
        if let TableState::Occupied { turn_id } = table.state
            && let Some(turn) = self.turns.get(&turn_id)
        {
            let others: Vec<TableId> = turn
                .table_ids
                .iter()
                .copied()
                .filter(|it| *it != table_id)
                .collect();
            // Whoever sits at several tables stays at the others.
            decision.events.push(if others.is_empty() {
                self.close(turn_id, None)
            } else {
                Event::TurnMoved {
                    turn_id,
                    from_table_ids: turn.table_ids.clone(),
                    to_table_ids: others,
                    forced: false,
                }
            });
        }
        decision.events.push(Event::TableDeleted { table_id });
        Ok(decision)
    }

    pub(crate) fn decide_receive_table(
        &self,
        arrival: &TableArrival,
        now: Timestamp,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        let TableArrival {
            table_id,
            details,
            version,
            past,
            waiter_id,
            state,
            covers,
        } = arrival;
        self.check_new_table(details)?;
        let mut steps = Steps::from(self, now);
        steps.push([Event::TableCreated {
            table_id: *table_id,
            details: details.clone(),
            alias: None,
            version: Some(*version).filter(|it| *it != 1),
            past: *past,
        }]);
        if let Some(waiter_id) = *waiter_id {
            self.active_staff(waiter_id)?;
            steps.push([Event::WaiterAssigned {
                table_id: *table_id,
                waiter_id,
            }]);
        }
        if let Some(covers) = *covers {
            let opened = steps.floor().open_turn(&[*table_id], covers, ids);
            steps.push([opened]);
        } else if *state != SettableState::Available {
            steps.push([Event::TableStateSet {
                table_id: *table_id,
                state: *state,
                party_id: None,
            }]);
        }
        Ok(steps.decision)
    }
}

impl TableDetails {
    /// What a table is after a patch.
    pub(crate) fn patched(&self, patch: &TablePatch) -> TableDetails {
        TableDetails {
            number: patch.number.clone().unwrap_or_else(|| self.number.clone()),
            seats: patch.seats.unwrap_or(self.seats),
            shape: patch.shape.unwrap_or(self.shape),
            x: patch.x.unwrap_or(self.x),
            y: patch.y.unwrap_or(self.y),
            width: patch.width.unwrap_or(self.width),
            height: patch.height.unwrap_or(self.height),
            rotation: patch.rotation.unwrap_or(self.rotation),
            plan_id: patch.plan_id.clone().over(self.plan_id),
            section_id: patch.section_id.clone().over(self.section_id),
            features: patch.features.clone().unwrap_or_else(|| self.features.clone()),
            combinable: patch.combinable.unwrap_or(self.combinable),
            active: patch.active.unwrap_or(self.active),
            notes: patch.notes.clone().over(self.notes.clone()),
            extra: patch.extra.clone().over(self.extra.clone()),
        }
    }
}

impl TablePatch {
    /// A patch that changes nothing.
    #[must_use]
    pub fn blank(table_id: TableId) -> TablePatch {
        TablePatch {
            table_id,
            number: None,
            seats: None,
            shape: None,
            x: None,
            y: None,
            width: None,
            height: None,
            rotation: None,
            plan_id: Patch::Keep,
            section_id: Patch::Keep,
            features: None,
            combinable: None,
            active: None,
            notes: Patch::Keep,
            extra: Patch::Keep,
            version: None,
        }
    }
}

impl Seats {
    /// Seats for so many at the most, and as many at the least and at best as they were for before.
    #[must_use]
    pub fn up_to(self, max: Covers) -> Seats {
        Seats {
            min: self.min.min(max),
            max,
            preferred: self.preferred.filter(|it| *it <= max),
        }
    }
}

fn check_active(table: &Table) -> Result<(), Refusal> {
    if table.details.active {
        return Ok(());
    }
    Err(Refusal::TableInactive {
        table_id: table.id,
        number: table.details.number.clone(),
    })
}

#[cfg(test)]
mod tests;
