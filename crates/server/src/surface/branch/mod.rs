//! Branches: their tables, floor plans and sections over REST, and the Socket.IO namespace `/restaurant/tables`.
//!
//! Only translation, into a protocol that a chain's web clients speak already. Its contract is `docs/branch.md`. A
//! branch is a restaurant; what becomes of a table is the floor's to decide.

mod access;
mod auth;
mod branches;
mod error;
mod fields;
mod frames;
mod ids;
mod listing;
mod mode;
mod objects;
mod plan_fields;
mod plan_writes;
mod plans;
mod section_fields;
mod section_writes;
mod sections;
mod socket;
mod table_fields;
mod table_writes;
mod tables;
mod things;
mod words;
mod writes;

pub use error::BranchError;
pub use frames::DIALECT;
pub use socket::SocketError;

use crate::surface::ground::Ground;
use crate::surface::is_under;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, each with its description.
pub(super) fn routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .merge(table_routes())
        .merge(plan_routes())
        .merge(section_routes())
        .merge(other_routes())
        .merge(socket::routes())
}

fn table_routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(tables::list, table_writes::create))
        .routes(routes!(tables::available))
        .routes(routes!(tables::check_availability))
        .routes(routes!(tables::stats))
        .routes(routes!(tables::by_server))
        .routes(routes!(tables::by_section))
        .routes(routes!(tables::by_floor_plan))
        .routes(routes!(tables::by_table_number))
        .routes(routes!(tables::get, table_writes::update, table_writes::delete))
        .routes(routes!(table_writes::status))
        .routes(routes!(table_writes::assign))
        .routes(routes!(table_writes::unassign))
}

fn plan_routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(plans::list, plan_writes::create))
        .routes(routes!(plans::default))
        .routes(routes!(plans::by_branch))
        .routes(routes!(plans::by_name))
        .routes(routes!(plans::get, plan_writes::update, plan_writes::delete))
        .routes(routes!(plans::stats))
        .routes(routes!(plan_writes::layout))
        .routes(routes!(plan_writes::set_default))
        .routes(routes!(plan_writes::duplicate))
}

fn section_routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(sections::list, section_writes::create))
        .routes(routes!(sections::by_branch))
        .routes(routes!(sections::by_floor_plan))
        .routes(routes!(sections::by_name))
        .routes(routes!(
            sections::get,
            section_writes::update,
            section_writes::delete
        ))
        .routes(routes!(sections::stats))
}

fn other_routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(auth::login))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::me))
        .routes(routes!(auth::logout))
        .routes(routes!(branches::list, branches::create))
        .routes(routes!(branches::get_by_code))
        .routes(routes!(branches::get, branches::update, branches::delete))
        .routes(routes!(mode::initialize))
        .routes(routes!(mode::enable))
        .routes(routes!(mode::business_type))
}

/// What the addresses of its REST begin with.
const PREFIX: &str = "/api/v1";
/// The prefix that some clients write twice.
const TWICE: &str = "/api/v1/v1";

/// Whether an address is this surface's, also where nothing is there.
pub(super) fn owns(path: &str) -> bool {
    is_rest(path) || is_socket(path)
}

/// Whether an address is one of its REST. Another surface may have some of them, and is asked first.
pub(super) fn is_rest(path: &str) -> bool {
    is_under(path, PREFIX)
}

/// Whether an address is Socket.IO's.
pub(super) fn is_socket(path: &str) -> bool {
    is_under(path, "/socket.io")
}

/// An address whose prefix is written twice, with it written once: it is the same address.
pub(super) fn once(path: &str) -> Option<String> {
    let rest = path.strip_prefix(TWICE).filter(|_| is_under(path, TWICE))?;
    Some(format!("/api/v1{rest}"))
}
