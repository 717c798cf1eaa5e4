//! What stands on a plan: shown with it, and left standing on none when it is gone.

use super::office::{Office, each, gone, id, yes};
use serde_json::{Value, json};

#[tokio::test]
async fn the_tables_of_a_plan_that_is_deleted_stand_on_none() {
    let office = Office::open().await;
    let terrace = office.named("floor-plans", "Terrace").await;
    // One is not in use.
    yes(&office
        .patch(
            &format!("/tables/{}", office.id_of("16").await),
            json!({"isActive": false}),
        )
        .await);
    let before = office.numbered("17").await;
    gone(&office.delete(&format!("/floor-plans/{}", id(&terrace))).await);
    for number in ["15", "16", "17", "18", "19", "20"] {
        let table = office.numbered(number).await;
        assert_eq!(
            (&table["floorPlanId"], &table["floorPlan"]),
            (&Value::Null, &Value::Null),
            "{number}"
        );
    }
    // Nothing else of them has changed.
    let mut after = office.numbered("17").await;
    for field in [
        "floorPlanId",
        "floorPlan",
        "updatedAt",
        "version",
        "section",
        "sectionId",
    ] {
        after[field] = before[field].clone();
    }
    assert_eq!(after, before);
    // What lay on it lies on none, or is shown with what is there.
    let section = office.named("table-sections", "Terrace").await;
    assert_eq!(
        (&section["floorPlanId"], &section["floorPlan"]),
        (&Value::Null, &Value::Null),
        "{section}"
    );
}

#[tokio::test]
async fn a_plan_and_a_section_show_what_is_active() {
    let office = Office::open().await;
    let plan = id(&office.plan("Roof", json!({})).await);
    let section = id(&office.section("Sky", json!({"floorPlanId": plan})).await);
    office
        .section("Off", json!({"floorPlanId": plan, "isActive": false}))
        .await;
    let there = json!({"floorPlanId": plan, "sectionId": section});
    office.table("R-1", there.clone()).await;
    let off = id(&office.table("R-2", there).await);
    yes(&office
        .patch(&format!("/tables/{off}"), json!({"isActive": false}))
        .await);
    let shown = yes(&office.get(&format!("/floor-plans/{plan}")).await);
    assert_eq!(
        (
            each(&shown["tables"], "tableNumber"),
            each(&shown["sections"], "name")
        ),
        (vec!["R-1".to_owned()], vec!["Sky".to_owned()])
    );
    let shown = yes(&office.get(&format!("/table-sections/{section}")).await);
    assert_eq!(each(&shown["tables"], "tableNumber"), ["R-1"]);
    assert_eq!(shown["floorPlan"]["id"], plan);
    // A table elsewhere is not shown any more.
    let moved = format!("/tables/{}", office.id_of("R-1").await);
    yes(&office
        .patch(&moved, json!({"floorPlanId": null, "sectionId": null}))
        .await);
    for place in [
        format!("/floor-plans/{plan}"),
        format!("/table-sections/{section}"),
    ] {
        assert_eq!(yes(&office.get(&place).await)["tables"], json!([]));
    }
}

#[tokio::test]
async fn whoever_sits_at_a_table_goes_on_sitting_there_when_its_plan_is_deleted() {
    let office = Office::open().await;
    let terrace = id(&office.named("floor-plans", "Terrace").await);
    yes(&office.say(&office.id_of("15").await, "occupied").await);
    gone(&office.delete(&format!("/floor-plans/{terrace}")).await);
    let table = office.numbered("15").await;
    assert_eq!(
        (&table["status"], &table["floorPlanId"]),
        (&json!("occupied"), &Value::Null)
    );
    assert_eq!(office.n_turns().await, 1);
}
