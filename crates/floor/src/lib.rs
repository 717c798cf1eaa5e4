//! What may happen in a dining room.

pub mod ids;
pub use ids::*;
