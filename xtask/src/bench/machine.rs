//! Facts without which a figure says little: the machine, who else is using it, the compiler, the commit.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long to look at what else the machine does.
const LOOK_AT_OTHERS: Duration = Duration::from_millis(300);

/// What runs the benchmark; an unknown fact is `null`.
pub(crate) fn facts() -> Value {
    json!({
        "cpu": cpu_model(),
        "cores": std::thread::available_parallelism().ok().map(|n| n.get()),
        "kernel": fs::read_to_string("/proc/sys/kernel/osrelease").ok().map(|it| it.trim().to_owned()),
        "rustc": said("rustc", &["--version"]),
        "commit": said("git", &["rev-parse", "--short=12", "HEAD"]),
        "uncommitted_changes": said("git", &["status", "--porcelain", "--untracked-files=no"]).map(|it| !it.is_empty()),
    })
}

/// The facts on one line.
pub(crate) fn summary(facts: &Value) -> String {
    let Some(facts) = facts.as_object() else {
        return String::new();
    };
    let fact = |(name, value): (&String, &Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{}: {value}", name.replace('_', " "))
    };
    facts.iter().map(fact).collect::<Vec<_>>().join(" | ")
}

/// How busy the cores are, in percent, while we do nothing: times measured on a busy machine tell of its other work.
pub(crate) fn busy_with_others() -> Option<u64> {
    let before = Cores::now()?;
    let until = Instant::now() + LOOK_AT_OTHERS;
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        thread::park_timeout(left);
    }
    let after = Cores::now()?;
    let all = after.all.checked_sub(before.all).filter(|&it| it > 0)?;
    Some(100 - 100 * after.idle.saturating_sub(before.idle).min(all) / all)
}

/// Ticks of all cores together.
#[derive(Debug, PartialEq, Eq)]
struct Cores {
    idle: u64,
    all: u64,
}

impl Cores {
    fn now() -> Option<Cores> {
        Cores::parse(&fs::read_to_string("/proc/stat").ok()?)
    }

    /// The first line: user, nice, system, idle, waiting for the disk, interrupts (two), stolen; guests are in user.
    fn parse(stat: &str) -> Option<Cores> {
        let fields = stat
            .lines()
            .next()?
            .strip_prefix("cpu ")?
            .split_ascii_whitespace();
        let ticks: Vec<u64> = fields.take(8).map(|it| it.parse().ok()).collect::<Option<_>>()?;
        Some(Cores {
            idle: ticks.get(3)? + ticks.get(4)?,
            all: ticks.iter().sum(),
        })
    }
}

fn cpu_model() -> Option<String> {
    let info = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = info.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn said(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_for_the_disk_is_idle_and_guests_are_not_counted_twice() {
        let stat = "cpu  10 1 5 80 4 0 0 2 7 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n";
        assert_eq!(Cores::parse(stat), Some(Cores { idle: 84, all: 102 }));
        assert_eq!(Cores::parse("intr 1 2 3"), None);
    }
}
