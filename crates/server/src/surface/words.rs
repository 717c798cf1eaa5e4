//! Words that the protocols of others share.

use axum::Json;
use floor::Table;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A table's number where it has to be one: the digits that it ends with, or else its id.
pub(super) fn table_number(table: &Table) -> u64 {
    let text = table.details.number.as_str();
    let n_digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    text[text.len() - n_digits..].parse().unwrap_or(table.id.0)
}

/// A time in UTC, with a zone and to the microsecond.
pub(super) fn instant(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// The form in which pages are told what came of something.
pub(super) fn done(data: &Value) -> Json<Value> {
    Json(json!({ "success": true, "data": data, "code": null, "detail": null }))
}

/// The form in which they are told why it was not done, which goes into `detail`.
pub(super) fn coded(code: &str, detail: &str) -> Value {
    json!({ "success": false, "code": code, "detail": detail })
}
