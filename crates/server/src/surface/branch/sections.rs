//! `restaurant/table-sections`: parts of a dining room.

use super::access::{
    Aim, Asked, Entered, Path, at, at_version, created, gone, has_key, section_id, version_seen,
};
use super::branches::aim_in_query;
use super::error::BranchError;
use super::fields::{Fields, Whole, object, query};
use super::ids;
use super::listing::{Listing, Usual};
use super::objects::{SectionObject, SectionWhole, object_of};
use super::plan_fields::order;
use super::plan_writes::stays;
use super::plans::{figures, no_plan};
use super::table_fields::{kept, patched};
use super::tables::{at_place, in_branch, views};
use crate::floors::{Receipt, View};
use crate::surface::ground::Ground;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use floor::{
    Command, Covers, Event, Extra, Floor, Label, Note, Patch, PlanId, Refusal, Section, SectionDetails,
    SectionId, SectionPatch, Table, Text,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

type Answer = Result<Response, BranchError>;

/// What sections can be sorted by.
const SORTS: &[&str] = &["name", "displayOrder", "createdAt", "updatedAt"];
const USUAL: Usual = Usual {
    limit: 20,
    by: "displayOrder",
    is_descending: false,
};

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
    let listing = Listing::read(&mut fields, SORTS, USUAL);
    let search = fields.words("search").map(|it| it.to_lowercase());
    let branch = fields.id("branchId");
    let plan = fields.id("floorPlanId");
    let active = fields.flag("isActive");
    fields.finish()?;
    let views = views(&ground, &asked.entered.staff, &asked.parts, branch).await?;
    let mut found: Vec<(&Entered, &View, &Section)> = Vec::new();
    for (entered, view) in &views {
        let sections = view.floor.sections.values().filter(|it| {
            let name = it.details.name.as_str().to_lowercase();
            search.as_ref().is_none_or(|it| name.contains(it.as_str()))
                && plan.is_none_or(|wanted| it.details.plan_id.map(ids::plan) == Some(wanted))
                && active.is_none_or(|wanted| it.details.active == wanted)
        });
        found.extend(sections.map(|it| (entered, &**view, it)));
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
    let page = listing.page(&found, |(entered, view, section)| {
        entered.house(&ground, &view.floor).section_whole(section)
    });
    Ok(at_place(&views, page))
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
    let asked = in_branch(&ground, request, "branch_section_by_branch", &branch).await?;
    some_of(&ground, (&asked.entered, &asked.parts), |_| true).await
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
    let aim = Aim::at(&plan, Aim::Plan);
    let asked = ground
        .branch_asked(request, "branch_section_by_floor_plan", aim)
        .await?;
    let plan_id = super::access::plan_id(&plan).filter(|_| asked.entered.is_aim);
    let plan_id = plan_id.ok_or_else(|| no_plan(&plan))?;
    some_of(&ground, (&asked.entered, &asked.parts), |it| {
        it.details.plan_id == Some(plan_id)
    })
    .await
}

async fn some_of(
    ground: &Ground,
    (entered, parts): (&Entered, &Parts),
    is_asked_for: impl Fn(&Section) -> bool,
) -> Answer {
    let view = entered.view(parts).await?;
    let house = entered.house(ground, &view.floor);
    let sections = view.floor.sections.values();
    let mut sections: Vec<&Section> = sections
        .filter(|it| it.details.active && is_asked_for(it))
        .collect();
    sections.sort_by_key(|it| (it.details.display_order, it.id));
    let shown: Vec<SectionWhole> = sections.into_iter().map(|it| house.section_whole(it)).collect();
    Ok(at(view.seq, shown))
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
    let aim = Aim::at(&branch, Aim::Branch);
    let asked = ground
        .branch_asked(request, "branch_section_by_name", aim)
        .await?;
    let missing = || BranchError::not_found(format!("Section \"{name}\" not found in this branch"));
    if !asked.entered.is_aim {
        let error = ground.not_that_branch(&branch);
        return Err(if error.is_forbidden() { error } else { missing() });
    }
    let view = asked.entered.view(&asked.parts).await?;
    let mut sections = view.floor.sections.values();
    let section = sections.find(|it| it.details.name.as_str() == name);
    Ok(show(&ground, &asked.entered, &view, section.ok_or_else(missing)?))
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
    let aim = Aim::at(&id, Aim::Section);
    let asked = ground.branch_asked(request, "branch_section_get", aim).await?;
    let view = asked.entered.view(&asked.parts).await?;
    let section = found(&asked.entered, &view.floor, &id)?;
    Ok(show(&ground, &asked.entered, &view, section))
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
    let aim = Aim::at(&id, Aim::Section);
    let asked = ground.branch_asked(request, "branch_section_stats", aim).await?;
    let view = asked.entered.view(&asked.parts).await?;
    let section = found(&asked.entered, &view.floor, &id)?;
    let tables = view.floor.tables.values();
    let tables: Vec<&Table> = tables
        .filter(|it| it.details.section_id == Some(section.id))
        .collect();
    let plan = section.details.plan_id.and_then(|it| view.floor.plans.get(&it));
    let house = asked.entered.house(&ground, &view.floor);
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

/// What is said about a section.
struct SectionSaid {
    name: Option<Label>,
    branch: Option<Uuid>,
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
    fn read(fields: &mut Fields<'_>, whole: Whole) -> SectionSaid {
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

    fn plan(&self, floor: &Floor) -> Result<Patch<PlanId>, BranchError> {
        patched(&self.plan, |id| {
            let plan_id = ids::plan_of(id).filter(|it| floor.plans.contains_key(it));
            plan_id.ok_or_else(|| no_plan(&id.to_string()))
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

    fn patch(
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

/// Makes a section.
#[utoipa::path(post, path = "/api/v1/restaurant/table-sections", operation_id = "branch_section_create", tag = "branch",
    request_body = Object,
    responses(
        (status = 201, description = "the section", body = SectionObject),
        (status = 400, description = "fields that make no sense, or its name is in use"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, another restaurant's branch, or its mode is off"),
        (status = 404, description = "no such branch or plan"),
    ))]
pub(super) async fn create(State(ground): State<Ground>, request: Request) -> Answer {
    let (asked, body) = ground
        .branch_asked_by_body(request, "branch_section_create")
        .await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let said = SectionSaid::read(&mut fields, Whole::Yes);
    fields.finish()?;
    let Asked { entered, parts, .. } = asked;
    if !entered.is_aim {
        let branch = said.branch.map(|it| it.to_string()).unwrap_or_default();
        return Err(ground.not_that_branch(&branch));
    }
    let name = said.name.clone().ok_or_else(BranchError::fault)?;
    let settings = said.settings.set();
    let view = entered.floor.view();
    let details = SectionDetails {
        color: said.color.clone().over(None),
        plan_id: said.plan(&view.floor)?.over(None),
        vip: settings.is_some_and(|it| it.vip),
        smoking: settings.is_some_and(|it| it.smoking),
        capacity: settings.and_then(|it| it.capacity),
        display_order: said.display_order.unwrap_or_default(),
        active: said.active.unwrap_or(true),
        extra: said.extra(None)?.over(None),
        ..SectionDetails::named(name.clone())
    };
    let asked = entered
        .ask(&ground, &parts, &body, Command::CreateSection(details))
        .await;
    let receipt = asked.map_err(|error| in_words(&ground, &entered, Some(&name), error))?;
    let made = receipt.change.events.iter().find_map(|it| match it {
        Event::SectionCreated { section_id, .. } => Some(*section_id),
        _ => None,
    });
    let floor = entered.floor_after(&ground, &receipt).await?;
    let section = made.and_then(|it| floor.sections.get(&it));
    let section = section.ok_or_else(BranchError::fault)?;
    let shown = entered.house(&ground, &floor).section(section);
    Ok(created(receipt.change.seq, section.version, shown))
}

/// Changes a section.
#[utoipa::path(patch, path = "/api/v1/restaurant/table-sections/{id}", operation_id = "branch_section_update",
    tag = "branch",
    params(("id" = String, Path, description = "the section"),
        ("If-Match" = Option<String>, Header, description = "the version that was seen")),
    request_body = Object,
    responses(
        (status = 200, description = "the section", body = SectionWhole),
        (status = 400, description = "fields that make no sense, its name is in use, or a rule of the house"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the branch's mode is off"),
        (status = 404, description = "no such section or plan"),
        (status = 412, description = "somebody has written it since"),
    ))]
pub(super) async fn update(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let aim = Aim::at(&id, Aim::Section);
    let Asked { entered, parts, body } = ground.branch_asked(request, "branch_section_update", aim).await?;
    let body = ground.read(body).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let said = SectionSaid::read(&mut fields, Whole::No);
    fields.finish()?;
    let version = version_seen(&parts.headers)?;
    if let Some((entered, receipt)) = ground.asked_before(&entered, &parts, &body).await? {
        return answer(&ground, &entered, &id, &receipt).await;
    }
    found(&entered, &entered.floor.view().floor, &id)?;
    stays(&ground, &entered, said.branch, "section")?;
    let make = |floor: &Floor| {
        let section = found(&entered, floor, &id)?;
        let patch = said.patch(section, floor, version.or(Some(section.version)))?;
        Ok(Command::UpdateSection(patch))
    };
    let asked = entered.ask_over(&ground, &parts, &body, version, make).await;
    let receipt = asked.map_err(|error| in_words(&ground, &entered, said.name.as_ref(), error))?;
    answer(&ground, &entered, &id, &receipt).await
}

/// The answer to a write: the section as the write left it.
async fn answer(ground: &Ground, entered: &Entered, id: &str, receipt: &Receipt) -> Answer {
    let floor = entered.floor_after(ground, receipt).await?;
    let section = section_id(id).and_then(|it| floor.sections.get(&it));
    let section = section.ok_or_else(|| no_section(id))?;
    let shown = entered.house(ground, &floor).section_whole(section);
    Ok(at_version(receipt.change.seq, section.version, shown))
}

/// Takes a section away, if no table in use belongs to it.
#[utoipa::path(delete, path = "/api/v1/restaurant/table-sections/{id}", operation_id = "branch_section_delete",
    tag = "branch",
    params(("id" = String, Path, description = "the section"),
        ("If-Match" = Option<String>, Header, description = "the version that was seen")),
    responses(
        (status = 200, description = "gone; nothing in the body"),
        (status = 400, description = "tables in use belong to it"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the branch's mode is off"),
        (status = 404, description = "no such section"),
        (status = 412, description = "somebody has written it since"),
    ))]
pub(super) async fn delete(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let aim = Aim::at(&id, Aim::Section);
    let Asked { entered, parts, .. } = ground.branch_asked(request, "branch_section_delete", aim).await?;
    let version = version_seen(&parts.headers)?;
    let section_id = section_id(&id).ok_or_else(|| no_section(&id))?;
    if let Some((_, receipt)) = ground.asked_before(&entered, &parts, b"").await? {
        return Ok(gone(receipt.change.seq));
    }
    if !has_key(&parts) {
        found(&entered, &entered.floor.view().floor, &id)?;
    }
    let command = Command::DeleteSection {
        section_id,
        version,
        only_unused: true,
    };
    let asked = entered.ask(&ground, &parts, b"", command).await;
    let receipt = asked.map_err(|error| in_words(&ground, &entered, None, error))?;
    Ok(gone(receipt.change.seq))
}

/// The section of an address, if this is where it is.
fn found<'a>(entered: &Entered, floor: &'a Floor, id: &str) -> Result<&'a Section, BranchError> {
    let section = section_id(id).and_then(|it| floor.sections.get(&it));
    section.filter(|_| entered.is_aim).ok_or_else(|| no_section(id))
}

fn no_section(id: &str) -> BranchError {
    BranchError::not_found(format!("Section with ID {id} not found"))
}

fn show(ground: &Ground, entered: &Entered, view: &View, section: &Section) -> Response {
    let whole = entered.house(ground, &view.floor).section_whole(section);
    at_version(view.seq, section.version, whole)
}

/// What this protocol says where the floor's own words would not do.
fn in_words(ground: &Ground, entered: &Entered, name: Option<&Label>, error: BranchError) -> BranchError {
    match error.refusal() {
        Some(Refusal::NameInUse { .. }) => {
            let name = name.map_or("", Label::as_str);
            BranchError::rule(format!("Section \"{name}\" already exists in this branch"))
        }
        Some(Refusal::SectionInUse { n_tables, .. }) => BranchError::rule(format!(
            "Cannot delete section with {n_tables} active table(s). Please reassign or deactivate the tables first."
        )),
        Some(Refusal::Unknown { what: "section", id }) => {
            no_section(&ids::section(SectionId(*id)).to_string())
        }
        Some(Refusal::Unknown { what: "plan", id }) => no_plan(&ids::plan(PlanId(*id)).to_string()),
        Some(Refusal::Stale { id, version, .. }) => {
            let view = entered.floor.view();
            let section = view.floor.sections.get(&SectionId(*id));
            let house = entered.house(ground, &view.floor);
            let current = section.map(|it| json!(house.section_whole(it)));
            let message = format!("The section has changed: it has version {version} now");
            BranchError::stale(message, current.unwrap_or_default())
        }
        _ => error,
    }
}
