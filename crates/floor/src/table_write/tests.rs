use crate::script::check;
use expect_test::expect;

#[test]
fn a_free_table_has_no_guest() {
    check(expect![[r#"
        table 1 4                        -> table_created table=1
        party Ada 3 state=seated table=1 -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        table-is 1 state=available       -> turn_closed turn=Ada tables_left=available
        show Ada                         -> table=1 turn=Ada covers=3 ended=19:00 state=finished
        show 1                           -> state=available state_since=19:00
        party Bo 3                       -> party_added party=Bo covers=3
        write Bo table=1                 -> party_seated party=Bo table=1 turn=Bo covers=3 shown_as=waiting
        table-is 1 party=null            -> turn_closed turn=Bo party(state=waiting) tables_left=available
        show Bo                          -> covers=3 state=waiting
        table-is 1 state=available       -> table_state_set table=1 state=available
    "#]]);
}

#[test]
fn a_written_table_is_free_even_where_closing_leaves_it_dirty() {
    check(expect![[r#"
        settings clean_after_close=true  -> settings_changed
        table 1 4                        -> table_created table=1
        party Ada 3 state=seated table=1 -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        table-is 1 party=null            -> turn_closed turn=Ada tables_left=dirty
        show 1                           -> state=dirty state_since=19:00
        table-is 1 state=out_of_service  -> table_state_set table=1 state=dirty
        show 1                           -> state=dirty state_since=19:00
        table-is 1 state=available       -> table_state_set table=1 state=available
        party Bo 3 state=seated table=1  -> party_added party=Bo covers=3, party_seated party=Bo table=1 turn=Bo covers=3
        table-is 1 state=available       -> turn_closed turn=Bo tables_left=available
        show 1                           -> state=available state_since=19:00
    "#]]);
}

#[test]
fn whoever_is_written_to_a_table_sits_there() {
    check(expect![[r#"
        table 1 4                            -> table_created table=1
        table 2 4                            -> table_created table=2
        party Ada 3                          -> party_added party=Ada covers=3
        party Bo 3                           -> party_added party=Bo covers=3
        table-is 1 state=occupied party=Ada  -> party_seated party=Ada table=1 turn=Ada covers=3
        show Ada                             -> table=1 turn=Ada covers=3 state=seated
        table-is 2 party=Ada                 -> turn_moved from_table=1 to_table=2 turn=Ada, party_state_set party=Ada state=seated
        table-is 2 state=occupied party=Bo   -> refused: table_taken free_table=1 party=Ada table=2 turn=Ada
        table-is 2 state=occupied party=null -> refused: bad_value current_guest_id
        table-is 2 state=occupied            -> table_updated table=2
        table-is 2 state=available party=Ada -> refused: bad_value current_guest_id
        table-is 1 state=occupied            -> turn_opened table=1 turn=1 covers=1
        table-is 1 state=occupied            -> table_updated table=1
    "#]]);
}

#[test]
fn a_table_is_kept_for_whom_it_is_written() {
    check(expect![[r#"
        table 1 4                            -> table_created table=1
        party Ada 3                          -> party_added party=Ada covers=3
        party Bo 3                           -> party_added party=Bo covers=3
        table-is 1 state=reserved party=Ada  -> table_state_set party=Ada table=1 state=reserved
        table-is 1 state=reserved party=Bo   -> refused: table_reserved free_table=none party=Ada table=1
        table-is 1 state=reserved            -> table_state_set party=Ada table=1 state=reserved
        table-is 1 state=reserved party=null -> table_state_set table=1 state=reserved
        table-is 1 state=occupied            -> refused: table_reserved free_table=none table=1
        write Ada state=seated table=1       -> refused: table_reserved free_table=none table=1
        table-is 1 state=available           -> table_state_set table=1 state=available
        write Ada state=seated table=1       -> party_seated party=Ada table=1 turn=Ada covers=3
        table-is 1 state=reserved            -> turn_closed turn=Ada tables_left=available, table_state_set table=1 state=reserved
        show 1                               -> state=reserved state_since=19:00
        show Ada                             -> table=1 turn=Ada covers=3 ended=19:00 state=finished
    "#]]);
}

#[test]
fn writing_back_the_word_it_is_shown_by_changes_nothing() {
    check(expect![[r#"
        table 1 4                       -> table_created table=1
        set 1 maintenance               -> table_state_set table=1 state=maintenance
        table-is 1 state=out_of_service -> table_state_set table=1 state=maintenance
        show 1                          -> state=maintenance state_since=19:00
        set 1 dirty                     -> table_state_set table=1 state=dirty
        table-is 1 state=out_of_service -> table_state_set table=1 state=dirty
        show 1                          -> state=dirty state_since=19:00
        table-is 1 state=available      -> table_state_set table=1 state=available
        table-is 1 state=out_of_service -> table_state_set table=1 state=blocked
        show 1                          -> state=blocked state_since=19:00
    "#]]);
}

#[test]
fn a_table_stands_where_it_is_written() {
    check(expect![[r#"
        plan Main width=1000 height=500                    -> plan_created plan=Main
        new-table 7 4 at=0.25/0.5 section=Bar shape=square -> section_created section=#1, table_created table=7
        show 7 number seats shape x y section_id plan_id   -> plan=Main section=#1 number=7 seats(max=4 min=1) shape=square x=250 y=250
        table-is 7 section=bar seats=6 at=1.5/0.1          -> table_updated table=7
        show 7 number seats shape x y section_id           -> section=#1 number=7 seats(max=6 min=1) shape=square x=1000 y=50
        table-is 7 section=null                            -> table_updated table=7
        new-table 7 4                                      -> refused: number_in_use table=7
        new-table 8                                        -> refused: bad_value capacity
        table-is 7 number=9                                -> table_updated table=7
        party Ada 5 state=seated table=7                   -> party_added party=Ada covers=5, party_seated party=Ada table=7 turn=Ada covers=5
        table-is 7 seats=4                                 -> refused: table_too_small free_table=none table=7 covers=5 seats=4
        end-table 7                                        -> refused: table_taken free_table=none party=Ada table=7 turn=Ada
        write Ada state=finished                           -> turn_closed turn=Ada tables_left=available
        end-table 7                                        -> table_deleted table=7
        table-is 7                                         -> refused: unknown_table table=7
    "#]]);
}

#[test]
fn a_table_is_cleared_as_guests_leave_it_and_kept_for_nobody_else_before() {
    check(expect![[r#"
        settings clean_after_close=true    -> settings_changed
        table 1 4                          -> table_created table=1
        party Ada 2 state=seated table=1   -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        party Bo 2                         -> party_added party=Bo covers=2
        table-is 1 state=reserved party=Bo -> refused: table_taken free_table=none party=Ada table=1 turn=Ada
        table-is 1 state=cleared           -> turn_closed turn=Ada tables_left=dirty
        show 1                             -> state=dirty state_since=19:00
        table-is 1 state=cleared           -> table_state_set table=1 state=available
        show 1                             -> state=available state_since=19:00
    "#]]);
}
