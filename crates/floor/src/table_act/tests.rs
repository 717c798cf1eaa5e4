use crate::script::check;
use expect_test::expect;

#[test]
fn closing_a_table_ends_the_turn_that_is_open_there() {
    check(expect![[r#"
        table 1 4                       -> table_created table=1
        walk-in Ada 2 1                 -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        act close 1                     -> turn_closed turn=Ada tables_left=available
        show 1                          -> state=available state_since=19:00
        act close 1                     -> refused: no_open_turn table=1
        act close #99                   -> refused: unknown_table table=#99
        settings clean_after_close=true -> settings_changed
        walk-in Bo 2 1                  -> party_added party=Bo covers=2, party_seated party=Bo table=1 turn=Bo covers=2
        act close 1                     -> turn_closed turn=Bo tables_left=dirty
        act enable 1                    -> table_state_set table=1 state=available
    "#]]);
}

#[test]
fn a_table_is_disabled_unless_somebody_sits_there_or_it_is_kept() {
    check(expect![[r#"
        table 1 4         -> table_created table=1
        table 2 4         -> table_created table=2
        party Ada 2       -> party_added party=Ada covers=2
        act disable 1     -> table_state_set table=1 state=blocked
        act disable 1     -> refused: table_blocked free_table=2 table=1
        act enable 1      -> table_state_set table=1 state=available
        act enable 1      -> refused: table_in_service table=1
        set 1 maintenance -> table_state_set table=1 state=maintenance
        act disable 1     -> refused: table_in_maintenance free_table=2 table=1
        act enable 1      -> table_state_set table=1 state=available
        set 1 dirty       -> table_state_set table=1 state=dirty
        act disable 1     -> table_state_set table=1 state=blocked
        act enable 1      -> table_state_set table=1 state=available
        set 1 reserved    -> table_state_set table=1 state=reserved
        act disable 1     -> refused: table_reserved free_table=2 table=1
        act enable 1      -> refused: table_in_service table=1
        walk-in Bo 2 2    -> party_added party=Bo covers=2, party_seated party=Bo table=2 turn=Bo covers=2
        act disable 2     -> refused: table_taken free_table=none party=Bo table=2 turn=Bo
        act enable 2      -> refused: table_in_service table=2
    "#]]);
}

#[test]
fn a_turn_is_carried_to_a_free_table_however_many_they_are() {
    check(expect![[r#"
        table 1 4       -> table_created table=1
        table 2 2       -> table_created table=2
        table 3 4       -> table_created table=3
        table 4 4       -> table_created table=4
        walk-in Ada 4 1 -> party_added party=Ada covers=4, party_seated party=Ada table=1 turn=Ada covers=4
        act move 1 2    -> turn_moved from_table=1 to_table=2 turn=Ada forced
        show turn Ada   -> party=Ada table=2 covers=4 forced last_activity=19:00 opened=19:00 stage=seated
        act move 1 1    -> refused: bad_value to_table_id
        act move 1 #99  -> refused: unknown_table table=#99
        act move #99 1  -> refused: unknown_table table=#99
        act move 3 1    -> refused: no_open_turn table=3
        act move 3 2    -> refused: table_taken free_table=1+3+4 party=Ada table=2 turn=Ada
        act disable 3   -> table_state_set table=3 state=blocked
        act move 2 3    -> refused: table_blocked free_table=1+4 table=3
        set 4 reserved  -> table_state_set table=4 state=reserved
        act move 2 4    -> refused: table_reserved free_table=1 table=4
    "#]]);
}

#[test]
fn of_tables_pushed_together_only_the_one_that_is_named_is_exchanged() {
    check(expect![[r#"
        table 1 4         -> table_created table=1
        table 2 4         -> table_created table=2
        table 3 4         -> table_created table=3
        walk-in Ada 6 1+2 -> party_added party=Ada covers=6, party_seated party=Ada table=1+2 turn=Ada covers=6
        act move 2 3      -> turn_moved from_table=1+2 to_table=1+3 turn=Ada
        show turn Ada     -> party=Ada table=1+3 covers=6 last_activity=19:00 opened=19:00 stage=seated
        show 2            -> state=available state_since=19:00
        act move 3 1      -> refused: table_taken free_table=2 party=Ada table=1 turn=Ada
        act close 3       -> turn_closed turn=Ada tables_left=available
        show 1            -> state=available state_since=19:00
    "#]]);
}

#[test]
fn a_table_that_is_not_in_use_is_as_good_as_none() {
    check(expect![[r#"
        table 1 4              -> table_created table=1
        table 2 4              -> table_created table=2
        walk-in Ada 2 1        -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        retable 2 active=false -> table_updated table=2
        act disable 2          -> refused: unknown_table table=2
        act move 1 2           -> refused: unknown_table table=2
    "#]]);
}
