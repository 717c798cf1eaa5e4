//! From a credential to whoever shows it.

use super::tokens::{BadToken, Signed};
use super::{Credential, Identity, Staff, Way, Who, claims, fingerprint};
use jiff::{SignedDuration, Timestamp};
use journal::{ApiKey, SignIn};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// A credential does not tell who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// None was sent.
    #[error("sign in first: send a bearer token or API key")]
    Missing,
    /// It is not one of ours, or not any more.
    #[error("this credential is not valid")]
    Wrong,
    /// Its time is over.
    #[error("this credential has run out")]
    Expired,
}

/// A sign-in that is used is written down again after this long.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// A token that stands for an API key.
struct StandIn {
    until: Timestamp,
    kid: Option<Arc<str>>,
}

impl Identity {
    /// Who shows this.
    pub async fn identify(&self, credential: &Credential) -> Result<Arc<Staff>, CredentialError> {
        let text = credential.text().ok_or(CredentialError::Wrong)?;
        let shown = fingerprint(text);
        let way = match credential.way() {
            Way::Cookie => {
                let sign_in = self.book().sign_in_with_cookie(&shown).cloned();
                if let Some(sign_in) = sign_in {
                    return self.holder_of_cookie(sign_in).await;
                }
                // Any other credential in the cookie's place is what it would be in a header.
                Way::Header
            }
            way => way,
        };
        if let Some(key) = &self.inner.operator_key
            && bool::from(key.ct_eq(&shown))
        {
            return Ok(Arc::new(Staff::operator(way)));
        }
        if let Some(staff) = self.holder_of_key(&shown, way)? {
            return Ok(Arc::new(staff));
        }
        self.holder_of_token(text, way).await.map(Arc::new)
    }

    fn holder_of_key(&self, shown: &[u8; 32], way: Way) -> Result<Option<Staff>, CredentialError> {
        let book = self.book();
        // Found by a hash that nobody can choose, and compared in constant time all the same.
        let key = book.key_with(shown).filter(|it| bool::from(it.hash.ct_eq(shown)));
        key.map(|it| self.staff_of_key(it, way, None)).transpose()
    }

    /// Who holds an API key, or a token that stands for it and lasts for so long.
    fn staff_of_key(&self, key: &ApiKey, way: Way, token: Option<StandIn>) -> Result<Staff, CredentialError> {
        if key.revoked_at.is_some() {
            return Err(CredentialError::Wrong);
        }
        if key.expires_at.is_some_and(|it| it <= self.now()) {
            return Err(CredentialError::Expired);
        }
        let token_until = token.as_ref().map(|it| it.until);
        Ok(Staff {
            who: Who::Key {
                key_id: key.key_id,
                kid: token.and_then(|it| it.kid),
            },
            name: key.name.clone(),
            way,
            until: key.expires_at.into_iter().chain(token_until).min(),
            address: None,
            role_words: Vec::new(),
        })
    }

    async fn holder_of_cookie(&self, sign_in: SignIn) -> Result<Arc<Staff>, CredentialError> {
        let now = self.now();
        self.check_sign_in(&sign_in, now)?;
        let staff = self.staff_of(&sign_in, Way::Cookie, None, None);
        if now.duration_since(sign_in.seen_at) >= SEEN_EVERY {
            self.touch(&sign_in.id).await;
        }
        Ok(Arc::new(staff))
    }

    async fn holder_of_token(&self, text: &str, way: Way) -> Result<Staff, CredentialError> {
        let tokens = &self.inner.tokens;
        let bad = |it| match it {
            BadToken::Wrong => CredentialError::Wrong,
            BadToken::Expired => CredentialError::Expired,
        };
        let signed = tokens.verify(text, self.now()).await.map_err(bad)?;
        let (Signed::Here(claims, _) | Signed::Elsewhere(claims)) = &signed;
        if claims.kind != claims::Kind::Access {
            return Err(CredentialError::Wrong);
        }
        tokens.check_times(&signed, self.now()).map_err(bad)?;
        let until = Some(tokens.ends_at(&signed));
        match signed {
            Signed::Here(claims, kid) if claims.key_id.is_some() => {
                let book = self.book();
                let key = claims.key_id.and_then(|it| book.key(it));
                let until = claims.expires_at;
                self.staff_of_key(
                    key.ok_or(CredentialError::Wrong)?,
                    way,
                    Some(StandIn { until, kid }),
                )
            }
            Signed::Here(claims, kid) => {
                let id = claims.sign_in_id.ok_or(CredentialError::Wrong)?;
                let sign_in = self.book().sign_in(&id).cloned().ok_or(CredentialError::Wrong)?;
                self.check_sign_in(&sign_in, self.now())?;
                Ok(self.staff_of(&sign_in, way, until, kid))
            }
            Signed::Elsewhere(claims) => {
                let directory = &self.inner.directory;
                let restaurants = claims.restaurants.iter().filter_map(|it| directory.find(it));
                let who = Who::Foreign {
                    restaurants: restaurants.collect(),
                    roles: claims.roles_here(),
                    subject: claims.subject.clone(),
                };
                Ok(Staff {
                    who,
                    name: claims.subject,
                    way,
                    until,
                    address: None,
                    role_words: claims.roles.unwrap_or_default(),
                })
            }
        }
    }

    /// Whether a sign-in lets anybody in now.
    fn check_sign_in(&self, sign_in: &SignIn, now: Timestamp) -> Result<(), CredentialError> {
        if sign_in.ended_at.is_some() {
            return Err(CredentialError::Wrong);
        }
        if sign_in.expires_at <= now {
            return Err(CredentialError::Expired);
        }
        let works_somewhere = self.book().works_somewhere(sign_in.staff_id);
        works_somewhere.then_some(()).ok_or(CredentialError::Wrong)
    }

    pub(super) fn staff_of(
        &self,
        sign_in: &SignIn,
        way: Way,
        until: Option<Timestamp>,
        kid: Option<Arc<str>>,
    ) -> Staff {
        let who = Who::Account {
            staff_id: sign_in.staff_id,
            sign_in_id: sign_in.id.as_str().into(),
            kid,
        };
        let book = self.book();
        let mut places = book
            .places(sign_in.staff_id)
            .filter(|it| it.active && sign_in.restaurant_id.is_none_or(|only| only == it.restaurant_id));
        let name = places.next().map(|it| it.name.clone());
        Staff {
            who,
            name: name.unwrap_or_default(),
            way,
            until,
            address: None,
            role_words: Vec::new(),
        }
    }

    /// A caller without credential from a trusted network: host and waiter in the restaurant it names.
    /// Whether its network is trusted is for the surface to ask of its peer, and only two surfaces may.
    #[must_use]
    pub fn neighbour(&self) -> Arc<Staff> {
        Arc::new(Staff {
            who: Who::Neighbour,
            name: "trusted network".to_owned(),
            way: Way::Network,
            until: None,
            address: None,
            role_words: Vec::new(),
        })
    }
}
