//! A command on its way to a floor, and the answers it can get.

use floor::{By, Change, Command, GuestId, Refusal, StaffId};
use journal::{KeyName, StorageError};
use std::sync::Arc;
use tokio::sync::oneshot;

/// A command on its way to the writer.
pub struct Ask {
    /// What is asked.
    pub command: Command,
    /// Who asks.
    pub by: By,
    /// The name under which asking again gives the first answer.
    pub key: Option<IdempotencyKey>,
    /// Where the answer goes.
    pub(super) reply: oneshot::Sender<Result<Receipt, AskError>>,
}

/// The client's own name for a command (P8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Whose name it is, and the name.
    pub name: KeyName,
    /// A fingerprint of the command, so that the name is not used for another.
    pub body_hash: [u8; 32],
}

/// The answer to an accepted command: durable, and told to every screen.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The change it became.
    pub change: Arc<Change>,
    /// Whether the command had been accepted before, under the same key.
    pub repeated: bool,
}

/// Why a command was not carried out.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AskError {
    /// The floor says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The guest book has no such entry.
    #[error("there is no guest with id {0} here")]
    UnknownGuest(GuestId),
    /// Nobody has this id, in any restaurant.
    #[error("there is nobody with id {} in any restaurant", .0.0)]
    UnknownStaff(StaffId),
    /// The guest is forgotten, but somebody reads the journal, and its log cannot be emptied now.
    #[error("the guest is forgotten, but traces are left in the journal's log while somebody reads it")]
    TracesLeft,
    /// The key was used for another command.
    #[error("this idempotency key was used for another command")]
    KeyReused,
    /// Too many commands wait.
    #[error("too many commands wait for this restaurant")]
    Busy,
    /// The journal cannot be written now. Nothing was changed.
    #[error("the journal cannot be written now")]
    Storage(#[source] Arc<StorageError>),
    /// The node is going away.
    #[error("this node is shutting down")]
    Draining,
}
