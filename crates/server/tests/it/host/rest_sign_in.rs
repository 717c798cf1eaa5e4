//! Signing in at the host stand with an address and a password, and opening a house where anybody may.

use super::desk::{at, line, plain, yes};
use crate::client::{Answer, Client};
use crate::house::House;
use crate::probe::signed_in;
use hyper::Method;
use jiff::SignedDuration;
use maitred::config::Config;
use serde_json::{Value, json};

async fn login(client: &Client, email: &str, password: &str) -> Answer {
    client
        .post("/auth/login", &json!({"email": email, "password": password}))
        .await
}

fn open_to_all(config: &mut Config) {
    config.host.registration = true;
}

#[tokio::test]
async fn whoever_signs_in_is_told_who_they_are() {
    let house = House::open().await;
    for (name, id, role, restaurant, number) in [
        ("admin", 1, "owner", "test-restaurant-1", "Harbour House"),
        ("manager", 2, "manager", "test-restaurant-1", "Harbour House"),
        ("host", 3, "staff", "test-restaurant-1", "Harbour House"),
        ("waiter", 4, "staff", "test-restaurant-1", "Harbour House"),
        ("manager2", 9, "manager", "bistro-2", "Bistro Two"),
    ] {
        let email = format!("{name}@demo.test");
        let answer = login(&house.stranger(), &email, "maitred-demo").await;
        let told = yes(&answer);
        assert_eq!(told["token_type"], "bearer");
        assert_eq!(
            (&told["restaurant_id"], &told["user_id"]),
            (&json!(restaurant), &json!(id))
        );
        let user = &told["user"];
        assert_eq!(user["id"], id);
        assert_eq!((&user["email"], &user["role"]), (&json!(email), &json!(role)));
        assert_eq!(user["restaurant_id"], restaurant);
        let full_name = plain(&user["full_name"]);
        assert!(!full_name.is_empty());
        let client = house.client(&plain(&told["access_token"]));
        let me = yes(&client.get("/auth/me").await);
        assert_eq!(
            (&me["id"], &me["email"], &me["role"]),
            (&json!(id), &json!(email), &json!(role))
        );
        assert_eq!(
            (&me["restaurant_id"], &me["restaurant_name"]),
            (&json!(restaurant), &json!(number))
        );
        let (first, last) = (plain(&me["first_name"]), plain(&me["last_name"]));
        assert_eq!(format!("{first} {last}").trim(), full_name);
        let list = client.get(&format!("/restaurants/{restaurant}/guests")).await;
        assert_eq!(list.status, 200);
    }
}

#[tokio::test]
async fn a_token_of_the_stand_lasts_half_an_hour() {
    let house = House::open().await;
    let told = yes(&login(&house.stranger(), "host@demo.test", "maitred-demo").await);
    let client = house.client(&plain(&told["access_token"]));
    house.later(SignedDuration::from_mins(29));
    assert_eq!(client.get("/auth/me").await.status, 200);
    house.later(SignedDuration::from_mins(31));
    let answer = client.get("/auth/me").await;
    assert_eq!(
        line(&answer),
        r#"401 {"detail":"Could not validate credentials"}"#
    );
}

#[tokio::test]
async fn a_wrong_password_and_somebody_unknown_are_answered_alike() {
    let house = House::open().await;
    for (email, password) in [
        ("host@demo.test", "wrong"),
        ("nobody@demo.test", "maitred-demo"),
        ("", ""),
        ("host@demo.test", ""),
    ] {
        let answer = login(&house.stranger(), email, password).await;
        assert_eq!(
            line(&answer),
            r#"401 {"detail":"Incorrect email or password"}"#,
            "{email}"
        );
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
    }
}

