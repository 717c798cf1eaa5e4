//! Who asks, and where they may be: the one place where [`Staff`] comes from, and the one check of whose
//! restaurant it is.
//!
//! A surface takes a [`Credential`] from wherever its clients put it, [`Identity::identify`] says who
//! that is, and [`Identity::enter`] gives a [`Pass`] for one restaurant, without which no floor opens. A
//! connection keeps its pass in a [`Standing`], which takes in what changes while it is open.
//!
//! What is durable is the journal's register; here it is held in memory, and written through.

mod audit;
mod beginning;
mod book;
mod claims;
mod credential;
mod guests;
mod holder;
mod jwks;
mod keys;
mod operating;
mod page_tokens;
mod passwords;
mod people;
mod reach;
mod refresh;
mod secrets;
mod sign_ins;
mod staff;
mod standing;
mod throttle;
mod tokens;

pub use beginning::Opened;
pub use credential::Credential;
pub use guests::{Guest, GuestNames};
pub use holder::CredentialError;
pub use jwks::{KeySource, is_safe_address};
pub use keys::{Enrolled, KeyError, NewKey, Shown};
pub use passwords::Cost;
pub use people::{AccountPatch, NewAccount, PeopleError, Person};
pub use reach::NoPass;
pub use refresh::RefreshError;
pub use sign_ins::{Knock, SignInError};
pub use staff::{Pass, Staff, Way, Who};
pub use standing::{Standing, Watched};
pub use throttle::Patience;
pub use tokens::TokenRules;

use crate::clock::Clock;
use crate::config::Secret;
use crate::directory::Directory;
use crate::metrics::Metrics;
use audit::FailureBudget;
use book::Book;
use credential::{fingerprint, random};
use floor::{Change, RestaurantId, StaffId};
use jiff::Timestamp;
use journal::{AuditEntry, Journal, RegisterError, Registration, StorageError};
use jwks::KeySet;
use passwords::Passwords;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use throttle::Throttle;
use tokens::Tokens;
use tokio::sync::watch;

/// Everybody who may sign in, and who has. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    inner: Arc<Inner>,
}

struct Inner {
    journal: Journal,
    directory: Directory,
    clock: Clock,
    metrics: Metrics,
    book: RwLock<Book>,
    /// Held while something is written, so that memory takes things in in the order of the journal.
    writing: Arc<tokio::sync::Mutex<()>>,
    tokens: Tokens,
    passwords: Passwords,
    throttle: Throttle,
    failures: Mutex<FailureBudget>,
    operator_key: Option<[u8; 32]>,
    /// What the codes on tables are made with.
    code_secret: Vec<u8>,
    /// Counts what may end or narrow an open connection.
    n_changes: AtomicU64,
    /// Wakes those who wait for that.
    changed: watch::Sender<()>,
}

/// By what rules people are let in.
#[derive(Clone, Debug)]
pub struct Rules {
    /// What tokens are held against.
    pub tokens: TokenRules,
    /// Where other programs' public keys are.
    pub key_source: Option<KeySource>,
    /// The operator's key, as the fingerprint of its text.
    pub operator_key: Option<[u8; 32]>,
    /// What the codes on tables are made with, instead of a secret of the journal's own.
    pub code_secret: Option<Secret>,
    /// How much work a new password is worth.
    pub cost: Cost,
    /// How many sign-ins may fail before delays begin.
    pub patience: Patience,
    /// Whether accounts and keys whose secrets are printed in documents let anybody in.
    pub lets_public_in: bool,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            tokens: TokenRules::default(),
            key_source: None,
            operator_key: None,
            code_secret: None,
            cost: Cost::Full,
            patience: Patience {
                per_account: 5,
                per_place: 30,
            },
            lets_public_in: false,
        }
    }
}

impl Rules {
    /// The same rules, with this operator key.
    #[must_use]
    pub fn with_operator_key(self, key: Option<&str>) -> Rules {
        Rules {
            operator_key: key.map(fingerprint),
            ..self
        }
    }
}

impl Identity {
    /// Reads the register. Makes a signing key when there is nothing to sign with.
    pub async fn start(
        journal: Journal,
        directory: Directory,
        clock: Clock,
        metrics: Metrics,
        rules: Rules,
    ) -> Result<Identity, StorageError> {
        let now = clock.now();
        let mut register = journal.register(now).await?;
        let signing_keys = std::mem::take(&mut register.signing_keys);
        let book = Book::of(register, rules.lets_public_in);
        let is_mute = rules.tokens.secret.is_none() && signing_keys.iter().all(|it| it.retired_at.is_some());
        let (code_secret, unwritten) = operating::code_secret(&rules, &signing_keys, now);
        let key_set = KeySet::new(rules.key_source, clock.clone());
        let inner = Inner {
            journal,
            directory,
            clock,
            metrics,
            book: RwLock::new(book),
            writing: Arc::default(),
            tokens: Tokens::new(rules.tokens, signing_keys, key_set),
            passwords: Passwords::new(rules.cost),
            throttle: Throttle::new(rules.patience),
            failures: Mutex::default(),
            operator_key: rules.operator_key,
            code_secret,
            n_changes: AtomicU64::new(0),
            changed: watch::Sender::new(()),
        };
        let identity = Identity {
            inner: Arc::new(inner),
        };
        let missing = is_mute.then(|| operating::new_signing_key(now));
        let keys: Vec<_> = missing.into_iter().chain(unwritten).collect();
        if !keys.is_empty() {
            let writes = keys.into_iter().map(Registration::SigningKey).collect();
            identity.write(writes, Vec::new()).await?;
        }
        Ok(identity)
    }

