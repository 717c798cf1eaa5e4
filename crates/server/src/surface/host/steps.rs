//! What a transaction's body says, step by step: guests first, then tables, each as a write of the floor.

use super::access::Entered;
use super::error::HostError;
use super::fields::{Fields, Nulls};
use super::guests::before;
use super::reading::{self, Spelling};
use super::words;
use crate::floors::View;
use axum::http::StatusCode;
use floor::{Alias, Command, GuestDetails, NamedWrite, PartyId, PartyWrite, Patch, Ref, TableId, TableWrite};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is said of one guest or table.
pub(super) struct Step {
    pub(super) kind: &'static str,
    pub(super) operation: Operation,
    pub(super) id: Option<String>,
    pub(super) write: NamedWrite,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Create,
    Update,
    Delete,
}

/// Why a step cannot be carried out.
pub(super) enum Problem {
    /// Its guest or table is not there, in one line.
    Missing(String),
    /// In one line, for the answer that says that nothing was done.
    Told(String),
    /// As an answer of its own.
    Answer(HostError),
}

/// The writes of a body in either shape, and what is wrong with those that make no sense: guests first, then tables.
pub(super) fn steps(view: &View, entered: &Entered, body: &Map<String, Value>) -> Vec<Result<Step, Problem>> {
    let mut steps = Vec::new();
    let mut made = Made::default();
    match items(body, "guests") {
        Ok(items) => {
            for (index, item) in items.enumerate() {
                let item = Item::read("guests", index, item, entered);
                let step = item.and_then(|it| guest_step(view, &made, it));
                steps.push(step.map(|it| made.take(it)));
            }
        }
        Err(problem) => steps.push(Err(problem)),
    }
    match items(body, "tables") {
        Ok(items) => {
            for (index, item) in items.enumerate() {
                let item = Item::read("tables", index, item, entered);
                steps.push(item.and_then(table_step).map(|it| made.take(it)));
            }
        }
        Err(problem) => steps.push(Err(problem)),
    }
    steps
}

/// Names given in this transaction that look like ids of ours: inside it, they mean what it has made.
#[derive(Default)]
struct Made {
    guests: BTreeMap<u64, Alias>,
    tables: BTreeMap<u64, Alias>,
}

impl Made {
    /// The step with those names in it, and what it makes known to later ones.
    fn take(&mut self, mut step: Step) -> Step {
        self.rename(&mut step.write.command);
        self.learn(&step);
        step
    }

    fn has_guest(&self, which: &Ref<PartyId>) -> bool {
        matches!(which, Ref::Id(id) if self.guests.contains_key(&id.0))
    }

    fn learn(&mut self, step: &Step) {
        let Some(name) = step.write.name.clone() else {
            return;
        };
        let id = step.id.as_deref().unwrap_or_default();
        match step.kind {
            "guest" => {
                if let Some(Ref::Id(id)) = words::guest_named(id) {
                    self.guests.insert(id.0, name);
                }
            }
            _ => {
                if let Some(Ref::Id(id)) = words::table_named(id) {
                    self.tables.insert(id.0, name);
                }
            }
        }
    }

    fn rename(&self, command: &mut Command) {
        match command {
            Command::WriteParty(write) => {
                write.party.iter_mut().for_each(|it| self.rename_guest(it));
                if let Patch::Set(table) = &mut write.table {
                    self.rename_table(table);
                }
            }
            Command::WriteTable(write) => {
                write.table.iter_mut().for_each(|it| self.rename_table(it));
                if let Patch::Set(party) = &mut write.party {
                    self.rename_guest(party);
                }
            }
            Command::EndParty { party } => self.rename_guest(party),
            Command::EndTable { table } => self.rename_table(table),
            _ => {}
        }
    }

    fn rename_guest(&self, which: &mut Ref<PartyId>) {
        if let Ref::Id(id) = which
            && let Some(name) = self.guests.get(&id.0)
        {
            *which = Ref::Alias(name.clone());
        }
    }

    fn rename_table(&self, which: &mut Ref<TableId>) {
        if let Ref::Id(id) = which
            && let Some(name) = self.tables.get(&id.0)
        {
            *which = Ref::Alias(name.clone());
        }
    }
}

fn items<'a>(body: &'a Map<String, Value>, list: &str) -> Result<impl Iterator<Item = &'a Value>, Problem> {
    match body.get(list) {
        None | Some(Value::Null) => Ok([].iter()),
        Some(Value::Array(items)) => Ok(items.iter()),
        Some(_) => Err(Problem::Told(format!("{list}: Input should be a valid list"))),
    }
}

