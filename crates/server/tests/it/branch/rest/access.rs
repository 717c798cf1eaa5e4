//! Every route, asked by everybody: each answers by the roles that the contract gives it.

use super::office::{NOBODY, Office, PREFIXES, ask};
use crate::client::Answer;
use crate::visitors::{Is, Visitor, everybody};
use floor::Role;
use serde_json::{Value, json};

/// Who may: everybody who is signed in, or admins, managers, waiters (and hosts), cashiers.
const ROUTES: &[(&str, &str, &str)] = &[
    ("POST", "/restaurant/tables", "AM"),
    ("GET", "/restaurant/tables", "*"),
    ("GET", "/restaurant/tables/available/{b}", "*"),
    ("GET", "/restaurant/tables/check-availability/{b}/2", "*"),
    ("GET", "/restaurant/tables/stats/{b}", "AM"),
    ("GET", "/restaurant/tables/by-server/{n}", "*"),
    ("GET", "/restaurant/tables/by-section/{n}", "*"),
    ("GET", "/restaurant/tables/by-floor-plan/{n}", "*"),
    ("GET", "/restaurant/tables/{b}/404", "*"),
    ("GET", "/restaurant/tables/{n}", "*"),
    ("PATCH", "/restaurant/tables/{n}", "AM"),
    ("PATCH", "/restaurant/tables/{n}/status", "AMWC"),
    ("PATCH", "/restaurant/tables/{n}/assign-server", "AM"),
    ("PATCH", "/restaurant/tables/{n}/unassign-server", "AM"),
    ("DELETE", "/restaurant/tables/{n}", "A"),
    ("POST", "/restaurant/floor-plans", "AM"),
    ("GET", "/restaurant/floor-plans", "*"),
    ("GET", "/restaurant/floor-plans/default/{b}", "*"),
    ("GET", "/restaurant/floor-plans/by-branch/{b}", "*"),
    ("GET", "/restaurant/floor-plans/{b}/Nowhere", "*"),
    ("GET", "/restaurant/floor-plans/{n}", "*"),
    ("GET", "/restaurant/floor-plans/{n}/stats", "AM"),
    ("PATCH", "/restaurant/floor-plans/{n}", "AM"),
    ("PATCH", "/restaurant/floor-plans/{n}/layout", "AM"),
    ("PATCH", "/restaurant/floor-plans/{n}/set-default", "AM"),
    ("POST", "/restaurant/floor-plans/{n}/duplicate", "AM"),
    ("DELETE", "/restaurant/floor-plans/{n}", "A"),
    ("POST", "/restaurant/table-sections", "AM"),
    ("GET", "/restaurant/table-sections", "*"),
    ("GET", "/restaurant/table-sections/by-branch/{b}", "*"),
    ("GET", "/restaurant/table-sections/by-floor-plan/{n}", "*"),
    ("GET", "/restaurant/table-sections/{b}/Nowhere", "*"),
    ("GET", "/restaurant/table-sections/{n}", "*"),
    ("GET", "/restaurant/table-sections/{n}/stats", "AM"),
    ("PATCH", "/restaurant/table-sections/{n}", "AM"),
    ("DELETE", "/restaurant/table-sections/{n}", "A"),
    ("GET", "/auth/me", "*"),
    ("GET", "/branches", "*"),
    ("GET", "/branches/{b}", "*"),
    ("GET", "/branches/code/NOWHERE", "*"),
    ("POST", "/branches", "A"),
    ("PATCH", "/branches/{n}", "A"),
    ("DELETE", "/branches/{n}", "A"),
    ("POST", "/settings/restaurant/initialize", "A"),
    ("POST", "/settings/restaurant/enable", "A"),
    ("PUT", "/settings/restaurant/business-type", "A"),
];

/// Who signs out asks for nothing after it.
const LAST: (&str, &str, &str) = ("POST", "/auth/logout", "*");

