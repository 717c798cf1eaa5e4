//! An evening's guests and staff, as a source of commands: who comes when, sits where, stays how long.
//!
//! Pure: it looks at a floor and a time, and says what somebody would ask for next. Mean stays by party
//! size are published figures (1 person 41 min, 2: 47, 3: 52, 4: 54, 5: 60, 6: 63, 7: 69, 8: 75), with a
//! log-normal spread; over 60 % of parties are one or two people; arrivals have two evening peaks.

use super::names;
use floor::{
    Admission, Change, Command, Covers, Event, Floor, Party, PartyDetails, PartyId, PartyState, Quote,
    SettableState, Source, Stage, Table, TableId, TableState, TurnId,
};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp, LogNormal};
use std::collections::BTreeMap;

/// When guests come.
#[derive(Clone)]
pub enum Pace {
    /// By the restaurant's clock: lunch, and two peaks in the evening.
    ByTheClock(TimeZone),
    /// As on a good evening, whatever the clock says.
    AlwaysEvening,
}

/// The guests and staff of one restaurant.
pub struct Evening {
    rng: ChaCha8Rng,
    pace: Pace,
    /// What happens when, in order; the number keeps apart what happens at once.
    plan: BTreeMap<(Timestamp, u64), Deed>,
    n_planned: u64,
    /// After this, nobody comes any more.
    closes_at: Option<Timestamp>,
    n_seats: f64,
}

/// Something that somebody means to do.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Arrive,
    Seat(PartyId),
    Reserve(PartyId),
    GiveUp(PartyId),
    Advance(TurnId, Stage),
    Close(TurnId),
    Soil(TableId),
    Clean(TableId),
    Wander(TurnId),
}

/// Mean stay in minutes by party size, 1 to 8.
const MEAN_STAY: [f64; 8] = [41.0, 47.0, 52.0, 54.0, 60.0, 63.0, 69.0, 75.0];
/// How many of a hundred parties have this size, 1 to 8.
const SIZE_PERCENT: [u32; 8] = [14, 48, 12, 15, 4, 4, 1, 2];
/// The spread of stays: the standard deviation of their logarithm.
const STAY_SPREAD: f64 = 0.32;

impl Evening {
    /// Guests of a restaurant with these tables, from `opens_at` on.
    #[must_use]
    pub fn new(seed: u64, pace: Pace, floor: &Floor, opens_at: Timestamp) -> Evening {
        let n_seats = floor
            .tables
            .values()
            .map(|it| f64::from(it.details.seats.max.get()))
            .sum();
        let mut evening = Evening {
            rng: ChaCha8Rng::seed_from_u64(seed),
            pace,
            plan: BTreeMap::new(),
            n_planned: 0,
            closes_at: None,
            n_seats,
        };
        evening.plan_next_arrival(opens_at);
        evening
    }

    /// Takes over those who are in the house already, since `at`.
    pub fn take_over(&mut self, floor: &Floor, at: Timestamp) {
        for turn in floor.turns.values() {
            let rest = self.minutes(5.0, 45.0);
            self.plan(at + rest, Deed::Close(turn.id));
        }
        for party in floor.parties.values().filter(|it| it.state.is_expected()) {
            let walk = self.minutes(0.5, 4.0);
            self.plan(at + walk, Deed::Seat(party.id));
            self.plan(at + in_minutes(40.0), Deed::GiveUp(party.id));
        }
        for table in floor.tables.values().filter(|it| it.state == TableState::Dirty) {
            let work = self.minutes(0.5, 5.0);
            self.plan(at + work, Deed::Clean(table.id));
        }
    }

    /// Nobody comes after `at`; those who are there stay as long as they like.
    pub fn close_door(&mut self, at: Timestamp) {
        self.closes_at = Some(at);
    }

    /// Opens the door again.
    pub fn open_door(&mut self, at: Timestamp) {
        self.closes_at = None;
        self.plan_next_arrival(at);
    }

    /// When something is to happen next.
    #[must_use]
    pub fn next_at(&self) -> Option<Timestamp> {
        self.plan.keys().next().map(|(at, _)| *at)
    }