/// One item: what it does, to which id, and the fields it says.
struct Item<'a> {
    path: Vec<Value>,
    operation: Operation,
    id: Option<String>,
    data: &'a Map<String, Value>,
    spelling: Spelling,
}

impl<'a> Item<'a> {
    fn read(
        list: &'static str,
        index: usize,
        item: &'a Value,
        entered: &Entered,
    ) -> Result<Item<'a>, Problem> {
        let place = format!("{list}.{index}");
        let object = item
            .as_object()
            .ok_or_else(|| Problem::Told(format!("{place}: Input should be a valid dictionary")))?;
        let id = match object.get("id") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(_) => {
                return Err(Problem::Told(format!(
                    "{place}.id: Input should be a valid string"
                )));
            }
        };
        let operation = match object.get("operation").and_then(Value::as_str) {
            Some("create") => Operation::Create,
            Some("update") => Operation::Update,
            Some("delete") => Operation::Delete,
            None if !object.contains_key("operation") => Operation::Update,
            _ => {
                let msg = "Input should be 'create', 'update' or 'delete'";
                return Err(Problem::Told(format!("{place}.operation: {msg}")));
            }
        };
        let mut path = vec![json!(list), json!(index)];
        // Without an operation, the item is flat.
        let (data, spelling) = match object.get("data") {
            Some(Value::Object(data)) => {
                path.push(json!("data"));
                (data, Spelling::Snake)
            }
            None | Some(Value::Null) => (object, Spelling::Either),
            Some(_) => {
                let msg = "Input should be a valid dictionary";
                return Err(Problem::Told(format!("{place}.data: {msg}")));
            }
        };
        if !is_here(data.get("restaurant_id"), entered) {
            return Err(Problem::Told(format!(
                "{place}: restaurant_id must be that of the transaction"
            )));
        }
        if id.is_none() && operation != Operation::Create {
            return Err(Problem::Told(format!("{place}.id: Field required")));
        }
        Ok(Item {
            path,
            operation,
            id,
            data,
            spelling,
        })
    }

    fn fields(&self) -> Fields<'a> {
        Fields::at(self.data, &self.path, Nulls::Clear)
    }

    /// What is said of fields that could not be read. One of `spellings` may mean what cannot be there.
    fn told(&self, error: HostError, noun: &str, spellings: &[&str]) -> Problem {
        let meant = spellings.iter().find_map(|it| self.data.get(*it)?.as_str());
        match (error.status, meant) {
            (StatusCode::NOT_FOUND, Some(id)) => Problem::Missing(format!("{noun} {id} not found")),
            (StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST, _) => Problem::Told(error.text()),
            _ => Problem::Answer(error),
        }
    }

    /// The client's own name for something new: remembered, unless it looks like one of our ids.
    fn names(&self) -> Result<(Option<Alias>, Option<Alias>), Problem> {
        let Some(id) = self.id.as_deref().filter(|_| self.operation == Operation::Create) else {
            return Ok((None, None));
        };
        let alias = Alias::new(id).map_err(|error| Problem::Told(format!("id {error}")))?;
        let remembered = (!words::is_like_ours(id)).then(|| alias.clone());
        Ok((Some(alias), remembered))
    }
}

/// Whether a restaurant that is named, if one is, is the one that was entered.
fn is_here(named: Option<&Value>, entered: &Entered) -> bool {
    match named {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => {
            *text == entered.slug || *text == entered.pass.restaurant_id().to_string()
        }
        Some(other) => other.as_u64() == Some(entered.pass.restaurant_id().0),
    }
}

fn finish(fields: &Fields<'_>) -> Result<(), Problem> {
    fields.first_problem().map_or(Ok(()), |it| Err(Problem::Told(it)))
}

