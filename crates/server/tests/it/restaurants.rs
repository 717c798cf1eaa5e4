//! Restaurants as such: opened, removed and opened again by whoever runs the program.

use crate::house::{House, operated};
use crate::probe::{FLOOR, no, signed_in};
use serde_json::json;

#[tokio::test]
async fn the_operator_opens_a_restaurant_and_hires_its_admin() {
    let house = House::open_with(operated).await;
    let operator = house.operator();
    let body = json!({"slug": "cafe-3", "name": "Café Three", "time_zone": "Europe/Rome", "currency": "EUR"});
    let opened = operator.post("/v1/restaurants", &body).await;
    assert_eq!(
        opened.json(),
        json!({"id": 3, "slug": "cafe-3", "head": 1, "removed_at": null})
    );
    let boss = json!({"name": "Boss", "roles": ["admin"], "login": "boss3", "password": "maitred-demo"});
    assert_eq!(
        operator.post("/v1/restaurants/cafe-3/staff", &boss).await.status,
        200
    );
    let boss = signed_in(&house, "boss3").await;
    let settings = boss.get("/v1/restaurants/3/settings").await.text;
    assert!(
        settings.contains("Café Three") && settings.contains("Europe/Rome"),
        "{settings}"
    );
    assert_eq!(boss.get(FLOOR).await.status, 404);
    assert_eq!(
        signed_in(&house, "admin")
            .await
            .get("/v1/restaurants/3/floor")
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_slug_is_a_name_of_its_own() {
    let house = House::open_with(operated).await;
    let ask = async |slug: &str| {
        let body = json!({"slug": slug, "name": "Another"});
        no(&house.operator().post("/v1/restaurants", &body).await)
    };
    assert_eq!(
        house.operator().delete("/v1/restaurants/bistro-2").await.status,
        204
    );
    for taken in ["test-restaurant-1", "bistro-2"] {
        let answer = ask(taken).await;
        assert!(answer.starts_with("409 slug_in_use slug | "), "{answer}");
    }
    for slug in ["", "17", "Big", "a b", "a/b", &"a".repeat(61)] {
        let answer = ask(slug).await;
        assert!(
            answer.starts_with("400 bad_value slug | slug must have"),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_restaurant_that_is_removed_is_nowhere_until_it_is_opened_again() {
    let house = House::open_with(operated).await;
    let manager = signed_in(&house, "manager").await;
    assert_eq!(house.operator().delete("/v1/restaurants/1").await.status, 204);
    let gone = "404 unknown_restaurant restaurant | there is no such restaurant";
    for client in [&manager, &house.manager(), &house.operator()] {
        assert_eq!(no(&client.get(FLOOR).await), gone);
    }
    assert_eq!(manager.get("/v1/me").await.json()["restaurants"], json!([]));
    let listed = house.operator().get("/v1/restaurants").await.json();
    assert_eq!(listed["restaurants"][0]["removed_at"], "2026-11-20T19:30:00Z");
    assert_eq!(
        house
            .operator()
            .post("/v1/restaurants/1/reopen", &json!({}))
            .await
            .status,
        204
    );
    assert_eq!(manager.get(FLOOR).await.status, 200);
    assert_eq!(house.manager().get(FLOOR).await.status, 200);
}

#[tokio::test]
async fn nobody_but_the_operator_opens_or_removes_a_restaurant() {
    let house = House::open().await;
    let admin = signed_in(&house, "admin").await;
    let body = json!({"slug": "cafe-3", "name": "Café Three"});
    for answer in [
        admin.get("/v1/restaurants").await,
        admin.post("/v1/restaurants", &body).await,
        admin.delete("/v1/restaurants/1").await,
        admin.post("/v1/restaurants/1/reopen", &json!({})).await,
    ] {
        assert_eq!(no(&answer), "403 not_allowed - | your role does not allow this");
    }
    assert_eq!(admin.get(FLOOR).await.status, 200);
}
