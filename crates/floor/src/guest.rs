//! What the guest book holds about a person. None of it is ever in an event.

use crate::limits::DIETARY_MAX;
use crate::{GuestId, Label, Note, PartyId, Patch, Refusal, Text, TextError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A guest's name and the like, as given when a party comes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GuestDetails {
    /// The name.
    pub name: Option<Text<120>>,
    /// The phone number, as given.
    pub phone: Option<Text<40>>,
    /// Wishes, allergies, the occasion.
    pub notes: Option<Note>,
    /// The end of the name that is the family name, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<Text<120>>,
    /// The e-mail address, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Text<254>>,
    /// What they asked for this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<Note>,
    /// What they do not eat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dietary: Option<Vec<Label>>,
}

/// What changes in the guest book, beside the events of the same change and in the same order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuestWrite {
    /// Fields of an entry are written.
    Fields(GuestPatch),
    /// An entry is emptied for good.
    Erase(GuestId),
}

/// What is written into a guest's entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestPatch {
    /// Whose entry.
    pub guest_id: GuestId,
    /// The party they came with, if they did with one.
    pub party_id: Option<PartyId>,
    /// What is written.
    pub fields: GuestFields,
}

/// Fields of a guest's entry: those that are not kept are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in GuestDetails")]
pub struct GuestFields {
    pub name: Patch<Text<120>>,
    pub phone: Patch<Text<40>>,
    pub notes: Patch<Note>,
    pub family_name: Patch<Text<120>>,
    pub email: Patch<Text<254>>,
    pub requests: Patch<Note>,
    pub dietary: Patch<Vec<Label>>,
    /// The name in two, instead of `name` and `family_name`: put together when it is written.
    pub name_parts: Option<Box<NameParts>>,
}

/// What is written of a name by its parts: one that is kept stays as the entry has it then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameParts {
    /// What comes before the family name.
    pub first: Patch<Text<120>>,
    /// The family name.
    pub last: Patch<Text<120>>,
}

impl NameParts {
    /// The name and the family name that an entry gets; an error, if the parts do not fit together.
    fn over(&self, before: &GuestDetails) -> Result<(Option<Text<120>>, Option<Text<120>>), TextError> {
        let part = |patch: &Patch<Text<120>>, before: &str| match patch {
            Patch::Keep => Text::new(before).ok(),
            Patch::Clear => None,
            Patch::Set(text) => Some(text.clone()),
        };
        let (first, last) = before.names();
        let (first, last) = (part(&self.first, first), part(&self.last, last));
        let parts: Vec<&str> = [&first, &last].into_iter().flatten().map(Text::as_str).collect();
        let name = if parts.is_empty() {
            None
        } else {
            Some(Text::new(&parts.join(" "))?)
        };
        Ok((name, last))
    }

    /// Whether the parts fit together in an entry that is `before`.
    pub fn checked(&self, before: &GuestDetails) -> Result<(), TextError> {
        self.over(before).map(drop)
    }
}

impl GuestWrite {
    /// Whose entry it is.
    #[must_use]
    pub fn guest_id(&self) -> GuestId {
        match self {
            GuestWrite::Fields(patch) => patch.guest_id,
            GuestWrite::Erase(guest_id) => *guest_id,
        }
    }

    /// The entry after this write.
    #[must_use]
    pub fn over(&self, before: GuestDetails) -> GuestDetails {
        match self {
            GuestWrite::Fields(patch) => patch.over(before),
            GuestWrite::Erase(_) => GuestDetails::default(),
        }
    }
}

impl GuestPatch {
    pub(crate) fn new(guest_id: GuestId, party_id: PartyId, details: &GuestDetails) -> GuestPatch {
        let details = details.clone();
        GuestPatch {
            guest_id,
            party_id: Some(party_id),
            fields: GuestFields {
                name: details.name.into(),
                phone: details.phone.into(),
                notes: details.notes.into(),
                family_name: details.family_name.into(),
                email: details.email.into(),
                requests: details.requests.into(),
                dietary: details.dietary.into(),
                name_parts: None,
            },
        }
    }

