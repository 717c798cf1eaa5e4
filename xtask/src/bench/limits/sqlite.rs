//! What the disk and SQLite allow when nothing else is in the way.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::{Connection, params};

/// Bytes of one row: about what the journal keeps of one change.
const ROW_BYTES: usize = 300;

/// How many changes one transaction takes when they have piled up.
pub(crate) const GROUP: u64 = 50;

/// Changes per second that reach the disk in transactions of `group`, WAL and `synchronous=FULL`.
pub(crate) fn changes_per_second(scratch: &Path, group: u64, time: Duration) -> Result<f64> {
    let folder = tempfile::tempdir_in(scratch)?;
    let connection = Connection::open(folder.path().join("raw.db"))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         CREATE TABLE changes (restaurant INTEGER, seq INTEGER, events BLOB, PRIMARY KEY (restaurant, seq));",
    )?;
    let mut insert = connection.prepare("INSERT INTO changes VALUES (1, ?1, ?2)")?;
    let row = [b'x'; ROW_BYTES];
    let mut seq = 0;
    let started = Instant::now();
    while started.elapsed() < time {
        let transaction = connection.unchecked_transaction()?;
        for _ in 0..group {
            seq += 1;
            insert.execute(params![seq, row])?;
        }
        transaction.commit()?;
    }
    Ok(seq as f64 / started.elapsed().as_secs_f64())
}

/// How long the disk takes to make one appended row durable, again and again for `time`.
pub(crate) fn fdatasync(scratch: &Path, time: Duration) -> Result<Vec<Duration>> {
    let mut file: File = tempfile::tempfile_in(scratch)?;
    let mut took = Vec::new();
    let started = Instant::now();
    while started.elapsed() < time {
        file.write_all(&[b'x'; ROW_BYTES])?;
        let written = Instant::now();
        file.sync_data()?;
        took.push(written.elapsed());
    }
    Ok(took)
}
