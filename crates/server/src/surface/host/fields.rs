//! Bodies read field by field, with every problem named at once.
//!
//! The list of problems has the form that clients of this protocol know: `type`, `loc`, `msg`, `input`, `url`.

use super::error::HostError;
use super::words;
use floor::{Covers, Label, Patch, Text};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// A body's fields, and what was wrong with those that were looked at.
pub(super) struct Fields<'a> {
    object: &'a Map<String, Value>,
    path: Vec<Value>,
    errors: Vec<Value>,
    nulls: Nulls,
}

/// What an explicit null means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nulls {
    /// As if the field had been left out.
    Keep,
    /// The field becomes empty.
    Clear,
}

/// Where each kind of problem is described.
const ABOUT: &str = "https://errors.pydantic.dev/2.11/v/";

/// Reads a body that has to be an object.
pub(super) fn object(body: &[u8]) -> Result<Map<String, Value>, HostError> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => {
            let msg = "Input should be a valid dictionary or object to extract fields from";
            let error = problem("model_attributes_type", &[json!("body")], msg, &other);
            Err(HostError::invalid(vec![error]))
        }
        Err(error) => {
            let offset = offset(body, error.line(), error.column());
            let mut told = problem(
                "json_invalid",
                &[json!("body"), json!(offset)],
                "JSON decode error",
                &json!({}),
            );
            told["ctx"] = json!({ "error": error.to_string() });
            Err(HostError::invalid(vec![told]))
        }
    }
}

/// The place in `body` that a line and a column name.
fn offset(body: &[u8], line: usize, column: usize) -> usize {
    let lines = body
        .split_inclusive(|it| *it == b'\n')
        .take(line.saturating_sub(1));
    lines.map(<[u8]>::len).sum::<usize>() + column.saturating_sub(1)
}

fn problem(kind: &str, loc: &[Value], msg: &str, input: &Value) -> Value {
    json!({ "type": kind, "loc": loc, "msg": msg, "input": input, "url": format!("{ABOUT}{kind}") })
}

impl<'a> Fields<'a> {
    /// The fields of a body.
    pub(super) fn of(object: &'a Map<String, Value>, nulls: Nulls) -> Fields<'a> {
        Fields {
            object,
            path: vec![json!("body")],
            errors: Vec::new(),
            nulls,
        }
    }

    /// The fields of a part of it.
    pub(super) fn at(object: &'a Map<String, Value>, path: &[Value], nulls: Nulls) -> Fields<'a> {
        let mut fields = Fields::of(object, nulls);
        fields.path.extend(path.iter().cloned());
        fields
    }

    /// The problems, if there are any.
    pub(super) fn finish(self) -> Result<(), HostError> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(HostError::invalid(self.errors))
        }
    }

    /// As [`Fields::finish`], for a body with a secret in it: nothing that came is said again.
    pub(super) fn finish_privately(mut self) -> Result<(), HostError> {
        for error in &mut self.errors {
            error["input"] = Value::Null;
        }
        self.finish()
    }

