//! The dashboard's ways of saying no over HTTP.

use super::access::NotEntered;
use super::toast;
use crate::gate::Reached;
use crate::surface::body::BodyError;
use crate::surface::once::BadKey;
use crate::surface::origin::ForeignOrigin;
use crate::surface::websocket::UpgradeError;
use crate::surface::words;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

/// An answer that says no.
#[derive(Clone, Debug)]
pub struct AdminError {
    status: StatusCode,
    said: Said,
    retry_after: Option<u16>,
}

/// In which form.
#[derive(Clone, Debug)]
enum Said {
    /// `{"detail": …}`.
    Detail(Value),
    /// A piece of a page.
    Toast(String),
}

impl AdminError {
    pub(super) fn new(status: StatusCode, detail: impl ToString) -> AdminError {
        AdminError {
            status,
            said: Said::Detail(Value::String(detail.to_string())),
            retry_after: None,
        }
    }

    /// A piece of a page that says no. Older pages show only what comes with a status of success.
    pub(super) fn toast(status: StatusCode, detail: impl ToString) -> AdminError {
        AdminError {
            said: Said::Toast(detail.to_string()),
            ..AdminError::new(status, "")
        }
    }

    /// The form that some pages read: `{"detail":{"success":false,"code":…,"detail":…}}`.
    pub(super) fn coded(status: StatusCode, code: &str, detail: impl ToString) -> AdminError {
        AdminError {
            said: Said::Detail(words::coded(code, &detail.to_string())),
            ..AdminError::new(status, "")
        }
    }

    /// The same, for somebody who does not get in.
    pub(super) fn coded_not_entered(error: &NotEntered) -> AdminError {
        let (status, code, detail) = match error {
            NotEntered::Missing => (
                StatusCode::UNAUTHORIZED,
                "missing_auth",
                "Authorization header required".to_owned(),
            ),
            NotEntered::Wrong => (
                StatusCode::FORBIDDEN,
                "invalid_auth",
                "Invalid API key or token".to_owned(),
            ),
            NotEntered::NotAllowed | NotEntered::Origin(_) => {
                (StatusCode::FORBIDDEN, "forbidden", error.to_string())
            }
            NotEntered::Storage(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal_error",
                error.to_string(),
            ),
        };
        AdminError::coded(status, code, detail)
    }

    pub(super) fn unprocessable(detail: impl ToString) -> AdminError {
        AdminError::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// Not now.
    pub(super) fn away(detail: impl ToString) -> AdminError {
        AdminError::new(StatusCode::SERVICE_UNAVAILABLE, detail).later(1)
    }

    /// There is nothing at this address.
    #[must_use]
    pub fn not_found() -> AdminError {
        AdminError::new(StatusCode::NOT_FOUND, "Not Found")
    }

    /// This address has other methods.
    #[must_use]
    pub fn method_not_allowed() -> AdminError {
        AdminError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
    }

    /// A fault of ours.
    #[must_use]
    pub fn fault() -> AdminError {
        AdminError::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
    }

    /// Whether a credential was not good, or not good enough.
    pub(super) fn is_forbidden(&self) -> bool {
        self.status == StatusCode::FORBIDDEN
    }

    /// Whether another credential, or any, might be let in.
    pub(super) fn is_about_credential(&self) -> bool {
        self.is_forbidden() || self.status == StatusCode::UNAUTHORIZED
    }

    pub(super) fn later(self, seconds: u16) -> AdminError {
        AdminError {
            retry_after: Some(seconds),
            ..self
        }
    }
}

impl IntoResponse for AdminError {
    fn into_response(self) -> Response {
        let mut response = match self.said {
            Said::Detail(detail) => (self.status, Json(json!({ "detail": detail }))).into_response(),
            Said::Toast(text) => (self.status, Html(toast::error(&text))).into_response(),
        };
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<NotEntered> for AdminError {
    fn from(error: NotEntered) -> AdminError {
        let status = match &error {
            NotEntered::Missing => StatusCode::UNAUTHORIZED,
            NotEntered::Wrong | NotEntered::NotAllowed | NotEntered::Origin(_) => StatusCode::FORBIDDEN,
            NotEntered::Storage(storage) => {
                tracing::error!(
                    error = storage as &dyn std::error::Error,
                    "the journal cannot be read"
                );
                return AdminError::away(error);
            }
        };
        AdminError::new(status, error)
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
        AdminError::new(StatusCode::TOO_MANY_REQUESTS, reached).later(reached.retry_after)
    }
}

impl From<BodyError> for AdminError {
    fn from(error: BodyError) -> AdminError {
        let status = match error {
            BodyError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            BodyError::Broken => StatusCode::BAD_REQUEST,
            BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT,
        };
        AdminError::new(status, error)
    }
}

impl From<BadKey> for AdminError {
    fn from(error: BadKey) -> AdminError {
        AdminError::unprocessable(error)
    }
}
