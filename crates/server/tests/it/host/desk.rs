//! The host stand of restaurant 1: a tablet in the house's own network, which shows no token.

use crate::client::{Answer, Client};
use crate::house::House;
use crate::probe::standing;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

/// A tablet at the host stand, and the house it stands in.
pub(crate) struct Desk {
    pub(crate) house: House,
    pub(crate) tablet: Client,
}

/// Where restaurant 1 keeps `place`.
pub(crate) fn at(place: &str) -> String {
    format!("/restaurants/test-restaurant-1{place}")
}

/// The body of an answer that says yes.
pub(crate) fn yes(answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

/// An answer in one line: its status and its body as it came.
pub(crate) fn line(answer: &Answer) -> String {
    format!("{} {}", answer.status.as_u16(), answer.text)
}

/// What is wrong with a body, in one line: the kind of each problem, where it is, and what is said of it.
pub(crate) fn problems(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    let body = answer.json();
    let list = body["detail"].as_array().unwrap();
    let told: Vec<_> = list
        .iter()
        .map(|it| {
            let loc: Vec<_> = it["loc"].as_array().unwrap().iter().map(plain).collect();
            assert!(
                it["url"]
                    .as_str()
                    .unwrap()
                    .ends_with(it["type"].as_str().unwrap())
            );
            assert!(it.get("input").is_some(), "{it}");
            format!("{} {}: {}", plain(&it["type"]), loc.join("."), plain(&it["msg"]))
        })
        .collect();
    told.join("; ")
}

/// A value without quotes around it.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Desk {
    pub(crate) async fn open() -> Desk {
        Desk::of(House::open().await)
    }

    pub(crate) fn of(house: House) -> Desk {
        let tablet = house.stranger();
        Desk { house, tablet }
    }

    pub(crate) async fn get(&self, place: &str) -> Answer {
        self.tablet.get(&at(place)).await
    }

    pub(crate) async fn post(&self, place: &str, body: Value) -> Answer {
        self.tablet.post(&at(place), &body).await
    }

    pub(crate) async fn put(&self, place: &str, body: Value) -> Answer {
        self.tablet.put(&at(place), &body).await
    }

    pub(crate) async fn patch(&self, place: &str, body: Value) -> Answer {
        self.tablet.patch(&at(place), &body).await
    }

    pub(crate) async fn delete(&self, place: &str) -> Answer {
        self.tablet.delete(&at(place)).await
    }

    /// Several writes as one.
    pub(crate) async fn atomic(&self, body: Value) -> Answer {
        self.tablet
            .post("/transactions/atomic?restaurant_id=test-restaurant-1", &body)
            .await
    }

    /// Sends a body with an idempotency key.
    pub(crate) async fn keyed(&self, method: Method, place: &str, key: &str, body: &Value) -> Answer {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.tablet
            .send(method, &at(place), &[("idempotency-key", key)], body)
            .await
    }

    /// Puts somebody on the list. Answers the id.
    pub(crate) async fn guest(&self, body: Value) -> String {
        let guest = yes(&self.post("/guests", body).await);
        guest["id"].as_str().unwrap().to_owned()
    }

    /// A walk-in of two who wait.
    pub(crate) async fn waiting(&self, name: &str) -> String {
        self.guest(json!({"first_name": name, "party_size": 2})).await
    }

    /// A party of two that sits at this table.
    pub(crate) async fn seated(&self, name: &str, table: &str) -> String {
        let guest = self.waiting(name).await;
        let seat = json!({"status": "Seated", "table_id": table});
        yes(&self.put(&format!("/guests/{guest}"), seat).await);
        guest
    }

    /// What the list says of somebody.
    pub(crate) async fn shown(&self, guest: &str) -> Value {
        yes(&self.get(&format!("/guests/{guest}")).await)
    }

    /// What the list of tables says of one.
    pub(crate) async fn table(&self, table: &str) -> Value {
        let tables = self.list("/tables").await;
        let found = tables.into_iter().find(|it| it["id"] == table);
        found.unwrap_or_else(|| panic!("{table} is not in the list"))
    }

    /// Everything of a list.
    pub(crate) async fn list(&self, place: &str) -> Vec<Value> {
        let list = yes(&self.get(place).await);
        list.as_array().unwrap().clone()
    }

    /// The ids of a list, in its order.
    pub(crate) async fn ids(&self, place: &str) -> Vec<String> {
        self.list(place).await.iter().map(|it| plain(&it["id"])).collect()
    }

    /// A guest's state and table, and whether times stand beside them.
    pub(crate) async fn stand(&self, guest: &str) -> String {
        let shown = self.shown(guest).await;
        let time = |field: &'static str| if shown[field].is_null() { "-" } else { field };
        format!(
            "{} at {}, {} {}",
            plain(&shown["status"]),
            plain(&shown["tableId"]),
            time("seatedTime"),
            time("finishedTime"),
        )
    }

    /// A table's state, and who sits there.
    pub(crate) async fn state(&self, table: &str) -> String {
        let shown = self.table(table).await;
        let cleaning = if shown["needsCleaning"] == true {
            ", needs cleaning"
        } else {
            ""
        };
        format!(
            "{} {}{cleaning}",
            plain(&shown["status"]),
            plain(&shown["currentGuestId"])
        )
    }

    /// Changes the floor through v1, with the manager's key.
    pub(crate) async fn manager(&self, command: Value) -> Value {
        self.house.manager().accepted(command).await
    }

    /// The floor as v1 has it.
    pub(crate) async fn floor(&self) -> Value {
        self.house.manager().floor().await["floor"].take()
    }

    /// The place of the floor and its digest: equal before and after when nothing has changed.
    pub(crate) async fn standing(&self) -> (u64, String) {
        standing(&self.house).await
    }

    /// Checks that guests and tables speak of each other, and that only occupied tables have a guest.
    pub(crate) async fn is_sound(&self) {
        let (guests, tables) = (self.list("/guests").await, self.list("/tables").await);
        for table in &tables {
            let holders: Vec<_> = guests.iter().filter(|it| it["tableId"] == table["id"]).collect();
            if table["currentGuestId"].is_null() {
                assert!(holders.is_empty(), "{table} is held by {holders:?}");
                continue;
            }
            assert_eq!(table["status"], "occupied", "{table}");
            assert_eq!(holders.len(), 1, "{table} is held by {holders:?}");
            assert_eq!(holders[0]["id"], table["currentGuestId"]);
        }
        for guest in guests.iter().filter(|it| !it["tableId"].is_null()) {
            let table = tables.iter().find(|it| it["id"] == guest["tableId"]);
            assert_eq!(table.unwrap()["currentGuestId"], guest["id"], "{guest}");
            let over = ["Finished", "Cancelled", "No Show"];
            assert!(!over.contains(&guest["status"].as_str().unwrap()), "{guest}");
        }
    }
}
