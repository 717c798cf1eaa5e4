//! A table as somebody says it is to be, whatever it is now.

use crate::admission::Newcomer;
use crate::{
    Admission, Alias, Covers, Decision, Event, Floor, Ids, Label, PartyId, PartyWrite, Patch, Plan, PlanId,
    Ref, Refusal, SectionDetails, SectionId, SettableState, Shape, Table, TableDetails, TableId, TablePatch,
    TableState, Units,
};
use jiff::Timestamp;

/// What is said about a table. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableWrite {
    /// Which one; a new one, when none is named.
    pub table: Option<Ref<TableId>>,
    /// The client's own name for a new one.
    pub alias: Option<Alias>,
    /// What staff call it; a new table needs it.
    pub number: Option<Label>,
    /// How many it seats; a new table needs it.
    pub seats_max: Option<Covers>,
    /// Its outline.
    pub shape: Option<Shape>,
    /// Its centre, in shares of the width and height of its plan.
    pub position: Option<(f64, f64)>,
    /// The section it belongs to, by name. A name that no section has makes one.
    pub section: Patch<Label>,
    /// The state it is to be in.
    pub state: Option<SaidState>,
    /// Who sits there.
    pub party: Patch<Ref<PartyId>>,
}

/// The states that a table can be said to be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaidState {
    /// Somebody sits there.
    Occupied,
    /// Ready for guests.
    Available,
    /// Kept for somebody.
    Reserved,
    /// Not to be used: dirty, blocked or under maintenance.
    OutOfService,
    /// Nobody sits there any more: as guests leave a table, or free if nobody sat there.
    Cleared,
}

impl Floor {
    pub(crate) fn decide_write_table(
        &self,
        write: &TableWrite,
        now: Timestamp,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        let mut decision = Decision::default();
        let section_id = self.push_section(&write.section, ids, &mut decision)?;
        let Some(which) = &write.table else {
            self.push_new_table(write, section_id.over(None), ids, &mut decision)?;
            return Ok(decision);
        };
        let table = self.table(self.table_named(which)?)?;
        let patch = self.patch_of(table, write, section_id);
        if patch != TablePatch::blank(table.id) {
            // A section that this write makes is not there yet: everything else is checked.
            let checked = TablePatch {
                section_id: Patch::Keep,
                ..patch.clone()
            };
            let decided = self.decide_update_table(&checked)?;
            decision
                .events
                .extend(decided.events.into_iter().map(|it| with_section(it, &patch)));
        }
        self.push_state(table, write, now, ids, &mut decision)?;
        if decision.events.is_empty() {
            decision.events.push(unchanged(table));
        }
        Ok(decision)
    }

    fn push_new_table(
        &self,
        write: &TableWrite,
        section_id: Option<SectionId>,
        ids: &mut Ids,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        self.check_alias(write.alias.as_ref())?;
        let number = write
            .number
            .clone()
            .ok_or_else(|| Refusal::bad("table_number", "is missing"))?;
        let max = write
            .seats_max
            .ok_or_else(|| Refusal::bad("capacity", "is missing"))?;
        let plan = self.plans.values().find(|it| it.details.default);
        let (x, y) = write
            .position
            .map_or_else(Default::default, |it| self.units_of(it, plan.map(|it| it.id)));
        let details = TableDetails {
            shape: write.shape.unwrap_or_default(),
            x,
            y,
            plan_id: plan.map(|it| it.id),
            ..TableDetails::new(number, max)
        };
        let mut created = self.decide_create_table(&details, ids)?;
        for event in &mut created.events {
            if let Event::TableCreated { details, alias, .. } = event {
                details.section_id = section_id;
                alias.clone_from(&write.alias);
            }
        }
        decision.events.append(&mut created.events);
        Ok(())
    }

    /// The section that is named; a new one, when none is called that.
    fn push_section(
        &self,
        section: &Patch<Label>,
        ids: &mut Ids,
        decision: &mut Decision,
    ) -> Result<Patch<SectionId>, Refusal> {
        let name = match section {
            Patch::Keep => return Ok(Patch::Keep),
            Patch::Clear => return Ok(Patch::Clear),
            Patch::Set(name) => name,
        };
        let same = |it: &&crate::Section| crate::command::same_name(&it.details.name, name);
        if let Some(section) = self.sections.values().find(same) {
            return Ok(Patch::Set(section.id));
        }
        let mut made = self.decide_create_section(&SectionDetails::named(name.clone()), ids)?;
        let section_id = made.events.iter().find_map(|it| match it {
            Event::SectionCreated { section_id, .. } => Some(*section_id),
            _ => None,
        });
        decision.events.append(&mut made.events);
        Ok(section_id.into())
    }

    fn patch_of(&self, table: &Table, write: &TableWrite, section_id: Patch<SectionId>) -> TablePatch {
        let seats = write.seats_max.map(|max| table.details.seats.up_to(max));
        let place = write.position.map(|it| self.units_of(it, table.details.plan_id));
        TablePatch {
            number: write.number.clone(),
            seats,
            shape: write.shape,
            x: place.map(|it| it.0),
            y: place.map(|it| it.1),
            section_id,
            ..TablePatch::blank(table.id)
        }
    }

    /// A place given in shares of a plan's width and height.
    fn units_of(&self, (x, y): (f64, f64), plan_id: Option<PlanId>) -> (Units, Units) {
        let (width, height) = self.plan_size(plan_id);
        let units =
            |share: f64, whole: Units| Units::new(share.clamp(0.0, 1.0) * whole.get()).unwrap_or_default();
        (units(x, width), units(y, height))
    }

