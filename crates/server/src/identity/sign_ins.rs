//! Signing in with a password or a PIN, signing out, and what somebody's sign-ins are.

use super::beginning::{Begun, Opened, Proof};
use super::passwords::Lane;
use super::throttle::{Place, Tried};
use super::tokens::Signed;
use super::{Credential, CredentialError, Identity, Staff, Way, audit};
use floor::{RestaurantId, StaffId};
use jiff::{SignedDuration, Timestamp};
use journal::{How, Registration, SignIn, StorageError};
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::{Arc, PoisonError};

/// Who knocks, as far as one can tell from outside.
#[derive(Clone, Default)]
pub struct Knock {
    /// The address, as far as it can be trusted.
    pub address: Option<IpAddr>,
    /// What the program calls itself.
    pub agent: Option<String>,
    /// The token of the device, if it was enrolled.
    pub device: Option<String>,
}

/// Somebody was not let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The name, the password or the PIN is wrong. Which of them is nobody's business.
    #[error("this name and password do not match")]
    Wrong,
    /// All is right, but whoever it is works nowhere now.
    #[error("this account is disabled")]
    Disabled,
    /// Too many failed a moment ago.
    #[error("too many sign-ins failed: try again in {0} s")]
    Wait(u32),
    /// Too many are being checked.
    #[error("too many sign-ins are being checked: try again in a moment")]
    Crowded,
    /// PINs are good on enrolled devices only.
    #[error("this device is not enrolled: a manager has to enrol it before a PIN is enough")]
    NotEnrolled,
    /// The journal.
    #[error("the journal cannot be written now")]
    Storage(#[from] StorageError),
}

/// What is to be checked.
struct Claim<'a> {
    staff_id: Option<StaffId>,
    tried: Tried,
    place: Place,
    hash: Option<String>,
    secret: &'a str,
    how: How,
    device_id: Option<u64>,
    restaurant_id: Option<RestaurantId>,
}

impl Identity {
    /// Signs somebody in with a name and a password.
    pub async fn sign_in(&self, login: &str, password: &str, knock: Knock) -> Result<Opened, SignInError> {
        let account = self.book().account_named(login).cloned();
        let staff_id = account.as_ref().map(|it| it.staff_id);
        // A device of the house vouches for those who work there, and for nobody else.
        let device = knock.device.as_deref().and_then(|it| self.device(it));
        let device = device.filter(|it| {
            let book = self.book();
            staff_id.is_some_and(|staff_id| book.active(staff_id, it.restaurant_id).is_some())
        });
        let device_id = device.map(|it| it.device_id);
        let claim = Claim {
            staff_id,
            tried: Tried::named(login),
            place: place_of(&knock, device_id),
            hash: account.and_then(|it| it.password_hash),
            secret: password,
            how: How::Password,
            device_id,
            restaurant_id: None,
        };
        self.let_in(claim, knock).await
    }

    /// Signs somebody in with a PIN, on a device of the house. It is good for that restaurant only.
    pub async fn sign_in_with_pin(
        &self,
        staff_id: StaffId,
        pin: &str,
        knock: Knock,
    ) -> Result<Opened, SignInError> {
        let device = knock.device.as_deref().and_then(|it| self.device(it));
        let device = device.ok_or(SignInError::NotEnrolled)?;
        let account = {
            let book = self.book();
            let works_here = book.active(staff_id, device.restaurant_id).is_some();
            book.account(staff_id).filter(|_| works_here).cloned()
        };
        let claim = Claim {
            staff_id: account.as_ref().map(|it| it.staff_id),
            tried: Tried::Account(staff_id),
            place: place_of(&knock, Some(device.device_id)),
            hash: account.and_then(|it| it.pin_hash),
            secret: pin,
            how: How::Pin,
            device_id: Some(device.device_id),
            restaurant_id: Some(device.restaurant_id),
        };
        self.let_in(claim, knock).await
    }

