//! Every bound of the program outside the floor, in one place. Each says what happens when it is reached.
//!
//! Those that an operator may want to change are in [`Limits`]; the others are part of how it works.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use std::time::Duration;

/// The table `[limits]` of the configuration. Each field's comment is its manual. How often each was
/// reached is counted in `maitred_limits_total`.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Open TCP connections of the whole program. Past it, new ones are closed at once.
    pub connections: u32,
    /// Streams that one restaurant may have open on one surface. Past it: close code 4008, or 429
    /// `too_many_streams`.
    pub connections_per_restaurant: u32,
    /// Dashboards (`/admin/ws/dashboard`) that one restaurant may have open, where its own settings say nothing. Past
    /// it: close code 4008.
    pub dashboard_connections: u32,
    /// Phones of guests (`/ws/session`) that one turn may have connected. Past it: close code 4008.
    pub guest_connections: u32,
    /// WebSocket handshakes and event streams that one address may begin in a minute; as many at once. An
    /// IPv6 address counts as its /64. Past it: 429 `too_many_handshakes`.
    pub handshakes_per_minute: u32,
    /// Messages that one connection may send in a second; five times as many at once. Past it: close code
    /// 4008.
    pub messages_per_second: u32,
    /// Commands that one holder of a credential may ask one restaurant for in a second; ten times as many
    /// at once. A batch is one. Past it: `too_many_commands`, as 429 or on the stream.
    pub commands_per_second: u32,
    /// Bytes of a request's body. Past it: 413 `too_large`.
    pub body_bytes: u32,
    /// Bytes of a message from a screen. Past it: close code 1009.
    pub frame_bytes: u32,
    /// Seconds that the head of a request may take, and that a connection may be idle between two requests.
    /// Past it, the connection ends.
    pub header_seconds: u32,
    /// Seconds that a request's body may take. Past it: 408 `too_slow`.
    pub body_seconds: u32,
    /// Seconds that a stream without credential may take to send one. Past it: close code 4100.
    pub auth_seconds: u32,
    /// Sign-ins to one account that may fail from one address before the next ones have to wait.
    pub failed_sign_ins: u32,
    /// Sign-ins that may fail from one address, to whichever accounts, before the next ones have to wait.
    pub failed_sign_ins_per_address: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 60_000,
            connections_per_restaurant: 20_000,
            dashboard_connections: 20,
            guest_connections: 20,
            handshakes_per_minute: 600,
            messages_per_second: 100,
            commands_per_second: 200,
            body_bytes: 64 * 1024,
            frame_bytes: 64 * 1024,
            header_seconds: 10,
            body_seconds: 20,
            auth_seconds: 5,
            failed_sign_ins: 5,
            failed_sign_ins_per_address: 30,
        }
    }
}

/// One of the [`Limits`], by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`Limits::connections`]
    Connections,
    /// [`Limits::connections_per_restaurant`]
    ConnectionsPerRestaurant,
    /// [`Limits::dashboard_connections`]
    DashboardConnections,
    /// [`Limits::guest_connections`]
    GuestConnections,
    /// [`Limits::handshakes_per_minute`]
    HandshakesPerMinute,
    /// [`Limits::messages_per_second`]
    MessagesPerSecond,
    /// [`Limits::commands_per_second`]
    CommandsPerSecond,
    /// [`Limits::body_bytes`]
    BodyBytes,
    /// [`Limits::frame_bytes`]
    FrameBytes,
    /// [`Limits::header_seconds`]
    HeaderSeconds,
    /// [`Limits::body_seconds`]
    BodySeconds,
    /// [`Limits::auth_seconds`]
    AuthSeconds,
    /// [`Limits::failed_sign_ins`]
    FailedSignIns,
    /// [`Limits::failed_sign_ins_per_address`]
    FailedSignInsPerAddress,
}

impl Limit {
    /// Every limit.
    pub const ALL: [Limit; 14] = [
        Limit::Connections,
        Limit::ConnectionsPerRestaurant,
        Limit::DashboardConnections,
        Limit::GuestConnections,
        Limit::HandshakesPerMinute,
        Limit::MessagesPerSecond,
        Limit::CommandsPerSecond,
        Limit::BodyBytes,
        Limit::FrameBytes,
        Limit::HeaderSeconds,
        Limit::BodySeconds,
        Limit::AuthSeconds,
        Limit::FailedSignIns,
        Limit::FailedSignInsPerAddress,
    ];

    /// The key in the configuration, and the name in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Limit::Connections => "connections",
            Limit::ConnectionsPerRestaurant => "connections_per_restaurant",
            Limit::DashboardConnections => "dashboard_connections",
            Limit::GuestConnections => "guest_connections",
            Limit::HandshakesPerMinute => "handshakes_per_minute",
            Limit::MessagesPerSecond => "messages_per_second",
            Limit::CommandsPerSecond => "commands_per_second",
            Limit::BodyBytes => "body_bytes",
            Limit::FrameBytes => "frame_bytes",
            Limit::HeaderSeconds => "header_seconds",
            Limit::BodySeconds => "body_seconds",
            Limit::AuthSeconds => "auth_seconds",
            Limit::FailedSignIns => "failed_sign_ins",
            Limit::FailedSignInsPerAddress => "failed_sign_ins_per_address",
        }
    }

    /// What an operator may set it to. Below, nobody could work; above, it would be none.
    #[must_use]
    pub const fn bounds(self) -> RangeInclusive<u32> {
        match self {
            Limit::Connections
            | Limit::ConnectionsPerRestaurant
            | Limit::DashboardConnections
            | Limit::GuestConnections
            | Limit::HandshakesPerMinute
            | Limit::MessagesPerSecond
            | Limit::CommandsPerSecond => 1..=1_000_000,
            Limit::BodyBytes | Limit::FrameBytes => 1_024..=16 * 1024 * 1024,
            Limit::HeaderSeconds | Limit::BodySeconds | Limit::AuthSeconds => 1..=3_600,
            Limit::FailedSignIns | Limit::FailedSignInsPerAddress => 1..=10_000,
        }
    }
}

