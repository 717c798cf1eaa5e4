//! From a tablet's write to the last of the restaurant's tablets, in the host stand's protocol.

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
const TABLETS: u64 = 10;

/// Each restaurant makes one change in this time; they take turns, evenly.
const ROUND: Duration = Duration::from_secs(1);

/// One write: until it was answered, and until the last tablet had the frame.
struct Took {
    answer: Duration,
    frame: Duration,
}

/// 200 restaurants with 10 tablets each, 200 writes a second over all.
pub(crate) async fn run(bench: &Bench) -> Result<Vec<Row>> {
    let server = house::open(
        &bench.server,
        &bench.data("tablets"),
        &["--restaurants", &RESTAURANTS.to_string()],
    )?;
    let mut all_tablets = Vec::new();
    let mut writers = Vec::new();
    for house in House::extra(&server, RESTAURANTS) {
        let mut tablets = house.tablets();
        tablets.grow_to(TABLETS, WAIT_MAX).await?;
        tablets.settle(WAIT_MAX).await?;
        writers.push(house.tablet_writer().await?);
        all_tablets.push(tablets);
    }
    let rounds = bench.pick(6, 20);
    let began = Instant::now() + Duration::from_millis(50);
    let mut hosts = JoinSet::new();
    for (i, (writer, tablets)) in writers.into_iter().zip(&all_tablets).enumerate() {
        let first = began + ROUND.mul_f64(i as f64 / RESTAURANTS as f64);
        hosts.spawn_local(host(writer, Rc::clone(&tablets.room), first, rounds));
    }
    let mut took = Vec::new();
    while let Some(ended) = hosts.join_next().await {
        took.extend(ended??);
    }
    let mut bare = BareLoop::start(&bench.scratch).await?;
    bare.grow_to(TABLETS).await?;
    let (_, broadcast) = bare
        .trickle(bench.pick(400, 1000), Duration::from_millis(5))
        .await?;
    let broadcast = broadcast.context("the bare loop told nothing")?;
    let disk = sqlite::fdatasync(
        &bench.scratch,
        bench.pick(Duration::from_millis(300), Duration::from_secs(1)),
    )?;
    let disk = Times::new(disk).context("the disk never answered")?;
    // A frame that came before the answer was not late.
    let late = took.iter().map(|it| it.frame.saturating_sub(it.answer)).collect();
    let late = Times::new(late).context("nothing was heard")?;
    let whole = Times::new(took.iter().map(|it| it.frame).collect()).context("nothing was heard")?;
    Ok(rows(&late, &whole, &broadcast, &disk))
}

/// One restaurant's writes, one each round. A write is judged when the next one is due.
async fn host(mut writer: Writer, room: Rc<Room>, first: Instant, rounds: u32) -> Result<Vec<Took>> {
    let mut took = Vec::new();
    for round in 0..rounds {
        sleep_until((first + ROUND * round).into()).await;
        let expected = room.heard().changes + TABLETS;
        let started = Instant::now();
        writer.write().await?;
        let answer = started.elapsed();
        sleep_until((first + ROUND * (round + 1) - Duration::from_millis(1)).into()).await;
        ensure!(
            room.heard().changes == expected,
            "a write was not heard on all tablets within {ROUND:?}: {room}"
        );
        let latest = room.latest().context("a tablet heard nothing")?;
        took.push(Took {
            answer,
            frame: latest - started,
        });
    }
    Ok(took)
}

fn rows(late: &Times, whole: &Times, broadcast: &Times, disk: &Times) -> Vec<Row> {
    let row = |what: &str, pick: fn(&Times) -> Duration| {
        let behind = Row::new(
            format!("host stand, answer to last tablet, {RESTAURANTS} x {TABLETS}: {what}"),
            Figure::millis(pick(late)),
        );
        let request = Row::new(
            format!("host stand, request to last tablet, {RESTAURANTS} x {TABLETS}: {what}"),
            Figure::millis(pick(whole)),
        )
        .beside(
            format!("bare loop to {TABLETS} screens, no disk, {what}"),
            Figure::millis(pick(broadcast)),
        )
        .beside(format!("fdatasync alone, {what}"), Figure::millis(pick(disk)));
        [behind, request]
    };
    let [late_p50, p50] = row("p50", Times::median);
    let [late_p99, p99] = row("p99", |times| times.percentile(99));
    let [late_max, max] = row("longest", Times::max);
    vec![
        late_p50,
        late_p99,
        late_max.budget(Budget::AtMost(50.0)),
        p50,
        p99,
        max,
    ]
}
