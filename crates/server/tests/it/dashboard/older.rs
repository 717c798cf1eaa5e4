//! The REST and HTML that came before the socket.

use super::{Board, KEY, seat};
use crate::client::{Answer, Client};
use crate::house::House;
use expect_test::{expect, expect_file};
use hyper::Method;
use serde_json::{Value, json};
use std::fmt::Write;

/// Asks for an action as an older page does.
async fn act(client: &Client, table_id: u64, action: &str, form: &str) -> Answer {
    let path = format!("/admin/table/{table_id}/{action}");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    client.send(Method::POST, &path, &headers, form.to_owned()).await
}

#[tokio::test]
async fn every_action_answers_as_it_always_did_and_every_dashboard_is_told() {
    let house = House::open().await;
    let manager = house.manager();
    let (mut board, _) = Board::connect(&house).await;
    let mut text = String::new();
    let steps = [
        ("close", 3, ""),
        ("disable", 1, ""),
        ("disable", 1, ""),
        ("restore", 1, ""),
        ("enable", 1, ""),
        ("enable", 1, ""),
        ("restore", 2, ""),
        ("seat", 3, ""),
        ("disable", 3, ""),
        ("enable", 3, ""),
        ("restore", 3, ""),
        ("move", 3, "target=3"),
        ("move", 3, "target=6"),
        ("move", 3, "target=6"),
        ("move", 3, "target=5"),
        ("move", 3, "target=999"),
        ("move", 3, "target=-1"),
        ("move", 999, "target=5"),
        ("move", 6, "target=six"),
        ("move", 6, "other=5"),
        ("close", 6, ""),
        ("restore", 6, ""),
        ("tidy", 0, ""),
        ("close", 6, ""),
        ("move", 6, "target=5"),
        ("enable", 6, ""),
        ("close", 999, ""),
        ("disable", 999, ""),
        ("enable", 999, ""),
        ("restore", 999, ""),
    ];
    for (action, table_id, form) in steps {
        match action {
            "seat" => drop(seat(&house, table_id).await),
            "tidy" => {
                let settings = json!({"command": "change_settings", "clean_after_close": true});
                manager.accepted(settings).await;
            }
            action => {
                let answer = act(&manager, table_id, action, form).await;
                assert_eq!(answer.headers["deprecation"], "@1795651200");
                let kind = answer.headers["content-type"].to_str().unwrap();
                let kind = kind.split(';').next().unwrap();
                writeln!(text, "{action} {table_id} {form}").unwrap();
                writeln!(text, "  {} {kind} {}", answer.status.as_u16(), answer.text).unwrap();
            }
        }
        let told = board.said().await;
        if !told.is_empty() {
            writeln!(text, "  dashboards: {}", told.join(", ")).unwrap();
        }
    }
    expect_file!["older.txt"].assert_eq(&text);
}

#[tokio::test]
async fn tables_are_listed_as_the_socket_shows_them() {
    let house = House::open().await;
    seat(&house, 4).await;
    let manager = house.manager();
    act(&manager, 2, "disable", "").await;
    let mut board = Board::with_token(&house, KEY).await;
    let answer = manager.get("/admin/api/tables").await;
    assert_eq!(answer.headers["deprecation"], "@1795651200");
    assert_eq!(answer.json(), board.next().await["tables"]);
    // Whoever has written something reads it here, on whichever surface that was.
    let seq = manager.floor().await["seq"].as_u64().unwrap();
    assert_eq!(answer.headers["x-seq"], seq.to_string());
    let min_seq = (seq + 1).to_string();
    let get = |min_seq: String| {
        let manager = manager.clone();
        async move {
            let headers = [("x-min-seq", min_seq.as_str())];
            manager
                .send(Method::GET, "/admin/api/tables", &headers, String::new())
                .await
        }
    };
    let (late, _) = tokio::join!(get(min_seq.clone()), seat(&house, 5));
    assert_eq!(late.headers["x-seq"], min_seq);
    assert_eq!(get("soon".to_owned()).await.status, 422);
}

#[tokio::test]
async fn the_grid_is_a_piece_of_a_page_with_a_cell_for_each_table() {
    let house = House::open().await;
    let manager = house.manager();
    seat(&house, 2).await;
    let party = manager
        .accepted(json!({"command": "add_party", "covers": 2}))
        .await;
    let party_id = &party["events"][0]["party_id"];
    for command in [
        json!({"command": "set_table_state", "table_id": 3, "state": "reserved", "party_id": party_id}),
        json!({"command": "set_table_state", "table_id": 4, "state": "dirty"}),
        json!({"command": "set_table_state", "table_id": 5, "state": "maintenance"}),
    ] {
        manager.accepted(command).await;
    }
    // Few tables are enough to see all that there is.
    for table_id in 9..=20 {
        manager
            .accepted(json!({"command": "delete_table", "table_id": table_id}))
            .await;
    }
    let answer = manager.get("/admin/tables").await;
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    let lines = answer
        .text
        .replace("<t", "\n<t")
        .replace("<button", "\n  <button");
    expect_file!["grid.html"].assert_eq(&lines);
}

