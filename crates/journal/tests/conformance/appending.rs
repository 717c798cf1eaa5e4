//! Appending: one order, all or nothing, durable.

use crate::house::{House, one, walk_in};
use crate::kind;
use crate::places::on_every_engine;
use floor::{Command, GuestFields, GuestId, GuestPatch, GuestWrite, Kind, PartyId, Patch, Seq, Text};
use jiff::SignedDuration;
use journal::{AddRestaurantError, Append, AppendError, StorageErrorKind};
use std::collections::BTreeSet;
use tokio::task::JoinSet;

#[tokio::test]
async fn what_was_appended_is_there_after_reopening() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        house.evening(&journal, 3).await;
        let before = journal.changes(house.id, Seq::ZERO, 1_000).await.unwrap();
        journal.close().await;

        let journal = place.open().await;
        let after = journal.changes(house.id, Seq::ZERO, 1_000).await.unwrap();
        assert_eq!(after, before);
    })
    .await;
}

#[tokio::test]
async fn the_second_writer_learns_who_was_first() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut first = House::open(&journal, "harbour").await;
        let mut second = House::resume(&journal, first.id).await;
        let head = first.head.next();
        let table_id = first.tables()[0];
        first.ask(&journal, walk_in(table_id, "Ada")).await;
        let late = second.draft(&journal, walk_in(table_id, "Grace")).await;

        let told = journal.append(one(late)).await;

        assert!(
            matches!(told, Err(AppendError::Conflict { restaurant_id, head: it })
            if restaurant_id == first.id && it == head)
        );
        assert_eq!(journal.head(first.id).await.unwrap(), head);
    })
    .await;
}

#[tokio::test]
async fn an_append_of_two_restaurants_is_all_or_nothing() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut here = House::open(&journal, "harbour").await;
        let mut there = House::open(&journal, "bistro").await;
        let mut stale = House::resume(&journal, there.id).await;
        let table_ids = (here.tables()[0], there.tables()[0]);
        let before = here.head;
        there.ask(&journal, walk_in(table_ids.1, "Ada")).await;
        let both = Append {
            changes: vec![
                here.draft(&journal, walk_in(table_ids.0, "Grace")).await,
                stale.draft(&journal, walk_in(table_ids.1, "Grace")).await,
            ],
        };

        let told = journal.append(both.clone()).await;
        assert!(
            matches!(told, Err(AppendError::Conflict { restaurant_id, .. }) if restaurant_id == there.id)
        );
        assert_eq!(journal.head(here.id).await.unwrap(), before);

        let second = there.draft(&journal, walk_in(there.tables()[1], "Grace")).await;
        let changes = vec![both.changes[0].clone(), second];
        journal.append(Append { changes }).await.unwrap();
        assert_eq!(journal.head(here.id).await.unwrap(), here.head);
        assert_eq!(journal.head(there.id).await.unwrap(), there.head);
    })
    .await;
}

#[tokio::test]
async fn an_append_may_hold_several_changes_of_a_restaurant() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let mut append = Append::default();
        for table_id in house.tables() {
            append
                .changes
                .push(house.draft(&journal, walk_in(table_id, "Ada")).await);
        }

        journal.append(append).await.unwrap();

        assert_eq!(journal.head(house.id).await.unwrap(), house.head);
    })
    .await;
}

#[tokio::test]
async fn changes_out_of_order_or_finer_than_a_microsecond_are_not_taken() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let before = house.head;
        let table_ids = house.tables();
        let first = house.draft(&journal, walk_in(table_ids[0], "Ada")).await;
        let second = house.draft(&journal, walk_in(table_ids[1], "Ada")).await;
        let mut fine = first.clone();
        fine.change.at += SignedDuration::from_nanos(1);

        let swapped = Append {
            changes: vec![second, first],
        };
        assert_eq!(kind(journal.append(swapped).await), Some(StorageErrorKind::Other));
        assert_eq!(
            kind(journal.append(one(fine)).await),
            Some(StorageErrorKind::Other)
        );
        assert_eq!(journal.head(house.id).await.unwrap(), before);
    })
    .await;
}