    /// What somebody asks for at `now`, if what was planned still makes sense.
    pub fn act(&mut self, floor: &Floor, now: Timestamp) -> Option<Command> {
        let entry = self.plan.first_entry()?;
        if entry.key().0 > now {
            return None;
        }
        match entry.remove() {
            Deed::Arrive => self.arrive(now),
            Deed::Seat(party_id) => self.seat(floor, party_id, now),
            Deed::Reserve(party_id) => self.reserve(floor, party_id),
            Deed::GiveUp(party_id) => give_up(floor, party_id, self.rng.random_bool(0.3)),
            Deed::Advance(turn_id, stage) => {
                let is_due = floor.turns.get(&turn_id).is_some_and(|it| it.stage < stage);
                is_due.then_some(Command::AdvanceStage { turn_id, stage })
            }
            Deed::Close(turn_id) => floor
                .turns
                .contains_key(&turn_id)
                .then_some(Command::CloseTurn { turn_id }),
            Deed::Soil(table_id) => set_if(floor, table_id, TableState::Available, SettableState::Dirty),
            Deed::Clean(table_id) => set_if(floor, table_id, TableState::Dirty, SettableState::Available),
            Deed::Wander(turn_id) => self.wander(floor, turn_id),
        }
    }

    /// Plans what follows from a change.
    pub fn hear(&mut self, change: &Change, floor: &Floor) {
        for event in &change.events {
            match event {
                Event::PartyAdded {
                    party_id,
                    source: Source::Phone,
                    ..
                } => {
                    self.plan(
                        change.at + SignedDuration::from_secs(20),
                        Deed::Reserve(*party_id),
                    );
                    let drive = self.minutes(6.0, 18.0);
                    self.plan(change.at + drive, Deed::Seat(*party_id));
                    self.plan(change.at + in_minutes(60.0), Deed::GiveUp(*party_id));
                }
                Event::PartyAdded { party_id, .. } => {
                    let patience = self.minutes(25.0, 70.0);
                    self.plan(change.at + patience, Deed::GiveUp(*party_id));
                    let walk = self.minutes(0.5, 2.5);
                    self.plan(change.at + walk, Deed::Seat(*party_id));
                }
                Event::PartySeated { turn_id, covers, .. } => self.plan_stay(*turn_id, *covers, change.at),
                Event::TurnClosed { turn_id, .. } => {
                    let tables = floor.closed_turns.get(turn_id).map(|it| it.table_ids.clone());
                    for table_id in tables.unwrap_or_default() {
                        self.plan(change.at + SignedDuration::from_secs(5), Deed::Soil(table_id));
                        let work = self.minutes(2.0, 6.0);
                        self.plan(change.at + work, Deed::Clean(table_id));
                    }
                }
                _ => {}
            }
        }
    }

    fn arrive(&mut self, now: Timestamp) -> Option<Command> {
        self.plan_next_arrival(now);
        if self.closes_at.is_some_and(|it| now >= it) {
            return None;
        }
        let covers = self.party_size();
        let is_phoned = self.rng.random_bool(0.2);
        let from_minutes = self.rng.random_range(1..4) * 5;
        let guest = names::guest(&mut self.rng);
        Some(Command::AddParty(PartyDetails {
            source: if is_phoned { Source::Phone } else { Source::WalkIn },
            quote: Some(Quote {
                from_minutes,
                to_minutes: from_minutes + 10,
            }),
            name: guest.name,
            phone: guest.phone,
            notes: guest.notes,
            family_name: guest.family_name,
            ..PartyDetails::of(covers)
        }))
    }

    fn seat(&mut self, floor: &Floor, party_id: PartyId, now: Timestamp) -> Option<Command> {
        let party = floor.parties.get(&party_id).filter(|it| it.state.is_expected())?;
        let Some(table_ids) = self.tables_for(floor, party) else {
            let wait = self.minutes(1.5, 4.0);
            self.plan(now + wait, Deed::Seat(party_id));
            return None;
        };
        if party.state == PartyState::Waiting && self.rng.random_bool(0.5) {
            let walk = self.minutes(1.0, 3.0);
            self.plan(now + walk, Deed::Seat(party_id));
            return Some(Command::NotifyParty { party_id });
        }
        Some(Command::SeatParty {
            party_id,
            table_ids,
            admission: Admission::STRICT,
        })
    }

