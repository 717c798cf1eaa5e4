//! What a caller shows: a text that is never printed, and the way it came.

use super::Way;
use sha2::{Digest, Sha256};
use std::fmt::{self, Write as _};

/// What a caller shows.
pub struct Credential {
    text: String,
    way: Way,
}

/// Bytes of a credential that are looked at. Longer ones are wrong.
const BYTES_MAX: usize = 8 * 1024;

impl Credential {
    /// A credential that came this way.
    #[must_use]
    pub fn new(text: impl Into<String>, way: Way) -> Credential {
        Credential {
            text: text.into(),
            way,
        }
    }

    /// The one in the header `Authorization`, if it has the scheme `Bearer`.
    #[must_use]
    pub fn in_authorization(header: &str) -> Option<Credential> {
        let (scheme, text) = header.trim().split_once(' ')?;
        let text = text.trim();
        (scheme.eq_ignore_ascii_case("bearer") && !text.is_empty())
            .then(|| Credential::new(text, Way::Header))
    }

    /// How it came.
    #[must_use]
    pub fn way(&self) -> Way {
        self.way
    }

    /// What was shown, for a page that has to show it again.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// The text, unless it is longer than any credential.
    pub(super) fn text(&self) -> Option<&str> {
        (self.text.len() <= BYTES_MAX).then_some(&self.text)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(a credential from {:?})", self.way)
    }
}

/// What is kept in place of a secret that is long and random.
pub(super) fn fingerprint(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// A fresh secret of `bytes` random bytes behind a prefix that says what it is.
pub(super) fn random(prefix: &str, bytes: usize) -> String {
    let mut random = vec![0; bytes];
    getrandom::fill(&mut random).expect("the system has random numbers");
    random.iter().fold(prefix.to_owned(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}
