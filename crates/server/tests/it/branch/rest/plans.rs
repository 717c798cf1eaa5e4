//! Floor plans: what is kept of them, which one is the default, and what becomes of a copy.

use super::office::{Office, each, figures, gone, id, made, no, plain, yes};
use super::shapes::check;
use serde_json::{Value, json};

/// The names of the default plans of branch 1. There is to be one.
async fn defaults(office: &Office) -> Vec<String> {
    let page = yes(&office.get("/floor-plans?isDefault=true&limit=100").await);
    each(&page, "name")
}

#[tokio::test]
async fn a_plan_is_kept_as_it_was_described() {
    let office = Office::open().await;
    let body = json!({
        "name": "Dachgeschoß 🏠", "branchId": office.branch, "description": "under\nthe roof", "displayOrder": 7,
        "isActive": false,
        "layout": {"width": 1000, "height": 620.5, "gridSize": 20, "backgroundImage": "https://x.example/a.png",
            "backgroundColor": "#fafafa"},
        "settings": {"enableAutoLayout": true, "showGridLines": false, "snapToGrid": true,
            "customStyles": {"wall": {"color": "red", "n": [1, null]}}},
    });
    let plan = made(&office.post("/floor-plans", body.clone()).await);
    check("plan", &plan);
    let shown = yes(&office.get(&format!("/floor-plans/{}", id(&plan))).await);
    for told in [&plan, &shown] {
        for (name, value) in body.as_object().unwrap() {
            assert_eq!(figures(&told[name]), figures(value), "{name}");
        }
        assert_eq!(told["isDefault"], false);
        assert_eq!(told["createdAt"], "2026-11-20T19:30:00.000Z");
    }
    assert_eq!((&shown["tables"], &shown["sections"]), (&json!([]), &json!([])));
    // Of a plan of which nothing is said.
    let bare = office.plan("Bare", json!({})).await;
    let expected = json!({"description": null, "displayOrder": 0, "isActive": true, "isDefault": false, "settings": null});
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&bare[name], value, "{name}");
    }
}

#[tokio::test]
async fn a_plan_is_changed_and_the_rest_of_it_stays() {
    let office = Office::open().await;
    let layout = json!({"width": 1000, "height": 600, "gridSize": 25});
    let plan = office
        .plan(
            "Roof",
            json!({"layout": layout, "settings": {"snapToGrid": true}}),
        )
        .await;
    let place = format!("/floor-plans/{}", id(&plan));
    let mut before = yes(&office.get(&place).await);
    for (name, value) in [
        ("name", json!("Roof garden")),
        ("description", json!("x")),
        ("displayOrder", json!(-4)),
        ("isActive", json!(false)),
        ("settings", json!({"showGridLines": true})),
        ("description", Value::Null),
    ] {
        let mut body = json!({});
        body[name] = value.clone();
        let told = yes(&office.patch(&place, body).await);
        assert_eq!(told[name], value);
        let shown = yes(&office.get(&place).await);
        let mut expected = before.clone();
        for changed in [name, "version", "updatedAt"] {
            expected[changed] = shown[changed].clone();
        }
        assert_eq!(shown, expected, "{name}");
        before = shown;
    }
}

#[tokio::test]
async fn the_whole_body_becomes_the_layout() {
    let office = Office::open().await;
    let plan = office
        .plan(
            "Roof",
            json!({"layout": {"width": 1000, "height": 600, "gridSize": 25}}),
        )
        .await;
    let place = format!("/floor-plans/{}", id(&plan));
    for layout in [
        json!({"width": 10, "height": 20}),
        json!({"width": 10, "height": 20, "gridSize": 5, "backgroundColor": "#fff"}),
    ] {
        let told = yes(&office.patch(&format!("{place}/layout"), layout.clone()).await);
        assert_eq!(figures(&told["layout"]), figures(&layout));
        let shown = yes(&office.get(&place).await);
        assert_eq!(figures(&shown["layout"]), figures(&layout));
        assert_eq!(shown["name"], "Roof");
    }
}

#[tokio::test]
async fn a_name_is_taken_once_in_a_branch() {
    let office = Office::open().await;
    let before = office.standing().await;
    let taken = "400 Floor plan \"Main\" already exists in this branch";
    let new = json!({"name": "Main", "branchId": office.branch});
    assert_eq!(no(&office.post("/floor-plans", new).await), taken);
    let terrace = format!(
        "/floor-plans/{}",
        id(&office.named("floor-plans", "Terrace").await)
    );
    assert_eq!(no(&office.patch(&terrace, json!({"name": "Main"})).await), taken);
    assert_eq!(
        no(&office
            .post(&format!("{terrace}/duplicate"), json!({"newName": "Main"}))
            .await),
        taken
    );
    assert_eq!(office.standing().await, before);
    // Its own name is free for it.
    yes(&office
        .patch(&terrace, json!({"name": "Terrace", "displayOrder": 3}))
        .await);
    let elsewhere = json!({"name": "Main", "branchId": office.other});
    made(
        &super::office::ask(
            &office.chain,
            "POST",
            &super::office::at("/floor-plans"),
            &elsewhere,
        )
        .await,
    );
}

#[tokio::test]
async fn the_default_is_in_use() {
    let office = Office::open().await;
    let main = format!(
        "/floor-plans/{}",
        plain(&office.named("floor-plans", "Main").await["id"])
    );
    let said = no(&office.patch(&main, json!({"isActive": false})).await);
    assert_eq!(said, "400 [isActive must be true for the default plan]");
}

