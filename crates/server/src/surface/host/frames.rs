//! What `/realtime` says, as JSON. Frames about changes are rendered once for all screens.

use super::objects::{Position, current_guest, held_table, name, section};
use super::words;
use crate::floors::{Dialect, Told};
use crate::surface::websocket::text_frame;
use crate::surface::words::instant;
use bytes::Bytes;
use floor::{Entity, Event, GuestDetails, Label, PartyId, PartyState, Seq, TableId, TableState, Text};
use jiff::Timestamp;
use serde::Serialize;

/// The host stand's topic in every room.
pub const DIALECT: Dialect = Dialect {
    topic: "host",
    change: change_frames,
    looks_at_floor: true,
    heartbeats_apart: 1,
    heartbeat: |_| Vec::new(),
};

/// A frame about a change.
#[derive(Serialize)]
struct ChangeFrame<'a, T> {
    #[serde(rename = "type")]
    kind: &'static str,
    restaurant_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    guest_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'static str>,
    #[serde(skip_serializing_if = "is_false")]
    deleted: bool,
    timestamp: String,
    seq: Seq,
    part: usize,
    prev_seq: Seq,
    #[serde(flatten)]
    content: T,
}

#[derive(Serialize)]
struct Data<T> {
    data: T,
}

#[derive(Serialize)]
struct Affected<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<&'a str>,
    affected_entities: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GuestData<'a> {
    id: String,
    guest_name: String,
    first_name: &'a str,
    last_name: &'a str,
    party_size: u8,
    status: &'static str,
    status_label: &'static str,
    #[serde(rename = "table_id")]
    table_id_snake: Option<String>,
    table_id: Option<String>,
    email: &'a str,
    phone: &'a str,
    notes: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TableData<'a> {
    id: String,
    status: &'static str,
    #[serde(rename = "guest_id")]
    guest_id: Option<String>,
    current_guest_id: Option<String>,
    table_number: &'a Label,
    capacity: u8,
    position: Position,
    shape: &'static str,
    section: Option<&'a Label>,
    #[serde(skip_serializing_if = "is_false")]
    needs_cleaning: bool,
    updated_at: String,
}

#[derive(Serialize)]
struct Gone {
    id: String,
    #[serde(skip_serializing_if = "is_false")]
    deleted: bool,
}

/// The frames that tell of a change: its subject, then the tables, then other parties. One for a transaction.
fn change_frames(told: &Told<'_>) -> Vec<Bytes> {
    if let Some(Event::BatchCompleted { name, entities }) = told.change.events.last() {
        let affected = Affected {
            transaction_id: name.as_ref().map(floor::Alias::as_str),
            affected_entities: entities.iter().map(entity_id).collect(),
        };
        return vec![frame(told, 1, "atomic_transaction_complete", affected)];
    }
    let mut frames = Frames {
        told,
        frames: Vec::new(),
    };
    let (subject, others) = subject(told);
    subject.into_iter().for_each(|it| frames.party(it));
    told.touched.tables.iter().for_each(|it| frames.table(it));
    others.into_iter().for_each(|it| frames.party(it));
    frames.frames
}

type TouchedParty = (PartyId, Option<PartyState>);

/// The party that a change is about, and the others that it changed.
fn subject(told: &Told<'_>) -> (Option<TouchedParty>, Vec<TouchedParty>) {
    let is_archived = |id: PartyId| {
        told.change
            .events
            .iter()
            .any(|it| matches!(it, Event::PartiesArchived { party_ids } if party_ids.contains(&id)))
    };
    let mut parties = told.touched.parties.clone();
    // A change of furniture is about no party, whoever sits there.
    let is_about_tables = told.change.events.iter().all(|it| {
        matches!(
            it,
            Event::TableDeleted { .. } | Event::SectionDeleted { .. } | Event::PlanDeleted { .. }
        )
    });
    let first = parties.iter().position(|it| !is_archived(it.0));
    match first.filter(|_| !is_about_tables) {
        Some(index) => (Some(parties.remove(index)), parties),
        None => (None, parties),
    }
}

struct Frames<'a> {
    told: &'a Told<'a>,
    frames: Vec<Bytes>,
}

impl Frames<'_> {
    fn party(&mut self, (id, before): TouchedParty) {
        let (told, part) = (self.told, self.frames.len() + 1);
        let Some(party) = told.after.parties.get(&id) else {
            // Who came and went in one change was never there.
            if before.is_some() {
                let gone = Gone {
                    id: words::guest_id(id),
                    deleted: false,
                };
                let head = Head::guest("guest_deleted", id, "deleted");
                self.frames.push(head.frame(told, part, Data { data: gone }));
            }
            return;
        };
        let nobody = GuestDetails::default();
        let details = told.guests.get(&party.guest_id).map_or(&nobody, |it| &**it);
        let said = party.said_state();
        let (first_name, last_name) = details.names();
        let table_id = held_table(told.after, party);
        let data = GuestData {
            id: words::guest_id(id),
            guest_name: name(details),
            first_name,
            last_name,
            party_size: party.covers.get(),
            status: words::frame_status(said),
            status_label: words::status(said),
            table_id_snake: table_id.clone(),
            table_id,
            email: details.email.as_ref().map_or("", Text::as_str),
            phone: details.phone.as_ref().map_or("", Text::as_str),
            notes: details.notes.as_ref().map_or("", Text::as_str),
        };
        let head = match before {
            None => Head::guest("guest_created", id, "created"),
            Some(before) if before != said || is_state_said(told, id) => {
                Head::guest("guest_updated", id, "status_change")
            }
            Some(_) => Head::guest("guest_updated", id, "update"),
        };
        self.frames.push(head.frame(told, part, Data { data }));
    }

    fn table(&mut self, (id, before): &(TableId, Option<TableState>)) {
        let (told, part) = (self.told, self.frames.len() + 1);
        let table = told.after.tables.get(id).filter(|it| it.details.active);
        let Some(table) = table else {
            if before.is_some() {
                let gone = Gone {
                    id: words::table_id(*id),
                    deleted: true,
                };
                let head = Head {
                    deleted: true,
                    ..Head::table(*id, "deleted")
                };
                self.frames.push(head.frame(told, part, Data { data: gone }));
            }
            return;
        };
        let guest_id = current_guest(told.after, table).map(words::guest_id);
        let data = TableData {
            id: words::table_id(*id),
            status: words::table_status(&table.state),
            guest_id: guest_id.clone(),
            current_guest_id: guest_id,
            table_number: &table.details.number,
            capacity: table.details.seats.max.get(),
            position: Position::of(told.after, table),
            shape: words::shape(table.details.shape),
            section: section(told.after, table),
            needs_cleaning: table.state == TableState::Dirty,
            updated_at: instant(table.updated_at),
        };
        let head = Head::table(*id, table_action(told, *id, before.as_ref(), &table.state));
        self.frames.push(head.frame(told, part, Data { data }));
    }
}

