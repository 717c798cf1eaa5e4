//! Branches: their administration over HTTP, and the Socket.IO namespace `/restaurant/tables` over every transport
//! that it has.

mod rest;
mod socket_ending;
mod socket_events;
mod socket_frames;
mod socket_joining;
mod socket_leaks;
mod socket_malformed;
mod socket_namespace;
mod socket_opening;
mod socket_polling;
mod socket_upgrading;
pub mod visitor;

/// The manager's key of restaurant 1.
pub const KEY: &str = "demo-key-restaurant-1";
/// The namespace.
pub const NAMESPACE: &str = "/restaurant/tables";
