//! Storage that fails: whoever asked is told, nothing acknowledged is lost, and the journal goes on.

use crate::house::{House, one, walk_in};
use crate::kind;
use crate::places::on_every_engine;
use floor::Seq;
use journal::{Config, Journal, StorageErrorKind};

#[tokio::test]
async fn while_somebody_else_holds_the_storage_writes_are_busy_and_reads_go_on() {
    on_every_engine(async |place| {
        let journal = Journal::open(&place.impatient()).await.unwrap();
        let mut house = House::open(&journal, "harbour").await;
        let before = house.head;
        let new = house.draft(&journal, walk_in(house.tables()[0], "Ada")).await;
        let other = place.hold();

        assert_eq!(
            kind(journal.append(one(new.clone())).await),
            Some(StorageErrorKind::Busy)
        );
        assert_eq!(journal.head(house.id).await.unwrap(), before);

        drop(other);
        journal.append(one(new)).await.unwrap();
        assert_eq!(journal.head(house.id).await.unwrap(), house.head);
    })
    .await;
}

#[tokio::test]
async fn a_full_storage_refuses_writes_serves_reads_and_loses_nothing() {
    on_every_engine(async |place| {
        let small = Config {
            bytes_max: Some(300_000),
            ..place.config()
        };
        let journal = Journal::open(&small).await.unwrap();
        let mut house = House::open(&journal, "harbour").await;
        let mut acknowledged = house.head;
        let refused = loop {
            let before = house.floor.turns.len();
            let command = match house.floor.turns.first_key_value() {
                Some((turn_id, _)) => floor::Command::CloseTurn { turn_id: *turn_id },
                None => walk_in(house.tables()[0], &"Ada Lovelace ".repeat(9)),
            };
            let Ok(new) = house.try_draft(&journal, command).await else {
                break StorageErrorKind::Full;
            };
            match journal.append(one(new)).await {
                Ok(()) => acknowledged = house.head,
                result => break kind(result).unwrap(),
            }
            assert_ne!(before, house.floor.turns.len());
        };
        assert_eq!(refused, StorageErrorKind::Full);
        assert!(acknowledged > Seq(100));
        assert_eq!(journal.head(house.id).await.unwrap(), acknowledged);
        assert_eq!(journal.check(|_| {}).await.unwrap().findings, []);
        journal.close().await;

        let journal = place.open().await;
        assert_eq!(journal.head(house.id).await.unwrap(), acknowledged);
        let mut house = House::resume(&journal, house.id).await;
        house.add_party(&journal, "Grace").await;
        assert_eq!(journal.check(|_| {}).await.unwrap().findings, []);
    })
    .await;
}
