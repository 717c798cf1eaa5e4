//! `/auth`: signing in with an e-mail address, who one is, and registering a restaurant where that is open.

use super::error::HostError;
use super::fields::{Fields, Nulls, object};
use crate::identity::{Credential, CredentialError, Knock, NewAccount, PeopleError, Person, Staff, Way};
use crate::peer::Peer;
use crate::surface::ground::Ground;
use crate::surface::slugs;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use floor::{Command, Event, Label, Patch, RestaurantId, Role, Settings, StaffDetails, StaffId, Text};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;

type Answer = Result<Response, HostError>;

/// Signs somebody in.
#[utoipa::path(post, path = "/auth/login", operation_id = "host_login", tag = "host",
    request_body = Object,
    responses(
        (status = 200, description = "a token, and who it is for"),
        (status = 401, description = "a wrong address or password, or an inactive user"),
        (status = 403, description = "origin not listed"),
        (status = 422, description = "fields that make no sense"),
        (status = 429, description = "too many failed attempts"),
    ))]
pub(super) async fn login(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    ground.origins.check(&parts)?;
    let body = ground.read(body).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object, Nulls::Keep);
    let (email, password) = (fields.required_text("email"), fields.required_text("password"));
    fields.finish_privately()?;
    let opened = ground.identity.sign_in(email, password, knock(&parts)).await?;
    let first = ground.identity.reach(&opened.staff).into_iter().next();
    let first = first.ok_or_else(|| HostError::new(StatusCode::UNAUTHORIZED, "Inactive user"))?;
    let slug = ground
        .floors
        .directory()
        .slug(first.restaurant_id())
        .unwrap_or_default();
    let user_id = opened.staff.staff_id();
    let person = user_id.and_then(|it| person(&ground, first.restaurant_id(), it));
    let body = json!({
        "access_token": opened.token,
        "token_type": "bearer",
        "restaurant_id": slug,
        "user_id": user_id,
        "user": {
            "id": user_id,
            "email": person.and_then(|it| it.email),
            "full_name": opened.staff.name,
            "role": role(first.roles()),
            "restaurant_id": slug,
        },
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}

/// Who one is.
#[utoipa::path(get, path = "/auth/me", operation_id = "host_me", tag = "host",
    responses(
        (status = 200, description = "the user"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token"),
    ))]
pub(super) async fn me(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    let staff = signed_in(&ground, &parts).await?;
    let pass = ground
        .identity
        .reach(&staff)
        .into_iter()
        .next()
        .ok_or_else(HostError::denied)?;
    let restaurant_id = pass.restaurant_id();
    let person = staff.staff_id().and_then(|it| person(&ground, restaurant_id, it));
    let (first_name, last_name) = staff.name.split_once(' ').unwrap_or((&staff.name, ""));
    let name = ground.floors.name(restaurant_id).await?;
    let body = json!({
        "id": staff.staff_id(),
        "email": person.and_then(|it| it.email),
        "first_name": first_name,
        "last_name": last_name,
        "role": role(pass.roles()),
        "restaurant_id": ground.floors.directory().slug(restaurant_id),
        "restaurant_name": name,
    });
    Ok(Json(body).into_response())
}

/// Ends the sign-in of the token that is shown, for all surfaces.
#[utoipa::path(post, path = "/auth/logout", operation_id = "host_logout", tag = "host",
    responses(
        (status = 200, description = "ended"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token"),
    ))]
pub(super) async fn logout(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, _) = request.into_parts();
    signed_in(&ground, &parts).await?;
    let credential = credential(&parts).ok_or(CredentialError::Missing)?;
    let address = Peer::of_request(&parts.extensions).address;
    ground.identity.sign_out(&credential, address).await?;
    Ok(Json(json!({ "message": "Successfully logged out" })).into_response())
}

/// Opens a new restaurant and makes its first admin, where the house lets anybody do so.
#[utoipa::path(post, path = "/auth/register", operation_id = "host_register", tag = "host",
    request_body = Object,
    responses(
        (status = 200, description = "registered"),
        (status = 400, description = "the address is registered already"),
        (status = 403, description = "registration is closed here, or origin not listed"),
        (status = 422, description = "fields that make no sense"),
        (status = 429, description = "too many from this address"),
    ))]
