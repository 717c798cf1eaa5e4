//! What the kernel says about a process: CPU time used and memory resident.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// `/proc/PID/stat` counts CPU time in hundredths of a second on Linux, whatever the kernel's own tick.
const TICK: Duration = Duration::from_millis(10);

/// The CPU time of a process up to one moment.
#[derive(Debug)]
pub(crate) struct CpuTime {
    /// Exact, by thread, but a thread that ends takes its figure away.
    by_thread: BTreeMap<u32, Duration>,
    /// In ticks, ended threads included.
    ticks: Duration,
}

impl CpuTime {
    /// The CPU time that process `pid` has used so far.
    pub(crate) fn of(pid: u32) -> Result<CpuTime> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("the process is gone")?;
        let mut by_thread = BTreeMap::new();
        for task in fs::read_dir(format!("/proc/{pid}/task"))? {
            let task = task?;
            // A thread may end between being listed and being read.
            let Ok(schedstat) = fs::read_to_string(task.path().join("schedstat")) else {
                continue;
            };
            let thread = task.file_name().to_string_lossy().parse().context("thread id")?;
            by_thread.insert(thread, parse_schedstat(&schedstat).context("/proc schedstat")?);
        }
        Ok(CpuTime {
            by_thread,
            ticks: parse_stat(&stat).context("/proc stat")?,
        })
    }

    /// CPU time used from `earlier` until `self`.
    pub(crate) fn since(&self, earlier: &CpuTime) -> Duration {
        let all_alive = earlier
            .by_thread
            .keys()
            .all(|thread| self.by_thread.contains_key(thread));
        let exact: Duration = self
            .by_thread
            .iter()
            .map(|(thread, now)| {
                now.saturating_sub(earlier.by_thread.get(thread).copied().unwrap_or_default())
            })
            .sum();
        if all_alive && !exact.is_zero() {
            exact
        } else {
            self.ticks.saturating_sub(earlier.ticks)
        }
    }
}

/// Resident memory of process `pid`, in bytes.
pub(crate) fn resident_bytes(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("the process is gone")?;
    parse_resident(&status).context("/proc status has no VmRSS")
}

/// User plus system time; the process name before them may hold spaces and brackets.
fn parse_stat(stat: &str) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(TICK * (user + system))
}

/// The first figure is the time on a CPU in nanoseconds.
fn parse_schedstat(schedstat: &str) -> Option<Duration> {
    let nanos = schedstat.split_ascii_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}

fn parse_resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_user_plus_system_even_behind_an_odd_name() {
        let stat = "9450 (a b) c) S 1 9448 7104 0 -1 4194304 93 79 1 0 21 4 0 0 20 0 1 0 147655 2654208 357";
        assert_eq!(parse_stat(stat), Some(Duration::from_millis(250)));
        assert_eq!(parse_stat("nonsense"), None);
    }

    #[test]
    fn schedstat_is_in_nanoseconds() {
        assert_eq!(
            parse_schedstat("216843327 151987 12\n"),
            Some(Duration::from_nanos(216_843_327))
        );
        assert_eq!(parse_schedstat(""), None);
    }

    #[test]
    fn resident_memory_is_read_in_kibibytes() {
        let status = "VmPeak:\t  999 kB\nVmRSS:\t    1504 kB\nThreads:\t3\n";
        assert_eq!(parse_resident(status), Some(1504 * 1024));
        assert_eq!(parse_resident("VmPeak:\t  999 kB\n"), None);
    }

    #[test]
    fn an_ended_thread_turns_to_the_ticks_that_remember_it() {
        let reading = |threads: &[(u32, u64)], ticks| CpuTime {
            by_thread: threads
                .iter()
                .map(|&(id, ms)| (id, Duration::from_millis(ms)))
                .collect(),
            ticks: TICK * ticks,
        };
        let earlier = reading(&[(1, 100), (2, 50)], 15);
        assert_eq!(
            reading(&[(1, 103), (2, 50), (3, 4)], 16).since(&earlier),
            Duration::from_millis(7)
        );
        assert_eq!(
            reading(&[(1, 103)], 16).since(&earlier),
            Duration::from_millis(10)
        );
    }

    #[test]
    fn this_very_process_can_be_read() -> Result<()> {
        let pid = std::process::id();
        assert!(resident_bytes(pid)? > 100_000);
        let earlier = CpuTime::of(pid)?;
        assert!(CpuTime::of(pid)?.since(&earlier) < Duration::from_secs(5));
        Ok(())
    }
}
