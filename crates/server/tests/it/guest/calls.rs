//! Calls from tables: raised on a phone, seen on every dashboard, answered there.

use super::{Phone, no};
use crate::dashboard::{Board, act, carry};
use crate::house::{House, evening};
use crate::visitors::{house_for_all, sign_in};
use expect_test::expect;
use hyper::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn a_call_is_on_every_dashboard_at_once_and_gone_when_somebody_has_come() {
    let house = House::open().await;
    let (mut one, _) = Board::connect(&house).await;
    let (mut other, _) = Board::connect(&house).await;
    let guest = Phone::join(&house, 4, "phone-a").await;
    one.frames().await;
    let id = guest.call("call_waiter", json!("A high chair, please")).await;
    // Whoever calls again for the same waits for the same.
    assert_eq!(guest.call("call_waiter", Value::Null).await, id);
    let frames = one.frames().await;
    let nickname = guest.text("nickname");
    let request = json!({
        "id": id, "table_id": 4, "table_number": 4, "request_type": "call_waiter", "member_name": nickname,
        "created_at": "2026-11-20T19:30:00.000000Z", "message": "A high chair, please",
    });
    assert_eq!(frames, [json!({"type": "waiter_request", "request": request})]);
    let listed = house.manager().get("/admin/api/waiter_requests").await.json();
    assert_eq!(listed, json!([request]));
    let mut late = Board::with_token(&house, super::super::dashboard::KEY).await;
    assert_eq!(late.next().await["type"], "tables_snapshot");
    assert_eq!(
        late.next().await,
        json!({"type": "pending_waiter_requests", "requests": [request]})
    );

    let answered = json!({"action": "resolve_waiter_request", "request_id": id});
    assert_eq!(one.outcome(answered.clone()).await, "waiter_request_resolved");
    let heard = other.frames().await;
    assert_eq!(
        heard.last().unwrap(),
        &json!({"type": "waiter_request_resolved", "request_id": id})
    );
    assert_eq!(
        one.outcome(answered).await,
        "request_not_found: Request not found"
    );
    assert_eq!(
        house.manager().get("/admin/api/waiter_requests").await.json(),
        json!([])
    );
    assert_ne!(guest.call("call_waiter", Value::Null).await, id);
}

