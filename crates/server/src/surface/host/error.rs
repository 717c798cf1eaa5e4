//! The host stand's ways of saying no.

use super::words;
use crate::floors::AskError;
use crate::gate::Reached;
use crate::identity::{CredentialError, NoPass, SignInError};
use crate::surface::body::BodyError;
use crate::surface::ground::{CallerError, EnterError};
use crate::surface::once::BadKey;
use crate::surface::origin::ForeignOrigin;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use floor::{Refusal, RefusalKind};
use journal::StorageError;
use serde_json::{Value, json};

/// An answer that says no.
#[derive(Clone, Debug)]
pub struct HostError {
    pub(super) status: StatusCode,
    pub(super) body: Value,
    /// In a transaction, the write that was refused.
    pub(super) index: Option<usize>,
    retry_after: Option<u16>,
}

impl HostError {
    /// An answer with a text.
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> HostError {
        HostError {
            status,
            body: json!({ "detail": detail.into() }),
            index: None,
            retry_after: None,
        }
    }

    /// What was asked for goes against a rule of the house.
    pub(super) fn rule(detail: impl Into<String>) -> HostError {
        HostError::new(StatusCode::BAD_REQUEST, detail)
    }

    /// There is no such address or entity.
    pub fn not_found() -> HostError {
        HostError {
            status: StatusCode::NOT_FOUND,
            body: json!({ "success": false, "message": "Resource not found" }),
            index: None,
            retry_after: None,
        }
    }

    /// The program has a fault.
    pub fn fault() -> HostError {
        HostError {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            body: json!({ "success": false, "message": "Internal server error" }),
            index: None,
            retry_after: None,
        }
    }

    /// The address has other methods.
    pub fn method_not_allowed() -> HostError {
        HostError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
    }

    /// The restaurant is another's.
    pub(super) fn denied() -> HostError {
        HostError::new(StatusCode::FORBIDDEN, "Access denied to this restaurant")
    }

    /// The role does not allow this.
    pub(super) fn not_allowed() -> HostError {
        HostError::new(StatusCode::FORBIDDEN, "Your role does not allow this")
    }

    pub(super) fn not_authenticated() -> HostError {
        HostError::new(StatusCode::FORBIDDEN, "Not authenticated")
    }

    /// Fields that make no sense, as a list.
    pub(super) fn invalid(errors: Vec<Value>) -> HostError {
        HostError {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            body: json!({ "detail": errors }),
            index: None,
            retry_after: None,
        }
    }

    /// The text of the answer.
    pub(super) fn text(&self) -> String {
        let text = self.body["detail"].as_str().or(self.body["message"].as_str());
        text.map_or_else(|| self.body["detail"].to_string(), str::to_owned)
    }

    pub(super) fn later(mut self, seconds: u16) -> HostError {
        self.retry_after = Some(seconds);
        self
    }
}

impl IntoResponse for HostError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let headers = response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<CredentialError> for HostError {
    fn from(error: CredentialError) -> HostError {
        match error {
            CredentialError::Missing => HostError::not_authenticated(),
            CredentialError::Wrong | CredentialError::Expired => {
                HostError::new(StatusCode::UNAUTHORIZED, "Could not validate credentials")
            }
        }
    }
}

impl From<ForeignOrigin> for HostError {
    fn from(error: ForeignOrigin) -> HostError {
        HostError::new(StatusCode::FORBIDDEN, error.to_string())
    }
}

impl From<CallerError> for HostError {
    fn from(error: CallerError) -> HostError {
        match error {
            CallerError::Credential(error) => error.into(),
            CallerError::Origin(error) => error.into(),
        }
    }
}

impl From<EnterError> for HostError {
    fn from(error: EnterError) -> HostError {
        match error {
            EnterError::UnknownRestaurant | EnterError::NoPass(NoPass::OutOfReach) => HostError::denied(),
            EnterError::NoPass(NoPass::Ended | NoPass::Expired) => CredentialError::Wrong.into(),
            EnterError::NotAllowed => HostError::not_allowed(),
            EnterError::Storage(error) => error.into(),
        }
    }
}

impl From<NoPass> for HostError {
    fn from(error: NoPass) -> HostError {
        EnterError::NoPass(error).into()
    }
}

impl From<BodyError> for HostError {
    fn from(error: BodyError) -> HostError {
        let status = match error {
            BodyError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            BodyError::Broken => StatusCode::BAD_REQUEST,
            BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT,
        };
        HostError::new(status, error.to_string())
    }
}

