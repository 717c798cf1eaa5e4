//! `restaurant/tables`: the tables, read.

use super::access::{Aim, Entered, Path, at};
use super::branches::aim_in_query;
use super::error::BranchError;
use super::fields::{Fields, query, uuid};
use super::ids;
use super::listing::{Listing, Usual, natural, whole};
use super::objects::{House, Shown, TableObject, TableWhole};
use super::things::{Answer, Thing, found};
use super::words;
use crate::floors::View;
use crate::surface::ground::Ground;
use axum::extract::{Request, State};
use axum::response::Response;
use floor::{Event, Floor, Label, Plan, Section, Table, TableState};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// What tables can be sorted by.
const SORTS: &[&str] = &["tableNumber", "capacity", "status", "createdAt", "updatedAt"];
const USUAL: Usual = Usual {
    limit: 20,
    by: "tableNumber",
    is_descending: false,
};

/// Tables of every branch in reach, a page of them.
#[utoipa::path(get, path = "/api/v1/restaurant/tables", operation_id = "branch_table_list", tag = "branch",
    params(
        ("page" = Option<u64>, Query, description = "from 1"),
        ("limit" = Option<u64>, Query, description = "1 to 1000; 20 when nobody says"),
        ("search" = Option<String>, Query, description = "a part of the number, whatever its case"),
        ("branchId" = Option<String>, Query, description = "of this branch"),
        ("floorPlanId" = Option<String>, Query, description = "on this plan"),
        ("sectionId" = Option<String>, Query, description = "in this section"),
        ("assignedServerId" = Option<String>, Query, description = "of this member of staff"),
        ("status" = Option<String>, Query, description = "in this state"),
        ("minCapacity" = Option<u64>, Query, description = "for so many at the least"),
        ("maxCapacity" = Option<u64>, Query, description = "for so many at the most"),
        ("isActive" = Option<bool>, Query, description = "in use, or not"),
        ("sortBy" = Option<String>, Query, description = "tableNumber, capacity, status, createdAt or updatedAt"),
        ("sortOrder" = Option<String>, Query, description = "ASC or DESC"),
    ),
    responses(
        (status = 200, description = "`{data, meta}`"),
        (status = 400, description = "a query that makes no sense"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role or the branch's mode does not allow it"),
    ))]
pub(super) async fn list(State(ground): State<Ground>, request: Request) -> Answer {
    let aim = aim_in_query(request.uri().query());
    let asked = ground.branch_asked(request, "branch_table_list", aim).await?;
    let object = query(asked.parts.uri.query());
    let mut fields = Fields::of(&object);
    let listing = Listing::read(&mut fields, SORTS, USUAL);
    let filter = Filter::read(&mut fields);
    fields.finish()?;
    let views = ground
        .branch_views((&asked.entered.staff, &asked.parts), filter.branch)
        .await?;
    let is_wanted = |it: &Table| filter.takes(it);
    Ok(views.page(&ground, listing, is_wanted, |by, a, b| match by {
        "capacity" => a.details.seats.max.cmp(&b.details.seats.max),
        "status" => words::status(&a.state).cmp(words::status(&b.state)),
        "createdAt" => a.created_at.cmp(&b.created_at),
        "updatedAt" => a.updated_at.cmp(&b.updated_at),
        _ => natural(a.details.number.as_str(), b.details.number.as_str()),
    }))
}

/// Which tables are asked for.
#[derive(Default)]
struct Filter {
    search: Option<String>,
    branch: Option<Uuid>,
    plan: Option<Uuid>,
    section: Option<Uuid>,
    server: Option<Uuid>,
    status: Option<&'static str>,
    capacity_min: Option<i64>,
    capacity_max: Option<i64>,
    active: Option<bool>,
}

impl Filter {
    fn read(fields: &mut Fields<'_>) -> Filter {
        Filter {
            search: fields.words("search").map(|it| it.to_lowercase()),
            branch: fields.id("branchId"),
            plan: fields.id("floorPlanId"),
            section: fields.id("sectionId"),
            server: fields.id("assignedServerId"),
            status: fields.choice("status", words::STATUSES),
            capacity_min: fields.int("minCapacity", 1, i64::MAX),
            capacity_max: fields.int("maxCapacity", 1, i64::MAX),
            active: fields.flag("isActive"),
        }
    }

