//! `restaurant/floor-plans`: the drawings that tables stand on, written.

use super::access::{Aim, Asked, Entered, Path, at_version, created, gone, has_key, plan_id, version_seen};
use super::error::BranchError;
use super::fields::{Fields, Whole, object};
use super::ids;
use super::objects::{PlanObject, PlanWhole};
use super::plan_fields::{LayoutSaid, PlanSaid, blank};
use super::plans::{found, no_plan};
use crate::floors::Receipt;
use crate::rights::Right;
use crate::surface::ground::Ground;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use floor::{Command, Event, Floor, Label, Patch, Plan, PlanDetails, PlanId, PlanPatch, Refusal, Units};
use serde_json::{Map, Value, json};
use uuid::Uuid;

type Answer = Result<Response, BranchError>;

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
    let (asked, body) = ground.branch_asked_by_body(request, "branch_plan_create").await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let said = PlanSaid::read(&mut fields, Whole::Yes);
    fields.finish()?;
    let Asked { entered, parts, .. } = asked;
    if !entered.is_aim {
        let branch = said.branch.map(|it| it.to_string()).unwrap_or_default();
        return Err(ground.not_that_branch(&branch));
    }
    let name = said.name.clone().ok_or_else(BranchError::fault)?;
    let mut sizes = blank(PlanId(0));
    if let Patch::Set(layout) = &said.layout {
        layout.lay_over(&mut sizes);
    }
    let details = PlanDetails {
        default: said.default.unwrap_or_default(),
        active: said.active.unwrap_or(true),
        display_order: said.display_order.unwrap_or_default(),
        width: sizes.width.unwrap_or(Units::whole(800)),
        height: sizes.height.unwrap_or(Units::whole(600)),
        grid: sizes.grid.over(None),
        background: sizes.background.over(None),
        extra: said.extra(None)?.over(None),
        name,
    };
    let name = details.name.clone();
    let asked = entered
        .ask(&ground, &parts, &body, Command::CreatePlan(details))
        .await;
    let receipt = asked.map_err(|error| in_words(&ground, &entered, Some(&name), error))?;
    answer_new(&ground, &entered, &receipt).await
}

/// The answer to a plan that was drawn.
async fn answer_new(ground: &Ground, entered: &Entered, receipt: &Receipt) -> Answer {
    let made = receipt.change.events.iter().find_map(|it| match it {
        Event::PlanCreated { plan_id, .. } => Some(*plan_id),
        _ => None,
    });
    let floor = entered.floor_after(ground, receipt).await?;
    let plan = made.and_then(|it| floor.plans.get(&it));
    let plan = plan.ok_or_else(BranchError::fault)?;
    let shown = entered.house(ground, &floor).plan(plan);
    Ok(created(receipt.change.seq, plan.version, shown))
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
    let aim = Aim::at(&id, Aim::Plan);
    let Asked { entered, parts, body } = ground.branch_asked(request, "branch_plan_update", aim).await?;
    let body = ground.read(body).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let said = PlanSaid::read(&mut fields, Whole::No);
    fields.finish()?;
    let version = version_seen(&parts.headers)?;
    let write = Write {
        ground: &ground,
        entered: &entered,
        parts: &parts,
        body: &body,
        id: &id,
    };
    if let Some(first) = write.asked_before().await? {
        return first;
    }
    found(&entered, &entered.floor.view().floor, &id)?;
    stays(&ground, &entered, said.branch, "floor plan")?;
    let make = |plan: &Plan| said.patch(plan, version.or(Some(plan.version)));
    write.update(version, said.name.as_ref(), make).await
}

