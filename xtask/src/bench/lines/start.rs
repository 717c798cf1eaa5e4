//! From starting the program to serving, with a past on disk.

use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::bench::Bench;
use crate::bench::child::Measured;
use crate::bench::house;
use crate::bench::report::{Budget, Figure, Row};
use crate::bench::stats::Times;

const RESTAURANTS: &str = "50";

/// How often it is started on the finished past.
const STARTS: usize = 3;

/// The first start writes the past, the next ones are measured.
pub(crate) fn run(bench: &Bench) -> Result<Vec<Row>> {
    let days = bench.pick("60", "365");
    let data = bench.data("start");
    let start = |limit| {
        let mut command = house::demo(&bench.server, &data);
        command.args(["--history", days, "--restaurants", RESTAURANTS]);
        Measured::start(&mut command, &house::log_file(&data), limit)
    };
    let first = start(bench.pick(Duration::from_secs(30), Duration::from_secs(150)))?;
    let writing = first.start_time;
    first.stop()?;
    let mut took = Vec::new();
    for _ in 0..STARTS {
        let server = start(Duration::from_secs(10))?;
        took.push(server.start_time);
        server.stop()?;
    }
    let took = Times::new(took).context("it was never started")?;
    let row = Row::new(format!("start to serving, {days} days of history"), Figure::millis(took.median()))
        .budget(Budget::AtMost(300.0))
        .note(format!(
            "middle of {STARTS} starts, the longest {}; the demo house has the history, {RESTAURANTS} more are empty; \
             writing the history took {}",
            Figure::millis(took.max()),
            Figure::seconds(writing)
        ));
    Ok(vec![row])
}