    fn takes(&self, table: &Table) -> bool {
        let details = &table.details;
        let number = details.number.as_str().to_lowercase();
        let capacity = i64::from(details.seats.max.get());
        self.search.as_ref().is_none_or(|it| number.contains(it.as_str()))
            && self
                .plan
                .is_none_or(|it| details.plan_id.map(ids::plan) == Some(it))
            && self
                .section
                .is_none_or(|it| details.section_id.map(ids::section) == Some(it))
            && self
                .server
                .is_none_or(|it| table.waiter_id.map(ids::staff) == Some(it))
            && self.status.is_none_or(|it| words::status(&table.state) == it)
            && self.capacity_min.is_none_or(|it| capacity >= it)
            && self.capacity_max.is_none_or(|it| capacity <= it)
            && self.active.is_none_or(|it| details.active == it)
    }
}

/// The tables of a branch that are in use, as `pick` picks and sorts them.
fn some_of(
    ground: &Ground,
    (entered, view): (&Entered, &View),
    shown: Shown,
    pick: impl FnOnce(&mut Vec<&Table>),
) -> Response {
    let house = entered.house(ground, &view.floor);
    let mut tables: Vec<&Table> = Table::all(&view.floor).filter(|it| it.details.active).collect();
    pick(&mut tables);
    let shown = tables.into_iter().map(|it| house.table_whole(it, shown));
    at(view.seq, shown.collect::<Vec<_>>())
}

pub(super) fn by_number(tables: &mut [&Table]) {
    tables.sort_by(|a, b| natural(a.details.number.as_str(), b.details.number.as_str()));
}

/// The tables of a branch that are free, by their numbers.
#[utoipa::path(get, path = "/api/v1/restaurant/tables/available/{branchId}", operation_id = "branch_table_available",
    tag = "branch", params(("branchId" = String, Path, description = "the branch")),
    responses(
        (status = 200, description = "the tables", body = Vec<TableWhole>),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "another restaurant's branch, or its mode is off"),
        (status = 404, description = "no such branch"),
    ))]
pub(super) async fn available(
    State(ground): State<Ground>,
    Path(branch): Path<String>,
    request: Request,
) -> Answer {
    let asked = ground
        .branch_named(request, "branch_table_available", &branch)
        .await?;
    let view = asked.entered.view(&asked.parts).await?;
    let shown = Shown {
        branch: false,
        ..Shown::ALL
    };
    Ok(some_of(&ground, (&asked.entered, &view), shown, |tables| {
        tables.retain(|it| it.state == TableState::Available);
        by_number(tables);
    }))
}

/// The free tables of a branch that are for so many, the smallest first.
#[utoipa::path(get, path = "/api/v1/restaurant/tables/check-availability/{branchId}/{partySize}",
    operation_id = "branch_table_check_availability", tag = "branch",
    params(("branchId" = String, Path, description = "the branch"), ("partySize" = u64, Path, description = "how many")),
    responses(
        (status = 200, description = "the tables", body = Vec<TableWhole>),
        (status = 400, description = "no number"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "another restaurant's branch, or its mode is off"),
        (status = 404, description = "no such branch"),
    ))]
pub(super) async fn check_availability(
    State(ground): State<Ground>,
    Path((branch, covers)): Path<(String, String)>,
    request: Request,
) -> Answer {
    let aim = Aim::at(&branch, Aim::Branch);
    let asked = ground
        .branch_asked(request, "branch_table_check_availability", aim)
        .await?;
    let covers = whole(&covers)?;
    if !asked.entered.is_aim {
        return Err(ground.not_that_branch(&branch));
    }
    let shown = Shown {
        branch: false,
        assigned_server: false,
        ..Shown::ALL
    };
    let view = asked.entered.view(&asked.parts).await?;
    Ok(some_of(&ground, (&asked.entered, &view), shown, |tables| {
        tables.retain(|it| {
            let seats = it.details.seats;
            let fits = u64::from(seats.min.get()) <= covers && covers <= u64::from(seats.max.get());
            fits && it.state == TableState::Available
        });
        by_number(tables);
        tables.sort_by_key(|it| it.details.seats.max);
    }))
}

