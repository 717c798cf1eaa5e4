//! What the namespace `/restaurant/tables` says. Frames about changes are rendered once for all clients.

use super::ids;
use super::objects::{House, Shown};
use crate::floors::{Dialect, Told};
use crate::rights::BRANCH;
use crate::surface::websocket::{text_frame, text_of};
use bytes::Bytes;
use floor::{Event, Seq, Table, TableId, TableState, TurnId};
use serde::Serialize;
use serde_json::json;

/// The branch clients' topic in every room.
pub const DIALECT: Dialect = Dialect {
    topic: "branch",
    change: change_frames,
    looks_at_floor: true,
    heartbeats_apart: 1,
    heartbeat: |_| Vec::new(),
};

/// What became of a table in one change. What is told of first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Became {
    Created,
    Updated,
    InAnotherState,
    Assigned,
}

/// One event for each table that a change is about.
fn change_frames(told: &Told<'_>) -> Vec<Bytes> {
    let house = House {
        floor: told.after,
        identity: told.identity,
        slug: told.slug,
    };
    let mut frames = Vec::new();
    let touched = told.touched.tables.iter().copied();
    for (id, before) in touched.chain(said_again(told)) {
        let Some(table) = told.after.tables.get(&id) else {
            // One that was put up and taken away in one change was never there.
            if !is_created(told, id) {
                frames.push(frame(
                    "tableDeleted",
                    &json!({ "id": ids::table(id) }),
                    told.change.seq,
                ));
            }
            continue;
        };
        let whole = || house.table_whole(table, Shown::ALL);
        let seq = told.change.seq;
        frames.extend(match became(told, table, before) {
            None => None,
            Some(Became::Created) => Some(frame("tableCreated", &house.table(table), seq)),
            Some(Became::Updated) => Some(frame("tableUpdated", &whole(), seq)),
            Some(Became::InAnotherState) => Some(frame("tableStatusUpdate", &whole(), seq)),
            Some(Became::Assigned) => Some(frame("tableAssignmentUpdate", &whole(), seq)),
        });
    }
    frames
}

/// What a change made of a table; nothing, where it is not about what clients of this protocol see.
fn became(told: &Told<'_>, table: &Table, before: Option<TableState>) -> Option<Became> {
    let events = &told.change.events;
    let any = |is_it: &dyn Fn(&Event) -> bool| events.iter().any(is_it);
    if is_created(told, table.id) {
        return Some(Became::Created);
    }
    if any(&|it| matches!(it, Event::TableUpdated { table_id, .. } if *table_id == table.id)) {
        return Some(Became::Updated);
    }
    let is_set = any(&|it| matches!(it, Event::TableStateSet { table_id, .. } if *table_id == table.id));
    if is_set || before.is_some_and(|it| it != table.state) || is_said_again(told, table) {
        return Some(Became::InAnotherState);
    }
    let is_assigned = any(&|it| match it {
        Event::WaiterAssigned { table_id, .. } | Event::WaiterUnassigned { table_id } => {
            *table_id == table.id
        }
        _ => false,
    });
    if is_assigned {
        return Some(Became::Assigned);
    }
    // Its plan or its section has gone.
    let is_left = any(&|it| matches!(it, Event::PlanDeleted { .. } | Event::SectionDeleted { .. }));
    is_left.then_some(Became::Updated)
}

fn is_created(told: &Told<'_>, id: TableId) -> bool {
    let mut events = told.change.events.iter();
    events.any(|it| matches!(it, Event::TableCreated { table_id, .. } if *table_id == id))
}

/// The turns of tables that a client here has said to be occupied, which they were.
fn turns_said(told: &Told<'_>) -> impl Iterator<Item = TurnId> {
    let is_ours = told.change.by.surface == BRANCH;
    let events = told.change.events.iter().filter(move |_| is_ours);
    events.filter_map(|it| match it {
        Event::TurnTouched { turn_id } => Some(*turn_id),
        _ => None,
    })
}

fn is_said_again(told: &Told<'_>, table: &Table) -> bool {
    turns_said(told).any(|turn_id| table.state == TableState::Occupied { turn_id })
}

/// Their tables, where nothing else touched them.
fn said_again(told: &Told<'_>) -> impl Iterator<Item = (TableId, Option<TableState>)> {
    let turns = turns_said(told).filter_map(|it| told.after.turns.get(&it));
    let tables = turns.flat_map(|it| it.table_ids.iter().copied());
    let is_touched = |id: TableId| told.touched.tables.iter().any(|it| it.0 == id);
    tables.filter(move |it| !is_touched(*it)).map(|it| (it, None))
}

/// The same event without the second argument, for clients that would not know what to do with it.
pub(super) fn without_seq(frame: &Bytes) -> Bytes {
    let text = text_of(frame);
    let second = b",{\"seq\":";
    let end = text.windows(second.len()).rposition(|it| it == second);
    text_frame(&[&text[..end.unwrap_or(text.len())], b"]"].concat())
}

/// An event as it goes over a WebSocket: Engine.IO's message, Socket.IO's event, its two arguments.
fn frame(event: &str, payload: &impl Serialize, seq: Seq) -> Bytes {
    let arguments = serde_json::to_string(&(event, payload, json!({ "seq": seq })));
    let arguments = arguments.expect("events are always JSON");
    text_frame(format!("42/restaurant/tables,{arguments}").as_bytes())
}
