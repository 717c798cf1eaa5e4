//! The journal as its callers see it: the same words for every engine.

use crate::sqlite::Sqlite;
use crate::{
    AddRestaurantError, Answered, Append, AppendError, AuditEntry, AuditRow, BackupError, BackupProgress,
    Config, GuestEntry, KeyName, OpenError, Progress, Register, RegisterError, Registration, Report,
    RestoreError, Snapshot, StorageError, TurnRow,
};
use floor::{Change, Floor, GuestDetails, GuestId, Kind, RestaurantId, Seq};
use jiff::Timestamp;
use std::path::Path;

/// What happened, in order, on disk. The only copy that counts.
///
/// Clones are handles of the same journal. It closes when the last one is dropped; to know when, see
/// [`Journal::close`].
#[derive(Clone, Debug)]
pub enum Journal {
    /// In a folder on this machine.
    Sqlite(Sqlite),
}

/// A restaurant that has a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestaurantEntry {
    /// Which one.
    pub id: RestaurantId,
    /// Its name in addresses.
    pub slug: String,
    /// When it was removed; what happened there stays.
    pub removed_at: Option<Timestamp>,
}

/// What tidying up took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Idempotency keys that were forgotten.
    pub n_keys: u64,
    /// Old snapshots that stood closer together than they need to.
    pub n_snapshots: u64,
    /// Sign-ins that ran out long ago.
    pub n_sign_ins: u64,
    /// Old lines of the audit list.
    pub n_audit_rows: u64,
}

impl Journal {
    /// Opens the journal as the only one who writes it; makes it on first use.
    pub async fn open(config: &Config) -> Result<Journal, OpenError> {
        Sqlite::open(config).await.map(Journal::Sqlite)
    }

    /// Opens the journal beside the program that writes it, if one does. Writes fail as
    /// [`ReadOnly`](crate::StorageErrorKind::ReadOnly).
    pub async fn open_to_read(config: &Config) -> Result<Journal, OpenError> {
        Sqlite::open_to_read(config).await.map(Journal::Sqlite)
    }

    /// Ends the journal for all its handles: what was asked before is still written, what is asked later
    /// fails as [`Closed`](crate::StorageErrorKind::Closed). On return another program may open it.
    pub async fn close(&self) {
        match self {
            Journal::Sqlite(engine) => engine.close().await,
        }
    }

    /// The journal's own id: a new one when it is made and after every restore, so that a rewound head
    /// is never mistaken for a resume.
    #[must_use]
    pub fn epoch(&self) -> &str {
        match self {
            Journal::Sqlite(engine) => engine.epoch(),
        }
    }

