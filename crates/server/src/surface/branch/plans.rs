//! `restaurant/floor-plans`: the drawings that tables stand on, read.

use super::access::{Aim, Entered, Path, at, at_version, plan_id};
use super::branches::aim_in_query;
use super::error::BranchError;
use super::fields::{Fields, query};
use super::ids;
use super::listing::{Listing, Usual};
use super::objects::PlanWhole;
use super::tables::{at_place, by_status, capacity, in_branch, views};
use crate::floors::View;
use crate::surface::ground::Ground;
use axum::extract::{Request, State};
use axum::response::Response;
use floor::{Floor, Plan, Table};
use serde_json::{Value, json};

type Answer = Result<Response, BranchError>;

/// What plans can be sorted by.
const SORTS: &[&str] = &["name", "displayOrder", "createdAt", "updatedAt"];
const USUAL: Usual = Usual {
    limit: 20,
    by: "displayOrder",
    is_descending: false,
};

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
    let listing = Listing::read(&mut fields, SORTS, USUAL);
    let search = fields.words("search").map(|it| it.to_lowercase());
    let branch = fields.id("branchId");
    let active = fields.flag("isActive");
    let default = fields.flag("isDefault");
    fields.finish()?;
    let views = views(&ground, &asked.entered.staff, &asked.parts, branch).await?;
    let mut found: Vec<(&Entered, &View, &Plan)> = Vec::new();
    for (entered, view) in &views {
        let plans = view.floor.plans.values().filter(|it| {
            let name = it.details.name.as_str().to_lowercase();
            search.as_ref().is_none_or(|it| name.contains(it.as_str()))
                && active.is_none_or(|wanted| it.details.active == wanted)
                && default.is_none_or(|wanted| it.details.default == wanted)
        });
        found.extend(plans.map(|it| (entered, &**view, it)));
    }
    listing.sort(&mut found, |by, a, b| {
        let (a, b) = (a.2, b.2);
        match by {
            "name" => a.details.name.cmp(&b.details.name),
            "createdAt" => a.created_at.cmp(&b.created_at),
            "updatedAt" => a.updated_at.cmp(&b.updated_at),
            _ => a.details.display_order.cmp(&b.details.display_order),
        }
    });
    let page = listing.page(&found, |(entered, view, plan)| {
        entered.house(&ground, &view.floor).plan_whole(plan, true)
    });
    Ok(at_place(&views, page))
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
    let asked = in_branch(&ground, request, "branch_plan_default", &branch).await?;
    let view = asked.entered.view(&asked.parts).await?;
    let plan = view.floor.plans.values().find(|it| it.details.default);
    let missing = || BranchError::not_found("No default floor plan found for this branch");
    show(&ground, &asked.entered, &view, plan.ok_or_else(missing)?, false)
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
    let asked = in_branch(&ground, request, "branch_plan_by_branch", &branch).await?;
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
    let aim = Aim::at(&branch, Aim::Branch);
    let asked = ground.branch_asked(request, "branch_plan_by_name", aim).await?;
    let missing = || BranchError::not_found(format!("Floor plan \"{name}\" not found in this branch"));
    if !asked.entered.is_aim {
        let error = ground.not_that_branch(&branch);
        return Err(if error.is_forbidden() { error } else { missing() });
    }
    let view = asked.entered.view(&asked.parts).await?;
    let mut plans = view.floor.plans.values();
    let plan = plans.find(|it| it.details.name.as_str() == name);
    show(&ground, &asked.entered, &view, plan.ok_or_else(missing)?, true)
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
    let aim = Aim::at(&id, Aim::Plan);
    let asked = ground.branch_asked(request, "branch_plan_get", aim).await?;
    let view = asked.entered.view(&asked.parts).await?;
    let plan = found(&asked.entered, &view.floor, &id)?;
    show(&ground, &asked.entered, &view, plan, true)
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
    let aim = Aim::at(&id, Aim::Plan);
    let asked = ground.branch_asked(request, "branch_plan_stats", aim).await?;
    let view = asked.entered.view(&asked.parts).await?;
    let plan = found(&asked.entered, &view.floor, &id)?;
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

/// The plan of an address, if this is where it is.
pub(super) fn found<'a>(entered: &Entered, floor: &'a Floor, id: &str) -> Result<&'a Plan, BranchError> {
    let plan = plan_id(id).and_then(|it| floor.plans.get(&it));
    plan.filter(|_| entered.is_aim).ok_or_else(|| no_plan(id))
}

pub(super) fn no_plan(id: &str) -> BranchError {
    BranchError::not_found(format!("Floor plan with ID {id} not found"))
}

fn show(ground: &Ground, entered: &Entered, view: &View, plan: &Plan, with_branch: bool) -> Answer {
    let whole = entered.house(ground, &view.floor).plan_whole(plan, with_branch);
    Ok(at_version(view.seq, plan.version, whole))
}
