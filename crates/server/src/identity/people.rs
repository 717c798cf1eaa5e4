//! Accounts: how people who work here sign in. Who they are and what they may do is the floor's.

use super::beginning::{Begun, Proof};
use super::book::Book;
use super::{Identity, Knock, NoPass, Opened, Staff, audit};
use crate::rights;
use floor::{RestaurantId, Role, StaffId};
use jiff::{SignedDuration, Timestamp};
use journal::{Account, AuditEntry, RegisterError, Registration, StorageError};
use serde_json::json;
use std::sync::Arc;

/// How somebody is going to sign in.
#[derive(Clone, Default)]
pub struct NewAccount {
    /// What they type; made from their name when nobody says.
    pub login: Option<String>,
    /// What they may type instead.
    pub email: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// The PIN.
    pub pin: Option<String>,
}

impl NewAccount {
    /// Whether any of it was given.
    #[must_use]
    pub fn is_some(&self) -> bool {
        let given = [&self.login, &self.email, &self.password, &self.pin];
        given.iter().any(|it| it.is_some())
    }
}

/// What changes about how somebody signs in; what is left out stays.
#[derive(Clone, Default)]
pub struct AccountPatch {
    /// What they type.
    pub login: Option<String>,
    /// What they may type instead; `Some(None)` takes it away.
    pub email: Option<Option<String>>,
}

/// Somebody who works in a restaurant, and how they sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub staff_id: StaffId,
    /// The name colleagues use.
    pub name: String,
    /// What they may do.
    pub roles: Vec<Role>,
    /// Whether they work there now.
    pub active: bool,
    /// What they type to sign in; nothing while they cannot.
    pub login: Option<String>,
    /// What they may type instead.
    pub email: Option<String>,
    /// Whether they have a password.
    pub has_password: bool,
    /// Whether they have a PIN.
    pub has_pin: bool,
}

