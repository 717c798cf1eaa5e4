//! The documents that describe the program's routes, made from the routes themselves.

use crate::surface::ground::Ground;
use crate::surface::v1;
use axum::{Extension, Json};
use serde_json::Value;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What is served below `/docs`.
#[derive(Debug)]
pub struct Documents {
    /// Every route there is, and what it answers.
    pub openapi: Value,
    /// What v1's stream says.
    pub asyncapi: Value,
}

impl Documents {
    pub(super) fn of(routes: &utoipa::openapi::OpenApi) -> Documents {
        let openapi = v1::openapi(routes);
        let asyncapi = v1::asyncapi(&openapi);
        Documents { openapi, asyncapi }
    }
}

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(openapi))
        .routes(routes!(asyncapi))
}

type Kept = Extension<Arc<Documents>>;

/// This document.
#[utoipa::path(get, path = "/docs/openapi.json", operation_id = "get_openapi",
    responses((status = 200, description = "every route, as OpenAPI", body = Object)))]
async fn openapi(Extension(documents): Kept) -> Json<Value> {
    Json(documents.openapi.clone())
}

/// The stream, as a document.
#[utoipa::path(get, path = "/docs/asyncapi.json", operation_id = "get_asyncapi",
    responses((status = 200, description = "v1's stream, as AsyncAPI", body = Object)))]
async fn asyncapi(Extension(documents): Kept) -> Json<Value> {
    Json(documents.asyncapi.clone())
}
