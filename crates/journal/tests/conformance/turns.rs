//! The read model of closed turns.

use crate::house::{House, walk_in};
use crate::places::on_every_engine;
use floor::{Command, Floor, Label, RestaurantId, Settings, Stage, TurnId};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use journal::{Journal, TurnChange, TurnRow, fold};

async fn all_turns(journal: &Journal, house: &House) -> Vec<TurnRow> {
    let (from, to) = (Timestamp::MIN, Timestamp::MAX);
    journal.turns(house.id, from, to, usize::MAX).await.unwrap()
}

#[tokio::test]
async fn a_closed_turn_is_listed_with_what_it_came_to() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let table_id = house.tables()[1];
        let turn_id = house.seat(&journal, table_id, "Ada").await;
        let stage = Stage::BillDropped;
        house
            .ask(&journal, Command::AdvanceStage { turn_id, stage })
            .await;
        assert!(all_turns(&journal, &house).await.is_empty());
        house.ask(&journal, Command::CloseTurn { turn_id }).await;

        let row = all_turns(&journal, &house).await.remove(0);
        assert_eq!((row.turn_id, row.stage, row.seq), (turn_id, stage, house.head));
        assert_eq!(row.table_ids, [table_id]);
        assert_eq!((row.seconds, row.covers.get(), row.forced), (120, 2, false));
    })
    .await;
}

#[tokio::test]
async fn a_restored_turn_is_not_listed_until_it_closes_again() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        house.evening(&journal, 1).await;
        let table_id = house.tables()[0];
        house.ask(&journal, Command::RestoreTurn { table_id }).await;
        assert!(all_turns(&journal, &house).await.is_empty());
        let turn_id = *house.floor.turns.first_key_value().unwrap().0;
        house.ask(&journal, Command::CloseTurn { turn_id }).await;
        let rows = all_turns(&journal, &house).await;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].seconds, 180);
    })
    .await;
}

#[tokio::test]
async fn one_change_may_close_several_turns_at_one_table() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let table_id = house.tables()[0];
        let first = house.seat(&journal, table_id, "Ada").await;
        let second = TurnId(first.0 + 1);
        let commands = vec![
            Command::CloseTurn { turn_id: first },
            walk_in(table_id, "Grace"),
            Command::CloseTurn { turn_id: second },
        ];
        house.ask(&journal, Command::Batch { commands }).await;

        let rows = all_turns(&journal, &house).await;
        assert_eq!(
            rows.iter().map(|it| it.turn_id).collect::<Vec<_>>(),
            [first, second]
        );
        assert_eq!(rows[1].seconds, 0);
    })
    .await;
}

#[tokio::test]
async fn turns_are_asked_for_by_when_they_opened() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        house.evening(&journal, 3).await;
        let all = all_turns(&journal, &house).await;
        let (from, to) = (all[1].opened_at, all[2].opened_at);
        let some = journal.turns(house.id, from, to, 10).await.unwrap();
        assert_eq!(some, all[1..2]);
        let first = journal
            .turns(house.id, Timestamp::MIN, Timestamp::MAX, 1)
            .await
            .unwrap();
        assert_eq!(first, all[..1]);
    })
    .await;
}

#[tokio::test]
async fn rebuilding_comes_to_the_same_rows() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        house.evening(&journal, 5).await;
        let table_id = house.tables()[0];
        house.ask(&journal, Command::RestoreTurn { table_id }).await;
        let before = all_turns(&journal, &house).await;
        assert_eq!(before.len(), 4);
        journal.close().await;
        place.meddle("DELETE FROM turns WHERE turn_id % 2 = 0");
        place.meddle("UPDATE turns SET covers = covers + 1");

        let journal = place.open().await;
        journal.rebuild_read_models().await.unwrap();
        assert_eq!(all_turns(&journal, &house).await, before);
        assert!(journal.check(|_| {}).await.unwrap().is_clean());
    })
    .await;
}

