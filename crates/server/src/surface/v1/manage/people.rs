//! `/v1/restaurants/{restaurant}/staff`: who works here, and how they sign in.

use super::session::SignedIn;
use super::{ApiError, Entered, ErrorBody, Ground};
use crate::floors::{AskError, OpenFloor};
use crate::identity::{AccountPatch, NewAccount, Pass, PeopleError, Person};
use crate::rights::Right;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use floor::{Command, Event, Label, Role, StaffAdmission, StaffDetails, StaffId, StaffPatch};
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// Somebody who works here, and how they sign in.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct StaffEntry {
    /// Who.
    pub staff_id: StaffId,
    /// The name colleagues use.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Whether they work here now.
    pub active: bool,
    /// What they type to sign in; null while they cannot.
    pub login: Option<String>,
    /// What they may type instead.
    pub email: Option<String>,
    /// Whether they have a password.
    pub has_password: bool,
    /// Whether they have a PIN.
    pub has_pin: bool,
}

/// Everybody who works or has worked here, by id.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct StaffList {
    /// The people.
    pub staff: Vec<StaffEntry>,
}

/// Somebody new. With a login, password or PIN they can sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct NewStaffBody {
    /// The name colleagues use; unique in the restaurant.
    pub name: Label,
    /// What they may do, at least one.
    pub roles: Vec<Role>,
    /// What they type to sign in; made from the name when absent.
    #[serde(default)]
    pub login: Option<String>,
    /// What they may type instead.
    #[serde(default)]
    pub email: Option<String>,
    /// 8 to 200 characters.
    #[serde(default)]
    pub password: Option<String>,
    /// Four to eight digits.
    #[serde(default)]
    pub pin: Option<String>,
    /// Somebody who works in another restaurant already; for the operator only.
    #[serde(default)]
    pub staff_id: Option<StaffId>,
}

/// What changes about somebody; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct StaffPatchBody {
    /// The name colleagues use.
    #[serde(default)]
    pub name: Option<Label>,
    /// What they may do.
    #[serde(default)]
    pub roles: Option<Vec<Role>>,
    /// Whether they work here now.
    #[serde(default)]
    pub active: Option<bool>,
    /// What they type to sign in.
    #[serde(default)]
    pub login: Option<String>,
    /// What they may type instead; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Option<String>>,
}

/// A password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct PasswordBody {
    /// 8 to 200 characters.
    pub password: String,
}

/// A PIN.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct NewPinBody {
    /// Four to eight digits.
    pub pin: String,
}

/// For whom a token is wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct TokenBody {
    /// Who.
    pub staff_id: StaffId,
    /// How long it lives, 1 to 31622400; an hour when absent.
    #[serde(default)]
    pub seconds: Option<u32>,
}

fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl From<Person> for StaffEntry {
    fn from(it: Person) -> StaffEntry {
        StaffEntry {
            staff_id: it.staff_id,
            name: it.name,
            roles: it.roles,
            active: it.active,
            login: it.login,
            email: it.email,
            has_password: it.has_password,
            has_pin: it.has_pin,
        }
    }
}

/// Everybody who works or has worked here.
#[utoipa::path(get, path = "/v1/restaurants/{restaurant}/staff", operation_id = "get_staff",
    params(("restaurant" = String, Path, description = "slug or integer id")),
    responses(
        (status = 200, description = "the people", body = StaffList),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not an admin", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
    ))]
pub(in super::super) async fn get_staff(
    State(ground): State<Ground>,
    entered: Entered,
) -> Result<Json<StaffList>, ApiError> {
    let entered = entered.with(Right::People)?;
    let people = ground.identity.people(entered.pass.restaurant_id());
    Ok(Json(StaffList {
        staff: people.into_iter().map(StaffEntry::from).collect(),
    }))
}

/// Hires somebody, with a way to sign in if one is given.
#[utoipa::path(post, path = "/v1/restaurants/{restaurant}/staff", operation_id = "add_staff_account",
    params(("restaurant" = String, Path, description = "slug or integer id")),
    request_body = NewStaffBody,
    responses(
        (status = 200, description = "hired", body = StaffEntry),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not an admin", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
        (status = 409, description = "name, login or e-mail in use", body = ErrorBody),
    ))]
