//! What is asked of a writer: commands, and its floor, so that one append can change it together with another.
//!
//! Whoever needs several floors borrows them in the order of their restaurants' ids, and so never waits for
//! somebody who waits for them. A loan that is dropped was given back: no borrower can keep a floor by dying.

use super::ask::{Ask, AskError};
use super::draft::Draft;
use floor::Change;
use std::sync::Arc;
use tokio::sync::oneshot;

/// What waits for a writer.
pub(super) enum Errand {
    /// To carry out a command.
    Ask(Box<Ask>),
    /// To lend the floor out.
    Lend(oneshot::Sender<Loan>),
}

/// A floor in somebody's hands. Its writer does nothing else until the loan is gone.
///
/// Dropped, it changed nothing, or somebody else wrote first: the writer looks into the journal and goes on.
pub(super) struct Loan {
    /// What the borrower makes of the floor.
    pub(super) draft: Draft,
    back: oneshot::Sender<Settled>,
}

/// A loan whose draft is in the journal.
pub(super) struct Settled {
    pub(super) draft: Draft,
    /// Hears of the changes once everybody else has.
    pub(super) told: oneshot::Sender<Vec<Arc<Change>>>,
}

/// The changes of a loan, once every screen has been told of them.
pub(super) struct Telling(oneshot::Receiver<Vec<Arc<Change>>>);

impl Loan {
    /// A loan, and what comes back of it to the writer.
    pub(super) fn of(draft: Draft) -> (Loan, oneshot::Receiver<Settled>) {
        let (back, returned) = oneshot::channel();
        (Loan { draft, back }, returned)
    }

    /// Gives the floor back. What the draft holds has become durable, and is told now.
    pub(super) fn settle(self) -> Telling {
        let (told, telling) = oneshot::channel();
        let settled = Settled {
            draft: self.draft,
            told,
        };
        // A writer that is gone tells nobody: then neither does `telling`.
        drop(self.back.send(settled));
        Telling(telling)
    }
}

impl Telling {
    pub(super) async fn changes(self) -> Result<Vec<Arc<Change>>, AskError> {
        self.0.await.map_err(|_| AskError::Draining)
    }
}
