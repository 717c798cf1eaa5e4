//! How the world reaches us: one folder per protocol. Surfaces never call each other.

mod body;
mod browser;
mod cookies;
mod documents;
pub mod ground;
mod listener;
mod once;
mod ops;
pub mod origin;
mod peer;
mod pids;
mod presence;
mod query;
mod router;
mod seen;
mod slugs;
mod stream;
pub mod websocket;
mod words;

pub mod admin;
pub mod branch;
pub mod control;
pub mod guest;
pub mod host;
pub mod v1;
pub mod web;

use axum::http::request::Parts;

pub use documents::Documents;
pub use router::{App, documents, in_our_form, router};

/// The address of a request as it was sent, where it was written in another form than ours.
#[derive(Clone)]
struct AsSent(String);

impl AsSent {
    fn path(asked: &Parts) -> &str {
        let sent = asked.extensions.get::<AsSent>();
        sent.map_or(asked.uri.path(), |it| &it.0)
    }
}

/// Whether a path is `prefix` or leads on from there.
fn is_under(path: &str, prefix: &str) -> bool {
    let rest = path.strip_prefix(prefix);
    rest.is_some_and(|it| it.is_empty() || it.starts_with('/'))
}
