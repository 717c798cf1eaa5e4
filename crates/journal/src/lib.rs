//! What did happen: an append-only log per restaurant, with its snapshots, guest book and read models;
//! and beside it the register of who may sign in, with its audit list.
//!
//! [`Journal`] is the only copy that counts. What it has taken in is on the disk before it says so
//! (P1), in the order of its numbers (P2). It speaks of changes and places, never of tables and rows;
//! how an engine keeps them is that engine's own matter.

mod journal;

mod append;
mod backup;
mod check;
mod guest_book;
mod snapshot;
mod turns;

mod audit;
mod members;
mod redacted;
mod register;

mod config;
mod error;

mod sqlite;

pub use append::{Answered, Append, KeyName, KeyRecord, NewChange};
pub use audit::{AuditEntry, AuditRow};
pub use backup::{BackupError, BackupProgress, RestoreError};
pub use check::{FINDINGS_MAX, Finding, Problem, Progress, Report};
pub use config::Config;
pub use error::{AddRestaurantError, AppendError, OpenError, RegisterError, StorageError, StorageErrorKind};
pub use guest_book::GuestEntry;
pub use journal::{Journal, RestaurantEntry, Tidied};
pub use members::Member;
pub use register::{Account, ApiKey, Device, How, Register, Registration, SignIn, SigningKey};
pub use snapshot::Snapshot;
pub use turns::{Folded, TurnChange, TurnRow, fold};
