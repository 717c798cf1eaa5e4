//! What only the operator does: restaurants taken away, signing keys changed, a demo's secrets forgotten.

use super::{Identity, Rules, Staff, audit, random};
use floor::{RestaurantId, Role};
use jiff::Timestamp;
use journal::{Registration, SigningKey, StorageError};

impl Identity {
    /// Marks a restaurant as removed, or as there again; whoever is connected to a removed one is told to go.
    pub async fn set_removed(
        &self,
        by: &Staff,
        restaurant_id: RestaurantId,
        is_removed: bool,
    ) -> Result<(), StorageError> {
        let now = self.now();
        let write = Registration::Restaurant {
            restaurant_id,
            removed_at: is_removed.then_some(now),
        };
        let what = if is_removed {
            "restaurant_removed"
        } else {
            "restaurant_reopened"
        };
        let entry = audit::done(by, what, Some(restaurant_id), serde_json::json!({}), now);
        self.write(vec![write], vec![entry]).await
    }

    /// Signs with a fresh key from now on. Those of before verify until what they signed has run out, or
    /// not any more, when `at_once`: after a theft. Nothing when the configuration's secret signs.
    pub async fn rotate_signing_key(
        &self,
        by: &Staff,
        at_once: bool,
    ) -> Result<Option<String>, StorageError> {
        let tokens = &self.inner.tokens;
        if tokens.rules.secret.is_some() {
            return Ok(None);
        }
        let now = self.now();
        let key = new_signing_key(now);
        let kid = key.kid.clone();
        let facts = serde_json::json!({ "kid": kid, "at_once": at_once });
        let entry = audit::done(by, "signing_key_rotated", None, facts, now);
        self.write_over(|book| {
            let last = book.last_expiry().unwrap_or(now).max(now + tokens.rules.refresh);
            let until = if at_once { now } else { last };
            let before = tokens.keys_at(now).into_iter();
            let retired = before
                .filter(|it| it.retired_at.is_none_or(|it| it > until))
                .map(|it| {
                    Registration::SigningKey(SigningKey {
                        retired_at: Some(until),
                        ..it
                    })
                });
            (
                retired.chain([Registration::SigningKey(key)]).collect(),
                vec![entry],
            )
        })
        .await?;
        Ok(Some(kid))
    }

    /// Lets nobody in any more whose secret is printed in documents: for a journal that a demo made.
    pub async fn forget_public(&self) -> Result<(), StorageError> {
        self.write(vec![Registration::ForgetPublic], Vec::new()).await
    }

    /// Whether anybody is there who may manage people, in any restaurant.
    #[must_use]
    pub fn has_admin(&self) -> bool {
        let all = self.inner.directory.list();
        let book = self.book();
        all.iter().any(|(id, _)| {
            book.staff_of(*id).any(|it| {
                let account = book.account(it.staff_id);
                it.active
                    && it.roles.contains(&Role::Admin)
                    && account.is_some_and(|it| it.password_hash.is_some())
            })
        })
    }
}

pub(super) fn new_signing_key(now: Timestamp) -> SigningKey {
    let mut secret = vec![0; 32];
    getrandom::fill(&mut secret).expect("the system has random numbers");
    SigningKey {
        kid: random("k_", 8),
        secret,
        made_at: now,
        retired_at: None,
    }
}

/// The name of the secret that the codes on tables are made with. It stands among the signing keys and signs no
/// token: it is retired from the start. Codes are printed, so it stays for good.
const CODE_SECRET: &str = "table-codes";

/// What the codes on tables are made with, and the row to write where there was none.
pub(super) fn code_secret(
    rules: &Rules,
    keys: &[SigningKey],
    now: Timestamp,
) -> (Vec<u8>, Option<SigningKey>) {
    if let Some(configured) = &rules.code_secret {
        return (configured.reveal().as_bytes().to_vec(), None);
    }
    if let Some(kept) = keys.iter().find(|it| it.kid == CODE_SECRET) {
        return (kept.secret.clone(), None);
    }
    let made = SigningKey {
        kid: CODE_SECRET.to_owned(),
        retired_at: Some(now),
        ..new_signing_key(now)
    };
    (made.secret.clone(), Some(made))
}
