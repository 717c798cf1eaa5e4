//! The way in: from a request to a floor.

use super::error::ApiError;
use crate::clock::Clock;
use crate::floors::{Floors, OpenFloor, View};
use crate::gate::Gate;
use crate::identity::{Credential, CredentialError, Identity, Pass, Staff, Way};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::peer::Peer;
use crate::rights::Right;
use crate::surface::control::Control;
use crate::surface::origin::Origins;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use floor::Seq;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use tokio::sync::watch;

/// What v1's handlers stand on.
#[derive(Clone)]
pub struct V1 {
    /// The floors.
    pub floors: Floors,
    /// Who may sign in.
    pub identity: Identity,
    /// What is counted.
    pub metrics: Metrics,
    /// The sign-in that the demo house offers to everybody.
    pub demo: Option<DemoSignIn>,
    /// Whose pages may connect.
    pub origins: Arc<Origins>,
    /// How much of everything there may be.
    pub limits: Arc<Limits>,
    /// What counts who comes in, and says when it is enough.
    pub gate: Gate,
    /// Turns true when the program is to stop. Whoever holds one is waited for.
    pub stopping: watch::Receiver<bool>,
}

/// The demo house's public sign-in.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct DemoSignIn {
    /// The account.
    pub login: &'static str,
    /// Its password.
    pub password: &'static str,
}

/// The cookie that a browser's sign-in sets.
pub(super) const COOKIE: &str = "maitred_session";

/// The cookie that makes a browser an enrolled device.
pub(super) const DEVICE_COOKIE: &str = "maitred_device";

/// A restaurant that the caller may enter, and its open floor.
pub struct Entered {
    /// The proof.
    pub pass: Pass,
    /// The floor.
    pub floor: Arc<OpenFloor>,
}

impl FromRequestParts<V1> for Entered {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, v1: &V1) -> Result<Entered, ApiError> {
        let staff = v1.caller(parts).await?;
        let path = Path::<std::collections::BTreeMap<String, String>>::from_request_parts(parts, v1).await;
        let restaurant = path
            .ok()
            .and_then(|it| it.get("restaurant").cloned())
            .unwrap_or_default();
        v1.enter(&staff, &restaurant).await
    }
}

/// Somebody who is signed in, whatever the restaurant.
pub(super) struct Caller(pub Arc<Staff>);

impl FromRequestParts<V1> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, v1: &V1) -> Result<Caller, ApiError> {
        v1.caller(parts).await.map(Caller)
    }
}

/// The query, or an answer in our shape when it cannot be read.
#[derive(Debug)]
pub(super) struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Asked<T>, ApiError> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(query)) => Ok(Asked(query)),
            Err(error) => {
                let text = error.body_text();
                let cause = text.rsplit_once(": ").map_or(text.as_str(), |(_, cause)| cause);
                let message = format!("the query cannot be read: {cause}");
                Err(ApiError::new(StatusCode::BAD_REQUEST, "bad_value", message))
            }
        }
    }
}

/// The least change that a read must show.
#[derive(Debug, Default, Deserialize)]
pub struct MinSeq {
    min_seq: Option<String>,
}

impl V1 {
    /// Whether the program is on its way out.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        *self.stopping.borrow()
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.floors.clock()
    }

    /// Who asks, by header or cookie, or through the program's own socket.
    pub async fn caller(&self, asked: &Parts) -> Result<Arc<Staff>, ApiError> {
        if asked.extensions.get::<Control>().is_some() {
            return Ok(Arc::new(Staff::operator(Way::Control)));
        }
        let credential = credential(&asked.headers).ok_or(CredentialError::Missing)?;
        if credential.way() == Way::Cookie {
            // Browsers send cookies along whoever's page it is.
            self.origins.check(asked)?;
        }
        let mut staff = self.identity.identify(&credential).await?;
        let peer = Peer::of_request(&asked.extensions);
        Arc::make_mut(&mut staff).address = Some(peer.address);
        Ok(staff)
    }

    /// The restaurant's floor, if `staff` may enter it.
    pub async fn enter(&self, staff: &Arc<Staff>, restaurant: &str) -> Result<Entered, ApiError> {
        let unknown = || {
            ApiError::new(
                StatusCode::NOT_FOUND,
                "unknown_restaurant",
                "there is no such restaurant",
            )
            .in_field("restaurant")
        };
        let restaurant_id = self.floors.directory().find(restaurant).ok_or_else(unknown)?;
        // Whether a restaurant exists is nobody's business who may not enter it.
        let pass = self.identity.enter(staff, restaurant_id)?;
        if !pass.has(Right::Look) {
            return Err(ApiError::not_allowed());
        }
        let floor = self.floors.enter(&pass).await?;
        Ok(Entered { pass, floor })
    }
}

impl Entered {
    /// The same, if the caller may still enter: to be asked after a wait.
    pub(super) fn still(self, v1: &V1) -> Result<Entered, ApiError> {
        let pass = v1.identity.enter(self.pass.staff(), self.pass.restaurant_id())?;
        Ok(Entered { pass, ..self })
    }

    /// The floor now, or once it has come as far as the caller asks.
    pub async fn view(&self, headers: &HeaderMap, query: &MinSeq) -> Result<Arc<View>, ApiError> {
        let named = headers
            .get("x-min-seq")
            .and_then(|it| it.to_str().ok())
            .map(str::to_owned);
        let Some(text) = query.min_seq.clone().or(named) else {
            return Ok(self.floor.view());
        };
        let bad = |_| ApiError::bad("bad_value", "min_seq", "min_seq: must be a whole number from 0");
        let min_seq: u64 = text.parse().map_err(bad)?;
        self.floor.view_at_least(Seq(min_seq)).await.ok_or_else(|| {
            let head = self.floor.view().seq;
            ApiError::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "not_yet",
                "the floor has not come so far yet",
            )
            .with(serde_json::json!({ "seq": head }))
            .retry_after(1)
        })
    }
}

/// The credential in `Authorization: Bearer` or in our cookie.
#[must_use]
pub(super) fn credential(headers: &HeaderMap) -> Option<Credential> {
    let header = headers.get(header::AUTHORIZATION);
    let bearer = header.and_then(|it| Credential::in_authorization(it.to_str().ok()?));
    bearer.or_else(|| cookie(headers, COOKIE).map(|it| Credential::new(it, Way::Cookie)))
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|it| it.to_str().ok());
    let mut pairs = cookies
        .flat_map(|it| it.split(';'))
        .filter_map(|it| it.trim().split_once('='));
    pairs.find(|it| it.0 == name).map(|it| it.1)
}
