//! Growing delays after failed sign-ins, for one account from one place, and for one place over all accounts.
//!
//! Never for an account as such: strangers cannot keep anybody out whose place they do not share.

use crate::limits::Limit;
use crate::peer::counted_as;
use floor::StaffId;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// From where somebody signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// An enrolled device, whatever its address.
    Device(u64),
    /// An address; of IPv6 the network, since one household has all of its addresses.
    Address(IpAddr),
}

/// Whose account is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Tried {
    /// The one with this id, at a device of the house.
    Account(StaffId),
    /// The one that goes by this name, whether or not there is one.
    Named([u8; 8]),
    /// Any.
    Any,
}

/// Too many failed: try again then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    left: SignedDuration,
    /// Which limit it was.
    pub(super) limit: Limit,
}

/// How many may fail before the delays begin.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Of one account from one place.
    pub per_account: u32,
    /// From one place over all accounts.
    pub per_place: u32,
}

/// The failures that are remembered.
pub(super) struct Throttle {
    patience: Patience,
    failures: Mutex<HashMap<(Place, Tried), Failures>>,
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
    /// The `last` before it, to go back to when the try turns out to be right.
    before: Timestamp,
}

/// The first delay; each further failure doubles it.
const FIRST_DELAY: SignedDuration = SignedDuration::from_secs(10);
/// The longest delay. Failures are forgotten as long after it.
const LONGEST_DELAY: SignedDuration = SignedDuration::from_mins(15);
/// One failure of a place is forgiven in this time: slips of a whole evening are no attack.
const FORGIVEN_AFTER: SignedDuration = SignedDuration::from_mins(1);
/// Pairs of place and account that are remembered. Past it, the oldest are forgotten.
const REMEMBERED_MAX: usize = 65_536;

impl Place {
    pub(super) fn of(address: IpAddr, device_id: Option<u64>) -> Place {
        device_id.map_or_else(|| Place::Address(counted_as(address)), Place::Device)
    }
}

impl Tried {
    /// The account that goes by the name that was typed. By the name and not by whose it is: an account
    /// that exists must not be told from one that does not.
    pub(super) fn named(login: &str) -> Tried {
        let digest = Sha256::digest(login.trim().to_lowercase());
        Tried::Named(digest[..8].try_into().expect("a digest is longer"))
    }
}

impl Throttle {
    pub(super) fn new(patience: Patience) -> Throttle {
        Throttle {
            patience,
            failures: Mutex::default(),
        }
    }

    /// Whether `tried` may be tried from `place` now. If so, it counts as failed until it has
    /// [succeeded](Throttle::succeeded): many tries at once are as many. What others have tried from a
    /// place does not hold up who is `known` there.
    pub(super) fn admit(&self, place: Place, tried: Tried, known: bool, now: Timestamp) -> Result<(), Wait> {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        self.check(&failures, place, tried, known, now)?;
        count(&mut failures, place, tried, now);
        Ok(())
    }

    fn check(
        &self,
        failures: &HashMap<(Place, Tried), Failures>,
        place: Place,
        tried: Tried,
        known: bool,
        now: Timestamp,
    ) -> Result<(), Wait> {
        for (tried, free, limit) in [
            (tried, self.patience.per_account, Limit::FailedSignIns),
            (
                Tried::Any,
                self.patience.per_place,
                Limit::FailedSignInsPerAddress,
            ),
        ] {
            let Some(failed) = failures
                .get(&(place, tried))
                .filter(|_| !known || tried != Tried::Any)
            else {
                continue;
            };
            let until = failed.last + delay(failed.count, free);
            if until > now {
                let left = until.duration_since(now);
                return Err(Wait { left, limit });
            }
        }
        Ok(())
    }

    /// A try was right: what failed for this account from this place was a slip.
    pub(super) fn succeeded(&self, place: Place, tried: Tried) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.remove(&(place, tried));
        if let Some(failed) = failures.get_mut(&(place, Tried::Any)) {
            failed.take_back();
        }
    }

    /// A try was not looked at: it counts for nothing.
    pub(super) fn passed_over(&self, place: Place, tried: Tried) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        for tried in [tried, Tried::Any] {
            if let Some(failed) = failures.get_mut(&(place, tried)) {
                failed.take_back();
            }
        }
    }
}

impl Failures {
    fn take_back(&mut self) {
        self.count = self.count.saturating_sub(1);
        self.last = self.before;
    }
}

impl Wait {
    /// Whole seconds, at least one.
    pub(super) fn seconds(self) -> u32 {
        let seconds = (self.left + SignedDuration::from_millis(999)).as_secs().max(1);
        u32::try_from(seconds).unwrap_or(u32::MAX)
    }
}

