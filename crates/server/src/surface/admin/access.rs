//! The way in: an API key, a token, or the cookie of a browser that is signed in.

use super::error::AdminError;
use crate::floors::{OpenFloor, View};
use crate::identity::{Credential, Pass, Way};
use crate::rights::{self, ADMIN, Access};
use crate::surface::cookies::{SIGN_IN, cookie};
use crate::surface::ground::{CallerError, EnterError, Ground};
use crate::surface::origin::ForeignOrigin;
use crate::surface::seen::{NotSeen, view_asked};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use journal::StorageError;
use std::sync::Arc;

/// The restaurant of whoever asks, and its floor.
pub(super) struct Entered {
    pub(super) pass: Pass,
    pub(super) floor: Arc<OpenFloor>,
    /// Its name in addresses.
    pub(super) slug: String,
}

/// Somebody does not get in.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotEntered {
    /// No credential, or none that can be read.
    #[error("Missing or invalid authorization header")]
    Missing,
    /// It is not good, or not for any restaurant that is there.
    #[error("Invalid API key")]
    Wrong,
    /// The role does not let them do this.
    #[error("Your role does not allow this")]
    NotAllowed,
    /// The page is not ours.
    #[error(transparent)]
    Origin(#[from] ForeignOrigin),
    /// The journal.
    #[error("the journal is away: nothing was changed, ask again")]
    Storage(#[source] StorageError),
}

impl Ground {
    /// The restaurant of whoever asks for one of this surface's operations. A credential that is good for several
    /// stands for the first.
    pub(super) async fn admin_enter(
        &self,
        asked: &Parts,
        credential: Option<Credential>,
        operation: &str,
    ) -> Result<Entered, NotEntered> {
        let staff = self
            .caller(asked, credential)
            .await
            .map_err(|error| match error {
                CallerError::Credential(crate::identity::CredentialError::Missing) => NotEntered::Missing,
                CallerError::Credential(_) => NotEntered::Wrong,
                CallerError::Origin(error) => error.into(),
            })?;
        let home = self.identity.home(&staff).ok_or(NotEntered::Wrong)?;
        let opened = self.open(&staff, &home.restaurant_id().to_string()).await;
        let (pass, floor) = opened.map_err(|error| match error {
            EnterError::UnknownRestaurant | EnterError::NoPass(_) => NotEntered::Wrong,
            EnterError::NotAllowed => NotEntered::NotAllowed,
            EnterError::Storage(error) => NotEntered::Storage(error),
        })?;
        match rights::access(ADMIN, operation) {
            Some(Access::Needs(right)) if pass.has(right) => {}
            _ => return Err(NotEntered::NotAllowed),
        }
        let slug = self.floors.directory().slug(pass.restaurant_id());
        Ok(Entered {
            pass,
            floor,
            slug: slug.unwrap_or_default(),
        })
    }
}

impl Entered {
    /// The floor now, or once it has come as far as the caller asks.
    pub(super) async fn view(&self, asked: &Parts) -> Result<Arc<View>, AdminError> {
        let view = view_asked(&self.floor, &asked.headers, None).await;
        view.map_err(|error| match error {
            NotSeen::NoPlace => AdminError::unprocessable("X-Min-Seq must be a whole number from 0"),
            NotSeen::NotYet => AdminError::away(error),
        })
    }
}

/// The credential in the header `Authorization`, or else the browser's cookie.
pub(super) fn credential(headers: &HeaderMap) -> Option<Credential> {
    match authorization(headers) {
        Some(text) => Credential::in_authorization(text),
        None => cookie(headers, SIGN_IN).map(|it| Credential::new(it, Way::Cookie)),
    }
}

/// The same, where the word `Bearer` may be left out.
pub(super) fn bare_credential(headers: &HeaderMap) -> Option<Credential> {
    let Some(text) = authorization(headers) else {
        return credential(headers);
    };
    let is_bare = !text.is_empty() && !text.contains(' ') && !text.eq_ignore_ascii_case("bearer");
    if is_bare {
        return Some(Credential::new(text, Way::Header));
    }
    Credential::in_authorization(text)
}

/// What stands in the header. What is no text is nothing that can be read.
fn authorization(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get(header::AUTHORIZATION)?;
    Some(header.to_str().unwrap_or_default().trim())
}
