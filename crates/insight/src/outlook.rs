//! What the people on the waitlist, and those in the door, have to expect.

use crate::seating::{Opening, Pace, Seating};
use crate::wait::quote;
use crate::{Expectation, Stays, Wait};
use floor::{Covers, Floor, Party, PartyId};
use jiff::{SignedDuration, Timestamp};

/// The rest of the evening as it looks from now, for everybody who waits.
///
/// It is played twice, once as if every stay ended at its lower quartile and once as if at its upper one, what
/// is left of those that have begun included. In both, the list is gone through from its oldest party (time
/// added, then id); each takes the table with enough seats that is free first, the smallest of several. A table
/// that is available is free now, a dirty one after 5 to 10 minutes, an occupied one when its turn is
/// over (and cleaned up after, where the house does that), one kept for a party now and for that party.
/// Tables that are blocked, under maintenance, inactive or kept for nobody in particular never are.
/// A quote reaches from the shorter of the two waits to the longer one.
///
/// What that leaves out errs towards quoting more than comes true. Not all stays are long on one evening, so the
/// true wait behind a long list is nearer to the middle of the quote; and where many tables fit, the first of
/// them is free sooner than any one of them can be relied on. Nobody is seated at tables pushed together, and
/// parties that are late, or give up, count as if they came.
///
/// # What holds, and what does not
///
/// One more party at the end of the list shortens nobody's wait, and a larger newcomer never waits less than a
/// smaller one. But a table that is free sooner, or a party that gives up, *can* lengthen somebody's wait: a
/// pair that takes a large table because the small one is still in use has it when the next large party
/// wants it. Hosts who seat whoever is first do the same. Where all tables have the same seats, or nobody
/// waits, that cannot happen.
#[derive(Clone, Debug)]
pub struct Outlook {
    now: Timestamp,
    /// Who waits, first in line first.
    line: Vec<(PartyId, Covers)>,
    early: Seating,
    late: Seating,
    /// The seats of the largest table in use.
    seats_max: Option<Covers>,
}

impl Outlook {
    /// Looks ahead from `now`. Takes time in proportion to tables and parties, and to the logarithm of the tables.
    #[must_use]
    pub fn of(floor: &Floor, stays: &Stays, now: Timestamp) -> Outlook {
        let line = line(floor);
        let in_use = floor.tables.values().filter(|it| it.details.active);
        Outlook {
            now,
            early: Seating::play(floor, stays, now, &line, Pace::Early),
            late: Seating::play(floor, stays, now, &line, Pace::Late),
            seats_max: in_use.map(|it| it.details.seats.max).max(),
            line: line.iter().map(|it| (it.id, it.covers)).collect(),
        }
    }

    /// How long a party of `covers` waits that joins the end of the list now.
    #[must_use]
    pub fn newcomer(&self, covers: Covers) -> Wait {
        let early = self.early.of_newcomer(covers);
        let late = self.late.of_newcomer(covers);
        self.wait(covers, self.line.len(), early, late)
    }

    /// How long a party waits that is on the list already; none if it is not.
    #[must_use]
    pub fn party(&self, party_id: PartyId) -> Option<Wait> {
        let ahead = self.line.iter().position(|(it, _)| *it == party_id)?;
        Some(self.in_line(ahead))
    }

    /// Everybody on the list, first in line first, and how long they wait.
    pub fn parties(&self) -> impl Iterator<Item = (PartyId, Wait)> {
        let line = self.line.iter().enumerate();
        line.map(|(ahead, (party_id, _))| (*party_id, self.in_line(ahead)))
    }

    fn in_line(&self, ahead: usize) -> Wait {
        let (party_id, covers) = self.line[ahead];
        let early = self.early.of_party(party_id);
        let late = self.late.of_party(party_id);
        self.wait(covers, ahead, early, late)
    }

    fn wait(&self, covers: Covers, ahead: usize, early: Option<Opening>, late: Option<Opening>) -> Wait {
        // The two evenings differ in when tables are free, not in which ever are.
        let Some((early, late)) = early.zip(late) else {
            return self.in_vain(covers);
        };
        let frees_in = SignedDuration::from_secs(early.in_seconds);
        Wait::Table(Expectation {
            quote: quote(early.in_seconds, late.in_seconds),
            parties_ahead: ahead,
            table_id: early.table_id,
            frees_at: self.now.checked_add(frees_in).unwrap_or(Timestamp::MAX),
            stays: early.stays,
        })
    }

    fn in_vain(&self, covers: Covers) -> Wait {
        match self.seats_max {
            Some(seats_max) if seats_max >= covers => Wait::OutOfService,
            seats_max => Wait::TooLarge { seats_max },
        }
    }
}

/// Who may still be seated, first come first.
fn line(floor: &Floor) -> Vec<&Party> {
    let mut line: Vec<&Party> = floor
        .parties
        .values()
        .filter(|it| it.state.is_expected())
        .collect();
    line.sort_by_key(|it| (it.added_at, it.id));
    line
}
