//! Lengths on a floor plan.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A length in plan units, exact to a thousandth, from -10,000 to 10,000.
///
/// Kept as an integer so that two nodes, and a browser, print the same floor: whole units are written
/// without a decimal point, others with the digits they need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Units(i64);

/// The number is no place on a plan.
#[derive(Debug, thiserror::Error, PartialEq)]
#[error("must be a number from {min} to {max}", min = -Units::MAX, max = Units::MAX)]
pub struct UnitsError;

impl Units {
    /// The largest length, in units.
    pub const MAX: i64 = 10_000;

    /// `units` whole units, kept within the limits.
    #[must_use]
    pub const fn whole(units: i32) -> Units {
        Units(units as i64 * 1_000)
    }

    /// `units`, rounded to a thousandth.
    pub fn new(units: f64) -> Result<Units, UnitsError> {
        if !units.is_finite() || units.abs() > Units::MAX as f64 {
            return Err(UnitsError);
        }
        #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
        let thousandths = (units * 1_000.0).round() as i64;
        Ok(Units(thousandths))
    }

    /// The length as a number.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0 as f64 / 1_000.0
    }

    /// Whether it is above nothing.
    #[must_use]
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }
}

impl Serialize for Units {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1_000 == 0 {
            serializer.serialize_i64(self.0 / 1_000)
        } else {
            serializer.serialize_f64(self.get())
        }
    }
}

impl<'de> Deserialize<'de> for Units {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Units, D::Error> {
        Units::new(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl PartialSchema for Units {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .description(Some("plan units, exact to a thousandth"))
            .minimum(Some(-(Units::MAX as f64)))
            .maximum(Some(Units::MAX as f64))
            .into()
    }
}

impl ToSchema for Units {}
