//! Engine.IO's ways of saying no.

use super::open_to_all;
use crate::gate::Reached;
use crate::surface::body::BodyError;
use crate::surface::origin::ForeignOrigin;
use crate::surface::websocket::UpgradeError;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An answer that says no.
#[derive(Clone, Debug)]
pub struct SocketError {
    status: StatusCode,
    code: u8,
    message: String,
    retry_after: Option<u16>,
}

impl SocketError {
    fn new(status: StatusCode, code: u8, message: impl ToString) -> SocketError {
        SocketError {
            status,
            code,
            message: message.to_string(),
            retry_after: None,
        }
    }

    /// Neither polling nor WebSocket.
    pub(super) fn transport() -> SocketError {
        SocketError::new(StatusCode::BAD_REQUEST, 0, "Transport unknown")
    }

    /// There is no such session, or not any more.
    pub(super) fn session() -> SocketError {
        SocketError::new(StatusCode::BAD_REQUEST, 1, "Session ID unknown")
    }

    /// Sessions are opened with GET.
    pub(super) fn handshake() -> SocketError {
        SocketError::new(StatusCode::BAD_REQUEST, 2, "Bad handshake method")
    }

    /// Everything is taken.
    pub(super) fn crowded() -> SocketError {
        SocketError {
            retry_after: Some(5),
            ..SocketError::new(StatusCode::SERVICE_UNAVAILABLE, 3, "too many connections")
        }
    }

    /// Something else is wrong with what was asked.
    pub(super) fn request() -> SocketError {
        SocketError::new(StatusCode::BAD_REQUEST, 3, "Bad request")
    }

    /// Only version 4 is spoken.
    pub(super) fn version() -> SocketError {
        SocketError::new(StatusCode::BAD_REQUEST, 5, "Unsupported protocol version")
    }

    /// There is nothing at this address.
    #[must_use]
    pub fn nothing_here() -> SocketError {
        SocketError::new(StatusCode::NOT_FOUND, 3, "Bad request")
    }

    /// The address has other methods. Engine.IO's own servers do not say 405.
    #[must_use]
    pub fn method(path: &str) -> SocketError {
        let is_engine = path.trim_end_matches('/') == "/socket.io";
        let status = if is_engine {
            StatusCode::BAD_REQUEST
        } else {
            StatusCode::METHOD_NOT_ALLOWED
        };
        SocketError::new(status, 2, "Bad handshake method")
    }

    /// A fault of ours.
    #[must_use]
    pub fn fault() -> SocketError {
        SocketError::new(StatusCode::INTERNAL_SERVER_ERROR, 3, "Internal server error")
    }
}

impl IntoResponse for SocketError {
    fn into_response(self) -> Response {
        let body = json!({ "code": self.code, "message": self.message });
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        open_to_all(response)
    }
}

impl From<ForeignOrigin> for SocketError {
    fn from(_: ForeignOrigin) -> SocketError {
        SocketError::new(StatusCode::FORBIDDEN, 4, "Forbidden")
    }
}

impl From<Reached> for SocketError {
    fn from(reached: Reached) -> SocketError {
        SocketError {
            retry_after: Some(reached.retry_after),
            ..SocketError::new(StatusCode::TOO_MANY_REQUESTS, 3, reached)
        }
    }
}

impl From<UpgradeError> for SocketError {
    fn from(_: UpgradeError) -> SocketError {
        SocketError::request()
    }
}

impl From<BodyError> for SocketError {
    fn from(error: BodyError) -> SocketError {
        let status = match error {
            BodyError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            BodyError::Broken => StatusCode::BAD_REQUEST,
            BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT,
        };
        SocketError::new(status, 3, error)
    }
}
