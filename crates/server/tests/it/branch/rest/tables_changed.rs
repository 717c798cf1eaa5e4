//! Tables as they are changed: only what is said, and the answer says what is now there.

use super::office::{NOBODY, Office, figures, id, no, yes};
use super::shapes::check;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn what_is_not_said_stays_as_it_was() {
    let office = Office::open().await;
    let server = office.person("waiter").await;
    let plan = id(&office.named("floor-plans", "Main").await);
    let section = id(&office.named("table-sections", "Window").await);
    let table = id(&office.table("T-1", json!({})).await);
    let place = format!("/tables/{table}");
    let changes = [
        ("tableNumber", json!("T-2")),
        ("capacity", json!(7)),
        ("minCapacity", json!(2)),
        ("status", json!("reserved")),
        ("floorPlanId", json!(plan)),
        ("sectionId", json!(section)),
        ("assignedServerId", json!(server)),
        ("position", json!({"x": 1, "y": 2})),
        ("shape", json!({"type": "rectangle", "width": 3, "height": 4})),
        ("notes", json!("near the door")),
        ("metadata", json!({"isWindowSeat": true})),
        ("branchId", json!(office.branch)),
        ("isActive", json!(false)),
    ];
    let mut before = office.shown(&table).await;
    for (minute, (name, value)) in (1..).zip(changes) {
        office.house.later(SignedDuration::from_mins(minute));
        let mut body = json!({});
        body[name] = value.clone();
        let told = yes(&office.patch(&place, body).await);
        check("table+branch+floorPlan+section+assignedServer", &told);
        assert_eq!(told, office.shown(&table).await, "{name}");
        // All the same but this, what belongs to it, and the marks of a change.
        let mut expected = before.clone();
        let same_branch = name == "branchId";
        for other in [
            name,
            "floorPlan",
            "section",
            "assignedServer",
            "version",
            "updatedAt",
        ] {
            expected[other] = told[other].clone();
        }
        assert_eq!(told, expected, "{name}");
        assert!(
            figures(&told[name]) == figures(&value),
            "{name} is {}",
            told[name]
        );
        if !same_branch {
            assert_ne!(told["updatedAt"], before["updatedAt"], "{name}");
            assert_ne!(told["version"], before["version"], "{name}");
        }
        before = told;
    }
}

#[tokio::test]
async fn where_a_table_stands_is_changed_and_the_answer_says_so() {
    let office = Office::open().await;
    let (main, terrace) = (
        office.named("floor-plans", "Main").await,
        office.named("floor-plans", "Terrace").await,
    );
    let (window, centre) = (
        office.named("table-sections", "Window").await,
        office.named("table-sections", "Centre").await,
    );
    let (lea, max) = (office.person("waiter").await, office.person("waiter2").await);
    let table = id(&office.table("T-1", json!({})).await);
    let rows = [
        (
            "floorPlanId",
            "floorPlan",
            main["id"].clone(),
            terrace["id"].clone(),
        ),
        ("sectionId", "section", window["id"].clone(), centre["id"].clone()),
        ("assignedServerId", "assignedServer", json!(lea), json!(max)),
    ];
    for (field, relation, one, other) in rows {
        // From nothing, to another, to itself, and back to nothing.
        for value in [&one, &other, &other, &Value::Null, &one] {
            let mut body = json!({});
            body[field] = value.clone();
            let told = yes(&office.patch(&format!("/tables/{table}"), body).await);
            assert_eq!(&told[field], value, "{told}");
            if value.is_null() {
                assert_eq!(told[relation], Value::Null, "{told}");
            } else {
                assert_eq!(&told[relation]["id"], value, "{told}");
            }
            assert_eq!(told, office.shown(&table).await);
        }
    }
    // All at once.
    let body = json!({"floorPlanId": terrace["id"], "sectionId": centre["id"], "assignedServerId": max});
    let told = yes(&office.patch(&format!("/tables/{table}"), body).await);
    let ids = [
        &told["floorPlan"]["id"],
        &told["section"]["id"],
        &told["assignedServer"]["id"],
    ];
    assert_eq!(ids, [&terrace["id"], &centre["id"], &json!(max)]);
    assert_eq!(told, office.shown(&table).await);
}

