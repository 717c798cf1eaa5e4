//! The way in: from a request to a floor.

use super::error::ApiError;
use crate::floors::{OpenFloor, View};
use crate::identity::{Credential, Pass, Staff, Way};
use crate::surface::cookies::{SIGN_IN, cookie};
use crate::surface::ground::Ground;
use crate::surface::seen::{NotSeen, view_asked};
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// The cookie that makes a browser an enrolled device.
pub(super) const DEVICE_COOKIE: &str = "maitred_device";

/// A restaurant that the caller may enter, and its open floor.
pub(super) struct Entered {
    /// The proof.
    pub pass: Pass,
    /// The floor.
    pub floor: Arc<OpenFloor>,
}

impl FromRequestParts<Ground> for Entered {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, ground: &Ground) -> Result<Entered, ApiError> {
        let staff = ground.signed_in_caller(parts).await?;
        let path =
            Path::<std::collections::BTreeMap<String, String>>::from_request_parts(parts, ground).await;
        let restaurant = path
            .ok()
            .and_then(|it| it.get("restaurant").cloned())
            .unwrap_or_default();
        ground.enter(&staff, &restaurant).await
    }
}

/// Somebody who is signed in, whatever the restaurant.
pub(super) struct Caller(pub Arc<Staff>);

impl FromRequestParts<Ground> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, ground: &Ground) -> Result<Caller, ApiError> {
        ground.signed_in_caller(parts).await.map(Caller)
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
pub(super) struct MinSeq {
    min_seq: Option<String>,
}

impl Ground {
    /// Who asks, by header or cookie.
    pub(super) async fn signed_in_caller(&self, asked: &Parts) -> Result<Arc<Staff>, ApiError> {
        Ok(self.caller(asked, credential(&asked.headers)).await?)
    }

    /// The restaurant's floor, if `staff` may enter it.
    pub(super) async fn enter(&self, staff: &Arc<Staff>, restaurant: &str) -> Result<Entered, ApiError> {
        let (pass, floor) = self.open(staff, restaurant).await?;
        Ok(Entered { pass, floor })
    }
}

impl Entered {
    /// The same, if the caller may still enter: to be asked after a wait.
    pub(super) fn still(self, ground: &Ground) -> Result<Entered, ApiError> {
        let pass = ground
            .identity
            .enter(self.pass.staff(), self.pass.restaurant_id())?;
        Ok(Entered { pass, ..self })
    }

    /// The floor now, or once it has come as far as the caller asks.
    pub(super) async fn view(&self, headers: &HeaderMap, query: &MinSeq) -> Result<Arc<View>, ApiError> {
        let view = view_asked(&self.floor, headers, query.min_seq.as_deref()).await;
        view.map_err(|error| match error {
            NotSeen::NoPlace => {
                ApiError::bad("bad_value", "min_seq", "min_seq: must be a whole number from 0")
            }
            NotSeen::NotYet => {
                let head = self.floor.view().seq;
                ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "not_yet", error.to_string())
                    .with(serde_json::json!({ "seq": head }))
                    .retry_after(1)
            }
        })
    }
}

/// The credential in `Authorization: Bearer` or in our cookie.
#[must_use]
pub(super) fn credential(headers: &HeaderMap) -> Option<Credential> {
    let header = headers.get(header::AUTHORIZATION);
    let bearer = header.and_then(|it| Credential::in_authorization(it.to_str().ok()?));
    bearer.or_else(|| cookie(headers, SIGN_IN).map(|it| Credential::new(it, Way::Cookie)))
}
