//! The check finds what was altered behind the journal's back, and says where.

use crate::house::House;
use crate::places::{Place, on_every_engine};
use floor::{GuestId, Kind, Seq, StaffId, TurnId};
use journal::{Finding, KeyName, KeyRecord, Problem};
use std::sync::{Arc, Mutex};

/// What the check finds after this was done to a restaurant of 12 changes: its opening, four tables,
/// three turns seated and closed, with a snapshot of the 9th and the 11th, and three people hired.
async fn found_after(place: &Place, sql: &[&str]) -> Vec<(Option<Seq>, Problem)> {
    let journal = place.open().await;
    let mut house = House::open(&journal, "harbour").await;
    house.evening(&journal, 2).await;
    journal.save_snapshot(&house.snapshot()).await.unwrap();
    let mut new = house
        .draft(&journal, crate::house::walk_in(house.tables()[0], "Ada"))
        .await;
    let name = KeyName {
        holder: "staff:2".to_owned(),
        key: "k1".to_owned(),
    };
    new.key = Some(KeyRecord {
        name,
        body_hash: [7; 32],
    });
    journal.append(crate::house::one(new)).await.unwrap();
    house
        .ask(&journal, floor::Command::CloseTurn { turn_id: TurnId(3) })
        .await;
    journal.save_snapshot(&house.snapshot()).await.unwrap();
    let commands = ["Maria", "Leo", "Zoe"].map(crate::house::hire).to_vec();
    house.ask(&journal, floor::Command::Batch { commands }).await;
    assert_eq!(journal.check(|_| {}).await.unwrap().findings, []);
    journal.close().await;
    for sql in sql {
        place.meddle(sql);
    }
    let journal = place.open().await;
    let report = journal.check(|_| {}).await.unwrap();
    assert!(
        report
            .findings
            .iter()
            .all(|it| it.restaurant_id == Some(house.id))
    );
    report.findings.into_iter().map(|it| (it.seq, it.what)).collect()
}

#[tokio::test]
async fn a_missing_change_is_found() {
    on_every_engine(async |place| {
        let found = found_after(&place, &["DELETE FROM changes WHERE seq = 4"]).await;
        assert_eq!(found, [(Some(Seq(5)), Problem::Gap { expected: Seq(4) })]);
    })
    .await;
}

#[tokio::test]
async fn an_unreadable_change_is_found() {
    on_every_engine(async |place| {
        let found = found_after(&place, &["UPDATE changes SET events = '[{]' WHERE seq = 4"]).await;
        assert!(matches!(
            found[..],
            [(Some(Seq(4)), Problem::UnreadableChange(_))]
        ));
    })
    .await;
}

