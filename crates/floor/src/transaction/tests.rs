use crate::script::check;
use expect_test::expect;

#[test]
fn writes_asked_for_together_happen_together() {
    check(expect![[r#"
        table 1 4                                                                                                  -> table_created table=1
        party Ada 3 state=seated table=1                                                                           -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        transact write Ada state=finished; party Bo 2 as=@new; write @new state=seated table=1; table-is 1 seats=6 -> turn_closed turn=Ada tables_left=available, party_added party=Bo covers=2, party_seated party=Bo table=1 turn=@new covers=2, table_updated table=1, batch_completed entities=[{"party_id":1},{"party_id":2},{"party_id":2},{"table_id":1}]
        show Bo                                                                                                    -> table=1 turn=@new covers=2 state=seated
        show 1                                                                                                     -> turn=@new state=occupied state_since=19:00
    "#]]);
}

#[test]
fn one_bad_write_stops_them_all() {
    check(expect![[r#"
        table 1 4                                                          -> table_created table=1
        party Ada 3 state=seated table=1                                   -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
        party Bo 2                                                         -> party_added party=Bo covers=2
        transact write Ada state=finished; write Bo state=seated table=#99 -> refused: unknown_table table=#99 command_index=1
        transact write Bo state=seated table=1; write Ada state=finished   -> refused: table_taken free_table=none party=Ada table=1 turn=Ada command_index=0
        show Ada                                                           -> table=1 turn=Ada covers=3 state=seated
        transact end Bo; end-table 1                                       -> refused: table_taken free_table=none party=Ada table=1 turn=Ada command_index=1
        transact write @new state=seated; party Cy 2 as=@new               -> refused: unknown_party alias=new command_index=0
    "#]]);
}
