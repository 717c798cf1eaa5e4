//! `/restaurants/{rid}/guests`: the guest list.

use super::access::{Entered, Path};
use super::error::HostError;
use super::fields::{Fields, Nulls, object};
use super::objects::{Guest, Written};
use super::reading::{self, Spelling};
use super::words;
use crate::floors::View;
use crate::surface::ground::Ground;
use crate::surface::once::key_in;
use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, Method};
use axum::response::{IntoResponse, Response};
use floor::{Change, Command, Event, GuestDetails, PartyId, PartyWrite, Ref, Seq};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;

/// The place in the journal that an answer shows.
pub(super) const X_SEQ: HeaderName = HeaderName::from_static("x-seq");

/// A guest after a write.
type Answer = Result<Response, HostError>;

/// Every guest, the newest first.
#[utoipa::path(get, path = "/restaurants/{rid}/guests", operation_id = "host_list_guests", tag = "host",
    params(("rid" = String, Path, description = "slug or integer id")),
    responses(
        (status = 200, description = "the guests, the newest first", body = Vec<Guest>),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
    ))]
pub(super) async fn list_guests(
    State(ground): State<Ground>,
    Path(rid): Path<String>,
    request: Request,
) -> Answer {
    let (entered, parts, _) = ground.asked(request, &rid, "host_list_guests").await?;
    let view = entered.view(&parts).await?;
    Ok(at(view.seq, guests(&view)))
}

/// Every guest of a floor, the newest first.
pub(super) fn guests(view: &View) -> Vec<Guest> {
    let mut parties: Vec<_> = view.floor.parties.values().collect();
    parties.sort_by_key(|it| std::cmp::Reverse((it.added_at, it.id)));
    parties.into_iter().filter_map(|it| guest(view, it.id)).collect()
}

/// A guest as it is now.
pub(super) fn guest(view: &View, id: PartyId) -> Option<Guest> {
    let party = view.floor.parties.get(&id)?;
    let nobody = GuestDetails::default();
    let details = view.guests.get(&party.guest_id).map_or(&nobody, |it| &**it);
    Some(Guest::of(&view.floor, party, details))
}

/// One guest.
#[utoipa::path(get, path = "/restaurants/{rid}/guests/{gid}", operation_id = "host_get_guest", tag = "host",
    params(("rid" = String, Path, description = "slug or integer id"), ("gid" = String, Path, description = "guest id")),
    responses(
        (status = 200, description = "the guest", body = Guest),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
        (status = 404, description = "no such guest"),
    ))]
pub(super) async fn get_guest(
    State(ground): State<Ground>,
    Path((rid, gid)): Path<(String, String)>,
    request: Request,
) -> Answer {
    let (entered, parts, _) = ground.asked(request, &rid, "host_get_guest").await?;
    let view = entered.view(&parts).await?;
    let id = view.floor.party_named(&named(&gid)?)?;
    let guest = guest(&view, id).ok_or_else(HostError::not_found)?;
    Ok(at(view.seq, guest))
}

/// Puts somebody on the list.
#[utoipa::path(post, path = "/restaurants/{rid}/guests", operation_id = "host_create_guest", tag = "host",
    params(("rid" = String, Path, description = "slug or integer id")),
    request_body = Object,
    responses(
        (status = 200, description = "the guest, wrapped and bare", body = Guest),
        (status = 400, description = "a rule of the house"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
        (status = 409, description = "the table is another party's, or not ready"),
        (status = 422, description = "fields that make no sense"),
    ))]
pub(super) async fn create_guest(
    State(ground): State<Ground>,
    Path(rid): Path<String>,
    request: Request,
) -> Answer {
    let (entered, parts, body) = ground.asked(request, &rid, "host_create_guest").await?;
    let body = ground.read(body).await?;
    let body_object = object(&body)?;
    let mut fields = Fields::of(&body_object, Nulls::Keep);
    let mut write = reading::guest(&mut fields, Spelling::Snake, &GuestDetails::default())?;
    reading::check_new(&mut fields, &mut write);
    let walk_in = reading::check_walk_in(&fields, &write);
    fields.finish()?;
    walk_in?;
    reading::check_over(&write)?;
    let key = key_in(&parts.headers)?;
    let command = Command::WriteParty(Box::new(write));
    let receipt = entered
        .ask(&ground, command, key, &[b"POST guests", &body])
        .await?;
    let made = receipt.change.events.iter().find_map(|it| match it {
        Event::PartyAdded { party_id, .. } => Some(*party_id),
        _ => None,
    });
    answer(&ground, &entered, made, &receipt.change).await
}

/// Changes a guest; null is as good as nothing.
#[utoipa::path(put, path = "/restaurants/{rid}/guests/{gid}", operation_id = "host_put_guest", tag = "host",
    params(("rid" = String, Path, description = "slug or integer id"), ("gid" = String, Path, description = "guest id")),
    request_body = Object,
    responses(
        (status = 200, description = "the guest, wrapped and bare", body = Guest),
        (status = 400, description = "a rule of the house"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
        (status = 404, description = "no such guest or table"),
        (status = 409, description = "the table is another party's, or not ready"),
        (status = 422, description = "fields that make no sense"),
    ))]
