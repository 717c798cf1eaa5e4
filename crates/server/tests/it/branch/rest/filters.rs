//! Which tables there are for whom: filters, what is free for a party, and the figures of a branch.

use super::office::{NOBODY, Office, add, ask, at, each, id, yes};
use crate::visitors::OPERATOR;
use serde_json::{Value, json};

/// The demo's tables by number: what they hold, from and to.
const HOLD: [(u32, u32); 20] = [
    (1, 2),
    (1, 2),
    (1, 2),
    (2, 4),
    (2, 4),
    (1, 2),
    (2, 4),
    (2, 4),
    (3, 6),
    (4, 8),
    (1, 2),
    (2, 4),
    (3, 6),
    (2, 4),
    (1, 2),
    (1, 2),
    (2, 4),
    (2, 4),
    (3, 6),
    (4, 8),
];

/// The demo's tables that `keep` keeps, by number.
fn demo(keep: impl Fn(u32, u32) -> bool) -> Vec<String> {
    let kept = (1..).zip(HOLD).filter(|(_, (min, max))| keep(*min, *max));
    kept.map(|(number, _): (u32, _)| number.to_string()).collect()
}

async fn found(office: &Office, query: &str) -> Vec<String> {
    let page = yes(&office
        .get(&format!("/tables?limit=500&sortBy=tableNumber&{query}"))
        .await);
    assert_eq!(page["meta"]["total"], page["data"].as_array().unwrap().len());
    each(&page, "tableNumber")
}

#[tokio::test]
async fn a_list_is_filtered_by_what_a_table_is() {
    let office = Office::open().await;
    let server = office.person("waiter").await;
    let terrace = id(&office.named("floor-plans", "Terrace").await);
    let window = id(&office.named("table-sections", "Window").await);
    for number in ["3", "17"] {
        let place = format!("/tables/{}/assign-server", office.id_of(number).await);
        yes(&office.patch(&place, json!({"assignedServerId": server})).await);
    }
    for (number, status) in [
        ("2", "reserved"),
        ("17", "occupied"),
        ("18", "cleaning"),
        ("19", "out_of_service"),
    ] {
        yes(&office.say(&office.id_of(number).await, status).await);
    }
    office
        .table("Off", json!({"isActive": false, "capacity": 30}))
        .await;
    let branch = &office.branch;
    for (query, expected) in [
        (
            format!("floorPlanId={terrace}"),
            vec!["15", "16", "17", "18", "19", "20"],
        ),
        (format!("sectionId={window}"), vec!["1", "2", "3", "4", "5", "6"]),
        (format!("floorPlanId={terrace}&sectionId={window}"), vec![]),
        (format!("floorPlanId={NOBODY}"), vec![]),
        ("status=reserved".to_owned(), vec!["2"]),
        ("status=occupied".to_owned(), vec!["17"]),
        ("status=cleaning".to_owned(), vec!["18"]),
        ("status=out_of_service".to_owned(), vec!["19"]),
        (
            format!("status=occupied&floorPlanId={terrace}&branchId={branch}"),
            vec!["17"],
        ),
        (format!("assignedServerId={server}&sectionId={window}"), vec!["3"]),
        ("minCapacity=8".to_owned(), vec!["10", "20", "Off"]),
        (
            "minCapacity=6&maxCapacity=8&isActive=true".to_owned(),
            vec!["9", "10", "13", "19", "20"],
        ),
        ("maxCapacity=1".to_owned(), vec![]),
        ("minCapacity=9".to_owned(), vec!["Off"]),
        ("isActive=false".to_owned(), vec!["Off"]),
        ("isActive=false&status=occupied".to_owned(), vec![]),
        ("search=1&maxCapacity=2".to_owned(), vec!["1", "11", "15", "16"]),
    ] {
        assert_eq!(found(&office, &query).await, expected, "{query}");
    }
    assert_eq!(found(&office, "status=available").await.len(), 17);
    assert_eq!(found(&office, &format!("branchId={branch}")).await.len(), 21);
}

#[tokio::test]
async fn what_is_free_is_active_and_available() {
    let office = Office::open().await;
    let branch = &office.branch;
    for (number, status) in [
        ("1", "occupied"),
        ("4", "reserved"),
        ("9", "cleaning"),
        ("20", "out_of_service"),
    ] {
        yes(&office.say(&office.id_of(number).await, status).await);
    }
    yes(&office
        .patch(
            &format!("/tables/{}", office.id_of("2").await),
            json!({"isActive": false}),
        )
        .await);
    let taken = ["1", "2", "4", "9", "20"];
    let list = yes(&office.get(&format!("/tables/available/{branch}")).await);
    let free: Vec<String> = demo(|_, _| true)
        .into_iter()
        .filter(|it| !taken.contains(&it.as_str()))
        .collect();
    assert_eq!(each(&list, "tableNumber"), free);
    for party in 1..=9 {
        let list = yes(&office
            .get(&format!("/tables/check-availability/{branch}/{party}"))
            .await);
        let mut numbers = each(&list, "tableNumber");
        let capacities: Vec<u64> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["capacity"].as_u64().unwrap())
            .collect();
        assert!(capacities.is_sorted(), "{capacities:?}");
        let mut fits = demo(|min, max| (min..=max).contains(&party));
        fits.retain(|it| !taken.contains(&it.as_str()));
        numbers.sort_unstable();
        fits.sort_unstable();
        assert_eq!(numbers, fits, "a party of {party}");
    }
    // A party of no size has no table, whatever is said of it.
    for party in ["0", "-1", "x", "2.5", "99999999999999999999", "%20", "1e3", "NaN"] {
        let answer = office
            .get(&format!("/tables/check-availability/{branch}/{party}"))
            .await;
        match answer.status.as_u16() {
            200 => assert_eq!(answer.json(), json!([]), "{party}"),
            status => assert!(status == 400 || status == 404, "{party}: {answer:?}"),
        }
    }
}