    /// How large the plan is on which a table stands, or one would be that said nothing.
    #[must_use]
    pub fn plan_size(&self, plan_id: Option<PlanId>) -> (Units, Units) {
        let plan = plan_id.and_then(|it| self.plans.get(&it));
        plan.map_or((Units::whole(800), Units::whole(600)), |it: &Plan| {
            (it.details.width, it.details.height)
        })
    }

    fn push_state(
        &self,
        table: &Table,
        write: &TableWrite,
        now: Timestamp,
        ids: &mut Ids,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        match (write.state, &write.party) {
            (None, Patch::Keep) => Ok(()),
            (None | Some(SaidState::Occupied), Patch::Set(party)) => {
                let seating = PartyWrite {
                    party: Some(party.clone()),
                    table: Patch::Set(Ref::Id(table.id)),
                    state: Some(crate::PartyState::Seated),
                    ..PartyWrite::default()
                };
                let mut seated = self.decide_write_party(&seating, now, ids)?;
                decision.events.append(&mut seated.events);
                Ok(())
            }
            (None, Patch::Clear) => {
                self.push_free(table, self.left_by_closing(), decision);
                Ok(())
            }
            (Some(SaidState::Occupied), keep_or_clear) => {
                self.push_occupied(table, *keep_or_clear == Patch::Clear, ids, decision)
            }
            (Some(SaidState::Reserved), party) => self.push_reserved(table, party, decision),
            (Some(_), Patch::Set(_)) => Err(Refusal::bad(
                "current_guest_id",
                "does not go with a table that is free or out of service",
            )),
            (Some(SaidState::Available), _) => {
                if !self.push_free(table, SettableState::Available, decision) {
                    push_settable(table.id, SettableState::Available, None, decision);
                }
                Ok(())
            }
            (Some(SaidState::Cleared), _) => {
                if !self.push_free(table, self.left_by_closing(), decision) {
                    push_settable(table.id, SettableState::Available, None, decision);
                }
                Ok(())
            }
            (Some(SaidState::OutOfService), _) => {
                self.push_free(table, SettableState::Available, decision);
                // Writing back the word that a table is shown by changes nothing about it.
                let state = match table.state {
                    TableState::Dirty => SettableState::Dirty,
                    TableState::Maintenance => SettableState::Maintenance,
                    _ => SettableState::Blocked,
                };
                push_settable(table.id, state, None, decision);
                Ok(())
            }
        }
    }

    /// Ends the turn at a table, if there is one, and says whether there was.
    fn push_free(&self, table: &Table, tables_left: SettableState, decision: &mut Decision) -> bool {
        let TableState::Occupied { turn_id } = table.state else {
            return false;
        };
        let turn = self.turns.get(&turn_id);
        decision.events.extend(turn.map(|it| self.clear(it, tables_left)));
        turn.is_some()
    }

    fn push_occupied(
        &self,
        table: &Table,
        is_nobody: bool,
        ids: &mut Ids,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        if let TableState::Occupied { turn_id } = table.state {
            let has_party = self.turns.get(&turn_id).is_some_and(|it| it.party_id.is_some());
            if is_nobody && has_party {
                return Err(Refusal::bad(
                    "current_guest_id",
                    "of an occupied table cannot be null while its guests sit there",
                ));
            }
            return Ok(());
        }
        let newcomer = Newcomer {
            party_id: None,
            turn_id: None,
            covers: Covers::ONE,
        };
        self.admit(&newcomer, &[table.id], Admission::STRICT)?;
        decision
            .events
            .push(self.open_turn(&[table.id], Covers::ONE, ids));
        Ok(())
    }

    fn push_reserved(
        &self,
        table: &Table,
        party: &Patch<Ref<PartyId>>,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        let party_id = party.set().map(|it| self.party_named(it)).transpose()?;
        let kept_for = match table.state {
            TableState::Reserved { party_id } => party_id,
            _ => None,
        };
        if let Some(party_id) = party_id {
            // Whoever sits there is not sent away for somebody else.
            self.check_table_empty(table)?;
            self.expected_party(party_id)?;
            if kept_for.is_some_and(|it| it != party_id) {
                return Err(self.table_reserved(table, kept_for, Covers::ONE));
            }
        }
        self.push_free(table, SettableState::Available, decision);
        let kept_for = if *party == Patch::Clear {
            None
        } else {
            party_id.or(kept_for)
        };
        push_settable(table.id, SettableState::Reserved, kept_for, decision);
        Ok(())
    }

    pub(crate) fn decide_end_table(&self, which: &Ref<TableId>) -> Result<Decision, Refusal> {
        self.decide_delete_table(self.table_named(which)?, None)
    }
}

fn push_settable(
    table_id: TableId,
    state: SettableState,
    party_id: Option<PartyId>,
    decision: &mut Decision,
) {
    decision.events.push(Event::TableStateSet {
        table_id,
        state,
        party_id,
    });
}

fn with_section(event: Event, patch: &TablePatch) -> Event {
    match event {
        Event::TableUpdated { table_id, details } => {
            let section_id = patch.section_id.clone().over(details.section_id);
            let details = TableDetails {
                section_id,
                ..details
            };
            Event::TableUpdated { table_id, details }
        }
        other => other,
    }
}

/// Says a table as it is: somebody wrote it, and nothing changed.
fn unchanged(table: &Table) -> Event {
    Event::TableUpdated {
        table_id: table.id,
        details: table.details.clone(),
    }
}

#[cfg(test)]
mod tests;