#[tokio::test]
async fn there_is_one_default_whoever_becomes_it() {
    let office = Office::open().await;
    assert_eq!(defaults(&office).await, ["Main"]);
    // A new one, one that is said to be, one that is set, and the same again.
    office.plan("Roof", json!({"isDefault": true})).await;
    assert_eq!(defaults(&office).await, ["Roof"]);
    let terrace = format!(
        "/floor-plans/{}",
        id(&office.named("floor-plans", "Terrace").await)
    );
    let told = yes(&office.patch(&terrace, json!({"isDefault": true})).await);
    assert_eq!(told["isDefault"], true);
    assert_eq!(defaults(&office).await, ["Terrace"]);
    let main = format!("/floor-plans/{}", id(&office.named("floor-plans", "Main").await));
    for _ in 0..2 {
        let told = yes(&office.patch(&format!("{main}/set-default"), Value::Null).await);
        assert_eq!(
            (&told["isDefault"], &told["name"]),
            (&json!(true), &json!("Main"))
        );
        assert_eq!(defaults(&office).await, ["Main"]);
    }
    let default = yes(&office
        .get(&format!("/floor-plans/default/{}", office.branch))
        .await);
    assert_eq!(default["name"], "Main");
    assert!(default.get("branch").is_none(), "{default}");
    // Other branches have their own.
    let path = format!("/api/v1/restaurant/floor-plans/default/{}", office.other);
    let other = super::office::ask(&office.chain, "GET", &path, &Value::Null).await;
    assert_eq!(yes(&other)["name"], "Salle");
    assert_eq!(
        no(&office.delete(&main).await),
        "400 Cannot delete the default floor plan. Please set another floor plan as default first."
    );
}

#[tokio::test]
async fn a_copy_has_the_drawing_and_nothing_that_stands_on_it() {
    let office = Office::open().await;
    let more = json!({"displayOrder": 4, "layout": {"width": 900, "height": 300, "gridSize": 10}, "isDefault": true,
        "settings": {"snapToGrid": true, "customStyles": {"a": 1}}, "description": "d"});
    let plan = office.plan("Roof", more).await;
    office.table("T-1", json!({"floorPlanId": plan["id"]})).await;
    let place = format!("/floor-plans/{}", id(&plan));
    let copy = made(
        &office
            .post(&format!("{place}/duplicate"), json!({"newName": "Roof copy"}))
            .await,
    );
    let copy = yes(&office.get(&format!("/floor-plans/{}", id(&copy))).await);
    assert_eq!(
        (&copy["name"], &copy["displayOrder"]),
        (&json!("Roof copy"), &json!(5))
    );
    assert_eq!(
        (&copy["layout"], &copy["settings"]),
        (&plan["layout"], &plan["settings"])
    );
    assert_eq!((&copy["isDefault"], &copy["tables"]), (&json!(false), &json!([])));
    assert_ne!(copy["id"], plan["id"]);
    assert_eq!(defaults(&office).await, ["Roof"]);
    let said = no(&office
        .post(
            &format!("{place}/duplicate"),
            json!({"newName": "X", "name": "Y"}),
        )
        .await);
    assert_eq!(said, "400 [property name should not exist]");
}

#[tokio::test]
async fn the_figures_of_a_plan_are_right() {
    let office = Office::open().await;
    let plan = office.plan("Roof", json!({})).await;
    let place = format!("/floor-plans/{}/stats", id(&plan));
    let empty = yes(&office.get(&place).await);
    assert_eq!(
        (&empty["tables"]["total"], &empty["tables"]["totalCapacity"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(empty["sections"], json!({"total": 0, "active": 0}));
    for (number, status, capacity) in [("A", "available", 2), ("B", "occupied", 3), ("C", "occupied", 5)] {
        let more = json!({"floorPlanId": plan["id"], "status": status, "capacity": capacity});
        office.table(number, more).await;
    }
    office.section("On", json!({"floorPlanId": plan["id"]})).await;
    office
        .section("Off", json!({"floorPlanId": plan["id"], "isActive": false}))
        .await;
    let told = yes(&office.get(&place).await);
    assert_eq!(
        [
            &told["floorPlanName"],
            &told["isDefault"],
            &told["isActive"],
            &told["sections"]
        ],
        [
            &json!("Roof"),
            &json!(false),
            &json!(true),
            &json!({"total": 2, "active": 1})
        ]
    );
    let tables = &told["tables"];
    assert_eq!(
        [&tables["total"], &tables["active"], &tables["totalCapacity"]],
        [&json!(3), &json!(3), &json!(10)]
    );
    assert_eq!(
        (&tables["byStatus"]["available"], &tables["byStatus"]["occupied"]),
        (&json!(1), &json!(2))
    );
    let counted: u64 = tables["byStatus"]
        .as_object()
        .unwrap()
        .values()
        .map(|it| it.as_u64().unwrap())
        .sum();
    assert_eq!(counted, 3, "{}", plain(tables));
    office
        .table("D", json!({"floorPlanId": plan["id"], "isActive": false}))
        .await;
    let tables = yes(&office.get(&place).await)["tables"].clone();
    assert_eq!((&tables["total"], &tables["active"]), (&json!(4), &json!(3)));
}

#[tokio::test]
async fn a_plan_that_is_deleted_is_gone() {
    let office = Office::open().await;
    let plan = office.plan("Roof", json!({})).await;
    let place = format!("/floor-plans/{}", id(&plan));
    gone(&office.delete(&place).await);
    assert_eq!(
        no(&office.get(&place).await),
        format!("404 Floor plan with ID {} not found", id(&plan))
    );
    let named = office.get(&format!("/floor-plans/{}/Roof", office.branch)).await;
    assert_eq!(no(&named), "404 Floor plan \"Roof\" not found in this branch");
    // Its name is free again.
    office.plan("Roof", json!({})).await;
}
