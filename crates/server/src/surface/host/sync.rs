//! What clients read to begin anew or to catch up: the whole house, or what changed since.

use super::access::{Entered, Path};
use super::error::HostError;
use super::frames::{DIALECT, stamp};
use super::guests::{at, guests};
use super::objects::{Position, current_guest, held_table, name, text};
use super::tables::active;
use super::words;
use crate::floors::{GuestBook, Heard, Past, Told, View};
use crate::surface::ground::Ground;
use crate::surface::query::parameter;
use crate::surface::words::table_number;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use floor::{Floor, GuestDetails, Party, PartyId, PartyState, Seq, Source, Table, TableState};
use insight::Wait;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;

type Answer = Result<Response, HostError>;

/// Changes on one page of a delta, when nobody says, and at the most.
const PAGE: usize = 100;
const PAGE_MAX: usize = 1_000;

/// The whole house, as the old tablets' synchronisation has it.
#[utoipa::path(get, path = "/api/sync/full", operation_id = "host_sync_full", tag = "host",
    params(("restaurant_id" = Option<String>, Query, description = "slug or integer id; else the token's")),
    responses(
        (status = 200, description = "guests and tables"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
    ))]
pub(super) async fn sync_full(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let entered = enter(&ground, &parts, "host_sync_full").await?;
    let view = entered.view(&parts).await?;
    let now = ground.clock().now();
    let waits = Waits::of(&ground, &view, now).await?;
    let parties = view.floor.parties.values();
    let guests: Vec<Value> = parties
        .map(|it| sync_guest(&view.floor, &view.guests, it, &waits))
        .collect();
    let tables: Vec<Value> = active(&view)
        .into_iter()
        .map(|it| sync_table(&view.floor, it))
        .collect();
    let body = json!({
        "restaurant_id": entered.slug,
        // Of the last change that is shown: what happens from then on is later, however long it takes to be read.
        "timestamp": stamp(view.at),
        "seq": view.seq,
        "total_guests": guests.len(),
        "total_tables": tables.len(),
        "guests": guests,
        "tables": tables,
    });
    Ok(at(view.seq, body))
}

/// What changed behind a time or a change, in order, out of the journal: nothing is missed.
#[utoipa::path(get, path = "/api/sync/delta", operation_id = "host_sync_delta", tag = "host",
    params(
        ("restaurant_id" = Option<String>, Query, description = "slug or integer id; else the token's"),
        ("since" = Option<String>, Query, description = "a time; what happened later is told"),
        ("since_seq" = Option<u64>, Query, description = "a change's number, in place of a time"),
        ("limit" = Option<u64>, Query, description = "changes on a page, 1 to 1000; 100 when absent"),
    ),
    responses(
        (status = 200, description = "the changes"),
        (status = 400, description = "a parameter that makes no sense"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
    ))]
pub(super) async fn sync_delta(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let entered = enter(&ground, &parts, "host_sync_delta").await?;
    let query = parts.uri.query();
    let limit = match parameter(query, "limit").map(|it| it.parse::<usize>()) {
        None => PAGE,
        Some(Ok(limit @ 1..)) => limit.min(PAGE_MAX),
        Some(_) => return Err(HostError::rule("limit must be a whole number from 1")),
    };
    let restaurant_id = entered.pass.restaurant_id();
    let journal = ground.floors.journal();
    let since_text = parameter(query, "since");
    let after = match (parameter(query, "since_seq"), &since_text) {
        (Some(seq), _) => {
            let seq = seq
                .parse()
                .map_err(|_| HostError::rule("since_seq must be a whole number from 0"))?;
            Seq(seq)
        }
        (None, Some(since)) => {
            let since = words::time(since)
                .ok_or_else(|| HostError::rule("since must be a time such as 2025-08-16T18:20:00.000000"))?;
            journal.seq_at(restaurant_id, since).await?
        }
        (None, None) => Seq::ZERO,
    };
    let now = ground.clock().now();
    let view = entered.floor.view();
    let head = view.seq;
    let waits = Waits::of(&ground, &view, now).await?;
    let mut past = Past::behind(
        journal,
        &ground.identity,
        &entered.slug,
        after.min(head),
        DIALECT,
        &view,
    )
    .await?;
    let mut changes = Vec::new();
    let mut n_told = 0;
    let mut at_last = None;
    // A page ends between two changes of the journal, never inside one.
    while n_told < limit {
        let n_read = past
            .tell(&view.guests, limit - n_told, |told| {
                at_last = Some(told.change.at);
                let items = items(told, &waits);
                let is_spoken = !items.is_empty();
                changes.extend(items);
                Heard {
                    is_spoken,
                    is_full: false,
                }
            })
            .await?;
        n_told += n_read;
        if n_read == 0 {
            break;
        }
    }
    let next = past.seq();
    let has_more = next < head;
    // Of the last change that was read, or that there was: never of now, when some may be on their way.
    let until = at_last.unwrap_or(if next >= view.seq {
        view.at
    } else {
        now.min(view.at)
    });
    let body = json!({
        "restaurant_id": entered.slug,
        "since_timestamp": since_text,
        "current_timestamp": words::rest_time(until),
        "changes": changes,
        "has_more": has_more,
        "next_since_seq": next,
        "seq": head,
    });
    Ok(at(next, body))
}