/// Figures about the tables of a branch.
#[utoipa::path(get, path = "/api/v1/restaurant/tables/stats/{branchId}", operation_id = "branch_table_stats",
    tag = "branch", params(("branchId" = String, Path, description = "the branch")),
    responses(
        (status = 200, description = "`{total, active, inactive, byStatus, capacity}`"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, another restaurant's branch, or its mode is off"),
        (status = 404, description = "no such branch"),
    ))]
pub(super) async fn stats(
    State(ground): State<Ground>,
    Path(branch): Path<String>,
    request: Request,
) -> Answer {
    let asked = ground
        .branch_named(request, "branch_table_stats", &branch)
        .await?;
    let view = asked.entered.view(&asked.parts).await?;
    let all = view.floor.tables.values();
    let active: Vec<&Table> = all.filter(|it| it.details.active).collect();
    let total = view.floor.tables.len();
    let capacity = capacity(&active);
    #[expect(clippy::cast_precision_loss, reason = "a house has few tables")]
    let average = if active.is_empty() {
        0.0
    } else {
        (f64::from(capacity) * 100.0 / active.len() as f64).round() / 100.0
    };
    let body = json!({
        "total": total,
        "active": active.len(),
        "inactive": total - active.len(),
        "byStatus": by_status(&active),
        "capacity": { "total": capacity, "average": average },
    });
    Ok(at(view.seq, body))
}

/// How many of these tables are in each state.
pub(super) fn by_status(tables: &[&Table]) -> Map<String, Value> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for table in tables {
        *counts.entry(words::status(&table.state)).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(status, n)| (status.to_owned(), json!(n)))
        .collect()
}

/// How many sit at these tables at the most.
pub(super) fn capacity(tables: &[&Table]) -> u32 {
    tables
        .iter()
        .map(|it| u32::from(it.details.seats.max.get()))
        .sum()
}

/// The tables that somebody looks after.
#[utoipa::path(get, path = "/api/v1/restaurant/tables/by-server/{serverId}", operation_id = "branch_table_by_server",
    tag = "branch", params(("serverId" = String, Path, description = "the member of staff")),
    responses(
        (status = 200, description = "the tables", body = Vec<TableWhole>),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the branch's mode is off"),
        (status = 404, description = "nobody with this id works in a branch in reach"),
    ))]
pub(super) async fn by_server(
    State(ground): State<Ground>,
    Path(server): Path<String>,
    request: Request,
) -> Answer {
    let asked = ground
        .branch_asked(request, "branch_table_by_server", Aim::Home)
        .await?;
    let staff_id = uuid(&server).and_then(ids::staff_of);
    let views = ground
        .branch_views((&asked.entered.staff, &asked.parts), None)
        .await?;
    let works = |it: &(Entered, Arc<View>)| staff_id.is_some_and(|id| it.1.floor.staff.contains_key(&id));
    if !views.0.iter().any(works) {
        return Err(BranchError::no_server(&server));
    }
    let shown = Shown {
        assigned_server: false,
        ..Shown::ALL
    };
    let mut found = Vec::new();
    for (entered, view) in &views.0 {
        let tables = view.floor.tables.values();
        let mut tables: Vec<&Table> = tables
            .filter(|it| it.details.active && it.waiter_id == staff_id)
            .collect();
        by_number(&mut tables);
        let house = entered.house(&ground, &view.floor);
        found.extend(tables.into_iter().map(|it| house.table_whole(it, shown)));
    }
    Ok(views.answer(found))
}

/// The tables of a section.
#[utoipa::path(get, path = "/api/v1/restaurant/tables/by-section/{sectionId}", operation_id = "branch_table_by_section",
    tag = "branch", params(("sectionId" = String, Path, description = "the section")),
    responses(
        (status = 200, description = "the tables", body = Vec<TableWhole>),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the branch's mode is off"),
        (status = 404, description = "no such section"),
    ))]
