//! How a surface puts changes into frames.

use super::{GuestBook, View};
use bytes::Bytes;
use floor::{Change, Floor, Seq, Touched};

/// One surface's way of speaking to those who listen. Its frames are rendered once and shared by all.
#[derive(Clone, Copy)]
pub struct Dialect {
    /// The topic in each restaurant's room.
    pub topic: &'static str,
    /// The frames that tell of one change.
    pub change: fn(&Told<'_>) -> Vec<Bytes>,
    /// Whether `change` looks at the floor and at what was said before, and not at the change alone. Where it
    /// does not, replays need no floor.
    pub looks_at_floor: bool,
    /// The frame that says that nothing was missed, for surfaces that have one.
    pub heartbeat: fn(&View, jiff::Timestamp) -> Option<Bytes>,
}

/// What there is to tell.
pub struct Told<'a> {
    /// The change.
    pub change: &'a Change,
    /// The parties and tables that it changed.
    pub touched: &'a Touched,
    /// The floor after it.
    pub after: &'a Floor,
    /// The guest book of now.
    pub guests: &'a GuestBook,
    /// The last change before it of which the same dialect had something to say.
    pub spoken: Seq,
    /// The restaurant's name in addresses.
    pub slug: &'a str,
}
