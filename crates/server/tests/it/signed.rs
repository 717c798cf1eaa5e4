//! Tokens as other programs sign them, and the key sets they publish. The keys are in `keys/`, and sign
//! nothing but tests.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

/// Claims signed with a secret that both sides know.
pub(crate) fn hs256(secret: &str, claims: &Value) -> String {
    sign(
        Algorithm::HS256,
        None,
        &EncodingKey::from_secret(secret.as_bytes()),
        claims,
    )
}

/// As [`hs256`], under the name of a key.
pub(crate) fn hs256_named(kid: &str, secret: &[u8], claims: &Value) -> String {
    sign(
        Algorithm::HS256,
        Some(kid),
        &EncodingKey::from_secret(secret),
        claims,
    )
}

/// Claims signed with the private key of this name: `rsa`, `p256` or `ed25519`.
pub(crate) fn with_key(kid: &str, claims: &Value) -> String {
    let (algorithm, key) = match kid {
        "rsa" => (
            Algorithm::RS256,
            EncodingKey::from_rsa_der(include_bytes!("keys/rsa.der")),
        ),
        "p256" => (
            Algorithm::ES256,
            EncodingKey::from_ec_der(include_bytes!("keys/p256.der")),
        ),
        _ => (
            Algorithm::EdDSA,
            EncodingKey::from_ed_der(include_bytes!("keys/ed25519.der")),
        ),
    };
    sign(algorithm, Some(kid), &key, claims)
}

fn sign(algorithm: Algorithm, kid: Option<&str>, key: &EncodingKey, claims: &Value) -> String {
    let mut header = Header::new(algorithm);
    header.kid = kid.map(str::to_owned);
    encode(&header, claims, key).unwrap()
}

/// The public RSA key, as a text.
pub(crate) const RSA_PUBLIC: &[u8] = include_bytes!("keys/rsa.pub.pem");

/// A key set with the public keys of these names.
pub(crate) fn key_set(kids: &[&str]) -> String {
    let mut set: Value = serde_json::from_str(include_str!("keys/jwks.json")).unwrap();
    let keys = set["keys"].as_array_mut().unwrap();
    keys.retain(|it| kids.iter().any(|kid| it["kid"] == *kid));
    set.to_string()
}

/// Claims about a waiter of restaurant 1, from now to an hour later, with `more` laid over them.
pub(crate) fn claims(more: &Value) -> Value {
    let mut claims = json!({"sub": "pos-7", "restaurant_id": 1, "role": "waiter",
        "iat": 1_795_203_000, "exp": 1_795_206_600});
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}