    /// Every restaurant, removed ones too, in the order of their ids.
    pub async fn restaurants(&self) -> Result<Vec<RestaurantEntry>, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.restaurants().await,
        }
    }

    /// Gives a new restaurant its id.
    pub async fn add_restaurant(&self, slug: &str) -> Result<RestaurantId, AddRestaurantError> {
        match self {
            Journal::Sqlite(engine) => engine.add_restaurant(slug).await,
        }
    }

    /// Hands out `count` ids of a kind that nobody else gets: from the returned one on. They are spent
    /// even if the program ends before it uses them.
    pub async fn reserve_ids(&self, kind: Kind, count: u64) -> Result<u64, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.reserve_ids(kind, count).await,
        }
    }

    /// Appends changes: all of them or none, durable on return.
    pub async fn append(&self, append: Append) -> Result<(), AppendError> {
        match self {
            Journal::Sqlite(engine) => engine.append(append).await,
        }
    }

    /// A restaurant's last change; [`Seq::ZERO`] before the first.
    pub async fn head(&self, restaurant_id: RestaurantId) -> Result<Seq, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.head(restaurant_id).await,
        }
    }

    /// A restaurant's changes behind `after`, in their order: at most `limit`, and no more than fit into
    /// 256 KiB, but at least one if there is one.
    pub async fn changes(
        &self,
        restaurant_id: RestaurantId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Change>, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.changes(restaurant_id, after, limit).await,
        }
    }

    /// A restaurant's last change at that time or before; [`Seq::ZERO`] if there was none yet. Where a
    /// clock was set back, one of those that were followed by a later one.
    pub async fn seq_at(&self, restaurant_id: RestaurantId, at: Timestamp) -> Result<Seq, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.seq_at(restaurant_id, at).await,
        }
    }

    /// The latest snapshot that is no later than `at_or_before`.
    pub async fn snapshot(
        &self,
        restaurant_id: RestaurantId,
        at_or_before: Seq,
    ) -> Result<Option<Snapshot>, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.snapshot(restaurant_id, at_or_before).await,
        }
    }

    /// Keeps a snapshot, in place of one of the same change.
    pub async fn save_snapshot(&self, snapshot: &Snapshot) -> Result<(), StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.save_snapshot(snapshot).await,
        }
    }

    /// The floor right after change `seq`, and when that was; nothing if there is no such change yet.
    ///
    /// At [`Seq::ZERO`] it is an empty floor at the Unix epoch.
    pub async fn floor_at(
        &self,
        restaurant_id: RestaurantId,
        seq: Seq,
    ) -> Result<Option<(Floor, Timestamp)>, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.floor_at(restaurant_id, seq).await,
        }
    }

    /// Which of these idempotency keys have been answered, and how.
    pub async fn answers(
        &self,
        restaurant_id: RestaurantId,
        keys: &[KeyName],
    ) -> Result<Vec<Answered>, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.answers(restaurant_id, keys).await,
        }
    }

    /// The entries of these guests, in the order asked. Erased ones come back empty; those that the book
    /// does not know are left out.
    pub async fn guests(
        &self,
        restaurant_id: RestaurantId,
        guest_ids: &[GuestId],
    ) -> Result<Vec<(GuestId, GuestDetails)>, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.guests(restaurant_id, guest_ids).await,
        }
    }

    /// Guests whose name or notes contain this text, whatever its case; the latest first, at most `limit`.
    pub async fn find_guests(
        &self,
        restaurant_id: RestaurantId,
        name_contains: &str,
        limit: usize,
    ) -> Result<Vec<GuestEntry>, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.find_guests(restaurant_id, name_contains, limit).await,
        }
    }

    /// Lets go of every trace of what was erased in an append. As after [`Journal::erase_guest`], their
    /// bytes are in no file of the journal on return; after a failure, ask again.
    pub async fn scrub(&self) -> Result<(), StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.scrub().await,
        }
    }

    /// Erases a guest's name, phone and notes; says whether the book knew the guest.
    ///
    /// On return their bytes are in no file of the journal. After a failure erase again: the entry may
    /// be empty already, but not yet its traces. Backups made before keep what they had.
    pub async fn erase_guest(
        &self,
        restaurant_id: RestaurantId,
        guest_id: GuestId,
    ) -> Result<bool, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.erase_guest(restaurant_id, guest_id).await,
        }
    }

    /// Closed turns that opened from `from` on and before `to`, at most `limit`, in the order of their
    /// opening.
    pub async fn turns(
        &self,
        restaurant_id: RestaurantId,
        from: Timestamp,
        to: Timestamp,
        limit: usize,
    ) -> Result<Vec<TurnRow>, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.turns(restaurant_id, from, to, limit).await,
        }
    }

    /// Everything in the register but the sign-ins that have run out at `now`.
    pub async fn register(&self, now: Timestamp) -> Result<Register, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.register(now).await,
        }
    }

    /// Writes into the register, in this order, and adds these lines to the audit list: all of it or
    /// nothing, durable on return.
    pub async fn enter(
        &self,
        writes: Vec<Registration>,
        audit: Vec<AuditEntry>,
    ) -> Result<(), RegisterError> {
        match self {
            Journal::Sqlite(engine) => engine.enter(writes, audit).await,
        }
    }

    /// Lines of the audit list with a number below `before`, the latest first, at most `limit`: those of
    /// these restaurants, or all, also those of no restaurant.
    pub async fn audit(
        &self,
        restaurants: Option<&[RestaurantId]>,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<AuditRow>, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.audit(restaurants, before, limit).await,
        }
    }

    /// Works out again everything that follows from the changes, and says where the journal differs.
    /// Others may write meanwhile.
    pub async fn check(
        &self,
        progress: impl FnMut(Progress) + Send + 'static,
    ) -> Result<Report, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.check(progress).await,
        }
    }

    /// Drops the read models and works them out again from the changes, one restaurant after another.
    pub async fn rebuild_read_models(&self) -> Result<(), StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.rebuild_read_models().await,
        }
    }

    /// Copies the journal as it is at one moment into one file, while others write. The file appears
    /// whole or not at all, in place of an older one.
    pub async fn backup(
        &self,
        to: &Path,
        progress: impl FnMut(BackupProgress) + Send + 'static,
    ) -> Result<(), BackupError> {
        match self {
            Journal::Sqlite(engine) => engine.backup(to, progress).await,
        }
    }

    /// Puts a backup into a folder that is empty or not there yet. The journal has a new
    /// [epoch](Journal::epoch) from then on.
    pub async fn restore(backup: &Path, config: &Config) -> Result<(), RestoreError> {
        Sqlite::restore(backup, config).await
    }

    /// Forgets idempotency keys older than 24 hours, sign-ins that ran out 30 days ago and lines of the
    /// audit list older than 400 days, and thins out old snapshots. To be called now and then.
    pub async fn tidy_up(&self, now: Timestamp) -> Result<Tidied, StorageError> {
        match self {
            Journal::Sqlite(engine) => engine.tidy_up(now).await,
        }
    }
}
