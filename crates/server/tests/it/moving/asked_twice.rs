//! P8 for moves: asked twice, a table moves once, and the second answer is the first.

use super::ledgers::Ledgers;
use super::van::{Van, plainly};
use crate::house::House;
use crate::trouble::hold_the_journal;
use crate::work::until;
use floor::{By, Command};
use futures_util::FutureExt;
use futures_util::future::join_all;
use journal::KeyName;
use maitred::floors::{AskError, IdempotencyKey, Receipt};
use serde_json::json;
use std::sync::Arc;

/// A key of the manager of restaurant 1.
fn key(van: &Van, name: &str, body: u8) -> Option<IdempotencyKey> {
    Some(IdempotencyKey {
        name: KeyName {
            holder: van.passes[0].holder(),
            key: name.to_owned(),
        },
        body_hash: [body; 32],
    })
}

fn is_repeated(again: &(Receipt, Receipt), first: &(Receipt, Receipt)) {
    assert!(again.0.repeated && again.1.repeated);
    assert_eq!(again.0.change, first.0.change);
    assert_eq!(again.1.change, first.1.change);
}

#[tokio::test]
async fn the_second_answer_is_the_first_also_after_the_house_was_closed_and_opened() {
    let house = House::open().await;
    let van = Van::of(&house).await;
    let table_id = van.put_up(0, "W1").await;
    let carry = async |van: &Van| van.carry_as(plainly(table_id), 1, key(van, "k", 1)).await;
    let first = carry(&van).await.unwrap();
    assert!(!first.0.repeated && !first.1.repeated);
    is_repeated(&carry(&van).await.unwrap(), &first);
    // It is the key that counts, wherever the table is by now.
    van.carry(table_id, 0).await.unwrap();
    is_repeated(&carry(&van).await.unwrap(), &first);
    assert_eq!(van.find(table_id).unwrap().0, 0);
    drop(van);
    let folder = house.stop().await.unwrap();
    let house = House::open_at(folder.path(), 0).await;
    let van = Van::of(&house).await;
    is_repeated(&carry(&van).await.unwrap(), &first);
    assert_eq!(Ledgers::read(house.floors.journal()).await.are_whole(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_presses_at_once_move_one_table_once() {
    let house = House::open().await;
    let van = Van::of(&house).await;
    let table_id = van.put_up(0, "W1").await;
    let presses = (0..20).map(|_| {
        let van = van.clone();
        tokio::spawn(async move {
            let key = key(&van, "impatient", 1);
            van.carry_as(plainly(table_id), 1, key).await.unwrap()
        })
    });
    let answers = join_all(presses).await.into_iter().map(Result::unwrap);
    let (again, first): (Vec<_>, Vec<_>) = answers.partition(|it| it.0.repeated);
    assert_eq!(first.len(), 1);
    for again in &again {
        is_repeated(again, &first[0]);
    }
    assert_eq!(Ledgers::read(house.floors.journal()).await.are_whole(), 1);
}

#[tokio::test]
async fn a_key_is_of_one_command_and_of_one_restaurant() {
    let house = House::open().await;
    let van = Van::of(&house).await;
    let table_id = van.put_up(0, "W1").await;
    let ask = async |side: usize, name: &str, body| {
        let table = if side == 0 { 1 } else { 21 };
        let command = json!({"set_table_state": {"table_id": table, "state": "dirty"}});
        let command: Command = serde_json::from_value(command).unwrap();
        let by: By = van.passes[side].by("test");
        van.open[side].ask(command, by, key(&van, name, body)).await
    };
    // Used in the old restaurant for something else; used in the new one, where it is another key.
    ask(0, "taken", 7).await.unwrap();
    ask(1, "k", 7).await.unwrap();
    let before = van.standing();
    let refused = van.carry_as(plainly(table_id), 1, key(&van, "taken", 1)).await;
    assert!(matches!(refused, Err(AskError::KeyReused)), "{refused:?}");
    let refused = van.carry_as(plainly(table_id), 1, key(&van, "taken", 7)).await;
    assert!(matches!(refused, Err(AskError::KeyReused)), "{refused:?}");
    assert_eq!(van.standing(), before);
    van.carry_as(plainly(table_id), 1, key(&van, "k", 1))
        .await
        .unwrap();
    let refused = van.carry_as(plainly(table_id), 1, key(&van, "k", 2)).await;
    assert!(matches!(refused, Err(AskError::KeyReused)), "{refused:?}");
    let refused = ask(0, "k", 2).await;
    assert!(matches!(refused, Err(AskError::KeyReused)), "{refused:?}");
    assert!(ask(1, "k", 7).await.unwrap().repeated);
    assert_eq!(Ledgers::read(house.floors.journal()).await.are_whole(), 1);
}

#[tokio::test]
async fn whoever_hung_up_while_the_journal_was_held_asks_again_and_gets_the_first_answer() {
    let house = House::open().await;
    let van = Arc::new(Van::of(&house).await);
    let table_id = van.put_up(0, "W1").await;
    let holder = hold_the_journal(&house);
    let mut moving = Box::pin(van.carry_as(plainly(table_id), 1, key(&van, "k", 1)));
    assert!(moving.as_mut().now_or_never().is_none());
    drop(moving);
    drop(holder);
    until(async || van.find(table_id).is_some_and(|it| it.0 == 1)).await;
    let again = van
        .carry_as(plainly(table_id), 1, key(&van, "k", 1))
        .await
        .unwrap();
    assert!(again.0.repeated && again.1.repeated);
    assert_eq!(Ledgers::read(house.floors.journal()).await.are_whole(), 1);
}
