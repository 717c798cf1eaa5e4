//! The rest of the evening, played once: which table is free when, and who on the list gets it.
//!
//! Leaves to the outlook what two such evenings mean for a guest.

use crate::{Range, Stays};
use floor::{Covers, Floor, Party, PartyId, Table, TableId, TableState};
use jiff::Timestamp;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// How long it takes to clear a table and lay it again. An assumption: it depends on the hands in the house,
/// and the floor does not say when somebody begins.
const RESET: Range = Range {
    early_seconds: 5 * 60,
    late_seconds: 10 * 60,
};

/// Whether stays are short or long this evening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Everything ends at its lower quartile.
    Early,
    /// Everything ends at its upper quartile.
    Late,
}

/// A table that is going to be free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Opening {
    /// When, in seconds from now.
    pub(crate) in_seconds: i64,
    /// Which one.
    pub(crate) table_id: TableId,
    /// The fewest past stays known of any size that sits there until then; none if nobody does.
    pub(crate) stays: Option<usize>,
}

/// An evening on which everybody on the list has got a table.
#[derive(Clone, Debug)]
pub(crate) struct Seating {
    /// What each party got. Those that no table waits for are not in it.
    given: BTreeMap<PartyId, Opening>,
    /// When the tables are free again, by their seats.
    free: BTreeMap<Covers, BinaryHeap<Reverse<Opening>>>,
}

impl Seating {
    /// Seats everybody on the `line`, from first to last. Each takes the table that is free first, the smallest
    /// of several, and leaves it when its stay is over.
    pub(crate) fn play(floor: &Floor, stays: &Stays, now: Timestamp, line: &[&Party], pace: Pace) -> Seating {
        let mut evening = Evening {
            stays,
            pace,
            reset: resets(floor),
            free: BTreeMap::new(),
            kept: BTreeMap::new(),
        };
        for table in floor.tables.values().filter(|it| it.details.active) {
            evening.lay(floor, table, now);
        }
        let mut given = BTreeMap::new();
        // A table kept for somebody takes him out of the queue, wherever he stands in it.
        for party in line {
            given.extend(evening.seat_at_kept(party).map(|it| (party.id, it)));
        }
        for party in line {
            if !given.contains_key(&party.id) {
                given.extend(evening.seat(party).map(|it| (party.id, it)));
            }
        }
        let free = evening.free;
        Seating { given, free }
    }

    /// The table that a party on the line gets, if it gets one.
    pub(crate) fn of_party(&self, party_id: PartyId) -> Option<Opening> {
        self.given.get(&party_id).copied()
    }

    /// The table that is left for `covers` more, once everybody on the line has one.
    pub(crate) fn of_newcomer(&self, covers: Covers) -> Option<Opening> {
        first(&self.free, covers).map(|(_, it)| it)
    }
}

/// What a table needs after each stay, in a house that cleans before it seats again.
fn resets(floor: &Floor) -> Range {
    match &floor.settings {
        Some(settings) if settings.clean_after_close => RESET,
        _ => Range {
            early_seconds: 0,
            late_seconds: 0,
        },
    }
}

/// The table for `covers` that is free first, the smallest of several, and its seats.
fn first(free: &BTreeMap<Covers, BinaryHeap<Reverse<Opening>>>, covers: Covers) -> Option<(Covers, Opening)> {
    free.range(covers..)
        .filter_map(|(seats, tables)| tables.peek().map(|it| (*seats, it.0)))
        .min_by_key(|(_, it)| it.in_seconds)
}

/// An evening that is being played.
struct Evening<'a> {
    stays: &'a Stays,
    pace: Pace,
    reset: Range,
    /// When tables are free again, by their seats.
    free: BTreeMap<Covers, BinaryHeap<Reverse<Opening>>>,
    /// Tables that wait for their party, with their seats.
    kept: BTreeMap<PartyId, Vec<(Covers, TableId)>>,
}

impl Evening<'_> {
    /// Puts a table where it is on the floor.
    fn lay(&mut self, floor: &Floor, table: &Table, now: Timestamp) {
        let seats = table.details.seats.max;
        let mut opening = Opening {
            in_seconds: 0,
            table_id: table.id,
            stays: None,
        };
        match table.state {
            TableState::Available => {}
            TableState::Dirty => opening.in_seconds = self.at_pace(RESET),
            TableState::Occupied { turn_id } => {
                let Some(turn) = floor.turns.get(&turn_id) else {
                    return;
                };
                let elapsed_seconds = now.duration_since(turn.opened_at).as_secs();
                opening = self.after_stay(opening, turn.covers, elapsed_seconds);
            }
            TableState::Reserved {
                party_id: Some(party_id),
            } => {
                self.kept.entry(party_id).or_default().push((seats, table.id));
                return;
            }
            TableState::Reserved { party_id: None } | TableState::Blocked | TableState::Maintenance => return,
        }
        self.lay_free(seats, opening);
    }

    fn lay_free(&mut self, seats: Covers, opening: Opening) {
        self.free.entry(seats).or_default().push(Reverse(opening));
    }

    /// Seats a party at the smallest table kept for it that it fits at.
    fn seat_at_kept(&mut self, party: &Party) -> Option<Opening> {
        let kept = self.kept.get_mut(&party.id)?;
        let fitting = kept.iter().copied().filter(|(seats, _)| *seats >= party.covers);
        let (seats, table_id) = fitting.min()?;
        kept.retain(|it| *it != (seats, table_id));
        let opening = Opening {
            in_seconds: 0,
            table_id,
            stays: None,
        };
        self.sit_down(party, seats, opening);
        Some(opening)
    }

    /// Seats a party at the table that is free first.
    fn seat(&mut self, party: &Party) -> Option<Opening> {
        let (seats, opening) = first(&self.free, party.covers)?;
        self.free.get_mut(&seats).and_then(BinaryHeap::pop);
        self.sit_down(party, seats, opening);
        Some(opening)
    }

    /// The table is free again after the party's stay, and what else was kept for the party at once.
    fn sit_down(&mut self, party: &Party, seats: Covers, opening: Opening) {
        self.lay_free(seats, self.after_stay(opening, party.covers, 0));
        for (seats, table_id) in self.kept.remove(&party.id).unwrap_or_default() {
            self.lay_free(seats, Opening { table_id, ..opening });
        }
    }

    /// The table's next opening, after `covers` who have been there for `elapsed_seconds` by then have left.
    fn after_stay(&self, opening: Opening, covers: Covers, elapsed_seconds: i64) -> Opening {
        let stay = self.at_pace(self.stays.remaining(covers, elapsed_seconds));
        let known = self.stays.known(covers);
        Opening {
            in_seconds: opening.in_seconds + stay + self.at_pace(self.reset),
            table_id: opening.table_id,
            stays: Some(opening.stays.map_or(known, |it| it.min(known))),
        }
    }

    fn at_pace(&self, range: Range) -> i64 {
        match self.pace {
            Pace::Early => range.early_seconds,
            Pace::Late => range.late_seconds,
        }
    }
}
