//! Floor plans: the drawings that tables stand on.

use crate::limits::PLANS_MAX;
use crate::table::check_version;
use crate::{Decision, Event, Extra, Floor, Ids, Kind, Label, Patch, PlanId, Refusal, Text, Units};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A floor plan without its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanDetails {
    /// Its name, unique in the restaurant.
    pub name: Label,
    /// Whether it is the one shown first. Exactly one is; the first plan always.
    #[serde(default)]
    pub default: bool,
    /// Whether it is in use.
    #[serde(default = "yes")]
    pub active: bool,
    /// Its place among the plans, from low to high.
    #[serde(default)]
    pub display_order: i32,
    /// Its width in units.
    #[serde(default = "default_width")]
    pub width: Units,
    /// Its height in units.
    #[serde(default = "default_height")]
    pub height: Units,
    /// The distance of its grid lines in units.
    #[serde(default)]
    pub grid: Option<Units>,
    /// A picture behind it, as a URL.
    #[serde(default)]
    pub background: Option<Text<500>>,
    /// What other programs keep with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub extra: Option<Extra>,
}

/// What changes about a plan; fields left out stay, `null` clears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "as in PlanDetails")]
pub struct PlanPatch {
    pub plan_id: PlanId,
    #[serde(default)]
    pub name: Option<Label>,
    #[serde(default)]
    pub default: Option<bool>,
    #[serde(default)]
    pub active: Option<bool>,
    #[serde(default)]
    pub display_order: Option<i32>,
    #[serde(default)]
    pub width: Option<Units>,
    #[serde(default)]
    pub height: Option<Units>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Units>)]
    pub grid: Patch<Units>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<500>>)]
    pub background: Patch<Text<500>>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Extra>)]
    pub extra: Patch<Extra>,
    /// The version that was seen: refused as `stale` when the plan has another one by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// A floor plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    /// Which one.
    pub id: PlanId,
    /// The rest.
    #[serde(flatten)]
    pub details: PlanDetails,
    /// How often it has been written: 1 when it was drawn.
    #[serde(default)]
    pub version: u64,
    /// When it was drawn.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
}

impl Plan {
    /// Checks that nobody has written it since it had this version.
    fn check_version(&self, seen: Option<u64>) -> Result<(), Refusal> {
        check_version("plan", self.id.0, self.version, seen)
    }
}

fn yes() -> bool {
    true
}

fn default_width() -> Units {
    Units::whole(800)
}

fn default_height() -> Units {
    Units::whole(600)
}

impl Floor {
    pub(crate) fn decide_create_plan(
        &self,
        details: &PlanDetails,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        if self.plans.len() >= PLANS_MAX {
            return Err(Refusal::TooMany {
                what: "plans",
                max: PLANS_MAX,
            });
        }
        let mut details = details.clone();
        details.default |= self.plans.is_empty();
        self.check_plan(&details, None)?;
        let plan_id = PlanId(ids.take(Kind::Plan));
        Ok(Event::PlanCreated { plan_id, details }.into())
    }

    pub(crate) fn decide_update_plan(&self, patch: &PlanPatch) -> Result<Decision, Refusal> {
        let plan_id = patch.plan_id;
        let plan = self.plan(plan_id)?;
        plan.check_version(patch.version)?;
        let before = &plan.details;
        let details = PlanDetails {
            name: patch.name.clone().unwrap_or_else(|| before.name.clone()),
            default: patch.default.unwrap_or(before.default),
            active: patch.active.unwrap_or(before.active),
            display_order: patch.display_order.unwrap_or(before.display_order),
            width: patch.width.unwrap_or(before.width),
            height: patch.height.unwrap_or(before.height),
            grid: patch.grid.clone().over(before.grid),
            background: patch.background.clone().over(before.background.clone()),
            extra: patch.extra.clone().over(before.extra.clone()),
        };
        if before.default && !details.default {
            return Err(Refusal::DefaultPlan { plan_id });
        }
        self.check_plan(&details, Some(plan_id))?;
        Ok(Event::PlanUpdated { plan_id, details }.into())
    }

    pub(crate) fn decide_delete_plan(
        &self,
        plan_id: PlanId,
        version: Option<u64>,
    ) -> Result<Decision, Refusal> {
        let plan = self.plan(plan_id)?;
        plan.check_version(version)?;
        if plan.details.default {
            return Err(Refusal::DefaultPlan { plan_id });
        }
        Ok(Event::PlanDeleted { plan_id }.into())
    }

