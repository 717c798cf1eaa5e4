//! v1's three kinds of no, as answers: bad input, refusals, faults.

use crate::floors::AskError;
use crate::gate::Reached;
use crate::identity::{CredentialError, KeyError, NoPass, PeopleError, RefreshError, SignInError};
use crate::limits::Limit;
use crate::surface::body::BodyError;
use crate::surface::ground::{CallerError, EnterError};
use crate::surface::origin::ForeignOrigin;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use floor::{Refusal, RefusalKind};
use journal::StorageError;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ErrorBody {
    /// A stable name to match on: see `docs/protocol.md`.
    pub code: &'static str,
    /// For a person.
    pub message: String,
    /// The field at fault, for bad input.
    pub field: Option<String>,
    /// Ids, limits, alternatives.
    #[schema(value_type = Object)]
    pub facts: Value,
}

/// An answer that says no.
#[derive(Clone, Debug)]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// The body.
    pub body: ErrorBody,
    /// Seconds after which to ask again.
    pub retry_after: Option<u16>,
}

impl ApiError {
    /// An error without field or facts.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> ApiError {
        let body = ErrorBody {
            code,
            message: message.into(),
            field: None,
            facts: json!({}),
        };
        ApiError {
            status,
            body,
            retry_after: None,
        }
    }

    /// Bad input in `field`.
    pub fn bad(code: &'static str, field: &str, message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, code, message).in_field(field)
    }

    /// Names the field at fault.
    #[must_use]
    pub fn in_field(mut self, field: &str) -> ApiError {
        self.body.field = Some(field.to_owned());
        self
    }

    /// Adds facts.
    #[must_use]
    pub fn with(mut self, facts: Value) -> ApiError {
        self.body.facts = facts;
        self
    }

    /// Asks the client to come back later.
    #[must_use]
    pub fn retry_after(mut self, seconds: u16) -> ApiError {
        self.retry_after = Some(seconds);
        self
    }

    /// The body or frame is larger than `bytes_max`.
    pub fn too_large(bytes_max: usize) -> ApiError {
        ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            format!("the body must have at most {bytes_max} bytes"),
        )
        .with(json!({ "bytes_max": bytes_max }))
    }

    /// The role does not allow this.
    pub fn not_allowed() -> ApiError {
        ApiError::new(
            StatusCode::FORBIDDEN,
            "not_allowed",
            "your role does not allow this",
        )
    }

    /// We failed. The log has the chain, under the same incident id.
    pub fn fault(error: &(dyn std::error::Error + 'static)) -> ApiError {
        let mut bytes = [0; 6];
        // Without random numbers the incident is called 000000000000; the log line still stands.
        let _ = getrandom::fill(&mut bytes);
        let incident: String = bytes.iter().map(|it| format!("{it:02x}")).collect();
        tracing::error!(error, incident, "a request failed");
        ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "fault",
            "something went wrong on our side",
        )
        .with(json!({ "incident": incident }))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.status == StatusCode::UPGRADE_REQUIRED {
            let headers = response.headers_mut();
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        response
    }
}

impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> ApiError {
        let message = error.to_string();
        match error {
            BodyError::TooLarge { bytes_max } => ApiError::too_large(bytes_max),
            BodyError::Broken => ApiError::new(StatusCode::BAD_REQUEST, "bad_body", message),
            BodyError::TooSlow => ApiError::new(StatusCode::REQUEST_TIMEOUT, "too_slow", message),
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> ApiError {
        let status = match refusal.kind() {
            RefusalKind::BadInput => StatusCode::BAD_REQUEST,
            RefusalKind::Unknown => StatusCode::NOT_FOUND,
            RefusalKind::Conflict => StatusCode::CONFLICT,
        };
        let error = ApiError::new(status, refusal.code(), refusal.to_string()).with(refusal.facts());
        match refusal.field() {
            Some(field) => error.in_field(field),
            None => error,
        }
    }
}

impl From<AskError> for ApiError {
    fn from(error: AskError) -> ApiError {
        match error {
            AskError::Refused(refusal) => refusal.into(),
            AskError::UnknownGuest(guest_id) => {
                ApiError::new(StatusCode::NOT_FOUND, "unknown_guest", error.to_string())
                    .with(json!({ "guest_id": guest_id }))
            }
            AskError::UnknownStaff(staff_id) => {
                ApiError::new(StatusCode::NOT_FOUND, "unknown_staff", error.to_string())
                    .with(json!({ "staff_id": staff_id }))
            }
            AskError::TracesLeft => {
                ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "traces_left", error.to_string())
                    .retry_after(5)
            }
            AskError::KeyReused => {
                ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "key_reused", error.to_string())
                    .in_field("Idempotency-Key")
            }
            AskError::Busy => {
                ApiError::new(StatusCode::TOO_MANY_REQUESTS, "busy", error.to_string()).retry_after(1)
            }
            AskError::Storage(_) => unavailable(),
            AskError::Draining => {
                ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "draining", error.to_string()).retry_after(1)
            }
        }
    }
}

impl From<Reached> for ApiError {
    fn from(reached: Reached) -> ApiError {
        let Reached {
            limit,
            max,
            retry_after,
        } = reached;
        let error = match limit {
            Limit::ConnectionsPerRestaurant => ApiError::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_streams",
                format!("{max} streams of this restaurant are open, which is the limit"),
            ),
            Limit::HandshakesPerMinute => ApiError::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_handshakes",
                format!("more than {max} streams were begun from this address within a minute"),
            ),
            _ => ApiError::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_commands",
                format!("more than {max} commands a second were sent with this credential"),
            ),
        };
        error
            .with(json!({ "limit": limit.name(), "max": max }))
            .retry_after(retry_after)
    }
}

