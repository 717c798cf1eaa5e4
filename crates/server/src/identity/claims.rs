//! What a token says, whichever of the five families it comes from. Pure: signatures and clocks are
//! checked elsewhere.

use super::Guest;
use floor::{MemberId, RestaurantId, Role, TurnId};
use jiff::Timestamp;
use serde_json::{Map, Value};

/// What a token says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Claims {
    /// Whom it speaks of: `sub`, or `user_id` where there is none.
    pub(super) subject: String,
    /// From then on it is worth nothing.
    pub(super) expires_at: Timestamp,
    /// Until then it is worth nothing yet.
    pub(super) not_before: Option<Timestamp>,
    pub(super) issuer: Option<String>,
    pub(super) audience: Vec<String>,
    /// Slugs or ids, from `tenant_ids`, else `restaurant_id`, else `sid`.
    pub(super) restaurants: Vec<String>,
    /// From `roles` or `role`; nothing when the token names none.
    pub(super) roles: Option<Vec<String>>,
    pub(super) kind: Kind,
    /// The sign-in, for tokens that were issued here.
    pub(super) sign_in_id: Option<String>,
    /// The API key that it stands for, for tokens that were issued here.
    pub(super) key_id: Option<u64>,
    /// The guest that it speaks of, for tokens that were issued here.
    pub(super) guest: Option<Guest>,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// To be shown with requests.
    Access,
    /// To get new tokens with.
    Refresh,
}

/// What does not make sense about a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("it does not say whom it speaks of")]
    Subject,
    #[error("it does not say when it runs out")]
    Expiry,
    #[error("a time in it is no number of seconds")]
    Time,
    #[error("it is for something else")]
    Kind,
}

/// Characters of a subject that are kept. It stands in every change of its holder.
const SUBJECT_CHARS_MAX: usize = 120;
/// Restaurants and roles of one token that are looked at.
const LIST_MAX: usize = 200;

impl Claims {
    /// Reads a token's claims. Those that are not known are not looked at.
    pub(super) fn read(claims: &Map<String, Value>) -> Result<Claims, Unreadable> {
        let subject = ["sub", "user_id"].iter().find_map(|it| text_of(claims.get(*it)?));
        let subject = subject.filter(|it| !it.is_empty()).ok_or(Unreadable::Subject)?;
        let expires_at = time_of(claims, "exp")?.ok_or(Unreadable::Expiry)?;
        let restaurants = ["tenant_ids", "restaurant_id", "sid"]
            .iter()
            .find_map(|it| list_of(claims.get(*it)?))
            .unwrap_or_default();
        Ok(Claims {
            subject: subject.chars().take(SUBJECT_CHARS_MAX).collect(),
            expires_at,
            not_before: time_of(claims, "nbf")?,
            issuer: claims.get("iss").and_then(text_of),
            audience: claims.get("aud").and_then(list_of).unwrap_or_default(),
            restaurants,
            // Roles that cannot be read are none, not all that a token without roles has.
            roles: ["roles", "role"]
                .iter()
                .find_map(|it| claims.get(*it))
                .map(|it| list_of(it).unwrap_or_default()),
            kind: kind_of(claims)?,
            sign_in_id: claims.get("session_id").and_then(text_of),
            key_id: claims.get("key_id").and_then(Value::as_u64),
            guest: claims.get("guest").and_then(guest_of),
        })
    }

    /// What the role words mean here. A token that names none is as much as its family lets it be: one
    /// about `admin:SLUG` manages, one about a guest does nothing, any other serves.
    pub(super) fn roles_here(&self) -> Vec<Role> {
        match &self.roles {
            Some(words) => {
                let mut roles: Vec<Role> = words.iter().filter_map(|it| role_of(it)).collect();
                roles.sort();
                roles.dedup();
                roles
            }
            None if self.subject.starts_with("admin:") => vec![Role::Manager],
            None if self.subject.starts_with("m_") => Vec::new(),
            None => vec![Role::Host, Role::Waiter],
        }
    }
}

/// A role's word in any of the families. Guests and words that nobody knows are no role.
fn role_of(word: &str) -> Option<Role> {
    let role = match word.to_ascii_lowercase().as_str() {
        "admin" | "superadmin" | "a" => Role::Admin,
        "manager" | "owner" | "m" | "table_admin" => Role::Manager,
        "host" => Role::Host,
        "waiter" | "server" | "staff" | "w" => Role::Waiter,
        "cashier" | "c" => Role::Cashier,
        "kitchen" => Role::Kitchen,
        "analyst" | "analytics_viewer" | "analytics_admin" => Role::Analyst,
        _ => return None,
    };
    Some(role)
}

/// Tokens that say what they are for in a word we do not know are for something else, such as
/// resetting a password.
fn kind_of(claims: &Map<String, Value>) -> Result<Kind, Unreadable> {
    let words = ["type", "token_type"].iter().filter_map(|it| claims.get(*it));
    let mut kind = Kind::Access;
    for word in words {
        match word.as_str().map(str::to_ascii_lowercase).as_deref() {
            Some("access" | "bearer") => {}
            Some("refresh") => kind = Kind::Refresh,
            _ => return Err(Unreadable::Kind),
        }
    }
    Ok(kind)
}

fn guest_of(value: &Value) -> Option<Guest> {
    let id = |name: &str| value.get(name).and_then(Value::as_u64);
    Some(Guest {
        restaurant_id: RestaurantId(id("restaurant_id")?),
        turn_id: TurnId(id("turn_id")?),
        member_id: MemberId(id("member_id")?),
    })
}

/// A text, or a whole number as one.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

