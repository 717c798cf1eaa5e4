//! Other programs' public keys: a key set (JWKS, RFC 7517) from a file or an address, read again when a
//! token names a key that is not in it, and now and then in any case, so that keys can be rotated.

use crate::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Where the key set is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// In a file.
    File(PathBuf),
    /// At an address.
    Url(String),
}

/// The keys that were read last. Cheap to clone.
#[derive(Clone)]
pub(super) struct KeySet {
    clock: Clock,
    source: Option<KeySource>,
    read: Arc<Mutex<Read>>,
}

#[derive(Default)]
struct Read {
    keys: Vec<Key>,
    /// When they were read.
    at: Option<Timestamp>,
    /// When somebody last began to read.
    tried_at: Option<Timestamp>,
    /// Over when the reading that is under way has ended.
    reading: Option<watch::Receiver<()>>,
}

struct Key {
    kid: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

/// Why a key set was not read.
#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error("the file cannot be read")]
    File(#[from] std::io::Error),
    #[error("the address does not answer")]
    Url(#[from] Box<ureq::Error>),
    #[error("it is no key set")]
    Json(#[from] serde_json::Error),
    #[error("reading was broken off")]
    Broken(#[from] tokio::task::JoinError),
}

/// A key that nobody has heard of makes the set be read again, but not more often than this.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// Keys that were withdrawn stop counting after this.
const FRESH: SignedDuration = SignedDuration::from_mins(15);
/// Keys that could not be read again for so long count no more.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long an address may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of a key set that are read.
const BYTES_MAX: u64 = 256 * 1024;
/// The 32 bytes of an Ed25519 key in base64url.
const ED25519_CHARS: usize = 43;
/// Keys of a set that are kept.
const KEYS_MAX: usize = 64;

impl KeySet {
    pub(super) fn new(source: Option<KeySource>, clock: Clock) -> KeySet {
        KeySet {
            clock,
            source,
            read: Arc::default(),
        }
    }

    /// The keys that a token with this header may be signed with. Whoever has a key that is known does not
    /// wait for those who name one that is not.
    pub(super) async fn keys(&self, kid: Option<&str>, algorithm: Algorithm) -> Vec<DecodingKey> {
        let Some(source) = &self.source else {
            return Vec::new();
        };
        let mut reading = {
            let mut read = self.lock();
            let now = self.clock.now();
            if read.is_due(kid, algorithm, now) {
                read.tried_at = Some(now);
                read.reading = Some(self.begin_to_read(source.clone()));
            }
            let fitting = read.fitting(kid, algorithm);
            if !fitting.is_empty() {
                return fitting;
            }
            match read.reading.clone() {
                Some(reading) => reading,
                None => return Vec::new(),
            }
        };
        // An error means that the reading has ended.
        while reading.changed().await.is_ok() {}
        self.lock().fitting(kid, algorithm)
    }

    /// Reads the set beside, whether or not anybody waits for it.
    fn begin_to_read(&self, source: KeySource) -> watch::Receiver<()> {
        let (ending, reading) = watch::channel(());
        let key_set = self.clone();
        tokio::spawn(async move {
            match fetch(source).await {
                Ok(keys) => {
                    let mut read = key_set.lock();
                    read.keys = keys;
                    read.at = Some(key_set.clock.now());
                }
                // The keys of before go on counting for a while: a short outage signs nobody out.
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "the key set was not read"
                    );
                    let mut read = key_set.lock();
                    let oldest = key_set.clock.now() - KEPT;
                    if read.at.is_none_or(|it| it < oldest) {
                        read.keys.clear();
                    }
                }
            }
            drop(ending);
        });
        reading
    }

    fn lock(&self) -> MutexGuard<'_, Read> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Read {
    fn is_due(&self, kid: Option<&str>, algorithm: Algorithm, now: Timestamp) -> bool {
        let since = |at: Option<Timestamp>| at.map(|it| now.duration_since(it));
        if since(self.tried_at).is_some_and(|it| it < PAUSE) {
            return false;
        }
        since(self.at).is_none_or(|it| it >= FRESH) || self.fitting(kid, algorithm).is_empty()
    }

    fn fitting(&self, kid: Option<&str>, algorithm: Algorithm) -> Vec<DecodingKey> {
        let fits = |it: &&Key| it.algorithm == algorithm && (kid.is_none() || it.kid.as_deref() == kid);
        self.keys.iter().filter(fits).map(|it| it.key.clone()).collect()
    }
}

async fn fetch(source: KeySource) -> Result<Vec<Key>, Unread> {
    let text = match source {
        KeySource::File(path) => {
            let reading = tokio::task::spawn_blocking(move || {
                let mut text = Vec::new();
                std::fs::File::open(path)?
                    .take(BYTES_MAX)
                    .read_to_end(&mut text)?;
                Ok::<_, std::io::Error>(text)
            });
            reading.await??
        }
        KeySource::Url(url) => tokio::task::spawn_blocking(move || download(&url)).await??,
    };
    let set: JwkSet = serde_json::from_slice(&text)?;
    Ok(set.keys.iter().take(KEYS_MAX).filter_map(Key::read).collect())
}

fn download(url: &str) -> Result<Vec<u8>, Unread> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .build()
        .into();
    let mut answer = agent.get(url).call().map_err(Box::new)?;
    let text = answer.body_mut().with_config().limit(BYTES_MAX).read_to_vec();
    Ok(text.map_err(Box::new)?)
}

impl Key {
    /// A public key that signs. Secrets in a key set would be known to everybody: they are passed over.
    fn read(jwk: &Jwk) -> Option<Key> {
        if jwk
            .common
            .public_key_use
            .as_ref()
            .is_some_and(|it| *it != PublicKeyUse::Signature)
        {
            return None;
        }
        let algorithm = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => Algorithm::RS256,
            AlgorithmParameters::EllipticCurve(it) if it.curve == EllipticCurve::P256 => Algorithm::ES256,
            AlgorithmParameters::OctetKeyPair(it)
                if it.curve == EllipticCurve::Ed25519 && it.x.len() == ED25519_CHARS =>
            {
                Algorithm::EdDSA
            }
            _ => return None,
        };
        let key = DecodingKey::from_jwk(jwk).ok()?;
        Some(Key {
            kid: jwk.common.key_id.clone(),
            algorithm,
            key,
        })
    }
}

/// Whether keys may be fetched there: over TLS, or from this machine.
#[must_use]
pub fn is_safe_address(url: &str) -> bool {
    let Ok(uri) = url.parse::<hyper::Uri>() else {
        return false;
    };
    // Whoever writes a name and a password into an address wants something else to be read as its host.
    let is_plain = uri.authority().is_some_and(|it| !it.as_str().contains('@'));
    let is_local = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    is_plain && (uri.scheme_str() == Some("https") || uri.scheme_str() == Some("http") && is_local)
}

#[cfg(test)]
mod tests {
    use super::is_safe_address;

    #[test]
    fn keys_are_fetched_over_tls_or_from_this_machine() {
        for (url, is_safe) in [
            ("https://login.example.com/keys.json", true),
            ("http://127.0.0.1:9000/keys.json", true),
            ("http://localhost/keys.json", true),
            ("http://[::1]:9000/", true),
            ("http://login.example.com/keys.json", false),
            ("http://127.0.0.1:80@evil.example/", false),
            ("http://127.0.0.1.evil.example/", false),
            ("https://user:word@evil.example/", false),
            ("file:///etc/passwd", false),
            ("", false),
        ] {
            assert_eq!(is_safe_address(url), is_safe, "{url}");
        }
    }
}
