//! Wrong addresses, methods, credentials and queries are answered in our shape, and change nothing.

use crate::house::House;
use crate::probe::{COMMANDS, FLOOR, KEY, no, request, standing};
use expect_test::expect;
use hyper::Method;
use serde_json::json;

const TOUCH: &str = r#"{"command":"touch_turn","turn_id":1}"#;

#[tokio::test]
async fn nobody_gets_in_without_a_credential_of_this_restaurant() {
    let house = House::open().await;
    let before = standing(&house).await;
    let rows = [
        ("nothing", "/v1/restaurants/1/commands", None),
        ("another scheme", COMMANDS, Some("Basic ZGVtbzpkZW1v")),
        ("an empty one", COMMANDS, Some("Bearer ")),
        ("no scheme", COMMANDS, Some("demo-key-restaurant-1")),
        ("nonsense", COMMANDS, Some("Bearer nonsense")),
        ("nonsense of 10 KiB", COMMANDS, Some("Bearer LONG")),
        (
            "another restaurant's key",
            COMMANDS,
            Some("Bearer demo-key-restaurant-2"),
        ),
        (
            "a restaurant that is not there",
            "/v1/restaurants/nowhere/commands",
            Some("Bearer demo-key-restaurant-1"),
        ),
        (
            "an id that is not there",
            "/v1/restaurants/99/commands",
            Some("Bearer demo-key-restaurant-1"),
        ),
        (
            "an id beyond all",
            "/v1/restaurants/99999999999999999999/commands",
            Some("Bearer demo-key-restaurant-1"),
        ),
        (
            "a name that is no UTF-8",
            "/v1/restaurants/%ff/commands",
            Some("Bearer demo-key-restaurant-1"),
        ),
        (
            "a name with a zero byte",
            "/v1/restaurants/1%00/commands",
            Some("Bearer demo-key-restaurant-1"),
        ),
    ];
    let mut lines = String::new();
    for (name, path, credential) in rows {
        let header =
            credential.map(|it| format!("authorization: {}", it.replace("LONG", &"x".repeat(10_000))));
        let headers: Vec<&str> = header.iter().map(String::as_str).collect();
        let answer = request(house.address, "POST", path, &headers, TOUCH.as_bytes()).await;
        let asks = answer
            .headers
            .get("www-authenticate")
            .map(|it| it.to_str().unwrap());
        assert_eq!(asks, (answer.status == 401).then_some("Bearer"), "{name}");
        lines += &format!("{name}\n    {}\n", no(&answer));
    }
    expect![[r#"
        nothing
            401 no_credential - | sign in first: send a bearer token or API key
        another scheme
            401 no_credential - | sign in first: send a bearer token or API key
        an empty one
            401 no_credential - | sign in first: send a bearer token or API key
        no scheme
            401 no_credential - | sign in first: send a bearer token or API key
        nonsense
            401 bad_credential - | this credential is not valid
        nonsense of 10 KiB
            401 bad_credential - | this credential is not valid
        another restaurant's key
            404 unknown_restaurant restaurant | there is no such restaurant
        a restaurant that is not there
            404 unknown_restaurant restaurant | there is no such restaurant
        an id that is not there
            404 unknown_restaurant restaurant | there is no such restaurant
        an id beyond all
            404 unknown_restaurant restaurant | there is no such restaurant
        a name that is no UTF-8
            404 unknown_restaurant restaurant | there is no such restaurant
        a name with a zero byte
            404 unknown_restaurant restaurant | there is no such restaurant
    "#]]
    .assert_eq(&lines);
    assert_eq!(standing(&house).await, before);
}

#[tokio::test]
async fn wrong_addresses_and_methods_are_answered_in_our_shape() {
    let house = House::open().await;
    let rows = [
        ("GET", COMMANDS),
        ("PUT", COMMANDS),
        ("DELETE", COMMANDS),
        ("OPTIONS", COMMANDS),
        ("BREW", COMMANDS),
        ("POST", "/v1/restaurants/1/floor"),
        ("POST", "/v1/restaurants/1/stream"),
        ("DELETE", "/v1/restaurants/1/settings"),
        ("GET", "/v1/sign-in"),
        ("POST", "/health"),
        ("DELETE", "/metrics"),
        ("GET", "/v1"),
        ("GET", "/v1/restaurants"),
        ("GET", "/v1/restaurants/1"),
        ("GET", "/v1/restaurants/1/floor/"),
        ("GET", "/v2/restaurants/1/floor"),
        ("GET", "/V1/restaurants/1/floor"),
        ("POST", "/"),
        ("GET", "/docs/nothing.json"),
        ("GET", "/../etc/passwd"),
        ("GET", "/%2e%2e/etc/passwd"),
        ("GET", "/assets/..%2f..%2fCargo.toml"),
    ];
    let bearer = format!("authorization: Bearer {KEY}");
    let mut lines = String::new();
    for (method, path) in rows {
        let answer = request(house.address, method, path, &[&bearer], b"").await;
        let allow = answer
            .headers
            .get("allow")
            .map(|it| format!(" (allow {})", it.to_str().unwrap()));
        assert_eq!(allow.is_some(), answer.status == 405, "{method} {path}");
        lines += &format!(
            "{method} {path}\n    {}{}\n",
            no(&answer),
            allow.unwrap_or_default()
        );
    }
    expect![[r#"
        GET /v1/restaurants/test-restaurant-1/commands
            405 method_not_allowed - | this address has other methods (allow POST)
        PUT /v1/restaurants/test-restaurant-1/commands
            405 method_not_allowed - | this address has other methods (allow POST)
        DELETE /v1/restaurants/test-restaurant-1/commands
            405 method_not_allowed - | this address has other methods (allow POST)
        OPTIONS /v1/restaurants/test-restaurant-1/commands
            405 method_not_allowed - | this address has other methods (allow POST)
        BREW /v1/restaurants/test-restaurant-1/commands
            405 method_not_allowed - | this address has other methods (allow POST)
        POST /v1/restaurants/1/floor
            405 method_not_allowed - | this address has other methods (allow GET,HEAD)
        POST /v1/restaurants/1/stream
            405 method_not_allowed - | this address has other methods (allow GET,HEAD)
        DELETE /v1/restaurants/1/settings
            405 method_not_allowed - | this address has other methods (allow GET,HEAD,PATCH)
        GET /v1/sign-in
            405 method_not_allowed - | this address has other methods (allow POST)
        POST /health
            405 method_not_allowed - | this address has other methods (allow GET,HEAD)
        DELETE /metrics
            405 method_not_allowed - | this address has other methods (allow GET,HEAD)
        GET /v1
            404 unknown_path - | there is nothing at this address
        GET /v1/restaurants
            403 not_allowed - | your role does not allow this
        GET /v1/restaurants/1
            405 method_not_allowed - | this address has other methods (allow DELETE)
        GET /v1/restaurants/1/floor/
            404 unknown_path - | there is nothing at this address
        GET /v2/restaurants/1/floor
            404 unknown_path - | there is nothing at this address
        GET /V1/restaurants/1/floor
            404 unknown_path - | there is nothing at this address
        POST /
            404 unknown_path - | there is nothing at this address
        GET /docs/nothing.json
            404 unknown_path - | there is nothing at this address
        GET /../etc/passwd
            404 unknown_path - | there is nothing at this address
        GET /%2e%2e/etc/passwd
            404 unknown_path - | there is nothing at this address
        GET /assets/..%2f..%2fCargo.toml
            404 unknown_path - | there is nothing at this address
    "#]]
    .assert_eq(&lines);
}

#[tokio::test]
async fn nonsense_in_the_query_is_named() {
    let house = House::open().await;
    let before = standing(&house).await;
    let rows = [
        "floor?at=yesterday",
        "floor?at=",
        "floor?at=2026-11-20",
        "floor?at=2026-11-20T19:30:00",
        "floor?at=99999-01-01T00:00:00Z",
        "floor?at=1970-01-01T00:00:00Z",
        "floor?at=-009999-01-02T00:00:00Z",
        "floor?at_seq=x",
        "floor?at_seq=-1",
        "floor?at_seq=1.5",
        "floor?at_seq=0",
        "floor?at_seq=99",
        "floor?at_seq=18446744073709551615",
        "floor?at_seq=18446744073709551616",
        "floor?at=2026-11-20T19:30:00Z&at_seq=1",
        "floor?min_seq=x",
        "floor?min_seq=-1",
        "floor?min_seq=",
        "floor?min_seq=1&min_seq=2",
        "floor?at_seq=1&at_seq=2",
        "settings?min_seq=x",
        "changes?after=x",
        "changes?after=-1",
        "changes?after=",
        "changes?after=1&after=2",
        "changes?limit=0",
        "changes?limit=-1",
        "changes?limit=x",
        "changes?limit=1.5",
        "changes?limit=99999999999999999999",
        "stream?after=1&after=2",
    ];
    let mut lines = String::new();
    for row in rows {
        let answer = house.manager().get(&format!("/v1/restaurants/1/{row}")).await;
        lines += &format!("{row}\n    {}\n", no(&answer));
    }
    expect![[r#"
        floor?at=yesterday
            400 bad_value at | at: must be a time such as 2026-11-20T19:30:00Z
        floor?at=
            400 bad_value at | at: must be a time such as 2026-11-20T19:30:00Z
        floor?at=2026-11-20
            400 bad_value at | at: must be a time such as 2026-11-20T19:30:00Z
        floor?at=2026-11-20T19:30:00
            400 bad_value at | at: must be a time such as 2026-11-20T19:30:00Z
        floor?at=99999-01-01T00:00:00Z
            400 bad_value at | at: must be a time such as 2026-11-20T19:30:00Z
        floor?at=1970-01-01T00:00:00Z
            404 unknown_moment - | the journal has no such moment
        floor?at=-009999-01-02T00:00:00Z
            400 bad_value at | at: must be a time such as 2026-11-20T19:30:00Z
        floor?at_seq=x
            400 bad_value at_seq | at_seq: must be a whole number from 1
        floor?at_seq=-1
            400 bad_value at_seq | at_seq: must be a whole number from 1
        floor?at_seq=1.5
            400 bad_value at_seq | at_seq: must be a whole number from 1
        floor?at_seq=0
            404 unknown_moment - | the journal has no such moment
        floor?at_seq=99
            404 unknown_moment - | the journal has no such moment
        floor?at_seq=18446744073709551615
            404 unknown_moment - | the journal has no such moment
        floor?at_seq=18446744073709551616
            400 bad_value at_seq | at_seq: must be a whole number from 1
        floor?at=2026-11-20T19:30:00Z&at_seq=1
            400 bad_value at | at: name a time or a seq, not both
        floor?min_seq=x
            400 bad_value min_seq | min_seq: must be a whole number from 0
        floor?min_seq=-1
            400 bad_value min_seq | min_seq: must be a whole number from 0
        floor?min_seq=
            400 bad_value min_seq | min_seq: must be a whole number from 0
        floor?min_seq=1&min_seq=2
            400 bad_value - | the query cannot be read: duplicate field `min_seq`
        floor?at_seq=1&at_seq=2
            400 bad_value - | the query cannot be read: duplicate field `at_seq`
        settings?min_seq=x
            400 bad_value min_seq | min_seq: must be a whole number from 0
        changes?after=x
            400 bad_value after | after: must be a whole number from 0
        changes?after=-1
            400 bad_value after | after: must be a whole number from 0
        changes?after=
            400 bad_value after | after: must be a whole number from 0
        changes?after=1&after=2
            400 bad_value - | the query cannot be read: duplicate field `after`
        changes?limit=0
            400 bad_value limit | limit: must be a whole number from 1 to 1000
        changes?limit=-1
            400 bad_value limit | limit: must be a whole number from 1 to 1000
        changes?limit=x
            400 bad_value limit | limit: must be a whole number from 1 to 1000
        changes?limit=1.5
            400 bad_value limit | limit: must be a whole number from 1 to 1000
        changes?limit=99999999999999999999
            400 bad_value limit | limit: must be a whole number from 1 to 1000
        stream?after=1&after=2
            400 bad_value - | the query cannot be read: duplicate field `after`
    "#]]
    .assert_eq(&lines);
    let header = [("x-min-seq", "soon")];
    let answer = house
        .manager()
        .send(Method::GET, FLOOR, &header, String::new())
        .await;
    assert_eq!(answer.json()["field"], "min_seq");
    // At the far end of numbers there is nothing, and nothing breaks.
    let page = house
        .manager()
        .get("/v1/restaurants/1/changes?after=18446744073709551615")
        .await
        .json();
    assert_eq!(page["changes"], json!([]));
    assert_eq!(standing(&house).await, before);
}
