//! The host stand: guests, tables and transactions over REST, and `/realtime`.
//!
//! Only translation, into a protocol that tablets speak already. Its contract is `docs/host.md`. What it asks of a
//! floor are writes that say how things are to be; the rules are the floor's.

mod access;
mod atomic;
mod auth;
mod error;
mod fields;
mod frames;
mod guests;
mod objects;
mod reading;
mod realtime;
mod steps;
mod sync;
mod tables;
mod words;

pub use error::HostError;
pub use frames::DIALECT;

use crate::surface::ground::Ground;
use crate::surface::is_under;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, each with its description.
pub(super) fn routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(guests::list_guests, guests::create_guest))
        .routes(routes!(
            guests::get_guest,
            guests::put_guest,
            guests::patch_guest,
            guests::delete_guest
        ))
        .routes(routes!(tables::list_tables, tables::create_table))
        .routes(routes!(
            tables::put_table,
            tables::patch_table,
            tables::delete_table
        ))
        .routes(routes!(tables::clear_table))
        .routes(routes!(atomic::transact))
        .routes(routes!(atomic::batch_update))
        .routes(routes!(realtime::realtime))
        .routes(routes!(auth::login))
        .routes(routes!(auth::me))
        .routes(routes!(auth::logout))
        .routes(routes!(auth::register))
        .routes(routes!(sync::sync_full))
        .routes(routes!(sync::sync_delta))
        .routes(routes!(sync::dashboard))
        .routes(routes!(sync::dashboard_data))
}

/// Whether an address is this surface's, also where nothing is there.
pub(super) fn owns(path: &str) -> bool {
    let prefixes = [
        "/restaurants",
        "/transactions",
        "/api/sync",
        "/realtime",
        "/auth",
        "/api/v1/dashboard",
    ];
    prefixes.into_iter().any(|it| is_under(path, it))
}
