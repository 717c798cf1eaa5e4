//! Ids as this protocol writes them: UUIDs that say the kind and the number, and can be read back.
//!
//! They hide nothing; what may be asked with one is decided by the credential. RFC 9562 leaves version 8 to whoever
//! makes them: here the number fills the last 62 bits and two before them, shuffled, so that neighbours look nothing
//! alike, the kind stands before those, and the first 48 bits follow from both, so that a UUID from elsewhere is no id.

use crate::directory::Directory;
use floor::{PartyId, PlanId, RestaurantId, SectionId, StaffId, TableId};
use uuid::Uuid;

/// What an id is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Branch = 1,
    Plan = 2,
    Section = 3,
    Table = 4,
    Staff = 5,
    Party = 6,
    Role = 7,
}

/// A branch's id.
pub(super) fn branch(id: RestaurantId) -> Uuid {
    write(Kind::Branch, id.0)
}

/// A floor plan's id.
pub(super) fn plan(id: PlanId) -> Uuid {
    write(Kind::Plan, id.0)
}

/// A section's id.
pub(super) fn section(id: SectionId) -> Uuid {
    write(Kind::Section, id.0)
}

/// A table's id.
pub(super) fn table(id: TableId) -> Uuid {
    write(Kind::Table, id.0)
}

/// The id of a member of staff.
pub(super) fn staff(id: StaffId) -> Uuid {
    write(Kind::Staff, id.0)
}

/// The id of whoever a table is kept for.
pub(super) fn party(id: PartyId) -> Uuid {
    write(Kind::Party, id.0)
}

/// A role's id, by its place among the roles.
pub(super) fn role(place: u64) -> Uuid {
    write(Kind::Role, place)
}

/// The restaurant of a branch id.
pub(super) fn branch_of(id: Uuid) -> Option<RestaurantId> {
    read(Kind::Branch, id).map(RestaurantId)
}

/// The floor plan of an id.
pub(super) fn plan_of(id: Uuid) -> Option<PlanId> {
    read(Kind::Plan, id).map(PlanId)
}

/// The section of an id.
pub(super) fn section_of(id: Uuid) -> Option<SectionId> {
    read(Kind::Section, id).map(SectionId)
}

/// The table of an id.
pub(super) fn table_of(id: Uuid) -> Option<TableId> {
    read(Kind::Table, id).map(TableId)
}

/// The member of staff of an id.
pub(super) fn staff_of(id: Uuid) -> Option<StaffId> {
    read(Kind::Staff, id).map(StaffId)
}

/// The branch that a text names: by its UUID, by its number or by its name in addresses.
pub(super) fn branch_named(directory: &Directory, text: &str) -> Option<RestaurantId> {
    match Uuid::try_parse(text) {
        Ok(id) => branch_of(id).filter(|it| directory.holds(*it)),
        Err(_) => directory.find(text),
    }
}

/// An odd factor permutes the numbers below a power of two.
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
/// What takes it back.
const INVERSE: u64 = 0xF1DE_83E1_9937_733D;
/// The lowest 48 bits.
const LOW_48: u64 = (1 << 48) - 1;
/// The lowest 62 bits.
const LOW_62: u64 = (1 << 62) - 1;

fn write(kind: Kind, id: u64) -> Uuid {
    let shuffled = id.wrapping_mul(FACTOR);
    let middle = (kind as u64) << 2 | shuffled >> 62;
    let front = front(kind, id);
    let bits = u128::from(front) << 80 | u128::from(middle) << 64 | u128::from(shuffled & LOW_62);
    Uuid::new_v8(bits.to_be_bytes())
}

/// The number that [`write`] makes this of.
fn read(kind: Kind, id: Uuid) -> Option<u64> {
    let (high, low) = id.as_u64_pair();
    let number = ((high & 0b11) << 62 | (low & LOW_62)).wrapping_mul(INVERSE);
    // One number has one UUID.
    (write(kind, number) == id).then_some(number)
}

/// The first 48 bits: they say nothing that the others do not.
fn front(kind: Kind, id: u64) -> u64 {
    let mixed = (id ^ (kind as u64) << 56).wrapping_mul(FACTOR);
    (mixed ^ mixed >> 29).wrapping_mul(FACTOR) >> 16 & LOW_48
}

#[cfg(test)]
mod tests {
    use super::{Kind, branch, branch_of, plan_of, read, section_of, table, table_of, write};
    use floor::{RestaurantId, TableId};
    use proptest::prelude::*;
    use uuid::{Uuid, Variant};

    #[test]
    fn neighbours_look_nothing_alike() {
        let shown: Vec<String> = (1..=3).map(|it| table(TableId(it)).to_string()).collect();
        let fronts: Vec<&str> = shown.iter().map(|it| &it[..8]).collect();
        assert_eq!(fronts.len(), 3);
        assert_ne!(fronts[0], fronts[1]);
        assert_ne!(shown[0], branch(RestaurantId(1)).to_string());
    }

    proptest! {
        #[test]
        fn an_id_leads_back_to_its_number_and_no_other_does(id in any::<u64>(), small in 0..1_000_000u64, other in any::<u128>()) {
            for id in [id, small] {
                let shown = table(TableId(id));
                prop_assert_eq!(shown.get_version_num(), 8);
                prop_assert_eq!(shown.get_variant(), Variant::RFC4122);
                prop_assert_eq!(table_of(shown), Some(TableId(id)));
                prop_assert_eq!(branch_of(shown), None);
                prop_assert_eq!(plan_of(shown), None);
                prop_assert_eq!(section_of(shown), None);
            }
            let other = Uuid::from_u128(other);
            if let Some(number) = read(Kind::Table, other) {
                prop_assert_eq!(write(Kind::Table, number), other);
            }
        }
    }
}