pub(super) async fn by_section(
    State(ground): State<Ground>,
    Path(section): Path<String>,
    request: Request,
) -> Answer {
    let operation = "branch_table_by_section";
    let (entered, view) = ground.branch_of::<Section>(request, operation, &section).await?;
    let id = found::<Section>(&entered, &view.floor, &section)?.id;
    let shown = Shown {
        floor_plan: false,
        section: false,
        ..Shown::ALL
    };
    Ok(some_of(&ground, (&entered, &view), shown, |tables| {
        tables.retain(|it| it.details.section_id == Some(id));
        by_number(tables);
    }))
}

/// The tables on a floor plan.
#[utoipa::path(get, path = "/api/v1/restaurant/tables/by-floor-plan/{floorPlanId}",
    operation_id = "branch_table_by_floor_plan", tag = "branch",
    params(("floorPlanId" = String, Path, description = "the floor plan")),
    responses(
        (status = 200, description = "the tables", body = Vec<TableWhole>),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the branch's mode is off"),
        (status = 404, description = "no such plan"),
    ))]
pub(super) async fn by_floor_plan(
    State(ground): State<Ground>,
    Path(plan): Path<String>,
    request: Request,
) -> Answer {
    let operation = "branch_table_by_floor_plan";
    let (entered, view) = ground.branch_of::<Plan>(request, operation, &plan).await?;
    let id = found::<Plan>(&entered, &view.floor, &plan)?.id;
    let shown = Shown {
        floor_plan: false,
        ..Shown::ALL
    };
    Ok(some_of(&ground, (&entered, &view), shown, |tables| {
        tables.retain(|it| it.details.plan_id == Some(id));
        by_number(tables);
    }))
}

/// A table of a branch, by its number.
#[utoipa::path(get, path = "/api/v1/restaurant/tables/{id}/{tableNumber}", operation_id = "branch_table_by_number",
    tag = "branch",
    params(("id" = String, Path, description = "the branch"), ("tableNumber" = String, Path, description = "the number")),
    responses(
        (status = 200, description = "the table", body = TableWhole),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "another restaurant's branch, or its mode is off"),
        (status = 404, description = "no such table in this branch"),
    ))]
pub(super) async fn by_table_number(
    State(ground): State<Ground>,
    Path((branch, number)): Path<(String, String)>,
    request: Request,
) -> Answer {
    let named = (branch.as_str(), number.as_str());
    let operation = "branch_table_by_number";
    ground
        .branch_show_called::<Table>(request, operation, named)
        .await
}

/// A table.
#[utoipa::path(get, path = "/api/v1/restaurant/tables/{id}", operation_id = "branch_table_get", tag = "branch",
    params(("id" = String, Path, description = "the table")),
    responses(
        (status = 200, description = "the table", body = TableWhole),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the branch's mode is off"),
        (status = 404, description = "no such table in reach"),
    ))]
pub(super) async fn get(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    ground
        .branch_show::<Table>(request, "branch_table_get", &id)
        .await
}

impl Thing for Table {
    const NAME: &'static str = "Table";
    type Plain = TableObject;
    type Whole = TableWhole;

    fn aim(id: Uuid) -> Aim {
        Aim::Table(id)
    }

    fn all(floor: &Floor) -> impl Iterator<Item = &Table> {
        floor.tables.values()
    }

    fn find(floor: &Floor, id: Uuid) -> Option<&Table> {
        floor.tables.get(&ids::table_of(id)?)
    }

    fn made_by(event: &Event) -> Option<Uuid> {
        match event {
            Event::TableCreated { table_id, .. } => Some(ids::table(*table_id)),
            _ => None,
        }
    }

    fn label(&self) -> &Label {
        &self.details.number
    }

    fn called(label: &str) -> String {
        format!("Table {label}")
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn plain(&self, house: &House<'_>) -> TableObject {
        house.table(self)
    }

    fn whole(&self, house: &House<'_>) -> TableWhole {
        house.table_whole(self, Shown::ALL)
    }
}
