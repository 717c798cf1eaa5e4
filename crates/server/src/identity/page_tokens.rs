//! Tokens for pages: they stand for what their holder showed, so that no page has to keep it.

use super::{Identity, Pass, Who};
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
                });
                Some((self.inner.tokens.sign(object(claims)), until))
            }
            Who::Account { sign_in_id, .. } => {
                let sign_in = self.book().sign_in(sign_in_id).cloned()?;
                Some(self.access_token_until(&sign_in, until.min(sign_in.expires_at)))
            }
            Who::Foreign { .. } | Who::Operator | Who::Neighbour | Who::Guest { .. } => None,
        }
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}
