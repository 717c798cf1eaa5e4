//! One accepted command, as the journal keeps it.

use crate::{Event, RestaurantId, Seq, StaffId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What one accepted command did: its events happened together, or not at all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Where it happened.
    pub restaurant_id: RestaurantId,
    /// Its place in that restaurant's journal.
    pub seq: Seq,
    /// When it was decided, to the microsecond.
    pub at: Timestamp,
    /// Who asked for it.
    pub by: By,
    /// What happened, in this order.
    pub events: Vec<Event>,
}

/// Who asked for a change, and through which door.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct By {
    /// The member of staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_id: Option<StaffId>,
    /// The machine's API key, by its public name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Somebody known elsewhere: the subject of a token that another program signed, `trusted-network`, or a guest
    /// with a phone, as `member-4`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The surface: `v1`, `host`, … or `operator` for the program's own commands.
    pub surface: String,
}
