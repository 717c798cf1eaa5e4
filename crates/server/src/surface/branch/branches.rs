//! `branches`: the restaurants in reach.

use super::access::{Aim, Asked, Entered, Path, at, gone};
use super::error::BranchError;
use super::fields::{Fields, Whole, object, query, uuid};
use super::ids;
use super::listing::{Listing, Usual, natural};
use super::objects::{BranchObject, object_of};
use super::table_fields::{kept, patched, server};
use super::things::Answer;
use crate::floors::{Receipt, View};
use crate::identity::{Staff, Way, Who};
use crate::limits::BRANCHES_MAX;
use crate::rights::BRANCH;
use crate::surface::ground::Ground;
use crate::surface::slugs;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use floor::{
    By, Command, Contact, ContactPatch, Currency, Extra, Floor, Label, Patch, RestaurantId, Role, Settings,
    SettingsPatch, StaffAdmission, Text, ZoneName,
};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// What branches can be sorted by.
const SORTS: &[&str] = &["createdAt", "updatedAt", "name", "code"];
const USUAL: Usual = Usual {
    limit: 10,
    by: "createdAt",
    is_descending: true,
};

/// The branches in reach, a page of them.
#[utoipa::path(get, path = "/api/v1/branches", operation_id = "branch_list", tag = "branch",
    params(
        ("page" = Option<u64>, Query, description = "from 1"),
        ("limit" = Option<u64>, Query, description = "1 to 1000; 10 when nobody says"),
        ("search" = Option<String>, Query, description = "a part of the name or code, whatever its case"),
        ("isActive" = Option<bool>, Query, description = "in use, or not"),
        ("sortBy" = Option<String>, Query, description = "createdAt, updatedAt, name or code"),
        ("sortOrder" = Option<String>, Query, description = "ASC or DESC, which is what nobody says"),
    ),
    responses(
        (status = 200, description = "`{data, meta}`"),
        (status = 400, description = "a query that makes no sense"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "no branch is in reach"),
    ))]
pub(super) async fn list(State(ground): State<Ground>, request: Request) -> Answer {
    let asked = ground.branch_asked(request, "branch_list", Aim::Home).await?;
    let object = query(asked.parts.uri.query());
    let mut fields = Fields::of(&object);
    let listing = Listing::read(&mut fields, SORTS, USUAL);
    let search = fields.words("search").map(|it| it.to_lowercase());
    let active = fields.flag("isActive");
    fields.finish()?;
    let entered = ground.branches_in_reach(&asked.entered.staff).await?;
    let views: Vec<(Entered, Arc<View>)> = entered
        .into_iter()
        .map(|it| (it.clone(), it.floor.view()))
        .collect();
    let name = |view: &View| view.floor.settings.as_ref().map(|it| it.name.to_string());
    let mut found: Vec<(&Entered, &View)> = views.iter().map(|it| (&it.0, &*it.1)).collect();
    found.retain(|(entered, view)| {
        let words = [name(view).unwrap_or_default(), code(entered, &view.floor)];
        let mut words = words.iter().map(|it| it.to_lowercase());
        search
            .as_ref()
            .is_none_or(|part| words.any(|it| it.contains(part.as_str())))
            // Those that are not in use are not there.
            && active != Some(false)
    });
    listing.sort(&mut found, |by, a, b| match by {
        "name" => natural(&name(a.1).unwrap_or_default(), &name(b.1).unwrap_or_default()),
        "code" => natural(&code(a.0, &a.1.floor), &code(b.0, &b.1.floor)),
        "updatedAt" => a.1.floor.settings_at.cmp(&b.1.floor.settings_at),
        _ => (a.1.floor.opened_at, a.0.restaurant_id()).cmp(&(b.1.floor.opened_at, b.0.restaurant_id())),
    });
    let page = listing.page(&found, |(entered, view)| {
        entered.house(&ground, &view.floor).branch()
    });
    Ok(Json(page).into_response())
}

/// The chain's own short name for a branch: its name in addresses, while it has none.
fn code(entered: &Entered, floor: &Floor) -> String {
    let contact = floor.settings.as_ref().map(|it| &it.contact);
    let code = contact.and_then(|it| it.code.as_ref());
    code.map_or_else(|| entered.slug.clone(), ToString::to_string)
}

