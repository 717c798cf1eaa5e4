//! `/v1/restaurants` and `/v1/signing-keys`: what only the operator does.

use super::{ApiError, Caller, ErrorBody, Ground};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use floor::{Command, Currency, Label, RestaurantId, Settings, ZoneName};
use jiff::Timestamp;
use journal::AddRestaurantError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A restaurant of this program.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct RestaurantLine {
    /// Its id.
    pub id: RestaurantId,
    /// Its slug.
    pub slug: String,
    /// The last change in its journal.
    pub head: floor::Seq,
    /// When it was removed, if it was.
    pub removed_at: Option<Timestamp>,
}

/// Every restaurant, by id.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct RestaurantList {
    /// The restaurants, removed ones too.
    pub restaurants: Vec<RestaurantLine>,
}

/// A restaurant to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct NewRestaurantBody {
    /// Its short name in addresses: 1 to 60 small letters, digits and dashes, not only digits.
    pub slug: String,
    /// What guests call it.
    pub name: Label,
    /// Its IANA time zone; UTC when absent.
    #[serde(default)]
    pub time_zone: Option<ZoneName>,
    /// Its currency, as an ISO 4217 code; USD when absent.
    #[serde(default)]
    pub currency: Option<Currency>,
}

/// How to put a new signing key in place.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct NewSigningKeyBody {
    /// True after a theft: what was signed before is worth nothing from now on.
    #[serde(default)]
    pub at_once: bool,
}

/// A signing key's public name.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct SigningKeyLine {
    /// The name.
    pub kid: String,
}

/// Every restaurant of this program.
#[utoipa::path(get, path = "/v1/restaurants", operation_id = "get_restaurants",
    responses(
        (status = 200, description = "the restaurants", body = RestaurantList),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not the operator", body = ErrorBody),
    ))]
pub(in super::super) async fn get_restaurants(
    State(ground): State<Ground>,
    caller: Caller,
) -> Result<Json<RestaurantList>, ApiError> {
    caller.operating()?;
    let journal = ground.floors.journal();
    let mut restaurants = Vec::new();
    for entry in journal.restaurants().await? {
        restaurants.push(RestaurantLine {
            head: journal.head(entry.id).await?,
            id: entry.id,
            slug: entry.slug,
            removed_at: entry.removed_at,
        });
    }
    Ok(Json(RestaurantList { restaurants }))
}

/// Opens a new restaurant.
#[utoipa::path(post, path = "/v1/restaurants", operation_id = "add_restaurant", request_body = NewRestaurantBody,
    responses(
        (status = 200, description = "opened", body = RestaurantLine),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not the operator", body = ErrorBody),
        (status = 409, description = "slug in use", body = ErrorBody),
    ))]
pub(in super::super) async fn add_restaurant(
    State(ground): State<Ground>,
    caller: Caller,
    body: Body,
) -> Result<Json<RestaurantLine>, ApiError> {
    let caller = caller.operating()?;
    let body: NewRestaurantBody = caller.read(&ground, body).await?;
    let Caller(staff) = caller;
    check_slug(&body.slug)?;
    let named = Settings::named(body.name);
    let settings = Settings {
        time_zone: body.time_zone.unwrap_or(named.time_zone.clone()),
        currency: body.currency.unwrap_or(named.currency.clone()),
        ..named
    };
    let id = ground
        .floors
        .add_restaurant(&body.slug)
        .await
        .map_err(|error| match error {
            AddRestaurantError::SlugInUse { .. } => {
                ApiError::new(StatusCode::CONFLICT, "slug_in_use", error.to_string()).in_field("slug")
            }
            AddRestaurantError::Storage(error) => error.into(),
        })?;
    let pass = ground.identity.enter(&staff, id)?;
    let floor = ground.floors.enter(&pass).await?;
    let receipt = floor
        .ask(Command::OpenRestaurant(settings), pass.by("operator"), None)
        .await?;
    Ok(Json(RestaurantLine {
        id,
        slug: body.slug,
        head: receipt.change.seq,
        removed_at: None,
    }))
}

/// Takes a restaurant away: nobody enters it any more, and whoever is connected is told to go. Its journal
/// stays.
#[utoipa::path(delete, path = "/v1/restaurants/{restaurant}", operation_id = "remove_restaurant",
    params(("restaurant" = String, Path, description = "slug or integer id")),
    responses(
        (status = 204, description = "removed"),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not the operator", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
    ))]
pub(in super::super) async fn remove_restaurant(
    State(ground): State<Ground>,
    caller: Caller,
    Path(restaurant): Path<String>,
) -> Result<StatusCode, ApiError> {
    ground.set_removed(caller, &restaurant, true).await
}

/// Lets a restaurant that was removed be there again.
#[utoipa::path(post, path = "/v1/restaurants/{restaurant}/reopen", operation_id = "reopen_restaurant",
    params(("restaurant" = String, Path, description = "slug or integer id")),
    responses(
        (status = 204, description = "there again"),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not the operator", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
    ))]
pub(in super::super) async fn reopen_restaurant(
    State(ground): State<Ground>,
    caller: Caller,
    Path(restaurant): Path<String>,
) -> Result<StatusCode, ApiError> {
    ground.set_removed(caller, &restaurant, false).await
}

/// Signs tokens with a fresh key from now on.
#[utoipa::path(post, path = "/v1/signing-keys", operation_id = "rotate_signing_key", request_body = NewSigningKeyBody,
    responses(
        (status = 200, description = "in place", body = SigningKeyLine),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not the operator", body = ErrorBody),
        (status = 409, description = "the configured secret signs", body = ErrorBody),
    ))]
pub(in super::super) async fn rotate_signing_key(
    State(ground): State<Ground>,
    caller: Caller,
    body: Body,
) -> Result<Json<SigningKeyLine>, ApiError> {
    let caller = caller.operating()?;
    let body: NewSigningKeyBody = caller.read(&ground, body).await?;
    let Caller(staff) = caller;
    let kid = ground.identity.rotate_signing_key(&staff, body.at_once).await?;
    let kid = kid.ok_or_else(|| {
        let message = "tokens are signed with the configured secret: change it in the configuration";
        ApiError::new(StatusCode::CONFLICT, "shared_secret", message)
    })?;
    Ok(Json(SigningKeyLine { kid }))
}

impl Ground {
    async fn set_removed(
        &self,
        caller: Caller,
        restaurant: &str,
        is_removed: bool,
    ) -> Result<StatusCode, ApiError> {
        let Caller(staff) = caller.operating()?;
        let found = self.floors.directory().find_removed_too(restaurant);
        let restaurant_id = found.ok_or(crate::identity::NoPass::OutOfReach)?;
        self.identity
            .set_removed(&staff, restaurant_id, is_removed)
            .await?;
        Ok(StatusCode::NO_CONTENT)
    }
}

fn check_slug(slug: &str) -> Result<(), ApiError> {
    let is_slug_char = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    let is_number = slug.chars().all(|it| it.is_ascii_digit());
    if (1..=60).contains(&slug.len()) && slug.chars().all(is_slug_char) && !is_number {
        return Ok(());
    }
    let message = "slug must have 1 to 60 small letters, digits and dashes, and must not be a number";
    Err(ApiError::bad("bad_value", "slug", message))
}
