//! Staff who write: each owns one table and calls it dirty, clean, dirty, clean … for as long as is asked.

use std::cell::Cell;
use std::num::NonZeroU64;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::http::Http;
use super::screens::{Room, Screens};

/// How far writers may run ahead of the average screen.
///
/// What is measured is delivering every change to every screen; a screen that falls off the server's ring gets a
/// snapshot in place of changes, which is another question.
const LEAD_MAX: u64 = 256;

/// One connection that changes one table's state to and fro.
#[derive(Debug)]
pub(crate) struct Writer {
    http: Http,
    next: Vec<u8>,
    after_next: Vec<u8>,
}

impl Writer {
    /// Sends `next`, `after_next`, `next` … over `http`.
    pub(crate) fn new(http: Http, next: Vec<u8>, after_next: Vec<u8>) -> Writer {
        Writer {
            http,
            next,
            after_next,
        }
    }

    /// Makes one change and returns when it is durable and answered.
    pub(crate) async fn write(&mut self) -> Result<()> {
        self.http.ask(&self.next).await.context("a write failed")?;
        std::mem::swap(&mut self.next, &mut self.after_next);
        Ok(())
    }
}

/// Keeps writers from running away from the screens that must hear them.
#[derive(Debug)]
pub(crate) struct Lead {
    room: Rc<Room>,
    screens: NonZeroU64,
    heard_before: u64,
    written: Cell<u64>,
}

impl Lead {
    /// Starting now, for as many `screens` as there are; none if nobody listens.
    pub(crate) fn new(screens: &Screens) -> Option<Rc<Lead>> {
        let room = Rc::clone(&screens.room);
        let heard_before = room.heard().changes;
        let screens = NonZeroU64::new(screens.count())?;
        Some(Rc::new(Lead {
            room,
            screens,
            heard_before,
            written: Cell::new(0),
        }))
    }

    async fn wait_for_screens(&self) {
        self.written.set(self.written.get() + 1);
        while self.written.get() > (self.room.heard().changes - self.heard_before) / self.screens + LEAD_MAX {
            sleep(Duration::from_millis(1)).await;
        }
    }
}

/// All writers at once, each its next change as soon as the last is answered, for `time`.
/// Returns them with the time each change took.
pub(crate) async fn write_hard(
    writers: Vec<Writer>,
    time: Duration,
    lead: Option<&Rc<Lead>>,
) -> Result<(Vec<Writer>, Vec<Duration>)> {
    let deadline = Instant::now() + time;
    let mut tasks = JoinSet::new();
    for mut writer in writers {
        let lead = lead.map(Rc::clone);
        tasks.spawn_local(async move {
            let mut took = Vec::new();
            while Instant::now() < deadline {
                if let Some(lead) = &lead {
                    lead.wait_for_screens().await;
                }
                let started = Instant::now();
                writer.write().await?;
                took.push(started.elapsed());
            }
            anyhow::Ok((writer, took))
        });
    }
    let mut writers = Vec::new();
    let mut all_took = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        let (writer, took) = ended??;
        writers.push(writer);
        all_took.extend(took);
    }
    Ok((writers, all_took))
}

/// One change every `pace`, `n` times.
pub(crate) async fn write_calmly(writer: &mut Writer, n: u64, pace: Duration) -> Result<()> {
    let mut ticks = interval(pace);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for _ in 0..n {
        ticks.tick().await;
        writer.write().await?;
    }
    Ok(())
}
