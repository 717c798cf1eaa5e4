//! Guests who call: the list of those who wait, and saying that somebody has come.

use super::access;
use super::actions::{self, Failure};
use super::error::AdminError;
use super::frames::{self, CallInfo};
use crate::floors::AskError;
use crate::surface::ground::Ground;
use crate::surface::once::{key_in, key_of};
use crate::surface::pids;
use crate::surface::words::done;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use floor::{CallId, Command, Refusal};
use serde_json::json;

/// Everybody who has called and to whom nobody has come, those who wait longest first.
#[utoipa::path(get, path = "/admin/api/waiter_requests", operation_id = "admin_list_calls", tag = "admin",
    responses(
        (status = 200, description = "the calls", body = [CallInfo]),
        (status = 401, description = "no credential"),
        (status = 403, description = "a credential that is not good"),
    ))]
pub(super) async fn list_calls(
    State(ground): State<Ground>,
    request: Request,
) -> Result<Response, AdminError> {
    let (parts, _) = request.into_parts();
    let credential = access::credential(&parts.headers);
    let entered = ground.admin_enter(&parts, credential, "admin_list_calls").await?;
    let view = entered.view(&parts).await?;
    Ok(Json(frames::calls(&view.floor, &view.guests)).into_response())
}

/// Somebody has come to a table that called.
#[utoipa::path(post, path = "/admin/api/waiter_request/{id}/resolve", operation_id = "admin_resolve_call",
    tag = "admin",
    params(("id" = String, Path, description = "the call's public id")),
    responses(
        (status = 200, description = "`data.message`", body = Object),
        (status = 401, description = "no credential"),
        (status = 403, description = "a credential that is not good, or a role that does not allow it"),
        (status = 404, description = "`request_not_found`: answered already, or none of this restaurant's"),
    ))]
pub(super) async fn resolve_call(
    State(ground): State<Ground>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, AdminError> {
    let (parts, _) = request.into_parts();
    let credential = access::credential(&parts.headers);
    let entered = ground
        .admin_enter(&parts, credential, "admin_resolve_call")
        .await?;
    let call_id = pids::call_of(&id).ok_or_else(no_call)?;
    let command = Command::ResolveCall { call_id };
    let key = key_in(&parts.headers)?;
    let key = key.map(|it| key_of(&entered.pass, it, &[id.as_bytes()]));
    let asked = actions::ask(&ground, &entered.pass, &entered.floor, command, key).await;
    asked.map_err(|error| match error {
        AskError::Refused(_) => no_call(),
        AskError::KeyReused => AdminError::unprocessable(error),
        AskError::Busy => AdminError::new(StatusCode::TOO_MANY_REQUESTS, error).later(1),
        other => AdminError::away(other),
    })?;
    Ok(done(&json!({ "message": "Request resolved" })).into_response())
}

fn no_call() -> AdminError {
    AdminError::coded(StatusCode::NOT_FOUND, "request_not_found", "Request not found")
}

/// Why a call was not resolved over the socket.
pub(super) fn refused(error: &AskError) -> Failure {
    match error {
        AskError::Refused(Refusal::Unknown { .. }) => Failure::new("request_not_found", "Request not found"),
        AskError::Busy | AskError::Draining => Failure::new("action_error", "Too busy now, try again"),
        _ => Failure::new("action_error", "Error executing resolve_waiter_request"),
    }
}

/// The call that a frame names.
pub(super) fn named(id: &str) -> Result<CallId, Failure> {
    pids::call_of(id).ok_or_else(|| Failure::new("request_not_found", "Request not found"))
}
