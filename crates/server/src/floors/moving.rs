//! A table that goes from one restaurant to another: a change in either, in the journal together or not at all.

use super::ask::{AskError, IdempotencyKey, Receipt};
use super::draft::Draft;
use super::journaling::{Appended, storage};
use super::loan::Loan;
use super::{Floors, OpenFloor, Shared};
use crate::identity::Pass;
use crate::limits::CONFLICTS_MAX;
use floor::{By, Command, TableMove};
use journal::KeyName;
use std::sync::Arc;
use tokio::sync::RwLockWriteGuard;

/// A move on its way.
struct Moving {
    shared: Arc<Shared>,
    from: Side,
    to: Side,
    table_move: TableMove,
}

/// One of the two floors.
struct Side {
    floor: Arc<OpenFloor>,
    by: By,
    /// The name under which asking again finds this floor's change.
    key: Option<IdempotencyKey>,
}

impl Floors {
    /// Moves a table, with whoever sits there, to another restaurant. The receipts are those of the old restaurant and
    /// of the new one; they come when both changes are durable and every screen of both has been told. Whoever stops
    /// waiting leaves the whole move behind or none of it.
    ///
    /// `key` is one of the old restaurant's. It must stand for the new restaurant too: its fingerprint has to tell
    /// where the table was to go.
    ///
    /// # Panics
    /// When both passes are of the same restaurant: that is no move, but an edit of the table.
    pub async fn move_table(
        &self,
        from: &Pass,
        to: &Pass,
        table_move: TableMove,
        surface: &str,
        key: Option<IdempotencyKey>,
    ) -> Result<(Receipt, Receipt), AskError> {
        assert_ne!(
            from.restaurant_id(),
            to.restaurant_id(),
            "a table moves between two restaurants"
        );
        let moving = Moving {
            shared: Arc::clone(&self.shared),
            to: Side {
                floor: self.enter(to).await.map_err(storage)?,
                by: to.by(surface),
                key: key.as_ref().map(|it| it.of_arrivals_from(from)),
            },
            from: Side {
                floor: self.enter(from).await.map_err(storage)?,
                by: from.by(surface),
                key,
            },
            table_move,
        };
        // A task of its own: whoever asks may hang up between the append and the telling.
        let moved = tokio::spawn(moving.carry_out()).await;
        moved.unwrap_or_else(|error| {
            tracing::error!(%error, "the move of a table ended badly");
            Err(AskError::Draining)
        })
    }
}

impl Floors {
    /// Waits until every table is in one restaurant or another. None is between two, as far as views show, until what
    /// this answers is dropped.
    pub async fn between_moves(&self) -> RwLockWriteGuard<'_, ()> {
        self.shared.crossing.write().await
    }

    /// What was answered to a write when it was asked for the first time; nothing, if it was not asked under this key.
    pub async fn first_answer(&self, pass: &Pass, key: &IdempotencyKey) -> Result<Option<Receipt>, AskError> {
        self.shared.answered_before(pass.restaurant_id(), key).await
    }

    /// The receipt of the new restaurant for a move that was asked for before; nothing, if it was not.
    pub async fn first_arrival(
        &self,
        from: &Pass,
        to: &Pass,
        key: &IdempotencyKey,
    ) -> Result<Option<Receipt>, AskError> {
        self.first_answer(to, &key.of_arrivals_from(from)).await
    }
}

impl IdempotencyKey {
    /// The same key in the restaurant that a table arrives at, where it does not get in the way of the holder's
    /// keys of there.
    fn of_arrivals_from(&self, from: &Pass) -> IdempotencyKey {
        IdempotencyKey {
            name: KeyName {
                holder: format!("arrival:{}:{}", from.restaurant_id(), self.name.holder),
                key: self.name.key.clone(),
            },
            body_hash: self.body_hash,
        }
    }
}

impl Moving {
    async fn carry_out(self) -> Result<(Receipt, Receipt), AskError> {
        let moved = self.try_to().await;
        if let Err(AskError::Refused(refusal)) = &moved {
            self.shared.metrics.refused(refusal.code());
        }
        moved
    }

    async fn try_to(&self) -> Result<(Receipt, Receipt), AskError> {
        for _ in 0..CONFLICTS_MAX {
            let (mut left, mut entered) = self.borrow().await?;
            // Nobody on this node asks with the same key at the same time: whoever did has given the floors back.
            if let Some(first) = self.first_answer().await? {
                return Ok(first);
            }
            self.decide(&mut left.draft, &mut entered.draft).await?;
            let changes = [&left.draft, &entered.draft];
            let changes = changes.into_iter().flat_map(|it| it.changes.iter().cloned());
            match self.shared.append(changes.collect()).await? {
                Appended::Durable => {
                    let _crossing = self.shared.crossing.read().await;
                    // Told in this order, for whoever listens to both: it has gone before it comes.
                    let left = left.settle().changes().await;
                    let entered = entered.settle().changes().await;
                    return Ok((receipt(left?), receipt(entered?)));
                }
                // Given back, so that both writers take in what the other node wrote.
                Appended::Overtaken => drop((left, entered)),
            }
        }
        Err(AskError::Busy)
    }

    /// Both floors, the old one first.
    async fn borrow(&self) -> Result<(Loan, Loan), AskError> {
        let (from, to) = (&self.from.floor, &self.to.floor);
        if from.restaurant_id < to.restaurant_id {
            let left = from.borrow().await?;
            Ok((left, to.borrow().await?))
        } else {
            let entered = to.borrow().await?;
            Ok((from.borrow().await?, entered))
        }
    }

    async fn decide(&self, left: &mut Draft, entered: &mut Draft) -> Result<(), AskError> {
        let arrival = left.floor.arrival(&self.table_move)?;
        let release = Command::ReleaseTable {
            table_id: self.table_move.patch.table_id,
            version: self.table_move.patch.version,
        };
        let receive = Command::ReceiveTable(Box::new(arrival));
        let leasing = self.shared.ids.lease([&release, &receive].into_iter());
        let mut ids = leasing.await.map_err(storage)?;
        // Both changes happen at once, and neither before what happened there last.
        let now = self.shared.clock.now().max(left.at).max(entered.at);
        let Side { by, key, .. } = &self.from;
        left.carry_out(&release, by, key.as_ref(), now, &mut ids)?;
        let Side { by, key, .. } = &self.to;
        entered.carry_out(&receive, by, key.as_ref(), now, &mut ids)?;
        Ok(())
    }

    /// What was answered when this was asked for the first time.
    async fn first_answer(&self) -> Result<Option<(Receipt, Receipt)>, AskError> {
        let left = self.earlier(&self.from).await?;
        let entered = self.earlier(&self.to).await?;
        match (left, entered) {
            (Some(left), Some(entered)) => Ok(Some((left, entered))),
            (None, None) => Ok(None),
            // Used in the old restaurant for something else, or for going somewhere else.
            _ => Err(AskError::KeyReused),
        }
    }

    /// The change that the key led to at one side.
    async fn earlier(&self, side: &Side) -> Result<Option<Receipt>, AskError> {
        let Some(key) = &side.key else {
            return Ok(None);
        };
        let restaurant_id = side.floor.restaurant_id;
        self.shared.answered_before(restaurant_id, key).await
    }
}

/// The receipt of a loan's only change.
fn receipt(changes: Vec<Arc<floor::Change>>) -> Receipt {
    let change = changes.into_iter().next();
    Receipt {
        change: change.expect("a loan that was journaled has changed something"),
        repeated: false,
    }
}