#[tokio::test]
async fn every_failure_of_answering_a_call_has_its_code() {
    let house = house_for_all().await;
    let (mut board, _) = Board::connect(&house).await;
    let ask = |id: Value| json!({"action": "resolve_waiter_request", "request_id": id});
    let mut told = String::new();
    for frame in [
        json!({"action": "resolve_waiter_request"}),
        ask(Value::Null),
        ask(json!("")),
        ask(json!(7)),
        ask(json!("wr_00000001")),
        ask(json!("7")),
    ] {
        told += &format!("{}\n", board.outcome(frame).await);
    }
    expect![[r#"
        missing_request_id: Request ID required
        missing_request_id: Request ID required
        missing_request_id: Request ID required
        invalid_action: Invalid action format: request_id must be a text
        request_not_found: Request not found
        request_not_found: Request not found
    "#]]
    .assert_eq(&told);
    let guest = Phone::join(&house, 4, "phone-a").await;
    let id = guest.call("ask_for_bill", Value::Null).await;
    let (waiter, _) = sign_in(&house, "waiter", maitred::demo::PASSWORD).await;
    let mut watching = Board::with_token(&house, &waiter).await;
    watching.frames().await;
    assert_eq!(
        watching.outcome(ask(json!(id))).await,
        "forbidden: Your role does not allow this"
    );
    let path = format!("/admin/api/waiter_request/{id}/resolve");
    let post = async |client: crate::client::Client| client.post(&path, &Value::Null).await;
    assert_eq!(post(house.client(&waiter)).await.status, 403);
    assert_eq!(post(house.client("demo-key-restaurant-2")).await.status, 404);
    let done = post(house.manager()).await;
    assert_eq!(done.json()["data"]["message"], "Request resolved");
    let again = post(house.manager()).await;
    assert_eq!(no(&again), "404 request_not_found: Request not found");
}

#[tokio::test]
async fn calls_move_with_their_table_and_end_with_it() {
    let house = House::open().await;
    let guest = Phone::join(&house, 4, "phone-a").await;
    let water = guest.call("call_waiter", Value::Null).await;
    let bill = guest.call("ask_for_bill", Value::Null).await;
    let (mut board, _) = Board::connect(&house).await;
    assert_eq!(board.next().await["type"], "pending_waiter_requests");
    assert_eq!(board.outcome(carry(4, 9)).await, "4 open, 9 occupied 1");
    let listed = house.manager().get("/admin/api/waiter_requests").await.json();
    let places: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["table_id"])
        .collect();
    assert_eq!(places, [9, 9]);
    board.ask(act("close", 9)).await;
    let frames = board.frames().await;
    let resolved = |id: &str| json!({"type": "waiter_request_resolved", "request_id": id});
    assert_eq!(frames[..2], [resolved(&water), resolved(&bill)]);
    assert_eq!((frames.len(), &frames[2]["table"]["status"]), (3, &json!("open")));
    // However the turn ends, on whichever surface.
    assert_eq!(board.outcome(act("restore", 9)).await, "9 occupied 1");
    guest.call("call_waiter", Value::Null).await;
    board.frames().await;
    house
        .manager()
        .accepted(json!({"command": "close_turn", "turn_id": 1}))
        .await;
    assert_eq!(board.said().await, ["waiter_request_resolved", "9 open"]);
}

#[tokio::test]
async fn a_call_that_makes_no_sense_or_comes_too_late_is_refused() {
    let house = House::open().await;
    let guest = Phone::join(&house, 4, "phone-a").await;
    let post = async |body: Value| no(&guest.client.post("/waiter_request", &body).await);
    let mut told = String::new();
    for body in [
        json!({}),
        json!({"request_type": "dance"}),
        json!({"request_type": "call_waiter", "message": 7}),
        json!({"request_type": "call_waiter", "message": "m".repeat(1_001)}),
        json!(["call_waiter"]),
    ] {
        told += &format!("{}\n", post(body).await);
    }
    let call = json!({"request_type": "call_waiter"});
    told += &format!("{}\n", no(&house.stranger().post("/waiter_request", &call).await));
    told += &format!("{}\n", no(&house.manager().post("/waiter_request", &call).await));
    house
        .manager()
        .accepted(json!({"command": "close_turn", "turn_id": 1}))
        .await;
    told += &format!("{}\n", post(call.clone()).await);
    // A turn that is brought back takes its guests back.
    house
        .manager()
        .accepted(json!({"command": "restore_turn", "table_id": 4}))
        .await;
    guest.call("call_waiter", Value::Null).await;
    house.later(SignedDuration::from_hours(3));
    told += &format!("{}\n", post(call).await);
    expect![[r#"
        422 invalid_request: request_type must be call_waiter or ask_for_bill
        422 invalid_request: request_type must be call_waiter or ask_for_bill
        422 invalid_request: message must be a text of 1 to 1000 characters
        422 invalid_request: message must be a text of 1 to 1000 characters
        422 invalid_request: the body must be a JSON object
        401 missing_auth: Authorization header required
        403 invalid_auth: Invalid token
        410 session_closed: The table was closed: scan the code again or ask the staff
        403 invalid_auth: Invalid token
    "#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn what_a_guest_types_can_be_forgotten() {
    let house = House::open().await;
    let guest = Phone::join(&house, 4, "phone-a").await;
    guest.call("call_waiter", json!("For Zenobia")).await;
    let manager = house.manager();
    let floor = manager.floor().await;
    assert!(!floor["floor"].to_string().contains("Zenobia"));
    let guest_id = &floor["floor"]["calls"][0]["guest_id"];
    let entry = floor["guests"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["guest_id"] == *guest_id);
    assert_eq!(entry.unwrap()["notes"], "For Zenobia");
    let (mut board, _) = Board::connect(&house).await;
    let shown = board.next().await;
    assert_eq!(shown["requests"][0]["message"], "For Zenobia");
    let journal = house.floors.journal();
    let found = journal
        .find_guests(floor::RestaurantId(1), "zenob", 10)
        .await
        .unwrap();
    let found: Vec<Value> = found.iter().map(|it| json!(it.guest_id)).collect();
    assert_eq!(found, std::slice::from_ref(guest_id));
    manager
        .accepted(json!({"command": "erase_guest", "guest_id": guest_id}))
        .await;
    // Screens that show it are told at once.
    let again = board.frames().await;
    assert_eq!(again[0]["type"], "pending_waiter_requests");
    assert_eq!(
        (again.len(), &again[0]["requests"][0]["message"]),
        (1, &Value::Null)
    );
    let listed = manager.get("/admin/api/waiter_requests").await;
    assert_eq!(listed.json()[0]["message"], Value::Null);
    let changes = manager.get("/v1/restaurants/1/changes?after=0&limit=1000").await;
    assert!(!changes.text.contains("Zenobia"));
}

#[tokio::test]
async fn a_call_that_is_sent_twice_under_one_name_is_one_and_survives_a_stop() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open_at(folder.path(), 0).await;
    let guest = Phone::join(&house, 4, "phone-a").await;
    let token = guest.text("ws_token").to_owned();
    let send = async |house: &House, key: &str| {
        let body = json!({"request_type": "call_waiter", "message": "hello"}).to_string();
        let headers = [("idempotency-key", key)];
        let client = house.client(&token);
        client.send(Method::POST, "/waiter_request", &headers, body).await
    };
    let first = send(&house, "tap-1").await.json();
    assert_eq!(send(&house, "tap-1").await.json(), first);
    drop(house.stop().await);
    let house = House::open_at(folder.path(), 0).await;
    assert_eq!(send(&house, "tap-1").await.json(), first);
    let listed = house.manager().get("/admin/api/waiter_requests").await.json();
    assert_eq!(
        (listed.as_array().unwrap().len(), &listed[0]["message"]),
        (1, &json!("hello"))
    );
    assert_eq!(listed[0]["created_at"], format!("{:.6}", evening()));
}
