//! From a host's tap to the last of the restaurant's screens, with the change durable in between.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::task::JoinSet;
use tokio::time::sleep_until;

use super::WAIT_MAX;
use crate::bench::Bench;
use crate::bench::house::{self, House};
use crate::bench::limits::{bare_loop::BareLoop, sqlite};
use crate::bench::report::{Budget, Figure, Row};
use crate::bench::screens::Room;
use crate::bench::stats::Times;
use crate::bench::writers::Writer;

const RESTAURANTS: u64 = 200;
const SCREENS: u64 = 10;

/// Each restaurant makes one change in this time; they take turns, evenly.
const ROUND: Duration = Duration::from_secs(1);

/// 200 restaurants with 10 screens each, 200 changes a second over all.
pub(crate) async fn run(bench: &Bench) -> Result<Vec<Row>> {
    let server = house::open(
        &bench.server,
        &bench.data("latency"),
        &["--restaurants", &RESTAURANTS.to_string()],
    )?;
    let mut all_screens = Vec::new();
    let mut writers = Vec::new();
    for house in House::extra(&server, RESTAURANTS) {
        let mut screens = house.screens();
        screens.grow_to(SCREENS, WAIT_MAX).await?;
        screens.settle(WAIT_MAX).await?;
        writers.extend(house.writers(1).await?);
        all_screens.push(screens);
    }
    let disk_time = bench.pick(Duration::from_millis(300), Duration::from_secs(1));
    let mut disk = sqlite::fdatasync(&bench.scratch, disk_time)?;
    let rounds = bench.pick(6, 20);
    let began = Instant::now() + Duration::from_millis(50);
    let mut hosts = JoinSet::new();
    for (i, (writer, screens)) in writers.into_iter().zip(&all_screens).enumerate() {
        let first = began + ROUND.mul_f64(i as f64 / RESTAURANTS as f64);
        hosts.spawn_local(host(writer, Rc::clone(&screens.room), first, rounds));
    }
    let mut took = Vec::new();
    while let Some(ended) = hosts.join_next().await {
        took.extend(ended??);
    }
    let took = Times::new(took).context("nothing was heard")?;

    let mut bare = BareLoop::start(&bench.scratch).await?;
    bare.grow_to(SCREENS).await?;
    let (_, broadcast) = bare
        .trickle(bench.pick(400, 1000), Duration::from_millis(5))
        .await?;
    let broadcast = broadcast.context("the bare loop told nothing")?;
    // Half before, half after: the disk may be shared, and have better and worse moments.
    disk.extend(sqlite::fdatasync(&bench.scratch, disk_time)?);
    let disk = Times::new(disk).context("the disk never answered")?;
    Ok(rows(&took, &broadcast, &disk))
}

/// One restaurant's changes, one each round, and the time from each request until its last screen had the frame.
///
/// A change is judged when the next one is due: it has had a whole round by then.
async fn host(mut writer: Writer, room: Rc<Room>, first: Instant, rounds: u32) -> Result<Vec<Duration>> {
    let mut took = Vec::new();
    for round in 0..rounds {
        sleep_until((first + ROUND * round).into()).await;
        let expected = room.heard().changes + SCREENS;
        let started = Instant::now();
        writer.write().await?;
        sleep_until((first + ROUND * (round + 1) - Duration::from_millis(1)).into()).await;
        ensure!(
            room.heard().changes == expected,
            "a change was not heard on all screens within {ROUND:?}: {room}"
        );
        took.extend(room.latest().map(|latest| latest - started));
    }
    Ok(took)
}

fn rows(took: &Times, broadcast: &Times, disk: &Times) -> Vec<Row> {
    let row = |what: &str, pick: fn(&Times) -> Duration| {
        Row::new(
            format!("request to last screen, {RESTAURANTS} x {SCREENS}: {what}"),
            Figure::millis(pick(took)),
        )
        .beside(
            format!("bare loop to {SCREENS} screens, no disk, {what}"),
            Figure::millis(pick(broadcast)),
        )
        .beside(format!("fdatasync alone, {what}"), Figure::millis(pick(disk)))
    };
    vec![
        row("p50", Times::median),
        row("p99", |times| times.percentile(99)).budget(Budget::AtMost(1.5)),
        row("longest", Times::max).budget(Budget::AtMost(50.0)),
    ]
}
