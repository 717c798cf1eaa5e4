//! Branches, floor plans, sections, tables and people as this protocol shows them.

use super::ids;
use super::words::{self, instant};
use crate::identity::Identity;
use floor::{
    Extra, Feature, Floor, Plan, PlanDetails, RestaurantMode, Section, StaffId, StaffMember, Table,
    TableState, Units,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A restaurant's floor, and how its people sign in.
#[derive(Clone, Copy)]
pub(super) struct House<'a> {
    pub(super) floor: &'a Floor,
    pub(super) identity: &'a Identity,
    /// Its name in addresses.
    pub(super) slug: &'a str,
}

/// A branch.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BranchObject {
    id: Uuid,
    name: String,
    /// The chain's own short name for it.
    code: String,
    address: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip_code: Option<String>,
    country: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    manager_id: Option<Uuid>,
    is_active: bool,
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

/// A floor plan, without what stands on it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanObject {
    id: Uuid,
    name: String,
    description: Option<String>,
    branch_id: Uuid,
    display_order: i32,
    is_active: bool,
    is_default: bool,
    /// `{width, height, gridSize?, backgroundImage?, backgroundColor?}`, and whatever else a client keeps there.
    #[schema(value_type = Option<Object>)]
    layout: Value,
    #[schema(value_type = Option<Object>)]
    settings: Value,
    version: u64,
    created_at: String,
    updated_at: String,
}

/// A floor plan with what stands on it.
#[derive(Serialize, ToSchema)]
pub(super) struct PlanWhole {
    #[serde(flatten)]
    plan: PlanObject,
    #[serde(skip_serializing_if = "Option::is_none")]
    branch: Option<BranchObject>,
    tables: Vec<TableObject>,
    sections: Vec<SectionObject>,
}

/// A section, without its tables.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SectionObject {
    id: Uuid,
    name: String,
    description: Option<String>,
    branch_id: Uuid,
    floor_plan_id: Option<Uuid>,
    color: Option<String>,
    display_order: i32,
    is_active: bool,
    #[schema(value_type = Option<Object>)]
    settings: Value,
    version: u64,
    created_at: String,
    updated_at: String,
}

/// A section with its branch, its plan and its tables.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SectionWhole {
    #[serde(flatten)]
    section: SectionObject,
    branch: BranchObject,
    floor_plan: Option<PlanObject>,
    tables: Vec<TableObject>,
}

/// A table, without what it belongs to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TableObject {
    id: Uuid,
    table_number: String,
    capacity: u8,
    min_capacity: u8,
    /// `available`, `occupied`, `reserved`, `cleaning` or `out_of_service`.
    status: &'static str,
    branch_id: Uuid,
    floor_plan_id: Option<Uuid>,
    section_id: Option<Uuid>,
    assigned_server_id: Option<Uuid>,
    current_order_id: Option<Uuid>,
    /// The party that it is kept for.
    reservation_id: Option<Uuid>,
    #[schema(value_type = Option<Object>)]
    position: Value,
    #[schema(value_type = Option<Object>)]
    shape: Value,
    is_active: bool,
    qr_code: Option<String>,
    notes: Option<String>,
    #[schema(value_type = Option<Object>)]
    metadata: Value,
    /// How often what it is, or whose it is, has been written.
    version: u64,
    created_at: String,
    updated_at: String,
    last_occupied_at: Option<String>,
    last_cleaned_at: Option<String>,
}

/// A table with what it belongs to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TableWhole {
    #[serde(flatten)]
    table: TableObject,
    #[serde(skip_serializing_if = "Option::is_none")]
    branch: Option<BranchObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PlanObject>)]
    floor_plan: Option<Option<PlanObject>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<SectionObject>)]
    section: Option<Option<SectionObject>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ServerObject>)]
    assigned_server: Option<Option<ServerObject>>,
}

/// Somebody who looks after tables: exactly this, and nothing that is nobody's business.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServerObject {
    id: Uuid,
    username: String,
    email: Option<String>,
    first_name: String,
    last_name: Option<String>,
    phone: Option<String>,
    avatar: Option<String>,
    /// `active` or `inactive`.
    status: &'static str,
    branch_id: Uuid,
    roles: Vec<RoleObject>,
}

