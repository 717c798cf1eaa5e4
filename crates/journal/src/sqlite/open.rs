//! Opening: the folder, its lock, and a connection set up the way the promises need it.

use super::readers::Readers;
use super::{Sqlite, schema, writer};
use crate::{Config, OpenError, StorageError, StorageErrorKind};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs::{DirBuilder, File, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The journal's file in its folder.
pub(super) const FILE: &str = "journal.db";
/// Held by the program that writes.
pub(super) const LOCK: &str = "journal.lock";

/// Pages in the write-ahead log at which they are copied into the file: 16 MiB. A larger log is copied
/// less often, and a page that many commits touched is copied once.
const CHECKPOINT_PAGES: u32 = 4_000;
/// What is left of the log's file after a burst, in bytes.
const LOG_KEPT_BYTES: u32 = 64 << 20;
/// How long one attempt to empty the log may hold up writes.
const EMPTY_LOG_ATTEMPT: Duration = Duration::from_millis(20);

impl Sqlite {
    pub(crate) async fn open(config: &Config) -> Result<Sqlite, OpenError> {
        let config = config.clone();
        in_background(move || {
            let lock = lock_folder(&config.folder)?;
            let path = config.folder.join(FILE);
            let conn = owner(&path, &config)?;
            let epoch = schema::epoch(&conn).map_err(StorageError::from)?;
            let writer = writer::start(conn, lock, EMPTY_LOG_ATTEMPT.min(config.busy_timeout))
                .map_err(|it| StorageError::because(StorageErrorKind::Other, it))?;
            let attempts = config.busy_timeout.as_millis() / EMPTY_LOG_ATTEMPT.as_millis();
            Ok(Sqlite {
                epoch: epoch.into(),
                writer: Some(writer),
                readers: Readers::new(path, config.busy_timeout),
                erase_attempts: u32::try_from(attempts).unwrap_or(u32::MAX).max(1),
            })
        })
        .await
    }

    pub(crate) async fn open_to_read(config: &Config) -> Result<Sqlite, OpenError> {
        let config = config.clone();
        in_background(move || {
            let path = config.folder.join(FILE);
            if !path.is_file() {
                return Err(OpenError::NotFound {
                    folder: config.folder,
                });
            }
            let conn = reader(&path, config.busy_timeout)?;
            let found = format_of(&conn, &path)?;
            if found < schema::FORMAT {
                return Err(OpenError::Older {
                    found,
                    known: schema::FORMAT,
                });
            }
            let epoch = schema::epoch(&conn).map_err(StorageError::from)?;
            Ok(Sqlite {
                epoch: epoch.into(),
                writer: None,
                readers: Readers::new(path, config.busy_timeout),
                erase_attempts: 0,
            })
        })
        .await
    }
}

async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, OpenError> + Send + 'static,
) -> Result<T, OpenError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(it) => Err(StorageError::because(StorageErrorKind::Other, it).into()),
    }
}

/// Makes the folder if need be and takes its lock, for as long as the file is kept.
pub(super) fn lock_folder(folder: &Path) -> Result<File, OpenError> {
    let unusable = |source| OpenError::Folder {
        folder: folder.to_owned(),
        source,
    };
    make_folder(folder).map_err(unusable)?;
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(folder.join(LOCK))
        .map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
            folder: folder.to_owned(),
        }),
        Err(TryLockError::Error(it)) => Err(unusable(it)),
    }
}

/// Makes a folder that only its owner may look into, and makes sure that it stays after a crash.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    sync_folder_of(folder)
}

/// Makes sure that a name given in the folder of `path` stays after a crash.
pub(super) fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Makes a file that only its owner may read, unless it is there. What stands beside it follows its lead.
pub(super) fn create_private(path: &Path) -> std::io::Result<()> {
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)
        .map(drop)
}

/// The connection that writes, its file up to date.
fn owner(path: &Path, config: &Config) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    create_private(path).map_err(|source| OpenError::Folder {
        folder: config.folder.clone(),
        source,
    })?;
    let mut conn = Connection::open_with_flags(path, flags).map_err(StorageError::from)?;
    conn.busy_timeout(config.busy_timeout)
        .map_err(StorageError::from)?;
    let format = format_of(&conn, path)?;
    set_up(&conn, config).map_err(StorageError::from)?;
    schema::migrate(&mut conn, format)?;
    Ok(conn)
}

fn set_up(conn: &Connection, config: &Config) -> rusqlite::Result<()> {
    conn.set_prepared_statement_cache_capacity(64);
    conn.pragma_update(None, "journal_mode", "wal")?;
    conn.pragma_update(None, "synchronous", "full")?;
    conn.pragma_update(None, "secure_delete", true)?;
    conn.pragma_update(None, "temp_store", "memory")?;
    conn.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    conn.pragma_update(None, "journal_size_limit", LOG_KEPT_BYTES)?;
    if let Some(bytes_max) = config.bytes_max {
        let page_bytes: u32 = conn.query_row("PRAGMA page_size", (), |it| it.get(0))?;
        let pages = u32::try_from(bytes_max / u64::from(page_bytes)).unwrap_or(u32::MAX - 1);
        conn.pragma_update(None, "max_page_count", pages.max(1))?;
    }
    Ok(())
}

/// A connection that reads.
pub(super) fn reader(path: &Path, busy_timeout: Duration) -> Result<Connection, StorageError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.set_prepared_statement_cache_capacity(32);
    conn.busy_timeout(busy_timeout)?;
    conn.pragma_update(None, "temp_store", "memory")?;
    Ok(conn)
}

/// The file's format, 0 for a new one, if it is a journal of a version that we know.
pub(super) fn format_of(conn: &Connection, path: &Path) -> Result<u32, OpenError> {
    let not_a_journal = || OpenError::NotAJournal {
        path: PathBuf::from(path),
    };
    let (application_id, format) = match schema::stamp(conn) {
        Ok(stamp) => stamp,
        Err(it) if it.sqlite_error_code() == Some(ErrorCode::NotADatabase) => return Err(not_a_journal()),
        Err(it) => return Err(StorageError::from(it).into()),
    };
    if (application_id, format) != (0, 0) && application_id != schema::APPLICATION_ID {
        return Err(not_a_journal());
    }
    if format > schema::FORMAT {
        return Err(OpenError::Newer {
            found: format,
            known: schema::FORMAT,
        });
    }
    Ok(format)
}
