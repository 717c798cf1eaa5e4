//! API keys of machines, and devices on which a PIN is enough: made, shown once, taken back.

use super::sign_ins::ended;
use super::staff::OPERATOR;
use super::{Identity, Staff, audit, fingerprint, random};
use floor::{Kind, RestaurantId, Role};
use jiff::{SignedDuration, Timestamp};
use journal::{ApiKey, Device, Registration, StorageError};
use serde_json::json;
use subtle::ConstantTimeEq;

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What people call it; unique among the restaurant's keys that are good.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// When it runs out by itself.
    pub expires_at: Option<Timestamp>,
}

/// A row whose secret is shown now and never again.
#[derive(Clone)]
pub struct Shown<T> {
    /// The row.
    pub row: T,
    /// The secret.
    pub secret: String,
}

/// A device that was found by its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// The device.
    pub device_id: u64,
    /// Where it belongs.
    pub restaurant_id: RestaurantId,
    /// What people call it.
    pub name: String,
}

/// A key or a device was not made or taken back.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The name.
    #[error("name must have 1 to {NAME_CHARS_MAX} characters and must not be `operator`")]
    Name,
    /// Another one has it.
    #[error("another one of this restaurant has this name")]
    NameInUse,
    /// The time it runs out.
    #[error("expires_at must be in the future")]
    Expiry,
    /// The restaurant has very many.
    #[error("a restaurant may have {PER_RESTAURANT_MAX} of these")]
    TooMany,
    /// The restaurant has enrolled very many within an hour.
    #[error("a restaurant may enrol {ENROLMENTS_PER_HOUR} devices within an hour")]
    TooOften,
    /// There is none with this id here.
    #[error("there is none with this id here")]
    Unknown,
    /// The journal.
    #[error("the journal cannot be written now")]
    Storage(#[from] StorageError),
}

/// Characters of the name of a key or device.
const NAME_CHARS_MAX: usize = 60;
/// Good keys, or enrolled devices, of one restaurant. Past it, making one more is refused.
const PER_RESTAURANT_MAX: usize = 200;
/// Devices that a restaurant may enrol within an hour.
const ENROLMENTS_PER_HOUR: usize = 30;

impl Identity {
    /// Makes an API key.
    pub async fn add_key(
        &self,
        by: &Staff,
        restaurant_id: RestaurantId,
        new: NewKey,
    ) -> Result<Shown<ApiKey>, KeyError> {
        self.put_key(by, restaurant_id, new, random("mk_", 24), false)
            .await
    }

    /// Makes an API key whose text is printed in documents: for the demo.
    pub async fn add_public_key(
        &self,
        restaurant_id: RestaurantId,
        new: NewKey,
        secret: &str,
    ) -> Result<Shown<ApiKey>, KeyError> {
        let by = Staff::operator(super::Way::Control);
        self.put_key(&by, restaurant_id, new, secret.to_owned(), true)
            .await
    }

    async fn put_key(
        &self,
        by: &Staff,
        restaurant_id: RestaurantId,
        new: NewKey,
        secret: String,
        public: bool,
    ) -> Result<Shown<ApiKey>, KeyError> {
        let now = self.now();
        check_name(&new.name)?;
        if new.expires_at.is_some_and(|it| it <= now) {
            return Err(KeyError::Expiry);
        }
        let row = ApiKey {
            key_id: self.inner.journal.reserve_ids(Kind::Key, 1).await?,
            restaurant_id,
            name: new.name.trim().to_owned(),
            role: new.role,
            hash: fingerprint(&secret),
            public,
            created_at: now,
            expires_at: new.expires_at.map(to_the_microsecond),
            revoked_at: None,
        };
        let facts = json!({ "key_id": row.key_id, "name": row.name, "role": row.role });
        let entry = audit::done(by, "key_added", Some(restaurant_id), facts, now);
        let mut checked = Ok(());
        self.write_over(|book| {
            let good: Vec<&ApiKey> = book
                .keys_of(restaurant_id)
                .filter(|it| it.revoked_at.is_none())
                .collect();
            if good
                .iter()
                .any(|it| it.name.to_lowercase() == row.name.to_lowercase())
            {
                checked = Err(KeyError::NameInUse);
            } else {
                checked = check_room(good.len());
            }
            match checked {
                Ok(()) => (vec![Registration::Key(row.clone())], vec![entry]),
                Err(_) => (Vec::new(), Vec::new()),
            }
        })
        .await?;
        checked.map(|()| Shown { row, secret })
    }

    /// The keys of a restaurant, those taken back too.
    #[must_use]
    pub fn keys(&self, restaurant_id: RestaurantId) -> Vec<ApiKey> {
        self.book().keys_of(restaurant_id).cloned().collect()
    }

