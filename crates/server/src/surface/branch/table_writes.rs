//! `restaurant/tables`: the tables, written.

use super::access::{Aim, Entered, Path, gone, key_for, table_id};
use super::error::BranchError;
use super::fields::{Fields, Whole};
use super::ids;
use super::objects::{TableObject, TableWhole};
use super::table_fields::TableSaid;
use super::things::{Answer, Thing, found};
use super::words;
use super::writes::{Write, in_use};
use crate::floors::AskError;
use crate::rights::{BRANCH, Right};
use crate::surface::ground::Ground;
use axum::extract::{Request, State};
use floor::{Command, Edited, Floor, Label, Patch, Refusal, Table, TableEdit, TableId, TableMove};
use uuid::Uuid;

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
    let write = Write::of_new(&ground, request, "branch_table_create").await?;
    let object = write.object()?;
    let mut fields = Fields::of(&object);
    let said = TableSaid::read(&mut fields, Whole::Yes);
    fields.finish()?;
    write.check_branch(said.branch)?;
    let number = said.number.clone().ok_or_else(BranchError::fault)?;
    let make = |floor: &Floor| {
        check_number(&write, floor, Some(&number), None)?;
        let details = said.details(floor)?;
        if details.seats.min > details.seats.max {
            return Err(BranchError::few_seats());
        }
        let edit = TableEdit {
            waiter: said.waiter(floor)?,
            state: said.state,
            table: Edited::New(Box::new(details)),
        };
        Ok(Command::EditTable(Box::new(edit)))
    };
    write.create::<Table>(&number, make).await
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
    let write = Write::of::<Table>(&ground, request, "branch_table_update", &id).await?;
    let object = write.object()?;
    let mut fields = Fields::of(&object);
    let said = TableSaid::read(&mut fields, Whole::No);
    fields.finish()?;
    let change = Change {
        write,
        id: &id,
        said,
        is_edit: true,
    };
    change.carry_out("branch_table_update").await
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
    let write = Write::of::<Table>(&ground, request, "branch_table_status", &id).await?;
    let object = write.object()?;
    let mut fields = Fields::of(&object);
    let word = fields.required_choice("status", words::STATUSES);
    fields.finish()?;
    let change = Change {
        write,
        id: &id,
        said: TableSaid::in_state(word.and_then(words::state_of)),
        is_edit: false,
    };
    change.carry_out("branch_table_status").await
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
    let write = Write::of::<Table>(&ground, request, "branch_table_assign", &id).await?;
    let object = write.object()?;
    let mut fields = Fields::of(&object);
    let server_id = fields.required_id("assignedServerId");
    fields.finish()?;
    let change = Change {
        write,
        id: &id,
        said: TableSaid::of_server(Patch::Set(server_id.unwrap_or_default())),
        is_edit: false,
    };
    change.carry_out("branch_table_assign").await
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
    let write = Write::of_address::<Table>(&ground, request, "branch_table_unassign", &id).await?;
    let change = Change {
        write,
        id: &id,
        said: TableSaid::of_server(Patch::Clear),
        is_edit: false,
    };
    change.carry_out("branch_table_unassign").await
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
    let operation = "branch_table_delete";
    let mut write = Write::of_address::<Table>(&ground, request, operation, &id).await?;
    let table_id = table_id(&id).ok_or_else(|| Table::missing(&id))?;
    for _ in 0..MOVES_MAX {
        let command = Command::ReleaseTable {
            table_id,
            version: write.version,
        };
        let deleted = write.delete::<Table>(&id, command).await;
        if !is_elsewhere(&write.entered, &id, &deleted) {
            return deleted.map(gone);
        }
        let aim = Aim::at(&id, Aim::Table);
        write.entered = ground.branch_enter(&write.entered.staff, operation, aim).await?;
    }
    Err(Table::missing(&id))
}

/// Checks that no other table has this number, so that this is said before anything else. Of a write that may be asked
/// again, the floor says it.
fn check_number(
    write: &Write<'_>,
    floor: &Floor,
    number: Option<&Label>,
    but: Option<TableId>,
) -> Result<(), BranchError> {
    let Some(number) = number.filter(|_| !write.has_key()) else {
        return Ok(());
    };
    let wanted = number.as_str().to_lowercase();
    let mut others = floor.tables.values().filter(|it| Some(it.id) != but);
    if others.any(|it| it.details.number.as_str().to_lowercase() == wanted) {
        return Err(in_use::<Table>(number.as_str()));
    }
    Ok(())
}

/// How often a table is looked for again that has gone to another branch meanwhile.
const MOVES_MAX: usize = 8;

/// Whether a table was not found only because it has gone to another branch meanwhile.
fn is_elsewhere<T>(entered: &Entered, id: &str, answer: &Result<T, BranchError>) -> bool {
    let is_missing = answer.as_ref().is_err_and(BranchError::is_missing);
    is_missing && entered.is_aim && found::<Table>(entered, &entered.floor.view().floor, id).is_err()
}

