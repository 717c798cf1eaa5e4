//! How a table is changed: field by field, with the two meanings of null.

use super::desk::{Desk, line, problems, yes};
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
async fn a_place_is_given_in_shares_or_in_units_of_a_plan_of_800_by_600() {
    let desk = Desk::open().await;
    let mut lines = String::new();
    for (x, y) in [
        (json!(200), json!(150)),
        (json!(0.4), json!(0.3)),
        (json!(0), json!(0)),
        (json!(1), json!(1)),
        (json!(1.0), json!(600)),
        (json!(800), json!(1.5)),
        (json!(-5), json!(-0.1)),
        (json!(900), json!(1e300)),
        (json!("400"), json!("0.5")),
        (json!(0.123_456), json!(0.999_999_9)),
    ] {
        let body = json!({"position": {"x": x, "y": y}});
        let told = yes(&desk.put("/tables/table-7", body.clone()).await);
        assert_eq!(
            yes(&desk.patch("/tables/table-7", body).await)["position"],
            told["position"]
        );
        assert_eq!(desk.table("table-7").await["position"], told["position"]);
        lines += &format!("{x} {y} -> {} {}\n", told["position"]["x"], told["position"]["y"]);
    }
    expect![[r#"
        200 150 -> 0.25 0.25
        0.4 0.3 -> 0.4 0.3
        0 0 -> 0.0 0.0
        1 1 -> 1.0 1.0
        1.0 600 -> 1.0 1.0
        800 1.5 -> 1.0 0.0025
        -5 -0.1 -> 0.0 0.0
        900 1e+300 -> 1.0 1.0
        "400" "0.5" -> 0.5 0.5
        0.123456 0.9999999 -> 0.12346 1.0
    "#]]
    .assert_eq(&lines);
    let made = table("40", &json!({"position": {"x": 200, "y": 150}}));
    let made = yes(&desk.post("/tables", made).await);
    assert_eq!(made["position"], json!({"x": 0.25, "y": 0.25}));
}

#[tokio::test]
async fn null_is_nothing_in_a_put_of_a_table_and_clears_in_a_patch() {
    let desk = Desk::open().await;
    let guest = desk.seated("Ann", "table-7").await;
    let mut expected = desk.table("table-7").await;
    assert!(expected["section"].is_string());
    for field in [
        "table_number",
        "capacity",
        "status",
        "position",
        "shape",
        "section",
        "current_guest_id",
        "currentGuestId",
    ] {
        let told = yes(&desk.put("/tables/table-7", json!({field: null})).await);
        assert_eq!(told["table"], expected, "{field}");
    }
    // What a table cannot be without stays.
    for field in ["table_number", "capacity", "status", "position", "shape"] {
        let told = yes(&desk.patch("/tables/table-7", json!({field: null})).await);
        assert_eq!(told["table"], expected, "{field}");
    }
    let told = yes(&desk.patch("/tables/table-7", json!({"section": null})).await);
    expected["section"] = Value::Null;
    assert_eq!(told["table"], expected);
    let told = yes(&desk
        .patch("/tables/table-7", json!({"current_guest_id": null}))
        .await);
    expected["status"] = json!("available");
    expected["currentGuestId"] = Value::Null;
    assert_eq!(told["table"], expected);
    assert_eq!(desk.shown(&guest).await["tableId"], Value::Null);
    desk.is_sound().await;
}

#[tokio::test]
async fn every_field_of_a_table_can_be_changed_alone() {
    let desk = Desk::open().await;
    for (field, value, shown_as) in [
        ("table_number", json!("7a"), "tableNumber"),
        ("capacity", json!(5), "capacity"),
        ("shape", json!("oval"), "shape"),
        ("section", json!("Terrace"), "section"),
        ("position", json!({"x": 0.75, "y": 0.5}), "position"),
        ("status", json!("reserved"), "status"),
    ] {
        for (table, method) in [("table-7", "put"), ("table-8", "patch")] {
            let mut expected = desk.table(table).await;
            let value = if field == "table_number" && method == "patch" {
                json!("8a")
            } else {
                value.clone()
            };
            let path = format!("/tables/{table}");
            let body = json!({field: value});
            let told = if method == "put" {
                desk.put(&path, body).await
            } else {
                desk.patch(&path, body).await
            };
            expected[shown_as] = value;
            assert_eq!(yes(&told)["table"], expected, "{method} {field}");
        }
    }
}

#[tokio::test]
async fn an_update_of_a_table_is_looked_at_closely() {
    let desk = Desk::open().await;
    let before = desk.standing().await;
    let mut lines = String::new();
    for body in [
        json!({"status": "free"}),
        json!({"status": "OCCUPIED"}),
        json!({"status": 1}),
        json!({"capacity": 0}),
        json!({"capacity": 2.5}),
        json!({"table_number": 7}),
        json!({"shape": "hexagon"}),
        json!({"position": {"x": 1}}),
        json!({"position": "left"}),
        json!({"current_guest_id": ["guest-1"]}),
        json!({"currentGuestId": 1.5}),
    ] {
        let put = problems(&desk.put("/tables/table-7", body.clone()).await);
        assert_eq!(put, problems(&desk.patch("/tables/table-7", body).await));
        lines += &format!("{put}\n");
    }
    expect![[r#"
        enum body.status: Input should be 'available', 'occupied', 'reserved' or 'outOfService'
        enum body.status: Input should be 'available', 'occupied', 'reserved' or 'outOfService'
        string_type body.status: Input should be a valid string
        value_error body.capacity: Value error, capacity must be a positive integer
        int_from_float body.capacity: Input should be a valid integer, got a number with a fractional part
        string_type body.table_number: Input should be a valid string
        enum body.shape: Input should be 'round', 'square', 'rectangle' or 'oval'
        missing body.position.y: Field required
        model_attributes_type body.position: Input should be a valid dictionary
        string_type body.current_guest_id: Input should be a valid string
        string_type body.currentGuestId: Input should be a valid string
    "#]]
    .assert_eq(&lines);
    for table in ["table-99", "99", "table-21", "guest-1", "x", "table-"] {
        let path = format!("/tables/{table}");
        assert_eq!(
            line(&desk.put(&path, json!({"capacity": 2})).await),
            LOST,
            "{table}"
        );
        assert_eq!(
            line(&desk.patch(&path, json!({"capacity": 2})).await),
            LOST,
            "{table}"
        );
        assert_eq!(line(&desk.delete(&path).await), LOST, "{table}");
        assert_eq!(
            line(&desk.put(&format!("{path}/clear"), json!({})).await),
            LOST,
            "{table}"
        );
    }
    for guest in [json!("guest-9"), json!(9), json!("nobody"), json!("no body")] {
        for spelling in ["current_guest_id", "currentGuestId"] {
            let answer = desk.put("/tables/table-7", json!({spelling: guest})).await;
            assert_eq!(line(&answer), LOST, "{guest}");
        }
    }
    assert_eq!(desk.standing().await, before);
}

#[tokio::test]
async fn seats_do_not_go_below_those_who_sit_there() {
    let desk = Desk::open().await;
    let guest = desk.guest(json!({"first_name": "Ann", "party_size": 4})).await;
    yes(&desk
        .put(
            &format!("/guests/{guest}"),
            json!({"status": "Seated", "table_id": 7}),
        )
        .await);
    let before = desk.standing().await;
    for body in [json!({"capacity": 3}), json!({"capacity": "1"})] {
        assert_eq!(desk.put("/tables/table-7", body.clone()).await.status, 400);
        assert_eq!(desk.patch("/tables/table-7", body).await.status, 400);
    }
    assert_eq!(desk.standing().await, before);
    yes(&desk.put("/tables/table-7", json!({"capacity": 5})).await);
    yes(&desk.put("/tables/table-7", json!({"capacity": 4})).await);
    yes(&desk.put("/tables/table-8", json!({"capacity": 1})).await);
}