    fn check_plan(&self, details: &PlanDetails, but: Option<PlanId>) -> Result<(), Refusal> {
        if !details.width.is_positive() {
            return Err(Refusal::bad("width", "must be above 0"));
        }
        if !details.height.is_positive() {
            return Err(Refusal::bad("height", "must be above 0"));
        }
        if details.grid.is_some_and(|it| !it.is_positive()) {
            return Err(Refusal::bad("grid", "must be above 0"));
        }
        if details.default && !details.active {
            return Err(Refusal::bad("active", "must be true for the default plan"));
        }
        let same =
            |it: &&Plan| Some(it.id) != but && crate::command::same_name(&it.details.name, &details.name);
        match self.plans.values().find(same) {
            Some(other) => Err(Refusal::NameInUse {
                what: "plan",
                id: other.id.0,
            }),
            None => Ok(()),
        }
    }

    /// The plan with this id.
    pub fn plan(&self, id: PlanId) -> Result<&Plan, Refusal> {
        self.plans.get(&id).ok_or(Refusal::Unknown {
            what: "plan",
            id: id.0,
        })
    }

    pub(crate) fn apply_plan(&mut self, plan_id: PlanId, details: &PlanDetails, at: Timestamp) {
        if details.default {
            let others = self.plans.values_mut().filter(|it| it.id != plan_id);
            for other in others.filter(|it| it.details.default) {
                other.details.default = false;
                other.version += 1;
                other.updated_at = at;
            }
        }
        let before = self.plans.get(&plan_id);
        let plan = Plan {
            id: plan_id,
            details: details.clone(),
            version: before.map_or(0, |it| it.version) + 1,
            created_at: before.map_or(at, |it| it.created_at),
            updated_at: at,
        };
        self.plans.insert(plan_id, plan);
    }

    pub(crate) fn apply_plan_deleted(&mut self, plan_id: PlanId, at: Timestamp) {
        self.plans.remove(&plan_id);
        for section in self.sections.values_mut() {
            if section.details.plan_id.take_if(|it| *it == plan_id).is_some() {
                section.version += 1;
                section.updated_at = at;
            }
        }
        for table in self.tables.values_mut() {
            if table.details.plan_id.take_if(|it| *it == plan_id).is_some() {
                table.version += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::script::check;
    use expect_test::expect;

    #[test]
    fn the_first_plan_is_the_default_until_another_is() {
        check(expect![[r#"
            plan Main                             -> plan_created plan=Main
            plan Terrace                          -> plan_created plan=Terrace
            show Main                             -> default
            replan Terrace default=true           -> plan_updated plan=Terrace
            show Main default                     -> none of it
            show Terrace default                  -> default
            replan Terrace default=false          -> refused: default_plan plan=Terrace
            unplan Terrace                        -> refused: default_plan plan=Terrace
            unplan Main                           -> plan_deleted plan=Main
            unplan Main                           -> refused: unknown_plan plan=Main
            replan Terrace active=false           -> refused: bad_value active
            plan Cellar default=true active=false -> refused: bad_value active
        "#]]);
    }

    #[test]
    fn a_new_default_takes_the_place_of_the_old() {
        check(expect![[r#"
            plan Main                 -> plan_created plan=Main
            plan Terrace default=true -> plan_created plan=Terrace
            show Main default         -> none of it
            show Terrace default      -> default
        "#]]);
    }

    #[test]
    fn a_plan_has_a_name_of_its_own_and_a_size() {
        check(expect![[r#"
            plan Main                                                             -> plan_created plan=Main
            plan MAIN                                                             -> refused: name_in_use plan=Main
            plan Terrace width=0                                                  -> refused: bad_value width
            plan Terrace height=-1                                                -> refused: bad_value height
            plan Terrace grid=0                                                   -> refused: bad_value grid
            plan Terrace width=400.5 grid=20 background=https://example.org/t.png -> plan_created plan=Terrace
            replan Terrace grid=null name=Roof                                    -> plan_updated plan=Terrace
            show Terrace name width grid background                               -> background=https://example.org/t.png name=Roof width=400.5
            replan #99 name=Roof                                                  -> refused: unknown_plan plan=#99
        "#]]);
    }

    #[test]
    fn a_plan_is_a_drawing_and_its_tables_and_their_guests_outlive_it() {
        check(expect![[r#"
            plan Main                                -> plan_created plan=Main
            plan Terrace                             -> plan_created plan=Terrace
            section Sun plan_id=Terrace              -> section_created section=Sun
            table 1 2 plan_id=Terrace section_id=Sun -> table_created table=1
            walk-in Ada 2 1                          -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
            unplan Terrace                           -> plan_deleted plan=Terrace
            show 1                                   -> section=Sun turn=Ada state=occupied state_since=19:00
            show Sun                                 -> none of it
        "#]]);
    }

    #[test]
    fn a_restaurant_has_room_for_so_many_plans() {
        check(expect![[r#"
            repeat 50 plan Room_{} -> plan_created plan=Room 50
            plan Main              -> refused: too_many_plans max=50
        "#]]);
    }
}
