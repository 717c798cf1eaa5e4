//! Finds and ends processes that a test started and did not stop: a browser, a server.
//!
//! Everything we start carries a mark of ours in its environment, and so does everything that it starts
//! in turn, in whatever group or session. Linux shows the environment of a process under `/proc`;
//! elsewhere nothing is found and nothing ended.

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::thread;

const NAME: &str = "MAITRED_XTASK_STEP";
/// How often to look for processes that are still there. Past it, they are beyond our reach.
const ROUNDS_MAX: u32 = 1_000;
/// How often nothing has to be found in a row.
const LOOKS: u32 = 5;

/// What the processes of one step have in common.
pub(super) struct Mark {
    value: String,
}

impl Mark {
    /// A mark that no other thread of this or another program uses at the same time.
    pub(super) fn new() -> Mark {
        Mark {
            value: format!("{}-{:?}", std::process::id(), thread::current().id()),
        }
    }

    /// Makes `command` and all it will start recognisable.
    pub(super) fn put_on(&self, command: &mut Command) {
        command.env(NAME, &self.value);
    }

    /// Ends whatever still carries this mark.
    pub(super) fn end_all(&self) {
        end_marked(|value| value == self.value);
    }
}

/// Has everything that this program started ended with it when it is told to stop.
pub(super) fn end_all_when_told_to_stop() -> Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM]).context("listen for signals")?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let ours = format!("{}-", std::process::id());
            end_marked(|value| value.starts_with(&ours));
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}

/// Looks again until nothing is found several times in a row: what dies last may have started something,
/// and what is being started at the moment of a look shows no environment yet.
fn end_marked(is_ours: impl Fn(&str) -> bool) {
    let mut seen = BTreeSet::new();
    let mut n_empty = 0;
    for _ in 0..ROUNDS_MAX {
        let found = marked(&is_ours);
        n_empty = if found.is_empty() { n_empty + 1 } else { 0 };
        if n_empty == LOOKS {
            return;
        }
        for pid in found {
            if seen.insert(pid.as_raw_pid()) {
                println!("left behind and ended: {} ({})", name_of(pid), pid.as_raw_pid());
            }
            // It may have ended by itself in the meantime.
            let _gone = kill_process(pid, Signal::KILL);
        }
        thread::yield_now();
    }
}

fn marked(is_ours: impl Fn(&str) -> bool) -> Vec<Pid> {
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let carries = |it: &fs::DirEntry| {
        let environment = fs::read(it.path().join("environ")).unwrap_or_default();
        mark_in(&environment).is_some_and(&is_ours)
    };
    let carriers = processes.flatten().filter(carries);
    carriers
        .filter_map(|it| Pid::from_raw(it.file_name().to_str()?.parse().ok()?))
        .collect()
}

fn name_of(pid: Pid) -> String {
    let name = fs::read_to_string(format!("/proc/{}/comm", pid.as_raw_pid()));
    name.map_or_else(|_| "a process".to_owned(), |it| it.trim().to_owned())
}

/// The value of the mark in an environment as `/proc` shows it: entries with a zero byte between them.
fn mark_in(environment: &[u8]) -> Option<&str> {
    let entries = environment
        .split(|it| *it == 0)
        .filter_map(|it| str::from_utf8(it).ok());
    entries
        .filter_map(|it| it.split_once('='))
        .find(|(name, _)| *name == NAME)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_read_from_an_environment() {
        assert_eq!(
            mark_in(b"HOME=/\0\xff=1\0MAITRED_XTASK_STEP=7-main\0"),
            Some("7-main")
        );
        assert_eq!(mark_in(b"NOT_MAITRED_XTASK_STEP=7-main\0"), None);
        assert_eq!(mark_in(b""), None);
    }
}
