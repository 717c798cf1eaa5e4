//! Tables: what they are, where they stand, and the state they are in.

use crate::admission;
use crate::limits::TABLES_MAX;
use crate::{
    Alias, Covers, Decision, Event, Extra, Floor, Ids, Kind, Label, Note, PartyId, Patch, PlanId, Refusal,
    SectionId, StaffId, TableId, TablePast, TurnId, Units,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A table without its id and state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TableDetails {
    /// What staff call it; unique in the restaurant.
    pub number: Label,
    /// How many it is for.
    pub seats: Seats,
    /// Its outline.
    #[serde(default)]
    pub shape: Shape,
    /// Its centre on the plan, in units from the left.
    #[serde(default)]
    pub x: Units,
    /// Its centre on the plan, in units from the top.
    #[serde(default)]
    pub y: Units,
    /// Its width in units.
    #[serde(default = "default_side")]
    pub width: Units,
    /// Its height in units.
    #[serde(default = "default_side")]
    pub height: Units,
    /// Its rotation in degrees, clockwise.
    #[serde(default)]
    pub rotation: i16,
    /// The plan it stands on.
    #[serde(default)]
    pub plan_id: Option<PlanId>,
    /// The section it belongs to.
    #[serde(default)]
    pub section_id: Option<SectionId>,
    /// What is special about it.
    #[serde(default)]
    pub features: Vec<Feature>,
    /// Whether it can be pushed together with others.
    #[serde(default = "yes")]
    pub combinable: bool,
    /// Whether it is in use. An inactive one cannot be seated.
    #[serde(default = "yes")]
    pub active: bool,
    /// A remark for staff.
    #[serde(default)]
    pub notes: Option<Note>,
    /// What other programs keep with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub extra: Option<Extra>,
}

impl TableDetails {
    /// A table of which only its number and its seats are known.
    #[must_use]
    pub fn new(number: Label, seats_max: Covers) -> TableDetails {
        TableDetails {
            number,
            seats: Seats {
                min: Covers::ONE,
                max: seats_max,
                preferred: None,
            },
            shape: Shape::Round,
            x: Units::default(),
            y: Units::default(),
            width: default_side(),
            height: default_side(),
            rotation: 0,
            plan_id: None,
            section_id: None,
            features: Vec::new(),
            combinable: true,
            active: true,
            notes: None,
            extra: None,
        }
    }
}

/// What changes about a table; fields left out stay, `null` clears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "as in TableDetails")]
pub struct TablePatch {
    pub table_id: TableId,
    #[serde(default)]
    pub number: Option<Label>,
    #[serde(default)]
    pub seats: Option<Seats>,
    #[serde(default)]
    pub shape: Option<Shape>,
    #[serde(default)]
    pub x: Option<Units>,
    #[serde(default)]
    pub y: Option<Units>,
    #[serde(default)]
    pub width: Option<Units>,
    #[serde(default)]
    pub height: Option<Units>,
    #[serde(default)]
    pub rotation: Option<i16>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<PlanId>)]
    pub plan_id: Patch<PlanId>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<SectionId>)]
    pub section_id: Patch<SectionId>,
    #[serde(default)]
    pub features: Option<Vec<Feature>>,
    #[serde(default)]
    pub combinable: Option<bool>,
    #[serde(default)]
    pub active: Option<bool>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Note>)]
    pub notes: Patch<Note>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Extra>)]
    pub extra: Patch<Extra>,
    /// The version that was seen: refused as `stale` when the table has another one by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// How many guests a table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Seats {
    /// Fewer than this waste it.
    #[serde(default = "one")]
    pub min: Covers,
    /// More than this do not fit.
    pub max: Covers,
    /// The number it is best for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred: Option<Covers>,
}

/// A table's outline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A circle.
    #[default]
    Round,
    /// As wide as high.
    Square,
    /// Longer than wide.
    Rectangle,
    /// A stretched circle.
    Oval,
    /// A seat at a bar.
    Bar,
    /// A bench with a table.
    Booth,
}

