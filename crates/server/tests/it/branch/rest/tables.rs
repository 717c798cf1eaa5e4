//! Tables as they are put up: what is kept of what is said, what is there when nothing is said, and what may not be.

use super::office::{NOBODY, Office, figures, gone, id, made, no, yes};
use super::shapes::check;
use expect_test::expect;
use serde_json::{Value, json};

#[tokio::test]
async fn a_table_is_kept_as_it_was_described() {
    let office = Office::open().await;
    let server = office.person("waiter").await;
    let plan = office.plan("Attic", json!({})).await;
    let section = office.section("Beam", json!({"floorPlanId": plan["id"]})).await;
    let body = json!({
        "tableNumber": "Ünterm Dach 7/ä \u{1f37d}", "capacity": 6, "minCapacity": 3, "status": "reserved",
        "branchId": office.branch, "floorPlanId": plan["id"], "sectionId": section["id"], "assignedServerId": server,
        "position": {"x": 100.5, "y": -20}, "shape": {"type": "circle", "radius": 40},
        "notes": "wobbles\n\"a lot\"", "isActive": true,
        "metadata": {"hasHighChair": true, "isWheelchairAccessible": false, "isWindowSeat": true, "isOutdoor": false,
            "customAttributes": {"view": ["sea", null, {"deep": 1.5}], "ünï": "ö"}},
    });
    let table = made(&office.post("/tables", body.clone()).await);
    check("table", &table);
    for (name, value) in body.as_object().unwrap() {
        assert!(same(&table[name], value), "{name} is {}", table[name]);
    }
    for name in [
        "currentOrderId",
        "reservationId",
        "qrCode",
        "lastOccupiedAt",
        "lastCleanedAt",
    ] {
        assert_eq!(table[name], Value::Null, "{name}");
    }
    let now = "2026-11-20T19:30:00.000Z";
    assert_eq!(
        (&table["createdAt"], &table["updatedAt"]),
        (&json!(now), &json!(now))
    );
    // It is read as it was told, with what it stands in beside it.
    let mut shown = office.shown(table["id"].as_str().unwrap()).await;
    assert_eq!(shown["floorPlan"]["name"], "Attic");
    assert_eq!(shown["section"]["name"], "Beam");
    assert_eq!(shown["branch"]["name"], "Harbour House");
    assert_eq!(shown["assignedServer"]["id"], server);
    let fields = shown.as_object_mut().unwrap();
    for relation in ["branch", "floorPlan", "section", "assignedServer"] {
        fields.remove(relation);
    }
    assert_eq!(shown, table);
}

/// Whether two values are one; 100 is 100.0.
fn same(one: &Value, other: &Value) -> bool {
    figures(one) == figures(other)
}

#[tokio::test]
async fn a_table_of_which_nothing_is_said_is_free_active_and_for_one_or_more() {
    let office = Office::open().await;
    let table = office.table("A-1", json!({})).await;
    let expected = json!({
        "status": "available", "minCapacity": 1, "capacity": 4, "isActive": true, "branchId": office.branch,
        "floorPlanId": null, "sectionId": null, "assignedServerId": null, "position": null, "shape": null,
        "notes": null, "metadata": null,
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&table[name], value, "{name}");
    }
    // What is null when nothing is said may be said to be null.
    let nulls = json!({"floorPlanId": null, "sectionId": null, "assignedServerId": null, "position": null,
        "shape": null, "notes": null, "metadata": null, "status": null, "minCapacity": null, "isActive": null});
    let other = office.table("A-2", nulls).await;
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&other[name], value, "{name}");
    }
}

#[tokio::test]
async fn each_shape_is_kept_as_it_was_drawn() {
    let office = Office::open().await;
    for (number, shape) in [
        json!({"type": "rectangle", "width": 120, "height": 60.25}),
        json!({"type": "rectangle"}),
        json!({"type": "circle", "radius": 0.5}),
        json!({"type": "circle", "width": 10}),
        json!({"type": "custom", "width": 1, "height": 2, "radius": 3}),
        json!({"type": "custom"}),
    ]
    .into_iter()
    .enumerate()
    {
        let table = office
            .table(&format!("S-{number}"), json!({"shape": shape}))
            .await;
        assert!(same(&table["shape"], &shape), "{shape} became {}", table["shape"]);
        let moved = json!({"position": {"x": 7, "y": 0.125}});
        let moved = yes(&office.patch(&format!("/tables/{}", id(&table)), moved).await);
        assert!(same(&moved["shape"], &shape), "{shape} became {}", moved["shape"]);
        assert!(same(&moved["position"], &json!({"x": 7, "y": 0.125})), "{moved}");
    }
}

