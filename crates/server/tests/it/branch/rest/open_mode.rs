//! An open house: whoever comes from its own network needs no credential, and may do what hosts and waiters may.

use super::office::{Office, PREFIXES, ask, ask_with, at, each, no, yes};
use crate::client::Client;
use crate::visitors::OPERATOR;
use maitred::config::Config;
use maitred::peer::Networks;
use serde_json::{Value, json};

fn open_house(config: &mut Config) {
    config.branch.open = true;
}

/// What the list of tables answers to somebody who comes with these headers.
async fn list_with(client: &Client, headers: &[(&str, &str)]) -> crate::client::Answer {
    ask_with(client, "GET", &at("/tables"), headers, &Value::Null).await
}

#[tokio::test]
async fn no_house_is_open_until_somebody_says_so() {
    let office = Office::open().await;
    let table = office.id_of("7").await;
    let neighbour = office.house.stranger();
    let before = office.standing().await;
    for prefix in PREFIXES {
        for (method, path, body) in [
            ("GET", "/restaurant/tables".to_owned(), Value::Null),
            (
                "PATCH",
                format!("/restaurant/tables/{table}/status"),
                json!({"status": "reserved"}),
            ),
            ("GET", "/branches".to_owned(), Value::Null),
            ("GET", "/auth/me".to_owned(), Value::Null),
        ] {
            let said = no(&ask(&neighbour, method, &format!("{prefix}{path}"), &body).await);
            assert_eq!(said, "401 Unauthorized", "{method} {path}");
        }
    }
    assert_eq!(office.standing().await, before);
}

#[tokio::test]
async fn in_an_open_house_neighbours_look_and_write_states() {
    let office = Office::open_with(open_house).await;
    let neighbour = office.house.stranger();
    for (branch, name) in [(&office.branch, "Harbour House"), (&office.other, "Bistro Two")] {
        let list = at(&format!("/tables?limit=100&branchId={branch}"));
        let list = yes(&ask(&neighbour, "GET", &list, &Value::Null).await);
        assert!(each(&list, "branchId").iter().all(|it| it == branch));
        let table = each(&list, "id")[0].clone();
        for prefix in PREFIXES {
            for path in [
                format!("/restaurant/tables/{table}"),
                format!("/restaurant/tables/available/{branch}"),
                format!("/restaurant/tables/check-availability/{branch}/2"),
                format!("/restaurant/tables/{branch}/1"),
                format!("/restaurant/floor-plans?branchId={branch}"),
                format!("/restaurant/floor-plans/default/{branch}"),
                format!("/restaurant/table-sections/by-branch/{branch}"),
                format!("/branches/{branch}"),
            ] {
                yes(&ask(&neighbour, "GET", &format!("{prefix}{path}"), &Value::Null).await);
            }
            for word in ["occupied", "cleaning", "available"] {
                let path = format!("{prefix}/restaurant/tables/{table}/status");
                let told = yes(&ask(&neighbour, "PATCH", &path, &json!({"status": word})).await);
                assert_eq!(
                    (&told["status"], &told["branch"]["name"]),
                    (&json!(word), &json!(name))
                );
            }
        }
    }
    let me = yes(&ask(&neighbour, "GET", "/api/v1/auth/me", &Value::Null).await);
    assert_eq!((&me["id"], &me["roles"]), (&Value::Null, &json!(["waiter"])));
}

