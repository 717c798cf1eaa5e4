//! What came before the socket: the same tables and the same actions over REST, and as pieces of pages.
//!
//! Deprecated: it goes on working, and says with every answer that it will not for ever.

use super::access::{self, Entered};
use super::actions::{Action, Verb};
use super::error::AdminError;
use super::frames::{self, TableInfo};
use super::{form, grid, toast};
use crate::floors::{AskError, Receipt, View};
use crate::surface::ground::Ground;
use crate::surface::once::{key_in, key_of};
use crate::surface::words;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use floor::{Event, TableId};
use serde_json::json;

type Answer = Result<Response, AdminError>;

/// Since when these are deprecated: 26 November 2026, as RFC 9745 writes it.
const DEPRECATED_SINCE: &str = "@1795651200";
/// Where it stands what to use instead.
const INSTEAD: &str = "</docs/admin.html>; rel=\"deprecation\"; type=\"text/html\"";
const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");
const HX_TRIGGER: HeaderName = HeaderName::from_static("hx-trigger");
/// The place in the journal that an answer shows.
const X_SEQ: HeaderName = HeaderName::from_static("x-seq");

/// Every table, by its number.
#[utoipa::path(get, path = "/admin/api/tables", operation_id = "admin_list_tables", tag = "admin",
    responses(
        (status = 200, description = "tables as the socket shows them", body = [TableInfo]),
        (status = 401, description = "no credential"),
        (status = 403, description = "a credential that is not good"),
    ))]
#[deprecated]
pub(super) async fn list_tables(State(ground): State<Ground>, request: Request) -> Response {
    let answer = async {
        let asked = asked(&ground, request, "admin_list_tables").await?;
        let view = asked.entered.view(&asked.parts).await?;
        Ok(seen(&view, Json(frames::tables(&view.floor))))
    };
    older(&ground, answer.await)
}

/// Every table as a piece of a page that asks for itself again.
#[utoipa::path(get, path = "/admin/tables", operation_id = "admin_tables_grid", tag = "admin",
    responses(
        (status = 200, description = "`#grid`, with a `td.tile` for each table", content_type = "text/html"),
        (status = 401, description = "no credential"),
        (status = 403, description = "a credential that is not good"),
    ))]
#[deprecated]
pub(super) async fn tables_grid(State(ground): State<Ground>, request: Request) -> Response {
    let answer = async {
        let asked = asked(&ground, request, "admin_tables_grid").await?;
        let view = asked.entered.view(&asked.parts).await?;
        let grid = grid::grid(&view.floor, ground.clock().now());
        Ok(seen(&view, Html(grid.into_string())))
    };
    older(&ground, answer.await)
}

/// Ends the turn at a table.
#[utoipa::path(post, path = "/admin/table/{id}/close", operation_id = "admin_close_table", tag = "admin",
    params(("id" = u64, Path, description = "the table")),
    responses(
        (status = 200, description = "a toast: done, or why not", content_type = "text/html"),
        (status = 401, description = "no credential"),
        (status = 403, description = "a credential that is not good, or a role that does not allow it"),
        (status = 404, description = "no such table", content_type = "text/html"),
    ))]
#[deprecated]
pub(super) async fn close_table(
    State(ground): State<Ground>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    older(
        &ground,
        on_table(&ground, &id, request, "admin_close_table", Verb::Close).await,
    )
}

/// Takes an empty table out of service.
#[utoipa::path(post, path = "/admin/table/{id}/disable", operation_id = "admin_disable_table", tag = "admin",
    params(("id" = u64, Path, description = "the table")),
    responses(
        (status = 200, description = "a toast: done, or why not", content_type = "text/html"),
        (status = 401, description = "no credential"),
        (status = 403, description = "a credential that is not good, or a role that does not allow it"),
        (status = 404, description = "no such table", content_type = "text/html"),
    ))]
