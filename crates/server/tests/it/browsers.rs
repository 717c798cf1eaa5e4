//! What browsers are told, and whose pages they let in.

use crate::client::{Answer, Client};
use crate::house::House;
use crate::probe::{COMMANDS, FLOOR, KEY, no, request, sign_in};
use expect_test::expect;

/// The headers that tell a browser something, a line each.
fn told(answer: &Answer) -> String {
    let prefixes = [
        "access-control-",
        "content-security",
        "cross-origin",
        "permissions",
        "referrer",
        "strict-transport",
        "vary",
        "x-content",
        "x-frame",
    ];
    let mut lines: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| prefixes.iter().any(|it| name.as_str().starts_with(it)))
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()))
        .collect();
    lines.sort();
    lines.concat()
}

fn cors(answer: &Answer) -> String {
    let told = told(answer);
    let lines = told
        .lines()
        .filter(|it| it.starts_with("access-control-") || it.starts_with("vary"));
    lines.map(|it| format!("{it}\n")).collect()
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_not_to_do_with_it() {
    let house = House::open().await;
    let stranger = Client::new(house.address, None);
    let welcome = stranger.get("/v1/welcome").await;
    expect![[r#"
        content-security-policy: default-src 'none'; frame-ancestors 'none'
        cross-origin-opener-policy: same-origin
        cross-origin-resource-policy: same-origin
        permissions-policy: camera=(), microphone=(), geolocation=(), payment=()
        referrer-policy: no-referrer
        x-content-type-options: nosniff
        x-frame-options: DENY
    "#]]
    .assert_eq(&told(&welcome));
    for path in ["/health", "/metrics", "/docs/openapi.json", "/nowhere", FLOOR] {
        assert_eq!(told(&stranger.get(path).await), told(&welcome), "{path}");
    }
}

#[tokio::test]
async fn pages_of_listed_origins_may_read_answers_and_others_are_told_nothing() {
    let house = House::open_with(|it| it.origins = vec!["https://wall.example".to_owned()]).await;
    let bearer = format!("authorization: Bearer {KEY}");
    let ask = async |method: &str, origin: &str, more: &[&str]| {
        let origin = format!("origin: {origin}");
        let mut headers = vec![origin.as_str(), bearer.as_str()];
        headers.extend(more);
        request(house.address, method, FLOOR, &headers, b"").await
    };
    let question = [
        "access-control-request-method: PATCH",
        "access-control-request-headers: authorization, idempotency-key, if-match",
    ];
    for origin in [
        "https://wall.example",
        "http://localhost:5173",
        "http://127.0.0.1:3000",
    ] {
        let answer = ask("GET", origin, &[]).await;
        assert_eq!(answer.status, 200);
        let allowed = format!("access-control-allow-origin: {origin}\n");
        assert!(told(&answer).contains(&allowed), "{}", told(&answer));
    }
    expect![[r#"
        access-control-allow-credentials: true
        access-control-allow-origin: https://wall.example
        access-control-expose-headers: x-seq,etag,retry-after
        vary: origin
    "#]]
    .assert_eq(&cors(&ask("GET", "https://wall.example", &[]).await));
    let answer = ask("OPTIONS", "https://wall.example", &question).await;
    assert_eq!(answer.status, 200);
    expect![[r#"
        access-control-allow-credentials: true
        access-control-allow-headers: authorization,content-type,if-match,idempotency-key,x-min-seq,last-event-id,x-device
        access-control-allow-methods: GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS
        access-control-allow-origin: https://wall.example
        access-control-max-age: 600
        vary: origin
    "#]]
    .assert_eq(&cors(&answer));
    assert!(told(&answer).contains("x-frame-options: DENY"));
    for origin in ["https://evil.example", "http://wall.example", "null"] {
        let answer = ask("GET", origin, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), cors(&answer).as_str()),
            (200, ""),
            "{origin}"
        );
        let answer = ask("OPTIONS", origin, &question).await;
        assert_eq!(
            (answer.status.as_u16(), cors(&answer).as_str()),
            (405, ""),
            "{origin}"
        );
    }
    // No question of a browser: a method that the address does not have.
    assert_eq!(ask("OPTIONS", "https://wall.example", &[]).await.status, 405);
}

#[tokio::test]
async fn what_a_cookie_changes_has_to_be_asked_for_by_a_page_of_ours() {
    let house = House::open_with(|it| it.origins = vec!["https://wall.example".to_owned()]).await;
    let cookie = format!("cookie: maitred_session={}", sign_in(&house, "manager").await);
    let own = format!("origin: http://{}", house.address);
    let listed = "origin: https://wall.example";
    let body = br#"{"command":"touch_turn","turn_id":1}"#;
    let rows = [
        ("same-origin", own.as_str(), 404),
        ("none", own.as_str(), 404),
        ("same-site", listed, 404),
        ("cross-site", listed, 403),
        ("cross-site", own.as_str(), 403),
    ];
    for (site, origin, expected) in rows {
        let site = format!("sec-fetch-site: {site}");
        let answer = request(house.address, "POST", COMMANDS, &[&cookie, origin, &site], body).await;
        assert_eq!(answer.status, expected, "{site} {origin}");
        if expected == 403 {
            assert_eq!(
                no(&answer),
                "403 origin_not_listed - | pages of this origin may not connect"
            );
        }
    }
    // Reading changes nothing, and a bearer token is sent by nobody but who has it.
    let reading = request(
        house.address,
        "GET",
        FLOOR,
        &[&cookie, &own, "sec-fetch-site: cross-site"],
        b"",
    )
    .await;
    assert_eq!(reading.status, 200);
    let bearer = format!("authorization: Bearer {KEY}");
    let asked = request(
        house.address,
        "POST",
        COMMANDS,
        &[&bearer, "sec-fetch-site: cross-site"],
        body,
    )
    .await;
    assert_eq!(asked.status, 404);
}
