//! `restaurant/floor-plans`: the drawings that tables stand on, read.

use super::access::{Aim, Path, at, at_version};
use super::branches::aim_in_query;
use super::error::BranchError;
use super::fields::{Fields, query};
use super::ids;
use super::listing::{Listed, Named};
use super::objects::{House, PlanObject, PlanWhole};
use super::tables::{by_status, capacity};
use super::things::{Answer, Thing, found};
use crate::surface::ground::Ground;
use axum::extract::{Request, State};
use floor::{Event, Floor, Label, Plan, Table};
use serde_json::{Value, json};
use uuid::Uuid;

/// Floor plans of every branch in reach, a page of them.
#[utoipa::path(get, path = "/api/v1/restaurant/floor-plans", operation_id = "branch_plan_list", tag = "branch",
    params(
        ("page" = Option<u64>, Query, description = "from 1"),
        ("limit" = Option<u64>, Query, description = "1 to 1000; 20 when nobody says"),
        ("search" = Option<String>, Query, description = "a part of the name, whatever its case"),
        ("branchId" = Option<String>, Query, description = "of this branch"),
        ("isActive" = Option<bool>, Query, description = "in use, or not"),
        ("isDefault" = Option<bool>, Query, description = "shown first, or not"),
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
    let asked = ground.branch_asked(request, "branch_plan_list", aim).await?;
    let object = query(asked.parts.uri.query());
    let mut fields = Fields::of(&object);
    let named = Named::read(&mut fields);
    let default = fields.flag("isDefault");
    fields.finish()?;
    let views = ground
        .branch_views((&asked.entered.staff, &asked.parts), named.branch)
        .await?;
    let is_wanted = |it: &Plan| named.takes(&listed(it)) && default.is_none_or(|d| d == it.details.default);
    Ok(views.page(&ground, named.listing, is_wanted, |by, a, b| {
        listed(a).compare(by, &listed(b))
    }))
}

fn listed(plan: &Plan) -> Listed<'_> {
    Listed {
        name: &plan.details.name,
        display_order: plan.details.display_order,
        active: plan.details.active,
        created_at: plan.created_at,
        updated_at: plan.updated_at,
    }
}

/// The plan of a branch that is shown first.
#[utoipa::path(get, path = "/api/v1/restaurant/floor-plans/default/{branchId}", operation_id = "branch_plan_default",
    tag = "branch", params(("branchId" = String, Path, description = "the branch")),
    responses(
        (status = 200, description = "the plan", body = PlanWhole),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "another restaurant's branch, or its mode is off"),
        (status = 404, description = "no such branch, or none of its plans is"),
    ))]
pub(super) async fn default(
    State(ground): State<Ground>,
    Path(branch): Path<String>,
    request: Request,
) -> Answer {
    let asked = ground
        .branch_named(request, "branch_plan_default", &branch)
        .await?;
    let view = asked.entered.view(&asked.parts).await?;
    let plan = view.floor.plans.values().find(|it| it.details.default);
    let missing = || BranchError::not_found("No default floor plan found for this branch");
    let plan = plan.ok_or_else(missing)?;
    let house = asked.entered.house(&ground, &view.floor);
    Ok(at_version(view.seq, plan.version, house.plan_whole(plan, false)))
}

/// The plans of a branch that are in use, in their order.
#[utoipa::path(get, path = "/api/v1/restaurant/floor-plans/by-branch/{branchId}",
    operation_id = "branch_plan_by_branch", tag = "branch",
    params(("branchId" = String, Path, description = "the branch")),
    responses(
        (status = 200, description = "the plans", body = Vec<PlanWhole>),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "another restaurant's branch, or its mode is off"),
        (status = 404, description = "no such branch"),
    ))]
pub(super) async fn by_branch(
    State(ground): State<Ground>,
    Path(branch): Path<String>,
    request: Request,
) -> Answer {
    let asked = ground
        .branch_named(request, "branch_plan_by_branch", &branch)
        .await?;
    let view = asked.entered.view(&asked.parts).await?;
    let house = asked.entered.house(&ground, &view.floor);
    let plans = view.floor.plans.values();
    let mut plans: Vec<&Plan> = plans.filter(|it| it.details.active).collect();
    plans.sort_by_key(|it| (it.details.display_order, it.id));
    let shown: Vec<PlanWhole> = plans.into_iter().map(|it| house.plan_whole(it, false)).collect();
    Ok(at(view.seq, shown))
}

