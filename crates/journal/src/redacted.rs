//! How the register's rows are printed for debugging: whether there is a secret, and nothing of it.

use crate::{Account, ApiKey, Device, Registration, SignIn, SigningKey};
use std::fmt::{Debug, Formatter, Result};

/// Stands where a secret would.
struct Hidden;

impl Hidden {
    fn one<T>(_secret: &T) -> Hidden {
        Hidden
    }

    fn any<T>(secret: Option<&T>) -> Option<Hidden> {
        secret.map(Hidden::one)
    }
}

impl Debug for Hidden {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("hidden")
    }
}

impl Debug for Account {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Account")
            .field("staff_id", &self.staff_id)
            .field("login", &self.login)
            .field("email", &self.email)
            .field("password_hash", &Hidden::any(self.password_hash.as_ref()))
            .field("pin_hash", &Hidden::any(self.pin_hash.as_ref()))
            .field("public", &self.public)
            .field("created_at", &self.created_at)
            .finish()
    }
}

impl Debug for ApiKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("ApiKey")
            .field("key_id", &self.key_id)
            .field("restaurant_id", &self.restaurant_id)
            .field("name", &self.name)
            .field("role", &self.role)
            .field("hash", &Hidden::one(&self.hash))
            .field("public", &self.public)
            .field("created_at", &self.created_at)
            .field("expires_at", &self.expires_at)
            .field("revoked_at", &self.revoked_at)
            .finish()
    }
}

impl Debug for Device {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("Device")
            .field("device_id", &self.device_id)
            .field("restaurant_id", &self.restaurant_id)
            .field("name", &self.name)
            .field("hash", &Hidden::one(&self.hash))
            .field("enrolled_at", &self.enrolled_at)
            .field("revoked_at", &self.revoked_at)
            .finish()
    }
}

impl Debug for SignIn {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("SignIn")
            .field("id", &self.id)
            .field("staff_id", &self.staff_id)
            .field("how", &self.how)
            .field("device_id", &self.device_id)
            .field("restaurant_id", &self.restaurant_id)
            .field("cookie_hash", &Hidden::any(self.cookie_hash.as_ref()))
            .field("refresh_hash", &Hidden::any(self.refresh_hash.as_ref()))
            .field("began_at", &self.began_at)
            .field("seen_at", &self.seen_at)
            .field("expires_at", &self.expires_at)
            .field("ended_at", &self.ended_at)
            .field("address", &self.address)
            .field("agent", &self.agent)
            .finish()
    }
}

impl Debug for SigningKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("secret", &Hidden::one(&self.secret))
            .field("made_at", &self.made_at)
            .field("retired_at", &self.retired_at)
            .finish()
    }
}

impl Debug for Registration {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Registration::Account(it) => it.fmt(f),
            Registration::Key(it) => it.fmt(f),
            Registration::Device(it) => it.fmt(f),
            Registration::SignIn(it) => it.fmt(f),
            Registration::SigningKey(it) => it.fmt(f),
            Registration::Rotate {
                id,
                from,
                to,
                seen_at,
                expires_at,
            } => f
                .debug_struct("Rotate")
                .field("id", id)
                .field("from", &Hidden::one(from))
                .field("to", &Hidden::one(to))
                .field("seen_at", seen_at)
                .field("expires_at", expires_at)
                .finish(),
            Registration::Restaurant {
                restaurant_id,
                removed_at,
            } => f
                .debug_struct("Restaurant")
                .field("restaurant_id", restaurant_id)
                .field("removed_at", removed_at)
                .finish(),
            Registration::ForgetPublic => f.write_str("ForgetPublic"),
        }
    }
}
