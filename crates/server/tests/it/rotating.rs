//! Keys that sign tokens change: other programs' in a file or at an address, and our own.

use crate::client::PATIENCE;
use crate::house::{House, operated};
use crate::probe::{entrance, no};
use crate::signed::{claims, hs256_named, key_set, with_key};
use jiff::SignedDuration;
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::timeout;

const INVALID: &str = "401 bad_credential - | this credential is not valid";

/// Another program that publishes its keys.
#[derive(Clone, Default)]
struct Publisher {
    set: Arc<Mutex<String>>,
    times_asked: Arc<AtomicU64>,
}

impl Publisher {
    /// Publishes at a free port. Answers the address.
    async fn publish(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let publisher = self.clone();
        // Ends with the test's runtime.
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(timeout(PATIENCE, stream.read_u8()).await.unwrap().unwrap());
                }
                publisher.times_asked.fetch_add(1, Ordering::SeqCst);
                let set = publisher.set.lock().unwrap().clone();
                let status = if set.is_empty() { "503 Away" } else { "200 OK" };
                let answer = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{set}",
                    set.len()
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        format!("http://{address}/keys.json")
    }

    fn change(&self, set: String) {
        *self.set.lock().unwrap() = set;
    }

    fn times_asked(&self) -> u64 {
        self.times_asked.load(Ordering::SeqCst)
    }
}

/// The status that a token signed with this key, good for days, is answered with.
async fn status(house: &House, kid: &str) -> u16 {
    let token = with_key(kid, &claims(&json!({"exp": 1_795_900_000})));
    house.client(&token).get("/v1/me").await.status.as_u16()
}

async fn house_that_reads(publisher: &Publisher) -> House {
    let url = publisher.publish().await;
    House::open_with(|config| {
        operated(config);
        config.tokens.jwks_url = Some(url);
    })
    .await
}

#[tokio::test]
async fn a_key_that_is_new_at_the_address_is_known_after_half_a_minute() {
    let publisher = Publisher::default();
    publisher.change(key_set(&["rsa"]));
    let house = house_that_reads(&publisher).await;
    assert_eq!(publisher.times_asked(), 0, "nobody has needed it");
    assert_eq!(
        [status(&house, "rsa").await, status(&house, "p256").await],
        [200, 401]
    );
    publisher.change(key_set(&["rsa", "p256"]));
    house.later(SignedDuration::from_millis(29_999));
    assert_eq!(status(&house, "p256").await, 401);
    assert_eq!(publisher.times_asked(), 1, "whatever strangers send");
    house.later(SignedDuration::from_secs(30));
    assert_eq!(
        [status(&house, "rsa").await, status(&house, "p256").await],
        [200, 200]
    );
    assert_eq!(publisher.times_asked(), 2);
}

#[tokio::test]
async fn a_key_that_is_withdrawn_is_worth_nothing_after_a_quarter_of_an_hour() {
    let publisher = Publisher::default();
    publisher.change(key_set(&["rsa", "ed25519"]));
    let house = house_that_reads(&publisher).await;
    assert_eq!(status(&house, "rsa").await, 200);
    publisher.change(key_set(&["ed25519"]));
    house.later(SignedDuration::from_mins(15) - SignedDuration::from_millis(1));
    assert_eq!(status(&house, "rsa").await, 200);
    house.later(SignedDuration::from_mins(15));
    assert_eq!(
        [status(&house, "rsa").await, status(&house, "ed25519").await],
        [401, 200]
    );
}

