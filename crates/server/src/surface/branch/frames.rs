//! What the namespace `/restaurant/tables` says. Frames about changes are rendered once for all clients.

use super::ids;
use super::objects::{House, Shown, TableObject, TableWhole};
use crate::floors::{Dialect, Told};
use crate::surface::websocket::{text_frame, text_of};
use bytes::Bytes;
use floor::{Event, Seq, Table, TableId, TableState};
use serde::Serialize;
use uuid::Uuid;

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
    let event = |(id, before)| {
        let Some(table) = told.after.tables.get(&id) else {
            // One that was put up and taken away in one change was never there.
            let deleted = Payload::Deleted { id: ids::table(id) };
            return (!is_created(told, id)).then_some(("tableDeleted", deleted));
        };
        let whole = || Payload::Whole(Box::new(house.table_whole(table, Shown::ALL)));
        Some(match became(told, table, before)? {
            Became::Created => ("tableCreated", Payload::Plain(Box::new(house.table(table)))),
            Became::Updated => ("tableUpdated", whole()),
            Became::InAnotherState => ("tableStatusUpdate", whole()),
            Became::Assigned => ("tableAssignmentUpdate", whole()),
        })
    };
    let touched = told.touched.tables.iter().copied();
    let events: Vec<_> = touched.chain(said_again(told)).filter_map(event).collect();
    let n_events = events.len();
    let place = |n| Place {
        seq: told.change.seq,
        branch_id: ids::branch(told.after.restaurant_id),
        more: n < n_events,
    };
    let frames = events.into_iter().zip(1..);
    frames
        .map(|((name, payload), n)| frame(name, &payload, &place(n)))
        .collect()
}

/// What an event says.
#[derive(Serialize)]
#[serde(untagged)]
enum Payload {
    Plain(Box<TableObject>),
    Whole(Box<TableWhole>),
    Deleted { id: Uuid },
}

/// Where an event stands, for those who want to know.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    seq: Seq,
    branch_id: Uuid,
    /// Whether the change has more events to come: who has not heard them has not heard the change.
    #[serde(skip_serializing_if = "is_false")]
    more: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
fn is_false(it: &bool) -> bool {
    !it
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
    if is_set || before.is_some_and(|it| it != table.state) || tables_said(told).any(|it| it == table.id) {
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

/// The tables that somebody has said to be occupied, which they were.
fn tables_said(told: &Told<'_>) -> impl Iterator<Item = TableId> {
    told.change.events.iter().filter_map(|it| match it {
        Event::TurnTouched { table_id, .. } => *table_id,
        _ => None,
    })
}

/// Those of them that nothing else touched.
fn said_again(told: &Told<'_>) -> impl Iterator<Item = (TableId, Option<TableState>)> {
    let is_touched = |id: TableId| told.touched.tables.iter().any(|it| it.0 == id);
    tables_said(told)
        .filter(move |it| !is_touched(*it))
        .map(|it| (it, None))
}

/// The same event without the second argument, for clients that would not know what to do with it.
pub(super) fn without_seq(frame: &Bytes) -> Bytes {
    let text = text_of(frame);
    let second = b",{\"seq\":";
    let end = text.windows(second.len()).rposition(|it| it == second);
    text_frame(&[&text[..end.unwrap_or(text.len())], b"]"].concat())
}

/// An event as it goes over a WebSocket: Engine.IO's message, Socket.IO's event, its two arguments.
fn frame(event: &str, payload: &Payload, place: &Place) -> Bytes {
    let arguments = serde_json::to_string(&(event, payload, place));
    let arguments = arguments.expect("events are always JSON");
    text_frame(format!("42/restaurant/tables,{arguments}").as_bytes())
}
