//! The table of rights as a document, made from the code and the routes.

use crate::samples::{command, operations};
use expect_test::expect_file;
use floor::Command;
use maitred::rights::{self, Access, OPERATIONS, ROLES, Right, holds};
use maitred::surface::v1::wire::{NAMES, read_command};
use std::collections::BTreeSet;
use std::fmt::Write;

const HEAD: &str = "\
# Who may do what

Made from `crates/server/src/rights.rs` and the program's routes by the tests in
`crates/server/tests/it/rights.rs`; `UPDATE_EXPECT=1` makes it again. That the routes keep to it is tried for
each route and each role in `crates/server/tests/it/access.rs`.

A role is something that somebody has in one restaurant. Whoever has several has the rights of all of them.
The operator, who runs this program, has every right in every restaurant; no role has `operate`.

";

/// The right that a command needs, in words.
pub fn right_of(name: &str) -> Option<Right> {
    let command = read_command(command(name).to_string().as_bytes()).unwrap();
    let is_batch = matches!(command, Command::Batch { .. });
    (!is_batch).then(|| rights::right_for(&command))
}

/// A row of a Markdown table.
fn row(cells: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut row = "|".to_owned();
    for cell in cells {
        write!(row, " {} |", cell.as_ref()).unwrap();
    }
    row + "\n"
}

fn roles_by_right() -> String {
    let mut head = vec!["right".to_owned()];
    head.extend(ROLES.map(|it| serde_json::to_value(it).unwrap().as_str().unwrap().to_owned()));
    let mut text = row(&head) + &row(head.iter().map(|_| "---"));
    for right in Right::ALL {
        let marks = ROLES.map(|role| if holds(role, right) { "yes" } else { "" });
        text += &row([format!("`{}`", right.name())]
            .iter()
            .map(String::as_str)
            .chain(marks));
    }
    text
}

fn commands() -> String {
    let mut text = row(["command", "right"]) + &row(["---", "---"]);
    for name in NAMES {
        let right = right_of(name).map_or("those of all it holds".to_owned(), |it| {
            format!("`{}`", it.name())
        });
        text += &row([format!("`{name}`"), right]);
    }
    text
}

fn access(access: Access) -> String {
    match access {
        Access::Public => "everybody".to_owned(),
        Access::SignedIn => "whoever is signed in".to_owned(),
        Access::Needs(right) => format!("`{}`", right.name()),
        Access::NeedsByCommand => "`look`, and what the command needs".to_owned(),
        Access::Guest => "a guest of that turn".to_owned(),
        Access::Operator => "the operator".to_owned(),
    }
}

fn routes() -> String {
    let mut text = row(["surface", "route", "operation", "asks for"]) + &row(["---", "---", "---", "---"]);
    for it in operations() {
        let listed = OPERATIONS.iter().find(|listed| listed.1 == it.id);
        let (surface, _, asked) = listed.unwrap_or_else(|| panic!("{} is in no table", it.id));
        let route = format!("`{} {}`", it.method, it.path);
        text += &row([
            (*surface).to_owned(),
            route,
            format!("`{}`", it.id),
            access(*asked),
        ]);
    }
    text += &row([
        String::new(),
        "any other address: the web app".to_owned(),
        String::new(),
        access(Access::Public),
    ]);
    text
}

#[test]
fn the_rights_are_the_ones_that_are_documented() {
    let text = format!(
        "{HEAD}{}\n## Commands\n\n{}\n## Routes\n\n\
         A right is asked for in the restaurant that the route is about; to whoever cannot enter it, there is\n\
         no such restaurant, or on the host stand's surface no access. v1's stream lets the credential come with the\n\
         first frame. On the host stand's surface, a caller without a credential from a trusted network has the rights\n\
         of host and waiter. A dashboard may act with `tables`; it is told what it may not in a frame. Guests hold no\n\
         role: the code on a table lets them join its turn, and their token is good for that turn. A client of Socket.IO shows\n\
         its credential when it is connected, and joins a branch with `look`; only where `branch.open` is set, a caller from\n\
         a trusted network needs none, and has the rights of host and waiter.\n\n{}",
        roles_by_right(),
        commands(),
        routes()
    );
    expect_file!["../../../../docs/rights.md"].assert_eq(&text);
}

#[test]
fn every_operation_is_a_route_and_stands_in_the_table_once() {
    let routes: BTreeSet<String> = operations().into_iter().map(|it| it.id).collect();
    let listed: BTreeSet<String> = OPERATIONS.iter().map(|it| it.1.to_owned()).collect();
    assert_eq!(routes, listed);
    assert_eq!(listed.len(), OPERATIONS.len());
    assert_eq!(routes.len(), operations().len(), "no two routes share a name");
}