/// Checks that a thing is not to go to another branch: only tables do.
pub(super) fn stays(
    ground: &Ground,
    entered: &Entered,
    branch: Option<Uuid>,
    what: &str,
) -> Result<(), BranchError> {
    match branch {
        Some(id) if id != ids::branch(entered.restaurant_id()) => {
            let is_in_reach = ids::branch_of(id)
                .and_then(|it| ground.identity.enter(&entered.staff, it).ok())
                .is_some_and(|it| it.has(Right::House));
            Err(if is_in_reach {
                BranchError::rule(format!("A {what} cannot go to another branch"))
            } else {
                ground.not_that_branch(&id.to_string())
            })
        }
        _ => Ok(()),
    }
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
    let aim = Aim::at(&id, Aim::Plan);
    let Asked { entered, parts, body } = ground.branch_asked(request, "branch_plan_layout", aim).await?;
    let body = ground.read(body).await?;
    let mut object = object(&body)?;
    let version = version_seen(&parts.headers)?;
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
    let write = Write {
        ground: &ground,
        entered: &entered,
        parts: &parts,
        body: &body,
        id: &id,
    };
    if let Some(first) = write.asked_before().await? {
        return first;
    }
    let make = |plan: &Plan| said.patch(plan, version.or(Some(plan.version)));
    write.update(version, None, make).await
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
    let aim = Aim::at(&id, Aim::Plan);
    let Asked { entered, parts, .. } = ground
        .branch_asked(request, "branch_plan_set_default", aim)
        .await?;
    let version = version_seen(&parts.headers)?;
    let write = Write {
        ground: &ground,
        entered: &entered,
        parts: &parts,
        body: b"",
        id: &id,
    };
    if let Some(first) = write.asked_before().await? {
        return first;
    }
    let make = |plan: &Plan| {
        Ok(PlanPatch {
            default: Some(true),
            version,
            ..blank(plan.id)
        })
    };
    write.update(version, None, make).await
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
    let aim = Aim::at(&id, Aim::Plan);
    let Asked { entered, parts, body } = ground.branch_asked(request, "branch_plan_duplicate", aim).await?;
    let body = ground.read(body).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let name: Option<Label> = fields.required_text("newName");
    fields.finish()?;
    if let Some((entered, receipt)) = ground.asked_before(&entered, &parts, &body).await? {
        return answer_new(&ground, &entered, &receipt).await;
    }
    let view = entered.floor.view();
    let plan = found(&entered, &view.floor, &id)?;
    let name = name.ok_or_else(BranchError::fault)?;
    let details = PlanDetails {
        name: name.clone(),
        default: false,
        display_order: plan.details.display_order.saturating_add(1),
        ..plan.details.clone()
    };
    let asked = entered
        .ask(&ground, &parts, &body, Command::CreatePlan(details))
        .await;
    let receipt = asked.map_err(|error| in_words(&ground, &entered, Some(&name), error))?;
    answer_new(&ground, &entered, &receipt).await
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
    let aim = Aim::at(&id, Aim::Plan);
    let Asked { entered, parts, .. } = ground.branch_asked(request, "branch_plan_delete", aim).await?;
    let version = version_seen(&parts.headers)?;
    let plan_id = plan_id(&id).ok_or_else(|| no_plan(&id))?;
    if let Some((_, receipt)) = ground.asked_before(&entered, &parts, b"").await? {
        return Ok(gone(receipt.change.seq));
    }
    if !has_key(&parts) {
        found(&entered, &entered.floor.view().floor, &id)?;
    }
    let command = Command::DeletePlan { plan_id, version };
    let asked = entered.ask(&ground, &parts, b"", command).await;
    let receipt = asked.map_err(|error| match error.refusal() {
        Some(Refusal::DefaultPlan { .. }) => BranchError::rule(
            "Cannot delete the default floor plan. Please set another floor plan as default first.",
        ),
        _ => in_words(&ground, &entered, None, error),
    })?;
    Ok(gone(receipt.change.seq))
}

/// A write of a plan that is there, and where it was asked.
struct Write<'a> {
    ground: &'a Ground,
    entered: &'a Entered,
    parts: &'a Parts,
    body: &'a [u8],
    /// The plan, as the address has it.
    id: &'a str,
}

impl Write<'_> {
    /// Changes the plan as `make` makes it out of what it is. `version` is the one that was seen.
    async fn update(
        &self,
        version: Option<u64>,
        name: Option<&Label>,
        make: impl Fn(&Plan) -> Result<PlanPatch, BranchError>,
    ) -> Answer {
        let Write { ground, entered, .. } = *self;
        let make = |floor: &Floor| make(found(entered, floor, self.id)?).map(Command::UpdatePlan);
        let asked = entered
            .ask_over(ground, self.parts, self.body, version, make)
            .await;
        let receipt = asked.map_err(|error| in_words(ground, entered, name, error))?;
        self.answer(entered, &receipt).await
    }

    /// The first answer to this same request under the same key.
    async fn asked_before(&self) -> Result<Option<Answer>, BranchError> {
        let asked = self.ground.asked_before(self.entered, self.parts, self.body);
        Ok(match asked.await? {
            Some((entered, receipt)) => Some(self.answer(&entered, &receipt).await),
            None => None,
        })
    }

    /// The answer to a write: the plan as the write left it.
    async fn answer(&self, entered: &Entered, receipt: &Receipt) -> Answer {
        let floor = entered.floor_after(self.ground, receipt).await?;
        let plan = plan_id(self.id).and_then(|it| floor.plans.get(&it));
        let plan = plan.ok_or_else(|| no_plan(self.id))?;
        let shown = entered.house(self.ground, &floor).plan_whole(plan, true);
        Ok(at_version(receipt.change.seq, plan.version, shown))
    }
}

/// What this protocol says where the floor's own words would not do.
fn in_words(ground: &Ground, entered: &Entered, name: Option<&Label>, error: BranchError) -> BranchError {
    match error.refusal() {
        Some(Refusal::NameInUse { .. }) => {
            let name = name.map_or("", Label::as_str);
            BranchError::rule(format!("Floor plan \"{name}\" already exists in this branch"))
        }
        Some(Refusal::Unknown { what: "plan", id }) => no_plan(&ids::plan(PlanId(*id)).to_string()),
        Some(Refusal::DefaultPlan { .. }) => BranchError::rule(
            "The default floor plan stays the default. Please set another floor plan as default first.",
        ),
        Some(Refusal::Stale { id, version, .. }) => {
            let view = entered.floor.view();
            let plan = view.floor.plans.get(&PlanId(*id));
            let house = entered.house(ground, &view.floor);
            let current = plan.map(|it| json!(house.plan_whole(it, true)));
            let message = format!("The floor plan has changed: it has version {version} now");
            BranchError::stale(message, current.unwrap_or_default())
        }
        _ => error,
    }
}
