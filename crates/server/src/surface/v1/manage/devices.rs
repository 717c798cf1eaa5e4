//! `/v1/restaurants/{restaurant}/devices`: tablets of the house, on which a PIN is enough.

use super::session::{Stranger, cookie_header, device_token, no_store};
use super::{ApiError, Entered, ErrorBody, Ground};
use crate::rights::Right;
use crate::surface::v1::access::DEVICE_COOKIE;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use journal::Device;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A device of the house.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct DeviceEntry {
    /// Its id.
    pub device_id: u64,
    /// What people call it.
    pub name: String,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
    /// When it was taken out.
    pub revoked_at: Option<Timestamp>,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Its token, for the header `X-Device`: in the answer that enrols it, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// The devices, by id; those taken out too.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct DeviceList {
    /// The devices.
    pub devices: Vec<DeviceEntry>,
}

/// A device to be enrolled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct NewDeviceBody {
    /// What people call it, 1 to 60 characters.
    pub name: String,
}

/// How long a browser keeps being a device.
const COOKIE_LIFE: SignedDuration = SignedDuration::from_hours(24 * 400);

impl DeviceEntry {
    fn of(row: Device, current: bool, token: Option<String>) -> DeviceEntry {
        DeviceEntry {
            current,
            revoked_at: row.revoked_at,
            device_id: row.device_id,
            name: row.name,
            enrolled_at: row.enrolled_at,
            token,
        }
    }
}

/// The devices of the house.
#[utoipa::path(get, path = "/v1/restaurants/{restaurant}/devices", operation_id = "get_devices",
    params(("restaurant" = String, Path, description = "slug or integer id")),
    responses(
        (status = 200, description = "the devices", body = DeviceList),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "neither admin nor manager", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
    ))]
pub(in super::super) async fn get_devices(
    State(ground): State<Ground>,
    entered: Entered,
    headers: HeaderMap,
) -> Result<Json<DeviceList>, ApiError> {
    let pass = entered.with(Right::Devices)?.pass;
    let asking = device_token(&headers).and_then(|it| ground.identity.device(&it));
    let devices = ground.identity.devices(pass.restaurant_id()).into_iter();
    let entry = |it: Device| {
        let current = asking
            .as_ref()
            .is_some_and(|asking| asking.device_id == it.device_id);
        DeviceEntry::of(it, current, None)
    };
    Ok(Json(DeviceList {
        devices: devices.map(entry).collect(),
    }))
}

/// Enrols the device that asks: its browser gets a cookie, other clients use the token.
#[utoipa::path(post, path = "/v1/restaurants/{restaurant}/devices", operation_id = "enrol_device",
    params(("restaurant" = String, Path, description = "slug or integer id")),
    request_body = NewDeviceBody,
    responses(
        (status = 200, description = "enrolled", body = DeviceEntry),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "neither admin nor manager", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
        (status = 409, description = "name in use, or too many", body = ErrorBody),
    ))]
pub(in super::super) async fn enrol_device(
    State(ground): State<Ground>,
    entered: Entered,
    caller: Stranger,
    body: Body,
) -> Result<(HeaderMap, Json<DeviceEntry>), ApiError> {
    let (entered, body) = entered
        .read::<NewDeviceBody>(&ground, body, Right::Devices)
        .await?;
    let pass = entered.pass;
    let shown = ground
        .identity
        .enrol(pass.staff(), pass.restaurant_id(), &body.name)
        .await?;
    let cookie = cookie_header(DEVICE_COOKIE, &shown.secret, COOKIE_LIFE, caller.is_https);
    let entry = DeviceEntry::of(shown.row, true, Some(shown.secret));
    Ok((no_store([cookie]), Json(entry)))
}

/// Takes a device out. Sign-ins that were made on it end.
#[utoipa::path(delete, path = "/v1/restaurants/{restaurant}/devices/{device_id}", operation_id = "revoke_device",
    params(
        ("restaurant" = String, Path, description = "slug or integer id"),
        ("device_id" = u64, Path, description = "the device"),
    ),
    responses(
        (status = 204, description = "taken out"),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "neither admin nor manager", body = ErrorBody),
        (status = 404, description = "unknown restaurant or device", body = ErrorBody),
    ))]
pub(in super::super) async fn revoke_device(
    State(ground): State<Ground>,
    entered: Entered,
    Path((_, device_id)): Path<(String, u64)>,
) -> Result<StatusCode, ApiError> {
    let pass = entered.with(Right::Devices)?.pass;
    let restaurant_id = pass.restaurant_id();
    ground
        .identity
        .revoke_device(pass.staff(), restaurant_id, device_id)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
