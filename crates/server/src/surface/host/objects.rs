//! Parties and tables as the host stand's JSON has them.

use super::words;
use floor::{
    Floor, GuestDetails, Label, Party, PartyId, PartyState, Seq, Source, Table, TableState, Text, Units,
};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A guest, as REST has it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Guest {
    pub id: String,
    pub name: String,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub total_visits: u32,
    pub notes: Option<String>,
    pub dietary_restrictions: Option<Vec<String>>,
    pub special_requests: Option<String>,
    pub party_size: u8,
    pub status: &'static str,
    pub table_id: Option<String>,
    pub reservation_time: Option<String>,
    pub check_in_time: Option<String>,
    pub seated_time: Option<String>,
    pub finished_time: Option<String>,
    pub created_at: String,
    pub last_updated: String,
}

/// A table, as REST has it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TableObject {
    pub id: String,
    pub table_number: String,
    pub capacity: u8,
    pub status: &'static str,
    #[serde(skip_serializing_if = "is_false")]
    pub needs_cleaning: bool,
    pub position: Position,
    pub shape: &'static str,
    pub section: Option<String>,
    pub current_guest_id: Option<String>,
    pub last_updated: String,
    pub created_at: String,
}

/// A place in shares of the plan's width and height.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(super) struct Position {
    pub x: f64,
    pub y: f64,
}

/// An answer to a write: wrapped, and bare beside it for clients that read it so.
#[derive(Serialize)]
pub(super) struct Written<T> {
    pub success: bool,
    pub seq: Seq,
    #[serde(flatten)]
    pub wrapped: BTreeMap<&'static str, T>,
    #[serde(flatten)]
    pub bare: T,
}

impl<T: Clone> Written<T> {
    pub(super) fn of(noun: &'static str, object: T, seq: Seq) -> Written<T> {
        Written {
            success: true,
            seq,
            wrapped: BTreeMap::from([(noun, object.clone())]),
            bare: object,
        }
    }
}

impl Guest {
    pub(super) fn of(floor: &Floor, party: &Party, details: &GuestDetails) -> Guest {
        let (first_name, last_name) = details.names();
        let said = party.said_state();
        let noted = &party.noted;
        let is_walk_in = party.source == Source::WalkIn;
        // Walk-ins are here when they come onto the list.
        let came_at = if is_walk_in {
            Some(party.added_at)
        } else {
            party.arrived_at
        };
        let has_sat = matches!(said, PartyState::Seated | PartyState::Finished);
        let seated_at = party.seated_at.filter(|_| has_sat);
        let finished_at = party.ended_at.filter(|_| said == PartyState::Finished);
        let time = |at: Option<Timestamp>| at.map(words::rest_time);
        Guest {
            id: words::guest_id(party.id),
            name: name(details),
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            email: text(details.email.as_ref()),
            phone: text(details.phone.as_ref()),
            total_visits: 0,
            notes: text(details.notes.as_ref()),
            dietary_restrictions: dietary(details.dietary.as_ref()),
            special_requests: text(details.requests.as_ref()),
            party_size: party.covers.get(),
            status: words::status(said),
            table_id: held_table(floor, party),
            reservation_time: time(party.expected_at),
            check_in_time: time(noted.checked_in_at.clone().over(came_at)),
            seated_time: time(noted.seated_at.clone().over(seated_at)),
            finished_time: time(noted.finished_at.clone().over(finished_at)),
            created_at: words::rest_time(party.added_at),
            last_updated: words::rest_time(party.updated_at),
        }
    }
}

impl TableObject {
    pub(super) fn of(floor: &Floor, table: &Table) -> TableObject {
        TableObject {
            id: words::table_id(table.id),
            table_number: table.details.number.to_string(),
            capacity: table.details.seats.max.get(),
            status: words::table_status(&table.state),
            needs_cleaning: table.state == TableState::Dirty,
            position: Position::of(floor, table),
            shape: words::shape(table.details.shape),
            section: section(floor, table).map(ToString::to_string),
            current_guest_id: current_guest(floor, table).map(words::guest_id),
            last_updated: words::rest_time(table.updated_at),
            created_at: words::rest_time(table.created_at),
        }
    }
}

impl Position {
    pub(super) fn of(floor: &Floor, table: &Table) -> Position {
        let (width, height) = floor.plan_size(table.details.plan_id);
        Position {
            x: share(table.details.x, width),
            y: share(table.details.y, height),
        }
    }
}

/// Five digits: as fine as a plan is, so that what was written is read back.
fn share(units: Units, whole: Units) -> f64 {
    let share = units.get() / whole.get();
    ((share * 1e5).round() / 1e5).clamp(0.0, 1.0)
}

/// What the host stand calls somebody.
pub(super) fn name(details: &GuestDetails) -> String {
    let name = details.name.as_ref().map_or("", Text::as_str);
    let name = if name.is_empty() { "Unknown Guest" } else { name };
    name.to_owned()
}

/// The table that a party holds, whatever its state is called.
pub(super) fn held_table(floor: &Floor, party: &Party) -> Option<String> {
    let turn = floor.held_turn(party)?;
    turn.table_ids.first().map(|it| words::table_id(*it))
}

/// Who sits at a table, if anybody knows.
pub(super) fn current_guest(floor: &Floor, table: &Table) -> Option<PartyId> {
    let TableState::Occupied { turn_id } = table.state else {
        return None;
    };
    floor.turns.get(&turn_id)?.party_id
}

/// The name of a table's section.
pub(super) fn section<'a>(floor: &'a Floor, table: &Table) -> Option<&'a Label> {
    let section = floor.sections.get(&table.details.section_id?)?;
    Some(&section.details.name)
}

pub(super) fn text<const MAX: usize>(text: Option<&Text<MAX>>) -> Option<String> {
    text.map(ToString::to_string)
}

fn dietary(dietary: Option<&Vec<Label>>) -> Option<Vec<String>> {
    dietary.map(|it| it.iter().map(ToString::to_string).collect())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
fn is_false(it: &bool) -> bool {
    !it
}
