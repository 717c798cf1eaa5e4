//! What no office would send: whatever comes, it is answered, and nothing breaks.

use super::office::{Office, at, id, yes};
use crate::client::Answer;
use crate::probe::request;
use serde_json::{Value, json};

/// Values that nobody means, a line each.
const VALUES: &str = r#"null
true
0
-1
1e308
-1e308
1e999
0.1e-400
9223372036854775807
18446744073709551616
60
61
255
256
65536
2147483648
""
" "
"\u0000"
"\ud800"
"\u202e"
"a\nb"
"NaN"
"Infinity"
"0x10"
"1e3"
[]
[null]
[[1]]
{}
{"x":null,"y":null}
{"x":1e308,"y":-1e308}
{"x":{},"y":[]}
{"type":"circle","radius":-1}
{"type":"custom","width":1e300,"height":0}
{"type":null}
{"width":0,"height":-5}
{"width":1e300,"height":1e-300,"gridSize":0}
{"customAttributes":{"":{"":[[[null]]]}}}
{"customAttributes":null,"customStyles":null}
{"__proto__":{"a":1}}
{"maxCapacity":-1}
{"maxCapacity":99999999999}
"00000000-0000-0000-0000-000000000000"
"ffffffff-ffff-8fff-bfff-ffffffffffff""#;

/// Fields of tables, plans and sections.
const FIELDS: &str = "tableNumber name newName capacity minCapacity status branchId floorPlanId sectionId assignedServerId position \
    shape notes metadata isActive isDefault description displayOrder layout settings color width height";

/// Bodies as bytes: broken, huge, deep, or full of things that are no values.
fn bodies(office: &Office) -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = [
        "", " ", "\0", "null", "[]", "[{}]", "{}", "\"x\"", "0", "-0", "true", "{", "{]", "NaN",
    ]
    .iter()
    .map(|it| it.as_bytes().to_vec())
    .collect();
    for field in FIELDS.split_whitespace() {
        for value in VALUES.lines() {
            let whole = format!(
                "{{\"tableNumber\":\"H\",\"name\":\"H\",\"capacity\":2,\"branchId\":\"{}\",\"{field}\":{value}}}",
                office.branch
            );
            bodies.push(format!("{{\"{field}\":{value}}}").into_bytes());
            bodies.push(whole.into_bytes());
        }
    }
    bodies.push(b"\xff\xfe{}".to_vec());
    bodies.push(b"{\"tableNumber\":\"\xc3\x28\"}".to_vec());
    bodies.push("[".repeat(30_000).into_bytes());
    bodies.push("{\"metadata\":".repeat(5_000).into_bytes());
    bodies.push(
        format!(
            "{{\"metadata\":{{\"customAttributes\":{}1{}}}}}",
            "{\"a\":".repeat(100),
            "}".repeat(100)
        )
        .into_bytes(),
    );
    for (field, text) in [
        ("notes", "é"),
        ("tableNumber", "7"),
        ("name", "\u{1f37d}"),
        ("description", "\\u0000"),
        ("color", "#"),
    ] {
        for n in [60, 61, 255, 256, 1_001, 8_000] {
            bodies.push(format!("{{\"{field}\":\"{}\"}}", text.repeat(n)).into_bytes());
        }
    }
    bodies
}

/// An answer that is one: a yes, or a no in the shape of this protocol.
fn is_answer(answer: &Answer, asked: &str) {
    let status = answer.status.as_u16();
    assert!(
        [
            200, 201, 400, 401, 403, 404, 405, 408, 409, 412, 413, 414, 422, 431
        ]
        .contains(&status),
        "{asked} was answered {answer:?}"
    );
    if matches!(status, 200 | 201 | 414 | 431) {
        return;
    }
    let body: Value = serde_json::from_str(&answer.text).unwrap_or_else(|_| panic!("{asked}: {answer:?}"));
    assert!(
        body["message"].is_string() || body["message"].is_array(),
        "{asked}: {body}"
    );
    assert_eq!(body["statusCode"], status, "{asked}: {body}");
}

/// What is asked with the admin's credential.
async fn send(office: &Office, method: &str, path: &str, body: &[u8]) -> Answer {
    let credential = format!(
        "authorization: Bearer {}",
        office.admin.credential.clone().unwrap()
    );
    request(
        office.house.address,
        method,
        path,
        &[&credential, "content-type: application/json"],
        body,
    )
    .await
}

#[tokio::test]
async fn no_body_breaks_anything() {
    let office = Office::open().await;
    let table = id(&office.table("T-1", json!({})).await);
    let plan = id(&office.plan("Roof", json!({})).await);
    let section = id(&office.section("Sky", json!({})).await);
    for (method, place) in [
        ("POST", "/tables".to_owned()),
        ("PATCH", format!("/tables/{table}")),
        ("PATCH", format!("/tables/{table}/status")),
        ("PATCH", format!("/tables/{table}/assign-server")),
        ("PATCH", format!("/tables/{table}/unassign-server")),
        ("POST", "/floor-plans".to_owned()),
        ("PATCH", format!("/floor-plans/{plan}")),
        ("PATCH", format!("/floor-plans/{plan}/layout")),
        ("POST", format!("/floor-plans/{plan}/duplicate")),
        ("POST", "/table-sections".to_owned()),
        ("PATCH", format!("/table-sections/{section}")),
    ] {
        for body in bodies(&office) {
            let shown: String = String::from_utf8_lossy(&body).chars().take(160).collect();
            let answer = send(&office, method, &at(&place), &body).await;
            is_answer(&answer, &format!("{method} {place} {shown}"));
        }
        // And everything can still be read.
        for list in ["tables", "floor-plans", "table-sections"] {
            yes(&office.get(&format!("/{list}?limit=500")).await);
        }
    }
    yes(&office.get(&format!("/tables/stats/{}", office.branch)).await);
}

