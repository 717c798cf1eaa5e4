//! In which order plans and sections come.

use super::office::{Office, each, id, yes};
use jiff::SignedDuration;
use serde_json::json;

/// Makes three things of a list, each at a time of its own, and writes the first once more.
async fn three(office: &Office, list: &str) {
    for (minute, name, order) in [(1, "Z-b", 9), (2, "Z-c", 8), (3, "Z-a", -1)] {
        office.house.later(SignedDuration::from_mins(minute));
        let more = json!({"displayOrder": order});
        match list {
            "floor-plans" => office.plan(name, more).await,
            _ => office.section(name, more).await,
        };
    }
    office.house.later(SignedDuration::from_mins(4));
    let first = id(&office.named(list, "Z-b").await);
    let told = yes(&office
        .patch(&format!("/{list}/{first}"), json!({"description": "x"}))
        .await);
    assert_eq!(
        (&told["createdAt"], &told["updatedAt"]),
        (
            &json!("2026-11-20T19:31:00.000Z"),
            &json!("2026-11-20T19:34:00.000Z")
        )
    );
}

#[tokio::test]
async fn plans_and_sections_are_sorted_by_what_is_asked_either_way() {
    for list in ["floor-plans", "table-sections"] {
        let office = Office::open().await;
        three(&office, list).await;
        for (by, expected) in [
            ("name", ["Z-a", "Z-b", "Z-c"]),
            ("displayOrder", ["Z-a", "Z-c", "Z-b"]),
            ("createdAt", ["Z-b", "Z-c", "Z-a"]),
            ("updatedAt", ["Z-c", "Z-a", "Z-b"]),
        ] {
            let query = format!("/{list}?search=z-&sortBy={by}");
            let found = yes(&office.get(&format!("{query}&sortOrder=ASC")).await);
            assert_eq!(each(&found, "name"), expected, "{list} by {by}");
            let found = yes(&office.get(&format!("{query}&sortOrder=DESC")).await);
            let backwards: Vec<_> = expected.iter().rev().copied().collect();
            assert_eq!(each(&found, "name"), backwards, "{list} by {by}");
        }
    }
}

#[tokio::test]
async fn the_plans_and_sections_of_a_branch_come_in_their_display_order() {
    let office = Office::open().await;
    three(&office, "floor-plans").await;
    let branch = &office.branch;
    let plans = yes(&office.get(&format!("/floor-plans/by-branch/{branch}")).await);
    assert_eq!(each(&plans, "name"), ["Z-a", "Main", "Terrace", "Z-c", "Z-b"]);
    let office = Office::open().await;
    three(&office, "table-sections").await;
    let sections = yes(&office
        .get(&format!("/table-sections/by-branch/{}", office.branch))
        .await);
    let names = each(&sections, "name");
    assert_eq!(names.len(), 6, "{names:?}");
    assert_eq!(
        (names[0].as_str(), &names[4..]),
        ("Z-a", &["Z-c".to_owned(), "Z-b".to_owned()][..])
    );
}

#[tokio::test]
async fn the_sections_of_a_plan_come_in_their_display_order() {
    let office = Office::open().await;
    let plan = id(&office.plan("Roof", json!({})).await);
    for (name, order) in [("Z-b", 9), ("Z-c", 8), ("Z-a", -1)] {
        let more = json!({"displayOrder": order, "floorPlanId": plan});
        office.section(name, more).await;
    }
    let off = json!({"displayOrder": 8, "floorPlanId": plan, "isActive": false});
    office.section("Z-off", off).await;
    let sections = yes(&office.get(&format!("/table-sections/by-floor-plan/{plan}")).await);
    assert_eq!(each(&sections, "name"), ["Z-a", "Z-c", "Z-b"]);
}
