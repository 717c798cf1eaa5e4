//! Passwords and PINs: hashed with argon2id, checked in the background, a few at a time.
//!
//! A check costs memory and time on purpose. Whoever knocks for the first time waits in another lane than
//! those who have signed in from the same place before, so that strangers who try passwords keep no waiter
//! out; and both lanes are short, so that they do not keep the floor waiting either.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// How much work a password is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// 19 MiB, two passes: the first recommendation of OWASP's Password Storage Cheat Sheet.
    Full,
    /// As little as argon2 allows, for passwords that are printed in documents anyway.
    Least,
}

/// Where somebody waits for a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// Has signed in from this address or on this device before.
    Known,
    /// Has not.
    Stranger,
}

/// Too many wait in this lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many sign-ins are being checked")]
pub(super) struct Crowded;

/// Checks that may wait in one lane. Past it: `busy`, ask again.
const WAITING_MAX: usize = 64;

/// Hashes and checks.
pub(super) struct Passwords {
    cost: Cost,
    known: Queue,
    strangers: Queue,
    fresh: Queue,
}

/// Who may wait for work, and who has it done. A place is held until the work is done, also when nobody
/// waits for it any more: hanging up does not let the next one in early.
struct Queue {
    room: Arc<Semaphore>,
    turn: Arc<Semaphore>,
}

impl Queue {
    fn new() -> Queue {
        Queue {
            room: Arc::new(Semaphore::new(WAITING_MAX)),
            turn: Arc::new(Semaphore::new(1)),
        }
    }

    /// Does `work` in the background when its turn comes.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Crowded> {
        let room = Arc::clone(&self.room).try_acquire_owned().map_err(|_| Crowded)?;
        let turn = Arc::clone(&self.turn)
            .acquire_owned()
            .await
            .map_err(|_| Crowded)?;
        let working = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((room, turn));
            done
        });
        Ok(working.await.expect("hashing does not panic"))
    }
}

impl Passwords {
    pub(super) fn new(cost: Cost) -> Passwords {
        Passwords {
            cost,
            known: Queue::new(),
            strangers: Queue::new(),
            fresh: Queue::new(),
        }
    }

    /// The text to keep in place of a password.
    pub(super) async fn hash(&self, password: &str) -> Result<String, Crowded> {
        let (argon2, password) = (argon2(self.cost), password.to_owned());
        let hashing = self.fresh.run(move || {
            let hash: PasswordHash = argon2
                .hash_password(password.as_bytes())
                .expect("the system has random numbers");
            hash.to_string()
        });
        hashing.await
    }

    /// Whether `password` is the one that was hashed. Without a hash the answer is no, and takes as long.
    pub(super) async fn verify(
        &self,
        lane: Lane,
        hash: Option<String>,
        password: &str,
    ) -> Result<bool, Crowded> {
        let queue = match lane {
            Lane::Known => &self.known,
            Lane::Stranger => &self.strangers,
        };
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| nobodys(self.cost));
        let password = password.to_owned();
        let checking = queue.run(move || {
            let Ok(hash) = PasswordHash::new(&hash) else {
                return false;
            };
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        });
        Ok(checking.await? && exists)
    }
}

fn argon2(cost: Cost) -> Argon2<'static> {
    let params = match cost {
        Cost::Full => Params::new(19_456, 2, 1, None),
        Cost::Least => Params::new(Params::MIN_M_COST, 1, 1, None),
    };
    let params = params.expect("these are allowed");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// A hash of nothing that anybody can type, of the same cost as a real one.
fn nobodys(cost: Cost) -> String {
    let params = argon2(cost).params().clone();
    let (m, t, p) = (params.m_cost(), params.t_cost(), params.p_cost());
    format!(
        "$argon2id$v=19$m={m},t={t},p={p}$bm9ib2R5bm9ib2R5MTIzNA$bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5MTI"
    )
}

#[cfg(test)]
mod tests {
    use super::{Cost, Lane, Passwords};

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_nobody_has_one_without() {
        for cost in [Cost::Full, Cost::Least] {
            let passwords = Passwords::new(cost);
            let hash = passwords.hash("maitred-demo").await.unwrap();
            assert!(hash.starts_with("$argon2id$v=19$m="), "{hash}");
            assert_ne!(
                hash,
                passwords.hash("maitred-demo").await.unwrap(),
                "each has a salt of its own"
            );
            let check = async |hash: Option<&str>, password| {
                let hash = hash.map(str::to_owned);
                passwords.verify(Lane::Stranger, hash, password).await.unwrap()
            };
            assert!(check(Some(&hash), "maitred-demo").await);
            assert!(!check(Some(&hash), "maitred-demO").await);
            assert!(!check(Some("no hash"), "maitred-demo").await);
            assert!(!check(None, "").await);
        }
    }

    #[test]
    fn the_hash_of_nobody_is_one_that_argon2_works_on() {
        let hash = super::nobodys(Cost::Full);
        assert!(
            argon2::password_hash::phc::PasswordHash::new(&hash).is_ok(),
            "{hash}"
        );
    }
}
