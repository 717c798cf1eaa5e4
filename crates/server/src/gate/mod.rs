//! How much may come in: counts connections and what they ask for, and says when it is enough.
//!
//! Every surface asks the same gate, so that a limit means the same wherever somebody comes in. Counting
//! and letting in are one step: what was let in is counted until its guard is dropped.

mod rate;

use crate::clock::Clock;
use crate::identity::Pass;
use crate::limits::{Limit, Limits};
use crate::metrics::{Connected, Metrics};
use crate::peer::Peer;
use floor::{RestaurantId, TurnId};
use prometheus_client::metrics::counter::Counter;
use rate::{Often, Pace, Rate, Rates, TooOften};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The program's gate. Cheap to clone.
#[derive(Clone)]
pub struct Gate {
    inner: Arc<Inner>,
}

struct Inner {
    limits: Arc<Limits>,
    metrics: Metrics,
    pace: Pace,
    connections: AtomicU32,
    seats: Mutex<BTreeMap<Room, u32>>,
    handshakes: Rates<IpAddr>,
    commands: Rates<(RestaurantId, String)>,
    messages: Often,
}

/// One surface's streams of one restaurant, or of one turn there.
type Room = (&'static str, RestaurantId, Option<TurnId>);

/// Commands at once, as a multiple of those in a second.
const COMMANDS_AT_ONCE: u32 = 10;
/// Messages at once, as a multiple of those in a second.
const MESSAGES_AT_ONCE: u32 = 5;
/// Seconds after which a full restaurant is worth another try.
const SEAT_RETRY_SECONDS: u16 = 5;

/// A limit was reached. It has been counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the limit {} is {max}", .limit.name())]
pub struct Reached {
    /// Which one.
    pub limit: Limit,
    /// What it is set to.
    pub max: u32,
    /// Seconds after which to ask again.
    pub retry_after: u16,
}

impl Gate {
    /// A gate that nobody has come through yet.
    #[must_use]
    pub fn new(limits: Arc<Limits>, clock: &Clock, metrics: Metrics) -> Gate {
        let pace = Pace::of(clock);
        let inner = Inner {
            connections: AtomicU32::new(0),
            seats: Mutex::default(),
            handshakes: Rates::new(rate::per_minute(limits.handshakes_per_minute), &pace),
            commands: Rates::new(
                rate::per_second(limits.commands_per_second, COMMANDS_AT_ONCE),
                &pace,
            ),
            messages: rate::per_second(limits.messages_per_second, MESSAGES_AT_ONCE),
            limits,
            metrics,
            pace,
        };
        Gate {
            inner: Arc::new(inner),
        }
    }

    /// What is allowed.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// Lets in a TCP connection. Nothing when as many are open as there may be.
    #[must_use]
    pub fn connection(&self) -> Option<Open> {
        let max = self.inner.limits.connections;
        let one_more = |n: u32| (n < max).then_some(n + 1);
        let counted = self
            .inner
            .connections
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more);
        if counted.is_err() {
            self.reached(Limit::Connections);
            return None;
        }
        Some(Open { gate: self.clone() })
    }

    /// Lets somebody begin a stream. To be asked before anything else about the stream is looked at.
    pub fn handshake(&self, peer: &Peer) -> Result<(), Reached> {
        let taken = self.inner.handshakes.take(&peer.counted_as());
        taken.map_err(|it| self.too_often(Limit::HandshakesPerMinute, it))
    }

    /// Gives a stream of `surface` its place in the restaurant, for as long as the answer lives.
    pub fn seat(&self, surface: &'static str, restaurant_id: RestaurantId) -> Result<Seat, Reached> {
        let max = self.inner.limits.connections_per_restaurant;
        self.seat_among(
            max,
            Limit::ConnectionsPerRestaurant,
            (surface, restaurant_id, None),
        )
    }

    /// Gives a manager's dashboard its place in the restaurant, for as long as the answer lives.
    ///
    /// `max` is how many the restaurant wants, where it has a wish.
    pub fn dashboard_seat(
        &self,
        surface: &'static str,
        restaurant_id: RestaurantId,
        max: Option<u16>,
    ) -> Result<Seat, Reached> {
        let max = max.map_or(self.inner.limits.dashboard_connections, u32::from);
        self.seat_among(max, Limit::DashboardConnections, (surface, restaurant_id, None))
    }

    /// Gives a guest's phone its place at a turn, for as long as the answer lives.
    pub fn guest_seat(&self, restaurant_id: RestaurantId, turn_id: TurnId) -> Result<Seat, Reached> {
        let max = self.inner.limits.guest_connections;
        self.seat_among(
            max,
            Limit::GuestConnections,
            ("guest", restaurant_id, Some(turn_id)),
        )
    }

    fn seat_among(&self, max: u32, limit: Limit, room: Room) -> Result<Seat, Reached> {
        let is_free = {
            let mut seats = self.inner.seats.lock().unwrap_or_else(PoisonError::into_inner);
            let taken = seats.entry(room).or_default();
            let is_free = *taken < max;
            *taken += u32::from(is_free);
            is_free
        };
        if !is_free {
            self.reached(limit);
            return Err(Reached {
                limit,
                max,
                retry_after: SEAT_RETRY_SECONDS,
            });
        }
        Ok(Seat {
            gate: self.clone(),
            room,
            _connected: self.inner.metrics.connected(room.0),
        })
    }

    /// Lets the holder of a pass ask the restaurant for a command.
    pub fn command(&self, pass: &Pass) -> Result<(), Reached> {
        let taken = self.inner.commands.take(&(pass.restaurant_id(), pass.holder()));
        taken.map_err(|it| self.too_often(Limit::CommandsPerSecond, it))
    }

    /// The count of one connection's messages.
    #[must_use]
    pub fn messages(&self, surface: &'static str) -> Messages {
        Messages {
            gate: self.clone(),
            counted: self.inner.metrics.messages(surface),
            rate: Rate::new(self.inner.messages, &self.inner.pace),
        }
    }

    /// Counts that `limit` was reached, where somebody else keeps it.
    pub fn reached(&self, limit: Limit) {
        self.inner.metrics.reached(limit);
    }

    fn too_often(&self, limit: Limit, TooOften(retry_after): TooOften) -> Reached {
        self.reached(limit);
        let limits = &self.inner.limits;
        let max = match limit {
            Limit::HandshakesPerMinute => limits.handshakes_per_minute,
            Limit::MessagesPerSecond => limits.messages_per_second,
            _ => limits.commands_per_second,
        };
        Reached {
            limit,
            max,
            retry_after,
        }
    }
}

