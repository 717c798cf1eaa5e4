//! Short texts that are never blank, too long or unprintable.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A text of 1 to `MAX` characters, trimmed, without control characters other than line breaks and tabs.
///
/// Characters are Unicode code points. Line breaks are `\n`, also where they came as `\r\n`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text<const MAX: usize>(String);

/// A name or a table's number.
pub type Label = Text<60>;
/// A remark.
pub type Note = Text<1000>;

/// Why a text was not taken.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TextError {
    /// Nothing but white space, or nothing that can be seen.
    #[error("must not be blank")]
    Blank,
    /// More characters than its limit.
    #[error("must have at most {max} characters, got {got}")]
    TooLong {
        /// The limit.
        max: usize,
        /// What came.
        got: usize,
    },
    /// A control character.
    #[error("must not contain control characters")]
    Control,
}

/// Characters that show nothing by themselves; inside a text, scripts and emoji need them.
const INVISIBLE: [char; 7] = [
    '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{feff}',
];

impl<const MAX: usize> Text<MAX> {
    /// Takes `text` without the white space around it.
    pub fn new(text: &str) -> Result<Text<MAX>, TextError> {
        let text = text.trim().replace("\r\n", "\n");
        let got = text.chars().count();
        if text
            .chars()
            .all(|it| it.is_whitespace() || INVISIBLE.contains(&it))
        {
            return Err(TextError::Blank);
        }
        if got > MAX {
            return Err(TextError::TooLong { max: MAX, got });
        }
        if text.chars().any(|it| it.is_control() && it != '\n' && it != '\t') {
            return Err(TextError::Control);
        }
        Ok(Text(text))
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> TryFrom<String> for Text<MAX> {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Text::new(&text)
    }
}

impl<const MAX: usize> From<Text<MAX>> for String {
    fn from(text: Text<MAX>) -> String {
        text.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MAX: usize> PartialSchema for Text<MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(MAX))
            .into()
    }
}

impl<const MAX: usize> ToSchema for Text<MAX> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("Text{MAX}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Label, TextError};

    #[test]
    fn a_text_has_a_first_and_a_last_character() {
        let label = Label::new(" \t Table 12 \n").expect("a text");
        assert_eq!(label.as_str(), "Table 12");
        assert_eq!(Label::new("a\u{a0}b").expect("a text").as_str(), "a\u{a0}b");
        for blank in ["", "  ", "\n", "\u{a0}\u{2003}", "\u{200b}", " \u{feff}\u{200d} "] {
            assert_eq!(Label::new(blank), Err(TextError::Blank), "{blank:?}");
        }
    }

    #[test]
    fn a_text_is_as_long_as_its_characters_not_its_bytes() {
        for letter in ["a", "é", "席", "🍷"] {
            assert!(Label::new(&letter.repeat(60)).is_ok(), "{letter}");
            let too_long = TextError::TooLong { max: 60, got: 61 };
            assert_eq!(Label::new(&letter.repeat(61)), Err(too_long), "{letter}");
        }
        assert!(Label::new(&format!("{}{}", "a".repeat(60), " ".repeat(100))).is_ok());
    }

    #[test]
    fn a_text_may_break_lines_but_not_ring_bells() {
        assert_eq!(Label::new("one\r\ntwo").expect("a text").as_str(), "one\ntwo");
        assert!(Label::new("one\ttwo").is_ok());
        assert!(Label::new("👩\u{200d}🍳").is_ok());
        for control in ["a\u{0}b", "a\u{7}b", "a\rb", "a\u{1b}[31m", "a\u{85}b"] {
            assert_eq!(Label::new(control), Err(TextError::Control), "{control:?}");
        }
    }

    #[test]
    fn a_stored_text_reads_back_as_itself() {
        let label = Label::new("say \"hi\" \\ \u{2028} é 🍷\nbye").expect("a text");
        let stored = serde_json::to_string(&label).expect("a text is JSON");
        assert_eq!(serde_json::from_str::<Label>(&stored).ok(), Some(label));
    }
}