pub(in super::super) async fn add_staff_account(
    State(ground): State<Ground>,
    entered: Entered,
    body: Body,
) -> Result<Json<StaffEntry>, ApiError> {
    let (entered, body) = entered.read::<NewStaffBody>(&ground, body, Right::People).await?;
    let Entered { pass, floor } = entered;
    let account = NewAccount {
        login: body.login,
        email: body.email,
        password: body.password,
        pin: body.pin,
    };
    if let Some(staff_id) = body.staff_id {
        if !pass.has(Right::Operate) {
            return Err(ApiError::not_allowed());
        }
        if account.is_some() {
            if ground.identity.has_account(staff_id) {
                return Err(PeopleError::HasLogin.into());
            }
            ground.identity.check_account(body.name.as_str(), &account)?;
        }
        let name = body.name.clone();
        let admitted = StaffAdmission {
            staff_id,
            name: body.name,
            roles: body.roles,
            active: true,
        };
        change(&floor, &pass, Command::AdmitStaff(admitted)).await?;
        if account.is_some() {
            let name = name.as_str();
            ground
                .identity
                .add_account(pass.staff(), staff_id, name, account)
                .await?;
        }
        return ground.person(&pass, staff_id);
    }
    let name = body.name.clone();
    if account.is_some() {
        // Before anybody is hired: a login that is taken must not leave somebody behind without one.
        ground.identity.check_account(name.as_str(), &account)?;
    }
    let details = StaffDetails {
        name: body.name,
        roles: body.roles,
        active: true,
    };
    let events = change(&floor, &pass, Command::AddStaff(details)).await?;
    let hired = events.iter().find_map(|it| match it {
        Event::StaffAdded { staff_id, .. } => Some(*staff_id),
        _ => None,
    });
    let staff_id = hired.ok_or(PeopleError::Unknown)?;
    if account.is_some() {
        ground
            .identity
            .add_account(pass.staff(), staff_id, name.as_str(), account)
            .await?;
    }
    ground.person(&pass, staff_id)
}

/// Changes somebody: name, roles, whether they work here, how they sign in.
#[utoipa::path(patch, path = "/v1/restaurants/{restaurant}/staff/{staff_id}", operation_id = "change_staff_account",
    params(
        ("restaurant" = String, Path, description = "slug or integer id"),
        ("staff_id" = u64, Path, description = "who"),
    ),
    request_body = StaffPatchBody,
    responses(
        (status = 200, description = "changed", body = StaffEntry),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not an admin, or they work elsewhere too", body = ErrorBody),
        (status = 404, description = "unknown restaurant or person", body = ErrorBody),
        (status = 409, description = "name, login or e-mail in use", body = ErrorBody),
    ))]
pub(in super::super) async fn change_staff_account(
    State(ground): State<Ground>,
    entered: Entered,
    Path((_, staff_id)): Path<(String, u64)>,
    body: Body,
) -> Result<Json<StaffEntry>, ApiError> {
    let staff_id = StaffId(staff_id);
    let (entered, body) = entered
        .read::<StaffPatchBody>(&ground, body, Right::People)
        .await?;
    let Entered { pass, floor } = entered;
    if body.login.is_some() || body.email.is_some() {
        let patch = AccountPatch {
            login: body.login,
            email: body.email,
        };
        let restaurant_id = pass.restaurant_id();
        ground
            .identity
            .change_account(pass.staff(), restaurant_id, staff_id, patch)
            .await?;
    }
    if body.name.is_some() || body.roles.is_some() || body.active.is_some() {
        let patch = StaffPatch {
            staff_id,
            name: body.name,
            roles: body.roles,
            active: body.active,
        };
        change(&floor, &pass, Command::UpdateStaff(patch)).await?;
    }
    ground.person(&pass, staff_id)
}

/// Sets somebody's password, and ends their sign-ins. Gives them a login if they have none.
#[utoipa::path(put, path = "/v1/restaurants/{restaurant}/staff/{staff_id}/password", operation_id = "set_staff_password",
    params(
        ("restaurant" = String, Path, description = "slug or integer id"),
        ("staff_id" = u64, Path, description = "who"),
    ),
    request_body = PasswordBody,
    responses(
        (status = 204, description = "set"),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not an admin, or they work elsewhere too", body = ErrorBody),
        (status = 404, description = "unknown restaurant or person", body = ErrorBody),
        (status = 409, description = "a login made from the name is taken", body = ErrorBody),
    ))]
