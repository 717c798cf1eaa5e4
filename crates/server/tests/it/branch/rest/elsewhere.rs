//! Another branch: what is there is not found, who names it is refused, and no list shows it (P9).

use super::office::{NOBODY, Office, PREFIXES, ask, at, each, id, made, no, yes};
use crate::client::Client;
use serde_json::{Value, json};

/// The neighbour's furniture.
struct Theirs {
    table: String,
    plan: String,
    section: String,
    server: String,
}

async fn theirs(office: &Office) -> Theirs {
    let plan = json!({"name": "Quokka plan", "branchId": office.other});
    let plan = id(&made(
        &ask(&office.chain, "POST", &at("/floor-plans"), &plan).await,
    ));
    let section = json!({"name": "Quokka section", "branchId": office.other, "floorPlanId": plan});
    let section = id(&made(
        &ask(&office.chain, "POST", &at("/table-sections"), &section).await,
    ));
    let server = office.person("manager2").await;
    let more = json!({"floorPlanId": plan, "sectionId": section, "assignedServerId": server});
    let table = id(&office.table_in(&office.other, "Quokka table", more).await);
    Theirs {
        table,
        plan,
        section,
        server,
    }
}

/// Everybody who may do most here, and nothing there.
fn neighbours(office: &Office) -> [Client; 2] {
    [office.with_roles(&["admin"], &[1]), office.house.manager()]
}

#[tokio::test]
async fn what_is_in_another_branch_is_not_found() {
    let office = Office::open().await;
    let theirs = theirs(&office).await;
    let server = office.person("waiter").await;
    let before = office.both_standing().await;
    let rows = [
        ("GET", "/tables/{t}", Value::Null),
        ("PATCH", "/tables/{t}", json!({"capacity": 9})),
        ("PATCH", "/tables/{t}/status", json!({"status": "reserved"})),
        (
            "PATCH",
            "/tables/{t}/assign-server",
            json!({"assignedServerId": server}),
        ),
        ("PATCH", "/tables/{t}/unassign-server", Value::Null),
        ("GET", "/tables/by-section/{s}", Value::Null),
        ("GET", "/tables/by-floor-plan/{p}", Value::Null),
        ("GET", "/floor-plans/{p}", Value::Null),
        ("GET", "/floor-plans/{p}/stats", Value::Null),
        ("PATCH", "/floor-plans/{p}", json!({"name": "Mine"})),
        (
            "PATCH",
            "/floor-plans/{p}/layout",
            json!({"width": 1, "height": 1}),
        ),
        ("PATCH", "/floor-plans/{p}/set-default", Value::Null),
        ("POST", "/floor-plans/{p}/duplicate", json!({"newName": "Mine"})),
        ("GET", "/table-sections/{s}", Value::Null),
        ("GET", "/table-sections/{s}/stats", Value::Null),
        ("GET", "/table-sections/by-floor-plan/{p}", Value::Null),
        ("PATCH", "/table-sections/{s}", json!({"name": "Mine"})),
        ("DELETE", "/tables/{t}", Value::Null),
        ("DELETE", "/floor-plans/{p}", Value::Null),
        ("DELETE", "/table-sections/{s}", Value::Null),
    ];
    for (method, place, body) in rows {
        let filled = place
            .replace("{t}", &theirs.table)
            .replace("{p}", &theirs.plan)
            .replace("{s}", &theirs.section);
        let nothing = place
            .replace("{t}", NOBODY)
            .replace("{p}", NOBODY)
            .replace("{s}", NOBODY);
        for client in neighbours(&office) {
            let (theirs_said, nothing_said) = (
                no(&ask(&client, method, &at(&filled), &body).await),
                no(&ask(&client, method, &at(&nothing), &body).await),
            );
            // Only an admin may delete, and that is said first.
            let refused = method == "DELETE" && theirs_said.starts_with("403 Forbidden resource");
            assert!(
                refused || theirs_said.starts_with("404 "),
                "{method} {place}: {theirs_said}"
            );
            // It cannot be told from what is nowhere.
            let hidden = [&theirs.table, &theirs.plan, &theirs.section]
                .iter()
                .fold(theirs_said, |said, it| said.replace(*it, NOBODY));
            assert_eq!(hidden, nothing_said, "{method} {place}");
        }
    }
    // Whoever serves there has no tables here.
    let list = office.get(&format!("/tables/by-server/{}", theirs.server)).await;
    assert!(!list.text.contains("Quokka"), "{list:?}");
    assert_eq!(office.both_standing().await, before);
}