pub(super) async fn put_guest(
    State(ground): State<Ground>,
    Path((rid, gid)): Path<(String, String)>,
    request: Request,
) -> Answer {
    update(&ground, &rid, &gid, request, "host_put_guest").await
}

/// Changes a guest; null clears.
#[utoipa::path(patch, path = "/restaurants/{rid}/guests/{gid}", operation_id = "host_patch_guest", tag = "host",
    params(("rid" = String, Path, description = "slug or integer id"), ("gid" = String, Path, description = "guest id")),
    request_body = Object,
    responses(
        (status = 200, description = "the guest, wrapped and bare", body = Guest),
        (status = 400, description = "a rule of the house"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
        (status = 404, description = "no such guest or table"),
        (status = 409, description = "the table is another party's, or not ready"),
        (status = 422, description = "fields that make no sense"),
    ))]
pub(super) async fn patch_guest(
    State(ground): State<Ground>,
    Path((rid, gid)): Path<(String, String)>,
    request: Request,
) -> Answer {
    update(&ground, &rid, &gid, request, "host_patch_guest").await
}

async fn update(ground: &Ground, rid: &str, gid: &str, request: Request<Body>, operation: &str) -> Answer {
    let (entered, parts, body) = ground.asked(request, rid, operation).await?;
    let body = ground.read(body).await?;
    let body_object = object(&body)?;
    let which = named(gid)?;
    let key = key_in(&parts.headers)?;
    let before = match before(&entered.floor.view(), &which) {
        Ok(before) => before,
        // It may have gone since the key was used first.
        Err(_) if key.is_some() => Arc::default(),
        Err(error) => return Err(error),
    };
    let nulls = if parts.method == Method::PATCH {
        Nulls::Clear
    } else {
        Nulls::Keep
    };
    let mut fields = Fields::of(&body_object, nulls);
    let write = reading::guest(&mut fields, Spelling::Snake, &before)?;
    fields.finish()?;
    reading::check_over(&write)?;
    let write = PartyWrite {
        party: Some(which.clone()),
        ..write
    };
    let command = Command::WriteParty(Box::new(write));
    let about: [&[u8]; 4] = [b"guest", parts.method.as_str().as_bytes(), gid.as_bytes(), &body];
    let receipt = entered.ask(ground, command, key, &about).await?;
    let id = entered.floor.view().floor.party_named(&which).ok();
    answer(ground, &entered, id, &receipt.change).await
}

/// The guest book's entry of a guest that is about to be written.
pub(super) fn before(view: &View, which: &Ref<PartyId>) -> Result<Arc<GuestDetails>, HostError> {
    let id = view.floor.party_named(which)?;
    let party = view.floor.party(id)?;
    Ok(view.guests.get(&party.guest_id).cloned().unwrap_or_default())
}

/// Takes somebody off the list.
#[utoipa::path(delete, path = "/restaurants/{rid}/guests/{gid}", operation_id = "host_delete_guest", tag = "host",
    params(("rid" = String, Path, description = "slug or integer id"), ("gid" = String, Path, description = "guest id")),
    responses(
        (status = 200, description = "done"),
        (status = 400, description = "the guest has a reservation that is still open"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
        (status = 404, description = "no such guest"),
    ))]
pub(super) async fn delete_guest(
    State(ground): State<Ground>,
    Path((rid, gid)): Path<(String, String)>,
    request: Request,
) -> Answer {
    let (entered, parts, _) = ground.asked(request, &rid, "host_delete_guest").await?;
    let command = Command::EndParty { party: named(&gid)? };
    let key = key_in(&parts.headers)?;
    let receipt = entered
        .ask(&ground, command, key, &[b"DELETE guest", gid.as_bytes()])
        .await?;
    let done = json!({ "success": true, "message": "Guest deleted successfully" });
    Ok(at(receipt.change.seq, done))
}

/// The guest that an address names.
pub(super) fn named(id: &str) -> Result<Ref<PartyId>, HostError> {
    words::guest_named(id).ok_or_else(HostError::not_found)
}

/// The answer to a write: the guest as it is now, or as it was then if it has gone since.
async fn answer(ground: &Ground, entered: &Entered, id: Option<PartyId>, change: &Change) -> Answer {
    let seq = change.seq;
    let view = entered.floor.view();
    if let Some(guest) = id.and_then(|it| guest(&view, it)) {
        return Ok(at(seq, Written::of("guest", guest, seq)));
    }
    let (floor, touched) = entered.then(ground, change).await?;
    let id = id.or(touched.parties.first().map(|it| it.0));
    let party = id
        .and_then(|it| floor.parties.get(&it))
        .ok_or_else(HostError::not_found)?;
    let journal = ground.floors.journal();
    let book = journal.guests(change.restaurant_id, &[party.guest_id]).await?;
    let details = book.into_iter().next().map(|it| it.1).unwrap_or_default();
    let guest = Guest::of(&floor, party, &details);
    Ok(at(seq, Written::of("guest", guest, seq)))
}

/// An answer, and the place in the journal that it shows.
pub(super) fn at(seq: Seq, body: impl Serialize) -> Response {
    ([(X_SEQ, seq.to_string())], Json(body)).into_response()
}