pub(in super::super) async fn set_staff_password(
    State(ground): State<Ground>,
    entered: Entered,
    Path((_, staff_id)): Path<(String, u64)>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let (entered, body) = entered.read::<PasswordBody>(&ground, body, Right::People).await?;
    let pass = entered.pass;
    let identity = &ground.identity;
    let restaurant_id = pass.restaurant_id();
    identity
        .set_password(pass.staff(), restaurant_id, StaffId(staff_id), &body.password)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets somebody's PIN, and ends the sign-ins by PIN. Gives them a login if they have none.
#[utoipa::path(put, path = "/v1/restaurants/{restaurant}/staff/{staff_id}/pin", operation_id = "set_staff_pin",
    params(
        ("restaurant" = String, Path, description = "slug or integer id"),
        ("staff_id" = u64, Path, description = "who"),
    ),
    request_body = NewPinBody,
    responses(
        (status = 204, description = "set"),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not an admin, or they work elsewhere too", body = ErrorBody),
        (status = 404, description = "unknown restaurant or person", body = ErrorBody),
        (status = 409, description = "a login made from the name is taken", body = ErrorBody),
    ))]
pub(in super::super) async fn set_staff_pin(
    State(ground): State<Ground>,
    entered: Entered,
    Path((_, staff_id)): Path<(String, u64)>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let (entered, body) = entered.read::<NewPinBody>(&ground, body, Right::People).await?;
    let pass = entered.pass;
    let identity = &ground.identity;
    let restaurant_id = pass.restaurant_id();
    identity
        .set_pin(pass.staff(), restaurant_id, StaffId(staff_id), &body.pin)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all of somebody's sign-ins.
#[utoipa::path(delete, path = "/v1/restaurants/{restaurant}/staff/{staff_id}/sign-ins", operation_id = "end_staff_sign_ins",
    params(
        ("restaurant" = String, Path, description = "slug or integer id"),
        ("staff_id" = u64, Path, description = "who"),
    ),
    responses(
        (status = 204, description = "ended"),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not an admin, or they work elsewhere too", body = ErrorBody),
        (status = 404, description = "unknown restaurant or person", body = ErrorBody),
    ))]
pub(in super::super) async fn end_staff_sign_ins(
    State(ground): State<Ground>,
    entered: Entered,
    Path((_, staff_id)): Path<(String, u64)>,
) -> Result<StatusCode, ApiError> {
    let pass = entered.with(Right::People)?.pass;
    let identity = &ground.identity;
    identity
        .end_sign_ins_of(pass.staff(), pass.restaurant_id(), StaffId(staff_id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes an access token for somebody who works here, good in this restaurant only, for a while.
#[utoipa::path(post, path = "/v1/restaurants/{restaurant}/tokens", operation_id = "mint_token",
    params(("restaurant" = String, Path, description = "slug or integer id")),
    request_body = TokenBody,
    responses(
        (status = 200, description = "the token, shown once", body = SignedIn),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not an admin", body = ErrorBody),
        (status = 404, description = "unknown restaurant or person", body = ErrorBody),
        (status = 409, description = "this person cannot sign in", body = ErrorBody),
    ))]
pub(in super::super) async fn mint_token(
    State(ground): State<Ground>,
    entered: Entered,
    body: Body,
) -> Result<Response, ApiError> {
    let (entered, body) = entered.read::<TokenBody>(&ground, body, Right::People).await?;
    let pass = entered.pass;
    let life = SignedDuration::from_secs(body.seconds.unwrap_or(3_600).into());
    let minted = ground
        .identity
        .mint(pass.staff(), pass.restaurant_id(), body.staff_id, life);
    ground.signed_in(minted.await?, false).await
}

impl Ground {
    fn person(&self, pass: &Pass, staff_id: StaffId) -> Result<Json<StaffEntry>, ApiError> {
        let people = self.identity.people(pass.restaurant_id());
        let person = people.into_iter().find(|it| it.staff_id == staff_id);
        Ok(Json(person.ok_or(PeopleError::Unknown)?.into()))
    }
}

async fn change(floor: &OpenFloor, pass: &Pass, command: Command) -> Result<Vec<Event>, AskError> {
    let receipt = floor.ask(command, pass.by("v1"), None).await?;
    Ok(receipt.change.events.clone())
}
