//! The host stand's words: ids, states and times as its clients spell them.

use floor::{Alias, PartyId, PartyState, Ref, SaidState, Shape, TableId, TableState};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A party's id.
pub(super) fn guest_id(id: PartyId) -> String {
    format!("guest-{id}")
}

/// A table's id.
pub(super) fn table_id(id: TableId) -> String {
    format!("table-{id}")
}

/// The party that an id names: ours in either spelling, or a client's own name.
pub(super) fn guest_named(text: &str) -> Option<Ref<PartyId>> {
    named(text, "guest-", PartyId)
}

/// The table that an id names.
pub(super) fn table_named(text: &str) -> Option<Ref<TableId>> {
    named(text, "table-", TableId)
}

fn named<Id>(text: &str, prefix: &str, id: fn(u64) -> Id) -> Option<Ref<Id>> {
    match number(text.strip_prefix(prefix).unwrap_or(text)) {
        Some(number) => Some(Ref::Id(id(number))),
        None => Alias::new(text).ok().map(Ref::Alias),
    }
}

/// The number that a text is, if it is digits and nothing else.
fn number(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

/// The party that is meant, as a text.
pub(super) fn guest_text(which: &Ref<PartyId>) -> String {
    match which {
        Ref::Id(id) => guest_id(*id),
        Ref::Alias(alias) => alias.to_string(),
    }
}

/// The table that is meant, as a text.
pub(super) fn table_text(which: &Ref<TableId>) -> String {
    match which {
        Ref::Id(id) => table_id(*id),
        Ref::Alias(alias) => alias.to_string(),
    }
}

/// Whether an id that a client chose could be taken for one of ours. It is good inside its transaction only.
pub(super) fn is_like_ours(text: &str) -> bool {
    let digits = ["guest-", "table-"].iter().find_map(|it| text.strip_prefix(it));
    number(digits.unwrap_or(text)).is_some()
}

/// What REST calls a party's state.
pub(super) fn status(state: PartyState) -> &'static str {
    match state {
        PartyState::Waiting | PartyState::Notified => "Waitlist",
        PartyState::Arrived => "Arrived",
        PartyState::RunningLate => "Running Late",
        PartyState::Seated => "Seated",
        PartyState::Finished => "Finished",
        PartyState::Cancelled => "Cancelled",
        PartyState::NoShow => "No Show",
    }
}

/// What frames call a party's state.
pub(super) fn frame_status(state: PartyState) -> &'static str {
    match state {
        PartyState::Waiting | PartyState::Notified | PartyState::Arrived | PartyState::RunningLate => {
            "waiting"
        }
        PartyState::Seated => "seated",
        PartyState::Finished | PartyState::Cancelled | PartyState::NoShow => "completed",
    }
}

/// The states that REST names, for whoever spells one wrong.
pub(super) const STATUSES: &str =
    "'Waitlist', 'Seated', 'Finished', 'Cancelled', 'No Show', 'Running Late' or 'Arrived'";

/// The state that a word means, however it is spelt.
pub(super) fn state(word: &str) -> Option<PartyState> {
    let word = word.trim().to_lowercase().replace([' ', '-'], "_");
    Some(match word.as_str() {
        "waitlist" | "waiting" => PartyState::Waiting,
        "arrived" => PartyState::Arrived,
        "running_late" | "runninglate" => PartyState::RunningLate,
        "seated" => PartyState::Seated,
        "finished" | "completed" => PartyState::Finished,
        "cancelled" => PartyState::Cancelled,
        "no_show" | "noshow" => PartyState::NoShow,
        _ => return None,
    })
}

/// What a table's state is called.
pub(super) fn table_status(state: &TableState) -> &'static str {
    match state {
        TableState::Available => "available",
        TableState::Reserved { .. } => "reserved",
        TableState::Occupied { .. } => "occupied",
        TableState::Dirty | TableState::Blocked | TableState::Maintenance => "outOfService",
    }
}

