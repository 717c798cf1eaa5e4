//! What a body says about a section, and what that is on the floor.

use super::error::BranchError;
use super::fields::{Fields, Whole};
use super::ids;
use super::objects::object_of;
use super::plan_fields::order;
use super::table_fields::{kept, patched};
use super::things::Thing;
use floor::{
    Covers, Extra, Floor, Label, Note, Patch, Plan, PlanId, Section, SectionDetails, SectionPatch, Text,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// What is said about a section.
pub(super) struct SectionSaid {
    pub(super) name: Option<Label>,
    pub(super) branch: Option<Uuid>,
    description: Patch<Note>,
    plan: Patch<Uuid>,
    color: Patch<Text<30>>,
    display_order: Option<i32>,
    active: Option<bool>,
    settings: Patch<SettingsSaid>,
}

#[derive(Default)]
struct SettingsSaid {
    capacity: Option<Covers>,
    smoking: bool,
    vip: bool,
    said: Map<String, Value>,
}

impl SectionSaid {
    pub(super) fn read(fields: &mut Fields<'_>, whole: Whole) -> SectionSaid {
        SectionSaid {
            name: fields.needed_text("name", whole),
            branch: fields.needed_id("branchId", whole),
            description: fields.text_patch("description"),
            plan: fields.id_patch("floorPlanId"),
            color: fields.text_patch("color"),
            display_order: order(fields),
            active: fields.boolean("isActive"),
            settings: fields.nested("settings", SettingsSaid::read),
        }
    }

    /// What a new section is.
    pub(super) fn details(&self, floor: &Floor) -> Result<SectionDetails, BranchError> {
        let name = self.name.clone().ok_or_else(BranchError::fault)?;
        let settings = self.settings.set();
        Ok(SectionDetails {
            color: self.color.clone().over(None),
            plan_id: self.plan(floor)?.over(None),
            vip: settings.is_some_and(|it| it.vip),
            smoking: settings.is_some_and(|it| it.smoking),
            capacity: settings.and_then(|it| it.capacity),
            display_order: self.display_order.unwrap_or_default(),
            active: self.active.unwrap_or(true),
            extra: self.extra(None)?.over(None),
            ..SectionDetails::named(name)
        })
    }

    fn plan(&self, floor: &Floor) -> Result<Patch<PlanId>, BranchError> {
        patched(&self.plan, |id| {
            let plan_id = ids::plan_of(id).filter(|it| floor.plans.contains_key(it));
            plan_id.ok_or_else(|| Plan::missing(id))
        })
    }

    fn extra(&self, before: Option<&Extra>) -> Result<Patch<Extra>, BranchError> {
        let mut extra = object_of(before);
        match &self.description {
            Patch::Keep => {}
            Patch::Clear => drop(extra.remove("description")),
            Patch::Set(text) => drop(extra.insert("description".to_owned(), json!(text))),
        }
        match &self.settings {
            Patch::Keep => {}
            Patch::Clear => drop(extra.remove("settings")),
            Patch::Set(it) => drop(extra.insert("settings".to_owned(), json!(it.said))),
        }
        kept(&extra, "settings")
    }

    pub(super) fn patch(
        &self,
        section: &Section,
        floor: &Floor,
        version: Option<u64>,
    ) -> Result<SectionPatch, BranchError> {
        let nothing = SettingsSaid::default();
        let settings = match &self.settings {
            Patch::Keep => None,
            Patch::Clear => Some(&nothing),
            Patch::Set(it) => Some(it),
        };
        Ok(SectionPatch {
            section_id: section.id,
            name: self.name.clone(),
            color: self.color.clone(),
            plan_id: self.plan(floor)?,
            waiter_id: Patch::Keep,
            vip: settings.map(|it| it.vip),
            smoking: settings.map(|it| it.smoking),
            capacity: settings.map_or(Patch::Keep, |it| it.capacity.into()),
            display_order: self.display_order,
            active: self.active,
            extra: self.extra(section.details.extra.as_ref())?,
            version,
        })
    }
}

impl SettingsSaid {
    fn read(fields: &mut Fields<'_>) -> SettingsSaid {
        let mut said = Map::new();
        let capacity = fields.int("maxCapacity", 1, i64::from(Covers::MAX));
        let smoking = fields.boolean("isSmokingArea");
        let vip = fields.boolean("isVipArea");
        for (key, value) in [
            ("maxCapacity", capacity.map(|it| json!(it))),
            ("isSmokingArea", smoking.map(|it| json!(it))),
            ("isVipArea", vip.map(|it| json!(it))),
            (
                "customAttributes",
                fields.kept("customAttributes").map(|it| json!(it)),
            ),
        ] {
            if let Some(value) = value {
                said.insert(key.to_owned(), value);
            }
        }
        SettingsSaid {
            capacity: capacity.and_then(|it| Covers::new(it).ok()),
            smoking: smoking.unwrap_or_default(),
            vip: vip.unwrap_or_default(),
            said,
        }
    }
}
