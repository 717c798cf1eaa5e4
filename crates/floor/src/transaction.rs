//! Several writes asked for as one.

use crate::limits::TRANSACTION_WRITES_MAX;
use crate::{Alias, Command, Decision, Event, Floor, Ids, PartyId, Patch, Ref, Refusal, TableId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Several writes, all of them or none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transaction {
    /// The client's name for it.
    pub name: Option<Alias>,
    /// The writes, carried out in this order: of parties and tables only.
    pub writes: Vec<NamedWrite>,
}

/// A write, and the name by which later ones of the same transaction may call what it makes.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedWrite {
    /// The name, for something new.
    pub name: Option<Alias>,
    /// The write.
    pub command: Command,
}

/// A party or a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// A party.
    PartyId(PartyId),
    /// A table.
    TableId(TableId),
}

impl Floor {
    pub(crate) fn decide_transact(
        &self,
        transaction: &Transaction,
        now: Timestamp,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        if transaction.writes.len() > TRANSACTION_WRITES_MAX {
            return Err(Refusal::bad("operations", "must be at most 200"));
        }
        let mut draft = self.clone();
        let mut fresh = ids.clone();
        let mut names = Names::default();
        let mut all = Decision::default();
        let mut entities = Vec::new();
        for (index, write) in transaction.writes.iter().enumerate() {
            let in_batch = |it| Refusal::InBatch {
                index,
                refusal: Box::new(it),
            };
            let mut command = write.command.clone();
            names.resolve(&mut command);
            let named = draft.entity_of(&command).map_err(in_batch)?;
            let one = draft.decide(&command, now, &mut fresh).map_err(in_batch)?;
            for event in &one.events {
                draft.apply(event, now);
            }
            let entity = named.or_else(|| one.events.iter().find_map(made_by));
            names.learn(write.name.as_ref(), entity);
            entities.extend(entity);
            all.events.extend(one.events);
            all.guests.extend(one.guests);
        }
        *ids = fresh;
        all.events.push(Event::BatchCompleted {
            name: transaction.name.clone(),
            entities,
        });
        Ok(all)
    }

    /// The party or table that a write is about; nothing, if it makes one.
    fn entity_of(&self, command: &Command) -> Result<Option<Entity>, Refusal> {
        Ok(match command {
            Command::WriteParty(write) => {
                let party = write.party.as_ref().map(|it| self.party_named(it)).transpose()?;
                party.map(Entity::PartyId)
            }
            Command::EndParty { party } => Some(Entity::PartyId(self.party_named(party)?)),
            Command::WriteTable(write) => {
                let table = write.table.as_ref().map(|it| self.table_named(it)).transpose()?;
                table.map(Entity::TableId)
            }
            Command::EndTable { table } => Some(Entity::TableId(self.table_named(table)?)),
            _ => return Err(Refusal::bad("operation", "must write a party or a table")),
        })
    }
}

/// What the transaction's own names mean.
#[derive(Default)]
struct Names(Vec<(Alias, Entity)>);

impl Names {
    fn learn(&mut self, name: Option<&Alias>, entity: Option<Entity>) {
        if let (Some(name), Some(entity)) = (name, entity) {
            self.0.push((name.clone(), entity));
        }
    }

    fn resolve(&self, command: &mut Command) {
        match command {
            Command::WriteParty(write) => {
                write.party.iter_mut().for_each(|it| self.party(it));
                if let Patch::Set(table) = &mut write.table {
                    self.table(table);
                }
            }
            Command::WriteTable(write) => {
                write.table.iter_mut().for_each(|it| self.table(it));
                if let Patch::Set(party) = &mut write.party {
                    self.party(party);
                }
            }
            Command::EndParty { party } => self.party(party),
            Command::EndTable { table } => self.table(table),
            _ => {}
        }
    }

    fn party(&self, which: &mut Ref<PartyId>) {
        let found = self
            .0
            .iter()
            .rev()
            .find_map(|(name, entity)| match (&*which, entity) {
                (Ref::Alias(alias), Entity::PartyId(id)) if alias == name => Some(*id),
                _ => None,
            });
        if let Some(id) = found {
            *which = Ref::Id(id);
        }
    }

    fn table(&self, which: &mut Ref<TableId>) {
        let found = self
            .0
            .iter()
            .rev()
            .find_map(|(name, entity)| match (&*which, entity) {
                (Ref::Alias(alias), Entity::TableId(id)) if alias == name => Some(*id),
                _ => None,
            });
        if let Some(id) = found {
            *which = Ref::Id(id);
        }
    }
}

fn made_by(event: &Event) -> Option<Entity> {
    match event {
        Event::PartyAdded { party_id, .. } => Some(Entity::PartyId(*party_id)),
        Event::TableCreated { table_id, .. } => Some(Entity::TableId(*table_id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
