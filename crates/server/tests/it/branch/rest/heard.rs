//! What clients of the namespace hear of writes: each once, also one that changes nothing, and never a secret.

use super::office::{Office, ask, at, gone, id, made, no, plain, yes};
use super::shapes::{check, has_keys};
use crate::branch::visitor::{By, Visitor, WAYS};
use crate::client::Answer;
use crate::visitors::OPERATOR;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const WORDS: [&str; 5] = ["available", "occupied", "reserved", "cleaning", "out_of_service"];
const WHOLE: &str = "table+branch+floorPlan+section+assignedServer";

/// A manager of branch 1 who has joined it.
async fn listener(office: &Office, by: By) -> Visitor {
    let mut listener = Visitor::enter_as_manager(&office.house, by).await;
    listener.joined(&json!("1")).await;
    listener
}

/// Checks that this answer's change is the only one that was told, by this name, and as it was answered.
async fn told_once(listener: &mut Visitor, name: &str, answer: &Answer) {
    let table = yes(answer);
    let seq: u64 = answer.headers["x-seq"].to_str().unwrap().parse().unwrap();
    let branch = &table["branchId"];
    assert_eq!(
        listener.told().await,
        [json!([name, table, {"seq": seq, "branchId": branch}])]
    );
}

#[tokio::test]
async fn a_status_that_is_written_again_is_told_again_and_once() {
    let office = Office::open().await;
    for by in WAYS {
        for word in WORDS {
            let table = id(&office.table(&format!("{word} {by:?}"), json!({})).await);
            let mut listener = listener(&office, by).await;
            for _ in 0..3 {
                let answer = office.say(&table, word).await;
                told_once(&mut listener, "tableStatusUpdate", &answer).await;
            }
            // By a change of the whole table it is a change like others.
            let answer = office
                .patch(&format!("/tables/{table}"), json!({"status": word}))
                .await;
            told_once(&mut listener, "tableUpdated", &answer).await;
            assert_eq!(office.shown(&table).await["status"], word);
        }
    }
}

#[tokio::test]
async fn a_table_under_maintenance_that_is_said_to_be_out_of_service_is_told_once_and_stays_so() {
    let office = Office::open().await;
    let table = office.id_of("7").await;
    for by in WAYS {
        for state in ["maintenance", "blocked"] {
            let command = json!({"command": "set_table_state", "table_id": 7, "state": state});
            office.house.manager().accepted(command).await;
            let mut listener = listener(&office, by).await;
            for _ in 0..2 {
                let answer = office.say(&table, "out_of_service").await;
                told_once(&mut listener, "tableStatusUpdate", &answer).await;
                assert_eq!(office.v1_table("7").await["state"], state);
            }
        }
    }
}

#[tokio::test]
async fn a_table_kept_for_a_party_that_is_said_to_be_reserved_is_told_once() {
    let office = Office::open().await;
    let manager = office.house.manager();
    manager
        .accepted(json!({"command": "add_party", "covers": 2, "name": "Ada"}))
        .await;
    manager
        .accepted(json!({"command": "set_table_state", "table_id": 7, "state": "reserved", "party_id": 1}))
        .await;
    let table = office.id_of("7").await;
    let mut listener = listener(&office, By::Socket).await;
    let answer = office.say(&table, "reserved").await;
    told_once(&mut listener, "tableStatusUpdate", &answer).await;
}

#[tokio::test]
async fn a_waiter_who_is_given_a_table_again_is_told_again_and_once() {
    let office = Office::open().await;
    let server = office.person("waiter").await;
    let table = office.id_of("7").await;
    let assign = format!("/tables/{table}/assign-server");
    let unassign = format!("/tables/{table}/unassign-server");
    for by in WAYS {
        let mut listener = listener(&office, by).await;
        for place in [&assign, &assign, &unassign, &unassign] {
            let answer = office.patch(place, json!({"assignedServerId": server})).await;
            told_once(&mut listener, "tableAssignmentUpdate", &answer).await;
        }
    }
}

#[tokio::test]
async fn what_is_refused_is_told_to_nobody() {
    let office = Office::open().await;
    let (table, broken) = (office.id_of("7").await, office.id_of("8").await);
    yes(&office.say(&broken, "out_of_service").await);
    let mut listeners = Vec::new();
    for by in WAYS {
        listeners.push(listener(&office, by).await);
    }
    let nobody = super::office::NOBODY;
    let occupied = json!({"status": "occupied"});
    for (place, body) in [
        (format!("/tables/{broken}/status"), occupied.clone()),
        (format!("/tables/{broken}"), occupied),
        (format!("/tables/{table}/status"), json!({"status": "asleep"})),
        (
            format!("/tables/{table}/assign-server"),
            json!({"assignedServerId": nobody}),
        ),
        (format!("/tables/{table}"), json!({"tableNumber": "8"})),
        (
            format!("/tables/{table}"),
            json!({"capacity": 9, "sectionId": nobody}),
        ),
    ] {
        no(&office.patch(&place, body).await);
    }
    let taken = json!({"tableNumber": "7", "capacity": 2, "branchId": office.branch});
    no(&office.post("/tables", taken).await);
    no(&office.delete(&format!("/tables/{nobody}")).await);
    for listener in &mut listeners {
        assert_eq!(listener.told().await, Vec::<Value>::new());
    }
}

/// Looks for whatever could be a secret, at any depth.
fn has_no_secrets(value: &Value) {
    const SUSPECT: [&str; 9] = [
        "password",
        "pin",
        "hash",
        "secret",
        "token",
        "refresh",
        "salary",
        "permission",
        "login",
    ];
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, it)| {
            let name = name.to_lowercase();
            assert!(!SUSPECT.iter().any(|it| name.contains(it)), "{name} in {value}");
            has_no_secrets(it);
        }),
        Value::Array(items) => items.iter().for_each(has_no_secrets),
        Value::String(text) => assert!(!text.contains("$argon2"), "{text}"),
        _ => {}
    }
}

