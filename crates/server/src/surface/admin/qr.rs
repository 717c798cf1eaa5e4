//! The code on a table: where it leads.

use super::access::{self, Id};
use super::error::AdminError;
use super::session::{no_table, table};
use crate::peer::Peer;
use crate::surface::ground::Ground;
use crate::surface::pids;
use crate::surface::words::table_number;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// The code on a table.
#[derive(Serialize, ToSchema)]
pub(super) struct TableCode {
    success: bool,
    table_number: u64,
    /// What the code says. Whoever has it can join the turn at that table.
    url: String,
}

/// The code on a table.
#[utoipa::path(get, path = "/admin/api/table/{id}/qr", operation_id = "admin_table_code", tag = "admin",
    params(("id" = u64, Path, description = "the table")),
    responses(
        (status = 200, description = "what the code says", body = TableCode),
        (status = 401, description = "no credential"),
        (status = 403, description = "a credential that is not good, or a role that does not allow it"),
        (status = 404, description = "no such table in this restaurant"),
    ))]
pub(super) async fn table_code(
    State(ground): State<Ground>,
    Id(id): Id,
    request: Request,
) -> Result<Json<TableCode>, AdminError> {
    let (parts, _) = request.into_parts();
    let credential = access::bare_credential(&parts.headers);
    let entered = ground.admin_enter(&parts, credential, "admin_table_code").await;
    let entered = entered.map_err(|error| AdminError::coded_not_entered(&error))?;
    let view = entered.view(&parts).await;
    let view = view.map_err(AdminError::coded_not_seen)?;
    let table = table(&view.floor, &id).ok_or_else(no_table)?;
    let code = ground
        .identity
        .table_code(entered.pass.restaurant_id(), table.details.number.as_str());
    let page = ground.guest.page(&entered.slug);
    let page = page
        .or_else(|| own_page(&Peer::of_request(&parts.extensions)))
        .ok_or_else(|| {
            let detail =
                "guest.url is not set, and the request does not say under which name this server is known";
            AdminError::coded(StatusCode::UNPROCESSABLE_ENTITY, "no_page", detail)
        })?;
    let mark = if page.contains('?') { '&' } else { '?' };
    Ok(Json(TableCode {
        success: true,
        table_number: table_number(table),
        url: format!("{page}{mark}t={}&token={code}", pids::table(table.id)),
    }))
}

/// This server, under the name that it was asked by.
fn own_page(peer: &Peer) -> Option<String> {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || ".-:[]".contains(it);
    let host = peer.host.as_deref();
    let host = host.filter(|it| !it.is_empty() && it.chars().all(is_plain))?;
    let scheme = if peer.is_https { "https" } else { "http" };
    Some(format!("{scheme}://{host}/"))
}