    async fn let_in(&self, claim: Claim<'_>, knock: Knock) -> Result<Opened, SignInError> {
        let (place, tried) = (claim.place, claim.tried);
        let is_known = self.is_known(&claim, &knock);
        let throttle = &self.inner.throttle;
        if let Err(wait) = throttle.admit(place, tried, is_known, self.now()) {
            self.inner.metrics.reached(wait.limit);
            self.note_failure(&claim, &knock, "sign_in_delayed").await?;
            return Err(SignInError::Wait(wait.seconds()));
        }
        let lane = if is_known { Lane::Known } else { Lane::Stranger };
        let passwords = &self.inner.passwords;
        let Ok(matches) = passwords.verify(lane, claim.hash.clone(), claim.secret).await else {
            throttle.passed_over(place, tried);
            return Err(SignInError::Crowded);
        };
        let Some(staff_id) = claim.staff_id.filter(|_| matches) else {
            self.note_failure(&claim, &knock, "sign_in_failed").await?;
            return Err(SignInError::Wrong);
        };
        throttle.succeeded(place, tried);
        if !self.book().works_somewhere(staff_id) {
            self.note_failure(&claim, &knock, "sign_in_disabled").await?;
            return Err(SignInError::Disabled);
        }
        let proof = claim.hash.unwrap_or_default();
        let begun = Begun {
            staff_id,
            device_id: claim.device_id,
            restaurant_id: claim.restaurant_id,
            span: match claim.how {
                How::Pin => self.inner.tokens.rules.pin,
                _ => self.inner.tokens.rules.refresh,
            },
            proof: match claim.how {
                How::Pin => Proof::Pin(proof),
                _ => Proof::Password(proof),
            },
        };
        let facts = json!({ "staff_id": staff_id, "how": claim.how, "device_id": claim.device_id });
        let begun = self.begin(begun, knock, "signed_in", facts).await?;
        // Whatever was checked has been changed meanwhile.
        begun.ok_or(SignInError::Wrong)
    }

    /// Whether somebody has been let in from there before: those do not wait behind strangers.
    fn is_known(&self, claim: &Claim<'_>, knock: &Knock) -> bool {
        let address = knock.address.map(|it| it.to_string());
        let book = self.book();
        let mut before = claim.staff_id.into_iter().flat_map(|it| book.sign_ins_of(it));
        claim.device_id.is_some() || before.any(|it| it.address.is_some() && it.address == address)
    }

    /// Lists a failure, unless this minute has seen very many in the same house.
    async fn note_failure(&self, claim: &Claim<'_>, knock: &Knock, what: &str) -> Result<(), StorageError> {
        let places = match claim.staff_id {
            Some(it) => self.concerned(it, claim.restaurant_id),
            None => claim.restaurant_id.into_iter().collect(),
        };
        // Never the name that was typed: people type passwords there.
        let facts = json!({ "staff_id": claim.staff_id, "how": claim.how, "device_id": claim.device_id });
        self.list_failure(what, &places, &facts, knock).await
    }

    pub(super) async fn list_failure(
        &self,
        what: &str,
        places: &[RestaurantId],
        facts: &Value,
        knock: &Knock,
    ) -> Result<(), StorageError> {
        let now = self.now();
        let listed = {
            let mut budget = self.inner.failures.lock().unwrap_or_else(PoisonError::into_inner);
            budget.take(places, now)
        };
        let entries = listed.into_iter().flat_map(|it| {
            let place: Vec<RestaurantId> = it.restaurant_id.into_iter().collect();
            let mut entries = audit::knocked(what, &place, facts, knock.address, now);
            if it.unlisted > 0 {
                let facts = json!({ "count": it.unlisted });
                entries.extend(audit::knocked(
                    "sign_ins_failed_unlisted",
                    &place,
                    &facts,
                    None,
                    now,
                ));
            }
            entries
        });
        self.write(Vec::new(), entries.collect()).await
    }

    /// Somebody's sign-ins that are open, the latest first.
    #[must_use]
    pub fn sign_ins(&self, staff_id: StaffId) -> Vec<SignIn> {
        let now = self.now();
        let book = self.book();
        let open = book
            .sign_ins_of(staff_id)
            .filter(|it| it.ended_at.is_none() && it.expires_at > now);
        let mut open: Vec<SignIn> = open.cloned().collect();
        open.sort_by_key(|it| std::cmp::Reverse(it.began_at));
        open
    }

    /// One's own sign-ins, as far as the one that asks may see: one that is good in one restaurant sees
    /// those of that restaurant, and a token that somebody else made sees itself.
    #[must_use]
    pub fn own_sign_ins(&self, staff: &Staff) -> Vec<SignIn> {
        let Some((staff_id, id)) = staff.staff_id().zip(staff.sign_in_id()) else {
            return Vec::new();
        };
        let mut open = self.sign_ins(staff_id);
        let Some(asking) = open.iter().find(|it| it.id == id).cloned() else {
            return Vec::new();
        };
        open.retain(|it| match (asking.how, asking.restaurant_id) {
            (How::Minted, _) => it.id == asking.id,
            (_, None) => true,
            (_, only) => it.restaurant_id == only && it.how != How::Minted,
        });
        open
    }

    /// How long a browser's sign-in lasts from now, if nothing more is done with it.
    #[must_use]
    pub fn page_lasts(&self, staff: &Staff) -> Option<SignedDuration> {
        let id = staff.sign_in_id().filter(|_| staff.way == Way::Cookie)?;
        let expires_at = self.book().sign_in(id)?.expires_at;
        Some(expires_at.duration_since(self.now()))
    }