#[tokio::test]
async fn an_altered_snapshot_is_found() {
    on_every_engine(async |place| {
        let alter = "UPDATE snapshots SET floor = replace(floor, 'house', 'pirates') WHERE seq = 9";
        let found = found_after(&place, &[alter]).await;
        assert!(matches!(
            found[..],
            [(Some(Seq(9)), Problem::SnapshotDiffers { .. })]
        ));
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_of_the_future_and_one_that_cannot_be_read_are_found() {
    on_every_engine(async |place| {
        let ahead = "UPDATE snapshots SET seq = 99 WHERE seq = 11";
        let torn = "UPDATE snapshots SET floor = '{' WHERE seq = 9";
        let found = found_after(&place, &[ahead, torn]).await;
        assert!(matches!(
            found[..],
            [
                (Some(Seq(9)), Problem::UnreadableSnapshot(_)),
                (Some(Seq(99)), Problem::SnapshotOfNothing),
            ]
        ));
    })
    .await;
}

#[tokio::test]
async fn altered_turns_are_found() {
    on_every_engine(async |place| {
        let found = found_after(
            &place,
            &[
                "UPDATE turns SET covers = 3 WHERE turn_id = 1",
                "DELETE FROM turns WHERE turn_id = 2",
                "INSERT INTO turns SELECT restaurant_id, 40, seq, party_id, waiter_id, table_ids, section_id,
                    plan_id, covers, opened_at, closed_at, seconds, forced, stage, local_date, local_hour,
                    weekday, business_date, business_weekday FROM turns WHERE turn_id = 3",
                "UPDATE turns SET stage = 'asleep' WHERE turn_id = 3",
            ],
        )
        .await;
        let turn = |it| TurnId(it);
        assert_eq!(
            found[0],
            (Some(Seq(7)), Problem::TurnDiffers { turn_id: turn(1) })
        );
        assert!(matches!(found[1], (None, Problem::UnreadableTurn(_))));
        assert_eq!(
            found[2],
            (Some(Seq(11)), Problem::TurnOfNothing { turn_id: turn(40) })
        );
        assert_eq!(
            found[3],
            (Some(Seq(9)), Problem::TurnMissing { turn_id: turn(2) })
        );
        assert_eq!(
            found[4],
            (Some(Seq(11)), Problem::TurnMissing { turn_id: turn(3) })
        );
        assert_eq!(found.len(), 5);
    })
    .await;
}

#[tokio::test]
async fn altered_members_are_found() {
    on_every_engine(async |place| {
        let found = found_after(
            &place,
            &[
                "INSERT INTO members (restaurant_id, staff_id, name, roles, active)
                    VALUES (1, 40, 'Eve', '[\"admin\"]', 1)",
                "UPDATE members SET roles = '[\"admin\"]' WHERE staff_id = 1",
                "DELETE FROM members WHERE staff_id = 2",
                "UPDATE members SET roles = '[\"owner\"]' WHERE staff_id = 3",
            ],
        )
        .await;
        let staff = |it| StaffId(it);
        assert_eq!(found[0], (None, Problem::MemberDiffers { staff_id: staff(1) }));
        assert!(matches!(found[1], (None, Problem::UnreadableMember(_))));
        assert_eq!(found[2], (None, Problem::MemberOfNothing { staff_id: staff(40) }));
        assert_eq!(found[3], (None, Problem::MemberMissing { staff_id: staff(2) }));
        assert_eq!(found[4], (None, Problem::MemberMissing { staff_id: staff(3) }));
        assert_eq!(found.len(), 5);
    })
    .await;
}

#[tokio::test]
async fn keys_guests_and_ids_that_lead_nowhere_are_found() {
    on_every_engine(async |place| {
        let found = found_after(
            &place,
            &[
                "UPDATE answers SET seq = 77",
                "UPDATE guests SET guest_id = 55 WHERE guest_id = 2",
                "UPDATE ids SET last = 2 WHERE kind = 'turn'",
            ],
        )
        .await;
        assert_eq!(
            found,
            [
                (None, Problem::GuestOfNothing(GuestId(55))),
                (Some(Seq(77)), Problem::AnswerOfNothing),
                (
                    Some(Seq(10)),
                    Problem::IdNotReserved {
                        kind: Kind::Turn,
                        id: 3
                    }
                ),
                (None, Problem::GuestMissing(GuestId(2))),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn changes_of_a_restaurant_that_was_never_added_are_found() {
    on_every_engine(async |place| {
        let found = found_after(&place, &["DELETE FROM restaurants"]).await;
        assert_eq!(found, [(None, Problem::NoSuchRestaurant)]);
    })
    .await;
}

#[tokio::test]
async fn a_check_tells_how_far_it_is_and_a_finding_reads_as_a_sentence() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let house = House::open(&journal, "harbour").await;
        House::open(&journal, "bistro").await;
        let told = Arc::new(Mutex::new(Vec::new()));
        let report = journal
            .check({
                let told = Arc::clone(&told);
                move |it| {
                    told.lock()
                        .unwrap()
                        .push((it.n_restaurants_done, it.n_restaurants, it.n_changes))
                }
            })
            .await
            .unwrap();
        assert!(report.is_clean());
        assert_eq!((report.n_restaurants, report.n_changes), (2, 10));
        assert_eq!(*told.lock().unwrap(), [(0, 2, 5), (1, 2, 10), (2, 2, 10)]);

        let finding = Finding {
            restaurant_id: Some(house.id),
            seq: Some(Seq(5)),
            what: Problem::Gap { expected: Seq(4) },
        };
        let text = "restaurant 1, change 5: the changes from 4 up to here are missing";
        assert_eq!(finding.to_string(), text);
    })
    .await;
}
