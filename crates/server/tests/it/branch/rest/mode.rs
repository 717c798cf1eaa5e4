//! The mode of a house: one that is a shop has no tables, and is told so after the role and before the body.

use super::office::{NOBODY, Office, ask, ask_with, at, no, yes};
use serde_json::{Value, json};

/// Says what kind of business it is.
async fn business(office: &Office, kind: &str) -> crate::client::Answer {
    let path = "/api/v1/settings/restaurant/business-type";
    ask(&office.admin, "PUT", path, &json!({"businessType": kind})).await
}

const CLOSED: &str = "403 This feature is only available for restaurant or hybrid business types";

#[tokio::test]
async fn a_shop_has_no_tables_until_it_is_a_restaurant_again() {
    let office = Office::open().await;
    yes(&office.get("/tables").await);
    let branch = &office.branch;
    for kind in ["restaurant", "hybrid"] {
        assert_eq!(business(&office, "retail").await.status, 200);
        for place in [
            "/tables".to_owned(),
            format!("/tables/{NOBODY}"),
            format!("/tables/available/{branch}"),
            format!("/tables/stats/{branch}"),
            "/floor-plans".to_owned(),
            format!("/floor-plans/{NOBODY}/stats"),
            "/table-sections".to_owned(),
            format!("/table-sections/by-branch/{branch}"),
        ] {
            assert_eq!(no(&office.get(&place).await), CLOSED, "{place}");
        }
        // What is not about tables goes on, and so do the neighbours.
        yes(&ask(&office.admin, "GET", "/api/v1/branches", &Value::Null).await);
        let neighbour = office.with_roles(&["admin"], &[2]);
        yes(&ask(&neighbour, "GET", &at("/tables"), &Value::Null).await);
        assert_eq!(business(&office, kind).await.status, 200);
        yes(&office.get("/tables").await);
    }
}

#[tokio::test]
async fn the_mode_is_looked_at_after_the_role_and_before_the_body() {
    let office = Office::open().await;
    assert_eq!(business(&office, "retail").await.status, 200);
    let path = at("/tables");
    let wrong = json!({"capacity": 0});
    assert_eq!(
        no(&ask(&office.house.stranger(), "POST", &path, &wrong).await),
        "401 Unauthorized"
    );
    let waiter = office.with_roles(&["waiter"], &[1]);
    assert_eq!(
        no(&ask(&waiter, "POST", &path, &wrong).await),
        "403 Forbidden resource"
    );
    assert_eq!(no(&ask(&office.admin, "POST", &path, &wrong).await), CLOSED);
    assert_eq!(
        no(&ask(&office.admin, "GET", &format!("{path}?bogus=1"), &Value::Null).await),
        CLOSED
    );
}

#[tokio::test]
async fn a_house_is_a_restaurant_once_that_is_said() {
    let office = Office::open().await;
    for place in ["initialize", "enable"] {
        let path = format!("/api/v1/v1/settings/restaurant/{place}");
        let answer = ask(&office.admin, "POST", &path, &json!({})).await;
        assert!(
            answer.status == 201 || answer.status == 200,
            "{place}: {answer:?}"
        );
        yes(&office.get("/tables").await);
    }
    for body in [
        json!({}),
        json!({"businessType": "bakery"}),
        json!({"businessType": null}),
        json!({"businessType": 1}),
    ] {
        let said = no(&ask(
            &office.admin,
            "PUT",
            "/api/v1/settings/restaurant/business-type",
            &body,
        )
        .await);
        assert_eq!(
            said,
            "400 [businessType must be one of the following values: retail, restaurant, hybrid]"
        );
    }
    yes(&office.get("/tables").await);
}

#[tokio::test]
async fn a_house_that_is_named_wrongly_is_not_the_own_one() {
    let office = Office::open().await;
    for (query, said) in [
        ("branchId=garbage", "400 [branchId must be a UUID]"),
        ("branch=1", "400 [property branch should not exist]"),
    ] {
        for (method, place, body) in [
            ("POST", "initialize", Value::Null),
            ("POST", "enable", json!({"enabled": false})),
            ("PUT", "business-type", json!({"businessType": "retail"})),
        ] {
            let path = format!("/api/v1/settings/restaurant/{place}?{query}");
            let before = office.both_standing().await;
            assert_eq!(
                no(&ask(&office.chain, method, &path, &body).await),
                said,
                "{place}"
            );
            assert_eq!(office.both_standing().await, before);
        }
    }
}

