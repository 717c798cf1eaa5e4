//! What SQLite's failures mean, by their codes.

use crate::{StorageError, StorageErrorKind};
use rusqlite::ErrorCode;

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> StorageError {
        StorageError::because(kind_of(&error), error)
    }
}

fn kind_of(error: &rusqlite::Error) -> StorageErrorKind {
    use rusqlite::Error;
    match error {
        Error::SqliteFailure(it, _) => match it.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
                StorageErrorKind::Busy
            }
            ErrorCode::DiskFull => StorageErrorKind::Full,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StorageErrorKind::Corrupt,
            _ => StorageErrorKind::Other,
        },
        Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidColumnType(..)
        | Error::Utf8Error(..) => StorageErrorKind::Corrupt,
        _ => StorageErrorKind::Other,
    }
}

/// What is stored cannot be understood, and why.
pub(super) fn corrupt(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StorageError {
    StorageError::because(StorageErrorKind::Corrupt, source)
}
