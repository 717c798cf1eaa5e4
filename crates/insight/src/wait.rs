//! What a party that waits is told. How it is found out is left to the outlook.

use floor::{Covers, Quote, TableId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A quote's minutes are whole multiples of this: nobody knows better, and nobody believes "17 minutes".
const STEP_MINUTES: i64 = 5;
/// The longest wait that a floor takes as a quote: 24 hours. Longer ones are told as this.
const QUOTE_MAX_MINUTES: i64 = 24 * 60;

/// How long a party waits, or why it waits in vain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Wait {
    /// A table is going to be free for it.
    Table(Expectation),
    /// It is too large for any single table in use. Tables pushed together are for a host to judge.
    TooLarge {
        /// The seats of the largest table in use; none when no table is.
        seats_max: Option<Covers>,
    },
    /// There are tables large enough, but none of them is going to be free by itself: they are blocked, under
    /// maintenance, or kept without saying for whom.
    OutOfService,
}

/// The wait for a table, and what it stands on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Expectation {
    /// The wait in minutes, rounded outwards to multiples of five; 0 to 0 is now, 1440 the most.
    pub quote: Quote,
    /// How many parties on the list come before it, of any size.
    pub parties_ahead: usize,
    /// The table it gets if stays are short.
    pub table_id: TableId,
    /// When that table is free for it, if stays are short.
    pub frees_at: Timestamp,
    /// How much that time stands on: past stays of this house known for each size of party that sits at the table
    /// until then, the fewest of them. Below 20, published figures fill in. None when nobody sits there.
    pub stays: Option<usize>,
}

/// From the shorter of two waits in seconds to the longer one.
pub(crate) fn quote(one: i64, other: i64) -> Quote {
    let step = STEP_MINUTES * 60;
    let steps = |it: i64| {
        let minutes = (it * STEP_MINUTES).clamp(0, QUOTE_MAX_MINUTES);
        u16::try_from(minutes).expect("a day's minutes fit into 16 bits")
    };
    Quote {
        from_minutes: steps(one.min(other).div_euclid(step)),
        to_minutes: steps((one.max(other) + step - 1).div_euclid(step)),
    }
}
