//! Every bound of the hub, in one place. Each says what happens when it is reached.

/// Frames a topic remembers. Past it the oldest leave, and the journal answers for them.
const RING_FRAMES_MAX: usize = 1_024;
/// Bytes of frames a topic remembers. Past it the oldest leave, as with the count.
const RING_BYTES_MAX: usize = 1024 * 1024;
/// Frames one batch holds. Past it the rest waits for the next take.
const TAKE_FRAMES_MAX: usize = 256;
/// Bytes one batch holds, unless its first frame alone is larger. Past it the rest waits.
const TAKE_BYTES_MAX: usize = 64 * 1024;
/// Joined batches a topic keeps for the next listener at the same place. Past it the oldest is forgotten,
/// and joined again when somebody needs it.
pub(crate) const JOINS_MAX: usize = 8;

// A usual frame of some 300 bytes fills the count before the bytes.
const _: () = assert!(RING_BYTES_MAX / RING_FRAMES_MAX >= 512);
// One batch takes a part of the ring, so that a cursor far behind does not hold all of it once more.
const _: () = assert!(TAKE_FRAMES_MAX * 4 <= RING_FRAMES_MAX);
const _: () = assert!(TAKE_BYTES_MAX * 4 <= RING_BYTES_MAX);
// The remembered joins stay below their bound, which is the ring's own size.
const _: () = assert!(JOINS_MAX * TAKE_BYTES_MAX <= RING_BYTES_MAX);

/// How much one topic remembers. What was said last always stays, all of it, whatever its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RingLimits {
    /// Frames at most.
    pub frames_max: usize,
    /// Bytes of all frames together at most. Joined batches may take as much once more.
    pub bytes_max: usize,
}

impl RingLimits {
    /// 1,024 frames and 1 MiB.
    pub const DEFAULT: RingLimits = RingLimits {
        frames_max: RING_FRAMES_MAX,
        bytes_max: RING_BYTES_MAX,
    };
}

impl Default for RingLimits {
    fn default() -> RingLimits {
        RingLimits::DEFAULT
    }
}

/// How much one take hands out. At least one frame, whatever its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakeLimit {
    /// Frames at most; zero counts as one.
    pub frames_max: usize,
    /// Bytes of all frames together at most, unless the first is larger.
    pub bytes_max: usize,
}

impl TakeLimit {
    /// 256 frames and 64 KiB.
    pub const DEFAULT: TakeLimit = TakeLimit {
        frames_max: TAKE_FRAMES_MAX,
        bytes_max: TAKE_BYTES_MAX,
    };
}

impl Default for TakeLimit {
    fn default() -> TakeLimit {
        TakeLimit::DEFAULT
    }
}
