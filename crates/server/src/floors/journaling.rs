//! What is asked of the journal in the same way whether one floor changes or two together.

use super::Shared;
use super::ask::{AskError, IdempotencyKey, Receipt};
use super::draft::Answered;
use crate::limits::KEYS_KEPT;
use floor::{RestaurantId, Seq};
use journal::{Append, AppendError, KeyName, NewChange, StorageError};
use std::sync::Arc;
use std::time::Instant;

/// What became of changes that were to be journaled.
pub(super) enum Appended {
    /// They are on disk.
    Durable,
    /// Nothing: somebody else wrote first.
    Overtaken,
}

impl Shared {
    /// Writes changes, all of them or none.
    pub(super) async fn append(&self, changes: Vec<NewChange>) -> Result<Appended, AskError> {
        let started = Instant::now();
        let n_changes = changes.len();
        match self.journal.append(Append { changes }).await {
            Ok(()) => {
                self.metrics.committed(started.elapsed(), n_changes);
                Ok(Appended::Durable)
            }
            Err(AppendError::Conflict { .. }) => Ok(Appended::Overtaken),
            Err(AppendError::Storage(error)) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the journal cannot be written"
                );
                Err(storage(error))
            }
        }
    }

    /// Which of these keys have been used in a restaurant, and for what.
    pub(super) async fn answered(
        &self,
        restaurant_id: RestaurantId,
        names: &[KeyName],
    ) -> Result<Answered, AskError> {
        if names.is_empty() {
            return Ok(Answered::new());
        }
        let found = self
            .journal
            .answers(restaurant_id, names)
            .await
            .map_err(storage)?;
        let oldest = self.clock.now() - KEYS_KEPT;
        let remembered = found.into_iter().filter(|it| it.at >= oldest);
        Ok(remembered.map(|it| (it.key, (it.body_hash, it.seq))).collect())
    }

    /// What was answered when a command was asked for the first time under `key`.
    pub(super) async fn answered_before(
        &self,
        restaurant_id: RestaurantId,
        key: &IdempotencyKey,
    ) -> Result<Option<Receipt>, AskError> {
        let names = [key.name.clone()];
        let answered = self.answered(restaurant_id, &names).await?;
        match answered.get(&key.name) {
            None => Ok(None),
            Some((body_hash, _)) if *body_hash != key.body_hash => Err(AskError::KeyReused),
            Some((_, seq)) => self.first_answer(restaurant_id, *seq).await.map(Some),
        }
    }

    /// What was answered when a command became the change `seq`.
    pub(super) async fn first_answer(
        &self,
        restaurant_id: RestaurantId,
        seq: Seq,
    ) -> Result<Receipt, AskError> {
        let before = Seq(seq.0 - 1);
        let found = self
            .journal
            .changes(restaurant_id, before, 1)
            .await
            .map_err(storage)?;
        let change = found.into_iter().next().ok_or(AskError::Busy)?;
        Ok(Receipt {
            change: Arc::new(change),
            repeated: true,
        })
    }
}

pub(super) fn storage(error: StorageError) -> AskError {
    AskError::Storage(Arc::new(error))
}