    /// Who calls ahead gets a table kept, if one is free.
    fn reserve(&mut self, floor: &Floor, party_id: PartyId) -> Option<Command> {
        let party = floor.parties.get(&party_id).filter(|it| it.state.is_expected())?;
        let table_id = *self.tables_for(floor, party)?.first()?;
        Some(Command::SetTableState {
            table_id,
            state: SettableState::Reserved,
            party_id: Some(party_id),
        })
    }

    /// The table that fits best, or two pushed together for a large party.
    fn tables_for(&mut self, floor: &Floor, party: &Party) -> Option<Vec<TableId>> {
        let kept = TableState::Reserved {
            party_id: Some(party.id),
        };
        if let Some(table) = floor.tables.values().find(|it| it.state == kept) {
            return Some(vec![table.id]);
        }
        let mut free: Vec<&Table> = floor
            .tables
            .values()
            .filter(|it| it.details.active && it.state == TableState::Available)
            .collect();
        free.sort_by_key(|it| (it.details.seats.max, it.id));
        let fitting: Vec<&&Table> = free
            .iter()
            .filter(|it| it.details.seats.max >= party.covers)
            .filter(|it| it.details.seats.max.get() <= party.covers.get() + 2)
            .collect();
        if !fitting.is_empty() {
            // Of the smallest that fit, any: a room does not fill from one corner.
            let smallest = fitting[0].details.seats.max;
            let best: Vec<_> = fitting
                .iter()
                .filter(|it| it.details.seats.max == smallest)
                .collect();
            return Some(vec![best[self.rng.random_range(0..best.len())].id]);
        }
        if party.covers.get() < 5 {
            return free
                .iter()
                .find(|it| it.details.seats.max >= party.covers)
                .filter(|it| it.details.seats.max.get() <= party.covers.get() + 4)
                .map(|it| vec![it.id]);
        }
        let sides: Vec<&&Table> = free.iter().filter(|it| it.details.combinable).collect();
        let pairs = sides
            .iter()
            .enumerate()
            .flat_map(|(nth, one)| sides[nth + 1..].iter().map(move |it| (one, it)));
        let is_fit = |(one, other): &(&&&Table, &&&Table)| {
            let seats = one.details.seats.max.get() + other.details.seats.max.get();
            let is_near =
                one.details.plan_id == other.details.plan_id && distance(one, other) <= NEXT_TO_EACH_OTHER;
            is_near && seats >= party.covers.get()
        };
        let nearest = pairs
            .filter(is_fit)
            .min_by(|a, b| distance(a.0, a.1).total_cmp(&distance(b.0, b.1)));
        nearest.map(|(one, other)| vec![one.id, other.id])
    }

    /// Now and then a party asks for another table, or a friend joins.
    fn wander(&mut self, floor: &Floor, turn_id: TurnId) -> Option<Command> {
        let turn = floor.turns.get(&turn_id)?;
        if self.rng.random_bool(0.5) {
            let table_id = *floor.free_tables(turn.covers).first()?;
            let admission = Admission::STRICT;
            return Some(Command::MoveTurn {
                turn_id,
                table_ids: vec![table_id],
                admission,
            });
        }
        let covers = Covers::new(i64::from(turn.covers.get()) + 1).ok()?;
        Some(Command::ChangeCovers {
            turn_id,
            covers,
            admission: Admission::STRICT,
        })
    }

    fn plan_stay(&mut self, turn_id: TurnId, covers: Covers, at: Timestamp) {
        let mean = MEAN_STAY[usize::from(covers.get()).clamp(1, 8) - 1];
        let spread = LogNormal::new(mean.ln() - STAY_SPREAD * STAY_SPREAD / 2.0, STAY_SPREAD);
        let minutes = spread
            .map_or(mean, |it| it.sample(&mut self.rng))
            .clamp(15.0, 240.0);
        for (part, stage) in [
            (0.14, Stage::Ordered),
            (0.38, Stage::Served),
            (0.84, Stage::BillDropped),
            (0.93, Stage::Paid),
        ] {
            let part = part * self.rng.random_range(0.85..1.15);
            self.plan(at + in_minutes(minutes * part), Deed::Advance(turn_id, stage));
        }
        if self.rng.random_bool(0.04) {
            self.plan(at + in_minutes(minutes * 0.2), Deed::Wander(turn_id));
        }
        self.plan(at + in_minutes(minutes), Deed::Close(turn_id));
    }

