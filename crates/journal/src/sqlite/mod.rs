//! The journal in one file of a folder: SQLite with a write-ahead log, synced at every commit.
//!
//! One thread writes; it takes whatever has piled up and commits it once ([`writer`]). A few read-only
//! connections answer questions beside it ([`readers`]). No word of SQLite leaves this folder.

mod open;
mod schema;

mod appending;
mod entering;
mod guest_book;
mod members;
mod task;
mod upkeep;
mod writer;

mod audit;
mod questions;
mod readers;
mod register;

mod checking;
mod copying;

mod failure;

use crate::append::{Answered, Append, KeyName};
use crate::{
    AddRestaurantError, AppendError, GuestEntry, RestaurantEntry, Snapshot, StorageError, StorageErrorKind,
    TurnRow,
};
use appending::Encoded;
use floor::{Change, Floor, GuestDetails, GuestId, Kind, RestaurantId, Seq};
use jiff::Timestamp;
use readers::Readers;
use std::sync::Arc;
use task::{Answer, Task};

/// A journal in a folder. Clones are handles of the same one.
#[derive(Clone, Debug)]
pub struct Sqlite {
    epoch: Arc<str>,
    /// Absent when opened to read only.
    writer: Option<writer::Handle>,
    readers: Readers,
    /// How often an erasure tries to empty the write-ahead log while readers hold it.
    erase_attempts: u32,
}

impl Sqlite {
    pub(crate) fn epoch(&self) -> &str {
        &self.epoch
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
    }

    pub(crate) async fn restaurants(&self) -> Result<Vec<RestaurantEntry>, StorageError> {
        self.readers.ask(questions::restaurants).await
    }

    pub(crate) async fn add_restaurant(&self, slug: &str) -> Result<RestaurantId, AddRestaurantError> {
        let slug = slug.to_owned();
        self.write(|answer| Task::AddRestaurant(slug, answer)).await
    }

    pub(crate) async fn reserve_ids(&self, kind: Kind, count: u64) -> Result<u64, StorageError> {
        let count = i64::try_from(count).map_err(|it| StorageError::because(StorageErrorKind::Other, it))?;
        self.write(|answer| Task::ReserveIds(kind, count, answer)).await
    }

    pub(crate) async fn append(&self, append: Append) -> Result<(), AppendError> {
        let encoded = Encoded::new(append)?;
        self.write(|answer| Task::Append(encoded, answer)).await
    }

    pub(crate) async fn head(&self, restaurant_id: RestaurantId) -> Result<Seq, StorageError> {
        self.readers
            .ask(move |it| Ok(questions::head(it, restaurant_id)?))
            .await
    }

    pub(crate) async fn changes(
        &self,
        restaurant_id: RestaurantId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Change>, StorageError> {
        self.readers
            .ask(move |it| questions::changes(it, restaurant_id, after, limit))
            .await
    }

    pub(crate) async fn seq_at(
        &self,
        restaurant_id: RestaurantId,
        at: Timestamp,
    ) -> Result<Seq, StorageError> {
        self.readers
            .ask(move |it| questions::seq_at(it, restaurant_id, at))
            .await
    }

    pub(crate) async fn snapshot(
        &self,
        restaurant_id: RestaurantId,
        at_or_before: Seq,
    ) -> Result<Option<Snapshot>, StorageError> {
        self.readers
            .ask(move |it| questions::snapshot(it, restaurant_id, at_or_before))
            .await
    }

    pub(crate) async fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StorageError> {
        let encoded = appending::EncodedSnapshot::new(snapshot)?;
        self.write(|answer| Task::SaveSnapshot(encoded, answer)).await
    }

    pub(crate) async fn floor_at(
        &self,
        restaurant_id: RestaurantId,
        seq: Seq,
    ) -> Result<Option<(Floor, Timestamp)>, StorageError> {
        self.readers
            .ask(move |it| questions::floor_at(it, restaurant_id, seq))
            .await
    }

    pub(crate) async fn answers(
        &self,
        restaurant_id: RestaurantId,
        keys: &[KeyName],
    ) -> Result<Vec<Answered>, StorageError> {
        let keys = keys.to_vec();
        self.readers
            .ask(move |it| questions::answers(it, restaurant_id, keys))
            .await
    }

    pub(crate) async fn guests(
        &self,
        restaurant_id: RestaurantId,
        guest_ids: &[GuestId],
    ) -> Result<Vec<(GuestId, GuestDetails)>, StorageError> {
        let guest_ids = guest_ids.to_vec();
        self.readers
            .ask(move |it| guest_book::guests(it, restaurant_id, &guest_ids))
            .await
    }

    pub(crate) async fn find_guests(
        &self,
        restaurant_id: RestaurantId,
        name_contains: &str,
        limit: usize,
    ) -> Result<Vec<GuestEntry>, StorageError> {
        let wanted = name_contains.to_lowercase();
        self.readers
            .ask(move |it| guest_book::find_guests(it, restaurant_id, &wanted, limit))
            .await
    }

    pub(crate) async fn erase_guest(
        &self,
        restaurant_id: RestaurantId,
        guest_id: GuestId,
    ) -> Result<bool, StorageError> {
        let was_known = self
            .write(|answer| Task::EraseGuest(restaurant_id, guest_id, answer))
            .await?;
        self.scrub().await?;
        Ok(was_known)
    }

    pub(crate) async fn scrub(&self) -> Result<(), StorageError> {
        // The log still holds the page as it was. Others' writes go on between the attempts.
        for _ in 0..self.erase_attempts {
            if self.write(Task::EmptyLog).await? {
                return Ok(());
            }
        }
        Err(StorageError::new(StorageErrorKind::Busy))
    }

    pub(crate) async fn turns(
        &self,
        restaurant_id: RestaurantId,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Result<Vec<TurnRow>, StorageError> {
        self.readers
            .ask(move |it| questions::turns(it, restaurant_id, from, to, limit))
            .await
    }

    /// Hands a task to the writer and waits for its answer.
    async fn write<T, E: From<StorageError>>(&self, task: impl FnOnce(Answer<T, E>) -> Task) -> Result<T, E> {
        match &self.writer {
            Some(writer) => writer.write(task).await,
            None => Err(StorageError::new(StorageErrorKind::ReadOnly).into()),
        }
    }
}
