//! A process under measurement: the server itself, or a bare loop to compare it with.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::files;
use super::proc::{self, CpuTime};

/// How long a process may take to end after being asked to.
const STOP_MAX: Duration = Duration::from_secs(10);

/// What a process prints, followed by its address, once it serves.
pub(crate) const READY: &str = "ready http://";

/// A running process that has said it is ready. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Measured {
    child: Child,
    /// Where it listens.
    pub(crate) addr: SocketAddr,
    /// From starting the process until its ready line.
    pub(crate) start_time: Duration,
}

impl Measured {
    /// Starts `command`, its complaints going to the file `log`, and waits for its ready line.
    pub(crate) fn start(command: &mut Command, log: &Path, limit: Duration) -> Result<Measured> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(log)?);
        let started = Instant::now();
        let spawned = files::with_the_usual(|| command.spawn())?;
        let mut child = spawned.with_context(|| format!("cannot start {command:?}"))?;

        let stdout = child.stdout.take().context("stdout is piped")?;
        let (tell, told) = sync_channel(1);
        thread::spawn(move || drain(BufReader::new(stdout), &tell));
        let address = told.recv_timeout(limit);
        let start_time = started.elapsed();
        let addr = match address {
            Ok(address) => address
                .parse()
                .with_context(|| format!("ready line without an address: {address}")),
            Err(RecvTimeoutError::Timeout) => Err(anyhow::anyhow!("not ready after {limit:?}")),
            Err(RecvTimeoutError::Disconnected) => Err(anyhow::anyhow!("it ended without a ready line")),
        };
        match addr {
            Ok(addr) => Ok(Measured {
                child,
                addr,
                start_time,
            }),
            Err(error) => {
                end(&mut child)?;
                bail!("{command:?}: {error}; its last words: {}", last_words(log))
            }
        }
    }

    /// The CPU time it has used so far.
    pub(crate) fn cpu(&self) -> Result<CpuTime> {
        CpuTime::of(self.child.id())
    }

    /// The memory it has resident.
    pub(crate) fn resident_bytes(&self) -> Result<u64> {
        proc::resident_bytes(self.child.id())
    }

    /// Asks it to end as an operator would, and waits for it.
    pub(crate) fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let asked = Instant::now();
        while asked.elapsed() < STOP_MAX {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            thread::park_timeout(Duration::from_millis(5));
        }
        bail!("it did not end within {STOP_MAX:?} of SIGTERM")
    }
}

impl Drop for Measured {
    fn drop(&mut self) {
        // Nothing can be done about a process that cannot be killed, and the benchmark is over for it.
        let _ = end(&mut self.child);
    }
}

fn end(child: &mut Child) -> Result<()> {
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// Reads all that the process prints, so that it never blocks on it, and passes the first ready address on.
fn drain(stdout: impl BufRead, tell: &SyncSender<String>) {
    for line in stdout.lines().map_while(Result::ok) {
        if let Some(address) = line.strip_prefix(READY) {
            // Full or gone: the first address has been told already.
            let _ = tell.try_send(address.trim_end_matches('/').to_owned());
        }
    }
}

fn last_words(log: &Path) -> String {
    let said = fs::read_to_string(log).unwrap_or_default();
    let mut lines: Vec<&str> = said.lines().rev().take(5).collect();
    lines.reverse();
    if lines.is_empty() {
        "none".to_owned()
    } else {
        lines.join("\n")
    }
}
