//! What a move takes along, what it leaves alone, and what stands in its way.

use super::ledgers::Ledgers;
use super::van::{SURFACE, Van, plainly};
use crate::house::House;
use crate::trouble::hold_the_journal;
use floor::{Event, Patch, Refusal, StaffId, TableId, TableMove, TablePatch};
use hub::Hub;
use jiff::SignedDuration;
use maitred::floors::{AskError, Floors};
use maitred::metrics::Metrics;
use serde_json::json;

/// The refusal of a move that must not happen. Neither floor has changed.
async fn refused(van: &Van, table_move: TableMove, to: usize) -> Refusal {
    let before = van.standing();
    let answer = van.carry_as(table_move, to, None).await;
    assert_eq!(van.standing(), before);
    match answer {
        Err(AskError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_table_keeps_its_id_and_what_it_is_and_both_changes_happen_at_once() {
    let house = House::open().await;
    let van = Van::of(&house).await;
    let table_id = van.put_up(0, "W1").await;
    let (_, before) = van.find(table_id).unwrap();
    let heads = van.standing().map(|it| it.0);
    house.later(SignedDuration::from_secs(60));
    // The new restaurant is ahead of the clock, and nothing happens there before what has happened.
    van.ask(1, json!({"set_table_state": {"table_id": 21, "state": "dirty"}}))
        .await
        .unwrap();
    house.later(SignedDuration::from_secs(30));
    let mut table_move = plainly(table_id);
    table_move.patch.notes = Patch::Set(floor::Note::new("by the window").unwrap());
    let (left, entered) = van.carry_as(table_move, 1, None).await.unwrap();
    let (side, after) = van.find(table_id).unwrap();
    assert_eq!(side, 1);
    assert_eq!(after.details.number, before.details.number);
    assert_eq!(after.details.notes.unwrap().to_string(), "by the window");
    let (left, entered) = (left.change, entered.change);
    assert_eq!([left.seq.0, entered.seq.0], [heads[0] + 1, heads[1] + 2]);
    assert_eq!(left.at, entered.at);
    assert_eq!(left.at.to_string(), "2026-11-20T19:31:00Z");
    let by = [0, 1].map(|side| van.passes[side].by(SURFACE));
    assert_eq!([left.by.clone(), entered.by.clone()], by);
    assert_eq!(left.events, [Event::TableDeleted { table_id }]);
    Ledgers::read(house.floors.journal()).await.are_whole();
}

#[tokio::test]
async fn who_sits_at_a_table_goes_with_it_and_nobody_else_notices() {
    let house = House::open().await;
    let van = Van::of(&house).await;
    let table_id = van.put_up(0, "W1").await;
    van.seat(0, &[table_id], 3).await;
    van.seat(0, &[TableId(5)], 2).await;
    van.seat(1, &[TableId(21)], 2).await;
    let before = [0, 1].map(|side| van.view(side).floor.clone());
    let (left, entered) = van.carry(table_id, 1).await.unwrap();
    let Event::TurnClosed { turn_id, .. } = left.change.events[0] else {
        panic!("{left:?}");
    };
    let opened = entered.change.events.iter().find_map(|it| match it {
        Event::TurnOpened { turn_id, covers, .. } => Some((*turn_id, covers.get())),
        _ => None,
    });
    let (new_turn_id, covers) = opened.unwrap();
    assert_eq!(covers, 3);
    assert_ne!(turn_id, new_turn_id);
    assert_eq!(van.covers(1, table_id).unwrap().get(), 3);
    for (side, before) in before.iter().enumerate() {
        let mut after = (*van.view(side).floor).clone();
        let mut before = (**before).clone();
        assert!(!after.turns.contains_key(&turn_id));
        for floor in [&mut before, &mut after] {
            floor.tables.remove(&table_id);
            floor.turns.remove(&turn_id);
            floor.turns.remove(&new_turn_id);
        }
        assert_eq!(after.tables, before.tables, "the other tables of side {side}");
        assert_eq!(after.turns, before.turns, "the other turns of side {side}");
    }
    let data = house.data().to_owned();
    let folder = house.stop().await;
    // The turn that was closed is in the read model, or this would not be clean.
    Ledgers::left_in(&data).await.are_whole();
    drop(folder);
}

#[tokio::test]
async fn what_stands_in_the_way_on_either_side_leaves_both_as_they_were() {
    let house = House::open().await;
    let van = Van::of(&house).await;
    let table_id = van.put_up(0, "W1").await;
    let other_id = van.put_up(1, "w1").await;
    let refusal = refused(&van, plainly(table_id), 1).await;
    assert_eq!(refusal, Refusal::NumberInUse { table_id: other_id });
    let refusal = refused(&van, plainly(other_id), 0).await;
    assert_eq!(refusal, Refusal::NumberInUse { table_id });
    let renamed = TablePatch {
        number: Some(floor::Label::new("W2").unwrap()),
        ..TablePatch::blank(table_id)
    };
    let to_nobody = TableMove {
        patch: renamed.clone(),
        waiter_id: Some(StaffId(9_999)),
        state: None,
    };
    assert_eq!(refused(&van, to_nobody, 1).await.code(), "unknown_staff");
    let stale = TableMove {
        patch: TablePatch {
            version: Some(9_999),
            ..renamed.clone()
        },
        ..plainly(table_id)
    };
    assert_eq!(refused(&van, stale, 1).await.code(), "stale");
    let elsewhere = refused(&van, plainly(table_id), 0).await;
    assert_eq!(elsewhere.code(), "unknown_table");
    // Nothing of all that keeps it from going.
    let table_move = TableMove {
        patch: renamed,
        ..plainly(table_id)
    };
    van.carry_as(table_move, 1, None).await.unwrap();
    assert_eq!(Ledgers::read(house.floors.journal()).await.are_whole(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_cannot_be_written_did_not_happen_and_both_floors_go_on() {
    let house = House::open().await;
    let van = Van::of(&house).await;
    let table_id = van.put_up(0, "W1").await;
    let before = van.standing();
    let holder = hold_the_journal(&house);
    let answer = van.carry(table_id, 1).await;
    assert!(matches!(answer, Err(AskError::Storage(_))), "{answer:?}");
    drop(holder);
    assert_eq!(van.standing(), before);
    for (side, table_id) in [(0, 1), (1, 21)] {
        let command = json!({"set_table_state": {"table_id": table_id, "state": "dirty"}});
        van.ask(side, command).await.unwrap();
    }
    van.carry(table_id, 1).await.unwrap();
    assert_eq!(Ledgers::read(house.floors.journal()).await.are_whole(), 1);
}

#[tokio::test]
async fn a_move_behind_another_nodes_changes_is_decided_again() {
    let house = House::open().await;
    let van = Van::of(&house).await;
    let floors = Floors::new(
        house.floors.journal().clone(),
        Hub::new(),
        house.clock.clone(),
        Metrics::default(),
        house.identity.clone(),
        Vec::new(),
    );
    let other_node = Van::through(&house, floors.clone()).await;
    let table_id = van.put_up(0, "W1").await;
    let mut screen = house.screen().await;
    let mut seen = screen.snapshot().await;
    let mut to = 1;
    for round in 0..12 {
        let state = if round % 2 == 0 { "dirty" } else { "available" };
        // One side is behind, or the other, or both.
        for (side, table_id) in [(0, 1), (1, 21)] {
            if round % 3 == 2 || round % 3 == side {
                let command = json!({"set_table_state": {"table_id": table_id, "state": state}});
                other_node.ask(side, command).await.unwrap();
            }
        }
        van.carry(table_id, to).await.unwrap();
        assert_eq!(van.find(table_id).unwrap().0, to);
        to = 1 - to;
    }
    let view = van.view(0);
    screen.watch(&mut seen, view.seq.0).await;
    assert_eq!(seen.floor.digest(), view.digest());
    assert_eq!(Ledgers::read(house.floors.journal()).await.are_whole(), 12);
    floors.close().await;
}