/// A role.
#[derive(Serialize, ToSchema)]
struct RoleObject {
    id: Uuid,
    code: &'static str,
    name: &'static str,
}

/// Which of the things that a table belongs to are shown with it.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) branch: bool,
    pub(super) floor_plan: bool,
    pub(super) section: bool,
    pub(super) assigned_server: bool,
}

impl Shown {
    /// All of them.
    pub(super) const ALL: Shown = Shown {
        branch: true,
        floor_plan: true,
        section: true,
        assigned_server: true,
    };
}

impl House<'_> {
    pub(super) fn branch(&self) -> BranchObject {
        let settings = self.floor.settings.as_ref();
        let contact = settings.map(|it| it.contact.clone()).unwrap_or_default();
        let mut kept = object_of(settings.and_then(|it| it.extra.as_ref()));
        if let Some(settings) = settings {
            kept.insert(
                "timezone".to_owned(),
                json!(String::from(settings.time_zone.clone())),
            );
            kept.insert(
                "currency".to_owned(),
                json!(String::from(settings.currency.clone())),
            );
        }
        let text = |it: Option<&dyn ToString>| it.map(ToString::to_string);
        BranchObject {
            id: ids::branch(self.floor.restaurant_id),
            name: settings.map(|it| it.name.to_string()).unwrap_or_default(),
            code: contact
                .code
                .map_or_else(|| self.slug.to_owned(), |it| it.to_string()),
            address: text(contact.address.as_ref().map(|it| it as _)),
            city: text(contact.city.as_ref().map(|it| it as _)),
            state: text(contact.state.as_ref().map(|it| it as _)),
            zip_code: text(contact.zip_code.as_ref().map(|it| it as _)),
            country: text(contact.country.as_ref().map(|it| it as _)),
            phone: text(contact.phone.as_ref().map(|it| it as _)),
            email: text(contact.email.as_ref().map(|it| it as _)),
            manager_id: contact.manager_id.map(ids::staff),
            is_active: true,
            settings: kept,
            created_at: self.floor.opened_at.map(instant),
            updated_at: self.floor.settings_at.map(instant),
        }
    }

    pub(super) fn plan(&self, plan: &Plan) -> PlanObject {
        let extra = object_of(plan.details.extra.as_ref());
        PlanObject {
            id: ids::plan(plan.id),
            name: plan.details.name.to_string(),
            description: text_in(&extra, "description"),
            branch_id: ids::branch(self.floor.restaurant_id),
            display_order: plan.details.display_order,
            is_active: plan.details.active,
            is_default: plan.details.default,
            layout: layout(&plan.details, &extra),
            settings: extra.get("settings").cloned().unwrap_or_default(),
            version: plan.version,
            created_at: instant(plan.created_at),
            updated_at: instant(plan.updated_at),
        }
    }

    /// A plan with what stands on it, as far as it is in use.
    pub(super) fn plan_whole(&self, plan: &Plan, with_branch: bool) -> PlanWhole {
        let tables = self.floor.tables.values();
        let tables = tables.filter(|it| it.details.active && it.details.plan_id == Some(plan.id));
        let sections = self.floor.sections.values();
        let sections = sections.filter(|it| it.details.active && it.details.plan_id == Some(plan.id));
        PlanWhole {
            plan: self.plan(plan),
            branch: with_branch.then(|| self.branch()),
            tables: tables.map(|it| self.table(it)).collect(),
            sections: sections.map(|it| self.section(it)).collect(),
        }
    }

    pub(super) fn section(&self, section: &Section) -> SectionObject {
        let extra = object_of(section.details.extra.as_ref());
        SectionObject {
            id: ids::section(section.id),
            name: section.details.name.to_string(),
            description: text_in(&extra, "description"),
            branch_id: ids::branch(self.floor.restaurant_id),
            floor_plan_id: section.details.plan_id.map(ids::plan),
            color: section.details.color.as_ref().map(ToString::to_string),
            display_order: section.details.display_order,
            is_active: section.details.active,
            settings: section_settings(section, &extra),
            version: section.version,
            created_at: instant(section.created_at),
            updated_at: instant(section.updated_at),
        }
    }

    /// A section with its branch, its plan and its tables in use.
    pub(super) fn section_whole(&self, section: &Section) -> SectionWhole {
        let tables = self.floor.tables.values();
        let tables = tables.filter(|it| it.details.active && it.details.section_id == Some(section.id));
        let plan = section.details.plan_id.and_then(|it| self.floor.plans.get(&it));
        SectionWhole {
            section: self.section(section),
            branch: self.branch(),
            floor_plan: plan.map(|it| self.plan(it)),
            tables: tables.map(|it| self.table(it)).collect(),
        }
    }

    pub(super) fn table(&self, table: &Table) -> TableObject {
        let details = &table.details;
        let extra = object_of(details.extra.as_ref());
        let reservation_id = match table.state {
            TableState::Reserved { party_id } => party_id.map(ids::party),
            _ => None,
        };
        TableObject {
            id: ids::table(table.id),
            table_number: details.number.to_string(),
            capacity: details.seats.max.get(),
            min_capacity: details.seats.min.get(),
            status: words::status(&table.state),
            branch_id: ids::branch(self.floor.restaurant_id),
            floor_plan_id: details.plan_id.map(ids::plan),
            section_id: details.section_id.map(ids::section),
            assigned_server_id: table.waiter_id.map(ids::staff),
            current_order_id: None,
            reservation_id,
            position: position(table, &extra),
            shape: shape(table, &extra),
            is_active: details.active,
            qr_code: None,
            notes: details.notes.as_ref().map(ToString::to_string),
            metadata: metadata(table, &extra),
            version: table.version,
            created_at: instant(table.created_at),
            updated_at: instant(table.updated_at),
            last_occupied_at: table.last_occupied_at.map(instant),
            last_cleaned_at: table.last_dirty_at.map(instant),
        }
    }

    pub(super) fn table_whole(&self, table: &Table, shown: Shown) -> TableWhole {
        let plan = || table.details.plan_id.and_then(|it| self.floor.plans.get(&it));
        let section = || {
            table
                .details
                .section_id
                .and_then(|it| self.floor.sections.get(&it))
        };
        TableWhole {
            table: self.table(table),
            branch: shown.branch.then(|| self.branch()),
            floor_plan: shown.floor_plan.then(|| plan().map(|it| self.plan(it))),
            section: shown.section.then(|| section().map(|it| self.section(it))),
            assigned_server: shown
                .assigned_server
                .then(|| table.waiter_id.and_then(|it| self.server(it))),
        }
    }

    fn server(&self, staff_id: StaffId) -> Option<ServerObject> {
        let StaffMember { details, .. } = self.floor.staff.get(&staff_id)?;
        let names = self.identity.sign_in_names(self.floor.restaurant_id, staff_id);
        let (username, email) = names.unwrap_or_else(|| (details.name.to_string(), None));
        let (first_name, last_name) = words::name_parts(details.name.as_str());
        let roles = details.roles.iter().zip(1..);
        Some(ServerObject {
            id: ids::staff(staff_id),
            username,
            email,
            first_name: first_name.to_owned(),
            last_name: last_name.map(str::to_owned),
            phone: None,
            avatar: None,
            status: if details.active { "active" } else { "inactive" },
            branch_id: ids::branch(self.floor.restaurant_id),
            roles: roles
                .map(|(role, _)| {
                    let (code, name) = words::role(*role);
                    RoleObject {
                        id: ids::role(*role as u64),
                        code,
                        name,
                    }
                })
                .collect(),
        })
    }

    /// Why this branch's tables are not shown, where they are not.
    pub(super) fn mode(&self) -> Result<(), &'static str> {
        let Some(settings) = &self.floor.settings else {
            return Ok(());
        };
        match settings.restaurant_mode {
            RestaurantMode::Unset => {
                Err("Restaurant mode is not configured. Please configure business type in settings.")
            }
            RestaurantMode::Off => Err("This feature requires restaurant mode to be enabled"),
            RestaurantMode::On if settings.business_type == floor::BusinessType::Retail => {
                Err("This feature is only available for restaurant or hybrid business types")
            }
            RestaurantMode::On => Ok(()),
        }
    }
}

