//! Asking: changes, moments, snapshots and answered keys.

use crate::house::{House, one, walk_in};
use crate::places::on_every_engine;
use floor::{RestaurantId, Seq};
use jiff::{SignedDuration, Timestamp};
use journal::{Answered, KeyName, KeyRecord};

#[tokio::test]
async fn changes_come_in_pages() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let house = House::open(&journal, "harbour").await;
        let page = async |after, limit| {
            let changes = journal.changes(house.id, Seq(after), limit).await.unwrap();
            changes.into_iter().map(|it| it.seq.0).collect::<Vec<_>>()
        };
        assert_eq!(page(0, 2).await, [1, 2]);
        assert_eq!(page(2, 2).await, [3, 4]);
        assert_eq!(page(4, 2).await, [5]);
        assert!(page(5, 2).await.is_empty());
        assert!(page(u64::MAX, usize::MAX).await.is_empty());
        assert!(page(0, 0).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_moment_has_the_last_change_before_it() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let house = House::open(&journal, "harbour").await;
        let changes = journal.changes(house.id, Seq::ZERO, 10).await.unwrap();
        let seq_at = async |at| journal.seq_at(house.id, at).await.unwrap();
        let nearly = SignedDuration::from_micros(1);
        assert_eq!(seq_at(changes[0].at - nearly).await, Seq::ZERO);
        assert_eq!(seq_at(changes[0].at).await, Seq(1));
        assert_eq!(
            seq_at(changes[3].at - SignedDuration::from_nanos(1)).await,
            Seq(3)
        );
        assert_eq!(seq_at(changes[3].at + nearly).await, Seq(4));
        assert_eq!(seq_at(Timestamp::MAX).await, house.head);
    })
    .await;
}

#[tokio::test]
async fn the_floor_of_any_change_can_be_shown() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let mut digests = Vec::new();
        for n in 0..6 {
            house.evening(&journal, 1).await;
            if n % 2 == 0 {
                journal.save_snapshot(&house.snapshot()).await.unwrap();
            }
            digests.push((house.head, house.floor.digest()));
        }
        for (seq, digest) in digests {
            let (floor, at) = journal.floor_at(house.id, seq).await.unwrap().unwrap();
            assert_eq!(floor.digest(), digest);
            assert_eq!(journal.seq_at(house.id, at).await.unwrap(), seq);
        }
        let later = journal.floor_at(house.id, house.head.next()).await.unwrap();
        assert!(later.is_none());
        let (empty, _) = journal
            .floor_at(RestaurantId(77), Seq::ZERO)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(empty, floor::Floor::new(RestaurantId(77)));
    })
    .await;
}

#[tokio::test]
async fn the_latest_snapshot_is_found() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        assert!(journal.snapshot(house.id, Seq(u64::MAX)).await.unwrap().is_none());
        let first = house.snapshot();
        journal.save_snapshot(&first).await.unwrap();
        house.evening(&journal, 1).await;
        let second = house.snapshot();
        journal.save_snapshot(&second).await.unwrap();
        let latest = async |seq| journal.snapshot(house.id, seq).await.unwrap();
        assert_eq!(latest(Seq(u64::MAX)).await, Some(second.clone()));
        assert_eq!(latest(second.seq).await, Some(second));
        assert_eq!(latest(Seq(first.seq.0 + 1)).await, Some(first.clone()));
        assert_eq!(latest(Seq(first.seq.0 - 1)).await, None);
    })
    .await;
}

#[tokio::test]
async fn an_answered_key_is_known_and_only_its_holder_s() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let name = KeyName {
            holder: "staff:2".to_owned(),
            key: "k1".to_owned(),
        };
        let other = KeyName {
            holder: "staff:3".to_owned(),
            key: "k1".to_owned(),
        };
        let mut new = house.draft(&journal, walk_in(house.tables()[0], "Ada")).await;
        let at = new.change.at;
        new.key = Some(KeyRecord {
            name: name.clone(),
            body_hash: [7; 32],
        });
        journal.append(one(new)).await.unwrap();

        let answers = journal.answers(house.id, &[other, name.clone()]).await.unwrap();

        let expected = Answered {
            key: name.clone(),
            body_hash: [7; 32],
            seq: house.head,
            at,
        };
        assert_eq!(answers, [expected]);
        assert!(
            journal
                .answers(RestaurantId(77), &[name])
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}
