//! Versions: everything has one, and whoever names an old one is shown the new and changes nothing.

use super::office::{Office, ask, ask_with, at, gone, id, told, yes};
use crate::client::Answer;
use futures_util::future::join_all;
use serde_json::{Value, json};

/// Writes if the version is still this one.
async fn write_if(office: &Office, method: &str, place: &str, version: &str, body: &Value) -> Answer {
    let headers = [("if-match", version)];
    ask_with(&office.admin, method, &at(place), &headers, body).await
}

/// The version of an object in quotes, which is what its headers must say.
fn tag(answer: &Answer) -> String {
    let version = answer.json()["version"]
        .as_i64()
        .unwrap_or_else(|| panic!("no version in {}", answer.text));
    let tag = format!("\"{version}\"");
    assert_eq!(answer.headers["etag"], tag, "{answer:?}");
    tag
}

/// A table, a plan and a section, each with a change of it.
async fn things(office: &Office) -> Vec<(String, Value)> {
    vec![
        (
            format!("/tables/{}", id(&office.table("T-1", json!({})).await)),
            json!({"capacity": 7}),
        ),
        (
            format!("/floor-plans/{}", id(&office.plan("Roof", json!({})).await)),
            json!({"description": "x"}),
        ),
        (
            format!("/table-sections/{}", id(&office.section("Sky", json!({})).await)),
            json!({"color": "#fff"}),
        ),
    ]
}

#[tokio::test]
async fn what_is_read_and_written_says_its_version() {
    let office = Office::open().await;
    for (number, (list, body)) in [
        (
            "tables",
            json!({"tableNumber": "T-9", "capacity": 2, "branchId": office.branch}),
        ),
        ("floor-plans", json!({"name": "N", "branchId": office.branch})),
        ("table-sections", json!({"name": "N", "branchId": office.branch})),
    ]
    .into_iter()
    .enumerate()
    {
        let made = office.post(&format!("/{list}"), body).await;
        assert_eq!(made.status, 201);
        let first = tag(&made);
        let place = format!("/{list}/{}", id(&made.json()));
        assert_eq!(tag(&office.get(&place).await), first);
        let name = if number == 0 { "T-9" } else { "N" };
        assert_eq!(
            tag(&office.get(&format!("/{list}/{}/{name}", office.branch)).await),
            first
        );
        let change = if number == 0 {
            json!({"notes": "x"})
        } else {
            json!({"description": "x"})
        };
        let changed = office.patch(&place, change).await;
        assert_ne!(tag(&changed), first);
        assert_eq!(tag(&office.get(&place).await), tag(&changed));
        let version = |answer: &Answer| answer.json()["version"].as_i64().unwrap();
        assert!(version(&changed) > version(&made), "{list}");
    }
}

#[tokio::test]
async fn what_a_table_is_and_whose_it_is_has_a_version_and_its_state_has_none() {
    let office = Office::open().await;
    let table = format!("/tables/{}", office.id_of("7").await);
    let server = office.person("waiter").await;
    let mut before = office.get(&table).await;
    for (place, body, is_new_version) in [
        ("", json!({"notes": "x"}), true),
        ("/assign-server", json!({"assignedServerId": server}), true),
        ("/unassign-server", Value::Null, true),
        ("/status", json!({"status": "reserved"}), false),
        ("/status", json!({"status": "occupied"}), false),
        ("", json!({"status": "available", "notes": "y"}), true),
        ("v1", Value::Null, false),
    ] {
        if place == "v1" {
            office.house.manager().seat(7).await;
        } else {
            let written = office.patch(&format!("{table}{place}"), body.clone()).await;
            assert_eq!(tag(&written), tag(&office.get(&table).await), "{place} {body}");
        }
        let now = office.get(&table).await;
        assert_ne!(now.text, before.text);
        assert_eq!(tag(&now) != tag(&before), is_new_version, "{place} {body}");
        before = now;
    }
}

#[tokio::test]
async fn whoever_names_an_old_version_changes_nothing_and_is_shown_the_new() {
    let office = Office::open().await;
    let server = office.person("waiter").await;
    for (place, change) in things(&office).await {
        let old = tag(&office.get(&place).await);
        let new = tag(&write_if(&office, "PATCH", &place, &old, &change).await);
        assert_ne!(old, new);
        let now = office.get(&place).await.json();
        let before = office.standing().await;
        let mut asked = vec![
            ("PATCH", place.clone(), change.clone()),
            ("DELETE", place.clone(), Value::Null),
        ];
        if place.starts_with("/tables") {
            asked.push(("PATCH", format!("{place}/status"), json!({"status": "reserved"})));
            asked.push((
                "PATCH",
                format!("{place}/assign-server"),
                json!({"assignedServerId": server}),
            ));
            asked.push(("PATCH", format!("{place}/unassign-server"), Value::Null));
        }
        if place.starts_with("/floor-plans") {
            asked.push((
                "PATCH",
                format!("{place}/layout"),
                json!({"width": 1, "height": 1}),
            ));
            asked.push(("PATCH", format!("{place}/set-default"), Value::Null));
        }
        for (method, place, body) in asked {
            let stale = write_if(&office, method, &place, &old, &body).await;
            let said = told(412, &stale);
            assert_eq!(
                (&said["error"], &said["statusCode"], said["message"].is_string()),
                (&json!("Precondition Failed"), &json!(412), true)
            );
            assert_eq!(said["current"], now, "{method} {place}");
            assert_eq!(said.as_object().unwrap().len(), 4, "{said}");
        }
        assert_eq!(office.standing().await, before);
        assert_eq!(office.get(&place).await.json(), now);
        // The right one is let through.
        yes(&write_if(&office, "PATCH", &place, &new, &change).await);
        let last = tag(&office.get(&place).await);
        gone(&write_if(&office, "DELETE", &place, &last, &Value::Null).await);
    }
}