/// Whether the party's state was said, whatever it was before.
fn is_state_said(told: &Told<'_>, id: PartyId) -> bool {
    told.change.events.iter().any(|it| match it {
        Event::PartyNotified { party_id }
        | Event::PartyArrived { party_id }
        | Event::PartyLate { party_id }
        | Event::PartyCancelled { party_id }
        | Event::PartyNoShow { party_id }
        | Event::PartyStateSet { party_id, .. }
        | Event::StepUndone { party_id, .. } => *party_id == id,
        _ => false,
    })
}

fn table_action(
    told: &Told<'_>,
    id: TableId,
    before: Option<&TableState>,
    after: &TableState,
) -> &'static str {
    let is_turn = |it: &TableState| matches!(it, TableState::Occupied { .. });
    let joined = told
        .change
        .events
        .iter()
        .any(|it| matches!(it, Event::PartyJoined { .. }));
    match before {
        None => "created",
        Some(before) if is_turn(after) && (before != after || joined) => "assigned",
        Some(before) if is_turn(before) && !is_turn(after) => "cleared",
        Some(before) if before != after || is_set(told, id) => "status_changed",
        Some(_) => "updated",
    }
}

fn is_set(told: &Told<'_>, id: TableId) -> bool {
    told.change
        .events
        .iter()
        .any(|it| matches!(it, Event::TableStateSet { table_id, .. } if *table_id == id))
}

fn entity_id(entity: &Entity) -> String {
    match entity {
        Entity::PartyId(id) => words::guest_id(*id),
        Entity::TableId(id) => words::table_id(*id),
    }
}

struct Head {
    kind: &'static str,
    guest_id: Option<String>,
    table_id: Option<String>,
    action: Option<&'static str>,
    deleted: bool,
}

impl Head {
    fn guest(kind: &'static str, id: PartyId, action: &'static str) -> Head {
        Head {
            kind,
            guest_id: Some(words::guest_id(id)),
            table_id: None,
            action: Some(action),
            deleted: false,
        }
    }

    fn table(id: TableId, action: &'static str) -> Head {
        Head {
            kind: "table_updated",
            guest_id: None,
            table_id: Some(words::table_id(id)),
            action: Some(action),
            deleted: false,
        }
    }

    fn frame<T: Serialize>(self, told: &Told<'_>, part: usize, content: T) -> Bytes {
        let frame = ChangeFrame {
            kind: self.kind,
            restaurant_id: told.slug,
            guest_id: self.guest_id,
            table_id: self.table_id,
            action: self.action,
            deleted: self.deleted,
            timestamp: instant(told.change.at),
            seq: told.change.seq,
            part,
            prev_seq: told.spoken,
            content,
        };
        text_frame(&serde_json::to_vec(&frame).expect("frames are always JSON"))
    }
}

fn frame<T: Serialize>(told: &Told<'_>, part: usize, kind: &'static str, content: T) -> Bytes {
    let head = Head {
        kind,
        guest_id: None,
        table_id: None,
        action: None,
        deleted: false,
    };
    head.frame(told, part, content)
}

/// A frame for one screen, about no change.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ToScreen<'a> {
    /// Where the screen is connected.
    RestaurantConnect {
        restaurant_id: &'a str,
        platform: &'static str,
        timestamp: String,
        seq: Seq,
    },
    /// Where it is connected now.
    ConnectionEstablished {
        restaurant_id: &'a str,
        timestamp: String,
        seq: Seq,
    },
    /// What it missed cannot be told: it has to read the lists again.
    Resync {
        restaurant_id: &'a str,
        seq: Seq,
        reason: &'static str,
        timestamp: String,
    },
    /// Answers a ping.
    Pong { timestamp: String, seq: Seq },
    /// Nothing was heard from it for a while.
    Heartbeat { timestamp: String, seq: Seq },
    /// It asked for what it may not have.
    Error {
        code: &'static str,
        message: &'static str,
    },
}

impl ToScreen<'_> {
    /// The frame as it goes over the wire.
    pub(super) fn bytes(&self) -> Bytes {
        text_frame(&serde_json::to_vec(self).expect("frames are always JSON"))
    }
}

/// The time of a frame about no change.
pub(super) fn stamp(now: Timestamp) -> String {
    instant(now)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
fn is_false(it: &bool) -> bool {
    !it
}
