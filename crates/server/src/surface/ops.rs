//! What an operator's tools ask: health, readiness, metrics.

use crate::surface::v1::V1;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, routing::get};
use serde_json::{Value, json};

/// The routes.
pub fn routes() -> Router<V1> {
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
}

/// The program runs. One body that satisfies the clients of every surface.
async fn health() -> Json<Value> {
    Json(json!({
        "status": "healthy",
        "service": "maitred",
        "version": env!("CARGO_PKG_VERSION"),
        "debug_mode": false,
    }))
}

/// Whether to send clients here: not while draining, and not while the journal is away.
async fn ready(State(v1): State<V1>) -> Response {
    let (status, word) = if v1.is_draining() {
        (StatusCode::SERVICE_UNAVAILABLE, "draining")
    } else if v1.floors.journal().restaurants().await.is_err() {
        (StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable")
    } else {
        (StatusCode::OK, "ready")
    };
    (status, Json(json!({ "status": word }))).into_response()
}

async fn metrics(State(v1): State<V1>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], v1.metrics.render(v1.floors.hub())).into_response()
}
