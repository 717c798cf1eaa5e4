//! What the sockets of pages share: how they are asked whether anybody is there, and the codes they end with.
//!
//! Some pages answer a text, some the protocol's own question, and some only speak when they have something to say:
//! whatever comes from one shows that it is there.

use super::websocket::{PING_FRAME, text_frame};
use hub::Goodbye;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// How often a page is asked whether it is there.
const PING: Duration = Duration::from_secs(30);
/// A page that says nothing for so long is not there: two questions, and time for the answer.
const SILENCE: Duration = Duration::from_secs(72);

/// When a page has to be asked, and when it is given up.
pub(super) struct Presence {
    ping_at: Instant,
    silent_at: Instant,
}

impl Presence {
    /// Of a page that has just come.
    pub(super) fn new() -> Presence {
        let now = Instant::now();
        Presence {
            ping_at: now + PING,
            silent_at: now + SILENCE,
        }
    }

    /// Something came from it.
    pub(super) fn heard(&mut self) {
        self.silent_at = Instant::now() + SILENCE;
    }

    /// Completes with the next question, or with the goodbye of a page that is not there. Cancel-safe.
    pub(super) async fn asks(&mut self) -> Result<Vec<u8>, Goodbye> {
        sleep_until(self.ping_at.min(self.silent_at)).await;
        let now = Instant::now();
        if now >= self.silent_at {
            return Err(Goodbye::TooSlow);
        }
        self.ping_at = now + PING;
        Ok([&*text_frame(b"ping"), PING_FRAME].concat())
    }
}

/// The close code of pages' sockets for a goodbye, and its reason.
pub(super) fn closing(goodbye: Goodbye) -> (u16, &'static str) {
    match goodbye {
        Goodbye::SignedOut | Goodbye::Expired | Goodbye::NotAllowed => (4003, "Invalid token"),
        Goodbye::TooMany => (4008, "Connection limit exceeded"),
        Goodbye::TooSlow => (4001, "Ping timeout"),
        Goodbye::Draining => (1012, "Service restart"),
        Goodbye::BadText => (1007, "Not valid text"),
        Goodbye::TooLarge => (1009, "Message too large"),
        Goodbye::Fault => (4000, "Internal error"),
    }
}
