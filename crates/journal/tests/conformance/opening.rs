//! Opening: one owner, any number of readers, and a plain word to everybody else.

use crate::house::{House, one, walk_in};
use crate::kind;
use crate::places::on_every_engine;
use floor::Kind;
use journal::{Journal, OpenError, StorageErrorKind};

#[tokio::test]
async fn a_second_owner_is_refused_and_told_why() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let second = Journal::open(&place.config()).await.err().unwrap();
        let folder = place.config().folder;
        assert!(matches!(&second, OpenError::InUse { folder: it } if *it == folder));
        assert!(second.to_string().contains(folder.to_str().unwrap()));

        journal.close().await;
        place.open().await;
    })
    .await;
}

#[tokio::test]
async fn a_reader_beside_the_owner_sees_what_it_writes() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let reader = Journal::open_to_read(&place.config()).await.unwrap();
        assert_eq!(reader.epoch(), journal.epoch());
        let mut house = House::open(&journal, "harbour").await;
        assert_eq!(reader.head(house.id).await.unwrap(), house.head);

        let new = house.draft(&journal, walk_in(house.tables()[0], "Ada")).await;
        assert_eq!(
            kind(reader.append(one(new)).await),
            Some(StorageErrorKind::ReadOnly)
        );
        let ids = reader.reserve_ids(Kind::Turn, 1).await;
        assert_eq!(kind(ids), Some(StorageErrorKind::ReadOnly));
    })
    .await;
}

#[tokio::test]
async fn a_reader_needs_no_owner() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let house = House::open(&journal, "harbour").await;
        journal.close().await;
        let reader = Journal::open_to_read(&place.config()).await.unwrap();
        assert_eq!(reader.head(house.id).await.unwrap(), house.head);
    })
    .await;
}

#[tokio::test]
async fn nothing_to_read_is_said_so() {
    on_every_engine(async |place| {
        let reader = Journal::open_to_read(&place.config()).await;
        assert!(matches!(reader, Err(OpenError::NotFound { .. })));
        assert!(!place.config().folder.exists());
    })
    .await;
}

#[tokio::test]
async fn a_closed_journal_says_so_and_has_written_what_was_asked() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let new = house.draft(&journal, walk_in(house.tables()[0], "Ada")).await;
        journal.clone().close().await;
        assert_eq!(
            kind(journal.append(one(new.clone())).await),
            Some(StorageErrorKind::Closed)
        );
        assert_eq!(kind(journal.head(house.id).await), Some(StorageErrorKind::Closed));
        journal.close().await;

        let journal = place.open().await;
        journal.append(one(new)).await.unwrap();
        assert_eq!(journal.head(house.id).await.unwrap(), house.head);
    })
    .await;
}

#[tokio::test]
async fn a_dropped_journal_lets_go_of_its_folder() {
    on_every_engine(async |place| {
        drop(place.open().await);
        loop {
            match Journal::open(&place.config()).await {
                Ok(_) => break,
                Err(OpenError::InUse { .. }) => tokio::task::yield_now().await,
                Err(it) => panic!("{it}"),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_epoch_stays_and_the_folder_is_private() {
    use std::os::unix::fs::PermissionsExt;
    on_every_engine(async |place| {
        let journal = place.open().await;
        let epoch = journal.epoch().to_owned();
        assert!(!epoch.is_empty());
        journal.close().await;
        let journal = place.open().await;
        assert_eq!(journal.epoch(), epoch);
        assert_eq!(journal.restaurants().await.unwrap(), []);
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place.config().folder), 0o700);
        for entry in std::fs::read_dir(place.config().folder).unwrap() {
            assert_eq!(mode(&entry.unwrap().path()) & 0o007, 0);
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_of_a_later_version_is_left_alone() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        House::open(&journal, "harbour").await;
        journal.close().await;
        place.stamp("user_version", 999);
        for opened in [
            Journal::open(&place.config()).await,
            Journal::open_to_read(&place.config()).await,
        ] {
            assert!(matches!(opened, Err(OpenError::Newer { found: 999, .. })));
        }
        place.stamp("application_id", 7);
        let opened = Journal::open(&place.config()).await;
        assert!(matches!(opened, Err(OpenError::NotAJournal { .. })));
    })
    .await;
}
