//! Guests with their phones: they scan the code on a table, call, and are told when the table is closed.
//!
//! Only translation, into a protocol that their pages speak already. Its contract is `docs/admin.md`, beside the
//! dashboards that hear of it. A guest may do what is their own turn's, and nothing else.

mod access;
mod call;
mod error;
mod frames;
mod scan;
mod socket;

pub use error::GuestError;
pub use frames::DIALECT;

use crate::surface::ground::Ground;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, each with its description.
pub(super) fn routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(scan::scan))
        .routes(routes!(call::call))
        .routes(routes!(socket::socket))
}

/// Whether an address is this surface's.
pub(super) fn owns(path: &str) -> bool {
    ["/table_session", "/waiter_request", "/ws/session"].contains(&path.trim_end_matches('/'))
}
