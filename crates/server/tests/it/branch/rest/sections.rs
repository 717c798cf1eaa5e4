//! Sections: what is kept of them, on which plan they lie, and which may be deleted.

use super::office::{NOBODY, Office, each, gone, id, made, no, yes};
use super::shapes::check;
use serde_json::{Value, json};

#[tokio::test]
async fn a_section_is_kept_as_it_was_described() {
    let office = Office::open().await;
    let plan = office.plan("Roof", json!({})).await;
    let body = json!({
        "name": "Ecke «links» 🌿", "branchId": office.branch, "description": "by the\ndoor", "floorPlanId": plan["id"],
        "color": "#4CAF50", "displayOrder": 3, "isActive": true,
        "settings": {"maxCapacity": 30, "isSmokingArea": true, "isVipArea": false, "customAttributes": {"a": [1, {"b": null}]}},
    });
    let section = made(&office.post("/table-sections", body.clone()).await);
    check("section", &section);
    let shown = yes(&office.get(&format!("/table-sections/{}", id(&section))).await);
    for told in [&section, &shown] {
        for (name, value) in body.as_object().unwrap() {
            assert_eq!(&told[name], value, "{name}");
        }
    }
    assert_eq!(
        (&shown["floorPlan"]["name"], &shown["tables"]),
        (&json!("Roof"), &json!([]))
    );
    let bare = office.section("Bare", json!({})).await;
    let expected =
        json!({"description": null, "floorPlanId": null, "color": null, "displayOrder": 0, "isActive": true});
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&bare[name], value, "{name}");
    }
}

#[tokio::test]
async fn a_section_is_changed_and_the_answer_says_what_is_there_now() {
    let office = Office::open().await;
    let (main, terrace) = (
        office.named("floor-plans", "Main").await,
        office.named("floor-plans", "Terrace").await,
    );
    let section = office.section("Sky", json!({"color": "#111111"})).await;
    let place = format!("/table-sections/{}", id(&section));
    for (name, value) in [
        ("floorPlanId", main["id"].clone()),
        ("floorPlanId", terrace["id"].clone()),
        ("floorPlanId", Value::Null),
        ("name", json!("Heaven")),
        ("description", json!("blue")),
        ("color", json!("rebeccapurple")),
        ("displayOrder", json!(12)),
        ("settings", json!({"isVipArea": true})),
        ("isActive", json!(false)),
    ] {
        let mut body = json!({});
        body[name] = value.clone();
        let told = yes(&office.patch(&place, body).await);
        let shown = yes(&office.get(&place).await);
        for answer in [&told, &shown] {
            if name != "settings" {
                assert_eq!(answer[name], value);
            }
            // The nested plan is the one that the id says.
            if let Some(plan) = answer.get("floorPlan") {
                assert_eq!(
                    plan.get("id").cloned().unwrap_or_default(),
                    answer["floorPlanId"],
                    "{answer}"
                );
            }
        }
        assert_eq!(
            shown["settings"]["isVipArea"] == true,
            ["settings", "isActive"].contains(&name)
        );
    }
    let missing = office.patch(&place, json!({"floorPlanId": NOBODY})).await;
    assert_eq!(no(&missing), format!("404 Floor plan with ID {NOBODY} not found"));
    let new = json!({"name": "X", "branchId": office.branch, "floorPlanId": NOBODY});
    let missing = office.post("/table-sections", new).await;
    assert_eq!(no(&missing), format!("404 Floor plan with ID {NOBODY} not found"));
}

#[tokio::test]
async fn a_name_of_a_section_is_taken_once_in_a_branch() {
    let office = Office::open().await;
    let before = office.standing().await;
    let new = json!({"name": "Window", "branchId": office.branch});
    let taken = no(&office.post("/table-sections", new).await);
    assert_eq!(taken, "400 Section \"Window\" already exists in this branch");
    let centre = format!(
        "/table-sections/{}",
        id(&office.named("table-sections", "Centre").await)
    );
    assert_eq!(no(&office.patch(&centre, json!({"name": "Window"})).await), taken);
    assert_eq!(office.standing().await, before);
    yes(&office.patch(&centre, json!({"name": "Centre"})).await);
    let nowhere = json!({"name": "Window", "branchId": NOBODY});
    let missing = no(&office.post("/table-sections", nowhere).await);
    assert_eq!(missing, format!("404 Branch with ID {NOBODY} not found"));
}

