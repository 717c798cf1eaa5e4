//! `restaurant/table-sections`: parts of a dining room, read.

use super::access::{Aim, Entered, Path, at};
use super::branches::aim_in_query;
use super::fields::{Fields, query};
use super::ids;
use super::listing::{Listed, Named};
use super::objects::{House, SectionObject, SectionWhole};
use super::plans::figures;
use super::things::{Answer, Thing, found};
use crate::floors::View;
use crate::surface::ground::Ground;
use axum::extract::{Request, State};
use axum::response::Response;
use floor::{Event, Floor, Label, Plan, Section, Table};
use serde_json::json;
use uuid::Uuid;

/// Sections of every branch in reach, a page of them.
#[utoipa::path(get, path = "/api/v1/restaurant/table-sections", operation_id = "branch_section_list", tag = "branch",
    params(
        ("page" = Option<u64>, Query, description = "from 1"),
        ("limit" = Option<u64>, Query, description = "1 to 1000; 20 when nobody says"),
        ("search" = Option<String>, Query, description = "a part of the name, whatever its case"),
        ("branchId" = Option<String>, Query, description = "of this branch"),
        ("floorPlanId" = Option<String>, Query, description = "on this plan"),
        ("isActive" = Option<bool>, Query, description = "in use, or not"),
        ("sortBy" = Option<String>, Query, description = "displayOrder, name, createdAt or updatedAt"),
        ("sortOrder" = Option<String>, Query, description = "ASC or DESC"),
    ),
    responses(
        (status = 200, description = "`{data, meta}`"),
        (status = 400, description = "a query that makes no sense"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the branch's mode is off"),
    ))]
pub(super) async fn list(State(ground): State<Ground>, request: Request) -> Answer {
    let aim = aim_in_query(request.uri().query());
    let asked = ground.branch_asked(request, "branch_section_list", aim).await?;
    let object = query(asked.parts.uri.query());
    let mut fields = Fields::of(&object);
    let named = Named::read(&mut fields);
    let plan = fields.id("floorPlanId");
    fields.finish()?;
    let views = ground
        .branch_views((&asked.entered.staff, &asked.parts), named.branch)
        .await?;
    let is_wanted = |it: &Section| {
        named.takes(&listed(it)) && plan.is_none_or(|id| it.details.plan_id.map(ids::plan) == Some(id))
    };
    Ok(views.page(&ground, named.listing, is_wanted, |by, a, b| {
        listed(a).compare(by, &listed(b))
    }))
}

fn listed(section: &Section) -> Listed<'_> {
    Listed {
        name: &section.details.name,
        display_order: section.details.display_order,
        active: section.details.active,
        created_at: section.created_at,
        updated_at: section.updated_at,
    }
}

/// The sections of a branch that are in use, in their order.
#[utoipa::path(get, path = "/api/v1/restaurant/table-sections/by-branch/{branchId}",
    operation_id = "branch_section_by_branch", tag = "branch",
    params(("branchId" = String, Path, description = "the branch")),
    responses(
        (status = 200, description = "the sections", body = Vec<SectionWhole>),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "another restaurant's branch, or its mode is off"),
        (status = 404, description = "no such branch"),
    ))]
pub(super) async fn by_branch(
    State(ground): State<Ground>,
    Path(branch): Path<String>,
    request: Request,
) -> Answer {
    let operation = "branch_section_by_branch";
    let asked = ground.branch_named(request, operation, &branch).await?;
    let view = asked.entered.view(&asked.parts).await?;
    Ok(some_of(&ground, (&asked.entered, &view), |_| true))
}

/// The sections on a plan that are in use, in their order.
#[utoipa::path(get, path = "/api/v1/restaurant/table-sections/by-floor-plan/{floorPlanId}",
    operation_id = "branch_section_by_floor_plan", tag = "branch",
    params(("floorPlanId" = String, Path, description = "the plan")),
    responses(
        (status = 200, description = "the sections", body = Vec<SectionWhole>),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the branch's mode is off"),
        (status = 404, description = "no such plan"),
    ))]
pub(super) async fn by_floor_plan(
    State(ground): State<Ground>,
    Path(plan): Path<String>,
    request: Request,
) -> Answer {
    let operation = "branch_section_by_floor_plan";
    let (entered, view) = ground.branch_of::<Plan>(request, operation, &plan).await?;
    let id = found::<Plan>(&entered, &view.floor, &plan)?.id;
    Ok(some_of(&ground, (&entered, &view), |it| {
        it.details.plan_id == Some(id)
    }))
}

