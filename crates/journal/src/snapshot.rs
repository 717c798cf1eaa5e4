//! Floors kept whole, so that opening a restaurant need not replay its life.

use floor::{Floor, Seq};
use jiff::Timestamp;

/// The number of the floor's present shape. Snapshots of another number are passed over, and the floor
/// is replayed from an older one or from the first change.
///
/// Raise it when `Floor` changes in a way that an old snapshot cannot be read into.
pub(crate) const SNAPSHOT_FORMAT: i64 = 3;

/// A floor as it was right after a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The change.
    pub seq: Seq,
    /// When it happened.
    pub at: Timestamp,
    /// The floor after it.
    pub floor: Floor,
}
