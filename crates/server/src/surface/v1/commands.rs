//! `POST /v1/restaurants/{restaurant}/commands`.

use super::access::Entered;
use super::error::{ApiError, ErrorBody};
use super::frames::flatten;
use super::wire;
use crate::floors::{IdempotencyKey, Receipt};
use crate::gate::Gate;
use crate::identity::Pass;
use crate::limits::KEY_CHARS_MAX;
use crate::surface::ground::Ground;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName};
use bytes::Bytes;
use floor::{Command, Event, Seq};
use jiff::Timestamp;
use journal::KeyName;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// The answer to an accepted command.
#[derive(Serialize, ToSchema)]
pub(super) struct ReceiptBody {
    /// Its place in the journal.
    pub seq: Seq,
    /// When it was decided.
    pub at: Timestamp,
    /// What happened.
    pub events: Vec<Event>,
    /// True when the command had been accepted before, under the same key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeated: Option<bool>,
}

impl ReceiptBody {
    fn of(receipt: Receipt) -> ReceiptBody {
        let change = receipt.change;
        ReceiptBody {
            seq: change.seq,
            at: change.at,
            events: change.events.clone(),
            repeated: receipt.repeated.then_some(true),
        }
    }
}

/// Asks the floor for a command, or for a batch of them that is all or nothing.
#[utoipa::path(
    post,
    path = "/v1/restaurants/{restaurant}/commands",
    operation_id = "send_command",
    params(
        ("restaurant" = String, Path, description = "slug or integer id"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 128 characters; asking again with it gives the first answer"),
    ),
    request_body = Command,
    responses(
        (status = 200, description = "accepted, durable, and told to every screen", body = ReceiptBody),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not allowed", body = ErrorBody),
        (status = 404, description = "unknown restaurant or entity", body = ErrorBody),
        (status = 409, description = "refused by the floor", body = ErrorBody),
        (status = 413, description = "too large", body = ErrorBody),
        (status = 422, description = "the key was used for another command", body = ErrorBody),
        (status = 429, description = "too many commands, from you or for this restaurant", body = ErrorBody),
        (status = 503, description = "storage away, nothing was changed", body = ErrorBody),
    )
)]
pub(super) async fn send_command(
    State(ground): State<Ground>,
    entered: Entered,
    headers: HeaderMap,
    body: Body,
) -> Result<([(HeaderName, String); 1], Json<ReceiptBody>), ApiError> {
    let body = read_body(&ground, body).await?;
    let entered = entered.still(&ground)?;
    let command = wire::read_command(&body)?;
    let key = key_header(&headers)?;
    let asked = prepare(&ground.gate, &entered.pass, command, key)?;
    let receipt = entered.floor.ask(asked.command, asked.by, asked.key).await?;
    let seq = receipt.change.seq;
    Ok(([(X_SEQ, seq.to_string())], Json(ReceiptBody::of(receipt))))
}

/// The place in the journal that an answer shows.
pub(super) const X_SEQ: HeaderName = HeaderName::from_static("x-seq");

/// A command that its sender may ask for.
pub(super) struct Prepared {
    /// The command.
    pub command: Command,
    /// Who asks.
    pub by: floor::By,
    /// Its idempotency key.
    pub key: Option<IdempotencyKey>,
}

/// Counts the command, checks the sender's rights, and gives the key its owner and the command its
/// fingerprint.
pub(super) fn prepare(
    gate: &Gate,
    pass: &Pass,
    command: Command,
    key: Option<String>,
) -> Result<Prepared, ApiError> {
    gate.command(pass)?;
    if !pass.may(&command) {
        return Err(ApiError::not_allowed());
    }
    let key = key
        .map(|key| check_key(&key, KEY_HEADER).map(|()| key))
        .transpose()?;
    let key = key.map(|key| IdempotencyKey {
        name: KeyName {
            holder: pass.holder(),
            key,
        },
        body_hash: fingerprint(&command),
    });
    Ok(Prepared {
        command,
        by: pass.by("v1"),
        key,
    })
}

fn fingerprint(command: &Command) -> [u8; 32] {
    let flat = flatten(
        "command",
        serde_json::to_value(command).expect("a command is always JSON"),
    );
    Sha256::digest(flat.to_string()).into()
}

/// The header that carries an idempotency key.
const KEY_HEADER: &str = "Idempotency-Key";

pub(super) fn key_header(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get(KEY_HEADER) else {
        return Ok(None);
    };
    // As on the stream, a key is any text.
    let text = std::str::from_utf8(value.as_bytes());
    let message = "Idempotency-Key must be UTF-8 text";
    let text = text.map_err(|_| ApiError::bad("bad_key", KEY_HEADER, message))?;
    Ok(Some(text.to_owned()))
}

pub(super) fn check_key(key: &str, field: &str) -> Result<(), ApiError> {
    let n_chars = key.chars().count();
    if (1..=KEY_CHARS_MAX).contains(&n_chars) {
        return Ok(());
    }
    let message = format!("{field} must have 1 to {KEY_CHARS_MAX} characters");
    Err(ApiError::bad("bad_key", field, message))
}

/// The whole body, if it is not too large and does not take too long.
pub(super) async fn read_body(ground: &Ground, body: Body) -> Result<Bytes, ApiError> {
    ground.read(body).await.map_err(ApiError::from)
}