#[tokio::test]
async fn whoever_names_another_branch_is_refused() {
    let office = Office::open().await;
    theirs(&office).await;
    let table = office.id_of("7").await;
    let plan = id(&office.named("floor-plans", "Main").await);
    let section = id(&office.named("table-sections", "Window").await);
    let mut wrong = Vec::new();
    let before = office.both_standing().await;
    let rows = [
        ("GET", "/tables/available/{o}".to_owned(), Value::Null),
        ("GET", "/tables/check-availability/{o}/2".to_owned(), Value::Null),
        ("GET", "/tables/stats/{o}".to_owned(), Value::Null),
        ("GET", "/tables/{o}/1".to_owned(), Value::Null),
        ("GET", "/tables/{o}/nowhere".to_owned(), Value::Null),
        ("GET", "/floor-plans/default/{o}".to_owned(), Value::Null),
        ("GET", "/floor-plans/by-branch/{o}".to_owned(), Value::Null),
        ("GET", "/floor-plans/{o}/Salle".to_owned(), Value::Null),
        ("GET", "/table-sections/by-branch/{o}".to_owned(), Value::Null),
        ("GET", "/table-sections/{o}/Nowhere".to_owned(), Value::Null),
        (
            "POST",
            "/tables".to_owned(),
            json!({"tableNumber": "X", "capacity": 1, "branchId": office.other}),
        ),
        (
            "POST",
            "/floor-plans".to_owned(),
            json!({"name": "X", "branchId": office.other}),
        ),
        (
            "POST",
            "/table-sections".to_owned(),
            json!({"name": "X", "branchId": office.other}),
        ),
        (
            "PATCH",
            format!("/tables/{table}"),
            json!({"branchId": office.other}),
        ),
        (
            "PATCH",
            format!("/floor-plans/{plan}"),
            json!({"branchId": office.other}),
        ),
        (
            "PATCH",
            format!("/table-sections/{section}"),
            json!({"branchId": office.other}),
        ),
    ];
    for (method, place, body) in rows {
        for client in neighbours(&office) {
            let answer = ask(&client, method, &at(&place.replace("{o}", &office.other)), &body).await;
            let said = no(&answer);
            if said != "403 Forbidden resource" {
                wrong.push(format!("{method} {place} {body}: {said}"));
            }
        }
    }
    assert_eq!(office.both_standing().await, before);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn no_list_shows_another_branch() {
    let office = Office::open().await;
    let theirs = theirs(&office).await;
    for client in neighbours(&office) {
        for list in ["tables", "floor-plans", "table-sections"] {
            let mut queries = vec![
                "limit=1000".to_owned(),
                "limit=1000&search=quokka".to_owned(),
                format!("branchId={}", office.other),
            ];
            if list == "tables" {
                queries.push(format!("sectionId={}", theirs.section));
                queries.push(format!("assignedServerId={}", theirs.server));
            }
            if list != "floor-plans" {
                queries.push(format!("floorPlanId={}", theirs.plan));
            }
            for query in queries {
                let answer = ask(&client, "GET", &at(&format!("/{list}?{query}")), &Value::Null).await;
                assert!(!answer.text.contains("Quokka"), "{list} {query}: {}", answer.text);
                assert!(
                    !answer.text.contains(&theirs.table),
                    "{list} {query}: {}",
                    answer.text
                );
                let page = yes(&answer);
                let is_empty = page["data"] == json!([]) && page["meta"]["total"] == 0;
                assert_eq!(is_empty, query != "limit=1000", "{list} {query}: {page}");
            }
        }
        let list = yes(&ask(&client, "GET", "/api/v1/branches?limit=100", &Value::Null).await);
        assert_eq!(each(&list, "id"), [office.branch.as_str()]);
        let there = ask(
            &client,
            "GET",
            &format!("/api/v1/branches/{}", office.other),
            &Value::Null,
        )
        .await;
        assert_eq!(no(&there), "403 Forbidden resource");
    }
    // Whoever is of both sees both.
    let list = yes(&ask(&office.chain, "GET", &at("/tables?limit=100"), &Value::Null).await);
    assert_eq!(list["meta"]["total"], 27);
    let path = at(&format!("/tables?limit=100&branchId={}", office.other));
    let list = yes(&ask(&office.chain, "GET", &path, &Value::Null).await);
    assert_eq!(list["meta"]["total"], 7);
}

#[tokio::test]
async fn furniture_of_one_branch_does_not_stand_in_another() {
    let office = Office::open().await;
    let theirs = theirs(&office).await;
    let table = office.id_of("7").await;
    let section = id(&office.named("table-sections", "Window").await);
    let before = office.both_standing().await;
    let rows = [
        (
            "/tables/{t}",
            json!({"floorPlanId": theirs.plan}),
            format!("404 Floor plan with ID {} not found", theirs.plan),
        ),
        (
            "/tables/{t}",
            json!({"sectionId": theirs.section}),
            format!("404 Section with ID {} not found", theirs.section),
        ),
        (
            "/tables/{t}",
            json!({"assignedServerId": theirs.server}),
            format!("404 Server with ID {} not found", theirs.server),
        ),
        (
            "/table-sections/{s}",
            json!({"floorPlanId": theirs.plan}),
            format!("404 Floor plan with ID {} not found", theirs.plan),
        ),
    ];
    for (place, body, expected) in rows {
        let place = at(&place.replace("{t}", &table).replace("{s}", &section));
        for client in [&office.admin, &office.chain] {
            assert_eq!(no(&ask(client, "PATCH", &place, &body).await), expected);
        }
    }
    assert_eq!(office.both_standing().await, before);
}

#[tokio::test]
async fn a_plan_and_a_section_stay_in_their_branch() {
    let office = Office::open().await;
    let plan = id(&office.named("floor-plans", "Main").await);
    let section = id(&office.named("table-sections", "Window").await);
    let before = office.both_standing().await;
    let body = json!({"branchId": office.other});
    for place in [
        format!("/floor-plans/{plan}"),
        format!("/table-sections/{section}"),
    ] {
        let said = no(&ask(&office.chain, "PATCH", &at(&place), &body).await);
        let what = if place.starts_with("/floor") {
            "floor plan"
        } else {
            "section"
        };
        assert_eq!(said, format!("400 A {what} cannot go to another branch"));
        // Where it is, it may be said to be.
        let body = json!({"branchId": office.branch});
        yes(&ask(&office.chain, "PATCH", &at(&place), &body).await);
    }
    assert_eq!(office.floor_of(2).await["seq"], before[1][0]);
}

#[tokio::test]
async fn whoever_names_another_branch_around_its_tables_is_refused() {
    let office = Office::open().await;
    let before = office.both_standing().await;
    let other = &office.other;
    for prefix in PREFIXES {
        for (method, path, body) in [
            ("GET", format!("/branches/{other}"), Value::Null),
            ("PATCH", format!("/branches/{other}"), json!({"name": "Mine"})),
            ("DELETE", format!("/branches/{other}"), Value::Null),
            (
                "POST",
                format!("/settings/restaurant/initialize?branchId={other}"),
                Value::Null,
            ),
            (
                "POST",
                format!("/settings/restaurant/enable?branchId={other}"),
                json!({"enabled": false}),
            ),
            (
                "PUT",
                format!("/settings/restaurant/business-type?branchId={other}"),
                json!({"businessType": "retail"}),
            ),
        ] {
            for client in neighbours(&office) {
                let said = no(&ask(&client, method, &format!("{prefix}{path}"), &body).await);
                assert_eq!(said, "403 Forbidden resource", "{method} {prefix}{path}");
            }
        }
    }
    assert_eq!(office.both_standing().await, before);
}