#[tokio::test]
async fn the_figures_of_a_branch_are_right() {
    let office = Office::open().await;
    let branch = &office.branch;
    let path = format!("/tables/stats/{branch}");
    let fresh = json!({"total": 20, "active": 20, "inactive": 0, "byStatus": {"available": 20},
        "capacity": {"total": 80, "average": 4.0}});
    assert_eq!(figures(&yes(&office.get(&path).await)), figures(&fresh));
    for (number, status) in [
        ("1", "occupied"),
        ("2", "occupied"),
        ("4", "reserved"),
        ("9", "cleaning"),
        ("20", "out_of_service"),
    ] {
        yes(&office.say(&office.id_of(number).await, status).await);
    }
    office
        .table(
            "Off",
            json!({"isActive": false, "capacity": 30, "status": "reserved"}),
        )
        .await;
    office.table("On", json!({"capacity": 3})).await;
    // 83 seats at 21 tables.
    let later = json!({"total": 22, "active": 21, "inactive": 1, "capacity": {"total": 83, "average": 3.95},
        "byStatus": {"available": 16, "occupied": 2, "reserved": 1, "cleaning": 1, "out_of_service": 1}});
    assert_eq!(figures(&yes(&office.get(&path).await)), figures(&later));
    // The figures of an empty house are figures.
    let operator = office.house.client(OPERATOR);
    yes(&operator
        .post("/v1/restaurants", &json!({"slug": "empty-3", "name": "Empty"}))
        .await);
    let client = office.with_roles(&["admin"], &[3]);
    let list = yes(&ask(&client, "GET", "/api/v1/branches", &Value::Null).await);
    let empty = id(&list["data"][0]);
    let told = yes(&ask(
        &client,
        "GET",
        &at(&format!("/tables/stats/{empty}")),
        &Value::Null,
    )
    .await);
    let nothing = json!({"total": 0, "active": 0, "inactive": 0, "byStatus": {}, "capacity": {"total": 0, "average": 0}});
    assert_eq!(figures(&told), figures(&nothing));
    let default = ask(
        &client,
        "GET",
        &at(&format!("/floor-plans/default/{empty}")),
        &Value::Null,
    )
    .await;
    assert_eq!(
        super::office::no(&default),
        "404 No default floor plan found for this branch"
    );
}

/// Figures without the zeros of states that no table is in, and with every number as a fraction.
fn figures(told: &Value) -> Value {
    match told {
        Value::Object(fields) => {
            let mut kept = json!({});
            for (name, value) in fields {
                if name == "byStatus" {
                    let there = value.as_object().unwrap().iter().filter(|it| it.1 != 0);
                    let there: Value = there.map(|(name, it)| (name.clone(), it.clone())).collect();
                    add(&mut kept, json!({name.as_str(): there}));
                } else {
                    add(&mut kept, json!({name.as_str(): figures(value)}));
                }
            }
            kept
        }
        other => json!(other.as_f64()),
    }
}

#[tokio::test]
async fn lists_by_server_section_and_plan_have_what_is_active_there() {
    let office = Office::open().await;
    let server = office.person("waiter2").await;
    let plan = id(&office.plan("Attic", json!({})).await);
    let section = id(&office.section("Beam", json!({})).await);
    let whole = json!({"floorPlanId": plan, "sectionId": section, "assignedServerId": server});
    for number in ["B-2", "B-1"] {
        office.table(number, whole.clone()).await;
    }
    let mut off = whole.clone();
    add(&mut off, json!({"isActive": false}));
    office.table("B-off", off).await;
    office.table("B-else", json!({})).await;
    for place in [
        format!("by-server/{server}"),
        format!("by-section/{section}"),
        format!("by-floor-plan/{plan}"),
    ] {
        let mut numbers = each(
            &yes(&office.get(&format!("/tables/{place}")).await),
            "tableNumber",
        );
        numbers.sort_unstable();
        assert_eq!(numbers, ["B-1", "B-2"], "{place}");
    }
    // The plan and the section show the same.
    for list in [format!("floor-plans/{plan}"), format!("table-sections/{section}")] {
        let mut numbers = each(
            &yes(&office.get(&format!("/{list}")).await)["tables"],
            "tableNumber",
        );
        numbers.sort_unstable();
        assert_eq!(numbers, ["B-1", "B-2"], "{list}");
    }
}
