//! The journals of both restaurants, held against each other.

use super::van::{SIDES, SURFACE};
use floor::{Change, Event, Floor, RestaurantId, Seq, TableId, TurnId};
use journal::Journal;
use std::collections::BTreeSet;
use std::path::Path;

/// Everything that ever happened in both.
pub(crate) struct Ledgers {
    pub(crate) logs: [Vec<Change>; 2],
}

/// Half of a move: which table, and whether it arrives.
#[derive(Debug, PartialEq, Eq)]
struct Half {
    table_id: TableId,
    arrives: bool,
}

/// Both floors, grown change by change.
struct Replay {
    floors: [Floor; 2],
    /// Tables that have ever been moved or put up on the way.
    tables: BTreeSet<TableId>,
    turns: BTreeSet<TurnId>,
}

impl Ledgers {
    pub(crate) async fn read(journal: &Journal) -> Ledgers {
        Ledgers {
            logs: [log(journal, SIDES[0]).await, log(journal, SIDES[1]).await],
        }
    }

    /// Opens the journal that a house left behind. It must be in order besides.
    pub(crate) async fn left_in(data: &Path) -> Ledgers {
        let config = journal::Config::in_folder(data.to_owned());
        let journal = Journal::open(&config).await.unwrap();
        let ledgers = Ledgers::read(&journal).await;
        let report = journal.check(|_| {}).await.unwrap();
        assert!(report.is_clean(), "{report:?}");
        journal.close().await;
        ledgers
    }

    /// Goes through both from the beginning, and finds every table in exactly one restaurant at every step. Answers
    /// how many moves there were.
    pub(crate) fn are_whole(&self) -> usize {
        for log in &self.logs {
            let numbers = log.iter().map(|it| it.seq.0);
            assert!(numbers.eq(1..=log.len() as u64), "1, 2, 3 … without gaps");
            assert!(log.is_sorted_by_key(|it| it.at), "time does not go back");
        }
        let mut replay = Replay {
            floors: SIDES.map(Floor::new),
            tables: BTreeSet::new(),
            turns: BTreeSet::new(),
        };
        let mut logs = self.logs.each_ref().map(|it| it.iter());
        let mut n_moves = 0;
        loop {
            let [left, right] = [0, 1].map(|side| {
                // Up to the next move, what happens here has nothing to do with the other restaurant.
                logs[side].find(|change| {
                    let is_move = change.by.surface == SURFACE;
                    if !is_move {
                        replay.take(side, change);
                        replay.is_whole();
                    }
                    is_move
                })
            });
            let (left, right) = match (left, right) {
                (Some(left), Some(right)) => (left, right),
                (None, None) => return n_moves,
                half => panic!("half of a move: {half:?}"),
            };
            fit(left, right);
            replay.take(0, left);
            replay.take(1, right);
            replay.is_whole();
            n_moves += 1;
        }
    }
}

impl Replay {
    fn take(&mut self, side: usize, change: &Change) {
        for event in &change.events {
            match event {
                Event::TableCreated { table_id, .. } => {
                    self.tables.insert(*table_id);
                }
                Event::TurnOpened { turn_id, .. } | Event::PartySeated { turn_id, .. } => {
                    assert!(self.turns.insert(*turn_id), "{turn_id} was given twice");
                }
                _ => {}
            }
            self.floors[side].apply(event, change.at);
        }
    }

    /// Nobody takes a table away in these tests: each is somewhere, and nowhere else.
    fn is_whole(&self) {
        let [left, right] = &self.floors;
        for table_id in &self.tables {
            let is_here = left.tables.contains_key(table_id);
            let is_there = right.tables.contains_key(table_id);
            assert!(is_here != is_there, "table {table_id}: {is_here}, {is_there}");
        }
    }
}

/// Both are halves of the same move.
fn fit(left: &Change, right: &Change) {
    let (leaving, arriving) = (half(left), half(right));
    assert_eq!(leaving.table_id, arriving.table_id, "{left:?} {right:?}");
    assert_ne!(leaving.arrives, arriving.arrives, "{left:?} {right:?}");
    assert_eq!(left.at, right.at, "both happen at once");
}

fn half(change: &Change) -> Half {
    let halves = change.events.iter().filter_map(|it| match it {
        Event::TableCreated { table_id, .. } => Some((*table_id, true)),
        Event::TableDeleted { table_id } => Some((*table_id, false)),
        _ => None,
    });
    let halves: Vec<_> = halves.collect();
    assert_eq!(halves.len(), 1, "{change:?}");
    let (table_id, arrives) = halves[0];
    Half { table_id, arrives }
}

async fn log(journal: &Journal, restaurant_id: RestaurantId) -> Vec<Change> {
    let mut log: Vec<Change> = Vec::new();
    loop {
        let after = log.last().map_or(Seq(0), |it| it.seq);
        let page = journal.changes(restaurant_id, after, 1_000).await.unwrap();
        if page.is_empty() {
            return log;
        }
        log.extend(page);
    }
}
