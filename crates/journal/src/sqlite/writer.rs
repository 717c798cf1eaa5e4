//! The one thread that writes.
//!
//! It takes whatever tasks have piled up, carries them out in one transaction, commits once, and only
//! then answers them all. A task that fails takes no other with it: its group is undone and each is
//! tried alone.

use super::task::{Answer, Heads, Task};
use crate::{StorageError, StorageErrorKind};
use rusqlite::Connection;
use std::fs::File;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

/// Changes committed together at most. A longer group would make its first wait for its last.
const GROUP_MAX: usize = 1_000;
/// Tasks that may wait for the writer. Past it, who asks waits for room.
const WAITING_MAX: usize = 4_096;

/// The way to the thread. Clones lead to the same one.
#[derive(Clone, Debug)]
pub(super) struct Handle {
    tasks: mpsc::Sender<Task>,
    /// Never changes; over when the thread has let go of the folder.
    ended: watch::Receiver<()>,
}

impl Handle {
    /// Hands over a task and waits for its answer.
    pub(super) async fn write<T, E: From<StorageError>>(
        &self,
        task: impl FnOnce(Answer<T, E>) -> Task,
    ) -> Result<T, E> {
        let closed = || Err(StorageError::new(StorageErrorKind::Closed).into());
        let (reply, answer) = oneshot::channel();
        if self.tasks.send(task(Answer::to(reply))).await.is_err() {
            return closed();
        }
        answer.await.unwrap_or_else(|_| closed())
    }

    /// Ends the thread after what was asked before, and waits for its end.
    pub(super) async fn close(&self) {
        // It does not listen any more if it is ending already.
        drop(self.tasks.send(Task::Close).await);
        while self.ended.clone().changed().await.is_ok() {}
    }
}

struct Writer {
    conn: Connection,
    heads: Heads,
    tasks: mpsc::Receiver<Task>,
    empty_log_timeout: Duration,
}

/// Starts the thread. It ends, and lets go of `lock`, when it is told to or nobody can ask it any more.
pub(super) fn start(conn: Connection, lock: File, empty_log_timeout: Duration) -> std::io::Result<Handle> {
    let (ending, ended) = watch::channel(());
    let (sender, tasks) = mpsc::channel(WAITING_MAX);
    let writer = Writer {
        conn,
        heads: Heads::new(),
        tasks,
        empty_log_timeout,
    };
    std::thread::Builder::new()
        .name("journal".to_owned())
        .spawn(move || {
            writer.run();
            // Let go by name: a program that is being started at this moment has a copy of the file for an
            // instant, and closing ours alone would leave the folder taken until that copy is closed.
            drop(lock.unlock());
            drop(ending);
        })?;
    Ok(Handle { tasks: sender, ended })
}

/// Why a group was not committed.
enum Undone {
    /// One of its tasks failed.
    ByTask(StorageError),
    /// It could not begin or end.
    AsAWhole(StorageError),
}

impl Writer {
    fn run(mut self) {
        while let Some(first) = self.tasks.blocking_recv() {
            let group = self.gather(first);
            self.serve(group);
        }
        // Statistics for the query planner are a convenience: without them queries are slower.
        drop(self.conn.execute_batch("PRAGMA optimize"));
        drop(self.conn.close());
    }

    /// Everything that has piled up behind `first`, up to a whole group.
    fn gather(&mut self, first: Task) -> Vec<Task> {
        let mut weight = first.weight();
        let mut group = vec![first];
        while weight < GROUP_MAX {
            let Ok(task) = self.tasks.try_recv() else { break };
            weight += task.weight();
            group.push(task);
        }
        group
    }

    fn serve(&mut self, group: Vec<Task>) {
        let mut writes = Vec::with_capacity(group.len());
        for task in group {
            match task {
                Task::EmptyLog(answer) => {
                    self.commit(std::mem::take(&mut writes));
                    answer.send(self.empty_log());
                }
                Task::Close => self.tasks.close(),
                write => writes.push(write),
            }
        }
        self.commit(writes);
    }

    /// Commits a group and answers it, or what of it can be.
    fn commit(&mut self, mut group: Vec<Task>) {
        if group.is_empty() {
            return;
        }
        match self.try_commit(&mut group) {
            Ok(()) => answer_all(group, None),
            Err(Undone::AsAWhole(it)) => answer_all(group, Some(&it)),
            Err(Undone::ByTask(_)) => {
                for task in group {
                    self.commit_alone(task);
                }
            }
        }
    }

    fn commit_alone(&mut self, task: Task) {
        let mut alone = [task];
        let failure = match self.try_commit(&mut alone) {
            Ok(()) => None,
            Err(Undone::ByTask(it) | Undone::AsAWhole(it)) => Some(it),
        };
        answer_all(alone, failure.as_ref());
    }

    /// Everything in `group` is written and synced, or nothing is.
    fn try_commit(&mut self, group: &mut [Task]) -> Result<(), Undone> {
        let done = self.transact(group);
        if done.is_err() {
            self.heads.clear();
            if !self.conn.is_autocommit() {
                // If even this fails, the next group begins by trying it again.
                drop(self.conn.execute_batch("ROLLBACK"));
            }
        }
        done
    }

    fn transact(&mut self, group: &mut [Task]) -> Result<(), Undone> {
        if !self.conn.is_autocommit() {
            self.run_cached("ROLLBACK")?;
        }
        self.run_cached("BEGIN IMMEDIATE")?;
        for task in group {
            task.write(&self.conn, &mut self.heads).map_err(Undone::ByTask)?;
        }
        self.run_cached("COMMIT")
    }

    fn run_cached(&self, sql: &str) -> Result<(), Undone> {
        let run = || self.conn.prepare_cached(sql)?.execute(());
        run()
            .map(drop)
            .map_err(|it: rusqlite::Error| Undone::AsAWhole(it.into()))
    }

    /// Copies the write-ahead log into the file and cuts it to nothing, unless a reader still needs it.
    fn empty_log(&self) -> Result<bool, StorageError> {
        let usual: i64 = self.conn.query_row("PRAGMA busy_timeout", (), |it| it.get(0))?;
        self.conn.busy_timeout(self.empty_log_timeout)?;
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        let was_blocked = self.conn.query_row(checkpoint, (), |it| it.get::<_, i64>(0));
        self.conn
            .busy_timeout(Duration::from_millis(usual.unsigned_abs()))?;
        Ok(was_blocked? == 0)
    }
}

fn answer_all(group: impl IntoIterator<Item = Task>, failure: Option<&StorageError>) {
    for task in group {
        task.answer(failure);
    }
}
