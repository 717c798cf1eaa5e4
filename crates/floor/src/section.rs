//! Sections: tables that one waiter looks after.

use crate::limits::SECTIONS_MAX;
use crate::table::check_version;
use crate::{
    Covers, Decision, Event, Extra, Floor, Ids, Kind, Label, Patch, PlanId, Refusal, SectionId, StaffId, Text,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A section without its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionDetails {
    /// Its name, unique in the restaurant.
    pub name: Label,
    /// Its colour on the plan, as CSS writes it.
    #[serde(default)]
    pub color: Option<Text<30>>,
    /// The plan it lies on.
    #[serde(default)]
    pub plan_id: Option<PlanId>,
    /// The waiter of all its tables that have none of their own.
    #[serde(default)]
    pub waiter_id: Option<StaffId>,
    /// Whether it is for special guests.
    #[serde(default)]
    pub vip: bool,
    /// Whether guests may smoke.
    #[serde(default)]
    pub smoking: bool,
    /// Covers it should hold at most.
    #[serde(default)]
    pub capacity: Option<Covers>,
    /// Its place among the sections, from low to high.
    #[serde(default)]
    pub display_order: i32,
    /// Whether it is in use.
    #[serde(default = "yes")]
    pub active: bool,
    /// What other programs keep with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub extra: Option<Extra>,
}

/// What changes about a section; fields left out stay, `null` clears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "as in SectionDetails")]
pub struct SectionPatch {
    pub section_id: SectionId,
    #[serde(default)]
    pub name: Option<Label>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<30>>)]
    pub color: Patch<Text<30>>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<PlanId>)]
    pub plan_id: Patch<PlanId>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<StaffId>)]
    pub waiter_id: Patch<StaffId>,
    #[serde(default)]
    pub vip: Option<bool>,
    #[serde(default)]
    pub smoking: Option<bool>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Covers>)]
    pub capacity: Patch<Covers>,
    #[serde(default)]
    pub display_order: Option<i32>,
    #[serde(default)]
    pub active: Option<bool>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Extra>)]
    pub extra: Patch<Extra>,
    /// The version that was seen: refused as `stale` when the section has another one by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Section {
    /// Which one.
    pub id: SectionId,
    /// The rest.
    #[serde(flatten)]
    pub details: SectionDetails,
    /// How often it has been written: 1 when it was made.
    #[serde(default)]
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
}

impl Section {
    /// Checks that nobody has written it since it had this version.
    fn check_version(&self, seen: Option<u64>) -> Result<(), Refusal> {
        check_version("section", self.id.0, self.version, seen)
    }
}

fn yes() -> bool {
    true
}

impl SectionDetails {
    /// A section of which only the name is known.
    #[must_use]
    pub fn named(name: Label) -> SectionDetails {
        SectionDetails {
            name,
            color: None,
            plan_id: None,
            waiter_id: None,
            vip: false,
            smoking: false,
            capacity: None,
            display_order: 0,
            active: true,
            extra: None,
        }
    }
}

impl Floor {
    pub(crate) fn decide_create_section(
        &self,
        details: &SectionDetails,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        if self.sections.len() >= SECTIONS_MAX {
            return Err(Refusal::TooMany {
                what: "sections",
                max: SECTIONS_MAX,
            });
        }
        self.check_section(details, None)?;
        let section_id = SectionId(ids.take(Kind::Section));
        Ok(Event::SectionCreated {
            section_id,
            details: details.clone(),
        }
        .into())
    }

    pub(crate) fn decide_update_section(&self, patch: &SectionPatch) -> Result<Decision, Refusal> {
        let section_id = patch.section_id;
        let section = self.section(section_id)?;
        section.check_version(patch.version)?;
        let before = &section.details;
        let details = SectionDetails {
            name: patch.name.clone().unwrap_or_else(|| before.name.clone()),
            color: patch.color.clone().over(before.color.clone()),
            plan_id: patch.plan_id.clone().over(before.plan_id),
            waiter_id: patch.waiter_id.clone().over(before.waiter_id),
            vip: patch.vip.unwrap_or(before.vip),
            smoking: patch.smoking.unwrap_or(before.smoking),
            capacity: patch.capacity.clone().over(before.capacity),
            display_order: patch.display_order.unwrap_or(before.display_order),
            active: patch.active.unwrap_or(before.active),
            extra: patch.extra.clone().over(before.extra.clone()),
        };
        self.check_section(&details, Some(section_id))?;
        Ok(Event::SectionUpdated { section_id, details }.into())
    }

    pub(crate) fn decide_delete_section(
        &self,
        section_id: SectionId,
        version: Option<u64>,
        only_unused: bool,
    ) -> Result<Decision, Refusal> {
        self.section(section_id)?.check_version(version)?;
        let tables = self.tables.values().map(|it| &it.details);
        let n_tables = tables
            .filter(|it| it.active && it.section_id == Some(section_id))
            .count();
        if only_unused && n_tables > 0 {
            return Err(Refusal::SectionInUse { section_id, n_tables });
        }
        self.check_nobody_seated(|it| it.section_id == Some(section_id))?;
        Ok(Event::SectionDeleted { section_id }.into())
    }

