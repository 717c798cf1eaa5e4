//! What is not there, on every route that names something: the sentence says what was asked for.

use super::office::{NOBODY, Office, ask, encoded, no};
use serde_json::{Value, json};

/// Requests that name one thing, `{}`, and what is said where it is nothing.
fn rows(server: &str) -> Vec<(&'static str, &'static str, Value, &'static str)> {
    let (branch, table, plan, section, person) = (
        "Branch with ID {} not found",
        "Table with ID {} not found",
        "Floor plan with ID {} not found",
        "Section with ID {} not found",
        "Server with ID {} not found",
    );
    let named = [
        "Table Lost not found in this branch",
        "Floor plan \"Lost\" not found in this branch",
        "Section \"Lost\" not found in this branch",
    ];
    let get = |path, said| ("GET", path, Value::Null, said);
    vec![
        get("/restaurant/tables/available/{}", branch),
        get("/restaurant/tables/check-availability/{}/2", branch),
        get("/restaurant/tables/stats/{}", branch),
        get("/restaurant/tables/by-server/{}", person),
        get("/restaurant/tables/by-section/{}", section),
        get("/restaurant/tables/by-floor-plan/{}", plan),
        get("/restaurant/tables/{}/Lost", named[0]),
        get("/restaurant/tables/{}", table),
        ("PATCH", "/restaurant/tables/{}", json!({"capacity": 2}), table),
        (
            "PATCH",
            "/restaurant/tables/{}/status",
            json!({"status": "reserved"}),
            table,
        ),
        (
            "PATCH",
            "/restaurant/tables/{}/assign-server",
            json!({"assignedServerId": server}),
            table,
        ),
        (
            "PATCH",
            "/restaurant/tables/{}/unassign-server",
            Value::Null,
            table,
        ),
        ("DELETE", "/restaurant/tables/{}", Value::Null, table),
        get("/restaurant/floor-plans/default/{}", branch),
        get("/restaurant/floor-plans/by-branch/{}", branch),
        get("/restaurant/floor-plans/{}/Lost", named[1]),
        get("/restaurant/floor-plans/{}", plan),
        get("/restaurant/floor-plans/{}/stats", plan),
        ("PATCH", "/restaurant/floor-plans/{}", json!({"name": "X"}), plan),
        (
            "PATCH",
            "/restaurant/floor-plans/{}/layout",
            json!({"width": 9, "height": 9}),
            plan,
        ),
        (
            "PATCH",
            "/restaurant/floor-plans/{}/set-default",
            Value::Null,
            plan,
        ),
        (
            "POST",
            "/restaurant/floor-plans/{}/duplicate",
            json!({"newName": "X"}),
            plan,
        ),
        ("DELETE", "/restaurant/floor-plans/{}", Value::Null, plan),
        get("/restaurant/table-sections/by-branch/{}", branch),
        get("/restaurant/table-sections/by-floor-plan/{}", plan),
        get("/restaurant/table-sections/{}/Lost", named[2]),
        get("/restaurant/table-sections/{}", section),
        get("/restaurant/table-sections/{}/stats", section),
        (
            "PATCH",
            "/restaurant/table-sections/{}",
            json!({"name": "X"}),
            section,
        ),
        ("DELETE", "/restaurant/table-sections/{}", Value::Null, section),
        get("/branches/{}", branch),
        ("PATCH", "/branches/{}", json!({"name": "X"}), branch),
        ("DELETE", "/branches/{}", Value::Null, branch),
        get("/branches/code/{}", "Branch with code {} not found"),
    ]
}

#[tokio::test]
async fn an_id_of_nothing_and_one_that_is_none_are_said_not_to_be_found() {
    let office = Office::open().await;
    let server = office.person("waiter").await;
    let before = office.standing().await;
    // An id of another kind is no id either.
    let party = "2f3f5c1c-1a54-8f0a-8e7d-6f2f9a3b7c55";
    let half = NOBODY.get(..18).unwrap();
    let mut wrong = Vec::new();
    for word in [NOBODY, &server, party, half, "abc", "1", "null", "ü", "'--"] {
        for (method, path, body, said) in rows(&server) {
            // Whoever this is has tables, or none.
            if word == server && path.contains("by-server") {
                continue;
            }
            let path = format!("/api/v1{}", path.replace("{}", &encoded(word)));
            let answer = no(&ask(&office.admin, method, &path, &body).await);
            if answer != format!("404 {}", said.replace("{}", word)) {
                wrong.push(format!("{method} {path}: {answer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(office.standing().await, before);
}

#[tokio::test]
async fn a_name_that_nothing_has_is_said_not_to_be_found_in_this_branch() {
    let office = Office::open().await;
    let branch = &office.branch;
    for (list, kind) in [("floor-plans", "Floor plan"), ("table-sections", "Section")] {
        for name in ["Cellar", "stats?", "ü / %", "\"x\""] {
            let path = format!("/api/v1/restaurant/{list}/{branch}/{}", encoded(name));
            let said = no(&ask(&office.admin, "GET", &path, &Value::Null).await);
            assert_eq!(said, format!("404 {kind} \"{name}\" not found in this branch"));
        }
    }
}

#[tokio::test]
async fn the_mode_of_no_branch_is_not_set() {
    let office = Office::open().await;
    let before = office.both_standing().await;
    for (method, place, body) in [
        ("POST", "initialize", Value::Null),
        ("POST", "enable", json!({"enabled": false})),
        ("PUT", "business-type", json!({"businessType": "retail"})),
    ] {
        let path = format!("/api/v1/settings/restaurant/{place}?branchId={NOBODY}");
        let said = no(&ask(&office.admin, method, &path, &body).await);
        assert_eq!(said, format!("404 Branch with ID {NOBODY} not found"), "{place}");
    }
    assert_eq!(office.both_standing().await, before);
}
