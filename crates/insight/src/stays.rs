//! How long parties stay: past stays by size of party, and what is left of one that has begun.

use crate::published::{MEAN_MINUTES, TYPICAL_STAYS, typical};
use floor::Covers;
use serde::Serialize;
use std::collections::VecDeque;
use utoipa::ToSchema;

/// Sizes of party that are told apart: 1 to 7 covers, and 8 and more.
const SIZES: usize = MEAN_MINUTES.len();
/// The past stays kept of one size. Past it, the oldest makes room.
const STAYS_KEPT_MAX: usize = 500;
/// A size with fewer past stays than this borrows the rest.
const STAYS_WANTED: usize = TYPICAL_STAYS;
/// Shorter than this is a slip of the finger, not a stay.
const STAY_MIN_SECONDS: i64 = 5 * 60;
/// Longer than this, somebody forgot to close the turn.
const STAY_MAX_SECONDS: i64 = 6 * 3_600;
/// Fewer stays than this have no quartiles worth the name.
const QUARTILES_NEED: usize = 4;
/// What is left of a stay when hardly any known one has lasted so long. By the published log-normal, 18 of 100 pairs
/// are still there after 61 minutes; a quarter of these leaves within 4 minutes more and three quarters within 19.
/// After 88 minutes it is still 4 and 18. Sizes differ: about 3 and 16 for one guest, 6 and 30 for eight.
const TAIL: Range = Range {
    early_seconds: 5 * 60,
    late_seconds: 20 * 60,
};

/// A stay that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stay {
    /// How many sat there.
    pub covers: Covers,
    /// From seated to left, in seconds.
    pub seconds: i64,
}

/// A span of time that is honest about what nobody knows: half of all cases end between its ends, a quarter
/// before and a quarter after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Range {
    /// The lower quartile, in seconds; never negative.
    pub early_seconds: i64,
    /// The upper quartile, in seconds; never below `early_seconds`.
    pub late_seconds: i64,
}

/// What is known about the length of stays. At most 500 stays of each size are kept, whatever comes in.
///
/// A size that has 20 stays of its own goes by them alone. One with fewer takes those that it lacks from
/// the sizes next to it, evenly from short to long and stretched by the ratio of the published means; what is
/// lacking still comes from the published distribution, evenly too. So every size goes by 20 stays at least, and
/// its own outweigh the others step by step.
#[derive(Clone, Debug)]
pub struct Stays {
    sizes: [Size; SIZES],
}

#[derive(Clone, Debug)]
struct Size {
    /// What this size goes by, in seconds, shortest first.
    seconds: Vec<i64>,
    /// How many of them somebody really sat here.
    known: usize,
}

impl Default for Stays {
    /// Published figures and nothing else.
    fn default() -> Stays {
        Stays::of([])
    }
}

impl Stays {
    /// Learns from stays that have ended, oldest first. Ignores those under 5 minutes and over 6 hours: they say
    /// how a tablet was used, not how long somebody sat.
    #[must_use]
    pub fn of(past: impl IntoIterator<Item = Stay>) -> Stays {
        let mut recent: [VecDeque<i64>; SIZES] = Default::default();
        for stay in past {
            if !(STAY_MIN_SECONDS..=STAY_MAX_SECONDS).contains(&stay.seconds) {
                continue;
            }
            let kept = &mut recent[size_of(stay.covers)];
            if kept.len() == STAYS_KEPT_MAX {
                kept.pop_front();
            }
            kept.push_back(stay.seconds);
        }
        let own = recent.map(|kept| sorted(kept.into()));
        Stays {
            sizes: std::array::from_fn(|size| blend(&own, size)),
        }
    }

    /// What is left of a stay that has lasted `elapsed_seconds`: the quartiles of the known stays that lasted longer
    /// than that, less what has passed. A negative time counts as none.
    ///
    /// The quartiles are those at `(n + 1) / 4` and `3 (n + 1) / 4` of `n` stays in order of length, counted from 1,
    /// with linear interpolation (type 6 of Hyndman and Fan). Of all definitions it is the honest one for what
    /// is yet to come: the next stay is as likely to fall before the first of them as between any two or behind
    /// the last, so few stays make a wider range. When fewer than four known stays have lasted so long, the answer
    /// is 5 to 20 minutes.
    #[must_use]
    pub fn remaining(&self, covers: Covers, elapsed_seconds: i64) -> Range {
        let elapsed = elapsed_seconds.max(0);
        let all = &self.sizes[size_of(covers)].seconds;
        let longer = &all[all.partition_point(|it| *it <= elapsed)..];
        if longer.len() < QUARTILES_NEED {
            return TAIL;
        }
        Range {
            early_seconds: quartile(longer, 1) - elapsed,
            late_seconds: quartile(longer, 3) - elapsed,
        }
    }

    /// How many past stays of this house an answer about `covers` stands on, its own and borrowed ones: 0 to
    /// 500. Below 20, published figures fill in.
    #[must_use]
    pub fn known(&self, covers: Covers) -> usize {
        self.sizes[size_of(covers)].known
    }
}

fn size_of(covers: Covers) -> usize {
    usize::from(covers.get()).min(SIZES) - 1
}

/// What `size` goes by: its own stays, and where they are too few, its neighbours' and the published ones.
fn blend(own: &[Vec<i64>; SIZES], size: usize) -> Size {
    let mut seconds = own[size].clone();
    let lacking = STAYS_WANTED.saturating_sub(seconds.len());
    seconds.extend(evenly(&neighbours(own, size), lacking));
    let known = seconds.len();
    let lacking = STAYS_WANTED.saturating_sub(known);
    seconds.extend(evenly(&typical(size), lacking));
    Size {
        seconds: sorted(seconds),
        known,
    }
}

/// The stays of parties one smaller and one larger, as long as they would have been at this size.
fn neighbours(own: &[Vec<i64>; SIZES], size: usize) -> Vec<i64> {
    let next = [size.checked_sub(1), size.checked_add(1).filter(|it| *it < SIZES)];
    let stretched = next.into_iter().flatten().flat_map(|it| {
        let ratio = MEAN_MINUTES[size] / MEAN_MINUTES[it];
        own[it].iter().map(move |s| (*s as f64 * ratio).round() as i64)
    });
    sorted(stretched.collect())
}

/// `count` of `sorted`, evenly from the first to the last: the middles of as many slices. All, if there are fewer.
fn evenly(sorted: &[i64], count: usize) -> impl Iterator<Item = i64> {
    let taken = count.min(sorted.len());
    (0..taken).map(move |it| sorted[(2 * it + 1) * sorted.len() / (2 * taken)])
}

/// The `nth` quartile of at least three values, rounded down.
fn quartile(sorted: &[i64], nth: usize) -> i64 {
    let quarters = (sorted.len() + 1) * nth;
    let (place, rest) = (quarters / 4, quarters % 4);
    let low = sorted[place - 1];
    let high = sorted.get(place).copied().unwrap_or(low);
    low + (high - low) * rest as i64 / 4
}

fn sorted(mut seconds: Vec<i64>) -> Vec<i64> {
    seconds.sort_unstable();
    seconds
}
