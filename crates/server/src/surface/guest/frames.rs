//! What `/ws/session` says.

use crate::floors::{Beat, Dialect, Told};
use crate::surface::websocket::text_frame;
use bytes::Bytes;
use floor::Event;
use serde_json::json;

/// The guests' topic in every room. It says only that a turn has ended or goes on; each phone looks for its own.
pub const DIALECT: Dialect = Dialect {
    topic: "guest",
    change: change_frames,
    looks_at_floor: false,
    heartbeats_apart: 1,
    heartbeat: nothing,
};

fn change_frames(told: &Told<'_>) -> Vec<Bytes> {
    let may_end = |it: &Event| {
        matches!(
            it,
            Event::TurnClosed { .. } | Event::TurnRestored { .. } | Event::StepUndone { .. }
        )
    };
    if told.change.events.iter().any(may_end) {
        vec![Bytes::from_static(b"\0")]
    } else {
        Vec::new()
    }
}

fn nothing(_: &Beat<'_>) -> Vec<Bytes> {
    Vec::new()
}

/// The table was closed: the phone forgets it.
pub(super) fn table_closed() -> Bytes {
    let frame = json!({
        "type": "table_closed",
        "message": "Table Closed, Please rescan the QR code or Ask Staff for help",
        "action": "clear_session_and_redirect",
    });
    text_frame(frame.to_string().as_bytes())
}
