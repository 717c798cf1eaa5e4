//! The tables, and how an older file is brought up to date.

use super::members;
use crate::StorageError;
use rusqlite::{Connection, TransactionBehavior};

/// Marks the file as a journal: "mtrd".
pub(super) const APPLICATION_ID: i32 = 0x6d74_7264;

/// Brings the file one format further: the statements, and what follows from the rows that are there.
type Migration = (&'static str, fn(&Connection) -> Result<(), StorageError>);

/// In the order of formats; a shipped one never changes.
const MIGRATIONS: [Migration; 2] = [
    (include_str!("0001.sql"), |_| Ok(())),
    (include_str!("0002.sql"), members::fill),
];

/// The format this program writes.
#[expect(clippy::cast_possible_truncation, reason = "there are a handful")]
pub(super) const FORMAT: u32 = MIGRATIONS.len() as u32;

/// The file's mark and format; both 0 in a new one.
pub(super) fn stamp(conn: &Connection) -> rusqlite::Result<(i32, u32)> {
    let application_id = conn.query_row("PRAGMA application_id", (), |it| it.get(0))?;
    let format = conn.query_row("PRAGMA user_version", (), |it| it.get(0))?;
    Ok((application_id, format))
}

/// Brings the file from `format` to [`FORMAT`], one transaction each.
pub(super) fn migrate(conn: &mut Connection, format: u32) -> Result<(), StorageError> {
    for (step, (sql, follow)) in (1u32..).zip(MIGRATIONS) {
        if step > format {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            tx.execute_batch(sql)?;
            follow(&tx)?;
            tx.pragma_update(None, "application_id", APPLICATION_ID)?;
            tx.pragma_update(None, "user_version", step)?;
            tx.commit()?;
        }
    }
    Ok(())
}

/// The journal's own id.
pub(super) fn epoch(conn: &Connection) -> rusqlite::Result<String> {
    conn.query_row("SELECT value FROM meta WHERE name = 'epoch'", (), |it| it.get(0))
}
