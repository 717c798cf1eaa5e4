//! What an operator's tools ask: health, readiness, metrics.

use crate::surface::ground::Ground;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(health))
        .routes(routes!(ready))
        .routes(routes!(metrics))
}

/// The program runs. One body that satisfies the clients of every surface.
#[derive(Serialize, ToSchema)]
struct Health {
    /// Always `healthy`.
    status: &'static str,
    /// Always `maitred`.
    service: &'static str,
    /// The program's version.
    version: &'static str,
    /// Always false.
    debug_mode: bool,
}

/// Whether clients are welcome.
#[derive(Serialize, ToSchema)]
struct Readiness {
    /// `ready`, `draining` or `storage_unavailable`.
    status: &'static str,
}

/// Says that the program runs.
#[utoipa::path(get, path = "/health", operation_id = "health",
    responses((status = 200, description = "it runs", body = Health)))]
async fn health() -> Json<Health> {
    Json(Health {
        status: "healthy",
        service: "maitred",
        version: env!("CARGO_PKG_VERSION"),
        debug_mode: false,
    })
}

/// Says whether to send clients here: not while draining, and not while the journal is away.
#[utoipa::path(get, path = "/ready", operation_id = "ready",
    responses(
        (status = 200, description = "send clients here", body = Readiness),
        (status = 503, description = "draining, or storage away", body = Readiness),
    ))]
async fn ready(State(ground): State<Ground>) -> Response {
    let (code, status) = if ground.is_draining() {
        (StatusCode::SERVICE_UNAVAILABLE, "draining")
    } else if ground.floors.journal().restaurants().await.is_err() {
        (StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable")
    } else {
        (StatusCode::OK, "ready")
    };
    (code, Json(Readiness { status })).into_response()
}

/// The program's figures, for Prometheus.
#[utoipa::path(get, path = "/metrics", operation_id = "metrics",
    responses((status = 200, description = "the figures", body = String, content_type = "application/openmetrics-text")))]
async fn metrics(State(ground): State<Ground>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    (
        [(header::CONTENT_TYPE, kind)],
        ground.metrics.render(ground.floors.hub()),
    )
        .into_response()
}
