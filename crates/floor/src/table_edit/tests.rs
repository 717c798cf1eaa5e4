use crate::script::check;
use expect_test::expect;

#[test]
fn a_table_is_put_into_any_state_whatever_it_is_in() {
    check(expect![[r#"
        table 1 4                                   -> table_created table=1
        edit 1 state=reserved                       -> table_state_set table=1 state=reserved
        edit 1 state=dirty                          -> table_state_set table=1 state=dirty
        edit 1 state=dirty                          -> table_state_set table=1 state=dirty
        edit 1 state=occupied                       -> turn_opened table=1 turn=1 covers=1
        19:10
        edit 1 state=occupied                       -> turn_touched table=1 turn=1
        show 1 state last_occupied_at last_dirty_at -> last_dirty=19:00 last_occupied=19:00 state=occupied
        edit 1 state=available                      -> turn_closed turn=1 tables_left=available
        edit 1 state=occupied                       -> turn_opened table=1 turn=1 covers=1
        edit 1 state=reserved                       -> turn_closed turn=1 tables_left=available, table_state_set table=1 state=reserved
        edit 1 state=occupied                       -> turn_opened table=1 turn=1 covers=1
        edit 1 state=out_of_service                 -> turn_closed turn=1 tables_left=available, table_state_set table=1 state=blocked
        edit 1 state=occupied                       -> refused: table_blocked free_table=none table=1
        set 1 maintenance                           -> table_state_set table=1 state=maintenance
        edit 1 state=out_of_service                 -> table_state_set table=1 state=maintenance
        edit 1 state=occupied                       -> refused: table_in_maintenance free_table=none table=1
        edit 1 state=available                      -> table_state_set table=1 state=available
        edit #99 state=available                    -> refused: unknown_table table=#99
    "#]]);
}

#[test]
fn who_sits_there_leaves_when_the_table_is_said_to_be_free() {
    check(expect![[r#"
        settings clean_after_close=true -> settings_changed
        table 1 4                       -> table_created table=1
        table 2 4                       -> table_created table=2
        walk-in Ada 3 1+2               -> party_added party=Ada covers=3, party_seated party=Ada table=1+2 turn=Ada covers=3
        edit 1 state=available          -> turn_closed turn=Ada tables_left=dirty, table_state_set table=1 state=available
        show 1                          -> state=available state_since=19:00
        show 2                          -> state=dirty state_since=19:00
        show Ada                        -> table=1 turn=Ada covers=3 ended=19:00 state=finished
        edit 1 state=dirty              -> table_state_set table=1 state=dirty
    "#]]);
}

#[test]
fn details_waiter_and_state_are_one_change() {
    check(expect![[r#"
        hire Maria waiter                               -> staff_added staff=Maria
        hire Leo waiter                                 -> staff_added staff=Leo
        put-up 1 4                                      -> table_created table=1
        put-up 2 4 state=occupied waiter=Maria          -> table_created table=2, waiter_assigned table=2 waiter=Maria, turn_opened table=2 turn=2 waiter=Maria covers=1
        show 2 version state waiter_id                  -> waiter=Maria state=occupied version=2
        show turn 2 waiter_id covers                    -> waiter=Maria covers=1
        edit 2 number=12 seats=6 waiter=Leo state=dirty -> turn_closed turn=2 tables_left=available, table_state_set table=2 state=dirty, table_updated table=2, waiter_assigned table=2 waiter=Leo
        show 2 number seats version state               -> number=12 seats(max=6 min=1) state=dirty version=4
        edit 2 number=1                                 -> refused: number_in_use table=1
        edit 2 waiter=#99 state=available               -> refused: unknown_staff staff=#99
        edit 2 waiter=null                              -> waiter_unassigned table=2
        edit 2 active=false                             -> table_updated table=2
        edit 2 state=occupied                           -> refused: table_inactive table=2
        edit 2 active=true state=occupied               -> table_updated table=2, turn_opened table=2 turn=2 covers=1
        edit 2 active=false                             -> refused: table_taken free_table=1 table=2 turn=2
        edit 2 active=false state=available             -> turn_closed turn=2 tables_left=available, table_updated table=2
        put-up 3 4 state=out_of_service                 -> table_created table=3, table_state_set table=3 state=blocked
        put-up 1 4                                      -> refused: number_in_use table=1
    "#]]);
}

#[test]
fn whoever_saw_an_older_version_does_not_write_over_a_newer_one() {
    check(expect![[r#"
        hire Maria waiter                     -> staff_added staff=Maria
        plan Main                             -> plan_created plan=Main
        plan Patio                            -> plan_created plan=Patio
        section Window plan_id=Patio          -> section_created section=Window
        table 1 4 section_id=Window           -> table_created table=1
        edit 1 notes=by_the_door version=1    -> table_updated table=1
        edit 1 notes=by_the_door version=1    -> refused: stale table=1 version=2
        retable 1 notes=x version=1           -> refused: stale table=1 version=2
        retable 1 notes=x version=2           -> table_updated table=1
        assign 1 Maria                        -> waiter_assigned table=1 waiter=Maria
        show 1 version                        -> version=4
        walk-in Ada 2 1                       -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada waiter=Maria covers=2
        close Ada                             -> turn_closed turn=Ada tables_left=available
        show 1 version                        -> version=4
        untable 1 version=3                   -> refused: stale table=1 version=4
        resection Window vip=true version=1   -> section_updated section=Window
        unsection Window version=1            -> refused: stale section=Window version=2
        replan Patio default=true version=1   -> plan_updated plan=Patio
        show Main version default             -> version=2
        replan Main display_order=2 version=1 -> refused: stale plan=Main version=2
        unplan Main version=1                 -> refused: stale plan=Main version=2
        unplan Main version=2                 -> plan_deleted plan=Main
        show Window version                   -> version=2
        unsection Window version=2            -> section_deleted section=Window
        show 1 version                        -> version=5
    "#]]);
}

#[test]
fn a_table_goes_to_another_restaurant_with_whoever_sits_there() {
    check(expect![[r#"
        table 1 4                              -> table_created table=1
        table 2 4                              -> table_created table=2
        walk-in Ada 2 1                        -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        release 1 version=7                    -> refused: stale table=1 version=1
        release 1                              -> turn_closed turn=Ada tables_left=available, table_deleted table=1
        show 1                                 -> gone
        show Ada state                         -> state=finished
        walk-in Bo 2 2                         -> party_added party=Bo covers=2, party_seated party=Bo table=2 turn=Bo covers=2
        table 3 4                              -> table_created table=3
        move Bo 2+3                            -> turn_moved from_table=2 to_table=2+3 turn=Bo
        release 2                              -> turn_moved from_table=2+3 to_table=3 turn=Bo, table_deleted table=2
        show turn Bo table_ids                 -> table=3
        hire Maria waiter                      -> staff_added staff=Maria
        receive #77 14 4 covers=2 waiter=Maria -> table_created table=14, waiter_assigned table=14 waiter=Maria, turn_opened table=14 turn=14 waiter=Maria covers=2
        show 14 state version                  -> state=occupied version=2
        show turn 14 covers waiter_id          -> waiter=Maria covers=2
        receive #78 14 4                       -> refused: number_in_use table=14
        receive #78 15 4 state=dirty           -> table_created table=15, table_state_set table=15 state=dirty
        receive #79 16 4 waiter=#99            -> refused: unknown_staff staff=#99
    "#]]);
}
