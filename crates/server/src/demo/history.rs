//! Past evenings of the demo house, written through the same rules with a clock of their own.
//!
//! Whole days up to this morning, so that reports have something to report; then the last two hours as
//! on a good evening, so that the room is alive when the first screen opens.

use super::evening::{Evening, Pace};
use super::house::{BuildError, House};
use floor::{By, Change, Floor, Ids, Kind, Role, Seq, StaffId, StaffMember};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use journal::{Append, AppendError, Journal, NewChange, Snapshot, StorageError};

/// How much past to write.
#[derive(Clone, Copy, Debug)]
pub struct Past {
    /// Whole days before this one.
    pub n_days: u32,
    /// Whether to fill the room for now.
    pub is_warm: bool,
    /// The same seed, the same past.
    pub seed: u64,
}

impl Past {
    /// When the house was furnished: before anything happens in it.
    #[must_use]
    pub fn begins_at(&self, now: Timestamp) -> Timestamp {
        if self.n_days == 0 {
            return if self.is_warm { now - WARM_UP } else { now };
        }
        // Two days more than whole days: "today" differs from zone to zone.
        now - WARM_UP - SignedDuration::from_hours(24 * (i64::from(self.n_days) + 2))
    }
}

/// How long the room has been filling when the demo starts.
const WARM_UP: SignedDuration = SignedDuration::from_mins(110);
/// Changes written together.
const CHANGES_TOGETHER: usize = 500;
/// Ids reserved together.
const IDS_TOGETHER: u64 = 4_096;

/// Writes the past of a furnished restaurant that nobody has entered yet. Answers the guests and staff
/// who go on from there.
pub async fn write_history(
    journal: &Journal,
    house: &House,
    past: Past,
    now: Timestamp,
) -> Result<Evening, BuildError> {
    let restaurant_id = house.restaurant_id;
    let head = journal.head(restaurant_id).await?;
    let (floor, at) = journal
        .floor_at(restaurant_id, head)
        .await?
        .unwrap_or((Floor::new(restaurant_id), now));
    let zone = floor
        .settings
        .as_ref()
        .map_or(TimeZone::UTC, |it| it.time_zone.zone());
    let seed = past.seed.wrapping_mul(1_000).wrapping_add(restaurant_id.0);
    let mut writing = Writing {
        journal: journal.clone(),
        floor,
        seq: head,
        at,
        ids: Ids::default(),
        batch: Vec::new(),
    };

    let today = now.to_zoned(zone.clone()).date();
    let first = today.saturating_sub(i64::from(past.n_days).days());
    let morning = first.to_zoned(zone.clone()).map_or(now, |it| it.timestamp());
    let mut evening = Evening::new(seed, Pace::ByTheClock(zone.clone()), &writing.floor, morning);
    let mut day = first;
    while day < today {
        // The door closes at 22:30, the last guests leave when they like.
        let closes = day
            .to_datetime(Time::constant(22, 30, 0, 0))
            .to_zoned(zone.clone());
        let opens = day.tomorrow().unwrap_or(day).to_zoned(zone.clone());
        if let (Ok(closes), Ok(opens)) = (closes, opens) {
            evening.close_door(closes.timestamp());
            writing.play(&mut evening, now - WARM_UP).await?;
            evening.open_door(opens.timestamp().max(closes.timestamp()));
        }
        day = day.tomorrow().unwrap_or(today);
    }
    let start = now
        - if past.is_warm {
            WARM_UP
        } else {
            SignedDuration::ZERO
        };
    let mut evening = Evening::new(seed ^ 0xE7E, Pace::AlwaysEvening, &writing.floor, start);
    evening.take_over(&writing.floor, start);
    if past.is_warm {
        writing.play(&mut evening, now).await?;
    }
    writing.finish().await?;
    Ok(evening)
}

/// The past as far as it has been worked out, and what of it is not written yet.
struct Writing {
    journal: Journal,
    floor: Floor,
    seq: Seq,
    at: Timestamp,
    ids: Ids,
    batch: Vec<NewChange>,
}

impl Writing {
    /// Lets `evening` happen until `until`, or until nothing more is planned.
    async fn play(&mut self, evening: &mut Evening, until: Timestamp) -> Result<(), BuildError> {
        while let Some(next_at) = evening.next_at().filter(|it| *it <= until) {
            let now = next_at.max(self.at);
            let Some(command) = evening.act(&self.floor, now) else {
                continue;
            };
            for kind in Kind::ALL {
                if self.ids.left(kind) < command.draws(kind) {
                    let first = self.journal.reserve_ids(kind, IDS_TOGETHER).await?;
                    self.ids.refill(kind, first, IDS_TOGETHER);
                }
            }
            // Refused: somebody meant to do what no longer makes sense.
            let Ok(decision) = self.floor.decide(&command, now, &mut self.ids) else {
                continue;
            };
            let change = Change {
                restaurant_id: self.floor.restaurant_id,
                seq: self.seq.next(),
                at: now,
                by: By {
                    subject: None,
                    staff_id: self.somebody(),
                    key: None,
                    surface: "demo".to_owned(),
                },
                events: decision.events,
            };
            let turns = journal::fold(&mut self.floor, &change).turns;
            (self.seq, self.at) = (change.seq, change.at);
            evening.hear(&change, &self.floor);
            self.batch.push(NewChange {
                change,
                guests: decision.guests,
                turns,
                key: None,
            });
            if self.batch.len() >= CHANGES_TOGETHER {
                self.write().await?;
            }
        }
        Ok(())
    }

    /// Who does it all: the host, or whoever else works here.
    fn somebody(&self) -> Option<StaffId> {
        let is_host = |it: &&StaffMember| it.details.roles.contains(&Role::Host);
        let host = self.floor.staff.values().find(is_host);
        host.or(self.floor.staff.values().next()).map(|it| it.id)
    }

    async fn write(&mut self) -> Result<(), StorageError> {
        let changes = std::mem::take(&mut self.batch);
        match self.journal.append(Append { changes }).await {
            Ok(()) => Ok(()),
            Err(AppendError::Storage(error)) => Err(error),
            Err(AppendError::Conflict { .. }) => {
                unreachable!("nobody else writes before the demo house is entered")
            }
        }
    }

    async fn finish(mut self) -> Result<(), StorageError> {
        if !self.batch.is_empty() {
            self.write().await?;
        }
        let snapshot = Snapshot {
            seq: self.seq,
            at: self.at,
            floor: self.floor,
        };
        self.journal.save_snapshot(&snapshot).await
    }
}
