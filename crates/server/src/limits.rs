//! Every bound of the program outside the floor, in one place. Each says what happens when it is reached.

use jiff::SignedDuration;
use std::time::Duration;

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

/// Bytes of a request's body. Past it: 413 `too_large`.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a frame from a screen. Past it: close code 1009.
pub const FRAME_BYTES_MAX: usize = 64 * 1024;
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
/// How long a stream without credential may take to send one.
pub const AUTH_WAIT: Duration = Duration::from_secs(5);
/// How long a read waits for the change it names. Past it: 503 `not_yet`.
pub const MIN_SEQ_WAIT: Duration = Duration::from_secs(2);
/// How long a request's head may take.
pub const HEADER_WAIT: Duration = Duration::from_secs(10);
/// How long a request's body may take.
pub const BODY_WAIT: Duration = Duration::from_secs(20);

/// Streams of one restaurant when nobody says. Past it: close code 4008, or 429 `too_many_streams`.
pub const STREAMS_PER_RESTAURANT: usize = 20_000;
/// Connections that wait to be accepted. Two thousand screens come back at once after a restart.
pub const BACKLOG: i32 = 8_192;
/// Open files to ask the system for at the start.
pub const FILES_MAX: u64 = 65_536;

/// Sign-ins kept. Past it, the oldest ends.
pub const SIGN_INS_MAX: usize = 10_000;
/// Sign-ins that fail within a minute. Past it, failing ones are answered 429; right ones still work.
pub const FAILED_SIGN_INS_PER_MINUTE: usize = 30;