/// What a change did to each guest and table.
fn items(told: &Told<'_>, waits: &Waits) -> Vec<Value> {
    let mut items = Vec::new();
    let mut push = |kind: &str, id: String, action: &str, data: Value| {
        items.push(json!({
            "entity_type": kind,
            "entity_id": id,
            "action": action,
            "timestamp": words::rest_time(told.change.at),
            "seq": told.change.seq,
            "data": data,
        }));
    };
    for (id, before) in &told.touched.parties {
        let id_text = words::guest_id(*id);
        match (told.after.parties.get(id), before) {
            (Some(party), before) => {
                let action = if before.is_none() { "created" } else { "updated" };
                push(
                    "guest",
                    id_text,
                    action,
                    sync_guest(told.after, told.guests, party, waits),
                );
            }
            (None, Some(_)) => push("guest", id_text, "deleted", Value::Null),
            (None, None) => {}
        }
    }
    for (id, before) in &told.touched.tables {
        let id_text = words::table_id(*id);
        match (told.after.tables.get(id).filter(|it| it.details.active), before) {
            (Some(table), before) => {
                let action = if before.is_none() { "created" } else { "updated" };
                push("table", id_text, action, sync_table(told.after, table));
            }
            (None, Some(_)) => push("table", id_text, "deleted", Value::Null),
            (None, None) => {}
        }
    }
    items
}

/// What a polling screen shows, of the token's restaurant or the one that is named.
#[utoipa::path(get, path = "/api/v1/dashboard/data", operation_id = "host_dashboard", tag = "host",
    params(
        ("restaurant_id" = Option<String>, Query, description = "slug or integer id; else the token's"),
        ("since" = Option<String>, Query, description = "only what changed later"),
        ("minimal" = Option<bool>, Query, description = "ids and states only"),
    ),
    responses(
        (status = 200, description = "guests, tables and figures"),
        (status = 400, description = "a parameter that makes no sense"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
    ))]
pub(super) async fn dashboard(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let entered = enter(&ground, &parts, "host_dashboard").await?;
    what_is_shown(&entered, &parts).await
}

/// What a polling screen shows.
#[utoipa::path(get, path = "/restaurants/{rid}/dashboard-data", operation_id = "host_dashboard_data", tag = "host",
    params(
        ("rid" = String, Path, description = "slug or integer id"),
        ("since" = Option<String>, Query, description = "only what changed later"),
        ("minimal" = Option<bool>, Query, description = "ids and states only"),
    ),
    responses(
        (status = 200, description = "guests, tables and figures"),
        (status = 400, description = "a parameter that makes no sense"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
    ))]
pub(super) async fn dashboard_data(
    State(ground): State<Ground>,
    Path(rid): Path<String>,
    request: Request,
) -> Answer {
    let (entered, parts, _) = ground.asked(request, &rid, "host_dashboard_data").await?;
    what_is_shown(&entered, &parts).await
}

async fn what_is_shown(entered: &Entered, parts: &Parts) -> Answer {
    let query = parts.uri.query();
    let view = entered.view(parts).await?;
    let since = match parameter(query, "since").filter(|it| !it.is_empty()) {
        Some(text) => {
            let bad = || HostError::rule("since must be a time such as 2025-08-16T18:20:00");
            Some(words::time(&text).ok_or_else(bad)?)
        }
        None => None,
    };
    let is_minimal = parameter(query, "minimal").is_some_and(|it| it == "true" || it == "1");
    let is_later = |at: Timestamp| since.is_none_or(|it| at > it);
    let guests: Vec<Value> = guests(&view)
        .iter()
        .zip(parties(&view))
        .filter(|it| is_later(it.1.updated_at))
        .map(|(guest, _)| {
            let mut shown = json!({
                "id": guest.id, "status": guest.status, "tableId": guest.table_id, "lastUpdated": guest.last_updated,
            });
            if !is_minimal {
                shown["name"] = json!(guest.name);
                shown["partySize"] = json!(guest.party_size);
            }
            shown
        })
        .collect();
    let tables: Vec<Value> = active(&view)
        .into_iter()
        .filter(|it| is_later(it.updated_at))
        .map(|it| dashboard_table(&view.floor, it, is_minimal))
        .collect();
    let body = json!({
        "guests": guests,
        "tables": tables,
        "stats": stats(&view),
        // As in synchronisation: the time of the last change that is shown.
        "lastUpdated": words::rest_time(view.at),
        "isFullSync": since.is_none(),
        "seq": view.seq,
    });
    Ok(at(view.seq, body))
}

