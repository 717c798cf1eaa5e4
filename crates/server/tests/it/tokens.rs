//! Tokens that other programs sign: what they say counts, if the signature, the time and the words are right.

use crate::client::Answer;
use crate::house::House;
use crate::probe::{FLOOR, no, sign_in};
use crate::signed::{RSA_PUBLIC, claims, hs256, hs256_named, key_set, with_key};
use jiff::SignedDuration;
use maitred::config::Config;
use serde_json::{Value, json};

const SECRET: &str = "a secret that both programs know!";
const INVALID: &str = "401 bad_credential - | this credential is not valid";
const EXPIRED: &str = "401 credential_expired - | this credential has run out";

fn sharing(config: &mut Config) {
    config.tokens.secret = Some(SECRET.to_owned().into());
}

async fn me(house: &House, token: &str) -> Answer {
    house.client(token).get("/v1/me").await
}

/// Who a token's holder is, by name, restaurants and roles.
async fn who(house: &House, more: &Value) -> Value {
    let answer = me(house, &hs256(SECRET, more)).await;
    assert_eq!(answer.status, 200, "{more}: {answer:?}");
    let me = answer.json();
    let ids: Vec<_> = me["restaurants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["id"])
        .collect();
    json!([me["staff"]["name"], ids, me["staff"]["roles"]])
}

#[tokio::test]
async fn tokens_of_all_five_families_say_who_somebody_is() {
    let house = House::open_with(sharing).await;
    let exp = 1_795_206_600;
    let rows = [
        (
            json!({"sub": "3", "username": "m", "roles": ["manager"], "tenant_ids": [1, "bistro-2"], "type": "access",
            "exp": exp, "iat": 1_795_203_000.512, "jti": "kS0t"}),
            json!(["3", [1, 2], ["manager"]]),
        ),
        (
            json!({"sub": "admin:bistro-2", "sid": "bistro-2", "dev": "dashboard", "iat": 1, "exp": exp}),
            json!(["admin:bistro-2", [2], ["manager"]]),
        ),
        (
            json!({"sub": 5, "restaurant_id": 1, "exp": 1_795_206_600.5}),
            json!(["5", [1], ["host", "waiter"]]),
        ),
        (
            json!({"user_id": 4, "token_type": "access", "jti": "x", "restaurant_id": "test-restaurant-1",
            "role": "WAITER", "exp": exp}),
            json!(["4", [1], ["waiter"]]),
        ),
        (
            json!({"sub": "u-1", "username": "x", "email": "x@y.z", "role": ["OWNER", "C"], "restaurant_id": [2],
            "exp": exp}),
            json!(["u-1", [2], ["manager", "cashier"]]),
        ),
    ];
    for (claims, expected) in rows {
        assert_eq!(who(&house, &claims).await, expected);
    }
}

#[tokio::test]
async fn a_token_reaches_the_restaurants_that_it_names_and_no_other() {
    let house = House::open_with(sharing).await;
    let client = house.client(&hs256(SECRET, &claims(&json!({}))));
    assert_eq!(client.get(FLOOR).await.status, 200);
    assert_eq!(client.get("/v1/restaurants/2/floor").await.status, 404);
    for restaurant in [json!(99), json!("nowhere"), json!([]), json!(null)] {
        let claims = claims(&json!({"restaurant_id": restaurant}));
        assert_eq!(house.client(&hs256(SECRET, &claims)).get(FLOOR).await.status, 404);
    }
}

#[tokio::test]
async fn guests_and_roles_that_nobody_knows_may_do_nothing() {
    let house = House::open_with(sharing).await;
    let guest = json!({"sub": "m_17", "restaurant_id": 1, "exp": 1_795_206_600});
    for claims in [
        guest,
        claims(&json!({"role": "guest"})),
        claims(&json!({"role": "sommelier"})),
        claims(&json!({"roles": []})),
    ] {
        let answer = house.client(&hs256(SECRET, &claims)).get(FLOOR).await;
        assert_eq!(
            no(&answer),
            "403 not_allowed - | your role does not allow this",
            "{claims}"
        );
    }
}

#[tokio::test]
async fn a_token_is_worth_nothing_before_and_after_its_time() {
    let house = House::open_with(sharing).await;
    let said = async |more: Value| no(&me(&house, &hs256(SECRET, &claims(&more))).await);
    assert_eq!(said(json!({"exp": 1_795_203_000})).await, EXPIRED);
    assert_eq!(said(json!({"exp": 1_795_202_999.9})).await, EXPIRED);
    assert_eq!(said(json!({"nbf": 1_795_203_001})).await, INVALID);
    for exp in [
        json!(null),
        json!("soon"),
        json!("1795206600"),
        json!([]),
        json!(1e300),
    ] {
        assert_eq!(said(json!({"exp": exp})).await, INVALID, "{exp}");
    }
    let good = hs256(
        SECRET,
        &claims(&json!({"nbf": 1_795_203_000, "exp": 1_795_203_000.25})),
    );
    assert_eq!(me(&house, &good).await.status, 200);
    house.later(SignedDuration::from_millis(250));
    assert_eq!(no(&me(&house, &good).await), EXPIRED);
}

#[tokio::test]
async fn other_clocks_may_be_off_by_as_much_as_was_configured() {
    let house = House::open_with(|config| {
        sharing(config);
        config.tokens.leeway_seconds = 30;
    })
    .await;
    for (more, status) in [
        (json!({"exp": 1_795_202_971}), 200),
        (json!({"exp": 1_795_202_970}), 401),
        (json!({"nbf": 1_795_203_030}), 200),
        (json!({"nbf": 1_795_203_031}), 401),
    ] {
        assert_eq!(
            me(&house, &hs256(SECRET, &claims(&more))).await.status,
            status,
            "{more}"
        );
    }
}

#[tokio::test]
async fn a_token_is_from_whom_and_for_whom_it_was_configured() {
    let house = House::open_with(|config| {
        sharing(config);
        config.tokens.issuer = Some("booking".to_owned());
        config.tokens.audience = Some("floor".to_owned());
    })
    .await;
    for (more, status) in [
        (json!({}), 200),
        (json!({"iss": "booking", "aud": "floor"}), 200),
        (json!({"aud": ["till", "floor"]}), 200),
        (json!({"iss": "else"}), 401),
        (json!({"aud": "till"}), 401),
        (json!({"aud": ["till", "bar"]}), 401),
    ] {
        assert_eq!(
            me(&house, &hs256(SECRET, &claims(&more))).await.status,
            status,
            "{more}"
        );
    }
}

#[tokio::test]
async fn tokens_for_something_else_are_no_credentials() {
    let house = House::open_with(sharing).await;
    for more in [
        json!({"type": "refresh"}),
        json!({"token_type": "refresh"}),
        json!({"type": "password_reset"}),
        json!({"type": 5}),
        json!({"sub": ""}),
        json!({"sub": null}),
    ] {
        let token = hs256(SECRET, &claims(&more));
        assert_eq!(no(&me(&house, &token).await), INVALID, "{more}");
    }
}

#[tokio::test]
async fn a_signature_counts_only_by_the_key_that_it_is_of() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    std::fs::write(&file, key_set(&["rsa", "p256", "ed25519"])).unwrap();
    let house = House::open_with(|config| config.tokens.jwks_file = Some(file)).await;
    // Ours, to take its parts from.
    let ours = sign_in(&house, "waiter").await;
    let parts: Vec<&str> = ours.split('.').collect();
    let kid = jsonwebtoken::decode_header(&ours).unwrap().kid.unwrap();
    let claims = claims(&json!({}));
    let (rsa, p256) = (with_key("rsa", &claims), with_key("p256", &claims));
    let head_of = |token: &str| token.split('.').next().unwrap().to_owned();
    let tail_of = |token: &str| token.split_once('.').unwrap().1.to_owned();
    // {"alg":"none","typ":"JWT"}, written in three ways.
    let none = [
        "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0",
        "eyJhbGciOiJOb25lIn0",
        "eyJhbGciOiIifQ",
    ];
    let mut worthless: Vec<String> = none.iter().map(|it| format!("{it}.{}.", parts[1])).collect();
    worthless.extend([
        // The public key as if it were a secret.
        hs256(std::str::from_utf8(RSA_PUBLIC).unwrap(), &claims),
        hs256_named("rsa", RSA_PUBLIC, &claims),
        // The name of a key of ours, and a secret that is not.
        hs256_named(&kid, b"guessed", &claims),
        hs256_named(&kid, b"", &claims),
        // One key's name over another's signature.
        format!("{}.{}", head_of(&rsa), tail_of(&p256)),
        format!("{}.{}", parts[0], tail_of(&rsa)),
        // Other claims, no signature, half of one.
        format!("{}.{}.{}", parts[0], rsa.split('.').nth(1).unwrap(), parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        ours[..ours.len() - 2].to_owned(),
        format!("{ours}.x"),
        "..".to_owned(),
        "a".repeat(8 * 1024 + 1),
    ]);
    for token in worthless {
        assert_eq!(no(&me(&house, &token).await), INVALID, "{token}");
    }
    for token in [ours, rsa, p256, with_key("ed25519", &claims)] {
        assert_eq!(me(&house, &token).await.status, 200, "{token}");
    }
}

#[tokio::test]
async fn a_secret_of_before_is_still_good_and_a_guessed_one_never_was() {
    let house = House::open_with(|config| {
        sharing(config);
        config.tokens.old_secrets = vec!["the secret of last year".to_owned().into()];
    })
    .await;
    for (secret, status) in [
        (SECRET, 200),
        ("the secret of last year", 200),
        ("secret", 401),
        ("", 401),
    ] {
        assert_eq!(
            me(&house, &hs256(secret, &claims(&json!({})))).await.status,
            status,
            "{secret}"
        );
    }
}

#[tokio::test]
async fn what_a_token_of_another_program_does_is_its_own_and_no_waiters() {
    let house = House::open_with(sharing).await;
    // The number of a waiter who works here.
    let client = house.client(&hs256(SECRET, &claims(&json!({"sub": "4"}))));
    let turn_id = client.seat(12).await;
    let changes = house
        .manager()
        .get("/v1/restaurants/1/changes?limit=1000")
        .await
        .json();
    let last = changes["changes"].as_array().unwrap().last().unwrap();
    assert_eq!(last["by"], json!({"subject": "4", "surface": "v1"}));
    let waiter_of = async |house: &House, turn_id: u64| {
        let floor = house.manager().floor().await;
        let turns = floor["floor"]["turns"].as_array().unwrap().clone();
        let turn = turns.into_iter().find(|it| it["id"] == turn_id).unwrap();
        turn["waiter_id"].clone()
    };
    // As when a machine had seated them.
    let other = House::open().await;
    let by_machine = other.manager().seat(12).await;
    assert_eq!(
        waiter_of(&house, turn_id).await,
        waiter_of(&other, by_machine).await
    );
    let me = client.get("/v1/me").await.json();
    assert_eq!(
        (&me["staff"]["staff_id"], &me["sign_in_id"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        client.get("/v1/me/sign-ins").await.json(),
        json!({"sign_ins": []})
    );
}
