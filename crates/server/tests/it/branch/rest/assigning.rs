//! Who looks after a table: said, taken back, and only of people who work there.

use super::office::{NOBODY, Office, ask, at, id, no, yes};
use super::shapes::check;
use serde_json::{Value, json};

#[tokio::test]
async fn somebody_is_given_a_table_and_loses_it_again() {
    let office = Office::open().await;
    let (lea, max) = (office.person("waiter").await, office.person("waiter2").await);
    let table = id(&office.table("T-1", json!({})).await);
    let place = format!("/tables/{table}");
    for server in [&lea, &max, &max] {
        let body = json!({"assignedServerId": server});
        let told = yes(&office.patch(&format!("{place}/assign-server"), body).await);
        check("table+branch+floorPlan+section+assignedServer", &told);
        assert_eq!(
            (&told["assignedServerId"], &told["assignedServer"]["id"]),
            (&json!(server), &json!(server))
        );
        assert_eq!(told, office.shown(&table).await);
        assert!(is_of(&office, server, &table).await);
    }
    assert!(!is_of(&office, &lea, &table).await);
    // With a body of nothing, without one, and when nobody is there any more.
    for body in [Value::Null, json!({}), Value::Null] {
        let told = yes(&office.patch(&format!("{place}/unassign-server"), body).await);
        assert_eq!(
            (&told["assignedServerId"], &told["assignedServer"]),
            (&Value::Null, &Value::Null)
        );
        assert_eq!(told, office.shown(&table).await);
    }
    assert!(!is_of(&office, &max, &table).await);
}

/// Whether the list of somebody's tables has this one.
async fn is_of(office: &Office, server: &str, table: &str) -> bool {
    let list = yes(&office.get(&format!("/tables/by-server/{server}")).await);
    list.as_array().unwrap().iter().any(|it| it["id"] == table)
}

#[tokio::test]
async fn anybody_who_works_here_may_look_after_a_table_and_nobody_else() {
    let office = Office::open().await;
    let table = id(&office.table("T-1", json!({})).await);
    let assign = format!("/tables/{table}/assign-server");
    // There is no look at the role.
    for login in ["cashier", "kitchen", "analyst", "host", "admin"] {
        let body = json!({"assignedServerId": office.person(login).await});
        assert_eq!(
            yes(&office.patch(&assign, body).await)["assignedServer"]["username"],
            login
        );
    }
    let before = office.standing().await;
    let stranger = office.person("manager2").await;
    for nobody in [NOBODY, &stranger, &table, &office.branch] {
        let missing = format!("404 Server with ID {nobody} not found");
        let body = json!({"assignedServerId": nobody});
        assert_eq!(no(&office.patch(&assign, body.clone()).await), missing);
        assert_eq!(
            no(&office.patch(&format!("/tables/{table}"), body.clone()).await),
            missing
        );
        let mut new = json!({"tableNumber": "T-2", "capacity": 2, "branchId": office.branch});
        new["assignedServerId"] = json!(nobody);
        assert_eq!(no(&office.post("/tables", new).await), missing);
        // Nor by somebody who administrates both houses.
        assert_eq!(
            no(&ask(&office.chain, "PATCH", &at(&assign), &body).await),
            missing
        );
    }
    assert_eq!(office.standing().await, before);
}

#[tokio::test]
async fn whoever_does_not_work_here_any_more_is_given_no_table() {
    let office = Office::open().await;
    let left = office.person("waiter2").await;
    let table = id(&office.table("T-1", json!({})).await);
    let command = json!({"command": "update_staff", "staff_id": 5, "active": false});
    office.signed_in("admin").await.accepted(command).await;
    let before = office.standing().await;
    let body = json!({"assignedServerId": left});
    let expected = format!("400 Server with ID {left} does not work here now");
    for place in [
        format!("/tables/{table}/assign-server"),
        format!("/tables/{table}"),
    ] {
        assert_eq!(no(&office.patch(&place, body.clone()).await), expected, "{place}");
    }
    let new =
        json!({"tableNumber": "T-2", "capacity": 2, "branchId": office.branch, "assignedServerId": left});
    assert_eq!(no(&office.post("/tables", new).await), expected);
    assert_eq!(office.standing().await, before);
}

#[tokio::test]
async fn what_is_wrong_with_an_assignment_is_said() {
    let office = Office::open().await;
    let table = id(&office.table("T-1", json!({})).await);
    let assign = format!("/tables/{table}/assign-server");
    let wrong = "400 [assignedServerId must be a UUID]";
    for body in [
        json!({}),
        json!({"assignedServerId": null}),
        json!({"assignedServerId": "waiter"}),
        json!({"assignedServerId": 4}),
        json!({"assignedServerId": [NOBODY, "x"]}),
    ] {
        assert_eq!(no(&office.patch(&assign, body.clone()).await), wrong, "{body}");
    }
    let body = json!({"assignedServerId": NOBODY, "serverId": 4});
    let told = no(&office.patch(&assign, body).await);
    assert_eq!(told, "400 [property serverId should not exist]");
    let missing = format!("/tables/{NOBODY}/assign-server");
    let body = json!({"assignedServerId": office.person("waiter").await});
    let told = no(&office.patch(&missing, body).await);
    assert_eq!(told, format!("404 Table with ID {NOBODY} not found"));
}