/// What is special about a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Feature {
    Window,
    Wheelchair,
    Power,
    HighChair,
    Private,
    Outdoor,
}

/// The state a table is in. *Occupied* cannot be set: it is where an open turn sits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TableState {
    /// Ready for guests.
    Available,
    /// Kept, for this party if one is named.
    Reserved {
        /// The party.
        party_id: Option<PartyId>,
    },
    /// A turn is open here.
    Occupied {
        /// The turn.
        turn_id: TurnId,
    },
    /// To be cleared and reset.
    Dirty,
    /// Out of service by decision.
    Blocked,
    /// Out of service for repair.
    Maintenance,
}

/// The states that a person can say a table is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in TableState")]
pub enum SettableState {
    Available,
    Reserved,
    Dirty,
    Blocked,
    Maintenance,
}

impl SettableState {
    pub(crate) fn with(self, party_id: Option<PartyId>) -> TableState {
        match self {
            SettableState::Available => TableState::Available,
            SettableState::Reserved => TableState::Reserved { party_id },
            SettableState::Dirty => TableState::Dirty,
            SettableState::Blocked => TableState::Blocked,
            SettableState::Maintenance => TableState::Maintenance,
        }
    }
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Table {
    /// Which one.
    pub id: TableId,
    /// What it is.
    #[serde(flatten)]
    pub details: TableDetails,
    /// Its own waiter. Without one, its section's waiter looks after it.
    pub waiter_id: Option<StaffId>,
    /// The state it is in.
    #[serde(flatten)]
    pub state: TableState,
    /// Since when.
    pub state_since: Timestamp,
    /// When somebody sat down there last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_occupied_at: Option<Timestamp>,
    /// When it last became dirty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_dirty_at: Option<Timestamp>,
    /// The name that a client gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<Alias>,
    /// How often what it is, or whose it is, has been written: 1 when it was put up. Guests who come and go do not
    /// count.
    #[serde(default)]
    pub version: u64,
    /// When it was put up.
    pub created_at: Timestamp,
    /// When something about it last changed.
    pub updated_at: Timestamp,
}

impl Table {
    /// Checks that nobody has written about it since it had this version.
    pub(crate) fn check_version(&self, seen: Option<u64>) -> Result<(), Refusal> {
        check_version("table", self.id.0, self.version, seen)
    }
}

/// Checks that a thing still has the version that was seen.
pub(crate) fn check_version(
    what: &'static str,
    id: u64,
    version: u64,
    seen: Option<u64>,
) -> Result<(), Refusal> {
    if seen.is_none_or(|it| it == version) {
        return Ok(());
    }
    Err(Refusal::Stale { what, id, version })
}

fn yes() -> bool {
    true
}

fn one() -> Covers {
    Covers::ONE
}

fn default_side() -> Units {
    Units::whole(60)
}

impl Floor {
    pub(crate) fn decide_create_table(
        &self,
        details: &TableDetails,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        self.check_new_table(details)?;
        let table_id = TableId(ids.take(Kind::Table));
        Ok(Event::TableCreated {
            table_id,
            details: details.clone(),
            alias: None,
            version: None,
            past: None,
        }
        .into())
    }

    pub(crate) fn decide_update_table(&self, patch: &TablePatch) -> Result<Decision, Refusal> {
        let table_id = patch.table_id;
        let table = self.table(table_id)?;
        table.check_version(patch.version)?;
        let before = &table.details;
        let details = before.patched(patch);
        if before.active && !details.active {
            self.check_table_empty(table)?;
        }
        self.check_table(&details, Some(table_id))?;
        if details.seats.max < before.seats.max {
            self.check_still_seated(&Table {
                details: details.clone(),
                ..table.clone()
            })?;
        }
        Ok(Event::TableUpdated { table_id, details }.into())
    }

