//! `GET /v1/audit`: who signed in, who failed to, and what was changed about people and keys.

use super::{ApiError, Caller, ErrorBody, Ground};
use crate::rights::Right;
use crate::surface::v1::access::Asked;
use axum::Json;
use axum::extract::State;
use floor::RestaurantId;
use jiff::Timestamp;
use journal::AuditRow;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Which entries.
#[derive(Debug, Default, Deserialize)]
pub(in super::super) struct Which {
    restaurant: Option<String>,
    before: Option<String>,
    limit: Option<String>,
}

/// Something that happened about people and keys. Never a secret.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct AuditLine {
    /// Its place in the list, over all restaurants.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Where; null for what concerns no single restaurant.
    pub restaurant_id: Option<RestaurantId>,
    /// What: `signed_in`, `sign_in_failed`, `key_added`, …
    pub what: String,
    /// Who did it, as in changes.
    #[schema(value_type = Object)]
    pub by: Value,
    /// About whom or what.
    #[schema(value_type = Object)]
    pub facts: Value,
    /// The address it came from.
    pub address: Option<String>,
}

/// A page of the list, the newest first.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct AuditPage {
    /// The entries.
    pub entries: Vec<AuditLine>,
    /// The `before` of the next page; null at the end.
    pub next_before: Option<u64>,
}

/// Entries on a page when nobody says, and at the most.
const PAGE: usize = 100;
const PAGE_MAX: usize = 1_000;

/// The audit list of the restaurants in which the caller is an admin.
#[utoipa::path(get, path = "/v1/audit", operation_id = "get_audit",
    params(
        ("restaurant" = Option<String>, Query, description = "slug or integer id; all that the caller may see when absent"),
        ("before" = Option<u64>, Query, description = "entries below this number"),
        ("limit" = Option<u64>, Query, description = "1 to 1000; 100 when absent"),
    ),
    responses(
        (status = 200, description = "a page, the newest first", body = AuditPage),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 403, description = "not an admin anywhere, or not there", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
    ))]
pub(in super::super) async fn get_audit(
    State(ground): State<Ground>,
    Caller(staff): Caller,
    Asked(which): Asked<Which>,
) -> Result<Json<AuditPage>, ApiError> {
    let before = whole_number("before", which.before.as_deref())?;
    let limit = whole_number("limit", which.limit.as_deref())?.unwrap_or(PAGE as u64);
    if limit == 0 {
        return Err(ApiError::bad("bad_value", "limit", "limit: must be 1 to 1000"));
    }
    let limit = usize::try_from(limit).unwrap_or(PAGE_MAX).min(PAGE_MAX);
    let restaurants = match &which.restaurant {
        Some(restaurant) => Some(vec![
            ground
                .enter(&staff, restaurant)
                .await?
                .with(Right::Audit)?
                .pass
                .restaurant_id(),
        ]),
        None if staff.is_operator() => None,
        None => Some(ground.audited_by(&staff)),
    };
    if restaurants.as_ref().is_some_and(Vec::is_empty) {
        return Err(ApiError::not_allowed());
    }
    let rows = ground
        .identity
        .audit(restaurants.as_deref(), before, limit)
        .await?;
    let next_before = rows.last().filter(|_| rows.len() == limit).map(|it| it.number);
    Ok(Json(AuditPage {
        entries: rows.into_iter().map(AuditLine::from).collect(),
        next_before,
    }))
}

impl Ground {
    /// The restaurants whose audit list somebody may read.
    fn audited_by(&self, staff: &std::sync::Arc<crate::identity::Staff>) -> Vec<RestaurantId> {
        let reach = self.identity.reach(staff).into_iter();
        let audited = reach.filter(|it| it.has(Right::Audit));
        audited.map(|it| it.restaurant_id()).collect()
    }
}

impl From<AuditRow> for AuditLine {
    fn from(row: AuditRow) -> AuditLine {
        AuditLine {
            number: row.number,
            at: row.entry.at,
            restaurant_id: row.entry.restaurant_id,
            what: row.entry.what,
            by: row.entry.by,
            facts: row.entry.facts,
            address: row.entry.address,
        }
    }
}

fn whole_number(field: &str, text: Option<&str>) -> Result<Option<u64>, ApiError> {
    let bad = |_| {
        ApiError::bad(
            "bad_value",
            field,
            format!("{field}: must be a whole number from 1"),
        )
    };
    text.map(str::parse).transpose().map_err(bad)
}
