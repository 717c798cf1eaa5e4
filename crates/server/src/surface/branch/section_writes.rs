//! `restaurant/table-sections`: parts of a dining room, written.

use super::access::{Path, gone, section_id};
use super::error::BranchError;
use super::fields::{Fields, Whole};
use super::objects::{SectionObject, SectionWhole};
use super::section_fields::SectionSaid;
use super::things::{Answer, Thing};
use super::writes::Write;
use crate::surface::ground::Ground;
use axum::extract::{Request, State};
use floor::{Command, Floor, Section};

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
    let write = Write::of_new(&ground, request, "branch_section_create").await?;
    let object = write.object()?;
    let mut fields = Fields::of(&object);
    let said = SectionSaid::read(&mut fields, Whole::Yes);
    fields.finish()?;
    write.check_branch(said.branch)?;
    let name = said.name.clone().ok_or_else(BranchError::fault)?;
    let make = |floor: &Floor| Ok(Command::CreateSection(said.details(floor)?));
    write.create::<Section>(&name, make).await
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
    let write = Write::of::<Section>(&ground, request, "branch_section_update", &id).await?;
    let object = write.object()?;
    let mut fields = Fields::of(&object);
    let said = SectionSaid::read(&mut fields, Whole::No);
    fields.finish()?;
    let make = |section: &Section, floor: &Floor| {
        write.check_stays::<Section>(said.branch)?;
        let version = write.version.or(Some(section.version));
        Ok(Command::UpdateSection(said.patch(section, floor, version)?))
    };
    write.change(&id, said.name.as_ref(), make).await
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
    let write = Write::of_address::<Section>(&ground, request, "branch_section_delete", &id).await?;
    let section_id = section_id(&id).ok_or_else(|| Section::missing(&id))?;
    let command = Command::DeleteSection {
        section_id,
        version: write.version,
        only_unused: true,
    };
    let seq = write.delete::<Section>(&id, command).await?;
    Ok(gone(seq))
}