    pub(crate) fn decide_delete_table(
        &self,
        table_id: TableId,
        version: Option<u64>,
    ) -> Result<Decision, Refusal> {
        let table = self.table(table_id)?;
        table.check_version(version)?;
        self.check_table_empty(table)?;
        Ok(Event::TableDeleted { table_id }.into())
    }

    pub(crate) fn decide_set_table_state(
        &self,
        table_id: TableId,
        state: SettableState,
        party_id: Option<PartyId>,
    ) -> Result<Decision, Refusal> {
        let table = self.table(table_id)?;
        self.check_table_empty(table)?;
        if party_id.is_some() && state != SettableState::Reserved {
            return Err(Refusal::bad("party_id", "goes with the state reserved only"));
        }
        if let Some(party_id) = party_id {
            self.expected_party(party_id)?;
        }
        let kept_for = match table.state {
            TableState::Reserved { party_id } if state == SettableState::Reserved => party_id,
            _ => None,
        };
        if party_id.is_some() && kept_for.is_some() && party_id != kept_for {
            return Err(self.table_reserved(table, kept_for, Covers::ONE));
        }
        let party_id = party_id.or(kept_for);
        Ok(Event::TableStateSet {
            table_id,
            state,
            party_id,
        }
        .into())
    }

    pub(crate) fn decide_assign_waiter(
        &self,
        table_id: TableId,
        waiter_id: StaffId,
    ) -> Result<Decision, Refusal> {
        self.table(table_id)?;
        self.active_staff(waiter_id)?;
        Ok(Event::WaiterAssigned { table_id, waiter_id }.into())
    }

    pub(crate) fn decide_unassign_waiter(&self, table_id: TableId) -> Result<Decision, Refusal> {
        self.table(table_id)?;
        Ok(Event::WaiterUnassigned { table_id }.into())
    }

    /// Checks that there is room for one more, and that it is a table.
    pub(crate) fn check_new_table(&self, details: &TableDetails) -> Result<(), Refusal> {
        if self.tables.len() >= TABLES_MAX {
            return Err(Refusal::TooMany {
                what: "tables",
                max: TABLES_MAX,
            });
        }
        self.check_table(details, None)
    }

    fn check_table(&self, details: &TableDetails, but: Option<TableId>) -> Result<(), Refusal> {
        let Seats { min, max, preferred } = details.seats;
        if min > max {
            return Err(Refusal::bad("seats.min", "must not be above seats.max"));
        }
        if preferred.is_some_and(|it| it < min || it > max) {
            return Err(Refusal::bad(
                "seats.preferred",
                "must be from seats.min to seats.max",
            ));
        }
        if !details.width.is_positive() {
            return Err(Refusal::bad("width", "must be above 0"));
        }
        if !details.height.is_positive() {
            return Err(Refusal::bad("height", "must be above 0"));
        }
        if !(-360..=360).contains(&details.rotation) {
            return Err(Refusal::bad("rotation", "must be from -360 to 360"));
        }
        if details.features.iter().collect::<BTreeSet<_>>().len() < details.features.len() {
            return Err(Refusal::bad("features", "must name each feature once"));
        }
        if let Some(plan_id) = details.plan_id {
            self.plan(plan_id)?;
        }
        if let Some(section_id) = details.section_id {
            self.section(section_id)?;
        }
        let same = |it: &&Table| {
            Some(it.id) != but && crate::command::same_name(&it.details.number, &details.number)
        };
        match self.tables.values().find(same) {
            Some(other) => Err(Refusal::NumberInUse { table_id: other.id }),
            None => Ok(()),
        }
    }

