//! The office of a chain: who administrates branch 1, who administrates both, and what they know the ids of.

use crate::client::{Answer, Client};
use crate::house::House;
use crate::probe::standing;
use crate::visitors::{OPERATOR, SECRET, house_for_all, sign};
use hyper::{Method, StatusCode};
use maitred::config::Config;
use serde_json::{Value, json};

/// The two prefixes of every route.
pub(super) const PREFIXES: [&str; 2] = ["/api/v1", "/api/v1/v1"];
/// An id that is one, of nothing.
pub(super) const NOBODY: &str = "0b5e2f64-7a1c-8d3e-9f10-6c2a4b8d0e12";

/// A house, and the desks from which its tables are administrated.
pub(super) struct Office {
    pub(super) house: House,
    /// An admin of branch 1.
    pub(super) admin: Client,
    /// An admin of branches 1 and 2.
    pub(super) chain: Client,
    /// Branch 1, as this protocol names it.
    pub(super) branch: String,
    /// Branch 2.
    pub(super) other: String,
}

/// Where tables, plans and sections are.
pub(super) fn at(place: &str) -> String {
    format!("/api/v1/restaurant{place}")
}

/// Asks; a body of null is none.
pub(super) async fn ask(client: &Client, method: &str, path: &str, body: &Value) -> Answer {
    ask_with(client, method, path, &[], body).await
}

/// As [`ask`], with these headers.
pub(super) async fn ask_with(
    client: &Client,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> Answer {
    let method: Method = method.parse().unwrap();
    let mut headers = headers.to_vec();
    let text = if body.is_null() {
        String::new()
    } else {
        headers.push(("content-type", "application/json"));
        body.to_string()
    };
    client.send(method, path, &headers, text).await
}

/// The body of an answer with this status.
pub(super) fn told(status: u16, answer: &Answer) -> Value {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    let kind = answer.headers.get("content-type").map(|it| it.to_str().unwrap());
    assert!(
        kind.is_some_and(|it| it.starts_with("application/json")),
        "{answer:?}"
    );
    answer.json()
}

/// The body of an answer that says yes.
pub(super) fn yes(answer: &Answer) -> Value {
    told(200, answer)
}

/// The body of an answer to what was made.
pub(super) fn made(answer: &Answer) -> Value {
    told(201, answer)
}

/// Checks that an answer says that something is gone, and nothing else.
pub(super) fn gone(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, ""));
    assert!(answer.headers.get("content-type").is_none(), "{answer:?}");
}

/// An answer that says no, in one line: its status and what is said. Several messages stand in brackets.
pub(super) fn no(answer: &Answer) -> String {
    let status = answer.status;
    assert!(status.is_client_error(), "{answer:?}");
    let body = told(status.as_u16(), answer);
    assert_eq!(body["statusCode"], status.as_u16(), "{body}");
    // A credential that is no good is told so without a reason.
    let is_bare = status == StatusCode::UNAUTHORIZED && body.get("error").is_none();
    assert!(
        is_bare || body["error"] == status.canonical_reason().unwrap(),
        "{body}"
    );
    let more = status == StatusCode::PRECONDITION_FAILED;
    let n_keys = body.as_object().unwrap().len();
    assert!(more || n_keys == if is_bare { 2 } else { 3 }, "{body}");
    let said = match &body["message"] {
        Value::String(said) => said.clone(),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|it| it.as_str().unwrap()).collect();
            format!("[{}]", items.join("; "))
        }
        other => panic!("{other} is no message, in {body}"),
    };
    format!("{} {said}", status.as_u16())
}

/// A text as it stands in a path or a query.
pub(super) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|it| {
            if it.is_ascii_alphanumeric() || b"-._~".contains(&it) {
                char::from(it).to_string()
            } else {
                format!("%{it:02X}")
            }
        })
        .collect()
}

/// A value without quotes around it.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value with every number as a fraction.
pub(super) fn figures(value: &Value) -> Value {
    match value {
        Value::Number(it) => json!(it.as_f64()),
        Value::Array(items) => items.iter().map(figures).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, it)| (name.clone(), figures(it)))
            .collect(),
        other => other.clone(),
    }
}

/// One field of each object of a list.
pub(super) fn each(list: &Value, field: &str) -> Vec<String> {
    let list = list.get("data").unwrap_or(list);
    list.as_array()
        .unwrap()
        .iter()
        .map(|it| plain(&it[field]))
        .collect()
}

/// The id of an object.
pub(super) fn id(object: &Value) -> String {
    object["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {object}"))
        .to_owned()
}

impl Office {
    pub(super) async fn open() -> Office {
        Office::in_house(house_for_all().await).await
    }

    /// As [`Office::open`], with `change` made to the house's configuration.
    pub(super) async fn open_with(change: impl FnOnce(&mut Config)) -> Office {
        let house = House::open_with(|config| {
            config.operator_key = Some(OPERATOR.to_owned().into());
            config.tokens.secret = Some(SECRET.to_owned().into());
            change(config);
        });
        Office::in_house(house.await).await
    }

    async fn in_house(house: House) -> Office {
        let admin = with_roles(&house, &["admin"], &[1]);
        let chain = with_roles(&house, &["admin"], &[1, 2]);
        let list = yes(&chain.get("/api/v1/branches").await);
        let named = |name: &str| {
            let found = list["data"]
                .as_array()
                .unwrap()
                .iter()
                .find(|it| it["name"] == name);
            id(found.unwrap_or_else(|| panic!("{name} is not in {list}")))
        };
        let (branch, other) = (named("Harbour House"), named("Bistro Two"));
        Office {
            house,
            admin,
            chain,
            branch,
            other,
        }
    }

    /// Both branches: that of restaurant 1, that of restaurant 2.
    pub(super) fn sides(&self) -> [&str; 2] {
        [&self.branch, &self.other]
    }