impl From<StorageError> for HostError {
    fn from(error: StorageError) -> HostError {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the journal cannot be read"
        );
        unavailable()
    }
}

fn unavailable() -> HostError {
    let detail = "the journal is away: nothing was changed, ask again";
    HostError::new(StatusCode::SERVICE_UNAVAILABLE, detail).later(2)
}

impl From<BadKey> for HostError {
    fn from(error: BadKey) -> HostError {
        HostError::rule(error.to_string())
    }
}

impl From<Reached> for HostError {
    fn from(reached: Reached) -> HostError {
        let Reached {
            limit,
            max,
            retry_after,
        } = reached;
        let detail = format!("too many requests: the limit {} is {max}", limit.name());
        HostError::new(StatusCode::TOO_MANY_REQUESTS, detail).later(retry_after)
    }
}

impl From<SignInError> for HostError {
    fn from(error: SignInError) -> HostError {
        let unauthorized = |detail| HostError::new(StatusCode::UNAUTHORIZED, detail);
        match error {
            SignInError::Wrong | SignInError::NotEnrolled => unauthorized("Incorrect email or password"),
            SignInError::Disabled => unauthorized("Inactive user"),
            SignInError::Wait(seconds) => {
                let seconds = u16::try_from(seconds).unwrap_or(u16::MAX);
                HostError::new(StatusCode::TOO_MANY_REQUESTS, error.to_string()).later(seconds)
            }
            SignInError::Crowded => HostError::new(StatusCode::TOO_MANY_REQUESTS, error.to_string()).later(1),
            SignInError::Storage(error) => error.into(),
        }
    }
}

impl From<AskError> for HostError {
    fn from(error: AskError) -> HostError {
        let detail = error.to_string();
        match error {
            AskError::Refused(refusal) => refusal.into(),
            AskError::UnknownGuest(_) | AskError::UnknownStaff(_) => HostError::not_found(),
            AskError::TracesLeft => HostError::new(StatusCode::SERVICE_UNAVAILABLE, detail).later(5),
            AskError::KeyReused => HostError::new(StatusCode::UNPROCESSABLE_ENTITY, detail),
            AskError::Busy => HostError::new(StatusCode::TOO_MANY_REQUESTS, detail).later(1),
            AskError::Storage(_) => unavailable(),
            AskError::Draining => HostError::new(StatusCode::SERVICE_UNAVAILABLE, detail).later(1),
        }
    }
}

impl From<Refusal> for HostError {
    fn from(refusal: Refusal) -> HostError {
        let (index, refusal) = match refusal {
            Refusal::InBatch { index, refusal } => (Some(index), *refusal),
            refusal => (None, refusal),
        };
        if refusal.kind() == RefusalKind::Unknown {
            return HostError::not_found();
        }
        if let Some(body) = conflict(&refusal) {
            return HostError {
                status: StatusCode::CONFLICT,
                body,
                index,
                retry_after: None,
            };
        }
        HostError::rule(match &refusal {
            Refusal::ReservationOpen { .. } => "Cannot delete guest with active reservations".to_owned(),
            other => other.to_string(),
        })
    }
}

/// What stands at a table that somebody was to get.
fn conflict(refusal: &Refusal) -> Option<Value> {
    let alternatives = |ids: &[floor::TableId]| ids.iter().map(|it| words::table_id(*it)).collect::<Vec<_>>();
    let body = |table_id, held_by: Option<floor::PartyId>, free: &[floor::TableId]| {
        json!({
            "detail": refusal.to_string(),
            "code": refusal.code(),
            "table_id": words::table_id(table_id),
            "held_by": held_by.map(words::guest_id),
            "free_table_ids": alternatives(free),
        })
    };
    match refusal {
        Refusal::TableTaken {
            table_id,
            party_id,
            free_table_ids,
            ..
        }
        | Refusal::TableReserved {
            table_id,
            party_id,
            free_table_ids,
            ..
        } => Some(body(*table_id, *party_id, free_table_ids)),
        Refusal::TableDirty {
            table_id,
            free_table_ids,
            ..
        }
        | Refusal::TableBlocked {
            table_id,
            free_table_ids,
            ..
        } => Some(body(*table_id, None, free_table_ids)),
        Refusal::TableInMaintenance {
            table_id,
            free_table_ids,
            ..
        } => {
            let mut body = body(*table_id, None, free_table_ids);
            // This protocol has one word for both.
            body["code"] = json!("table_blocked");
            Some(body)
        }
        _ => None,
    }
}
