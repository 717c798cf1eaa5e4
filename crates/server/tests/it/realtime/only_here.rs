//! What this protocol can say and v1's commands cannot: v1's clients hear of it all the same, as events of their own.

use super::{GUESTS, TABLES, Tablet, check_chain, done, guest, seq_of};
use crate::house::House;
use expect_test::expect;
use serde_json::{Value, json};

/// The events behind `after`, without what only repeats the request.
async fn events(house: &House, after: u64) -> String {
    let page = house
        .manager()
        .get(&format!("/v1/restaurants/1/changes?after={after}"))
        .await
        .json();
    let told = |event: &Value| {
        let mut fields = event.as_object().unwrap().clone();
        for name in ["code", "guest_id", "waiter_id", "quote", "source", "details"] {
            fields.remove(name);
        }
        let name = fields.remove("event").unwrap();
        format!("{} {}", name.as_str().unwrap(), Value::Object(fields))
    };
    let changes = page["changes"].as_array().unwrap();
    let lines = changes.iter().map(|it| {
        let events: Vec<String> = it["events"].as_array().unwrap().iter().map(told).collect();
        events.join("\n  ") + "\n"
    });
    lines.collect()
}

#[tokio::test]
async fn what_the_door_says_in_its_own_way_is_told_to_everybody() {
    let house = House::open().await;
    let client = house.stranger();
    let head = house.manager().floor().await["seq"].as_u64().unwrap();
    let mut tablet = Tablet::connect(&house).await;
    let ada = format!("{GUESTS}/{}", guest(&client, "Ada", 2).await);
    done(&client.put(&ada, &json!({"status": "Seated"})).await);
    done(
        &client
            .put(&format!("{TABLES}/3"), &json!({"status": "occupied"}))
            .await,
    );
    let times = json!({"table_id": "3", "seated_time": "2026-11-20T19:20:00", "check_in_time": null});
    done(&client.patch(&ada, &times).await);
    done(&client.patch(&ada, &json!({"table_id": null})).await);
    let bo = guest(&client, "Bo", 2).await;
    done(
        &client
            .put(&format!("{GUESTS}/{bo}"), &json!({"table_id": "4"}))
            .await,
    );
    let transaction = json!({
        "transaction_id": "txn-1",
        "guests": [
            {"id": "tmp-1", "operation": "create", "data": {"first_name": "Cy", "party_size": 3}},
            {"id": "tmp-1", "operation": "update", "data": {"table_id": "5"}},
            {"id": bo, "operation": "delete"},
        ],
    });
    let last = client
        .post("/transactions/atomic?restaurant_id=1", &transaction)
        .await;
    assert_eq!(done(&last)["success"], true, "{}", last.text);
    let seq = seq_of(&last);
    expect![[r#"
        party_added {"covers":2,"party_id":1}
        party_state_set {"party_id":1,"shown_as":"seated","state":"arrived"}
        turn_opened {"covers":1,"table_ids":[3],"turn_id":1}
        party_joined {"covers":2,"party_id":1,"turn_id":1}
          times_noted {"checked_in_at":null,"party_id":1,"seated_at":"2026-11-20T19:20:00Z"}
        turn_closed {"party":{"shown_as":"seated","state":"arrived"},"tables_left":"available","turn_id":1}
        party_added {"covers":2,"party_id":2}
        party_seated {"covers":2,"party_id":2,"shown_as":"waiting","table_ids":[4],"turn_id":3}
        party_added {"alias":"tmp-1","covers":3,"party_id":3}
          party_seated {"covers":3,"party_id":3,"table_ids":[5],"turn_id":4}
          turn_closed {"tables_left":"available","turn_id":3}
          party_removed {"party_id":2}
          batch_completed {"entities":[{"party_id":3},{"party_id":3},{"party_id":2}],"name":"txn-1"}
    "#]]
    .assert_eq(&events(&house, head).await);
    let frames = tablet.through(seq).await;
    check_chain(&frames);
    let shown: String = frames
        .iter()
        .map(|it| {
            format!(
                "{}.{} {} {}\n",
                it["seq"],
                it["part"],
                it["type"].as_str().unwrap(),
                it["action"].as_str().unwrap_or("-")
            )
        })
        .collect();
    expect![[r#"
        4.1 guest_created created
        5.1 guest_updated status_change
        6.1 table_updated assigned
        7.1 guest_updated update
        7.2 table_updated assigned
        8.1 guest_updated update
        8.2 table_updated cleared
        9.1 guest_created created
        10.1 guest_updated update
        10.2 table_updated assigned
        11.1 atomic_transaction_complete -
    "#]]
    .assert_eq(&shown);
}

#[tokio::test]
async fn an_undo_of_v1_is_an_ordinary_change_at_the_door() {
    let house = House::open().await;
    let client = house.stranger();
    let manager = house.manager();
    let ada = guest(&client, "Ada", 2).await;
    done(
        &client
            .put(
                &format!("{GUESTS}/{ada}"),
                &json!({"status": "Seated", "table_id": "3"}),
            )
            .await,
    );
    let mut tablet = Tablet::connect(&house).await;
    let undo = json!({"command": "undo_step", "party_id": 1});
    let undone = manager.accepted(undo.clone()).await;
    assert_eq!(undone["events"][0]["event"], "step_undone");
    let frames = tablet.take(2).await;
    assert_eq!(
        (&frames[0]["action"], &frames[0]["data"]["statusLabel"]),
        (&json!("status_change"), &json!("Waitlist"))
    );
    assert_eq!(
        (&frames[1]["action"], &frames[1]["data"]["status"]),
        (&json!("cleared"), &json!("available"))
    );
    let again = manager.command(undo).await;
    assert_eq!(
        (again.status.as_u16(), &again.json()["code"]),
        (409, &json!("nothing_to_undo"))
    );
}

#[tokio::test]
async fn a_name_of_a_clients_own_names_one_thing() {
    let house = House::open().await;
    let client = house.stranger();
    let create = json!({"guests": [{"id": "tmp-1", "operation": "create", "data": {"first_name": "Ada", "party_size": 2}}]});
    let path = "/transactions/atomic?restaurant_id=1";
    assert_eq!(done(&client.post(path, &create).await)["success"], true);
    // Not by a name of the transaction this time: it is another one.
    let again = done(&client.post(path, &create).await);
    assert_eq!(
        (&again["success"], &again["rolled_back"]),
        (&json!(false), &json!(true))
    );
    assert!(again["error"].as_str().unwrap().contains("tmp-1"), "{again}");
    assert_eq!(
        done(&client.get(&format!("{GUESTS}/tmp-1")).await)["id"],
        "guest-1"
    );
    let body = json!({"first_name": "Bo", "party_size": 2, "status": "Arrived", "reservation_time": "2026-11-20T20:00:00"});
    let bo = done(&client.post(GUESTS, &body).await)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let refused = client.delete(&format!("{GUESTS}/{bo}")).await;
    assert_eq!(
        (refused.status.as_u16(), refused.text.as_str()),
        (
            400,
            r#"{"detail":"Cannot delete guest with active reservations"}"#
        )
    );
    // In v1's words these are `alias_in_use` and `reservation_open`.
}