    /// A client of another program, with these roles in these restaurants.
    pub(super) fn with_roles(&self, roles: &[&str], restaurants: &[u64]) -> Client {
        with_roles(&self.house, roles, restaurants)
    }

    pub(super) async fn get(&self, place: &str) -> Answer {
        ask(&self.admin, "GET", &at(place), &Value::Null).await
    }

    pub(super) async fn post(&self, place: &str, body: Value) -> Answer {
        ask(&self.admin, "POST", &at(place), &body).await
    }

    pub(super) async fn patch(&self, place: &str, body: Value) -> Answer {
        ask(&self.admin, "PATCH", &at(place), &body).await
    }

    pub(super) async fn delete(&self, place: &str) -> Answer {
        ask(&self.admin, "DELETE", &at(place), &Value::Null).await
    }

    /// Puts a table up in branch 1, of four unless something else is said.
    pub(super) async fn table(&self, number: &str, more: Value) -> Value {
        self.table_in(&self.branch, number, more).await
    }

    /// As [`Office::table`], in this branch.
    pub(super) async fn table_in(&self, branch: &str, number: &str, more: Value) -> Value {
        let mut body = json!({"tableNumber": number, "capacity": 4, "branchId": branch});
        add(&mut body, more);
        made(&ask(&self.chain, "POST", &at("/tables"), &body).await)
    }

    /// Draws a plan of branch 1.
    pub(super) async fn plan(&self, name: &str, more: Value) -> Value {
        let mut body = json!({"name": name, "branchId": self.branch});
        add(&mut body, more);
        made(&self.post("/floor-plans", body).await)
    }

    /// Makes a section of branch 1.
    pub(super) async fn section(&self, name: &str, more: Value) -> Value {
        let mut body = json!({"name": name, "branchId": self.branch});
        add(&mut body, more);
        made(&self.post("/table-sections", body).await)
    }

    /// What is shown of the table of branch 1 with this number.
    pub(super) async fn numbered(&self, number: &str) -> Value {
        let place = format!("/tables/{}/{}", self.branch, encoded(number));
        yes(&self.get(&place).await)
    }

    /// The id of the table of branch 1 with this number.
    pub(super) async fn id_of(&self, number: &str) -> String {
        id(&self.numbered(number).await)
    }

    /// What is shown of a table.
    pub(super) async fn shown(&self, table: &str) -> Value {
        yes(&ask(&self.chain, "GET", &at(&format!("/tables/{table}")), &Value::Null).await)
    }

    /// Says that a table is in this state.
    pub(super) async fn say(&self, table: &str, status: &str) -> Answer {
        self.patch(&format!("/tables/{table}/status"), json!({"status": status}))
            .await
    }

    /// A plan or section of branch 1, by its name.
    pub(super) async fn named(&self, list: &str, name: &str) -> Value {
        yes(&self
            .get(&format!("/{list}/{}/{}", self.branch, encoded(name)))
            .await)
    }

    /// Signs an account of the demo house in. Answers a client with its token.
    pub(super) async fn signed_in(&self, login: &str) -> Client {
        let body = json!({"email": format!("{login}@demo.test"), "password": "maitred-demo"});
        let answer = ask(&self.house.stranger(), "POST", "/api/v1/auth/login", &body).await;
        self.house.client(yes(&answer)["token"].as_str().unwrap())
    }

    /// The id of somebody who works here.
    pub(super) async fn person(&self, login: &str) -> String {
        let client = self.signed_in(login).await;
        id(&yes(&client.get("/api/v1/auth/me").await))
    }

    /// A restaurant's floor as v1 shows it.
    pub(super) async fn floor_of(&self, restaurant: u64) -> Value {
        let operator = self.house.client(OPERATOR);
        let answer = operator.get(&format!("/v1/restaurants/{restaurant}/floor")).await;
        yes(&answer)
    }

    /// Branch 1's table with this number, as v1 shows it, or null.
    pub(super) async fn v1_table(&self, number: &str) -> Value {
        let floor = self.floor_of(1).await;
        let tables = floor["floor"]["tables"].as_array().unwrap();
        let found = tables.iter().find(|it| it["number"] == number);
        found.cloned().unwrap_or_default()
    }

    /// How many turns are open in branch 1.
    pub(super) async fn n_turns(&self) -> usize {
        self.floor_of(1).await["floor"]["turns"].as_array().unwrap().len()
    }

    /// The place of branch 1's floor and its digest: equal before and after when nothing has changed.
    pub(super) async fn standing(&self) -> (u64, String) {
        standing(&self.house).await
    }

    /// As [`Office::standing`], of both branches.
    pub(super) async fn both_standing(&self) -> Vec<Value> {
        let mut all = Vec::new();
        for restaurant in [1, 2] {
            let floor = self.floor_of(restaurant).await;
            all.push(json!([floor["seq"], floor["digest"]]));
        }
        all
    }
}

fn with_roles(house: &House, roles: &[&str], restaurants: &[u64]) -> Client {
    let claims = json!({"sub": "44", "roles": roles, "tenant_ids": restaurants, "iat": 1_700_000_000, "exp": 1_999_999_999});
    house.client(&sign(&claims, SECRET))
}

/// Puts the fields of `more` into `body`.
pub(super) fn add(body: &mut Value, more: Value) {
    if let Value::Object(more) = more {
        body.as_object_mut().unwrap().extend(more);
    }
}

/// What is said of a value for this property of a new table.
pub(super) async fn of_new(office: &Office, name: &str, value: Value) -> String {
    let mut body = json!({"tableNumber": "T-1", "capacity": 4, "branchId": office.branch});
    body[name] = value;
    no(&office.post("/tables", body).await)
}
