//! Every route and every stream, asked by everybody: each answers what the table of rights says.

use crate::client::{Answer, Client};
use crate::house::House;
use crate::probe::{heard, shake, try_shake};
use crate::rights::right_of;
use crate::samples::{self, Operation, operations_of};
use crate::visitors::{Is, OPERATOR, Visitor, everybody, house_for_all};
use expect_test::expect_file;
use futures_util::SinkExt;
use maitred::rights::{self, Access, Right, allow};
use maitred::surface::v1::wire::NAMES;
use serde_json::{Value, json};
use std::fmt::Write;
use tokio_tungstenite::tungstenite::Message;

/// The class of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    /// Whoever asks may. Whether it can be done is another question.
    Yes,
    NoCredential,
    BadCredential,
    Expired,
    UnknownRestaurant,
    NotAllowed,
}

impl Cell {
    fn of(answer: &Answer) -> Cell {
        let body = serde_json::from_str::<Value>(&answer.text).unwrap_or_default();
        match (answer.status.as_u16(), body["code"].as_str().unwrap_or_default()) {
            (404, "unknown_restaurant") => Cell::UnknownRestaurant,
            (403, "not_allowed") => Cell::NotAllowed,
            (401, code) => Cell::of_code(code),
            (500.., _) => panic!("a fault: {}", answer.text),
            _ => Cell::Yes,
        }
    }

    /// The class of a 401.
    fn of_code(code: &str) -> Cell {
        match code {
            "no_credential" => Cell::NoCredential,
            "bad_credential" => Cell::BadCredential,
            "credential_expired" => Cell::Expired,
            code => panic!("401 {code} is no answer to a credential"),
        }
    }

    /// In the matrix.
    fn word(self) -> &'static str {
        match self {
            Cell::Yes => "yes",
            Cell::NoCredential => "none",
            Cell::BadCredential => "bad",
            Cell::Expired => "late",
            Cell::UnknownRestaurant => "404",
            Cell::NotAllowed => "403",
        }
    }

    /// What a stream says to the first frame in place of it.
    fn close_code(self) -> u16 {
        match self {
            Cell::Yes => 0,
            Cell::NoCredential | Cell::BadCredential => 4100,
            Cell::Expired => 4101,
            Cell::UnknownRestaurant | Cell::NotAllowed => 4103,
        }
    }
}

/// What the table says that somebody is answered, when what they ask is about restaurant 1.
fn expected(visitor: &Visitor, access: Access) -> Cell {
    let needs = |rights: &[Right]| match &visitor.is {
        Is::Stranger(code) => Cell::of_code(code),
        Is::Elsewhere => Cell::UnknownRestaurant,
        Is::Here(roles) if rights.iter().all(|it| allow(roles, *it)) => Cell::Yes,
        Is::Here(_) => Cell::NotAllowed,
        Is::Operator => Cell::Yes,
    };
    match (access, &visitor.is) {
        (Access::Public, _) | (Access::SignedIn, Is::Elsewhere | Is::Here(_) | Is::Operator) => Cell::Yes,
        (Access::SignedIn | Access::Operator, Is::Stranger(code)) => Cell::of_code(code),
        (Access::Operator, Is::Elsewhere | Is::Here(_)) => Cell::NotAllowed,
        (Access::Operator, Is::Operator) => Cell::Yes,
        (Access::Needs(right), _) => needs(&[Right::Look, right]),
        (Access::Guest, _) => panic!("v1 is not for guests"),
        // The command of the sample.
        (Access::NeedsByCommand, _) => needs(&[Right::Look, right_of("touch_turn").unwrap()]),
    }
}

/// What the paths' places are filled with.
struct Ids {
    key_id: Value,
    device_id: Value,
    device: String,
}

impl Ids {
    async fn make(house: &House) -> Ids {
        let operator = house.client(OPERATOR);
        let key = json!({"name": "to be revoked", "role": "analyst"});
        let key = operator.post("/v1/restaurants/1/keys", &key).await.json();
        let device = json!({"name": "to be revoked"});
        let revoked = operator.post("/v1/restaurants/1/devices", &device).await.json();
        let device = operator
            .post("/v1/restaurants/1/devices", &json!({"name": "kept"}))
            .await
            .json();
        Ids {
            key_id: key["key_id"].clone(),
            device_id: revoked["device_id"].clone(),
            device: device["token"].as_str().unwrap().to_owned(),
        }
    }
}

