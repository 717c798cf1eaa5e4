//! Tidying up: old keys and crowded snapshots go, nothing else does.

use crate::house::{House, one};
use crate::places::on_every_engine;
use floor::Seq;
use jiff::SignedDuration;
use journal::{KeyName, KeyRecord, Snapshot, Tidied};

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let name = |n: i32| KeyName {
            holder: "staff:2".to_owned(),
            key: format!("k{n}"),
        };
        for n in 0..3 {
            let mut new = house.draft(&journal, crate::house::party("Ada")).await;
            new.key = Some(KeyRecord {
                name: name(n),
                body_hash: [0; 32],
            });
            journal.append(one(new)).await.unwrap();
        }
        let names = [name(0), name(1), name(2)];
        let answers = journal.answers(house.id, &names).await.unwrap();
        let day = SignedDuration::from_hours(24);

        let tidied = journal.tidy_up(answers[1].at + day).await.unwrap();
        assert_eq!(
            tidied,
            Tidied {
                n_keys: 1,
                ..Tidied::default()
            }
        );
        let left = journal.answers(house.id, &names).await.unwrap();
        assert_eq!(left, answers[1..]);
    })
    .await;
}

#[tokio::test]
async fn old_snapshots_are_thinned_out_and_every_moment_can_still_be_shown() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let mut kept: Vec<Snapshot> = Vec::new();
        for _ in 0..10 {
            house.evening(&journal, 1).await;
            journal.save_snapshot(&house.snapshot()).await.unwrap();
            kept.push(house.snapshot());
        }
        // The last three, and the first of the first ten thousand changes.
        let tidied = journal.tidy_up(house.now).await.unwrap();
        assert_eq!(
            tidied,
            Tidied {
                n_snapshots: 6,
                ..Tidied::default()
            }
        );
        for snapshot in &kept {
            let (floor, _) = journal.floor_at(house.id, snapshot.seq).await.unwrap().unwrap();
            assert_eq!(floor, snapshot.floor);
        }
        let latest = journal.snapshot(house.id, Seq(u64::MAX)).await.unwrap();
        assert_eq!(latest.as_ref(), kept.last());
    })
    .await;
}
