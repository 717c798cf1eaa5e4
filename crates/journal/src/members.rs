//! The read model of who works where, and the one function that says what happens to it.

use floor::{Event, RestaurantId, Role, StaffId};

/// Where somebody works, as the last change about them says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Where.
    pub restaurant_id: RestaurantId,
    /// Who.
    pub staff_id: StaffId,
    /// The name colleagues use.
    pub name: String,
    /// What they may do there.
    pub roles: Vec<Role>,
    /// Whether they work there now.
    pub active: bool,
}

impl Member {
    /// The member as they are after this event, if it is about one.
    ///
    /// Whoever writes, rebuilds or checks uses this one function, so that all come to the same rows.
    pub(crate) fn after(restaurant_id: RestaurantId, event: &Event) -> Option<Member> {
        let (Event::StaffAdded { staff_id, details } | Event::StaffUpdated { staff_id, details }) = event
        else {
            return None;
        };
        Some(Member {
            restaurant_id,
            staff_id: *staff_id,
            name: details.name.as_str().to_owned(),
            roles: details.roles.clone(),
            active: details.active,
        })
    }
}
