//! `GET /v1/restaurants/{restaurant}/changes`: pages, NDJSON, or server-sent events with exact resume.

use super::access::{Asked, Entered};
use super::error::{ApiError, ErrorBody};
use super::frames::ChangeView;
use super::listener::{Listener, Next};
use super::replay;
use crate::identity::Standing;
use crate::limits::{PAGE_CHANGES, PAGE_CHANGES_MAX};
use crate::peer::Peer;
use crate::surface::ground::Ground;
use crate::surface::websocket::text_of;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use bytes::{BufMut, Bytes, BytesMut};
use floor::Seq;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use utoipa::ToSchema;

/// Where to begin, and how much.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Span {
    after: Option<String>,
    limit: Option<String>,
}

/// A page of changes.
#[derive(Serialize, ToSchema)]
pub(super) struct PageBody<'a> {
    /// The changes, in order.
    pub changes: Vec<ChangeView<'a>>,
    /// The `after` of the next page.
    pub next_after: Seq,
    /// The newest change there is.
    pub head: Seq,
}

/// What happened, in order: a page as JSON, all of it as NDJSON, or the past and the future as events.
#[utoipa::path(
    get,
    path = "/v1/restaurants/{restaurant}/changes",
    operation_id = "get_changes",
    params(
        ("restaurant" = String, Path, description = "slug or integer id"),
        ("after" = Option<u64>, Query, description = "begin right behind this place; 0 is the beginning"),
        ("limit" = Option<u64>, Query, description = "changes on a JSON page, 1 to 1000; 500 when absent"),
        ("Accept" = Option<String>, Header, description = "`application/json`, `application/x-ndjson` or `text/event-stream`"),
        ("Last-Event-ID" = Option<u64>, Header, description = "with events: the last place heard, wins over `after`"),
    ),
    responses(
        (status = 200, description = "changes", content(
            (PageBody = "application/json"),
            (ChangeView = "application/x-ndjson"),
            (String = "text/event-stream"),
        )),
        (status = 400, description = "bad input", body = ErrorBody),
        (status = 401, description = "no valid credential", body = ErrorBody),
        (status = 404, description = "unknown restaurant", body = ErrorBody),
        (status = 429, description = "too many event streams, of this restaurant or from this address", body = ErrorBody),
        (status = 503, description = "storage away", body = ErrorBody),
    )
)]
pub(super) async fn get_changes(
    State(ground): State<Ground>,
    entered: Entered,
    Asked(span): Asked<Span>,
    peer: Peer,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|it| it.to_str().ok())
        .unwrap_or_default();
    if accept.contains("text/event-stream") {
        ground.gate.handshake(&peer)?;
        let last = headers.get("last-event-id").and_then(|it| it.to_str().ok());
        return events(ground, entered, last.or(span.after.as_deref()).map(str::to_owned)).await;
    }
    let after = whole_number("after", span.after.as_deref())?.unwrap_or(0);
    if accept.contains("application/x-ndjson") {
        return Ok(ndjson(ground, entered, Seq(after)));
    }
    let bad_limit = || {
        let message = format!("limit: must be a whole number from 1 to {PAGE_CHANGES_MAX}");
        ApiError::bad("bad_value", "limit", message)
    };
    let limit = match span.limit.as_deref().map(str::parse) {
        None => PAGE_CHANGES,
        Some(Ok(limit @ 1..)) => limit,
        Some(_) => return Err(bad_limit()),
    };
    let restaurant_id = entered.pass.restaurant_id();
    let page = replay::page(
        ground.floors.journal(),
        restaurant_id,
        Seq(after),
        limit.min(PAGE_CHANGES_MAX),
    )
    .await?;
    let next_after = page.changes.last().map_or(Seq(after), |it| it.seq);
    // What is durable may be a moment ahead of what has been told.
    let head = entered.floor.view().seq.max(next_after);
    Ok(Json(PageBody {
        changes: page.views().collect(),
        next_after,
        head,
    })
    .into_response())
}

fn whole_number(field: &str, text: Option<&str>) -> Result<Option<u64>, ApiError> {
    let bad = |_| {
        ApiError::bad(
            "bad_value",
            field,
            format!("{field}: must be a whole number from 0"),
        )
    };
    text.map(str::parse).transpose().map_err(bad)
}

/// Every change behind `after` up to the present head, a line each.
fn ndjson(ground: Ground, entered: Entered, after: Seq) -> Response {
    let head = entered.floor.view().seq;
    let restaurant_id = entered.pass.restaurant_id();
    let standing = Standing::new(&ground.identity, entered.pass);
    let lines = stream::unfold((after, standing), move |(after, mut standing)| {
        let journal = ground.floors.journal().clone();
        async move {
            // Whoever may not be here any more gets no further page.
            if after >= head || standing.check().is_err() {
                return None;
            }
            let page = match replay::page(&journal, restaurant_id, after, PAGE_CHANGES).await {
                Ok(page) => page,
                Err(error) => return Some((Err(error), (head, standing))),
            };
            let mut lines = BytesMut::new();
            for view in page.views().filter(|it| it.seq <= head) {
                serde_json::to_writer((&mut lines).writer(), &view).expect("a change is always JSON");
                lines.put_u8(b'\n');
            }
            let next = page.changes.last().map_or(head, |it| it.seq);
            Some((
                Ok::<Bytes, journal::StorageError>(lines.freeze()),
                (next, standing),
            ))
        }
    });
    (
        [(header::CONTENT_TYPE, "application/x-ndjson")],
        Body::from_stream(lines),
    )
        .into_response()
}

/// The past behind `after`, then the future, as server-sent events. Without `after`: a snapshot first.
async fn events(ground: Ground, entered: Entered, after: Option<String>) -> Result<Response, ApiError> {
    let seat = ground.gate.seat("v1_sse", entered.pass.restaurant_id())?;
    let (listener, first) = Listener::begin(ground, entered, after.as_deref(), None).await?;
    let opening = beginning(&first, listener.place());
    let state = (listener, Some(opening), seat);
    let body = stream::unfold(state, |(mut listener, opening, seat)| async move {
        if let Some(bytes) = opening {
            return Some((Ok::<Bytes, Infallible>(bytes), (listener, None, seat)));
        }
        let bytes = match listener.next_frames().await {
            Next::Frames(frames) => {
                let mut bytes = BytesMut::new();
                for frame in frames {
                    let id = (!frame.ephemeral).then_some(frame.seq);
                    bytes.extend_from_slice(&event(id, &text_of(&frame.bytes)));
                }
                bytes.freeze()
            }
            Next::Reset(reset) => beginning(&reset, listener.place()),
            Next::Goodbye(_) => return None,
        };
        Some((Ok(bytes), (listener, None, seat)))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // A proxy that holds answers back would hold back all of this one.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// The frames that a stream begins with. The last one, a snapshot or `resumed`, is where it stands then.
fn beginning(frames: &[Bytes], place: Option<Seq>) -> Bytes {
    let mut bytes = BytesMut::new();
    for (index, frame) in frames.iter().enumerate() {
        let id = place.filter(|_| index + 1 == frames.len());
        bytes.extend_from_slice(&event(id, &text_of(frame)));
    }
    bytes.freeze()
}

fn event(id: Option<Seq>, text: &[u8]) -> Bytes {
    let mut event = BytesMut::with_capacity(text.len() + 40);
    if let Some(seq) = id {
        event.extend_from_slice(format!("id: {seq}\n").as_bytes());
    }
    event.extend_from_slice(b"data: ");
    event.extend_from_slice(text);
    event.extend_from_slice(b"\n\n");
    event.freeze()
}