#[tokio::test]
async fn a_change_may_carry_a_status_and_somebody_who_serves() {
    let office = Office::open().await;
    let server = office.person("waiter").await;
    let table = id(&office.table("T-1", json!({})).await);
    let place = format!("/tables/{table}");
    let body = json!({"status": "occupied", "assignedServerId": server, "capacity": 9, "tableNumber": "T-9"});
    let told = yes(&office.patch(&place, body).await);
    assert_eq!(
        [
            &told["status"],
            &told["capacity"],
            &told["tableNumber"],
            &told["assignedServer"]["id"]
        ],
        [&json!("occupied"), &json!(9), &json!("T-9"), &json!(server)]
    );
    assert_eq!(told["lastOccupiedAt"], "2026-11-20T19:30:00.000Z");
    assert_eq!(office.n_turns().await, 1);
    let told = yes(&office.patch(&place, json!({"status": "cleaning"})).await);
    assert_eq!(
        (&told["status"], &told["lastCleanedAt"]),
        (&json!("cleaning"), &json!("2026-11-20T19:30:00.000Z"))
    );
    assert_eq!(office.n_turns().await, 0);
    // The one rule holds here too, and then nothing of the change is done.
    yes(&office.patch(&place, json!({"status": "out_of_service"})).await);
    let before = office.standing().await;
    let refused = office
        .patch(&place, json!({"status": "occupied", "capacity": 2}))
        .await;
    assert_eq!(no(&refused), "400 Cannot occupy a table that is out of service");
    assert_eq!(office.standing().await, before);
    assert_eq!(office.shown(&table).await["capacity"], 9);
}

#[tokio::test]
async fn a_change_is_looked_at_in_order_and_done_whole_or_not_at_all() {
    let office = Office::open().await;
    let table = id(&office.table("T-1", json!({})).await);
    let place = format!("/tables/{table}");
    let before = office.standing().await;
    let rows = [
        (
            json!({"tableNumber": "12", "sectionId": NOBODY}),
            "400 Table 12 already exists in this branch".to_owned(),
        ),
        (
            json!({"capacity": 9, "floorPlanId": NOBODY}),
            format!("404 Floor plan with ID {NOBODY} not found"),
        ),
        (
            json!({"capacity": 9, "sectionId": NOBODY}),
            format!("404 Section with ID {NOBODY} not found"),
        ),
        (
            json!({"capacity": 9, "assignedServerId": NOBODY}),
            format!("404 Server with ID {NOBODY} not found"),
        ),
        (
            json!({"capacity": 9, "branchId": NOBODY}),
            format!("404 Branch with ID {NOBODY} not found"),
        ),
    ];
    for (body, expected) in rows {
        assert_eq!(no(&office.patch(&place, body.clone()).await), expected, "{body}");
    }
    assert_eq!(office.standing().await, before);
    // Its own number is free for it.
    yes(&office
        .patch(&place, json!({"tableNumber": "T-1", "capacity": 9}))
        .await);
    // Nothing is a change, too.
    let told = yes(&office.patch(&place, json!({})).await);
    assert_eq!(told["capacity"], 9);
}

#[tokio::test]
async fn what_may_be_nothing_can_be_taken_back() {
    let office = Office::open().await;
    let whole = json!({"notes": "x", "metadata": {"isOutdoor": true}, "position": {"x": 1, "y": 1},
        "shape": {"type": "circle", "radius": 2}});
    let table = id(&office.table("T-1", whole.clone()).await);
    for name in whole.as_object().unwrap().keys() {
        let mut body = json!({});
        body[name.as_str()] = Value::Null;
        let told = yes(&office.patch(&format!("/tables/{table}"), body).await);
        assert_eq!(told[name.as_str()], Value::Null, "{told}");
        assert_eq!(told, office.shown(&table).await);
    }
}

#[tokio::test]
async fn an_inactive_table_is_kept_and_not_offered() {
    let office = Office::open().await;
    let table = id(&office.table("T-1", json!({})).await);
    let listed = async || {
        let place = format!("/tables/available/{}", office.branch);
        let list = yes(&office.get(&place).await);
        list.as_array().unwrap().iter().any(|it| it["id"] == table)
    };
    assert!(listed().await);
    yes(&office
        .patch(&format!("/tables/{table}"), json!({"isActive": false}))
        .await);
    assert!(!listed().await);
    assert_eq!(office.shown(&table).await["isActive"], false);
    assert_eq!(office.numbered("T-1").await["id"], table);
    yes(&office
        .patch(&format!("/tables/{table}"), json!({"isActive": true}))
        .await);
    assert!(listed().await);
}

#[tokio::test]
async fn nobody_sits_at_an_inactive_table() {
    let office = Office::open().await;
    let table = id(&office.table("T-1", json!({"isActive": false})).await);
    let place = format!("/tables/{table}");
    let refused = "400 Cannot occupy a table that is not active";
    assert_eq!(no(&office.say(&table, "occupied").await), refused);
    let said = office.patch(&place, json!({"status": "occupied"})).await;
    assert_eq!(no(&said), refused);
    let body = json!({"isActive": true, "status": "occupied"});
    assert_eq!(yes(&office.patch(&place, body).await)["status"], "occupied");
    // Whoever sits there has to leave first, or with it.
    let said = no(&office.patch(&place, json!({"isActive": false})).await);
    assert!(said.starts_with("409 "), "{said}");
    assert_eq!(office.shown(&table).await["isActive"], true);
    let told = yes(&office
        .patch(&place, json!({"isActive": false, "status": "available"}))
        .await);
    assert_eq!(
        (&told["isActive"], &told["status"]),
        (&json!(false), &json!("available"))
    );
}