    /// Checks that whoever sits at `smaller`, a table about to lose seats, still fits.
    fn check_still_seated(&self, smaller: &Table) -> Result<(), Refusal> {
        let TableState::Occupied { turn_id } = smaller.state else {
            return Ok(());
        };
        let turn = self.turn(turn_id)?;
        let after = |it: &TableId| {
            if *it == smaller.id {
                Some(smaller)
            } else {
                self.tables.get(it)
            }
        };
        let tables: Vec<&Table> = turn.table_ids.iter().filter_map(after).collect();
        if admission::fits(turn.covers, &tables) {
            return Ok(());
        }
        Err(self.too_small(&tables, turn.covers))
    }

    pub(crate) fn check_table_empty(&self, table: &Table) -> Result<(), Refusal> {
        match table.state {
            TableState::Occupied { turn_id } => Err(self.table_taken(table, turn_id, Covers::ONE)),
            _ => Ok(()),
        }
    }

    pub(crate) fn check_nobody_seated(&self, among: impl Fn(&TableDetails) -> bool) -> Result<(), Refusal> {
        self.tables
            .values()
            .filter(|it| among(&it.details))
            .try_for_each(|it| self.check_table_empty(it))
    }

    /// The table with this id.
    pub fn table(&self, id: TableId) -> Result<&Table, Refusal> {
        self.tables.get(&id).ok_or(Refusal::Unknown {
            what: "table",
            id: id.0,
        })
    }

    /// Who looks after a table: its own waiter, else its section's; nobody who has left.
    #[must_use]
    pub fn waiter_of(&self, table: &Table) -> Option<StaffId> {
        let section = table.details.section_id.and_then(|it| self.sections.get(&it));
        [table.waiter_id, section.and_then(|it| it.details.waiter_id)]
            .into_iter()
            .flatten()
            .find(|it| self.active_staff(*it).is_ok())
    }

    pub(crate) fn apply_table_created(
        &mut self,
        table_id: TableId,
        details: &TableDetails,
        alias: Option<&Alias>,
        (version, past): (Option<u64>, Option<&TablePast>),
        at: Timestamp,
    ) {
        let table = Table {
            id: table_id,
            details: details.clone(),
            waiter_id: None,
            state: TableState::Available,
            state_since: at,
            last_occupied_at: past.and_then(|it| it.last_occupied_at),
            last_dirty_at: past.and_then(|it| it.last_dirty_at),
            alias: alias.cloned(),
            version: version.unwrap_or(1),
            created_at: past.map_or(at, |it| it.created_at),
            updated_at: at,
        };
        self.tables.insert(table_id, table);
    }

    pub(crate) fn apply_table_deleted(&mut self, table_id: TableId) {
        self.tables.remove(&table_id);
        self.closed_turns
            .retain(|_, it| !it.table_ids.contains(&table_id));
        for party in self.parties.values_mut() {
            party.table_id.take_if(|it| *it == table_id);
            party.before.take_if(|it| it.names(table_id));
        }
    }

    /// Gives a table to a waiter or to none, and with it the turn that has it as its first.
    pub(crate) fn apply_waiter(&mut self, table_id: TableId, waiter_id: Option<StaffId>) {
        let Some(table) = self.tables.get_mut(&table_id) else {
            return;
        };
        table.waiter_id = waiter_id;
        table.version += 1;
        let waiter_id = self.waiter_of(&self.tables[&table_id]);
        let mut turns = self.turns.values_mut();
        if let Some(turn) = turns.find(|it| it.table_ids.first() == Some(&table_id)) {
            turn.waiter_id = waiter_id;
        }
    }

    /// Puts `table_ids` into `state`. A table that is in it already keeps its clock.
    pub(crate) fn apply_table_states(&mut self, table_ids: &[TableId], state: TableState, at: Timestamp) {
        for table_id in table_ids {
            if let Some(table) = self.tables.get_mut(table_id)
                && table.state != state
            {
                table.state = state;
                table.state_since = at;
                match state {
                    TableState::Occupied { .. } => table.last_occupied_at = Some(at),
                    TableState::Dirty => table.last_dirty_at = Some(at),
                    _ => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
