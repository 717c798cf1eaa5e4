//! `POST /table_session`, and the code that leads there.

use super::{Phone, code, no, scan};
use crate::dashboard::Board;
use crate::house::{House, operated};
use serde_json::{Value, json};

#[tokio::test]
async fn the_first_to_scan_opens_the_table_and_every_dashboard_sees_it() {
    let house = House::open().await;
    let (mut board, _) = Board::connect(&house).await;
    let first = Phone::join(&house, 4, "phone-a").await;
    let second = Phone::join(&house, 4, "phone-b").await;
    let again = Phone::join(&house, 4, "phone-a").await;
    assert_eq!(board.said().await, ["4 occupied 1"]);
    assert_eq!(
        (
            &first.joined["is_host"],
            &second.joined["is_host"],
            &again.joined["is_host"]
        ),
        (&json!(true), &json!(false), &json!(true))
    );
    assert_eq!(first.text("member_pid"), again.text("member_pid"));
    assert_eq!(first.text("session_pid"), second.text("session_pid"));
    assert_ne!(first.text("nickname"), second.text("nickname"));
    for (field, expected) in [
        ("restaurant_name", json!("Harbour House")),
        ("table_number", json!(4)),
        ("session_validated", json!(true)),
    ] {
        assert_eq!(first.joined[field], expected);
    }
    // What the floor has of it: the turn counts its phones, and no phone's own name is kept.
    let floor = house.manager().floor().await["floor"].clone();
    let turn = &floor["turns"][0];
    assert_eq!(
        (turn["covers"].as_u64(), turn["members"].as_array().unwrap().len()),
        (Some(2), 2)
    );
    assert!(!floor.to_string().contains("phone-"), "{floor}");
    let session = house.manager().get("/admin/api/session/4").await.json();
    assert_eq!(
        (&session["member_count"], &session["active_member_count"]),
        (&json!(2), &json!(2))
    );
    let host = &session["members"][0];
    assert_eq!(
        (
            &host["member_pid"],
            &host["nickname"],
            &host["is_host"],
            &host["active"]
        ),
        (
            &first.joined["member_pid"],
            &first.joined["nickname"],
            &json!(true),
            &json!(true)
        )
    );
    assert_eq!(session["session"]["session_pid"], first.joined["session_pid"]);
    let by = house
        .manager()
        .get("/v1/restaurants/1/changes?after=0&limit=1000")
        .await
        .json();
    let joined: Vec<&Value> = by["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["by"]["surface"] == "guest")
        .flat_map(|it| it["events"].as_array().unwrap())
        .map(|it| &it["event"])
        .collect();
    assert_eq!(
        joined,
        [
            "turn_opened",
            "member_joined",
            "member_joined",
            "covers_changed",
            "turn_touched"
        ]
    );
}

#[tokio::test]
async fn who_may_not_join_is_told_why() {
    let house = House::open_with(operated).await;
    let manager = house.manager();
    let party = manager
        .accepted(json!({"command": "add_party", "covers": 2}))
        .await;
    let party_id = &party["events"][0]["party_id"];
    for command in [
        json!({"command": "set_table_state", "table_id": 1, "state": "blocked"}),
        json!({"command": "set_table_state", "table_id": 2, "state": "maintenance"}),
        json!({"command": "set_table_state", "table_id": 3, "state": "reserved", "party_id": party_id}),
        json!({"command": "set_table_state", "table_id": 5, "state": "dirty"}),
    ] {
        manager.accepted(command).await;
    }
    let (table, token) = code(&house, 6).await;
    let (other, _) = code(&house, 7).await;
    manager
        .accepted(json!({"command": "update_table", "table_id": 7, "active": false}))
        .await;
    let body = |table: &str, token: &str, slug: &str| json!({"table_pid": table, "token": token, "device_id": "phone-a", "restaurant_slug": slug});
    let here = "test-restaurant-1";
    let mut told = String::new();
    for body in [
        body(&table, &token, "nowhere"),
        body("t_000000", &token, here),
        body("6", &token, here),
        body(&other, &token, here),
        body(&table, &token.replace(&token[..1], "g"), here),
        body(&table, &token[..62], here),
        body(&table, "ünlesbar", here),
        body(&table, &token, "bistro-2"),
        body(&table, "", here),
        body(&table, &"f".repeat(201), here),
        json!({"table_pid": table, "token": token, "restaurant_slug": here}),
        json!({"table_pid": 6, "token": token, "device_id": "a", "restaurant_slug": here}),
        json!([1]),
    ] {
        let answer = house.stranger().post("/table_session", &body).await;
        told += &format!("{}\n", no(&answer));
    }
    for table_id in [1, 2, 3] {
        told += &format!("{}\n", no(&scan(&house, table_id, "phone-a").await));
    }
    expect_test::expect![[r#"
        404 restaurant_not_found: Restaurant not found
        404 table_not_found: Table not found
        404 table_not_found: Table not found
        404 table_not_found: Table not found
        403 bad_token: This code is not that table's
        403 bad_token: This code is not that table's
        403 bad_token: This code is not that table's
        404 table_not_found: Table not found
        422 invalid_request: token must be a text of 1 to 200 characters
        422 invalid_request: token must be a text of 1 to 200 characters
        422 invalid_request: device_id must be a text of 1 to 200 characters
        422 invalid_request: table_pid must be a text of 1 to 200 characters
        422 invalid_request: the body must be a JSON object
        423 table_disabled: This table is out of service
        423 table_disabled: This table is out of service
        409 table_reserved: This table is reserved: please ask the staff
    "#]]
    .assert_eq(&told);
    assert_eq!(scan(&house, 5, "phone-a").await.status, 200);
    // What the door knows about a party is nothing for a phone.
    assert!(!told.contains("party"));
    let get = house.stranger().get("/table_session").await;
    assert_eq!(get.status, 405);
    // A restaurant that is gone.
    house.operator().delete("/v1/restaurants/1").await;
    let gone = house
        .stranger()
        .post("/table_session", &body(&table, &token, here))
        .await;
    assert_eq!(no(&gone), "404 restaurant_not_found: Restaurant not found");
}

#[tokio::test]
async fn a_turn_takes_as_many_phones_as_it_may() {
    let house = House::open().await;
    for nth in 0..30 {
        Phone::join(&house, 1, &format!("phone-{nth}")).await;
    }
    let one_more = scan(&house, 1, "phone-30").await;
    assert_eq!(
        no(&one_more),
        "409 session_full: As many guests have joined this table as may"
    );
    assert_eq!(scan(&house, 1, "phone-29").await.status, 200);
}

#[tokio::test]
async fn the_code_of_a_table_is_good_for_ever_and_leads_to_the_configured_page() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_at(folder.path(), 0).await;
    let before = code(&house, 4).await;
    assert_eq!(before.1.len(), 64);
    assert_ne!(before.1, code(&house, 5).await.1);
    drop(house.stop().await);
    let house = House::open_at(folder.path(), 0).await;
    assert_eq!(code(&house, 4).await, before);
    drop(house.stop().await);
    let house = House::open_with(|config| {
        config.guest.url = Some("https://{slug}.example.com/".to_owned());
        config.guest.code_secret = Some("printed-long-ago".to_owned().into());
    })
    .await;
    let shown = house.manager().get("/admin/api/table/4/qr").await.json();
    // HMAC-SHA256 of "1:4" with that secret.
    expect_test::expect![[r#"{"success":true,"table_number":4,"url":"https://test-restaurant-1.example.com/?t=t_dde6c4&token=2202cb725841ef9be49aaf3c6c0fc8b95b90acbf7a7b68ee001999f10bb612f3"}"#]].assert_eq(&shown.to_string());
}

#[tokio::test]
async fn a_guests_token_is_good_for_nothing_else() {
    let house = House::open().await;
    let guest = Phone::join(&house, 4, "phone-a").await;
    for path in [
        "/admin/api/tables",
        "/admin/api/session/4",
        "/v1/restaurants/1/floor",
        "/restaurants/1/guests",
    ] {
        let status = guest.client.get(path).await.status.as_u16();
        assert!([401, 403].contains(&status), "{path}: {status}");
    }
    let mut board = Board::with_token(&house, guest.text("ws_token")).await;
    assert_eq!(board.closed().await.1, 4003);
}
