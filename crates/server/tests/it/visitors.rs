//! Everybody who may come to the house: strangers, each role, machines, other programs, the neighbours.

use crate::client::Client;
use crate::house::House;
use floor::Role;
use jiff::SignedDuration;
use jsonwebtoken::{EncodingKey, Header, encode};
use maitred::demo;
use maitred::rights::ROLES;
use serde_json::{Value, json};

/// The operator's key.
pub const OPERATOR: &str = "the-operator-of-the-test";
/// The secret that other programs sign with.
pub const SECRET: &str = "a-secret-that-other-programs-share";

/// Somebody who asks.
pub struct Visitor {
    pub name: String,
    pub credential: Option<String>,
    /// What a browser of theirs sends.
    pub cookie: Option<String>,
    pub is: Is,
}

/// What somebody is, to restaurant 1.
pub enum Is {
    /// Whoever shows nothing, or nothing good: the code that it is answered with.
    Stranger(&'static str),
    /// An admin of another restaurant.
    Elsewhere,
    /// Somebody with these roles.
    Here(Vec<Role>),
    /// Whoever runs the program.
    Operator,
}

impl Visitor {
    /// A client with their credential.
    pub fn client(&self, house: &House) -> Client {
        Client::new(house.address, self.credential.as_deref())
    }
}

/// A house where all of them can come, as often as they like.
pub async fn house_for_all() -> House {
    House::open_with(|config| {
        config.operator_key = Some(OPERATOR.to_owned().into());
        config.tokens.secret = Some(SECRET.to_owned().into());
        config.limits.handshakes_per_minute = 100_000;
        config.limits.commands_per_second = 100_000;
        config.limits.failed_sign_ins = 10_000;
        config.limits.failed_sign_ins_per_address = 10_000;
    })
    .await
}

/// Signs in. Answers the access token and the cookie's value.
pub async fn sign_in(house: &House, login: &str, password: &str) -> (String, String) {
    let body = json!({"login": login, "password": password});
    let answer = Client::new(house.address, None).post("/v1/sign-in", &body).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    let cookie = cookie.strip_prefix("maitred_session=").unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    (answer.json()["token"].as_str().unwrap().to_owned(), cookie)
}

fn login_of(role: Role) -> &'static str {
    demo::ACCOUNTS.iter().find(|it| it.1 == role).unwrap().0
}

/// Everybody who may come, each with a credential of their own.
pub async fn everybody(house: &House) -> Vec<Visitor> {
    let mut all = Vec::new();
    let mut come = |name: &str, credential: Option<String>, cookie: Option<String>, is| {
        let cookie = cookie.or(credential.clone());
        let name = name.to_owned();
        all.push(Visitor {
            name,
            credential,
            cookie,
            is,
        });
    };
    let operator = house.client(OPERATOR);
    let given = async |path: &str, body: Value, field: &str| {
        let answer = operator.post(path, &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()[field].clone()
    };
    come("none", None, None, Is::Stranger("no_credential"));
    come(
        "garbage",
        Some("garbage".to_owned()),
        None,
        Is::Stranger("bad_credential"),
    );
    let forged = json!({"sub": "1", "roles": ["admin"], "tenant_ids": [1], "exp": 1_999_999_999});
    let forged = sign(&forged, "another-secret-that-nobody-shares");
    come("forged", Some(forged), None, Is::Stranger("bad_credential"));
    let minted = json!({"staff_id": 1, "seconds": 1});
    let old = given("/v1/restaurants/1/tokens", minted, "token").await;
    house.clock.set(house.clock.now() + SignedDuration::from_secs(2));
    come(
        "expired",
        old.as_str().map(str::to_owned),
        None,
        Is::Stranger("credential_expired"),
    );
    let key = json!({"name": "gone", "role": "admin"});
    let answer = operator.post("/v1/restaurants/1/keys", &key).await.json();
    let path = format!("/v1/restaurants/1/keys/{}", answer["key_id"]);
    operator
        .send(hyper::Method::DELETE, &path, &[], String::new())
        .await;
    let revoked = answer["key"].as_str().map(str::to_owned);
    come("revoked", revoked, None, Is::Stranger("bad_credential"));
    let boss = json!({"name": "Boss", "roles": ["admin"], "login": "boss", "password": "boss-of-the-bistro"});
    given("/v1/restaurants/2/staff", boss, "staff_id").await;
    let (token, cookie) = sign_in(house, "boss", "boss-of-the-bistro").await;
    come("elsewhere", Some(token), Some(cookie), Is::Elsewhere);
    let key = json!({"name": "scale", "role": "admin"});
    let key = given("/v1/restaurants/2/keys", key, "key").await;
    come("its key", key.as_str().map(str::to_owned), None, Is::Elsewhere);
    let foreign = json!({"sub": "8", "tenant_ids": ["bistro-2"], "roles": ["admin"], "exp": 1_999_999_999});
    come("its token", Some(sign(&foreign, SECRET)), None, Is::Elsewhere);
    let guest = json!({"sub": "m_1", "tenant_ids": [1], "roles": ["guest"], "exp": 1_999_999_999});
    come("guest", Some(sign(&guest, SECRET)), None, Is::Here(Vec::new()));
    let foreign =
        json!({"sub": "7", "tenant_ids": ["test-restaurant-1"], "roles": ["owner"], "exp": 1_999_999_999});
    come(
        "foreign",
        Some(sign(&foreign, SECRET)),
        None,
        Is::Here(vec![Role::Manager]),
    );
    for role in ROLES {
        let login = login_of(role);
        let (token, cookie) = sign_in(house, login, demo::PASSWORD).await;
        come(login, Some(token), Some(cookie), Is::Here(vec![role]));
    }
    let key = json!({"name": "printer", "role": "kitchen"});
    let key = given("/v1/restaurants/1/keys", key, "key").await;
    come(
        "key",
        key.as_str().map(str::to_owned),
        None,
        Is::Here(vec![Role::Kitchen]),
    );
    come("operator", Some(OPERATOR.to_owned()), None, Is::Operator);
    all
}

/// A token that another program has signed.
pub fn sign(claims: &Value, secret: &str) -> String {
    encode(
        &Header::default(),
        claims,
        &EncodingKey::from_secret(secret.as_bytes()),
    )
    .unwrap()
}
