//! What time it is, and waiting until it is later: the one place that reads the machine's clock.

use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// The time, to the microsecond. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's.
    System,
    /// One that stands still until it is set: for past evenings and for tests.
    Set(Arc<watch::Sender<Timestamp>>),
}

/// How long a wait on the machine's clock sleeps at a time. Somebody may set that clock meanwhile.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(60);

impl Clock {
    /// A clock that stands at `at` until it is set.
    #[must_use]
    pub fn standing_at(at: Timestamp) -> Clock {
        Clock::Set(Arc::new(watch::Sender::new(to_the_microsecond(at))))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the edge where the clock is read"
        )]
        let now = match self {
            Clock::System => Timestamp::now(),
            Clock::Set(it) => *it.borrow(),
        };
        to_the_microsecond(now)
    }

    /// Sets a standing clock. The machine's cannot be set.
    pub fn set(&self, at: Timestamp) {
        if let Clock::Set(it) = self {
            it.send_replace(to_the_microsecond(at));
        }
    }

    /// Completes when it is `at` or later: at once, when it is so already. Cancel-safe.
    pub async fn until(&self, at: Timestamp) {
        let at = to_the_microsecond(at);
        match self {
            Clock::System => {
                while let Some(left) = left_until(at, self.now()) {
                    tokio::time::sleep(left.min(LOOKED_AT_EVERY)).await;
                }
            }
            Clock::Set(it) => {
                // An error would mean that the clock is gone, and we hold it.
                drop(it.subscribe().wait_for(|now| *now >= at).await);
            }
        }
    }
}

/// The journal's times have microseconds, so ours have no more.
fn to_the_microsecond(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(Timestamp::MAX)
}

/// What is left to wait; nothing, once it is time.
fn left_until(at: Timestamp, now: Timestamp) -> Option<Duration> {
    let left = Duration::try_from(at.duration_since(now)).ok()?;
    (!left.is_zero()).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::{Clock, left_until};
    use futures_util::FutureExt;
    use jiff::{SignedDuration, Timestamp};
    use std::time::Duration;

    #[tokio::test]
    async fn a_wait_on_a_standing_clock_ends_when_the_clock_is_set_to_its_time_or_past_it() {
        let clock = Clock::standing_at(Timestamp::UNIX_EPOCH);
        let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
        assert!(
            clock.until(at(0)).now_or_never().is_some(),
            "it is that time already"
        );
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.until(at(10)).await }
        });
        assert!(clock.until(at(10)).now_or_never().is_none());
        clock.set(at(9));
        assert!(clock.until(at(10)).now_or_never().is_none());
        clock.set(at(11));
        waiting.await.unwrap();
    }

    #[tokio::test]
    async fn a_wait_on_the_machines_clock_ends_in_its_own_time() {
        let clock = Clock::System;
        clock.until(clock.now() - SignedDuration::from_secs(1)).await;
        let soon = clock.now() + SignedDuration::from_millis(5);
        clock.until(soon).await;
        assert!(clock.now() >= soon);
        let late = clock.now() + SignedDuration::from_hours(1);
        assert!(clock.until(late).now_or_never().is_none());
    }

    #[test]
    fn nothing_is_left_of_a_wait_once_it_is_time() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(left_until(now, now), None);
        assert_eq!(left_until(now, now + SignedDuration::from_secs(1)), None);
        let left = left_until(now + SignedDuration::from_secs(1), now);
        assert_eq!(left, Some(Duration::from_secs(1)));
    }
}
