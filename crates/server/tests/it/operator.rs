//! An operator at a shell: types commands, feeds them secrets, reads what they print.

use crate::client::{Answer, Client, PATIENCE};
use hyper::Method;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// An operator, and the folder they look after.
pub(crate) struct Operator {
    folder: tempfile::TempDir,
}

/// `maitred serve` on the operator's folder. Killed when dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

impl Operator {
    pub(crate) fn new() -> Operator {
        Operator {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Types a command, with this on its standard input.
    pub(crate) async fn type_in(&self, words: &[&str], stdin: &str) -> Output {
        let mut child = self
            .maitred(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        // A command that refuses early reads nothing.
        drop(input.write_all(stdin.as_bytes()).await);
        drop(input);
        let ended = timeout(PATIENCE, child.wait_with_output()).await;
        ended.expect("it did not end").unwrap()
    }

    /// Types a command that must work. Answers what it prints.
    pub(crate) async fn does(&self, words: &[&str]) -> String {
        self.does_with(words, "").await
    }

    /// As [`Operator::does`], with this on standard input.
    pub(crate) async fn does_with(&self, words: &[&str], stdin: &str) -> String {
        let output = self.type_in(words, stdin).await;
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {complaint}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Types a command that must fail. Answers what it complains.
    pub(crate) async fn fails(&self, words: &[&str], stdin: &str) -> String {
        let output = self.type_in(words, stdin).await;
        assert!(!output.status.success(), "{words:?} worked");
        assert!(output.stdout.is_empty(), "{words:?} said something");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Starts the server at a free port, and waits until it is ready.
    pub(crate) async fn serves(&self) -> Serving {
        let log = self.folder.path().join("log");
        let mut child = self
            .maitred(&["serve", "--listen", "127.0.0.1:0"])
            .env("MAITRED_DRAIN_SECONDS", "2")
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = async {
            let line = lines.next_line().await.unwrap().expect("a line");
            let address = line.strip_prefix("ready http://").expect("it is ready");
            address.parse().unwrap()
        };
        let address = timeout(PATIENCE, ready).await.expect("it did not become ready");
        Serving { child, address, log }
    }

    pub(crate) fn maitred(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_maitred"));
        command
            .env_clear()
            .env("MAITRED_DATA", self.data())
            .current_dir(self.folder.path())
            .args(words)
            .kill_on_drop(true);
        command
    }
}

impl Serving {
    /// A client with this credential.
    pub(crate) fn client(&self, credential: &str) -> Client {
        Client::new(self.address, Some(credential))
    }

    /// Signs in with a password.
    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Answer {
        let body = json!({ "login": login, "password": password });
        Client::new(self.address, None).post("/v1/sign-in", &body).await
    }

    /// Signs in with a PIN, on a device.
    pub(crate) async fn sign_in_with_pin(&self, device: &str, staff_id: &Value, pin: &str) -> Answer {
        let body = json!({ "staff_id": staff_id, "pin": pin }).to_string();
        let headers = [("x-device", device)];
        Client::new(self.address, None)
            .send(Method::POST, "/v1/sign-in/pin", &headers, body)
            .await
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) async fn stop(mut self) -> String {
        let pid = self.child.id().expect("it runs");
        kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), Signal::TERM).unwrap();
        let ended = timeout(PATIENCE, self.child.wait()).await;
        assert!(ended.expect("it did not end").unwrap().success());
        self.log()
    }
}

/// The last line, where commands put a secret that they show once.
pub(crate) fn last_line(text: &str) -> String {
    text.lines().last().unwrap().to_owned()
}
