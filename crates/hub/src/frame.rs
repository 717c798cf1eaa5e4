//! What travels: bytes rendered once, shared by everyone who hears them.

use bytes::Bytes;
use floor::Seq;

/// Rendered bytes for screens, and the change that they speak of.
///
/// The bytes are kept as long as the frame is, so they should be their own allocation and not a
/// small slice of a large buffer: limits count the slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The change this frame speaks of. Several frames may speak of one change.
    pub seq: Seq,
    /// What is written to the socket, framing included.
    pub bytes: Bytes,
    /// Whether it may be missed: heard in its place by those who are there, not repeated on resume
    /// and no reason to call a cursor fallen. A heartbeat, who else is looking.
    pub ephemeral: bool,
}

impl Frame {
    /// A frame that says what change `seq` did. No listener misses it unknowingly.
    pub fn change(seq: Seq, bytes: impl Into<Bytes>) -> Frame {
        Frame {
            seq,
            bytes: bytes.into(),
            ephemeral: false,
        }
    }

    /// A frame of the moment, said while `head` was the latest change.
    pub fn ephemeral(head: Seq, bytes: impl Into<Bytes>) -> Frame {
        Frame {
            seq: head,
            bytes: bytes.into(),
            ephemeral: true,
        }
    }
}
