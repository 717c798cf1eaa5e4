//! Who asks: the one place where [`Staff`] comes from, and the one check of whose restaurant it is.
//!
//! Accounts and keys are given at the start and kept in memory: an operator's key, and in the demo house
//! its fixed accounts and keys. Surfaces reach a floor only through a [`Pass`].

use crate::limits::{FAILED_SIGN_INS_PER_MINUTE, SIGN_INS_MAX};
use crate::rights;
use floor::{By, Command, RestaurantId, Role, StaffId};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use subtle::ConstantTimeEq;

/// Somebody who may ask: a person or a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The account, for a person.
    pub staff_id: Option<StaffId>,
    /// What colleagues or the operator call them.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Where.
    pub reach: Reach,
    /// Whether they came in with an API key.
    pub is_key: bool,
}

/// The restaurants that somebody may enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of this program's: the operator.
    All,
    /// These.
    Only(Vec<RestaurantId>),
}

/// The proof that somebody may enter a restaurant. Nothing else opens a floor.
#[derive(Clone, Debug)]
pub struct Pass {
    restaurant_id: RestaurantId,
    staff: Arc<Staff>,
}

/// The credential is missing, wrong or has run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// None was sent.
    #[error("sign in first: send a bearer token or API key")]
    Missing,
    /// It is not one of ours.
    #[error("this credential is not valid")]
    Wrong,
    /// Its time is over.
    #[error("this sign-in has ended")]
    Expired,
    /// Too many sign-ins to this account failed a moment ago.
    #[error("too many sign-ins failed")]
    TooMany,
}

/// The credential is good, but not for this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this credential does not reach that restaurant")]
pub struct OutOfReach;

/// A sign-in: the token is shown once.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The bearer token.
    pub token: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Whose it is.
    pub staff: Arc<Staff>,
}

/// Everybody who may sign in, and who has. Cheap to clone.
#[derive(Clone, Default)]
pub struct Identity {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    keys: Vec<([u8; 32], Arc<Staff>)>,
    accounts: BTreeMap<String, ([u8; 32], Arc<Staff>)>,
    sign_ins: BTreeMap<[u8; 32], (Timestamp, Arc<Staff>)>,
    failures: VecDeque<Timestamp>,
}

/// How long a sign-in lasts.
const SIGN_IN: SignedDuration = SignedDuration::from_hours(12);

impl Identity {
    /// Lets `staff` in with an API key.
    pub fn add_key(&self, key: &str, staff: Staff) {
        self.lock().keys.push((fingerprint(key), Arc::new(staff)));
    }

    /// Lets `staff` in with a name and a password.
    pub fn add_account(&self, login: &str, password: &str, staff: Staff) {
        self.lock()
            .accounts
            .insert(login.to_owned(), (fingerprint(password), Arc::new(staff)));
    }

    /// Signs somebody in.
    pub fn sign_in(&self, login: &str, password: &str, now: Timestamp) -> Result<SignIn, SignInError> {
        let mut inner = self.lock();
        let account = inner
            .accounts
            .get(login)
            .map(|(expected, staff)| (*expected, Arc::clone(staff)));
        let (expected, staff) = account.unwrap_or_else(|| ([0; 32], Arc::new(Staff::nobody())));
        if !bool::from(expected.ct_eq(&fingerprint(password))) {
            inner
                .failures
                .retain(|at| *at > now - SignedDuration::from_mins(1));
            if inner.failures.len() >= FAILED_SIGN_INS_PER_MINUTE {
                return Err(SignInError::TooMany);
            }
            inner.failures.push_back(now);
            return Err(SignInError::Wrong);
        }
        let token = random_token();
        let expires_at = now + SIGN_IN;
        inner.sign_ins.retain(|_, (expires_at, _)| *expires_at > now);
        if inner.sign_ins.len() >= SIGN_INS_MAX {
            let oldest = inner
                .sign_ins
                .iter()
                .min_by_key(|(_, (expires_at, _))| *expires_at);
            if let Some(oldest) = oldest.map(|(token, _)| *token) {
                inner.sign_ins.remove(&oldest);
            }
        }
        inner
            .sign_ins
            .insert(fingerprint(&token), (expires_at, Arc::clone(&staff)));
        Ok(SignIn {
            token,
            expires_at,
            staff,
        })
    }

    /// Ends a sign-in.
    pub fn sign_out(&self, token: &str) {
        self.lock().sign_ins.remove(&fingerprint(token));
    }

    /// Who shows this credential.
    pub fn identify(&self, credential: &str, now: Timestamp) -> Result<Arc<Staff>, SignInError> {
        let shown = fingerprint(credential);
        let inner = self.lock();
        if let Some((expires_at, staff)) = inner.sign_ins.get(&shown) {
            return if *expires_at > now {
                Ok(Arc::clone(staff))
            } else {
                Err(SignInError::Expired)
            };
        }
        let key = inner.keys.iter().find(|(key, _)| bool::from(key.ct_eq(&shown)));
        key.map(|(_, staff)| Arc::clone(staff)).ok_or(SignInError::Wrong)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Staff {
    /// Stands for an account that does not exist, so that asking for one takes as long as a wrong password.
    fn nobody() -> Staff {
        Staff {
            staff_id: None,
            name: String::new(),
            roles: Vec::new(),
            reach: Reach::Only(Vec::new()),
            is_key: false,
        }
    }

    /// The proof that they may enter a restaurant.
    pub fn enter(self: &Arc<Self>, restaurant_id: RestaurantId) -> Result<Pass, OutOfReach> {
        let is_reached = match &self.reach {
            Reach::All => true,
            Reach::Only(restaurants) => restaurants.contains(&restaurant_id),
        };
        if is_reached {
            Ok(Pass {
                restaurant_id,
                staff: Arc::clone(self),
            })
        } else {
            Err(OutOfReach)
        }
    }
}

impl Pass {
    /// The restaurant it opens.
    #[must_use]
    pub fn restaurant_id(&self) -> RestaurantId {
        self.restaurant_id
    }

    /// Whether the holder may ask for `command`.
    #[must_use]
    pub fn may(&self, command: &Command) -> bool {
        rights::may(&self.staff.roles, command)
    }

    /// Whether the holder has one of `roles`.
    #[must_use]
    pub fn is_one_of(&self, roles: &[Role]) -> bool {
        self.staff.roles.iter().any(|it| roles.contains(it))
    }

    /// Who asks, for the journal.
    #[must_use]
    pub fn by(&self, surface: &str) -> By {
        By {
            staff_id: self.staff.staff_id,
            key: self.staff.is_key.then(|| self.staff.name.clone()),
            surface: surface.to_owned(),
        }
    }

    /// Whose idempotency keys the holder's are.
    #[must_use]
    pub fn holder(&self) -> String {
        match self.staff.staff_id {
            Some(id) => format!("staff:{}", id.0),
            None => format!("key:{}", self.staff.name),
        }
    }
}

fn fingerprint(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

fn random_token() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    bytes.iter().fold(String::from("mt_"), |mut token, byte| {
        write!(token, "{byte:02x}").expect("writing to a string cannot fail");
        token
    })
}
