//! A client's own name for a write: asked twice under it, it is done once (P8).

use crate::floors::IdempotencyKey;
use crate::identity::Pass;
use crate::limits::KEY_CHARS_MAX;
use axum::http::HeaderMap;
use journal::KeyName;
use sha2::{Digest, Sha256};

/// The header that carries it.
pub(super) const KEY_HEADER: &str = "Idempotency-Key";

/// A name that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} must have 1 to {KEY_CHARS_MAX} characters")]
pub(super) struct BadKey {
    /// Where it stood.
    pub(super) field: &'static str,
}

/// The name in a request's head.
pub(super) fn key_in(headers: &HeaderMap) -> Result<Option<String>, BadKey> {
    let Some(value) = headers.get(KEY_HEADER) else {
        return Ok(None);
    };
    let text = std::str::from_utf8(value.as_bytes()).unwrap_or_default();
    check_key(text, KEY_HEADER)?;
    Ok(Some(text.to_owned()))
}

/// Checks a name that stood in `field`.
pub(super) fn check_key(text: &str, field: &'static str) -> Result<(), BadKey> {
    let is_good = (1..=KEY_CHARS_MAX).contains(&text.chars().count());
    is_good.then_some(()).ok_or(BadKey { field })
}

/// The name as its holder's, good for a write that says exactly `said`.
pub(super) fn key_of(pass: &Pass, key: String, said: &[&[u8]]) -> IdempotencyKey {
    let mut hash = Sha256::new();
    for part in said {
        hash.update(part);
        hash.update([0]);
    }
    IdempotencyKey {
        name: KeyName {
            holder: pass.holder(),
            key,
        },
        body_hash: hash.finalize().into(),
    }
}
