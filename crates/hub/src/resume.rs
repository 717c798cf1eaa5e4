//! What becomes of a screen that says the last change it heard.

use crate::{Cursor, Goodbye};
use floor::Seq;

/// Where a screen that heard everything up to some change goes on.
#[derive(Debug)]
#[must_use]
pub enum Resume {
    /// Nothing missed, or all of it is in the cursor's way: every frame of every later change, in order,
    /// each once.
    Live(Cursor),
    /// Some of what follows `after` has left the ring. The journal tells the changes behind `after` and
    /// before `oldest`; then resume again from the last one told. The ring may have moved on by then, so
    /// this can take more than one round.
    Behind {
        /// The change that was asked about.
        after: Seq,
        /// The first change that the ring holds whole.
        oldest: Seq,
    },
    /// That change has not happened here. Another journal, or another restaurant.
    Ahead {
        /// The latest change there is.
        head: Seq,
    },
    /// The topic has ended.
    Goodbye(Goodbye),
}
