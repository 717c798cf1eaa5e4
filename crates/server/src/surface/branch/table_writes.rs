//! `restaurant/tables`: the tables, written.

use super::access::{
    Aim, Asked, Entered, Path, at_version, created, gone, has_key, key_for, table_id, version_seen,
};
use super::error::BranchError;
use super::fields::{Fields, Whole, object};
use super::ids;
use super::objects::{Shown, TableObject, TableWhole};
use super::table_fields::TableSaid;
use super::tables::no_table;
use super::words;
use crate::floors::{AskError, Receipt};
use crate::rights::{BRANCH, Right};
use crate::surface::ground::Ground;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use floor::{Command, Edited, Event, Floor, Label, Patch, Refusal, Table, TableEdit, TableId, TableMove};
use serde_json::json;
use uuid::Uuid;

type Answer = Result<Response, BranchError>;

/// Puts up a table.
#[utoipa::path(post, path = "/api/v1/restaurant/tables", operation_id = "branch_table_create", tag = "branch",
    request_body = Object,
    responses(
        (status = 201, description = "the table", body = TableObject),
        (status = 400, description = "fields that make no sense, or its number is in use"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, another restaurant's branch, or its mode is off"),
        (status = 404, description = "no such branch, plan, section or server"),
    ))]
pub(super) async fn create(State(ground): State<Ground>, request: Request) -> Answer {
    let (asked, body) = ground
        .branch_asked_by_body(request, "branch_table_create")
        .await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let said = TableSaid::read(&mut fields, Whole::Yes);
    fields.finish()?;
    let Asked { entered, parts, .. } = asked;
    if !entered.is_aim {
        let branch = said.branch.map(|it| it.to_string()).unwrap_or_default();
        return Err(ground.not_that_branch(&branch));
    }
    let view = entered.floor.view();
    if !has_key(&parts) {
        check_number(&view.floor, said.number.as_ref(), None)?;
    }
    let details = said.details(&view.floor)?;
    if details.seats.min > details.seats.max {
        return Err(BranchError::invalid(vec![
            "minCapacity must not be greater than capacity".to_owned(),
        ]));
    }
    let edit = TableEdit {
        waiter: said.waiter(&view.floor)?,
        state: said.state,
        table: Edited::New(Box::new(details)),
    };
    let command = Command::EditTable(Box::new(edit));
    let asked = entered.ask(&ground, &parts, &body, command).await;
    let receipt = asked.map_err(|error| in_words(&ground, &entered, said.number.as_ref(), error))?;
    let made = receipt.change.events.iter().find_map(|it| match it {
        Event::TableCreated { table_id, .. } => Some(*table_id),
        _ => None,
    });
    let floor = entered.floor_after(&ground, &receipt).await?;
    let table = made.and_then(|it| floor.tables.get(&it));
    let table = table.ok_or_else(BranchError::fault)?;
    let shown = entered.house(&ground, &floor).table(table);
    Ok(created(receipt.change.seq, table.version, shown))
}

/// Changes a table. One that is given another branch goes there, with whoever sits at it.
#[utoipa::path(patch, path = "/api/v1/restaurant/tables/{id}", operation_id = "branch_table_update", tag = "branch",
    params(("id" = String, Path, description = "the table"),
        ("If-Match" = Option<String>, Header, description = "the version that was seen")),
    request_body = Object,
    responses(
        (status = 200, description = "the table", body = TableWhole),
        (status = 400, description = "fields that make no sense, its number is in use, or a rule of the house"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, another restaurant's branch, or its mode is off"),
        (status = 404, description = "no such table, branch, plan, section or server"),
        (status = 409, description = "somebody sits there"),
        (status = 412, description = "somebody has written it since"),
    ))]
pub(super) async fn update(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let aim = Aim::at(&id, Aim::Table);
    let Asked { entered, parts, body } = ground.branch_asked(request, "branch_table_update", aim).await?;
    let body = ground.read(body).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let said = TableSaid::read(&mut fields, Whole::No);
    fields.finish()?;
    let version = version_seen(&parts.headers)?;
    let write = Write {
        ground: &ground,
        parts: &parts,
        body: &body,
        id: &id,
        version,
        said,
        is_edit: true,
    };
    write.carry_out(entered, "branch_table_update").await
}

/// Says what state a table is in.
#[utoipa::path(patch, path = "/api/v1/restaurant/tables/{id}/status", operation_id = "branch_table_status",
    tag = "branch",
    params(("id" = String, Path, description = "the table"),
        ("If-Match" = Option<String>, Header, description = "the version that was seen")),
    request_body = Object,
    responses(
        (status = 200, description = "the table", body = TableWhole),
        (status = 400, description = "no such state, or the table is out of service"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the branch's mode is off"),
        (status = 404, description = "no such table"),
        (status = 412, description = "somebody has written it since"),
    ))]