/// A list of texts, or one alone.
fn list_of(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(items) => Some(items.iter().take(LIST_MAX).filter_map(text_of).collect()),
        value => text_of(value).map(|it| vec![it]),
    }
}

/// Seconds since 1970, with or without a fraction.
fn time_of(claims: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, Unreadable> {
    let seconds = match claims.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(value) => value
            .as_f64()
            .filter(|it| it.is_finite())
            .ok_or(Unreadable::Time)?,
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a number that is too large becomes the largest, which no timestamp can hold"
    )]
    let microseconds = (seconds * 1e6) as i64;
    let time = Timestamp::from_microsecond(microseconds);
    time.map(Some).map_err(|_| Unreadable::Time)
}

#[cfg(test)]
mod tests {
    use super::{Claims, Kind, Unreadable};
    use floor::Role;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn read(claims: &Value) -> Result<Claims, Unreadable> {
        Claims::read(claims.as_object().unwrap())
    }

    #[test]
    fn tokens_of_all_families_are_understood() {
        let cases = [
            // analytics
            (
                json!({"sub": "3", "username": "manager", "roles": ["manager"], "tenant_ids": [1, "bistro-2"],
                    "type": "access", "exp": 1_705_330_800, "iat": 1_705_329_000.512, "jti": "kS0t"}),
                ("3", vec!["1", "bistro-2"], vec![Role::Manager]),
            ),
            // dashboard
            (
                json!({"sub": "admin:bistro", "sid": "bistro", "dev": "dashboard", "iat": 1, "exp": 1_795_284_907}),
                ("admin:bistro", vec!["bistro"], vec![Role::Manager]),
            ),
            // host
            (
                json!({"sub": 5, "restaurant_id": 1, "exp": 1_795_284_907.5}),
                ("5", vec!["1"], vec![Role::Host, Role::Waiter]),
            ),
            // service
            (
                json!({"user_id": 4, "token_type": "access", "jti": "x", "restaurant_id": "test-restaurant-1",
                    "role": "WAITER", "exp": 1_795_284_907}),
                ("4", vec!["test-restaurant-1"], vec![Role::Waiter]),
            ),
            // branch
            (
                json!({"sub": "u-1", "username": "x", "email": "x@y.z", "role": ["OWNER", "C"], "restaurant_id": [2], "exp": 9}),
                ("u-1", vec!["2"], vec![Role::Manager, Role::Cashier]),
            ),
        ];
        for (token, (subject, restaurants, roles)) in cases {
            let claims = read(&token).unwrap();
            assert_eq!(claims.subject, subject);
            assert_eq!(claims.restaurants, restaurants, "{token}");
            assert_eq!(claims.roles_here(), roles, "{token}");
            assert_eq!(claims.kind, Kind::Access);
        }
    }

    #[test]
    fn role_words_mean_what_the_table_says() {
        let cases = [
            ("SUPERADMIN", vec![Role::Admin]),
            ("A", vec![Role::Admin]),
            ("owner", vec![Role::Manager]),
            ("table_admin", vec![Role::Manager]),
            ("server", vec![Role::Waiter]),
            ("staff", vec![Role::Waiter]),
            ("analytics_viewer", vec![Role::Analyst]),
            ("GUEST", vec![]),
            ("root", vec![]),
        ];
        for (word, roles) in cases {
            let token = json!({"sub": "1", "exp": 9, "roles": [word]});
            assert_eq!(read(&token).unwrap().roles_here(), roles, "{word}");
        }
        for unreadable in [json!(null), json!({"admin": true}), json!(1.5)] {
            let token = json!({"sub": "1", "exp": 9, "role": unreadable});
            assert_eq!(read(&token).unwrap().roles_here(), []);
        }
        let guest = json!({"sub": "m_f23294", "sid": "s_304ad2", "exp": 9});
        assert_eq!(read(&guest).unwrap().roles_here(), []);
    }

    #[test]
    fn what_a_token_must_say_is_missed() {
        let cases = [
            (json!({"exp": 9}), Unreadable::Subject),
            (json!({"sub": "", "exp": 9}), Unreadable::Subject),
            (json!({"sub": [1], "exp": 9}), Unreadable::Subject),
            (json!({"sub": "1"}), Unreadable::Expiry),
            (json!({"sub": "1", "exp": "9"}), Unreadable::Time),
            (json!({"sub": "1", "exp": 1e300}), Unreadable::Time),
            (json!({"sub": "1", "exp": 9, "nbf": true}), Unreadable::Time),
            (
                json!({"sub": "1", "exp": 9, "type": "password_reset"}),
                Unreadable::Kind,
            ),
            (json!({"sub": "1", "exp": 9, "type": 7}), Unreadable::Kind),
        ];
        for (token, missed) in cases {
            assert_eq!(read(&token).unwrap_err(), missed, "{token}");
        }
        let refresh = json!({"sub": "1", "exp": 9, "token_type": "refresh"});
        assert_eq!(read(&refresh).unwrap().kind, Kind::Refresh);
    }

    proptest! {
        #[test]
        fn no_claims_make_the_reader_panic(names in proptest::collection::vec("sub|exp|nbf|iat|roles?|tenant_ids|sid|type|aud|iss", 0..6),
            number in any::<f64>(), text in ".*", whole in any::<i64>(), which in any::<u8>()) {
            let values = [json!(number), json!(text), json!(whole), json!([text, whole]), json!({"a": 1}), Value::Null];
            let claims = names.into_iter().enumerate()
                .map(|(n, name)| (name, values[(n + usize::from(which)) % values.len()].clone()));
            let _read = Claims::read(&claims.collect());
        }
    }
}
