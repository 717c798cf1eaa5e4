//! Branches themselves: shown to those who belong there, and opened, changed and closed by admins.

use super::office::{NOBODY, Office, PREFIXES, ask, at, each, gone, id, made, no, plain, yes};
use super::shapes::{check, is_id};
use crate::client::Client;
use crate::visitors::OPERATOR;
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn get(client: &Client, place: &str) -> crate::client::Answer {
    ask(client, "GET", &format!("/api/v1/branches{place}"), &Value::Null).await
}

#[tokio::test]
async fn a_branch_is_the_restaurant_that_it_is_elsewhere() {
    let office = Office::open().await;
    let list = yes(&get(&office.admin, "").await);
    check("page branch", &list);
    assert_eq!(
        list["meta"],
        json!({"total": 1, "page": 1, "limit": 10, "totalPages": 1})
    );
    let branch = &list["data"][0];
    assert_eq!(
        (&branch["id"], &branch["name"], &branch["isActive"]),
        (&json!(office.branch), &json!("Harbour House"), &json!(true))
    );
    assert_eq!(
        (&branch["settings"]["timezone"], &branch["settings"]["currency"]),
        (&json!("America/New_York"), &json!("USD"))
    );
    assert_eq!(
        &yes(&get(&office.admin, &format!("/{}", office.branch)).await),
        branch
    );
    let code = branch["code"].as_str().unwrap();
    assert_eq!(&yes(&get(&office.admin, &format!("/code/{code}")).await), branch);
    // It is the one that stands inside of a table.
    assert_eq!(&office.numbered("7").await["branch"], branch);
    // Another name, said elsewhere, is its name here.
    let manager = office.house.manager();
    yes(&manager
        .patch("/v1/restaurants/1/settings", &json!({"name": "Harbour Höuse"}))
        .await);
    assert_eq!(
        yes(&get(&office.admin, &format!("/{}", office.branch)).await)["name"],
        "Harbour Höuse"
    );
}

