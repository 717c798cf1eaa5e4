//! Guests with their phones: the code on the table, calls, and the socket that says when it is over.

mod calls;
mod scan;
mod socket;

use crate::client::{Answer, Client};
use crate::house::House;
use serde_json::{Value, json};

/// What the code on a table of restaurant 1 says: the table's public id, and the secret half.
pub async fn code(house: &House, table_id: u64) -> (String, String) {
    let path = format!("/admin/api/table/{table_id}/qr");
    let shown = house.manager().get(&path).await.json();
    let url = shown["url"].as_str().unwrap();
    let (_, query) = url.split_once("/?t=").unwrap();
    let (table, token) = query.split_once("&token=").unwrap();
    (table.to_owned(), token.to_owned())
}

/// Scans the code on a table of restaurant 1.
pub async fn scan(house: &House, table_id: u64, device: &str) -> Answer {
    let (table, token) = code(house, table_id).await;
    let body = json!({
        "table_pid": table, "token": token, "device_id": device, "restaurant_slug": "test-restaurant-1",
    });
    house.stranger().post("/table_session", &body).await
}

/// A guest who has joined the turn at a table.
pub struct Phone {
    pub joined: Value,
    pub client: Client,
}

impl Phone {
    pub async fn join(house: &House, table_id: u64, device: &str) -> Phone {
        let answer = scan(house, table_id, device).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let joined = answer.json();
        let client = house.client(joined["ws_token"].as_str().unwrap());
        Phone { joined, client }
    }

    pub fn text(&self, field: &str) -> &str {
        self.joined[field].as_str().unwrap()
    }

    /// Calls. Answers the call's public id.
    pub async fn call(&self, kind: &str, message: Value) -> String {
        let body = json!({"request_type": kind, "message": message});
        let answer = self.client.post("/waiter_request", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["data"]["request_id"].as_str().unwrap().to_owned()
    }
}

/// The code and what is said of it, of an answer that says no.
pub fn no(answer: &Answer) -> String {
    let detail = &answer.json()["detail"];
    assert_eq!(detail["success"], false, "{}", answer.text);
    let (code, said) = (
        detail["code"].as_str().unwrap(),
        detail["detail"].as_str().unwrap(),
    );
    format!("{} {code}: {said}", answer.status.as_u16())
}