/// Something about an account was not done.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// A field.
    #[error("{field} {problem}")]
    Bad {
        /// Which.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Somebody else signs in with it.
    #[error("somebody else signs in with this {field}")]
    Taken {
        /// `login` or `email`.
        field: &'static str,
    },
    /// Nobody with this id works there.
    #[error("nobody with this id works here")]
    Unknown,
    /// They sign in already, with what they have.
    #[error("this person has a login already")]
    HasLogin,
    /// They cannot sign in yet: they have no login.
    #[error("this person has no login yet")]
    NoLogin,
    /// They work elsewhere too, where the caller is not an admin.
    #[error("this person works in another restaurant too: the operator has to do this")]
    WorksElsewhere,
    /// The password that was to confirm it is wrong.
    #[error("{field} is not right")]
    WrongPassword {
        /// Where it stood.
        field: &'static str,
    },
    /// Too many failed a moment ago.
    #[error("too many tries failed: try again in {0} s")]
    Wait(u32),
    /// The journal.
    #[error("the journal cannot be written now")]
    Storage(#[from] StorageError),
}

impl From<RegisterError> for PeopleError {
    fn from(error: RegisterError) -> PeopleError {
        match error {
            RegisterError::Taken { field } => PeopleError::Taken { field },
            RegisterError::Storage(error) => PeopleError::Storage(error),
            RegisterError::Conflict => unreachable!("accounts are written as whole rows"),
        }
    }
}

/// Longest life of a token that somebody makes for somebody else.
const MINTED_MAX: SignedDuration = SignedDuration::from_hours(24 * 366);

impl Identity {
    /// Everybody who works or has worked in a restaurant, by id.
    #[must_use]
    pub fn people(&self, restaurant_id: RestaurantId) -> Vec<Person> {
        let book = self.book();
        let person = |member: &journal::Member| {
            // How somebody signs in elsewhere is no business of a house they have left.
            let is_ours = member.active || !book.works_somewhere(member.staff_id);
            let account = book.account(member.staff_id).filter(|_| is_ours);
            Person {
                staff_id: member.staff_id,
                name: member.name.clone(),
                roles: member.roles.clone(),
                active: member.active,
                login: account.map(|it| it.login.clone()),
                email: account.and_then(|it| it.email.clone()),
                has_password: account.is_some_and(|it| it.password_hash.is_some()),
                has_pin: account.is_some_and(|it| it.pin_hash.is_some()),
            }
        };
        book.staff_of(restaurant_id).map(person).collect()
    }

    /// What somebody who works or has worked in a restaurant types to sign in: the login, and the e-mail address if
    /// they have one.
    #[must_use]
    pub fn sign_in_names(
        &self,
        restaurant_id: RestaurantId,
        staff_id: StaffId,
    ) -> Option<(String, Option<String>)> {
        let book = self.book();
        // How somebody signs in elsewhere is no business of a house they have left.
        let is_ours = book.active(staff_id, restaurant_id).is_some() || !book.works_somewhere(staff_id);
        let account = book.account(staff_id).filter(|_| is_ours)?;
        Some((account.login.clone(), account.email.clone()))
    }

    /// Whether this account could be given, before anybody is hired for it.
    pub fn check_account(&self, name: &str, new: &NewAccount) -> Result<(), PeopleError> {
        let login = login_of(name, new);
        check_login(&login)?;
        let book = self.book();
        for (field, given) in [("login", Some(&login)), ("email", new.email.as_ref())] {
            if given.is_some_and(|it| book.account_named(it).is_some()) {
                return Err(PeopleError::Taken { field });
            }
        }
        new.email.as_deref().map_or(Ok(()), check_email)?;
        new.password.as_deref().map_or(Ok(()), check_password)?;
        new.pin.as_deref().map_or(Ok(()), check_pin)
    }

    /// Gives somebody who works here an account.
    pub async fn add_account(
        &self,
        by: &Staff,
        staff_id: StaffId,
        name: &str,
        new: NewAccount,
    ) -> Result<(), PeopleError> {
        self.check_account(name, &new)?;
        let login = login_of(name, &new);
        let password_hash = self.hashed(new.password).await?;
        let pin_hash = self.hashed(new.pin).await?;
        let now = self.now();
        let mut is_new = false;
        let written = self.enter_register(|book| {
            is_new = book.account(staff_id).is_none();
            if !is_new {
                return (Vec::new(), Vec::new());
            }
            let account = Account {
                staff_id,
                login,
                email: new.email,
                password_hash,
                pin_hash,
                public: false,
                created_at: now,
            };
            let entries = entries(book, by, staff_id, "account_added", now);
            (vec![Registration::Account(account)], entries)
        });
        written.await?;
        is_new.then_some(()).ok_or(PeopleError::HasLogin)
    }

    /// Gives somebody an account whose secrets are printed in documents: for the demo.
    pub async fn add_public_accounts(&self, accounts: Vec<Account>) -> Result<(), PeopleError> {
        let writes = accounts.into_iter().map(Registration::Account).collect();
        Ok(self.enter_register(|_| (writes, Vec::new())).await?)
    }

    /// Whether somebody has an account.
    #[must_use]
    pub fn has_account(&self, staff_id: StaffId) -> bool {
        self.book().account(staff_id).is_some()
    }

    /// What to keep in place of a password or PIN.
    pub async fn hash(&self, secret: &str) -> Result<String, PeopleError> {
        let hashed = self.inner.passwords.hash(secret).await;
        hashed.map_err(|_| PeopleError::Wait(1))
    }

    async fn hashed(&self, secret: Option<String>) -> Result<Option<String>, PeopleError> {
        match secret {
            Some(secret) => Ok(Some(self.hash(&secret).await?)),
            None => Ok(None),
        }
    }

    /// Changes how somebody signs in, or gives them a login.
    pub async fn change_account(
        &self,
        by: &Arc<Staff>,
        restaurant_id: RestaurantId,
        staff_id: StaffId,
        patch: AccountPatch,
    ) -> Result<(), PeopleError> {
        self.check_reach(by, restaurant_id, staff_id)?;
        patch.login.as_deref().map_or(Ok(()), check_login)?;
        patch.email.iter().flatten().try_for_each(|it| check_email(it))?;
        if self.account(staff_id).is_none() && patch.login.is_none() {
            return Err(PeopleError::NoLogin);
        }
        self.put_account(by, staff_id, "account_changed", |account| {
            if let Some(login) = patch.login {
                account.login = login;
            }
            if let Some(email) = patch.email {
                account.email = email;
            }
        })
        .await
    }

    /// Writes what `change` makes of somebody's account as it is then, a new one if there is none.
    async fn put_account(
        &self,
        by: &Staff,
        staff_id: StaffId,
        what: &str,
        change: impl FnOnce(&mut Account),
    ) -> Result<(), PeopleError> {
        let now = self.now();
        let written = self.enter_register(|book| {
            let mut account = account_of(book, staff_id, now);
            change(&mut account);
            (
                vec![Registration::Account(account)],
                entries(book, by, staff_id, what, now),
            )
        });
        Ok(written.await?)
    }

    /// Ends all sign-ins of somebody who works here.
    pub async fn end_sign_ins_of(
        &self,
        by: &Arc<Staff>,
        restaurant_id: RestaurantId,
        staff_id: StaffId,
    ) -> Result<(), PeopleError> {
        self.check_reach(by, restaurant_id, staff_id)?;
        let open: Vec<String> = self.sign_ins(staff_id).into_iter().map(|it| it.id).collect();
        Ok(self.end_sign_ins(by, &open, "sign_in_ended").await?)
    }

    /// Makes an access token for somebody, good in one restaurant, for a while.
    pub async fn mint(
        &self,
        by: &Arc<Staff>,
        restaurant_id: RestaurantId,
        staff_id: StaffId,
        life: SignedDuration,
    ) -> Result<Opened, PeopleError> {
        let works_here = self.book().active(staff_id, restaurant_id).is_some();
        if !works_here {
            return Err(PeopleError::Unknown);
        }
        if self.account(staff_id).is_none() {
            return Err(PeopleError::NoLogin);
        }
        if life < SignedDuration::from_secs(1) || life > MINTED_MAX {
            return Err(PeopleError::Bad {
                field: "seconds",
                problem: "must be 1 to 31622400",
            });
        }
        let begun = Begun {
            staff_id,
            device_id: None,
            restaurant_id: Some(restaurant_id),
            span: life,
            proof: Proof::Minted,
        };
        let facts = json!({
            "staff_id": staff_id,
            "seconds": life.as_secs(),
            "by": super::staff::by(by, "v1"),
        });
        let minted = self.begin(begun, Knock::default(), "token_minted", facts).await?;
        minted.ok_or(PeopleError::Unknown)
    }

    pub(super) fn account(&self, staff_id: StaffId) -> Option<Account> {
        self.book().account(staff_id).cloned()
    }

    /// Whether `by` may change how somebody signs in: it opens every restaurant in which they work, so an
    /// admin of one of several may not.
    pub(super) fn check_reach(
        &self,
        by: &Arc<Staff>,
        restaurant_id: RestaurantId,
        staff_id: StaffId,
    ) -> Result<(), PeopleError> {
        // Former ones too: they may be the person's again one day.
        let places: Vec<RestaurantId> = {
            let book = self.book();
            book.places(staff_id).map(|it| it.restaurant_id).collect()
        };
        if !places.contains(&restaurant_id) {
            return Err(PeopleError::Unknown);
        }
        let is_admin = |it: &RestaurantId| -> Result<bool, NoPass> {
            Ok(self.enter(by, *it)?.has(rights::Right::People))
        };
        let everywhere = by.is_operator() || places.iter().all(|it| is_admin(it).unwrap_or(false));
        everywhere.then_some(()).ok_or(PeopleError::WorksElsewhere)
    }
}

/// Somebody's account; a new one, with a login made from their name, if they have none.
pub(super) fn account_of(book: &Book, staff_id: StaffId, now: Timestamp) -> Account {
    book.account(staff_id).cloned().unwrap_or_else(|| {
        let name = book.places(staff_id).next().map(|it| it.name.clone());
        Account {
            staff_id,
            login: login_of(&name.unwrap_or_default(), &NewAccount::default()),
            email: None,
            password_hash: None,
            pin_hash: None,
            public: false,
            created_at: now,
        }
    })
}

/// What the audit list says about it, for each restaurant in which the person works.
pub(super) fn entries(
    book: &Book,
    by: &Staff,
    staff_id: StaffId,
    what: &str,
    now: Timestamp,
) -> Vec<AuditEntry> {
    let entry = |it| {
        let facts = json!({ "staff_id": staff_id });
        audit::done(by, what, Some(it), facts, now)
    };
    let concerned = book.concerned(staff_id, None).into_iter();
    concerned.map(entry).collect()
}

pub(super) fn login_of(name: &str, new: &NewAccount) -> String {
    let from_name = || {
        let small = name.trim().to_lowercase();
        let fit = small.chars().map(|it| if it.is_whitespace() { '.' } else { it });
        fit.filter(|it| is_login_char(*it)).collect()
    };
    new.login.clone().unwrap_or_else(from_name)
}

fn is_login_char(it: char) -> bool {
    it.is_alphanumeric() || matches!(it, '.' | '_' | '-')
}

pub(super) fn check_login(login: &str) -> Result<(), PeopleError> {
    let is_good = (1..=60).contains(&login.chars().count()) && login.chars().all(is_login_char);
    is_good.then_some(()).ok_or(PeopleError::Bad {
        field: "login",
        problem: "must have 1 to 60 letters, digits, dots, dashes and underscores",
    })
}

fn check_email(email: &str) -> Result<(), PeopleError> {
    let parts: Vec<&str> = email.split('@').collect();
    let has_both = parts.len() == 2 && parts.iter().all(|it| !it.is_empty());
    let is_plain = !email.chars().any(|it| it.is_whitespace() || it.is_control());
    let is_good = has_both && is_plain && email.chars().count() <= 254;
    is_good.then_some(()).ok_or(PeopleError::Bad {
        field: "email",
        problem: "must be an address such as maria@example.com, at most 254 characters",
    })
}

pub(super) fn check_password(password: &str) -> Result<(), PeopleError> {
    let is_good = (8..=200).contains(&password.chars().count());
    is_good.then_some(()).ok_or(PeopleError::Bad {
        field: "password",
        problem: "must have 8 to 200 characters",
    })
}

pub(super) fn check_pin(pin: &str) -> Result<(), PeopleError> {
    let is_good = (4..=8).contains(&pin.len()) && pin.bytes().all(|it| it.is_ascii_digit());
    is_good.then_some(()).ok_or(PeopleError::Bad {
        field: "pin",
        problem: "must have 4 to 8 digits",
    })
}
