//! How many changes a second become durable over HTTP, and how long each takes.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::bench::Bench;
use crate::bench::house::{self, House};
use crate::bench::limits::sqlite::{self, GROUP};
use crate::bench::report::{Budget, Figure, Row};
use crate::bench::stats::Times;
use crate::bench::writers::{Lead, Writer, write_hard};

const IN_FLIGHT: usize = 16;

/// 16 changes in flight, once all in one restaurant, once each in its own.
pub(crate) async fn run(bench: &Bench) -> Result<Vec<Row>> {
    let time = bench.pick(Duration::from_secs(3), Duration::from_secs(10));
    let disk_time = bench.pick(Duration::from_secs(1), Duration::from_secs(3));
    let limits = Limits {
        single: sqlite::changes_per_second(&bench.scratch, 1, disk_time)?,
        grouped: sqlite::changes_per_second(&bench.scratch, GROUP, disk_time)?,
        fdatasync: sqlite::fdatasync(&bench.scratch, disk_time)?,
    };
    let server = house::open(
        &bench.server,
        &bench.data("writes"),
        &["--restaurants", &IN_FLIGHT.to_string()],
    )?;
    let house = House::demo(&server);
    let nobody = Lead::new(&house.screens());
    let one_house = house.writers(IN_FLIGHT).await?;
    let mut rows = measure("one restaurant", one_house, time, &nobody, &limits).await?;
    let mut each_its_own = Vec::new();
    for house in House::extra(&server, IN_FLIGHT as u64) {
        each_its_own.extend(house.writers(1).await?);
    }
    rows.extend(measure("16 restaurants", each_its_own, time, &nobody, &limits).await?);
    Ok(rows)
}

#[derive(Debug)]
struct Limits {
    single: f64,
    grouped: f64,
    fdatasync: Times,
}

async fn measure(
    whose: &str,
    writers: Vec<Writer>,
    time: Duration,
    nobody: &Rc<Lead>,
    limits: &Limits,
) -> Result<Vec<Row>> {
    let (writers, _) = write_hard(writers, time / 10, nobody).await?;
    let started = Instant::now();
    let (_, took) = write_hard(writers, time, nobody).await?;
    let rate = took.len() as f64 / started.elapsed().as_secs_f64();
    let took = Times::new(took).context("nothing was written")?;
    let name = format!("durable HTTP writes, 16 at a time, {whose}");
    let percentile = |what: &str, pick: fn(&Times) -> Duration| {
        Row::new(format!("{name}: {what}"), Figure::millis(pick(&took))).beside(
            format!("fdatasync alone, {what}"),
            Figure::millis(pick(&limits.fdatasync)),
        )
    };
    Ok(vec![
        Row::new(&name, Figure::per_second(rate))
            .budget(Budget::AtLeast(10_000.0))
            .beside("raw SQLite, single commits", Figure::per_second(limits.single))
            .beside(
                format!("raw SQLite, groups of {GROUP}"),
                Figure::per_second(limits.grouped),
            ),
        percentile("p50", Times::median),
        percentile("p99", |times| times.percentile(99)).budget(Budget::AtMost(5.0)),
        percentile("longest", Times::max),
    ])
}
