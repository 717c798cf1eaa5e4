//! What is wrong with a body or a query, said of each property, in the order of the contract.

use super::office::{Office, add, ask, at, encoded, id, no, of_new};
use expect_test::expect;
use serde_json::{Value, json};

#[tokio::test]
async fn what_is_wrong_with_a_new_table_is_said_of_each_property() {
    let office = Office::open().await;
    let before = office.standing().await;
    let mut lines = String::new();
    for (name, value) in [
        ("bogus", json!(1)),
        ("id", json!("x")),
        ("tableNumber", Value::Null),
        ("capacity", Value::Null),
        ("capacity", json!(0)),
        ("capacity", json!(-3)),
        ("capacity", json!(2.5)),
        ("capacity", json!(0.5)),
        ("capacity", json!("many")),
        ("capacity", json!({})),
        ("minCapacity", json!(0)),
        ("minCapacity", json!("x")),
        ("status", json!("dirty")),
        ("status", json!("Available")),
        ("status", json!(1)),
        ("branchId", json!("1")),
        ("branchId", json!("test-restaurant-1")),
        ("floorPlanId", json!("1")),
        ("sectionId", json!("")),
        ("assignedServerId", json!("waiter")),
        ("shape", json!({"type": "hexagon"})),
    ] {
        let said = of_new(&office, name, value.clone()).await;
        lines += &format!("{name} {value}: {said}\n");
    }
    expect![[r#"
        bogus 1: 400 [property bogus should not exist]
        id "x": 400 [property id should not exist]
        tableNumber null: 400 [tableNumber must be a string]
        capacity null: 400 [capacity must not be less than 1; capacity must be an integer number]
        capacity 0: 400 [capacity must not be less than 1]
        capacity -3: 400 [capacity must not be less than 1]
        capacity 2.5: 400 [capacity must be an integer number]
        capacity 0.5: 400 [capacity must not be less than 1; capacity must be an integer number]
        capacity "many": 400 [capacity must not be less than 1; capacity must be an integer number]
        capacity {}: 400 [capacity must not be less than 1; capacity must be an integer number]
        minCapacity 0: 400 [minCapacity must not be less than 1]
        minCapacity "x": 400 [minCapacity must not be less than 1; minCapacity must be an integer number]
        status "dirty": 400 [status must be one of the following values: available, occupied, reserved, cleaning, out_of_service]
        status "Available": 400 [status must be one of the following values: available, occupied, reserved, cleaning, out_of_service]
        status 1: 400 [status must be one of the following values: available, occupied, reserved, cleaning, out_of_service]
        branchId "1": 400 [branchId must be a UUID]
        branchId "test-restaurant-1": 400 [branchId must be a UUID]
        floorPlanId "1": 400 [floorPlanId must be a UUID]
        sectionId "": 400 [sectionId must be a UUID]
        assignedServerId "waiter": 400 [assignedServerId must be a UUID]
        shape {"type":"hexagon"}: 400 [shape.type must be one of the following values: rectangle, circle, custom]
    "#]]
    .assert_eq(&lines);
    assert_eq!(office.standing().await, before);
}

#[tokio::test]
async fn several_complaints_come_in_the_order_of_the_properties_after_those_that_do_not_exist() {
    let office = Office::open().await;
    let empty = no(&office.post("/tables", json!({})).await);
    expect!["400 [tableNumber must be a string; capacity must not be less than 1; capacity must be an integer number; branchId must be a UUID]"]
        .assert_eq(&empty);
    let body = json!({"branchId": "x", "capacity": 0, "bogus": true, "tableNumber": "T-1"});
    let told = office.post("/tables", body).await;
    // As the contract prints it.
    assert_eq!(
        told.json(),
        json!({"message": ["property bogus should not exist", "capacity must not be less than 1", "branchId must be a UUID"],
            "error": "Bad Request", "statusCode": 400})
    );
}

#[tokio::test]
async fn what_is_wrong_inside_of_a_property_is_said_with_the_way_to_it() {
    let office = Office::open().await;
    for (name, value, path) in [
        ("position", json!({"x": "left", "y": 1}), "position.x must be "),
        ("position", json!({"x": 1}), "position.y must be "),
        ("position", json!({"x": 1, "y": null}), "position.y must be "),
        (
            "shape",
            json!({"type": "circle", "radius": "wide"}),
            "shape.radius must be ",
        ),
        ("shape", json!({"radius": 1}), "shape.type must be "),
        (
            "metadata",
            json!({"customAttributes": 5}),
            "metadata.customAttributes must be ",
        ),
    ] {
        let said = of_new(&office, name, value.clone()).await;
        assert!(said.starts_with(&format!("400 [{path}")), "{value}: {said}");
    }
    for (name, value) in [
        ("position", json!({"x": 1, "y": 1, "z": 1})),
        ("shape", json!({"type": "circle", "sides": 6})),
        ("metadata", json!({"isHaunted": true})),
    ] {
        let said = of_new(&office, name, value.clone()).await;
        assert!(said.contains(" should not exist"), "{value}: {said}");
    }
    for (name, value) in [
        ("position", json!(5)),
        ("position", json!([1, 2])),
        ("shape", json!("circle")),
        ("metadata", json!("x")),
        ("metadata", json!([])),
    ] {
        let said = of_new(&office, name, value.clone()).await;
        assert!(
            said.starts_with("400 [") && said.contains(name),
            "{value}: {said}"
        );
    }
}

#[tokio::test]
async fn a_change_is_read_as_strictly_as_a_new_table() {
    let office = Office::open().await;
    let place = format!("/tables/{}", office.id_of("7").await);
    let before = office.standing().await;
    let statuses =
        "status must be one of the following values: available, occupied, reserved, cleaning, out_of_service";
    for (place, body, expected) in [
        (
            place.clone(),
            json!({"capacity": 0, "bogus": 1}),
            "property bogus should not exist; capacity must not be less than 1",
        ),
        (
            place.clone(),
            json!({"sectionId": "Window"}),
            "sectionId must be a UUID",
        ),
        (place.clone(), json!({"status": "free"}), statuses),
        (
            place.clone(),
            json!({"tableNumber": null, "capacity": null, "branchId": null}),
            "tableNumber must be a string; capacity must not be less than 1; capacity must be an integer number; branchId must be a UUID",
        ),
        (format!("{place}/status"), json!({}), statuses),
        (format!("{place}/status"), json!({"status": null}), statuses),
        (format!("{place}/status"), json!({"status": "seated"}), statuses),
        (
            format!("{place}/status"),
            json!({"status": "reserved", "capacity": 3}),
            "property capacity should not exist",
        ),
    ] {
        let said = no(&office.patch(&place, body.clone()).await);
        assert_eq!(said, format!("400 [{expected}]"), "{body}");
    }
    assert_eq!(office.standing().await, before);
}

#[tokio::test]
async fn what_is_wrong_with_the_query_of_a_list_is_said() {
    let office = Office::open().await;
    let mut lines = String::new();
    for query in [
        "bogus=1",
        "page=0",
        "page=-1",
        "page=x",
        "limit=0",
        "limit=1.5",
        "limit=x",
        "branchId=x",
        "floorPlanId=1",
        "sectionId=Window",
        "assignedServerId=waiter",
        "status=free",
        "sortBy=id",
        "sortOrder=up",
        "limit=0&page=0&bogus=1",
    ] {
        let said = no(&office.get(&format!("/tables?{query}")).await);
        lines += &format!("{query}: {said}\n");
    }
    expect![[r#"
        bogus=1: 400 [property bogus should not exist]
        page=0: 400 [page must not be less than 1]
        page=-1: 400 [page must not be less than 1]
        page=x: 400 [page must not be less than 1; page must be an integer number]
        limit=0: 400 [limit must not be less than 1]
        limit=1.5: 400 [limit must be an integer number]
        limit=x: 400 [limit must not be less than 1; limit must be an integer number]
        branchId=x: 400 [branchId must be a UUID]
        floorPlanId=1: 400 [floorPlanId must be a UUID]
        sectionId=Window: 400 [sectionId must be a UUID]
        assignedServerId=waiter: 400 [assignedServerId must be a UUID]
        status=free: 400 [status must be one of the following values: available, occupied, reserved, cleaning, out_of_service]
        sortBy=id: 400 [sortBy must be one of the following values: tableNumber, capacity, status, createdAt, updatedAt]
        sortOrder=up: 400 [sortOrder must be one of the following values: ASC, DESC]
        limit=0&page=0&bogus=1: 400 [property bogus should not exist; page must not be less than 1; limit must not be less than 1]
    "#]]
    .assert_eq(&lines);
}

#[tokio::test]
async fn what_is_wrong_with_the_query_of_a_list_of_plans_or_sections_is_said() {
    let office = Office::open().await;
    let sorts = "sortBy must be one of the following values: name, displayOrder, createdAt, updatedAt";
    for (query, expected) in [
        ("floor-plans?status=x", "property status should not exist"),
        (
            "floor-plans?floorPlanId=x",
            "property floorPlanId should not exist",
        ),
        ("table-sections?status=x", "property status should not exist"),
        (
            "table-sections?isDefault=true",
            "property isDefault should not exist",
        ),
        ("table-sections?floorPlanId=x", "floorPlanId must be a UUID"),
        ("floor-plans?sortBy=capacity", sorts),
        ("table-sections?sortBy=capacity", sorts),
    ] {
        let said = no(&office.get(&format!("/{query}")).await);
        assert_eq!(said, format!("400 [{expected}]"), "{query}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_plan_or_a_section_is_said() {
    let office = Office::open().await;
    let before = office.standing().await;
    let mut lines = String::new();
    for (list, more) in [
        ("floor-plans", json!({"name": null})),
        ("floor-plans", json!({"branchId": "x", "name": {}, "wings": 2})),
        ("floor-plans", json!({"displayOrder": "first"})),
        ("table-sections", json!({"name": null})),
        ("table-sections", json!({"floorPlanId": "Main"})),
        ("table-sections", json!({"displayOrder": 0.5})),
        ("table-sections", json!({"waiterId": null})),
    ] {
        let mut body = json!({"name": "New", "branchId": office.branch});
        add(&mut body, more.clone());
        let said = no(&office.post(&format!("/{list}"), body).await);
        lines += &format!("{list} {more}: {said}\n");
    }
    expect![[r#"
        floor-plans {"name":null}: 400 [name must be a string]
        floor-plans {"branchId":"x","name":{},"wings":2}: 400 [property wings should not exist; name must be a string; branchId must be a UUID]
        floor-plans {"displayOrder":"first"}: 400 [displayOrder must be an integer number]
        table-sections {"name":null}: 400 [name must be a string]
        table-sections {"floorPlanId":"Main"}: 400 [floorPlanId must be a UUID]
        table-sections {"displayOrder":0.5}: 400 [displayOrder must be an integer number]
        table-sections {"waiterId":null}: 400 [property waiterId should not exist]
    "#]]
    .assert_eq(&lines);
    let plan = id(&office.named("floor-plans", "Main").await);
    let duplicate = no(&office
        .post(&format!("/floor-plans/{plan}/duplicate"), json!({}))
        .await);
    assert_eq!(duplicate, "400 [newName must be a string]");
    assert_eq!(office.standing().await, before);
}

#[tokio::test]
async fn an_id_in_a_path_that_is_none_is_not_found() {
    let office = Office::open().await;
    let branch = &office.branch;
    let half = branch.get(..18).unwrap();
    let capitals = "zzzzzzzz-zzzz-8zzz-8zzz-zzzzzzzzzzzz";
    for word in [
        "abc",
        "1",
        "-1",
        "null",
        "undefined",
        half,
        capitals,
        "{id}",
        " ",
        "ü",
        "'--",
    ] {
        let word = encoded(word);
        for (method, place, body) in [
            ("GET", "/tables/{}", Value::Null),
            ("GET", "/tables/available/{}", Value::Null),
            ("GET", "/tables/check-availability/{}/2", Value::Null),
            ("GET", "/tables/stats/{}", Value::Null),
            ("GET", "/tables/by-server/{}", Value::Null),
            ("GET", "/tables/by-section/{}", Value::Null),
            ("GET", "/tables/by-floor-plan/{}", Value::Null),
            ("GET", "/tables/{}/7", Value::Null),
            ("PATCH", "/tables/{}", json!({"capacity": 2})),
            ("PATCH", "/tables/{}/status", json!({"status": "reserved"})),
            ("PATCH", "/tables/{}/unassign-server", Value::Null),
            ("DELETE", "/tables/{}", Value::Null),
            ("GET", "/floor-plans/{}", Value::Null),
            ("GET", "/floor-plans/{}/stats", Value::Null),
            ("GET", "/floor-plans/{}/Main", Value::Null),
            ("GET", "/floor-plans/default/{}", Value::Null),
            ("GET", "/floor-plans/by-branch/{}", Value::Null),
            ("PATCH", "/floor-plans/{}/set-default", Value::Null),
            ("DELETE", "/floor-plans/{}", Value::Null),
            ("GET", "/table-sections/{}", Value::Null),
            ("GET", "/table-sections/by-branch/{}", Value::Null),
            ("GET", "/table-sections/by-floor-plan/{}", Value::Null),
            ("DELETE", "/table-sections/{}", Value::Null),
        ] {
            let place = place.replace("{}", &word);
            let answer = ask(&office.admin, method, &at(&place), &body).await;
            assert!(no(&answer).starts_with("404 "), "{method} {place}: {answer:?}");
        }
    }
}
