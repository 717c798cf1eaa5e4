//! Every route of the manager's dashboard, asked by everybody: each answers what the table of rights says.

use crate::client::Answer;
use crate::house::House;
use crate::samples::{Operation, operations_of};
use crate::visitors::{Is, Visitor, everybody, house_for_all};
use expect_test::expect_file;
use maitred::rights::{self, ADMIN, Access, Right, allow};
use std::fmt::Write;

/// What the table says that somebody is answered. Everybody is asked about their own restaurant.
fn expected(visitor: &Visitor, access: Access) -> &'static str {
    match (access, &visitor.is) {
        (Access::Public, _) | (Access::Needs(_), Is::Operator | Is::Elsewhere) => "yes",
        (Access::Needs(_), Is::Stranger(_)) if visitor.credential.is_none() => "none",
        (Access::Needs(_), Is::Stranger(_)) => "bad",
        (Access::Needs(right), Is::Here(roles)) => {
            if allow(roles, Right::Look) && allow(roles, right) {
                "yes"
            } else {
                "role"
            }
        }
        (access, _) => panic!("this surface does not know {access:?}"),
    }
}

fn class(answer: &Answer) -> &'static str {
    let says = |text: &str| answer.text.contains(text);
    match answer.status.as_u16() {
        401 if says("Missing or invalid authorization header") || says("missing_auth") => "none",
        403 if says("Invalid API key") => "bad",
        403 if says("Your role does not allow this") => "role",
        // The operator belongs to no restaurant, so there is nothing to stand for.
        403 if says("The operator's key is for no dashboard") => "yes",
        401 | 403 | 500.. => panic!("{}: {}", answer.status, answer.text),
        _ => "yes",
    }
}

async fn ask(visitor: &Visitor, house: &House, operation: &Operation) -> Answer {
    let path = operation.path.replace("{id}", "999").replace("{table_id}", "999");
    assert!(
        !path.contains('{'),
        "{path} has a place that nothing is known for"
    );
    let client = visitor.client(house);
    let body = "target=998&api_key=none".to_owned();
    client.send(operation.method.clone(), &path, &[], body).await
}

#[tokio::test]
async fn every_route_of_the_dashboard_answers_what_the_table_of_rights_says() {
    let house = house_for_all().await;
    let visitors = everybody(&house).await;
    let mut text = "\
What every route of the dashboard answers to everybody who may ask. Made by dashboard_access.rs.

yes   may ask; whether it can be done is another question
none  401 Missing or invalid authorization header
bad   403 Invalid API key
role  403 a role that does not allow it

"
    .to_owned();
    let line = |head: &str, cells: Vec<String>| {
        let cells = cells.iter().fold(format!("{head:<24}"), |mut line, cell| {
            write!(line, " {cell:<9}").unwrap();
            line
        });
        cells.trim_end().to_owned() + "\n"
    };
    text += &line("", visitors.iter().map(|it| it.name.clone()).collect());
    let mut wrong = Vec::new();
    // The socket answers in a frame.
    let asked = operations_of(ADMIN);
    for operation in asked.iter().filter(|it| it.id != "admin_dashboard_socket") {
        let access = rights::access(ADMIN, &operation.id).unwrap();
        let mut cells = Vec::new();
        for visitor in &visitors {
            let got = class(&ask(visitor, &house, operation).await);
            let expected = expected(visitor, access);
            if got != expected {
                wrong.push(format!(
                    "{}, asked by {}: {got}, not {expected}",
                    operation.id, visitor.name
                ));
            }
            cells.push(got.to_owned());
        }
        text += &line(&operation.id, cells);
    }
    expect_file!["dashboard_access.txt"].assert_eq(&text);
    assert!(wrong.is_empty(), "{wrong:#?}");
}
