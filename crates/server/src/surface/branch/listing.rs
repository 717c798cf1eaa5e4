//! Lists: which part of one, in which order.

use super::error::BranchError;
use super::fields::Fields;
use floor::Label;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use std::cmp::Ordering;
use uuid::Uuid;

/// Which part of a list is asked for, and in which order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listing {
    pub(super) page: usize,
    pub(super) limit: usize,
    /// What it is sorted by.
    pub(super) by: &'static str,
    /// Whether the last comes first.
    pub(super) is_descending: bool,
}

/// How a list is shown when nobody says how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usual {
    pub(super) limit: i64,
    pub(super) by: &'static str,
    pub(super) is_descending: bool,
}

/// What of a named thing lists look at.
pub(super) struct Listed<'a> {
    pub(super) name: &'a Label,
    pub(super) display_order: i32,
    pub(super) active: bool,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

/// What lists of named things are asked for, all of them.
pub(super) struct Named {
    pub(super) listing: Listing,
    search: Option<String>,
    pub(super) branch: Option<Uuid>,
    active: Option<bool>,
}

impl Named {
    pub(super) fn read(fields: &mut Fields<'_>) -> Named {
        let usual = Usual {
            limit: 20,
            by: "displayOrder",
            is_descending: false,
        };
        let sorts = &["name", "displayOrder", "createdAt", "updatedAt"];
        Named {
            listing: Listing::read(fields, sorts, usual),
            search: fields.words("search").map(|it| it.to_lowercase()),
            branch: fields.id("branchId"),
            active: fields.flag("isActive"),
        }
    }

    pub(super) fn takes(&self, listed: &Listed<'_>) -> bool {
        let name = listed.name.as_str().to_lowercase();
        self.search.as_ref().is_none_or(|it| name.contains(it.as_str()))
            && self.active.is_none_or(|it| it == listed.active)
    }
}

impl Listed<'_> {
    pub(super) fn compare(&self, by: &str, other: &Listed<'_>) -> Ordering {
        match by {
            "name" => self.name.cmp(other.name),
            "createdAt" => self.created_at.cmp(&other.created_at),
            "updatedAt" => self.updated_at.cmp(&other.updated_at),
            _ => self.display_order.cmp(&other.display_order),
        }
    }
}

/// Things of one page at the most.
const LIMIT_MAX: i64 = 1_000;

impl Listing {
    /// Reads what a query says of a list that can be sorted by `sorts`. `usual` is what nobody says.
    pub(super) fn read(fields: &mut Fields<'_>, sorts: &'static [&'static str], usual: Usual) -> Listing {
        let page = fields.int("page", 1, i64::MAX).unwrap_or(1);
        let limit = fields.int("limit", 1, LIMIT_MAX).unwrap_or(usual.limit);
        let by = fields.choice("sortBy", sorts).unwrap_or(usual.by);
        let order = fields.choice("sortOrder", &["ASC", "DESC"]);
        Listing {
            page: usize::try_from(page).unwrap_or(usize::MAX),
            limit: usize::try_from(limit).unwrap_or(1),
            by,
            is_descending: order.map_or(usual.is_descending, |it| it == "DESC"),
        }
    }

    /// Sorts, with what is alike in the order that it came.
    pub(super) fn sort<T>(self, items: &mut [T], compare: impl Fn(&str, &T, &T) -> Ordering) {
        items.sort_by(|a, b| {
            let order = compare(self.by, a, b);
            if self.is_descending {
                order.reverse()
            } else {
                order
            }
        });
    }

    /// The part of the list that is asked for, as it is shown.
    pub(super) fn page<T, S: Serialize>(self, items: &[T], show: impl FnMut(&T) -> S) -> Value {
        let from = (self.page - 1).saturating_mul(self.limit);
        let data: Vec<S> = items.iter().skip(from).take(self.limit).map(show).collect();
        json!({
            "data": data,
            "meta": {
                "total": items.len(),
                "page": self.page,
                "limit": self.limit,
                "totalPages": items.len().div_ceil(self.limit),
            },
        })
    }
}

/// The order in which people read numbers of tables: 2 before 10.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        match (left.chars().next(), right.chars().next()) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(l), Some(r)) if l.is_ascii_digit() && r.is_ascii_digit() => {
                let (l, l_rest) = digits(left);
                let (r, r_rest) = digits(right);
                let order = l.len().cmp(&r.len()).then_with(|| l.cmp(r));
                if order != Ordering::Equal {
                    return order;
                }
                (left, right) = (l_rest, r_rest);
            }
            (Some(l), Some(r)) => {
                let order = l.to_lowercase().cmp(r.to_lowercase());
                if order != Ordering::Equal {
                    return order;
                }
                (left, right) = (&left[l.len_utf8()..], &right[r.len_utf8()..]);
            }
        }
    }
}

/// The digits that a text begins with, without zeros in front, and the rest.
fn digits(text: &str) -> (&str, &str) {
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(n_digits);
    (digits.trim_start_matches('0'), rest)
}

/// A whole number in an address.
pub(super) fn whole(text: &str) -> Result<u64, BranchError> {
    let number = text.parse();
    number.map_err(|_| BranchError::rule("Validation failed (numeric string is expected)"))
}

#[cfg(test)]
mod tests {
    use super::natural;
    use proptest::prelude::*;
    use std::cmp::Ordering;

    #[test]
    fn numbers_come_as_people_read_them() {
        let mut numbers = vec!["T-10", "b", "T-2", "A", "10", "2", "T-2a", "02", "a1", "T-1", ""];
        numbers.sort_by(|a, b| natural(a, b));
        assert_eq!(
            numbers,
            ["", "02", "2", "10", "A", "a1", "b", "T-1", "T-2", "T-2a", "T-10"]
        );
    }

    proptest! {
        #[test]
        fn it_is_an_order(a in "[a-b0-2é]{0,6}", b in "[a-b0-2é]{0,6}", c in "[a-b0-2é]{0,6}") {
            prop_assert_eq!(natural(&a, &b), natural(&b, &a).reverse());
            prop_assert_eq!(natural(&a, &b) == Ordering::Equal, a == b);
            if natural(&a, &b) != Ordering::Greater && natural(&b, &c) != Ordering::Greater {
                prop_assert_ne!(natural(&a, &c), Ordering::Greater);
            }
        }
    }
}
