//! Public ids: short texts in place of our numbers, as this protocol's guests have them. They hide nothing; what may
//! be asked with one is decided by the credential.

use floor::TurnId;

/// A session's public id, such as `s_304ad2`.
pub(super) fn session(id: TurnId) -> String {
    text("s_", 6, id.0)
}

/// The number in hexadecimal digits, so shuffled that neighbours look nothing alike. Numbers that need more digits
/// have more.
fn text(prefix: &str, digits: u32, id: u64) -> String {
    let shuffled = shuffle(id, digits, FACTOR);
    let width = digits as usize;
    format!("{prefix}{shuffled:0width$x}")
}

/// An odd factor permutes the numbers below a power of two.
const FACTOR: u64 = 0x9E37_79B1;

/// Permutes the lowest digits, and leaves those above alone.
fn shuffle(id: u64, digits: u32, factor: u64) -> u64 {
    let low = (1 << (4 * digits)) - 1;
    (id & !low) | (id.wrapping_mul(factor) & low)
}