#[tokio::test]
async fn a_version_that_is_none_changes_nothing() {
    let office = Office::open().await;
    for (place, change) in things(&office).await {
        let before = office.standing().await;
        for version in [
            "\"999999999\"",
            "\"-1\"",
            "\"x\"",
            "nonsense",
            "\"",
            "\"\"",
            "\"18446744073709551616\"",
        ] {
            let answer = write_if(&office, "PATCH", &place, version, &change).await;
            assert!(
                [400, 412].contains(&answer.status.as_u16()),
                "{version}: {answer:?}"
            );
        }
        assert_eq!(office.standing().await, before);
    }
}

/// What four who have seen one version may want of the same thing, in a round.
fn wishes(place: &str, round: usize, hand: usize) -> Value {
    if place.contains("/tables/") {
        json!({"capacity": (round * 4 + hand) % 60 + 1})
    } else {
        json!({"description": format!("{round} {hand}")})
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_four_who_edit_one_version_one_is_let() {
    let office = Office::open().await;
    let places: Vec<String> = things(&office).await.into_iter().map(|it| it.0).collect();
    one_of_four(&office, &places).await;
}

/// Lets four write at each place, having seen one version, and checks that one of them does.
async fn one_of_four(office: &Office, places: &[String]) {
    for place in places {
        for round in 0..20 {
            let version = tag(&office.get(place).await);
            let path = at(place);
            let asked = (0..4).map(|hand| {
                let (body, path, version) = (wishes(&path, round, hand), path.clone(), version.clone());
                let client = office.admin.clone();
                async move {
                    let headers = [("if-match", version.as_str())];
                    let answer = ask_with(&client, "PATCH", &path, &headers, &body).await;
                    (body, answer)
                }
            });
            let answers = join_all(asked).await;
            let won: Vec<_> = answers.iter().filter(|it| it.1.status == 200).collect();
            let statuses: Vec<u16> = answers.iter().map(|it| it.1.status.as_u16()).collect();
            assert_eq!(won.len(), 1, "{place}, round {round}: {statuses:?}");
            let now = office.get(place).await.json();
            for (field, value) in won[0].0.as_object().unwrap() {
                assert_eq!(&now[field], value, "{place}, round {round}");
            }
            for (_, answer) in answers.iter().filter(|it| it.1.status != 200) {
                assert_eq!(told(412, answer)["current"]["version"], now["version"]);
            }
        }
    }
}

#[tokio::test]
async fn an_old_version_does_not_come_back_with_a_move() {
    let office = Office::open().await;
    let table = id(&office.table("M-1", json!({})).await);
    let path = at(&format!("/tables/{table}"));
    let mut old = Vec::new();
    for branch in [&office.branch, &office.other, &office.other, &office.branch] {
        for notes in ["a", "b", "c"] {
            let answer = ask(&office.chain, "GET", &path, &Value::Null).await;
            let now = tag(&answer);
            assert!(!old.contains(&now), "{now} was another table's once: {old:?}");
            old.push(now);
            let body = json!({"branchId": branch, "notes": notes});
            yes(&ask(&office.chain, "PATCH", &path, &body).await);
        }
    }
    let before = office.both_standing().await;
    for version in &old {
        let body = json!({"notes": "late"});
        let stale = ask_with(&office.chain, "PATCH", &path, &[("if-match", version)], &body).await;
        assert_eq!(stale.status, 412, "{version} of {old:?}: {stale:?}");
    }
    assert_eq!(office.both_standing().await, before);
}

#[tokio::test]
async fn a_move_to_another_branch_minds_the_version() {
    let office = Office::open().await;
    let table = id(&office.table("M-1", json!({})).await);
    let path = at(&format!("/tables/{table}"));
    let old = tag(&ask(&office.chain, "GET", &path, &Value::Null).await);
    yes(&office
        .patch(&format!("/tables/{table}"), json!({"notes": "x"}))
        .await);
    let before = office.both_standing().await;
    let body = json!({"branchId": office.other});
    let stale = ask_with(&office.chain, "PATCH", &path, &[("if-match", &old)], &body).await;
    assert_eq!(told(412, &stale)["current"], office.shown(&table).await);
    assert_eq!(office.both_standing().await, before);
    let new = tag(&ask(&office.chain, "GET", &path, &Value::Null).await);
    let moved = ask_with(&office.chain, "PATCH", &path, &[("if-match", &new)], &body).await;
    assert_eq!(yes(&moved)["branchId"], office.other);
    assert_ne!(tag(&moved), new);
}