/// A branch.
#[utoipa::path(get, path = "/api/v1/branches/{id}", operation_id = "branch_get", tag = "branch",
    params(("id" = String, Path, description = "the branch")),
    responses(
        (status = 200, description = "the branch", body = BranchObject),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "another restaurant's branch"),
        (status = 404, description = "no such branch"),
    ))]
pub(super) async fn get(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let asked = ground.branch_named(request, "branch_get", &id).await?;
    let view = asked.entered.view(&asked.parts).await?;
    Ok(at(view.seq, asked.entered.house(&ground, &view.floor).branch()))
}

/// A branch, by its code.
#[utoipa::path(get, path = "/api/v1/branches/code/{code}", operation_id = "branch_get_by_code", tag = "branch",
    params(("code" = String, Path, description = "its code, or its name in addresses")),
    responses(
        (status = 200, description = "the branch", body = BranchObject),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "no branch is in reach"),
        (status = 404, description = "no such branch in reach"),
    ))]
pub(super) async fn get_by_code(
    State(ground): State<Ground>,
    Path(wanted): Path<String>,
    request: Request,
) -> Answer {
    let asked = ground
        .branch_asked(request, "branch_get_by_code", Aim::Home)
        .await?;
    for entered in ground.branches_in_reach(&asked.entered.staff).await? {
        let view = entered.floor.view();
        if code(&entered, &view.floor) == wanted {
            return Ok(at(view.seq, entered.house(&ground, &view.floor).branch()));
        }
    }
    Err(BranchError::not_found(format!(
        "Branch with code {wanted} not found"
    )))
}

/// What is said about a branch.
struct BranchSaid {
    name: Option<Label>,
    contact: ContactPatch,
    manager: Patch<Uuid>,
    active: Option<bool>,
    settings: Patch<SettingsSaid>,
}

struct SettingsSaid {
    time_zone: Option<ZoneName>,
    currency: Option<Currency>,
    others: Map<String, Value>,
}

impl BranchSaid {
    fn read(fields: &mut Fields<'_>, whole: Whole) -> BranchSaid {
        BranchSaid {
            name: fields.needed_text("name", whole),
            contact: ContactPatch {
                code: fields.text_patch("code"),
                address: fields.text_patch("address"),
                city: fields.text_patch("city"),
                state: fields.text_patch("state"),
                zip_code: fields.text_patch("zipCode"),
                country: fields.text_patch("country"),
                phone: fields.text_patch("phone"),
                email: fields.email_patch("email"),
                manager_id: Patch::Keep,
            },
            manager: fields.id_patch("managerId"),
            active: fields.boolean("isActive"),
            settings: fields.nested("settings", SettingsSaid::read),
        }
    }

    fn extra(&self, before: Option<&Extra>) -> Result<Patch<Extra>, BranchError> {
        match &self.settings {
            Patch::Keep => Ok(Patch::Keep),
            Patch::Clear => Ok(Patch::Clear),
            Patch::Set(said) => {
                let mut extra = object_of(before);
                extra.extend(said.others.clone());
                kept(&extra, "settings")
            }
        }
    }

    fn patch(&self, floor: &Floor) -> Result<SettingsPatch, BranchError> {
        let said = self.settings.set();
        let before = floor.settings.as_ref().and_then(|it| it.extra.as_ref());
        Ok(SettingsPatch {
            name: self.name.clone(),
            time_zone: said.and_then(|it| it.time_zone.clone()),
            currency: said.and_then(|it| it.currency.clone()),
            contact: Some(ContactPatch {
                manager_id: patched(&self.manager, |id| server(id, floor))?,
                ..self.contact.clone()
            }),
            extra: self.extra(before)?,
            ..SettingsPatch::default()
        })
    }
}

impl SettingsSaid {
    fn read(fields: &mut Fields<'_>) -> SettingsSaid {
        let zone: Option<Text<60>> = fields.text("timezone");
        let time_zone = zone.map(|it| ZoneName::try_from(it.to_string()));
        if let Some(Err(error)) = &time_zone {
            fields.wrong("timezone", &error.to_string());
        }
        let currency: Option<Text<60>> = fields.text("currency");
        let currency = currency.map(|it| Currency::try_from(it.to_string()));
        if let Some(Err(error)) = &currency {
            fields.wrong("currency", &error.to_string());
        }
        SettingsSaid {
            time_zone: time_zone.and_then(Result::ok),
            currency: currency.and_then(Result::ok),
            others: fields.others(),
        }
    }
}