pub(super) async fn status(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let aim = Aim::at(&id, Aim::Table);
    let Asked { entered, parts, body } = ground.branch_asked(request, "branch_table_status", aim).await?;
    let body = ground.read(body).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let word = fields.required_choice("status", words::STATUSES);
    fields.finish()?;
    let version = version_seen(&parts.headers)?;
    let write = Write {
        ground: &ground,
        parts: &parts,
        body: &body,
        id: &id,
        version,
        said: TableSaid::in_state(word.and_then(words::state_of)),
        is_edit: false,
    };
    write.carry_out(entered, "branch_table_status").await
}

/// Gives a table to somebody.
#[utoipa::path(patch, path = "/api/v1/restaurant/tables/{id}/assign-server", operation_id = "branch_table_assign",
    tag = "branch",
    params(("id" = String, Path, description = "the table"),
        ("If-Match" = Option<String>, Header, description = "the version that was seen")),
    request_body = Object,
    responses(
        (status = 200, description = "the table", body = TableWhole),
        (status = 400, description = "fields that make no sense, or somebody who does not work here now"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the branch's mode is off"),
        (status = 404, description = "no such table or server"),
        (status = 412, description = "somebody has written it since"),
    ))]
pub(super) async fn assign(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let aim = Aim::at(&id, Aim::Table);
    let Asked { entered, parts, body } = ground.branch_asked(request, "branch_table_assign", aim).await?;
    let body = ground.read(body).await?;
    let object = object(&body)?;
    let mut fields = Fields::of(&object);
    let server_id = fields.required_id("assignedServerId");
    fields.finish()?;
    let version = version_seen(&parts.headers)?;
    let write = Write {
        ground: &ground,
        parts: &parts,
        body: &body,
        id: &id,
        version,
        said: TableSaid::of_server(Patch::Set(server_id.unwrap_or_default())),
        is_edit: false,
    };
    write.carry_out(entered, "branch_table_assign").await
}

/// Takes a table from whoever looks after it.
#[utoipa::path(patch, path = "/api/v1/restaurant/tables/{id}/unassign-server", operation_id = "branch_table_unassign",
    tag = "branch",
    params(("id" = String, Path, description = "the table"),
        ("If-Match" = Option<String>, Header, description = "the version that was seen")),
    responses(
        (status = 200, description = "the table", body = TableWhole),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the branch's mode is off"),
        (status = 404, description = "no such table"),
        (status = 412, description = "somebody has written it since"),
    ))]
pub(super) async fn unassign(
    State(ground): State<Ground>,
    Path(id): Path<String>,
    request: Request,
) -> Answer {
    let aim = Aim::at(&id, Aim::Table);
    let Asked { entered, parts, .. } = ground.branch_asked(request, "branch_table_unassign", aim).await?;
    let version = version_seen(&parts.headers)?;
    let write = Write {
        ground: &ground,
        parts: &parts,
        body: b"",
        id: &id,
        version,
        said: TableSaid::of_server(Patch::Clear),
        is_edit: false,
    };
    write.carry_out(entered, "branch_table_unassign").await
}

/// Takes a table away for good. Whoever sits there leaves.
#[utoipa::path(delete, path = "/api/v1/restaurant/tables/{id}", operation_id = "branch_table_delete", tag = "branch",
    params(("id" = String, Path, description = "the table"),
        ("If-Match" = Option<String>, Header, description = "the version that was seen")),
    responses(
        (status = 200, description = "gone; nothing in the body"),
        (status = 401, description = "no credential, or a bad one"),
        (status = 403, description = "the role does not allow it, or the branch's mode is off"),
        (status = 404, description = "no such table"),
        (status = 412, description = "somebody has written it since"),
    ))]
pub(super) async fn delete(State(ground): State<Ground>, Path(id): Path<String>, request: Request) -> Answer {
    let aim = Aim::at(&id, Aim::Table);
    let Asked { entered, parts, .. } = ground.branch_asked(request, "branch_table_delete", aim).await?;
    let version = version_seen(&parts.headers)?;
    let table_id = table_id(&id).ok_or_else(|| no_table(&id))?;
    if let Some((_, receipt)) = ground.asked_before(&entered, &parts, b"").await? {
        return Ok(gone(receipt.change.seq));
    }
    if !has_key(&parts) {
        found(&entered, &entered.floor.view().floor, &id)?;
    }
    let command = Command::ReleaseTable { table_id, version };
    let asked = entered.ask(&ground, &parts, b"", command).await;
    let receipt = asked.map_err(|error| match error.refusal() {
        Some(Refusal::Unknown { .. }) => no_table(&id),
        _ => in_words(&ground, &entered, None, error),
    })?;
    Ok(gone(receipt.change.seq))
}

