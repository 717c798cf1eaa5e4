use crate::script::check;
use expect_test::expect;

#[test]
fn a_seating_by_mistake_is_taken_back() {
    check(expect![[r#"
        table 1 4                   -> table_created table=1
        table 2 4                   -> table_created table=2
        add Ada 2                   -> party_added party=Ada covers=2
        set 2 reserved party_id=Ada -> table_state_set party=Ada table=2 state=reserved
        19:10
        seat Ada 1                  -> party_seated party=Ada table=1 turn=Ada covers=2, table_state_set table=2 state=available
        show 2                      -> state=available state_since=19:10
        19:11
        undo Ada                    -> step_undone party=Ada turn=Ada tables=[{"state":"available","table_id":1},{"party_id":1,"state":"reserved","table_id":2}]
        show Ada                    -> covers=2 state=waiting
        show 1                      -> state=available state_since=19:11
        show 2                      -> party=Ada state=reserved state_since=19:11
        show turn Ada               -> gone
        undo Ada                    -> refused: nothing_to_undo party=Ada
        seat Ada 2                  -> party_seated party=Ada table=2 turn=Ada covers=2
    "#]]);
}

#[test]
fn a_clearing_by_mistake_is_taken_back() {
    check(expect![[r#"
        settings clean_after_close=true -> settings_changed
        table 1 4                       -> table_created table=1
        walk-in Ada 2 1                 -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        stage Ada served                -> stage_advanced turn=Ada stage=served
        19:50
        close Ada                       -> turn_closed turn=Ada tables_left=dirty
        show 1                          -> state=dirty state_since=19:50
        19:51
        undo Ada                        -> step_undone party=Ada turn=Ada tables=[]
        show Ada                        -> table=1 turn=Ada covers=2 state=seated
        show 1                          -> turn=Ada state=occupied state_since=19:51
        show turn Ada                   -> party=Ada table=1 covers=2 last_activity=19:00 opened=19:00 stage=served
        undo Ada                        -> refused: nothing_to_undo party=Ada
    "#]]);
}

#[test]
fn a_state_by_mistake_is_taken_back() {
    check(expect![[r#"
        table 1 4                   -> table_created table=1
        add Ada 2                   -> party_added party=Ada covers=2
        set 1 reserved party_id=Ada -> table_state_set party=Ada table=1 state=reserved
        cancel Ada                  -> party_cancelled party=Ada, table_state_set table=1 state=available
        show 1                      -> state=available state_since=19:00
        undo Ada                    -> step_undone party=Ada tables=[{"party_id":1,"state":"reserved","table_id":1}]
        show Ada                    -> covers=2 state=waiting
        show 1                      -> party=Ada state=reserved state_since=19:00
        arrived Ada                 -> party_arrived party=Ada
        late Ada                    -> party_late party=Ada
        undo Ada                    -> step_undone party=Ada tables=[]
        show Ada                    -> covers=2 state=arrived
        undo Ada                    -> refused: nothing_to_undo party=Ada
    "#]]);
}

#[test]
fn what_others_have_built_on_stands() {
    check(expect![[r#"
        table 1 4         -> table_created table=1
        table 2 4         -> table_created table=2
        add Ada 2         -> party_added party=Ada covers=2
        add Bo 2          -> party_added party=Bo covers=2
        undo Ada          -> refused: nothing_to_undo party=Ada
        seat Ada 1        -> party_seated party=Ada table=1 turn=Ada covers=2
        stage Ada ordered -> stage_advanced turn=Ada stage=ordered
        undo Ada          -> refused: nothing_to_undo party=Ada
        close Ada         -> turn_closed turn=Ada tables_left=available
        seat Bo 1         -> party_seated party=Bo table=1 turn=Bo covers=2
        undo Ada          -> refused: table_taken free_table=2 party=Bo table=1 turn=Bo
        close Bo          -> turn_closed turn=Bo tables_left=available
        undo Ada          -> refused: nothing_to_undo party=Ada
        undo Bo           -> step_undone party=Bo turn=Bo tables=[]
        close Bo          -> turn_closed turn=Bo tables_left=available
        20:10
        set 1 dirty       -> table_state_set table=1 state=dirty
        undo Bo           -> refused: nothing_to_undo party=Bo
        add Cy 2          -> party_added party=Cy covers=2
        seat Cy 2         -> party_seated party=Cy table=2 turn=Cy covers=2
        move Cy 1 force   -> turn_moved from_table=2 to_table=1 turn=Cy forced
        undo Cy           -> refused: nothing_to_undo party=Cy
        undo #99          -> refused: unknown_party party=#99
    "#]]);
}

#[test]
fn a_table_kept_for_a_party_is_not_taken_from_the_next() {
    check(expect![[r#"
        table 1 4                   -> table_created table=1
        add Ada 2                   -> party_added party=Ada covers=2
        set 1 reserved party_id=Ada -> table_state_set party=Ada table=1 state=reserved
        cancel Ada                  -> party_cancelled party=Ada, table_state_set table=1 state=available
        walk-in Bo 2 1              -> party_added party=Bo covers=2, party_seated party=Bo table=1 turn=Bo covers=2
        undo Ada                    -> step_undone party=Ada tables=[]
        show 1                      -> turn=Bo state=occupied state_since=19:00
        show Ada                    -> covers=2 state=waiting
    "#]]);
}

#[test]
fn a_table_is_not_kept_again_for_somebody_who_has_gone() {
    check(expect![[r#"
        table 1 4                  -> table_created table=1
        add Ada 2                  -> party_added party=Ada covers=2
        add Bo 2                   -> party_added party=Bo covers=2
        set 1 reserved party_id=Bo -> table_state_set party=Bo table=1 state=reserved
        seat Ada 1 force           -> party_seated party=Ada table=1 turn=Ada covers=2 forced
        cancel Bo                  -> party_cancelled party=Bo
        undo Ada                   -> step_undone party=Ada turn=Ada tables=[{"state":"available","table_id":1}]
        show 1                     -> state=available state_since=19:00
        set 1 reserved             -> table_state_set table=1 state=reserved
        seat Ada 1 force           -> party_seated party=Ada table=1 turn=Ada covers=2 forced
        undo Ada                   -> step_undone party=Ada turn=Ada tables=[{"party_id":null,"state":"reserved","table_id":1}]
        show 1                     -> state=reserved state_since=19:00
    "#]]);
}

#[test]
fn a_table_that_the_step_did_not_touch_stays_as_it_is() {
    check(expect![[r#"
        table 1 4                   -> table_created table=1
        table 2 4                   -> table_created table=2
        add Ada 2                   -> party_added party=Ada covers=2
        set 1 reserved party_id=Ada -> table_state_set party=Ada table=1 state=reserved
        set 2 reserved party_id=Ada -> table_state_set party=Ada table=2 state=reserved
        notify Ada                  -> party_notified party=Ada
        19:20
        set 1 available             -> table_state_set table=1 state=available
        undo Ada                    -> step_undone party=Ada tables=[]
        show 1                      -> state=available state_since=19:20
        19:30
        seat Ada 2                  -> party_seated party=Ada table=2 turn=Ada covers=2
        close Ada                   -> turn_closed turn=Ada tables_left=available
        set 2 blocked               -> table_state_set table=2 state=blocked
        undo Ada                    -> refused: nothing_to_undo party=Ada
        show 2                      -> state=blocked state_since=19:30
    "#]]);
}

#[test]
fn whoever_sits_again_or_is_over_again_keeps_no_table_waiting() {
    check(expect![[r#"
        table 1 4                           -> table_created table=1
        table 2 4                           -> table_created table=2
        add Ada 2                           -> party_added party=Ada covers=2
        seat Ada 1                          -> party_seated party=Ada table=1 turn=Ada covers=2
        write Ada state=waiting             -> turn_closed turn=Ada party(state=waiting) tables_left=available
        table-is 2 state=reserved party=Ada -> table_state_set party=Ada table=2 state=reserved
        undo Ada                            -> step_undone party=Ada turn=Ada tables=[], table_state_set table=2 state=available
        show Ada                            -> table=1 turn=Ada covers=2 state=seated
        show 2                              -> state=available state_since=19:00
    "#]]);
}

#[test]
fn what_is_noted_or_taken_away_later_stands() {
    check(expect![[r#"
        table 1 4                                   -> table_created table=1
        table 2 4                                   -> table_created table=2
        add Ada 2                                   -> party_added party=Ada covers=2
        19:10
        write Ada state=seated table=1 seated=19:05 -> party_seated party=Ada table=1 turn=Ada covers=2, times_noted party=Ada seated=19:05
        undo Ada                                    -> step_undone party=Ada turn=Ada tables=[{"state":"available","table_id":1}]
        write Ada state=seated table=1              -> party_seated party=Ada table=1 turn=Ada covers=2
        19:20
        write Ada checked_in=18:55                  -> times_noted party=Ada checked_in=18:55
        undo Ada                                    -> refused: nothing_to_undo party=Ada
        update Ada covers=2                         -> refused: bad_value covers
        add Bo 2                                    -> party_added party=Bo covers=2
        update Bo table_id=2                        -> party_updated party=Bo
        arrived Bo                                  -> party_arrived party=Bo
        untable 2                                   -> table_deleted table=2
        undo Bo                                     -> refused: nothing_to_undo party=Bo
    "#]]);
}
