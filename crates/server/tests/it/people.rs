//! People and their accounts, as admins and the operator manage them.

use crate::client::Answer;
use crate::house::{House, operated};
use crate::probe::{STAFF, entrance, no, signed_in};
use hyper::Method;
use serde_json::{Value, json};

pub(crate) async fn attempt(house: &House, login: &str, password: &str) -> Answer {
    let body = json!({"login": login, "password": password});
    house.stranger().post("/v1/sign-in", &body).await
}

/// A house whose waiter, person 4, works in restaurant 2 as well, with an admin of either house at hand.
pub(crate) async fn house_with_a_waiter_of_two() -> House {
    let house = House::open_with(operated).await;
    let operator = house.operator();
    let admission = json!({"staff_id": 4, "name": "waiter", "roles": ["host", "cashier"]});
    let answer = operator.post("/v1/restaurants/2/staff", &admission).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let boss = json!({"name": "Boss", "roles": ["admin"], "login": "boss2", "password": "maitred-demo"});
    let answer = operator.post("/v1/restaurants/2/staff", &boss).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    house
}

#[tokio::test]
async fn an_admin_hires_somebody_who_signs_in_at_once() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let body = json!({"name": "Maria B", "roles": ["waiter", "cashier"], "email": "maria@example.com",
        "password": "correct horse", "pin": "4711"});
    let hired = admin.post(STAFF, &body).await;
    let entry = hired.json();
    let expected = json!({"staff_id": entry["staff_id"], "name": "Maria B", "roles": ["waiter", "cashier"],
        "active": true, "login": "maria.b", "email": "maria@example.com", "has_password": true, "has_pin": true});
    assert_eq!(entry, expected);
    let listed = admin.get(STAFF).await;
    assert!(listed.json()["staff"].as_array().unwrap().contains(&entry));
    assert!(!listed.text.contains("argon2") && !hired.text.contains("argon2"));
    for login in ["maria.b", "MARIA@example.com"] {
        let me = attempt(&house, login, "correct horse").await.json();
        assert_eq!(me["staff"]["staff_id"], entry["staff_id"]);
        assert_eq!(me["restaurants"][0]["roles"], json!(["waiter", "cashier"]));
    }
}

#[tokio::test]
async fn somebody_without_a_login_gets_one_with_their_first_secret() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let hired = admin
        .post(STAFF, &json!({"name": "Jo Éclair", "roles": ["host"]}))
        .await
        .json();
    assert_eq!(
        (&hired["login"], &hired["has_password"]),
        (&Value::Null, &json!(false))
    );
    let place = format!("{STAFF}/{}", hired["staff_id"]);
    let answer = admin.patch(&place, &json!({"email": "jo@demo.test"})).await;
    assert_eq!(no(&answer), "409 no_login - | this person has no login yet");
    let answer = admin
        .put(
            &format!("{place}/password"),
            &json!({"password": "correct horse"}),
        )
        .await;
    assert_eq!(answer.status, 204);
    assert_eq!(attempt(&house, "jo.éclair", "correct horse").await.status, 200);
    let nameless = admin
        .post(STAFF, &json!({"name": "***", "roles": ["host"]}))
        .await
        .json();
    let place = format!("{STAFF}/{}/pin", nameless["staff_id"]);
    let answer = admin.put(&place, &json!({"pin": "4711"})).await;
    let said = "400 bad_value login | login must have 1 to 60 letters, digits, dots, dashes and underscores";
    assert_eq!(no(&answer), said);
}

#[tokio::test]
async fn somebody_is_given_a_login_of_its_own() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let hired = admin
        .post(STAFF, &json!({"name": "***", "roles": ["host"]}))
        .await
        .json();
    let place = format!("{STAFF}/{}", hired["staff_id"]);
    let named = admin.patch(&place, &json!({"login": "jo"})).await.json();
    assert_eq!(
        (&named["login"], &named["has_password"]),
        (&json!("jo"), &json!(false))
    );
    let answer = admin
        .put(
            &format!("{place}/password"),
            &json!({"password": "correct horse"}),
        )
        .await;
    assert_eq!(answer.status, 204);
    assert_eq!(attempt(&house, "jo", "correct horse").await.status, 200);
}

