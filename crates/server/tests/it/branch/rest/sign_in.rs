//! Signing in with an address and a password, going on, and what such a token is good for elsewhere.

use super::office::{Office, PREFIXES, ask, at, no, told, yes};
use super::shapes::{has_keys, is_id};
use crate::captured_log::never_say;
use crate::client::Answer;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Signs in under this prefix.
async fn sign_in(office: &Office, prefix: &str, body: &Value) -> Answer {
    ask(
        &office.house.stranger(),
        "POST",
        &format!("{prefix}/auth/login"),
        body,
    )
    .await
}

fn of(login: &str) -> Value {
    json!({"email": format!("{login}@demo.test"), "password": "maitred-demo"})
}

#[tokio::test]
async fn somebody_signs_in_and_is_told_who_they_are() {
    let office = Office::open().await;
    for prefix in PREFIXES {
        for login in ["admin", "manager", "waiter", "cashier", "kitchen"] {
            let entered = yes(&sign_in(&office, prefix, &of(login)).await);
            has_keys(&entered, "user token refreshToken expiresIn", "");
            assert_eq!(entered["expiresIn"], 86_400);
            let user = &entered["user"];
            assert_eq!(
                (&user["roles"], &user["username"]),
                (&json!([login]), &json!(login))
            );
            assert_eq!(user["email"], format!("{login}@demo.test"));
            let permissions = user["permissions"].as_array().unwrap();
            assert!(permissions.iter().all(Value::is_string), "{user}");
            assert!(
                !entered["user"].to_string().to_lowercase().contains("password"),
                "{user}"
            );
            let client = office.house.client(entered["token"].as_str().unwrap());
            for prefix in PREFIXES {
                let me = yes(&client.get(&format!("{prefix}/auth/me")).await);
                has_keys(
                    &me,
                    "id username email roles permissions",
                    "firstName lastName branchId",
                );
                assert!(is_id(&me["id"]), "{me}");
                for field in ["id", "username", "email", "roles", "permissions"] {
                    assert_eq!(me[field], user[field], "{field}");
                }
                yes(&client.get(&format!("{prefix}/restaurant/tables")).await);
            }
        }
        // For longer, and read with care.
        let mut body = of("manager");
        body["rememberMe"] = json!(true);
        yes(&sign_in(&office, prefix, &body).await);
    }
}

#[tokio::test]
async fn a_token_from_here_is_good_on_every_surface_and_the_other_way_round() {
    let office = Office::open().await;
    let client = office.signed_in("manager").await;
    yes(&client.get("/v1/me").await);
    yes(&client.get("/v1/restaurants/1/floor").await);
    yes(&client.get("/restaurants/test-restaurant-1/tables").await);
    let v1 = json!({"login": "manager", "password": "maitred-demo"});
    let v1 = yes(&office.house.stranger().post("/v1/sign-in", &v1).await);
    let client = office.house.client(v1["token"].as_str().unwrap());
    yes(&client.get(&at("/tables")).await);
    assert_eq!(yes(&client.get("/api/v1/auth/me").await)["username"], "manager");
    let host = json!({"email": "manager@demo.test", "password": "maitred-demo"});
    let host = yes(&office.house.stranger().post("/auth/login", &host).await);
    let client = office.house.client(host["access_token"].as_str().unwrap());
    yes(&client.get(&at("/tables")).await);
}

#[tokio::test]
async fn a_token_says_whose_it_is_and_lasts_a_day() {
    let office = Office::open().await;
    let entered = yes(&sign_in(&office, "/api/v1", &of("manager")).await);
    let token = entered["token"].as_str().unwrap();
    let claims = claims(token);
    for name in ["sub", "username", "email", "iat", "exp"] {
        assert!(!claims[name].is_null(), "{claims} has no {name}");
    }
    assert_eq!(
        (&claims["username"], &claims["email"]),
        (&json!("manager"), &json!("manager@demo.test"))
    );
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        86_400
    );
    let client = office.house.client(token);
    office.house.later(SignedDuration::from_secs(86_399));
    yes(&client.get(&at("/tables")).await);
    office.house.later(SignedDuration::from_secs(86_400));
    assert_eq!(no(&client.get(&at("/tables")).await), "401 Unauthorized");
    // The other one lasts longer.
    let body = json!({"refreshToken": entered["refreshToken"]});
    let fresh = ask(&office.house.stranger(), "POST", "/api/v1/auth/refresh", &body).await;
    let client = office.house.client(yes(&fresh)["token"].as_str().unwrap());
    yes(&client.get(&at("/tables")).await);
}