/// The table of an address, if this is where it is.
fn found<'a>(entered: &Entered, floor: &'a Floor, id: &str) -> Result<&'a Table, BranchError> {
    let table = table_id(id).and_then(|it| floor.tables.get(&it));
    table.filter(|_| entered.is_aim).ok_or_else(|| no_table(id))
}

/// Checks that no other table has this number, so that this is said before anything else.
fn check_number(floor: &Floor, number: Option<&Label>, but: Option<TableId>) -> Result<(), BranchError> {
    let Some(number) = number else { return Ok(()) };
    let wanted = number.as_str().to_lowercase();
    let mut others = floor.tables.values().filter(|it| Some(it.id) != but);
    if others.any(|it| it.details.number.as_str().to_lowercase() == wanted) {
        return Err(number_in_use(number.as_str()));
    }
    Ok(())
}

fn number_in_use(number: &str) -> BranchError {
    BranchError::rule(format!("Table {number} already exists in this branch"))
}

/// What this protocol says where the floor's own words would not do.
fn in_words(ground: &Ground, entered: &Entered, number: Option<&Label>, error: BranchError) -> BranchError {
    let view = entered.floor.view();
    match error.refusal() {
        Some(Refusal::NumberInUse { .. }) => number_in_use(number.map_or("", Label::as_str)),
        Some(Refusal::Bad { field, .. }) if field.starts_with("seats") => {
            BranchError::invalid(vec!["minCapacity must not be greater than capacity".to_owned()])
        }
        Some(Refusal::TableBlocked { .. } | Refusal::TableInMaintenance { .. }) => {
            BranchError::rule("Cannot occupy a table that is out of service")
        }
        Some(Refusal::TableInactive { .. }) => BranchError::rule("Cannot occupy a table that is not active"),
        Some(Refusal::Unknown { what: "table", id }) => no_table(&ids::table(TableId(*id)).to_string()),
        Some(Refusal::Unknown { what: "plan", id }) => {
            let id = ids::plan(floor::PlanId(*id));
            BranchError::not_found(format!("Floor plan with ID {id} not found"))
        }
        Some(Refusal::Unknown { what: "section", id }) => {
            let id = ids::section(floor::SectionId(*id));
            BranchError::not_found(format!("Section with ID {id} not found"))
        }
        Some(Refusal::Unknown { what: "staff", id }) => {
            let id = ids::staff(floor::StaffId(*id));
            BranchError::not_found(format!("Server with ID {id} not found"))
        }
        Some(Refusal::StaffInactive { staff_id }) => {
            let id = ids::staff(*staff_id);
            BranchError::rule(format!("Server with ID {id} does not work here now"))
        }
        Some(Refusal::Stale { id, version, .. }) => {
            let table = view.floor.tables.get(&TableId(*id));
            let house = entered.house(ground, &view.floor);
            let current = table.map(|it| json!(house.table_whole(it, Shown::ALL)));
            let message = format!("The table has changed: it has version {version} now");
            BranchError::stale(message, current.unwrap_or_default())
        }
        _ => error,
    }
}

/// How often a table is looked for again that has gone to another branch meanwhile.
const MOVES_MAX: usize = 8;

/// A write of a table that is there.
struct Write<'a> {
    ground: &'a Ground,
    parts: &'a Parts,
    body: &'a [u8],
    /// The table, as the address has it.
    id: &'a str,
    /// The version that was seen.
    version: Option<u64>,
    said: TableSaid,
    /// Whether it is about what the table is, and so counts as written also when nothing changes.
    is_edit: bool,
}