/// A TCP connection that was let in.
pub struct Open {
    gate: Gate,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.gate.inner.connections.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A stream's place in a restaurant.
pub struct Seat {
    gate: Gate,
    room: Room,
    _connected: Connected,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let seats = &self.gate.inner.seats;
        let mut seats = seats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = seats.get_mut(&self.room) {
            *taken -= 1;
            if *taken == 0 {
                seats.remove(&self.room);
            }
        }
    }
}

/// One connection's messages.
pub struct Messages {
    gate: Gate,
    counted: Counter,
    rate: Rate,
}

impl Messages {
    /// Counts a message.
    pub fn take(&self) -> Result<(), Reached> {
        self.counted.inc();
        let taken = self.rate.take();
        taken.map_err(|it| self.gate.too_often(Limit::MessagesPerSecond, it))
    }
}

#[cfg(test)]
mod tests {
    use super::Gate;
    use crate::clock::Clock;
    use crate::limits::Limits;
    use crate::metrics::Metrics;
    use floor::RestaurantId;
    use jiff::Timestamp;
    use std::sync::Arc;

    fn gate() -> Gate {
        let limits = Limits {
            connections: 5,
            connections_per_restaurant: 2,
            ..Limits::default()
        };
        let clock = Clock::standing_at(Timestamp::UNIX_EPOCH);
        Gate::new(Arc::new(limits), &clock, Metrics::default())
    }

    #[test]
    fn a_seat_is_free_again_when_its_guard_is_gone() {
        let gate = gate();
        let (here, there) = (RestaurantId(1), RestaurantId(2));
        let first = gate.seat("a", here).unwrap();
        let second = gate.seat("a", here).unwrap();
        assert!(gate.seat("a", here).is_err());
        let others = (gate.seat("b", here), gate.seat("a", there));
        assert!(others.0.is_ok() && others.1.is_ok());
        drop(first);
        assert!(gate.seat("a", here).is_ok());
        drop((second, others));
        assert!(gate.inner.seats.lock().unwrap().is_empty());
    }

    #[test]
    fn never_more_are_let_in_than_there_may_be_however_many_come_at_once() {
        let gate = gate();
        let come = || {
            let open: Vec<_> = (0..1_000).filter_map(|_| gate.connection()).collect();
            open.len()
        };
        let let_in: Vec<usize> = std::thread::scope(|scope| {
            let crowd: Vec<_> = (0..4).map(|_| scope.spawn(come)).collect();
            crowd.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(let_in.iter().all(|it| *it <= 5), "{let_in:?}");
        let open: Vec<_> = (0..10).filter_map(|_| gate.connection()).collect();
        assert_eq!(open.len(), 5);
    }
}
