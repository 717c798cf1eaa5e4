//! `GET /v1/restaurants/{restaurant}/floor`: the floor now, and at any past moment.

use super::access::{Asked, Entered, MinSeq};
use super::commands::X_SEQ;
use super::error::{ApiError, ErrorBody};
use super::frames::FloorView;
use crate::floors::View;
use crate::surface::ground::Ground;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use floor::{GuestId, Seq};
use jiff::Timestamp;
use serde::Deserialize;
use std::sync::Arc;

/// Which moment.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Moment {
    at: Option<String>,
    at_seq: Option<String>,
}

/// The floor, with the entries of the guest book that it needs.
#[utoipa::path(
    get,
    path = "/v1/restaurants/{restaurant}/floor",
    operation_id = "get_floor",
    params(
        ("restaurant" = String, Path, description = "slug or integer id"),
        ("at" = Option<String>, Query, description = "a past moment, RFC 3339"),
        ("at_seq" = Option<u64>, Query, description = "a place in the journal"),
        ("min_seq" = Option<u64>, Query, description = "wait up to 2 s until the floor has come so far"),
    ),
    responses(
        (status = 200, description = "the floor", body = FloorView),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 404, description = "unknown restaurant, or before its first change or behind its last", body = ErrorBody),
        (status = 503, description = "not come so far yet, or storage away", body = ErrorBody),
    )
)]
pub(super) async fn get_floor(
    State(ground): State<Ground>,
    entered: Entered,
    Asked(moment): Asked<Moment>,
    Asked(min_seq): Asked<MinSeq>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let view = match past(&ground, &entered, &moment).await? {
        Some(seq) => view_at(&ground, &entered, seq).await?,
        None => entered.view(&headers, &min_seq).await?,
    };
    let seq = view.seq.to_string();
    let body = Json(FloorView::of(&view, ground.floors.journal().epoch())).into_response();
    Ok(([(X_SEQ, seq)], body).into_response())
}

async fn past(ground: &Ground, entered: &Entered, moment: &Moment) -> Result<Option<Seq>, ApiError> {
    match (&moment.at_seq, &moment.at) {
        (Some(_), Some(_)) => Err(ApiError::bad(
            "bad_value",
            "at",
            "at: name a time or a seq, not both",
        )),
        (None, None) => Ok(None),
        (Some(text), None) => match text.parse() {
            Ok(seq) => Ok(Some(Seq(seq))),
            Err(_) => Err(ApiError::bad(
                "bad_value",
                "at_seq",
                "at_seq: must be a whole number from 1",
            )),
        },
        (None, Some(text)) => {
            let bad = |_| {
                ApiError::bad(
                    "bad_value",
                    "at",
                    "at: must be a time such as 2026-11-20T19:30:00Z",
                )
            };
            let at: Timestamp = text.parse().map_err(bad)?;
            Ok(Some(
                ground
                    .floors
                    .journal()
                    .seq_at(entered.pass.restaurant_id(), at)
                    .await?,
            ))
        }
    }
}

async fn view_at(ground: &Ground, entered: &Entered, seq: Seq) -> Result<Arc<View>, ApiError> {
    let restaurant_id = entered.pass.restaurant_id();
    let journal = ground.floors.journal();
    let found = if seq == Seq::ZERO {
        None
    } else {
        journal.floor_at(restaurant_id, seq).await?
    };
    let (floor, at) = found.ok_or_else(|| {
        let head = entered.floor.view().seq;
        ApiError::new(
            StatusCode::NOT_FOUND,
            "unknown_moment",
            "the journal has no such moment",
        )
        .with(serde_json::json!({ "first_seq": 1, "head": head }))
    })?;
    let ids: Vec<GuestId> = floor.guest_ids().collect();
    let guests = journal.guests(restaurant_id, &ids).await?;
    let guests = guests.into_iter().map(|(id, it)| (id, Arc::new(it))).collect();
    Ok(Arc::new(View::new(seq, at, floor, Arc::new(guests))))
}