#[deprecated]
pub(super) async fn disable_table(
    State(ground): State<Ground>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    older(
        &ground,
        on_table(&ground, &id, request, "admin_disable_table", Verb::Disable).await,
    )
}

/// Makes a table ready that was out of service or dirty.
#[utoipa::path(post, path = "/admin/table/{id}/enable", operation_id = "admin_enable_table", tag = "admin",
    params(("id" = u64, Path, description = "the table")),
    responses(
        (status = 200, description = "a toast: done, or why not", content_type = "text/html"),
        (status = 401, description = "no credential"),
        (status = 403, description = "a credential that is not good, or a role that does not allow it"),
        (status = 404, description = "no such table", content_type = "text/html"),
    ))]
#[deprecated]
pub(super) async fn enable_table(
    State(ground): State<Ground>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    older(
        &ground,
        on_table(&ground, &id, request, "admin_enable_table", Verb::Enable).await,
    )
}

/// Carries the turn at a table to another.
#[utoipa::path(post, path = "/admin/table/{id}/move", operation_id = "admin_move_table", tag = "admin",
    params(("id" = u64, Path, description = "the table that the turn leaves")),
    request_body(content = Object, content_type = "application/x-www-form-urlencoded",
        description = "`target`: the id of the table it goes to"),
    responses(
        (status = 200, description = "a toast: done, or why not", content_type = "text/html"),
        (status = 401, description = "no credential"),
        (status = 403, description = "a credential that is not good, or a role that does not allow it"),
        (status = 404, description = "no such table", content_type = "text/html"),
        (status = 422, description = "no target, or one that is no whole number"),
    ))]
#[deprecated]
pub(super) async fn move_table(
    State(ground): State<Ground>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let answer = async {
        let mut asked = asked(&ground, request, "admin_move_table").await?;
        let target = form::field(&ground, std::mem::take(&mut asked.body), "target").await?;
        let target: i64 = target
            .trim()
            .parse()
            .map_err(|_| AdminError::unprocessable("target: must be a whole number, the id of a table"))?;
        let from = table(&id).ok_or_else(|| missing("Source table not found"))?;
        let to = u64::try_from(target).map_err(|_| missing("Target table not found"))?;
        asked.with_toast(&ground, Action::carry(from, TableId(to))).await
    };
    older(&ground, answer.await)
}

/// Brings back the turn that closed last at a table.
#[utoipa::path(post, path = "/admin/table/{id}/restore", operation_id = "admin_restore_table", tag = "admin",
    params(("id" = u64, Path, description = "the table")),
    responses(
        (status = 200, description = "the session that is open again", body = Object),
        (status = 401, description = "no credential"),
        (status = 403, description = "a credential that is not good, or a role that does not allow it"),
        (status = 404, description = "no such table, or nothing to bring back"),
        (status = 409, description = "the table is occupied or disabled"),
    ))]
#[deprecated]
pub(super) async fn restore_table(
    State(ground): State<Ground>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let answer = async {
        let asked = asked(&ground, request, "admin_restore_table").await?;
        let table_id = table(&id).ok_or_else(|| AdminError::new(StatusCode::NOT_FOUND, "Table not found"))?;
        let action = Action::of(Verb::Restore, table_id);
        let receipt = asked.act(&ground, action).await.map_err(|error| {
            if let Some(error) = unanswered(&error) {
                return error;
            }
            let failure = action.refused(&error);
            let (status, detail) = match failure.code {
                "table_not_found" | "no_session_to_restore" => (StatusCode::NOT_FOUND, failure.detail),
                "table_occupied" => (StatusCode::CONFLICT, "Table occupied".to_owned()),
                _ => (StatusCode::CONFLICT, failure.detail),
            };
            AdminError::new(status, detail)
        })?;
        let session_id = receipt.change.events.iter().find_map(|it| match it {
            Event::TurnRestored { turn_id } => Some(*turn_id),
            _ => None,
        });
        let body = words::done(&json!({ "session_id": session_id }));
        Ok(told(&receipt, body))
    };
    older(&ground, answer.await)
}

