//! `restaurant/floor-plans`: the drawings that tables stand on, written.

use super::access::{Path, gone, plan_id};
use super::error::BranchError;
use super::fields::{Fields, Whole};
use super::objects::{PlanObject, PlanWhole};
use super::plan_fields::{LayoutSaid, PlanSaid, blank};
use super::things::{Answer, Thing, found};
use super::writes::Write;
use crate::surface::ground::Ground;
use axum::extract::{Request, State};
use floor::{Command, Floor, Label, Patch, Plan, PlanDetails, PlanPatch, Refusal};
use serde_json::{Map, Value};

/// Draws a plan.
#[utoipa::path(post, path = "/api/v1/restaurant/floor-plans", operation_id = "branch_plan_create", tag = "branch",
    request_body = Object,
    responses(
        (status = 201, description = "the plan", body = PlanObject),
        (status = 400, description = "fields that make no sense, or its name is in use"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, another restaurant's branch, or its mode is off"),
        (status = 404, description = "no such branch"),
    ))]
pub(super) async fn create(State(ground): State<Ground>, request: Request) -> Answer {
    let write = Write::of_new(&ground, request, "branch_plan_create").await?;
    let object = write.object()?;
    let mut fields = Fields::of(&object);
    let said = PlanSaid::read(&mut fields, Whole::Yes);
    fields.finish()?;
    write.check_branch(said.branch)?;
    let name = said.name.clone().ok_or_else(BranchError::fault)?;
    let make = |_: &Floor| Ok(Command::CreatePlan(said.details()?));
    write.create::<Plan>(&name, make).await
}

/// Changes a plan.
#[utoipa::path(patch, path = "/api/v1/restaurant/floor-plans/{id}", operation_id = "branch_plan_update", tag = "branch",
    params(("id" = String, Path, description = "the plan"),
        ("If-Match" = Option<String>, Header, description = "the version that was seen")),
    request_body = Object,
    responses(
        (status = 200, description = "the plan", body = PlanWhole),
        (status = 400, description = "fields that make no sense, its name is in use, or a rule of the house"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the branch's mode is off"),
        (status = 404, description = "no such plan"),
        (status = 412, description = "somebody has written it since"),
    ))]
pub(super) async fn update(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let write = Write::of::<Plan>(&ground, request, "branch_plan_update", &id).await?;
    let object = write.object()?;
    let mut fields = Fields::of(&object);
    let said = PlanSaid::read(&mut fields, Whole::No);
    fields.finish()?;
    let make = |plan: &Plan, _: &Floor| {
        write.check_stays::<Plan>(said.branch)?;
        update_of(&said, plan, write.version)
    };
    write.change(&id, said.name.as_ref(), make).await
}

/// The change that is said of a plan, of the version that was seen or else of the present one.
fn update_of(said: &PlanSaid, plan: &Plan, version: Option<u64>) -> Result<Command, BranchError> {
    let patch = said.patch(plan, version.or(Some(plan.version)))?;
    Ok(Command::UpdatePlan(patch))
}

/// Lays a plan out: what is sent is its layout from now on.
#[utoipa::path(patch, path = "/api/v1/restaurant/floor-plans/{id}/layout", operation_id = "branch_plan_layout",
    tag = "branch",
    params(("id" = String, Path, description = "the plan"),
        ("If-Match" = Option<String>, Header, description = "the version that was seen")),
    request_body = Object,
    responses(
        (status = 200, description = "the plan", body = PlanWhole),
        (status = 400, description = "no object, or too much of it"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the branch's mode is off"),
        (status = 404, description = "no such plan"),
        (status = 412, description = "somebody has written it since"),
    ))]
pub(super) async fn layout(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let write = Write::of::<Plan>(&ground, request, "branch_plan_layout", &id).await?;
    let mut object = write.object()?;
    let known = |it: &str| {
        [
            "width",
            "height",
            "gridSize",
            "backgroundImage",
            "backgroundColor",
        ]
        .contains(&it)
    };
    let ours: Map<String, Value> = object
        .iter()
        .filter(|it| known(it.0))
        .map(|it| (it.0.clone(), it.1.clone()))
        .collect();
    let mut fields = Fields::of(&ours);
    let mut layout = LayoutSaid::read(&mut fields, false);
    fields.finish()?;
    object.retain(|key, _| !known(key));
    layout.said.append(&mut object);
    let said = PlanSaid {
        name: None,
        branch: None,
        description: Patch::Keep,
        display_order: None,
        active: None,
        default: None,
        layout: Patch::Set(layout),
        settings: Patch::Keep,
    };
    let make = |plan: &Plan, _: &Floor| update_of(&said, plan, write.version);
    write.change(&id, None, make).await
}

