//! Who is at the other end, as an argument of a handler.

use crate::peer::Peer;
use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::request::Parts;
use std::convert::Infallible;

impl Peer {
    /// Who sent the request with these extensions. The server puts them there; without, nobody is trusted.
    #[must_use]
    pub fn of_request(extensions: &Extensions) -> Peer {
        extensions.get().cloned().unwrap_or_else(Peer::unknown)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Peer, Infallible> {
        Ok(Peer::of_request(&parts.extensions))
    }
}
