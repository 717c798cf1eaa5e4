//! Pages that ask: those of our own host and of listed origins may, and browsers are told so.

use super::office::{Office, PREFIXES, told};
use crate::client::Answer;
use crate::probe::request;
use maitred::config::Config;
use serde_json::json;

const LISTED: &str = "https://wall.example";

fn with_a_wall(config: &mut Config) {
    config.origins = vec![LISTED.to_owned()];
}

/// Asks as a page of this origin, with the manager's key.
async fn ask_from(office: &Office, origin: &str, method: &str, path: &str, more: &[&str]) -> Answer {
    let origin = format!("origin: {origin}");
    let mut headers = vec![origin.as_str(), "authorization: Bearer demo-key-restaurant-1"];
    headers.extend(more);
    request(office.house.address, method, path, &headers, b"").await
}

/// The headers that tell a browser who may read an answer, a line each.
fn cors(answer: &Answer) -> Vec<String> {
    let lines = answer.headers.iter().filter_map(|(name, value)| {
        let is_ours = name.as_str().starts_with("access-control-") || name == "vary";
        is_ours.then(|| format!("{name}: {}", value.to_str().unwrap()))
    });
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn pages_of_a_foreign_origin_are_told_so_and_change_nothing() {
    let office = Office::open_with(with_a_wall).await;
    let table = office.id_of("7").await;
    let before = office.standing().await;
    let expected =
        json!({"message": "pages of this origin may not connect", "error": "Forbidden", "statusCode": 403});
    for prefix in PREFIXES {
        for (method, path) in [
            ("GET", "/restaurant/tables".to_owned()),
            ("GET", format!("/restaurant/tables/{table}")),
            ("POST", "/restaurant/tables".to_owned()),
            ("PATCH", format!("/restaurant/tables/{table}/unassign-server")),
            ("DELETE", format!("/restaurant/tables/{table}")),
            ("GET", "/restaurant/floor-plans".to_owned()),
            ("GET", "/restaurant/table-sections".to_owned()),
            ("GET", "/branches".to_owned()),
            ("POST", "/settings/restaurant/initialize".to_owned()),
            ("GET", "/auth/me".to_owned()),
            ("POST", "/auth/login".to_owned()),
            ("POST", "/auth/refresh".to_owned()),
            ("POST", "/auth/logout".to_owned()),
        ] {
            for origin in ["https://evil.example", "http://wall.example", "null"] {
                let answer = ask_from(&office, origin, method, &format!("{prefix}{path}"), &[]).await;
                assert_eq!(told(403, &answer), expected, "{method} {path} from {origin}");
                assert!(cors(&answer).is_empty(), "{answer:?}");
            }
        }
    }
    assert_eq!(office.standing().await, before);
}

#[tokio::test]
async fn pages_of_our_own_host_and_of_a_listed_origin_may_ask() {
    let office = Office::open_with(with_a_wall).await;
    let own = format!("http://{}", office.house.address);
    for prefix in PREFIXES {
        for origin in [own.as_str(), LISTED] {
            for (method, path, status) in [
                ("GET", "/restaurant/tables", 200),
                ("GET", "/branches", 200),
                ("POST", "/restaurant/tables", 400),
                ("POST", "/auth/login", 400),
                ("GET", "/restaurant/chairs", 404),
            ] {
                let answer = ask_from(&office, origin, method, &format!("{prefix}{path}"), &[]).await;
                assert_eq!(answer.status, status, "{method} {path} from {origin}: {answer:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_listed_origin_reads_every_answer_with_its_credentials() {
    let office = Office::open_with(with_a_wall).await;
    let expected = [
        "access-control-allow-credentials: true",
        "access-control-allow-origin: https://wall.example",
        "access-control-expose-headers: x-seq,etag,retry-after",
        "vary: origin",
    ];
    for prefix in PREFIXES {
        for (path, status) in [
            ("/restaurant/tables", 200),
            ("/restaurant/tables?bogus=1", 400),
            ("/restaurant/tables/nothing", 404),
            ("/restaurant/chairs", 404),
        ] {
            let answer = ask_from(&office, LISTED, "GET", &format!("{prefix}{path}"), &[]).await;
            assert_eq!(answer.status, status, "{answer:?}");
            assert_eq!(cors(&answer), expected, "{path}");
        }
        let path = format!("{prefix}/restaurant/tables");
        let origin = format!("origin: {LISTED}");
        let nobody = request(office.house.address, "GET", &path, &[&origin], b"").await;
        assert_eq!(
            (nobody.status.as_u16(), cors(&nobody)),
            (401, expected.map(str::to_owned).to_vec())
        );
    }
}

#[tokio::test]
async fn a_browser_that_asks_first_is_told_of_a_listed_origin_only() {
    let office = Office::open_with(with_a_wall).await;
    let question = [
        "access-control-request-method: PATCH",
        "access-control-request-headers: authorization, idempotency-key, if-match",
    ];
    for prefix in PREFIXES {
        let path = format!("{prefix}/restaurant/tables");
        let answer = ask_from(&office, LISTED, "OPTIONS", &path, &question).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let told_them = cors(&answer);
        for line in [
            "access-control-allow-credentials: true",
            "access-control-allow-origin: https://wall.example",
            "access-control-allow-methods: GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS",
            "access-control-allow-headers: authorization,content-type,if-match,idempotency-key,x-min-seq,\
             last-event-id,x-device",
        ] {
            assert!(
                told_them.iter().any(|it| it == line),
                "{line} is not in {told_them:?}"
            );
        }
        let answer = ask_from(&office, "https://evil.example", "OPTIONS", &path, &question).await;
        let expected =
            json!({"message": format!("Cannot OPTIONS {path}"), "error": "Not Found", "statusCode": 404});
        assert_eq!((told(404, &answer), cors(&answer)), (expected, Vec::new()));
    }
}
