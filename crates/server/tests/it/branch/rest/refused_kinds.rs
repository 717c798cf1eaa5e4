//! What is of another kind than it has to be: neither yes nor no, no number.

use super::office::{Office, add, ask, id, no, of_new};
use serde_json::{Value, json};

#[tokio::test]
async fn what_is_neither_yes_nor_no_is_told_so() {
    let office = Office::open().await;
    let before = office.standing().await;
    let new = |more: Value| {
        let mut body = json!({"name": "New", "branchId": office.branch});
        add(&mut body, more);
        body
    };
    for value in [json!({}), json!([]), json!([true])] {
        for name in ["isActive", "metadata.isOutdoor", "metadata.hasHighChair"] {
            let said = match name.split_once('.') {
                Some((outer, inner)) => of_new(&office, outer, json!({inner: value})).await,
                None => of_new(&office, name, value.clone()).await,
            };
            assert_eq!(said, format!("400 [{name} must be a boolean value]"), "{value}");
        }
        for (list, more, name) in [
            ("floor-plans", json!({"isActive": value}), "isActive"),
            ("floor-plans", json!({"isDefault": value}), "isDefault"),
            (
                "floor-plans",
                json!({"settings": {"snapToGrid": value}}),
                "settings.snapToGrid",
            ),
            ("table-sections", json!({"isActive": value}), "isActive"),
            (
                "table-sections",
                json!({"settings": {"isVipArea": value}}),
                "settings.isVipArea",
            ),
        ] {
            let said = no(&office.post(&format!("/{list}"), new(more)).await);
            assert_eq!(said, format!("400 [{name} must be a boolean value]"), "{list}");
        }
        let path = "/api/v1/settings/restaurant/enable";
        let said = no(&ask(&office.admin, "POST", path, &json!({"enabled": value})).await);
        assert_eq!(said, "400 [enabled must be a boolean value]");
    }
    // In a query, any word is not yes.
    for word in ["maybe", "", "TRUE", "yes"] {
        for (list, name) in [
            ("restaurant/tables", "isActive"),
            ("restaurant/floor-plans", "isActive"),
            ("restaurant/floor-plans", "isDefault"),
            ("restaurant/table-sections", "isActive"),
            ("branches", "isActive"),
        ] {
            let path = format!("/api/v1/{list}?{name}={word}");
            let said = no(&ask(&office.admin, "GET", &path, &Value::Null).await);
            assert_eq!(said, format!("400 [{name} must be a boolean value]"), "{path}");
        }
    }
    assert_eq!(office.standing().await, before);
}

#[tokio::test]
async fn what_is_no_number_is_told_so() {
    let office = Office::open().await;
    let phrase = "must be a number conforming to the specified constraints";
    for (name, value, path) in [
        ("position", json!({"x": "left", "y": 1}), "position.x"),
        ("position", json!({"x": 1}), "position.y"),
        ("position", json!({"x": 1, "y": true}), "position.y"),
        (
            "shape",
            json!({"type": "circle", "radius": "wide"}),
            "shape.radius",
        ),
        ("shape", json!({"type": "rectangle", "width": {}}), "shape.width"),
    ] {
        let said = of_new(&office, name, value.clone()).await;
        assert_eq!(said, format!("400 [{path} {phrase}]"), "{value}");
    }
    let both = of_new(&office, "position", json!({})).await;
    assert_eq!(both, format!("400 [position.x {phrase}; position.y {phrase}]"));
    let body = json!({"name": "New", "branchId": office.branch, "layout": {"width": "wide"}});
    let said = no(&office.post("/floor-plans", body).await);
    assert_eq!(
        said,
        format!("400 [layout.width {phrase}; layout.height {phrase}]")
    );
    let plan = id(&office.named("floor-plans", "Main").await);
    let layout = json!({"width": 800, "height": "high"});
    let said = no(&office.patch(&format!("/floor-plans/{plan}/layout"), layout).await);
    assert_eq!(said, format!("400 [height {phrase}]"));
}