    fn plan_next_arrival(&mut self, now: Timestamp) {
        // Looked at every few minutes at the latest, so that a change of pace is noticed.
        let per_hour = self.parties_per_hour(now);
        let gap = Exp::new(per_hour / 60.0).map_or(10.0, |it| it.sample(&mut self.rng));
        let is_idle = per_hour < 0.1;
        let at = now + in_minutes(if is_idle { 10.0 } else { gap.min(30.0) });
        if self.closes_at.is_none_or(|it| at < it) && !is_idle {
            self.plan(at, Deed::Arrive);
        } else if self.closes_at.is_none_or(|it| at < it) {
            // The house is closed at this hour: look again later.
            let mut later = at;
            while self.parties_per_hour(later) < 0.1 {
                later += SignedDuration::from_mins(10);
            }
            if self.closes_at.is_none_or(|it| later < it) {
                self.plan(later, Deed::Arrive);
            }
        }
    }

    /// Parties that come in an hour, for a house that is full at its peaks.
    fn parties_per_hour(&self, at: Timestamp) -> f64 {
        let full = self.n_seats / 5.2;
        match &self.pace {
            Pace::AlwaysEvening => full,
            Pace::ByTheClock(zone) => {
                let local = at.to_zoned(zone.clone());
                let hour = f64::from(local.hour()) + f64::from(local.minute()) / 60.0;
                let peak = |middle: f64, width: f64| (-((hour - middle) / width).powi(2)).exp();
                let is_open = (11.5..22.5).contains(&hour);
                let weekday = f64::from(local.weekday().to_monday_zero_offset());
                let busy = if weekday >= 4.0 {
                    1.15
                } else {
                    0.7 + 0.05 * weekday
                };
                let curve = 0.12 + 0.5 * peak(12.8, 0.9) + 0.95 * peak(18.6, 0.8) + 0.9 * peak(20.4, 0.7);
                if is_open { full * busy * curve } else { 0.0 }
            }
        }
    }

    fn party_size(&mut self) -> Covers {
        let mut drawn = self.rng.random_range(0..100);
        for (index, percent) in SIZE_PERCENT.iter().enumerate() {
            if drawn < *percent {
                return Covers::new(index as i64 + 1).unwrap_or(Covers::ONE);
            }
            drawn -= percent;
        }
        Covers::ONE
    }

    fn minutes(&mut self, from: f64, to: f64) -> SignedDuration {
        in_minutes(self.rng.random_range(from..to))
    }

    fn plan(&mut self, at: Timestamp, deed: Deed) {
        self.n_planned += 1;
        self.plan.insert((at, self.n_planned), deed);
    }
}

fn give_up(floor: &Floor, party_id: PartyId, is_silent: bool) -> Option<Command> {
    let party = floor.parties.get(&party_id).filter(|it| it.state.is_expected())?;
    let party_id = party.id;
    Some(if is_silent {
        Command::MarkNoShow { party_id }
    } else {
        Command::CancelParty { party_id }
    })
}

fn set_if(floor: &Floor, table_id: TableId, from: TableState, state: SettableState) -> Option<Command> {
    let is_so = floor.tables.get(&table_id).is_some_and(|it| it.state == from);
    is_so.then_some(Command::SetTableState {
        table_id,
        state,
        party_id: None,
    })
}

/// How far apart two tables stand that are pushed together, in plan units.
const NEXT_TO_EACH_OTHER: f64 = 170.0;

fn distance(one: &Table, other: &Table) -> f64 {
    let (dx, dy) = (
        one.details.x.get() - other.details.x.get(),
        one.details.y.get() - other.details.y.get(),
    );
    dx.hypot(dy)
}

fn in_minutes(minutes: f64) -> SignedDuration {
    #[expect(clippy::cast_possible_truncation, reason = "an evening has few microseconds")]
    SignedDuration::from_micros((minutes * 60e6) as i64)
}
