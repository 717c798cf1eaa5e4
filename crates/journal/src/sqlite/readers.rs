//! A few connections that only read, beside the one that writes.

use super::open;
use crate::{StorageError, StorageErrorKind};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Questions answered at once. More wait their turn.
const READERS_MAX: u32 = 4;

/// The readers, opened as they are needed. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    permits: Arc<Semaphore>,
    shelf: Arc<Shelf>,
}

#[derive(Debug)]
struct Shelf {
    path: PathBuf,
    busy_timeout: Duration,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf, busy_timeout: Duration) -> Readers {
        Readers {
            permits: Arc::new(Semaphore::new(READERS_MAX as usize)),
            shelf: Arc::new(Shelf {
                path,
                busy_timeout,
                idle: Mutex::default(),
            }),
        }
    }

    /// Answers a question on a thread where waiting is allowed.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Connection) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|it| StorageError::because(StorageErrorKind::Closed, it))?;
        let shelf = Arc::clone(&self.shelf);
        let answer = tokio::task::spawn_blocking(move || {
            let mut conn = shelf.take()?;
            let answer = question(&mut conn);
            shelf.put(conn);
            drop(permit);
            answer
        });
        answer
            .await
            .map_err(|it| StorageError::because(StorageErrorKind::Other, it))?
    }

    /// A connection for one long job, beside the others.
    pub(super) fn another(&self) -> Result<Connection, StorageError> {
        if self.permits.is_closed() {
            return Err(StorageError::new(StorageErrorKind::Closed));
        }
        open::reader(&self.shelf.path, self.shelf.busy_timeout)
    }

    /// Waits for the questions under way, and takes no more.
    pub(super) async fn close(&self) {
        if let Ok(_all) = self.permits.acquire_many(READERS_MAX).await {
            self.permits.close();
            self.shelf.clear();
        }
    }
}

impl Shelf {
    fn take(&self) -> Result<Connection, StorageError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| open::reader(&self.path, self.busy_timeout), Ok)
    }

    fn put(&self, conn: Connection) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(conn);
    }

    fn clear(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
