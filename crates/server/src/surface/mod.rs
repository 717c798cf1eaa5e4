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

pub use documents::Documents;
pub use router::{App, documents, in_our_form, router};

/// Whether a path is `prefix` or leads on from there.
fn is_under(path: &str, prefix: &str) -> bool {
    let rest = path.strip_prefix(prefix);
    rest.is_some_and(|it| it.is_empty() || it.starts_with('/'))
}
