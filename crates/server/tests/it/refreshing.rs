//! Fresh tokens for old ones: each is good once.

use crate::client::Answer;
use crate::house::House;
use crate::probe::{Entrance, entrance, heard, no, shake, sign_in, signed_in};
use crate::signed::hs256;
use hyper::Method;
use jiff::SignedDuration;
use serde_json::json;

async fn refresh(house: &House, token: &str) -> Answer {
    house
        .stranger()
        .post("/v1/refresh", &json!({"refresh_token": token}))
        .await
}

/// What is answered to a refresh token that is worth nothing.
const WORTHLESS: &str = "401 bad_credential - | this refresh token is not valid";
const REUSED: &str = "401 refresh_reused - | this refresh token was used before: the sign-in has been ended";

#[tokio::test]
async fn a_refresh_token_brings_fresh_tokens_for_the_same_sign_in() {
    let house = House::open().await;
    let entered = entrance(&house, "waiter").await;
    house.later(SignedDuration::from_mins(31));
    assert_eq!(entered.statuses(&house).await, [401, 200]);
    let answer = refresh(&house, &entered.refresh_token).await;
    assert_eq!(answer.headers["cache-control"], "no-store");
    let body = answer.json();
    assert_eq!(body["expires_at"], "2026-11-20T20:31:00Z");
    assert_eq!(body["refresh_expires_at"], "2026-11-27T20:01:00Z");
    assert_eq!(body["staff"]["staff_id"], 4);
    let fresh = Entrance::of(&answer);
    assert_eq!(fresh.id, entered.id);
    assert_ne!(fresh.refresh_token, entered.refresh_token);
    assert_eq!(house.client(&fresh.token).get("/v1/me").await.status, 200);
    assert_eq!(entered.statuses(&house).await, [401, 200], "the cookie stays");
}

#[tokio::test]
async fn a_chain_of_refreshes_goes_on_as_long_as_it_is_used_within_a_week() {
    let house = House::open().await;
    let mut token = entrance(&house, "waiter").await.refresh_token;
    for days in [6, 12, 18] {
        house.later(SignedDuration::from_hours(24 * days));
        token = Entrance::of(&refresh(&house, &token).await).refresh_token;
    }
    house.later(SignedDuration::from_hours(24 * 25));
    let answer = refresh(&house, &token).await;
    assert_eq!(
        no(&answer),
        "401 credential_expired - | this refresh token has run out"
    );
}

#[tokio::test]
async fn a_refresh_token_that_is_shown_again_ends_all_that_came_of_the_sign_in() {
    let house = House::open().await;
    let stolen = entrance(&house, "waiter").await;
    let other = entrance(&house, "waiter").await;
    let fresh = Entrance::of(&refresh(&house, &stolen.refresh_token).await);
    let bearer = format!("Bearer {}", fresh.token);
    let headers = [
        ("authorization", bearer.as_str()),
        ("cookie", stolen.cookie.as_str()),
    ];
    let mut screens = Vec::new();
    for header in headers {
        let mut screen = shake(&house, "1", &[header]).await.unwrap();
        assert_eq!(heard(&mut screen).await.unwrap()["type"], "snapshot");
        screens.push(screen);
    }
    assert_eq!(no(&refresh(&house, &stolen.refresh_token).await), REUSED);
    for screen in &mut screens {
        assert_eq!(heard(screen).await, Err(4100));
    }
    assert_eq!(stolen.statuses(&house).await, [401, 401]);
    assert_eq!(house.client(&fresh.token).get("/v1/me").await.status, 401);
    assert_eq!(no(&refresh(&house, &fresh.refresh_token).await), WORTHLESS);
    assert_eq!(
        other.statuses(&house).await,
        [200, 200],
        "another sign-in is another family"
    );
}

#[tokio::test]
async fn of_two_who_refresh_at_once_with_the_same_token_one_is_served() {
    let house = House::open().await;
    for _ in 0..10 {
        let token = entrance(&house, "waiter").await.refresh_token;
        let (one, other) = tokio::join!(refresh(&house, &token), refresh(&house, &token));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
        let (served, refused) = if one.status == 200 {
            (one, other)
        } else {
            (other, one)
        };
        assert_eq!(no(&refused), REUSED);
        let fresh = Entrance::of(&served);
        assert_eq!(house.client(&fresh.token).get("/v1/me").await.status, 401);
    }
}

#[tokio::test]
async fn a_token_for_requests_does_not_refresh_and_one_that_refreshes_asks_for_nothing() {
    let house =
        House::open_with(|config| config.tokens.secret = Some("between programs".to_owned().into())).await;
    let entered = entrance(&house, "waiter").await;
    assert_eq!(no(&refresh(&house, &entered.token).await), WORTHLESS);
    let bearer = house.client(&entered.refresh_token).get("/v1/me").await;
    assert_eq!(no(&bearer), "401 bad_credential - | this credential is not valid");
    let foreign = json!({"sub": "4", "type": "refresh", "exp": 1_900_000_000,
        "restaurant_id": 1, "session_id": entered.id});
    for worthless in [
        "",
        "nonsense",
        "demo-key-restaurant-1",
        entered.cookie.trim_start_matches("maitred_session="),
        &hs256("between programs", &foreign),
        &hs256("guessed", &foreign),
    ] {
        assert_eq!(no(&refresh(&house, worthless).await), WORTHLESS, "{worthless}");
    }
    assert_eq!(entered.statuses(&house).await, [200, 200]);
}

#[tokio::test]
async fn what_was_refreshed_and_what_was_used_up_is_known_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_at(folder.path(), 0).await;
    let entered = entrance(&house, "waiter").await;
    let fresh = Entrance::of(&refresh(&house, &entered.refresh_token).await);
    house.stop().await;
    let house = House::open_at(folder.path(), 0).await;
    assert_eq!(house.client(&fresh.token).get("/v1/me").await.status, 200);
    let fresher = Entrance::of(&refresh(&house, &fresh.refresh_token).await);
    house.stop().await;
    let house = House::open_at(folder.path(), 0).await;
    assert_eq!(no(&refresh(&house, &entered.refresh_token).await), REUSED);
    house.stop().await;
    let house = House::open_at(folder.path(), 0).await;
    assert_eq!(no(&refresh(&house, &fresher.refresh_token).await), WORTHLESS);
}

#[tokio::test]
async fn a_sign_in_that_was_ended_is_not_refreshed() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let out = entrance(&house, "waiter").await;
    let signing_out = house.client(&out.token);
    let answer = signing_out
        .send(Method::POST, "/v1/sign-out", &[], String::new())
        .await;
    assert_eq!(answer.status, 204);
    assert_eq!(no(&refresh(&house, &out.refresh_token).await), WORTHLESS);
    let gone = entrance(&house, "host").await;
    let answer = admin
        .patch("/v1/restaurants/1/staff/3", &json!({"active": false}))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(no(&refresh(&house, &gone.refresh_token).await), WORTHLESS);
}

#[tokio::test]
async fn foreign_pages_refresh_nothing() {
    let house = House::open().await;
    let token = entrance(&house, "waiter").await.refresh_token;
    let body = json!({"refresh_token": token}).to_string();
    let origin = [("origin", "https://evil.example")];
    let answer = house
        .stranger()
        .send(Method::POST, "/v1/refresh", &origin, body)
        .await;
    assert_eq!(answer.status, 403, "{answer:?}");
    assert_eq!(refresh(&house, &token).await.status, 200);
    assert_eq!(
        house
            .client(&sign_in(&house, "waiter").await)
            .get("/v1/me")
            .await
            .status,
        200
    );
}