    /// The entry after this write.
    #[must_use]
    pub fn over(&self, before: GuestDetails) -> GuestDetails {
        let fields = self.fields.clone();
        // Parts that have come to be too long together since they were looked at are not written.
        let parts = fields.name_parts.and_then(|it| it.over(&before).ok());
        let (name, family_name) = parts.unwrap_or_else(|| {
            (
                fields.name.over(before.name),
                fields.family_name.over(before.family_name),
            )
        });
        GuestDetails {
            name,
            phone: fields.phone.over(before.phone),
            notes: fields.notes.over(before.notes),
            family_name,
            email: fields.email.over(before.email),
            requests: fields.requests.over(before.requests),
            dietary: fields.dietary.over(before.dietary),
        }
    }
}

impl GuestDetails {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        check_dietary(self.dietary.as_deref())
    }

    /// The name in two: what comes before the family name, and the family name, if it is known apart.
    #[must_use]
    pub fn names(&self) -> (&str, &str) {
        let name = self.name.as_ref().map_or("", Text::as_str);
        let family = self.family_name.as_ref().map_or("", Text::as_str);
        match name.strip_suffix(family) {
            Some(first) if !family.is_empty() && (first.is_empty() || first.ends_with(' ')) => {
                (first.trim_end(), family)
            }
            _ => (name, ""),
        }
    }
}

impl GuestFields {
    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == GuestFields::default()
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        check_dietary(self.dietary.set().map(Vec::as_slice))
    }
}

fn check_dietary(dietary: Option<&[Label]>) -> Result<(), Refusal> {
    if dietary.is_some_and(|it| it.len() > DIETARY_MAX) {
        return Err(Refusal::bad("dietary", "must name at most 20 restrictions"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{GuestDetails, GuestFields, GuestPatch, NameParts};
    use crate::{GuestId, PartyId, Patch, Text};

    #[track_caller]
    fn check(name: &str, family_name: &str, names: (&str, &str)) {
        let details = GuestDetails {
            name: Text::new(name).ok(),
            family_name: Text::new(family_name).ok(),
            ..GuestDetails::default()
        };
        assert_eq!(details.names(), names);
    }

    #[test]
    fn a_name_is_taken_apart_only_where_somebody_said_so() {
        check("Mara Lindqvist", "Lindqvist", ("Mara", "Lindqvist"));
        check("Mara Lindqvist", "", ("Mara Lindqvist", ""));
        check("Lindqvist", "Lindqvist", ("", "Lindqvist"));
        check("Ada Byron", "Lovelace", ("Ada Byron", ""));
        check("Vandermeer", "meer", ("Vandermeer", ""));
        check("", "", ("", ""));
    }

    #[test]
    fn a_part_of_a_name_is_written_beside_what_the_other_has_become() {
        let write = |first: Patch<&str>, last: Patch<&str>, before: GuestDetails| {
            let part = |patch| match patch {
                Patch::Set(text) => Patch::Set(Text::new(text).unwrap()),
                Patch::Clear => Patch::Clear,
                Patch::Keep => Patch::Keep,
            };
            let fields = GuestFields {
                name_parts: Some(Box::new(NameParts {
                    first: part(first),
                    last: part(last),
                })),
                ..GuestFields::default()
            };
            let patch = GuestPatch {
                guest_id: GuestId(1),
                party_id: Some(PartyId(1)),
                fields,
            };
            patch.over(before)
        };
        let ann = write(Patch::Set("Ann"), Patch::Keep, GuestDetails::default());
        assert_eq!(ann.names(), ("Ann", ""));
        let ann = write(Patch::Keep, Patch::Set("Bell"), ann);
        let ann = write(Patch::Set("Mary Ann"), Patch::Keep, ann);
        assert_eq!(ann.names(), ("Mary Ann", "Bell"));
        let long = "x".repeat(118);
        let too_long = write(Patch::Set(&long), Patch::Keep, ann.clone());
        assert_eq!(too_long, ann);
        let bell = write(Patch::Clear, Patch::Keep, ann);
        assert_eq!(bell.names(), ("", "Bell"));
        let nobody = write(Patch::Keep, Patch::Clear, bell);
        assert_eq!((nobody.name, nobody.family_name), (None, None));
    }
}
