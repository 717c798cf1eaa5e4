//! What other programs keep with a thing, and the floor does not look at.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A JSON object of other programs, as text: at most 8,192 bytes, nested at most 16 deep.
///
/// Kept as text, so that every node and every browser prints the same floor, whatever numbers are in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, example = r#"{"sommelier":true}"#)]
pub struct Extra(String);

/// The text is no such object.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ExtraError {
    /// It is not JSON, or no object.
    #[error("must be a JSON object, as text")]
    NoObject,
    /// There is too much of it.
    #[error("must have at most {max} bytes", max = Extra::BYTES_MAX)]
    TooLarge,
    /// It is nested too deep.
    #[error("must be nested at most {max} deep", max = Extra::DEPTH_MAX)]
    TooDeep,
}

impl Default for Extra {
    fn default() -> Extra {
        Extra("{}".to_owned())
    }
}

impl Extra {
    /// Bytes at the most.
    pub const BYTES_MAX: usize = 8_192;
    /// Objects and lists inside each other at the most.
    pub const DEPTH_MAX: usize = 16;

    /// This object.
    pub fn new(object: &Map<String, Value>) -> Result<Extra, ExtraError> {
        if object.values().any(|it| depth(it) >= Extra::DEPTH_MAX) {
            return Err(ExtraError::TooDeep);
        }
        let text = serde_json::to_string(object).map_err(|_| ExtraError::NoObject)?;
        if text.len() > Extra::BYTES_MAX {
            return Err(ExtraError::TooLarge);
        }
        Ok(Extra(text))
    }

    /// The object.
    #[must_use]
    pub fn object(&self) -> Map<String, Value> {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

fn depth(value: &Value) -> usize {
    let inner = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(fields) => fields.values().map(depth).max(),
        _ => return 0,
    };
    1 + inner.unwrap_or_default()
}

impl TryFrom<String> for Extra {
    type Error = ExtraError;

    fn try_from(text: String) -> Result<Extra, ExtraError> {
        match serde_json::from_str::<Value>(&text) {
            Ok(Value::Object(object)) => Extra::new(&object),
            _ => Err(ExtraError::NoObject),
        }
    }
}

impl From<Extra> for String {
    fn from(extra: Extra) -> String {
        extra.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Extra, ExtraError};
    use expect_test::{Expect, expect};

    #[expect(clippy::needless_pass_by_value, reason = "an expectation is used once")]
    fn check(text: &str, kept: Expect) {
        let read = Extra::try_from(text.to_owned()).map(String::from);
        kept.assert_eq(&read.unwrap_or_else(|it| it.to_string()));
    }

    #[test]
    fn an_object_is_kept_in_one_form_only() {
        check(
            r#" { "b" : 1.50, "a":[ null ] } "#,
            expect![[r#"{"a":[null],"b":1.5}"#]],
        );
        check("{}", expect!["{}"]);
        check("[]", expect!["must be a JSON object, as text"]);
        check("{", expect!["must be a JSON object, as text"]);
        check("", expect!["must be a JSON object, as text"]);
    }

    #[test]
    fn there_is_an_end_to_it() {
        let nested = |n: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(n), "]".repeat(n));
        assert!(Extra::try_from(nested(15)).is_ok());
        assert_eq!(Extra::try_from(nested(16)), Err(ExtraError::TooDeep));
        assert_eq!(Extra::try_from(nested(100_000)), Err(ExtraError::NoObject));
        let long = |n: usize| format!(r#"{{"a":"{}"}}"#, "é".repeat(n));
        assert!(Extra::try_from(long(4_092)).is_ok());
        assert_eq!(Extra::try_from(long(4_093)), Err(ExtraError::TooLarge));
    }

    #[test]
    fn what_is_kept_reads_back_as_itself() {
        let extra = Extra::try_from(r#"{"n":1e300,"t":"é\n"}"#.to_owned()).expect("an object");
        assert_eq!(Extra::new(&extra.object()), Ok(extra));
    }
}
