//! What every engine must do, each statement written once and run on all of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod appending;
mod asking;
mod opening;

mod guests;
mod turns;
mod upkeep;

mod audit;
mod members;
mod register;
mod sign_ins;

mod copying;
mod damage;
mod failing;

#[path = "../house/mod.rs"]
mod house;
mod places;
mod samples;

use journal::{StorageError, StorageErrorKind};

/// What kind of failure an operation ended with.
fn kind<T>(result: Result<T, impl Into<Storage>>) -> Option<StorageErrorKind> {
    result.err().map(|it| it.into().0.kind())
}

/// The storage's failure inside an operation's.
struct Storage(StorageError);

impl From<StorageError> for Storage {
    fn from(error: StorageError) -> Storage {
        Storage(error)
    }
}

impl From<journal::AppendError> for Storage {
    fn from(error: journal::AppendError) -> Storage {
        match error {
            journal::AppendError::Storage(it) => Storage(it),
            conflict @ journal::AppendError::Conflict { .. } => panic!("{conflict}"),
        }
    }
}

impl From<journal::RegisterError> for Storage {
    fn from(error: journal::RegisterError) -> Storage {
        match error {
            journal::RegisterError::Storage(it) => Storage(it),
            refusal => panic!("{refusal}"),
        }
    }
}