    fn check_section(&self, details: &SectionDetails, but: Option<SectionId>) -> Result<(), Refusal> {
        if let Some(plan_id) = details.plan_id {
            self.plan(plan_id)?;
        }
        let waiter_before = but
            .and_then(|it| self.sections.get(&it))
            .and_then(|it| it.details.waiter_id);
        if let Some(waiter_id) = details.waiter_id
            && waiter_before != Some(waiter_id)
        {
            self.active_staff(waiter_id)?;
        }
        let same =
            |it: &&Section| Some(it.id) != but && crate::command::same_name(&it.details.name, &details.name);
        match self.sections.values().find(same) {
            Some(other) => Err(Refusal::NameInUse {
                what: "section",
                id: other.id.0,
            }),
            None => Ok(()),
        }
    }

    /// The section with this id.
    pub fn section(&self, id: SectionId) -> Result<&Section, Refusal> {
        self.sections.get(&id).ok_or(Refusal::Unknown {
            what: "section",
            id: id.0,
        })
    }

    pub(crate) fn apply_section(&mut self, section_id: SectionId, details: &SectionDetails, at: Timestamp) {
        let before = self.sections.get(&section_id);
        let section = Section {
            id: section_id,
            details: details.clone(),
            version: before.map_or(0, |it| it.version) + 1,
            created_at: before.map_or(at, |it| it.created_at),
            updated_at: at,
        };
        self.sections.insert(section_id, section);
    }

    pub(crate) fn apply_section_deleted(&mut self, section_id: SectionId) {
        self.sections.remove(&section_id);
        for table in self.tables.values_mut() {
            if table.details.section_id.take_if(|it| *it == section_id).is_some() {
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
    fn a_section_has_a_name_of_its_own() {
        check(expect![[r#"
            section Window                                                  -> section_created section=Window
            section window                                                  -> refused: name_in_use section=Window
            section Centre                                                  -> section_created section=Centre
            resection Centre name=WINDOW                                    -> refused: name_in_use section=Window
            resection Centre name=Middle color=#4CAF50 vip=true capacity=40 -> section_updated section=Centre
            resection Centre color=null                                     -> section_updated section=Centre
            show Centre name color vip smoking capacity                     -> capacity=40 name=Middle vip
            resection #99 vip=true                                          -> refused: unknown_section section=#99
            unsection #99                                                   -> refused: unknown_section section=#99
        "#]]);
    }

    #[test]
    fn a_section_lies_on_a_plan_and_has_a_waiter_who_works_here() {
        check(expect![[r#"
            plan Main                                   -> plan_created plan=Main
            hire Maria waiter                           -> staff_added staff=Maria
            section Window plan_id=#99                  -> refused: unknown_plan plan=#99
            section Window waiter_id=#99                -> refused: unknown_staff staff=#99
            section Window plan_id=Main waiter_id=Maria -> section_created section=Window
            staff Maria active=false                    -> staff_updated staff=Maria
            resection Window vip=true                   -> section_updated section=Window
            resection Window waiter_id=null             -> section_updated section=Window
            resection Window waiter_id=Maria            -> refused: staff_inactive staff=Maria
        "#]]);
    }

    #[test]
    fn its_waiter_serves_tables_that_have_none() {
        check(expect![[r#"
            hire Maria waiter              -> staff_added staff=Maria
            hire Leo waiter                -> staff_added staff=Leo
            section Window waiter_id=Maria -> section_created section=Window
            table 1 2 section_id=Window    -> table_created table=1
            table 2 2 section_id=Window    -> table_created table=2
            assign 2 Leo                   -> waiter_assigned table=2 waiter=Leo
            walk-in Ada 2 1                -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada waiter=Maria covers=2
            walk-in Bo 2 2                 -> party_added party=Bo covers=2, party_seated party=Bo table=2 turn=Bo waiter=Leo covers=2
        "#]]);
    }

    #[test]
    fn a_section_with_guests_stays_and_its_tables_outlive_it() {
        check(expect![[r#"
            section Window              -> section_created section=Window
            table 1 2 section_id=Window -> table_created table=1
            walk-in Ada 2 1             -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
            unsection Window            -> refused: table_taken free_table=none party=Ada table=1 turn=Ada
            close Ada                   -> turn_closed turn=Ada tables_left=available
            unsection Window            -> section_deleted section=Window
            show 1                      -> state=available state_since=19:00
        "#]]);
    }

    #[test]
    fn some_programs_take_a_section_away_only_when_no_table_in_use_is_left() {
        check(expect![[r#"
            section Window              -> section_created section=Window
            table 1 2 section_id=Window -> table_created table=1
            table 2 2 section_id=Window -> table_created table=2
            dissolve Window             -> refused: section_in_use section=Window tables=2
            retable 1 active=false      -> table_updated table=1
            retable 2 section_id=null   -> table_updated table=2
            dissolve Window             -> section_deleted section=Window
            show 1 section_id           -> none of it
        "#]]);
    }

    #[test]
    fn a_restaurant_has_room_for_so_many_sections() {
        check(expect![[r#"
            repeat 100 section Corner_{} -> section_created section=Corner 100
            section Window               -> refused: too_many_sections max=100
        "#]]);
    }
}