/// The parties in the order of [`guests`].
fn parties(view: &View) -> Vec<&Party> {
    let mut parties: Vec<_> = view.floor.parties.values().collect();
    parties.sort_by_key(|it| std::cmp::Reverse((it.added_at, it.id)));
    parties
}

fn dashboard_table(floor: &Floor, table: &Table, is_minimal: bool) -> Value {
    let mut shown = json!({
        "id": words::table_id(table.id),
        "status": words::table_status(&table.state),
        "currentGuestId": current_guest(floor, table).map(words::guest_id),
        "lastUpdated": words::rest_time(table.updated_at),
    });
    if !is_minimal {
        shown["tableNumber"] = json!(table.details.number);
        shown["capacity"] = json!(table.details.seats.max);
        shown["position"] = json!(Position::of(floor, table));
    }
    shown
}

fn stats(view: &View) -> Value {
    let mut guests_by_status = BTreeMap::new();
    for party in view.floor.parties.values() {
        *guests_by_status
            .entry(words::status(party.said_state()))
            .or_insert(0) += 1;
    }
    let tables = active(view);
    let mut tables_by_status = BTreeMap::new();
    for table in &tables {
        *tables_by_status
            .entry(words::table_status(&table.state))
            .or_insert(0) += 1;
    }
    let n_occupied = tables
        .iter()
        .filter(|it| matches!(it.state, TableState::Occupied { .. }))
        .count();
    // In percent, to a tenth.
    let rate = if tables.is_empty() {
        0.0
    } else {
        (n_occupied as f64 / tables.len() as f64 * 1_000.0).round() / 10.0
    };
    json!({
        "total_guests": view.floor.parties.len(),
        "total_tables": tables.len(),
        "occupancy_rate": rate,
        "guests_by_status": guests_by_status,
        "tables_by_status": tables_by_status,
    })
}

async fn enter(ground: &Ground, parts: &Parts, operation: &str) -> Result<Entered, HostError> {
    let staff = ground.host_caller(parts, None).await?;
    let named = parameter(parts.uri.query(), "restaurant_id");
    let restaurant = ground.meant(&staff, named.as_deref())?;
    ground.host_enter(&staff, &restaurant, operation).await
}

/// A guest as synchronisation has it.
fn sync_guest(floor: &Floor, guests: &GuestBook, party: &Party, waits: &Waits) -> Value {
    let nobody = GuestDetails::default();
    let details = guests.get(&party.guest_id).map_or(&nobody, |it| &**it);
    let said = party.said_state();
    let is_walk_in = party.source == Source::WalkIn;
    let came_at = party
        .noted
        .checked_in_at
        .set()
        .copied()
        .or(party.arrived_at.filter(|_| !is_walk_in));
    let came_at = came_at.unwrap_or(party.added_at);
    json!({
        "id": words::guest_id(party.id),
        "name": name(details),
        "partySize": party.covers,
        "phoneNumber": text(details.phone.as_ref()),
        "email": text(details.email.as_ref()),
        "status": words::frame_status(said),
        "waitTime": waits.minutes(party, came_at),
        "tableId": held_table(floor, party),
        "notes": text(details.notes.as_ref()),
        "arrivalTime": words::rest_time(came_at),
        "isWalkIn": is_walk_in,
    })
}

/// How long each party that still waits is going to, in minutes at the most.
struct Waits {
    now: Timestamp,
    expected: BTreeMap<PartyId, u16>,
}

impl Waits {
    async fn of(ground: &Ground, view: &View, now: Timestamp) -> Result<Waits, HostError> {
        let outlook = ground.waits.outlook(view, now).await?;
        let minutes = |wait| match wait {
            Wait::Table(it) => Some(it.quote.to_minutes),
            Wait::TooLarge { .. } | Wait::OutOfService => None,
        };
        let expected = outlook
            .parties()
            .filter_map(|(id, wait)| Some((id, minutes(wait)?)));
        Ok(Waits {
            now,
            expected: expected.collect(),
        })
    }

    /// What a waiting party was promised, else what the house expects; how long any other has waited.
    fn minutes(&self, party: &Party, came_at: Timestamp) -> i64 {
        if party.state.is_expected() {
            let promised = party.quote.map(|it| it.to_minutes);
            let expected = promised.or_else(|| self.expected.get(&party.id).copied());
            return expected.map_or(0, i64::from);
        }
        let until = match party.state {
            PartyState::Seated | PartyState::Finished => party.seated_at.or(party.ended_at),
            _ => party.ended_at,
        };
        let waited = until.unwrap_or(self.now).duration_since(came_at);
        waited.as_mins().max(0)
    }
}

/// A table as synchronisation has it.
fn sync_table(floor: &Floor, table: &Table) -> Value {
    json!({
        "id": words::table_id(table.id),
        "number": table_number(table),
        "capacity": table.details.seats.max,
        "status": words::sync_status(&table.state),
        "position": Position::of(floor, table),
        "currentGuestId": current_guest(floor, table).map(words::guest_id),
        "label": table.details.number,
    })
}
