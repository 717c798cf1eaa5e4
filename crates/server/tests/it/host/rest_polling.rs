//! What a polling screen shows, and how a reader waits for what was written.

use super::desk::{Desk, at, yes};
use expect_test::expect;
use jiff::SignedDuration;
use serde_json::json;

const FULL: &str = "/api/sync/full?restaurant_id=test-restaurant-1";

#[tokio::test]
async fn a_polling_screen_sees_everything_or_what_changed() {
    let desk = Desk::open().await;
    desk.seated("Ann", "table-7").await;
    desk.house.later(SignedDuration::from_secs(10));
    desk.waiting("Ben").await;
    let body = yes(&desk.get("/dashboard-data").await);
    assert_eq!(body["isFullSync"], true);
    assert_eq!(body["guests"].as_array().unwrap().len(), 2);
    assert_eq!(body["tables"].as_array().unwrap().len(), 20);
    let mut shown = format!(
        "{}\n{}\n{}\n",
        body["guests"][0], body["guests"][1], body["stats"]
    );
    let taken = body["tables"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == "table-7");
    shown += &format!("{}\n{}\n", taken.unwrap(), body["lastUpdated"]);
    expect![[r#"
        {"id":"guest-2","lastUpdated":"2026-11-20T19:30:10","name":"Ben","partySize":2,"status":"Waitlist","tableId":null}
        {"id":"guest-1","lastUpdated":"2026-11-20T19:30:00","name":"Ann","partySize":2,"status":"Seated","tableId":"table-7"}
        {"guests_by_status":{"Seated":1,"Waitlist":1},"occupancy_rate":5.0,"tables_by_status":{"available":19,"occupied":1},"total_guests":2,"total_tables":20}
        {"capacity":4,"currentGuestId":"guest-1","id":"table-7","lastUpdated":"2026-11-20T19:30:00","position":{"x":0.1375,"y":0.5},"status":"occupied","tableNumber":"7"}
        "2026-11-20T19:30:10"
    "#]].assert_eq(&shown);
    let stats = body["stats"].clone();
    let changed = yes(&desk.get("/dashboard-data?since=2026-11-20T19:30:00").await);
    assert_eq!(changed["isFullSync"], false);
    assert_eq!(changed["guests"].as_array().unwrap().len(), 1);
    assert_eq!(changed["guests"][0]["id"], "guest-2");
    assert_eq!(changed["tables"], json!([]));
    assert_eq!(changed["stats"], stats);
    let nothing = yes(&desk.get("/dashboard-data?since=2026-11-20T19:30:10").await);
    assert_eq!(nothing["guests"], json!([]));
    let minimal = yes(&desk.get("/dashboard-data?minimal=true").await);
    assert_eq!(minimal["guests"].as_array().unwrap().len(), 2);
    for key in ["id", "status", "tableId", "lastUpdated"] {
        assert!(minimal["guests"][0].get(key).is_some(), "{minimal}");
    }
    let key = desk.house.manager();
    let same = yes(&key.get("/api/v1/dashboard/data").await);
    assert_eq!(same["guests"], body["guests"]);
    assert_eq!(
        yes(&key.get("/api/v1/dashboard/data/?minimal=true").await)["guests"],
        minimal["guests"]
    );
    let named = yes(&desk.tablet.get("/api/v1/dashboard/data?restaurant_id=2").await);
    assert_eq!(
        (&named["guests"], &named["stats"]["total_tables"]),
        (&json!([]), &json!(6))
    );
}

#[tokio::test]
async fn every_answer_says_where_it_stands_and_a_reader_may_wait_for_that() {
    let desk = Desk::open().await;
    let seq = |answer: &crate::client::Answer| {
        yes(answer);
        answer.headers["x-seq"].to_str().unwrap().parse::<u64>().unwrap()
    };
    let made = desk
        .post("/guests", json!({"first_name": "Ann", "party_size": 2}))
        .await;
    let head = desk.standing().await.0;
    assert_eq!(seq(&made), head);
    assert_eq!(made.json()["seq"], head);
    for path in [
        at("/guests"),
        at("/guests/guest-1"),
        at("/tables"),
        at("/dashboard-data"),
        FULL.to_owned(),
        "/api/sync/delta?restaurant_id=1".to_owned(),
        "/api/v1/dashboard/data?restaurant_id=1".to_owned(),
    ] {
        assert_eq!(seq(&desk.tablet.get(&path).await), head, "{path}");
        let sign = if path.contains('?') { '&' } else { '?' };
        let waited = desk.tablet.get(&format!("{path}{sign}min_seq={head}")).await;
        assert_eq!(seq(&waited), head, "{path}");
        let min_seq = head.to_string();
        let headers = [("x-min-seq", min_seq.as_str())];
        let waited = desk
            .tablet
            .send(hyper::Method::GET, &path, &headers, String::new())
            .await;
        assert_eq!(seq(&waited), head, "{path}");
    }
    for (place, body) in [
        ("/tables/table-1", json!({"capacity": 3})),
        ("/guests/guest-1", json!({"notes": "x"})),
        ("/tables/table-1/clear", json!({})),
    ] {
        assert_eq!(seq(&desk.put(place, body).await), desk.standing().await.0);
    }
    assert_eq!(
        seq(&desk.delete("/guests/guest-1").await),
        desk.standing().await.0
    );
    // What is to come is waited for, and comes.
    let next = desk.standing().await.0 + 1;
    let tablet = desk.house.stranger();
    let asked = tokio::spawn(async move { tablet.get(&at(&format!("/guests?min_seq={next}"))).await });
    let made = desk.waiting("Ben").await;
    let read = asked.await.unwrap();
    assert_eq!(seq(&read), next);
    assert_eq!(read.json()[0]["id"], made);
}

#[tokio::test]
async fn a_reader_does_not_wait_for_what_does_not_come() {
    let desk = Desk::open().await;
    let answer = desk.get("/guests?min_seq=100000").await;
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.json()["detail"].is_string());
}
