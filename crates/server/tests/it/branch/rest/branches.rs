//! Branches themselves: shown to those who belong there, and opened, changed and closed by admins.

use super::office::{NOBODY, Office, ask, at, each, gone, id, made, no, plain, yes};
use super::shapes::{check, is_id};
use crate::client::Client;
use crate::visitors::OPERATOR;
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
        "/code/%FF".to_owned(),
    ] {
        let answer = get(&office.admin, &place).await;
        assert!(
            [400, 404].contains(&answer.status.as_u16()),
            "{place}: {answer:?}"
        );
        assert!(
            place == "/code/%FF" || answer.status == 404,
            "{place}: {answer:?}"
        );
    }
    // A branch of somebody else is not told from one that is none, or not let.
    let theirs = yes(&get(&office.chain, &format!("/{}", office.other)).await);
    let code = plain(&theirs["code"]);
    let answer = get(&office.admin, &format!("/code/{code}")).await;
    assert!([403, 404].contains(&answer.status.as_u16()), "{answer:?}");
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
    let answer = ask(&operator, "POST", "/api/v1/branches", &body).await;
    if answer.status == 201 {
        let said = post(json!({"name": "M", "code": "N1"})).await;
        assert!(said.starts_with("400 ") || said.starts_with("409 "), "{said}");
    }
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
        let answer = ask(&office.admin, method, &other, &body).await;
        assert!([403, 404].contains(&answer.status.as_u16()), "{answer:?}");
    }
    assert_eq!(office.both_standing().await, before);
}