impl Write<'_> {
    /// Does it where the table is, also when the table goes from branch to branch meanwhile.
    async fn carry_out(&self, entered: Entered, operation: &str) -> Answer {
        if let Some(first) = self.asked_before(&entered).await? {
            return first;
        }
        let mut entered = entered;
        for _ in 0..MOVES_MAX {
            let answer = self.in_branch(&entered).await;
            let is_here = found(&entered, &entered.floor.view().floor, self.id).is_ok();
            if answer.is_ok() || is_here || !entered.is_aim {
                return answer;
            }
            let aim = Aim::at(self.id, Aim::Table);
            entered = self.ground.branch_enter(&entered.staff, operation, aim).await?;
        }
        Err(no_table(self.id))
    }

    async fn in_branch(&self, entered: &Entered) -> Answer {
        let Write {
            ground, parts, said, ..
        } = self;
        found(entered, &entered.floor.view().floor, self.id)?;
        let home = ids::branch(entered.restaurant_id());
        if let Some(branch) = said.branch.filter(|it| *it != home) {
            return self.move_there(entered, branch).await;
        }
        let make = |floor: &Floor| self.edit(entered, floor);
        let asked = entered
            .ask_over(ground, parts, self.body, self.version, make)
            .await;
        let receipt = asked.map_err(|error| in_words(ground, entered, said.number.as_ref(), error))?;
        self.answer(entered, &receipt).await
    }

    fn edit(&self, entered: &Entered, floor: &Floor) -> Result<Command, BranchError> {
        let Write { said, version, .. } = self;
        let table = found(entered, floor, self.id)?;
        if !has_key(self.parts) {
            check_number(floor, said.number.as_ref(), Some(table.id))?;
        }
        let (version, patch) = if self.is_edit {
            let patch = said.patch(table.id, &table.details, floor)?;
            (version.or(Some(table.version)), Some(Box::new(patch)))
        } else {
            (*version, None)
        };
        let edit = TableEdit {
            table: Edited::Known {
                table_id: table.id,
                version,
                patch,
            },
            waiter: said.waiter(floor)?,
            state: said.state,
        };
        Ok(Command::EditTable(Box::new(edit)))
    }

    /// The answer to a write: the table as the write left it.
    async fn answer(&self, entered: &Entered, receipt: &Receipt) -> Answer {
        let floor = entered.floor_after(self.ground, receipt).await?;
        let table = table_id(self.id).and_then(|it| floor.tables.get(&it));
        let table = table.ok_or_else(|| no_table(self.id))?;
        let whole = entered.house(self.ground, &floor).table_whole(table, Shown::ALL);
        Ok(at_version(receipt.change.seq, table.version, whole))
    }

    /// The first answer to this same request under the same key. A table that went to another branch is shown as it
    /// came in there.
    async fn asked_before(&self, entered: &Entered) -> Result<Option<Answer>, BranchError> {
        let ground = self.ground;
        let before = ground.asked_before(entered, self.parts, self.body).await?;
        let Some((old, receipt)) = before else {
            return Ok(None);
        };
        let home = ids::branch(old.restaurant_id());
        let branch = self.said.branch;
        let Some(there) = branch.filter(|it| *it != home).and_then(ids::branch_of) else {
            return Ok(Some(self.answer(&old, &receipt).await));
        };
        let there = ground.identity.enter(&entered.staff, there)?;
        let Some(key) = key_for(&old.pass, self.parts, self.body)? else {
            return Ok(None);
        };
        let arrival = ground.floors.first_arrival(&old.pass, &there, &key).await?;
        let there = ground.branch_entered(&entered.staff, there, true).await?;
        match arrival {
            Some(receipt) => Ok(Some(self.answer(&there, &receipt).await)),
            None => Ok(None),
        }
    }

    /// Takes a table to another branch: it keeps its id, and whoever sits there comes along.
    async fn move_there(&self, entered: &Entered, branch: Uuid) -> Answer {
        let Write { ground, said, .. } = self;
        let there = ids::branch_of(branch).and_then(|it| ground.identity.enter(&entered.staff, it).ok());
        let there = there.ok_or_else(|| ground.not_that_branch(&branch.to_string()))?;
        if !there.has(Right::House) {
            return Err(BranchError::forbidden());
        }
        let there = ground.branch_entered(&entered.staff, there, true).await?;
        there.mode(ground).map_err(BranchError::closed)?;
        ground.gate.command(&entered.pass)?;
        let key = key_for(&entered.pass, self.parts, self.body)?;
        loop {
            let (here, view) = (entered.floor.view(), there.floor.view());
            let table = found(entered, &here.floor, self.id)?;
            let number = said.number.as_ref().unwrap_or(&table.details.number);
            if !has_key(self.parts) {
                check_number(&view.floor, Some(number), None)?;
            }
            let table_move = self.table_move(table, &view.floor)?;
            let floors = &ground.floors;
            let moving = floors.move_table(&entered.pass, &there.pass, table_move, BRANCH, key.clone());
            match moving.await {
                Ok((_, receipt)) => return self.answer(&there, &receipt).await,
                // Made again, as every write that names no version of its own.
                Err(AskError::Refused(Refusal::Stale { .. })) if self.version.is_none() => {}
                Err(error) => {
                    let error = BranchError::from(error);
                    let is_about_here = matches!(error.refusal(), Some(Refusal::Stale { .. }));
                    let place = if is_about_here { entered } else { &there };
                    return Err(in_words(ground, place, Some(number), error));
                }
            }
        }
    }

    fn table_move(&self, table: &Table, there: &Floor) -> Result<TableMove, BranchError> {
        let said = &self.said;
        let mut patch = said.patch(table.id, &table.details, there)?;
        patch.version = self.version.or(Some(table.version));
        let waiter_id = match said.waiter(there)? {
            Patch::Set(it) => Some(it),
            Patch::Clear => None,
            // Whoever works there too goes on looking after it.
            Patch::Keep => table
                .waiter_id
                .filter(|it| there.staff.get(it).is_some_and(|it| it.details.active)),
        };
        Ok(TableMove {
            patch,
            waiter_id,
            state: said.state,
        })
    }
}