/// Opens a new branch. Whoever has an account becomes its first admin.
#[utoipa::path(post, path = "/api/v1/branches", operation_id = "branch_create", tag = "branch",
    request_body = Object,
    responses(
        (status = 201, description = "the branch", body = BranchObject),
        (status = 400, description = "fields that make no sense, or its code is in use"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the credential stands for one branch only"),
    ))]
pub(super) async fn create(State(ground): State<Ground>, request: Request) -> Answer {
    let asked = ground.branch_asked(request, "branch_create", Aim::Home).await?;
    let staff = Arc::clone(&asked.entered.staff);
    let body = ground.read(asked.body).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let said = BranchSaid::read(&mut fields, Whole::Yes);
    fields.finish()?;
    if said.manager.set().is_some() {
        return Err(BranchError::invalid(vec![
            "managerId must be somebody who works there: set it once somebody does".to_owned(),
        ]));
    }
    // A key or another program's token stands for the branches that it names.
    let is_person = matches!(staff.who, Who::Account { .. } | Who::Operator);
    if !is_person || !(ground.branch.creation || staff.is_operator()) {
        return Err(BranchError::forbidden());
    }
    ground.gate.command(&asked.entered.pass)?;
    let name = said.name.clone().ok_or_else(BranchError::fault)?;
    let patch = said.patch(&Floor::new(RestaurantId(0)))?;
    let blank = Settings::named(name.clone());
    let mut commands = vec![Command::OpenRestaurant(Settings {
        time_zone: patch.time_zone.clone().unwrap_or(blank.time_zone.clone()),
        currency: patch.currency.clone().unwrap_or(blank.currency.clone()),
        contact: Contact::default(),
        ..blank
    })];
    commands.push(Command::ChangeSettings(patch));
    if let Some(staff_id) = staff.staff_id() {
        let name = Label::new(&staff.name).map_err(|_| BranchError::fault())?;
        commands.push(Command::AdmitStaff(StaffAdmission {
            staff_id,
            name,
            roles: vec![Role::Admin],
            active: true,
        }));
    }
    let in_order = Arc::clone(&ground.branches).lock_owned().await;
    if !staff.is_operator() && ground.identity.reach(&staff).len() >= BRANCHES_MAX {
        return Err(BranchError::rule(format!(
            "You are in {BRANCHES_MAX} branches already"
        )));
    }
    check_code(&ground, &staff, &said, None).await?;
    let base = said
        .contact
        .code
        .set()
        .map_or(name.as_str(), Text::as_str)
        .to_owned();
    let by = asked.entered.pass.by(BRANCH);
    let opening = open(ground.clone(), staff.way, base, by, Command::Batch { commands });
    // Whoever asked may hang up: a branch that is begun is opened, and only then is it the turn of the next.
    let opening = tokio::spawn(async move {
        let _in_order = in_order;
        opening.await
    });
    let (entered, receipt) = opening.await.map_err(|_| BranchError::fault())??;
    let floor = entered.floor_after(&ground, &receipt).await?;
    let shown = at(receipt.change.seq, entered.house(&ground, &floor).branch());
    Ok((StatusCode::CREATED, shown).into_response())
}

/// Opens a branch whose name in addresses is made of `base`.
async fn open(
    ground: Ground,
    way: Way,
    base: String,
    by: By,
    command: Command,
) -> Result<(Entered, Receipt), BranchError> {
    let restaurant_id = slugs::add_restaurant(&ground.floors, &base).await?;
    let restaurant_id = restaurant_id
        .ok_or_else(|| BranchError::rule(format!("There are too many branches called {base}")))?;
    let operator = Arc::new(Staff::operator(way));
    let pass = ground.identity.enter(&operator, restaurant_id)?;
    let entered = ground.branch_entered(&operator, pass, true).await?;
    let receipt = entered.floor.ask(command, by, None).await?;
    Ok((entered, receipt))
}