/// A plan of a branch, by its name.
#[utoipa::path(get, path = "/api/v1/restaurant/floor-plans/{id}/{name}", operation_id = "branch_plan_by_name",
    tag = "branch",
    params(("id" = String, Path, description = "the branch"), ("name" = String, Path, description = "the name")),
    responses(
        (status = 200, description = "the plan", body = PlanWhole),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "another restaurant's branch, or its mode is off"),
        (status = 404, description = "no such plan in this branch"),
    ))]
pub(super) async fn by_name(
    State(ground): State<Ground>,
    Path((branch, name)): Path<(String, String)>,
    request: Request,
) -> Answer {
    let named = (branch.as_str(), name.as_str());
    let operation = "branch_plan_by_name";
    ground.branch_show_called::<Plan>(request, operation, named).await
}

/// A plan.
#[utoipa::path(get, path = "/api/v1/restaurant/floor-plans/{id}", operation_id = "branch_plan_get", tag = "branch",
    params(("id" = String, Path, description = "the plan")),
    responses(
        (status = 200, description = "the plan", body = PlanWhole),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the branch's mode is off"),
        (status = 404, description = "no such plan in reach"),
    ))]
pub(super) async fn get(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    ground.branch_show::<Plan>(request, "branch_plan_get", &id).await
}

/// Figures about a plan.
#[utoipa::path(get, path = "/api/v1/restaurant/floor-plans/{id}/stats", operation_id = "branch_plan_stats",
    tag = "branch", params(("id" = String, Path, description = "the plan")),
    responses(
        (status = 200, description = "`{floorPlanId, floorPlanName, isDefault, isActive, tables, sections}`"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the branch's mode is off"),
        (status = 404, description = "no such plan"),
    ))]
pub(super) async fn stats(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let (entered, view) = ground
        .branch_of::<Plan>(request, "branch_plan_stats", &id)
        .await?;
    let plan: &Plan = found(&entered, &view.floor, &id)?;
    let tables = view.floor.tables.values();
    let tables: Vec<&Table> = tables.filter(|it| it.details.plan_id == Some(plan.id)).collect();
    let sections = view.floor.sections.values();
    let sections: Vec<bool> = sections
        .filter(|it| it.details.plan_id == Some(plan.id))
        .map(|it| it.details.active)
        .collect();
    let body = json!({
        "floorPlanId": ids::plan(plan.id),
        "floorPlanName": plan.details.name,
        "isDefault": plan.details.default,
        "isActive": plan.details.active,
        "tables": figures(&tables),
        "sections": { "total": sections.len(), "active": sections.iter().filter(|it| **it).count() },
    });
    Ok(at(view.seq, body))
}

/// Figures about some tables.
pub(super) fn figures(tables: &[&Table]) -> Value {
    let active: Vec<&Table> = tables.iter().copied().filter(|it| it.details.active).collect();
    json!({
        "total": tables.len(),
        "active": active.len(),
        "byStatus": by_status(&active),
        "totalCapacity": capacity(&active),
    })
}

impl Thing for Plan {
    const NAME: &'static str = "Floor plan";
    type Plain = PlanObject;
    type Whole = PlanWhole;

    fn aim(id: Uuid) -> Aim {
        Aim::Plan(id)
    }

    fn all(floor: &Floor) -> impl Iterator<Item = &Plan> {
        floor.plans.values()
    }

    fn find(floor: &Floor, id: Uuid) -> Option<&Plan> {
        floor.plans.get(&ids::plan_of(id)?)
    }

    fn made_by(event: &Event) -> Option<Uuid> {
        match event {
            Event::PlanCreated { plan_id, .. } => Some(ids::plan(*plan_id)),
            _ => None,
        }
    }

    fn label(&self) -> &Label {
        &self.details.name
    }

    fn called(label: &str) -> String {
        format!("Floor plan \"{label}\"")
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn plain(&self, house: &House<'_>) -> PlanObject {
        house.plan(self)
    }

    fn whole(&self, house: &House<'_>) -> PlanWhole {
        house.plan_whole(self, true)
    }
}
