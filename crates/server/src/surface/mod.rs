//! How the world reaches us: one folder per protocol. Surfaces never call each other.

mod browser;
mod documents;
pub mod ground;
mod listener;
mod ops;
pub mod origin;
mod peer;
mod router;
pub mod websocket;

pub mod control;
pub mod v1;
pub mod web;

pub use documents::Documents;
pub use router::{App, documents, router};
