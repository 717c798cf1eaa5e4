//! The read model of who works where.

use crate::house::{House, hire, one};
use crate::places::on_every_engine;
use crate::samples::{account, line, noon};
use floor::{Command, Label, Role, StaffId, StaffPatch};
use jiff::SignedDuration;
use journal::{Config, Journal, Member, Registration};

async fn members(journal: &Journal) -> Vec<Member> {
    journal.register(noon()).await.unwrap().members
}

fn update(staff_id: u64, name: Option<&str>, active: Option<bool>) -> Command {
    Command::UpdateStaff(StaffPatch {
        staff_id: StaffId(staff_id),
        name: name.map(|it| Label::new(it).unwrap()),
        roles: None,
        active,
    })
}

/// Two restaurants: Maria and Leo at the first, of whom Leo has left, and Zoe at the second.
async fn staffed(journal: &Journal) -> [House; 2] {
    let mut here = House::open(journal, "harbour").await;
    let mut there = House::open(journal, "bistro").await;
    let both = Command::Batch {
        commands: vec![hire("Maria"), hire("Leo")],
    };
    here.ask(journal, both).await;
    there.ask(journal, hire("Zoe")).await;
    here.ask(journal, update(2, None, Some(false))).await;
    [here, there]
}

#[tokio::test]
async fn members_are_what_the_last_change_about_them_says() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let [mut here, there] = staffed(&journal).await;
        here.ask(&journal, update(1, Some("Mary"), None)).await;
        let member = |house: &House, staff_id, name: &str, active| Member {
            restaurant_id: house.id,
            staff_id: StaffId(staff_id),
            name: name.to_owned(),
            roles: vec![Role::Waiter, Role::Host],
            active,
        };
        let expected = [
            member(&here, 1, "Mary", true),
            member(&here, 2, "Leo", false),
            member(&there, 3, "Zoe", true),
        ];
        assert_eq!(members(&journal).await, expected);
        let on_the_floor: Vec<_> = here.floor.staff.keys().copied().collect();
        assert_eq!(on_the_floor, [StaffId(1), StaffId(2)]);
    })
    .await;
}

#[tokio::test]
async fn an_append_that_is_refused_hires_nobody() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let [mut here, _] = staffed(&journal).await;
        let before = members(&journal).await;
        let mut second = House::resume(&journal, here.id).await;
        here.ask(&journal, crate::house::party("Ada")).await;
        let late = second.draft(&journal, hire("Ben")).await;
        journal.append(one(late)).await.unwrap_err();
        assert_eq!(members(&journal).await, before);
    })
    .await;
}

#[tokio::test]
async fn rebuilding_comes_to_the_same_members() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        staffed(&journal).await;
        let before = members(&journal).await;
        journal.close().await;
        place.meddle("DELETE FROM members WHERE staff_id = 1");
        place.meddle("UPDATE members SET active = 1 - active, name = 'Eve'");
        place.meddle(
            "INSERT INTO members (restaurant_id, staff_id, name, roles, active) VALUES (7, 7, 'Eve', '[]', 1)",
        );

        let journal = place.open().await;
        let audit = journal.audit(None, None, 100).await.unwrap();
        journal.rebuild_read_models().await.unwrap();
        assert_eq!(members(&journal).await, before);
        assert!(journal.check(|_| {}).await.unwrap().is_clean());
        assert_eq!(journal.audit(None, None, 100).await.unwrap(), audit);
    })
    .await;
}

#[tokio::test]
async fn a_journal_from_before_the_register_knows_its_members_once_it_is_opened() {
    on_every_engine(async |place| {
        let newer = Journal::open(&Config::in_folder(place.beside("newer")))
            .await
            .unwrap();
        let houses = staffed(&newer).await;
        place.make_format_1(&newer).await;

        let journal = place.open().await;
        assert_eq!(members(&journal).await, members(&newer).await);
        assert_eq!(
            journal.restaurants().await.unwrap(),
            newer.restaurants().await.unwrap()
        );
        assert_eq!(journal.check(|_| {}).await.unwrap().findings, []);
        assert_eq!(journal.audit(None, None, 10).await.unwrap(), []);

        let mut house = House::resume(&journal, houses[0].id).await;
        house.ask(&journal, update(2, None, Some(true))).await;
        journal
            .enter(vec![Registration::Account(account(2, "leo", None))], Vec::new())
            .await
            .unwrap();
        assert!(members(&journal).await[1].active);
        assert_eq!(journal.check(|_| {}).await.unwrap().findings, []);
    })
    .await;
}

#[tokio::test]
async fn a_restaurant_that_cannot_be_read_does_not_keep_an_older_journal_from_opening() {
    on_every_engine(async |place| {
        let newer = Journal::open(&Config::in_folder(place.beside("newer")))
            .await
            .unwrap();
        let [here, there] = staffed(&newer).await;
        place.make_format_1(&newer).await;
        place
            .meddle("UPDATE changes SET events = '[{\"event\":\"staff_' WHERE restaurant_id = 1 AND seq = 7");

        let journal = place.open().await;
        let left = members(&journal).await;
        assert_eq!(
            left.iter().map(|it| it.restaurant_id).collect::<Vec<_>>(),
            [there.id]
        );
        let report = journal.check(|_| {}).await.unwrap();
        assert_eq!(report.findings.len(), 1);
        assert_eq!(report.findings[0].restaurant_id, Some(here.id));
    })
    .await;
}

#[tokio::test]
async fn a_backup_holds_the_members_the_register_and_the_audit_list() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let [here, _] = staffed(&journal).await;
        let removed = Registration::Restaurant {
            restaurant_id: here.id,
            removed_at: Some(noon() + SignedDuration::from_hours(1)),
        };
        let writes = vec![Registration::Account(account(1, "maria", None)), removed];
        journal.enter(writes, vec![line(None, "removed")]).await.unwrap();
        let backup = place.beside("backup");
        journal.backup(&backup, |_| {}).await.unwrap();
        let config = Config::in_folder(place.beside("restored"));
        Journal::restore(&backup, &config).await.unwrap();

        let restored = Journal::open(&config).await.unwrap();
        assert_eq!(
            restored.register(noon()).await.unwrap(),
            journal.register(noon()).await.unwrap()
        );
        assert_eq!(
            restored.restaurants().await.unwrap(),
            journal.restaurants().await.unwrap()
        );
        assert_eq!(
            restored.audit(None, None, 100).await.unwrap(),
            journal.audit(None, None, 100).await.unwrap()
        );
        assert!(restored.check(|_| {}).await.unwrap().is_clean());
    })
    .await;
}
