//! The states of a table: what is said, what becomes of whoever sits there, and how a table is cleared.

use super::desk::{Desk, line, plain, yes};
use expect_test::expect;
use serde_json::{Value, json};

#[tokio::test]
async fn a_table_can_be_said_to_be_in_each_state() {
    let desk = Desk::open().await;
    let words = [
        "available",
        "occupied",
        "reserved",
        "outOfService",
        "out_of_service",
    ];
    let mut lines = String::new();
    for from in words {
        for to in words {
            yes(&desk.put("/tables/table-7", json!({"status": "available"})).await);
            yes(&desk.put("/tables/table-7", json!({"status": from})).await);
            let answer = desk.put("/tables/table-7", json!({"status": to})).await;
            let told = if answer.status == 200 {
                plain(&answer.json()["status"])
            } else {
                format!("{} {}", answer.status, plain(&answer.json()["code"]))
            };
            lines += &format!("{from} to {to}: {told}\n");
        }
    }
    expect![[r#"
        available to available: available
        available to occupied: occupied
        available to reserved: reserved
        available to outOfService: outOfService
        available to out_of_service: outOfService
        occupied to available: available
        occupied to occupied: occupied
        occupied to reserved: reserved
        occupied to outOfService: outOfService
        occupied to out_of_service: outOfService
        reserved to available: available
        reserved to occupied: 409 Conflict table_reserved
        reserved to reserved: reserved
        reserved to outOfService: outOfService
        reserved to out_of_service: outOfService
        outOfService to available: available
        outOfService to occupied: 409 Conflict table_blocked
        outOfService to reserved: reserved
        outOfService to outOfService: outOfService
        outOfService to out_of_service: outOfService
        out_of_service to available: available
        out_of_service to occupied: 409 Conflict table_blocked
        out_of_service to reserved: reserved
        out_of_service to outOfService: outOfService
        out_of_service to out_of_service: outOfService
    "#]]
    .assert_eq(&lines);
    desk.is_sound().await;
}

#[tokio::test]
async fn whoever_sits_at_a_table_that_is_said_to_be_anything_but_occupied_has_finished() {
    for method in ["put", "patch"] {
        for word in ["available", "reserved", "outOfService"] {
            let desk = Desk::open().await;
            let guest = desk.seated("Ann", "table-7").await;
            let body = json!({"status": word});
            let told = if method == "put" {
                desk.put("/tables/table-7", body).await
            } else {
                desk.patch("/tables/table-7", body).await
            };
            let told = yes(&told);
            assert_eq!(
                (&told["status"], &told["currentGuestId"]),
                (&json!(word), &Value::Null)
            );
            assert_eq!(
                desk.stand(&guest).await,
                "Finished at null, seatedTime finishedTime",
                "{word}"
            );
            desk.is_sound().await;
        }
    }
}

#[tokio::test]
async fn whoever_waits_at_a_table_waits_on_without_it() {
    let desk = Desk::open().await;
    let guest = desk.waiting("Ann").await;
    yes(&desk
        .put(&format!("/guests/{guest}"), json!({"table_id": "table-7"}))
        .await);
    yes(&desk.put("/tables/table-7", json!({"status": "available"})).await);
    assert_eq!(desk.stand(&guest).await, "Waitlist at null, - -");
    assert_eq!(desk.state("table-7").await, "available null");
}

#[tokio::test]
async fn an_occupied_table_needs_no_name_and_a_guest_may_join_it() {
    let desk = Desk::open().await;
    let told = yes(&desk.put("/tables/table-7", json!({"status": "occupied"})).await);
    assert_eq!(
        (&told["status"], &told["currentGuestId"]),
        (&json!("occupied"), &Value::Null)
    );
    let turn = desk.floor().await["turns"][0]["id"].clone();
    // Said again, nothing changes.
    yes(&desk.put("/tables/table-7", json!({"status": "occupied"})).await);
    let guest = desk.seated("Ann", "table-7").await;
    let turns = desk.floor().await["turns"].clone();
    assert_eq!((turns.as_array().unwrap().len(), &turns[0]["id"]), (1, &turn));
    assert_eq!(desk.state("table-7").await, format!("occupied {guest}"));
    let other = desk.waiting("Ben").await;
    let answer = desk
        .put(&format!("/guests/{other}"), json!({"table_id": "table-7"}))
        .await;
    assert_eq!(answer.status, 409);
    assert_eq!(answer.json()["held_by"], guest);
    desk.is_sound().await;
}

#[tokio::test]
async fn a_guest_is_seated_from_the_table_in_either_spelling() {
    let desk = Desk::open().await;
    for (table, body) in [
        ("table-1", json!({"current_guest_id": "guest-1"})),
        ("table-2", json!({"currentGuestId": "guest-2"})),
        ("table-3", json!({"status": "occupied", "current_guest_id": 3})),
        (
            "table-4",
            json!({"status": "occupied", "currentGuestId": "4", "section": "Terrace"}),
        ),
    ] {
        let guest = desk.waiting("Ann").await;
        let told = yes(&desk.put(&format!("/tables/{table}"), body).await);
        assert_eq!(
            (&told["status"], &told["currentGuestId"]),
            (&json!("occupied"), &json!(guest))
        );
        assert_eq!(
            desk.stand(&guest).await,
            format!("Seated at {table}, seatedTime -")
        );
    }
    // Somebody else's table is not to be had from this side either.
    let before = desk.standing().await;
    let answer = desk
        .put("/tables/table-1", json!({"current_guest_id": "guest-2"}))
        .await;
    assert_eq!(answer.status, 409);
    assert_eq!(answer.json()["code"], "table_taken");
    assert_eq!(answer.json()["held_by"], "guest-1");
    assert_eq!(desk.standing().await, before);
    // Free, a table takes the guest of another.
    yes(&desk
        .patch("/tables/table-5", json!({"current_guest_id": "guest-2"}))
        .await);
    assert_eq!(desk.state("table-2").await, "available null");
    assert_eq!(desk.state("table-5").await, "occupied guest-2");
    // An empty id is nobody.
    yes(&desk.put("/tables/table-5", json!({"currentGuestId": ""})).await);
    assert_eq!(desk.state("table-5").await, "available null");
    desk.is_sound().await;
}

#[tokio::test]
async fn a_table_that_is_not_occupied_has_no_guest_whatever_is_written() {
    let desk = Desk::open().await;
    let guest = desk.waiting("Ann").await;
    for word in ["available", "reserved", "outOfService"] {
        let body = json!({"status": word, "current_guest_id": guest});
        let answer = desk.put("/tables/table-7", body).await;
        assert!([200, 400].contains(&answer.status.as_u16()), "{answer:?}");
        assert!(desk.table("table-7").await["currentGuestId"].is_null());
        desk.is_sound().await;
    }
}

#[tokio::test]
async fn a_dirty_table_is_out_of_service_with_a_word_of_its_own_and_is_only_cleaned_by_saying_so() {
    let desk = Desk::open().await;
    desk.manager(json!({"command": "set_table_state", "table_id": 7, "state": "dirty"}))
        .await;
    assert_eq!(desk.state("table-7").await, "outOfService null, needs cleaning");
    // The word that it is shown by, written back.
    let told = yes(&desk
        .put("/tables/table-7", json!({"status": "outOfService"}))
        .await);
    assert_eq!(told["needsCleaning"], true);
    yes(&desk.put("/tables/table-7", json!({"status": "available"})).await);
    assert_eq!(desk.state("table-7").await, "available null");
    for state in ["blocked", "maintenance"] {
        desk.manager(json!({"command": "set_table_state", "table_id": 8, "state": state}))
            .await;
        assert_eq!(desk.state("table-8").await, "outOfService null");
        yes(&desk
            .put("/tables/table-8", json!({"status": "outOfService"}))
            .await);
        let floor = desk.floor().await;
        assert_eq!(floor["tables"][7]["state"], state);
    }
    // Out of service as this stand says it is blocked.
    yes(&desk
        .put("/tables/table-9", json!({"status": "out_of_service"}))
        .await);
    assert_eq!(desk.floor().await["tables"][8]["state"], "blocked");
}

#[tokio::test]
async fn where_tables_are_cleaned_first_a_table_is_left_dirty() {
    let desk = Desk::open().await;
    desk.manager(json!({"command": "change_settings", "clean_after_close": true}))
        .await;
    let guest = desk.seated("Ann", "table-7").await;
    yes(&desk
        .put(&format!("/guests/{guest}"), json!({"status": "Finished"}))
        .await);
    assert_eq!(desk.state("table-7").await, "outOfService null, needs cleaning");
    desk.seated("Ben", "table-8").await;
    yes(&desk.put("/tables/table-8/clear", json!({})).await);
    assert_eq!(desk.state("table-8").await, "outOfService null, needs cleaning");
    let moved = desk.seated("Cleo", "table-9").await;
    yes(&desk
        .put(&format!("/guests/{moved}"), json!({"table_id": "table-10"}))
        .await);
    assert_eq!(desk.state("table-10").await, format!("occupied {moved}"));
    // Available, when that is what is said.
    yes(&desk.put("/tables/table-10", json!({"status": "available"})).await);
    assert_eq!(desk.state("table-10").await, "available null");
    desk.is_sound().await;
}

#[tokio::test]
async fn a_cleared_table_is_free_and_its_guest_has_finished() {
    let desk = Desk::open().await;
    desk.seated("Ann", "table-7").await;
    let told = desk.put("/tables/table-7/clear", json!({})).await;
    expect![[r#"
        {
          "guest": {
            "assignedTableId": null,
            "finishedTime": "2026-11-20T19:30:00",
            "id": "guest-1",
            "lastUpdated": "2026-11-20T19:30:00",
            "status": "finished"
          },
          "message": "Table 7 cleared",
          "success": true,
          "table": {
            "currentGuestId": null,
            "id": "table-7",
            "lastUpdated": "2026-11-20T19:30:00",
            "status": "available"
          }
        }
    "#]]
    .assert_eq(&(serde_json::to_string_pretty(&yes(&told)).unwrap() + "\n"));
    assert_eq!(
        desk.stand("guest-1").await,
        "Finished at null, seatedTime finishedTime"
    );
    // Nobody sits there any more; without a body and with a slash it goes as well.
    let again = desk
        .tablet
        .send(
            hyper::Method::PUT,
            "/restaurants/1/tables/7/clear/",
            &[],
            String::new(),
        )
        .await;
    let again = yes(&again);
    assert_eq!(again["success"], true);
    assert_eq!(again["table"]["status"], "available");
    assert_eq!(again.get("guest"), None);
}

#[tokio::test]
async fn what_clearing_says_of_a_guest_is_what_the_list_says() {
    let desk = Desk::open().await;
    for word in ["Waitlist", "Arrived", "Running Late", "Seated"] {
        let guest = desk.waiting("Ann").await;
        let path = format!("/guests/{guest}");
        yes(&desk.put(&path, json!({"status": word})).await);
        yes(&desk.put(&path, json!({"table_id": "table-7"})).await);
        let told = yes(&desk.put("/tables/table-7/clear", json!({})).await);
        let shown = desk.shown(&guest).await;
        assert_eq!(shown["tableId"], Value::Null);
        // Who was not called seated goes on waiting, and is not told to have finished.
        if word != "Seated" {
            assert_eq!((&shown["status"], told.get("guest")), (&json!(word), None));
            continue;
        }
        assert_eq!(shown["status"], "Finished");
        assert_eq!(
            told["guest"],
            json!({"id": guest, "status": "finished", "assignedTableId": null,
                "finishedTime": shown["finishedTime"], "lastUpdated": shown["lastUpdated"]})
        );
    }
}

#[tokio::test]
async fn a_table_without_a_name_is_cleared_too() {
    let desk = Desk::open().await;
    for word in ["occupied", "reserved", "outOfService"] {
        yes(&desk.put("/tables/table-7", json!({"status": word})).await);
        let told = yes(&desk.put("/tables/table-7/clear", json!({})).await);
        assert_eq!(told["table"]["status"], "available");
        assert_eq!(told["table"]["currentGuestId"], Value::Null);
        assert_eq!(told.get("guest"), None);
        assert_eq!(desk.state("table-7").await, "available null");
    }
    assert_eq!(
        line(&desk.put("/tables/table-77/clear", json!({})).await),
        r#"404 {"message":"Resource not found","success":false}"#
    );
}
