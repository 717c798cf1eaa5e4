//! Forms as browsers send them.

use super::error::AdminError;
use crate::surface::ground::Ground;
use axum::body::Body;

/// The first field of this name; an answer that names it where it is missing.
pub(super) async fn field(ground: &Ground, body: Body, name: &str) -> Result<String, AdminError> {
    let body = ground.read(body).await?;
    let mut pairs = form_urlencoded::parse(&body);
    let found = pairs.find(|it| it.0 == name).map(|it| it.1.into_owned());
    found.ok_or_else(|| AdminError::unprocessable(format!("{name}: this field is required")))
}
