//! This protocol's ways of saying no.

use super::ids;
use crate::floors::AskError;
use crate::gate::Reached;
use crate::identity::{CredentialError, NoPass, RefreshError, SignInError};
use crate::surface::AsSent;
use crate::surface::body::BodyError;
use crate::surface::ground::{CallerError, EnterError};
use crate::surface::once::BadKey;
use crate::surface::origin::ForeignOrigin;
use crate::surface::seen::NotSeen;
use axum::Json;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use floor::{PlanId, Refusal, RefusalKind, SectionId, StaffId, TableId};
use journal::StorageError;
use serde_json::{Value, json};
use std::fmt::Display;

/// An answer that says no.
#[derive(Clone, Debug)]
pub struct BranchError {
    status: StatusCode,
    body: Value,
    retry_after: Option<u16>,
    /// What the floor said, for whoever has better words for it.
    refusal: Option<Box<Refusal>>,
}

impl BranchError {
    /// An answer with a message, and the status in words.
    pub(super) fn new(status: StatusCode, message: impl Into<Value>) -> BranchError {
        let word = status.canonical_reason().unwrap_or_default();
        BranchError {
            body: json!({ "message": message.into(), "error": word, "statusCode": status.as_u16() }),
            ..BranchError::bare(status, "")
        }
    }

    /// The same without those words.
    fn bare(status: StatusCode, message: &str) -> BranchError {
        BranchError {
            status,
            body: json!({ "message": message, "statusCode": status.as_u16() }),
            retry_after: None,
            refusal: None,
        }
    }

    /// There is no such route.
    pub fn no_route(asked: &Parts) -> BranchError {
        let (method, path) = (&asked.method, AsSent::path(asked));
        BranchError::not_found(format!("Cannot {method} {path}"))
    }

    /// The program has a fault.
    pub fn fault() -> BranchError {
        BranchError::bare(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
    }

    /// There is no such thing.
    pub(super) fn not_found(message: impl Into<String>) -> BranchError {
        BranchError::new(StatusCode::NOT_FOUND, message.into())
    }

    /// There is none of these with this id.
    pub(super) fn none(kind: &str, id: impl Display) -> BranchError {
        BranchError::not_found(format!("{kind} with ID {id} not found"))
    }

    /// Nobody with this id works here.
    pub(super) fn no_server(id: impl Display) -> BranchError {
        BranchError::none("Server", id)
    }

    /// More have to sit there than can.
    pub(super) fn few_seats() -> BranchError {
        BranchError::invalid(vec!["minCapacity must not be greater than capacity".to_owned()])
    }

    /// It goes against a rule of the house.
    pub(super) fn rule(message: impl Into<String>) -> BranchError {
        BranchError::new(StatusCode::BAD_REQUEST, message.into())
    }

    /// What came makes no sense, for these reasons.
    pub(super) fn invalid(problems: Vec<String>) -> BranchError {
        BranchError::new(StatusCode::BAD_REQUEST, problems)
    }

    /// No credential, or none that is good.
    pub(super) fn unauthorized() -> BranchError {
        BranchError::bare(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    /// As [`BranchError::unauthorized`], for whoever signs in.
    pub(super) fn bad_sign_in(message: &str) -> BranchError {
        BranchError::new(StatusCode::UNAUTHORIZED, message)
    }

    /// The role does not allow this, or the branch is another's.
    pub(super) fn forbidden() -> BranchError {
        BranchError::closed("Forbidden resource")
    }

    /// Not here.
    pub(super) fn closed(message: &str) -> BranchError {
        BranchError::new(StatusCode::FORBIDDEN, message)
    }

    /// Somebody has written it since it was seen: this is what it is now.
    pub(super) fn stale(message: String, current: Value) -> BranchError {
        let mut error = BranchError::new(StatusCode::PRECONDITION_FAILED, message);
        error.body["current"] = current;
        error
    }

    /// Whether it is about who asks, and not about what is there.
    pub(super) fn is_forbidden(&self) -> bool {
        self.status == StatusCode::FORBIDDEN
    }

    /// Whether it is that something is not there.
    pub(super) fn is_missing(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
    }

    /// What the floor said.
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_deref()
    }

    fn later(self, seconds: u16) -> BranchError {
        BranchError {
            retry_after: Some(seconds),
            ..self
        }
    }
}

impl IntoResponse for BranchError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<CredentialError> for BranchError {
    fn from(_: CredentialError) -> BranchError {
        BranchError::unauthorized()
    }
}

impl From<ForeignOrigin> for BranchError {
    fn from(error: ForeignOrigin) -> BranchError {
        BranchError::closed(&error.to_string())
    }
}

impl From<CallerError> for BranchError {
    fn from(error: CallerError) -> BranchError {
        match error {
            CallerError::Credential(error) => error.into(),
            CallerError::Origin(error) => error.into(),
        }
    }
}

impl From<NoPass> for BranchError {
    fn from(error: NoPass) -> BranchError {
        match error {
            NoPass::OutOfReach => BranchError::forbidden(),
            NoPass::Ended | NoPass::Expired => BranchError::unauthorized(),
        }
    }
}

impl From<EnterError> for BranchError {
    fn from(error: EnterError) -> BranchError {
        match error {
            EnterError::UnknownRestaurant | EnterError::NotAllowed => BranchError::forbidden(),
            EnterError::NoPass(error) => error.into(),
            EnterError::Storage(error) => error.into(),
        }
    }
}

impl From<BodyError> for BranchError {
    fn from(error: BodyError) -> BranchError {
        let status = match error {
            BodyError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            BodyError::Broken => StatusCode::BAD_REQUEST,
            BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT,
        };
        BranchError::new(status, error.to_string())
    }
}

impl From<BadKey> for BranchError {
    fn from(error: BadKey) -> BranchError {
        BranchError::rule(error.to_string())
    }
}

impl From<NotSeen> for BranchError {
    fn from(error: NotSeen) -> BranchError {
        match error {
            NotSeen::NoPlace => BranchError::rule("X-Min-Seq must be a whole number from 0"),
            NotSeen::NotYet => BranchError::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()).later(1),
        }
    }
}

impl From<StorageError> for BranchError {
    fn from(error: StorageError) -> BranchError {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the journal cannot be read"
        );
        away()
    }
}

