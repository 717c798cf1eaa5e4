//! Tokens for pages: they stand for what their holder showed, so that no page has to keep it.

use super::{Identity, Opened, Pass, Who};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

impl Identity {
    /// A token that stands for a pass's credential in its restaurant, and when it runs out: after `span`, or with
    /// the credential if that is sooner. Whatever ends the credential ends the token.
    ///
    /// None for whoever shows another program's token, which has to do itself, and for the operator, who belongs to
    /// no restaurant.
    #[must_use]
    pub fn page_token(&self, pass: &Pass, span: SignedDuration) -> Option<(String, Timestamp)> {
        let now = self.now();
        let until = now + span;
        match &pass.staff().who {
            Who::Key { key_id, .. } => {
                let until = pass.staff().until.map_or(until, |it| it.min(until));
                let until = Timestamp::from_second(until.as_second()).unwrap_or(until);
                let slug = self.directory().slug(pass.restaurant_id())?;
                let claims = json!({
                    "sub": format!("admin:{slug}"),
                    "sid": slug,
                    "dev": "dashboard",
                    "iat": now.as_second(),
                    "exp": until.as_second(),
                    "key_id": key_id,
                    // Numbers are given out anew after a restore: what was signed before speaks of others.
                    "epoch": self.inner.journal.epoch(),
                });
                Some((self.inner.tokens.sign(object(claims)), until))
            }
            Who::Account { sign_in_id, .. } => {
                let sign_in = self.book().sign_in(sign_in_id).cloned()?;
                let ends = [Some(until), Some(sign_in.expires_at), pass.staff().until];
                let until = ends.into_iter().flatten().min()?;
                Some(self.access_token_until(&sign_in, until))
            }
            Who::Foreign { .. } | Who::Operator | Who::Neighbour | Who::Guest { .. } => None,
        }
    }

    /// A token for a sign-in that has just been made or renewed, for clients that do not renew theirs so often: it
    /// lasts for `span`, or as long as the sign-in if that is shorter. And for how many seconds that is.
    #[must_use]
    pub fn token_for(&self, opened: &Opened, span: SignedDuration) -> (String, i64) {
        let now = self.now();
        let sign_in = self.book().sign_in(&opened.sign_in_id).cloned();
        let (token, until) = match sign_in {
            Some(sign_in) => self.access_token_until(&sign_in, (now + span).min(sign_in.expires_at)),
            None => (opened.token.clone(), opened.expires_at),
        };
        // Tokens say whole seconds.
        (token, until.as_second() - now.as_second())
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
