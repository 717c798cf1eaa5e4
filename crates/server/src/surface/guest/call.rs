//! `POST /waiter_request`: somebody at a table calls.

use super::access::{bearer, text};
use super::error::GuestError;
use crate::floors::AskError;
use crate::surface::ground::Ground;
use crate::surface::once::{key_in, key_of};
use crate::surface::pids;
use crate::surface::words::done;
use axum::Json;
use axum::extract::{Request, State};
use floor::{CallKind, Command, Event, Note, Refusal};
use serde_json::{Map, Value, json};

/// Characters of a message.
const MESSAGE_MAX: usize = 1_000;

/// Calls a waiter, or asks for the bill. Whoever has called for the same already goes on waiting.
#[utoipa::path(post, path = "/waiter_request", operation_id = "guest_call", tag = "guest",
    request_body(content = Object, description = "`request_type`: `call_waiter` or `ask_for_bill`; `message` or null"),
    responses(
        (status = 200, description = "`data.request_id`", body = Object),
        (status = 401, description = "`missing_auth`"),
        (status = 403, description = "`invalid_auth`: not a guest's token, or one that has run out"),
        (status = 410, description = "`session_closed`"),
        (status = 422, description = "`invalid_request`: a field that makes no sense"),
        (status = 429, description = "too many from this guest"),
    ))]
pub(super) async fn call(State(ground): State<Ground>, request: Request) -> Result<Json<Value>, GuestError> {
    let (parts, body) = request.into_parts();
    let entered = ground.guest_enter(bearer(&parts.headers)).await?;
    let fields = ground.guest_fields(body).await?;
    let kind = kind(&fields)?;
    let message = message(&fields)?;
    ground.gate.command(&entered.pass)?;
    let said = format!("{kind:?} {message:?}");
    let key = key_in(&parts.headers)?;
    let key = key.map(|it| key_of(&entered.pass, it, &[said.as_bytes()]));
    let command = Command::RaiseCall {
        turn_id: entered.guest.turn_id,
        kind,
        message,
        member_id: Some(entered.guest.member_id),
    };
    let asked = entered.floor.ask(command, entered.pass.by("guest"), key).await;
    let call_id = match asked {
        Ok(receipt) => receipt.change.events.iter().find_map(|it| match it {
            Event::CallRaised { call_id, .. } => Some(*call_id),
            _ => None,
        }),
        Err(AskError::Refused(Refusal::CallPending { call_id, .. })) => Some(call_id),
        Err(error) => return Err(error.into()),
    };
    Ok(done(&json!({ "request_id": call_id.map(pids::call) })))
}

fn kind(fields: &Map<String, Value>) -> Result<CallKind, GuestError> {
    match fields.get("request_type").and_then(Value::as_str) {
        Some("call_waiter") => Ok(CallKind::CallWaiter),
        Some("ask_for_bill") => Ok(CallKind::AskForBill),
        _ => Err(GuestError::field(
            "request_type",
            "must be call_waiter or ask_for_bill",
        )),
    }
}

fn message(fields: &Map<String, Value>) -> Result<Option<Note>, GuestError> {
    match fields.get("message") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(it)) if it.trim().is_empty() => Ok(None),
        Some(_) => {
            let text = text(fields, "message", MESSAGE_MAX)?;
            Note::new(text)
                .map(Some)
                .map_err(|error| GuestError::field("message", &error.to_string()))
        }
    }
}
