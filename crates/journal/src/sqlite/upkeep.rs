//! What keeps the file small and its read models right, carried out by the writer.

use super::appending::{stored, write_turn};
use super::{Sqlite, members, questions, task::Task};
use crate::{StorageError, Tidied, fold};
use floor::{Floor, RestaurantId, Seq};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};

/// How long an idempotency key is kept.
const KEY_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a sign-in is kept after it ran out, for whoever asks who was signed in.
const SIGN_IN_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a line of the audit list is kept: a year and a bit.
const AUDIT_KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);
/// Rows dropped in one go. Others' writes go on in between.
const ROWS_PER_GO: usize = 1_000;
/// Snapshots that are always kept: the latest ones.
const SNAPSHOTS_KEPT: i64 = 3;
/// Of older snapshots the first is kept of each stretch of this many changes.
const SNAPSHOT_STRETCH: i64 = 10_000;

/// What is dropped when it is old.
#[derive(Clone, Copy)]
pub(super) enum Outdated {
    Keys,
    SignIns,
    AuditRows,
}

impl Sqlite {
    pub(crate) async fn rebuild_read_models(&self) -> Result<(), StorageError> {
        let ids = self.readers.ask(|it| questions::restaurant_ids(it)).await?;
        for id in ids {
            self.write(|answer| Task::RebuildReadModels(id, answer)).await?;
        }
        Ok(())
    }

    pub(crate) async fn tidy_up(&self, now: Timestamp) -> Result<Tidied, StorageError> {
        let ago = |kept| now.saturating_sub(kept).unwrap_or(now).as_microsecond();
        let mut tidied = Tidied {
            n_keys: self.drop_all(Outdated::Keys, ago(KEY_KEPT)).await?,
            n_sign_ins: self.drop_all(Outdated::SignIns, ago(SIGN_IN_KEPT)).await?,
            n_audit_rows: self.drop_all(Outdated::AuditRows, ago(AUDIT_KEPT)).await?,
            ..Tidied::default()
        };
        let ids = self.readers.ask(|it| questions::restaurant_ids(it)).await?;
        for id in ids {
            let n_snapshots = self.write(|answer| Task::ThinSnapshots(id, answer)).await?;
            tidied.n_snapshots += n_snapshots as u64;
        }
        Ok(tidied)
    }

    /// Drops what is older than this microsecond; says how many.
    async fn drop_all(&self, outdated: Outdated, before: i64) -> Result<u64, StorageError> {
        let mut n_dropped = 0;
        loop {
            let n = self.write(|answer| Task::Drop(outdated, before, answer)).await?;
            n_dropped += n as u64;
            if n < ROWS_PER_GO {
                return Ok(n_dropped);
            }
        }
    }
}

pub(super) fn drop_some(conn: &Connection, outdated: Outdated, before: i64) -> rusqlite::Result<usize> {
    let delete = match outdated {
        Outdated::Keys => {
            "DELETE FROM answers WHERE (restaurant_id, holder, key) IN
                (SELECT restaurant_id, holder, key FROM answers WHERE at < ?1 LIMIT ?2)"
        }
        Outdated::SignIns => {
            "DELETE FROM sign_ins WHERE id IN
                (SELECT id FROM sign_ins WHERE expires_at < ?1 LIMIT ?2)"
        }
        Outdated::AuditRows => {
            "DELETE FROM audit WHERE number IN
                (SELECT number FROM audit WHERE at < ?1 LIMIT ?2)"
        }
    };
    conn.prepare_cached(delete)?
        .execute(params![before, ROWS_PER_GO as i64])
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

/// Drops a restaurant's read models and works them out again from its changes.
pub(super) fn rebuild(conn: &Connection, restaurant_id: RestaurantId) -> Result<(), StorageError> {
    rebuild_turns(conn, restaurant_id)?;
    members::rebuild(conn, restaurant_id)
}

fn rebuild_turns(conn: &Connection, restaurant_id: RestaurantId) -> Result<(), StorageError> {
    let id = stored(restaurant_id.0)?;
    conn.prepare_cached("DELETE FROM turns WHERE restaurant_id = ?1")?
        .execute([id])?;
    let mut floor = Floor::new(restaurant_id);
    questions::each_change(conn, restaurant_id, Seq::ZERO, usize::MAX, |_, change, _| {
        for turn in fold(&mut floor, &change?).turns {
            write_turn(conn, id, &turn)?;
        }
        Ok(true)
    })
}
