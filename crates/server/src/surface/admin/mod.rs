//! The manager's dashboard: every table live over `/admin/ws/dashboard`, what can be done to one, the pages around
//! it, and the REST and HTML that came before it.
//!
//! Only translation, into a protocol that dashboards speak already. Its contract is `docs/admin.md`. Its clients
//! know tables and no turns; what becomes of a table is the floor's to decide.

mod access;
mod actions;
mod calls;
mod dashboard;
mod error;
mod form;
mod frames;
mod grid;
mod older;
mod pages;
mod qr;
mod session;
mod toast;

pub use error::AdminError;
pub use frames::DIALECT;

use crate::surface::ground::Ground;
use crate::surface::is_under;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, each with its description.
pub(super) fn routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(dashboard::dashboard))
        .routes(routes!(pages::root))
        .routes(routes!(pages::login_page, pages::log_in))
        .routes(routes!(pages::dashboard_page))
        .routes(routes!(pages::token))
        .routes(routes!(session::session))
        .routes(routes!(qr::table_code))
        .routes(routes!(calls::list_calls))
        .routes(routes!(calls::resolve_call))
        .merge(older_routes())
}

#[expect(deprecated, reason = "marked so for clients; the server goes on serving them")]
fn older_routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(older::list_tables))
        .routes(routes!(older::tables_grid))
        .routes(routes!(older::close_table))
        .routes(routes!(older::disable_table))
        .routes(routes!(older::enable_table))
        .routes(routes!(older::move_table))
        .routes(routes!(older::restore_table))
}

/// Whether an address is this surface's, also where nothing is there.
pub(super) fn owns(path: &str) -> bool {
    is_under(path, "/admin")
}
