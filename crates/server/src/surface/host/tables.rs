//! `/restaurants/{rid}/tables`: the tables.

use super::access::{Entered, Path};
use super::error::HostError;
use super::fields::{Fields, Nulls, object};
use super::guests::at;
use super::objects::{TableObject, Written};
use super::reading;
use super::words;
use crate::floors::View;
use crate::surface::ground::Ground;
use crate::surface::once::key_in;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use floor::{Change, Command, Event, Party, Ref, Refusal, SaidState, Table, TableId, TableWrite};
use serde_json::{Value, json};

type Answer = Result<Response, HostError>;

/// Every table in use, by its number as a text.
#[utoipa::path(get, path = "/restaurants/{rid}/tables", operation_id = "host_list_tables", tag = "host",
    params(("rid" = String, Path, description = "slug or integer id")),
    responses(
        (status = 200, description = "the tables", body = Vec<TableObject>),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
    ))]
pub(super) async fn list_tables(
    State(ground): State<Ground>,
    Path(rid): Path<String>,
    request: Request,
) -> Answer {
    let (entered, parts, _) = ground.asked(request, &rid, "host_list_tables").await?;
    let view = entered.view(&parts).await?;
    let tables: Vec<TableObject> = active(&view)
        .into_iter()
        .map(|it| TableObject::of(&view.floor, it))
        .collect();
    Ok(at(view.seq, tables))
}

/// The tables in use, by their numbers as texts.
pub(super) fn active(view: &View) -> Vec<&Table> {
    let mut tables: Vec<&Table> = view
        .floor
        .tables
        .values()
        .filter(|it| it.details.active)
        .collect();
    tables.sort_by(|a, b| a.details.number.cmp(&b.details.number));
    tables
}

/// Puts up a table.
#[utoipa::path(post, path = "/restaurants/{rid}/tables", operation_id = "host_create_table", tag = "host",
    params(("rid" = String, Path, description = "slug or integer id")),
    request_body = Object,
    responses(
        (status = 200, description = "the table, wrapped and bare", body = TableObject),
        (status = 400, description = "its number is in use"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
        (status = 422, description = "fields that make no sense"),
    ))]
pub(super) async fn create_table(
    State(ground): State<Ground>,
    Path(rid): Path<String>,
    request: Request,
) -> Answer {
    let (entered, parts, body) = ground.asked(request, &rid, "host_create_table").await?;
    let body = ground.read(body).await?;
    let body_object = object(&body)?;
    let mut fields = Fields::of(&body_object, Nulls::Keep);
    let write = reading::table(&mut fields)?;
    reading::check_new_table(&mut fields);
    fields.finish()?;
    let key = key_in(&parts.headers)?;
    let command = Command::WriteTable(Box::new(write.clone()));
    let asked = entered.ask(&ground, command, key, &[b"POST tables", &body]).await;
    let receipt = asked.map_err(|error| in_words(&entered, &write, None, error))?;
    let made = receipt.change.events.iter().find_map(|it| match it {
        Event::TableCreated { table_id, .. } => Some(*table_id),
        _ => None,
    });
    answer(&ground, &entered, made, &receipt.change).await
}

/// Changes a table; null is as good as nothing.
#[utoipa::path(put, path = "/restaurants/{rid}/tables/{tid}", operation_id = "host_put_table", tag = "host",
    params(("rid" = String, Path, description = "slug or integer id"), ("tid" = String, Path, description = "table id")),
    request_body = Object,
    responses(
        (status = 200, description = "the table, wrapped and bare", body = TableObject),
        (status = 400, description = "a rule of the house"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
        (status = 404, description = "no such table or guest"),
        (status = 409, description = "the table is another party's, or not ready"),
        (status = 422, description = "fields that make no sense"),
    ))]
pub(super) async fn put_table(
    State(ground): State<Ground>,
    Path((rid, tid)): Path<(String, String)>,
    request: Request,
) -> Answer {
    update(&ground, &rid, &tid, request, "host_put_table").await
}

/// Changes a table; null clears.
#[utoipa::path(patch, path = "/restaurants/{rid}/tables/{tid}", operation_id = "host_patch_table", tag = "host",
    params(("rid" = String, Path, description = "slug or integer id"), ("tid" = String, Path, description = "table id")),
    request_body = Object,
    responses(
        (status = 200, description = "the table, wrapped and bare", body = TableObject),
        (status = 400, description = "a rule of the house"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
        (status = 404, description = "no such table or guest"),
        (status = 409, description = "the table is another party's, or not ready"),
        (status = 422, description = "fields that make no sense"),
    ))]
pub(super) async fn patch_table(
    State(ground): State<Ground>,
    Path((rid, tid)): Path<(String, String)>,
    request: Request,
) -> Answer {
    update(&ground, &rid, &tid, request, "host_patch_table").await
}

async fn update(ground: &Ground, rid: &str, tid: &str, request: Request, operation: &str) -> Answer {
    let (entered, parts, body) = ground.asked(request, rid, operation).await?;
    let body = ground.read(body).await?;
    let body_object = object(&body)?;
    let which = named(tid)?;
    let key = key_in(&parts.headers)?;
    if key.is_none() {
        // With a key, it may have gone since the key was used first.
        entered.floor.view().floor.table_named(&which)?;
    }
    let nulls = if parts.method == Method::PATCH {
        Nulls::Clear
    } else {
        Nulls::Keep
    };
    let mut fields = Fields::of(&body_object, nulls);
    let write = reading::table(&mut fields)?;
    fields.finish()?;
    let write = TableWrite {
        table: Some(which.clone()),
        ..write
    };
    let command = Command::WriteTable(Box::new(write.clone()));
    let about: [&[u8]; 4] = [b"table", parts.method.as_str().as_bytes(), tid.as_bytes(), &body];
    let asked = entered.ask(ground, command, key, &about).await;
    let receipt = asked.map_err(|error| in_words(&entered, &write, Some(&which), error))?;
    let id = entered.floor.view().floor.table_named(&which).ok();
    answer(ground, &entered, id, &receipt.change).await
}

