//! The guest list: who is put on it, how it reads, and how somebody leaves it.

use super::desk::{Desk, at, line, plain, yes};
use expect_test::expect;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn a_walk_in_needs_a_first_name_and_a_number_of_people_and_nothing_else() {
    let desk = Desk::open().await;
    let answer = desk
        .post("/guests", json!({"first_name": "Mara", "party_size": 3}))
        .await;
    let body = yes(&answer);
    expect![[r#"
        {
          "checkInTime": "2026-11-20T19:30:00",
          "createdAt": "2026-11-20T19:30:00",
          "dietaryRestrictions": null,
          "email": null,
          "finishedTime": null,
          "firstName": "Mara",
          "id": "guest-1",
          "lastName": "",
          "lastUpdated": "2026-11-20T19:30:00",
          "name": "Mara",
          "notes": null,
          "partySize": 3,
          "phone": null,
          "reservationTime": null,
          "seatedTime": null,
          "specialRequests": null,
          "status": "Waitlist",
          "tableId": null,
          "totalVisits": 0
        }
    "#]]
    .assert_eq(&(serde_json::to_string_pretty(&body["guest"]).unwrap() + "\n"));
    assert_eq!(body["success"], true);
}

#[tokio::test]
async fn a_written_guest_is_told_wrapped_and_bare() {
    let desk = Desk::open().await;
    let made = yes(&desk
        .post("/guests", json!({"first_name": "Mara", "party_size": 3}))
        .await);
    let path = format!("/guests/{}", plain(&made["id"]));
    let put = yes(&desk.put(&path, json!({"notes": "window"})).await);
    let patched = yes(&desk.patch(&path, json!({"phone": "+15550142"})).await);
    for body in [made, put, patched.clone()] {
        assert_eq!(body["success"], true);
        let guest = body["guest"].as_object().unwrap();
        assert_eq!(guest.len(), 19);
        for (key, value) in guest {
            assert_eq!(&body[key], value, "{key}");
        }
    }
    // Read, it stands alone.
    assert_eq!(desk.shown("guest-1").await, patched["guest"]);
}

#[tokio::test]
async fn everything_that_is_known_about_a_guest_can_be_said_at_once() {
    let desk = Desk::open().await;
    let body = json!({
        "first_name": "Mara", "last_name": "Lindqvist", "party_size": 3, "status": "Seated",
        "phone": "+15550142", "notes": "window", "special_requests": "a high chair",
        "email": "mara@example.com", "dietary_restrictions": ["nuts", "gluten"], "table_id": "table-7",
        "reservation_time": "2026-11-20T19:00:00Z", "check_in_time": "2026-11-20T18:58:11.104212",
        "seated_time": "2026-11-20T19:01:00", "finished_time": null,
        "firstName": "ignored", "restaurant_id": "test-restaurant-1", "whatever": {"is": "not known"},
    });
    let body = yes(&desk.post("/guests", body).await);
    expect![[r#"
        {
          "checkInTime": "2026-11-20T18:58:11.104212",
          "createdAt": "2026-11-20T19:30:00",
          "dietaryRestrictions": [
            "nuts",
            "gluten"
          ],
          "email": "mara@example.com",
          "finishedTime": null,
          "firstName": "Mara",
          "id": "guest-1",
          "lastName": "Lindqvist",
          "lastUpdated": "2026-11-20T19:30:00",
          "name": "Mara Lindqvist",
          "notes": "window",
          "partySize": 3,
          "phone": "+15550142",
          "reservationTime": "2026-11-20T19:00:00",
          "seatedTime": "2026-11-20T19:01:00",
          "specialRequests": "a high chair",
          "status": "Seated",
          "tableId": "table-7",
          "totalVisits": 0
        }
    "#]]
    .assert_eq(&(serde_json::to_string_pretty(&body["guest"]).unwrap() + "\n"));
    assert_eq!(desk.state("table-7").await, "occupied guest-1");
    desk.is_sound().await;
}

#[tokio::test]
async fn the_newest_guest_is_at_the_top_of_the_list() {
    let desk = Desk::open().await;
    for name in ["Ann", "Ben", "Cleo"] {
        desk.waiting(name).await;
    }
    desk.house.later(SignedDuration::from_secs(60));
    desk.waiting("Dan").await;
    // Whoever is written later does not go up.
    yes(&desk.put("/guests/guest-1", json!({"notes": "window"})).await);
    assert_eq!(
        desk.ids("/guests").await,
        ["guest-4", "guest-3", "guest-2", "guest-1"]
    );
    let list = desk.list("/guests").await;
    assert_eq!(list[0], desk.shown("guest-4").await);
    assert_eq!(list[0]["createdAt"], "2026-11-20T19:31:00");
    assert_eq!(list[3]["createdAt"], "2026-11-20T19:30:00");
    assert_eq!(list[3]["lastUpdated"], "2026-11-20T19:31:00");
}

#[tokio::test]
async fn a_guest_goes_by_a_number_or_a_prefixed_id_and_a_house_by_its_number_or_slug() {
    let desk = Desk::open().await;
    desk.guest(json!({"first_name": "Ann", "party_size": 2, "notes": "here"}))
        .await;
    let expected = desk.shown("guest-1").await;
    for restaurant in ["test-restaurant-1", "1"] {
        for guest in ["guest-1", "1"] {
            for slash in ["", "/"] {
                let path = format!("/restaurants/{restaurant}/guests/{guest}{slash}");
                assert_eq!(yes(&desk.tablet.get(&path).await), expected, "{path}");
                let put = desk.tablet.put(&path, &json!({"notes": "here"})).await;
                assert_eq!(yes(&put)["id"], "guest-1");
            }
        }
        for slash in ["", "/"] {
            let path = format!("/restaurants/{restaurant}/guests{slash}");
            let list = yes(&desk.tablet.get(&path).await);
            assert_eq!(list.as_array().unwrap().last().unwrap()["id"], "guest-1");
            let body = json!({"first_name": "Ben", "party_size": 2});
            yes(&desk.tablet.post(&path, &body).await);
        }
    }
    assert_eq!(desk.ids("/guests").await.len(), 5);
    // The query stays where the slash goes.
    let path = format!("{}/?min_seq=1", at("/guests"));
    yes(&desk.tablet.get(&path).await);
}

#[tokio::test]
async fn a_guest_leaves_the_list_once() {
    let desk = Desk::open().await;
    desk.waiting("Ann").await;
    let gone = desk.delete("/guests/guest-1").await;
    assert_eq!(
        yes(&gone),
        json!({"success": true, "message": "Guest deleted successfully"})
    );
    let lost = r#"404 {"message":"Resource not found","success":false}"#;
    assert_eq!(line(&desk.delete("/guests/guest-1").await), lost);
    assert_eq!(line(&desk.get("/guests/guest-1").await), lost);
    assert_eq!(
        line(&desk.put("/guests/guest-1", json!({"notes": "x"})).await),
        lost
    );
    assert_eq!(line(&desk.patch("/guests/guest-1", json!({})).await), lost);
    assert_eq!(desk.list("/guests").await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_seated_guest_who_is_deleted_frees_the_table() {
    let desk = Desk::open().await;
    let guest = desk.seated("Ann", "table-7").await;
    yes(&desk.delete(&format!("/guests/{guest}")).await);
    assert_eq!(desk.state("table-7").await, "available null");
    assert_eq!(desk.floor().await["turns"], json!([]));
    desk.seated("Ben", "table-7").await;
}

#[tokio::test]
async fn whoever_reserved_and_is_still_expected_or_sits_cannot_be_deleted() {
    let desk = Desk::open().await;
    let mut lines = String::new();
    for status in [
        "Arrived",
        "Running Late",
        "Seated",
        "Finished",
        "Cancelled",
        "No Show",
    ] {
        let time = "2026-11-20T20:00:00";
        let body = json!({"first_name": "Ann", "party_size": 2, "status": status, "reservation_time": time});
        let guest = desk.guest(body).await;
        let answer = desk.delete(&format!("/guests/{guest}")).await;
        lines += &format!("{status}: {}\n", line(&answer));
    }
    // A walk-in that comes by a reservation afterwards, and is back on the waitlist.
    let guest = desk.waiting("Ben").await;
    let path = format!("/guests/{guest}");
    yes(&desk
        .put(&path, json!({"reservation_time": "2026-11-20T21:00:00"}))
        .await);
    lines += &format!("Waitlist: {}\n", line(&desk.delete(&path).await));
    yes(&desk.put(&path, json!({"status": "cancelled"})).await);
    lines += &format!("then cancelled: {}\n", line(&desk.delete(&path).await));
    expect![[r#"
        Arrived: 400 {"detail":"Cannot delete guest with active reservations"}
        Running Late: 400 {"detail":"Cannot delete guest with active reservations"}
        Seated: 400 {"detail":"Cannot delete guest with active reservations"}
        Finished: 200 {"message":"Guest deleted successfully","success":true}
        Cancelled: 200 {"message":"Guest deleted successfully","success":true}
        No Show: 200 {"message":"Guest deleted successfully","success":true}
        Waitlist: 400 {"detail":"Cannot delete guest with active reservations"}
        then cancelled: 200 {"message":"Guest deleted successfully","success":true}
    "#]]
    .assert_eq(&lines);
}