/// The row of a turn that opened at this moment in this zone, with days that turn over at 4.
fn row_of(zone: &str, opened_at: &str) -> TurnRow {
    let mut settings = Settings::named(Label::new("DST").unwrap());
    settings.time_zone = zone.to_owned().try_into().unwrap();
    let mut house = House::unwritten(RestaurantId(1));
    house.now = opened_at.parse().unwrap();
    let now = house.now;
    let changes = [
        house.decide(Command::OpenRestaurant(settings)),
        house.decide(crate::house::new_table(1)),
        house.decide(walk_in(floor::TableId(1), "Ada")),
        house.decide(Command::CloseTurn { turn_id: TurnId(1) }),
    ];
    let mut replayed = Floor::new(RestaurantId(1));
    let mut rows = Vec::new();
    for new in changes {
        let mut change = new.change;
        change.at = now;
        rows.extend(fold(&mut replayed, &change).turns);
    }
    match rows.remove(0) {
        TurnChange::Closed(row) => row,
        TurnChange::Reopened { .. } => panic!("nothing was reopened"),
    }
}

#[test]
fn days_and_hours_are_the_restaurant_s_also_when_its_clocks_change() {
    let day = |year, month, day| -> Date { date(year, month, day) };
    let cases = [
        // Paris, spring: 02:00 to 03:00 does not exist.
        (
            "Europe/Paris",
            "2026-03-29T00:59:59Z",
            day(2026, 3, 29),
            1,
            7,
            day(2026, 3, 28),
            6,
        ),
        (
            "Europe/Paris",
            "2026-03-29T01:00:00Z",
            day(2026, 3, 29),
            3,
            7,
            day(2026, 3, 28),
            6,
        ),
        (
            "Europe/Paris",
            "2026-03-29T02:00:00Z",
            day(2026, 3, 29),
            4,
            7,
            day(2026, 3, 29),
            7,
        ),
        (
            "Europe/Paris",
            "2026-03-28T22:59:59Z",
            day(2026, 3, 28),
            23,
            6,
            day(2026, 3, 28),
            6,
        ),
        // Paris, autumn: 02:30 comes twice.
        (
            "Europe/Paris",
            "2026-10-25T00:30:00Z",
            day(2026, 10, 25),
            2,
            7,
            day(2026, 10, 24),
            6,
        ),
        (
            "Europe/Paris",
            "2026-10-25T01:30:00Z",
            day(2026, 10, 25),
            2,
            7,
            day(2026, 10, 24),
            6,
        ),
        (
            "Europe/Paris",
            "2026-10-25T03:00:00Z",
            day(2026, 10, 25),
            4,
            7,
            day(2026, 10, 25),
            7,
        ),
        // New York, spring and autumn.
        (
            "America/New_York",
            "2026-03-08T06:59:59Z",
            day(2026, 3, 8),
            1,
            7,
            day(2026, 3, 7),
            6,
        ),
        (
            "America/New_York",
            "2026-03-08T07:00:00Z",
            day(2026, 3, 8),
            3,
            7,
            day(2026, 3, 7),
            6,
        ),
        (
            "America/New_York",
            "2026-03-08T08:00:00Z",
            day(2026, 3, 8),
            4,
            7,
            day(2026, 3, 8),
            7,
        ),
        (
            "America/New_York",
            "2026-11-01T05:30:00Z",
            day(2026, 11, 1),
            1,
            7,
            day(2026, 10, 31),
            6,
        ),
        (
            "America/New_York",
            "2026-11-01T06:30:00Z",
            day(2026, 11, 1),
            1,
            7,
            day(2026, 10, 31),
            6,
        ),
        (
            "America/New_York",
            "2026-11-02T03:00:00Z",
            day(2026, 11, 1),
            22,
            7,
            day(2026, 11, 1),
            7,
        ),
        // A new year, seen from before it.
        (
            "America/New_York",
            "2027-01-01T04:30:00Z",
            day(2026, 12, 31),
            23,
            4,
            day(2026, 12, 31),
            4,
        ),
    ];
    for (zone, opened_at, local_date, hour, weekday, business_date, business_weekday) in cases {
        let row = row_of(zone, opened_at);
        assert_eq!(
            (
                row.local_date,
                row.local_hour,
                row.weekday,
                row.business_date,
                row.business_weekday
            ),
            (local_date, hour, weekday, business_date, business_weekday),
            "{opened_at} in {zone}"
        );
    }
}
