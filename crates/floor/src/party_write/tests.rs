use crate::script::check;
use expect_test::expect;

#[test]
fn whoever_gets_a_table_sits_there_whatever_they_are_called() {
    check(expect![[r#"
        table 1 2                -> table_created table=1
        party Ada 3              -> party_added party=Ada covers=3
        write Ada table=1        -> party_seated party=Ada table=1 turn=Ada covers=3 forced shown_as=waiting
        show Ada                 -> table=1 turn=Ada covers=3 shown_as=waiting state=seated
        show 1                   -> turn=Ada state=occupied state_since=19:00
        write Ada state=seated   -> party_state_set party=Ada state=seated
        show Ada                 -> table=1 turn=Ada covers=3 state=seated
        write Ada state=finished -> turn_closed turn=Ada tables_left=available
        show Ada                 -> table=1 turn=Ada covers=3 ended=19:00 state=finished
        show 1                   -> state=available state_since=19:00
    "#]]);
}

#[test]
fn a_party_may_be_called_seated_before_it_has_a_table() {
    check(expect![[r#"
        table 1 4                -> table_created table=1
        party Ada 3              -> party_added party=Ada covers=3
        write Ada state=seated   -> party_state_set party=Ada shown_as=seated state=arrived
        show Ada                 -> covers=3 shown_as=seated state=arrived
        write Ada table=1        -> party_seated party=Ada table=1 turn=Ada covers=3
        show Ada                 -> table=1 turn=Ada covers=3 state=seated
        write Ada table=null     -> turn_closed turn=Ada party(shown_as=seated state=arrived) tables_left=available
        show Ada                 -> covers=3 shown_as=seated state=arrived
        show 1                   -> state=available state_since=19:00
        write Ada state=finished -> party_state_set party=Ada state=finished
        show Ada                 -> covers=3 ended=19:00 state=finished
    "#]]);
}

#[test]
fn a_party_that_waits_again_gives_its_table_back() {
    check(expect![[r#"
        table 1 4                        -> table_created table=1
        party Ada 3 state=seated table=1 -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        write Ada state=waiting          -> turn_closed turn=Ada party(state=waiting) tables_left=available
        show Ada                         -> covers=3 state=waiting
        show 1                           -> state=available state_since=19:00
        write Ada state=seated table=1   -> party_seated party=Ada table=1 turn=Ada covers=3
        write Ada state=no_show          -> turn_closed turn=Ada party(state=no_show) tables_left=available
        show Ada                         -> table=1 turn=Ada covers=3 ended=19:00 state=no_show
        write Ada state=waiting          -> party_state_set party=Ada state=waiting
        show Ada                         -> covers=3 state=waiting
        undo Ada                         -> step_undone party=Ada tables=[]
        show Ada                         -> table=1 turn=Ada covers=3 ended=19:00 state=no_show
    "#]]);
}

#[test]
fn a_party_moves_to_the_table_it_is_given() {
    check(expect![[r#"
        table 1 4                        -> table_created table=1
        table 2 4                        -> table_created table=2
        party Ada 3 state=seated table=1 -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        write Ada table=2                -> turn_moved from_table=1 to_table=2 turn=Ada
        write Ada table=2                -> party_updated party=Ada
        write Ada state=waiting table=1  -> turn_moved from_table=2 to_table=1 turn=Ada, party_state_set party=Ada shown_as=waiting state=seated
        show Ada                         -> table=1 turn=Ada covers=3 shown_as=waiting state=seated
        show 2                           -> state=available state_since=19:00
    "#]]);
}

#[test]
fn nobody_is_bumped() {
    check(expect![[r#"
        table 1 4                         -> table_created table=1
        table 2 4                         -> table_created table=2
        table 3 4                         -> table_created table=3
        party Ada 3 state=seated table=1  -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        party Bo 2                        -> party_added party=Bo covers=2
        party Cy 2 state=seated table=2   -> party_added party=Cy covers=2, party_seated party=Cy table=2 turn=Cy covers=2
        write Bo state=seated table=1     -> refused: table_taken free_table=3 party=Ada table=1 turn=Ada
        write Cy table=1                  -> refused: table_taken free_table=3 party=Ada table=1 turn=Ada
        set 3 reserved party_id=Bo        -> table_state_set party=Bo table=3 state=reserved
        write Cy table=3                  -> refused: table_reserved free_table=none party=Bo table=3
        write Bo state=seated table=3     -> party_seated party=Bo table=3 turn=Bo covers=2
        close Bo                          -> turn_closed turn=Bo tables_left=available
        set 3 dirty                       -> table_state_set table=3 state=dirty
        write Cy table=3                  -> refused: table_dirty free_table=none table=3
        set 3 blocked                     -> table_state_set table=3 state=blocked
        write Cy table=3                  -> refused: table_blocked free_table=none table=3
        write Ada state=finished table=3  -> refused: bad_value status
        write Ada state=cancelled table=1 -> refused: bad_value status
        write Ada table=#99               -> refused: unknown_table table=#99
    "#]]);
}

#[test]
fn who_sits_down_where_somebody_is_said_to_sit_is_that_somebody() {
    check(expect![[r#"
        table 1 4                      -> table_created table=1
        table-is 1 state=occupied      -> turn_opened table=1 turn=1 covers=1
        party Ada 3                    -> party_added party=Ada covers=3
        write Ada state=seated table=1 -> party_joined party=Ada turn=1 covers=3
        show turn 1                    -> party=Ada table=1 covers=3 last_activity=19:00 opened=19:00 stage=seated
        show Ada                       -> table=1 turn=1 covers=3 state=seated
        undo Ada                       -> refused: nothing_to_undo party=Ada
        party Bo 2                     -> party_added party=Bo covers=2
        write Bo state=seated table=1  -> refused: table_taken free_table=none party=Ada table=1 turn=1
    "#]]);
}

#[test]
fn what_is_written_again_is_said_again() {
    check(expect![[r#"
        table 1 4                                             -> table_created table=1
        party Ada 3                                           -> party_added party=Ada covers=3
        write Ada state=waiting                               -> party_state_set party=Ada state=waiting
        write Ada covers=3                                    -> party_updated party=Ada
        write Ada covers=4                                    -> party_updated party=Ada
        write Ada table=null                                  -> party_updated party=Ada
        write Ada state=seated table=1                        -> party_seated party=Ada table=1 turn=Ada covers=4
        write Ada state=seated                                -> party_state_set party=Ada state=seated
        write Ada covers=6 name=Ada                           -> covers_changed turn=Ada covers=6 forced, guest_changed party=Ada, guest book: name
        write Ada checked_in=18:55 seated=19:05 finished=null -> times_noted party=Ada checked_in=18:55 seated=19:05
    "#]]);
}

#[test]
fn a_reservation_is_cancelled_before_it_is_taken_off_the_list() {
    check(expect![[r#"
        table 1 4                       -> table_created table=1
        party Ada 3 expected=20:00      -> party_added party=Ada covers=3, times_noted party=Ada expected=20:00
        end Ada                         -> refused: reservation_open party=Ada
        write Ada state=cancelled       -> party_cancelled party=Ada
        end Ada                         -> party_removed party=Ada
        end Ada                         -> refused: unknown_party party=Ada
        party Bo 2 state=seated table=1 -> party_added party=Bo covers=2, party_seated party=Bo table=1 turn=Bo covers=2
        end Bo                          -> turn_closed turn=Bo tables_left=available, party_removed party=Bo
        show 1                          -> state=available state_since=19:00
    "#]]);
}

#[test]
fn a_client_has_its_own_name_for_a_party() {
    check(expect![[r#"
        party Ada 3 alias=@tmp-1   -> party_added party=Ada alias=tmp-1 covers=3
        write @tmp-1 state=arrived -> party_arrived party=Ada
        party Bo 2 alias=@tmp-1    -> refused: alias_in_use alias=tmp-1
        write @tmp-2 state=arrived -> refused: unknown_party alias=tmp-2
        party Cy                   -> refused: bad_value party_size
    "#]]);
}

#[test]
fn a_turn_that_is_back_has_as_many_guests_as_it_had() {
    check(expect![[r#"
        table 1 4                        -> table_created table=1
        party Ada 2 state=seated table=1 -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        write Ada state=finished         -> turn_closed turn=Ada tables_left=available
        write Ada covers=4               -> party_updated party=Ada
        restore 1                        -> turn_restored turn=Ada
        show Ada covers state            -> covers=2 state=seated
        show turn Ada covers             -> covers=2
        write Ada covers=4               -> covers_changed turn=Ada covers=4
        show Ada covers                  -> covers=4
    "#]]);
}

#[test]
fn whoever_moves_to_where_somebody_is_said_to_sit_is_that_somebody() {
    check(expect![[r#"
        table 1 4                        -> table_created table=1
        table 2 4                        -> table_created table=2
        party Ada 2 state=seated table=1 -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        table-is 2 state=occupied        -> turn_opened table=2 turn=2 covers=1
        write Ada table=2                -> turn_closed turn=Ada party(shown_as=seated state=arrived) tables_left=available, party_joined party=Ada turn=2 covers=2
        show Ada                         -> table=2 turn=2 covers=2 state=seated
        show 1                           -> state=available state_since=19:00
    "#]]);
}
