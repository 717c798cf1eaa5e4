//! Several tablets at once: a table has one party, and no write gets lost.

use super::desk::{Desk, at, plain, yes};
use crate::client::Client;
use futures_util::future::join_all;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_six_parties_at_one_table_one_sits_and_five_are_told_who_does() {
    let desk = Desk::open().await;
    let mut guests = Vec::new();
    for number in 0..6 {
        guests.push(desk.waiting(&format!("Party {number}")).await);
    }
    let tablets: Vec<Client> = (0..6).map(|_| desk.house.stranger()).collect();
    for round in 0..100 {
        let table = format!("table-{}", round % 20 + 1);
        let seat = json!({"status": "Seated", "table_id": table});
        let asked = guests.iter().zip(&tablets).map(|(guest, tablet)| {
            let (path, seat) = (at(&format!("/guests/{guest}")), seat.clone());
            async move { tablet.put(&path, &seat).await }
        });
        let answers = join_all(asked).await;
        let winners: Vec<_> = answers
            .iter()
            .zip(&guests)
            .filter(|it| it.0.status == 200)
            .map(|it| it.1)
            .collect();
        assert_eq!(winners.len(), 1, "round {round}");
        let winner = winners[0];
        for answer in answers.iter().filter(|it| it.status != 200) {
            assert_eq!(answer.status, 409, "{answer:?}");
            let told = answer.json();
            assert_eq!(told["code"], "table_taken");
            assert_eq!(
                (&told["table_id"], &told["held_by"]),
                (&json!(table), &json!(winner))
            );
            let free = told["free_table_ids"].as_array().unwrap();
            assert!(!free.is_empty() && free.len() <= 3 && !free.contains(&json!(table)));
        }
        for guest in &guests {
            let expected = if guest == winner {
                json!(table)
            } else {
                Value::Null
            };
            assert_eq!(desk.shown(guest).await["tableId"], expected, "round {round}");
        }
        assert_eq!(desk.state(&table).await, format!("occupied {winner}"));
        yes(&desk
            .put(&format!("/guests/{winner}"), json!({"status": "Waitlist"}))
            .await);
        assert_eq!(desk.state(&table).await, "available null");
    }
    desk.is_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_six_transactions_for_one_table_one_is_done() {
    let desk = Desk::open().await;
    for round in 0..20 {
        let table = format!("table-{}", round % 20 + 1);
        let asked = (0..6).map(|number| {
            let tablet = desk.house.stranger();
            let create = json!({"first_name": format!("Party {number}"), "party_size": 2, "table_id": table});
            let body = json!({"guests": [{"operation": "create", "data": create}]});
            async move { tablet.post("/transactions/atomic?restaurant_id=1", &body).await }
        });
        let mut statuses: Vec<_> = join_all(asked)
            .await
            .iter()
            .map(|it| it.status.as_u16())
            .collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409, 409, 409]);
    }
    assert_eq!(desk.ids("/guests").await.len(), 20);
    desk.is_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_table_that_four_clear_at_once_is_cleared_once() {
    let desk = Desk::open().await;
    for round in 0..25 {
        let guest = desk.seated("Ann", "table-7").await;
        let asked = (0..4).map(|_| {
            let tablet = desk.house.stranger();
            async move { tablet.put(&at("/tables/table-7/clear"), &json!({})).await }
        });
        let told: Vec<_> = join_all(asked).await.iter().map(yes).collect();
        let cleared: Vec<_> = told.iter().filter(|it| it.get("guest").is_some()).collect();
        assert_eq!(cleared.len(), 1, "round {round}");
        assert_eq!(cleared[0]["guest"]["id"], guest);
        assert_eq!(desk.state("table-7").await, "available null");
        assert_eq!(desk.shown(&guest).await["status"], "Finished");
    }
    desk.is_sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_tablets_that_change_different_things_of_a_guest_all_have_their_way() {
    let desk = Desk::open().await;
    let guest = desk.waiting("Ann").await;
    for round in 0..25 {
        let text = |field: &str| json!({field: format!("{field}{round}")});
        let bodies = [
            text("phone"),
            text("notes"),
            text("special_requests"),
            json!({"party_size": round + 1}),
        ];
        let asked = bodies.iter().map(|body| {
            let (tablet, path) = (desk.house.stranger(), at(&format!("/guests/{guest}")));
            async move { tablet.patch(&path, body).await }
        });
        for answer in join_all(asked).await {
            yes(&answer);
        }
        let shown = desk.shown(&guest).await;
        assert_eq!(shown["phone"], format!("phone{round}"));
        assert_eq!(shown["notes"], format!("notes{round}"));
        assert_eq!(shown["specialRequests"], format!("special_requests{round}"));
        assert_eq!(shown["partySize"], round + 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_first_and_a_last_name_that_are_changed_at_once_are_both_changed() {
    let desk = Desk::open().await;
    let guest = desk.waiting("Ann").await;
    let path = at(&format!("/guests/{guest}"));
    for round in 0..50 {
        let (one, other) = (desk.house.stranger(), desk.house.stranger());
        let (first, last) = (format!("Ann{round}"), format!("Bell{round}"));
        let (first_name, last_name) = (json!({"first_name": first}), json!({"last_name": last}));
        let (a, b) = tokio::join!(one.put(&path, &first_name), other.put(&path, &last_name),);
        yes(&a);
        yes(&b);
        let name = plain(&desk.shown(&guest).await["name"]);
        assert_eq!(name, format!("{first} {last}"), "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_four_tablets_that_put_up_one_table_one_does() {
    let desk = Desk::open().await;
    for round in 0..15 {
        let number = format!("N{round}");
        let body = json!({"table_number": number, "capacity": 2, "position": {"x": 0.5, "y": 0.5}});
        let asked = (0..4).map(|_| {
            let (tablet, body) = (desk.house.stranger(), body.clone());
            async move { tablet.post(&at("/tables"), &body).await }
        });
        let answers = join_all(asked).await;
        let n_made = answers.iter().filter(|it| it.status == 200).count();
        assert_eq!(n_made, 1);
        for answer in answers.iter().filter(|it| it.status != 200) {
            assert_eq!(
                answer.json(),
                json!({"detail": format!("Table {number} already exists")})
            );
        }
    }
}
