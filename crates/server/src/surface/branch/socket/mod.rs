//! The Socket.IO namespace `/restaurant/tables`: every change of a branch's tables, over WebSocket or polling.
//!
//! Engine.IO 4 carries Socket.IO 5. Both are ours: see `docs/decisions/0013-socket-io.md`.

mod asks;
mod delivery;
mod error;
mod http;
mod line;
mod liveness;
mod namespace;
mod packet;
mod polling;
mod rooms;
mod session;
mod sockets;

pub use error::SocketError;

use crate::surface::ground::Ground;
use axum::Extension;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use sockets::Sockets;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, each with its description. Sessions that poll are known to them, and to nobody else.
pub(super) fn routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(http::get, http::post, http::preflight))
        .routes(routes!(http::client))
        .layer(Extension(Sockets::default()))
}

/// Lets pages of every origin read an answer. Which of them may connect is asked before, and no browser sends
/// credentials along.
fn open_to_all(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
