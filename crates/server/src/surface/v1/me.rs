//! Who one is, one's own sign-ins, and one's own password and PIN.

use super::access::Caller;
use super::error::{ApiError, ErrorBody};
use super::session::{Me, Stranger, cookie_header, no_store};
use crate::peer::Peer;
use crate::surface::cookies::{SIGN_IN, cookie};
use crate::surface::ground::Ground;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use journal::{How, SignIn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One of somebody's sign-ins.
#[derive(Serialize, ToSchema)]
pub(super) struct SignInEntry {
    /// Its public name.
    pub id: String,
    /// `password`, `pin`, or `minted` by somebody else.
    #[schema(value_type = String)]
    pub how: How,
    /// When it began.
    pub began_at: Timestamp,
    /// When it was last used, more or less.
    pub seen_at: Timestamp,
    /// When it ends if it is not used.
    pub expires_at: Timestamp,
    /// The address it came from.
    pub address: Option<String>,
    /// The program it came with.
    pub agent: Option<String>,
    /// The device on which it was made.
    pub device_id: Option<u64>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// One's sign-ins, the latest first.
#[derive(Serialize, ToSchema)]
pub(super) struct SignInList {
    /// Those that are open.
    pub sign_ins: Vec<SignInEntry>,
}

/// One's own new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnPasswordBody {
    /// The one of now.
    pub old_password: String,
    /// 8 to 200 characters.
    pub new_password: String,
}

/// One's own new PIN.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnPinBody {
    /// One's password, to be sure.
    pub password: String,
    /// Four to eight digits.
    pub pin: String,
}

/// Says who one is.
#[utoipa::path(get, path = "/v1/me", operation_id = "get_me",
    responses(
        (status = 200, description = "who one is", body = Me),
        (status = 401, description = "not signed in", body = ErrorBody),
    ))]
pub(super) async fn get_me(
    State(ground): State<Ground>,
    Caller(staff): Caller,
    peer: Peer,
    headers: HeaderMap,
) -> Result<(HeaderMap, Json<Me>), ApiError> {
    // A sign-in that is used lasts longer, and so has its cookie to.
    let lasts = ground.identity.page_lasts(&staff);
    let renewed = lasts.zip(cookie(&headers, SIGN_IN));
    let renewed = renewed.map(|(life, it)| cookie_header(SIGN_IN, it, life, peer.is_https));
    Ok((no_store(renewed), Json(ground.me(&staff).await?)))
}

/// One's own sign-ins that are open.
#[utoipa::path(get, path = "/v1/me/sign-ins", operation_id = "get_my_sign_ins",
    responses(
        (status = 200, description = "the sign-ins", body = SignInList),
        (status = 401, description = "not signed in", body = ErrorBody),
    ))]
pub(super) async fn get_my_sign_ins(State(ground): State<Ground>, Caller(staff): Caller) -> Json<SignInList> {
    let own = ground.identity.own_sign_ins(&staff);
    let entry = |it: SignIn| SignInEntry {
        current: Some(it.id.as_str()) == staff.sign_in_id(),
        id: it.id,
        how: it.how,
        began_at: it.began_at,
        seen_at: it.seen_at,
        expires_at: it.expires_at,
        address: it.address,
        agent: it.agent,
        device_id: it.device_id,
    };
    Json(SignInList {
        sign_ins: own.into_iter().map(entry).collect(),
    })
}

/// Ends one of one's own sign-ins.
#[utoipa::path(delete, path = "/v1/me/sign-ins/{id}", operation_id = "end_my_sign_in",
    params(("id" = String, Path, description = "the sign-in")),
    responses(
        (status = 204, description = "ended"),
        (status = 401, description = "not signed in", body = ErrorBody),
        (status = 404, description = "no such sign-in", body = ErrorBody),
    ))]
pub(super) async fn end_my_sign_in(
    State(ground): State<Ground>,
    Caller(staff): Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    if ground.identity.end_own_sign_in(&staff, &id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let message = "you have no sign-in with this id";
    Err(ApiError::new(StatusCode::NOT_FOUND, "unknown_sign_in", message).in_field("id"))
}

/// Changes one's own password, and ends one's other sign-ins.
#[utoipa::path(put, path = "/v1/me/password", operation_id = "change_my_password", request_body = OwnPasswordBody,
    responses(
        (status = 204, description = "changed"),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "not signed in", body = ErrorBody),
        (status = 403, description = "the old password is wrong", body = ErrorBody),
        (status = 429, description = "too many failed attempts", body = ErrorBody),
    ))]
pub(super) async fn change_my_password(
    State(ground): State<Ground>,
    caller: Caller,
    stranger: Stranger,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let body: OwnPasswordBody = caller.read(&ground, body).await?;
    let Caller(staff) = caller;
    let identity = &ground.identity;
    identity
        .change_own_password(&staff, &body.old_password, &body.new_password, &stranger.knock)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes one's own PIN.
#[utoipa::path(put, path = "/v1/me/pin", operation_id = "change_my_pin", request_body = OwnPinBody,
    responses(
        (status = 204, description = "changed"),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "not signed in", body = ErrorBody),
        (status = 403, description = "the password is wrong", body = ErrorBody),
        (status = 429, description = "too many failed attempts", body = ErrorBody),
    ))]
pub(super) async fn change_my_pin(
    State(ground): State<Ground>,
    caller: Caller,
    stranger: Stranger,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let body: OwnPinBody = caller.read(&ground, body).await?;
    let Caller(staff) = caller;
    let identity = &ground.identity;
    identity
        .change_own_pin(&staff, &body.password, &body.pin, &stranger.knock)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
