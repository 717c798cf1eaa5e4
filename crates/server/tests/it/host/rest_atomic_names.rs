//! What things are called inside a transaction and afterwards, and for which restaurant it is.

use super::desk::{Desk, plain, yes};
use expect_test::expect;
use serde_json::{Value, json};

/// Each result in a line.
fn results(body: &Value) -> String {
    assert_eq!(body["success"], true, "{body}");
    let results = body["results"].as_array().unwrap();
    let line = |it: &Value| {
        assert_eq!(it["error"], Value::Null);
        format!(
            "{} {} {}\n",
            plain(&it["entity_type"]),
            plain(&it["entity_id"]),
            plain(&it["status"])
        )
    };
    results.iter().map(line).collect()
}

#[tokio::test]
async fn what_a_client_calls_something_new_is_its_name_from_then_on() {
    let desk = Desk::open().await;
    let id = "3F2504E0-4F89-11D3-9A0C-0305E82C3301";
    let body = yes(&desk
        .atomic(json!({
            "guests": [
                {"id": id, "operation": "create", "data": {"first_name": "Ann", "party_size": 2}},
                {"id": id, "operation": "update", "data": {"notes": "window", "status": "Arrived"}},
            ],
            "tables": [
                {"id": "corner", "operation": "create", "data": {"table_number": "30", "capacity": 4}},
                {"id": "corner", "operation": "update", "data": {"current_guest_id": id}},
            ],
        }))
        .await);
    expect![[r#"
        guest guest-1 created
        guest guest-1 updated
        table table-33 created
        table table-33 updated
    "#]]
    .assert_eq(&results(&body));
    assert_eq!(desk.shown(id).await, desk.shown("guest-1").await);
    assert_eq!(desk.shown(id).await["notes"], "window");
    let table = plain(&body["results"][2]["entity_id"]);
    assert_eq!(desk.state(&table).await, "occupied guest-1");
    // On every other path too.
    yes(&desk
        .put(
            &format!("/guests/{id}"),
            json!({"table_id": "table-1", "status": "Seated"}),
        )
        .await);
    yes(&desk
        .put(&format!("/guests/{id}"), json!({"table_id": "corner"}))
        .await);
    assert_eq!(desk.state(&table).await, "occupied guest-1");
    yes(&desk.put("/tables/corner", json!({"capacity": 6})).await);
    yes(&desk.put("/tables/corner/clear", json!({})).await);
    yes(&desk.put("/tables/corner", json!({"current_guest_id": id})).await);
    assert_eq!(desk.state(&table).await, "occupied guest-1");
    let again = json!({"guests": [{"id": id, "status": "Finished"}], "tables": [{"id": "corner", "operation": "delete"}]});
    assert_eq!(yes(&desk.atomic(again).await)["success"], true);
    let same =
        json!({"guests": [{"id": id, "operation": "create", "data": {"first_name": "B", "party_size": 1}}]});
    assert_eq!(yes(&desk.atomic(same).await)["success"], false);
    yes(&desk.delete(&format!("/guests/{id}")).await);
}

#[tokio::test]
async fn a_name_that_looks_like_an_id_of_ours_means_the_new_one_inside_its_transaction() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    for (name, table) in [
        ("guest-901", "table-1"),
        ("902", "table-2"),
        ("guest-1", "table-3"),
    ] {
        let body = yes(&desk
            .atomic(json!({
                "guests": [
                    {"id": name, "operation": "create", "data": {"first_name": "New", "party_size": 2}},
                    {"id": name, "operation": "update", "data": {"notes": "mine"}},
                ],
                "tables": [{"id": table, "operation": "update", "data": {"current_guest_id": name}}],
            }))
            .await);
        assert_eq!(body["success"], true, "{name}: {body}");
        let made = plain(&body["results"][0]["entity_id"]);
        assert_eq!(body["results"][1]["entity_id"], made);
        assert_eq!(desk.shown(&made).await["notes"], "mine");
        assert_eq!(desk.state(table).await, format!("occupied {made}"));
    }
    assert_eq!(desk.stand("guest-1").await, "Waitlist at null, - -");
    desk.is_sound().await;
}

#[tokio::test]
async fn the_restaurant_is_named_in_the_query_or_in_the_body_or_is_the_tokens() {
    let desk = Desk::open().await;
    let create = json!([{"operation": "create", "data": {"first_name": "Ann", "party_size": 2}}]);
    let key = desk.house.manager();
    for (client, query, named) in [
        (&desk.tablet, "?restaurant_id=test-restaurant-1", json!(null)),
        (&desk.tablet, "?restaurant_id=1", json!("bistro-2")),
        (&desk.tablet, "", json!("test-restaurant-1")),
        (&desk.tablet, "", json!(1)),
        (&key, "", json!(null)),
        (&key, "/?restaurant_id=1", json!(null)),
    ] {
        let n_before = desk.ids("/guests").await.len();
        let mut body = json!({"guests": create});
        if !named.is_null() {
            body["restaurant_id"] = named;
        }
        let path = format!("/transactions/atomic{query}");
        assert_eq!(yes(&client.post(&path, &body).await)["success"], true);
        assert_eq!(desk.ids("/guests").await.len(), n_before + 1, "{path} {body}");
    }
    let elsewhere = key
        .post("/transactions/atomic?restaurant_id=2", &json!({"guests": create}))
        .await;
    assert_eq!(elsewhere.status, 403);
    let nowhere = desk
        .tablet
        .post("/transactions/atomic?restaurant_id=nowhere", &json!({}))
        .await;
    assert_eq!(nowhere.status, 404);
}
