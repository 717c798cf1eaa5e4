//! The way in: a guest's token, good for one turn.

use super::error::GuestError;
use crate::floors::OpenFloor;
use crate::identity::{Credential, CredentialError, Guest, Pass, Way};
use crate::surface::ground::Ground;
use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A guest, and the floor where they sit.
pub(super) struct Entered {
    pub(super) guest: Guest,
    pub(super) pass: Pass,
    pub(super) floor: Arc<OpenFloor>,
}

impl Ground {
    /// The floor of whoever shows a guest's token.
    pub(super) async fn guest_enter(&self, credential: Option<Credential>) -> Result<Entered, GuestError> {
        let credential = credential.ok_or(CredentialError::Missing)?;
        let staff = self.identity.identify_guest(&credential).await?;
        let guest = staff.guest().ok_or(CredentialError::Wrong)?;
        let pass = self.identity.enter(&staff, guest.restaurant_id)?;
        let floor = self.floors.enter(&pass).await?;
        Ok(Entered { guest, pass, floor })
    }

    /// The fields of a body that has to be an object.
    pub(super) async fn guest_fields(&self, body: Body) -> Result<Map<String, Value>, GuestError> {
        let body = self.read(body).await?;
        match serde_json::from_slice(&body) {
            Ok(Value::Object(fields)) => Ok(fields),
            _ => Err(GuestError::field("the body", "must be a JSON object")),
        }
    }
}

/// The token in the header `Authorization`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<Credential> {
    let header = headers.get(header::AUTHORIZATION)?;
    Some(
        Credential::in_authorization(header.to_str().ok()?)
            .unwrap_or_else(|| Credential::new("", Way::Header)),
    )
}

/// A text of 1 to `max` characters.
pub(super) fn text<'a>(
    fields: &'a Map<String, Value>,
    name: &str,
    max: usize,
) -> Result<&'a str, GuestError> {
    let text = fields.get(name).and_then(Value::as_str);
    let text = text.filter(|it| (1..=max).contains(&it.chars().count()));
    text.ok_or_else(|| GuestError::field(name, &format!("must be a text of 1 to {max} characters")))
}
