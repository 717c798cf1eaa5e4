//! A restaurant to fill journals with.

use floor::{
    Admission, By, Change, Command, Covers, Floor, GuestDetails, Ids, Kind, Label, PartyDetails, PartyId,
    RestaurantId, Role, Seats, Seq, Settings, Shape, StaffDetails, TableDetails, TableId, Text, TurnId,
    Units,
};
use jiff::{SignedDuration, Timestamp};
use journal::{Append, Journal, NewChange, Snapshot, StorageError, fold};

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
        let mut house = House::unopened(journal, slug).await;
        house.open_up(journal).await;
        house
    }

    /// Adds a restaurant.
    pub(crate) async fn unopened(journal: &Journal, slug: &str) -> House {
        let id = journal.add_restaurant(slug).await.expect("a new slug");
        House {
            ids: Ids::default(),
            ..House::unwritten(id)
        }
    }

    /// Opens the restaurant and puts up what is missing of its four tables.
    pub(crate) async fn open_up(&mut self, journal: &Journal) {
        if self.floor.settings.is_none() {
            let name = Label::new(&format!("house {}", self.id)).expect("a label");
            let opened = Command::OpenRestaurant(Settings::named(name));
            self.ask(journal, opened).await;
        }
        for number in self.floor.tables.len() + 1..=4 {
            self.ask(journal, new_table(number)).await;
        }
    }

    /// A restaurant as an earlier program left it.
    pub(crate) async fn resume(journal: &Journal, id: RestaurantId) -> House {
        let head = journal.head(id).await.expect("the head");
        let floor_now = journal.floor_at(id, head).await.expect("the journal can be read");
        let (floor, at) = floor_now.expect("there is a floor at the head");
        House {
            id,
            floor,
            head,
            now: at + SignedDuration::from_mins(1),
            ids: Ids::default(),
        }
    }

    /// The floor as it is now, to be kept.
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot {
            seq: self.head,
            at: self.now - SignedDuration::from_mins(1),
            floor: self.floor.clone(),
        }
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
        self.try_draft(journal, command).await.expect("ids")
    }

    /// Decides one command, if the journal has ids for it.
    pub(crate) async fn try_draft(
        &mut self,
        journal: &Journal,
        command: Command,
    ) -> Result<NewChange, StorageError> {
        for kind in Kind::ALL {
            let draws = command.draws(kind);
            if draws > self.ids.left(kind) {
                let first = journal.reserve_ids(kind, draws).await?;
                self.ids.refill(kind, first, draws);
            }
        }
        Ok(self.decide(command))
    }

    /// A restaurant of which no journal knows.
    pub(crate) fn unwritten(id: RestaurantId) -> House {
        let mut ids = Ids::default();
        for kind in Kind::ALL {
            ids.refill(kind, 1, 1_000);
        }
        House {
            id,
            floor: Floor::new(id),
            head: Seq::ZERO,
            now: "2026-03-01T17:00:00Z".parse().expect("a time"),
            ids,
        }
    }

    /// Decides one command with the ids that are left.
    pub(crate) fn decide(&mut self, command: Command) -> NewChange {
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
        let turns = fold(&mut self.floor, &change).turns;
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

    /// Puts somebody on the waitlist.
    pub(crate) async fn add_party(&mut self, journal: &Journal, name: &str) -> PartyId {
        self.ask(journal, party(name)).await;
        *self.floor.parties.last_key_value().expect("somebody waits").0
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

/// Somebody on the waitlist.
pub(crate) fn party(name: &str) -> Command {
    Command::AddParty(PartyDetails {
        name: Some(Text::new(name).expect("a name")),
        ..PartyDetails::of(Covers::ONE)
    })
}

/// A new waiter who also minds the door.
pub(crate) fn hire(name: &str) -> Command {
    Command::AddStaff(StaffDetails {
        name: Label::new(name).expect("a label"),
        roles: vec![Role::Waiter, Role::Host],
        active: true,
    })
}

/// A table for four.
pub(crate) fn new_table(number: usize) -> Command {
    Command::CreateTable(TableDetails {
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
        extra: None,
    })
}