/// Checks that no other branch in reach has this code.
async fn check_code(
    ground: &Ground,
    staff: &Arc<Staff>,
    said: &BranchSaid,
    but: Option<&Entered>,
) -> Result<(), BranchError> {
    let Some(wanted) = said.contact.code.set() else {
        return Ok(());
    };
    for entered in ground.branches_in_reach(staff).await? {
        let is_other = but.is_none_or(|it| it.restaurant_id() != entered.restaurant_id());
        if is_other && code(&entered, &entered.floor.view().floor) == wanted.as_str() {
            return Err(BranchError::rule(format!(
                "Branch with code {wanted} already exists"
            )));
        }
    }
    Ok(())
}

/// Changes what a branch says about itself.
#[utoipa::path(patch, path = "/api/v1/branches/{id}", operation_id = "branch_update", tag = "branch",
    params(("id" = String, Path, description = "the branch")), request_body = Object,
    responses(
        (status = 200, description = "the branch", body = BranchObject),
        (status = 400, description = "fields that make no sense, or its code is in use"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or another restaurant's branch"),
        (status = 404, description = "no such branch or manager"),
    ))]
pub(super) async fn update(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let aim = Aim::at(&id, Aim::Branch);
    let Asked { entered, parts, body } = ground.branch_asked(request, "branch_update", aim).await?;
    let body = ground.read(body).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let said = BranchSaid::read(&mut fields, Whole::No);
    fields.finish()?;
    if !entered.is_aim {
        return Err(ground.not_that_branch(&id));
    }
    if said.active == Some(false) {
        return Err(BranchError::rule(
            "A branch is in use as long as it is there: delete it instead",
        ));
    }
    if let Some((entered, receipt)) = ground.asked_before(&entered, &parts, &body).await? {
        return answer(&ground, &entered, &receipt).await;
    }
    let in_order = ground.branches.lock().await;
    check_code(&ground, &entered.staff, &said, Some(&entered)).await?;
    let patch = said.patch(&entered.floor.view().floor)?;
    let receipt = entered
        .ask(&ground, &parts, &body, Command::ChangeSettings(patch))
        .await?;
    drop(in_order);
    answer(&ground, &entered, &receipt).await
}

/// The answer to a change of a branch: the branch as it left it.
async fn answer(ground: &Ground, entered: &Entered, receipt: &Receipt) -> Answer {
    let floor = entered.floor_after(ground, receipt).await?;
    Ok(at(receipt.change.seq, entered.house(ground, &floor).branch()))
}

/// Takes a branch away with all that belongs to it. Its journal stays, and the operator can bring it back.
#[utoipa::path(delete, path = "/api/v1/branches/{id}", operation_id = "branch_delete", tag = "branch",
    params(("id" = String, Path, description = "the branch")),
    responses(
        (status = 200, description = "gone; nothing in the body"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or another restaurant's branch"),
        (status = 404, description = "no such branch"),
    ))]
pub(super) async fn delete(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let asked = ground.branch_named(request, "branch_delete", &id).await?;
    let Entered {
        staff, pass, floor, ..
    } = asked.entered;
    ground.gate.command(&pass)?;
    let head = floor.view().seq;
    let removed = ground.identity.set_removed(&staff, pass.restaurant_id(), true);
    removed.await?;
    Ok(gone(head))
}

/// The branch that a request about a branch's mode means: the one it names, else the caller's own.
pub(super) fn aim_in_query(query_text: Option<&str>) -> Aim {
    let object = query(query_text);
    let named = object.get("branchId").and_then(Value::as_str).and_then(uuid);
    named.map_or(Aim::Home, Aim::Branch)
}

/// What a branch's mode is, as it is shown.
pub(super) fn mode_of(floor: &Floor, restaurant_id: floor::RestaurantId) -> Value {
    let settings = floor.settings.as_ref();
    let business = settings.map(|it| it.business_type).unwrap_or_default();
    let mode = settings.map(|it| it.restaurant_mode).unwrap_or_default();
    json!({
        "branchId": ids::branch(restaurant_id),
        "businessType": business,
        "restaurantModeEnabled": mode == floor::RestaurantMode::On,
        "isConfigured": mode != floor::RestaurantMode::Unset,
    })
}