/// What a client keeps with a thing.
pub(super) fn object_of(extra: Option<&Extra>) -> Map<String, Value> {
    extra.map(Extra::object).unwrap_or_default()
}

fn text_in(extra: &Map<String, Value>, key: &str) -> Option<String> {
    extra.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// A plan's layout: as it was said, with the sizes that it has now; none for one that nobody has laid out.
fn layout(details: &PlanDetails, extra: &Map<String, Value>) -> Value {
    let said = match extra.get("layout") {
        Some(Value::Object(said)) => said.clone(),
        Some(Value::Null) if is_as_drawn(details) => return Value::Null,
        _ => Map::new(),
    };
    let mut layout = said;
    layout.insert("width".to_owned(), json!(details.width));
    layout.insert("height".to_owned(), json!(details.height));
    put(&mut layout, "gridSize", details.grid.map(|it| json!(it)));
    put(
        &mut layout,
        "backgroundImage",
        details.background.as_ref().map(|it| json!(it)),
    );
    Value::Object(layout)
}

/// Whether a plan has the size that one has of which nothing was said.
fn is_as_drawn(details: &PlanDetails) -> bool {
    let size = (details.width, details.height);
    size == (Units::whole(800), Units::whole(600)) && details.grid.is_none() && details.background.is_none()
}

fn put(object: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(object.insert(key.to_owned(), value)),
        None => drop(object.remove(key)),
    }
}

