//! Rows for the register and lines for the audit list.

use floor::{RestaurantId, Role, StaffId};
use jiff::{SignedDuration, Timestamp};
use journal::{Account, ApiKey, AuditEntry, Device, How, SignIn, SigningKey};
use serde_json::json;

/// When these tests happen.
pub(crate) fn noon() -> Timestamp {
    "2026-03-01T12:00:00.000001Z".parse().expect("a time")
}

pub(crate) fn account(staff_id: u64, login: &str, email: Option<&str>) -> Account {
    Account {
        staff_id: StaffId(staff_id),
        login: login.to_owned(),
        email: email.map(str::to_owned),
        password_hash: Some("$argon2id$password".to_owned()),
        pin_hash: Some("$argon2id$pin".to_owned()),
        public: false,
        created_at: noon(),
    }
}

pub(crate) fn api_key(key_id: u64, name: &str) -> ApiKey {
    ApiKey {
        key_id,
        restaurant_id: RestaurantId(1),
        name: name.to_owned(),
        role: Role::Host,
        hash: [211; 32],
        public: false,
        created_at: noon(),
        expires_at: None,
        revoked_at: None,
    }
}

pub(crate) fn device(device_id: u64, name: &str) -> Device {
    Device {
        device_id,
        restaurant_id: RestaurantId(1),
        name: name.to_owned(),
        hash: [211; 32],
        enrolled_at: noon(),
        revoked_at: None,
    }
}

pub(crate) fn sign_in(id: &str, staff_id: u64) -> SignIn {
    SignIn {
        id: id.to_owned(),
        staff_id: StaffId(staff_id),
        how: How::Password,
        device_id: None,
        restaurant_id: None,
        cookie_hash: Some([211; 32]),
        refresh_hash: Some([222; 32]),
        began_at: noon(),
        seen_at: noon(),
        expires_at: noon() + SignedDuration::from_hours(12),
        ended_at: None,
        address: Some("192.0.2.7".to_owned()),
        agent: Some("a browser".to_owned()),
    }
}

pub(crate) fn signing_key(kid: &str) -> SigningKey {
    SigningKey {
        kid: kid.to_owned(),
        secret: b"secret-bytes".to_vec(),
        made_at: noon(),
        retired_at: None,
    }
}

pub(crate) fn line(restaurant_id: Option<RestaurantId>, what: &str) -> AuditEntry {
    AuditEntry {
        at: noon(),
        restaurant_id,
        what: what.to_owned(),
        by: json!({"staff_id": 1, "surface": "v1"}),
        facts: json!({"name": "Maria"}),
        address: Some("192.0.2.7".to_owned()),
    }
}
