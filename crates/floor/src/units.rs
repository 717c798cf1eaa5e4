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
        let units = units as i64;
        let max = Units::MAX;
        let kept = if units > max {
            max
        } else if units < -max {
            -max
        } else {
            units
        };
        Units(kept * 1_000)
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

#[cfg(test)]
mod tests {
    use super::Units;
    use expect_test::{Expect, expect};

    #[expect(clippy::needless_pass_by_value, reason = "an expectation is used once")]
    fn check(json: &str, written: Expect) {
        let read = serde_json::from_str::<Units>(json).map_err(|it| it.to_string());
        let again = read.map(|it| serde_json::to_string(&it).expect("a number is JSON"));
        written.assert_eq(&again.unwrap_or_else(|it| it));
    }

    #[test]
    fn lengths_are_written_as_a_browser_writes_them() {
        check("12", expect!["12"]);
        check("12.0", expect!["12"]);
        check("-0.0", expect!["0"]);
        check("0.1234", expect!["0.123"]);
        check("-0.0005", expect!["-0.001"]);
        check("0.30000000000000004", expect!["0.3"]);
        check("1e3", expect!["1000"]);
        check("9999.999", expect!["9999.999"]);
        check("-10000", expect!["-10000"]);
    }

    #[test]
    fn nothing_lies_beyond_the_edge_of_a_plan() {
        check("10000.001", expect!["must be a number from -10000 to 10000"]);
        check("1e300", expect!["must be a number from -10000 to 10000"]);
        check(
            "\"12\"",
            expect![[r#"invalid type: string "12", expected f64 at line 1 column 4"#]],
        );
        check(
            "null",
            expect!["invalid type: null, expected f64 at line 1 column 4"],
        );
        assert_eq!(Units::whole(20_000), Units::whole(10_000));
        assert_eq!(Units::whole(-20_000), Units::whole(-10_000));
    }

    #[test]
    fn every_length_reads_back_as_itself() {
        for thousandths in (-10_000_000..=10_000_000).step_by(997) {
            let units = Units(thousandths);
            let written = serde_json::to_string(&units).expect("a number is JSON");
            assert_eq!(
                serde_json::from_str::<Units>(&written).ok(),
                Some(units),
                "{written}"
            );
        }
    }
}