fn count(failures: &mut HashMap<(Place, Tried), Failures>, place: Place, tried: Tried, now: Timestamp) {
    if failures.len() >= REMEMBERED_MAX {
        make_room(failures, now);
    }
    for tried in [tried, Tried::Any] {
        let failed = failures.entry((place, tried)).or_insert(Failures {
            count: 0,
            last: now,
            before: now,
        });
        let quiet = now.duration_since(failed.last);
        if quiet > 2 * LONGEST_DELAY {
            failed.count = 0;
        } else if tried == Tried::Any {
            let forgiven = quiet.as_secs() / FORGIVEN_AFTER.as_secs();
            failed.count = failed.count.saturating_sub(u32::try_from(forgiven).unwrap_or(0));
        }
        failed.count = failed.count.saturating_add(1);
        failed.before = failed.last;
        failed.last = now;
    }
}

/// How long to wait after `count` failures of which `free` cost nothing.
fn delay(count: u32, free: u32) -> SignedDuration {
    match count.checked_sub(free.max(1)) {
        None => SignedDuration::ZERO,
        Some(doublings) if doublings >= 7 => LONGEST_DELAY,
        Some(doublings) => (FIRST_DELAY * (1 << doublings)).min(LONGEST_DELAY),
    }
}

/// Forgets what is old, and if that is not enough, the older half.
fn make_room(failures: &mut HashMap<(Place, Tried), Failures>, now: Timestamp) {
    failures.retain(|_, it| now.duration_since(it.last) <= 2 * LONGEST_DELAY);
    if failures.len() < REMEMBERED_MAX {
        return;
    }
    let mut times: Vec<Timestamp> = failures.values().map(|it| it.last).collect();
    let middle = times.len() / 2;
    let (_, median, _) = times.select_nth_unstable(middle);
    let median = *median;
    failures.retain(|_, it| it.last > median);
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_DELAY, Patience, Place, REMEMBERED_MAX, Throttle, Tried, Wait, delay};
    use crate::limits::Limit;
    use floor::StaffId;
    use jiff::{SignedDuration, Timestamp};

    const PATIENCE: Patience = Patience {
        per_account: 5,
        per_place: 30,
    };
    const WAITER: Tried = Tried::Account(StaffId(4));

    fn now() -> Timestamp {
        "2026-11-20T19:30:00Z".parse().unwrap()
    }

    fn place(number: u32) -> Place {
        Place::of(std::net::Ipv4Addr::from(number).into(), None)
    }

    #[test]
    fn delays_grow_to_a_quarter_of_an_hour() {
        let seconds: Vec<i64> = (4..14).map(|it| delay(it, 5).as_secs()).collect();
        assert_eq!(seconds, [0, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
    }

    #[test]
    fn ten_thousand_strangers_keep_no_waiter_out() {
        let throttle = Throttle::new(PATIENCE);
        for stranger in 0..10_000 {
            for _ in 0..5 {
                assert_eq!(throttle.admit(place(stranger), WAITER, false, now()), Ok(()));
            }
            assert!(throttle.admit(place(stranger), WAITER, false, now()).is_err());
        }
        assert_eq!(throttle.admit(place(10_001), WAITER, false, now()), Ok(()));
    }

    #[test]
    fn a_place_that_tries_everybody_waits_for_everybody() {
        let throttle = Throttle::new(PATIENCE);
        for staff in 0..30 {
            assert_eq!(
                throttle.admit(place(1), Tried::Account(StaffId(staff)), false, now()),
                Ok(())
            );
        }
        let wait = throttle.admit(place(1), Tried::Account(StaffId(99)), false, now());
        let left = SignedDuration::from_secs(10);
        let limit = Limit::FailedSignInsPerAddress;
        assert_eq!(wait, Err(Wait { left, limit }));
        let later = now() + SignedDuration::from_secs(10);
        assert_eq!(
            throttle.admit(place(1), Tried::Account(StaffId(99)), false, later),
            Ok(())
        );
    }

    #[test]
    fn a_slip_is_forgiven_and_forgotten() {
        let throttle = Throttle::new(PATIENCE);
        for _ in 0..4 {
            assert_eq!(throttle.admit(place(1), WAITER, false, now()), Ok(()));
        }
        throttle.succeeded(place(1), WAITER);
        for _ in 0..5 {
            assert_eq!(throttle.admit(place(1), WAITER, false, now()), Ok(()));
        }
        assert!(throttle.admit(place(1), WAITER, false, now()).is_err());
        let much_later = now() + 3 * LONGEST_DELAY;
        for _ in 0..5 {
            assert_eq!(throttle.admit(place(1), WAITER, false, much_later), Ok(()));
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let throttle = Throttle::new(PATIENCE);
        for n in 0..REMEMBERED_MAX as u32 {
            let at = now() + SignedDuration::from_millis(i64::from(n));
            assert_eq!(throttle.admit(place(n), WAITER, false, at), Ok(()));
        }
        assert!(throttle.failures.lock().unwrap().len() <= REMEMBERED_MAX + 1);
    }

    #[test]
    fn a_household_with_many_addresses_is_one_place() {
        let of = |text: &str| Place::of(text.parse().unwrap(), None);
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    }
}
