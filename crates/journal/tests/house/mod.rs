//! A restaurant to fill journals with, and the places journals are kept.

use floor::{
    Admission, By, Change, Command, Covers, Floor, GuestDetails, Ids, Kind, Label, RestaurantId, Seats, Seq,
    Settings, Shape, TableDetails, TableId, Text, TurnId, Units,
};
use jiff::{SignedDuration, Timestamp};
use journal::{Append, Config, Journal, NewChange, fold};
use tempfile::TempDir;

/// Where a journal of some engine lives; two of its journals are the same one.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn config(&self) -> Config {
        Config::in_folder(self.folder.path().join("journal"))
    }

    pub(crate) async fn open(&self) -> Journal {
        Journal::open(&self.config()).await.expect("the journal opens")
    }
}

/// Runs a statement on each engine that can be reached. Only the file engine exists today.
pub(crate) async fn on_every_engine(statement: impl AsyncFn(Place)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    statement(Place { folder }).await;
}

/// A restaurant whose floor is kept up to date beside the journal.
pub(crate) struct House {
    pub(crate) id: RestaurantId,
    pub(crate) floor: Floor,
    pub(crate) head: Seq,
    pub(crate) now: Timestamp,
    ids: Ids,
}

impl House {
    /// Adds a restaurant, opens it and puts up four tables.
    pub(crate) async fn open(journal: &Journal, slug: &str) -> House {
        let id = journal.add_restaurant(slug).await.expect("a new slug");
        let mut house = House {
            id,
            floor: Floor::new(id),
            head: Seq::ZERO,
            now: "2026-03-01T17:00:00Z".parse().expect("a time"),
            ids: Ids::default(),
        };
        let name = Label::new(slug).expect("a label");
        let opened = Command::OpenRestaurant(Settings::named(name));
        house.ask(journal, opened).await;
        for number in 1..=4 {
            house.ask(journal, Command::CreateTable(table(number))).await;
        }
        house
    }

    /// Decides and appends one command; what it led to is on `self.floor`.
    pub(crate) async fn ask(&mut self, journal: &Journal, command: Command) -> Change {
        let new = self.draft(journal, command).await;
        let change = new.change.clone();
        journal.append(one(new)).await.expect("nobody else writes here");
        change
    }

    /// Decides one command and takes it into the floor, without appending it.
    pub(crate) async fn draft(&mut self, journal: &Journal, command: Command) -> NewChange {
        for kind in Kind::ALL {
            let draws = command.draws(kind);
            if draws > self.ids.left(kind) {
                let first = journal.reserve_ids(kind, draws).await.expect("ids");
                self.ids.refill(kind, first, draws);
            }
        }
        let decision = self
            .floor
            .decide(&command, self.now, &mut self.ids)
            .expect("the floor agrees");
        let change = Change {
            restaurant_id: self.id,
            seq: self.head.next(),
            at: self.now,
            by: By {
                surface: "test".to_owned(),
                ..By::default()
            },
            events: decision.events,
        };
        let turns = fold(&mut self.floor, &change);
        self.head = change.seq;
        self.now += SignedDuration::from_mins(1);
        NewChange {
            change,
            guests: decision.guests,
            turns,
            key: None,
        }
    }

    /// Seats and clears `n` parties at the first table.
    pub(crate) async fn evening(&mut self, journal: &Journal, n: usize) {
        for _ in 0..n {
            let table_id = self.tables()[0];
            let turn_id = self.seat(journal, table_id, "Ada Lovelace").await;
            self.ask(journal, Command::CloseTurn { turn_id }).await;
        }
    }

    /// Seats a walk-in of that name.
    pub(crate) async fn seat(&mut self, journal: &Journal, table_id: TableId, name: &str) -> TurnId {
        self.ask(journal, walk_in(table_id, name)).await;
        *self.floor.turns.last_key_value().expect("somebody sits").0
    }

    pub(crate) fn tables(&self) -> Vec<TableId> {
        self.floor.tables.keys().copied().collect()
    }
}

/// An append of one change.
pub(crate) fn one(new: NewChange) -> Append {
    Append { changes: vec![new] }
}

pub(crate) fn walk_in(table_id: TableId, name: &str) -> Command {
    Command::SeatWalkIn {
        table_ids: vec![table_id],
        covers: Covers::new(2).expect("two"),
        guest: GuestDetails {
            name: Some(Text::new(name).expect("a name")),
            ..GuestDetails::default()
        },
        admission: Admission::STRICT,
    }
}

fn table(number: u32) -> TableDetails {
    TableDetails {
        number: Label::new(&number.to_string()).expect("a label"),
        seats: Seats {
            min: Covers::ONE,
            max: Covers::new(4).expect("four"),
            preferred: None,
        },
        shape: Shape::Round,
        x: Units::default(),
        y: Units::default(),
        width: Units::whole(60),
        height: Units::whole(60),
        rotation: 0,
        plan_id: None,
        section_id: None,
        features: Vec::new(),
        combinable: true,
        active: true,
        notes: None,
    }
}
