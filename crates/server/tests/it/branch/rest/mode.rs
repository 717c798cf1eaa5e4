//! The mode of a house: one that is a shop has no tables, and is told so after the role and before the body.

use super::office::{NOBODY, Office, ask, at, no, yes};
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