fn away() -> BranchError {
    let message = "the journal is away: nothing was changed, ask again";
    BranchError::new(StatusCode::SERVICE_UNAVAILABLE, message).later(2)
}

impl From<Reached> for BranchError {
    fn from(reached: Reached) -> BranchError {
        let message = format!("too many requests: {reached}");
        BranchError::new(StatusCode::TOO_MANY_REQUESTS, message).later(reached.retry_after)
    }
}

impl From<SignInError> for BranchError {
    fn from(error: SignInError) -> BranchError {
        let message = error.to_string();
        let too_many = |seconds| BranchError::new(StatusCode::TOO_MANY_REQUESTS, message).later(seconds);
        match error {
            SignInError::Wrong | SignInError::NotEnrolled => BranchError::bad_sign_in("Invalid credentials"),
            SignInError::Disabled => BranchError::bad_sign_in("User account is not active"),
            SignInError::Wait(seconds) => too_many(u16::try_from(seconds).unwrap_or(u16::MAX)),
            SignInError::Crowded => too_many(1),
            SignInError::Storage(error) => error.into(),
        }
    }
}

impl From<RefreshError> for BranchError {
    fn from(error: RefreshError) -> BranchError {
        match error {
            RefreshError::Storage(error) => error.into(),
            _ => BranchError::bad_sign_in("Invalid refresh token"),
        }
    }
}

impl From<AskError> for BranchError {
    fn from(error: AskError) -> BranchError {
        let message = error.to_string();
        match error {
            AskError::Refused(refusal) => refusal.into(),
            AskError::UnknownGuest(_) | AskError::UnknownStaff(_) => BranchError::not_found(message),
            AskError::TracesLeft => BranchError::new(StatusCode::SERVICE_UNAVAILABLE, message).later(5),
            AskError::KeyReused => BranchError::new(StatusCode::UNPROCESSABLE_ENTITY, message),
            AskError::Busy => BranchError::new(StatusCode::TOO_MANY_REQUESTS, message).later(1),
            AskError::Storage(_) => away(),
            AskError::Draining => BranchError::new(StatusCode::SERVICE_UNAVAILABLE, message).later(1),
        }
    }
}

impl From<Refusal> for BranchError {
    fn from(refusal: Refusal) -> BranchError {
        let refusal = match refusal {
            Refusal::InBatch { refusal, .. } => *refusal,
            refusal => refusal,
        };
        BranchError {
            refusal: Some(Box::new(refusal.clone())),
            ..in_words(&refusal)
        }
    }
}

/// What this protocol says where the floor refuses, in words that its clients know where there are such.
fn in_words(refusal: &Refusal) -> BranchError {
    match refusal {
        Refusal::Bad { field, .. } if field.starts_with("seats") => BranchError::few_seats(),
        Refusal::Bad {
            field: "active",
            problem,
        } => BranchError::invalid(vec![format!("isActive {problem}")]),
        Refusal::TableBlocked { .. } | Refusal::TableInMaintenance { .. } => {
            BranchError::rule("Cannot occupy a table that is out of service")
        }
        Refusal::TableInactive { .. } => BranchError::rule("Cannot occupy a table that is not active"),
        Refusal::SectionInUse { n_tables, .. } => BranchError::rule(format!(
            "Cannot delete section with {n_tables} active table(s). Please reassign or deactivate the tables first."
        )),
        Refusal::DefaultPlan { .. } => BranchError::rule(
            "The default floor plan stays the default. Please set another floor plan as default first.",
        ),
        Refusal::StaffInactive { staff_id } => BranchError::rule(format!(
            "Server with ID {} does not work here now",
            ids::staff(*staff_id)
        )),
        Refusal::Unknown { what: "table", id } => BranchError::none("Table", ids::table(TableId(*id))),
        Refusal::Unknown { what: "plan", id } => BranchError::none("Floor plan", ids::plan(PlanId(*id))),
        Refusal::Unknown { what: "section", id } => {
            BranchError::none("Section", ids::section(SectionId(*id)))
        }
        Refusal::Unknown { what: "staff", id } => BranchError::no_server(ids::staff(StaffId(*id))),
        Refusal::TableTaken { .. } | Refusal::TableReserved { .. } => {
            BranchError::new(StatusCode::CONFLICT, refusal.to_string())
        }
        refusal => match refusal.kind() {
            RefusalKind::Unknown => BranchError::not_found(refusal.to_string()),
            _ => BranchError::rule(refusal.to_string()),
        },
    }
}
