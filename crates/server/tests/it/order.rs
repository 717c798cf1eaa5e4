//! P2: each restaurant's changes have one order, and everybody sees that one.

use crate::client::Screen;
use crate::door::Door;
use crate::house::House;
use crate::seen::Seen;
use crate::work::{serve_table, the_end};
use floor::{RestaurantId, Seq};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// A restaurant of the demo house on a busy evening.
struct Busy<'a> {
    house: &'a House,
    slug: &'static str,
    key: &'static str,
    tables: RangeInclusive<u64>,
    last_table: u64,
}

/// What everybody there was told.
struct Told {
    /// By each screen, the change frames it got.
    screens: Vec<Vec<Value>>,
    /// By each writer, the answers it got.
    writers: Vec<Vec<Value>>,
}

impl Busy<'_> {
    async fn evening(&self) -> Told {
        let early = join_all((0..8).map(|_| self.screen())).await;
        let mut watching: Vec<_> = early.into_iter().map(|it| tokio::spawn(it)).collect();
        let writing = join_all(self.tables.clone().map(|table_id| async move {
            let mut door = Door::mixed(self.house, self.slug, self.key, table_id).await;
            serve_table(&mut door, table_id, 5).await
        }));
        // These come when the evening has begun.
        let joining = join_all((0..8).map(|_| self.screen()));
        let (writers, late) = tokio::join!(writing, joining);
        watching.extend(late.into_iter().map(|it| tokio::spawn(it)));
        let mut door = Door::http(self.house, self.slug, self.key);
        door.accepted(&the_end(self.last_table)).await;
        let screens = join_all(watching).await.into_iter().map(|it| it.unwrap().changes);
        Told {
            screens: screens.collect(),
            writers,
        }
    }

    /// A screen that has its snapshot, and what it sees until the end.
    async fn screen(&self) -> impl Future<Output = Seen> + Send + 'static {
        let mut screen = Screen::connect(self.house.address, self.slug, "", Some(self.key))
            .await
            .unwrap();
        let mut seen = screen.snapshot().await;
        let last_table = self.last_table;
        async move {
            screen.watch_to_the_end(&mut seen, last_table).await;
            seen
        }
    }

    /// The journal's own log, in the shape of frames.
    async fn log(&self, restaurant_id: u64) -> BTreeMap<u64, Value> {
        let journal = self.house.floors.journal();
        let changes = journal
            .changes(RestaurantId(restaurant_id), Seq(0), usize::MAX)
            .await;
        let frames = changes.unwrap().into_iter().map(|it| {
            let frame = json!({"seq": it.seq, "at": it.at, "by": it.by, "events": it.events});
            (it.seq.0, frame)
        });
        frames.collect()
    }
}

impl Told {
    fn is_told_as_in(&self, log: &BTreeMap<u64, Value>) {
        let numbers: Vec<u64> = log.keys().copied().collect();
        let head = numbers.len() as u64;
        assert_eq!(numbers, (1..=head).collect::<Vec<_>>(), "1, 2, 3 … without gaps");
        for changes in &self.screens {
            let first = changes.first().unwrap()["seq"].as_u64().unwrap();
            let slice: Vec<_> = log.range(first..).map(|it| it.1.clone()).collect();
            let told: Vec<_> = changes.iter().map(as_logged).collect();
            assert_eq!(told, slice, "a screen is told the log from where it came in");
        }
        for answers in &self.writers {
            for pair in answers.windows(2) {
                assert!(pair[0]["seq"].as_u64() < pair[1]["seq"].as_u64());
            }
            for answer in answers {
                let logged = &log[&answer["seq"].as_u64().unwrap()];
                assert_eq!(
                    answer["events"], logged["events"],
                    "an answer names its own change"
                );
            }
        }
        let n_answers: usize = self.writers.iter().map(Vec::len).sum();
        let first = self.screens[0][0]["seq"].as_u64().unwrap();
        assert_eq!(
            head + 1 - first,
            n_answers as u64 + 1,
            "as many changes as accepted commands"
        );
    }
}

fn as_logged(frame: &Value) -> Value {
    json!({"seq": frame["seq"], "at": frame["at"], "by": frame["by"], "events": frame["events"]})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_in_two_busy_houses_is_told_their_own_evening_in_one_order() {
    let house = House::open().await;
    let harbour = Busy {
        house: &house,
        slug: "test-restaurant-1",
        key: "demo-key-restaurant-1",
        tables: 1..=12,
        last_table: 20,
    };
    let bistro = Busy {
        house: &house,
        slug: "bistro-2",
        key: "demo-key-restaurant-2",
        tables: 21..=24,
        last_table: 26,
    };
    let (at_harbour, at_bistro) = tokio::join!(harbour.evening(), bistro.evening());
    at_harbour.is_told_as_in(&harbour.log(1).await);
    at_bistro.is_told_as_in(&bistro.log(2).await);
}