#[tokio::test]
async fn a_section_with_tables_that_are_used_is_not_deleted() {
    let office = Office::open().await;
    let section = office.section("Sky", json!({})).await;
    let place = format!("/table-sections/{}", id(&section));
    let mut tables = Vec::new();
    for number in ["S-1", "S-2"] {
        tables.push(id(&office
            .table(number, json!({"sectionId": section["id"]}))
            .await));
    }
    let refused = |n_tables: usize| {
        format!(
            "400 Cannot delete section with {n_tables} active table(s). Please reassign or deactivate the tables first."
        )
    };
    for (at, table) in tables.iter().enumerate() {
        assert_eq!(no(&office.delete(&place).await), refused(tables.len() - at));
        yes(&office
            .patch(&format!("/tables/{table}"), json!({"isActive": false}))
            .await);
    }
    // With inactive tables only, it goes, and they are in none.
    gone(&office.delete(&place).await);
    assert_eq!(office.get(&place).await.status, 404);
    for table in &tables {
        let shown = office.shown(table).await;
        assert_eq!(
            (&shown["sectionId"], &shown["section"]),
            (&Value::Null, &Value::Null)
        );
        assert_eq!(shown["isActive"], false);
    }
    let terrace = id(&office.named("table-sections", "Terrace").await);
    assert_eq!(
        no(&office.delete(&format!("/table-sections/{terrace}")).await),
        refused(6)
    );
}

#[tokio::test]
async fn sections_are_listed_by_branch_and_by_plan() {
    let office = Office::open().await;
    let terrace = id(&office.named("floor-plans", "Terrace").await);
    office.section("Sky", json!({"floorPlanId": terrace})).await;
    office
        .section("Off", json!({"floorPlanId": terrace, "isActive": false}))
        .await;
    for (place, expected) in [
        (
            format!("by-branch/{}", office.branch),
            vec!["Centre", "Sky", "Terrace", "Window"],
        ),
        (format!("by-floor-plan/{terrace}"), vec!["Sky", "Terrace"]),
    ] {
        let list = yes(&office.get(&format!("/table-sections/{place}")).await);
        let mut names = each(&list, "name");
        names.sort_unstable();
        assert_eq!(names, expected);
    }
    let page = yes(&office
        .get(&format!("/table-sections?floorPlanId={terrace}&isActive=true"))
        .await);
    assert_eq!(page["meta"]["total"], 2);
}

#[tokio::test]
async fn the_figures_of_a_section_are_right() {
    let office = Office::open().await;
    let plan = office.plan("Roof", json!({})).await;
    let settings = json!({"maxCapacity": 12, "isVipArea": true});
    let more = json!({"floorPlanId": plan["id"], "color": "#010203", "settings": settings});
    let section = office.section("Sky", more).await;
    for (number, status, capacity) in [("A", "reserved", 2), ("B", "occupied", 3)] {
        let more = json!({"sectionId": section["id"], "status": status, "capacity": capacity});
        office.table(number, more).await;
    }
    let place = format!("/table-sections/{}/stats", id(&section));
    let told = yes(&office.get(&place).await);
    check("section stats", &told);
    assert_eq!(told["floorPlan"], json!({"id": plan["id"], "name": "Roof"}));
    assert_eq!(
        (&told["color"], &told["isActive"]),
        (&json!("#010203"), &json!(true))
    );
    assert_eq!(
        (&told["settings"]["maxCapacity"], &told["settings"]["isVipArea"]),
        (&json!(12), &json!(true))
    );
    let tables =
        json!({"total": 2, "active": 2, "byStatus": {"occupied": 1, "reserved": 1}, "totalCapacity": 5});
    assert_eq!(told["tables"], tables);
    yes(&office
        .patch(
            &format!("/table-sections/{}", id(&section)),
            json!({"floorPlanId": null}),
        )
        .await);
    assert_eq!(yes(&office.get(&place).await)["floorPlan"], Value::Null);
}
