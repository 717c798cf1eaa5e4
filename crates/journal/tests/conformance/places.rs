//! Where journals of each engine live, and what a test can do to them behind their back.

use floor::{Kind, Seq};
use journal::{Config, Journal};
use rusqlite::{Connection, params};
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

/// Runs a statement on each engine that can be reached: today the one in a folder.
pub(crate) async fn on_every_engine(statement: impl AsyncFn(Place)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    statement(Place { folder }).await;
}

/// Where one journal lives.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn config(&self) -> Config {
        Config::in_folder(self.folder.path().join("journal"))
    }

    /// A journal that does not wait long for others.
    pub(crate) fn impatient(&self) -> Config {
        Config {
            busy_timeout: Duration::from_millis(20),
            ..self.config()
        }
    }

    pub(crate) async fn open(&self) -> Journal {
        Journal::open(&self.config()).await.expect("the journal opens")
    }

    /// A name beside the journal for a backup or another journal.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Another program that has the storage to itself until it is dropped.
    pub(crate) fn hold(&self) -> Connection {
        let other = self.connect();
        other
            .execute_batch("BEGIN IMMEDIATE")
            .expect("nobody else writes");
        other
    }

    /// Somebody who goes on reading what was there at this moment.
    pub(crate) fn read_on(&self) -> Connection {
        let reader = self.connect();
        reader
            .execute_batch("BEGIN; SELECT count(*) FROM changes")
            .expect("the file can be read");
        reader
    }

    /// Does something to the storage that no journal would.
    pub(crate) fn meddle(&self, sql: &str) {
        let n = self.connect().execute(sql, ()).expect("the statement runs");
        assert!(n > 0, "nothing was altered by {sql}");
    }

    /// Makes the journal that a program of the first format would have left, with the restaurants, changes
    /// and counts of ids of `newer` in it.
    pub(crate) async fn make_format_1(&self, newer: &Journal) {
        std::fs::create_dir(self.config().folder).expect("a new folder");
        let conn = self.connect();
        conn.execute_batch(include_str!("../../src/sqlite/0001.sql"))
            .expect("the first format's tables");
        for entry in newer.restaurants().await.expect("the restaurants") {
            let id = entry.id.0.cast_signed();
            conn.execute("INSERT INTO restaurants VALUES (?1, ?2)", params![id, entry.slug])
                .expect("a restaurant");
            let changes = newer.changes(entry.id, Seq::ZERO, usize::MAX).await;
            for change in changes.expect("the changes") {
                let by = serde_json::to_string(&change.by).expect("text");
                let events = serde_json::to_string(&change.events).expect("text");
                let (seq, at) = (change.seq.0.cast_signed(), change.at.as_microsecond());
                let row = params![id, seq, at, by, events];
                conn.execute("INSERT INTO changes VALUES (?1, ?2, ?3, ?4, ?5)", row)
                    .expect("a change");
            }
        }
        for kind in Kind::ALL {
            conn.execute("INSERT INTO ids VALUES (?1, 100)", [kind.name()])
                .expect("a count");
        }
        drop(conn);
        self.stamp("application_id", 0x6d74_7264);
        self.stamp("user_version", 1);
    }

    /// Marks the storage as something else.
    pub(crate) fn stamp(&self, name: &str, value: i32) {
        self.connect()
            .pragma_update(None, name, value)
            .expect("the mark is set");
    }

    fn connect(&self) -> Connection {
        Connection::open(self.config().folder.join("journal.db")).expect("the file opens")
    }

    /// Whether these bytes are anywhere in what the journal has written.
    pub(crate) fn holds(&self, bytes: &[u8]) -> bool {
        let files = std::fs::read_dir(self.config().folder).expect("the folder");
        files
            .map(|it| std::fs::read(it.expect("an entry").path()).expect("a file"))
            .any(|file| file.windows(bytes.len()).any(|it| it == bytes))
    }
}
