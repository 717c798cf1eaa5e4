//! Guests: whoever scanned the code on a table, for as long as they sit there. They are nobody's staff and hold no
//! role; what they may is their own turn's business, on the surface of guests and on no other.

use super::tokens::Signed;
use super::{Credential, CredentialError, Identity, Staff, Way, Who, claims};
use floor::{MemberId, RestaurantId, TurnId};
use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, json};
use sha2::Sha256;
use std::net::IpAddr;
use std::sync::Arc;

/// Whom a guest's token speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Where they sit.
    pub restaurant_id: RestaurantId,
    /// Their turn.
    pub turn_id: TurnId,
    /// Who they are there.
    pub member_id: MemberId,
}

/// The same as other programs know it.
pub struct GuestNames<'a> {
    /// The member's public id.
    pub member: &'a str,
    /// The turn's public id.
    pub session: &'a str,
    /// What the phone calls itself.
    pub device: &'a str,
}

impl Identity {
    /// A token for a guest, good for `span`.
    #[must_use]
    pub fn guest_token(&self, guest: Guest, names: &GuestNames<'_>, span: SignedDuration) -> String {
        let now = self.now();
        let mut claims = Map::new();
        claims.insert("sub".to_owned(), json!(names.member));
        claims.insert("sid".to_owned(), json!(names.session));
        claims.insert("dev".to_owned(), json!(names.device));
        claims.insert("iat".to_owned(), json!(now.as_second()));
        claims.insert("exp".to_owned(), json!((now + span).as_second()));
        let ids = json!({
            "restaurant_id": guest.restaurant_id,
            "turn_id": guest.turn_id,
            "member_id": guest.member_id,
        });
        claims.insert("guest".to_owned(), ids);
        self.inner.tokens.sign(claims)
    }

    /// The guest who shows this.
    pub async fn identify_guest(&self, credential: &Credential) -> Result<Arc<Staff>, CredentialError> {
        let text = credential.text().ok_or(CredentialError::Wrong)?;
        let tokens = &self.inner.tokens;
        let signed = tokens.verify(text, self.now()).await;
        let Ok(Signed::Here(claims, kid)) = signed else {
            return Err(CredentialError::Wrong);
        };
        let guest = claims.guest.filter(|_| claims.kind == claims::Kind::Access);
        let guest = guest.ok_or(CredentialError::Wrong)?;
        if claims.expires_at <= self.now() {
            return Err(CredentialError::Expired);
        }
        let who = Who::Guest {
            restaurant_id: guest.restaurant_id,
            at: Some(guest),
            kid,
        };
        Ok(Arc::new(staff(
            who,
            credential.way(),
            Some(claims.expires_at),
            None,
        )))
    }

    /// Somebody at a table of this restaurant who has not joined yet.
    #[must_use]
    pub fn at_the_table(&self, restaurant_id: RestaurantId, address: IpAddr) -> Arc<Staff> {
        let who = Who::Guest {
            restaurant_id,
            at: None,
            kid: None,
        };
        Arc::new(staff(who, Way::Header, None, Some(address)))
    }

    /// The secret half of the code on a table: it proves that somebody has seen the table.
    #[must_use]
    pub fn table_code(&self, restaurant_id: RestaurantId, number: u64) -> String {
        let code = self.code_of(restaurant_id, number).finalize().into_bytes();
        code.iter().map(|it| format!("{it:02x}")).collect()
    }

    /// Whether `shown` is that half, compared in constant time.
    #[must_use]
    pub fn is_table_code(&self, restaurant_id: RestaurantId, number: u64, shown: &str) -> bool {
        let digits = shown.as_bytes().chunks(2);
        let bytes = digits.map(|it| u8::from_str_radix(std::str::from_utf8(it).ok()?, 16).ok());
        let bytes: Option<Vec<u8>> = bytes.collect();
        let is_plain = shown.len() == 64 && shown.bytes().all(|it| it.is_ascii_hexdigit());
        let code = self.code_of(restaurant_id, number);
        is_plain && bytes.is_some_and(|it| code.verify_slice(&it).is_ok())
    }

    fn code_of(&self, restaurant_id: RestaurantId, number: u64) -> Hmac<Sha256> {
        let mut code = Hmac::<Sha256>::new_from_slice(&self.inner.code_secret).expect("any length is a key");
        code.update(format!("{restaurant_id}:{number}").as_bytes());
        code
    }
}

fn staff(who: Who, way: Way, until: Option<Timestamp>, address: Option<IpAddr>) -> Staff {
    Staff {
        who,
        name: "guest".to_owned(),
        way,
        until,
        address,
        role_words: Vec::new(),
    }
}
