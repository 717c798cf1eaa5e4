//! What guests are told at the door.

use crate::house::{House, covers, expectation, minutes, past};
use insight::{Stays, Wait};
use jiff::SignedDuration;
use serde_json::json;

#[test]
fn who_finds_a_free_table_waits_not_at_all() {
    let mut house = House::open();
    house.table(6);
    let small = house.table(4);
    let wait = house.newcomer(3);
    let it = expectation(&wait);
    assert_eq!(minutes(&wait), (0, 0));
    assert_eq!((it.table_id, it.frees_at), (small, house.now));
    assert_eq!((it.parties_ahead, it.stays), (0, None));
}

#[test]
fn a_full_house_quotes_what_is_left_of_the_shortest_stay() {
    let mut house = House::open();
    house.stays = Stays::of(past(39, 4, 60));
    let (first, second) = (house.table(4), house.table(4));
    house.sat_down(&[first], 4, 5);
    house.sat_down(&[second], 4, 30);
    let wait = house.newcomer(2);
    let it = expectation(&wait);
    // The quartiles of the past stays are 50 and 70 minutes.
    assert_eq!(minutes(&wait), (20, 40));
    assert_eq!(it.table_id, second);
    assert_eq!(it.frees_at, house.now + SignedDuration::from_mins(20));
    assert_eq!(it.stays, Some(39));
}

#[test]
fn a_quote_is_rounded_outwards_to_five_minutes() {
    let mut house = House::open();
    house.stays = Stays::of(past(39, 4, 60));
    let table = house.table(4);
    house.sat_down(&[table], 4, 28);
    assert_eq!(house.quote(4), (20, 45), "for 22 to 42");
}

#[test]
fn those_ahead_take_the_tables_that_are_free_first() {
    let mut house = House::open();
    house.stays = Stays::of(past(39, 2, 60));
    let (near, far) = (house.table(2), house.table(2));
    house.sat_down(&[near], 2, 40);
    house.sat_down(&[far], 2, 20);
    let (ada, bo) = (house.add(2), house.add(2));
    let outlook = house.outlook();
    let waits: Vec<_> = outlook.parties().collect();
    assert_eq!(waits.iter().map(|(it, _)| *it).collect::<Vec<_>>(), [ada, bo]);
    let told: Vec<_> = waits.iter().map(|(_, it)| minutes(it)).collect();
    assert_eq!(told, [(10, 30), (30, 50)]);
    assert_eq!(outlook.party(bo).as_ref(), Some(&waits[1].1));
    let third = outlook.newcomer(covers(2));
    // Ada's own stay comes on top: 50 to 70 minutes.
    assert_eq!(minutes(&third), (60, 100));
    assert_eq!(expectation(&third).parties_ahead, 2);
    assert_eq!(expectation(&third).table_id, near);
}

#[test]
fn those_who_come_late_are_still_ahead_and_those_who_gave_up_are_not() {
    let mut house = House::open();
    house.table(2);
    let (ada, bo) = (house.add(2), house.add(2));
    house.say(json!({ "mark_party_late": { "party_id": ada } }));
    assert_eq!(expectation(&house.newcomer(2)).parties_ahead, 2);
    house.say(json!({ "cancel_party": { "party_id": bo } }));
    assert_eq!(expectation(&house.newcomer(2)).parties_ahead, 1);
    assert_eq!(house.outlook().party(bo), None);
    house.say(json!({ "cancel_party": { "party_id": ada } }));
    assert_eq!(house.quote(2), (0, 0));
}

#[test]
fn a_party_too_large_for_every_table_holds_nobody_up() {
    let mut house = House::open();
    house.table(4);
    let crowd = house.add(9);
    let too_large = Wait::TooLarge {
        seats_max: Some(covers(4)),
    };
    assert_eq!(house.outlook().party(crowd), Some(too_large));
    assert_eq!(house.quote(4), (0, 0));
}

#[test]
fn a_house_without_tables_in_use_is_too_small_for_anybody() {
    let mut house = House::open();
    let table = house.table(4);
    house.say(json!({ "update_table": { "table_id": table, "active": false } }));
    assert_eq!(house.newcomer(1), Wait::TooLarge { seats_max: None });
}

