//! Every route, under both prefixes: its status, and the shape of what it answers.

use super::office::{NOBODY, Office, PREFIXES, ask, gone, id, made, plain, told, yes};
use super::shapes::check;
use crate::client::Client;
use serde_json::{Value, json};

/// A request that succeeds. `{t}`, `{p}` and `{s}` stand for a table, a plan and a section that were made for it, `{b}`
/// for the branch, `{w}` for somebody who serves, `{k}` for the branch's code, `{o}` for another branch of theirs, `{f}`
/// for what a sign-in goes on with.
struct Row(&'static str, &'static str, Value, u16, &'static str);

/// All that is there of a table, a plan and a section, and of what is around them. Those that delete come last.
fn rows() -> Vec<Row> {
    let mut rows = furniture();
    rows.extend(around());
    rows
}

/// What is there around tables. Signing out comes last.
fn around() -> Vec<Row> {
    let branch = json!({"name": "Jetty Kiosk", "code": "JK1", "settings": {"currency": "EUR"}});
    vec![
        Row("GET", "/branches", Value::Null, 200, "page branch"),
        Row("GET", "/branches/{b}", Value::Null, 200, "branch"),
        Row("GET", "/branches/code/{k}", Value::Null, 200, "branch"),
        Row("POST", "/branches", branch, 201, "branch"),
        Row("PATCH", "/branches/{b}", json!({"city": "Oslo"}), 200, "branch"),
        Row("DELETE", "/branches/{o}", Value::Null, 200, ""),
        Row(
            "POST",
            "/settings/restaurant/initialize",
            Value::Null,
            201,
            "mode",
        ),
        Row("POST", "/settings/restaurant/enable", Value::Null, 201, "mode"),
        Row(
            "POST",
            "/settings/restaurant/enable",
            json!({"enabled": true}),
            201,
            "mode",
        ),
        Row(
            "PUT",
            "/settings/restaurant/business-type",
            json!({"businessType": "hybrid"}),
            200,
            "mode",
        ),
        Row(
            "POST",
            "/auth/login",
            json!({"email": "waiter@demo.test", "password": "maitred-demo"}),
            200,
            "sign-in",
        ),
        Row(
            "POST",
            "/auth/refresh",
            json!({"refreshToken": "{f}"}),
            200,
            "tokens",
        ),
        Row("GET", "/auth/me", Value::Null, 200, "user"),
        Row("POST", "/auth/logout", Value::Null, 200, "message"),
    ]
}

/// All that is there of a table, a plan and a section. Those that delete come last.
fn furniture() -> Vec<Row> {
    let get = |path, shape| Row("GET", path, Value::Null, 200, shape);
    let patch = |path, body, shape| Row("PATCH", path, body, 200, shape);
    let post = |path, body, shape| Row("POST", path, body, 201, shape);
    let delete = |path| Row("DELETE", path, Value::Null, 200, "");
    let all = "table+branch+floorPlan+section+assignedServer";
    vec![
        post(
            "/restaurant/tables",
            json!({"tableNumber": "R-1", "capacity": 4, "branchId": "{b}"}),
            "table",
        ),
        get(
            "/restaurant/tables",
            "page table+branch+floorPlan+section+assignedServer",
        ),
        get(
            "/restaurant/tables/available/{b}",
            "each table+section+floorPlan+assignedServer",
        ),
        get(
            "/restaurant/tables/check-availability/{b}/2",
            "each table+section+floorPlan",
        ),
        get("/restaurant/tables/stats/{b}", "stats"),
        get(
            "/restaurant/tables/by-server/{w}",
            "each table+branch+section+floorPlan",
        ),
        get(
            "/restaurant/tables/by-section/{s}",
            "each table+branch+assignedServer",
        ),
        get(
            "/restaurant/tables/by-floor-plan/{p}",
            "each table+branch+section+assignedServer",
        ),
        get("/restaurant/tables/{b}/R-1", all),
        get("/restaurant/tables/{t}", all),
        patch("/restaurant/tables/{t}", json!({"capacity": 5}), all),
        patch(
            "/restaurant/tables/{t}/status",
            json!({"status": "reserved"}),
            all,
        ),
        patch(
            "/restaurant/tables/{t}/assign-server",
            json!({"assignedServerId": "{w}"}),
            all,
        ),
        patch("/restaurant/tables/{t}/unassign-server", Value::Null, all),
        patch("/restaurant/tables/{t}/unassign-server", json!({}), all),
        post(
            "/restaurant/floor-plans",
            json!({"name": "Roof", "branchId": "{b}"}),
            "plan",
        ),
        get("/restaurant/floor-plans", "page plan+branch+tables+sections"),
        get("/restaurant/floor-plans/default/{b}", "plan+tables+sections"),
        get(
            "/restaurant/floor-plans/by-branch/{b}",
            "each plan+tables+sections",
        ),
        get("/restaurant/floor-plans/{b}/Roof", "plan+branch+tables+sections"),
        get("/restaurant/floor-plans/{p}", "plan+branch+tables+sections"),
        get("/restaurant/floor-plans/{p}/stats", "plan stats"),
        patch(
            "/restaurant/floor-plans/{p}",
            json!({"description": "above"}),
            "plan+branch+tables+sections",
        ),
        patch(
            "/restaurant/floor-plans/{p}/layout",
            json!({"width": 900, "height": 700}),
            "plan+branch+tables+sections",
        ),
        post(
            "/restaurant/floor-plans/{p}/duplicate",
            json!({"newName": "Roof 2"}),
            "plan",
        ),
        patch(
            "/restaurant/floor-plans/{p}/set-default",
            Value::Null,
            "plan+branch+tables+sections",
        ),
        post(
            "/restaurant/table-sections",
            json!({"name": "Sky", "branchId": "{b}"}),
            "section",
        ),
        get(
            "/restaurant/table-sections",
            "page section+branch+floorPlan+tables",
        ),
        get(
            "/restaurant/table-sections/by-branch/{b}",
            "each section+branch+floorPlan+tables",
        ),
        get(
            "/restaurant/table-sections/by-floor-plan/{p}",
            "each section+branch+floorPlan+tables",
        ),
        get(
            "/restaurant/table-sections/{b}/Sky",
            "section+branch+floorPlan+tables",
        ),
        get(
            "/restaurant/table-sections/{s}",
            "section+branch+floorPlan+tables",
        ),
        get("/restaurant/table-sections/{s}/stats", "section stats"),
        patch(
            "/restaurant/table-sections/{s}",
            json!({"color": "#123456"}),
            "section+branch+floorPlan+tables",
        ),
        delete("/restaurant/tables/{t}"),
        delete("/restaurant/floor-plans/{q}"),
        delete("/restaurant/table-sections/{r}"),
    ]
}

/// What the rows are about: a table of a plan and a section, looked after by somebody, and what may be deleted, by
/// `admin`.
async fn about(office: &Office, admin: &Client) -> Vec<(&'static str, String)> {
    let other = json!({"name": "Quay Kiosk"});
    let other = made(&ask(admin, "POST", "/api/v1/branches", &other).await);
    let login = json!({"email": "waiter@demo.test", "password": "maitred-demo"});
    let login = ask(&office.house.stranger(), "POST", "/api/v1/auth/login", &login).await;
    let server = office.person("waiter").await;
    let plan = id(&office.plan("Attic", json!({})).await);
    let section = id(&office.section("Beam", json!({"floorPlanId": plan})).await);
    let whole = json!({"floorPlanId": plan, "sectionId": section, "assignedServerId": server});
    office.table("A-1", whole.clone()).await;
    let table = id(&office.table("A-2", whole).await);
    let branch = yes(&office
        .admin
        .get(&format!("/api/v1/branches/{}", office.branch))
        .await);
    vec![
        ("{b}", office.branch.clone()),
        ("{k}", plain(&branch["code"])),
        ("{o}", id(&other)),
        ("{f}", plain(&yes(&login)["refreshToken"])),
        ("{w}", server),
        ("{p}", plan),
        ("{s}", section),
        ("{t}", table),
        ("{q}", id(&office.plan("Gone", json!({})).await)),
        ("{r}", id(&office.section("Gone", json!({})).await)),
    ]
}

#[tokio::test]
async fn no_list_and_nothing_in_it_shows_a_secret() {
    let office = Office::open().await;
    let admin = office.signed_in("admin").await;
    let about = about(&office, &admin).await;
    let mut n_servers = 0;
    for Row(method, path, ..) in furniture().iter().chain(&around()) {
        // Who signs in is told what they may do, and given tokens.
        if *method != "GET" || *path == "/auth/me" {
            continue;
        }
        let path = about
            .iter()
            .fold(path.replace("R-1", "A-1"), |path, (name, value)| {
                path.replace(name, value)
            });
        let path = path.replace("/Roof", "/Attic").replace("/Sky", "/Beam");
        let answer = yes(&ask(&admin, method, &format!("/api/v1{path}"), &Value::Null).await);
        nothing_secret(&answer, &path);
        n_servers += answer.to_string().matches("\"assignedServer\":{").count();
    }
    assert!(n_servers > 5, "{n_servers}");
}

#[tokio::test]
async fn every_route_answers_in_its_shape_under_both_prefixes() {
    for prefix in PREFIXES {
        let office = Office::open().await;
        // An account: keys and other programs' tokens open no branch.
        let admin = office.signed_in("admin").await;
        let about = about(&office, &admin).await;
        let filled = |text: &str| {
            about
                .iter()
                .fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
        };
        for Row(method, path, body, status, shape) in rows() {
            let path = format!("{prefix}{}", filled(path));
            let body: Value = serde_json::from_str(&filled(&body.to_string())).unwrap();
            let answer = ask(&admin, method, &path, &body).await;
            let asked = format!("{method} {path}");
            assert_eq!(answer.status.as_u16(), status, "{asked}: {}", answer.text);
            if shape.is_empty() {
                gone(&answer);
                continue;
            }
            let answered = told(status, &answer);
            check(shape, &answered);
        }
    }
}

#[tokio::test]
async fn the_figures_of_a_plan_and_of_a_section_are_not_taken_for_a_name() {
    let office = Office::open().await;
    // Even where there is one of that name.
    office.plan("stats", json!({})).await;
    office.section("stats", json!({})).await;
    let plan = office.named("floor-plans", "Main").await;
    let section = office.named("table-sections", "Window").await;
    let figures = yes(&office.get(&format!("/floor-plans/{}/stats", id(&plan))).await);
    assert_eq!(
        (&figures["floorPlanId"], &figures["floorPlanName"]),
        (&plan["id"], &json!("Main"))
    );
    let figures = yes(&office
        .get(&format!("/table-sections/{}/stats", id(&section)))
        .await);
    assert_eq!(
        (&figures["sectionId"], &figures["sectionName"]),
        (&section["id"], &json!("Window"))
    );
    let missing = office.get(&format!("/floor-plans/{NOBODY}/stats")).await;
    assert_eq!(missing.status, 404, "{missing:?}");
}

#[tokio::test]
async fn whoever_waits_on_a_table_is_shown_without_a_secret() {
    let office = Office::open().await;
    let server = office.person("waiter").await;
    let whole = json!({"assignedServerId": server});
    let table = id(&office.table("A-1", whole).await);
    let branch = &office.branch;
    let mut seen = Vec::new();
    for path in [
        format!("/tables/{table}"),
        format!("/tables/{branch}/A-1"),
        "/tables?search=A-1".to_owned(),
        format!("/tables/available/{branch}"),
    ] {
        let body = yes(&office.get(&path).await);
        nothing_secret(&body, &path);
        seen.push(body);
    }
    let expected = json!({
        "id": server, "username": "waiter", "email": "waiter@demo.test", "phone": null, "avatar": null,
        "status": "active", "branchId": branch,
    });
    let shown = &seen[0]["assignedServer"];
    check("server", shown);
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&shown[name], value, "{name}");
    }
    assert_eq!(shown["roles"][0]["code"], "waiter");
    assert_eq!(shown["roles"].as_array().unwrap().len(), 1);
    let shown = |list: &Value| {
        let list = list.get("data").unwrap_or(list).as_array().unwrap();
        list.iter().find(|it| it["tableNumber"] == "A-1").unwrap()["assignedServer"].clone()
    };
    assert_eq!(
        (shown(&seen[2]), shown(&seen[3])),
        (
            seen[0]["assignedServer"].clone(),
            seen[0]["assignedServer"].clone()
        )
    );
}

/// Checks that no key, however deep, has the name of a secret.
fn nothing_secret(value: &Value, asked: &str) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.to_lowercase();
                for secret in [
                    "password",
                    "pin",
                    "hash",
                    "token",
                    "salary",
                    "permission",
                    "secret",
                ] {
                    assert!(!name.contains(secret), "{asked} shows {name}");
                }
                nothing_secret(value, asked);
            }
        }
        Value::Array(items) => items.iter().for_each(|it| nothing_secret(it, asked)),
        _ => {}
    }
}
