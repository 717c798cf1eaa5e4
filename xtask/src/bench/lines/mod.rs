//! The lines of the budget table, one file for each question.

mod fanout;
mod latency;
mod memory;
mod start;
mod storm;
mod tablets;
mod writes;

use std::time::Duration;

use anyhow::Result;

use super::Bench;
use super::report::Row;

/// How long screens may take to get in and to hear what they must, before the line is called failed.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// What can be measured.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Line {
    Saturation,
    LowRate,
    Latency,
    Tablets,
    Writes,
    Memory,
    Storm,
    Start,
}

impl Line {
    /// In the order they run.
    pub(crate) const ALL: [Line; 8] = [
        Line::Saturation,
        Line::LowRate,
        Line::Latency,
        Line::Tablets,
        Line::Writes,
        Line::Memory,
        Line::Storm,
        Line::Start,
    ];

    /// What `--only` calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Line::Saturation => "saturation",
            Line::LowRate => "low-rate",
            Line::Latency => "latency",
            Line::Tablets => "tablets",
            Line::Writes => "writes",
            Line::Memory => "memory",
            Line::Storm => "storm",
            Line::Start => "start",
        }
    }

    /// After that it is given up.
    pub(crate) fn time_max(self) -> Duration {
        match self {
            Line::Start => Duration::from_secs(200),
            _ => Duration::from_secs(90),
        }
    }

    /// Measures it.
    pub(crate) async fn run(self, bench: &Bench) -> Result<Vec<Row>> {
        match self {
            Line::Saturation => fanout::at_saturation(bench).await,
            Line::LowRate => fanout::at_a_low_rate(bench).await,
            Line::Latency => latency::run(bench).await,
            Line::Tablets => tablets::run(bench).await,
            Line::Writes => writes::run(bench).await,
            Line::Memory => memory::run(bench).await,
            Line::Storm => storm::run(bench).await,
            Line::Start => start::run(bench),
        }
    }
}
