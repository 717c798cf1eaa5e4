//! How a surface puts changes into frames.

use super::{GuestBook, View};
use bytes::Bytes;
use floor::{Change, Floor};

/// One surface's way of speaking to those who listen. Its frames are rendered once and shared by all.
#[derive(Clone, Copy)]
pub struct Dialect {
    /// The topic in each restaurant's room.
    pub topic: &'static str,
    /// The frames that tell of one change.
    pub change: fn(&Told<'_>) -> Vec<Bytes>,
    /// The frame that says that nothing was missed, for surfaces that have one.
    pub heartbeat: fn(&View, jiff::Timestamp) -> Option<Bytes>,
}

/// What there is to tell.
pub struct Told<'a> {
    /// The change.
    pub change: &'a Change,
    /// The floor after it.
    pub after: &'a Floor,
    /// The guest book of now.
    pub guests: &'a GuestBook,
}
