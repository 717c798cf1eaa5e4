//! What holds in every house, however odd.

use crate::house::{House, covers, expectation};
use floor::PartyId;
use insight::{Stay, Stays, Wait};
use jiff::SignedDuration;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

/// What a table is like when the guests come.
#[derive(Clone, Debug)]
enum Found {
    Free,
    Taken { covers: u8, minutes_ago: i64 },
    Set(&'static str),
}

fn found() -> impl Strategy<Value = Found> {
    prop_oneof![
        1 => Just(Found::Free),
        6 => (1..9_u8, 0..120_i64).prop_map(|(covers, minutes_ago)| Found::Taken { covers, minutes_ago }),
        1 => prop::sample::select(vec!["dirty", "blocked", "maintenance", "reserved"]).prop_map(Found::Set),
    ]
}

fn stays() -> impl Strategy<Value = Stays> {
    let stay = (1..10_u8, 0..25_000_i64).prop_map(|(count, seconds)| Stay {
        covers: covers(count),
        seconds,
    });
    vec(stay, 0..150).prop_map(Stays::of)
}

/// A house with these tables, in the middle of an evening, and a list of parties that nothing is kept for.
fn house_with(tables: impl Strategy<Value = Vec<(u8, Found)>>) -> impl Strategy<Value = House> {
    (tables, vec(1..10_u8, 0..12), stays(), any::<bool>()).prop_map(|(tables, line, stays, cleans)| {
        let mut house = House::open();
        house.stays = stays;
        house.say(json!({ "change_settings": { "clean_after_close": cleans } }));
        for (seats, found) in tables {
            let table = house.table(seats);
            match found {
                Found::Free => {}
                Found::Taken { covers, minutes_ago } => {
                    house.sat_down(&[table], covers, minutes_ago);
                }
                Found::Set(state) => house.set(table, state),
            }
        }
        for covers in line {
            house.add(covers);
        }
        house
    })
}

fn any_house() -> impl Strategy<Value = House> {
    house_with(vec((1..9_u8, found()), 0..12))
}

fn house_of_equal_tables() -> impl Strategy<Value = House> {
    (1..9_u8).prop_flat_map(|seats| house_with(vec((Just(seats), found()), 0..12)))
}

/// Both ends of a wait; in vain is longer than any.
fn ends(wait: &Wait) -> (u16, u16) {
    match wait {
        Wait::Table(it) => (it.quote.from_minutes, it.quote.to_minutes),
        _ => (u16::MAX, u16::MAX),
    }
}

fn is_no_longer(one: &Wait, than: &Wait) -> bool {
    let (one, than) = (ends(one), ends(than));
    one.0 <= than.0 && one.1 <= than.1
}

/// Everybody's wait, and that of newcomers of each size.
fn everybody(house: &House) -> Vec<(Option<PartyId>, Wait)> {
    let outlook = house.outlook();
    let line = outlook.parties().map(|(it, wait)| (Some(it), wait));
    let newcomers = (1..10).map(|it| (None, outlook.newcomer(covers(it))));
    line.chain(newcomers).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_left_of_a_stay_is_never_negative_and_never_upside_down(
        stays in stays(), count in 1..61_u8, elapsed in -100..30_000_i64,
    ) {
        let range = stays.remaining(covers(count), elapsed);
        prop_assert!(0 <= range.early_seconds && range.early_seconds <= range.late_seconds, "{:?}", range);
    }

    #[test]
    fn every_quote_is_one_that_the_floor_takes(mut house in any_house()) {
        for (_, wait) in everybody(&house) {
            if let Wait::Table(it) = wait {
                prop_assert!(it.quote.from_minutes <= it.quote.to_minutes);
                prop_assert_eq!((it.quote.from_minutes % 5, it.quote.to_minutes % 5), (0, 0));
                prop_assert!(it.frees_at >= house.now);
                house.say(json!({ "add_party": { "covers": 1, "quote": it.quote } }));
            }
        }
    }

    #[test]
    fn nobody_is_sent_to_a_table_too_small_or_out_of_service(house in any_house()) {
        let outlook = house.outlook();
        for count in 1..10 {
            let fits = |it: &&floor::Table| it.details.seats.max >= covers(count);
            let wait = outlook.newcomer(covers(count));
            match &wait {
                Wait::Table(it) => prop_assert!(fits(&&house.floor.tables[&it.table_id])),
                Wait::OutOfService => prop_assert!(house.floor.tables.values().any(|it| fits(&it))),
                Wait::TooLarge { .. } => prop_assert!(!house.floor.tables.values().any(|it| fits(&it))),
            }
        }
    }

    #[test]
    fn a_larger_party_never_waits_less_at_the_door(house in any_house()) {
        let outlook = house.outlook();
        for count in 1..9 {
            let (smaller, larger) = (outlook.newcomer(covers(count)), outlook.newcomer(covers(count + 1)));
            prop_assert!(is_no_longer(&smaller, &larger), "{:?} but {:?}", smaller, larger);
        }
    }

    #[test]
    fn of_two_parties_of_one_size_the_earlier_never_waits_longer(house in any_house()) {
        let line: Vec<_> = house.outlook().parties().collect();
        for (at, (one, early)) in line.iter().enumerate() {
            for (other, late) in &line[at..] {
                let is_same_size = house.floor.parties[one].covers == house.floor.parties[other].covers;
                prop_assert!(!is_same_size || is_no_longer(early, late), "{:?} but {:?}", early, late);
            }
        }
    }

    #[test]
    fn one_more_at_the_end_of_the_list_shortens_nobodys_wait(mut house in any_house(), count in 1..10_u8) {
        let before = everybody(&house);
        let last = house.add(count);
        let after: Vec<_> = everybody(&house).into_iter().filter(|(it, _)| *it != Some(last)).collect();
        for ((_, before), (party, after)) in before.iter().zip(&after) {
            prop_assert!(is_no_longer(before, after), "{:?} but {:?}", before, after);
            prop_assert!(party.is_none() || before == after, "those ahead do not notice");
        }
    }

    #[test]
    fn who_joins_the_list_waits_as_long_as_was_said_at_the_door(mut house in any_house(), count in 1..10_u8) {
        let at_the_door = house.newcomer(count);
        let joined = house.add(count);
        prop_assert_eq!(house.outlook().party(joined), Some(at_the_door));
    }

    #[test]
    fn where_nobody_waits_a_table_that_is_freed_lengthens_no_wait(mut house in any_house(), pick: prop::sample::Index) {
        for party in house.floor.parties.clone().into_values().filter(|it| it.state.is_expected()) {
            house.say(json!({ "cancel_party": { "party_id": party.id } }));
        }
        freeing_lengthens_no_wait(house, pick)?;
    }

    #[test]
    fn among_equal_tables_one_that_is_freed_lengthens_no_wait(house in house_of_equal_tables(), pick: prop::sample::Index) {
        freeing_lengthens_no_wait(house, pick)?;
    }

    #[test]
    fn among_equal_tables_who_gives_up_lengthens_no_wait(mut house in house_of_equal_tables(), pick: prop::sample::Index) {
        let Some((gone, _)) = house.outlook().parties().nth(pick.index(12)) else {
            return Ok(());
        };
        let before = everybody(&house);
        house.say(json!({ "cancel_party": { "party_id": gone } }));
        let before = before.iter().filter(|(it, _)| *it != Some(gone));
        for ((_, before), (_, after)) in before.zip(&everybody(&house)) {
            prop_assert!(is_no_longer(after, before), "{:?}, then {:?}", before, after);
        }
    }

    #[test]
    fn a_kept_table_makes_its_party_wait_not_at_all(mut house in any_house(), count in 1..10_u8) {
        let guest = house.add(count);
        let table = house.table(count);
        house.keep(table, guest);
        house.now += SignedDuration::from_mins(1);
        let wait = house.outlook().party(guest).expect("the guest is on the list");
        prop_assert_eq!(ends(&wait), (0, 0));
        prop_assert_eq!(expectation(&wait).table_id, table);
    }
}

fn freeing_lengthens_no_wait(mut house: House, pick: prop::sample::Index) -> Result<(), TestCaseError> {
    let turns: Vec<_> = house.floor.turns.keys().copied().collect();
    if turns.is_empty() {
        return Ok(());
    }
    let before = everybody(&house);
    house.close(*pick.get(&turns));
    for ((_, before), (_, after)) in before.iter().zip(&everybody(&house)) {
        prop_assert!(is_no_longer(after, before), "{before:?}, then {after:?}");
    }
    Ok(())
}
