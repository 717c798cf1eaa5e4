//! One table of changes: what is asked for on one surface or another leads to the same events, and the tablets at the
//! door, the managers' dashboards and the clients of branches hear the same frames. Later surfaces join it.

use super::{GUESTS, TABLES, Tablet, check_chain, done};
use crate::branch::visitor::{By, Visitor};
use crate::client::Client;
use crate::dashboard::{Board, act, carry};
use crate::house::House;
use expect_test::expect_file;
use hyper::Method;
use serde_json::{Value, json};

/// A change, as each surface asks for it. What comes before is asked for through v1.
struct Row {
    name: &'static str,
    before: Vec<Value>,
    v1: Value,
    host: (Method, String, Value),
    /// On a dashboard, where it can be asked for there.
    admin: Option<Value>,
    /// Of table 3 in branches, behind its address, where it can be asked for there.
    branch: Option<(Method, &'static str, Value)>,
}

impl Row {
    fn on_dashboards(self, admin: Value) -> Row {
        Row {
            admin: Some(admin),
            ..self
        }
    }

    fn in_branches(self, method: Method, place: &'static str, body: Value) -> Row {
        Row {
            branch: Some((method, place, body)),
            ..self
        }
    }
}

fn ada() -> Value {
    json!({"command": "add_party", "covers": 2, "name": "Ada Byron", "family_name": "Byron"})
}

fn seat(table_id: u64) -> Value {
    json!({"command": "seat_party", "party_id": 1, "table_ids": [table_id]})
}

fn put(path: &str, body: Value) -> (Method, String, Value) {
    (Method::PUT, path.to_owned(), body)
}

fn guest(body: Value) -> (Method, String, Value) {
    put(&format!("{GUESTS}/guest-1"), body)
}

fn table(id: u64, body: Value) -> (Method, String, Value) {
    put(&format!("{TABLES}/table-{id}"), body)
}

fn rows() -> Vec<Row> {
    let row = |name, before, v1, host| Row {
        name,
        before,
        v1,
        host,
        admin: None,
        branch: None,
    };
    let party = |command: &str| json!({"command": command, "party_id": 1});
    vec![
        row(
            "a walk-in comes",
            vec![],
            ada(),
            (
                Method::POST,
                GUESTS.to_owned(),
                json!({"first_name": "Ada", "last_name": "Byron", "party_size": 2}),
            ),
        ),
        row(
            "it arrives",
            vec![ada()],
            party("mark_party_arrived"),
            guest(json!({"status": "Arrived"})),
        ),
        row(
            "it is late",
            vec![ada()],
            party("mark_party_late"),
            guest(json!({"status": "Running Late"})),
        ),
        row(
            "it cancels",
            vec![ada()],
            party("cancel_party"),
            guest(json!({"status": "Cancelled"})),
        ),
        row(
            "it never comes",
            vec![ada()],
            party("mark_no_show"),
            guest(json!({"status": "No Show"})),
        ),
        row(
            "its name and phone change",
            vec![ada()],
            json!({"command": "update_party", "party_id": 1, "name": "Ada Lovelace", "family_name": "Lovelace", "phone": "555"}),
            guest(json!({"last_name": "Lovelace", "phone": "555"})),
        ),
        row(
            "one more comes along",
            vec![ada()],
            json!({"command": "update_party", "party_id": 1, "covers": 3}),
            guest(json!({"party_size": 3})),
        ),
        row(
            "it sits down",
            vec![ada()],
            seat(3),
            guest(json!({"status": "Seated", "table_id": "table-3"})),
        ),
        row(
            "it sits down at a table that waits for it",
            vec![
                ada(),
                json!({"command": "set_table_state", "table_id": 3, "state": "reserved", "party_id": 1}),
            ],
            seat(1),
            guest(json!({"status": "Seated", "table_id": "1"})),
        ),
        row(
            "it moves",
            vec![ada(), seat(3)],
            json!({"command": "move_turn", "turn_id": 1, "table_ids": [1]}),
            guest(json!({"table_id": "table-1"})),
        )
        .on_dashboards(carry(3, 1)),
        row(
            "one more sits down with it",
            vec![ada(), seat(4)],
            json!({"command": "change_covers", "turn_id": 1, "covers": 3}),
            guest(json!({"party_size": 3})),
        ),
        row(
            "it leaves",
            vec![ada(), seat(3)],
            json!({"command": "close_turn", "turn_id": 1}),
            guest(json!({"status": "Finished"})),
        ),
        row(
            "its table is cleared",
            vec![ada(), seat(3)],
            json!({"command": "close_turn", "turn_id": 1}),
            table(3, json!({"status": "available"})),
        )
        .on_dashboards(act("close", 3)),
        row(
            "its table is cleared where tables are cleaned",
            vec![
                json!({"command": "change_settings", "clean_after_close": true}),
                ada(),
                seat(3),
            ],
            json!({"command": "close_turn", "turn_id": 1}),
            put(&format!("{TABLES}/table-3/clear"), json!({})),
        )
        .on_dashboards(act("close", 3)),
        row(
            "it is taken off the list",
            vec![ada()],
            party("remove_party"),
            (Method::DELETE, format!("{GUESTS}/guest-1"), json!({})),
        ),
        row(
            "a table is kept",
            vec![],
            json!({"command": "set_table_state", "table_id": 3, "state": "reserved"}),
            table(3, json!({"status": "reserved"})),
        )
        .in_branches(Method::PATCH, "/status", json!({"status": "reserved"})),
        row(
            "a table is kept for it",
            vec![ada()],
            json!({"command": "set_table_state", "table_id": 3, "state": "reserved", "party_id": 1}),
            table(3, json!({"status": "reserved", "current_guest_id": "guest-1"})),
        ),
        row(
            "a table is out of service",
            vec![],
            json!({"command": "set_table_state", "table_id": 3, "state": "blocked"}),
            table(3, json!({"status": "outOfService"})),
        )
        .on_dashboards(act("disable", 3))
        .in_branches(Method::PATCH, "/status", json!({"status": "out_of_service"})),
        row(
            "a table is ready again",
            vec![json!({"command": "set_table_state", "table_id": 3, "state": "dirty"})],
            json!({"command": "set_table_state", "table_id": 3, "state": "available"}),
            table(3, json!({"status": "available"})),
        )
        .on_dashboards(act("enable", 3))
        .in_branches(Method::PATCH, "/status", json!({"status": "available"})),
        row(
            "a table gets more seats",
            vec![],
            json!({"command": "update_table", "table_id": 3, "seats": {"min": 1, "max": 5}}),
            table(3, json!({"capacity": 5})),
        )
        .in_branches(Method::PATCH, "", json!({"capacity": 5})),
        row(
            "a table is put up",
            vec![],
            json!({"command": "create_table", "number": "99", "seats": {"max": 4}, "x": 200, "y": 135, "plan_id": 1, "section_id": 2}),
            (
                Method::POST,
                TABLES.to_owned(),
                json!({"table_number": "99", "capacity": 4, "position": {"x": 0.25, "y": 0.25}, "section": "Centre"}),
            ),
        ),
        row(
            "a table is taken away",
            vec![],
            json!({"command": "delete_table", "table_id": 3}),
            (Method::DELETE, format!("{TABLES}/table-3"), json!({})),
        ),
    ]
}

/// What a change led to.
#[derive(Debug, PartialEq)]
pub(super) struct Led {
    events: Value,
    /// What the tablets hear.
    frames: Vec<Value>,
    /// What the dashboards hear, in short.
    boards: Vec<String>,
    /// What the clients of branches hear.
    pub(super) branches: Vec<Value>,
}

async fn lead(row: &Row, ask: impl AsyncFnOnce(&Client, &mut Board)) -> Led {
    let house = House::open().await;
    let client = house.manager();
    for command in &row.before {
        client.accepted(command.clone()).await;
    }
    Led::to(&house, row.name, async |board| ask(&client, board).await).await
}

impl Led {
    /// What comes of asking for one change.
    pub(super) async fn to(house: &House, name: &str, ask: impl AsyncFnOnce(&mut Board)) -> Led {
        let client = house.manager();
        let head = client.floor().await["seq"].as_u64().unwrap();
        let mut tablet = Tablet::connect(house).await;
        let (mut board, _) = Board::connect(house).await;
        let mut visitor = Visitor::enter_as_manager(house, By::Socket).await;
        visitor.joined(&json!("1")).await;
        ask(&mut board).await;
        let boards = board.said().await;
        let branches = visitor.told().await;
        let path = format!("/v1/restaurants/1/changes?after={head}");
        let page = client.get(&path).await.json();
        let changes = page["changes"].as_array().unwrap();
        assert_eq!(changes.len(), 1, "{name}: {page}");
        // Tablets are told of the next change, whether or not they were of this one.
        let next = json!({"command": "set_table_state", "table_id": 20, "state": "reserved"});
        client.accepted(next).await;
        let mut frames = tablet.through(head + 2).await;
        check_chain(&frames);
        frames.retain(|it| it["seq"] == head + 1);
        Led {
            events: changes[0]["events"].clone(),
            frames,
            boards,
            branches,
        }
    }

