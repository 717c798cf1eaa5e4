//! What the writer can be asked, each with the way back to who asked.

use super::appending::{self, Encoded, EncodedSnapshot};
use super::upkeep::Outdated;
use super::{entering, guest_book, upkeep};
use crate::register::Entry;
use crate::{AddRestaurantError, AppendError, RegisterError, StorageError};
use floor::{GuestId, Kind, RestaurantId, Seq};
use rusqlite::Connection;
use std::collections::HashMap;
use tokio::sync::oneshot;

/// The last change of each restaurant, as far as the writer has looked.
pub(super) type Heads = HashMap<RestaurantId, Seq>;

/// One thing to be written.
pub(super) enum Task {
    Append(Encoded, Answer<(), AppendError>),
    Enter(Entry, Answer<(), RegisterError>),
    AddRestaurant(String, Answer<RestaurantId, AddRestaurantError>),
    ReserveIds(Kind, i64, Answer<u64, StorageError>),
    SaveSnapshot(EncodedSnapshot, Answer<(), StorageError>),
    EraseGuest(RestaurantId, GuestId, Answer<bool, StorageError>),
    /// Works out a restaurant's read models anew.
    RebuildReadModels(RestaurantId, Answer<(), StorageError>),
    /// Drops some of what is older than this microsecond; says how many.
    Drop(Outdated, i64, Answer<usize, StorageError>),
    /// Drops old snapshots that stand too close together; says how many.
    ThinSnapshots(RestaurantId, Answer<usize, StorageError>),
    /// Empties the write-ahead log; says whether nobody was in the way.
    EmptyLog(Answer<bool, StorageError>),
    /// Ends the writer.
    Close,
}

/// An answer that is held back until what it speaks of is durable.
pub(super) struct Answer<T, E> {
    reply: oneshot::Sender<Result<T, E>>,
    held: Option<Result<T, E>>,
}

impl<T, E: From<StorageError>> Answer<T, E> {
    pub(super) fn to(reply: oneshot::Sender<Result<T, E>>) -> Answer<T, E> {
        Answer { reply, held: None }
    }

    fn hold(&mut self, answer: Result<T, E>) {
        self.held = Some(answer);
    }

    pub(super) fn send(mut self, answer: Result<T, E>) {
        self.hold(answer);
        self.deliver(None);
    }

    /// Sends what was held, or `failure` in its place. Nobody may be waiting any more.
    pub(super) fn deliver(self, failure: Option<&StorageError>) {
        let answer = match failure {
            Some(it) => Some(Err(it.clone().into())),
            None => self.held,
        };
        if let Some(answer) = answer {
            drop(self.reply.send(answer));
        }
    }
}

impl Task {
    /// How much of a group's room this takes.
    pub(super) fn weight(&self) -> usize {
        match self {
            Task::Append(encoded, _) => encoded.rows.len(),
            Task::Enter(entry, _) => entry.writes.len() + entry.audit.len(),
            _ => 1,
        }
    }

    /// Writes inside the open transaction, and holds the answer.
    pub(super) fn write(&mut self, conn: &Connection, heads: &mut Heads) -> Result<(), StorageError> {
        match self {
            Task::Append(encoded, answer) => {
                let done = match appending::conflict(conn, encoded, heads)? {
                    Some(conflict) => Err(conflict),
                    None => Ok(appending::append(conn, encoded, heads)?),
                };
                answer.hold(done);
            }
            Task::Enter(entry, answer) => answer.hold(entering::enter(conn, entry)?),
            Task::AddRestaurant(slug, answer) => answer.hold(appending::add_restaurant(conn, slug)?),
            Task::ReserveIds(kind, count, answer) => {
                answer.hold(Ok(appending::reserve_ids(conn, *kind, *count)?));
            }
            Task::SaveSnapshot(snapshot, answer) => {
                answer.hold(Ok(appending::save_snapshot(conn, snapshot)?));
            }
            Task::EraseGuest(restaurant_id, guest_id, answer) => {
                answer.hold(Ok(guest_book::erase(conn, *restaurant_id, *guest_id)?));
            }
            Task::RebuildReadModels(restaurant_id, answer) => {
                answer.hold(Ok(upkeep::rebuild(conn, *restaurant_id)?));
            }
            Task::Drop(outdated, before, answer) => {
                answer.hold(Ok(upkeep::drop_some(conn, *outdated, *before)?));
            }
            Task::ThinSnapshots(restaurant_id, answer) => {
                answer.hold(Ok(upkeep::thin_snapshots(conn, *restaurant_id)?));
            }
            Task::EmptyLog(_) | Task::Close => {}
        }
        Ok(())
    }

    /// Answers: with what was held, or with the failure that undid it.
    pub(super) fn answer(self, failure: Option<&StorageError>) {
        match self {
            Task::Append(_, answer) => answer.deliver(failure),
            Task::Enter(_, answer) => answer.deliver(failure),
            Task::AddRestaurant(_, answer) => answer.deliver(failure),
            Task::ReserveIds(_, _, answer) => answer.deliver(failure),
            Task::SaveSnapshot(_, answer) => answer.deliver(failure),
            Task::EraseGuest(_, _, answer) => answer.deliver(failure),
            Task::RebuildReadModels(_, answer) => answer.deliver(failure),
            Task::Drop(_, _, answer) => answer.deliver(failure),
            Task::ThinSnapshots(_, answer) => answer.deliver(failure),
            Task::EmptyLog(answer) => answer.deliver(failure),
            Task::Close => {}
        }
    }
}