#[tokio::test]
async fn a_mode_that_is_written_under_a_key_is_written_once_and_for_one_house() {
    let office = Office::open().await;
    let enable = async |branch: &str, on: bool| {
        let path = format!("/api/v1/settings/restaurant/enable?branchId={branch}");
        let key = [("idempotency-key", "k")];
        ask_with(&office.chain, "POST", &path, &key, &json!({ "enabled": on })).await
    };
    let first = enable(&office.branch, false).await;
    assert_eq!(
        (
            first.status.as_u16(),
            first.json()["restaurantModeEnabled"].clone()
        ),
        (201, json!(false))
    );
    let path = "/api/v1/settings/restaurant/enable";
    assert_eq!(ask(&office.admin, "POST", path, &json!({})).await.status, 201);
    let standing = office.both_standing().await;
    let again = enable(&office.branch, false).await;
    assert_eq!(again.json(), first.json());
    for (branch, on) in [(&office.other, false), (&office.branch, true)] {
        let said = no(&enable(branch, on).await);
        assert!(said.starts_with("422 "), "{said}");
    }
    assert_eq!(office.both_standing().await, standing);
}

/// Says in v1 what a house's mode is.
async fn mode(office: &Office, restaurant: u64, mode: &str) {
    let manager = office.house.client(&format!("demo-key-restaurant-{restaurant}"));
    let path = format!("/v1/restaurants/{restaurant}/commands");
    let command = json!({"command": "change_settings", "restaurant_mode": mode});
    assert_eq!(manager.post(&path, &command).await.status, 200);
}

#[tokio::test]
async fn a_house_whose_mode_was_never_set_or_is_off_says_which() {
    let office = Office::open().await;
    let unset = "403 Restaurant mode is not configured. Please configure business type in settings.";
    let off = "403 This feature requires restaurant mode to be enabled";
    mode(&office, 1, "unset").await;
    for place in ["/tables", "/floor-plans", "/table-sections"] {
        assert_eq!(no(&office.get(place).await), unset, "{place}");
        assert_eq!(no(&office.post(place, json!({})).await), unset, "{place}");
    }
    let enable = async |on: bool| {
        let path = "/api/v1/settings/restaurant/enable";
        let answer = ask(&office.admin, "POST", path, &json!({ "enabled": on })).await;
        assert_eq!(answer.status, 201);
        answer.json()
    };
    let told = json!({"branchId": office.branch, "businessType": "restaurant", "restaurantModeEnabled": false,
        "isConfigured": true});
    assert_eq!(enable(false).await, told);
    assert_eq!(no(&office.get("/tables").await), off);
    // A house of which nothing was said is what it is said to be, and open.
    for (kind, answer) in [("retail", CLOSED), ("restaurant", ""), ("hybrid", "")] {
        mode(&office, 1, "unset").await;
        let told = yes(&business(&office, kind).await);
        assert_eq!(
            told,
            json!({"branchId": office.branch, "businessType": kind, "restaurantModeEnabled": true,
                "isConfigured": true})
        );
        let list = office.get("/tables").await;
        match answer {
            "" => drop(yes(&list)),
            answer => assert_eq!(no(&list), answer),
        }
    }
    // One that is off stays off, whatever kind it is.
    enable(false).await;
    yes(&business(&office, "restaurant").await);
    assert_eq!(no(&office.get("/tables").await), off);
}

#[tokio::test]
async fn of_several_houses_those_are_shown_that_are_on() {
    let office = Office::open().await;
    let ask_chain = async |place: &str| ask(&office.chain, "GET", &at(place), &Value::Null).await;
    let off = "403 This feature requires restaurant mode to be enabled";
    for (closed, place, open) in [
        (1, &office.branch, &office.other),
        (2, &office.other, &office.branch),
    ] {
        mode(&office, closed, "off").await;
        for list in ["/tables", "/floor-plans", "/table-sections"] {
            let all = yes(&ask_chain(&format!("{list}?limit=1000")).await);
            let own = yes(&ask_chain(&format!("{list}?limit=1000&branchId={open}")).await);
            assert_eq!(all, own, "{list}");
            assert!(
                all["data"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|it| it["branchId"] == **open)
            );
            assert_eq!(
                no(&ask_chain(&format!("{list}?branchId={place}")).await),
                off,
                "{list}"
            );
        }
        mode(&office, closed, "on").await;
    }
    mode(&office, 1, "off").await;
    mode(&office, 2, "unset").await;
    assert_eq!(no(&ask_chain("/tables").await), off);
}