    /// Takes a key back; whoever is connected with it is told to go.
    pub async fn revoke_key(
        &self,
        by: &Staff,
        restaurant_id: RestaurantId,
        key_id: u64,
    ) -> Result<(), KeyError> {
        let now = self.now();
        let mut known = false;
        self.write_over(|book| {
            let key = book.key(key_id).filter(|it| it.restaurant_id == restaurant_id);
            known = key.is_some();
            let Some(key) = key.filter(|it| it.revoked_at.is_none()) else {
                return (Vec::new(), Vec::new());
            };
            let facts = json!({ "key_id": key_id, "name": key.name });
            let entry = audit::done(by, "key_revoked", Some(restaurant_id), facts, now);
            let revoked = ApiKey {
                revoked_at: Some(now),
                ..key.clone()
            };
            (vec![Registration::Key(revoked)], vec![entry])
        })
        .await?;
        known.then_some(()).ok_or(KeyError::Unknown)
    }

    /// Enrols a device.
    pub async fn enrol(
        &self,
        by: &Staff,
        restaurant_id: RestaurantId,
        name: &str,
    ) -> Result<Shown<Device>, KeyError> {
        let now = self.now();
        check_name(name)?;
        // A tablet that has lost its cookie is enrolled again under the name it has on its back.
        let devices = self.devices(restaurant_id);
        check_room(devices.iter().filter(|it| it.revoked_at.is_none()).count())?;
        // Each new device has tries of its own at everybody's PIN.
        let an_hour_ago = now - SignedDuration::from_hours(1);
        if devices.iter().filter(|it| it.enrolled_at > an_hour_ago).count() >= ENROLMENTS_PER_HOUR {
            return Err(KeyError::TooOften);
        }
        let secret = random("md_", 32);
        let row = Device {
            device_id: self.inner.journal.reserve_ids(Kind::Device, 1).await?,
            restaurant_id,
            name: name.trim().to_owned(),
            hash: fingerprint(&secret),
            enrolled_at: now,
            revoked_at: None,
        };
        let facts = json!({ "device_id": row.device_id, "name": row.name });
        let entry = audit::done(by, "device_enrolled", Some(restaurant_id), facts, now);
        self.write(vec![Registration::Device(row.clone())], vec![entry])
            .await?;
        Ok(Shown { row, secret })
    }

    /// The devices of a restaurant, those taken out too.
    #[must_use]
    pub fn devices(&self, restaurant_id: RestaurantId) -> Vec<Device> {
        self.book().devices_of(restaurant_id).cloned().collect()
    }

    /// The device with this token, if it is enrolled in a restaurant that is there.
    #[must_use]
    pub fn device(&self, token: &str) -> Option<Enrolled> {
        let shown = fingerprint(token);
        let book = self.book();
        let device = book.device_with(&shown)?;
        let is_good = device.revoked_at.is_none()
            && bool::from(device.hash.ct_eq(&shown))
            && self.inner.directory.holds(device.restaurant_id);
        is_good.then(|| Enrolled {
            device_id: device.device_id,
            restaurant_id: device.restaurant_id,
            name: device.name.clone(),
        })
    }

    /// Takes a device out, and ends the sign-ins that were made on it.
    pub async fn revoke_device(
        &self,
        by: &Staff,
        restaurant_id: RestaurantId,
        device_id: u64,
    ) -> Result<(), KeyError> {
        let now = self.now();
        let mut known = false;
        self.write_over(|book| {
            let device = book.device(device_id);
            let device = device.filter(|it| it.restaurant_id == restaurant_id && it.revoked_at.is_none());
            known = device.is_some();
            let Some(device) = device else {
                return (Vec::new(), Vec::new());
            };
            let facts = json!({ "device_id": device_id, "name": device.name });
            let entry = audit::done(by, "device_revoked", Some(restaurant_id), facts, now);
            let mut writes = vec![Registration::Device(Device {
                revoked_at: Some(now),
                ..device.clone()
            })];
            let open = book.sign_ins_on(device_id).filter(|it| it.ended_at.is_none());
            writes.extend(open.map(|it| ended(it, now)));
            (writes, vec![entry])
        })
        .await?;
        known.then_some(()).ok_or(KeyError::Unknown)
    }
}

fn check_name(name: &str) -> Result<(), KeyError> {
    let is_good = (1..=NAME_CHARS_MAX).contains(&name.trim().chars().count())
        && name.chars().count() <= NAME_CHARS_MAX
        && !name.chars().any(char::is_control)
        && !name.trim().eq_ignore_ascii_case(OPERATOR);
    is_good.then_some(()).ok_or(KeyError::Name)
}

/// The journal keeps times to the microsecond.
fn to_the_microsecond(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

fn check_room(n_taken: usize) -> Result<(), KeyError> {
    (n_taken < PER_RESTAURANT_MAX)
        .then_some(())
        .ok_or(KeyError::TooMany)
}
