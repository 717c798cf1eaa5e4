//! `POST /table_session`: somebody scans the code on a table.

use super::access::text;
use super::error::GuestError;
use crate::floors::View;
use crate::identity::{Guest, GuestNames};
use crate::peer::Peer;
use crate::surface::ground::Ground;
use crate::surface::pids;
use crate::surface::words::table_number;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use floor::{Change, Command, Event, Floor, Member, RestaurantId, Table, Text, TurnId};
use jiff::SignedDuration;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// How long a guest's token is good.
const TOKEN: SignedDuration = SignedDuration::from_hours(3);
/// Characters of what a client sends.
const TEXT_MAX: usize = 200;

/// Who somebody is at the table that they scanned.
#[derive(Serialize, ToSchema)]
pub(super) struct Joined {
    session_pid: String,
    member_pid: String,
    /// What the others at the table know them by.
    nickname: String,
    /// Whether they were the first to join.
    is_host: bool,
    /// For `/ws/session` and for requests; good for three hours.
    ws_token: String,
    restaurant_name: String,
    table_number: u64,
    /// Always true.
    session_validated: bool,
}

/// Joins the turn at a table, or opens one there.
#[utoipa::path(post, path = "/table_session", operation_id = "guest_scan", tag = "guest",
    request_body(content = Object, description = "`table_pid` and `token` of the code, `device_id`, `restaurant_slug`"),
    responses(
        (status = 200, description = "who one is there, and a token", body = Joined),
        (status = 403, description = "`bad_token`: not the code of this table"),
        (status = 404, description = "`restaurant_not_found`, `table_not_found`"),
        (status = 409, description = "`table_reserved`, `session_full`"),
        (status = 422, description = "`invalid_request`: a field that makes no sense"),
        (status = 423, description = "`restaurant_closed`, `table_disabled`"),
        (status = 429, description = "too many from this address"),
    ))]
pub(super) async fn scan(State(ground): State<Ground>, request: Request) -> Result<Response, GuestError> {
    let (parts, body) = request.into_parts();
    let peer = Peer::of_request(&parts.extensions);
    ground.gate.knock(&peer)?;
    let fields = ground.guest_fields(body).await?;
    let table_pid = text(&fields, "table_pid", TEXT_MAX)?;
    let code = text(&fields, "token", TEXT_MAX)?;
    let device = text(&fields, "device_id", TEXT_MAX)?;
    let slug = text(&fields, "restaurant_slug", TEXT_MAX)?;
    let found = ground.floors.directory().find(slug);
    let restaurant_id = found.ok_or_else(|| {
        let is_closed = ground.floors.directory().find_removed_too(slug).is_some();
        if is_closed {
            let detail = "This restaurant is closed";
            return GuestError::new(StatusCode::LOCKED, "restaurant_closed", detail);
        }
        let detail = "Restaurant not found";
        GuestError::new(StatusCode::NOT_FOUND, "restaurant_not_found", detail)
    })?;
    let staff = ground.identity.at_the_table(restaurant_id, peer.address);
    let pass = ground.identity.enter(&staff, restaurant_id)?;
    let floor = ground.floors.enter(&pass).await?;
    let before = floor.view();
    let table = table(&before.floor, table_pid).ok_or_else(GuestError::no_table)?;
    let number = table.details.number.as_str();
    if !ground.identity.is_table_code(restaurant_id, number, code) {
        let detail = "This code is not that table's";
        return Err(GuestError::new(StatusCode::FORBIDDEN, "bad_token", detail));
    }
    ground.gate.command(&pass)?;
    let mark = fingerprint(restaurant_id, device);
    let command = Command::JoinTable {
        table_id: table.id,
        device: mark.clone(),
    };
    let receipt = floor.ask(command, pass.by("guest"), None).await?;
    let (turn_id, member, is_host) =
        member(&receipt.change, &floor.view(), &mark).ok_or_else(GuestError::closed)?;
    let guest = Guest {
        restaurant_id,
        turn_id,
        member_id: member.id,
    };
    let (session_pid, member_pid) = (pids::session(turn_id), pids::member(member.id));
    let names = GuestNames {
        member: &member_pid,
        session: &session_pid,
        device: mark.as_str(),
    };
    let settings = before.floor.settings.as_ref();
    let joined = Joined {
        ws_token: ground.identity.guest_token(guest, &names, TOKEN),
        session_pid,
        member_pid,
        nickname: member.nickname.to_string(),
        is_host,
        restaurant_name: settings.map(|it| it.name.to_string()).unwrap_or_default(),
        table_number: table_number(table),
        session_validated: true,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(joined)).into_response())
}

/// The table in use of a public id.
fn table<'a>(floor: &'a Floor, pid: &str) -> Option<&'a Table> {
    let table = floor.tables.get(&pids::table_of(pid)?)?;
    table.details.active.then_some(table)
}

/// What is kept of what a phone calls itself: enough to know it again here, and nowhere else.
fn fingerprint(restaurant_id: RestaurantId, device: &str) -> Text<32> {
    let hash = Sha256::digest(format!("{restaurant_id}:{device}"));
    let hex: String = hash[..8].iter().map(|it| format!("{it:02x}")).collect();
    Text::new(&hex).expect("sixteen digits")
}

/// Who the phone is, and whether it was the first: as the change says that let it in, or as the floor says of one
/// that had joined before.
fn member(change: &Change, view: &View, device: &Text<32>) -> Option<(TurnId, Member, bool)> {
    let opens = change
        .events
        .iter()
        .any(|it| matches!(it, Event::TurnOpened { .. }));
    for event in &change.events {
        match event {
            Event::MemberJoined {
                turn_id,
                member_id,
                nickname,
                device,
            } => {
                let first = view.floor.turns.get(turn_id).and_then(|it| it.members.first());
                let member = Member {
                    id: *member_id,
                    nickname: nickname.clone(),
                    device: device.clone(),
                    joined_at: change.at,
                };
                return Some((
                    *turn_id,
                    member,
                    opens || first.is_some_and(|it| it.id == *member_id),
                ));
            }
            Event::TurnTouched { turn_id, .. } => {
                let turns = &view.floor;
                let turn = turns
                    .turns
                    .get(turn_id)
                    .or_else(|| turns.closed_turns.get(turn_id))?;
                let mark = Member::mark(*turn_id, device);
                let nth = turn.members.iter().position(|it| it.device == mark)?;
                return Some((*turn_id, turn.members[nth].clone(), nth == 0));
            }
            _ => {}
        }
    }
    None
}
