//! Our own API: commands, the floor now and in the past, its changes, and the stream.
//!
//! Only translation: parse, ask, render. The contract is in `docs/protocol.md`, made checkable in
//! `docs/openapi.json` and `docs/asyncapi.json`.

mod access;
mod changes;
mod commands;
mod contract;
mod error;
mod floor;
mod frames;
mod json;
mod listener;
mod manage;
mod me;
mod replay;
mod session;
mod settings;
mod stream;
mod wait;
pub mod wire;

pub(super) use contract::{asyncapi, openapi};
pub use error::{ApiError, ErrorBody};
pub use frames::{DIALECT, ResetReason, flatten};

use crate::surface::ground::Ground;
use contract::Documented;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// v1's routes, each with its description.
pub(super) fn routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::with_openapi(Documented::openapi())
        .routes(routes!(commands::send_command))
        .routes(routes!(floor::get_floor))
        .routes(routes!(changes::get_changes))
        .routes(routes!(wait::get_wait))
        .routes(routes!(stream::open_stream))
        .routes(routes!(settings::get_settings, settings::patch_settings))
        .routes(routes!(session::welcome))
        .routes(routes!(session::sign_in))
        .routes(routes!(session::sign_out))
        .routes(routes!(session::sign_in_with_pin))
        .routes(routes!(session::refresh))
        .routes(routes!(me::get_me))
        .routes(routes!(me::get_my_sign_ins))
        .routes(routes!(me::end_my_sign_in))
        .routes(routes!(me::change_my_password))
        .routes(routes!(me::change_my_pin))
        .routes(routes!(
            manage::people::get_staff,
            manage::people::add_staff_account
        ))
        .routes(routes!(manage::people::change_staff_account))
        .routes(routes!(manage::people::set_staff_password))
        .routes(routes!(manage::people::set_staff_pin))
        .routes(routes!(manage::people::end_staff_sign_ins))
        .routes(routes!(manage::people::mint_token))
        .routes(routes!(manage::keys::get_keys, manage::keys::add_key))
        .routes(routes!(manage::keys::revoke_key))
        .routes(routes!(
            manage::devices::get_devices,
            manage::devices::enrol_device
        ))
        .routes(routes!(manage::devices::revoke_device))
        .routes(routes!(manage::audit::get_audit))
        .routes(routes!(
            manage::restaurants::get_restaurants,
            manage::restaurants::add_restaurant
        ))
        .routes(routes!(manage::restaurants::remove_restaurant))
        .routes(routes!(manage::restaurants::reopen_restaurant))
        .routes(routes!(manage::restaurants::rotate_signing_key))
}
