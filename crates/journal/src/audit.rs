//! The audit list: who did what to people, credentials and restaurants, in the order it was written.
//!
//! Lines are only ever added at the end; after 400 days they are dropped. What a line says beyond this
//! is its writer's matter, except for those about staff, which the journal adds by itself.

use floor::{Change, Event, RestaurantId};
use jiff::Timestamp;
use serde_json::{Value, json};

/// A line of the audit list before it has its number.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// When, to the microsecond.
    pub at: Timestamp,
    /// Where, if in one place.
    pub restaurant_id: Option<RestaurantId>,
    /// What was done: `staff_added`, …
    pub what: String,
    /// Who did it.
    pub by: Value,
    /// To whom or what, and how. No secret is ever among them.
    pub facts: Value,
    /// The address it was asked from.
    pub address: Option<String>,
}

/// A line of the audit list.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRow {
    /// Its place in the list. Numbers grow, and none is given twice.
    pub number: u64,
    /// What it says.
    pub entry: AuditEntry,
}

impl AuditEntry {
    /// The lines of a change: one for each event about a member of staff.
    pub(crate) fn of_change(change: &Change) -> Result<Vec<AuditEntry>, serde_json::Error> {
        let told = change.events.iter().filter_map(|event| match event {
            Event::StaffAdded { staff_id, details } => Some(("staff_added", staff_id, details)),
            Event::StaffUpdated { staff_id, details } => Some(("staff_updated", staff_id, details)),
            _ => None,
        });
        told.map(|(what, staff_id, details)| {
            Ok(AuditEntry {
                at: change.at,
                restaurant_id: Some(change.restaurant_id),
                what: what.to_owned(),
                by: serde_json::to_value(&change.by)?,
                facts: json!({
                    "staff_id": staff_id,
                    "name": details.name,
                    "roles": details.roles,
                    "active": details.active,
                    "seq": change.seq,
                }),
                address: None,
            })
        })
        .collect()
    }
}
