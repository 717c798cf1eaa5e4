//! The part of the configuration that says which tokens are good, and for how long.

use super::{ConfigError, Secret, listed, whole_number};
use crate::identity::{KeySource, TokenRules, is_safe_address};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Which tokens are good, and for how long: the table `[tokens]`. Each field's comment is its manual.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokenConfig {
    /// A secret that other programs sign HS256 tokens with; ours are signed with it too. Without it, we
    /// sign with a secret of our own, made and kept in the journal. At least 32 bytes are safe.
    pub secret: Option<Secret>,
    /// Secrets of before: what they signed is still good, and nothing new is signed with them.
    pub old_secrets: Vec<Secret>,
    /// A file with the public keys (JWKS) of programs that sign with RS256, ES256 or EdDSA.
    pub jwks_file: Option<PathBuf>,
    /// An address with such keys: `https://`, or `http://` on this machine.
    pub jwks_url: Option<String>,
    /// What `iss` of other programs' tokens has to be, in those that have one.
    pub issuer: Option<String>,
    /// What `aud` of other programs' tokens has to contain, in those that have one.
    pub audience: Option<String>,
    /// Seconds that other programs' clocks may be off; at most 300.
    pub leeway_seconds: u32,
    /// Minutes that an access token lives; at most 1440.
    pub access_minutes: u32,
    /// Days that a sign-in lasts when it is not used; at most 365.
    pub refresh_days: u32,
    /// Hours that a sign-in by PIN lasts when it is not used; at most 168.
    pub pin_hours: u32,
}

impl Default for TokenConfig {
    fn default() -> TokenConfig {
        TokenConfig {
            secret: None,
            old_secrets: Vec::new(),
            jwks_file: None,
            jwks_url: None,
            issuer: None,
            audience: None,
            leeway_seconds: 0,
            access_minutes: 30,
            refresh_days: 7,
            pin_hours: 12,
        }
    }
}

/// Bytes from which on a secret cannot be guessed.
const SAFE_SECRET_BYTES: usize = 32;

impl TokenConfig {
    /// Lays what the environment says over the file.
    pub(super) fn lay_over(&mut self, text: &impl Fn(&str) -> Option<String>) -> Result<(), ConfigError> {
        self.secret = text("JWT_SECRET").map(Secret::from).or(self.secret.take());
        if let Some(secrets) = text("JWT_OLD_SECRETS") {
            self.old_secrets = listed(&secrets).into_iter().map(Secret::from).collect();
        }
        self.jwks_file = text("JWKS_FILE").map(PathBuf::from).or(self.jwks_file.take());
        self.jwks_url = text("JWKS_URL").or(self.jwks_url.take());
        self.issuer = text("JWT_ISSUER").or(self.issuer.take());
        self.audience = text("JWT_AUDIENCE").or(self.audience.take());
        for (name, field) in [
            ("JWT_LEEWAY_SECONDS", &mut self.leeway_seconds),
            ("ACCESS_MINUTES", &mut self.access_minutes),
            ("REFRESH_DAYS", &mut self.refresh_days),
            ("PIN_HOURS", &mut self.pin_hours),
        ] {
            if let Some(text) = text(name) {
                *field = whole_number(name, &text)?;
            }
        }
        Ok(())
    }

    /// Whether it makes sense.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let secrets = self.secret.iter().chain(&self.old_secrets);
        if secrets.into_iter().any(|it| it.reveal().is_empty()) {
            return Err(ConfigError::Tokens("secret must not be empty"));
        }
        if self.jwks_file.is_some() && self.jwks_url.is_some() {
            return Err(ConfigError::Tokens("name jwks_file or jwks_url, not both"));
        }
        if self.jwks_url.as_deref().is_some_and(|it| !is_safe_address(it)) {
            return Err(ConfigError::Tokens("jwks_url must begin with https://"));
        }
        for (value, least, most, problem) in [
            (self.leeway_seconds, 0, 300, "leeway_seconds must be at most 300"),
            (self.access_minutes, 1, 1_440, "access_minutes must be 1 to 1440"),
            (self.refresh_days, 1, 365, "refresh_days must be 1 to 365"),
            (self.pin_hours, 1, 168, "pin_hours must be 1 to 168"),
        ] {
            if !(least..=most).contains(&value) {
                return Err(ConfigError::Tokens(problem));
            }
        }
        Ok(())
    }

    /// Whether the shared secret is one that could be guessed.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        let secrets = self.secret.iter().chain(&self.old_secrets);
        secrets
            .into_iter()
            .any(|it| it.reveal().len() < SAFE_SECRET_BYTES)
    }

    /// The rules that follow.
    #[must_use]
    pub fn rules(&self) -> TokenRules {
        TokenRules {
            secret: self.secret.clone(),
            old_secrets: self.old_secrets.clone(),
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            leeway: SignedDuration::from_secs(self.leeway_seconds.into()),
            access: SignedDuration::from_mins(self.access_minutes.into()),
            refresh: SignedDuration::from_hours(24 * i64::from(self.refresh_days)),
            pin: SignedDuration::from_hours(self.pin_hours.into()),
        }
    }

    /// Where other programs' public keys are.
    #[must_use]
    pub fn key_source(&self) -> Option<KeySource> {
        let file = self.jwks_file.clone().map(KeySource::File);
        file.or_else(|| self.jwks_url.clone().map(KeySource::Url))
    }
}
