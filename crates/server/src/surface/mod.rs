//! How the world reaches us: one folder per protocol. Surfaces never call each other.

pub mod ops;
pub mod v1;
pub mod web;
