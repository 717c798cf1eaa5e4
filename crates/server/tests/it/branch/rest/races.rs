//! Several offices at once: no write gets lost, no name is taken twice, and there is one default.

use super::office::{Office, ask, at, each, figures, id, made, no, yes};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_four_plans_that_are_made_the_default_at_once_one_is() {
    let office = Office::open().await;
    let mut plans = Vec::new();
    for name in ["A", "B", "C", "D"] {
        plans.push(id(&office.plan(name, json!({})).await));
    }
    let mut answered = Vec::new();
    for round in 0..25 {
        let paths: Vec<String> = plans.iter().map(|it| at(&format!("/floor-plans/{it}"))).collect();
        let asked = paths.iter().enumerate().map(|(n, path)| {
            let client = office.admin.clone();
            async move {
                // Either way to say it.
                if (n + round) % 3 == 0 {
                    ask(&client, "PATCH", path, &json!({"isDefault": true})).await
                } else {
                    ask(&client, "PATCH", &format!("{path}/set-default"), &Value::Null).await
                }
            }
        });
        for answer in join_all(asked).await {
            answered.push(yes(&answer)["isDefault"] == true);
        }
        let defaults = yes(&office.get("/floor-plans?isDefault=true").await);
        assert_eq!(
            defaults["meta"]["total"],
            1,
            "round {round}: {:?}",
            each(&defaults, "name")
        );
        let default = yes(&office
            .get(&format!("/floor-plans/default/{}", office.branch))
            .await);
        assert_eq!(each(&defaults, "id"), [id(&default)]);
        let all = yes(&office.get("/floor-plans?limit=50").await);
        assert_eq!(
            each(&all, "isDefault").iter().filter(|it| *it == "true").count(),
            1
        );
    }
    // Each was told what it had done, not what somebody else did afterwards.
    let n_others = answered.iter().filter(|it| !**it).count();
    assert_eq!(n_others, 0, "of {} answers", answered.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_tables_with_one_number_one_is_put_up_and_the_other_told() {
    let office = Office::open().await;
    for (list, name, taken) in [
        (
            "tables",
            "tableNumber",
            "400 Table NAME already exists in this branch",
        ),
        (
            "floor-plans",
            "name",
            "400 Floor plan \"NAME\" already exists in this branch",
        ),
        ("table-sections", "name", "400 "),
    ] {
        for round in 0..30 {
            let called = format!("N{round}");
            let mut body = json!({"branchId": office.branch});
            body[name] = json!(called);
            if list == "tables" {
                body["capacity"] = json!(2);
            }
            let n_hands = 2 + round % 4;
            let asked = (0..n_hands).map(|_| {
                let (client, body, path) = (office.admin.clone(), body.clone(), at(&format!("/{list}")));
                async move { ask(&client, "POST", &path, &body).await }
            });
            let answers = join_all(asked).await;
            let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|it| it.status == 201);
            assert_eq!(won.len(), 1, "{list} {round}: {answers:?}");
            for answer in lost {
                let said = no(answer);
                assert!(said.starts_with(&taken.replace("NAME", &called)), "{said}");
            }
            let shown = yes(&office.get(&format!("/{list}/{}/{called}", office.branch)).await);
            assert_eq!(shown["id"], made(won[0])["id"]);
            if list != "tables" {
                // There may be only so many.
                super::office::gone(&office.delete(&format!("/{list}/{}", id(&shown))).await);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_tables_that_want_one_number_do_not_both_get_it() {
    let office = Office::open().await;
    let tables = [
        id(&office.table("A", json!({})).await),
        id(&office.table("B", json!({})).await),
    ];
    for round in 0..40 {
        let number = format!("N{round}");
        let paths = tables.clone().map(|it| at(&format!("/tables/{it}")));
        let asked = paths.iter().map(|path| {
            let (client, body) = (office.admin.clone(), json!({"tableNumber": number}));
            async move { ask(&client, "PATCH", path, &body).await }
        });
        let answers = join_all(asked).await;
        let won = answers.iter().filter(|it| it.status == 200).count();
        assert_eq!(won, 1, "{answers:?}");
        let lost = answers.iter().find(|it| it.status != 200).unwrap();
        assert_eq!(
            no(lost),
            format!("400 Table {number} already exists in this branch")
        );
        let page = yes(&office.get(&format!("/tables?search={number}")).await);
        assert_eq!(
            each(&page, "tableNumber")
                .iter()
                .filter(|it| **it == number)
                .count(),
            1
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_status_somebody_who_serves_and_a_note_that_are_written_at_once_are_all_kept() {
    let office = Office::open().await;
    let servers = [office.person("waiter").await, office.person("waiter2").await];
    let table = id(&office.table("T-1", json!({})).await);
    let place = format!("/tables/{table}");
    for round in 0..50 {
        let status = ["reserved", "occupied", "cleaning", "available"][round % 4];
        let server = &servers[round % 2];
        let notes = format!("round {round}");
        let assign = format!("{place}/assign-server");
        let (a, b, c, d) = tokio::join!(
            office.say(&table, status),
            office.patch(&assign, json!({"assignedServerId": server})),
            office.patch(&place, json!({"notes": notes})),
            office.patch(&place, json!({"capacity": round + 1})),
        );
        for answer in [a, b, c, d] {
            yes(&answer);
        }
        let shown = office.shown(&table).await;
        assert_eq!(
            [
                &shown["status"],
                &shown["assignedServerId"],
                &shown["assignedServer"]["id"],
                &shown["notes"],
                &shown["capacity"]
            ],
            [
                &json!(status),
                &json!(server),
                &json!(server),
                &json!(notes),
                &json!(round + 1)
            ],
            "round {round}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_table_that_four_delete_is_deleted_once() {
    let office = Office::open().await;
    for round in 0..20 {
        let table = id(&office.table(&format!("N{round}"), json!({})).await);
        let path = at(&format!("/tables/{table}"));
        let asked = (0..4).map(|_| ask(&office.admin, "DELETE", &path, &Value::Null));
        let answers = join_all(asked).await;
        let won = answers.iter().filter(|it| it.status == 200).count();
        assert_eq!(won, 1, "{answers:?}");
        for answer in answers.iter().filter(|it| it.status != 200) {
            assert_eq!(no(answer), format!("404 Table with ID {table} not found"));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_table_is_not_put_into_a_section_that_is_just_being_deleted() {
    let office = Office::open().await;
    for round in 0..40 {
        let section = id(&office.section(&format!("S{round}"), json!({})).await);
        let table = id(&office.table(&format!("N{round}"), json!({})).await);
        let (section_place, table_place) = (format!("/table-sections/{section}"), format!("/tables/{table}"));
        let (deleted, put) = tokio::join!(
            office.delete(&section_place),
            office.patch(&table_place, json!({"sectionId": section}))
        );
        let shown = office.shown(&table).await;
        match (deleted.status.as_u16(), put.status.as_u16()) {
            (200, 404) => assert_eq!(no(&put), format!("404 Section with ID {section} not found")),
            (400, 200) => assert_eq!(shown["section"]["id"], section),
            other => panic!("{other:?}: {deleted:?} {put:?}"),
        }
        assert_eq!(shown["section"].is_null(), deleted.status == 200);
        assert_eq!(shown["sectionId"].is_null(), shown["section"].is_null());
        // There may be only so many.
        yes(&office.patch(&table_place, json!({"sectionId": null})).await);
        office.delete(&section_place).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_kept_together_inside_may_be_written_apart_at_once() {
    let office = Office::open().await;
    let table = format!("/restaurant/tables/{}", id(&office.table("T-1", json!({})).await));
    let plan = office
        .plan("Roof", json!({"layout": {"width": 100, "height": 100}}))
        .await;
    let (plan, section) = (
        format!("/restaurant/floor-plans/{}", id(&plan)),
        format!(
            "/restaurant/table-sections/{}",
            id(&office.section("Sky", json!({})).await)
        ),
    );
    let branch = format!("/branches/{}", office.branch);
    let mut lost: BTreeMap<String, usize> = BTreeMap::new();
    for round in 0..40 {
        let writes = [
            (&table, "capacity", json!(round % 20 + 20)),
            (&table, "minCapacity", json!(round % 15 + 1)),
            (&table, "position", json!({"x": round, "y": 1})),
            (
                &table,
                "shape",
                json!({"type": "rectangle", "width": round + 1, "height": 2}),
            ),
            (&table, "notes", json!(format!("note {round}"))),
            (&table, "metadata", json!({"customAttributes": {"n": round}})),
            (&plan, "description", json!(format!("{round}"))),
            (&plan, "settings", json!({"customStyles": {"n": round}})),
            (&plan, "displayOrder", json!(round)),
            (&section, "description", json!(format!("{round}"))),
            (&section, "settings", json!({"maxCapacity": round + 1})),
            (&branch, "city", json!(format!("City {round}"))),
            (&branch, "phone", json!(format!("+1 555 {round:04}"))),
            (&branch, "address", json!(format!("{round} Pier"))),
            (&section, "color", json!(format!("#{round:06}"))),
        ];
        let asked = writes.iter().map(|(place, field, value)| {
            let (client, path) = (office.admin.clone(), format!("/api/v1{place}"));
            let mut body = json!({});
            body[*field] = value.clone();
            async move { ask(&client, "PATCH", &path, &body).await }
        });
        for answer in join_all(asked).await {
            yes(&answer);
        }
        for (place, field, value) in &writes {
            let shown = yes(&office.admin.get(&format!("/api/v1{place}")).await);
            if figures(&shown[*field]) != figures(value) {
                let what = place.trim_start_matches("/restaurant").split('/').nth(1).unwrap();
                *lost.entry(format!("{field} of {what}")).or_default() += 1;
            }
        }
    }
    assert!(lost.is_empty(), "lost in 40 rounds: {lost:?}");
}