#[tokio::test]
async fn branches_come_in_pages_the_newest_first() {
    let office = Office::open().await;
    let all = yes(&get(&office.chain, "").await);
    assert_eq!(all["meta"]["total"], 2);
    let one = yes(&get(&office.chain, "?limit=1&page=2").await);
    assert_eq!(
        one["meta"],
        json!({"total": 2, "page": 2, "limit": 1, "totalPages": 2})
    );
    assert_eq!(each(&one, "id"), [each(&all, "id")[1].clone()]);
    let times = each(&all, "createdAt");
    assert!(times[0] >= times[1], "{times:?}");
    for query in ["?limit=0", "?page=0", "?limit=x", "?bogus=1"] {
        assert!(
            no(&get(&office.chain, query).await).starts_with("400 ["),
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_branch_that_is_none_is_not_found() {
    let office = Office::open().await;
    for place in [
        format!("/{NOBODY}"),
        "/nowhere".to_owned(),
        "/code/NOWHERE".to_owned(),
    ] {
        let answer = get(&office.admin, &place).await;
        assert_eq!(answer.status, 404, "{place}: {answer:?}");
    }
    // What is no text is no address, and is named as it was sent.
    for prefix in PREFIXES {
        let path = format!("{prefix}/branches/code/%FF");
        let answer = ask(&office.admin, "GET", &path, &Value::Null).await;
        assert_eq!(no(&answer), format!("404 Cannot GET {path}"));
    }
    // By its code, a branch of somebody else is not told from one that is none.
    let theirs = yes(&get(&office.chain, &format!("/{}", office.other)).await);
    let code = plain(&theirs["code"]);
    let said = no(&get(&office.admin, &format!("/code/{code}")).await);
    assert_eq!(said, format!("404 Branch with code {code} not found"));
}

#[tokio::test]
async fn a_branch_is_opened_changed_and_closed() {
    let office = Office::open().await;
    let operator = office.house.client(OPERATOR);
    let body = json!({"name": "Wëstside", "code": "BR001", "address": "1 Pier", "city": "Santa Monica", "state": "CA",
        "zipCode": "90401", "country": "USA", "phone": "+1 310 555 0100", "email": "west@example.com",
        "settings": {"timezone": "America/Los_Angeles", "currency": "USD", "taxRate": 9.5}});
    let branch = made(&ask(&operator, "POST", "/api/v1/branches", &body).await);
    check("branch", &branch);
    assert!(is_id(&branch["id"]));
    for (name, value) in body.as_object().unwrap() {
        assert_eq!(&branch[name], value, "{name}");
    }
    let place = format!("/{}", id(&branch));
    assert_eq!(yes(&get(&operator, &place).await), branch);
    assert_eq!(yes(&get(&operator, "/code/BR001").await), branch);
    let path = format!("/api/v1/branches{place}");
    let told = yes(&ask(
        &operator,
        "PATCH",
        &path,
        &json!({"name": "Westside", "phone": null, "zipCode": "90402"}),
    )
    .await);
    assert_eq!(
        (&told["name"], &told["phone"], &told["zipCode"]),
        (&json!("Westside"), &Value::Null, &json!("90402"))
    );
    assert_eq!(
        (&told["city"], &told["settings"]),
        (&branch["city"], &branch["settings"])
    );
    // A table stands there.
    let table = json!({"tableNumber": "1", "capacity": 2, "branchId": branch["id"]});
    let table = made(&ask(&operator, "POST", &at("/tables"), &table).await);
    let shown = yes(&ask(
        &operator,
        "GET",
        &at(&format!("/tables/{}", id(&table))),
        &Value::Null,
    )
    .await);
    assert_eq!(
        (&shown["branch"]["name"], &shown["branch"]["zipCode"]),
        (&json!("Westside"), &json!("90402"))
    );
    // With the branch goes what belongs to it.
    gone(&ask(&operator, "DELETE", &path, &Value::Null).await);
    assert_eq!(get(&operator, &place).await.status, 404);
    let answer = ask(
        &operator,
        "GET",
        &at(&format!("/tables/{}", id(&table))),
        &Value::Null,
    )
    .await;
    assert_eq!(answer.status, 404);
    let list = yes(&get(&operator, "?limit=100").await);
    assert!(!each(&list, "id").contains(&id(&branch)));
}

#[tokio::test]
async fn what_is_wrong_with_a_branch_is_said() {
    let office = Office::open().await;
    let operator = office.house.client(OPERATOR);
    let post = async |body: Value| no(&ask(&operator, "POST", "/api/v1/branches", &body).await);
    let said = post(json!({"wings": 2})).await;
    assert!(
        said.starts_with("400 [property wings should not exist; ") && said.contains("name must be a string"),
        "{said}"
    );
    let said = post(json!({"name": "N", "code": "N1", "email": "nowhere"})).await;
    assert!(said.contains("email must be an email"), "{said}");
    // A code is one branch's.
    let body = json!({"name": "N", "code": "N1"});
    let branch = made(&ask(&operator, "POST", "/api/v1/branches", &body).await);
    let taken = "400 Branch with code N1 already exists";
    assert_eq!(post(json!({"name": "M", "code": "N1"})).await, taken);
    let patch = async |id: &str| {
        let path = format!("/api/v1/branches/{id}");
        ask(&operator, "PATCH", &path, &json!({"code": "N1"})).await
    };
    assert_eq!(no(&patch(&office.branch).await), taken);
    // Its own is free for it.
    assert_eq!(yes(&patch(&id(&branch)).await)["code"], "N1");
}

#[tokio::test]
async fn an_admin_changes_the_own_branch() {
    let office = Office::open().await;
    let path = format!("/api/v1/branches/{}", office.branch);
    let told = yes(&ask(
        &office.admin,
        "PATCH",
        &path,
        &json!({"name": "Harbour", "city": "Oslo", "managerId": null}),
    )
    .await);
    assert_eq!(
        (&told["name"], &told["city"]),
        (&json!("Harbour"), &json!("Oslo"))
    );
    assert_eq!(office.floor_of(1).await["floor"]["settings"]["name"], "Harbour");
    let other = format!("/api/v1/branches/{}", office.other);
    let before = office.both_standing().await;
    for method in ["PATCH", "DELETE"] {
        let body = if method == "PATCH" {
            json!({"name": "Mine"})
        } else {
            Value::Null
        };
        let said = no(&ask(&office.admin, method, &other, &body).await);
        assert_eq!(said, "403 Forbidden resource");
    }
    assert_eq!(office.both_standing().await, before);
}

#[tokio::test]
async fn a_branch_is_in_use_as_long_as_it_is_there() {
    let office = Office::open().await;
    let path = format!("/api/v1/branches/{}", office.branch);
    let before = office.standing().await;
    let body = json!({"isActive": false, "city": "Oslo"});
    let refused = ask(&office.admin, "PATCH", &path, &body).await;
    assert_eq!(
        no(&refused),
        "400 A branch is in use as long as it is there: delete it instead"
    );
    assert_eq!(office.standing().await, before);
    let body = json!({"isActive": true, "city": "Oslo"});
    let told = yes(&ask(&office.admin, "PATCH", &path, &body).await);
    assert_eq!((&told["isActive"], &told["city"]), (&json!(true), &json!("Oslo")));
}

#[tokio::test]
async fn whoever_opens_a_branch_is_its_admin_at_once_with_the_same_token() {
    let office = Office::open().await;
    let admin = office.signed_in("admin").await;
    let branch = json!({"name": "Jetty Kiosk", "code": "JK1"});
    let branch = made(&ask(&admin, "POST", "/api/v1/branches", &branch).await);
    assert_eq!(
        (&branch["code"], &branch["isActive"]),
        (&json!("JK1"), &json!(true))
    );
    let table = json!({"tableNumber": "1", "capacity": 2, "branchId": branch["id"]});
    let table = made(&ask(&admin, "POST", &at("/tables"), &table).await);
    gone(
        &ask(
            &admin,
            "DELETE",
            &at(&format!("/tables/{}", id(&table))),
            &Value::Null,
        )
        .await,
    );
    let list = yes(&get(&admin, "").await);
    assert_eq!(list["meta"]["total"], 2);
    // Nobody else of the house works there.
    let manager = office.signed_in("manager").await;
    let said = no(&get(&manager, &format!("/{}", id(&branch))).await);
    assert_eq!(said, "403 Forbidden resource");
}

#[tokio::test]
async fn keys_and_other_programs_tokens_open_no_branch() {
    let office = Office::open().await;
    let operator = office.house.client(OPERATOR);
    let key = json!({"name": "scale", "role": "admin"});
    let key = yes(&operator.post("/v1/restaurants/1/keys", &key).await);
    let key = office.house.client(key["key"].as_str().unwrap());
    let total = async || yes(&get(&operator, "").await)["meta"]["total"].clone();
    let before = total().await;
    for client in [&office.admin, &office.chain, &key] {
        let branch = json!({"name": "Jetty Kiosk", "code": "JK1"});
        let said = no(&ask(client, "POST", "/api/v1/branches", &branch).await);
        assert_eq!(said, "403 Forbidden resource");
    }
    assert_eq!(total().await, before);
}

#[tokio::test]
async fn where_branches_are_the_operators_business_nobody_else_opens_one() {
    let office = Office::open_with(|config| config.branch.creation = false).await;
    let branch = json!({"name": "Jetty Kiosk", "code": "JK1"});
    let admin = office.signed_in("admin").await;
    let said = no(&ask(&admin, "POST", "/api/v1/branches", &branch).await);
    assert_eq!(said, "403 Forbidden resource");
    made(
        &ask(
            &office.house.client(OPERATOR),
            "POST",
            "/api/v1/branches",
            &branch,
        )
        .await,
    );
}

#[tokio::test]
async fn branches_are_searched_and_sorted_the_newest_first_when_nobody_says_how() {
    let office = Office::open().await;
    let admin = office.signed_in("admin").await;
    let mut opened = Vec::new();
    for (minute, name, code) in [(1, "Quay Kiosk", "C-2"), (2, "Abbey Bar", "C-10")] {
        office.house.later(SignedDuration::from_mins(minute));
        let branch = json!({"name": name, "code": code});
        opened.push(made(&ask(&admin, "POST", "/api/v1/branches", &branch).await));
    }
    assert_eq!(opened[0]["createdAt"], "2026-11-20T19:31:00.000Z");
    office.house.later(SignedDuration::from_mins(3));
    let path = format!("/api/v1/branches/{}", id(&opened[0]));
    let told = yes(&ask(&admin, "PATCH", &path, &json!({"city": "Oslo"})).await);
    assert_eq!(
        (&told["createdAt"], &told["updatedAt"]),
        (
            &json!("2026-11-20T19:31:00.000Z"),
            &json!("2026-11-20T19:33:00.000Z")
        )
    );
    let names = async |query: &str| {
        let page = yes(&get(&admin, query).await);
        assert_eq!(page["meta"]["total"], page["data"].as_array().unwrap().len());
        each(&page, "name")
    };
    let (house, quay, abbey) = ("Harbour House", "Quay Kiosk", "Abbey Bar");
    for (query, expected) in [
        ("", vec![abbey, quay, house]),
        ("?sortOrder=ASC", vec![house, quay, abbey]),
        ("?sortBy=createdAt", vec![abbey, quay, house]),
        ("?sortBy=createdAt&sortOrder=ASC", vec![house, quay, abbey]),
        ("?sortBy=updatedAt&sortOrder=ASC", vec![house, abbey, quay]),
        ("?sortBy=updatedAt&sortOrder=DESC", vec![quay, abbey, house]),
        ("?sortBy=name&sortOrder=ASC", vec![abbey, house, quay]),
        ("?sortBy=name&sortOrder=DESC", vec![quay, house, abbey]),
        ("?sortBy=code&sortOrder=ASC&search=c-", vec![quay, abbey]),
        ("?sortBy=code&sortOrder=DESC&search=c-", vec![abbey, quay]),
        ("?search=KIOSK", vec![quay]),
        ("?search=c-1", vec![abbey]),
        ("?search=nowhere", vec![]),
        ("?isActive=true", vec![abbey, quay, house]),
        ("?isActive=false", vec![]),
        ("?isActive=true&search=h", vec![house]),
    ] {
        assert_eq!(names(query).await, expected, "{query}");
    }
    let sorts = "400 [sortBy must be one of the following values: createdAt, updatedAt, name, code]";
    assert_eq!(no(&get(&admin, "?sortBy=city").await), sorts);
}
