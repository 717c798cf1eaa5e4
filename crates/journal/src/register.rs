//! The register: who may sign in, with what, and which sign-ins there are.
//!
//! Only hashes and signing secrets are in it. Whether a password is right, what a role allows and when a
//! sign-in should end is the server's to say. Names of people at work come from the changes; see
//! [`Member`].

use crate::{AuditEntry, Member};
use floor::{RestaurantId, Role, StaffId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Somebody's way to sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose: one person, in all restaurants.
    pub staff_id: StaffId,
    /// What they type. No other account has it as its login or e-mail, whatever the case.
    pub login: String,
    /// What they may type instead, as unique as `login`.
    pub email: Option<String>,
    /// The password as a PHC string.
    pub password_hash: Option<String>,
    /// The PIN as a PHC string.
    pub pin_hash: Option<String>,
    /// Whether its secrets are printed in documents.
    pub public: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A machine's way in, to one restaurant.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Which one; see [`floor::Kind::Key`].
    pub key_id: u64,
    /// Where it is good.
    pub restaurant_id: RestaurantId,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Of the key itself.
    pub hash: [u8; 32],
    /// Whether the key is printed in documents.
    pub public: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it runs out by itself.
    pub expires_at: Option<Timestamp>,
    /// When somebody took it back.
    pub revoked_at: Option<Timestamp>,
}

/// A screen of the house at which a PIN is enough.
#[derive(Clone, PartialEq, Eq)]
pub struct Device {
    /// Which one; see [`floor::Kind::Device`].
    pub device_id: u64,
    /// Where it hangs.
    pub restaurant_id: RestaurantId,
    /// What people call it.
    pub name: String,
    /// Of its token.
    pub hash: [u8; 32],
    /// When it was taken in.
    pub enrolled_at: Timestamp,
    /// When somebody took it out.
    pub revoked_at: Option<Timestamp>,
}

/// Somebody signed in somewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Its public name.
    pub id: String,
    /// Who.
    pub staff_id: StaffId,
    /// By what means.
    pub how: How,
    /// At which screen of the house.
    pub device_id: Option<u64>,
    /// The only restaurant it is good for, if there is one.
    pub restaurant_id: Option<RestaurantId>,
    /// Of the cookie.
    pub cookie_hash: Option<[u8; 32]>,
    /// Of the refresh token that is good now; see [`Registration::Rotate`].
    pub refresh_hash: Option<[u8; 32]>,
    /// When it began.
    pub began_at: Timestamp,
    /// When it was last used, more or less.
    pub seen_at: Timestamp,
    /// When it runs out by itself.
    pub expires_at: Timestamp,
    /// When it was ended before that.
    pub ended_at: Option<Timestamp>,
    /// The address it came from.
    pub address: Option<String>,
    /// The program it came with.
    pub agent: Option<String>,
}

/// By what means somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// With login and password.
    Password,
    /// With a PIN, at a screen of the house.
    Pin,
    /// Somebody else made the token for them.
    Minted,
}

/// What tokens are signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its public name.
    pub kid: String,
    /// The key itself.
    pub secret: Vec<u8>,
    /// When it was made.
    pub made_at: Timestamp,
    /// When a newer one took its place. What it signed before is still good.
    pub retired_at: Option<Timestamp>,
}

/// All of the register that a program keeps in mind, as it was at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// Every account, in the order of their ids.
    pub accounts: Vec<Account>,
    /// Who works where, active or not, in the order of restaurants and ids.
    pub members: Vec<Member>,
    /// Every API key, revoked or not, in the order of their ids.
    pub keys: Vec<ApiKey>,
    /// Every device, revoked or not, in the order of their ids.
    pub devices: Vec<Device>,
    /// Sign-ins that have not run out, ended or not, in the order of their beginning.
    pub sign_ins: Vec<SignIn>,
    /// Every signing key, the oldest first.
    pub signing_keys: Vec<SigningKey>,
}

/// One thing to write: a whole row, put in or put in place of the one with its id, unless said
/// otherwise. Times are kept to the microsecond.
#[derive(Clone, PartialEq, Eq)]
pub enum Registration {
    /// An account.
    Account(Account),
    /// An API key.
    Key(ApiKey),
    /// A device.
    Device(Device),
    /// A sign-in.
    SignIn(SignIn),
    /// A signing key.
    SigningKey(SigningKey),
    /// Puts `to` in place of the refresh hash `from`, unless the sign-in has another one by now, or has
    /// ended, or is not there: that is a [`Conflict`](crate::RegisterError::Conflict).
    Rotate {
        /// The sign-in.
        id: String,
        /// The refresh hash that was shown.
        from: [u8; 32],
        /// The one that is good from now on.
        to: [u8; 32],
        /// When this is.
        seen_at: Timestamp,
        /// When the sign-in runs out now.
        expires_at: Timestamp,
    },
    /// Marks a restaurant as removed, or as there again. One that was never added is a
    /// [`Conflict`](crate::RegisterError::Conflict).
    Restaurant {
        /// Which one.
        restaurant_id: RestaurantId,
        /// When it was removed.
        removed_at: Option<Timestamp>,
    },
    /// Drops accounts and keys marked public, and the sign-ins of those accounts.
    ForgetPublic,
}

/// What goes into the register in one piece, with its lines of the audit list.
pub(crate) struct Entry {
    pub(crate) writes: Vec<Registration>,
    pub(crate) audit: Vec<AuditEntry>,
}