#[tokio::test]
async fn a_token_names_the_branches_and_the_roles_of_whoever_it_is() {
    let office = Office::open().await;
    let place_of = |it: &Value| {
        let names = ["tenant_ids", "restaurant_id", "roles"];
        names.map(|name| it[name].clone())
    };
    for (login, restaurant) in [
        ("admin", 1),
        ("manager", 1),
        ("waiter", 1),
        ("cashier", 1),
        ("manager2", 2),
    ] {
        let entered = yes(&sign_in(&office, "/api/v1", &of(login)).await);
        let role = json!([login.trim_end_matches('2')]);
        let expected = [json!([restaurant]), json!(restaurant), role];
        let first = claims(entered["token"].as_str().unwrap());
        assert_eq!(place_of(&first), expected, "{login}");
        // So does one of a refresh, which says all that the first one does.
        let body = json!({"refreshToken": entered["refreshToken"]});
        let fresh = ask(&office.house.stranger(), "POST", "/api/v1/auth/refresh", &body).await;
        let fresh = claims(yes(&fresh)["token"].as_str().unwrap());
        for name in [
            "sub",
            "username",
            "email",
            "iat",
            "exp",
            "tenant_ids",
            "restaurant_id",
            "roles",
        ] {
            assert_eq!(fresh[name], first[name], "{login}'s {name}");
        }
    }
    // Somebody of two branches.
    let admin = office.signed_in("admin").await;
    let branch = json!({"name": "Jetty Kiosk"});
    let branch = ask(&admin, "POST", "/api/v1/branches", &branch).await;
    super::office::made(&branch);
    let entered = yes(&sign_in(&office, "/api/v1", &of("admin")).await);
    let claims = claims(entered["token"].as_str().unwrap());
    assert_eq!(place_of(&claims), [json!([1, 3]), json!(1), json!(["admin"])]);
}

#[tokio::test]
async fn a_refresh_token_that_is_shown_again_ends_the_sign_in() {
    let office = Office::open().await;
    let entered = yes(&sign_in(&office, "/api/v1", &of("waiter")).await);
    let refresh = async |token: &Value| {
        let body = json!({"refreshToken": token});
        ask(&office.house.stranger(), "POST", "/api/v1/auth/refresh", &body).await
    };
    let fresh = yes(&refresh(&entered["refreshToken"]).await);
    assert_eq!(
        no(&refresh(&entered["refreshToken"]).await),
        "401 Invalid refresh token"
    );
    assert_eq!(
        no(&refresh(&fresh["refreshToken"]).await),
        "401 Invalid refresh token"
    );
    for token in [&entered["token"], &fresh["token"]] {
        let client = office.house.client(token.as_str().unwrap());
        assert_eq!(no(&client.get("/api/v1/auth/me").await), "401 Unauthorized");
    }
}

