//! The guest book: found while it is needed, gone when it is erased.

use crate::house::House;
use crate::kind;
use crate::places::on_every_engine;
use floor::{Command, GuestDetails, GuestId, PartyPatch, Patch, Text};
use journal::{Journal, StorageErrorKind};

#[tokio::test]
async fn an_erased_guest_s_name_is_in_no_file() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let table_id = house.tables()[0];
        house.seat(&journal, table_id, "Zenobia Quillfeather").await;
        house.add_party(&journal, "Ada Lovelace").await;
        assert!(place.holds(b"Quillfeather"));
        let guest = journal
            .find_guests(house.id, "quillFEATHER", 10)
            .await
            .unwrap()
            .remove(0);

        let was_known = journal.erase_guest(house.id, guest.guest_id).await.unwrap();

        assert!(was_known);
        assert!(!place.holds(b"Quillfeather"));
        assert!(place.holds(b"Lovelace"));
        let book = journal.guests(house.id, &[guest.guest_id]).await.unwrap();
        assert_eq!(book, [(guest.guest_id, GuestDetails::default())]);
        assert!(!journal.erase_guest(house.id, GuestId(4_711)).await.unwrap());
    })
    .await;
}

/// Entries that were moved about in the storage, grown and pushed out by others leave no traces either.
#[tokio::test]
async fn a_well_thumbed_book_forgets_as_well() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut houses = Vec::new();
        for slug in ["a", "b", "c"] {
            houses.push(House::open(&journal, slug).await);
        }
        let mut erased = Vec::new();
        for n in 0..200 {
            for house in &mut houses {
                let name = format!("Guest-{}-{n:03}-{}", house.id, "x".repeat(n * 7 % 90));
                let party_id = house.add_party(&journal, &name).await;
                if n % 40 == 0 {
                    // More than a page holds.
                    let notes = format!("{name}{}{name}", "🍷".repeat(800));
                    write_notes(house, &journal, party_id, &notes).await;
                } else if n % 3 == 0 {
                    write_notes(house, &journal, party_id, &name.repeat(n % 8 + 1)).await;
                }
                if n % 5 == 0 {
                    erased.push((
                        house.id,
                        house.floor.parties[&party_id].guest_id,
                        format!("Guest-{}-{n:03}-", house.id),
                    ));
                }
            }
        }
        for (restaurant_id, guest_id, _) in &erased {
            journal.erase_guest(*restaurant_id, *guest_id).await.unwrap();
        }
        for (_, _, name) in &erased {
            assert!(!place.holds(name.as_bytes()), "{name} is still there");
        }
        assert!(place.holds(b"Guest-1-001-"));
    })
    .await;
}

async fn write_notes(house: &mut House, journal: &Journal, party_id: floor::PartyId, notes: &str) {
    let patch = PartyPatch {
        notes: Patch::Set(Text::new(notes).expect("a note")),
        ..PartyPatch::of(party_id)
    };
    house.ask(journal, Command::UpdateParty(patch)).await;
}

#[tokio::test]
async fn an_erasure_that_a_reader_holds_up_can_be_repeated() {
    on_every_engine(async |place| {
        let journal = Journal::open(&place.impatient()).await.unwrap();
        let mut house = House::open(&journal, "harbour").await;
        let party_id = house.add_party(&journal, "Zenobia Quillfeather").await;
        let guest_id = house.floor.parties[&party_id].guest_id;
        let reader = place.read_on();

        let held_up = journal.erase_guest(house.id, guest_id).await;
        assert_eq!(kind(held_up), Some(StorageErrorKind::Busy));
        drop(reader);
        assert!(journal.erase_guest(house.id, guest_id).await.unwrap());
        assert!(!place.holds(b"Quillfeather"));
    })
    .await;
}

#[tokio::test]
async fn guests_are_found_by_part_of_their_name() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        for name in ["Élodie Brun", "Ada Lovelace", "élodie Noir", "100% Bob"] {
            house.add_party(&journal, name).await;
        }
        let other = House::open(&journal, "bistro").await;
        let find = async |id, text, limit| {
            let found = journal.find_guests(id, text, limit).await.unwrap();
            found
                .into_iter()
                .filter_map(|it| it.details.name)
                .map(String::from)
                .collect::<Vec<_>>()
        };
        assert_eq!(find(house.id, "ÉLODIE", 10).await, ["élodie Noir", "Élodie Brun"]);
        assert_eq!(find(house.id, "élodie", 1).await, ["élodie Noir"]);
        assert_eq!(find(house.id, "%", 10).await, ["100% Bob"]);
        assert!(find(other.id, "Ada", 10).await.is_empty());
    })
    .await;
}
