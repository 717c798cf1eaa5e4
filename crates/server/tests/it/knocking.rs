//! Wrong passwords: what they cost whoever sends them, and nobody else.

use crate::client::{Answer, Client};
use crate::house::House;
use crate::probe::{no, times_reached};
use futures_util::StreamExt;
use futures_util::stream::iter;
use hyper::Method;
use jiff::SignedDuration;
use maitred::config::Config;
use maitred::demo;
use serde_json::json;
use std::net::Ipv4Addr;

async fn attempt(client: &Client, login: &str, password: &str) -> Answer {
    client
        .post("/v1/sign-in", &json!({"login": login, "password": password}))
        .await
}

/// As [`attempt`], through a proxy that says it comes from this address.
async fn attempt_from(house: &House, address: Ipv4Addr, login: &str, password: &str) -> Answer {
    let address = address.to_string();
    let headers = [("x-forwarded-for", address.as_str())];
    let body = json!({"login": login, "password": password}).to_string();
    house
        .stranger()
        .send(Method::POST, "/v1/sign-in", &headers, body)
        .await
}

/// Lets the test play the addresses of many.
fn behind_a_proxy(config: &mut Config) {
    config.proxies = vec!["127.0.0.1".to_owned()].try_into().unwrap();
}

#[tokio::test]
async fn whoever_fails_often_waits_longer_each_time() {
    let house = House::open().await;
    let client = house.stranger();
    for _ in 0..5 {
        let answer = attempt(&client, "host", "guess").await;
        assert_eq!(
            no(&answer),
            "401 bad_credentials - | this name and password do not match"
        );
    }
    let mut passed = 0;
    for seconds in [10, 20, 40, 80, 160, 320, 640, 900, 900] {
        for password in ["guess", demo::PASSWORD] {
            let answer = attempt(&client, "host", password).await;
            let said =
                format!("429 too_many_sign_ins - | too many sign-ins failed: try again in {seconds} s");
            assert_eq!(no(&answer), said);
            assert_eq!(answer.headers["retry-after"], seconds.to_string());
        }
        passed += seconds;
        house.later(SignedDuration::from_secs(passed));
        assert_eq!(attempt(&client, "host", "guess").await.status, 401);
    }
    assert_eq!(times_reached(&house, "failed_sign_ins").await, 18);
    house.later(SignedDuration::from_secs(passed + 900));
    assert_eq!(attempt(&client, "host", demo::PASSWORD).await.status, 200);
    // The right password has wiped the slate clean.
    assert_eq!(attempt(&client, "host", "guess").await.status, 401);
    assert_eq!(attempt(&client, "host", demo::PASSWORD).await.status, 200);
}

#[tokio::test]
async fn nobody_waits_for_what_fails_at_another_account_or_from_another_address() {
    let house = House::open().await;
    let here = house.stranger();
    for _ in 0..5 {
        attempt(&here, "host", "guess").await;
    }
    assert_eq!(attempt(&here, "host", demo::PASSWORD).await.status, 429);
    assert_eq!(attempt(&here, "waiter", demo::PASSWORD).await.status, 200);
    let elsewhere = Client::from_source(house.address, Ipv4Addr::new(127, 0, 0, 77), None);
    assert_eq!(attempt(&elsewhere, "host", demo::PASSWORD).await.status, 200);
}

#[tokio::test]
async fn an_address_that_tries_everybody_waits_for_everybody() {
    let house = House::open().await;
    let here = house.stranger();
    for number in 0..30 {
        assert_eq!(
            attempt(&here, &format!("guest{number}"), "guess").await.status,
            401
        );
    }
    assert_eq!(attempt(&here, "host", demo::PASSWORD).await.status, 429);
    assert_eq!(times_reached(&house, "failed_sign_ins_per_address").await, 1);
    house.later(SignedDuration::from_secs(10));
    assert_eq!(attempt(&here, "host", demo::PASSWORD).await.status, 200);
}

#[tokio::test]
async fn names_that_nobody_has_are_treated_like_those_that_somebody_has() {
    let house = House::open_with(behind_a_proxy).await;
    for (number, name) in (1..).zip(["host", "nobody"]) {
        let address = Ipv4Addr::new(203, 0, 113, number);
        let mut answers = Vec::new();
        for spelled in [
            name,
            &name.to_uppercase(),
            &format!(" {name}"),
            &format!("{name} "),
            name,
            name,
        ] {
            answers.push(no(&attempt_from(&house, address, spelled, "guess").await));
        }
        let wrong = "401 bad_credentials - | this name and password do not match";
        let mut expected = [wrong; 6];
        expected[5] = "429 too_many_sign_ins - | too many sign-ins failed: try again in 10 s";
        assert_eq!(answers, expected, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_wrong_passwords_from_everywhere_keep_no_waiter_out() {
    let house = House::open_with(behind_a_proxy).await;
    let strangers = iter(0..10_000_u32).map(|number| {
        let address = Ipv4Addr::from(0x0a00_0000 + number);
        attempt_from(&house, address, "waiter", "guess")
    });
    let statuses: Vec<u16> = strangers
        .buffer_unordered(32)
        .map(|it| it.status.as_u16())
        .collect()
        .await;
    assert!(statuses.iter().all(|it| *it == 401), "they are all looked at");
    let waiter = Ipv4Addr::new(192, 0, 2, 4);
    assert_eq!(
        attempt_from(&house, waiter, "waiter", demo::PASSWORD)
            .await
            .status,
        200
    );
}