#[tokio::test]
async fn an_address_that_is_away_for_a_while_signs_nobody_out() {
    let publisher = Publisher::default();
    publisher.change(key_set(&["rsa"]));
    let house = house_that_reads(&publisher).await;
    assert_eq!(status(&house, "rsa").await, 200);
    for (minutes, set) in [(15, ""), (30, "no key set"), (45, r#"{"keys":5}"#)] {
        publisher.change(set.to_owned());
        house.later(SignedDuration::from_mins(minutes));
        assert_eq!(
            [status(&house, "rsa").await, status(&house, "p256").await],
            [200, 401]
        );
    }
}

#[tokio::test]
async fn secrets_in_a_key_set_are_known_to_everybody_and_sign_nothing() {
    let publisher = Publisher::default();
    // "public" in base64.
    let oct = json!({"keys": [{"kty": "oct", "kid": "shared", "alg": "HS256", "k": "cHVibGlj"}]});
    publisher.change(oct.to_string());
    let house = house_that_reads(&publisher).await;
    let token = hs256_named("shared", b"public", &claims(&json!({})));
    assert_eq!(no(&house.client(&token).get("/v1/me").await), INVALID);
}

#[tokio::test]
async fn a_key_set_in_a_file_is_read_again_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    std::fs::write(&file, key_set(&["rsa"])).unwrap();
    let house = House::open_with(|config| config.tokens.jwks_file = Some(file.clone())).await;
    assert_eq!(
        [status(&house, "rsa").await, status(&house, "p256").await],
        [200, 401]
    );
    std::fs::write(&file, key_set(&["p256"])).unwrap();
    house.later(SignedDuration::from_secs(30));
    assert_eq!(
        [status(&house, "p256").await, status(&house, "rsa").await],
        [200, 401]
    );
}

#[tokio::test]
async fn a_fresh_signing_key_signs_from_now_on_and_what_was_signed_before_is_good() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_with(|config| {
        operated(config);
        config.data = folder.path().to_owned();
    })
    .await;
    let before = entrance(&house, "waiter").await;
    let made = house.operator().post("/v1/signing-keys", &json!({})).await;
    assert_eq!(made.status, 200, "{made:?}");
    let after = entrance(&house, "waiter").await;
    let kid = |token: &str| jsonwebtoken::decode_header(token).unwrap().kid;
    assert_eq!(kid(&after.token).as_deref(), made.json()["kid"].as_str());
    assert_ne!(kid(&before.token), kid(&after.token));
    assert_eq!(
        [before.statuses(&house).await, after.statuses(&house).await],
        [[200, 200]; 2]
    );
    house.later(SignedDuration::from_hours(24 * 7) - SignedDuration::from_secs(1));
    let refresh = json!({"refresh_token": before.refresh_token});
    assert_eq!(house.stranger().post("/v1/refresh", &refresh).await.status, 200);
}

#[tokio::test]
async fn after_a_theft_nothing_that_was_signed_before_is_good() {
    let house = House::open_with(operated).await;
    let before = entrance(&house, "waiter").await;
    let made = house
        .operator()
        .post("/v1/signing-keys", &json!({"at_once": true}))
        .await;
    assert_eq!(made.status, 200, "{made:?}");
    assert_eq!(
        before.statuses(&house).await,
        [401, 200],
        "a cookie is not signed"
    );
    let refresh = json!({"refresh_token": before.refresh_token});
    let answer = house.stranger().post("/v1/refresh", &refresh).await;
    assert_eq!(
        no(&answer),
        "401 bad_credential - | this refresh token is not valid"
    );
    assert_eq!(
        entrance(&house, "waiter").await.statuses(&house).await,
        [200, 200]
    );
    for login in ["admin", "manager"] {
        let client = house.client(&crate::probe::sign_in(&house, login).await);
        assert_eq!(client.post("/v1/signing-keys", &json!({})).await.status, 403);
    }
}

#[tokio::test]
async fn a_secret_of_the_configuration_is_changed_there() {
    let house = House::open_with(|config| {
        operated(config);
        config.tokens.secret = Some("a secret of more than thirty-two bytes".to_owned().into());
    })
    .await;
    let answer = house.operator().post("/v1/signing-keys", &json!({"at_once": true})).await;
    assert_eq!(
        no(&answer),
        "409 shared_secret - | tokens are signed with the configured secret: change it in the configuration"
    );
}
