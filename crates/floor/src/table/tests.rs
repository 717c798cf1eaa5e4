//! Tables.

use crate::script::check;
use expect_test::expect;

#[test]
fn a_table_is_put_up_available() {
    check(expect![[r#"
        19:30
        table 12 4                                                    -> table_created table=12
        show 12                                                       -> state=available state_since=19:30
        show 12 number seats shape x y width height combinable active -> active combinable height=60 number=12 seats(max=4 min=1) shape=round width=60 x=0 y=0
    "#]]);
}

#[test]
fn a_number_belongs_to_one_table() {
    check(expect![[r#"
        table A1 4           -> table_created table=A1
        table a1 2           -> refused: number_in_use table=A1
        table 2 2            -> table_created table=2
        retable 2 number=A1  -> refused: number_in_use table=A1
        untable A1           -> table_deleted table=A1
        retable 2 number=A1  -> table_updated table=2
        untable #99          -> refused: unknown_table table=#99
        retable #99 number=3 -> refused: unknown_table table=#99
    "#]]);
}

#[test]
fn a_table_stands_on_a_plan_and_in_a_section_that_exist() {
    check(expect![[r#"
        table 1 2 plan_id=#99                                 -> refused: unknown_plan plan=#99
        table 1 2 section_id=#99                              -> refused: unknown_section section=#99
        plan Main                                             -> plan_created plan=Main
        section Window                                        -> section_created section=Window
        table 1 2 plan_id=Main section_id=Window notes=wobbly -> table_created table=1
        retable 1 plan_id=null section_id=null notes=null     -> table_updated table=1
        show 1 plan_id section_id notes                       -> none of it
    "#]]);
}

#[test]
fn a_table_makes_sense() {
    check(expect![[r#"
        table 1 3-2                                                          -> refused: bad_value seats.min
        table 1 2-4-5                                                        -> refused: bad_value seats.preferred
        table 1 4 height=0                                                   -> refused: bad_value height
        table 1 4 width=-1                                                   -> refused: bad_value width
        table 1 4 features=window+window                                     -> refused: bad_value features
        table 1 4 rotation=361                                               -> refused: bad_value rotation
        table 1 2-4-3 shape=booth x=10.25 features=window+power rotation=-90 -> table_created table=1
        show 1 seats shape x features rotation                               -> features=["window","power"] rotation=-90 seats(max=4 min=2 preferred=3) shape=booth x=10.25
    "#]]);
}

#[test]
fn people_say_what_state_a_table_is_in() {
    check(expect![[r#"
        table 1 4         -> table_created table=1
        19:30
        set 1 dirty       -> table_state_set table=1 state=dirty
        19:35
        set 1 dirty       -> table_state_set table=1 state=dirty
        show 1            -> state=dirty state_since=19:30
        set 1 available   -> table_state_set table=1 state=available
        show 1            -> state=available state_since=19:35
        set 1 blocked     -> table_state_set table=1 state=blocked
        set 1 maintenance -> table_state_set table=1 state=maintenance
        set 1 reserved    -> table_state_set table=1 state=reserved
        set 1 occupied    -> no command: unknown variant `occupied`, expected one of `available`, `reserved`, `dirty`, `blocked`, `maintenance`
    "#]]);
}

#[test]
fn a_table_with_guests_is_left_alone() {
    check(expect![[r#"
        table 1 4              -> table_created table=1
        walk-in Ada 2 1        -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        set 1 available        -> refused: table_taken free_table=none party=Ada table=1 turn=Ada
        untable 1              -> refused: table_taken free_table=none party=Ada table=1 turn=Ada
        retable 1 active=false -> refused: table_taken free_table=none party=Ada table=1 turn=Ada
        retable 1 notes=loud   -> table_updated table=1
        close Ada              -> turn_closed turn=Ada tables_left=available
        retable 1 active=false -> table_updated table=1
        untable 1              -> table_deleted table=1
        show 1                 -> gone
    "#]]);
}

#[test]
fn a_table_is_kept_for_a_party_that_is_expected() {
    check(expect![[r#"
        table 1 4                   -> table_created table=1
        add Ada 2                   -> party_added party=Ada covers=2
        set 1 dirty party_id=Ada    -> refused: bad_value party_id
        set 1 reserved party_id=#99 -> refused: unknown_party party=#99
        cancel Ada                  -> party_cancelled party=Ada
        set 1 reserved party_id=Ada -> refused: party_over party=Ada state=cancelled
        set #99 dirty               -> refused: unknown_table table=#99
    "#]]);
}

#[test]
fn a_waiter_is_given_a_table() {
    check(expect![[r#"
        table 1 4               -> table_created table=1
        hire Maria waiter       -> staff_added staff=Maria
        assign 1 #99            -> refused: unknown_staff staff=#99
        assign #99 Maria        -> refused: unknown_table table=#99
        unassign #99            -> refused: unknown_table table=#99
        assign 1 Maria          -> waiter_assigned table=1 waiter=Maria
        show 1                  -> waiter=Maria state=available state_since=19:00
        walk-in Ada 2 1         -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada waiter=Maria covers=2
        hire Leo waiter         -> staff_added staff=Leo
        assign 1 Leo            -> waiter_assigned table=1 waiter=Leo
        show turn Ada waiter_id -> waiter=Leo
        unassign 1              -> waiter_unassigned table=1
        show 1                  -> turn=Ada state=occupied state_since=19:00
    "#]]);
}

#[test]
fn a_restaurant_has_room_for_so_many_tables() {
    check(expect![[r#"
        repeat 500 table {} 4 -> table_created table=500
        table Last 4          -> refused: too_many_tables max=500
    "#]]);
}

#[test]
fn a_table_without_its_own_waiter_is_its_sections_again() {
    check(expect![[r#"
        hire Maria waiter              -> staff_added staff=Maria
        hire Leo waiter                -> staff_added staff=Leo
        section Window waiter_id=Maria -> section_created section=Window
        table 1 4 section_id=Window    -> table_created table=1
        assign 1 Leo                   -> waiter_assigned table=1 waiter=Leo
        walk-in Ada 2 1                -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada waiter=Leo covers=2
        unassign 1                     -> waiter_unassigned table=1
        show turn Ada waiter_id        -> waiter=Maria
    "#]]);
}

#[test]
fn the_first_of_combined_tables_says_who_serves_them() {
    check(expect![[r#"
        hire Maria waiter       -> staff_added staff=Maria
        hire Leo waiter         -> staff_added staff=Leo
        table 1 4               -> table_created table=1
        table 2 4               -> table_created table=2
        assign 1 Maria          -> waiter_assigned table=1 waiter=Maria
        walk-in Ada 8 1+2       -> party_added party=Ada covers=8, party_seated party=Ada table=1+2 turn=Ada waiter=Maria covers=8
        assign 2 Leo            -> waiter_assigned table=2 waiter=Leo
        show turn Ada waiter_id -> waiter=Maria
        unassign 2              -> waiter_unassigned table=2
        show turn Ada waiter_id -> waiter=Maria
        assign 1 Leo            -> waiter_assigned table=1 waiter=Leo
        show turn Ada waiter_id -> waiter=Leo
    "#]]);
}

#[test]
fn a_table_does_not_shrink_below_its_guests() {
    check(expect![[r#"
        table 1 4            -> table_created table=1
        table 2 4            -> table_created table=2
        walk-in Ada 7 1+2    -> party_added party=Ada covers=7, party_seated party=Ada table=1+2 turn=Ada covers=7
        retable 1 seats=2    -> refused: table_too_small free_table=none table=1+2 covers=7 seats=6
        retable 1 seats=3    -> table_updated table=1
        retable 1 notes=loud -> table_updated table=1
        close Ada            -> turn_closed turn=Ada tables_left=available
        walk-in Bo 5 2 force -> party_added party=Bo covers=5, party_seated party=Bo table=2 turn=Bo covers=5 forced
        retable 2 seats=3    -> refused: table_too_small free_table=none table=2 covers=5 seats=3
        retable 2 seats=4-5  -> table_updated table=2
    "#]]);
}

#[test]
fn what_is_kept_for_one_party_is_not_given_to_another() {
    check(expect![[r#"
        table 1 4                   -> table_created table=1
        add Ada 2                   -> party_added party=Ada covers=2
        add Bo 2                    -> party_added party=Bo covers=2
        19:30
        set 1 reserved party_id=Ada -> table_state_set party=Ada table=1 state=reserved
        19:40
        set 1 reserved party_id=Bo  -> refused: table_reserved free_table=none party=Ada table=1
        set 1 reserved              -> table_state_set party=Ada table=1 state=reserved
        show 1                      -> party=Ada state=reserved state_since=19:30
        set 1 available             -> table_state_set table=1 state=available
        set 1 reserved party_id=Bo  -> table_state_set party=Bo table=1 state=reserved
        show 1                      -> party=Bo state=reserved state_since=19:40
    "#]]);
}
