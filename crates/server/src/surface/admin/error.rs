//! The dashboard's way of saying no over HTTP.

use crate::gate::Reached;
use crate::surface::origin::ForeignOrigin;
use crate::surface::websocket::UpgradeError;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An answer that says no.
#[derive(Clone, Debug)]
pub struct AdminError {
    status: StatusCode,
    detail: String,
    retry_after: Option<u16>,
}

impl AdminError {
    fn new(status: StatusCode, detail: impl ToString) -> AdminError {
        AdminError {
            status,
            detail: detail.to_string(),
            retry_after: None,
        }
    }
}

impl IntoResponse for AdminError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(json!({ "detail": self.detail }))).into_response();
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<ForeignOrigin> for AdminError {
    fn from(error: ForeignOrigin) -> AdminError {
        AdminError::new(StatusCode::FORBIDDEN, error)
    }
}

impl From<UpgradeError> for AdminError {
    fn from(error: UpgradeError) -> AdminError {
        AdminError::new(StatusCode::UPGRADE_REQUIRED, error)
    }
}

impl From<Reached> for AdminError {
    fn from(reached: Reached) -> AdminError {
        AdminError {
            retry_after: Some(reached.retry_after),
            ..AdminError::new(StatusCode::TOO_MANY_REQUESTS, reached)
        }
    }
}
