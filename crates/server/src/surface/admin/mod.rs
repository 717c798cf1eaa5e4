//! The manager's dashboard: every table live over `/admin/ws/dashboard`, and what can be done to one.
//!
//! Only translation, into a protocol that dashboards speak already. Its contract is `docs/admin.md`. Its clients
//! know tables and no turns; what becomes of a table is the floor's to decide.

mod actions;
mod dashboard;
mod error;
mod frames;

pub use error::AdminError;
pub use frames::DIALECT;

use crate::surface::ground::Ground;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, each with its description.
pub(super) fn routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new().routes(routes!(dashboard::dashboard))
}
