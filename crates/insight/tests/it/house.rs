//! A house for tests.

use floor::Covers;
use insight::Stay;

pub(crate) fn covers(count: u8) -> Covers {
    Covers::new(i64::from(count)).expect("a party or a table for as many")
}

/// `count` past stays of parties of this size, one minute apart, the middle one as long as said.
pub(crate) fn past(count: i64, of: u8, minutes: i64) -> impl Iterator<Item = Stay> {
    (0..count).map(move |it| Stay {
        covers: covers(of),
        seconds: (minutes + it - count / 2) * 60,
    })
}
