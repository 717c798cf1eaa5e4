//! What it costs the server to tell one change to one screen.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::WAIT_MAX;
use crate::bench::Bench;
use crate::bench::child::Measured;
use crate::bench::house::{self, House};
use crate::bench::limits::bare_loop::{BareLoop, PILED_UP};
use crate::bench::limits::bare_loop_child::MESSAGE_BYTES;
use crate::bench::report::{Budget, Figure, Row};
use crate::bench::screens::{Heard, Screens};
use crate::bench::writers::{Lead, Writer, write_calmly, write_hard};

/// How many writers have a change in flight at saturation.
const IN_FLIGHT: usize = 16;

/// One change in this time is a low rate.
const PACE: Duration = Duration::from_millis(20);

/// After a screen fell behind, nobody knows how many changes are still to come: silence is the end then.
const SILENCE: Duration = Duration::from_millis(300);

/// Messages times screens that the bare loop is measured over.
const BARE_DELIVERIES: u64 = 1_000_000;

/// As many changes as the server can make, told to 500 and 2,000 screens of one restaurant.
pub(crate) async fn at_saturation(bench: &Bench) -> Result<Vec<Row>> {
    let time = bench.pick(Duration::from_secs(3), Duration::from_secs(8));
    let server = house::open(&bench.server, &bench.data("saturation"), &[])?;
    let house = House::demo(&server);
    let mut screens = house.screens();
    hard(&server, &screens, &house, time / 8).await?;
    let alone = hard(&server, &screens, &house, time / 2).await?;
    let mut bare = BareLoop::start(&bench.scratch).await?;
    let mut rows = Vec::new();
    for (n, budget) in [(500, 1.1), (2000, 0.7)] {
        screens.grow_to(n, WAIT_MAX).await?;
        screens.settle(WAIT_MAX).await?;
        let told = hard(&server, &screens, &house, time).await?;
        bare.grow_to(n).await?;
        let messages = bench.pick(BARE_DELIVERIES / 2, BARE_DELIVERIES) / n;
        let mut limits = Vec::new();
        for batch in [PILED_UP, told.changes_per_read(), 1] {
            limits.push((bare_loop_of(batch), bare.saturate(messages, batch).await?));
        }
        rows.extend(told.rows("fan-out at saturation", &alone, budget, &limits));
    }
    Ok(rows)
}

/// One change every 20 ms, told to 100 and 500 screens of one restaurant.
pub(crate) async fn at_a_low_rate(bench: &Bench) -> Result<Vec<Row>> {
    let changes = bench.pick(150, 400);
    let server = house::open(&bench.server, &bench.data("low-rate"), &[])?;
    let house = House::demo(&server);
    let mut screens = house.screens();
    let mut writer = house.writers(1).await?.remove(0);
    write_calmly(&mut writer, 10, PACE).await?;
    let alone = calm(&server, &screens, &mut writer, changes).await?;
    let mut bare = BareLoop::start(&bench.scratch).await?;
    let mut rows = Vec::new();
    for n in [100, 500] {
        screens.grow_to(n, WAIT_MAX).await?;
        screens.settle(WAIT_MAX).await?;
        writer = house.writers(1).await?.remove(0);
        let told = calm(&server, &screens, &mut writer, changes).await?;
        bare.grow_to(n).await?;
        let (one_each, _) = bare.trickle(changes, PACE).await?;
        let limits = [(bare_loop_of(1), one_each)];
        rows.extend(told.rows("fan-out, one change per 20 ms", &alone, 15.0, &limits));
    }
    Ok(rows)
}

fn bare_loop_of(batch: u64) -> String {
    let messages = if batch == 1 { "message" } else { "messages" };
    format!("bare loop, {batch} {messages} in one write(2)")
}

/// What the server did while being written to.
#[derive(Debug)]
struct Told {
    screens: u64,
    writes: u64,
    heard: Heard,
    cpu: Duration,
    time: Duration,
}

/// The writers are new each time: the server lets go of connections that are idle while screens come in.
async fn hard(server: &Measured, screens: &Screens, house: &House, time: Duration) -> Result<Told> {
    let lead = Lead::new(screens);
    let writers = house.writers(IN_FLIGHT).await?;
    let written = watch(server, screens, async {
        let (_, took) = write_hard(writers, time, lead.as_ref()).await?;
        Ok(took.len() as u64)
    });
    written.await
}

async fn calm(server: &Measured, screens: &Screens, writer: &mut Writer, changes: u64) -> Result<Told> {
    let write = async {
        write_calmly(writer, changes, PACE).await?;
        Ok(changes)
    };
    watch(server, screens, write).await
}

/// Measures the server from the start of `write`, which returns how many changes it made, until all are heard.
async fn watch(
    server: &Measured,
    screens: &Screens,
    write: impl Future<Output = Result<u64>>,
) -> Result<Told> {
    let room = &screens.room;
    let before = room.heard();
    let started = Instant::now();
    let cpu = server.cpu()?;
    let writes = write.await?;
    let expected = writes * screens.count();
    let all_heard = room.wait("all changes", WAIT_MAX, |room| {
        let heard = room.heard().since(before);
        heard.changes >= expected
            || heard.resets > 0 && room.latest().is_some_and(|it| it.elapsed() > SILENCE)
    });
    all_heard.await?;
    let told = Told {
        screens: screens.count(),
        writes,
        heard: room.heard().since(before),
        cpu: server.cpu()?.since(&cpu),
        time: started.elapsed(),
    };
    ensure!(told.writes > 0, "nothing was written");
    ensure!(
        told.screens == 0 || told.heard.changes > 0,
        "nothing was heard: {room}"
    );
    Ok(told)
}

impl Told {
    fn cpu_per_write(&self) -> Duration {
        self.cpu.div_f64(self.writes as f64)
    }

    /// How many changes had piled up for a screen when it read: at least what the server had put into one write.
    fn changes_per_read(&self) -> u64 {
        (self.heard.changes + self.heard.change_reads / 2) / self.heard.change_reads
    }

    /// One row for the deliveries, which the budget is about, and one for all that the server did meanwhile.
    fn rows(&self, name: &str, alone: &Told, budget: f64, limits: &[(String, Duration)]) -> [Row; 2] {
        let deliveries = self.heard.changes as f64;
        let writing = alone.cpu_per_write().mul_f64(self.writes as f64);
        let net = self.cpu.saturating_sub(writing).div_f64(deliveries);
        let all = self.cpu.div_f64(deliveries);
        let name = format!("{name}, {} screens: CPU per delivery", self.screens);
        let mut row =
            Row::new(format!("{name}, writes taken off"), Figure::micros(net)).budget(Budget::AtMost(budget));
        for (limit, time) in limits {
            row = row.beside(limit, Figure::micros(*time));
        }
        let row = row.note(format!(
            "{:.0} changes/s, {:.0} deliveries/s of {:.0} bytes (bare loop: {MESSAGE_BYTES}), \
             {:.1} in one read; a write alone costs {} of CPU",
            self.writes as f64 / self.time.as_secs_f64(),
            deliveries / self.time.as_secs_f64(),
            self.heard.change_bytes as f64 / deliveries,
            deliveries / self.heard.change_reads as f64,
            Figure::micros(alone.cpu_per_write()),
        ));
        let row = match self.heard.resets {
            0 => row,
            n => row.note(format!(
                "{n} times a screen fell behind and got a snapshot in place of changes"
            )),
        };
        [
            row,
            Row::new(format!("{name}, all the server did"), Figure::micros(all)),
        ]
    }
}
