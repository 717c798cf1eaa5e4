//! Signed tokens (JWT, RFC 7519): ours are made here, and everybody's signatures are checked here.
//!
//! HS256 with our own stored secrets or with one from the configuration; RS256, ES256 and EdDSA with the
//! keys of a key set. A token that is signed with one of our stored secrets, or that names us as its
//! issuer under a configured one, belongs to a sign-in; any other is what it says.

use super::claims::Claims;
use super::jwks::KeySet;
use crate::config::Secret;
use jiff::{SignedDuration, Timestamp};
use journal::SigningKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde_json::{Map, Value};
use std::sync::{Arc, PoisonError, RwLock};

/// What tokens are held against.
#[derive(Clone, Debug)]
pub struct TokenRules {
    /// A secret that other programs share. Signs our tokens too, when there is one.
    pub secret: Option<Secret>,
    /// Secrets of before, which sign nothing any more.
    pub old_secrets: Vec<Secret>,
    /// Who other programs' tokens have to be from, when they say.
    pub issuer: Option<String>,
    /// Whom tokens have to be for, when they say.
    pub audience: Option<String>,
    /// How far other clocks may be off.
    pub leeway: SignedDuration,
    /// How long an access token lives.
    pub access: SignedDuration,
    /// How long a sign-in lasts when it is not used.
    pub refresh: SignedDuration,
    /// How long a sign-in by PIN lasts when it is not used.
    pub pin: SignedDuration,
}

impl Default for TokenRules {
    fn default() -> TokenRules {
        TokenRules {
            secret: None,
            old_secrets: Vec::new(),
            issuer: None,
            audience: None,
            leeway: SignedDuration::ZERO,
            access: SignedDuration::from_mins(30),
            refresh: SignedDuration::from_hours(7 * 24),
            pin: SignedDuration::from_hours(12),
        }
    }
}

/// A token whose signature is right.
#[derive(Debug, PartialEq)]
pub(super) enum Signed {
    /// We made it, with a stored key of this name or with the configured secret: it belongs to a sign-in.
    Here(Claims, Option<Arc<str>>),
    /// Another program made it.
    Elsewhere(Claims),
}

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadToken {
    /// It is no token, its signature is wrong, it is not for us, or not yet.
    Wrong,
    /// It was right once.
    Expired,
}

/// The secrets, and what can be done with them.
pub(super) struct Tokens {
    pub(super) rules: TokenRules,
    stored: RwLock<Vec<SigningKey>>,
    key_set: KeySet,
}

/// Who our tokens are from, by their own account.
const ISSUER: &str = "maitred";

impl Tokens {
    pub(super) fn new(rules: TokenRules, stored: Vec<SigningKey>, key_set: KeySet) -> Tokens {
        Tokens {
            rules,
            stored: RwLock::new(stored),
            key_set,
        }
    }

    /// Takes in another signing key, or one that was retired.
    pub(super) fn take_in(&self, key: SigningKey) {
        let mut stored = self.stored.write().unwrap_or_else(PoisonError::into_inner);
        stored.retain(|it| it.kid != key.kid);
        stored.push(key);
    }

    /// The stored key that signs now; nothing when the configured secret does.
    pub(super) fn signs_with(&self) -> Option<Arc<str>> {
        if self.rules.secret.is_some() {
            return None;
        }
        let stored = self.stored.read().unwrap_or_else(PoisonError::into_inner);
        newest(&stored).map(|it| it.kid.as_str().into())
    }

    /// Whether the stored key of this name still verifies.
    pub(super) fn is_good(&self, kid: &str, now: Timestamp) -> bool {
        let stored = self.stored.read().unwrap_or_else(PoisonError::into_inner);
        let named = stored.iter().find(|it| it.kid == kid);
        named.is_some_and(|it| it.retired_at.is_none_or(|it| it > now))
    }

    /// The stored keys that still verify at `now`.
    pub(super) fn keys_at(&self, now: Timestamp) -> Vec<SigningKey> {
        let stored = self.stored.read().unwrap_or_else(PoisonError::into_inner);
        let verifies = |it: &&SigningKey| it.retired_at.is_none_or(|it| it > now);
        stored.iter().filter(verifies).cloned().collect()
    }

    /// Signs claims of ours.
    pub(super) fn sign(&self, mut claims: Map<String, Value>) -> String {
        claims.insert("iss".to_owned(), ISSUER.into());
        let stored = self.stored.read().unwrap_or_else(PoisonError::into_inner);
        let mut header = Header::new(Algorithm::HS256);
        let key = match (&self.rules.secret, newest(&stored)) {
            (Some(secret), _) => EncodingKey::from_secret(secret.reveal().as_bytes()),
            (None, Some(key)) => {
                header.kid = Some(key.kid.clone());
                EncodingKey::from_secret(&key.secret)
            }
            (None, None) => unreachable!("identity makes a key when there is none"),
        };
        encode(&header, &claims, &key).expect("claims are JSON, and a secret signs")
    }