/// Hires somebody who has a password, a PIN and a sign-in. Answers their id, and all that nobody may see.
async fn hired(office: &Office) -> (String, Vec<String>) {
    let operator = office.house.client(OPERATOR);
    let person = json!({"name": "Zelda Quist", "roles": ["waiter"], "login": "zelda-quist",
        "password": "a-very-secret-word", "pin": "805317"});
    let answer = operator.post("/v1/restaurants/1/staff", &person).await;
    assert!(answer.status.is_success(), "{answer:?}");
    let credentials = json!({"login": "zelda-quist", "password": "a-very-secret-word"});
    let signed_in = yes(&office.house.stranger().post("/v1/sign-in", &credentials).await);
    let client = office.house.client(signed_in["token"].as_str().unwrap());
    let server = id(&yes(&client.get("/api/v1/auth/me").await));
    let secrets = [
        &person["password"],
        &person["pin"],
        &signed_in["token"],
        &signed_in["refresh_token"],
    ];
    (server, secrets.into_iter().map(plain).collect())
}

/// Does everything to tables that is told of, with somebody who serves at them.
async fn do_everything(office: &Office, server: &str) {
    let section = id(&office.section("Quay", json!({})).await);
    let more = json!({"assignedServerId": server, "sectionId": section});
    let table = id(&office.table("Q-1", more.clone()).await);
    let place = format!("/tables/{table}");
    yes(&office
        .patch(&place, json!({"capacity": 3, "status": "reserved"}))
        .await);
    for word in WORDS {
        yes(&office.say(&table, word).await);
    }
    yes(&office.patch(&format!("{place}/unassign-server"), json!({})).await);
    let assign = json!({"assignedServerId": server});
    yes(&office.patch(&format!("{place}/assign-server"), assign).await);
    yes(&office.say(&table, "available").await);
    // Through other doors.
    let number = office.v1_table("Q-1").await["id"].clone();
    let seat = json!({"command": "seat_walk_in", "table_ids": [number], "covers": 2,
        "guest": {"name": "Ada Byron", "phone": "+1 212 555 0100"}});
    office.house.manager().accepted(seat).await;
    let host = office.house.stranger();
    let clear = format!("/restaurants/test-restaurant-1/tables/{number}/clear");
    yes(&host.put(&clear, &json!({})).await);
    // The section goes, the table goes to the other branch and comes back, and is gone.
    yes(&office.patch(&place, json!({"isActive": false})).await);
    gone(&office.delete(&format!("/table-sections/{section}")).await);
    for branch in [&office.other, &office.branch] {
        let body = json!({"branchId": branch});
        yes(&ask(&office.chain, "PATCH", &at(&place), &body).await);
    }
    gone(&office.delete(&place).await);
    let other = json!({"tableNumber": "Q-1", "capacity": 2, "branchId": office.branch,
        "assignedServerId": server});
    gone(
        &office
            .delete(&format!(
                "/tables/{}",
                id(&made(&office.post("/tables", other).await))
            ))
            .await,
    );
}

#[tokio::test]
async fn no_event_says_more_of_a_waiter_than_ten_keys() {
    let office = Office::open().await;
    let (server, secrets) = hired(&office).await;
    let token = office.chain.credential.clone().unwrap();
    let mut listeners = Vec::new();
    let mut begun = 0;
    for by in WAYS {
        let mut listener = Visitor::with_token(&office.house, by, &token).await;
        begun = listener.joined(&json!("1")).await;
        listeners.push(listener);
    }
    do_everything(&office, &server).await;
    // Whoever comes late is told the same.
    for by in WAYS {
        let mut listener = Visitor::with_token(&office.house, by, &token).await;
        listener.join(&json!({"branchId": "1", "since": begun})).await;
        listeners.push(listener);
    }
    let mut told: Vec<Vec<Value>> = Vec::new();
    for listener in &mut listeners {
        let mut heard = listener.told().await;
        // A replay may still be on its way.
        while told.first().is_some_and(|it: &Vec<Value>| heard.len() < it.len()) {
            heard.push(listener.event().await);
        }
        told.push(heard);
    }
    let mut names = BTreeSet::new();
    let mut n_served = 0;
    for event in told.iter().flatten() {
        let (name, table) = (event[0].as_str().unwrap(), &event[1]);
        names.insert(name.to_owned());
        assert_eq!(event.as_array().unwrap().len(), 3, "{event}");
        has_keys(&event[2], "seq branchId", "");
        match name {
            "tableDeleted" => has_keys(table, "id", ""),
            "tableCreated" => check("table", table),
            _ => check(WHOLE, table),
        }
        let served_by = &table["assignedServer"];
        if !served_by.is_null() {
            assert_eq!(
                (&served_by["id"], served_by.as_object().unwrap().len()),
                (&json!(server), 10)
            );
            n_served += 1;
        }
        has_no_secrets(event);
        let text = event.to_string();
        // Nor does any say who sits there.
        for secret in secrets.iter().map(String::as_str).chain(["Byron", "555 0100"]) {
            assert!(!text.contains(secret), "{text}");
        }
    }
    let expected = [
        "tableAssignmentUpdate",
        "tableCreated",
        "tableDeleted",
        "tableStatusUpdate",
        "tableUpdated",
    ];
    assert_eq!(names.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    assert!(n_served > 10 * listeners.len() / 2, "{n_served}");
    for others in &told[1..] {
        assert_eq!(others, &told[0]);
    }
}