/// The sections of a branch that are in use, those that are asked for.
fn some_of(
    ground: &Ground,
    (entered, view): (&Entered, &View),
    is_asked_for: impl Fn(&Section) -> bool,
) -> Response {
    let house = entered.house(ground, &view.floor);
    let mut sections: Vec<&Section> = Section::all(&view.floor)
        .filter(|it| it.details.active && is_asked_for(it))
        .collect();
    sections.sort_by_key(|it| (it.details.display_order, it.id));
    let shown = sections.into_iter().map(|it| house.section_whole(it));
    at(view.seq, shown.collect::<Vec<_>>())
}

/// A section of a branch, by its name.
#[utoipa::path(get, path = "/api/v1/restaurant/table-sections/{id}/{name}", operation_id = "branch_section_by_name",
    tag = "branch",
    params(("id" = String, Path, description = "the branch"), ("name" = String, Path, description = "the name")),
    responses(
        (status = 200, description = "the section", body = SectionWhole),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "another restaurant's branch, or its mode is off"),
        (status = 404, description = "no such section in this branch"),
    ))]
pub(super) async fn by_name(
    State(ground): State<Ground>,
    Path((branch, name)): Path<(String, String)>,
    request: Request,
) -> Answer {
    let named = (branch.as_str(), name.as_str());
    let operation = "branch_section_by_name";
    ground
        .branch_show_called::<Section>(request, operation, named)
        .await
}

/// A section.
#[utoipa::path(get, path = "/api/v1/restaurant/table-sections/{id}", operation_id = "branch_section_get", tag = "branch",
    params(("id" = String, Path, description = "the section")),
    responses(
        (status = 200, description = "the section", body = SectionWhole),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the branch's mode is off"),
        (status = 404, description = "no such section in reach"),
    ))]
pub(super) async fn get(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    ground
        .branch_show::<Section>(request, "branch_section_get", &id)
        .await
}

/// Figures about a section.
#[utoipa::path(get, path = "/api/v1/restaurant/table-sections/{id}/stats", operation_id = "branch_section_stats",
    tag = "branch", params(("id" = String, Path, description = "the section")),
    responses(
        (status = 200, description = "`{sectionId, sectionName, color, isActive, floorPlan, tables, settings}`"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the branch's mode is off"),
        (status = 404, description = "no such section"),
    ))]
pub(super) async fn stats(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let operation = "branch_section_stats";
    let (entered, view) = ground.branch_of::<Section>(request, operation, &id).await?;
    let section: &Section = found(&entered, &view.floor, &id)?;
    let tables = view.floor.tables.values();
    let tables: Vec<&Table> = tables
        .filter(|it| it.details.section_id == Some(section.id))
        .collect();
    let plan = section.details.plan_id.and_then(|it| view.floor.plans.get(&it));
    let house = entered.house(&ground, &view.floor);
    let body = json!({
        "sectionId": ids::section(section.id),
        "sectionName": section.details.name,
        "color": section.details.color,
        "isActive": section.details.active,
        "floorPlan": plan.map(|it| json!({ "id": ids::plan(it.id), "name": it.details.name })),
        "tables": figures(&tables),
        "settings": json!(house.section(section))["settings"],
    });
    Ok(at(view.seq, body))
}

impl Thing for Section {
    const NAME: &'static str = "Section";
    type Plain = SectionObject;
    type Whole = SectionWhole;

    fn aim(id: Uuid) -> Aim {
        Aim::Section(id)
    }

    fn all(floor: &Floor) -> impl Iterator<Item = &Section> {
        floor.sections.values()
    }

    fn find(floor: &Floor, id: Uuid) -> Option<&Section> {
        floor.sections.get(&ids::section_of(id)?)
    }

    fn made_by(event: &Event) -> Option<Uuid> {
        match event {
            Event::SectionCreated { section_id, .. } => Some(ids::section(*section_id)),
            _ => None,
        }
    }

    fn label(&self) -> &Label {
        &self.details.name
    }

    fn called(label: &str) -> String {
        format!("Section \"{label}\"")
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn plain(&self, house: &House<'_>) -> SectionObject {
        house.section(self)
    }

    fn whole(&self, house: &House<'_>) -> SectionWhole {
        house.section_whole(self)
    }
}