    /// Which restaurants there are.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.inner.directory
    }

    /// The clock that expiry is held against.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Takes in what a change that has been journaled says about people. Called by the writer before it
    /// tells anybody.
    pub(crate) fn hear(&self, change: &Change) {
        let (heard, gone) = {
            let mut book = self.inner.book.write().unwrap_or_else(PoisonError::into_inner);
            let heard = book.hear(change);
            let mut gone = heard.clone();
            gone.retain(|it| !book.works_somewhere(*it));
            (heard, gone)
        };
        if !heard.is_empty() {
            self.has_changed();
        }
        if !gone.is_empty() {
            let identity = self.clone();
            // Whoever comes back one day signs in anew. They are out already: this is for good.
            tokio::spawn(async move { identity.end_sign_ins_of_those_gone(&gone).await });
        }
    }

    /// The audit list, newest first, below entry `before`. `None`: of all restaurants and of none.
    pub async fn audit(
        &self,
        restaurants: Option<&[RestaurantId]>,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<journal::AuditRow>, StorageError> {
        self.inner.journal.audit(restaurants, before, limit).await
    }

    /// Forgets in memory what has run out. To be called now and then.
    pub fn tidy_up(&self) {
        let now = self.now();
        let mut book = self.inner.book.write().unwrap_or_else(PoisonError::into_inner);
        book.forget_sign_ins(now);
    }

    /// Writes to the register what `make` makes of the book as it is then, takes it in, and tells open
    /// connections. Nobody else writes in between. What has been begun is carried out, also when whoever
    /// asked for it does not wait: else the journal would know of things that nobody here does.
    async fn enter_register(
        &self,
        make: impl FnOnce(&Book) -> (Vec<Registration>, Vec<AuditEntry>),
    ) -> Result<(), RegisterError> {
        let in_order = Arc::clone(&self.inner.writing).lock_owned().await;
        let (writes, audit) = make(&self.book());
        if writes.is_empty() && audit.is_empty() {
            return Ok(());
        }
        let identity = self.clone();
        // Whoever asked may hang up: what becomes durable is taken in all the same, before anybody else writes.
        let writing = tokio::spawn(async move {
            let _in_order = in_order;
            identity.inner.journal.enter(writes.clone(), audit).await?;
            identity.take_in(writes);
            Ok(())
        });
        writing.await.expect("writing does not panic")
    }

    fn take_in(&self, writes: Vec<Registration>) {
        let ends_something = writes.iter().any(may_end);
        for write in writes {
            match write {
                Registration::SigningKey(key) => self.inner.tokens.take_in(key),
                Registration::Restaurant {
                    restaurant_id,
                    removed_at,
                } => self
                    .inner
                    .directory
                    .set_removed(restaurant_id, removed_at.is_some()),
                write => {
                    let mut book = self.inner.book.write().unwrap_or_else(PoisonError::into_inner);
                    book.take_in(write);
                }
            }
        }
        if ends_something {
            self.has_changed();
        }
    }

    async fn write(&self, writes: Vec<Registration>, audit: Vec<AuditEntry>) -> Result<(), StorageError> {
        self.write_over(|_| (writes, audit)).await
    }

    /// As [`Identity::enter_register`], for rows that nothing can be in the way of.
    async fn write_over(
        &self,
        make: impl FnOnce(&Book) -> (Vec<Registration>, Vec<AuditEntry>),
    ) -> Result<(), StorageError> {
        match self.enter_register(make).await {
            Ok(()) => Ok(()),
            Err(RegisterError::Storage(error)) => Err(error),
            Err(error) => unreachable!("nothing stands in the way of these rows: {error}"),
        }
    }

    fn book(&self) -> RwLockReadGuard<'_, Book> {
        self.inner.book.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The restaurants whose admins read of what somebody does.
    fn concerned(&self, staff_id: StaffId, within: Option<RestaurantId>) -> Vec<RestaurantId> {
        self.book().concerned(staff_id, within)
    }
}

/// Whether a row may end or narrow an open connection.
fn may_end(write: &Registration) -> bool {
    match write {
        Registration::SignIn(it) => it.ended_at.is_some(),
        Registration::Key(it) => it.revoked_at.is_some(),
        Registration::Device(it) => it.revoked_at.is_some(),
        Registration::SigningKey(it) => it.retired_at.is_some(),
        Registration::Restaurant { .. } | Registration::ForgetPublic => true,
        Registration::Account(_) | Registration::Rotate { .. } => false,
    }
}
