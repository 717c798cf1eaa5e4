//! How the world reaches us: one folder per protocol. Surfaces never call each other.

mod body;
mod browser;
mod documents;
pub mod ground;
mod listener;
mod ops;
pub mod origin;
mod peer;
mod query;
mod router;
mod stream;
pub mod websocket;
mod words;

pub mod admin;
pub mod control;
pub mod host;
pub mod v1;
pub mod web;

pub use documents::Documents;
pub use router::{App, documents, router, without_slash};
