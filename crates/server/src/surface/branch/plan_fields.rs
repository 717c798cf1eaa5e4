//! What a body says about a floor plan, and what that is on the floor.

use super::error::BranchError;
use super::fields::{Fields, Whole};
use super::objects::object_of;
use super::table_fields::kept;
use floor::{Extra, Label, Note, Patch, Plan, PlanDetails, PlanId, PlanPatch, Text, Units};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// What is said about a plan.
pub(super) struct PlanSaid {
    pub(super) name: Option<Label>,
    pub(super) branch: Option<Uuid>,
    pub(super) description: Patch<Note>,
    pub(super) display_order: Option<i32>,
    pub(super) active: Option<bool>,
    pub(super) default: Option<bool>,
    pub(super) layout: Patch<LayoutSaid>,
    pub(super) settings: Patch<Map<String, Value>>,
}

/// A plan's layout as it is said: what the floor knows of it, and the whole.
pub(super) struct LayoutSaid {
    pub(super) width: Option<f64>,
    pub(super) height: Option<f64>,
    pub(super) grid: Option<f64>,
    pub(super) background: Option<Text<500>>,
    pub(super) said: Map<String, Value>,
}

const LENGTH_MAX: f64 = Units::MAX as f64;
/// The size of a plan of which none was said.
const WIDTH: Units = Units::whole(800);
const HEIGHT: Units = Units::whole(600);

impl PlanSaid {
    pub(super) fn read(fields: &mut Fields<'_>, whole: Whole) -> PlanSaid {
        PlanSaid {
            name: fields.needed_text("name", whole),
            branch: fields.needed_id("branchId", whole),
            description: fields.text_patch("description"),
            display_order: order(fields),
            active: fields.boolean("isActive"),
            default: fields.boolean("isDefault"),
            layout: fields.nested("layout", |it| LayoutSaid::read(it, true)),
            settings: fields.nested("settings", |it| {
                let mut said = Map::new();
                for key in ["enableAutoLayout", "showGridLines", "snapToGrid"] {
                    if let Some(value) = it.boolean(key) {
                        said.insert(key.to_owned(), json!(value));
                    }
                }
                if let Some(styles) = it.kept("customStyles") {
                    said.insert("customStyles".to_owned(), json!(styles));
                }
                said
            }),
        }
    }

    /// What a new plan is.
    pub(super) fn details(&self) -> Result<PlanDetails, BranchError> {
        let mut sizes = blank(PlanId(0));
        if let Patch::Set(layout) = &self.layout {
            layout.lay_over(&mut sizes);
        }
        Ok(PlanDetails {
            name: self.name.clone().ok_or_else(BranchError::fault)?,
            default: self.default.unwrap_or_default(),
            active: self.active.unwrap_or(true),
            display_order: self.display_order.unwrap_or_default(),
            width: sizes.width.unwrap_or(WIDTH),
            height: sizes.height.unwrap_or(HEIGHT),
            grid: sizes.grid.over(None),
            background: sizes.background.over(None),
            extra: self.extra(None)?.over(None),
        })
    }

    fn extra(&self, before: Option<&Extra>) -> Result<Patch<Extra>, BranchError> {
        let mut extra = object_of(before);
        if before.is_none() {
            extra.insert("layout".to_owned(), Value::Null);
        }
        match &self.description {
            Patch::Keep => {}
            Patch::Clear => drop(extra.remove("description")),
            Patch::Set(text) => drop(extra.insert("description".to_owned(), json!(text))),
        }
        match &self.layout {
            Patch::Keep => {}
            Patch::Clear => drop(extra.insert("layout".to_owned(), Value::Null)),
            Patch::Set(it) => drop(extra.insert("layout".to_owned(), json!(it.said))),
        }
        match &self.settings {
            Patch::Keep => {}
            Patch::Clear => drop(extra.remove("settings")),
            Patch::Set(it) => drop(extra.insert("settings".to_owned(), json!(it))),
        }
        kept(&extra, "layout")
    }

    pub(super) fn patch(&self, plan: &Plan, version: Option<u64>) -> Result<PlanPatch, BranchError> {
        let touches_extra = !self.description.is_keep() || !self.layout.is_keep() || !self.settings.is_keep();
        let mut patch = PlanPatch {
            name: self.name.clone(),
            default: self.default,
            active: self.active,
            display_order: self.display_order,
            version,
            ..blank(plan.id)
        };
        if touches_extra {
            patch.extra = self.extra(Some(plan.details.extra.as_ref().unwrap_or(&Extra::default())))?;
        }
        match &self.layout {
            Patch::Keep => {}
            Patch::Clear => {
                (patch.width, patch.height) = (Some(WIDTH), Some(HEIGHT));
                (patch.grid, patch.background) = (Patch::Clear, Patch::Clear);
            }
            Patch::Set(layout) => layout.lay_over(&mut patch),
        }
        Ok(patch)
    }
}

impl LayoutSaid {
    /// Reads a layout. One that is laid down as it comes may lack what others need.
    pub(super) fn read(fields: &mut Fields<'_>, is_whole: bool) -> LayoutSaid {
        let mut length = |field: &'static str| match is_whole {
            true => fields.required_number(field, 1.0, LENGTH_MAX),
            false => fields.number(field, 1.0, LENGTH_MAX),
        };
        let (width, height) = (length("width"), length("height"));
        let grid = fields.number("gridSize", 1.0, LENGTH_MAX);
        let background: Option<Text<500>> = fields.text("backgroundImage");
        let color: Option<Text<60>> = fields.text("backgroundColor");
        let mut said = Map::new();
        for (key, value) in [("width", width), ("height", height), ("gridSize", grid)] {
            if let Some(value) = value.and_then(|it| Units::new(it).ok()) {
                said.insert(key.to_owned(), json!(value));
            }
        }
        if let Some(background) = &background {
            said.insert("backgroundImage".to_owned(), json!(background));
        }
        if let Some(color) = color {
            said.insert("backgroundColor".to_owned(), json!(color));
        }
        LayoutSaid {
            width,
            height,
            grid,
            background,
            said,
        }
    }

    fn lay_over(&self, patch: &mut PlanPatch) {
        let units = |it: Option<f64>| it.and_then(|it| Units::new(it).ok());
        patch.width = units(self.width).or(patch.width);
        patch.height = units(self.height).or(patch.height);
        patch.grid = units(self.grid).into();
        patch.background = self.background.clone().into();
    }
}

pub(super) fn order(fields: &mut Fields<'_>) -> Option<i32> {
    let order = fields.int("displayOrder", i64::MIN, i64::MAX)?;
    let bound = if order < 0 { i32::MIN } else { i32::MAX };
    if i32::try_from(order).is_err() {
        fields.wrong("displayOrder", &format!("must not be beyond {bound}"));
    }
    i32::try_from(order).ok()
}

pub(super) fn blank(plan_id: PlanId) -> PlanPatch {
    PlanPatch {
        plan_id,
        name: None,
        default: None,
        active: None,
        display_order: None,
        width: None,
        height: None,
        grid: Patch::Keep,
        background: Patch::Keep,
        extra: Patch::Keep,
        version: None,
    }
}
