//! The real program as a process of its own, which can be told to stop, and killed.

use crate::captured_log;
use crate::client::{Client, PATIENCE, Screen};
use rustix::process::{Pid, Signal, kill_process};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{ExitStatus, Output, Stdio};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// `maitred demo`, empty, serving. Killed when dropped.
pub(crate) struct Program {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts it on the journal in `data`, at a free port, and waits until it is ready.
    pub(crate) async fn start(data: &Path) -> Program {
        Program::start_at(data, "127.0.0.1:0").await
    }

    /// As [`Program::start`], at this address.
    pub(crate) async fn start_at(data: &Path, listen: &str) -> Program {
        captured_log::capture();
        let mut command = demo(data, listen);
        command.env("MAITRED_LOG", "trace").stderr(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut logged = BufReader::new(child.stderr.take().unwrap()).lines();
        // Ends with the program.
        tokio::spawn(async move {
            while let Ok(Some(line)) = logged.next_line().await {
                captured_log::hear(&line);
            }
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if let Some(address) = line.strip_prefix("ready http://") {
                    return address.parse().unwrap();
                }
            }
            panic!("the program ended before it was ready");
        };
        let address = timeout(PATIENCE, ready).await.expect("it did not become ready");
        Program { child, address }
    }

    /// Starts one that is expected to end by itself, and waits for that.
    pub(crate) async fn run_to_its_end(data: &Path) -> Output {
        let ended = demo(data, "127.0.0.1:0").output();
        timeout(PATIENCE, ended).await.expect("it did not end").unwrap()
    }

    /// Kills it: it gets no chance to finish anything.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks it to stop.
    pub(crate) fn ask_to_stop(&self) {
        kill_process(self.pid(), Signal::TERM).unwrap();
    }

    /// Waits until it has ended by itself.
    pub(crate) async fn ended(mut self) -> ExitStatus {
        timeout(PATIENCE, self.child.wait())
            .await
            .expect("it did not end")
            .unwrap()
    }

    /// Bytes of memory it has in use: what it has taken, and nothing of the file that it was loaded from.
    pub(crate) fn resident_bytes(&self) -> u64 {
        let pid = self.pid().as_raw_nonzero();
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let line = status.lines().find_map(|it| it.strip_prefix("RssAnon:")).unwrap();
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        kilobytes * 1024
    }

    pub(crate) fn manager(&self) -> Client {
        Client::new(self.address, Some("demo-key-restaurant-1"))
    }

    pub(crate) async fn screen_from(&self, query: &str) -> Screen {
        let key = Some("demo-key-restaurant-1");
        Screen::connect(self.address, "test-restaurant-1", query, key)
            .await
            .unwrap()
    }

    fn pid(&self) -> Pid {
        let pid = self.child.id().expect("it runs");
        Pid::from_raw(pid.cast_signed()).unwrap()
    }
}

fn demo(data: &Path, listen: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_maitred"));
    command
        .args([
            "demo",
            "--no-traffic",
            "--history",
            "0",
            "--listen",
            listen,
            "--data",
        ])
        .arg(data)
        .env("MAITRED_DRAIN_SECONDS", "10")
        .env("MAITRED_BUSY_SECONDS", "10")
        .current_dir(data)
        .kill_on_drop(true);
    command
}
