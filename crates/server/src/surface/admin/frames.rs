//! What `/admin/ws/dashboard` says, as JSON. Frames about changes are rendered once for all dashboards.

use super::actions::Failure;
use crate::floors::{Beat, Dialect, GuestBook, Told};
use crate::surface::pids;
use crate::surface::websocket::text_frame;
use crate::surface::words::{instant, table_number};
use bytes::Bytes;
use floor::{Call, CallId, CallKind, Event, Floor, Table, TableId, TableState, TurnId};
use serde::Serialize;
use utoipa::ToSchema;

/// The dashboards' topic in every room. A sign of life at a table is told with every second heartbeat, so that a
/// busy table does not keep every dashboard busy.
pub const DIALECT: Dialect = Dialect {
    topic: "admin",
    change: change_frames,
    looks_at_floor: true,
    heartbeats_apart: 2,
    heartbeat: activity_frames,
};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ToDashboard<'a> {
    TablesSnapshot {
        tables: Vec<TableInfo>,
    },
    TableUpdate {
        table: TableInfo,
    },
    PendingWaiterRequests {
        requests: Vec<CallInfo>,
    },
    WaiterRequest {
        request: CallInfo,
    },
    WaiterRequestResolved {
        request_id: String,
    },
    Error {
        code: &'static str,
        detail: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        table_id: Option<TableId>,
    },
}

/// A table as dashboards have it.
#[derive(Serialize, ToSchema)]
pub(super) struct TableInfo {
    id: TableId,
    /// What staff call it.
    number: u64,
    /// `open`, `occupied`, `dirty` or `disabled`.
    status: &'static str,
    /// The turn that is open there.
    session: Option<Session>,
    /// Said where an open table is kept for somebody.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    reserved: bool,
}

/// The turn at a table.
#[derive(Serialize, ToSchema)]
struct Session {
    id: TurnId,
    /// When something happened there last.
    last_active: String,
}

impl TableInfo {
    fn of(floor: &Floor, table: &Table) -> TableInfo {
        let turn = match table.state {
            TableState::Occupied { turn_id } => floor.turns.get(&turn_id),
            _ => None,
        };
        TableInfo {
            id: table.id,
            number: table_number(table),
            status: status(table),
            session: turn.map(|it| Session {
                id: it.id,
                last_active: instant(it.last_activity_at),
            }),
            reserved: matches!(table.state, TableState::Reserved { .. }),
        }
    }
}

/// A call as dashboards have it.
#[derive(Serialize, ToSchema)]
pub(super) struct CallInfo {
    /// Its public id.
    id: String,
    table_id: Option<TableId>,
    table_number: Option<u64>,
    /// `call_waiter` or `ask_for_bill`.
    request_type: CallKind,
    /// What the others at the table know the caller by.
    member_name: Option<String>,
    created_at: String,
    /// What they say.
    message: Option<String>,
}

impl CallInfo {
    fn of(floor: &Floor, guests: &GuestBook, call: &Call) -> CallInfo {
        let turn = floor.turns.get(&call.turn_id);
        let table = turn.and_then(|it| floor.tables.get(it.table_ids.first()?));
        let member = turn.and_then(|it| it.members.iter().find(|it| Some(it.id) == call.member_id));
        let entry = call.guest_id.and_then(|it| guests.get(&it));
        CallInfo {
            id: pids::call(call.id),
            table_id: table.map(|it| it.id),
            table_number: table.map(table_number),
            request_type: call.kind,
            member_name: member.map(|it| it.nickname.to_string()),
            created_at: instant(call.raised_at),
            message: entry.and_then(|it| it.notes.as_ref()).map(ToString::to_string),
        }
    }
}

/// Those who have called and wait, the longest first.
pub(super) fn calls(floor: &Floor, guests: &GuestBook) -> Vec<CallInfo> {
    let mut calls: Vec<&Call> = floor.calls.values().collect();
    calls.sort_by_key(|it| (it.raised_at, it.id));
    calls
        .into_iter()
        .map(|it| CallInfo::of(floor, guests, it))
        .collect()
}

/// All of them in one frame; nothing where nobody waits.
pub(super) fn pending_calls(floor: &Floor, guests: &GuestBook) -> Option<Bytes> {
    let requests = calls(floor, guests);
    (!requests.is_empty()).then(|| frame(&ToDashboard::PendingWaiterRequests { requests }))
}

