//! Public ids: short texts in place of our numbers, as guests' phones and their pages have them. They hide nothing;
//! what may be asked with one is decided by the credential.

use floor::{CallId, MemberId, TableId, TurnId};

/// A turn's public id, such as `s_304ad2`.
pub(super) fn session(id: TurnId) -> String {
    text("s_", 6, id.0)
}

/// A member's public id, such as `m_f23294`.
pub(super) fn member(id: MemberId) -> String {
    text("m_", 6, id.0)
}

/// A call's public id, such as `wr_52a51213`.
pub(super) fn call(id: CallId) -> String {
    text("wr_", 8, id.0)
}

/// A table's public id, such as `t_1e9b52`.
pub(super) fn table(id: TableId) -> String {
    text("t_", 6, id.0)
}

/// The call of a public id.
pub(super) fn call_of(text: &str) -> Option<CallId> {
    number("wr_", 8, text).map(CallId)
}

/// The table of a public id.
pub(super) fn table_of(text: &str) -> Option<TableId> {
    number("t_", 6, text).map(TableId)
}

/// The number in hexadecimal digits, so shuffled that neighbours look nothing alike. Numbers that need more digits
/// have more.
fn text(prefix: &str, digits: u32, id: u64) -> String {
    let shuffled = shuffle(id, digits, FACTOR);
    let width = digits as usize;
    format!("{prefix}{shuffled:0width$x}")
}

/// The number that [`text`] makes this of.
fn number(prefix: &str, digits: u32, shown: &str) -> Option<u64> {
    let shuffled = u64::from_str_radix(shown.strip_prefix(prefix)?, 16).ok()?;
    let id = shuffle(shuffled, digits, INVERSE);
    // One id has one text.
    (text(prefix, digits, id) == shown).then_some(id)
}

/// An odd factor permutes the numbers below a power of two.
const FACTOR: u64 = 0x9E37_79B1;
/// What takes it back, below 2^32 and so below 2^24.
const INVERSE: u64 = 0x0E8B_2F51;

/// Permutes the lowest digits, and leaves those above alone.
fn shuffle(id: u64, digits: u32, factor: u64) -> u64 {
    let low = (1 << (4 * digits)) - 1;
    (id & !low) | (id.wrapping_mul(factor) & low)
}

#[cfg(test)]
mod tests {
    use super::{call, call_of, session, table, table_of};
    use floor::{CallId, TableId, TurnId};
    use proptest::prelude::*;

    #[test]
    fn neighbours_look_nothing_alike() {
        let shown: Vec<String> = (1..=3).map(|it| session(TurnId(it))).collect();
        assert_eq!(shown, ["s_3779b1", "s_6ef362", "s_a66d13"]);
    }

    proptest! {
        #[test]
        fn a_public_id_leads_back_to_its_number_and_no_other_does(id in any::<u64>(), small in 0..1u64 << 24, text in ".{0,20}") {
            for id in [id, small] {
                prop_assert_eq!(call_of(&call(CallId(id))), Some(CallId(id)));
                prop_assert_eq!(table_of(&table(TableId(id))), Some(TableId(id)));
                prop_assert_eq!(table_of(&call(CallId(id))), None);
                prop_assert_eq!(table_of(&table(TableId(id)).to_uppercase()), None);
            }
            if let Some(id) = call_of(&text) {
                prop_assert_eq!(call(id), text);
            }
        }
    }
}
