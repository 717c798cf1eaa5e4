//! Every route of the host stand, asked by everybody: each answers what the table of rights says.

use crate::client::{Answer, Client};
use crate::house::House;
use crate::samples::{Operation, operations_of};
use crate::visitors::{Is, Visitor, everybody, house_for_all};
use expect_test::expect_file;
use floor::Role;
use maitred::peer::Networks;
use maitred::rights::{self, Access, Right, allow};
use std::fmt::Write;

/// What the table says that somebody is answered, when what they ask is about restaurant 1.
fn expected(visitor: &Visitor, operation: &str, access: Access) -> &'static str {
    let is_neighbour = visitor.credential.is_none();
    let stranger = if is_neighbour { "none" } else { "bad" };
    match (access, &visitor.is) {
        // Closed to everybody, unless the house says otherwise.
        (Access::Public, _) if operation == "host_register" => "403",
        (Access::Public, _) => "yes",
        (Access::SignedIn, Is::Stranger(_)) => stranger,
        (Access::SignedIn, Is::Here(roles)) if roles.is_empty() && operation == "host_me" => "yes",
        (Access::SignedIn, _) => "yes",
        (Access::Needs(right), Is::Stranger(_)) if is_neighbour => {
            let roles = [Role::Host, Role::Waiter];
            if allow(&roles, right) { "yes" } else { "403" }
        }
        // The handshake has one status for every way of not being let in.
        (Access::Needs(_), Is::Stranger(_)) if operation == "host_realtime" => "403",
        (Access::Needs(_), Is::Stranger(_)) => "bad",
        (Access::Needs(_), Is::Elsewhere) => "403",
        (Access::Needs(right), Is::Here(roles)) => {
            if allow(roles, Right::Look) && allow(roles, right) {
                "yes"
            } else {
                "403"
            }
        }
        (Access::Needs(_), Is::Operator) => "yes",
        (access, _) => panic!("{operation} asks for {access:?}, which this surface does not know"),
    }
}

fn class(answer: &Answer) -> &'static str {
    match answer.status.as_u16() {
        401 if answer.text.contains("Could not validate credentials") => {
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
            "bad"
        }
        403 if answer.text.contains("Not authenticated") => "none",
        403 => "403",
        500.. => panic!("a fault: {}", answer.text),
        _ => "yes",
    }
}

async fn ask(client: &Client, operation: &Operation) -> Answer {
    let mut path = operation
        .path
        .replace("{rid}", "test-restaurant-1")
        .replace("{gid}", "guest-999")
        .replace("{tid}", "table-999");
    assert!(
        !path.contains('{'),
        "{path} has a place that nothing is known for"
    );
    if !operation.path.contains("{rid}") {
        path += "?restaurant_id=1";
    }
    let body = if operation.method == hyper::Method::GET {
        ""
    } else {
        "{}"
    };
    client
        .send(operation.method.clone(), &path, &[], body.to_owned())
        .await
}

/// What ends a sign-in is asked for last.
fn rank(operation: &Operation) -> bool {
    operation.id == "host_logout"
}

#[tokio::test]
async fn every_route_of_the_host_stand_answers_what_the_table_of_rights_says() {
    let house = house_for_all().await;
    let visitors = everybody(&house).await;
    let mut operations = operations_of(rights::HOST);
    operations.sort_by_key(rank);
    let mut text = "\
What every route of the host stand answers to everybody who may ask, about restaurant 1. Made by host_access.rs.
`none` shows no credential, and comes from a trusted network.

yes   may ask; whether it can be done is another question
none  403 Not authenticated
bad   401 Could not validate credentials
403   403 another restaurant, or a role that does not allow it

"
    .to_owned();
    let line = |head: &str, cells: Vec<String>| {
        let mut line = format!("{head:<24}");
        for cell in cells {
            write!(line, " {cell:<9}").unwrap();
        }
        line.trim_end().to_owned() + "\n"
    };
    text += &line("", visitors.iter().map(|it| it.name.clone()).collect());
    let mut wrong = Vec::new();
    for operation in &operations {
        let access = rights::access(rights::HOST, &operation.id).unwrap();
        let mut cells = Vec::new();
        for visitor in &visitors {
            let got = class(&ask(&visitor.client(&house), operation).await);
            let expected = expected(visitor, &operation.id, access);
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
    assert!(wrong.is_empty(), "{wrong:#?}");
    expect_file!["host_access.txt"].assert_eq(&text);
}

#[tokio::test]
async fn a_neighbour_is_trusted_only_where_it_is_certain_that_it_is_one() {
    let house = House::open().await;
    let list = "/restaurants/1/guests";
    let stranger = house.stranger();
    let status = async |headers: &[(&str, &str)]| {
        stranger
            .send(hyper::Method::GET, list, headers, String::new())
            .await
            .status
            .as_u16()
    };
    assert_eq!(status(&[]).await, 200);
    for header in [
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-real-ip",
        "via",
    ] {
        assert_eq!(status(&[(header, "127.0.0.1")]).await, 403, "{header}");
    }
    // A page from elsewhere, by its origin, or by a name of its own that leads to this house.
    assert_eq!(status(&[("origin", "https://evil.example")]).await, 403);
    assert_eq!(status(&[("host", "evil.example:8000")]).await, 403);
    for host in [
        "localhost:8000",
        "127.0.0.1",
        "[::1]:8000",
        "floor.local",
        "maitred",
        "10.0.0.152:8000",
    ] {
        assert_eq!(status(&[("host", host)]).await, 200, "{host}");
    }
    // A credential is good from anywhere.
    let key = house.manager();
    let answer = key
        .send(
            hyper::Method::GET,
            list,
            &[("x-forwarded-for", "8.8.8.8")],
            String::new(),
        )
        .await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_house_that_trusts_no_network_asks_everybody() {
    let house = House::open_with(|config| config.trusted_networks = Networks::default()).await;
    let answer = house.stranger().get("/restaurants/1/guests").await;
    assert_eq!(
        (answer.status.as_u16(), answer.text.as_str()),
        (403, r#"{"detail":"Not authenticated"}"#)
    );
}
