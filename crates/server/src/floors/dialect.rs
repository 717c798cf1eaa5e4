//! How a surface puts changes into frames.

use super::{GuestBook, View};
use crate::identity::Identity;
use bytes::Bytes;
use floor::{Change, Floor, Seq, Touched};
use jiff::Timestamp;

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
    /// How many of the floor's heartbeats lie between two of its own.
    pub heartbeats_apart: u32,
    /// What it says then, whether or not anything has changed.
    pub heartbeat: fn(&Beat<'_>) -> Vec<Bytes>,
}

/// A heartbeat.
pub struct Beat<'a> {
    /// The floor, which every listener has been told of.
    pub view: &'a View,
    /// When it last changed before the dialect's last heartbeat.
    pub since: Timestamp,
    /// What time it is.
    pub now: Timestamp,
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
    /// How its people sign in, now.
    pub identity: &'a Identity,
}
