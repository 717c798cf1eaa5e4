//! The guests' way of saying no.

use crate::floors::AskError;
use crate::gate::Reached;
use crate::identity::{CredentialError, NoPass};
use crate::surface::body::BodyError;
use crate::surface::once::BadKey;
use crate::surface::origin::ForeignOrigin;
use crate::surface::websocket::UpgradeError;
use crate::surface::words::coded;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use floor::{Refusal, RefusalKind};
use journal::StorageError;
use serde_json::json;

/// An answer that says no.
#[derive(Clone, Debug)]
pub struct GuestError {
    status: StatusCode,
    code: &'static str,
    detail: String,
    retry_after: Option<u16>,
}

impl GuestError {
    pub(super) fn new(status: StatusCode, code: &'static str, detail: impl ToString) -> GuestError {
        GuestError {
            status,
            code,
            detail: detail.to_string(),
            retry_after: None,
        }
    }

    /// A field that makes no sense.
    pub(super) fn field(field: &str, problem: &str) -> GuestError {
        let detail = format!("{field} {problem}");
        GuestError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", detail)
    }

    pub(super) fn no_table() -> GuestError {
        GuestError::new(StatusCode::NOT_FOUND, "table_not_found", "Table not found")
    }

    pub(super) fn closed() -> GuestError {
        let detail = "The table was closed: scan the code again or ask the staff";
        GuestError::new(StatusCode::GONE, "session_closed", detail)
    }

    /// This address has other methods.
    #[must_use]
    pub fn method_not_allowed() -> GuestError {
        GuestError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "this address has other methods",
        )
    }

    /// A fault of ours.
    #[must_use]
    pub fn fault() -> GuestError {
        let detail = "something went wrong here, and was noted";
        GuestError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", detail)
    }

    fn later(self, seconds: u16) -> GuestError {
        GuestError {
            retry_after: Some(seconds),
            ..self
        }
    }
}

impl IntoResponse for GuestError {
    fn into_response(self) -> Response {
        let body = json!({ "detail": coded(self.code, &self.detail) });
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<CredentialError> for GuestError {
    fn from(error: CredentialError) -> GuestError {
        match error {
            CredentialError::Missing => {
                let detail = "Authorization header required";
                GuestError::new(StatusCode::UNAUTHORIZED, "missing_auth", detail)
            }
            CredentialError::Wrong | CredentialError::Expired => bad_token(),
        }
    }
}

impl From<NoPass> for GuestError {
    fn from(_: NoPass) -> GuestError {
        bad_token()
    }
}

fn bad_token() -> GuestError {
    GuestError::new(StatusCode::FORBIDDEN, "invalid_auth", "Invalid token")
}

impl From<StorageError> for GuestError {
    fn from(error: StorageError) -> GuestError {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the journal cannot be read"
        );
        away()
    }
}

fn away() -> GuestError {
    let detail = "not now: nothing was changed, ask again";
    GuestError::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).later(2)
}

impl From<Reached> for GuestError {
    fn from(reached: Reached) -> GuestError {
        GuestError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", reached)
            .later(reached.retry_after)
    }
}

impl From<BodyError> for GuestError {
    fn from(error: BodyError) -> GuestError {
        let status = match error {
            BodyError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            BodyError::Broken => StatusCode::BAD_REQUEST,
            BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT,
        };
        GuestError::new(status, "invalid_request", error)
    }
}

impl From<BadKey> for GuestError {
    fn from(error: BadKey) -> GuestError {
        GuestError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", error)
    }
}

impl From<ForeignOrigin> for GuestError {
    fn from(error: ForeignOrigin) -> GuestError {
        GuestError::new(StatusCode::FORBIDDEN, "forbidden", error)
    }
}

impl From<UpgradeError> for GuestError {
    fn from(error: UpgradeError) -> GuestError {
        GuestError::new(StatusCode::UPGRADE_REQUIRED, "upgrade_required", error)
    }
}

impl From<AskError> for GuestError {
    fn from(error: AskError) -> GuestError {
        match error {
            AskError::Refused(refusal) => refusal.into(),
            AskError::KeyReused => {
                GuestError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_request", error)
            }
            AskError::Busy => {
                let detail = "too much at once: ask again";
                GuestError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).later(1)
            }
            AskError::Storage(error) => {
                tracing::error!(
                    error = &*error as &dyn std::error::Error,
                    "what a guest asked for failed"
                );
                away()
            }
            _ => away(),
        }
    }
}

impl From<Refusal> for GuestError {
    fn from(refusal: Refusal) -> GuestError {
        match &refusal {
            Refusal::TableBlocked { .. } | Refusal::TableInMaintenance { .. } => GuestError::new(
                StatusCode::LOCKED,
                "table_disabled",
                "This table is out of service",
            ),
            Refusal::TurnClosed { .. } | Refusal::Unknown { what: "turn", .. } => GuestError::closed(),
            refusal if refusal.kind() == RefusalKind::Unknown => GuestError::no_table(),
            // What it says is for staff, and may name a party.
            Refusal::TableReserved { .. } => {
                let detail = "This table is reserved: please ask the staff";
                GuestError::new(StatusCode::CONFLICT, "table_reserved", detail)
            }
            Refusal::TurnFull { .. } => {
                let detail = "As many guests have joined this table as may";
                GuestError::new(StatusCode::CONFLICT, "session_full", detail)
            }
            other => GuestError::new(StatusCode::CONFLICT, other.code(), "This cannot be done now"),
        }
    }
}
