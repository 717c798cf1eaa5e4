//! What every engine must do, written once.
mod house;
use floor::Seq;
use house::{House, on_every_engine};

#[tokio::test]
async fn what_was_appended_is_there_after_reopening() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        house.evening(&journal, 3).await;
        let before = journal.changes(house.id, Seq::ZERO, 1000).await.unwrap();
        let digest = house.floor.digest();
        journal.close().await;

        let journal = place.open().await;
        assert_eq!(journal.changes(house.id, Seq::ZERO, 1000).await.unwrap(), before);
        let (floor, _) = journal.floor_at(house.id, house.head).await.unwrap().unwrap();
        assert_eq!(floor.digest(), digest);
    })
    .await;
}