/// The word of this protocol for a table's state.
pub(super) fn status(table: &Table) -> &'static str {
    match table.state {
        TableState::Available | TableState::Reserved { .. } => "open",
        TableState::Occupied { .. } => "occupied",
        TableState::Dirty => "dirty",
        TableState::Blocked | TableState::Maintenance => "disabled",
    }
}

/// Every table in use, by its number.
pub(super) fn tables(floor: &Floor) -> Vec<TableInfo> {
    in_order(floor)
        .into_iter()
        .map(|it| TableInfo::of(floor, it))
        .collect()
}

/// The tables in use, by their numbers.
pub(super) fn in_order(floor: &Floor) -> Vec<&Table> {
    let in_use = floor.tables.values().filter(|it| it.details.active);
    let mut tables: Vec<&Table> = in_use.collect();
    tables.sort_by_key(|it| (table_number(it), it.id));
    tables
}

/// All of them in one frame.
pub(super) fn snapshot(floor: &Floor) -> Bytes {
    let tables = tables(floor);
    frame(&ToDashboard::TablesSnapshot { tables })
}

/// An action that was not carried out.
pub(super) fn error(failure: &Failure) -> Bytes {
    frame(&ToDashboard::Error {
        code: failure.code,
        detail: &failure.detail,
        table_id: failure.table_id,
    })
}

/// What a change is to dashboards: who has called, to whom somebody has come, and the tables that it touched.
fn change_frames(told: &Told<'_>) -> Vec<Bytes> {
    let mut frames: Vec<Bytes> = told.touched.ended_calls.iter().map(|it| resolved(*it)).collect();
    for event in &told.change.events {
        // One that was raised and ended in one change was told of as ended, which is all there is to say.
        if let Event::CallRaised { call_id, .. } = event
            && let Some(call) = told.after.calls.get(call_id)
        {
            let request = CallInfo::of(told.after, told.guests, call);
            frames.push(frame(&ToDashboard::WaiterRequest { request }));
        }
    }
    frames.extend(table_frames(told));
    frames
}

fn resolved(call_id: CallId) -> Bytes {
    frame(&ToDashboard::WaiterRequestResolved {
        request_id: pids::call(call_id),
    })
}

/// One frame for each table that a change touched. Dashboards do not take in a table that they were not shown:
/// where tables come or go, all are shown again.
fn table_frames(told: &Told<'_>) -> Vec<Bytes> {
    let is_shown = |id: &TableId| told.after.tables.get(id).is_some_and(|it| it.details.active);
    let mut touched = told.touched.tables.iter();
    if touched.any(|(id, before)| before.is_some() != is_shown(id)) {
        return vec![snapshot(told.after)];
    }
    if told.change.events.iter().all(is_about_furniture) {
        return Vec::new();
    }
    let tables = told
        .touched
        .tables
        .iter()
        .filter_map(|it| told.after.tables.get(&it.0));
    let tables = tables.filter(|it| it.details.active);
    tables.map(|it| update(told.after, it)).collect()
}

/// Whether an event changes nothing about a table that a dashboard shows.
fn is_about_furniture(event: &Event) -> bool {
    matches!(
        event,
        Event::SectionCreated { .. }
            | Event::SectionUpdated { .. }
            | Event::SectionDeleted { .. }
            | Event::PlanCreated { .. }
            | Event::PlanUpdated { .. }
            | Event::PlanDeleted { .. }
            | Event::WaiterAssigned { .. }
            | Event::WaiterUnassigned { .. }
    )
}

/// The tables at which something has happened since the last heartbeat that changed nothing else about them.
fn activity_frames(beat: &Beat<'_>) -> Vec<Bytes> {
    let floor = &*beat.view.floor;
    let active = floor.turns.values().filter(|it| it.last_activity_at > beat.since);
    let mut frames = Vec::new();
    for turn in active {
        let tables = turn.table_ids.iter().filter_map(|it| floor.tables.get(it));
        // What happened to the table itself was told at once.
        let untold = tables.filter(|it| it.updated_at < turn.last_activity_at);
        frames.extend(untold.map(|it| update(floor, it)));
    }
    frames
}

fn update(floor: &Floor, table: &Table) -> Bytes {
    frame(&ToDashboard::TableUpdate {
        table: TableInfo::of(floor, table),
    })
}

fn frame(it: &ToDashboard<'_>) -> Bytes {
    text_frame(&serde_json::to_vec(it).expect("frames are always JSON"))
}
