//! What an idle connection costs the server in memory.

use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use super::WAIT_MAX;
use crate::bench::Bench;
use crate::bench::house::{self, House};
use crate::bench::report::{Budget, Figure, Row};

const CONNECTIONS: u64 = 10_000;

/// What the server needs for its last snapshots to be away and its heap to be at rest.
const SETTLE: Duration = Duration::from_secs(2);

/// 10,000 WebSockets of one restaurant that hear nothing but heartbeats.
pub(crate) async fn run(bench: &Bench) -> Result<Vec<Row>> {
    let server = house::open(&bench.server, &bench.data("memory"), &[])?;
    let house = House::demo(&server);
    let mut screens = house.screens();
    let before = server.resident_bytes()?;
    screens.grow_to(CONNECTIONS, WAIT_MAX).await?;
    screens.settle(WAIT_MAX).await?;
    sleep(SETTLE).await;
    let after = server.resident_bytes()?;
    let each = after.saturating_sub(before) as f64 / CONNECTIONS as f64;
    let row = Row::new(
        format!("memory per idle connection, {CONNECTIONS} connections"),
        Figure::kibibytes(each),
    )
    .budget(Budget::AtMost(8.0))
    .note(format!(
        "resident memory of the server, kernel buffers not counted: {:.1} MiB before, {:.1} MiB with all",
        before as f64 / f64::from(1 << 20),
        after as f64 / f64::from(1 << 20),
    ));
    Ok(vec![row])
}
