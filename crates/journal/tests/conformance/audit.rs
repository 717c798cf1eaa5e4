//! The audit list: in the order it was written, and of those restaurants only that were asked for.

use crate::house::{House, hire, one};
use crate::places::on_every_engine;
use crate::samples::{account, line, noon};
use floor::{By, Command, RestaurantId, StaffId, StaffPatch};
use jiff::SignedDuration;
use journal::{AppendError, AuditEntry, AuditRow, Journal, RegisterError, Registration};
use serde_json::json;

async fn write(journal: &Journal, lines: Vec<AuditEntry>) {
    journal.enter(Vec::new(), lines).await.unwrap();
}

/// What the lines tell, one word each.
fn words(rows: &[AuditRow]) -> Vec<&str> {
    rows.iter().map(|it| it.entry.what.as_str()).collect()
}

#[tokio::test]
async fn a_line_is_read_as_it_was_written() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let bare = AuditEntry {
            by: json!(null),
            facts: json!([]),
            address: None,
            ..line(None, "bare")
        };
        let lines = [line(Some(RestaurantId(3)), "full"), bare];
        write(&journal, lines.to_vec()).await;
        journal.close().await;

        let journal = place.open().await;
        let mut read = journal.audit(None, None, 10).await.unwrap();
        read.reverse();
        assert_eq!(read.iter().map(|it| it.number).collect::<Vec<_>>(), [1, 2]);
        assert!(read.iter().map(|it| &it.entry).eq(&lines));
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other_from_the_latest_line_back() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let here = Some(RestaurantId(1));
        let earlier = AuditEntry {
            at: noon() - SignedDuration::from_hours(1),
            ..line(here, "d")
        };
        let lines = vec![
            line(here, "a"),
            line(here, "b"),
            line(here, "c"),
            earlier,
            line(here, "e"),
        ];
        write(&journal, lines).await;
        for restaurants in [None, Some(&[RestaurantId(1)][..])] {
            let mut before = None;
            let mut pages = Vec::new();
            loop {
                let page = journal.audit(restaurants, before, 2).await.unwrap();
                let Some(last) = page.last() else { break };
                before = Some(last.number);
                pages.push(words(&page).concat());
            }
            assert_eq!(pages, ["ed", "cb", "a"]);
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_is_told_of_another_restaurant_or_of_none() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let of = |id| line(Some(RestaurantId(id)), &id.to_string());
        write(
            &journal,
            vec![of(1), of(2), line(None, "all"), of(3), of(1), of(2)],
        )
        .await;
        let ids = |ids: &[u64]| ids.iter().map(|it| RestaurantId(*it)).collect::<Vec<_>>();
        for (asked, limit, told) in [
            (vec![], 10, ""),
            (ids(&[1]), 10, "11"),
            (ids(&[3, 1]), 10, "131"),
            (ids(&[1, 3, 1]), 2, "13"),
            (ids(&[4]), 10, ""),
        ] {
            let rows = journal.audit(Some(&asked), None, limit).await.unwrap();
            assert_eq!(words(&rows).concat(), told, "{asked:?}");
        }
        let all = journal.audit(None, None, 10).await.unwrap();
        assert_eq!(words(&all), ["2", "1", "3", "all", "2", "1"]);
    })
    .await;
}

#[tokio::test]
async fn a_change_of_staff_is_told_with_who_did_it() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let mut hired = house.draft(&journal, hire("Maria")).await;
        let at = hired.change.at;
        hired.change.by = By {
            subject: None,
            staff_id: Some(StaffId(9)),
            key: None,
            surface: "v1".to_owned(),
        };
        journal.append(one(hired)).await.unwrap();
        let leaves = Command::UpdateStaff(StaffPatch {
            staff_id: StaffId(1),
            name: None,
            roles: None,
            active: Some(false),
        });
        house.ask(&journal, leaves).await;

        let rows = journal.audit(Some(&[house.id]), None, 10).await.unwrap();
        assert_eq!(words(&rows), ["staff_updated", "staff_added"]);
        assert_eq!(rows[0].entry.facts["active"], false);
        assert_eq!(rows[0].entry.facts["seq"], house.head.0);
        assert_eq!(
            rows[1].entry,
            AuditEntry {
                at,
                restaurant_id: Some(house.id),
                what: "staff_added".to_owned(),
                by: json!({"staff_id": 9, "surface": "v1"}),
                facts: json!({
                    "staff_id": 1, "name": "Maria", "roles": ["waiter", "host"], "active": true, "seq": 6
                }),
                address: None,
            }
        );
    })
    .await;
}

#[tokio::test]
async fn what_did_not_happen_is_not_told() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let mut second = House::resume(&journal, house.id).await;
        house.ask(&journal, crate::house::party("Ada")).await;
        let late = second.draft(&journal, hire("Maria")).await;
        let told = journal.append(one(late)).await;
        assert!(matches!(told, Err(AppendError::Conflict { .. })));

        let twins = [1, 2].map(|it| Registration::Account(account(it, "maria", None)));
        let told = journal.enter(twins.to_vec(), vec![line(None, "twins")]).await;
        assert!(matches!(told, Err(RegisterError::Taken { field: "login" })));
        assert_eq!(journal.audit(None, None, 10).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn lines_are_dropped_after_four_hundred_days_and_no_number_comes_twice() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let kept = SignedDuration::from_hours(400 * 24);
        let old = |hours| AuditEntry {
            at: noon() - kept - SignedDuration::from_hours(hours),
            ..line(None, "old")
        };
        write(&journal, vec![line(None, "new")]).await;
        write(&journal, (0..2_500).map(old).collect()).await;

        let tidied = journal.tidy_up(noon()).await.unwrap();
        assert_eq!(tidied.n_audit_rows, 2_499);
        write(&journal, vec![line(None, "newest")]).await;
        let rows = journal.audit(None, None, 10).await.unwrap();
        let numbers: Vec<_> = rows.iter().map(|it| it.number).collect();
        assert_eq!(numbers, [2_502, 2, 1]);

        journal.tidy_up(noon() + 2 * kept).await.unwrap();
        write(&journal, vec![line(None, "latest")]).await;
        assert_eq!(journal.audit(None, None, 10).await.unwrap()[0].number, 2_503);
    })
    .await;
}
