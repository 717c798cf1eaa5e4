//! Everybody comes back at once, as after a restart or when the Wi-Fi returns.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tokio::time::sleep;

use super::WAIT_MAX;
use crate::bench::Bench;
use crate::bench::house::{self, House};
use crate::bench::limits::bare_loop::BareLoop;
use crate::bench::report::{Budget, Figure, Row};
use crate::bench::stats::Times;

const CLIENTS: u64 = 2000;

/// What the server needs to notice that the last storm has left.
const CALM: Duration = Duration::from_millis(500);

/// 2,000 clients connect at once, and each gets the floor.
pub(crate) async fn run(bench: &Bench) -> Result<Vec<Row>> {
    let rounds = bench.pick(3, 5);
    let server = house::open(&bench.server, &bench.data("storm"), &[])?;
    let house = House::demo(&server);
    let mut served = Vec::new();
    for _ in 0..rounds {
        let mut screens = house.screens();
        let started = Instant::now();
        screens.storm(CLIENTS, WAIT_MAX).await?;
        screens.settle(WAIT_MAX).await?;
        served.extend(screens.room.latest().map(|latest| latest - started));
        drop(screens);
        sleep(CALM).await;
    }
    let mut bare = BareLoop::start(&bench.scratch).await?;
    let mut shaken = Vec::new();
    for _ in 0..rounds {
        shaken.push(bare.storm(CLIENTS).await?);
    }
    let served = Times::new(served).context("no storm was served")?;
    let shaken = Times::new(shaken).context("no storm was shaken hands with")?;
    let row = Row::new(
        format!("{CLIENTS} clients connect at once, each gets a snapshot"),
        Figure::seconds(served.median()),
    )
    .budget(Budget::AtMost(0.5))
    .beside("bare accept and upgrade answer", Figure::seconds(shaken.median()))
    .note(format!(
        "middle of {rounds} storms, the longest {}; the demo house of 20 tables, not the budget's 40",
        Figure::seconds(served.max())
    ));
    Ok(vec![row])
}