#[tokio::test]
async fn an_append_that_fails_takes_no_other_with_it() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut houses = Vec::new();
        for slug in ["a", "b", "c", "d", "e", "f", "g", "h"] {
            houses.push(House::open(&journal, slug).await);
        }
        let mut asked = JoinSet::new();
        for (n, house) in houses.iter_mut().enumerate() {
            let mut new = house.draft(&journal, walk_in(house.tables()[0], "Ada")).await;
            if n == 3 {
                // No engine has room for this id.
                new.guests.push(GuestWrite::Fields(GuestPatch {
                    guest_id: GuestId(u64::MAX),
                    party_id: Some(PartyId(1)),
                    fields: GuestFields::default(),
                }));
            }
            let journal = journal.clone();
            asked.spawn(async move { (n, journal.append(one(new)).await.is_ok()) });
        }

        for (n, is_taken) in asked.join_all().await {
            assert_eq!(is_taken, n != 3, "house {n}");
        }
        let head = journal.head(houses[3].id).await.unwrap();
        assert_eq!(head.next(), houses[3].head, "the failing one left nothing");
    })
    .await;
}

#[tokio::test]
async fn many_writers_of_one_restaurant_leave_no_gap() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let house = House::open(&journal, "harbour").await;
        let mut writers = JoinSet::new();
        for _ in 0..8 {
            let (journal, id) = (journal.clone(), house.id);
            writers.spawn(async move {
                let mut n_taken = 0;
                while n_taken < 10 {
                    let mut house = House::resume(&journal, id).await;
                    let party = house.draft(&journal, crate::house::party("Ada")).await;
                    match journal.append(one(party)).await {
                        Ok(()) => n_taken += 1,
                        Err(AppendError::Conflict { .. }) => {}
                        Err(it) => panic!("{it}"),
                    }
                }
            });
        }
        writers.join_all().await;

        let changes = journal.changes(house.id, house.head, 1_000).await.unwrap();
        let seqs: Vec<_> = changes.iter().map(|it| it.seq.0 - house.head.0).collect();
        assert_eq!(seqs, (1..=80).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn ids_are_handed_out_once() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        assert_eq!(journal.reserve_ids(Kind::Turn, 5).await.unwrap(), 1);
        let mut askers = JoinSet::new();
        for _ in 0..16 {
            let journal = journal.clone();
            askers.spawn(async move {
                let first = journal.reserve_ids(Kind::Turn, 10).await.unwrap();
                (first..first + 10).collect::<Vec<_>>()
            });
        }
        let all: BTreeSet<u64> = askers.join_all().await.concat().into_iter().collect();
        assert_eq!(all, (6..=165).collect());

        journal.close().await;
        let journal = place.open().await;
        assert_eq!(journal.reserve_ids(Kind::Turn, 1).await.unwrap(), 166);
        assert_eq!(journal.reserve_ids(Kind::Table, 1).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_slug_names_one_restaurant() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let id = journal.add_restaurant("harbour").await.unwrap();
        let again = journal.add_restaurant("harbour").await;
        assert!(matches!(again, Err(AddRestaurantError::SlugInUse { restaurant_id }) if restaurant_id == id));
        journal.add_restaurant("bistro").await.unwrap();
        let entries = journal.restaurants().await.unwrap();
        let slugs: Vec<_> = entries.iter().map(|it| (it.id.0, it.slug.as_str())).collect();
        assert_eq!(slugs, [(1, "harbour"), (2, "bistro")]);
    })
    .await;
}

#[tokio::test]
async fn a_party_s_new_name_leaves_the_rest_of_its_entry() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let party_id = house.add_party(&journal, "Ada").await;
        let update = floor::PartyPatch {
            phone: Patch::Set(Text::new("555 0100").unwrap()),
            ..floor::PartyPatch::of(party_id)
        };
        house.ask(&journal, Command::UpdateParty(update)).await;

        let guest_id = house.floor.parties[&party_id].guest_id;
        let (_, details) = journal.guests(house.id, &[guest_id]).await.unwrap().remove(0);
        assert_eq!(details.name, Some(Text::new("Ada").unwrap()));
        assert_eq!(details.phone, Some(Text::new("555 0100").unwrap()));
    })
    .await;
}