/// The letter of a role, as the contract has it. Those without one may do what everybody may.
fn letter(role: Role) -> char {
    match role {
        Role::Admin => 'A',
        Role::Manager => 'M',
        Role::Host | Role::Waiter => 'W',
        Role::Cashier => 'C',
        Role::Kitchen | Role::Analyst => '-',
    }
}

/// What somebody is to be answered.
fn expected(visitor: &Visitor, path: &str, who: &str) -> &'static str {
    match &visitor.is {
        Is::Stranger(_) => "nobody",
        Is::Operator => "yes",
        Is::Elsewhere if path.contains("{b}") => "other branch",
        Is::Elsewhere => "yes",
        Is::Here(roles) if roles.is_empty() => "guest",
        Is::Here(roles) => {
            let may = who == "*" || roles.iter().any(|it| who.contains(letter(*it)));
            if may { "yes" } else { "role" }
        }
    }
}

/// Whether this is how that is said.
fn is_said(expected: &str, path: &str, answer: &Answer) -> bool {
    let body = || answer.json();
    match (expected, answer.status.as_u16()) {
        (_, 500..) => false,
        ("nobody", 401) => body() == json!({"message": "Unauthorized", "statusCode": 401}),
        ("role" | "other branch", 403) => {
            body() == json!({"message": "Forbidden resource", "error": "Forbidden", "statusCode": 403})
        }
        // A guest of the house is nobody here, whether signed in or not; who they are they may know, and leave.
        ("guest", status) => matches!(status, 401 | 403) || ["/auth/me", LAST.1].contains(&path),
        ("yes", status) => !matches!(status, 401 | 403),
        _ => false,
    }
}

#[tokio::test]
async fn every_route_answers_everybody_by_their_role() {
    let office = Office::open().await;
    let visitors = everybody(&office.house).await;
    let mut wrong = Vec::new();
    for prefix in PREFIXES {
        let last = Some(&LAST).filter(|_| prefix == PREFIXES[1]);
        for (method, path, who) in ROUTES.iter().chain(last) {
            for visitor in &visitors {
                let asked = path.replace("{b}", &office.branch).replace("{n}", NOBODY);
                let client = visitor.client(&office.house);
                // Whoever may write is told what is wrong with this.
                let body = if *method == "GET" || *method == "DELETE" {
                    Value::Null
                } else {
                    json!({"nothing": 1})
                };
                let answer = ask(&client, method, &format!("{prefix}{asked}"), &body).await;
                let expected = expected(visitor, path, who);
                if !is_said(expected, path, &answer) {
                    wrong.push(format!(
                        "{method} {prefix}{path} by {}: {expected} is expected, not {} {}",
                        visitor.name, answer.status, answer.text
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn nobody_needs_a_token_to_sign_in() {
    let office = Office::open().await;
    for prefix in PREFIXES {
        for path in ["/auth/login", "/auth/refresh"] {
            let answer = ask(
                &office.house.stranger(),
                "POST",
                &format!("{prefix}{path}"),
                &json!({}),
            )
            .await;
            assert_eq!(answer.status, 400, "{answer:?}");
        }
    }
}

#[tokio::test]
async fn role_words_of_other_programs_are_read() {
    let office = Office::open().await;
    for (word, may) in [
        ("SUPERADMIN", "AM"),
        ("OWNER", "M"),
        ("WAITER", "W"),
        ("server", "W"),
        ("staff", "W"),
        ("host", "W"),
        ("cashier", "C"),
        ("kitchen", "-"),
        ("analytics_viewer", "-"),
    ] {
        let client = office.with_roles(&[word], &[1]);
        for (method, place, who) in [
            ("DELETE", "", "A"),
            ("PATCH", "", "AM"),
            ("PATCH", "/status", "AMWC"),
        ] {
            let path = format!("/api/v1/restaurant/tables/{NOBODY}{place}");
            let body = json!({"status": "reserved"});
            let answer = ask(&client, method, &path, &body).await;
            let is_let = who.chars().any(|it| may.contains(it));
            assert_eq!(
                answer.status,
                if is_let { 404 } else { 403 },
                "{word} asks {method} {place}: {answer:?}"
            );
        }
    }
}