/// Makes a plan the one that is shown first; the one before it is not any more.
#[utoipa::path(patch, path = "/api/v1/restaurant/floor-plans/{id}/set-default",
    operation_id = "branch_plan_set_default", tag = "branch",
    params(("id" = String, Path, description = "the plan"),
        ("If-Match" = Option<String>, Header, description = "the version that was seen")),
    responses(
        (status = 200, description = "the plan", body = PlanWhole),
        (status = 400, description = "the plan is not in use"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the branch's mode is off"),
        (status = 404, description = "no such plan"),
        (status = 412, description = "somebody has written it since"),
    ))]
pub(super) async fn set_default(
    State(ground): State<Ground>,
    Path(id): Path<String>,
    request: Request,
) -> Answer {
    let write = Write::of_address::<Plan>(&ground, request, "branch_plan_set_default", &id).await?;
    let make = |plan: &Plan, _: &Floor| {
        Ok(Command::UpdatePlan(PlanPatch {
            default: Some(true),
            version: write.version,
            ..blank(plan.id)
        }))
    };
    write.change(&id, None, make).await
}

/// Draws a plan like another, without tables.
#[utoipa::path(post, path = "/api/v1/restaurant/floor-plans/{id}/duplicate", operation_id = "branch_plan_duplicate",
    tag = "branch", params(("id" = String, Path, description = "the plan")), request_body = Object,
    responses(
        (status = 201, description = "the new plan", body = PlanObject),
        (status = 400, description = "fields that make no sense, or its name is in use"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the branch's mode is off"),
        (status = 404, description = "no such plan"),
    ))]
pub(super) async fn duplicate(
    State(ground): State<Ground>,
    Path(id): Path<String>,
    request: Request,
) -> Answer {
    let write = Write::of::<Plan>(&ground, request, "branch_plan_duplicate", &id).await?;
    let object = write.object()?;
    let mut fields = Fields::of(&object);
    let name: Option<Label> = fields.required_text("newName");
    fields.finish()?;
    let name = name.ok_or_else(BranchError::fault)?;
    let make = |floor: &Floor| {
        let plan: &Plan = found(&write.entered, floor, &id)?;
        Ok(Command::CreatePlan(PlanDetails {
            name: name.clone(),
            default: false,
            display_order: plan.details.display_order.saturating_add(1),
            ..plan.details.clone()
        }))
    };
    write.create::<Plan>(&name, make).await
}

/// Takes a plan away; its tables and sections keep standing, on none.
#[utoipa::path(delete, path = "/api/v1/restaurant/floor-plans/{id}", operation_id = "branch_plan_delete", tag = "branch",
    params(("id" = String, Path, description = "the plan"),
        ("If-Match" = Option<String>, Header, description = "the version that was seen")),
    responses(
        (status = 200, description = "gone; nothing in the body"),
        (status = 400, description = "it is the default"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the branch's mode is off"),
        (status = 404, description = "no such plan"),
        (status = 412, description = "somebody has written it since"),
    ))]
pub(super) async fn delete(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let write = Write::of_address::<Plan>(&ground, request, "branch_plan_delete", &id).await?;
    let plan_id = plan_id(&id).ok_or_else(|| Plan::missing(&id))?;
    let command = Command::DeletePlan {
        plan_id,
        version: write.version,
    };
    let deleted = write.delete::<Plan>(&id, command).await;
    let seq = deleted.map_err(|error| match error.refusal() {
        Some(Refusal::DefaultPlan { .. }) => BranchError::rule(
            "Cannot delete the default floor plan. Please set another floor plan as default first.",
        ),
        _ => error,
    })?;
    Ok(gone(seq))
}
