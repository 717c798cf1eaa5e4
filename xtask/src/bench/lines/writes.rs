//! How many changes a second become durable over HTTP, and how long each takes.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::bench::Bench;
use crate::bench::house::{self, House};
use crate::bench::limits::sqlite::{self, GROUP};
use crate::bench::report::{Budget, Figure, Row};
use crate::bench::stats::Times;
use crate::bench::writers::{Writer, write_hard};

const IN_FLIGHT: usize = 16;

/// 16 changes in flight, once all in one restaurant, once each in its own.
pub(crate) async fn run(bench: &Bench) -> Result<Vec<Row>> {
    let extra = ["--restaurants", &IN_FLIGHT.to_string()];
    let server = house::open(&bench.server, &bench.data("writes"), &extra)?;
    let one_house = House::demo(&server).writers(IN_FLIGHT).await?;
    let mut rows = measure(bench, "one restaurant", one_house).await?;
    let mut each_its_own = Vec::new();
    for house in House::extra(&server, IN_FLIGHT as u64) {
        each_its_own.extend(house.writers(1).await?);
    }
    rows.extend(measure(bench, "16 restaurants", each_its_own).await?);
    Ok(rows)
}

/// What the disk allowed just before, as a shared disk has better and worse moments.
#[derive(Debug)]
struct Limits {
    single: f64,
    grouped: f64,
    fdatasync: Times,
}

impl Limits {
    fn measure(bench: &Bench) -> Result<Limits> {
        let time = bench.pick(Duration::from_millis(500), Duration::from_secs(2));
        Ok(Limits {
            single: sqlite::changes_per_second(&bench.scratch, 1, time)?,
            grouped: sqlite::changes_per_second(&bench.scratch, GROUP, time)?,
            fdatasync: Times::new(sqlite::fdatasync(&bench.scratch, time)?)
                .context("the disk never answered")?,
        })
    }
}

async fn measure(bench: &Bench, whose: &str, writers: Vec<Writer>) -> Result<Vec<Row>> {
    let limits = Limits::measure(bench)?;
    let time = bench.pick(Duration::from_secs(3), Duration::from_secs(10));
    let (writers, _) = write_hard(writers, time / 10, None).await?;
    let started = Instant::now();
    let (_, took) = write_hard(writers, time, None).await?;
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
