//! Turns.

use crate::script::check;
use expect_test::expect;

#[test]
fn a_turn_runs_from_seated_to_left() {
    check(expect![[r#"
        table 1 4         -> table_created table=1
        19:00
        walk-in Ada 3 1   -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        show turn Ada     -> party=Ada table=1 covers=3 last_activity=19:00 opened=19:00 stage=seated
        show 1            -> turn=Ada state=occupied state_since=19:00
        19:05
        touch Ada         -> turn_touched turn=Ada
        19:10
        stage Ada ordered -> stage_advanced turn=Ada stage=ordered
        show turn Ada     -> party=Ada table=1 covers=3 last_activity=19:10 opened=19:00 stage=ordered
        21:00
        close Ada         -> turn_closed turn=Ada tables_left=available
        show turn Ada     -> party=Ada table=1 closed=21:00 covers=3 last_activity=19:10 opened=19:00 stage=ordered
        show 1            -> state=available state_since=21:00
    "#]]);
}

#[test]
fn stages_may_be_skipped_but_not_gone_back_to() {
    check(expect![[r#"
        table 1 4              -> table_created table=1
        walk-in Ada 3 1        -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        stage Ada served       -> stage_advanced turn=Ada stage=served
        stage Ada ordered      -> refused: stage_passed turn=Ada stage=served
        stage Ada served       -> refused: stage_passed turn=Ada stage=served
        stage Ada bill_dropped -> stage_advanced turn=Ada stage=bill_dropped
        stage Ada paid         -> stage_advanced turn=Ada stage=paid
    "#]]);
}

#[test]
fn a_closed_turn_is_over() {
    check(expect![[r#"
        table 1 4       -> table_created table=1
        walk-in Ada 3 1 -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        close Ada       -> turn_closed turn=Ada tables_left=available
        close Ada       -> refused: turn_closed turn=Ada
        touch Ada       -> refused: turn_closed turn=Ada
        stage Ada paid  -> refused: turn_closed turn=Ada
        covers Ada 2    -> refused: turn_closed turn=Ada
        move Ada 1      -> refused: turn_closed turn=Ada
        touch #99       -> refused: unknown_turn turn=#99
        close #99       -> refused: unknown_turn turn=#99
        stage #99 paid  -> refused: unknown_turn turn=#99
        covers #99 1    -> refused: unknown_turn turn=#99
        move #99 1      -> refused: unknown_turn turn=#99
    "#]]);
}

#[test]
fn more_guests_sit_down_than_came_first() {
    check(expect![[r#"
        table 1 4          -> table_created table=1
        table 2 6          -> table_created table=2
        walk-in Ada 3 1    -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        19:30
        covers Ada 4       -> covers_changed turn=Ada covers=4
        covers Ada 5       -> refused: table_too_small free_table=2 table=1 covers=5 seats=4
        covers Ada 5 force -> covers_changed turn=Ada covers=5 forced
        covers Ada 6       -> refused: table_too_small free_table=2 table=1 covers=6 seats=4
        covers Ada 2       -> covers_changed turn=Ada covers=2
        show turn Ada      -> party=Ada table=1 covers=2 forced last_activity=19:30 opened=19:00 stage=seated
        show Ada           -> table=1 turn=Ada covers=2 state=seated
    "#]]);
}

#[test]
fn a_turn_moves_with_all_it_has() {
    check(expect![[r#"
        hire Maria waiter -> staff_added staff=Maria
        table 1 4         -> table_created table=1
        table 2 4         -> table_created table=2
        table 3 2         -> table_created table=3
        assign 1 Maria    -> waiter_assigned table=1 waiter=Maria
        19:00
        walk-in Ada 3 1   -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada waiter=Maria covers=3
        stage Ada ordered -> stage_advanced turn=Ada stage=ordered
        19:30
        move Ada 2        -> turn_moved from_table=1 to_table=2 turn=Ada
        show turn Ada     -> party=Ada table=2 waiter=Maria covers=3 last_activity=19:30 opened=19:00 stage=ordered
        show Ada          -> table=2 turn=Ada covers=3 state=seated
        show 1            -> waiter=Maria state=available state_since=19:30
        show 2            -> turn=Ada state=occupied state_since=19:30
        move Ada 3        -> refused: table_too_small free_table=1 table=3 covers=3 seats=2
        move Ada 3 force  -> turn_moved from_table=2 to_table=3 turn=Ada forced
        show turn Ada     -> party=Ada table=3 waiter=Maria covers=3 forced last_activity=19:30 opened=19:00 stage=ordered
    "#]]);
}

#[test]
fn a_turn_moves_only_to_where_nobody_sits() {
    check(expect![[r#"
        table 1 4       -> table_created table=1
        table 2 4       -> table_created table=2
        table 3 4       -> table_created table=3
        walk-in Ada 2 1 -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        walk-in Bo 2 2  -> party_added party=Bo covers=2, party_seated party=Bo table=2 turn=Bo covers=2
        move Ada 2      -> refused: table_taken free_table=3 party=Bo table=2 turn=Bo
        move Ada 1      -> refused: same_tables turn=Ada
        set 3 dirty     -> table_state_set table=3 state=dirty
        move Ada 3      -> refused: table_dirty free_table=none table=3
        move Ada #99    -> refused: unknown_table table=#99
    "#]]);
}

#[test]
fn tables_pushed_together_are_one_turn() {
    check(expect![[r#"
        table 1 4         -> table_created table=1
        table 2 4         -> table_created table=2
        table 3 4         -> table_created table=3
        19:00
        walk-in Ada 8 1+2 -> party_added party=Ada covers=8, party_seated party=Ada table=1+2 turn=Ada covers=8
        show 1            -> turn=Ada state=occupied state_since=19:00
        show 2            -> turn=Ada state=occupied state_since=19:00
        walk-in Bo 2 2    -> refused: table_taken free_table=3 party=Ada table=2 turn=Ada
        19:30
        move Ada 2+3      -> turn_moved from_table=1+2 to_table=2+3 turn=Ada
        show 1            -> state=available state_since=19:30
        show 2            -> turn=Ada state=occupied state_since=19:00
        show 3            -> turn=Ada state=occupied state_since=19:30
        move Ada 3+2      -> turn_moved from_table=2+3 to_table=3+2 turn=Ada
        close Ada         -> turn_closed turn=Ada tables_left=available
        show 2            -> state=available state_since=19:30
        show 3            -> state=available state_since=19:30
    "#]]);
}

#[test]
fn a_turn_that_closed_by_mistake_comes_back() {
    check(expect![[r#"
        table 1 4        -> table_created table=1
        19:00
        walk-in Ada 3 1  -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        stage Ada served -> stage_advanced turn=Ada stage=served
        20:00
        close Ada        -> turn_closed turn=Ada tables_left=available
        20:05
        restore 1        -> turn_restored turn=Ada
        show turn Ada    -> party=Ada table=1 covers=3 last_activity=20:05 opened=19:00 stage=served
        show Ada         -> table=1 turn=Ada covers=3 state=seated
        show 1           -> turn=Ada state=occupied state_since=20:05
        close Ada        -> turn_closed turn=Ada tables_left=available
        restore #99      -> refused: unknown_table table=#99
    "#]]);
}

#[test]
fn only_the_last_turn_comes_back_and_only_to_free_tables() {
    check(expect![[r#"
        table 1 4         -> table_created table=1
        table 2 4         -> table_created table=2
        restore 1         -> refused: no_turn_to_restore table=1
        walk-in Ada 8 1+2 -> party_added party=Ada covers=8, party_seated party=Ada table=1+2 turn=Ada covers=8
        19:30
        close Ada         -> turn_closed turn=Ada tables_left=available
        walk-in Bo 2 1    -> party_added party=Bo covers=2, party_seated party=Bo table=1 turn=Bo covers=2
        restore 1         -> refused: table_taken free_table=2 party=Bo table=1 turn=Bo
        restore 2         -> refused: table_taken free_table=none party=Bo table=1 turn=Bo
        19:40
        close Bo          -> turn_closed turn=Bo tables_left=available
        restore 1         -> turn_restored turn=Bo
        close Bo          -> turn_closed turn=Bo tables_left=available
        set 1 blocked     -> table_state_set table=1 state=blocked
        restore 1         -> refused: table_blocked free_table=2 table=1
        set 1 reserved    -> table_state_set table=1 state=reserved
        restore 1         -> refused: table_reserved free_table=2 table=1
        set 1 dirty       -> table_state_set table=1 state=dirty
        restore 2         -> turn_restored turn=Ada
        show turn Bo      -> party=Bo table=1 closed=19:40 covers=2 last_activity=19:40 opened=19:30 stage=seated
    "#]]);
}

#[test]
fn a_turn_does_not_come_back_to_a_table_that_is_gone() {
    check(expect![[r#"
        table 1 4         -> table_created table=1
        table 2 4         -> table_created table=2
        walk-in Ada 8 1+2 -> party_added party=Ada covers=8, party_seated party=Ada table=1+2 turn=Ada covers=8
        close Ada         -> turn_closed turn=Ada tables_left=available
        untable 2         -> table_deleted table=2
        restore 1         -> refused: no_turn_to_restore table=1
    "#]]);
}

#[test]
fn tables_are_dirty_after_a_turn_where_the_restaurant_says_so() {
    check(expect![[r#"
        settings clean_after_close=true -> settings_changed
        table 1 4                       -> table_created table=1
        table 2 4                       -> table_created table=2
        walk-in Ada 2 1                 -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        move Ada 2                      -> turn_moved from_table=1 to_table=2 turn=Ada
        show 1                          -> state=available state_since=19:00
        close Ada                       -> turn_closed turn=Ada tables_left=dirty
        show 2                          -> state=dirty state_since=19:00
        walk-in Bo 2 2                  -> refused: table_dirty free_table=1 table=2
        restore 2                       -> turn_restored turn=Ada
    "#]]);
}

#[test]
fn a_turn_whose_party_was_taken_off_comes_back_as_nobodys() {
    check(expect![[r#"
        table 1 4       -> table_created table=1
        walk-in Ada 3 1 -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        close Ada       -> turn_closed turn=Ada tables_left=available
        remove Ada      -> party_removed party=Ada
        restore 1       -> turn_restored turn=Ada
        show turn Ada   -> table=1 covers=3 last_activity=19:00 opened=19:00 stage=seated
        walk-in Bo 2 1  -> refused: table_taken free_table=none table=1 turn=Ada
        close Ada       -> turn_closed turn=Ada tables_left=available
    "#]]);
}

#[test]
fn more_guests_than_seats_are_on_record() {
    check(expect![[r#"
        table 1 4            -> table_created table=1
        walk-in Ada 3 1      -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        covers Ada 4 force   -> covers_changed turn=Ada covers=4
        show turn Ada forced -> none of it
        covers Ada 5 force   -> covers_changed turn=Ada covers=5 forced
        show turn Ada forced -> forced
    "#]]);
}

#[test]
fn a_turn_that_overflows_its_table_sits_there_already() {
    check(expect![[r#"
        table 1 4             -> table_created table=1
        walk-in Ada 5 1 force -> party_added party=Ada covers=5, party_seated party=Ada table=1 turn=Ada covers=5 forced
        move Ada 1            -> refused: same_tables turn=Ada
    "#]]);
}
