//! People who work here, as far as the floor knows them: no credentials.

use crate::limits::STAFF_MAX;
use crate::{Decision, Event, Floor, Ids, Kind, Label, Refusal, StaffId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// What somebody may do. Which commands a role allows is the server's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, staff and keys included.
    Admin,
    /// Everything on the floor, settings included.
    Manager,
    /// The door: waitlist, seating, tables.
    Host,
    /// The tables: turns, stages, covers.
    Waiter,
    /// The till.
    Cashier,
    /// The kitchen's screen.
    Kitchen,
    /// Looks, changes nothing.
    Analyst,
}

/// A member of staff without the id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffDetails {
    /// The name colleagues use; unique in the restaurant.
    pub name: Label,
    /// What they may do, at least one.
    pub roles: Vec<Role>,
    /// Whether they work here now.
    #[serde(default = "yes")]
    pub active: bool,
}

/// What changes about a member of staff; fields left out stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffPatch {
    /// Who.
    pub staff_id: StaffId,
    /// The name colleagues use.
    #[serde(default)]
    pub name: Option<Label>,
    /// What they may do.
    #[serde(default)]
    pub roles: Option<Vec<Role>>,
    /// Whether they work here now.
    #[serde(default)]
    pub active: Option<bool>,
}

/// Somebody who works in another restaurant already, and here from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffAdmission {
    /// Who: the id they have there.
    pub staff_id: StaffId,
    /// The name colleagues use; unique in the restaurant.
    pub name: Label,
    /// What they may do here, at least one.
    pub roles: Vec<Role>,
    /// Whether they work here now.
    #[serde(default = "yes")]
    pub active: bool,
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StaffMember {
    /// Who.
    pub id: StaffId,
    /// The rest.
    #[serde(flatten)]
    pub details: StaffDetails,
}

fn yes() -> bool {
    true
}

impl Floor {
    pub(crate) fn decide_add_staff(
        &self,
        details: &StaffDetails,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        self.check_room_for_staff()?;
        self.check_staff(details, None)?;
        let staff_id = StaffId(ids.take(Kind::Staff));
        Ok(Event::StaffAdded {
            staff_id,
            details: details.clone(),
        }
        .into())
    }

    pub(crate) fn decide_admit_staff(&self, admitted: &StaffAdmission) -> Result<Decision, Refusal> {
        let StaffAdmission {
            staff_id,
            name,
            roles,
            active,
        } = admitted.clone();
        let details = StaffDetails { name, roles, active };
        self.check_staff(&details, Some(staff_id))?;
        if self.staff.contains_key(&staff_id) {
            return Ok(Event::StaffUpdated { staff_id, details }.into());
        }
        self.check_room_for_staff()?;
        Ok(Event::StaffAdded { staff_id, details }.into())
    }

    fn check_room_for_staff(&self) -> Result<(), Refusal> {
        if self.staff.len() < STAFF_MAX {
            return Ok(());
        }
        Err(Refusal::TooMany {
            what: "staff",
            max: STAFF_MAX,
        })
    }

    pub(crate) fn decide_update_staff(&self, patch: &StaffPatch) -> Result<Decision, Refusal> {
        let staff_id = patch.staff_id;
        let mut details = self.staff_member(staff_id)?.details.clone();
        if let Some(name) = &patch.name {
            details.name = name.clone();
        }
        if let Some(roles) = &patch.roles {
            details.roles.clone_from(roles);
        }
        details.active = patch.active.unwrap_or(details.active);
        self.check_staff(&details, Some(staff_id))?;
        Ok(Event::StaffUpdated { staff_id, details }.into())
    }

    fn check_staff(&self, details: &StaffDetails, but: Option<StaffId>) -> Result<(), Refusal> {
        if details.roles.is_empty() {
            return Err(Refusal::bad("roles", "must name at least one role"));
        }
        if details.roles.iter().collect::<BTreeSet<_>>().len() < details.roles.len() {
            return Err(Refusal::bad("roles", "must name each role once"));
        }
        let same = |it: &&StaffMember| {
            Some(it.id) != but && crate::command::same_name(&it.details.name, &details.name)
        };
        match self.staff.values().find(same) {
            Some(other) => Err(Refusal::NameInUse {
                what: "staff",
                id: other.id.0,
            }),
            None => Ok(()),
        }
    }

    /// The member of staff with this id.
    pub fn staff_member(&self, id: StaffId) -> Result<&StaffMember, Refusal> {
        self.staff.get(&id).ok_or(Refusal::Unknown {
            what: "staff",
            id: id.0,
        })
    }

    pub(crate) fn active_staff(&self, id: StaffId) -> Result<&StaffMember, Refusal> {
        let member = self.staff_member(id)?;
        if member.details.active {
            Ok(member)
        } else {
            Err(Refusal::StaffInactive { staff_id: id })
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::script::check;
    use expect_test::expect;

    #[test]
    fn staff_are_hired_once_and_with_a_role() {
        check(expect![[r#"
            hire Maria waiter+host            -> staff_added staff=Maria
            hire maria waiter                 -> refused: name_in_use staff=Maria
            hire Leo []                       -> refused: bad_value roles
            hire Leo waiter+waiter            -> refused: bad_value roles
            staff Maria roles=[]              -> refused: bad_value roles
            staff Maria name=Mary active=true -> staff_updated staff=Maria
            show Maria name roles active      -> active name=Mary roles=["waiter","host"]
            staff #99 active=false            -> refused: unknown_staff staff=#99
        "#]]);
    }

    #[test]
    fn who_works_elsewhere_too_keeps_the_id() {
        check(expect![[r#"
            hire Maria waiter     -> staff_added staff=Maria
            admit #77 Leo host    -> staff_added staff=#77
            admit #77 Leo manager -> staff_updated staff=#77
            admit #78 maria host  -> refused: name_in_use staff=Maria
            admit #78 Bo []       -> refused: bad_value roles
        "#]]);
    }

    #[test]
    fn whoever_left_gets_no_table() {
        check(expect![[r#"
            hire Maria waiter             -> staff_added staff=Maria
            table 1 2                     -> table_created table=1
            staff Maria active=false      -> staff_updated staff=Maria
            assign 1 Maria                -> refused: staff_inactive staff=Maria
            section Patio waiter_id=Maria -> refused: staff_inactive staff=Maria
            staff Maria active=true       -> staff_updated staff=Maria
            assign 1 Maria                -> waiter_assigned table=1 waiter=Maria
        "#]]);
    }

    #[test]
    fn a_restaurant_has_room_for_so_many_staff() {
        check(expect![[r#"
            repeat 500 hire Waiter_{} waiter -> staff_added staff=Waiter 500
            hire Maria waiter                -> refused: too_many_staff max=500
        "#]]);
    }

    #[test]
    fn whoever_left_serves_nobody_new() {
        check(expect![[r#"
            hire Maria waiter            -> staff_added staff=Maria
            hire Leo waiter              -> staff_added staff=Leo
            section Window waiter_id=Leo -> section_created section=Window
            table 1 2 section_id=Window  -> table_created table=1
            assign 1 Maria               -> waiter_assigned table=1 waiter=Maria
            staff Maria active=false     -> staff_updated staff=Maria
            walk-in Ada 2 1              -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada waiter=Leo covers=2
            close Ada                    -> turn_closed turn=Ada tables_left=available
            staff Leo active=false       -> staff_updated staff=Leo
            walk-in Bo 2 1               -> party_added party=Bo covers=2, party_seated party=Bo table=1 turn=Bo covers=2
        "#]]);
    }
}