#[tokio::test]
async fn two_people_never_share_a_login_or_an_address() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let before = admin.get(STAFF).await.json();
    for (field, value) in [
        ("login", "WAITER"),
        ("login", "manager2"),
        ("email", "Manager2@demo.test"),
    ] {
        let mut body = json!({"name": "New", "roles": ["host"], "login": "new"});
        body[field] = json!(value);
        let said = format!("409 {field}_taken {field} | somebody else signs in with this {field}");
        assert_eq!(no(&admin.post(STAFF, &body).await), said);
        let patch = json!({field: value});
        assert_eq!(no(&admin.patch(&format!("{STAFF}/3"), &patch).await), said);
    }
    assert_eq!(admin.get(STAFF).await.json(), before, "nobody was hired for it");
    // One's own in other letters is nobody else's.
    let answer = admin
        .patch(&format!("{STAFF}/3"), &json!({"login": "HOST"}))
        .await;
    assert_eq!(answer.json()["login"], "HOST");
}

#[tokio::test]
async fn a_login_and_an_address_are_changed_and_taken_away() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let patch = json!({"login": "door", "email": null, "name": "Door"});
    let entry = admin.patch(&format!("{STAFF}/3"), &patch).await.json();
    assert_eq!(
        (&entry["login"], &entry["email"], &entry["name"]),
        (&json!("door"), &Value::Null, &json!("Door"))
    );
    for (login, status) in [("door", 200), ("host", 401), ("host@demo.test", 401)] {
        assert_eq!(
            attempt(&house, login, "maitred-demo").await.status,
            status,
            "{login}"
        );
    }
}

#[tokio::test]
async fn what_makes_no_sense_about_an_account_is_named() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let long = "x".repeat(201);
    for (field, value) in [
        ("login", ""),
        ("login", "a b"),
        ("login", "a@b"),
        ("login", &long),
        ("email", "nobody"),
        ("email", "a@b@c"),
        ("email", "@b"),
        ("email", "a b@c"),
        ("password", "1234567"),
        ("password", &long),
        ("pin", "123"),
    ] {
        let mut body = json!({"name": "New", "roles": ["host"]});
        body[field] = json!(value);
        let answer = no(&admin.post(STAFF, &body).await);
        assert!(
            answer.starts_with(&format!("400 bad_value {field} | {field} must")),
            "{answer}"
        );
    }
    for (path, body) in [
        ("password", json!({"password": "short"})),
        ("pin", json!({"pin": "x"})),
    ] {
        let unknown = admin.put(&format!("{STAFF}/77/{path}"), &body).await;
        assert_eq!(
            no(&unknown),
            "404 unknown_staff - | nobody with this id works here"
        );
        assert_eq!(admin.put(&format!("{STAFF}/3/{path}"), &body).await.status, 400);
    }
}

#[tokio::test]
async fn a_new_password_or_pin_ends_what_the_old_one_opened() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let before = entrance(&house, "host").await;
    assert_eq!(
        admin
            .put(&format!("{STAFF}/3/pin"), &json!({"pin": "4711"}))
            .await
            .status,
        204
    );
    assert_eq!(before.statuses(&house).await, [200, 200], "a PIN did not open it");
    let password = json!({"password": "correct horse"});
    assert_eq!(
        admin.put(&format!("{STAFF}/3/password"), &password).await.status,
        204
    );
    assert_eq!(before.statuses(&house).await, [401, 401]);
    assert_eq!(attempt(&house, "host", "maitred-demo").await.status, 401);
    assert_eq!(attempt(&house, "host", "correct horse").await.status, 200);
}

