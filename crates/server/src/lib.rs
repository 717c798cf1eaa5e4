//! maitred: a real-time floor server for restaurants.
//!
//! How the world reaches the floor: surfaces translate, one writer per floor decides and journals, the
//! hub tells every screen. Start reading at [`server`], then [`floors`], then [`surface::v1`].

pub mod server;

pub mod floors;
pub mod surface;

pub mod cli;
pub mod clock;
pub mod config;
pub mod connection;
pub mod demo;
pub mod directory;
pub mod gate;
pub mod identity;
pub mod limits;
pub mod metrics;
pub mod peer;
pub mod rights;
pub mod stays;
