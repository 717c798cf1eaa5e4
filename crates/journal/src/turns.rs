//! The read model of closed turns, and the one function that says what happens to it.

use floor::{
    Change, Covers, Event, Floor, PartyId, PlanId, RestaurantId, SectionId, Seq, StaffId, Stage, TableId,
    Touched, Turn, TurnId,
};
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// A closed turn, with the days it counts for already worked out in the restaurant's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnRow {
    /// Where.
    pub restaurant_id: RestaurantId,
    /// Which turn.
    pub turn_id: TurnId,
    /// The change that closed it.
    pub seq: Seq,
    /// Whose stay it was.
    pub party_id: Option<PartyId>,
    /// Who served it in the end.
    pub waiter_id: Option<StaffId>,
    /// Where it sat in the end, first table first.
    pub table_ids: Vec<TableId>,
    /// The first table's section when the turn closed.
    pub section_id: Option<SectionId>,
    /// The first table's plan when the turn closed.
    pub plan_id: Option<PlanId>,
    /// How many sat there in the end.
    pub covers: Covers,
    /// When it began.
    pub opened_at: Timestamp,
    /// When it ended.
    pub closed_at: Timestamp,
    /// How long it took, in whole seconds.
    pub seconds: i64,
    /// Whether a rule was overridden to seat it.
    pub forced: bool,
    /// How far it came.
    pub stage: Stage,
    /// The calendar day of its opening.
    pub local_date: Date,
    /// The hour of its opening, by the restaurant's clock: 0 to 23.
    pub local_hour: i8,
    /// The weekday of `local_date`: 1 is Monday, 7 is Sunday.
    pub weekday: i8,
    /// The business day of its opening: before the hour at which days turn over, the day before.
    pub business_date: Date,
    /// The weekday of `business_date`: 1 is Monday, 7 is Sunday.
    pub business_weekday: i8,
}

/// What a change does to the closed turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TurnChange {
    /// A turn closed.
    Closed(TurnRow),
    /// A closed turn is open again, and no longer counted.
    Reopened {
        /// Which one.
        turn_id: TurnId,
    },
}

/// What a change did to a floor.
#[derive(Debug, Default)]
pub struct Folded {
    /// To the closed turns.
    pub turns: Vec<TurnChange>,
    /// To parties and tables.
    pub touched: Touched,
}

/// Takes `change` into `floor`, and says what it does to the closed turns, to parties and to tables.
///
/// Whoever writes or rebuilds uses this one function, so that both come to the same rows. Turns are
/// looked at between the events of the change: a batch may close several at one table.
pub fn fold(floor: &mut Floor, change: &Change) -> Folded {
    let mut folded = Folded::default();
    for event in &change.events {
        match event {
            Event::TurnClosed { turn_id, .. } => {
                let closed = floor.turns.get(turn_id);
                folded
                    .turns
                    .extend(closed.map(|it| TurnChange::Closed(row(floor, it, change))));
            }
            Event::TurnRestored { turn_id }
            | Event::StepUndone {
                turn_id: Some(turn_id),
                ..
            } if floor.closed_turns.contains_key(turn_id) => {
                folded.turns.push(TurnChange::Reopened { turn_id: *turn_id });
            }
            _ => {}
        }
        folded.touched.extend(floor.apply(event, change.at));
    }
    folded
}

fn row(floor: &Floor, turn: &Turn, change: &Change) -> TurnRow {
    let table = turn.table_ids.first().and_then(|it| floor.tables.get(it));
    let settings = floor.settings.as_ref();
    let zone = settings.map(|it| it.time_zone.clone()).unwrap_or_default().zone();
    let day_starts_hour = settings.map_or(0, |it| it.day_starts_hour.get());
    let opened = turn.opened_at.to_zoned(zone);
    let local_date = opened.date();
    let business_date = if opened.hour() < day_starts_hour {
        local_date.saturating_sub(Span::new().days(1))
    } else {
        local_date
    };
    TurnRow {
        restaurant_id: change.restaurant_id,
        turn_id: turn.id,
        seq: change.seq,
        party_id: turn.party_id,
        waiter_id: turn.waiter_id,
        table_ids: turn.table_ids.clone(),
        section_id: table.and_then(|it| it.details.section_id),
        plan_id: table.and_then(|it| it.details.plan_id),
        covers: turn.covers,
        opened_at: turn.opened_at,
        closed_at: change.at,
        seconds: change.at.duration_since(turn.opened_at).as_secs(),
        forced: turn.forced,
        stage: turn.stage,
        local_date,
        local_hour: opened.hour(),
        weekday: local_date.weekday().to_monday_one_offset(),
        business_date,
        business_weekday: business_date.weekday().to_monday_one_offset(),
    }
}
