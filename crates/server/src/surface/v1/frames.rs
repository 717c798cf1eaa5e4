//! What the stream says, as JSON. Frames for many are rendered once, ready for the wire.

use crate::floors::{Beat, Dialect, GuestBook, Told, View};
use crate::surface::websocket::text_frame;
use bytes::Bytes;
use floor::{By, Change, Event, Floor, GuestDetails, GuestId, Label, Note, Seq, Text};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// v1's topic in every room.
pub const DIALECT: Dialect = Dialect {
    topic: "v1",
    change: change_frames,
    looks_at_floor: false,
    heartbeats_apart: 1,
    heartbeat: heartbeat_frames,
};

/// A frame from the server.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ToScreen<'a> {
    /// The whole floor; what follows begins right behind `seq`.
    Snapshot(FloorView<'a>),
    /// The stream goes on right behind `seq`.
    Resumed { seq: Seq, epoch: &'a str },
    /// The stream cannot go on where the client was; a snapshot follows.
    Reset { reason: ResetReason },
    /// One change.
    Change(ChangeView<'a>),
    /// Nothing was missed up to `seq`.
    Heartbeat {
        seq: Seq,
        digest: &'a str,
        at: Timestamp,
    },
    /// A command of this connection was accepted. Its change has come as a frame before.
    Result {
        id: &'a str,
        seq: Seq,
        #[serde(skip_serializing_if = "is_false")]
        repeated: bool,
    },
    /// A command of this connection was not carried out.
    Refused {
        id: Option<&'a str>,
        #[serde(flatten)]
        error: &'a super::error::ErrorBody,
    },
    /// Answers a ping.
    Pong,
}

/// Why a stream starts again from a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResetReason {
    /// What was missed is no longer replayed.
    TooOld,
    /// The server has not come so far: it was restored from a backup.
    Ahead,
    /// The place is of another journal.
    Epoch,
    /// `after` is no place.
    BadAfter,
    /// The client read too slowly.
    TooSlow,
}

impl ResetReason {
    /// The word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ResetReason::TooOld => "too_old",
            ResetReason::Ahead => "ahead",
            ResetReason::Epoch => "epoch",
            ResetReason::BadAfter => "bad_after",
            ResetReason::TooSlow => "too_slow",
        }
    }
}

/// A floor at one place in its journal.
#[derive(Serialize, ToSchema)]
pub(super) struct FloorView<'a> {
    /// The place.
    pub seq: Seq,
    /// The journal that the place is in.
    pub epoch: &'a str,
    /// The floor's digest: see `docs/protocol.md`.
    pub digest: &'a str,
    /// When the change at this place happened.
    pub at: Timestamp,
    /// The floor.
    pub floor: &'a Floor,
    /// The guest book's entries of the floor's parties and calls, as they are now.
    pub guests: Vec<GuestEntry<'a>>,
}

/// One accepted command.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangeView<'a> {
    /// Its place in the journal.
    pub seq: Seq,
    /// When it was decided.
    pub at: Timestamp,
    /// Who asked for it.
    pub by: &'a By,
    /// What happened, in this order.
    pub events: &'a [Event],
    /// The guest book's entries that it wrote, as they are now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub guests: Vec<GuestEntry<'a>>,
}

/// An entry of the guest book. All empty when the guest was erased.
#[derive(Serialize, ToSchema)]
pub(super) struct GuestEntry<'a> {
    /// Whose.
    pub guest_id: GuestId,
    /// The name.
    #[schema(value_type = Option<String>)]
    pub name: Option<&'a Text<120>>,
    /// The phone number, as given.
    #[schema(value_type = Option<String>)]
    pub phone: Option<&'a Text<40>>,
    /// Wishes, allergies, the occasion.
    #[schema(value_type = Option<String>)]
    pub notes: Option<&'a Note>,
    /// The end of the name that is the family name, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub family_name: Option<&'a Text<120>>,
    /// The e-mail address, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub email: Option<&'a Text<254>>,
    /// What they asked for this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub requests: Option<&'a Note>,
    /// What they do not eat.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub dietary: Option<&'a [Label]>,
}

impl ToScreen<'_> {
    /// The frame as it goes over the wire.
    #[must_use]
    pub(super) fn bytes(&self) -> Bytes {
        text_frame(&serde_json::to_vec(self).expect("frames are always JSON"))
    }
}

impl<'a> FloorView<'a> {
    /// What to show of `view`.
    #[must_use]
    pub(super) fn of(view: &'a View, epoch: &'a str) -> FloorView<'a> {
        FloorView {
            seq: view.seq,
            epoch,
            digest: view.digest(),
            at: view.at,
            floor: &view.floor,
            guests: view
                .floor
                .guest_ids()
                .filter_map(|id| view.guests.get(&id).map(|details| GuestEntry::of(id, details)))
                .collect(),
        }
    }
}

impl<'a> ChangeView<'a> {
    /// What to show of `change`.
    #[must_use]
    pub(super) fn of(change: &'a Change, guests: &'a GuestBook) -> ChangeView<'a> {
        ChangeView {
            seq: change.seq,
            at: change.at,
            by: &change.by,
            events: &change.events,
            guests: change
                .events
                .iter()
                .filter_map(Event::guest_id)
                .filter_map(|id| guests.get(&id).map(|details| GuestEntry::of(id, details)))
                .collect(),
        }
    }
}

impl<'a> GuestEntry<'a> {
    /// The entry with these details.
    #[must_use]
    pub(super) fn of(guest_id: GuestId, details: &'a GuestDetails) -> GuestEntry<'a> {
        GuestEntry {
            guest_id,
            name: details.name.as_ref(),
            phone: details.phone.as_ref(),
            notes: details.notes.as_ref(),
            family_name: details.family_name.as_ref(),
            email: details.email.as_ref(),
            requests: details.requests.as_ref(),
            dietary: details.dietary.as_deref(),
        }
    }
}

fn change_frames(told: &Told<'_>) -> Vec<Bytes> {
    vec![ToScreen::Change(ChangeView::of(told.change, told.guests)).bytes()]
}

fn heartbeat_frames(beat: &Beat<'_>) -> Vec<Bytes> {
    let heartbeat = ToScreen::Heartbeat {
        seq: beat.view.seq,
        digest: beat.view.digest(),
        at: beat.now,
    };
    vec![heartbeat.bytes()]
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
fn is_false(it: &bool) -> bool {
    !it
}

/// `{"seat_party": {…}}` as `{"command": "seat_party", …}`.
#[must_use]
pub fn flatten(tag: &str, nested: Value) -> Value {
    let Value::Object(map) = nested else { return nested };
    let Some((name, Value::Object(mut fields))) = map.into_iter().next() else {
        return Value::Null;
    };
    if let Some(Value::Array(commands)) = fields.get_mut("commands") {
        for command in commands {
            *command = flatten(tag, command.take());
        }
    }
    fields.insert(tag.to_owned(), Value::String(name));
    Value::Object(fields)
}
