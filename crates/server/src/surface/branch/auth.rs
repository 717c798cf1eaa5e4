//! `auth`: signing in with an e-mail address, fresh tokens, and who one is.

use super::error::BranchError;
use super::fields::{Fields, object};
use super::ids;
use super::words;
use crate::identity::{Credential, Knock, Opened, Pass, Staff};
use crate::peer::Peer;
use crate::rights::{self, Right};
use crate::surface::ground::Ground;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use floor::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::Arc;

type Answer = Result<Response, BranchError>;

/// How long a token of this surface lasts.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// The shortest password that is looked at.
const PASSWORD_CHARS_MIN: usize = 6;

/// Signs somebody in.
#[utoipa::path(post, path = "/api/v1/auth/login", operation_id = "branch_login", tag = "branch",
    request_body = Object,
    responses(
        (status = 200, description = "`{user, token, refreshToken, expiresIn}`"),
        (status = 400, description = "fields that make no sense"),
        (status = 401, description = "a wrong address or password"),
        (status = 403, description = "a page of an origin that is not listed"),
        (status = 429, description = "too many failed attempts"),
    ))]
pub(super) async fn login(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    ground.origins.check(&parts)?;
    let body = ground.read(body).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let email = fields.required_email("email");
    let password = fields.required_secret("password", PASSWORD_CHARS_MIN);
    // A sign-in lasts as long as it is used, whatever is wished for.
    let _remembered = fields.boolean("rememberMe");
    fields.finish()?;
    let opened = ground.identity.sign_in(email, password, knock(&parts)).await?;
    let user = user(&ground, &opened.staff)?;
    let mut body = tokens(&ground, &opened);
    body["user"] = user;
    Ok(secret(body))
}

/// Gives fresh tokens for a refresh token, which is good once.
#[utoipa::path(post, path = "/api/v1/auth/refresh", operation_id = "branch_refresh", tag = "branch",
    request_body = Object,
    responses(
        (status = 200, description = "`{token, refreshToken, expiresIn}`"),
        (status = 400, description = "fields that make no sense"),
        (status = 401, description = "no refresh token of ours, or not any more"),
        (status = 403, description = "a page of an origin that is not listed"),
    ))]
pub(super) async fn refresh(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    ground.origins.check(&parts)?;
    let body = ground.read(body).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let token = fields.required_secret("refreshToken", 1);
    fields.finish()?;
    let opened = ground.identity.refresh(token, &knock(&parts)).await?;
    Ok(secret(tokens(&ground, &opened)))
}

/// Who one is.
#[utoipa::path(get, path = "/api/v1/auth/me", operation_id = "branch_me", tag = "branch",
    responses(
        (status = 200, description = "`{id, username, email, roles, permissions}`"),
        (status = 401, description = "no credential, or a bad one"),
    ))]
pub(super) async fn me(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let staff = ground.branch_caller(&parts).await?;
    Ok(Json(user(&ground, &staff)?).into_response())
}

/// Ends the sign-in of the token that is shown, for all surfaces.
#[utoipa::path(post, path = "/api/v1/auth/logout", operation_id = "branch_logout", tag = "branch",
    responses(
        (status = 200, description = "ended"),
        (status = 401, description = "no credential, or a bad one"),
    ))]
pub(super) async fn logout(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    ground.branch_caller(&parts).await?;
    let header = parts.headers.get(header::AUTHORIZATION);
    let credential = header.and_then(|it| Credential::in_authorization(it.to_str().ok()?));
    if let Some(credential) = credential {
        let address = Peer::of_request(&parts.extensions).address;
        ground.identity.sign_out(&credential, address).await?;
    }
    Ok(Json(json!({ "message": "Logged out successfully" })).into_response())
}

fn tokens(ground: &Ground, opened: &Opened) -> Value {
    let (token, seconds) = ground.identity.token_for(opened, DAY);
    json!({
        "token": token,
        "refreshToken": opened.refresh.as_ref().map(|it| &it.0),
        "expiresIn": seconds,
    })
}

/// An answer that nobody on the way keeps.
fn secret(body: Value) -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store")];
    (StatusCode::OK, headers, Json(body)).into_response()
}

fn user(ground: &Ground, staff: &Arc<Staff>) -> Result<Value, BranchError> {
    let home = ground.identity.home(staff).ok_or_else(BranchError::forbidden)?;
    let roles = roles(ground, staff, &home);
    let names = staff
        .staff_id()
        .and_then(|it| ground.identity.sign_in_names(home.restaurant_id(), it));
    let (username, email) = names.unwrap_or_else(|| (staff.name.clone(), None));
    let (first_name, last_name) = words::name_parts(&staff.name);
    Ok(json!({
        "id": staff.staff_id().map(ids::staff),
        "username": username,
        "email": email,
        "firstName": first_name,
        "lastName": last_name,
        "branchId": ids::branch(home.restaurant_id()),
        "roles": words::roles(&roles),
        "permissions": permissions(&roles),
    }))
}

fn roles(ground: &Ground, staff: &Arc<Staff>, home: &Pass) -> Vec<Role> {
    if staff.is_operator() {
        return vec![Role::Admin];
    }
    let roles = ground.identity.roles_anywhere(staff);
    if roles.is_empty() {
        home.roles().to_vec()
    } else {
        roles
    }
}

/// What roles are good for on this surface, in words.
fn permissions(roles: &[Role]) -> Vec<&'static str> {
    let words = [
        ("tables.read", Right::Look),
        ("tables.status", Right::Till),
        ("tables.write", Right::House),
        ("tables.delete", Right::Clear),
        ("floor-plans.read", Right::Look),
        ("floor-plans.write", Right::House),
        ("floor-plans.delete", Right::Clear),
        ("table-sections.read", Right::Look),
        ("table-sections.write", Right::House),
        ("table-sections.delete", Right::Clear),
        ("branches.read", Right::Look),
        ("branches.write", Right::Clear),
    ];
    let held = words.into_iter().filter(|it| rights::allow(roles, it.1));
    held.map(|it| it.0).collect()
}

fn knock(parts: &Parts) -> Knock {
    let peer = Peer::of_request(&parts.extensions);
    let agent = parts.headers.get(header::USER_AGENT);
    Knock {
        // The program's own socket has no address.
        address: Some(peer.address).filter(|it| !it.is_unspecified()),
        agent: agent.and_then(|it| it.to_str().ok()).map(str::to_owned),
        device: None,
    }
}