/// What synchronisation calls it.
pub(super) fn sync_status(state: &TableState) -> &'static str {
    match state {
        TableState::Available => "available",
        TableState::Reserved { .. } => "reserved",
        TableState::Occupied { .. } => "occupied",
        TableState::Dirty | TableState::Blocked | TableState::Maintenance => "needs_cleaning",
    }
}

/// The states that a table can be written into.
pub(super) const TABLE_STATUSES: &str = "'available', 'occupied', 'reserved' or 'outOfService'";

/// The table state that a word means.
pub(super) fn said_state(word: &str) -> Option<SaidState> {
    Some(match word {
        "available" => SaidState::Available,
        "occupied" => SaidState::Occupied,
        "reserved" => SaidState::Reserved,
        "outOfService" | "out_of_service" => SaidState::OutOfService,
        _ => return None,
    })
}

/// What a table's outline is called; those that this protocol does not know go by the nearest.
pub(super) fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Round => "round",
        Shape::Square | Shape::Bar => "square",
        Shape::Rectangle | Shape::Booth => "rectangle",
        Shape::Oval => "oval",
    }
}

/// The outlines there are.
pub(super) const SHAPES: &str = "'round', 'square', 'rectangle' or 'oval'";

/// The outline that a word means.
pub(super) fn shape_named(word: &str) -> Option<Shape> {
    Some(match word {
        "round" => Shape::Round,
        "square" => Shape::Square,
        "rectangle" => Shape::Rectangle,
        "oval" => Shape::Oval,
        _ => return None,
    })
}

/// A time as REST has it: UTC, without a zone, with microseconds if there are any.
pub(super) fn rest_time(at: Timestamp) -> String {
    let text = format!("{at:.6}");
    let text = text.trim_end_matches('Z');
    text.strip_suffix(".000000").unwrap_or(text).to_owned()
}

/// A time that a client wrote: with a zone, or else in UTC.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let at = text.parse().ok().or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    });
    // To the microsecond, as everything that is stored.
    let at: Timestamp = at?;
    Timestamp::from_microsecond(at.as_microsecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::{guest_named, is_like_ours, rest_time, state, time};
    use floor::{PartyId, PartyState, Ref};

    #[test]
    fn ids_are_ours_in_either_spelling_or_a_clients_own() {
        assert_eq!(guest_named("guest-7"), Some(Ref::Id(PartyId(7))));
        assert_eq!(guest_named("7"), Some(Ref::Id(PartyId(7))));
        assert!(matches!(guest_named("guest-abc"), Some(Ref::Alias(_))));
        assert_eq!(guest_named("Mara Lindqvist"), None);
        assert_eq!(guest_named(""), None);
        assert_eq!(guest_named("+7"), None);
        assert!(is_like_ours("guest-7") && is_like_ours("12") && !is_like_ours("guest-x7"));
    }

    #[test]
    fn states_are_understood_however_they_are_spelt() {
        for (word, meant) in [
            ("Waitlist", PartyState::Waiting),
            ("WAITING", PartyState::Waiting),
            ("Running Late", PartyState::RunningLate),
            ("no_show", PartyState::NoShow),
            ("No Show", PartyState::NoShow),
            ("completed", PartyState::Finished),
        ] {
            assert_eq!(state(word), Some(meant), "{word}");
        }
        assert_eq!(state("eating"), None);
    }

    #[test]
    fn times_are_utc_with_or_without_a_zone() {
        let at = "2025-08-16T18:02:11.104212Z".parse().unwrap();
        for text in [
            "2025-08-16T18:02:11.104212Z",
            "2025-08-16T18:02:11.104212",
            "2025-08-16 18:02:11.1042129",
            "2025-08-16T20:02:11.104212+02:00",
        ] {
            assert_eq!(time(text), Some(at), "{text}");
        }
        assert_eq!(rest_time(at), "2025-08-16T18:02:11.104212");
        assert_eq!(
            rest_time("2025-08-16T18:02:11Z".parse().unwrap()),
            "2025-08-16T18:02:11"
        );
        assert_eq!(time("tomorrow"), None);
        assert_eq!(time(""), None);
    }
}
