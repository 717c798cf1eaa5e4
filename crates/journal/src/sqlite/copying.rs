//! Backup and restore: a copy of the file as it was at one moment, while others go on writing.

use super::failure::corrupt;
use super::open::{self, FILE, LOCK};
use super::readers::Readers;
use super::{Sqlite, schema};
use crate::{BackupError, BackupProgress, Config, RestoreError, StorageError, StorageErrorKind};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Pages copied between two words about the progress: 4 MiB.
const STEP_PAGES: i32 = 1_024;

impl Sqlite {
    pub(crate) async fn backup(
        &self,
        to: &Path,
        progress: impl FnMut(BackupProgress) + Send + 'static,
    ) -> Result<(), BackupError> {
        let readers = self.readers.clone();
        let to = to.to_owned();
        tokio::task::spawn_blocking(move || back_up(&readers, &to, progress))
            .await
            .map_err(|it| StorageError::because(StorageErrorKind::Other, it))?
    }

    pub(crate) async fn restore(backup: &Path, config: &Config) -> Result<(), RestoreError> {
        let backup = backup.to_owned();
        let config = config.clone();
        tokio::task::spawn_blocking(move || restore(&backup, &config))
            .await
            .map_err(|it| StorageError::because(StorageErrorKind::Other, it))?
    }
}

fn back_up(readers: &Readers, to: &Path, progress: impl FnMut(BackupProgress)) -> Result<(), BackupError> {
    let failed = |source| BackupError::File {
        path: to.to_owned(),
        source,
    };
    let partial = partial_of(to);
    let from = readers.another()?;
    make_empty(&partial).map_err(failed)?;
    let copied = copy(&from, &partial, progress);
    if copied.is_err() {
        // The copy's failure is what matters.
        drop(std::fs::remove_file(&partial));
    }
    copied?;
    put_in_place(&partial, to).map_err(failed)
}

fn restore(backup: &Path, config: &Config) -> Result<(), RestoreError> {
    let target = config.folder.join(FILE);
    let failed = |source| RestoreError::File {
        path: target.clone(),
        source,
    };
    if !backup.is_file() {
        return Err(RestoreError::NotFound {
            path: backup.to_owned(),
        });
    }
    let from = open::reader(backup, config.busy_timeout)?;
    if open::format_of(&from, backup)? == 0 {
        let path = backup.to_owned();
        return Err(crate::OpenError::NotAJournal { path }.into());
    }
    let _lock = open::lock_folder(&config.folder)?;
    let partial = partial_of(&target);
    if !is_unused(&config.folder, &partial).map_err(failed)? {
        return Err(RestoreError::NotEmpty {
            folder: config.folder.clone(),
        });
    }
    check_file(&from)?;
    make_empty(&partial).map_err(failed)?;
    copy(&from, &partial, |_| {})?;
    renew(&partial)?;
    put_in_place(&partial, &target).map_err(failed)
}

/// Copies the file as it is now. The read transaction holds that moment, whatever is written meanwhile.
fn copy(from: &Connection, to: &Path, mut progress: impl FnMut(BackupProgress)) -> Result<(), StorageError> {
    let moment = from.unchecked_transaction()?;
    let page_bytes: u64 =
        moment.query_row("PRAGMA page_size", (), |it| it.get::<_, u32>(0).map(u64::from))?;
    schema::epoch(&moment)?;
    let mut target = Connection::open(to)?;
    let backup = Backup::new(&moment, &mut target)?;
    loop {
        let step = backup.step(STEP_PAGES)?;
        let pages = backup.progress();
        let bytes = |pages: i32| u64::from(pages.unsigned_abs()) * page_bytes;
        progress(BackupProgress {
            bytes_done: bytes(pages.pagecount - pages.remaining),
            bytes: bytes(pages.pagecount),
        });
        match step {
            StepResult::Done => break,
            StepResult::More => {}
            _ => return Err(StorageError::new(StorageErrorKind::Busy)),
        }
    }
    drop(backup);
    // One file, with no log beside it.
    target.pragma_update(None, "journal_mode", "delete")?;
    target.close().map_err(|(_, it)| it)?;
    Ok(())
}

fn check_file(conn: &Connection) -> Result<(), StorageError> {
    let verdict: String = conn.query_row("PRAGMA quick_check(1)", (), |it| it.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(corrupt(verdict))
    }
}

/// Gives the journal a new epoch, and ends every sign-in: those that were ended after the backup was made
/// must not be good again.
fn renew(path: &Path) -> Result<(), StorageError> {
    const RENEW: &str = "UPDATE meta SET value = lower(hex(randomblob(8))) WHERE name = 'epoch'";
    const HAS_REGISTER: &str = "SELECT count(*) FROM sqlite_schema WHERE name = 'sign_ins'";
    let conn = Connection::open(path)?;
    conn.execute(RENEW, ())?;
    // An older backup gets its register when it is first opened.
    if conn.query_row(HAS_REGISTER, (), |it| it.get::<_, i64>(0))? > 0 {
        conn.execute("DELETE FROM sign_ins", ())?;
        // Those that are retired from the start sign nothing: what was printed with them stays good.
        conn.execute("DELETE FROM signing_keys WHERE retired_at IS NOT made_at", ())?;
    }
    conn.close().map_err(|(_, it)| it)?;
    Ok(())
}

/// Whether nothing is in the folder but what an earlier restore may have left.
fn is_unused(folder: &Path, partial: &Path) -> io::Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path != folder.join(LOCK) && path != partial {
            return Ok(false);
        }
    }
    Ok(true)
}

fn partial_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".partial");
    PathBuf::from(name)
}

/// An empty file that only its owner may read, in place of what an earlier attempt left.
fn make_empty(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(it) if it.kind() != io::ErrorKind::NotFound => return Err(it),
        _ => {}
    }
    open::create_private(path)
}

/// Gives the finished file its name, so that it is there whole or not at all.
fn put_in_place(partial: &Path, target: &Path) -> io::Result<()> {
    File::open(partial)?.sync_all()?;
    std::fs::rename(partial, target)?;
    open::sync_folder_of(target)
}
