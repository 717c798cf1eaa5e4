//! `GET /v1/restaurants/{restaurant}/wait`: how long everybody on the list, and whoever comes now, has to wait.

use super::access::{Asked, Entered, MinSeq};
use super::commands::X_SEQ;
use super::error::{ApiError, ErrorBody};
use crate::surface::ground::Ground;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use floor::{Covers, PartyId, Seq};
use insight::Wait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who asks besides those on the list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Newcomer {
    covers: Option<String>,
}

/// How long people wait.
#[derive(Serialize, ToSchema)]
pub(super) struct WaitBody {
    /// The floor that it was worked out for.
    seq: Seq,
    /// The time from which it counts.
    at: Timestamp,
    /// How long a party of `covers` waits that joins the end of the list now. Absent when nobody asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    newcomer: Option<Wait>,
    /// Those on the list, first in line first.
    parties: Vec<PartyWait>,
}

/// How long one party on the list waits.
#[derive(Serialize, ToSchema)]
pub(super) struct PartyWait {
    /// Which one.
    party_id: PartyId,
    /// Its wait from now, however long it has waited already.
    wait: Wait,
}

/// How long everybody on the list waits, and a party of `covers` that comes now.
#[utoipa::path(
    get,
    path = "/v1/restaurants/{restaurant}/wait",
    operation_id = "get_wait",
    params(
        ("restaurant" = String, Path, description = "slug or integer id"),
        ("covers" = Option<u8>, Query, description = "how many come now, 1 to 60"),
        ("min_seq" = Option<u64>, Query, description = "wait up to 2 s until the floor has come so far"),
    ),
    responses(
        (status = 200, description = "the waits", body = WaitBody),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
        (status = 503, description = "not come so far yet, or storage away", body = ErrorBody),
    )
)]
pub(super) async fn get_wait(
    State(ground): State<Ground>,
    entered: Entered,
    Asked(newcomer): Asked<Newcomer>,
    Asked(min_seq): Asked<MinSeq>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let covers = newcomer.covers()?;
    let view = entered.view(&headers, &min_seq).await?;
    let now = ground.clock().now();
    let outlook = ground.waits.outlook(&view, now).await?;
    let parties = outlook.parties();
    let body = WaitBody {
        seq: view.seq,
        at: now,
        newcomer: covers.map(|it| outlook.newcomer(it)),
        parties: parties
            .map(|(party_id, wait)| PartyWait { party_id, wait })
            .collect(),
    };
    Ok(([(X_SEQ, view.seq.to_string())], Json(body)).into_response())
}

impl Newcomer {
    fn covers(&self) -> Result<Option<Covers>, ApiError> {
        let bad = || {
            let message = format!("covers: must be a whole number from 1 to {}", Covers::MAX);
            ApiError::bad("bad_value", "covers", message)
        };
        let read = |it: &String| it.parse().ok().and_then(|it| Covers::new(it).ok());
        self.covers
            .as_ref()
            .map(|it| read(it).ok_or_else(bad))
            .transpose()
    }
}
