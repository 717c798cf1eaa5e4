//! The code on a table: where it leads.

use super::access;
use super::error::AdminError;
use super::session::{no_table, table};
use crate::peer::Peer;
use crate::surface::ground::Ground;
use crate::surface::pids;
use crate::surface::words::table_number;
use axum::Json;
use axum::extract::{Path, Request, State};
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
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<TableCode>, AdminError> {
    let (parts, _) = request.into_parts();
    let credential = access::bare_credential(&parts.headers);
    let entered = ground.admin_enter(&parts, credential, "admin_table_code").await;
    let entered = entered.map_err(|error| AdminError::coded_not_entered(&error))?;
    let view = entered.view(&parts).await?;
    let table = table(&view.floor, &id).ok_or_else(no_table)?;
    let number = table_number(table);
    let code = ground.identity.table_code(entered.pass.restaurant_id(), number);
    let page = ground.guest.page(&entered.slug).unwrap_or_else(|| {
        let peer = Peer::of_request(&parts.extensions);
        let scheme = if peer.is_https { "https" } else { "http" };
        format!("{scheme}://{}/", peer.host.unwrap_or_default())
    });
    let mark = if page.contains('?') { '&' } else { '?' };
    Ok(Json(TableCode {
        success: true,
        table_number: number,
        url: format!("{page}{mark}t={}&token={code}", pids::table(table.id)),
    }))
}
