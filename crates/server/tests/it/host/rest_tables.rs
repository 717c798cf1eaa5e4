//! The tables of the house: how they read, how one is put up, changed and taken away.

use super::desk::{Desk, line, plain, problems, yes};
use expect_test::expect;
use serde_json::{Value, json};

const LOST: &str = r#"404 {"message":"Resource not found","success":false}"#;

/// A body that puts up a table of four, with these fields laid over it.
fn table(number: &str, more: &Value) -> Value {
    let mut body = json!({"table_number": number, "capacity": 4, "position": {"x": 0.5, "y": 0.25}});
    let fields = body.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn tables_are_listed_by_their_number_as_a_text() {
    let desk = Desk::open().await;
    yes(&desk.post("/tables", table("B2", &json!({}))).await);
    yes(&desk.post("/tables", table("100", &json!({}))).await);
    yes(&desk.delete("/tables/table-3").await);
    desk.manager(json!({"command": "update_table", "table_id": 5, "active": false}))
        .await;
    let numbers: Vec<_> = desk
        .list("/tables")
        .await
        .iter()
        .map(|it| plain(&it["tableNumber"]))
        .collect();
    assert_eq!(
        numbers.join(" "),
        "1 10 100 11 12 13 14 15 16 17 18 19 2 20 4 6 7 8 9 B2"
    );
}

#[tokio::test]
async fn a_table_reads_as_its_clients_know_it() {
    let desk = Desk::open().await;
    desk.seated("Mara", "table-2").await;
    let shown = desk.table("table-2").await;
    expect![[r#"
        {
          "capacity": 2,
          "createdAt": "2026-11-20T19:30:00",
          "currentGuestId": "guest-1",
          "id": "table-2",
          "lastUpdated": "2026-11-20T19:30:00",
          "position": {
            "x": 0.26875,
            "y": 0.16667
          },
          "section": "Window",
          "shape": "square",
          "status": "occupied",
          "tableNumber": "2"
        }
    "#]]
    .assert_eq(&(serde_json::to_string_pretty(&shown).unwrap() + "\n"));
    let wrapped = yes(&desk.put("/tables/table-2", json!({"capacity": 6})).await);
    assert_eq!(wrapped["success"], true);
    let inner = wrapped["table"].as_object().unwrap();
    assert_eq!(inner["capacity"], 6);
    for (key, value) in inner {
        assert_eq!(&wrapped[key], value, "{key}");
    }
    assert_eq!(Value::Object(inner.clone()), desk.table("table-2").await);
}

#[tokio::test]
async fn a_new_table_is_told_once_and_is_there() {
    let desk = Desk::open().await;
    let more = json!({"shape": "oval", "section": "Window", "status": null, "color": "red"});
    let made = yes(&desk.post("/tables", table("21", &more)).await);
    expect![[r#"
        {
          "capacity": 4,
          "createdAt": "2026-11-20T19:30:00",
          "currentGuestId": null,
          "id": "table-33",
          "lastUpdated": "2026-11-20T19:30:00",
          "position": {
            "x": 0.5,
            "y": 0.25
          },
          "section": "Window",
          "shape": "oval",
          "status": "available",
          "tableNumber": "21"
        }
    "#]]
    .assert_eq(&(serde_json::to_string_pretty(&made["table"]).unwrap() + "\n"));
    assert_eq!(made["success"], true);
    for (key, value) in made["table"].as_object().unwrap() {
        assert_eq!(&made[key], value, "{key}");
    }
    assert_eq!(desk.table(&plain(&made["id"])).await, made["table"]);
    let round = yes(&desk.post("/tables", table("22", &json!({}))).await);
    assert_eq!(
        (&round["shape"], &round["section"]),
        (&json!("round"), &Value::Null)
    );
    for shape in ["round", "square", "rectangle", "oval"] {
        let made = yes(&desk.post("/tables", table(shape, &json!({"shape": shape}))).await);
        assert_eq!(made["shape"], shape);
    }
}

#[tokio::test]
async fn what_a_new_table_lacks_or_gets_wrong_is_listed() {
    let desk = Desk::open().await;
    let before = desk.standing().await;
    let mut lines = String::new();
    for body in [
        json!({}),
        json!({"table_number": "30"}),
        json!({"table_number": "30", "capacity": 4, "position": {}}),
        json!({"table_number": "30", "capacity": 4, "position": [1, 2]}),
        table("30", &json!({"table_number": 30})),
        table("30", &json!({"table_number": ""})),
        table("30", &json!({"table_number": "9".repeat(100)})),
        table("30", &json!({"capacity": 0})),
        table("30", &json!({"capacity": -4})),
        table("30", &json!({"capacity": 1_000})),
        table("30", &json!({"capacity": "four"})),
        table("30", &json!({"capacity": null})),
        table("30", &json!({"shape": "star"})),
        table("30", &json!({"section": 3})),
        table("30", &json!({"section": "s".repeat(500)})),
        table("30", &json!({"position": {"x": "left", "y": true}})),
        table("30", &json!({"position": {"x": "NaN", "y": "inf"}})),
    ] {
        lines += &format!("{}\n", problems(&desk.post("/tables", body).await));
    }
    expect![[r#"
        missing body.table_number: Field required; missing body.capacity: Field required; missing body.position: Field required
        missing body.capacity: Field required; missing body.position: Field required
        missing body.position.x: Field required; missing body.position.y: Field required
        model_attributes_type body.position: Input should be a valid dictionary
        string_type body.table_number: Input should be a valid string
        value_error body.table_number: Value error, table_number must not be blank
        value_error body.table_number: Value error, table_number must have at most 60 characters, got 100
        value_error body.capacity: Value error, capacity must be a positive integer
        value_error body.capacity: Value error, capacity must be a positive integer
        value_error body.capacity: Value error, capacity must be at most 60
        int_parsing body.capacity: Input should be a valid integer, unable to parse string as an integer
        missing body.capacity: Field required
        enum body.shape: Input should be 'round', 'square', 'rectangle' or 'oval'
        string_type body.section: Input should be a valid string
        value_error body.section: Value error, section must have at most 60 characters, got 500
        float_type body.position.x: Input should be a valid number; float_type body.position.y: Input should be a valid number
        float_type body.position.x: Input should be a valid number; float_type body.position.y: Input should be a valid number
    "#]].assert_eq(&lines);
    assert_eq!(desk.standing().await, before);
    let capacity = table("30", &json!({"capacity": "6"}));
    assert_eq!(yes(&desk.post("/tables", capacity).await)["capacity"], 6);
}

#[tokio::test]
async fn a_number_belongs_to_one_table() {
    let desk = Desk::open().await;
    yes(&desk.post("/tables", table("B7", &json!({}))).await);
    let before = desk.standing().await;
    let taken = r#"400 {"detail":"Table 7 already exists"}"#;
    assert_eq!(line(&desk.post("/tables", table("7", &json!({}))).await), taken);
    assert_eq!(line(&desk.post("/tables", table(" 7 ", &json!({}))).await), taken);
    let renamed = json!({"table_number": "7"});
    assert_eq!(line(&desk.put("/tables/table-8", renamed.clone()).await), taken);
    assert_eq!(line(&desk.patch("/tables/table-8", renamed.clone()).await), taken);
    assert_eq!(desk.post("/tables", table("b7", &json!({}))).await.status, 400);
    assert_eq!(desk.standing().await, before);
    // Its own number is no other's, and that of a table that was taken away is free again.
    yes(&desk.put("/tables/table-7", renamed.clone()).await);
    yes(&desk.delete("/tables/table-7").await);
    yes(&desk.post("/tables", table("7", &json!({}))).await);
}

#[tokio::test]
async fn a_section_goes_by_its_name_and_a_new_name_makes_one() {
    let desk = Desk::open().await;
    let sections = async || {
        let floor = desk.floor().await;
        let sections = floor["sections"].as_array().unwrap().clone();
        let names: Vec<_> = sections.iter().map(|it| plain(&it["name"])).collect();
        names.join(", ")
    };
    let before = sections().await;
    let told = yes(&desk.put("/tables/table-7", json!({"section": "Terrace"})).await);
    assert_eq!(told["section"], "Terrace");
    assert_eq!(sections().await, before);
    let told = yes(&desk.patch("/tables/table-7", json!({"section": "Garden"})).await);
    assert_eq!(told["section"], "Garden");
    assert_eq!(sections().await, format!("{before}, Garden"));
    let told = yes(&desk
        .post("/tables", table("30", &json!({"section": "Garden"})))
        .await);
    assert_eq!(told["section"], "Garden");
    let told = yes(&desk
        .post("/tables", table("31", &json!({"section": "Bar"})))
        .await);
    assert_eq!(told["section"], "Bar");
    assert_eq!(sections().await, format!("{before}, Garden, Bar"));
    // A table that is not to be had makes no section either.
    assert_eq!(
        desk.post("/tables", table("31", &json!({"section": "Roof"})))
            .await
            .status,
        400
    );
    assert_eq!(
        desk.put("/tables/table-99", json!({"section": "Roof"}))
            .await
            .status,
        404
    );
    assert_eq!(sections().await, format!("{before}, Garden, Bar"));
}

#[tokio::test]
async fn a_table_is_taken_away_unless_somebody_sits_there() {
    let desk = Desk::open().await;
    let guest = desk.seated("Ann", "table-7").await;
    let before = desk.standing().await;
    assert_eq!(
        line(&desk.delete("/tables/table-7").await),
        r#"400 {"detail":"Cannot delete an occupied table"}"#
    );
    assert_eq!(desk.standing().await, before);
    yes(&desk
        .put(&format!("/guests/{guest}"), json!({"status": "Finished"}))
        .await);
    let gone = yes(&desk.delete("/tables/7/").await);
    assert_eq!(gone, json!({"message": "Table deleted successfully"}));
    assert_eq!(line(&desk.delete("/tables/table-7").await), LOST);
    assert!(!desk.ids("/tables").await.contains(&"table-7".to_owned()));
}
