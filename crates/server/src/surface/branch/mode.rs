//! `settings/restaurant`: whether a branch is a restaurant to programs that serve shops too.

use super::access::{Aim, Asked, Entered, at};
use super::branches::{aim_in_query, mode_of};
use super::error::BranchError;
use super::fields::{Fields, object, query};
use crate::surface::ground::Ground;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use floor::{BusinessType, Command, RestaurantMode, SettingsPatch};

type Answer = Result<Response, BranchError>;

/// What kinds of houses there are.
const TYPES: &[&str] = &["retail", "restaurant", "hybrid"];

/// Makes a branch a restaurant.
#[utoipa::path(post, path = "/api/v1/settings/restaurant/initialize", operation_id = "branch_mode_initialize",
    tag = "branch", params(("branchId" = Option<String>, Query, description = "the branch; else the caller's own")),
    responses(
        (status = 201, description = "`{branchId, businessType, restaurantModeEnabled, isConfigured}`"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or another restaurant's branch"),
    ))]
pub(super) async fn initialize(State(ground): State<Ground>, request: Request) -> Answer {
    let asked = asked(&ground, request, "branch_mode_initialize").await?;
    let patch = SettingsPatch {
        business_type: Some(BusinessType::Restaurant),
        restaurant_mode: Some(RestaurantMode::On),
        ..SettingsPatch::default()
    };
    let shown = write(&ground, &asked.entered, &asked.parts, b"", patch).await?;
    Ok(created(shown))
}

/// Switches a branch's tables on for such programs, or off.
#[utoipa::path(post, path = "/api/v1/settings/restaurant/enable", operation_id = "branch_mode_enable", tag = "branch",
    params(("branchId" = Option<String>, Query, description = "the branch; else the caller's own")),
    request_body = Object,
    responses(
        (status = 201, description = "`{branchId, businessType, restaurantModeEnabled, isConfigured}`"),
        (status = 400, description = "fields that make no sense"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or another restaurant's branch"),
    ))]
pub(super) async fn enable(State(ground): State<Ground>, request: Request) -> Answer {
    let mut asked = asked(&ground, request, "branch_mode_enable").await?;
    let body = ground.read(std::mem::take(&mut asked.body)).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let is_on = fields.boolean("enabled").unwrap_or(true);
    fields.finish()?;
    let mode = if is_on {
        RestaurantMode::On
    } else {
        RestaurantMode::Off
    };
    let patch = SettingsPatch {
        restaurant_mode: Some(mode),
        ..SettingsPatch::default()
    };
    let shown = write(&ground, &asked.entered, &asked.parts, &body, patch).await?;
    Ok(created(shown))
}

/// Says what kind of house a branch is.
#[utoipa::path(put, path = "/api/v1/settings/restaurant/business-type", operation_id = "branch_mode_business_type",
    tag = "branch", params(("branchId" = Option<String>, Query, description = "the branch; else the caller's own")),
    request_body = Object,
    responses(
        (status = 200, description = "`{branchId, businessType, restaurantModeEnabled, isConfigured}`"),
        (status = 400, description = "fields that make no sense"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or another restaurant's branch"),
    ))]
pub(super) async fn business_type(State(ground): State<Ground>, request: Request) -> Answer {
    let mut asked = asked(&ground, request, "branch_mode_business_type").await?;
    let body = ground.read(std::mem::take(&mut asked.body)).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let word = fields.required_choice("businessType", TYPES);
    fields.finish()?;
    let mode = {
        let view = asked.entered.floor.view();
        let settings = view.floor.settings.as_ref();
        settings.map(|it| it.restaurant_mode)
    };
    let patch = SettingsPatch {
        // Now it has been said what the branch is.
        restaurant_mode: mode
            .filter(|it| *it == RestaurantMode::Unset)
            .map(|_| RestaurantMode::On),
        business_type: word.map(|it| match it {
            "retail" => BusinessType::Retail,
            "hybrid" => BusinessType::Hybrid,
            _ => BusinessType::Restaurant,
        }),
        ..SettingsPatch::default()
    };
    write(&ground, &asked.entered, &asked.parts, &body, patch).await
}

async fn asked(ground: &Ground, request: Request, operation: &str) -> Result<Asked, BranchError> {
    let aim = aim_in_query(request.uri().query());
    let asked = ground.branch_asked(request, operation, aim).await?;
    let named = query(asked.parts.uri.query());
    let mut fields = Fields::of(&named);
    fields.id("branchId");
    fields.finish()?;
    match aim {
        Aim::Branch(id) if !asked.entered.is_aim => Err(ground.not_that_branch(&id.to_string())),
        _ => Ok(asked),
    }
}

async fn write(
    ground: &Ground,
    entered: &Entered,
    parts: &Parts,
    body: &[u8],
    patch: SettingsPatch,
) -> Answer {
    let before = ground.asked_before(entered, parts, body).await?;
    let (entered, receipt) = match before {
        Some(before) => before,
        None => {
            let command = Command::ChangeSettings(patch);
            let receipt = entered.ask(ground, parts, body, command).await?;
            (entered.clone(), receipt)
        }
    };
    let floor = entered.floor_after(ground, &receipt).await?;
    Ok(at(receipt.change.seq, mode_of(&floor, entered.restaurant_id())))
}

fn created(mut response: Response) -> Response {
    *response.status_mut() = axum::http::StatusCode::CREATED;
    response
}
