//! What keeps the file small and its read models right, carried out by the writer.

use super::appending::{stored, write_turn};
use super::{Sqlite, questions, task::Task};
use crate::{StorageError, Tidied, fold};
use floor::{Floor, RestaurantId, Seq};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};

/// How long an idempotency key is kept.
const KEY_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Keys forgotten in one go. Others' writes go on in between.
const KEYS_PER_GO: usize = 1_000;
/// Snapshots that are always kept: the latest ones.
const SNAPSHOTS_KEPT: i64 = 3;
/// Of older snapshots the first is kept of each stretch of this many changes.
const SNAPSHOT_STRETCH: i64 = 10_000;

impl Sqlite {
    pub(crate) async fn rebuild_read_models(&self) -> Result<(), StorageError> {
        let ids = self.readers.ask(|it| questions::restaurant_ids(it)).await?;
        for id in ids {
            self.write(|answer| Task::RebuildTurns(id, answer)).await?;
        }
        Ok(())
    }

    pub(crate) async fn tidy_up(&self, now: Timestamp) -> Result<Tidied, StorageError> {
        let before = now.saturating_sub(KEY_KEPT).unwrap_or(now).as_microsecond();
        let mut tidied = Tidied::default();
        loop {
            let n_keys = self.write(|answer| Task::ForgetKeys(before, answer)).await?;
            tidied.n_keys += n_keys as u64;
            if n_keys < KEYS_PER_GO {
                break;
            }
        }
        let ids = self.readers.ask(|it| questions::restaurant_ids(it)).await?;
        for id in ids {
            let n_snapshots = self.write(|answer| Task::ThinSnapshots(id, answer)).await?;
            tidied.n_snapshots += n_snapshots as u64;
        }
        Ok(tidied)
    }
}

pub(super) fn forget_keys(conn: &Connection, before: i64) -> rusqlite::Result<usize> {
    const DELETE: &str = "
        DELETE FROM answers WHERE (restaurant_id, holder, key) IN
            (SELECT restaurant_id, holder, key FROM answers WHERE at < ?1 LIMIT ?2)";
    conn.prepare_cached(DELETE)?
        .execute(params![before, KEYS_PER_GO as i64])
}

pub(super) fn thin_snapshots(conn: &Connection, restaurant_id: RestaurantId) -> rusqlite::Result<usize> {
    const DELETE: &str = "
        DELETE FROM snapshots
        WHERE restaurant_id = ?1
            AND seq NOT IN
                (SELECT seq FROM snapshots WHERE restaurant_id = ?1 ORDER BY seq DESC LIMIT ?2)
            AND seq NOT IN
                (SELECT min(seq) FROM snapshots WHERE restaurant_id = ?1 GROUP BY seq / ?3)";
    conn.prepare_cached(DELETE)?.execute(params![
        stored(restaurant_id.0)?,
        SNAPSHOTS_KEPT,
        SNAPSHOT_STRETCH
    ])
}

/// Drops a restaurant's closed turns and works them out again from its changes.
pub(super) fn rebuild_turns(conn: &Connection, restaurant_id: RestaurantId) -> Result<(), StorageError> {
    let id = stored(restaurant_id.0)?;
    conn.prepare_cached("DELETE FROM turns WHERE restaurant_id = ?1")?
        .execute([id])?;
    let mut floor = Floor::new(restaurant_id);
    questions::each_change(conn, restaurant_id, Seq::ZERO, usize::MAX, |_, change, _| {
        for turn in fold(&mut floor, &change?) {
            write_turn(conn, id, &turn)?;
        }
        Ok(true)
    })
}
