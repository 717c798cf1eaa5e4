//! What a body says about a table, and what that is on the floor.

use super::error::BranchError;
use super::fields::{Fields, Whole};
use super::ids;
use super::objects::{FEATURES, object_of};
use super::things::Thing;
use super::words;
use floor::{
    Covers, Extra, Feature, Floor, Label, Note, Patch, Plan, Seats, Section, Shape, StaffId, StatedState,
    TableDetails, TableId, TablePatch, Units,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// What is said about a table.
#[derive(Default)]
pub(super) struct TableSaid {
    pub(super) number: Option<Label>,
    capacity: Option<Covers>,
    min_capacity: Option<Covers>,
    pub(super) state: Option<StatedState>,
    pub(super) branch: Option<Uuid>,
    pub(super) plan: Patch<Uuid>,
    pub(super) section: Patch<Uuid>,
    pub(super) server: Patch<Uuid>,
    position: Patch<(f64, f64)>,
    shape: Patch<ShapeSaid>,
    notes: Patch<Note>,
    metadata: Patch<MetadataSaid>,
    active: Option<bool>,
}

struct ShapeSaid {
    kind: &'static str,
    width: Option<f64>,
    height: Option<f64>,
    radius: Option<f64>,
    said: Map<String, Value>,
}

struct MetadataSaid {
    features: Vec<Feature>,
    said: Map<String, Value>,
}

/// The longest length on a plan.
const LENGTH_MAX: f64 = Units::MAX as f64;

impl TableSaid {
    /// Reads a body.
    pub(super) fn read(fields: &mut Fields<'_>, whole: Whole) -> TableSaid {
        let max = i64::from(Covers::MAX);
        let covers = |it: Option<i64>| it.and_then(|it| Covers::new(it).ok());
        TableSaid {
            number: fields.needed_text("tableNumber", whole),
            capacity: covers(fields.needed_int("capacity", whole, 1, max)),
            min_capacity: covers(fields.int("minCapacity", 1, max)),
            state: fields.choice("status", words::STATUSES).and_then(words::state_of),
            branch: fields.needed_id("branchId", whole),
            plan: fields.id_patch("floorPlanId"),
            section: fields.id_patch("sectionId"),
            server: fields.id_patch("assignedServerId"),
            position: fields.nested("position", |it| {
                let x = it.required_number("x", -LENGTH_MAX, LENGTH_MAX);
                let y = it.required_number("y", -LENGTH_MAX, LENGTH_MAX);
                x.zip(y).unwrap_or_default()
            }),
            shape: fields.nested("shape", shape),
            notes: fields.text_patch("notes"),
            metadata: fields.nested("metadata", metadata),
            active: fields.boolean("isActive"),
        }
    }

    /// Only what state it is in.
    pub(super) fn in_state(state: Option<StatedState>) -> TableSaid {
        TableSaid {
            state,
            ..TableSaid::default()
        }
    }

    /// Only who looks after it.
    pub(super) fn of_server(server: Patch<Uuid>) -> TableSaid {
        TableSaid {
            server,
            ..TableSaid::default()
        }
    }

    /// What a new table is.
    pub(super) fn details(&self, floor: &Floor) -> Result<TableDetails, BranchError> {
        let number = self.number.clone().ok_or_else(|| missing("tableNumber"))?;
        let max = self.capacity.ok_or_else(|| missing("capacity"))?;
        let blank = TableDetails::new(number, max);
        let patch = self.patch(TableId(0), &blank, floor)?;
        Ok(TableDetails {
            seats: Seats {
                min: self.min_capacity.unwrap_or(Covers::ONE),
                max,
                preferred: None,
            },
            shape: patch.shape.unwrap_or(blank.shape),
            x: patch.x.unwrap_or(blank.x),
            y: patch.y.unwrap_or(blank.y),
            width: patch.width.unwrap_or(blank.width),
            height: patch.height.unwrap_or(blank.height),
            plan_id: patch.plan_id.over(None),
            section_id: patch.section_id.over(None),
            features: patch.features.unwrap_or_default(),
            active: self.active.unwrap_or(true),
            notes: patch.notes.over(None),
            extra: self.extra(&blank, true)?.over(None),
            ..blank
        })
    }

    /// What changes about a table. Plan and section are those of `floor`.
    pub(super) fn patch(
        &self,
        table_id: TableId,
        before: &TableDetails,
        floor: &Floor,
    ) -> Result<TablePatch, BranchError> {
        let units = |it: f64| Units::new(it).unwrap_or_default();
        let (shape, width, height) = match &self.shape {
            Patch::Keep => (None, None, None),
            Patch::Clear => (Some(Shape::Round), Some(Units::whole(60)), Some(Units::whole(60))),
            Patch::Set(said) => {
                let (shape, width, height) = said.outline(before);
                (Some(shape), Some(width), Some(height))
            }
        };
        let place = match self.position {
            Patch::Keep => None,
            Patch::Clear => Some((0.0, 0.0)),
            Patch::Set(place) => Some(place),
        };
        Ok(TablePatch {
            number: self.number.clone(),
            seats: self.seats(before.seats),
            shape,
            width,
            height,
            x: place.map(|it| units(it.0)),
            y: place.map(|it| units(it.1)),
            plan_id: patched(&self.plan, |id| {
                let plan_id = ids::plan_of(id).filter(|it| floor.plans.contains_key(it));
                plan_id.ok_or_else(|| Plan::missing(id))
            })?,
            section_id: patched(&self.section, |id| {
                let section_id = ids::section_of(id).filter(|it| floor.sections.contains_key(it));
                section_id.ok_or_else(|| Section::missing(id))
            })?,
            features: self.features(before),
            active: self.active,
            notes: self.notes.clone(),
            extra: self.extra(before, false)?,
            ..TablePatch::blank(table_id)
        })
    }

    /// Who is to look after the table.
    pub(super) fn waiter(&self, floor: &Floor) -> Result<Patch<StaffId>, BranchError> {
        patched(&self.server, |id| server(id, floor))
    }

    fn seats(&self, before: Seats) -> Option<Seats> {
        let capped = self.capacity.map_or(before, |max| before.up_to(max));
        let min = self.min_capacity.unwrap_or(capped.min);
        let seats = Seats {
            min,
            preferred: capped.preferred.filter(|it| *it >= min),
            ..capped
        };
        (self.capacity.is_some() || self.min_capacity.is_some()).then_some(seats)
    }

    fn features(&self, before: &TableDetails) -> Option<Vec<Feature>> {
        let said: &[Feature] = match &self.metadata {
            Patch::Keep => return None,
            Patch::Clear => &[],
            Patch::Set(it) => &it.features,
        };
        let is_ours = |it: &&Feature| FEATURES.iter().any(|ours| ours.1 == **it);
        let others = before.features.iter().filter(|it| !is_ours(it));
        Some(others.chain(said).copied().collect())
    }

    /// What of it the floor does not know, beside what was kept before.
    fn extra(&self, before: &TableDetails, is_new: bool) -> Result<Patch<Extra>, BranchError> {
        let mut extra = object_of(before.extra.as_ref());
        match &self.shape {
            Patch::Keep if is_new => drop(extra.insert("shape".to_owned(), Value::Null)),
            Patch::Keep => {}
            Patch::Clear => drop(extra.insert("shape".to_owned(), Value::Null)),
            Patch::Set(said) => {
                let (shape, width, height) = said.outline(before);
                let now = words::shape(shape, width, height);
                drop(extra.insert("shape".to_owned(), json!({ "said": said.said, "now": now })));
            }
        }
        match &self.position {
            Patch::Keep => {}
            Patch::Clear => drop(extra.remove("position")),
            Patch::Set(_) => drop(extra.insert("position".to_owned(), json!(true))),
        }
        match &self.metadata {
            Patch::Keep => {}
            Patch::Clear => drop(extra.remove("metadata")),
            Patch::Set(it) => drop(extra.insert("metadata".to_owned(), json!(it.said))),
        }
        kept(&extra, "metadata")
    }
}

/// The member of staff of an id.
pub(super) fn server(id: Uuid, floor: &Floor) -> Result<StaffId, BranchError> {
    let staff_id = ids::staff_of(id).filter(|it| floor.staff.contains_key(it));
    staff_id.ok_or_else(|| BranchError::no_server(id))
}

/// What is kept with a thing from now on. `field` is where too much of it comes from.
pub(super) fn kept(extra: &Map<String, Value>, field: &str) -> Result<Patch<Extra>, BranchError> {
    if extra.is_empty() {
        return Ok(Patch::Clear);
    }
    let extra = Extra::new(extra).map_err(|error| BranchError::invalid(vec![format!("{field} {error}")]));
    extra.map(Patch::Set)
}

/// A patch with what its value means.
pub(super) fn patched<T: Copy, U>(
    patch: &Patch<T>,
    read: impl FnOnce(T) -> Result<U, BranchError>,
) -> Result<Patch<U>, BranchError> {
    Ok(match patch {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(value) => Patch::Set(read(*value)?),
    })
}

impl ShapeSaid {
    fn outline(&self, before: &TableDetails) -> (Shape, Units, Units) {
        let units = |it: f64| Units::new(it).unwrap_or_default();
        let diameter = self.radius.map(|it| it * 2.0);
        let width = self
            .width
            .or(diameter)
            .or(self.height)
            .map_or(before.width, units);
        let height = self
            .height
            .or(diameter)
            .or(self.width)
            .map_or(before.height, units);
        let shape = match (self.kind, before.shape) {
            ("circle", _) => Shape::Round,
            ("rectangle", Shape::Square) if width == height => Shape::Square,
            ("rectangle", _) => Shape::Rectangle,
            (_, kept @ (Shape::Oval | Shape::Bar | Shape::Booth)) => kept,
            _ => Shape::Oval,
        };
        (shape, width, height)
    }
}

fn shape(fields: &mut Fields<'_>) -> ShapeSaid {
    let kind = fields.required_choice("type", words::SHAPES).unwrap_or_default();
    let width = fields.number("width", 0.0, LENGTH_MAX);
    let height = fields.number("height", 0.0, LENGTH_MAX);
    let radius = fields.number("radius", 0.0, LENGTH_MAX / 2.0);
    // Read, so that what is shown can be sent back.
    let known = ["oval", "bar", "booth"];
    let is_known = fields.words("kind").is_none_or(|it| known.contains(&it.as_str()));
    if !is_known {
        fields.wrong("kind", "must be one of the following values: oval, bar, booth");
    }
    let mut said = Map::new();
    said.insert("type".to_owned(), json!(kind));
    for (key, value) in [("width", width), ("height", height), ("radius", radius)] {
        if let Some(value) = value.and_then(|it| Units::new(it).ok()) {
            said.insert(key.to_owned(), json!(value));
        }
    }
    ShapeSaid {
        kind,
        width,
        height,
        radius,
        said,
    }
}

fn metadata(fields: &mut Fields<'_>) -> MetadataSaid {
    let mut said = Map::new();
    let mut features = Vec::new();
    for (key, feature) in FEATURES {
        if let Some(holds) = fields.boolean(key) {
            said.insert(key.to_owned(), json!(holds));
            features.extend(holds.then_some(feature));
        }
    }
    if let Some(custom) = fields.kept("customAttributes") {
        said.insert("customAttributes".to_owned(), json!(custom));
    }
    MetadataSaid { features, said }
}

fn missing(field: &str) -> BranchError {
    BranchError::invalid(vec![format!("{field} must be a string")])
}
