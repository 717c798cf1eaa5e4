//! What is going on at one table.

use super::access;
use super::error::AdminError;
use super::frames::status;
use crate::surface::ground::Ground;
use crate::surface::pids;
use crate::surface::words::{instant, table_number};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use floor::{Floor, Table, TableId, TableState, Turn};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A table, and who and what is there.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionInfo {
    success: bool,
    /// What staff call the table.
    table_number: u64,
    /// `open`, `occupied`, `dirty` or `disabled`.
    table_status: &'static str,
    /// The turn that is open there.
    session: Option<Session>,
    /// Guests who joined it with their phones.
    members: Vec<MemberInfo>,
    /// What they have chosen and not ordered yet.
    cart_items: Vec<Value>,
    /// What they have ordered.
    orders: Vec<Value>,
    totals: Totals,
    member_count: usize,
    active_member_count: usize,
}

#[derive(Serialize, ToSchema)]
struct Session {
    /// Its public id.
    session_pid: String,
    created_at: String,
    last_activity_at: String,
    /// Always `active`.
    state: &'static str,
    /// Always false: no pass is asked for here.
    pass_validated: bool,
}

/// In the restaurant's currency.
#[derive(Default, Serialize, ToSchema)]
struct Totals {
    cart_total: f64,
    orders_total: f64,
    grand_total: f64,
}

/// What is going on at a table.
#[utoipa::path(get, path = "/admin/api/session/{table_id}", operation_id = "admin_session", tag = "admin",
    params(("table_id" = u64, Path, description = "the table")),
    responses(
        (status = 200, description = "the session; null where none is open", body = SessionInfo),
        (status = 401, description = "no credential"),
        (status = 403, description = "a credential that is not good"),
        (status = 404, description = "no such table in this restaurant"),
    ))]
pub(super) async fn session(
    State(ground): State<Ground>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<SessionInfo>, AdminError> {
    let (parts, _) = request.into_parts();
    let credential = access::bare_credential(&parts.headers);
    let entered = ground.admin_enter(&parts, credential, "admin_session").await;
    let entered = entered.map_err(|error| AdminError::coded_not_entered(&error))?;
    let view = entered.view(&parts).await?;
    let table = table(&view.floor, &id).ok_or_else(no_table)?;
    Ok(Json(SessionInfo::of(&view.floor, table)))
}

/// The table in use that a path names.
pub(super) fn table<'a>(floor: &'a Floor, id: &str) -> Option<&'a Table> {
    let table = floor.tables.get(&TableId(id.parse().ok()?))?;
    table.details.active.then_some(table)
}

pub(super) fn no_table() -> AdminError {
    AdminError::coded(StatusCode::NOT_FOUND, "table_not_found", "Table not found")
}

impl SessionInfo {
    fn of(floor: &Floor, table: &Table) -> SessionInfo {
        let turn = match table.state {
            TableState::Occupied { turn_id } => floor.turns.get(&turn_id),
            _ => None,
        };
        let n_members = turn.map_or(0, |it| it.members.len());
        SessionInfo {
            success: true,
            table_number: table_number(table),
            table_status: status(table),
            session: turn.map(Session::of),
            members: turn.map(members).unwrap_or_default(),
            cart_items: Vec::new(),
            orders: Vec::new(),
            totals: Totals::default(),
            member_count: n_members,
            active_member_count: n_members,
        }
    }
}

/// A guest who joined with a phone.
#[derive(Serialize, ToSchema)]
struct MemberInfo {
    /// The public id.
    member_pid: String,
    nickname: String,
    /// Whether they were the first to join.
    is_host: bool,
    /// Always true: nobody leaves a table that is open.
    active: bool,
    /// A fingerprint of the phone.
    device_id: String,
}

fn members(turn: &Turn) -> Vec<MemberInfo> {
    let members = turn.members.iter().enumerate();
    members
        .map(|(nth, it)| MemberInfo {
            member_pid: pids::member(it.id),
            nickname: it.nickname.to_string(),
            is_host: nth == 0,
            active: true,
            device_id: it.device.to_string(),
        })
        .collect()
}

impl Session {
    fn of(turn: &Turn) -> Session {
        Session {
            session_pid: pids::session(turn.id),
            created_at: instant(turn.opened_at),
            last_activity_at: instant(turn.last_activity_at),
            state: "active",
            pass_validated: false,
        }
    }
}