/// Asks for an operation.
async fn ask(house: &House, client: &Client, ids: &Ids, operation: &Operation) -> Answer {
    let mut path = operation
        .path
        .replace("{restaurant}", "test-restaurant-1")
        .replace("{staff_id}", "5")
        .replace("{key_id}", &ids.key_id.to_string())
        .replace("{device_id}", &ids.device_id.to_string())
        .replace("{id}", "none");
    assert!(
        !path.contains('{'),
        "{path} has a place that nothing is known for"
    );
    let mut body = samples::body(&operation.id);
    match operation.id.as_str() {
        "get_audit" => path += "?restaurant=test-restaurant-1",
        "refresh" => {
            let stranger = Client::new(house.address, None);
            let opened = stranger
                .send(hyper::Method::POST, "/v1/sign-in", &[], samples::body("sign_in"))
                .await;
            body = json!({"refresh_token": opened.json()["refresh_token"]}).to_string();
        }
        _ => {}
    }
    let headers = [("x-device", ids.device.as_str())];
    client.send(operation.method.clone(), &path, &headers, body).await
}

/// The answers to everybody, a row for each question.
struct Matrix {
    visitors: Vec<Visitor>,
    text: String,
    wrong: Vec<String>,
}

impl Matrix {
    fn of(visitors: Vec<Visitor>) -> Matrix {
        let mut text = "\
What every route and every stream answers to everybody who may ask, about restaurant 1. Made by access.rs.

yes   may ask; whether it can be done is another question
none  401 no_credential
bad   401 bad_credential
late  401 credential_expired
404   404 unknown_restaurant
403   403 not_allowed
4...  the code that the stream is closed with

"
        .to_owned();
        text += &line("", visitors.iter().map(|it| it.name.clone()));
        Matrix {
            visitors,
            text,
            wrong: Vec::new(),
        }
    }

    fn row(&mut self, question: &str, answers: &[(String, String)]) {
        for (visitor, (expected, got)) in self.visitors.iter().zip(answers) {
            if expected != got {
                self.wrong.push(format!(
                    "{question}, asked by {}: {got}, not {expected}",
                    visitor.name
                ));
            }
        }
        self.text += &line(question, answers.iter().map(|it| it.1.clone()));
    }
}

fn line(head: &str, cells: impl Iterator<Item = String>) -> String {
    let mut line = format!("{head:<32}");
    for cell in cells {
        write!(line, " {cell:<9}").unwrap();
    }
    line.trim_end().to_owned() + "\n"
}

/// The floors and the register, without what stands in the audit list.
async fn standing(house: &House) -> (Vec<String>, journal::Register) {
    let mut floors = Vec::new();
    for restaurant in [1, 2] {
        let floor = house
            .client(OPERATOR)
            .get(&format!("/v1/restaurants/{restaurant}/floor"))
            .await;
        floors.push(floor.json()["digest"].to_string());
    }
    let register = house.floors.journal().register(house.clock.now()).await.unwrap();
    (floors, register)
}

fn access_of(operation: &Operation) -> Access {
    let access = rights::access(rights::V1, &operation.id);
    access.unwrap_or_else(|| panic!("{} is in no table", operation.id))
}

/// What is asked for late, because it ends what the others need: whole restaurants, one's own sign-in.
fn rank(operation: &Operation) -> usize {
    let last = [
        "change_my_password",
        "remove_restaurant",
        "reopen_restaurant",
        "sign_out",
    ];
    last.iter()
        .position(|it| *it == operation.id)
        .map_or(0, |it| it + 1)
}

#[tokio::test]
async fn every_route_and_every_stream_answers_what_the_table_of_rights_says() {
    let house = house_for_all().await;
    let ids = Ids::make(&house).await;
    let mut matrix = Matrix::of(everybody(&house).await);
    let operations = operations_of(rights::V1);
    // The stream is asked for as its clients do, below.
    let asked: Vec<&Operation> = operations.iter().filter(|it| it.id != "open_stream").collect();
    let mut cells = vec![vec![None; matrix.visitors.len()]; asked.len()];

    // First those who may not: nothing comes of it.
    let before = standing(&house).await;
    for (operation, cells) in asked.iter().zip(&mut cells) {
        for (visitor, cell) in matrix.visitors.iter().zip(cells) {
            if expected(visitor, access_of(operation)) != Cell::Yes {
                *cell = Some(Cell::of(
                    &ask(&house, &visitor.client(&house), &ids, operation).await,
                ));
            }
        }
    }
    assert!(
        standing(&house).await == before,
        "nobody who may not has changed anything"
    );

    let mut rest = String::new();
    std::mem::swap(&mut rest, &mut matrix.text);
    commands(&house, &mut matrix).await;
    streams(&house, &mut matrix).await;
    pages(&house, &mut matrix).await;
    std::mem::swap(&mut rest, &mut matrix.text);

    // Then those who may.
    let mut order: Vec<usize> = (0..asked.len()).collect();
    order.sort_by_key(|it| rank(asked[*it]));
    for index in order {
        for (visitor, cell) in matrix.visitors.iter().zip(&mut cells[index]) {
            if cell.is_none() {
                *cell = Some(Cell::of(
                    &ask(&house, &visitor.client(&house), &ids, asked[index]).await,
                ));
            }
        }
    }
    for (operation, cells) in asked.iter().zip(cells) {
        let expected = matrix
            .visitors
            .iter()
            .map(|it| expected(it, access_of(operation)).word().to_owned());
        let got = cells.iter().map(|it| it.unwrap().word().to_owned());
        let answers: Vec<_> = expected.zip(got).collect();
        matrix.row(&operation.id, &answers);
    }
    matrix.text += "\n";
    matrix.text += &rest;
    assert!(matrix.wrong.is_empty(), "{:#?}", matrix.wrong);
    expect_file!["access.txt"].assert_eq(&matrix.text);
}