/// A change of a table.
struct Change<'a> {
    write: Write<'a>,
    /// The table, as the address has it.
    id: &'a str,
    said: TableSaid,
    /// Whether it is about what the table is, and so counts as written also when nothing changes.
    is_edit: bool,
}

impl Change<'_> {
    /// Does it where the table is, also when the table goes from branch to branch meanwhile.
    async fn carry_out(&self, operation: &str) -> Answer {
        let mut entered = self.write.entered.clone();
        for _ in 0..MOVES_MAX {
            if let Some(first) = self.asked_before().await? {
                return first;
            }
            let answer = self.in_branch(&entered).await;
            if !is_elsewhere(&entered, self.id, &answer) {
                return answer;
            }
            let aim = Aim::at(self.id, Aim::Table);
            let ground = self.write.ground;
            entered = ground.branch_enter(&entered.staff, operation, aim).await?;
        }
        Err(Table::missing(self.id))
    }

    async fn in_branch(&self, entered: &Entered) -> Answer {
        let Change { write, id, said, .. } = self;
        found::<Table>(entered, &entered.floor.view().floor, id)?;
        let home = ids::branch(entered.restaurant_id());
        if let Some(branch) = said.branch.filter(|it| *it != home) {
            return self.move_there(entered, branch).await;
        }
        let make = |table: &Table, floor: &Floor| self.edit(table, floor);
        let receipt = write.ask_over(entered, id, said.number.as_ref(), make).await?;
        write.answer::<Table>(entered, id, &receipt).await
    }

    fn edit(&self, table: &Table, floor: &Floor) -> Result<Command, BranchError> {
        let Change { write, said, .. } = self;
        check_number(write, floor, said.number.as_ref(), Some(table.id))?;
        let (version, patch) = if self.is_edit {
            let patch = said.patch(table.id, &table.details, floor)?;
            (write.version.or(Some(table.version)), Some(Box::new(patch)))
        } else {
            (write.version, None)
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

    /// The first answer to this same request under the same key. A table that went to another branch is shown as it
    /// came in there.
    async fn asked_before(&self) -> Result<Option<Answer>, BranchError> {
        let Change { write, id, said, .. } = self;
        let Some((old, receipt)) = write.asked_before().await? else {
            return Ok(None);
        };
        let home = ids::branch(old.restaurant_id());
        let Some(there) = said.branch.filter(|it| *it != home).and_then(ids::branch_of) else {
            return Ok(Some(write.answer::<Table>(&old, id, &receipt).await));
        };
        let (ground, staff) = (write.ground, &write.entered.staff);
        let there = ground.identity.enter(staff, there)?;
        let Some(key) = key_for(&old.pass, &write.parts, &write.body)? else {
            return Ok(None);
        };
        let arrival = ground.floors.first_arrival(&old.pass, &there, &key).await?;
        let there = ground.branch_entered(staff, there, true).await?;
        match arrival {
            Some(receipt) => Ok(Some(write.answer::<Table>(&there, id, &receipt).await)),
            None => Ok(None),
        }
    }

    /// Takes a table to another branch: it keeps its id, and whoever sits there comes along.
    async fn move_there(&self, entered: &Entered, branch: Uuid) -> Answer {
        let Change { write, id, said, .. } = self;
        let ground = write.ground;
        let there = ids::branch_of(branch).and_then(|it| ground.identity.enter(&entered.staff, it).ok());
        let there = there.ok_or_else(|| ground.not_that_branch(&branch.to_string()))?;
        if !there.has(Right::House) {
            return Err(BranchError::forbidden());
        }
        let there = ground.branch_entered(&entered.staff, there, true).await?;
        there.mode(ground).map_err(BranchError::closed)?;
        ground.gate.command(&entered.pass)?;
        let key = key_for(&entered.pass, &write.parts, &write.body)?;
        loop {
            let (here, view) = (entered.floor.view(), there.floor.view());
            let table: &Table = found(entered, &here.floor, id)?;
            let number = said.number.as_ref().unwrap_or(&table.details.number);
            check_number(write, &view.floor, Some(number), None)?;
            let table_move = self.table_move(table, &view.floor)?;
            let floors = &ground.floors;
            let moving = floors.move_table(&entered.pass, &there.pass, table_move, BRANCH, key.clone());
            match moving.await {
                Ok((_, receipt)) => return write.answer::<Table>(&there, id, &receipt).await,
                // Made again, as every write that names no version of its own.
                Err(AskError::Refused(Refusal::Stale { .. })) if write.version.is_none() => {}
                Err(error) => {
                    let error = BranchError::from(error);
                    let is_about_here = matches!(error.refusal(), Some(Refusal::Stale { .. }));
                    let place = if is_about_here { entered } else { &there };
                    return Err(write.in_words::<Table>(place, Some(id), Some(number), error));
                }
            }
        }
    }

    fn table_move(&self, table: &Table, there: &Floor) -> Result<TableMove, BranchError> {
        let said = &self.said;
        let mut patch = said.patch(table.id, &table.details, there)?;
        patch.version = self.write.version.or(Some(table.version));
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
