//! Fresh ids, taken from the journal in blocks and handed out in order.

use crate::limits::IDS_PER_BLOCK;
use floor::{Command, Ids, Kind};
use journal::{Journal, StorageError};
use std::collections::BTreeMap;
use std::ops::Range;
use tokio::sync::Mutex;

/// This node's blocks of reserved ids, one per kind.
pub(crate) struct IdBlocks {
    journal: Journal,
    blocks: Mutex<BTreeMap<Kind, Range<u64>>>,
}

impl IdBlocks {
    pub(crate) fn new(journal: Journal) -> IdBlocks {
        IdBlocks {
            journal,
            blocks: Mutex::default(),
        }
    }

    /// Ids enough to decide all of `commands`.
    pub(crate) async fn lease(
        &self,
        commands: impl Iterator<Item = &Command> + Clone,
    ) -> Result<Ids, StorageError> {
        let mut ids = Ids::default();
        for kind in Kind::ALL {
            let count = commands.clone().map(|it| it.draws(kind)).sum();
            if count > 0 {
                ids.refill(kind, self.take(kind, count).await?, count);
            }
        }
        Ok(ids)
    }

    /// The first of `count` ids in a row.
    async fn take(&self, kind: Kind, count: u64) -> Result<u64, StorageError> {
        // Held while the journal reserves: the others need the same block.
        let mut blocks = self.blocks.lock().await;
        let block = blocks.entry(kind).or_insert(0..0);
        if block.end - block.start < count {
            let size = count.max(IDS_PER_BLOCK);
            let first = self.journal.reserve_ids(kind, size).await?;
            // Nobody else reserved meanwhile: the new block goes on where the old one ends.
            let start = if first == block.end { block.start } else { first };
            *block = start..first + size;
        }
        let first = block.start;
        block.start += count;
        Ok(first)
    }
}
