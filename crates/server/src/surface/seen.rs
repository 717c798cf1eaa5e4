//! Reads that show at least what their sender has written.

use crate::floors::{OpenFloor, View};
use axum::http::HeaderMap;
use floor::Seq;
use std::sync::Arc;

/// The header by which a read asks for a place that it must at least show.
pub(super) const MIN_SEQ: &str = "x-min-seq";

/// The floor cannot be shown as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotSeen {
    /// What was asked for is no place in a journal.
    #[error("min_seq must be a whole number from 0")]
    NoPlace,
    /// The floor has not come so far, and did not in a while.
    #[error("the floor has not come so far yet")]
    NotYet,
}

/// The floor now, or once it has come as far as `named` or the header `X-Min-Seq` ask.
pub(super) async fn view_asked(
    floor: &OpenFloor,
    headers: &HeaderMap,
    named: Option<&str>,
) -> Result<Arc<View>, NotSeen> {
    let header = headers.get(MIN_SEQ).and_then(|it| it.to_str().ok());
    let Some(text) = named.or(header) else {
        return Ok(floor.view());
    };
    let min_seq = text.parse().map(Seq).map_err(|_| NotSeen::NoPlace)?;
    floor.view_at_least(min_seq).await.ok_or(NotSeen::NotYet)
}
