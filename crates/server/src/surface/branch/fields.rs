//! Bodies and queries read field by field, with every problem named at once, in the phrases that clients of this
//! protocol know.
//!
//! Types are coerced: `"4"` is 4, any text that is not empty is true, a number is its text. Where several things are
//! wrong with one field, the bound comes before the type. Fields that nobody asked for come first of all.

use super::error::BranchError;
use floor::{Patch, Text, TextError};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Some fields, and what is wrong with those that were looked at.
pub(super) struct Fields<'a> {
    object: &'a Map<String, Value>,
    /// What stands before a field's name: `position.` for those of a position.
    prefix: String,
    known: BTreeSet<&'static str>,
    /// Whether fields that nobody asks for are welcome.
    takes_all: bool,
    problems: RefCell<Vec<String>>,
}

/// Whether all that a thing has to have must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// A new one.
    Yes,
    /// A change.
    No,
}

/// Reads a body that has to be an object. An empty one is as good as `{}`.
pub(super) fn object(body: &[u8]) -> Result<Map<String, Value>, BranchError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(BranchError::rule("the body must be a JSON object")),
        Err(error) => Err(BranchError::rule(format!("the body is not JSON: {error}"))),
    }
}

/// A query's parameters as fields. One that comes twice counts once, as it came last.
pub(super) fn query(query: Option<&str>) -> Map<String, Value> {
    let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect()
}