fn guest_step(view: &View, made: &Made, item: Item<'_>) -> Result<Step, Problem> {
    let which = item
        .id
        .as_deref()
        .map(|id| words::guest_named(id).ok_or_else(|| Problem::Missing(format!("Guest {id} not found"))));
    let (name, remembered) = item.names()?;
    let told = |error| item.told(error, "Table", reading::TABLE_ID);
    let write = match item.operation {
        Operation::Delete => Command::EndParty {
            party: which.ok_or_else(|| Problem::Told("id: Field required".to_owned()))??,
        },
        Operation::Create => {
            let mut fields = item.fields();
            let write = reading::guest(&mut fields, item.spelling, &GuestDetails::default()).map_err(told)?;
            let mut write = seated_with_table(write);
            reading::check_new(&mut fields, &mut write);
            reading::check_first_name(&mut fields, &write);
            finish(&fields)?;
            reading::check_over(&write).map_err(told)?;
            Command::WriteParty(Box::new(PartyWrite {
                alias: remembered,
                ..write
            }))
        }
        Operation::Update => {
            let which = which.ok_or_else(|| Problem::Told("id: Field required".to_owned()))??;
            // One that this transaction makes is not there yet, and has nothing to be changed.
            let entry = if made.has_guest(&which) {
                Arc::default()
            } else {
                before(view, &which).unwrap_or_default()
            };
            let mut fields = item.fields();
            let write = reading::guest(&mut fields, item.spelling, &entry).map_err(told)?;
            finish(&fields)?;
            reading::check_over(&write).map_err(told)?;
            Command::WriteParty(Box::new(PartyWrite {
                party: Some(which),
                ..seated_with_table(write)
            }))
        }
    };
    Ok(Step {
        kind: "guest",
        operation: item.operation,
        id: item.id,
        write: NamedWrite { name, command: write },
    })
}

/// Here, whoever is given a table is seated, unless something else is said.
fn seated_with_table(write: PartyWrite) -> PartyWrite {
    let state = match write.table.set() {
        Some(_) => write.state.or(Some(floor::PartyState::Seated)),
        None => write.state,
    };
    PartyWrite { state, ..write }
}

fn table_step(item: Item<'_>) -> Result<Step, Problem> {
    let which = item
        .id
        .as_deref()
        .map(|id| words::table_named(id).ok_or_else(|| Problem::Missing(format!("Table {id} not found"))));
    let (name, remembered) = item.names()?;
    let told = |error| item.told(error, "Guest", reading::CURRENT_GUEST_ID);
    let write = match item.operation {
        Operation::Delete => Command::EndTable {
            table: which.ok_or_else(|| Problem::Told("id: Field required".to_owned()))??,
        },
        Operation::Create => {
            let mut fields = item.fields();
            let write = reading::table(&mut fields).map_err(told)?;
            for field in ["table_number", "capacity"] {
                if !fields.has(field) {
                    fields.missing(field);
                }
            }
            finish(&fields)?;
            Command::WriteTable(Box::new(TableWrite {
                alias: remembered,
                ..write
            }))
        }
        Operation::Update => {
            let which = which.ok_or_else(|| Problem::Told("id: Field required".to_owned()))??;
            let mut fields = item.fields();
            let write = reading::table(&mut fields).map_err(told)?;
            finish(&fields)?;
            Command::WriteTable(Box::new(TableWrite {
                table: Some(which),
                ..write
            }))
        }
    };
    Ok(Step {
        kind: "table",
        operation: item.operation,
        id: item.id,
        write: NamedWrite { name, command: write },
    })
}

/// What is said of a step that is about a guest or table, or means one, that is not there and that none of `earlier`
/// makes.
pub(super) fn missing(view: &View, step: &Step, earlier: &[Step]) -> Option<String> {
    let id = step.id.as_deref().unwrap_or_default();
    let guest = |which: &Ref<PartyId>, id: String| {
        let is_there = is_made(earlier, "guest", which) || view.floor.party_named(which).is_ok();
        (!is_there).then(|| format!("Guest {id} not found"))
    };
    let table = |which: &Ref<TableId>, id: String| {
        let is_there = is_made(earlier, "table", which) || view.floor.table_named(which).is_ok();
        (!is_there).then(|| format!("Table {id} not found"))
    };
    match &step.write.command {
        Command::WriteParty(write) => {
            let subject = write.party.as_ref().and_then(|it| guest(it, id.to_owned()));
            let meant = write.table.set();
            subject.or_else(|| meant.and_then(|it| table(it, words::table_text(it))))
        }
        Command::EndParty { party } => guest(party, id.to_owned()),
        Command::WriteTable(write) => {
            let subject = write.table.as_ref().and_then(|it| table(it, id.to_owned()));
            let meant = write.party.set();
            subject.or_else(|| meant.and_then(|it| guest(it, words::guest_text(it))))
        }
        Command::EndTable { table: which } => table(which, id.to_owned()),
        _ => None,
    }
}

/// Whether one of `steps` makes what is meant.
fn is_made<Id>(steps: &[Step], kind: &str, which: &Ref<Id>) -> bool {
    let Ref::Alias(alias) = which else { return false };
    steps
        .iter()
        .any(|it| it.kind == kind && it.write.name.as_ref() == Some(alias))
}

/// What is said of the first step that means something that is not there.
pub(super) fn first_missing(view: &View, steps: &[Step]) -> Option<String> {
    (0..steps.len()).find_map(|index| missing(view, &steps[index], &steps[..index]))
}
