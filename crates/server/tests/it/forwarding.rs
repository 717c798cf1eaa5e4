//! Behind a reverse proxy: for whom a request is, and who is believed when they say so.

use crate::client::Client;
use crate::house::House;
use crate::probe::{HANDSHAKE, KEY, request};
use std::net::Ipv4Addr;

const STREAM: &str = "/v1/restaurants/1/stream";

/// The status of a handshake that was passed on for this address, and by whom.
async fn begin(house: &House, more: &[&str]) -> u16 {
    let bearer = format!("authorization: Bearer {KEY}");
    let mut headers = HANDSHAKE.to_vec();
    headers.push(&bearer);
    headers.extend(more);
    let mut wire = crate::probe::Wire::open(house.address).await;
    let head = format!(
        "GET {STREAM} HTTP/1.1\r\nhost: {}\r\n{}\r\n\r\n",
        house.address,
        headers.join("\r\n")
    );
    wire.say(head).await;
    let line = wire.until("\r\n").await;
    line.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn those_behind_a_proxy_of_ours_are_counted_one_by_one() {
    let house = House::open_with(|it| {
        it.limits.handshakes_per_minute = 1;
        it.proxies = vec!["127.0.0.1".to_owned()].try_into().unwrap();
    })
    .await;
    assert_eq!(begin(&house, &["x-forwarded-for: 203.0.113.1"]).await, 101);
    assert_eq!(begin(&house, &["x-forwarded-for: 203.0.113.1"]).await, 429);
    assert_eq!(begin(&house, &["x-forwarded-for: 203.0.113.2"]).await, 101);
    // What somebody writes in front of what the proxy has added does not make another of them.
    assert_eq!(
        begin(&house, &["x-forwarded-for: 198.51.100.7, 203.0.113.1"]).await,
        429
    );
    assert_eq!(
        begin(&house, &["forwarded: for=\"[2001:db8::1]:4711\""]).await,
        101
    );
    assert_eq!(
        begin(&house, &["forwarded: for=\"[2001:db8::2]:4711\""]).await,
        429
    );
}

#[tokio::test]
async fn somebody_who_is_no_proxy_of_ours_is_counted_as_himself_whatever_he_says() {
    let house = House::open_with(|it| it.limits.handshakes_per_minute = 1).await;
    assert_eq!(begin(&house, &["x-forwarded-for: 203.0.113.1"]).await, 101);
    assert_eq!(begin(&house, &["x-forwarded-for: 203.0.113.2"]).await, 429);
    assert_eq!(begin(&house, &["x-real-ip: 203.0.113.3"]).await, 429);
}

#[tokio::test]
async fn browsers_that_came_over_https_are_told_to_come_by_nothing_else_if_the_operator_says_so() {
    for (hsts, scheme, is_told) in [
        (true, "https", true),
        (true, "http", false),
        (false, "https", false),
    ] {
        let house = House::open_with(|it| {
            it.hsts = hsts;
            it.proxies = vec!["127.0.0.0/30".to_owned()].try_into().unwrap();
        })
        .await;
        let scheme = [("x-forwarded-proto", scheme), ("x-forwarded-for", "203.0.113.1")];
        for (source, is_ours) in [([127, 0, 0, 2], true), ([127, 9, 9, 9], false)] {
            let client = Client::from_source(house.address, Ipv4Addr::from(source), None);
            let answer = client
                .send(hyper::Method::GET, "/health", &scheme, String::new())
                .await;
            let said = answer.headers.get("strict-transport-security");
            assert_eq!(said.is_some(), is_told && is_ours, "{hsts} {scheme:?} {source:?}");
            assert!(said.is_none_or(|it| it == "max-age=31536000"));
        }
    }
}

#[tokio::test]
async fn the_host_that_a_proxy_was_asked_for_is_our_own() {
    let house = House::open_with(|it| it.proxies = vec!["127.0.0.1".to_owned()].try_into().unwrap()).await;
    let headers = ["x-forwarded-host: floor.example", "x-forwarded-for: 203.0.113.1"];
    let ask = async |more: &[&str]| {
        let mut all = vec!["origin: https://floor.example"];
        all.extend(more);
        request(house.address, "POST", "/v1/sign-out", &all, b"")
            .await
            .status
            .as_u16()
    };
    assert_eq!(ask(&headers).await, 204);
    assert_eq!(ask(&[]).await, 403);
}