#[tokio::test]
async fn in_an_open_house_neighbours_change_nothing_else() {
    let office = Office::open_with(open_house).await;
    let neighbour = office.house.stranger();
    let (branch, table) = (&office.branch, office.id_of("7").await);
    let plan = office.named("floor-plans", "Terrace").await["id"].clone();
    let section = office.named("table-sections", "Window").await["id"].clone();
    let (plan, section) = (plan.as_str().unwrap(), section.as_str().unwrap());
    let server = office.person("waiter").await;
    let before = office.both_standing().await;
    let rows = [
        (
            "PATCH",
            format!("/restaurant/tables/{table}"),
            json!({"capacity": 9}),
        ),
        (
            "PATCH",
            format!("/restaurant/tables/{table}"),
            json!({"status": "reserved"}),
        ),
        (
            "PATCH",
            format!("/restaurant/tables/{table}/assign-server"),
            json!({"assignedServerId": server}),
        ),
        (
            "PATCH",
            format!("/restaurant/tables/{table}/unassign-server"),
            Value::Null,
        ),
        ("DELETE", format!("/restaurant/tables/{table}"), Value::Null),
        ("GET", format!("/restaurant/tables/stats/{branch}"), Value::Null),
        (
            "POST",
            "/restaurant/tables".to_owned(),
            json!({"tableNumber": "X", "capacity": 1, "branchId": branch}),
        ),
        (
            "POST",
            "/restaurant/floor-plans".to_owned(),
            json!({"name": "X", "branchId": branch}),
        ),
        (
            "PATCH",
            format!("/restaurant/floor-plans/{plan}"),
            json!({"name": "X"}),
        ),
        (
            "PATCH",
            format!("/restaurant/floor-plans/{plan}/set-default"),
            Value::Null,
        ),
        ("DELETE", format!("/restaurant/floor-plans/{plan}"), Value::Null),
        (
            "POST",
            "/restaurant/table-sections".to_owned(),
            json!({"name": "X", "branchId": branch}),
        ),
        (
            "PATCH",
            format!("/restaurant/table-sections/{section}"),
            json!({"name": "X"}),
        ),
        (
            "DELETE",
            format!("/restaurant/table-sections/{section}"),
            Value::Null,
        ),
        ("POST", "/branches".to_owned(), json!({"name": "X"})),
        ("PATCH", format!("/branches/{branch}"), json!({"name": "X"})),
        ("DELETE", format!("/branches/{branch}"), Value::Null),
        (
            "POST",
            "/settings/restaurant/enable".to_owned(),
            json!({"enabled": false}),
        ),
    ];
    for prefix in PREFIXES {
        for (method, path, body) in &rows {
            let said = no(&ask(&neighbour, method, &format!("{prefix}{path}"), body).await);
            assert_eq!(said, "403 Forbidden resource", "{method} {path} {body}");
        }
    }
    assert_eq!(office.both_standing().await, before);
    // A credential that is no good is none here either.
    let said = no(&office.house.client("garbage").get(&at("/tables")).await);
    assert_eq!(said, "401 Unauthorized");
}

#[tokio::test]
async fn what_was_passed_on_or_came_by_a_strangers_name_needs_a_credential_even_there() {
    let office = Office::open_with(open_house).await;
    let neighbour = office.house.stranger();
    yes(&list_with(&neighbour, &[]).await);
    let key = office.house.manager();
    for header in [
        ("forwarded", "for=127.0.0.1"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-host", "127.0.0.1"),
        ("x-real-ip", "127.0.0.1"),
        ("via", "1.1 somewhere"),
        ("host", "floor.stranger.example"),
    ] {
        assert_eq!(
            no(&list_with(&neighbour, &[header]).await),
            "401 Unauthorized",
            "{header:?}"
        );
        yes(&list_with(&key, &[header]).await);
    }
    let foreign = list_with(&neighbour, &[("origin", "https://evil.example")]).await;
    assert_eq!(no(&foreign), "403 pages of this origin may not connect");
}

#[tokio::test]
async fn a_proxy_of_ours_is_believed_whom_it_names() {
    let networks = |it: &[&str]| {
        let listed: Vec<String> = it.iter().map(|it| (*it).to_owned()).collect();
        Networks::try_from(listed).unwrap()
    };
    let office = Office::open_with(|config| {
        config.branch.open = true;
        config.proxies = networks(&["127.0.0.1"]);
        config.trusted_networks = networks(&["10.0.0.0/8"]);
    })
    .await;
    let proxy = office.house.stranger();
    for (headers, is_let) in [
        (vec![("x-forwarded-for", "10.0.0.5")], true),
        (vec![("x-forwarded-for", "203.0.113.9")], false),
        (vec![("x-forwarded-for", "10.0.0.5, 203.0.113.9")], false),
        // The proxy itself is in no network that is trusted.
        (vec![], false),
    ] {
        let answer = list_with(&proxy, &headers).await;
        if is_let {
            yes(&answer);
        } else {
            assert_eq!(no(&answer), "401 Unauthorized", "{headers:?}");
        }
    }
    yes(&list_with(&office.house.client(OPERATOR), &[]).await);
}