/// What a token says, whoever may have signed it.
fn claims(token: &str) -> Value {
    let middle = token.split('.').nth(1).unwrap();
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bytes, mut held, mut n_bits) = (Vec::new(), 0_u32, 0);
    for it in middle.bytes() {
        let digit = digits.iter().position(|digit| *digit == it).unwrap();
        held = held << 6 | u32::try_from(digit).unwrap();
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push(u8::try_from(held >> n_bits & 0xFF).unwrap());
        }
    }
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn whoever_goes_on_gets_a_new_pair() {
    let office = Office::open().await;
    let stranger = office.house.stranger();
    for prefix in PREFIXES {
        let entered = yes(&sign_in(&office, prefix, &of("waiter")).await);
        let body = json!({"refreshToken": entered["refreshToken"]});
        let fresh = yes(&ask(&stranger, "POST", &format!("{prefix}/auth/refresh"), &body).await);
        has_keys(&fresh, "token refreshToken expiresIn", "");
        assert_eq!(fresh["expiresIn"], 86_400);
        let client = office.house.client(fresh["token"].as_str().unwrap());
        assert_eq!(
            yes(&client.get(&format!("{prefix}/auth/me")).await)["username"],
            "waiter"
        );
        // A token for going on is none for going in, and the other way round.
        let client = office.house.client(fresh["refreshToken"].as_str().unwrap());
        assert_eq!(no(&client.get(&at("/tables")).await), "401 Unauthorized");
        for wrong in [fresh["token"].clone(), json!("nonsense"), json!("a.b.c")] {
            let answer = ask(
                &stranger,
                "POST",
                &format!("{prefix}/auth/refresh"),
                &json!({"refreshToken": wrong}),
            )
            .await;
            assert!(no(&answer).starts_with("401 "), "{answer:?}");
        }
        let answer = ask(&stranger, "POST", &format!("{prefix}/auth/refresh"), &json!({})).await;
        let said = no(&answer);
        assert!(said.contains("refreshToken must be a string"), "{said}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_somebody_unknown_are_told_the_same() {
    let office = Office::open().await;
    never_say("wrong-horse");
    let expected = json!({"message": "Invalid credentials", "error": "Unauthorized", "statusCode": 401});
    for prefix in PREFIXES {
        for (email, password) in [
            ("manager@demo.test", "wrong-horse"),
            ("nobody@demo.test", "maitred-demo"),
            ("nobody@demo.test", "wrong-horse"),
        ] {
            let answer = sign_in(&office, prefix, &json!({"email": email, "password": password})).await;
            assert_eq!(told(401, &answer), expected);
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_sign_in_is_said() {
    let office = Office::open().await;
    for (body, expected) in [
        (
            json!({"email": "manager", "password": "maitred-demo"}),
            "email must be an email",
        ),
        (
            json!({"email": 7, "password": "maitred-demo"}),
            "email must be an email",
        ),
        (
            json!({"email": "", "password": "maitred-demo"}),
            "email must be an email",
        ),
        (
            json!({"email": "a@b@c", "password": "maitred-demo"}),
            "email must be an email",
        ),
        (
            json!({"email": "manager@demo.test", "password": "maitred-demo", "remember": true}),
            "property remember should not exist",
        ),
    ] {
        let said = no(&sign_in(&office, "/api/v1", &body).await);
        assert_eq!(said, format!("400 [{expected}]"), "{body}");
    }
    for password in [json!("short"), json!(""), Value::Null, json!({}), json!([])] {
        let said = no(&sign_in(
            &office,
            "/api/v1",
            &json!({"email": "manager@demo.test", "password": password}),
        )
        .await);
        assert!(said.starts_with("400 [password "), "{password}: {said}");
    }
    let said = no(&sign_in(&office, "/api/v1", &json!({"rememberMe": false})).await);
    let (email, password) = (said.find("email ").unwrap(), said.find("password ").unwrap());
    assert!(said.starts_with("400 [") && email < password, "{said}");
}

#[tokio::test]
async fn whoever_guesses_has_to_wait() {
    let house = crate::house::House::open().await;
    let stranger = house.stranger();
    let mut statuses = Vec::new();
    for guess in 0..12 {
        let body = json!({"email": "manager@demo.test", "password": format!("guess-{guess}")});
        let answer = ask(&stranger, "POST", "/api/v1/auth/login", &body).await;
        statuses.push(answer.status.as_u16());
        if answer.status == 429 {
            let seconds = answer.headers["retry-after"].to_str().unwrap();
            let expected = format!("429 too many sign-ins failed: try again in {seconds} s");
            assert_eq!(no(&answer), expected);
        }
    }
    assert!(statuses.starts_with(&[401, 401, 401]), "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
}
