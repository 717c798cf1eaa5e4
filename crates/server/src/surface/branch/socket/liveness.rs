//! Whether a client is there, and has said by now what it is here for.
//!
//! The server asks and the client answers, as in every Engine.IO of version 4: only an answer counts.

use hub::Goodbye;
use std::time::Duration;
use tokio::time::Instant;

/// Time between an answer and the next question.
pub(super) const PING_INTERVAL: Duration = Duration::from_secs(25);
/// How long an answer may take.
pub(super) const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a client may be connected and in no namespace.
const IDLE_MAX: Duration = Duration::from_secs(45);

/// When a client has to be asked, and when it is given up.
pub(super) struct Liveness {
    /// When it is asked next, or given up for not having answered.
    due: Instant,
    is_asked: bool,
    /// When it is given up for being nowhere.
    idle_until: Option<Instant>,
}

impl Liveness {
    /// Of a client that has just come.
    pub(super) fn new() -> Liveness {
        let now = Instant::now();
        Liveness {
            due: now + PING_INTERVAL,
            is_asked: false,
            idle_until: Some(now + IDLE_MAX),
        }
    }

    /// It has answered.
    pub(super) fn answered(&mut self) {
        self.is_asked = false;
        self.due = Instant::now() + PING_INTERVAL;
    }

    /// It is in the namespace.
    pub(super) fn entered(&mut self) {
        self.idle_until = None;
    }

    /// It is not in the namespace any more.
    pub(super) fn left(&mut self) {
        self.idle_until = Some(Instant::now() + IDLE_MAX);
    }

    /// When to look again.
    pub(super) fn due(&self) -> Instant {
        self.idle_until.map_or(self.due, |it| it.min(self.due))
    }

    /// Whether it has to be asked now; an error, when it is given up.
    pub(super) fn asks(&mut self) -> Result<bool, Goodbye> {
        let now = Instant::now();
        if self.idle_until.is_some_and(|it| it <= now) {
            return Err(Goodbye::NotAllowed);
        }
        if self.due > now {
            return Ok(false);
        }
        if self.is_asked {
            return Err(Goodbye::TooSlow);
        }
        self.is_asked = true;
        self.due = now + PING_TIMEOUT;
        Ok(true)
    }
}
