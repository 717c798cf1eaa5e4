//! `/v1/restaurants/{restaurant}/keys`: API keys of machines.

use super::{ApiError, Entered, ErrorBody, Ground, session};
use crate::identity::NewKey;
use crate::rights::Right;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use floor::Role;
use jiff::Timestamp;
use journal::ApiKey;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An API key.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct KeyEntry {
    /// Its id.
    pub key_id: u64,
    /// What people call it, and who it is in changes.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it runs out by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// The key itself: in the answer that makes it, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// The restaurant's keys, by id; those taken back too.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct KeyList {
    /// The keys.
    pub keys: Vec<KeyEntry>,
}

/// A key to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct NewKeyBody {
    /// What people call it, 1 to 60 characters.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it runs out by itself; never, when absent.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

impl KeyEntry {
    fn of(row: ApiKey, key: Option<String>) -> KeyEntry {
        KeyEntry {
            key_id: row.key_id,
            name: row.name,
            role: row.role,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            key,
        }
    }
}

/// The restaurant's API keys, without the keys themselves.
#[utoipa::path(get, path = "/v1/restaurants/{restaurant}/keys", operation_id = "get_keys",
    params(("restaurant" = String, Path, description = "slug or integer id")),
    responses(
        (status = 200, description = "the keys", body = KeyList),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not an admin", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
    ))]
pub(in super::super) async fn get_keys(
    State(ground): State<Ground>,
    entered: Entered,
) -> Result<Json<KeyList>, ApiError> {
    let pass = entered.with(Right::Keys)?.pass;
    let keys = ground.identity.keys(pass.restaurant_id()).into_iter();
    Ok(Json(KeyList {
        keys: keys.map(|it| KeyEntry::of(it, None)).collect(),
    }))
}

/// Makes an API key, and shows it this once.
#[utoipa::path(post, path = "/v1/restaurants/{restaurant}/keys", operation_id = "add_key",
    params(("restaurant" = String, Path, description = "slug or integer id")),
    request_body = NewKeyBody,
    responses(
        (status = 200, description = "made", body = KeyEntry),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not an admin", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
        (status = 409, description = "name in use, or too many", body = ErrorBody),
    ))]
pub(in super::super) async fn add_key(
    State(ground): State<Ground>,
    entered: Entered,
    body: Body,
) -> Result<(HeaderMap, Json<KeyEntry>), ApiError> {
    let (entered, body) = entered.read::<NewKeyBody>(&ground, body, Right::Keys).await?;
    let pass = entered.pass;
    let new = NewKey {
        name: body.name,
        role: body.role,
        expires_at: body.expires_at,
    };
    let shown = ground
        .identity
        .add_key(pass.staff(), pass.restaurant_id(), new)
        .await?;
    let entry = KeyEntry::of(shown.row, Some(shown.secret));
    Ok((session::no_store([]), Json(entry)))
}

/// Takes an API key back. Connections that were opened with it end.
#[utoipa::path(delete, path = "/v1/restaurants/{restaurant}/keys/{key_id}", operation_id = "revoke_key",
    params(
        ("restaurant" = String, Path, description = "slug or integer id"),
        ("key_id" = u64, Path, description = "the key"),
    ),
    responses(
        (status = 204, description = "taken back"),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not an admin", body = ErrorBody),
        (status = 404, description = "unknown restaurant or key", body = ErrorBody),
    ))]
pub(in super::super) async fn revoke_key(
    State(ground): State<Ground>,
    entered: Entered,
    Path((_, key_id)): Path<(String, u64)>,
) -> Result<StatusCode, ApiError> {
    let pass = entered.with(Right::Keys)?.pass;
    let restaurant_id = pass.restaurant_id();
    ground
        .identity
        .revoke_key(pass.staff(), restaurant_id, key_id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
