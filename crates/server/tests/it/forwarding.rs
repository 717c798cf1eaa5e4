//! Behind a reverse proxy: for whom a request is, and who is believed when they say so.

use crate::client::Client;
use crate::house::House;
use crate::probe::request;
use std::net::Ipv4Addr;

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