/// Every command, asked for by everybody.
async fn commands(house: &House, matrix: &mut Matrix) {
    for name in NAMES {
        // A batch needs the rights of all it holds.
        let needed: Vec<Right> = match right_of(name) {
            Some(right) => vec![right],
            None => vec![right_of("touch_turn").unwrap(), right_of("add_staff").unwrap()],
        };
        let mut answers = Vec::new();
        for visitor in &matrix.visitors {
            let got = Cell::of(&visitor.client(house).command(samples::command(name)).await);
            let all = needed.iter().map(|it| expected(visitor, Access::Needs(*it)));
            let expected = all.max_by_key(|it| *it != Cell::Yes).unwrap();
            answers.push((expected.word().to_owned(), got.word().to_owned()));
        }
        matrix.row(&format!("send_command {name}"), &answers);
    }
    matrix.text += "\n";
}

/// Every way into a stream.
async fn streams(house: &House, matrix: &mut Matrix) {
    let look = Access::Needs(Right::Look);
    for way in ["header", "cookie", "first frame", "event stream"] {
        let mut answers = Vec::new();
        for visitor in &matrix.visitors {
            let expected = expected(visitor, look);
            let word = expected.word().to_owned();
            let bearer = visitor.credential.as_ref().map(|it| format!("Bearer {it}"));
            let cookie = visitor.cookie.as_ref().map(|it| format!("maitred_session={it}"));
            answers.push(match (way, bearer, cookie) {
                ("header", Some(bearer), _) => (word, by_handshake(house, ("authorization", &bearer)).await),
                ("cookie", _, Some(cookie)) => (word, by_handshake(house, ("cookie", &cookie)).await),
                // Without either, the handshake lets the first frame decide.
                ("event stream", ..) => (word, by_events(house, visitor).await),
                _ => {
                    let expected = match expected {
                        Cell::Yes => word,
                        no => no.close_code().to_string(),
                    };
                    (
                        expected,
                        by_first_frame(house, visitor.credential.as_deref()).await,
                    )
                }
            });
        }
        matrix.row(&format!("stream, {way}"), &answers);
    }
    matrix.text += "\n";
}

async fn by_handshake(house: &House, header: (&str, &str)) -> String {
    match try_shake(house, "/v1/restaurants/test-restaurant-1/stream", &[header]).await {
        Ok(mut socket) => {
            assert_eq!(heard(&mut socket).await.unwrap()["type"], "snapshot");
            Cell::Yes.word().to_owned()
        }
        Err(answer) => Cell::of(&answer).word().to_owned(),
    }
}

async fn by_first_frame(house: &House, credential: Option<&str>) -> String {
    let mut socket = shake(house, "test-restaurant-1", &[]).await.unwrap();
    let frame = match credential {
        Some(token) => json!({"type": "auth", "token": token}),
        None => json!({"type": "ping"}),
    };
    socket
        .send(Message::Text(frame.to_string().into()))
        .await
        .unwrap();
    match heard(&mut socket).await {
        Ok(frame) => {
            assert_eq!(frame["type"], "snapshot");
            Cell::Yes.word().to_owned()
        }
        Err(code) => code.to_string(),
    }
}

async fn by_events(house: &House, visitor: &Visitor) -> String {
    let path = "/v1/restaurants/test-restaurant-1/changes";
    let client = visitor.client(house);
    let answer = client.begin(path, &[("accept", "text/event-stream")]).await;
    Cell::of(&answer).word().to_owned()
}

/// What no route is for: the web app, or nothing.
async fn pages(house: &House, matrix: &mut Matrix) {
    for page in ["/", "/nowhere", "/v1/nowhere"] {
        let mut answers = Vec::new();
        for visitor in &matrix.visitors {
            let got = Cell::of(&visitor.client(house).get(page).await);
            answers.push((Cell::Yes.word().to_owned(), got.word().to_owned()));
        }
        matrix.row(&format!("page {page}"), &answers);
    }
}