impl From<ForeignOrigin> for ApiError {
    fn from(error: ForeignOrigin) -> ApiError {
        ApiError::new(StatusCode::FORBIDDEN, "origin_not_listed", error.to_string())
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> ApiError {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the journal cannot be read"
        );
        unavailable()
    }
}

fn unavailable() -> ApiError {
    let message = "the journal is away: nothing was changed, ask again";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable", message).retry_after(2)
}

impl From<CallerError> for ApiError {
    fn from(error: CallerError) -> ApiError {
        match error {
            CallerError::Credential(error) => error.into(),
            CallerError::Origin(error) => error.into(),
        }
    }
}

impl From<EnterError> for ApiError {
    fn from(error: EnterError) -> ApiError {
        match error {
            EnterError::UnknownRestaurant => NoPass::OutOfReach.into(),
            EnterError::NoPass(error) => error.into(),
            EnterError::NotAllowed => ApiError::not_allowed(),
            EnterError::Storage(error) => error.into(),
        }
    }
}

impl From<CredentialError> for ApiError {
    fn from(error: CredentialError) -> ApiError {
        let code = match error {
            CredentialError::Missing => "no_credential",
            CredentialError::Wrong => "bad_credential",
            CredentialError::Expired => "credential_expired",
        };
        ApiError::new(StatusCode::UNAUTHORIZED, code, error.to_string())
    }
}

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> ApiError {
        let message = error.to_string();
        match error {
            SignInError::Wrong => ApiError::new(StatusCode::UNAUTHORIZED, "bad_credentials", message),
            SignInError::Disabled => ApiError::new(StatusCode::UNAUTHORIZED, "account_disabled", message),
            SignInError::NotEnrolled => ApiError::new(StatusCode::FORBIDDEN, "device_not_enrolled", message),
            SignInError::Wait(seconds) => too_many_sign_ins(message, seconds),
            SignInError::Crowded => {
                ApiError::new(StatusCode::TOO_MANY_REQUESTS, "busy", message).retry_after(1)
            }
            SignInError::Storage(error) => error.into(),
        }
    }
}

fn too_many_sign_ins(message: String, seconds: u32) -> ApiError {
    let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_sign_ins", message);
    error.retry_after(u16::try_from(seconds).unwrap_or(u16::MAX))
}

impl From<RefreshError> for ApiError {
    fn from(error: RefreshError) -> ApiError {
        let code = match error {
            RefreshError::Wrong => "bad_credential",
            RefreshError::Expired => "credential_expired",
            RefreshError::Reused => "refresh_reused",
            RefreshError::Storage(error) => return error.into(),
        };
        ApiError::new(StatusCode::UNAUTHORIZED, code, error.to_string())
    }
}

impl From<PeopleError> for ApiError {
    fn from(error: PeopleError) -> ApiError {
        let message = error.to_string();
        match error {
            PeopleError::Bad { field, .. } => ApiError::bad("bad_value", field, message),
            PeopleError::Taken { field } => {
                let code = if field == "email" {
                    "email_taken"
                } else {
                    "login_taken"
                };
                ApiError::new(StatusCode::CONFLICT, code, message).in_field(field)
            }
            PeopleError::Unknown => ApiError::new(StatusCode::NOT_FOUND, "unknown_staff", message),
            PeopleError::HasLogin => ApiError::new(StatusCode::CONFLICT, "has_login", message),
            PeopleError::NoLogin => ApiError::new(StatusCode::CONFLICT, "no_login", message),
            PeopleError::WorksElsewhere => ApiError::new(StatusCode::FORBIDDEN, "works_elsewhere", message),
            PeopleError::WrongPassword { field } => {
                ApiError::new(StatusCode::FORBIDDEN, "wrong_password", message).in_field(field)
            }
            PeopleError::Wait(seconds) => too_many_sign_ins(message, seconds),
            PeopleError::Storage(error) => error.into(),
        }
    }
}

impl From<KeyError> for ApiError {
    fn from(error: KeyError) -> ApiError {
        let message = error.to_string();
        match error {
            KeyError::Name => ApiError::bad("bad_value", "name", message),
            KeyError::Expiry => ApiError::bad("bad_value", "expires_at", message),
            KeyError::NameInUse => {
                ApiError::new(StatusCode::CONFLICT, "name_in_use", message).in_field("name")
            }
            KeyError::TooOften => {
                ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_devices", message).retry_after(3_600)
            }
            KeyError::TooMany => ApiError::new(StatusCode::CONFLICT, "too_many_keys", message),
            KeyError::Unknown => ApiError::new(StatusCode::NOT_FOUND, "unknown_key", message),
            KeyError::Storage(error) => error.into(),
        }
    }
}

impl From<NoPass> for ApiError {
    fn from(error: NoPass) -> ApiError {
        let code = match error {
            NoPass::OutOfReach => {
                let message = "there is no such restaurant";
                return ApiError::new(StatusCode::NOT_FOUND, "unknown_restaurant", message)
                    .in_field("restaurant");
            }
            NoPass::Ended => "bad_credential",
            NoPass::Expired => "credential_expired",
        };
        ApiError::new(StatusCode::UNAUTHORIZED, code, error.to_string())
    }
}
