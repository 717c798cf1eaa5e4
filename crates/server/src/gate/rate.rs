//! How often something may happen: so many times in a period, some more at once.

use crate::clock::Clock;
use crate::limits::NAMES_KEPT_APART_MAX;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::ShrinkableKeyedStateStore;
use governor::state::{InMemoryState, NotKeyed, StateStore};
use governor::{NotUntil, Quota, RateLimiter};
use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The time that rates are measured in. It is the clock's where that is set by hand, so that tests move it;
/// otherwise it only goes forward, whatever somebody does to the machine's clock.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    clock: Clock,
    began: Instant,
}

impl Pace {
    pub(super) fn of(clock: &Clock) -> Pace {
        Pace {
            clock: clock.clone(),
            began: Instant::now(),
        }
    }

    fn time(&self) -> Duration {
        match &self.clock {
            Clock::System => self.began.elapsed(),
            // Numbers of nanoseconds end after 584 years; nobody sets a clock that far.
            Clock::Set(_) => {
                let microseconds = self.clock.now().as_microsecond();
                Duration::from_micros(microseconds.try_into().unwrap_or(0)).min(CENTURIES)
            }
        }
    }
}

const CENTURIES: Duration = Duration::from_secs(400 * 366 * 24 * 3_600);

impl governor::clock::Clock for Pace {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.time()
    }
}

/// So many times in a period.
pub(super) type Often = Quota;

/// `n_times` in a second, and `at_once` as many when nothing has happened for a while.
pub(super) fn per_second(n_times: u32, at_once: u32) -> Often {
    Quota::per_second(at_least_one(n_times)).allow_burst(at_least_one(n_times.saturating_mul(at_once)))
}

/// `n_times` in a minute, all of them at once if need be.
pub(super) fn per_minute(n_times: u32) -> Often {
    Quota::per_minute(at_least_one(n_times))
}

fn at_least_one(n_times: u32) -> NonZeroU32 {
    NonZeroU32::new(n_times).unwrap_or(NonZeroU32::MIN)
}

/// Too often. Whole seconds after which it is worth asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooOften(pub(super) u16);

impl TooOften {
    fn until(until: &NotUntil<Duration>, pace: &Pace) -> TooOften {
        let wait = until.wait_time_from(pace.time());
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        TooOften(u16::try_from(seconds.max(1)).unwrap_or(u16::MAX))
    }
}

/// How often one thing may happen.
pub(super) struct Rate {
    limiter: RateLimiter<NotKeyed, InMemoryState, Pace, NoOpMiddleware<Duration>>,
}

impl Rate {
    pub(super) fn new(often: Often, pace: &Pace) -> Rate {
        Rate {
            limiter: RateLimiter::direct_with_clock(often, pace.clone()),
        }
    }

    /// Counts one, unless that is too often.
    pub(super) fn take(&self) -> Result<(), TooOften> {
        let taken = self.limiter.check();
        taken.map_err(|it| TooOften::until(&it, self.limiter.clock()))
    }
}

/// How often each of many may do something, whom nobody knows beforehand.
pub(super) struct Rates<K: Eq + Hash + Clone> {
    limiter: RateLimiter<K, Places<K>, Pace, NoOpMiddleware<Duration>>,
    swept: Mutex<Duration>,
    names_max: usize,
}

impl<K: Eq + Hash + Clone> Rates<K> {
    pub(super) fn new(often: Often, pace: &Pace) -> Rates<K> {
        Rates::with_room_for(NAMES_KEPT_APART_MAX, often, pace)
    }

    fn with_room_for(names_max: usize, often: Often, pace: &Pace) -> Rates<K> {
        let places = Places {
            names_max,
            inner: Mutex::default(),
        };
        Rates {
            swept: Mutex::new(pace.time()),
            limiter: RateLimiter::new(often, places, pace.clone()),
            names_max,
        }
    }

    /// Counts one for `name`, unless that is too often.
    pub(super) fn take(&self, name: &K) -> Result<(), TooOften> {
        if self.limiter.len() >= self.names_max {
            self.sweep();
        }
        let taken = self.limiter.check_key(name);
        taken.map_err(|it| TooOften::until(&it, self.limiter.clock()))
    }

    /// Forgets those who might as well never have come. Once a second is enough, however many come.
    fn sweep(&self) {
        let now = self.limiter.clock().time();
        {
            let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
            if now.saturating_sub(*swept) < Duration::from_secs(1) {
                return;
            }
            *swept = now;
        }
        self.limiter.retain_recent();
    }
}

/// Where each name stands, for so many of them; the others stand together.
struct Places<K> {
    names_max: usize,
    inner: Mutex<Standing<K>>,
}