#[tokio::test]
async fn somebody_who_has_left_is_inactive() {
    let house = House::open().await;
    let told = yes(&login(&house.stranger(), "waiter@demo.test", "maitred-demo").await);
    let client = house.client(&plain(&told["access_token"]));
    let admin = signed_in(&house, "admin").await;
    let gone = admin
        .patch("/v1/restaurants/1/staff/4", &json!({"active": false}))
        .await;
    assert_eq!(gone.status, 200, "{gone:?}");
    let answer = login(&house.stranger(), "waiter@demo.test", "maitred-demo").await;
    assert_eq!(line(&answer), r#"401 {"detail":"Inactive user"}"#);
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
    // Not who does not know the password, though.
    let answer = login(&house.stranger(), "waiter@demo.test", "wrong").await;
    assert_eq!(line(&answer), r#"401 {"detail":"Incorrect email or password"}"#);
    for path in [at("/guests"), "/auth/me".to_owned()] {
        let answer = client.get(&path).await;
        assert_eq!(answer.status, 401, "{path}: {answer:?}");
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
    }
}

#[tokio::test]
async fn what_a_sign_in_lacks_is_listed_and_no_secret_is_said_again() {
    let house = House::open().await;
    for (body, expected) in [
        (json!({}), vec!["email", "password"]),
        (json!({"email": "host@demo.test"}), vec!["password"]),
        (json!({"password": "maitred-demo"}), vec!["email"]),
        (
            json!({"email": 5, "password": ["maitred-demo"]}),
            vec!["email", "password"],
        ),
    ] {
        let answer = house.stranger().post("/auth/login", &body).await;
        assert_eq!(answer.status, 422, "{answer:?}");
        assert!(!answer.text.contains("maitred-demo"), "{}", answer.text);
        let told = answer.json();
        let fields: Vec<_> = told["detail"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| plain(&it["loc"][1]))
            .collect();
        assert_eq!(fields, expected);
    }
}

#[tokio::test]
async fn too_many_wrong_passwords_have_to_wait() {
    let house = House::open().await;
    for _ in 0..8 {
        login(&house.stranger(), "host@demo.test", "wrong").await;
    }
    let answer = login(&house.stranger(), "host@demo.test", "maitred-demo").await;
    assert_eq!(answer.status, 429, "{answer:?}");
    assert!(answer.headers.contains_key("retry-after"));
    assert!(answer.json()["detail"].is_string());
}

#[tokio::test]
async fn signing_out_ends_the_sign_in_everywhere() {
    let house = House::open().await;
    let told = yes(&login(&house.stranger(), "host@demo.test", "maitred-demo").await);
    let client = house.client(&plain(&told["access_token"]));
    assert_eq!(client.get("/v1/me").await.status, 200);
    let other = yes(&login(&house.stranger(), "host@demo.test", "maitred-demo").await);
    assert_eq!(client.post("/auth/logout", &json!({})).await.status, 200);
    for path in [at("/guests"), "/auth/me".to_owned(), "/v1/me".to_owned()] {
        assert_eq!(client.get(&path).await.status, 401, "{path}");
    }
    assert_eq!(client.post("/auth/logout", &json!({})).await.status, 401);
    let other = house.client(&plain(&other["access_token"]));
    assert_eq!(other.get("/auth/me").await.status, 200);
}

#[tokio::test]
async fn nobody_opens_a_house_here_unless_it_is_allowed() {
    let house = House::open().await;
    let body =
        json!({"restaurant_name": "Bistro West", "email": "boss@west.test", "password": "correct horse"});
    let answer = house.stranger().post("/auth/register", &body).await;
    assert_eq!(answer.status, 403, "{answer:?}");
    assert!(answer.json()["detail"].is_string());
    assert_eq!(
        login(&house.stranger(), "boss@west.test", "correct horse")
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn whoever_opens_a_house_is_its_owner() {
    let house = House::open_with(open_to_all).await;
    let body = json!({"restaurant_name": "Bistro West", "email": "boss@west.test", "password": "correct horse",
        "first_name": "Mara", "last_name": "Lindqvist"});
    let told = yes(&house.stranger().post("/auth/register", &body).await);
    assert!(told["message"].is_string());
    assert_eq!(told["restaurant_id"], "bistro-west");
    let signed = yes(&login(&house.stranger(), "boss@west.test", "correct horse").await);
    assert_eq!(signed["user_id"], told["user_id"]);
    let client = house.client(&plain(&signed["access_token"]));
    let me = yes(&client.get("/auth/me").await);
    assert_eq!(
        me,
        json!({"id": told["user_id"], "email": "boss@west.test", "first_name": "Mara", "last_name": "Lindqvist",
            "role": "owner", "restaurant_id": "bistro-west", "restaurant_name": "Bistro West"})
    );
    let guest = json!({"first_name": "Ann", "party_size": 2});
    yes(&client.post("/restaurants/bistro-west/guests", &guest).await);
    let table = json!({"table_number": "1", "capacity": 2, "position": {"x": 0.5, "y": 0.5}});
    yes(&client.post("/restaurants/bistro-west/tables", &table).await);
    assert_eq!(client.get(&at("/guests")).await.status, 403);
    // The same name again is another house; the same address is not another person.
    let again =
        json!({"restaurant_name": "Bistro West", "email": "other@west.test", "password": "correct horse"});
    let other = yes(&house.stranger().post("/auth/register", &again).await);
    assert_ne!(other["restaurant_id"], told["restaurant_id"]);
    for email in ["boss@west.test", "BOSS@west.test", "manager@demo.test"] {
        let taken = json!({"restaurant_name": "Third", "email": email, "password": "correct horse"});
        let answer = house.stranger().post("/auth/register", &taken).await;
        assert_eq!(line(&answer), r#"400 {"detail":"Email already registered"}"#);
        assert_eq!(
            house.stranger().get("/restaurants/third/guests").await.status,
            404
        );
    }
}

#[tokio::test]
async fn a_registration_that_makes_no_sense_opens_nothing() {
    let house = House::open_with(open_to_all).await;
    for body in [
        json!({}),
        json!({"restaurant_name": "X", "email": "x", "password": "correct horse"}),
        json!({"restaurant_name": "X", "email": "a@b.c"}),
        json!({"restaurant_name": "", "email": "a@b.cd", "password": "correct horse"}),
        json!({"restaurant_name": "X", "email": "", "password": "correct horse"}),
        json!({"restaurant_name": "X", "email": "a@b.cd", "password": ""}),
        json!({"restaurant_name": "X", "email": "a@b.cd", "password": "short"}),
        json!({"restaurant_name": 5, "email": "a@b.cd", "password": "correct horse"}),
        json!({"restaurant_name": "x".repeat(500), "email": "a@b.cd", "password": "correct horse"}),
    ] {
        let answer = house.stranger().post("/auth/register", &body).await;
        assert!([400, 422].contains(&answer.status.as_u16()), "{body}: {answer:?}");
        assert!(!answer.text.contains("correct horse"), "{}", answer.text);
    }
    assert_eq!(house.stranger().get("/restaurants/x/guests").await.status, 404);
    assert_eq!(house.stranger().get("/restaurants/3/guests").await.status, 404);
}

#[tokio::test]
async fn the_house_says_that_it_is_well_and_what_it_is() {
    let house = House::open().await;
    let health = yes(&house.stranger().get("/health").await);
    assert_eq!(
        (&health["status"], &health["service"]),
        (&json!("healthy"), &json!("maitred"))
    );
    let json_only = [("accept", "application/json")];
    let root = house
        .stranger()
        .send(Method::GET, "/", &json_only, String::new())
        .await;
    let root: Value = yes(&root);
    for key in ["message", "version", "docs"] {
        assert!(root[key].is_string(), "{root}");
    }
}