#[tokio::test]
async fn nobody_comes_in_with_the_old_password_while_it_is_being_changed() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let mut old = "maitred-demo".to_owned();
    for round in 0..20 {
        let new = format!("correct horse {round}");
        let place = format!("{STAFF}/3/password");
        let body = json!({"password": new});
        let patch = json!({"email": format!("host{round}@demo.test")});
        let person = format!("{STAFF}/3");
        let (set, patched, came) = tokio::join!(
            admin.put(&place, &body),
            admin.patch(&person, &patch),
            attempt(&house, "host", &old),
        );
        assert_eq!((set.status.as_u16(), patched.status.as_u16()), (204, 200));
        if came.status == 200 {
            let token = came.json()["token"].as_str().unwrap().to_owned();
            assert_eq!(house.client(&token).get("/v1/me").await.status, 401, "{round}");
        }
        old = new;
        assert_eq!(attempt(&house, "host", &old).await.status, 200, "{round}");
    }
}

#[tokio::test]
async fn people_change_their_own_password_and_stay() {
    let house = House::open().await;
    let (here, there) = (entrance(&house, "host").await, entrance(&house, "host").await);
    let client = house.client(&here.token);
    let change = |old: &str| json!({"old_password": old, "new_password": "correct horse"});
    let answer = client.put("/v1/me/password", &change("guess")).await;
    assert_eq!(
        no(&answer),
        "403 wrong_password old_password | old_password is not right"
    );
    assert_eq!(
        client
            .put("/v1/me/password", &change("maitred-demo"))
            .await
            .status,
        204
    );
    assert_eq!(here.statuses(&house).await, [200, 200]);
    assert_eq!(there.statuses(&house).await, [401, 401]);
    assert_eq!(attempt(&house, "host", "correct horse").await.status, 200);
    for _ in 0..5 {
        client.put("/v1/me/password", &change("guess")).await;
    }
    let answer = client.put("/v1/me/password", &change("correct horse")).await;
    assert_eq!(
        no(&answer),
        "429 too_many_sign_ins - | too many tries failed: try again in 10 s"
    );
    let machine = house.manager().put("/v1/me/password", &change("guess")).await;
    assert_eq!(no(&machine), "409 no_login - | this person has no login yet");
}

#[tokio::test]
async fn only_admins_of_the_house_manage_its_people() {
    let house = House::open().await;
    for login in ["manager", "host", "waiter", "cashier", "kitchen", "analyst"] {
        let client = signed_in(&house, login).await;
        for (method, path, body) in [
            (Method::GET, STAFF.to_owned(), json!({})),
            (
                Method::POST,
                STAFF.to_owned(),
                json!({"name": "New", "roles": ["host"]}),
            ),
            (Method::PATCH, format!("{STAFF}/4"), json!({"roles": ["admin"]})),
            (
                Method::PUT,
                format!("{STAFF}/4/password"),
                json!({"password": "correct horse"}),
            ),
            (Method::PUT, format!("{STAFF}/4/pin"), json!({"pin": "4711"})),
            (Method::DELETE, format!("{STAFF}/4/sign-ins"), json!({})),
            (
                Method::POST,
                "/v1/restaurants/1/tokens".to_owned(),
                json!({"staff_id": 1}),
            ),
        ] {
            let answer = client.send(method.clone(), &path, &[], body.to_string()).await;
            assert_eq!(
                no(&answer),
                "403 not_allowed - | your role does not allow this",
                "{login} {method} {path}"
            );
        }
    }
    let admin = signed_in(&house, "admin").await;
    assert_eq!(admin.get("/v1/restaurants/2/staff").await.status, 404);
    let admission = json!({"staff_id": 9, "name": "New", "roles": ["host"]});
    assert_eq!(
        admin.post(STAFF, &admission).await.status,
        403,
        "only the operator knows all people"
    );
}
