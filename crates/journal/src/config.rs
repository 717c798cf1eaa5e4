//! Where a journal is kept.

use std::path::PathBuf;
use std::time::Duration;

/// Where a journal is kept, and how patient it is.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder. It belongs to the journal alone and is made on first use.
    pub folder: PathBuf,
    /// How long to wait for somebody else who is holding the storage before saying
    /// [`Busy`](crate::StorageErrorKind::Busy).
    pub busy_timeout: Duration,
    /// How large the journal may grow, in bytes. Past it every write is refused as
    /// [`Full`](crate::StorageErrorKind::Full), just as on a full disk, while reads go on.
    pub bytes_max: Option<u64>,
}

impl Config {
    /// How long a journal waits when nobody says otherwise.
    pub const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

    /// A journal in this folder, everything else as usual.
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Config {
        Config {
            folder,
            busy_timeout: Config::BUSY_TIMEOUT,
            bytes_max: None,
        }
    }
}
