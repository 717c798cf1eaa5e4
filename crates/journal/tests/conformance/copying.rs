//! Backup and restore.

use crate::house::House;
use crate::places::on_every_engine;
use floor::{Kind, Seq};
use journal::{Config, Journal, OpenError, RestoreError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_during_writes_is_the_journal_of_one_moment() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        house.evening(&journal, 50).await;
        journal.save_snapshot(&house.snapshot()).await.unwrap();
        let before = house.head;
        let is_over = Arc::new(AtomicBool::new(false));
        let writer = tokio::spawn({
            let (journal, is_over) = (journal.clone(), Arc::clone(&is_over));
            async move {
                while !is_over.load(Ordering::Relaxed) {
                    house.evening(&journal, 1).await;
                }
                house
            }
        });

        let backup = place.beside("backup.maitred");
        journal
            .backup(&backup, |it| assert!(it.bytes_done <= it.bytes))
            .await
            .unwrap();
        is_over.store(true, Ordering::Relaxed);
        let house = writer.await.unwrap();

        let config = Config::in_folder(place.beside("restored"));
        Journal::restore(&backup, &config).await.unwrap();
        let restored = Journal::open(&config).await.unwrap();
        let head = restored.head(house.id).await.unwrap();
        assert!(before <= head && head <= house.head);
        let copied = restored.changes(house.id, Seq::ZERO, usize::MAX).await.unwrap();
        let original = journal.changes(house.id, Seq::ZERO, copied.len()).await.unwrap();
        assert_eq!(copied, original);
        let report = restored.check(|_| {}).await.unwrap();
        assert_eq!(report.findings, []);
        assert_eq!(report.n_changes, head.0);
    })
    .await;
}

#[tokio::test]
async fn a_backup_is_one_file_that_takes_the_place_of_an_older_one() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let folder = place.beside("backups");
        std::fs::create_dir(&folder).unwrap();
        let backup = folder.join("daily");
        journal.backup(&backup, |_| {}).await.unwrap();
        let first = std::fs::read(&backup).unwrap();
        house.evening(&journal, 20).await;
        // What an attempt that was cut off left behind does not matter.
        std::fs::write(folder.join("daily.partial"), b"half").unwrap();
        journal.backup(&backup, |_| {}).await.unwrap();
        assert_ne!(std::fs::read(&backup).unwrap(), first);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_restored_journal_has_a_new_epoch_and_goes_on_from_where_it_was() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let house = House::open(&journal, "harbour").await;
        let backup = place.beside("backup");
        journal.backup(&backup, |_| {}).await.unwrap();
        let config = Config::in_folder(place.beside("restored"));
        Journal::restore(&backup, &config).await.unwrap();

        let restored = Journal::open(&config).await.unwrap();
        assert_ne!(restored.epoch(), journal.epoch());
        let tables = restored.reserve_ids(Kind::Table, 1).await.unwrap();
        assert_eq!(tables, 5);
        let mut house = House::resume(&restored, house.id).await;
        house.evening(&restored, 1).await;
    })
    .await;
}

#[tokio::test]
async fn a_restore_overwrites_nothing_and_wants_a_backup() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let backup = place.beside("backup");
        journal.backup(&backup, |_| {}).await.unwrap();

        let in_use = Journal::restore(&backup, &place.config()).await;
        assert!(matches!(in_use, Err(RestoreError::Open(OpenError::InUse { .. }))));
        journal.close().await;
        let full = Journal::restore(&backup, &place.config()).await.err().unwrap();
        let folder = place.config().folder;
        assert!(matches!(&full, RestoreError::NotEmpty { folder: it } if *it == folder));
        assert!(full.to_string().contains(folder.to_str().unwrap()));

        let config = Config::in_folder(place.beside("restored"));
        let missing = Journal::restore(&place.beside("nothing"), &config).await;
        assert!(matches!(missing, Err(RestoreError::NotFound { .. })));
        let other = place.beside("other");
        std::fs::write(
            &other,
            "a letter to the chef, not a journal, and long enough to be looked at",
        )
        .unwrap();
        let other = Journal::restore(&other, &config).await;
        assert!(matches!(
            other,
            Err(RestoreError::Open(OpenError::NotAJournal { .. }))
        ));
        assert!(!config.folder.exists());
    })
    .await;
}
