//! What bodies say about a guest or a table, as writes of the floor.

use super::error::HostError;
use super::fields::Fields;
use super::words;
use floor::{
    GuestDetails, GuestFields, NameParts, NotedPatch, PartyState, PartyWrite, Patch, TableWrite, Text,
};

/// How a body spells the fields that come in two spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As REST does: `table_id`.
    Snake,
    /// Either way: `table_id`, `assignedTableId`.
    Either,
}

impl Spelling {
    fn of(self, spellings: &'static [&'static str]) -> &'static [&'static str] {
        match self {
            Spelling::Snake => &spellings[..1],
            Spelling::Either => spellings,
        }
    }
}

const PARTY_SIZE: &[&str] = &["party_size", "partySize"];
pub(super) const TABLE_ID: &[&str] = &["table_id", "assignedTableId", "tableId", "assigned_table_id"];
const RESERVATION_TIME: &[&str] = &["reservation_time", "reservationTime"];
const CHECK_IN_TIME: &[&str] = &["check_in_time", "checkInTime"];
const SEATED_TIME: &[&str] = &["seated_time", "seatedTime"];
const FINISHED_TIME: &[&str] = &["finished_time", "finishedTime"];
pub(super) const CURRENT_GUEST_ID: &[&str] = &["current_guest_id", "currentGuestId"];

/// What is said about a guest whose entry was `before`.
pub(super) fn guest(
    fields: &mut Fields<'_>,
    spelling: Spelling,
    before: &GuestDetails,
) -> Result<PartyWrite, HostError> {
    let guest = GuestFields {
        name_parts: names(fields, before),
        phone: fields.text("phone"),
        notes: fields.text("notes"),
        email: fields.email("email"),
        requests: fields.text("special_requests"),
        dietary: fields.labels("dietary_restrictions"),
        ..GuestFields::default()
    };
    let table = match fields.id(spelling.of(TABLE_ID)) {
        Patch::Set(id) if id.trim().is_empty() => Patch::Clear,
        Patch::Set(id) => Patch::Set(words::table_named(&id).ok_or_else(HostError::not_found)?),
        Patch::Clear => Patch::Clear,
        Patch::Keep => Patch::Keep,
    };
    Ok(PartyWrite {
        covers: fields.covers(spelling.of(PARTY_SIZE)).over(None),
        guest,
        state: fields.word("status", words::state, words::STATUSES),
        table,
        times: NotedPatch {
            expected_at: fields.time(spelling.of(RESERVATION_TIME)),
            checked_in_at: fields.time(spelling.of(CHECK_IN_TIME)),
            seated_at: fields.time(spelling.of(SEATED_TIME)),
            finished_at: fields.time(spelling.of(FINISHED_TIME)),
        },
        ..PartyWrite::default()
    })
}

/// What is said of the two parts of the name. Whether they fit together is judged by the entry as it is now.
fn names(fields: &mut Fields<'_>, before: &GuestDetails) -> Option<Box<NameParts>> {
    let first = fields.text("first_name");
    let last = fields.text("last_name");
    if first.is_keep() && last.is_keep() {
        return None;
    }
    let parts = NameParts { first, last };
    if let Err(error) = parts.checked(before) {
        let field = if parts.first.set().is_some() {
            "first_name"
        } else {
            "last_name"
        };
        fields.wrong(field, "value_error", &format!("Value error, the name {error}"));
    }
    Some(Box::new(parts))
}

/// A state that ends a stay does not go with a table.
pub(super) fn check_over(write: &PartyWrite) -> Result<(), HostError> {
    let Some(state) = write.state.filter(|it| it.is_over()) else {
        return Ok(());
    };
    match &write.table {
        Patch::Set(table) => Err(HostError::rule(format!(
            "status {} cannot be set together with table_id {}",
            words::status(state),
            words::table_text(table)
        ))),
        _ => Ok(()),
    }
}

/// What a new guest has to be, beyond what each field has to be.
pub(super) fn check_new(fields: &mut Fields<'_>, write: &mut PartyWrite) {
    for field in ["first_name", "party_size"] {
        if !fields.has(field) {
            fields.missing(field);
        }
    }
    write.state = write.state.or(Some(PartyState::Waiting));
}

/// What a walk-in cannot have yet.
pub(super) fn check_walk_in(fields: &Fields<'_>, write: &PartyWrite) -> Result<(), HostError> {
    if write.state != Some(PartyState::Waiting) {
        return Ok(());
    }
    if first_name_is_blank(write) {
        return Err(HostError::rule("first_name is required for walk-in guests"));
    }
    let later = ["reservation_time", "table_id", "seated_time", "finished_time"];
    let set: Vec<&str> = later
        .into_iter()
        // An empty id is no table.
        .filter(|it| fields.has(it) && (*it != "table_id" || write.table.set().is_some()))
        .collect();
    if set.is_empty() {
        return Ok(());
    }
    let set = set.join(", ");
    Err(HostError::rule(format!(
        "Walk-in guests cannot have these fields set: {set}"
    )))
}

/// Says that a new guest's first name is blank, where it has to be said.
pub(super) fn check_first_name(fields: &mut Fields<'_>, write: &PartyWrite) {
    if fields.has("first_name") && first_name_is_blank(write) {
        let msg = "Value error, first_name must not be blank";
        fields.wrong("first_name", "value_error", msg);
    }
}

fn first_name_is_blank(write: &PartyWrite) -> bool {
    let parts = write.guest.name_parts.as_ref();
    parts.is_none_or(|it| it.first.set().is_none())
}

/// What is said about a table.
pub(super) fn table(fields: &mut Fields<'_>) -> Result<TableWrite, HostError> {
    let number = match fields.any_text(&["table_number"]) {
        Patch::Set(text) => match Text::new(text) {
            Ok(number) => Some(number),
            Err(error) => {
                fields.wrong(
                    "table_number",
                    "value_error",
                    &format!("Value error, table_number {error}"),
                );
                None
            }
        },
        _ => None,
    };
    let party = match fields.id(CURRENT_GUEST_ID) {
        Patch::Set(id) if id.trim().is_empty() => Patch::Clear,
        Patch::Set(id) => Patch::Set(words::guest_named(&id).ok_or_else(HostError::not_found)?),
        Patch::Clear => Patch::Clear,
        Patch::Keep => Patch::Keep,
    };
    Ok(TableWrite {
        number,
        seats_max: fields.covers(&["capacity"]).over(None),
        shape: fields.word("shape", words::shape_named, words::SHAPES),
        position: fields.position("position"),
        section: fields.text("section"),
        state: fields.word("status", words::said_state, words::TABLE_STATUSES),
        party,
        ..TableWrite::default()
    })
}

/// What a new table has to be.
pub(super) fn check_new_table(fields: &mut Fields<'_>) {
    for field in ["table_number", "capacity", "position"] {
        if !fields.has(field) {
            fields.missing(field);
        }
    }
}
