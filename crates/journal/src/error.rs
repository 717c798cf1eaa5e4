//! Why the journal says no: one type per operation, and [`StorageError`] where the storage itself failed.

use floor::{RestaurantId, Seq};
use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// The storage failed. The journal goes on serving; what was to be written is not there.
#[derive(Clone, Debug)]
pub struct StorageError {
    kind: StorageErrorKind,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

/// What kind of failure it was, for callers that act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageErrorKind {
    /// Somebody else held the storage for too long. Trying again may help.
    Busy,
    /// No room is left. Reads go on.
    Full,
    /// What is stored cannot be understood.
    Corrupt,
    /// The journal was opened to read only.
    ReadOnly,
    /// The journal was closed.
    Closed,
    /// Anything else; the source says what.
    Other,
}

impl StorageError {
    /// A failure of this kind, without more to say.
    pub(crate) fn new(kind: StorageErrorKind) -> StorageError {
        StorageError { kind, source: None }
    }

    /// A failure of this kind, with its cause.
    pub(crate) fn because(
        kind: StorageErrorKind,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> StorageError {
        StorageError {
            kind,
            source: Some(Arc::from(source.into())),
        }
    }

    /// What kind of failure it was.
    #[must_use]
    pub fn kind(&self) -> StorageErrorKind {
        self.kind
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            StorageErrorKind::Busy => "the journal's storage is held by somebody else",
            StorageErrorKind::Full => "the journal's storage is full",
            StorageErrorKind::Corrupt => "the journal's storage is damaged",
            StorageErrorKind::ReadOnly => "the journal was opened to read only",
            StorageErrorKind::Closed => "the journal is closed",
            StorageErrorKind::Other => "the journal's storage failed",
        })
    }
}

impl Error for StorageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|it| it as _)
    }
}

/// Why changes were not appended. None of them were.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else wrote first. Catch up to `head`, then decide again.
    #[error("restaurant {restaurant_id} has moved on to change {head}")]
    Conflict {
        /// Where.
        restaurant_id: RestaurantId,
        /// Its last change.
        head: Seq,
    },
    /// The storage failed. The changes are not there, and nobody has seen them; only if the machine
    /// itself stops before the next append may they turn out to be there after all.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Why a restaurant was not added.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AddRestaurantError {
    /// Another restaurant has this slug.
    #[error("the slug is in use by restaurant {restaurant_id}")]
    SlugInUse {
        /// Which one.
        restaurant_id: RestaurantId,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Why nothing was written into the register. None of it is there.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RegisterError {
    /// Another account is signed in to with this already.
    #[error("the {field} belongs to another account")]
    Taken {
        /// `login` or `email`.
        field: &'static str,
    },
    /// What was to be changed is not there any more, or not as it was.
    #[error("the register has moved on")]
    Conflict,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Why a journal could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another program is writing this journal.
    #[error("the journal in {} is in use by another program", folder.display())]
    InUse {
        /// The journal's folder.
        folder: PathBuf,
    },
    /// There is no journal to read.
    #[error("there is no journal in {}", folder.display())]
    NotFound {
        /// The folder that was looked at.
        folder: PathBuf,
    },
    /// What is there is something else.
    #[error("{} is not a journal", path.display())]
    NotAJournal {
        /// The file that was looked at.
        path: PathBuf,
    },
    /// A later version of the program has written it.
    #[error("the journal has format {found}, this program knows formats up to {known}")]
    Newer {
        /// The format found.
        found: u32,
        /// The latest one known.
        known: u32,
    },
    /// An older version of the program has written it, and a reader must not change it.
    #[error("the journal has format {found}, which is brought to {known} by the next start of the server")]
    Older {
        /// The format found.
        found: u32,
        /// The one needed.
        known: u32,
    },
    /// The folder cannot be made or used.
    #[error("the folder {} cannot be used", folder.display())]
    Folder {
        /// The journal's folder.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