#[test]
fn tables_out_of_service_are_waited_for_in_vain() {
    let mut house = House::open();
    for state in ["blocked", "maintenance", "reserved"] {
        let table = house.table(4);
        house.set(table, state);
    }
    assert_eq!(house.newcomer(4), Wait::OutOfService);
}

#[test]
fn a_dirty_table_takes_a_few_minutes() {
    let mut house = House::open();
    let table = house.table(4);
    house.set(table, "dirty");
    assert_eq!(house.quote(2), (5, 10));
}

#[test]
fn a_house_that_cleans_after_its_guests_takes_that_time_too() {
    let mut house = House::open();
    house.stays = Stays::of(past(39, 4, 60));
    let table = house.table(4);
    house.sat_down(&[table], 4, 30);
    assert_eq!(house.quote(4), (20, 40));
    house.say(json!({ "change_settings": { "clean_after_close": true } }));
    assert_eq!(house.quote(4), (25, 50));
}

#[test]
fn a_kept_table_is_for_its_party_first() {
    let mut house = House::open();
    house.stays = Stays::of(past(39, 2, 60));
    let table = house.table(2);
    let (ada, bo) = (house.add(2), house.add(2));
    house.keep(table, bo);
    let outlook = house.outlook();
    assert_eq!(minutes(&outlook.party(bo).expect("Bo waits")), (0, 0));
    assert_eq!(minutes(&outlook.party(ada).expect("Ada waits")), (50, 70));
}

#[test]
fn a_party_that_outgrew_the_table_kept_for_it_leaves_it_to_others() {
    let mut house = House::open();
    house.stays = Stays::of(past(39, 4, 60));
    let (small, large) = (house.table(2), house.table(4));
    let ada = house.add(4);
    house.keep(small, ada);
    house.sat_down(&[large], 4, 30);
    let outlook = house.outlook();
    let ada = outlook.party(ada).expect("Ada waits");
    assert_eq!((minutes(&ada), expectation(&ada).table_id), ((20, 40), large));
    let pair = outlook.newcomer(covers(2));
    assert_eq!((minutes(&pair), expectation(&pair).table_id), ((20, 40), small));
}

#[test]
fn tables_pushed_together_are_free_together() {
    let mut house = House::open();
    house.stays = Stays::of(past(39, 8, 60));
    let (left, right) = (house.table(4), house.table(4));
    house.sat_down(&[left, right], 8, 30);
    house.add(4);
    assert_eq!(house.quote(4), (20, 40), "the other half is for the newcomers");
}

#[test]
fn a_quote_says_how_little_it_stands_on() {
    let mut house = House::open();
    house.stays = Stays::of(past(39, 2, 60).chain(past(3, 7, 90)));
    let table = house.table(8);
    house.sat_down(&[table], 2, 0);
    assert_eq!(expectation(&house.newcomer(2)).stays, Some(39));
    house.add(7);
    assert_eq!(expectation(&house.newcomer(2)).stays, Some(3));
}

#[test]
fn no_quote_is_longer_than_a_day() {
    let mut house = House::open();
    house.table(2);
    for _ in 0..60 {
        house.add(2);
    }
    assert_eq!(house.quote(2), (1_440, 1_440));
}

/// The price of seating whoever is first at whatever is free: see `Outlook`.
#[test]
fn a_large_table_that_is_free_too_soon_goes_to_a_pair() {
    let mut house = House::open();
    house.stays = Stays::of(past(39, 2, 60));
    let (small, large) = (house.table(2), house.table(8));
    house.sat_down(&[small], 2, 40);
    let turn = house.sat_down(&[large], 2, 35);
    house.add(2);
    assert_eq!(house.quote(8), (15, 35));
    house.close(turn);
    assert_eq!(house.quote(8), (50, 70), "the pair sits there now");
}

#[test]
fn an_answer_reads_as_json() {
    let mut house = House::open();
    house.table(4);
    let table = json!({
        "answer": "table",
        "quote": { "from_minutes": 0, "to_minutes": 0 },
        "parties_ahead": 0,
        "table_id": 1,
        "frees_at": "2026-11-20T19:00:00Z",
        "stays": null,
    });
    let told = |count| serde_json::to_value(house.newcomer(count)).expect("an answer is JSON");
    assert_eq!(told(4), table);
    assert_eq!(told(5), json!({ "answer": "too_large", "seats_max": 4 }));
}