#[tokio::test]
async fn no_body_breaks_what_is_around_it() {
    let office = Office::open().await;
    let branch = format!("/api/v1/branches/{}", office.branch);
    for (method, path) in [
        ("POST", "/api/v1/auth/login"),
        ("POST", "/api/v1/auth/refresh"),
        ("POST", "/api/v1/branches"),
        ("PATCH", &branch),
        ("POST", "/api/v1/settings/restaurant/initialize"),
        ("PUT", "/api/v1/settings/restaurant/business-type"),
    ] {
        for body in bodies(&office).iter().step_by(3) {
            let shown: String = String::from_utf8_lossy(body).chars().take(160).collect();
            let answer = send(&office, method, path, body).await;
            // Strangers who guess have to wait.
            if answer.status != 429 {
                is_answer(&answer, &format!("{method} {path} {shown}"));
            }
        }
    }
    yes(&office.get("/tables").await);
}

#[tokio::test]
async fn no_address_breaks_anything() {
    let office = Office::open().await;
    let before = office.standing().await;
    let (long, digits) = ("a".repeat(6_000), "9".repeat(6_000));
    for id in [
        "%20",
        "%00",
        "%FF",
        "%",
        "%zz",
        "..",
        "%2e%2e",
        "%2F",
        "a%2Fb",
        "-1",
        "1e0",
        "0x1",
        "null",
        "*",
        "'%20OR%201=1",
        "%F0%9F%8D%A3",
        "stats",
        "status",
        "available",
        "by-server",
        "default",
        "18446744073709551616",
        "00000000-0000-0000-0000-000000000000",
        &long,
        &digits,
    ] {
        for (method, place) in [
            ("GET", format!("/tables/{id}")),
            ("PATCH", format!("/tables/{id}")),
            ("DELETE", format!("/tables/{id}")),
            ("PATCH", format!("/tables/{id}/unassign-server")),
            ("GET", format!("/tables/available/{id}")),
            ("GET", format!("/tables/{}/{id}", office.branch)),
            (
                "GET",
                format!("/tables/check-availability/{}/{id}", office.branch),
            ),
            ("GET", format!("/floor-plans/{}/{id}", office.branch)),
            ("GET", format!("/floor-plans/{id}/stats")),
            ("DELETE", format!("/floor-plans/{id}")),
            ("GET", format!("/table-sections/{}/{id}", office.branch)),
            ("GET", format!("/table-sections/{id}")),
        ] {
            let answer = send(&office, method, &at(&place), b"").await;
            let shown: String = place.chars().take(120).collect();
            is_answer(&answer, &format!("{method} {shown}"));
        }
        let answer = send(&office, "GET", &format!("/api/v1/branches/{id}"), b"").await;
        is_answer(&answer, "a branch");
    }
    assert_eq!(office.standing().await, before);
}

#[tokio::test]
async fn no_query_and_no_header_breaks_anything() {
    let office = Office::open().await;
    let table = office.id_of("7").await;
    for query in [
        "?",
        "?&&",
        "?=",
        "?=1",
        "?page",
        "?page=",
        "?page=1&page=2",
        "?limit=99999999999999999999",
        "?limit=-9223372036854775809",
        "?limit=9223372036854775807&page=9223372036854775807",
        "?page=1e3",
        "?limit=0x10",
        "?limit=%31",
        "?search=%FF",
        "?search=%00",
        "?search=%25%5F%5C",
        "?search[]=1",
        "?search[a]=1",
        "?sortBy=__proto__",
        "?sortOrder=asc",
        "?isActive=",
        "?isActive=maybe",
        "?isActive=FALSE",
        "?isActive=0",
        "?minCapacity=-1",
        "?minCapacity=x",
        "?maxCapacity=99999999999999",
        "?maxCapacity=1.5",
        "?status=available,occupied",
        "?status=available&status=occupied",
        "?branchId=",
        "?a=%",
        "?min_seq=1",
    ] {
        for place in ["/tables", "/floor-plans", "/table-sections"] {
            let answer = send(&office, "GET", &at(&format!("{place}{query}")), b"").await;
            is_answer(&answer, &format!("{place}{query}"));
        }
        let answer = send(&office, "GET", &format!("/api/v1/branches{query}"), b"").await;
        is_answer(&answer, &format!("branches{query}"));
    }
    let credential = format!(
        "authorization: Bearer {}",
        office.admin.credential.clone().unwrap()
    );
    for header in [
        "x-min-seq: many",
        "x-min-seq: -1",
        "idempotency-key: ",
        "idempotency-key: \u{e9}",
        "if-match: ",
        "if-match: \u{e9}",
        "if-match: \"1\", \"2\"",
        "if-match: W/\"1\"",
        "if-none-match: *",
        "origin: null",
        "content-type: text/plain",
        "content-type: application/xml; charset=utf-16",
        "content-type: multipart/form-data",
        "accept: nothing/at-all",
        "x-http-method-override: DELETE",
        "content-encoding: gzip",
    ] {
        let path = at(&format!("/tables/{table}"));
        for (method, body) in [("GET", &b""[..]), ("PATCH", b"{\"notes\":\"x\"}")] {
            let answer = request(office.house.address, method, &path, &[&credential, header], body).await;
            let status = answer.status.as_u16();
            assert!(status < 500 || status == 503, "{header}: {answer:?}");
            let is_json = serde_json::from_str::<Value>(&answer.text).is_ok();
            assert!(is_json || status == 304 || status == 415, "{header}: {answer:?}");
        }
    }
    assert_eq!(office.shown(&table).await["tableNumber"], "7");
}