impl<'a> Fields<'a> {
    /// These fields.
    pub(super) fn of(object: &'a Map<String, Value>) -> Fields<'a> {
        Fields::at(object, String::new())
    }

    fn at(object: &'a Map<String, Value>, prefix: String) -> Fields<'a> {
        Fields {
            object,
            prefix,
            known: BTreeSet::new(),
            takes_all: false,
            problems: RefCell::default(),
        }
    }

    /// All problems, those of fields that nobody asked for first.
    fn problems(self) -> Vec<String> {
        let is_unknown = |it: &&String| !self.takes_all && !self.known.contains(it.as_str());
        let unknown = self.object.keys().filter(is_unknown);
        let mut problems: Vec<String> = unknown
            .map(|it| {
                let field: String = it.chars().take(100).collect();
                format!("{}property {field} should not exist", self.prefix)
            })
            .collect();
        problems.append(&mut self.problems.into_inner());
        problems
    }

    /// The problems, if there are any.
    pub(super) fn finish(self) -> Result<(), BranchError> {
        let problems = self.problems();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(BranchError::invalid(problems))
        }
    }

    /// Says what is wrong with a field.
    pub(super) fn wrong(&self, field: &str, problem: &str) {
        self.problems
            .borrow_mut()
            .push(format!("{}{field} {problem}", self.prefix));
    }

    /// What stands in a field, as it came.
    pub(super) fn raw(&mut self, field: &'static str) -> Option<&'a Value> {
        self.known.insert(field);
        self.object.get(field)
    }

    /// A field that may be left out. `null` is as good as left out.
    fn optional(&mut self, field: &'static str) -> Option<&'a Value> {
        self.raw(field).filter(|it| !it.is_null())
    }

    /// A text of at most `MAX` characters that has to be there.
    pub(super) fn required_text<const MAX: usize>(&mut self, field: &'static str) -> Option<Text<MAX>> {
        let value = self.raw(field);
        self.text_in(field, value)
    }

    /// A text that a new thing has to have. In a change it may be left out, but it is not nothing.
    pub(super) fn needed_text<const MAX: usize>(
        &mut self,
        field: &'static str,
        whole: Whole,
    ) -> Option<Text<MAX>> {
        self.is_needed(field, whole)
            .then(|| self.required_text(field))
            .flatten()
    }

    /// A whole number of the same kind.
    pub(super) fn needed_int(
        &mut self,
        field: &'static str,
        whole: Whole,
        min: i64,
        max: i64,
    ) -> Option<i64> {
        self.is_needed(field, whole)
            .then(|| self.required_int(field, min, max))
            .flatten()
    }

    /// An id of the same kind.
    pub(super) fn needed_id(&mut self, field: &'static str, whole: Whole) -> Option<Uuid> {
        self.is_needed(field, whole)
            .then(|| self.required_id(field))
            .flatten()
    }

    fn is_needed(&self, field: &str, whole: Whole) -> bool {
        whole == Whole::Yes || self.object.contains_key(field)
    }

    /// A text that may be left out.
    pub(super) fn text<const MAX: usize>(&mut self, field: &'static str) -> Option<Text<MAX>> {
        let value = self.optional(field)?;
        self.text_in(field, Some(value))
    }

    /// A text that may be left out, or be null or blank, which clears it.
    pub(super) fn text_patch<const MAX: usize>(&mut self, field: &'static str) -> Patch<Text<MAX>> {
        match self.raw(field) {
            None => Patch::Keep,
            Some(Value::Null) => Patch::Clear,
            Some(Value::String(text)) if text.trim().is_empty() => Patch::Clear,
            Some(value) => self.text_in(field, Some(value)).map_or(Patch::Keep, Patch::Set),
        }
    }

    fn text_in<const MAX: usize>(&self, field: &str, value: Option<&Value>) -> Option<Text<MAX>> {
        let Some(text) = value.and_then(text_of) else {
            self.wrong(field, "must be a string");
            return None;
        };
        match Text::new(&text) {
            Ok(text) => Some(text),
            Err(TextError::Blank) => {
                self.wrong(field, "should not be empty");
                None
            }
            Err(TextError::TooLong { max, .. }) => {
                self.wrong(
                    field,
                    &format!("must be shorter than or equal to {max} characters"),
                );
                None
            }
            Err(error) => {
                self.wrong(field, &error.to_string());
                None
            }
        }
    }

    /// A text of whatever length that may be left out.
    pub(super) fn words(&mut self, field: &'static str) -> Option<String> {
        let value = self.optional(field)?;
        let text = text_of(value);
        if text.is_none() {
            self.wrong(field, "must be a string");
        }
        text
    }

    /// A password of at least so many characters.
    pub(super) fn required_secret(&mut self, field: &'static str, chars_min: usize) -> &'a str {
        let text = self.raw(field).and_then(Value::as_str);
        if text.is_none_or(|it| it.chars().count() < chars_min) {
            self.wrong(
                field,
                &format!("must be longer than or equal to {chars_min} characters"),
            );
        }
        if text.is_none() {
            self.wrong(field, "must be a string");
        }
        text.unwrap_or_default()
    }

    /// An e-mail address that has to be there.
    pub(super) fn required_email(&mut self, field: &'static str) -> &'a str {
        let text = self.raw(field).and_then(Value::as_str).unwrap_or_default();
        if !is_email(text) {
            self.wrong(field, "must be an email");
        }
        text
    }

    /// An e-mail address that may be left out; null or blank clears it.
    pub(super) fn email_patch(&mut self, field: &'static str) -> Patch<Text<254>> {
        let patch = self.text_patch(field);
        if patch.set().is_some_and(|it: &Text<254>| !is_email(it.as_str())) {
            self.wrong(field, "must be an email");
        }
        patch
    }

    /// A whole number within bounds that has to be there.
    pub(super) fn required_int(&mut self, field: &'static str, min: i64, max: i64) -> Option<i64> {
        let value = self.raw(field);
        self.int_in(field, value, min, max)
    }

    /// A whole number within bounds that may be left out.
    pub(super) fn int(&mut self, field: &'static str, min: i64, max: i64) -> Option<i64> {
        let value = self.optional(field)?;
        self.int_in(field, Some(value), min, max)
    }

    fn int_in(&self, field: &str, value: Option<&Value>, min: i64, max: i64) -> Option<i64> {
        let number = value.and_then(number_of);
        #[expect(clippy::cast_precision_loss, reason = "bounds are small")]
        let (is_above, is_below) = (
            number.is_some_and(|it| it >= min as f64),
            number.is_none_or(|it| it <= max as f64),
        );
        if min > i64::MIN && !is_above {
            self.wrong(field, &format!("must not be less than {min}"));
        }
        if max < i64::MAX && !is_below {
            self.wrong(field, &format!("must not be greater than {max}"));
        }
        let whole = number.filter(|it| it.fract() == 0.0);
        if whole.is_none() {
            self.wrong(field, "must be an integer number");
        }
        #[expect(clippy::cast_possible_truncation, reason = "it lies between the bounds")]
        whole.filter(|_| is_above && is_below).map(|it| it as i64)
    }

    /// A number between bounds that may be left out.
    pub(super) fn number(&mut self, field: &'static str, min: f64, max: f64) -> Option<f64> {
        let value = self.optional(field)?;
        self.number_in(field, Some(value), min, max)
    }

    /// A number between bounds that has to be there.
    pub(super) fn required_number(&mut self, field: &'static str, min: f64, max: f64) -> Option<f64> {
        let value = self.raw(field);
        self.number_in(field, value, min, max)
    }

    fn number_in(&self, field: &str, value: Option<&Value>, min: f64, max: f64) -> Option<f64> {
        let number = value.and_then(number_of);
        let Some(number) = number else {
            self.wrong(field, "must be a number conforming to the specified constraints");
            return None;
        };
        if number < min {
            self.wrong(field, &format!("must not be less than {min}"));
            return None;
        }
        if number > max {
            self.wrong(field, &format!("must not be greater than {max}"));
            return None;
        }
        Some(number)
    }

    /// Yes or no; any text that is not empty is yes.
    pub(super) fn boolean(&mut self, field: &'static str) -> Option<bool> {
        match self.optional(field)? {
            Value::Bool(it) => Some(*it),
            Value::String(text) => Some(!text.is_empty()),
            Value::Number(number) => Some(number.as_f64().is_some_and(|it| it != 0.0)),
            _ => {
                self.wrong(field, "must be a boolean value");
                None
            }
        }
    }

    /// Yes or no in a query, where `false` means it.
    pub(super) fn flag(&mut self, field: &'static str) -> Option<bool> {
        match self.optional(field)?.as_str() {
            Some("true" | "1") => Some(true),
            Some("false" | "0") => Some(false),
            _ => {
                self.wrong(field, "must be a boolean value");
                None
            }
        }
    }

    /// One of these words.
    pub(super) fn choice(
        &mut self,
        field: &'static str,
        words: &'static [&'static str],
    ) -> Option<&'static str> {
        let value = self.optional(field)?;
        self.choice_in(field, Some(value), words)
    }

    /// One of these words, which has to be there.
    pub(super) fn required_choice(
        &mut self,
        field: &'static str,
        words: &'static [&'static str],
    ) -> Option<&'static str> {
        let value = self.raw(field);
        self.choice_in(field, value, words)
    }

    fn choice_in(
        &self,
        field: &str,
        value: Option<&Value>,
        words: &'static [&'static str],
    ) -> Option<&'static str> {
        let word = value.and_then(Value::as_str);
        let found = words.iter().copied().find(|it| Some(*it) == word);
        if found.is_none() {
            let listed = words.join(", ");
            self.wrong(field, &format!("must be one of the following values: {listed}"));
        }
        found
    }

    /// An id that has to be there.
    pub(super) fn required_id(&mut self, field: &'static str) -> Option<Uuid> {
        let value = self.raw(field);
        self.id_in(field, value)
    }

    /// An id that may be left out.
    pub(super) fn id(&mut self, field: &'static str) -> Option<Uuid> {
        let value = self.optional(field)?;
        self.id_in(field, Some(value))
    }

    /// An id that may be left out; null takes it away.
    pub(super) fn id_patch(&mut self, field: &'static str) -> Patch<Uuid> {
        match self.raw(field) {
            None => Patch::Keep,
            Some(Value::Null) => Patch::Clear,
            Some(value) => self.id_in(field, Some(value)).map_or(Patch::Keep, Patch::Set),
        }
    }

    fn id_in(&self, field: &str, value: Option<&Value>) -> Option<Uuid> {
        let id = value.and_then(Value::as_str).and_then(uuid);
        if id.is_none() {
            self.wrong(field, "must be a UUID");
        }
        id
    }

    /// Fields inside a field, read by `read`; null takes them away.
    pub(super) fn nested<T>(
        &mut self,
        field: &'static str,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Patch<T> {
        let object = match self.raw(field) {
            None => return Patch::Keep,
            Some(Value::Null) => return Patch::Clear,
            Some(Value::Object(object)) => object,
            Some(_) => {
                let problem = format!("nested property {}{field} must be an object", self.prefix);
                self.problems.borrow_mut().push(problem);
                return Patch::Keep;
            }
        };
        let mut inner = Fields::at(object, format!("{}{field}.", self.prefix));
        let read = read(&mut inner);
        let problems = inner.problems();
        let is_good = problems.is_empty();
        self.problems.borrow_mut().extend(problems);
        if is_good { Patch::Set(read) } else { Patch::Keep }
    }

    /// All fields that nobody has looked at, which are kept as they came.
    pub(super) fn others(&mut self) -> Map<String, Value> {
        let others = self
            .object
            .iter()
            .filter(|it| !self.known.contains(it.0.as_str()));
        let others = others.map(|it| (it.0.clone(), it.1.clone())).collect();
        self.takes_all = true;
        others
    }

    /// An object that is kept as it came.
    pub(super) fn kept(&mut self, field: &'static str) -> Option<&'a Map<String, Value>> {
        match self.optional(field)? {
            Value::Object(object) => Some(object),
            _ => {
                self.wrong(field, "must be an object");
                None
            }
        }
    }
}

/// A UUID in its usual form.
pub(super) fn uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// A text, or what has a text.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(it) => Some(it.to_string()),
        _ => None,
    }
}

/// A number, or a text that is one.
fn number_of(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if !text.trim().is_empty() => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|it: &f64| it.is_finite())
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else {
        return false;
    };
    let is_plain =
        |it: &str| !it.is_empty() && !it.contains(|it: char| it.is_whitespace() || it.is_control());
    let is_host = host.contains('.') && host.split('.').all(|it| !it.is_empty());
    text.len() <= 254 && is_plain(name) && !name.contains('@') && is_plain(host) && is_host
}
