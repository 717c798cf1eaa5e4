//! Batches.

use crate::limits::BATCH_COMMANDS_MAX;
use crate::script::check;
use crate::{Command, Floor, Ids, Refusal, RestaurantId, TurnId};
use expect_test::expect;

#[test]
fn a_batch_is_one_change() {
    check(expect![[r#"
        table 1 2                                             -> table_created table=1
        table 2 2                                             -> table_created table=2
        batch walk-in Ada 2 1; add Bo 2; seat Bo 2; close Ada -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2, party_added party=Bo covers=2, party_seated party=Bo table=2 turn=Bo covers=2, turn_closed turn=Ada tables_left=available
        show 1                                                -> state=available state_since=19:00
        show turn Bo                                          -> party=Bo table=2 covers=2 last_activity=19:00 opened=19:00 stage=seated
    "#]]);
}

#[test]
fn a_batch_sees_what_its_earlier_commands_did() {
    check(expect![[r#"
        table 1 2                                        -> table_created table=1
        batch walk-in Ada 2 1; walk-in Bo 2 1            -> refused: table_taken free_table=none party=Ada table=1 turn=Ada command_index=1
        batch walk-in Ada 2 1; close Ada; walk-in Bo 2 1 -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2, turn_closed turn=Ada tables_left=available, party_added party=Bo covers=2, party_seated party=Bo table=1 turn=Bo covers=2
    "#]]);
}

#[test]
fn one_refusal_refuses_the_whole_batch() {
    check(expect![[r#"
        table 1 2                               -> table_created table=1
        add Ada 2                               -> party_added party=Ada covers=2
        batch seat Ada 1; table 2 4; cancel #99 -> refused: unknown_party party=#99 command_index=2
        show Ada                                -> covers=2 state=waiting
        show 1                                  -> state=available state_since=19:00
    "#]]);
}

#[test]
fn a_batch_is_neither_empty_nor_nested() {
    check(expect![[r#"
        table 1 2            -> table_created table=1
        batch                -> refused: bad_value commands
        batch batch touch #1 -> refused: bad_value command command_index=0
    "#]]);
}

#[test]
fn hosts_swap_two_parties_in_one_go() {
    check(expect![[r#"
        table 1 2                               -> table_created table=1
        table 2 2                               -> table_created table=2
        table 3 2                               -> table_created table=3
        walk-in Ada 2 1                         -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
        walk-in Bo 2 2                          -> party_added party=Bo covers=2, party_seated party=Bo table=2 turn=Bo covers=2
        batch move Ada 3; move Bo 1; move Ada 2 -> turn_moved from_table=1 to_table=3 turn=Ada, turn_moved from_table=2 to_table=1 turn=Bo, turn_moved from_table=3 to_table=2 turn=Ada
    "#]]);
}

#[test]
fn a_batch_is_no_crowd() {
    let asked = |n_commands| {
        let commands = vec![Command::TouchTurn { turn_id: TurnId(1) }; n_commands];
        let now = "2026-11-20T19:00:00Z".parse().expect("an evening");
        Floor::new(RestaurantId(1)).decide(&Command::Batch { commands }, now, &mut Ids::default())
    };
    let code = |n_commands| asked(n_commands).err().map(|it: Refusal| it.code());
    assert_eq!(code(BATCH_COMMANDS_MAX), Some("restaurant_not_open"));
    assert_eq!(code(BATCH_COMMANDS_MAX + 1), Some("bad_value"));
}
