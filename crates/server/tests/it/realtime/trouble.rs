//! Tablets whose right to be there ends, that die, or that never read.

use super::{GUESTS, Tablet, done, guest};
use crate::house::{House, operated};
use crate::work::until;
use floor::RestaurantId;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn a_tablet_is_sent_away_when_its_token_runs_out_or_its_key_is_revoked() {
    let house = House::open_with(operated).await;
    let operator = house.operator();
    let minted = operator
        .post("/v1/restaurants/1/tokens", &json!({"staff_id": 3, "seconds": 60}))
        .await
        .json();
    let query = format!("?restaurant_id=1&token={}", minted["token"].as_str().unwrap());
    let (mut by_token, _) = Tablet::connect_with(&house, &query).await;
    let key = json!({"name": "door", "role": "host"});
    let key = operator.post("/v1/restaurants/1/keys", &key).await.json();
    let query = format!("?restaurant_id=1&token={}", key["key"].as_str().unwrap());
    let (mut by_key, _) = Tablet::connect_with(&house, &query).await;
    house.later(SignedDuration::from_secs(61));
    assert_eq!(
        by_token.close_code().await,
        (4401, "Authentication expired".to_owned())
    );
    operator
        .delete(&format!("/v1/restaurants/1/keys/{}", key["key_id"]))
        .await;
    assert_eq!(
        by_key.close_code().await,
        (4401, "Authentication expired".to_owned())
    );
}

#[tokio::test]
async fn a_tablet_is_told_to_come_back_when_the_house_closes() {
    let house = House::open().await;
    let mut tablet = Tablet::connect(&house).await;
    let stopping = tokio::spawn(house.stop());
    assert_eq!(tablet.close_code().await.0, 1012);
    drop(tablet);
    stopping.await.unwrap();
}

#[tokio::test]
async fn a_tablet_that_dies_costs_nobody_anything() {
    let house = House::open().await;
    let mut alive = Tablet::connect(&house).await;
    for n in 0..20 {
        let dying = Tablet::connect(&house).await;
        let client = house.stranger();
        let asked = tokio::spawn(async move { guest(&client, "Ada", 2).await });
        drop(dying);
        asked.await.unwrap();
        assert_eq!(alive.next().await["data"]["id"], format!("guest-{}", n + 1));
    }
    let pass = house
        .identity
        .enter(&house.identity.neighbour(), RestaurantId(1))
        .unwrap();
    let floor = house.floors.enter(&pass).await.unwrap();
    until(async || floor.topic("host").listeners() == 1).await;
}

#[tokio::test]
async fn a_tablet_behind_an_erasure_is_sent_away_to_come_back() {
    let house = House::open().await;
    let client = house.stranger();
    let mut tablet = Tablet::connect(&house).await;
    guest(&client, "Grace", 2).await;
    assert_eq!(tablet.next().await["data"]["guestName"], "Grace");
    house
        .manager()
        .accepted(json!({"command": "erase_guest", "guest_id": 1}))
        .await;
    let frame = tablet.next().await;
    assert_eq!(
        (&frame["type"], &frame["data"]["guestName"]),
        (&json!("guest_updated"), &json!("Unknown Guest"))
    );
    assert_eq!(
        done(&client.get(&format!("{GUESTS}/guest-1")).await)["name"],
        "Unknown Guest"
    );
}
