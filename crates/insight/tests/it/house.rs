//! A house for tests: people say commands, and ask how long the wait is.

use floor::{Command, Covers, Event, Floor, Ids, Kind, PartyId, Quote, RestaurantId, TableId, TurnId};
use insight::{Expectation, Outlook, Stay, Stays, Wait};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub(crate) struct House {
    pub(crate) floor: Floor,
    pub(crate) stays: Stays,
    pub(crate) now: Timestamp,
    ids: Ids,
}

pub(crate) fn covers(count: u8) -> Covers {
    Covers::new(i64::from(count)).expect("a party or a table for as many")
}

/// `count` past stays of parties of this size, one minute apart, the middle one as long as said.
pub(crate) fn past(count: i64, of: u8, minutes: i64) -> impl Iterator<Item = Stay> {
    (0..count).map(move |it| Stay {
        covers: covers(of),
        seconds: (minutes + it - count / 2) * 60,
    })
}

impl House {
    /// An open restaurant without tables, which goes by published figures.
    pub(crate) fn open() -> House {
        let mut ids = Ids::default();
        for kind in Kind::ALL {
            ids.refill(kind, 1, 100_000);
        }
        let mut house = House {
            floor: Floor::new(RestaurantId(1)),
            stays: Stays::default(),
            now: "2026-11-20T19:00:00Z".parse().expect("an evening"),
            ids,
        };
        house.say(json!({ "open_restaurant": { "name": "Harbour House" } }));
        house
    }

    /// Says a command that nothing stands in the way of.
    pub(crate) fn say(&mut self, command: Value) -> Vec<Event> {
        let command: Command = serde_json::from_value(command).expect("a command");
        let decided = self.floor.decide(&command, self.now, &mut self.ids);
        let events = decided.expect("nothing stands in the way").events;
        for event in &events {
            self.floor.apply(event, self.now);
        }
        events
    }

    pub(crate) fn table(&mut self, seats: u8) -> TableId {
        let number = (self.floor.tables.len() + 1).to_string();
        self.say(json!({ "create_table": { "number": number, "seats": { "max": seats } } }));
        *self.floor.tables.keys().next_back().expect("the new table")
    }

    pub(crate) fn set(&mut self, table_id: TableId, state: &str) {
        self.say(json!({ "set_table_state": { "table_id": table_id, "state": state, "party_id": null } }));
    }

    pub(crate) fn keep(&mut self, table_id: TableId, party_id: PartyId) {
        self.say(
            json!({ "set_table_state": { "table_id": table_id, "state": "reserved", "party_id": party_id } }),
        );
    }

    /// Seats as many as there are, at one table or several pushed together, so many minutes ago.
    pub(crate) fn sat_down(&mut self, table_ids: &[TableId], count: u8, minutes_ago: i64) -> TurnId {
        let now = self.now;
        self.now -= SignedDuration::from_mins(minutes_ago);
        self.say(
            json!({ "seat_walk_in": { "table_ids": table_ids, "covers": count, "guest": {}, "force": true } }),
        );
        self.now = now;
        *self.floor.turns.keys().next_back().expect("the new turn")
    }

    pub(crate) fn close(&mut self, turn_id: TurnId) {
        self.say(json!({ "close_turn": { "turn_id": turn_id } }));
    }

    /// Puts a party at the end of the list.
    pub(crate) fn add(&mut self, count: u8) -> PartyId {
        self.say(json!({ "add_party": { "covers": count } }));
        *self.floor.parties.keys().next_back().expect("the new party")
    }

    pub(crate) fn outlook(&self) -> Outlook {
        Outlook::of(&self.floor, &self.stays, self.now)
    }

    pub(crate) fn newcomer(&self, count: u8) -> Wait {
        self.outlook().newcomer(covers(count))
    }

    /// What so many newcomers are told, in minutes.
    #[track_caller]
    pub(crate) fn quote(&self, count: u8) -> (u16, u16) {
        minutes(&self.newcomer(count))
    }
}

/// The quote of a wait that is not in vain.
#[track_caller]
pub(crate) fn minutes(wait: &Wait) -> (u16, u16) {
    let Quote {
        from_minutes,
        to_minutes,
    } = expectation(wait).quote;
    (from_minutes, to_minutes)
}

#[track_caller]
pub(crate) fn expectation(wait: &Wait) -> &Expectation {
    match wait {
        Wait::Table(it) => it,
        other => panic!("no table: {other:?}"),
    }
}