/// What somebody asks for who may.
struct Asked {
    entered: Entered,
    parts: Parts,
    body: Body,
    /// Their own name for it.
    key: Option<String>,
}

async fn asked(ground: &Ground, request: Request, operation: &str) -> Result<Asked, AdminError> {
    let (parts, body) = request.into_parts();
    let credential = access::credential(&parts.headers);
    let entered = ground.admin_enter(&parts, credential, operation).await?;
    let key = key_in(&parts.headers)?;
    Ok(Asked {
        entered,
        parts,
        body,
        key,
    })
}

/// What a path names, if a table can be called so.
fn table(id: &str) -> Option<TableId> {
    id.parse().ok().map(TableId)
}

fn missing(detail: &str) -> AdminError {
    AdminError::toast(StatusCode::NOT_FOUND, detail)
}

/// Does something to one table that is named in the path.
async fn on_table(ground: &Ground, id: &str, request: Request, operation: &str, verb: Verb) -> Answer {
    let asked = asked(ground, request, operation).await?;
    let table_id = table(id).ok_or_else(|| missing("Table not found"))?;
    asked.with_toast(ground, Action::of(verb, table_id)).await
}

impl Asked {
    /// Does it, and says in a piece of a page what came of it.
    async fn with_toast(self, ground: &Ground, action: Action) -> Answer {
        let before = self.entered.floor.view();
        let receipt = self.act(ground, action).await.map_err(|error| {
            if let Some(error) = unanswered(&error) {
                return error;
            }
            let failure = action.refused(&error);
            let status = if failure.code.ends_with("not_found") {
                StatusCode::NOT_FOUND
            } else {
                StatusCode::OK
            };
            AdminError::toast(status, failure.detail)
        })?;
        let text = action.told(&before.floor);
        let mut response = told(&receipt, Html(toast::success(&text)));
        // Pages that listen for it show every table anew at once.
        response
            .headers_mut()
            .insert(HX_TRIGGER, HeaderValue::from_static(grid::CHANGED));
        Ok(response)
    }

    async fn act(self, ground: &Ground, action: Action) -> Result<Receipt, AskError> {
        let Entered { pass, floor, .. } = &self.entered;
        let said = format!("{action:?}");
        let key = self.key.map(|it| key_of(pass, it, &[said.as_bytes()]));
        action.ask(ground, pass, floor, key).await
    }
}

/// The answer where the floor was not heard.
fn unanswered(error: &AskError) -> Option<AdminError> {
    match error {
        AskError::Refused(_) => None,
        AskError::KeyReused => Some(AdminError::unprocessable(error)),
        AskError::Busy => Some(AdminError::new(StatusCode::TOO_MANY_REQUESTS, error).later(1)),
        _ => Some(AdminError::away(error)),
    }
}

/// An answer that shows a floor.
fn seen(view: &View, body: impl IntoResponse) -> Response {
    ([(X_SEQ, view.seq.to_string())], body).into_response()
}

/// An answer about a change.
fn told(receipt: &Receipt, body: impl IntoResponse) -> Response {
    ([(X_SEQ, receipt.change.seq.to_string())], body).into_response()
}

/// Says with an answer that there is something newer, and since and until when.
fn older(ground: &Ground, answer: Answer) -> Response {
    let mut response = answer.into_response();
    let headers = response.headers_mut();
    headers.insert(DEPRECATION, HeaderValue::from_static(DEPRECATED_SINCE));
    headers.insert(header::LINK, HeaderValue::from_static(INSTEAD));
    let sunset = ground.admin.sunset_header();
    if let Some(sunset) = sunset.and_then(|it| HeaderValue::from_str(&it).ok()) {
        headers.insert(SUNSET, sunset);
    }
    response
}
