//! How long parties stay, and how long they still do.

use crate::house::{covers, past};
use insight::{Range, Stay, Stays};

fn remaining(stays: &Stays, count: u8, elapsed_minutes: i64) -> (i64, i64) {
    let range = stays.remaining(covers(count), elapsed_minutes * 60);
    (range.early_seconds / 60, range.late_seconds / 60)
}

#[test]
fn a_new_house_goes_by_published_figures() {
    let stays = Stays::default();
    assert_eq!(remaining(&stays, 2, 0), (34, 56));
    assert_eq!(remaining(&stays, 4, 0), (39, 65));
    assert_eq!(remaining(&stays, 8, 0), (54, 90));
    assert_eq!(remaining(&stays, 60, 0), (54, 90));
    assert_eq!(stays.known(covers(4)), 0);
}

#[test]
fn what_is_left_of_a_stay_shrinks_more_slowly_than_time_passes() {
    let stays = Stays::default();
    assert_eq!(remaining(&stays, 2, 20), (14, 36));
    assert_eq!(remaining(&stays, 2, 40), (5, 24));
    assert_eq!(remaining(&stays, 2, 55), (4, 25));
}

#[test]
fn a_house_with_stays_enough_goes_by_its_own() {
    let stays = Stays::of(past(23, 4, 90));
    assert_eq!(remaining(&stays, 4, 0), (84, 96));
    assert_eq!(stays.known(covers(4)), 23);
}

#[test]
fn who_sits_already_is_compared_with_those_who_sat_longer() {
    let stays = Stays::of(past(23, 4, 90));
    // Left are the eleven stays of 91 to 101 minutes; the third and the ninth are their quartiles.
    assert_eq!(remaining(&stays, 4, 90), (3, 9));
}

#[test]
fn who_sits_longer_than_almost_anybody_leaves_soon() {
    let tail = Range {
        early_seconds: 300,
        late_seconds: 1_200,
    };
    let stays = Stays::of(past(23, 4, 90));
    assert_eq!(stays.remaining(covers(4), 98 * 60), tail);
    assert_eq!(stays.remaining(covers(4), 500 * 60), tail);
    assert_eq!(Stays::default().remaining(covers(2), i64::MAX), tail);
}

#[test]
fn a_stay_that_begins_in_the_future_has_not_begun() {
    let stays = Stays::default();
    assert_eq!(stays.remaining(covers(2), -60), stays.remaining(covers(2), 0));
}

#[test]
fn slips_and_forgotten_turns_are_not_stays() {
    let absurd = [0, 299, 6 * 3_600 + 1, -600, i64::MAX];
    let stays = Stays::of(absurd.map(|seconds| Stay {
        covers: covers(2),
        seconds,
    }));
    assert_eq!(stays.known(covers(2)), 0);
    let plausible = Stays::of([300, 6 * 3_600].map(|seconds| Stay {
        covers: covers(2),
        seconds,
    }));
    assert_eq!(plausible.known(covers(2)), 2);
}

#[test]
fn a_size_that_is_rare_borrows_from_its_neighbours() {
    let stays = Stays::of(past(31, 5, 120));
    // By the published means, six stay 63 minutes where five stay 60.
    assert_eq!(remaining(&stays, 6, 0), (117, 134));
    assert_eq!(stays.known(covers(6)), 20);
    assert_eq!(stays.known(covers(7)), 0, "five are no neighbours of seven");
}

#[test]
fn a_few_stays_move_the_published_figures_a_little() {
    let (published, _) = remaining(&Stays::default(), 2, 0);
    let some = Stays::of(past(5, 2, 90));
    let (early, late) = remaining(&some, 2, 0);
    assert!(
        published < early && early < 85 && late > 55,
        "{early} to {late} minutes"
    );
    assert_eq!(some.known(covers(2)), 5);
}

#[test]
fn old_habits_are_forgotten() {
    let long_ago = past(600, 2, 310);
    let lately = (0..500).map(|_| Stay {
        covers: covers(2),
        seconds: 1_800,
    });
    let stays = Stays::of(long_ago.chain(lately));
    assert_eq!(stays.known(covers(2)), 500);
    assert_eq!(remaining(&stays, 2, 0), (30, 30));
}
