//! Passwords and PINs of people: set by an admin, or changed by themselves. What an old one opened ends.

use super::passwords::Lane;
use super::people::{NewAccount, account_of, check_login, check_password, check_pin, entries, login_of};
use super::sign_ins::{ended, place_of};
use super::throttle::Tried;
use super::{Identity, Knock, PeopleError, Staff};
use floor::{RestaurantId, StaffId};
use journal::{How, Registration};
use serde_json::json;
use std::sync::Arc;

/// A secret that has just been made, as it is kept.
enum Fresh {
    Password(String),
    Pin(String),
}

impl Identity {
    /// Sets somebody's password, and ends their sign-ins.
    pub async fn set_password(
        &self,
        by: &Arc<Staff>,
        restaurant_id: RestaurantId,
        staff_id: StaffId,
        password: &str,
    ) -> Result<(), PeopleError> {
        self.check_reach(by, restaurant_id, staff_id)?;
        check_password(password)?;
        let hash = self.hash(password).await?;
        self.put_secret(by, staff_id, Fresh::Password(hash), None).await
    }

    /// Sets somebody's PIN.
    pub async fn set_pin(
        &self,
        by: &Arc<Staff>,
        restaurant_id: RestaurantId,
        staff_id: StaffId,
        pin: &str,
    ) -> Result<(), PeopleError> {
        self.check_reach(by, restaurant_id, staff_id)?;
        check_pin(pin)?;
        let hash = self.hash(pin).await?;
        self.put_secret(by, staff_id, Fresh::Pin(hash), None).await
    }

    /// Changes one's own password, and ends one's other sign-ins.
    pub async fn change_own_password(
        &self,
        staff: &Staff,
        old: &str,
        new: &str,
        knock: &Knock,
    ) -> Result<(), PeopleError> {
        let (staff_id, confirmed) = self.confirm(staff, ("old_password", old), knock).await?;
        check_password(new)?;
        let hash = self.hash(new).await?;
        self.put_secret(staff, staff_id, Fresh::Password(hash), Some(confirmed))
            .await
    }

    /// Changes one's own PIN.
    pub async fn change_own_pin(
        &self,
        staff: &Staff,
        password: &str,
        pin: &str,
        knock: &Knock,
    ) -> Result<(), PeopleError> {
        let (staff_id, confirmed) = self.confirm(staff, ("password", password), knock).await?;
        check_pin(pin)?;
        let hash = self.hash(pin).await?;
        self.put_secret(staff, staff_id, Fresh::Pin(hash), Some(confirmed))
            .await
    }

    /// Whether it is really they who sit there. As many tries as for a sign-in.
    async fn confirm(
        &self,
        staff: &Staff,
        (field, password): (&'static str, &str),
        knock: &Knock,
    ) -> Result<(StaffId, Option<String>), PeopleError> {
        let staff_id = staff.staff_id().ok_or(PeopleError::NoLogin)?;
        let hash = self.account(staff_id).ok_or(PeopleError::NoLogin)?.password_hash;
        let place = place_of(knock, None);
        let tried = Tried::Account(staff_id);
        let throttle = &self.inner.throttle;
        if let Err(wait) = throttle.admit(place, tried, true, self.now()) {
            self.inner.metrics.reached(wait.limit);
            return Err(PeopleError::Wait(wait.seconds()));
        }
        let passwords = &self.inner.passwords;
        match passwords.verify(Lane::Known, hash.clone(), password).await {
            Ok(true) => {
                throttle.succeeded(place, tried);
                Ok((staff_id, hash))
            }
            Ok(false) => {
                let facts = json!({ "staff_id": staff_id, "sign_in_id": staff.sign_in_id() });
                let places = self.concerned(staff_id, None);
                self.list_failure("confirmation_failed", &places, &facts, knock)
                    .await?;
                Err(PeopleError::WrongPassword { field })
            }
            Err(_) => {
                throttle.passed_over(place, tried);
                Err(PeopleError::Wait(1))
            }
        }
    }

    /// Writes a changed secret and ends the sign-ins that the old one may have opened: all but the
    /// caller's own, and but those that came by `spared`.
    async fn put_secret(
        &self,
        by: &Staff,
        staff_id: StaffId,
        fresh: Fresh,
        confirmed: Option<Option<String>>,
    ) -> Result<(), PeopleError> {
        let now = self.now();
        let login = self
            .account(staff_id)
            .map_or_else(|| self.name_of(staff_id), |it| it.login);
        check_login(&login)?;
        let mut is_confirmed = true;
        let written = self.enter_register(|book| {
            let mut account = account_of(book, staff_id, now);
            // The password that confirmed it may have been replaced while it was being checked.
            is_confirmed = confirmed.is_none_or(|it| it == account.password_hash);
            if !is_confirmed {
                return (Vec::new(), Vec::new());
            }
            let (spared, what) = match fresh {
                Fresh::Password(hash) => {
                    account.password_hash = Some(hash);
                    (None, "password_set")
                }
                Fresh::Pin(hash) => {
                    account.pin_hash = Some(hash);
                    (Some(How::Password), "pin_set")
                }
            };
            let others = book
                .sign_ins_of(staff_id)
                .filter(|it| Some(it.how) != spared && by.sign_in_id() != Some(it.id.as_str()));
            let mut writes: Vec<Registration> = others.map(|it| ended(it, now)).collect();
            writes.push(Registration::Account(account));
            (writes, entries(book, by, staff_id, what, now))
        });
        written.await?;
        let field = "old_password";
        is_confirmed
            .then_some(())
            .ok_or(PeopleError::WrongPassword { field })
    }

    fn name_of(&self, staff_id: StaffId) -> String {
        let name = self.book().places(staff_id).next().map(|it| it.name.clone());
        login_of(&name.unwrap_or_default(), &NewAccount::default())
    }
}
