//! What time it is: the one place that reads the machine's clock.

use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The time, to the microsecond. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's.
    System,
    /// One that stands still until it is set: for past evenings and for tests.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at` until it is set.
    #[must_use]
    pub fn standing_at(at: Timestamp) -> Clock {
        Clock::Set(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the edge where the clock is read"
        )]
        let microseconds = match self {
            Clock::System => Timestamp::now().as_microsecond(),
            Clock::Set(it) => it.load(Ordering::Acquire),
        };
        Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::MAX)
    }

    /// Sets a standing clock. The machine's cannot be set.
    pub fn set(&self, at: Timestamp) {
        if let Clock::Set(it) = self {
            it.store(at.as_microsecond(), Ordering::Release);
        }
    }
}
