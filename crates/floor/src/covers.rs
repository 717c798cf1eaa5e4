//! How many people sit down.

use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// Seated guests, or the seats for them: 1 to [`Covers::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i64", into = "i64")]
#[schema(value_type = u8, minimum = 1, maximum = 60)]
pub struct Covers(u8);

/// The number is not one of people at a table.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be from 1 to {max}, got {got}", max = Covers::MAX)]
pub struct CoversError {
    /// What came.
    pub got: i64,
}

impl Covers {
    /// The largest party or table.
    pub const MAX: u8 = 60;
    /// One guest: what holds when nobody says.
    pub const ONE: Covers = Covers(1);

    /// `count` people.
    pub fn new(count: i64) -> Result<Covers, CoversError> {
        match u8::try_from(count) {
            Ok(it) if (1..=Covers::MAX).contains(&it) => Ok(Covers(it)),
            _ => Err(CoversError { got: count }),
        }
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<i64> for Covers {
    type Error = CoversError;

    fn try_from(count: i64) -> Result<Covers, CoversError> {
        Covers::new(count)
    }
}

impl From<Covers> for i64 {
    fn from(covers: Covers) -> i64 {
        i64::from(covers.0)
    }
}

impl fmt::Display for Covers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