#[tokio::test]
async fn an_action_that_is_asked_for_twice_under_one_name_is_done_once() {
    let house = House::open().await;
    let manager = house.manager();
    seat(&house, 7).await;
    let close = async |table_id: u64, key: &str| {
        let path = format!("/admin/table/{table_id}/close");
        let headers = [("idempotency-key", key)];
        manager.send(Method::POST, &path, &headers, String::new()).await
    };
    let first = close(7, "tap-1").await;
    let again = close(7, "tap-1").await;
    assert_eq!(
        (first.text, &first.headers["x-seq"]),
        (again.text, &again.headers["x-seq"])
    );
    let other = close(8, "tap-1").await;
    assert_eq!(other.status, 422);
    let expected = r#"{"detail":"this idempotency key was used for another command"}"#;
    assert_eq!(other.text, expected);
    let long = close(7, &"k".repeat(129)).await;
    let expected = r#"{"detail":"Idempotency-Key must have 1 to 128 characters"}"#;
    assert_eq!((long.status.as_u16(), long.text.as_str()), (422, expected));
}

#[tokio::test]
async fn the_day_of_the_sunset_is_said_where_one_is_set() {
    let day = "2027-12-31".parse().unwrap();
    let house = House::open_with(|config| config.admin.sunset = Some(day)).await;
    for answer in [
        act(&house.manager(), 1, "disable", "").await,
        house.manager().get("/admin/tables").await,
        house.stranger().get("/admin/tables").await,
    ] {
        assert_eq!(answer.headers["sunset"], "Fri, 31 Dec 2027 00:00:00 GMT");
        assert!(
            answer.headers["link"]
                .to_str()
                .unwrap()
                .contains("rel=\"deprecation\"")
        );
    }
    let documents = maitred::surface::documents().openapi;
    let is_deprecated = |path: &str, method: &str| documents["paths"][path][method]["deprecated"] == true;
    assert!(is_deprecated("/admin/table/{id}/close", "post") && is_deprecated("/admin/tables", "get"));
    assert!(!is_deprecated("/admin/api/token", "post"));
}

#[tokio::test]
async fn a_session_is_shown_with_all_that_pages_read_of_it() {
    let house = House::open().await;
    let manager = house.manager();
    let empty = manager.get("/admin/api/session/12").await.json();
    expect![[r#"{"active_member_count":0,"cart_items":[],"member_count":0,"members":[],"orders":[],"session":null,"success":true,"table_number":12,"table_status":"open","totals":{"cart_total":0.0,"grand_total":0.0,"orders_total":0.0}}"#]]
    .assert_eq(&empty.to_string());
    let turn_id = seat(&house, 12).await;
    let taken = manager.get("/admin/api/session/12").await.json();
    let session = &taken["session"];
    assert!(
        session["session_pid"].as_str().unwrap().starts_with("s_"),
        "turn {turn_id}: {session}"
    );
    assert_eq!(session["created_at"], session["last_activity_at"]);
    assert_eq!(
        (
            &session["state"],
            &session["pass_validated"],
            &taken["table_status"]
        ),
        (&json!("active"), &json!(false), &json!("occupied"))
    );
}

#[tokio::test]
async fn who_is_not_let_in_is_told_so_in_the_form_that_pages_read() {
    let house = House::open().await;
    let missing = json!({"detail": "Missing or invalid authorization header"});
    let wrong = json!({"detail": "Invalid API key"});
    let coded =
        |code: &str, detail: &str| json!({"detail": {"success": false, "code": code, "detail": detail}});
    let no_header = coded("missing_auth", "Authorization header required");
    let bad_key = coded("invalid_auth", "Invalid API key or token");
    let cases: [(&str, Option<&str>, u16, &Value); 12] = [
        ("/admin/api/tables", None, 401, &missing),
        ("/admin/api/tables", Some("Bearer"), 401, &missing),
        ("/admin/api/tables", Some("Bearer "), 401, &missing),
        ("/admin/api/tables", Some("Basic abc"), 401, &missing),
        ("/admin/api/tables", Some("demo-key-restaurant-1"), 401, &missing),
        ("/admin/api/tables", Some("Bearer wrong"), 403, &wrong),
        ("/admin/api/tables", Some("Bearer schlüssel"), 401, &missing),
        ("/admin/api/session/1", None, 401, &no_header),
        ("/admin/api/session/1", Some("Bearer "), 401, &no_header),
        ("/admin/api/session/1", Some("Bearer wrong"), 403, &bad_key),
        ("/admin/api/session/1", Some("wrong"), 403, &bad_key),
        ("/admin/nowhere", None, 404, &json!({"detail": "Not Found"})),
    ];
    for (path, header, status, expected) in cases {
        let headers: Vec<_> = header.map(|it| ("authorization", it)).into_iter().collect();
        let answer = house
            .stranger()
            .send(Method::GET, path, &headers, String::new())
            .await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()),
            (status, expected),
            "{path} with {header:?}"
        );
    }
    let bare = [("authorization", KEY)];
    let path = "/admin/api/session/1";
    let answer = house
        .stranger()
        .send(Method::GET, path, &bare, String::new())
        .await;
    assert_eq!(answer.status, 200);
    let elsewhere = house.manager().get("/admin/api/session/21").await;
    let expected = coded("table_not_found", "Table not found");
    assert_eq!((elsewhere.status.as_u16(), elsewhere.json()), (404, expected));
    let other = house.manager().get("/admin/table/1/close").await;
    assert_eq!(
        (other.status.as_u16(), other.text.as_str()),
        (405, r#"{"detail":"Method Not Allowed"}"#)
    );
    let slash = house.manager().get("/admin/api/tables/").await;
    assert_eq!(slash.status, 200);
}