    /// What is written about it.
    pub(super) fn text(&self, name: &str) -> String {
        let events = self.events.as_array().unwrap();
        let names: Vec<&str> = events.iter().filter_map(|it| it["event"].as_str()).collect();
        let mut text = format!("\n{name}: {}\n", names.join(", "));
        text.extend(self.frames.iter().map(told));
        text.extend(self.boards.iter().map(|it| format!("    on dashboards: {it}\n")));
        let branches = self.branches.iter().map(in_short);
        text.extend(branches.map(|it| format!("    in branches: {it}\n")));
        text
    }
}

/// Where branches have table 3.
async fn place_of_3(client: &Client) -> String {
    let list = client
        .get("/api/v1/restaurant/tables?limit=100&search=3")
        .await
        .json();
    let tables = list["data"].as_array().unwrap();
    let table = tables.iter().find(|it| it["tableNumber"] == "3").unwrap();
    format!("/api/v1/restaurant/tables/{}", table["id"].as_str().unwrap())
}

/// An event of a branch, in short.
fn in_short(event: &Value) -> String {
    let table = &event[1];
    let number = table["tableNumber"].as_str().unwrap_or("of an id");
    let status = table["status"].as_str().unwrap_or("that is no more");
    format!("{} {number} {status}", event[0].as_str().unwrap())
}

fn told(frame: &Value) -> String {
    let data = &frame["data"];
    let id = data["id"].as_str().unwrap();
    let kind = frame["type"].as_str().unwrap();
    let action = frame["action"].as_str().unwrap();
    let state = match kind {
        "guest_deleted" => String::new(),
        "table_updated" if frame["deleted"] == true => " deleted".to_owned(),
        "table_updated" => {
            let needs = if data["needsCleaning"] == true {
                " needs cleaning"
            } else {
                ""
            };
            let guest = data["guest_id"]
                .as_str()
                .map(|it| format!(" {it}"))
                .unwrap_or_default();
            format!(" {}{guest}{needs}", data["status"].as_str().unwrap())
        }
        _ => {
            let table = data["table_id"]
                .as_str()
                .map(|it| format!(" {it}"))
                .unwrap_or_default();
            format!(
                " {} of {} {} ({}){table}",
                data["guestName"].as_str().unwrap(),
                data["partySize"],
                data["status"].as_str().unwrap(),
                data["statusLabel"].as_str().unwrap()
            )
        }
    };
    format!("    {} {kind} {action} {id}{state}\n", frame["part"])
}

#[tokio::test]
async fn the_same_change_through_each_surface_gives_the_same_events_and_frames() {
    let mut text = "\
Each change, the events that every surface leads to, and the frames that tablets, dashboards and clients of branches hear. Made by changes.rs.
"
    .to_owned();
    for row in rows() {
        let by_v1 = lead(&row, async |client, _| {
            done(&client.command(row.v1.clone()).await);
        })
        .await;
        let (method, path, body) = &row.host;
        let by_host = lead(&row, async |client, _| {
            done(&client.send(method.clone(), path, &[], body.to_string()).await);
        })
        .await;
        assert_eq!(by_v1, by_host, "{}", row.name);
        if let Some(action) = &row.admin {
            let by_dashboard = lead(&row, async |_, board| board.ask(action.clone()).await).await;
            assert_eq!(by_v1, by_dashboard, "{}", row.name);
        }
        if let Some((method, place, body)) = &row.branch {
            let in_branch = lead(&row, async |client, _| {
                let path = format!("{}{place}", place_of_3(client).await);
                let answer = client.send(method.clone(), &path, &[], body.to_string()).await;
                assert_eq!(answer.status, 200, "{answer:?}");
            })
            .await;
            assert_eq!(by_v1, in_branch, "{}", row.name);
        }
        text += &by_v1.text(row.name);
    }
    expect_file!["changes.txt"].assert_eq(&text);
}

#[tokio::test]
async fn a_frame_has_every_key_in_every_spelling() {
    let house = House::open().await;
    let client = house.manager();
    client.accepted(ada()).await;
    let mut tablet = Tablet::connect(&house).await;
    let body = json!({"status": "Seated", "table_id": "table-3", "notes": "window"});
    client.put(&format!("{GUESTS}/guest-1"), &body).await;
    let frames = tablet.take(2).await;
    let text: String = frames
        .iter()
        .map(|it| serde_json::to_string_pretty(it).unwrap() + "\n")
        .collect();
    expect_file!["frames.json"].assert_eq(&text);
}
