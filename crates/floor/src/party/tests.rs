//! Parties.

use crate::script::check;
use expect_test::expect;

#[test]
fn a_party_goes_from_the_list_to_a_table_and_home() {
    check(expect![[r#"
        table 1 4                                      -> table_created table=1
        19:00
        add Ada 3 name=Ada phone=+15550142 quote=10-20 -> party_added party=Ada covers=3 quote(from_minutes=10 to_minutes=20), guest book: name phone
        show Ada state covers added_at quote           -> added=19:00 covers=3 quote(from_minutes=10 to_minutes=20) state=waiting
        19:10
        notify Ada                                     -> party_notified party=Ada
        19:12
        late Ada                                       -> party_late party=Ada
        19:20
        arrived Ada                                    -> party_arrived party=Ada
        show Ada state notified_at arrived_at          -> arrived=19:20 notified=19:10 state=arrived
        seat Ada 1                                     -> party_seated party=Ada table=1 turn=Ada covers=3
        show Ada                                       -> table=1 turn=Ada covers=3 state=seated
        20:30
        close Ada                                      -> turn_closed turn=Ada tables_left=available
        show Ada                                       -> table=1 turn=Ada covers=3 ended=20:30 state=finished
    "#]]);
}

#[test]
fn a_party_calls_off_or_never_comes() {
    check(expect![[r#"
        add Ada 2    -> party_added party=Ada covers=2
        add Bo 2     -> party_added party=Bo covers=2
        19:30
        cancel Ada   -> party_cancelled party=Ada
        no-show Bo   -> party_no_show party=Bo
        show Ada     -> covers=2 ended=19:30 state=cancelled
        show Bo      -> covers=2 ended=19:30 state=no_show
        notify Ada   -> refused: party_over party=Ada state=cancelled
        arrived Ada  -> refused: party_over party=Ada state=cancelled
        late Bo      -> refused: party_over party=Bo state=no_show
        cancel Bo    -> refused: party_over party=Bo state=no_show
        no-show Bo   -> refused: party_over party=Bo state=no_show
        seat Ada #99 -> refused: party_over party=Ada state=cancelled
    "#]]);
}

#[test]
fn a_party_is_known_or_not() {
    check(expect![[r#"
        notify #99          -> refused: unknown_party party=#99
        arrived #99         -> refused: unknown_party party=#99
        late #99            -> refused: unknown_party party=#99
        cancel #99          -> refused: unknown_party party=#99
        no-show #99         -> refused: unknown_party party=#99
        remove #99          -> refused: unknown_party party=#99
        update #99 covers=2 -> refused: unknown_party party=#99
        seat #99 #99        -> refused: unknown_party party=#99
    "#]]);
}

#[test]
fn a_party_is_seated_once() {
    check(expect![[r#"
        table 1 2  -> table_created table=1
        table 2 2  -> table_created table=2
        add Ada 2  -> party_added party=Ada covers=2
        seat Ada 1 -> party_seated party=Ada table=1 turn=Ada covers=2
        seat Ada 2 -> refused: party_seated party=Ada table=1
        notify Ada -> refused: party_seated party=Ada table=1
        cancel Ada -> refused: party_seated party=Ada table=1
        remove Ada -> refused: party_seated party=Ada table=1
    "#]]);
}

#[test]
fn what_is_personal_goes_to_the_guest_book_only() {
    check(expect![[r#"
        add Ada 2 name=Ada notes=nuts source=reservation -> party_added party=Ada covers=2, guest book: name notes
        update Ada phone=+15550142 name=null             -> party_updated party=Ada, guest_changed party=Ada, guest book: phone
        update Ada covers=3 quote=5-10                   -> party_updated party=Ada
        show Ada covers quote source                     -> covers=3 quote(from_minutes=5 to_minutes=10) source=reservation
    "#]]);
}

#[test]
fn a_quote_is_a_range_within_a_day() {
    check(expect![[r#"
        add Ada 2 quote=20-10   -> refused: bad_value quote.from_minutes
        add Ada 2 quote=20-1441 -> refused: bad_value quote.to_minutes
        add Ada 2               -> party_added party=Ada covers=2
        update Ada quote=20-10  -> refused: bad_value quote.from_minutes
    "#]]);
}

#[test]
fn a_seated_party_changes_at_its_table() {
    check(expect![[r#"
        table 1 4             -> table_created table=1
        table 2 4             -> table_created table=2
        walk-in Ada 2 1       -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        update Ada covers=3   -> refused: bad_value covers
        update Ada table_id=2 -> refused: bad_value table_id
        update Ada notes=cake -> party_updated party=Ada, guest_changed party=Ada, guest book: notes
    "#]]);
}

#[test]
fn a_table_is_meant_for_a_party() {
    check(expect![[r#"
        table 1 4               -> table_created table=1
        add Ada 2               -> party_added party=Ada covers=2
        update Ada table_id=#99 -> refused: unknown_table table=#99
        update Ada table_id=1   -> party_updated party=Ada
        show Ada                -> table=1 covers=2 state=waiting
        untable 1               -> table_deleted table=1
        show Ada                -> covers=2 state=waiting
    "#]]);
}

#[test]
fn whoever_is_gone_keeps_no_table() {
    check(expect![[r#"
        table 1 4                   -> table_created table=1
        table 2 4                   -> table_created table=2
        table 3 4                   -> table_created table=3
        add Ada 2                   -> party_added party=Ada covers=2
        set 1 reserved party_id=Ada -> table_state_set party=Ada table=1 state=reserved
        cancel Ada                  -> party_cancelled party=Ada, table_state_set table=1 state=available
        add Bo 2                    -> party_added party=Bo covers=2
        set 1 reserved party_id=Bo  -> table_state_set party=Bo table=1 state=reserved
        no-show Bo                  -> party_no_show party=Bo, table_state_set table=1 state=available
        add Cy 2                    -> party_added party=Cy covers=2
        set 1 reserved party_id=Cy  -> table_state_set party=Cy table=1 state=reserved
        remove Cy                   -> party_removed party=Cy, table_state_set table=1 state=available
        add Di 2                    -> party_added party=Di covers=2
        set 1 reserved party_id=Di  -> table_state_set party=Di table=1 state=reserved
        set 2 reserved party_id=Di  -> table_state_set party=Di table=2 state=reserved
        seat Di 2                   -> party_seated party=Di table=2 turn=Di covers=2, table_state_set table=1 state=available
        show 1 state                -> state=available
        show 2 state                -> state=occupied
        add Ed 2                    -> party_added party=Ed covers=2
        set 1 reserved party_id=Ed  -> table_state_set party=Ed table=1 state=reserved
        seat Ed 3                   -> party_seated party=Ed table=3 turn=Ed covers=2, table_state_set table=1 state=available
        show 1 state                -> state=available
    "#]]);
}

#[test]
fn a_waitlist_is_not_endless() {
    check(expect![[r#"
        table 1 2                 -> table_created table=1
        repeat 500 add Party_{} 2 -> party_added party=Party_500 covers=2
        add Ada 2                 -> refused: waitlist_full max=500
        seat Party_1 1            -> party_seated party=Party_1 table=1 turn=Party_1 covers=2
        add Ada 2                 -> party_added party=Ada covers=2
    "#]]);
}

#[test]
fn parties_that_ended_long_ago_leave_the_floor() {
    check(expect![[r#"
        table 1 2       -> table_created table=1
        19:00
        walk-in Ada 2 1 -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        add Bo 2        -> party_added party=Bo covers=2
        20:00
        close Ada       -> turn_closed turn=Ada tables_left=available
        cancel Bo       -> party_cancelled party=Bo
        37:59
        add Cy 2        -> party_added party=Cy covers=2
        38:01
        walk-in Di 2 1  -> parties_archived party=Ada+Bo, party_added party=Di covers=2, party_seated party=Di table=1 turn=Di covers=2
        show Ada        -> gone
        show Cy         -> covers=2 state=waiting
    "#]]);
}

#[test]
fn refused_people_leave_no_gap_in_the_numbers() {
    check(expect![[r#"
        table 1 4                             -> table_created table=1
        walk-in Ada 5 1                       -> refused: table_too_small free_table=none table=1 covers=5 seats=4
        batch walk-in Ada 4 1; walk-in Bo 4 1 -> refused: table_taken free_table=none party=Ada table=1 turn=Ada command_index=1
        walk-in Ada 4 1                       -> party_added party=Ada covers=4, party_seated party=Ada table=1 turn=Ada covers=4
        show Ada id turn_id guest_id          -> guest=#1 turn=Ada id=1
    "#]]);
}

#[test]
fn how_many_they_were_stays_but_remarks_may_follow() {
    check(expect![[r#"
        table 1 4                -> table_created table=1
        walk-in Ada 2 1          -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        close Ada                -> turn_closed turn=Ada tables_left=available
        update Ada covers=3      -> refused: party_over party=Ada state=finished
        update Ada table_id=null -> refused: party_over party=Ada state=finished
        update Ada notes=regular -> party_updated party=Ada, guest_changed party=Ada, guest book: notes
        restore 1                -> turn_restored turn=Ada
        show Ada                 -> table=1 turn=Ada covers=2 state=seated
    "#]]);
}

#[test]
fn parties_that_called_off_do_not_pile_up() {
    check(expect![[r#"
        repeat 1001 batch add Party_{} 2; cancel Party_{} -> party_added party=Party_1001 covers=2, party_cancelled party=Party_1001
        show Party_1                                      -> covers=2 ended=19:00 state=cancelled
        add Ada 2                                         -> parties_archived party=Party_1, party_added party=Ada covers=2
        show Party_1                                      -> gone
        show Party_2                                      -> covers=2 ended=19:00 state=cancelled
    "#]]);
}

#[test]
fn a_forgotten_guest_leaves_the_party_as_it_is() {
    check(expect![[r#"
        add Ada 2 -> party_added party=Ada covers=2
        erase #1  -> guest_erased, guest book: emptied
        show Ada  -> covers=2 state=waiting
    "#]]);
}