    /// Ends the sign-in that a credential belongs to. API keys and other programs' tokens have none.
    pub async fn sign_out(&self, credential: &Credential, address: IpAddr) -> Result<(), StorageError> {
        let mut staff = match self.identify(credential).await {
            Ok(staff) => staff,
            // A token may have run out where its sign-in goes on.
            Err(CredentialError::Expired) => match self.former_holder(credential).await {
                Some(staff) => staff,
                None => return Ok(()),
            },
            Err(CredentialError::Missing | CredentialError::Wrong) => return Ok(()),
        };
        Arc::make_mut(&mut staff).address = Some(address);
        if let Some(id) = staff.sign_in_id() {
            self.end_sign_ins(&staff, &[id.to_owned()], "signed_out").await?;
        }
        Ok(())
    }

    /// Whose a token of ours was that has run out.
    async fn former_holder(&self, credential: &Credential) -> Option<Arc<Staff>> {
        let verified = self.inner.tokens.verify(credential.text()?, self.now()).await;
        let Ok(Signed::Here(claims, kid)) = verified else {
            return None;
        };
        let sign_in = self.book().sign_in(&claims.sign_in_id?).cloned()?;
        let until = Some(claims.expires_at);
        Some(Arc::new(self.staff_of(&sign_in, credential.way(), until, kid)))
    }

    /// Ends one of somebody's own sign-ins; says whether there was such a one.
    pub async fn end_own_sign_in(&self, staff: &Staff, id: &str) -> Result<bool, StorageError> {
        let is_own = self.own_sign_ins(staff).iter().any(|it| it.id == id);
        if is_own {
            self.end_sign_ins(staff, &[id.to_owned()], "sign_in_ended")
                .await?;
        }
        Ok(is_own)
    }

    /// Ends sign-ins; whoever is connected with them is told to go.
    pub(super) async fn end_sign_ins(
        &self,
        by: &Staff,
        ids: &[String],
        what: &str,
    ) -> Result<(), StorageError> {
        let now = self.now();
        self.write_over(|book| {
            let mut writes = Vec::new();
            let mut entries = Vec::new();
            for sign_in in ids.iter().filter_map(|it| book.sign_in(it)) {
                if sign_in.ended_at.is_some() {
                    continue;
                }
                writes.push(ended(sign_in, now));
                for place in book.concerned(sign_in.staff_id, sign_in.restaurant_id) {
                    let facts = json!({ "staff_id": sign_in.staff_id, "sign_in_id": sign_in.id });
                    entries.push(audit::done(by, what, Some(place), facts, now));
                }
            }
            (writes, entries)
        })
        .await
    }

    /// Ends the sign-ins of people who work nowhere any more.
    pub(super) async fn end_sign_ins_of_those_gone(&self, gone: &[StaffId]) {
        let now = self.now();
        let done = self.write_over(|book| {
            let gone = gone.iter().filter(|it| !book.works_somewhere(**it));
            let open = gone.flat_map(|it| book.sign_ins_of(*it));
            (open.map(|it| ended(it, now)).collect(), Vec::new())
        });
        if let Err(error) = done.await {
            tracing::warn!(%error, "sign-ins of somebody who left could not be ended in the journal");
        }
    }

    /// Ends a sign-in, whoever has it.
    pub(super) async fn end_for_good(&self, id: &str) -> Result<(), StorageError> {
        let now = self.now();
        self.write_over(|book| {
            let open = book.sign_in(id).map(|it| ended(it, now));
            (open.into_iter().collect(), Vec::new())
        })
        .await
    }

    /// A sign-in that is used lasts longer.
    pub(super) async fn touch(&self, id: &str) {
        let now = self.now();
        let done = self.write_over(|book| {
            let sign_in = book.sign_in(id);
            let open = sign_in.filter(|it| it.ended_at.is_none() && it.expires_at > now);
            let seen = open.map(|it| SignIn {
                seen_at: now,
                expires_at: now + it.expires_at.duration_since(it.seen_at),
                ..it.clone()
            });
            (seen.map(Registration::SignIn).into_iter().collect(), Vec::new())
        });
        if let Err(error) = done.await {
            tracing::warn!(%error, "a sign-in could not be prolonged");
        }
    }
}

/// The row of a sign-in that has been ended.
pub(super) fn ended(sign_in: &SignIn, now: Timestamp) -> Registration {
    Registration::SignIn(SignIn {
        ended_at: Some(now),
        ..sign_in.clone()
    })
}

pub(super) fn place_of(knock: &Knock, device_id: Option<u64>) -> Place {
    let nowhere = IpAddr::from([0, 0, 0, 0]);
    Place::of(knock.address.unwrap_or(nowhere), device_id)
}
