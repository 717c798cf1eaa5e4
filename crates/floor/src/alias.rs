//! Names that clients give to what they make, beside our ids.

use crate::{Floor, PartyId, Refusal, TableId};
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// A client's own name for a party or table: 1 to 64 letters, digits, `-`, `_`, `.` and `:`.
///
/// No spaces: it stays in events for ever, and must not be a person's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[A-Za-z0-9._:-]{1,64}$")]
pub struct Alias(String);

/// The text is no alias.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("must be 1 to {max} letters, digits, '-', '_', '.' and ':'", max = Alias::CHARS_MAX)]
pub struct AliasError;

impl Alias {
    /// The longest alias.
    pub const CHARS_MAX: usize = 64;

    /// Takes `text` as it is.
    pub fn new(text: &str) -> Result<Alias, AliasError> {
        let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_.:".contains(it);
        let is_alias = (1..=Alias::CHARS_MAX).contains(&text.len()) && text.chars().all(is_plain);
        is_alias.then(|| Alias(text.to_owned())).ok_or(AliasError)
    }

    /// The alias as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Alias {
    type Error = AliasError;

    fn try_from(text: String) -> Result<Alias, AliasError> {
        Alias::new(&text)
    }
}

impl From<Alias> for String {
    fn from(alias: Alias) -> String {
        alias.0
    }
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which party or table is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ref<Id> {
    /// By our id.
    Id(Id),
    /// By the name that a client gave it.
    Alias(Alias),
}

impl Floor {
    /// The party that is meant.
    pub fn party_named(&self, which: &Ref<PartyId>) -> Result<PartyId, Refusal> {
        match which {
            Ref::Id(id) => self.party(*id).map(|it| it.id),
            Ref::Alias(alias) => {
                let found = self.parties.values().find(|it| it.alias.as_ref() == Some(alias));
                found.map(|it| it.id).ok_or_else(|| unknown("party", alias))
            }
        }
    }

    /// The table that is meant.
    pub fn table_named(&self, which: &Ref<TableId>) -> Result<TableId, Refusal> {
        match which {
            Ref::Id(id) => self.table(*id).map(|it| it.id),
            Ref::Alias(alias) => {
                let found = self.tables.values().find(|it| it.alias.as_ref() == Some(alias));
                found.map(|it| it.id).ok_or_else(|| unknown("table", alias))
            }
        }
    }

    /// Checks that no party or table of ours has this alias.
    pub(crate) fn check_alias(&self, alias: Option<&Alias>) -> Result<(), Refusal> {
        let Some(alias) = alias else { return Ok(()) };
        let which = Ref::Alias(alias.clone());
        if self.party_named(&which).is_ok() || self.table_named(&Ref::Alias(alias.clone())).is_ok() {
            return Err(Refusal::AliasInUse { alias: alias.clone() });
        }
        Ok(())
    }
}

fn unknown(what: &'static str, alias: &Alias) -> Refusal {
    Refusal::UnknownAlias {
        what,
        alias: alias.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Alias, AliasError};

    #[test]
    fn an_alias_is_an_identifier_not_a_sentence() {
        for good in [
            "guest-abc",
            "3F2504E0-4F89-11D3-9A0C-0305E82C3301",
            "a",
            "x:y_z.1",
        ] {
            assert_eq!(Alias::new(good).map(String::from).as_deref(), Ok(good));
        }
        let long = "a".repeat(65);
        for bad in ["", "Mara Lindqvist", "ä", "a/b", long.as_str()] {
            assert_eq!(Alias::new(bad), Err(AliasError), "{bad}");
        }
    }
}