pub(super) async fn register(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    ground.origins.check(&parts)?;
    if !ground.host.registration {
        return Err(HostError::new(
            StatusCode::FORBIDDEN,
            "Registration is closed: ask whoever runs this server",
        ));
    }
    ground.gate.handshake(&Peer::of_request(&parts.extensions))?;
    let body = ground.read(body).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object, Nulls::Keep);
    let name: Patch<Label> = fields.text("restaurant_name");
    let email = fields.email("email");
    let password = fields.required_text("password");
    let first_name: Patch<Text<60>> = fields.text("first_name");
    let last_name: Patch<Text<60>> = fields.text("last_name");
    for (field, is_there) in [
        ("restaurant_name", name.set().is_some()),
        ("email", email.set().is_some()),
    ] {
        if !is_there && !fields.has(field) {
            fields.missing(field);
        }
    }
    fields.finish_privately()?;
    let (Patch::Set(name), Patch::Set(email)) = (name, email) else {
        return Err(HostError::rule("restaurant_name and email must not be blank"));
    };
    let person = [first_name, last_name];
    let person: Vec<String> = person
        .iter()
        .filter_map(|it| it.set().map(ToString::to_string))
        .collect();
    let person = person.join(" ");
    let person = if person.is_empty() {
        email.to_string()
    } else {
        person
    };
    let person: String = person.chars().take(60).collect();
    let person = Label::new(&person).map_err(|error| HostError::rule(format!("the name {error}")))?;
    let new = NewAccount {
        login: Some(login_of(email.as_str())),
        email: Some(email.to_string()),
        password: Some(password.to_owned()),
        pin: None,
    };
    // Before anything is opened: an address that is taken must not leave a restaurant behind.
    ground
        .identity
        .check_account(person.as_str(), &new)
        .map_err(refused)?;
    let restaurant_id = slugs::add_restaurant(&ground.floors, name.as_str()).await?;
    let restaurant_id =
        restaurant_id.ok_or_else(|| HostError::rule("there are too many restaurants of this name"))?;
    let staff = Arc::new(Staff::operator(Way::Header));
    let pass = ground.identity.enter(&staff, restaurant_id)?;
    let floor = ground.floors.enter(&pass).await?;
    let settings = Settings::named(name);
    floor
        .ask(Command::OpenRestaurant(settings), pass.by("host"), None)
        .await?;
    let details = StaffDetails {
        name: person.clone(),
        roles: vec![Role::Admin],
        active: true,
    };
    let receipt = floor
        .ask(Command::AddStaff(details), pass.by("host"), None)
        .await?;
    let user_id = receipt.change.events.iter().find_map(|it| match it {
        Event::StaffAdded { staff_id, .. } => Some(*staff_id),
        _ => None,
    });
    let user_id = user_id.ok_or_else(HostError::not_found)?;
    ground
        .identity
        .add_account(&staff, user_id, person.as_str(), new)
        .await
        .map_err(refused)?;
    let body = json!({
        "message": "Restaurant registered successfully",
        "restaurant_id": ground.floors.directory().slug(restaurant_id),
        "user_id": user_id,
    });
    Ok(Json(body).into_response())
}

/// A login out of an address: its letters and digits with dots between, and what tells it from others alike.
fn login_of(email: &str) -> String {
    let plain = |it: char| {
        if it.is_ascii_alphanumeric() || it == '-' || it == '_' {
            it
        } else {
            '.'
        }
    };
    let hash = Sha256::digest(email.to_lowercase());
    let told_apart: String = hash[..4].iter().map(|it| format!("{it:02x}")).collect();
    let readable: String = email.chars().map(plain).take(50).collect();
    format!("{readable}-{told_apart}")
}

fn refused(error: PeopleError) -> HostError {
    match error {
        PeopleError::Taken { .. } => HostError::rule("Email already registered"),
        PeopleError::Storage(error) => error.into(),
        other => HostError::rule(other.to_string()),
    }
}

fn person(ground: &Ground, restaurant_id: RestaurantId, staff_id: StaffId) -> Option<Person> {
    ground
        .identity
        .people(restaurant_id)
        .into_iter()
        .find(|it| it.staff_id == staff_id)
}

/// Somebody who showed a credential: a trusted network does not make anybody a person.
async fn signed_in(ground: &Ground, parts: &Parts) -> Result<Arc<Staff>, HostError> {
    let staff = ground.host_caller(parts, None).await?;
    if staff.is_neighbour() {
        return Err(HostError::not_authenticated());
    }
    Ok(staff)
}

fn credential(parts: &Parts) -> Option<Credential> {
    let header = parts.headers.get(header::AUTHORIZATION)?;
    Credential::in_authorization(header.to_str().ok()?)
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

/// The words of this protocol for what somebody may do.
fn role(roles: &[Role]) -> &'static str {
    if roles.contains(&Role::Admin) {
        "owner"
    } else if roles.contains(&Role::Manager) {
        "manager"
    } else {
        "staff"
    }
}