#[tokio::test]
async fn a_number_is_taken_once_in_a_branch_and_free_again_when_its_table_is_gone() {
    let office = Office::open().await;
    let table = office.table("T-1", json!({})).await;
    let new = |number: &str, branch: &str| json!({"tableNumber": number, "capacity": 2, "branchId": branch});
    let taken = office.post("/tables", new("T-1", &office.branch)).await;
    assert_eq!(no(&taken), "400 Table T-1 already exists in this branch");
    let taken = office.post("/tables", new("12", &office.branch)).await;
    assert_eq!(no(&taken), "400 Table 12 already exists in this branch");
    // In another branch it is another number.
    office.table_in(&office.other, "T-1", json!({})).await;
    // So it is for an inactive table.
    office.table("T-2", json!({"isActive": false})).await;
    let taken = office.post("/tables", new("T-2", &office.branch)).await;
    assert_eq!(no(&taken), "400 Table T-2 already exists in this branch");
    gone(&office.delete(&format!("/tables/{}", id(&table))).await);
    let again = office.table("T-1", json!({})).await;
    assert_ne!(again["id"], table["id"]);
}

#[tokio::test]
async fn a_new_table_is_looked_at_in_order() {
    let office = Office::open().await;
    let before = office.standing().await;
    let mut body = json!({"tableNumber": "1", "capacity": 2, "branchId": NOBODY, "floorPlanId": NOBODY,
        "sectionId": NOBODY, "assignedServerId": NOBODY});
    let mut lines = String::new();
    // Mended one by one, the next thing is found.
    let mends = [
        ("branchId", json!(office.branch)),
        ("tableNumber", json!("T-1")),
        (
            "floorPlanId",
            office.named("floor-plans", "Main").await["id"].clone(),
        ),
        (
            "sectionId",
            office.named("table-sections", "Window").await["id"].clone(),
        ),
    ];
    for (name, value) in mends {
        lines += &format!(
            "{}\n",
            no(&office.post("/tables", body.clone()).await).replace(NOBODY, "ID")
        );
        body[name] = value;
    }
    lines += &format!(
        "{}\n",
        no(&office.post("/tables", body.clone()).await).replace(NOBODY, "ID")
    );
    expect![[r#"
        404 Branch with ID ID not found
        400 Table 1 already exists in this branch
        404 Floor plan with ID ID not found
        404 Section with ID ID not found
        404 Server with ID ID not found
    "#]]
    .assert_eq(&lines);
    assert_eq!(office.standing().await, before);
    body["assignedServerId"] = json!(office.person("waiter").await);
    made(&office.post("/tables", body).await);
}

#[tokio::test]
async fn a_table_that_is_deleted_is_gone_for_everybody() {
    let office = Office::open().await;
    let table = office.table("T-1", json!({})).await;
    let place = format!("/tables/{}", id(&table));
    gone(&office.delete(&place).await);
    let missing = format!("404 Table with ID {} not found", id(&table));
    for answer in [
        office.get(&place).await,
        office.patch(&place, json!({"capacity": 2})).await,
        office.say(&id(&table), "reserved").await,
        office
            .patch(&format!("{place}/unassign-server"), Value::Null)
            .await,
        office.delete(&place).await,
    ] {
        assert_eq!(no(&answer), missing);
    }
    let named = office.get(&format!("/tables/{}/T-1", office.branch)).await;
    assert_eq!(no(&named), "404 Table T-1 not found in this branch");
    assert_eq!(office.v1_table("T-1").await, Value::Null);
    let list = yes(&office.get("/tables?search=T-1").await);
    assert_eq!(list["meta"]["total"], 0, "{list}");
}

#[tokio::test]
async fn whoever_sits_at_a_table_that_is_deleted_leaves() {
    let office = Office::open().await;
    let table = id(&office.table("T-1", json!({"status": "occupied"})).await);
    let before = office.n_turns().await;
    gone(&office.delete(&format!("/tables/{table}")).await);
    assert_eq!(office.n_turns().await, before - 1);
    assert_eq!(office.v1_table("T-1").await, Value::Null);
    // Whoever sits at several tables stays at the others.
    let two = office.table("T-2", json!({})).await;
    let three = office.table("T-3", json!({})).await;
    let number = |it: &Value| it["tableNumber"].clone();
    let mut ids = Vec::new();
    for table in [&two, &three] {
        ids.push(office.v1_table(number(table).as_str().unwrap()).await["id"].clone());
    }
    let seat = json!({"command": "seat_walk_in", "covers": 2, "table_ids": ids});
    office.house.manager().accepted(seat).await;
    let before = office.n_turns().await;
    gone(&office.delete(&format!("/tables/{}", id(&two))).await);
    assert_eq!(office.n_turns().await, before);
    assert_eq!(office.shown(&id(&three)).await["status"], "occupied");
}

#[tokio::test]
async fn a_table_that_is_put_up_occupied_is_one_where_somebody_sits() {
    let office = Office::open().await;
    for (status, state) in [
        ("available", "available"),
        ("occupied", "occupied"),
        ("reserved", "reserved"),
        ("cleaning", "dirty"),
        ("out_of_service", "blocked"),
    ] {
        let before = office.n_turns().await;
        let table = office.table(status, json!({"status": status})).await;
        assert_eq!(table["status"], status);
        assert_eq!(office.shown(&id(&table)).await["status"], status);
        assert_eq!(office.v1_table(status).await["state"], state);
        let opened = usize::from(status == "occupied");
        assert_eq!(office.n_turns().await - before, opened, "{status}");
    }
}
