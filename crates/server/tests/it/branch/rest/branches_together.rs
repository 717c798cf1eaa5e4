//! Several who write branches at once, and what one chain may learn of another.

use super::office::{Office, ask, made, no, yes};
use crate::visitors::OPERATOR;
use futures_util::future::join_all;
use serde_json::{Value, json};

const BRANCHES: &str = "/api/v1/branches";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_four_branches_that_want_one_code_one_gets_it() {
    let office = Office::open().await;
    let operator = office.house.client(OPERATOR);
    for round in 0..5 {
        let body = json!({"name": format!("Kiosk {round}"), "code": format!("K{round}")});
        let answers = join_all((0..4).map(|_| ask(&operator, "POST", BRANCHES, &body))).await;
        let refused: Vec<_> = answers.iter().filter(|it| it.status != 201).collect();
        assert_eq!(refused.len(), 3, "{answers:?}");
        for answer in refused {
            assert_eq!(
                no(answer),
                format!("400 Branch with code K{round} already exists")
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn settings_that_are_written_at_once_are_all_kept() {
    let office = Office::open().await;
    let path = format!("{BRANCHES}/{}", office.branch);
    for round in 0..20 {
        let writes = (0..4).map(|n| {
            let mut settings = json!({});
            settings[format!("field{n}")] = json!(round);
            let (client, path) = (office.admin.clone(), path.clone());
            async move { yes(&ask(&client, "PATCH", &path, &json!({ "settings": settings })).await) }
        });
        let told = join_all(writes).await;
        let shown = yes(&ask(&office.admin, "GET", &path, &Value::Null).await);
        for n in 0..4 {
            let field = format!("field{n}");
            assert_eq!(shown["settings"][&field], round, "{shown}");
            assert_eq!(told[n]["settings"][&field], round, "{told:?}");
        }
    }
}

#[tokio::test]
async fn a_chain_learns_nothing_of_the_codes_of_another() {
    let office = Office::open().await;
    let neighbour = office.with_roles(&["admin"], &[2]);
    let own = format!("{BRANCHES}/{}", office.branch);
    let other = format!("{BRANCHES}/{}", office.other);
    yes(&ask(&neighbour, "PATCH", &other, &json!({"code": "BR001"})).await);
    let told = yes(&ask(&office.admin, "PATCH", &own, &json!({"code": "BR001"})).await);
    assert_eq!(told["code"], "BR001");
    for client in [&neighbour, &office.admin] {
        let named = yes(&ask(client, "GET", &format!("{BRANCHES}/code/BR001"), &Value::Null).await);
        let home = yes(&ask(client, "GET", BRANCHES, &Value::Null).await);
        assert_eq!(named, home["data"][0]);
    }
    // Whoever has both has to tell them apart.
    let said = no(&ask(
        &office.chain,
        "PATCH",
        &own,
        &json!({"code": "BR001", "name": "X"}),
    )
    .await);
    assert_eq!(said, "400 Branch with code BR001 already exists");
}

#[tokio::test]
async fn a_branch_that_cannot_be_opened_leaves_nothing_behind() {
    let office = Office::open().await;
    let operator = office.house.client(OPERATOR);
    let restaurants = async || operator.get("/v1/restaurants").await.json();
    let before = restaurants().await;
    let settings = json!({"menu": "x".repeat(20_000)});
    let body = json!({"name": "Kiosk", "code": "K1", "settings": settings});
    let said = no(&ask(&operator, "POST", BRANCHES, &body).await);
    assert!(said.starts_with("400 [settings "), "{said}");
    assert_eq!(restaurants().await, before);
    made(
        &ask(
            &operator,
            "POST",
            BRANCHES,
            &json!({"name": "Kiosk", "code": "K1"}),
        )
        .await,
    );
}
