//! What goes into the audit list, and how much of it strangers can cause.

use super::staff::{Staff, by};
use floor::RestaurantId;
use jiff::Timestamp;
use journal::AuditEntry;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Failed sign-ins that are listed one by one in a minute. The rest is only counted.
const FAILURES_PER_MINUTE: u64 = 60;

/// An entry about something that `staff` did.
pub(super) fn done(
    staff: &Staff,
    what: &str,
    restaurant_id: Option<RestaurantId>,
    facts: Value,
    now: Timestamp,
) -> AuditEntry {
    AuditEntry {
        at: now,
        restaurant_id,
        what: what.to_owned(),
        by: json!(by(staff, surface_of(staff))),
        facts,
        address: staff.address.map(|it| it.to_string()),
    }
}

fn surface_of(staff: &Staff) -> &'static str {
    match staff.way {
        super::Way::Control => "operator",
        _ => "v1",
    }
}

/// Entries about a sign-in that worked or not, one for each restaurant concerned, so that its admins see
/// it; one for the operator alone when the account is nobody's.
pub(super) fn knocked(
    what: &str,
    restaurants: &[RestaurantId],
    facts: &Value,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Vec<AuditEntry> {
    let entry = |restaurant_id| AuditEntry {
        at: now,
        restaurant_id,
        what: what.to_owned(),
        by: json!({ "surface": "v1" }),
        facts: facts.clone(),
        address: address.map(|it| it.to_string()),
    };
    match restaurants {
        [] => vec![entry(None)],
        restaurants => restaurants.iter().map(|it| entry(Some(*it))).collect(),
    }
}

/// How many failures of this minute have been listed in each restaurant, and how many have not. What
/// strangers do to one house, or to accounts that do not exist, is not missed in another.
#[derive(Default)]
pub(super) struct FailureBudget {
    places: BTreeMap<Option<RestaurantId>, Spent>,
}

#[derive(Default)]
struct Spent {
    minute: i64,
    listed: u64,
    unlisted: u64,
}

/// A failure that is listed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// Where.
    pub(super) restaurant_id: Option<RestaurantId>,
    /// How many before it were not listed there.
    pub(super) unlisted: u64,
}

impl FailureBudget {
    /// Where one more failure is listed: of the restaurants concerned, those that have room for it. Of no
    /// restaurant, when it concerns none.
    pub(super) fn take(&mut self, concerned: &[RestaurantId], now: Timestamp) -> Vec<Listed> {
        let mut places: Vec<Option<RestaurantId>> = concerned.iter().copied().map(Some).collect();
        if places.is_empty() {
            places.push(None);
        }
        let listed = places.into_iter().filter_map(|it| {
            let unlisted = self.places.entry(it).or_default().take(now)?;
            Some(Listed {
                restaurant_id: it,
                unlisted,
            })
        });
        listed.collect()
    }
}

impl Spent {
    fn take(&mut self, now: Timestamp) -> Option<u64> {
        let minute = now.as_second() / 60;
        if minute != self.minute {
            self.minute = minute;
            self.listed = 0;
        }
        if self.listed >= FAILURES_PER_MINUTE {
            self.unlisted += 1;
            return None;
        }
        self.listed += 1;
        Some(std::mem::take(&mut self.unlisted))
    }
}

#[cfg(test)]
mod tests {
    use super::{FailureBudget, Listed};
    use floor::RestaurantId;
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn a_flood_of_failures_is_listed_in_part_and_counted_in_whole() {
        let mut budget = FailureBudget::default();
        let now: Timestamp = "2026-11-20T19:30:00Z".parse().unwrap();
        let (here, there) = (RestaurantId(1), RestaurantId(2));
        let entry = |restaurant_id, unlisted| {
            vec![Listed {
                restaurant_id,
                unlisted,
            }]
        };
        let listed: Vec<_> = (0..10_000).map(|_| budget.take(&[here], now)).collect();
        assert!(listed[..60].iter().all(|it| *it == entry(Some(here), 0)));
        assert!(listed[60..].iter().all(Vec::is_empty));
        assert_eq!(
            budget.take(&[there], now),
            entry(Some(there), 0),
            "another house misses nothing"
        );
        assert_eq!(budget.take(&[], now), entry(None, 0));
        let later = now + SignedDuration::from_mins(1);
        assert_eq!(budget.take(&[here], later), entry(Some(here), 9_940));
    }
}