    /// What is wrong, in one line.
    pub(super) fn first_problem(&self) -> Option<String> {
        let first = self.errors.first()?;
        let loc = first["loc"].as_array()?.iter().skip(1);
        let path: Vec<String> = loc
            .map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned))
            .collect();
        Some(format!(
            "{}: {}",
            path.join("."),
            first["msg"].as_str().unwrap_or_default()
        ))
    }

    /// Says that a field is wrong.
    pub(super) fn wrong(&mut self, field: &str, kind: &str, msg: &str) {
        let input = self.object.get(field).cloned().unwrap_or_default();
        let mut loc = self.path.clone();
        loc.push(json!(field));
        self.errors.push(problem(kind, &loc, msg, &input));
    }

    /// Says that a field is missing.
    pub(super) fn missing(&mut self, field: &str) {
        let mut loc = self.path.clone();
        loc.push(json!(field));
        let input = Value::Object(self.object.clone());
        self.errors
            .push(problem("missing", &loc, "Field required", &input));
    }

    /// The first of these spellings that the body has.
    fn spelt(&self, spellings: &[&'static str]) -> Option<(&'static str, &'a Value)> {
        spellings
            .iter()
            .find_map(|it| self.object.get(*it).map(|value| (*it, value)))
    }

    fn patch<T>(
        &mut self,
        spellings: &[&'static str],
        read: impl FnOnce(&mut Self, &'static str, &'a Value) -> Option<T>,
    ) -> Patch<T> {
        match self.spelt(spellings) {
            None => Patch::Keep,
            Some((_, Value::Null)) if self.nulls == Nulls::Keep => Patch::Keep,
            Some((_, Value::Null)) => Patch::Clear,
            Some((field, value)) => read(self, field, value).map_or(Patch::Keep, Patch::Set),
        }
    }

    /// Whether the body has the field, and it is not null.
    pub(super) fn has(&self, field: &str) -> bool {
        self.object.get(field).is_some_and(|it| !it.is_null())
    }

    /// A text of any length.
    pub(super) fn any_text(&mut self, spellings: &[&'static str]) -> Patch<&'a str> {
        self.patch(spellings, |it, field, value| {
            let text = value.as_str();
            if text.is_none() {
                it.wrong(field, "string_type", "Input should be a valid string");
            }
            text
        })
    }

    /// A text that has to be there.
    pub(super) fn required_text(&mut self, field: &'static str) -> &'a str {
        if !self.object.contains_key(field) {
            self.missing(field);
        }
        self.any_text(&[field]).set().copied().unwrap_or_default()
    }

    /// A text with a limit; an empty one is none.
    pub(super) fn text<const MAX: usize>(&mut self, field: &'static str) -> Patch<Text<MAX>> {
        match self.any_text(&[field]) {
            Patch::Set(text) if text.trim().is_empty() => Patch::Clear,
            Patch::Set(text) => match Text::new(text) {
                Ok(text) => Patch::Set(text),
                Err(error) => {
                    self.wrong(field, "value_error", &format!("Value error, {field} {error}"));
                    Patch::Keep
                }
            },
            Patch::Clear => Patch::Clear,
            Patch::Keep => Patch::Keep,
        }
    }

    /// An e-mail address; an empty one is none.
    pub(super) fn email(&mut self, field: &'static str) -> Patch<Text<254>> {
        let email = self.text(field);
        let is_address = |it: &Text<254>| {
            let text = it.as_str();
            let parts = text.split_once('@');
            let is_plain = !text.contains(|c: char| c.is_whitespace() || c == ',' || c == ';');
            is_plain
                && parts.is_some_and(|(local, domain)| {
                    let has_labels = domain.contains('.') && domain.split('.').all(|it| !it.is_empty());
                    !local.is_empty() && has_labels && !domain.contains('@')
                })
        };
        if email.set().is_some_and(|it| !is_address(it)) {
            self.wrong(field, "value_error", "value is not a valid email address");
            return Patch::Keep;
        }
        email
    }

    /// A list of short texts.
    pub(super) fn labels(&mut self, field: &'static str) -> Patch<Vec<Label>> {
        self.patch(&[field], |it, field, value| {
            let Some(items) = value.as_array() else {
                it.wrong(field, "list_type", "Input should be a valid list");
                return None;
            };
            if items.len() > floor::limits::DIETARY_MAX {
                it.wrong(field, "too_long", "List should have at most 20 items");
                return None;
            }
            let labels: Option<Vec<Label>> = items.iter().map(|it| Label::new(it.as_str()?).ok()).collect();
            if labels.is_none() {
                let msg = "Value error, each item must be a text of 1 to 60 characters";
                it.wrong(field, "value_error", msg);
            }
            labels
        })
    }

    /// A whole number; one that is written as a text is taken.
    pub(super) fn integer(&mut self, spellings: &[&'static str]) -> Patch<i64> {
        self.patch(spellings, |it, field, value| {
            let number = match value {
                Value::String(text) => text.trim().parse().ok(),
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "beyond the range it becomes its end, which is too much for anything"
                )]
                Value::Number(number) => number.as_i64().or_else(|| {
                    let float = number.as_f64()?;
                    (float.fract() == 0.0).then_some(float as i64)
                }),
                _ => None,
            };
            if number.is_none() {
                let (kind, msg) = match value {
                    Value::String(_) => (
                        "int_parsing",
                        "Input should be a valid integer, unable to parse string as an integer",
                    ),
                    Value::Number(_) => (
                        "int_from_float",
                        "Input should be a valid integer, got a number with a fractional part",
                    ),
                    _ => ("int_type", "Input should be a valid integer"),
                };
                it.wrong(field, kind, msg);
            }
            number
        })
    }

    /// How many people, 1 to 60.
    pub(super) fn covers(&mut self, spellings: &[&'static str]) -> Patch<Covers> {
        let field = self.spelt(spellings).map_or("", |it| it.0);
        match self.integer(spellings) {
            Patch::Set(count) => match Covers::new(count) {
                Ok(covers) => Patch::Set(covers),
                Err(_) => {
                    let msg = if count < 1 {
                        format!("Value error, {field} must be a positive integer")
                    } else {
                        format!("Value error, {field} must be at most {}", Covers::MAX)
                    };
                    self.wrong(field, "value_error", &msg);
                    Patch::Keep
                }
            },
            Patch::Clear => Patch::Clear,
            Patch::Keep => Patch::Keep,
        }
    }

    /// A time, in UTC unless it says otherwise.
    pub(super) fn time(&mut self, spellings: &[&'static str]) -> Patch<Timestamp> {
        let field = self.spelt(spellings).map_or("", |it| it.0);
        match self.any_text(spellings) {
            Patch::Set(text) => match words::time(text) {
                Some(at) => Patch::Set(at),
                None => {
                    let msg = "Input should be a valid datetime or date, such as 2025-08-16T18:20:00";
                    self.wrong(field, "datetime_from_date_parsing", msg);
                    Patch::Keep
                }
            },
            Patch::Clear => Patch::Clear,
            Patch::Keep => Patch::Keep,
        }
    }

    /// A word out of a list.
    pub(super) fn word<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
        known: &str,
    ) -> Option<T> {
        let word = *self.any_text(&[field]).set()?;
        let read = read(word);
        if read.is_none() {
            self.wrong(field, "enum", &format!("Input should be {known}"));
        }
        read
    }

    /// An id: a text, or a bare number.
    pub(super) fn id(&mut self, spellings: &[&'static str]) -> Patch<String> {
        self.patch(spellings, |it, field, value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) if number.is_u64() => Some(number.to_string()),
            _ => {
                it.wrong(field, "string_type", "Input should be a valid string");
                None
            }
        })
    }

    /// A place on the plan: in shares of its size, or in units of a plan of 800 by 600.
    pub(super) fn position(&mut self, field: &'static str) -> Option<(f64, f64)> {
        let value = self.object.get(field).filter(|it| !it.is_null())?;
        let Some(object) = value.as_object() else {
            self.wrong(
                field,
                "model_attributes_type",
                "Input should be a valid dictionary",
            );
            return None;
        };
        let mut inner = Fields::of(object, Nulls::Keep);
        inner.path = self.path.clone();
        inner.path.push(json!(field));
        let (x, y) = (inner.share("x", 800.0), inner.share("y", 600.0));
        self.errors.append(&mut inner.errors);
        x.zip(y)
    }

    fn share(&mut self, field: &'static str, whole: f64) -> Option<f64> {
        let Some(value) = self.object.get(field) else {
            self.missing(field);
            return None;
        };
        let number = match value {
            Value::String(text) => text.trim().parse().ok(),
            other => other.as_f64(),
        };
        let Some(number) = number.filter(|it: &f64| it.is_finite()) else {
            self.wrong(field, "float_type", "Input should be a valid number");
            return None;
        };
        Some(if number > 1.0 { number / whole } else { number }.clamp(0.0, 1.0))
    }
}