    /// What a token says, if it is signed by somebody we trust. Its times are not looked at.
    pub(super) async fn verify(&self, token: &str, now: Timestamp) -> Result<Signed, BadToken> {
        let header = decode_header(token).map_err(|_| BadToken::Wrong)?;
        match header.alg {
            Algorithm::HS256 => self.verify_secret(token, header.kid.as_deref(), now),
            Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA => {
                let keys = self.key_set.keys(header.kid.as_deref(), header.alg).await;
                let claims = keys.iter().find_map(|it| signed_with(token, it, header.alg));
                self.elsewhere(claims.ok_or(BadToken::Wrong)?)
            }
            _ => Err(BadToken::Wrong),
        }
    }

    fn verify_secret(&self, token: &str, kid: Option<&str>, now: Timestamp) -> Result<Signed, BadToken> {
        let stored = {
            let stored = self.stored.read().unwrap_or_else(PoisonError::into_inner);
            let named = stored.iter().find(|it| Some(it.kid.as_str()) == kid);
            named.map(|it| (it.retired_at, DecodingKey::from_secret(&it.secret)))
        };
        if let Some((retired_at, key)) = stored {
            if retired_at.is_some_and(|it| it <= now) {
                return Err(BadToken::Wrong);
            }
            let claims = signed_with(token, &key, Algorithm::HS256).ok_or(BadToken::Wrong)?;
            return Ok(Signed::Here(read(&claims)?, kid.map(Into::into)));
        }
        let secrets = self.rules.secret.iter().chain(&self.rules.old_secrets);
        let keys = secrets.map(|it| DecodingKey::from_secret(it.reveal().as_bytes()));
        let claims = keys
            .into_iter()
            .find_map(|it| signed_with(token, &it, Algorithm::HS256))
            .ok_or(BadToken::Wrong)?;
        if claims.get("iss").and_then(Value::as_str) == Some(ISSUER) {
            return Ok(Signed::Here(read(&claims)?, None));
        }
        self.elsewhere(claims)
    }

    fn elsewhere(&self, claims: Map<String, Value>) -> Result<Signed, BadToken> {
        let claims = read(&claims)?;
        let other = |said: &str, wanted: &Option<String>| wanted.as_deref().is_some_and(|it| it != said);
        let is_from_another = claims
            .issuer
            .as_deref()
            .is_some_and(|it| other(it, &self.rules.issuer));
        let is_for_another =
            !claims.audience.is_empty() && claims.audience.iter().all(|it| other(it, &self.rules.audience));
        if is_from_another || is_for_another {
            return Err(BadToken::Wrong);
        }
        Ok(Signed::Elsewhere(claims))
    }

    /// Whether a token's time has come and is not over.
    pub(super) fn check_times(&self, signed: &Signed, now: Timestamp) -> Result<(), BadToken> {
        if self.ends_at(signed) <= now {
            return Err(BadToken::Expired);
        }
        let (Signed::Here(claims, _) | Signed::Elsewhere(claims)) = signed;
        if claims.not_before.is_some_and(|it| it > now + self.rules.leeway) {
            return Err(BadToken::Wrong);
        }
        Ok(())
    }

    /// When a token's time is over. Only other programs' clocks may differ from ours.
    pub(super) fn ends_at(&self, signed: &Signed) -> Timestamp {
        match signed {
            Signed::Here(claims, _) => claims.expires_at,
            Signed::Elsewhere(claims) => {
                let ends_at = claims.expires_at.saturating_add(self.rules.leeway);
                ends_at.unwrap_or(claims.expires_at)
            }
        }
    }
}

/// The stored key that signs.
fn newest(stored: &[SigningKey]) -> Option<&SigningKey> {
    let signing = stored.iter().filter(|it| it.retired_at.is_none());
    signing.max_by_key(|it| it.made_at)
}

fn read(claims: &Map<String, Value>) -> Result<Claims, BadToken> {
    Claims::read(claims).map_err(|reason| {
        tracing::debug!(%reason, "a token with a right signature cannot be used");
        BadToken::Wrong
    })
}

/// The claims of a token that this key signed.
fn signed_with(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Option<Map<String, Value>> {
    // Times, issuer and audience are held against our own clock and rules, after this.
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let read = decode::<Map<String, Value>>(token, key, &validation);
    read.ok().map(|it| it.claims)
}
