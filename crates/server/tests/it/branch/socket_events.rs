//! Which events a change makes, where it is about several tables.

use super::visitor::{By, Visitor};
use super::{KEY, NAMESPACE};
use crate::house::House;
use serde_json::{Value, json};

/// Writes a table as the namespace's own clients do.
async fn patch(house: &House, place: &str, body: Value) -> Value {
    let path = format!("/api/v1/restaurant/tables/{place}");
    let answer = house.client(KEY).patch(&path, &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

async fn id_of(house: &House, number: &str) -> String {
    let path = format!("/api/v1/restaurant/tables?search={number}&limit=1000");
    let list = house.client(KEY).get(&path).await.json();
    let tables = list["data"].as_array().unwrap();
    let table = tables.iter().find(|it| it["tableNumber"] == number).unwrap();
    table["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn one_write_of_one_of_a_party_s_tables_is_one_event() {
    let house = House::open().await;
    let party = json!({"command": "seat_walk_in", "covers": 6, "table_ids": [3, 4]});
    house.manager().accepted(party).await;
    let (third, fourth) = (id_of(&house, "3").await, id_of(&house, "4").await);
    let mut client = Visitor::enter_as_manager(&house, By::Socket).await;
    let mut seq = client.joined(&json!("1")).await;
    for (place, body, name) in [
        (
            format!("{third}/status"),
            json!({"status": "occupied"}),
            "tableStatusUpdate",
        ),
        (
            fourth.clone(),
            json!({"status": "occupied", "notes": "loud"}),
            "tableUpdated",
        ),
        (third.clone(), json!({"notes": "loud"}), "tableUpdated"),
    ] {
        seq += 1;
        let told = patch(&house, &place, body).await;
        let event = client.event().await;
        assert_eq!((&event[0], &event[1]), (&json!(name), &told));
        assert_eq!(
            (&event[2]["seq"], &event[2]["more"]),
            (&json!(seq), &Value::Null),
            "{NAMESPACE}"
        );
    }
    // Freeing one of them frees both.
    patch(&house, &format!("{third}/status"), json!({"status": "available"})).await;
    let mut freed = Vec::new();
    for _ in 0..2 {
        let event = client.event().await;
        assert_eq!(
            (&event[0], &event[1]["status"]),
            (&json!("tableStatusUpdate"), &json!("available"))
        );
        freed.push(event[1]["id"].as_str().unwrap().to_owned());
    }
    freed.sort();
    let mut tables = [third, fourth];
    tables.sort();
    assert_eq!(freed, tables);
    assert_eq!(client.told().await, Vec::<Value>::new());
}
