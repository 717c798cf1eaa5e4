//! Drives the bare loop and measures it as the server is measured.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::{MissedTickBehavior, interval};

use crate::bench::child::Measured;
use crate::bench::http;
use crate::bench::screens::Screens;
use crate::bench::stats::Times;

/// How many messages "all that has piled up" is.
pub(crate) const PILED_UP: u64 = 32;

/// The word that starts this program as a bare loop.
pub(crate) const CHILD: &str = "bare-loop";

const WAIT_MAX: Duration = Duration::from_secs(30);

/// A running bare loop with its screens.
#[derive(Debug)]
pub(crate) struct BareLoop {
    child: Measured,
    control: BufReader<TcpStream>,
    screens: Screens,
    /// Deliveries that its screens should have heard so far.
    expected: u64,
}

impl BareLoop {
    /// Starts one without screens, its complaints going to the folder `scratch`.
    pub(crate) async fn start(scratch: &Path) -> Result<BareLoop> {
        let mut command = Command::new(std::env::current_exe()?);
        let child = Measured::start(
            command.args(["bench", CHILD]),
            &scratch.join("bare-loop.log"),
            WAIT_MAX,
        )?;
        let control = TcpStream::connect(child.addr).await?;
        control.set_nodelay(true)?;
        let screens = Screens::new(child.addr, http::upgrade("/", "none"));
        Ok(BareLoop {
            child,
            control: BufReader::new(control),
            screens,
            expected: 0,
        })
    }

    /// Adds screens until there are `total`.
    pub(crate) async fn grow_to(&mut self, total: u64) -> Result<()> {
        self.say(&format!("accept {}", total - self.screens.count()))
            .await?;
        self.screens.grow_to(total, WAIT_MAX).await?;
        self.done().await
    }

    /// CPU per delivery of `messages` to every screen, `batch` in one write.
    pub(crate) async fn saturate(&mut self, messages: u64, batch: u64) -> Result<Duration> {
        let before = self.child.cpu()?;
        self.say(&format!("send {messages} {batch}")).await?;
        self.done().await?;
        let used = self.child.cpu()?.since(&before);
        self.heard(messages / batch * batch).await?;
        Ok(used.div_f64((messages / batch * batch * self.screens.count()) as f64))
    }

    /// CPU per delivery of `n` single messages to every screen, one each `pace`, and how long each took to the last.
    pub(crate) async fn trickle(&mut self, n: u64, pace: Duration) -> Result<(Duration, Option<Times>)> {
        let mut ticks = interval(pace);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut took = Vec::new();
        let before = self.child.cpu()?;
        for _ in 0..n {
            ticks.tick().await;
            let started = Instant::now();
            self.say("send 1 1").await?;
            self.done().await?;
            self.heard(1).await?;
            took.extend(self.screens.room.latest().map(|latest| latest - started));
        }
        let used = self.child.cpu()?.since(&before);
        Ok((used.div_f64((n * self.screens.count()) as f64), Times::new(took)))
    }

    /// How long `n` clients take that connect and upgrade all at once.
    pub(crate) async fn storm(&mut self, n: u64) -> Result<Duration> {
        self.say(&format!("accept {n}")).await?;
        let started = Instant::now();
        self.screens.storm(n, WAIT_MAX).await?;
        let took = self.screens.room.latest().map(|latest| latest - started);
        self.done().await?;
        self.say("hang_up").await?;
        self.done().await?;
        self.screens = Screens::new(self.child.addr, http::upgrade("/", "none"));
        self.expected = 0;
        Ok(took.unwrap_or_default())
    }

    /// Waits until every screen has heard `messages` more.
    async fn heard(&mut self, messages: u64) -> Result<()> {
        self.expected += messages * self.screens.count();
        let expected = self.expected;
        let room = &self.screens.room;
        room.wait("the bare loop's messages", WAIT_MAX, |room| {
            room.heard().changes >= expected
        })
        .await?;
        Ok(())
    }

    async fn say(&mut self, line: &str) -> Result<()> {
        Ok(self.control.write_all(format!("{line}\n").as_bytes()).await?)
    }

    async fn done(&mut self) -> Result<()> {
        let mut answer = String::new();
        self.control.read_line(&mut answer).await?;
        ensure!(answer == "done\n", "the bare loop ended early");
        Ok(())
    }
}
