//! How the world reaches us: one folder per protocol. Surfaces never call each other.

mod browser;
pub mod origin;
mod peer;
mod router;
pub mod websocket;

pub mod ops;
pub mod v1;
pub mod web;

pub use router::{App, router};
