//! `GET` and `PATCH /v1/restaurants/{restaurant}/settings`.

use super::access::{Asked, Entered, MinSeq};
use super::commands::{X_SEQ, key_header, prepare, read_body};
use super::error::{ApiError, ErrorBody};
use super::wire;
use crate::surface::ground::Ground;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName};
use floor::{Command, Event, Refusal, Settings, SettingsPatch};

/// The restaurant's settings.
#[utoipa::path(get, path = "/v1/restaurants/{restaurant}/settings", operation_id = "get_settings",
    params(("restaurant" = String, Path, description = "slug or integer id")),
    responses(
        (status = 200, description = "the settings", body = Settings),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
    ))]
pub(super) async fn get_settings(
    State(ground): State<Ground>,
    entered: Entered,
    Asked(min_seq): Asked<MinSeq>,
    headers: HeaderMap,
) -> Result<([(HeaderName, String); 1], Json<Settings>), ApiError> {
    let view = entered.view(&headers, &min_seq).await?;
    let settings = view.floor.settings.clone().ok_or(Refusal::RestaurantNotOpen)?;
    let settings = in_full(&ground, settings);
    Ok(([(X_SEQ, view.seq.to_string())], Json(settings)))
}

/// Changes settings; those left out stay.
#[utoipa::path(patch, path = "/v1/restaurants/{restaurant}/settings", operation_id = "patch_settings",
    params(("restaurant" = String, Path, description = "slug or integer id")),
    request_body = SettingsPatch,
    responses(
        (status = 200, description = "the settings now", body = Settings),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not allowed", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
        (status = 503, description = "storage away, nothing was changed", body = ErrorBody),
    ))]
pub(super) async fn patch_settings(
    State(ground): State<Ground>,
    entered: Entered,
    headers: HeaderMap,
    body: Body,
) -> Result<([(HeaderName, String); 1], Json<Settings>), ApiError> {
    let patch: SettingsPatch = wire::read(&read_body(&ground, body).await?)?;
    let entered = entered.still(&ground)?;
    let command = Command::ChangeSettings(patch);
    let asked = prepare(&ground.gate, &entered.pass, command, key_header(&headers)?)?;
    let receipt = entered.floor.ask(asked.command, asked.by, asked.key).await?;
    let changed = receipt.change.events.iter().find_map(|it| match it {
        Event::SettingsChanged { settings } => Some(settings.clone()),
        _ => None,
    });
    let settings = in_full(&ground, changed.ok_or(Refusal::RestaurantNotOpen)?);
    Ok(([(X_SEQ, receipt.change.seq.to_string())], Json(settings)))
}

/// The settings with what holds where the restaurant says nothing.
fn in_full(ground: &Ground, settings: Settings) -> Settings {
    let usual = u16::try_from(ground.limits.dashboard_connections).unwrap_or(u16::MAX);
    Settings {
        dashboard_connections: settings.dashboard_connections.or(Some(usual)),
        ..settings
    }
}
