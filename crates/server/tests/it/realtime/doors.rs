//! What is asked for at one door only, or in one way only, and what is told at all the others: to tablets, on
//! dashboards and in branches. Together with the table of changes this is everything that an evening has.

use super::changes::Led;
use super::{GUESTS, TABLES, done};
use crate::client::Client;
use crate::dashboard::{Board, act, carry};
use crate::house::House;
use crate::probe::signed_in;
use expect_test::expect_file;
use hyper::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A wish, at the door where it is said.
#[derive(Clone)]
enum Wish {
    V1(Value),
    Host(Method, String, Value),
    Dashboard(Value),
    /// Names in braces stand for ids: `{7}` for that of table 7, `{Window}` for that of a section, and so on.
    Branch(Method, &'static str, Value),
}

use Wish::{Branch, Dashboard, Host, V1};

fn ada() -> Wish {
    V1(json!({"command": "add_party", "covers": 2, "name": "Ada Byron", "family_name": "Byron"}))
}

fn seat(table_ids: &[u64]) -> Wish {
    V1(json!({"command": "seat_party", "party_id": 1, "table_ids": table_ids, "force": true}))
}

fn walk_in(table_ids: &[u64]) -> Wish {
    V1(
        json!({"command": "seat_walk_in", "table_ids": table_ids, "covers": table_ids.len() * 2, "force": true}),
    )
}

fn close() -> Wish {
    V1(json!({"command": "close_turn", "turn_id": 1}))
}

fn undo() -> Wish {
    V1(json!({"command": "undo_step", "party_id": 1}))
}

fn set(table_id: u64, state: &str) -> Wish {
    V1(json!({"command": "set_table_state", "table_id": table_id, "state": state}))
}

fn cleans() -> Wish {
    V1(json!({"command": "change_settings", "clean_after_close": true}))
}

fn table(id: u64, body: Value) -> Wish {
    Host(Method::PUT, format!("{TABLES}/table-{id}"), body)
}

fn guest(body: Value) -> Wish {
    Host(Method::PUT, format!("{GUESTS}/guest-1"), body)
}

/// A change of table 7 in branches.
fn branch(body: Value) -> Wish {
    Branch(Method::PATCH, "/tables/{7}", body)
}

fn status(word: &str) -> Wish {
    Branch(Method::PATCH, "/tables/{7}/status", json!({"status": word}))
}

fn assign() -> Wish {
    let body = json!({"assignedServerId": "{waiter}"});
    Branch(Method::PATCH, "/tables/{7}/assign-server", body)
}

fn at_tables() -> Vec<(&'static str, Vec<Wish>, Wish)> {
    vec![
        ("a seating is undone", vec![ada(), seat(&[7])], undo()),
        (
            "a seating at a table that waited is undone",
            vec![ada(), set(7, "reserved"), seat(&[7])],
            undo(),
        ),
        (
            "a seating at two tables is undone",
            vec![ada(), seat(&[7, 8])],
            undo(),
        ),
        ("a clearing is undone", vec![ada(), seat(&[7]), close()], undo()),
        (
            "a clearing of two tables is undone",
            vec![ada(), seat(&[7, 8]), close()],
            undo(),
        ),
        (
            "a clearing where tables are cleaned is undone",
            vec![cleans(), ada(), seat(&[7]), close()],
            undo(),
        ),
        (
            "a clearing in branches is undone",
            vec![ada(), seat(&[7]), status("cleaning")],
            undo(),
        ),
        ("a party sits down at two tables", vec![ada()], seat(&[7, 8])),
        ("a party at two tables leaves", vec![walk_in(&[7, 8])], close()),
        (
            "a party at two tables leaves, says the host",
            vec![ada(), seat(&[7, 8])],
            guest(json!({"status": "Finished"})),
        ),
        (
            "a party gives up one of two tables",
            vec![walk_in(&[7, 8])],
            V1(json!({"command": "move_turn", "turn_id": 1, "table_ids": [8]})),
        ),
        (
            "a party takes a table more",
            vec![walk_in(&[7])],
            V1(json!({"command": "move_turn", "turn_id": 1, "table_ids": [7, 8]})),
        ),
        (
            "one of two tables is freed by the host",
            vec![walk_in(&[7, 8])],
            table(7, json!({"status": "available"})),
        ),
        (
            "one of two tables is freed on a dashboard",
            vec![walk_in(&[7, 8])],
            Dashboard(act("close", 7)),
        ),
        (
            "one of two tables is freed in branches",
            vec![walk_in(&[7, 8])],
            status("available"),
        ),
        (
            "one of two tables is to be cleaned, say branches",
            vec![walk_in(&[7, 8])],
            status("cleaning"),
        ),
        (
            "a dashboard carries one of two tables on",
            vec![walk_in(&[7, 8])],
            Dashboard(carry(7, 10)),
        ),
        (
            "a turn is brought back",
            vec![walk_in(&[7]), close()],
            V1(json!({"command": "restore_turn", "table_id": 7})),
        ),
        (
            "a turn at two tables is brought back on a dashboard",
            vec![walk_in(&[7, 8]), close()],
            Dashboard(act("restore", 8)),
        ),
    ]
}

fn at_the_door() -> Vec<(&'static str, Vec<Wish>, Wish)> {
    let batch = |commands: Value| V1(json!({"command": "batch", "commands": commands}));
    vec![
        (
            "a batch",
            vec![],
            batch(json!([
                {"command": "add_party", "covers": 2, "name": "Ada Byron", "family_name": "Byron"},
                {"command": "seat_walk_in", "table_ids": [8, 9], "covers": 4},
                {"command": "set_table_state", "table_id": 7, "state": "dirty"},
                {"command": "assign_waiter", "table_id": 6, "waiter_id": 4},
                {"command": "update_table", "table_id": 5, "notes": "By the vine"},
            ])),
        ),
        (
            "a batch that comes to nothing",
            vec![],
            batch(json!([
                {"command": "set_table_state", "table_id": 7, "state": "dirty"},
                {"command": "set_table_state", "table_id": 7, "state": "available"},
            ])),
        ),
        (
            "a batch that writes one table in every way",
            vec![],
            batch(json!([
                {"command": "assign_waiter", "table_id": 7, "waiter_id": 4},
                {"command": "update_table", "table_id": 7, "notes": "By the vine"},
                {"command": "seat_walk_in", "table_ids": [7], "covers": 2},
            ])),
        ),
        (
            "more sit down than a table has seats",
            vec![],
            V1(json!({"command": "seat_walk_in", "table_ids": [7], "covers": 30, "force": true})),
        ),
        (
            "a party is seated at a table that is to be cleaned",
            vec![ada(), set(7, "dirty")],
            seat(&[7]),
        ),
        (
            "a party is kept a table by the host",
            vec![ada()],
            table(7, json!({"status": "reserved", "current_guest_id": "guest-1"})),
        ),
        (
            "a party that was kept a table sits down there, says the host",
            vec![
                ada(),
                table(7, json!({"status": "reserved", "current_guest_id": "guest-1"})),
            ],
            guest(json!({"status": "Seated", "table_id": "table-7"})),
        ),
        (
            "a party that was kept a table sits down at another, says the host",
            vec![
                ada(),
                table(7, json!({"status": "reserved", "current_guest_id": "guest-1"})),
            ],
            guest(json!({"status": "Seated", "table_id": "table-8"})),
        ),
        (
            "a party that was kept a table cancels",
            vec![
                ada(),
                table(7, json!({"status": "reserved", "current_guest_id": "guest-1"})),
            ],
            guest(json!({"status": "Cancelled"})),
        ),
        (
            "a waiter is given a table through v1",
            vec![],
            V1(json!({"command": "assign_waiter", "table_id": 7, "waiter_id": 4})),
        ),
    ]
}

fn in_branches() -> Vec<(&'static str, Vec<Wish>, Wish)> {
    let delete = || Branch(Method::DELETE, "/tables/{7}", Value::Null);
    vec![
        (
            "branches put a table up",
            vec![],
            Branch(
                Method::POST,
                "/tables",
                json!({"tableNumber": "99", "capacity": 4, "branchId": "{branch}", "sectionId": "{Window}",
                    "assignedServerId": "{waiter}", "status": "reserved"}),
            ),
        ),
        (
            "branches put a table up where somebody sits",
            vec![],
            Branch(
                Method::POST,
                "/tables",
                json!({"tableNumber": "99", "capacity": 4, "branchId": "{branch}", "status": "occupied"}),
            ),
        ),
        ("branches take a table away", vec![], delete()),
        (
            "branches take a table away where somebody sits",
            vec![ada(), seat(&[7])],
            delete(),
        ),
        (
            "branches take one of a party's two tables away",
            vec![walk_in(&[7, 8])],
            delete(),
        ),
        ("branches give a table to a waiter", vec![], assign()),
        (
            "branches give an occupied table to a waiter",
            vec![ada(), seat(&[7])],
            assign(),
        ),
        (
            "branches take a table from its waiter",
            vec![assign()],
            Branch(Method::PATCH, "/tables/{7}/unassign-server", Value::Null),
        ),
        (
            "branches say that a table is to be cleaned",
            vec![],
            status("cleaning"),
        ),
        (
            "branches say so again",
            vec![status("cleaning")],
            status("cleaning"),
        ),
        (
            "branches say so where somebody sits",
            vec![ada(), seat(&[7])],
            status("cleaning"),
        ),
        (
            "branches say that somebody sits there",
            vec![],
            status("occupied"),
        ),
        (
            "branches say that somebody still sits there",
            vec![ada(), seat(&[7])],
            status("occupied"),
        ),
        (
            "branches say that somebody sits at a table that is to be cleaned",
            vec![set(7, "dirty")],
            status("occupied"),
        ),
        (
            "branches say that whoever sat there has gone",
            vec![status("occupied")],
            status("available"),
        ),
        (
            "branches put an occupied table out of service",
            vec![ada(), seat(&[7])],
            status("out_of_service"),
        ),
        (
            "branches put a table under maintenance out of service",
            vec![set(7, "maintenance")],
            status("out_of_service"),
        ),
        (
            "branches write a note",
            vec![],
            branch(json!({"notes": "By the vine"})),
        ),
        (
            "branches change a table, its state and its waiter",
            vec![],
            branch(json!({"capacity": 5, "status": "cleaning", "assignedServerId": "{waiter}"})),
        ),
        (
            "branches send a party away with a change",
            vec![ada(), seat(&[7])],
            branch(json!({"isActive": false, "status": "available"})),
        ),
        (
            "branches take a table out of use",
            vec![],
            branch(json!({"isActive": false})),
        ),
        (
            "branches put a table into another section",
            vec![],
            branch(json!({"sectionId": "{Window}"})),
        ),
    ]
}

/// The ids that stand behind the names in braces.
async fn names(house: &House) -> BTreeMap<String, String> {
    let admin = signed_in(house, "admin").await;
    let mut names = BTreeMap::new();
    for (list, name) in [
        ("restaurant/tables", "tableNumber"),
        ("restaurant/table-sections", "name"),
    ] {
        let list = admin.get(&format!("/api/v1/{list}?limit=1000")).await.json();
        for it in list["data"].as_array().unwrap() {
            names.insert(it[name].as_str().unwrap().to_owned(), text(&it["id"]));
            names.insert("branch".to_owned(), text(&it["branchId"]));
        }
    }
    let waiter = signed_in(house, "waiter").await;
    let waiter = waiter.get("/api/v1/auth/me").await.json();
    names.insert("waiter".to_owned(), text(&waiter["id"]));
    names
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Somebody at every door.
struct Doors {
    manager: Client,
    admin: Client,
    names: BTreeMap<String, String>,
}

impl Doors {
    async fn ask(&self, wish: Wish, board: &mut Board) {
        match wish {
            V1(command) => drop(self.manager.accepted(command).await),
            Host(method, path, body) => {
                done(&self.manager.send(method, &path, &[], body.to_string()).await);
            }
            Dashboard(action) => board.ask(action).await,
            Branch(method, place, body) => {
                let mut asked = [format!("/api/v1/restaurant{place}"), body.to_string()];
                for (name, id) in &self.names {
                    asked = asked.map(|it| it.replace(&format!("{{{name}}}"), id));
                }
                let [path, body] = asked;
                let answer = self.admin.send(method, &path, &[], body).await;
                assert!(answer.status.is_success(), "{answer:?}");
            }
        }
    }

    /// Checks that what was told last of each table is what is shown of it.
    async fn show(&self, told: &[Value], name: &str) {
        let last: BTreeMap<String, &Value> = told.iter().map(|it| (text(&it[1]["id"]), it)).collect();
        assert_eq!(
            last.len(),
            told.len(),
            "{name}: one event for each table, in {told:?}"
        );
        for (id, event) in last {
            let answer = self.admin.get(&format!("/api/v1/restaurant/tables/{id}")).await;
            if event[0] == "tableDeleted" {
                assert_eq!(answer.status, 404, "{name}");
                continue;
            }
            let mut shown = done(&answer);
            if event[0] == "tableCreated" {
                let fields = shown.as_object_mut().unwrap();
                fields.retain(|field, _| event[1].get(field).is_some());
            }
            assert_eq!(event[1], shown, "{name}");
        }
    }
}

#[tokio::test]
async fn what_is_asked_at_one_door_is_told_at_every_other() {
    let mut written = "\
What is asked for at one door, the events that it leads to, and what tablets, dashboards and clients of branches hear. Made by doors.rs.
"
    .to_owned();
    for (name, before, wish) in at_tables().into_iter().chain(at_the_door()).chain(in_branches()) {
        let house = House::open().await;
        let doors = Doors {
            manager: house.manager(),
            admin: signed_in(&house, "admin").await,
            names: names(&house).await,
        };
        let (mut board, _) = Board::connect(&house).await;
        for wish in before {
            doors.ask(wish, &mut board).await;
        }
        let led = Led::to(&house, name, async |board| doors.ask(wish, board).await).await;
        doors.show(&led.branches, name).await;
        written += &led.text(name);
    }
    expect_file!["doors.txt"].assert_eq(&written);
}