/// A section's settings: what was said, with what holds now.
fn section_settings(section: &Section, extra: &Map<String, Value>) -> Value {
    let details = &section.details;
    let said = extra.get("settings").and_then(Value::as_object);
    let mut settings = said.cloned().unwrap_or_default();
    for (key, holds) in [("isSmokingArea", details.smoking), ("isVipArea", details.vip)] {
        if holds || settings.contains_key(key) {
            settings.insert(key.to_owned(), json!(holds));
        }
    }
    put(
        &mut settings,
        "maxCapacity",
        details.capacity.map(|it| json!(it.get())),
    );
    if settings.is_empty() && said.is_none() {
        return Value::Null;
    }
    Value::Object(settings)
}

/// Where a table stands; nowhere, while nobody has said.
fn position(table: &Table, extra: &Map<String, Value>) -> Value {
    let (x, y) = (table.details.x, table.details.y);
    let is_said = extra.contains_key("position") || (x, y) != (Units::default(), Units::default());
    if is_said {
        json!({ "x": x, "y": y })
    } else {
        Value::Null
    }
}

/// A table's outline: as it was said, while it is still that; none of one of which nothing was said.
fn shape(table: &Table, extra: &Map<String, Value>) -> Value {
    let details = &table.details;
    let now = words::shape(details.shape, details.width, details.height);
    match extra.get("shape") {
        Some(Value::Object(said)) if said.get("now").and_then(Value::as_object) == Some(&now) => {
            said.get("said").cloned().unwrap_or_default()
        }
        Some(Value::Null) if is_usual(table) => Value::Null,
        _ => Value::Object(now),
    }
}

/// Whether a table has the outline that one has of which nothing was said.
fn is_usual(table: &Table) -> bool {
    let details = &table.details;
    let side = Units::whole(60);
    details.shape == floor::Shape::Round && (details.width, details.height) == (side, side)
}

/// The words for what is special about a table.
pub(super) const FEATURES: [(&str, Feature); 4] = [
    ("hasHighChair", Feature::HighChair),
    ("isWheelchairAccessible", Feature::Wheelchair),
    ("isWindowSeat", Feature::Window),
    ("isOutdoor", Feature::Outdoor),
];

/// What is special about a table: what was said, with what holds now.
fn metadata(table: &Table, extra: &Map<String, Value>) -> Value {
    let said = extra.get("metadata").and_then(Value::as_object);
    let mut metadata = said.cloned().unwrap_or_default();
    for (key, feature) in FEATURES {
        let holds = table.details.features.contains(&feature);
        if holds || metadata.contains_key(key) {
            metadata.insert(key.to_owned(), json!(holds));
        }
    }
    if metadata.is_empty() && said.is_none() {
        return Value::Null;
    }
    Value::Object(metadata)
}
