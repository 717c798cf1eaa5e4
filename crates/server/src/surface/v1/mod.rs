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
mod replay;
mod session;
mod settings;
mod stream;
pub mod wire;

pub use access::{DemoSignIn, V1};
pub use contract::{Documented, asyncapi, openapi};
pub use error::{ApiError, ErrorBody};
pub use frames::{DIALECT, ResetReason, flatten};

use axum::Router;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// v1's routes, and the OpenAPI document that describes them.
pub fn routes() -> (Router<V1>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Documented::openapi())
        .routes(routes!(commands::send_command))
        .routes(routes!(floor::get_floor))
        .routes(routes!(changes::get_changes))
        .routes(routes!(stream::open_stream))
        .routes(routes!(settings::get_settings, settings::patch_settings))
        .routes(routes!(session::welcome))
        .routes(routes!(session::sign_in))
        .routes(routes!(session::sign_out))
        .routes(routes!(session::get_me))
        .split_for_parts()
}
