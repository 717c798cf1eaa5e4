//! Copies of a journal, and the way back.

use crate::{OpenError, StorageError};
use std::path::PathBuf;

/// How far a backup has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupProgress {
    /// Bytes copied.
    pub bytes_done: u64,
    /// Bytes there are.
    pub bytes: u64,
}

/// Why no backup was made. A file that was there before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file cannot be written.
    #[error("{} cannot be written", path.display())]
    File {
        /// The backup.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Why a backup was not restored. The folder holds no journal.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// Something is in the folder already, and a restore never overwrites.
    #[error("the folder {} is not empty", folder.display())]
    NotEmpty {
        /// The journal's folder.
        folder: PathBuf,
    },
    /// There is no such backup.
    #[error("there is no backup at {}", path.display())]
    NotFound {
        /// The backup.
        path: PathBuf,
    },
    /// The backup is no journal, or the folder cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The journal's file cannot be written.
    #[error("{} cannot be written", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The storage failed, or the backup is damaged.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
