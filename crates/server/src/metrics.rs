//! What the program counts about itself, for Prometheus.

use crate::limits::Limit;
use hub::Hub;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The program's counters. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    inner: Arc<Inner>,
}

struct Inner {
    registry: Mutex<Registry>,
    connections: Family<Labels, Gauge>,
    frames: Family<Labels, Counter>,
    messages: Family<Labels, Counter>,
    resumes: Family<Labels, Counter>,
    refusals: Family<Labels, Counter>,
    goodbyes: Family<Labels, Counter>,
    limits: Family<Labels, Counter>,
    commit_seconds: Histogram,
    commit_changes: Histogram,
    slowest_lag: Gauge,
}

type Labels = [(&'static str, &'static str); 1];

impl Default for Metrics {
    fn default() -> Metrics {
        let inner = Inner {
            registry: Mutex::default(),
            connections: Family::default(),
            frames: Family::default(),
            messages: Family::default(),
            resumes: Family::default(),
            refusals: Family::default(),
            goodbyes: Family::default(),
            limits: Family::default(),
            commit_seconds: Histogram::new(exponential_buckets(0.000_1, 2.0, 16)),
            commit_changes: Histogram::new(exponential_buckets(1.0, 2.0, 10)),
            slowest_lag: Gauge::default(),
        };
        {
            let mut registry = inner.registry.lock().unwrap_or_else(PoisonError::into_inner);
            let it = registry.sub_registry_with_prefix("maitred");
            it.register(
                "connections",
                "Open connections of a surface",
                inner.connections.clone(),
            );
            it.register("frames", "Frames published to a topic", inner.frames.clone());
            it.register(
                "messages",
                "Messages that came from the clients of a surface",
                inner.messages.clone(),
            );
            it.register("resumes", "How streams began, by outcome", inner.resumes.clone());
            it.register(
                "refusals",
                "Commands refused by the floor, by code",
                inner.refusals.clone(),
            );
            it.register(
                "goodbyes",
                "Connections ended by us, by reason",
                inner.goodbyes.clone(),
            );
            it.register("limits", "How often each limit was reached", inner.limits.clone());
            for limit in Limit::ALL {
                // A limit that was never reached shows as 0, so that an alarm can be set on it.
                drop(inner.limits.get_or_create(&[("limit", limit.name())]));
            }
            it.register_with_unit(
                "commit",
                "Time from a decided batch to its durability",
                Unit::Seconds,
                inner.commit_seconds.clone(),
            );
            it.register(
                "commit_changes",
                "Changes journaled together by one floor",
                inner.commit_changes.clone(),
            );
            it.register(
                "slowest_cursor_frames",
                "Frames that the slowest listener is behind",
                inner.slowest_lag.clone(),
            );
        }
        Metrics {
            inner: Arc::new(inner),
        }
    }
}

impl Metrics {
    /// A batch of a floor's changes became durable.
    pub fn committed(&self, took: Duration, n_changes: usize) {
        self.inner.commit_seconds.observe(took.as_secs_f64());
        self.inner.commit_changes.observe(n_changes as f64);
    }

    /// Frames went to a topic.
    pub fn published(&self, topic: &'static str, n_frames: usize) {
        self.inner
            .frames
            .get_or_create(&[("topic", topic)])
            .inc_by(n_frames as u64);
    }

    /// What counts the messages that come from the clients of a surface.
    #[must_use]
    pub fn messages(&self, surface: &'static str) -> Counter {
        self.inner.messages.get_or_create(&[("surface", surface)]).clone()
    }

    /// The floor refused a command.
    pub fn refused(&self, code: &'static str) {
        self.inner.refusals.get_or_create(&[("code", code)]).inc();
    }

    /// A stream began: `live`, `resumed`, `replayed`, `snapshot` or why it was reset.
    pub fn resumed(&self, outcome: &'static str) {
        self.inner.resumes.get_or_create(&[("outcome", outcome)]).inc();
    }

    /// We ended a connection.
    pub fn said_goodbye(&self, reason: &'static str) {
        self.inner.goodbyes.get_or_create(&[("reason", reason)]).inc();
    }

    /// A limit was reached.
    pub fn reached(&self, limit: Limit) {
        self.inner.limits.get_or_create(&[("limit", limit.name())]).inc();
    }

    /// Counts a connection of a surface for as long as the answer lives.
    #[must_use]
    pub fn connected(&self, surface: &'static str) -> Connected {
        let gauge = self
            .inner
            .connections
            .get_or_create(&[("surface", surface)])
            .clone();
        gauge.inc();
        Connected { gauge }
    }

    /// Everything, in Prometheus' text form.
    #[must_use]
    pub fn render(&self, hub: &Hub) -> String {
        let slowest = hub
            .rooms()
            .iter()
            .map(|(_, room)| room.slowest_lag())
            .max()
            .unwrap_or(0);
        self.inner
            .slowest_lag
            .set(i64::try_from(slowest).unwrap_or(i64::MAX));
        let mut text = String::new();
        let registry = self.inner.registry.lock().unwrap_or_else(PoisonError::into_inner);
        encode(&mut text, &registry).expect("writing to a string cannot fail");
        text
    }
}

/// A connection that is counted.
pub struct Connected {
    gauge: Gauge,
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.gauge.dec();
    }
}
