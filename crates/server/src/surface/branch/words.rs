//! The words of this protocol for what the floor knows.

use floor::{Role, Shape, StatedState, TableState, Units};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// A time in UTC, to the millisecond.
pub(super) fn instant(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Every word for a table's state.
pub(super) const STATUSES: &[&str] = &["available", "occupied", "reserved", "cleaning", "out_of_service"];

/// The word for a table's state.
pub(super) fn status(state: &TableState) -> &'static str {
    match state {
        TableState::Available => "available",
        TableState::Occupied { .. } => "occupied",
        TableState::Reserved { .. } => "reserved",
        TableState::Dirty => "cleaning",
        TableState::Blocked | TableState::Maintenance => "out_of_service",
    }
}

/// The state that a word means.
pub(super) fn state_of(word: &str) -> Option<StatedState> {
    Some(match word {
        "available" => StatedState::Available,
        "occupied" => StatedState::Occupied,
        "reserved" => StatedState::Reserved,
        "cleaning" => StatedState::Dirty,
        "out_of_service" => StatedState::OutOfService,
        _ => return None,
    })
}

/// The outlines that can be said.
pub(super) const SHAPES: &[&str] = &["rectangle", "circle", "custom"];

/// A table's outline and size as they are said, from what the floor knows.
pub(super) fn shape(shape: Shape, width: Units, height: Units) -> Map<String, Value> {
    let said = match shape {
        Shape::Round => json!({ "type": "circle", "radius": number(width.get() / 2.0) }),
        Shape::Square | Shape::Rectangle => json!({ "type": "rectangle", "width": width, "height": height }),
        Shape::Oval => json!({ "type": "custom", "kind": "oval", "width": width, "height": height }),
        Shape::Bar => json!({ "type": "custom", "kind": "bar", "width": width, "height": height }),
        Shape::Booth => json!({ "type": "custom", "kind": "booth", "width": width, "height": height }),
    };
    match said {
        Value::Object(said) => said,
        _ => Map::new(),
    }
}

/// A number without a fraction, where it has none.
fn number(number: f64) -> Value {
    Units::new(number).map_or(Value::Null, |it| json!(it))
}

/// The word for a role, and its name. Whoever is at the door is a waiter here.
pub(super) fn role(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Admin => ("admin", "Admin"),
        Role::Manager => ("manager", "Manager"),
        Role::Host | Role::Waiter => ("waiter", "Waiter"),
        Role::Cashier => ("cashier", "Cashier"),
        Role::Kitchen => ("kitchen", "Kitchen"),
        Role::Analyst => ("analyst", "Analyst"),
    }
}

/// The words for roles, each once.
pub(super) fn roles(roles: &[Role]) -> Vec<&'static str> {
    let mut words: Vec<&str> = roles.iter().map(|it| role(*it).0).collect();
    words.dedup();
    words
}

/// A name as its first and its last part.
pub(super) fn name_parts(name: &str) -> (&str, Option<&str>) {
    match name.split_once(' ') {
        Some((first, last)) => (first, Some(last.trim_start()).filter(|it| !it.is_empty())),
        None => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::{STATUSES, name_parts, state_of};

    #[test]
    fn every_word_means_a_state() {
        assert!(STATUSES.iter().all(|it| state_of(it).is_some()));
        assert_eq!(state_of("dirty"), None);
    }

    #[test]
    fn a_name_has_a_first_part() {
        assert_eq!(name_parts("Lea Ortiz"), ("Lea", Some("Ortiz")));
        assert_eq!(name_parts("Lea"), ("Lea", None));
        assert_eq!(name_parts("Ana de la Cruz"), ("Ana", Some("de la Cruz")));
    }
}