/// Takes a table away.
#[utoipa::path(delete, path = "/restaurants/{rid}/tables/{tid}", operation_id = "host_delete_table", tag = "host",
    params(("rid" = String, Path, description = "slug or integer id"), ("tid" = String, Path, description = "table id")),
    responses(
        (status = 200, description = "done"),
        (status = 400, description = "somebody sits there"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
        (status = 404, description = "no such table"),
    ))]
pub(super) async fn delete_table(
    State(ground): State<Ground>,
    Path((rid, tid)): Path<(String, String)>,
    request: Request,
) -> Answer {
    let (entered, parts, _) = ground.asked(request, &rid, "host_delete_table").await?;
    let command = Command::EndTable { table: named(&tid)? };
    let key = key_in(&parts.headers)?;
    let asked = entered
        .ask(&ground, command, key, &[b"DELETE table", tid.as_bytes()])
        .await;
    let receipt = asked.map_err(|error| {
        if error.status == StatusCode::CONFLICT && error.body["code"] == "table_taken" {
            HostError::rule("Cannot delete an occupied table")
        } else {
            error
        }
    })?;
    let done = json!({ "message": "Table deleted successfully" });
    Ok(at(receipt.change.seq, done))
}

/// Frees a table: whoever sat there has finished.
#[utoipa::path(put, path = "/restaurants/{rid}/tables/{tid}/clear", operation_id = "host_clear_table", tag = "host",
    params(("rid" = String, Path, description = "slug or integer id"), ("tid" = String, Path, description = "table id")),
    responses(
        (status = 200, description = "the table, and who sat there"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
        (status = 404, description = "no such table"),
    ))]
pub(super) async fn clear_table(
    State(ground): State<Ground>,
    Path((rid, tid)): Path<(String, String)>,
    request: Request,
) -> Answer {
    let (entered, parts, _) = ground.asked(request, &rid, "host_clear_table").await?;
    let which = named(&tid)?;
    let id = entered.floor.view().floor.table_named(&which)?;
    let cleared = TableWrite {
        table: Some(Ref::Id(id)),
        state: Some(SaidState::Cleared),
        ..TableWrite::default()
    };
    let command = Command::WriteTable(Box::new(cleared));
    let key = key_in(&parts.headers)?;
    let receipt = entered
        .ask(&ground, command, key, &[b"clear", tid.as_bytes()])
        .await?;
    let view = entered.floor.view();
    let table = view.floor.table(id)?;
    let closed = receipt.change.events.iter().find_map(|it| match it {
        Event::TurnClosed { turn_id, .. } => Some(*turn_id),
        _ => None,
    });
    let party = view
        .floor
        .parties
        .values()
        .find(|it| closed.is_some() && it.turn_id == closed);
    let mut body = json!({
        "success": true,
        "message": format!("Table {} cleared", table.details.number),
        "table": {
            "id": words::table_id(id),
            "status": words::table_status(&table.state),
            "currentGuestId": null,
            "lastUpdated": words::rest_time(table.updated_at),
        },
    });
    if let Some(party) = party {
        body["guest"] = cleared_guest(party);
    }
    Ok(at(receipt.change.seq, body))
}

fn cleared_guest(party: &Party) -> Value {
    json!({
        "id": words::guest_id(party.id),
        "status": "finished",
        "assignedTableId": null,
        "finishedTime": party.ended_at.map(words::rest_time),
        "lastUpdated": words::rest_time(party.updated_at),
    })
}

/// The table that an address names.
pub(super) fn named(id: &str) -> Result<Ref<TableId>, HostError> {
    words::table_named(id).ok_or_else(HostError::not_found)
}

/// What this protocol says where the floor's own words would not do.
fn in_words(
    entered: &Entered,
    write: &TableWrite,
    which: Option<&Ref<TableId>>,
    error: HostError,
) -> HostError {
    let Some(number) = &write.number else { return error };
    let view = entered.floor.view();
    let own = which.and_then(|it| view.floor.table_named(it).ok());
    let is_other =
        |it: &&Table| Some(it.id) != own && it.details.number.as_str().eq_ignore_ascii_case(number.as_str());
    let is_in_use = error.body["detail"] == Refusal::NumberInUse { table_id: TableId(0) }.to_string();
    if is_in_use
        || (error.status == StatusCode::BAD_REQUEST && view.floor.tables.values().any(|it| is_other(&it)))
    {
        return HostError::rule(format!("Table {number} already exists"));
    }
    error
}

/// The answer to a write: the table as it is now, or as it was then if it has gone since.
async fn answer(ground: &Ground, entered: &Entered, id: Option<TableId>, change: &Change) -> Answer {
    let seq = change.seq;
    let view = entered.floor.view();
    if let Some(table) = id.and_then(|it| view.floor.tables.get(&it)) {
        return Ok(at(
            seq,
            Written::of("table", TableObject::of(&view.floor, table), seq),
        ));
    }
    let (floor, touched) = entered.then(ground, change).await?;
    let id = id.or(touched.tables.first().map(|it| it.0));
    let table = id
        .and_then(|it| floor.tables.get(&it))
        .ok_or_else(HostError::not_found)?;
    Ok(at(seq, Written::of("table", TableObject::of(&floor, table), seq)))
}