/// Names that a limit by name keeps apart: addresses, holders of credentials. Past it, new names share one
/// allowance until older ones have been silent for long enough to be forgotten.
pub const NAMES_KEPT_APART_MAX: usize = 65_536;

/// Commands that wait for one restaurant's writer. Past it, a command is answered `busy`.
pub const ASKS_WAITING_MAX: usize = 1_024;
/// Commands decided and journaled together.
pub const ASKS_TOGETHER_MAX: usize = 128;
/// How often a command is decided again because another node was first. Past it: `busy`.
pub const CONFLICTS_MAX: usize = 8;
/// Changes between two snapshots of a floor.
pub const CHANGES_PER_SNAPSHOT: u64 = 1_000;
/// Ids taken from the journal at a time.
pub const IDS_PER_BLOCK: u64 = 32;

/// Characters of an idempotency key. Past it: 400 `bad_key`.
pub const KEY_CHARS_MAX: usize = 128;
/// How long an idempotency key is remembered. Past it, the key is as good as new.
pub const KEYS_KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Time between two clearings of what the journal need not remember.
pub const TIDY_EVERY: Duration = Duration::from_secs(3_600);
/// Characters of the id of a frame from a screen. Past it: refused as `bad_value`.
pub const FRAME_ID_CHARS_MAX: usize = 128;
/// Commands of one connection that wait for their answer. Past it, the connection is not read.
pub const COMMANDS_IN_FLIGHT_MAX: usize = 64;
/// Changes on one page. More asked for: this many are given.
pub const PAGE_CHANGES_MAX: usize = 1_000;
/// Changes on one page when nobody says.
pub const PAGE_CHANGES: usize = 500;

/// Bytes that a Socket.IO client may post at once, as it is told when it connects. Past it: 413.
pub const PAYLOAD_BYTES_MAX: usize = 1_000_000;
/// The same before it has shown who it is.
pub const STRANGER_BYTES_MAX: usize = 64 * 1024;
/// Attachments of one Socket.IO packet. Past it, the connection is closed.
pub const ATTACHMENTS_MAX: u8 = 10;
/// Bytes of a Socket.IO namespace's name. Past it, the connection is closed.
pub const NAMESPACE_BYTES_MAX: usize = 256;
/// Branches that one Socket.IO client listens to, and that one person may open. Past it: `too_many_branches`, or 400.
pub const BRANCHES_MAX: usize = 100;
/// Packets that wait for a client that polls. Past it, what else there is to tell waits where it is.
pub const OUTBOX_PACKETS: usize = 128;
/// As before, of answers to the client's own packets too. Past it, the session ends as too slow.
pub const OUTBOX_PACKETS_MAX: usize = 512;
/// Requests of one polling client that wait for its session. Past it, they wait in their connections.
pub const POLLS_WAITING_MAX: usize = 4;

/// Days of past stays that quotes of waits stand on. Older ones are not looked at.
pub const STAYS_READ_DAYS: i64 = 60;
/// Past stays that are read for them. Past it, the oldest are not looked at.
pub const STAYS_READ_MAX: usize = 20_000;
/// How old what was read may be before it is read again.
pub const STAYS_FRESH: SignedDuration = SignedDuration::from_mins(10);

/// Changes that a client may have missed and still gets one by one, however old they are.
pub const REPLAY_CHANGES_MAX: u64 = 50_000;
/// Hours for which a client gets all it missed one by one, however much it is.
pub const REPLAY_HOURS: i64 = 24;

/// Frames written to a connection with one call.
pub const FRAMES_PER_WRITE: usize = 128;
/// Bytes written to a connection with one call, beyond the first frame.
pub const BYTES_PER_WRITE: usize = 128 * 1024;
/// How long a socket may take nothing before it is let go as too slow.
pub const WRITE_STALL: Duration = Duration::from_secs(30);
/// Time between two heartbeats of a stream.
pub const HEARTBEAT: Duration = Duration::from_secs(5);
/// How long a read waits for the change it names. Past it: 503 `not_yet`.
pub const MIN_SEQ_WAIT: Duration = Duration::from_secs(2);

/// Connections that wait to be accepted. Two thousand screens come back at once after a restart.
pub const BACKLOG: i32 = 8_192;
/// Open files to ask the system for at the start.
pub const FILES_MAX: u64 = 65_536;

#[cfg(test)]
mod tests {
    use super::{Limit, Limits};

    #[test]
    fn every_key_of_the_configuration_is_a_limit_with_a_name_and_a_default_within_its_bounds() {
        let serde_json::Value::Object(defaults) = serde_json::to_value(Limits::default()).unwrap() else {
            panic!("limits are a table");
        };
        assert_eq!(defaults.len(), Limit::ALL.len());
        for limit in Limit::ALL {
            let default = defaults[limit.name()].as_u64().unwrap();
            let default = u32::try_from(default).unwrap();
            assert!(limit.bounds().contains(&default), "{}", limit.name());
        }
    }
}