struct Standing<K> {
    of: HashMap<K, Nanos>,
    of_the_others: Option<Nanos>,
}

impl<K> Default for Standing<K> {
    fn default() -> Standing<K> {
        Standing {
            of: HashMap::new(),
            of_the_others: None,
        }
    }
}

impl<K> Places<K> {
    fn lock(&self) -> MutexGuard<'_, Standing<K>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash + Clone> StateStore for Places<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, name: &K, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut standing = self.lock();
        if let Some(place) = standing.of.get_mut(name) {
            let (measured, next) = measure(Some(*place))?;
            *place = next;
            return Ok(measured);
        }
        if standing.of.len() >= self.names_max {
            let (measured, next) = measure(standing.of_the_others)?;
            standing.of_the_others = Some(next);
            return Ok(measured);
        }
        let (measured, next) = measure(None)?;
        standing.of.insert(name.clone(), next);
        Ok(measured)
    }
}

impl<K: Eq + Hash + Clone> ShrinkableKeyedStateStore<K> for Places<K> {
    fn retain_recent(&self, drop_below: Nanos) {
        self.lock().of.retain(|_, place| *place > drop_below);
    }

    fn len(&self) -> usize {
        self.lock().of.len()
    }

    fn is_empty(&self) -> bool {
        self.lock().of.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{Pace, Rate, Rates, TooOften, per_minute, per_second};
    use crate::clock::Clock;
    use jiff::{SignedDuration, Timestamp};

    fn evening() -> Timestamp {
        "2026-11-20T19:30:00Z".parse().unwrap()
    }

    #[test]
    fn what_is_allowed_at_once_comes_back_bit_by_bit() {
        let clock = Clock::standing_at(evening());
        let rate = Rate::new(per_second(2, 3), &Pace::of(&clock));
        for _ in 0..6 {
            assert_eq!(rate.take(), Ok(()));
        }
        assert_eq!(rate.take(), Err(TooOften(1)));
        clock.set(evening() + SignedDuration::from_secs(1));
        assert_eq!((rate.take(), rate.take()), (Ok(()), Ok(())));
        assert_eq!(rate.take(), Err(TooOften(1)));
        let rare = Rate::new(per_minute(1), &Pace::of(&clock));
        assert_eq!((rare.take(), rare.take()), (Ok(()), Err(TooOften(60))));
    }

    #[test]
    fn each_name_has_an_allowance_of_its_own() {
        let clock = Clock::standing_at(evening());
        let rates = Rates::new(per_minute(1), &Pace::of(&clock));
        assert_eq!((rates.take(&1), rates.take(&2)), (Ok(()), Ok(())));
        assert_eq!(rates.take(&1), Err(TooOften(60)));
        assert_eq!(rates.take(&2), Err(TooOften(60)));
    }

    #[test]
    fn beyond_so_many_names_the_others_share_one_until_some_are_forgotten() {
        let clock = Clock::standing_at(evening());
        let rates = Rates::with_room_for(2, per_minute(2), &Pace::of(&clock));
        assert_eq!((rates.take(&1), rates.take(&2)), (Ok(()), Ok(())));
        assert_eq!((rates.take(&3), rates.take(&4)), (Ok(()), Ok(())));
        assert_eq!(
            rates.take(&5),
            Err(TooOften(30)),
            "three and four have used it up"
        );
        assert_eq!(
            (rates.take(&1), rates.take(&2)),
            (Ok(()), Ok(())),
            "they have their own"
        );
        clock.set(evening() + SignedDuration::from_mins(3));
        for name in [5, 6] {
            assert_eq!((rates.take(&name), rates.take(&name)), (Ok(()), Ok(())));
            assert_eq!(rates.take(&name), Err(TooOften(30)));
        }
    }

    #[test]
    fn no_time_is_too_strange_to_be_measured() {
        for (first, second) in [
            (Timestamp::MIN, Timestamp::MAX),
            (Timestamp::MAX, Timestamp::MIN),
            (Timestamp::UNIX_EPOCH, Timestamp::MAX),
        ] {
            let clock = Clock::standing_at(first);
            let rates = Rates::with_room_for(1, per_minute(1), &Pace::of(&clock));
            assert_eq!(rates.take(&1), Ok(()));
            clock.set(second);
            // Whatever the answer is, there is one.
            assert!(matches!(rates.take(&2), Ok(()) | Err(TooOften(1..=60))));
        }
        let rate = Rate::new(per_second(u32::MAX, u32::MAX), &Pace::of(&Clock::System));
        assert_eq!(rate.take(), Ok(()));
    }
}
