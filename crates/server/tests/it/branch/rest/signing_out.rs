//! Signing out: the sign-in ends, on every surface, and nobody else's.

use super::office::{Office, PREFIXES, ask, at, no, yes};
use super::shapes::check;
use crate::client::Client;
use crate::visitors::OPERATOR;
use serde_json::{Value, json};

/// Signs a waiter in. Answers a client with the token, and what it goes on with.
async fn entered(office: &Office) -> (Client, Value) {
    let body = json!({"email": "waiter@demo.test", "password": "maitred-demo"});
    let answer = yes(&ask(&office.house.stranger(), "POST", "/api/v1/auth/login", &body).await);
    let client = office.house.client(answer["token"].as_str().unwrap());
    (client, answer["refreshToken"].clone())
}

/// Signs out under this prefix.
async fn sign_out(client: &Client, prefix: &str) -> crate::client::Answer {
    ask(client, "POST", &format!("{prefix}/auth/logout"), &Value::Null).await
}

#[tokio::test]
async fn whoever_signs_out_is_out_everywhere_and_nobody_else() {
    let office = Office::open().await;
    let (other, _) = entered(&office).await;
    for prefix in PREFIXES {
        let (client, refresh) = entered(&office).await;
        yes(&client.get(&at("/tables")).await);
        yes(&client.get("/v1/me").await);
        yes(&client.get("/restaurants/test-restaurant-1/tables").await);
        let said = yes(&sign_out(&client, prefix).await);
        check("message", &said);
        assert!(said["message"].is_string(), "{said}");
        for prefix in PREFIXES {
            for place in ["/auth/me", "/restaurant/tables", "/branches"] {
                let answer = client.get(&format!("{prefix}{place}")).await;
                assert_eq!(no(&answer), "401 Unauthorized", "{prefix}{place}");
            }
            assert_eq!(no(&sign_out(&client, prefix).await), "401 Unauthorized");
        }
        for place in ["/v1/me", "/restaurants/test-restaurant-1/tables"] {
            assert_eq!(client.get(place).await.status, 401, "{place}");
        }
        // Nor does anybody go on from there.
        let body = json!({"refreshToken": refresh});
        let path = format!("{prefix}/auth/refresh");
        let said = no(&ask(&office.house.stranger(), "POST", &path, &body).await);
        assert_eq!(said, "401 Invalid refresh token");
        // Another sign-in of the same person is another one.
        yes(&other.get("/api/v1/auth/me").await);
    }
}

#[tokio::test]
async fn who_is_not_signed_in_does_not_sign_out() {
    let office = Office::open().await;
    for client in [office.house.stranger(), office.house.client("garbage")] {
        for prefix in PREFIXES {
            let answer = sign_out(&client, prefix).await;
            assert_eq!(answer.status, 401);
            assert_eq!(
                answer.json(),
                json!({"message": "Unauthorized", "statusCode": 401})
            );
        }
    }
}

#[tokio::test]
async fn what_has_no_sign_in_is_as_good_after_it() {
    let office = Office::open().await;
    for client in [
        office.house.manager(),
        office.with_roles(&["waiter"], &[1]),
        office.house.client(OPERATOR),
    ] {
        check("message", &yes(&sign_out(&client, "/api/v1").await));
        yes(&client.get(&at("/tables")).await);
    }
}

#[tokio::test]
async fn a_sign_in_of_another_surface_is_ended_from_here_and_the_other_way_round() {
    let office = Office::open().await;
    let body = json!({"login": "waiter", "password": "maitred-demo"});
    let there = yes(&office.house.stranger().post("/v1/sign-in", &body).await);
    let there = office.house.client(there["token"].as_str().unwrap());
    // No body is looked at.
    let odd = ask(&there, "POST", "/api/v1/auth/logout", &json!({"bogus": 1})).await;
    yes(&odd);
    assert_eq!(there.get("/v1/me").await.status, 401);
    let (here, _) = entered(&office).await;
    let answer = here.post("/v1/sign-out", &json!({})).await;
    assert!(answer.status.is_success(), "{answer:?}");
    assert_eq!(no(&here.get("/api/v1/auth/me").await), "401 Unauthorized");
}
