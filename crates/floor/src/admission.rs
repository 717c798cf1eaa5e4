//! Where a party may be seated, and how many of it.

use crate::{Covers, Floor, PartyId, Refusal, Table, TableId, TableState, TurnId, limits};
use std::collections::BTreeSet;

/// What a surface lets pass when it seats somebody. A table that somebody sits at is never among it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Admission {
    /// A table kept for somebody else.
    pub reserved: bool,
    /// A table that is not clean yet.
    pub dirty: bool,
    /// A table that is blocked or under maintenance.
    pub out_of_service: bool,
    /// More guests than seats, and tables that are not made to be pushed together.
    pub oversize: bool,
}

impl Admission {
    /// Available tables, or those reserved for that party, with seats enough.
    pub const STRICT: Admission = Admission {
        reserved: false,
        dirty: false,
        out_of_service: false,
        oversize: false,
    };
    /// Every table that nobody sits at.
    pub const FORCED: Admission = Admission {
        reserved: true,
        dirty: true,
        out_of_service: true,
        oversize: true,
    };
}

/// v1's `force` flag.
pub(crate) mod as_force {
    use super::Admission;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
    pub(crate) fn serialize<S: Serializer>(it: &Admission, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*it != Admission::STRICT)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Admission, D::Error> {
        let is_forced = bool::deserialize(deserializer)?;
        Ok(if is_forced {
            Admission::FORCED
        } else {
            Admission::STRICT
        })
    }
}

/// Who asks to sit somewhere.
pub(crate) struct Newcomer {
    /// The party that comes, if it has a name on the list.
    pub(crate) party_id: Option<PartyId>,
    /// The turn that moves, if one does: its own tables are free for it.
    pub(crate) turn_id: Option<TurnId>,
    /// How many.
    pub(crate) covers: Covers,
}

impl Newcomer {
    /// For whom a table is free that is free for everybody.
    pub(crate) fn nobody() -> Newcomer {
        Newcomer {
            party_id: None,
            turn_id: None,
            covers: Covers::ONE,
        }
    }
}

impl Floor {
    /// Checks that `newcomer` may sit at `table_ids`. Answers whether that took more than `STRICT`.
    pub(crate) fn admit(
        &self,
        newcomer: &Newcomer,
        table_ids: &[TableId],
        admission: Admission,
    ) -> Result<bool, Refusal> {
        check_table_ids(table_ids)?;
        let tables = table_ids
            .iter()
            .map(|it| self.table(*it))
            .collect::<Result<Vec<_>, _>>()?;
        let mut is_forced = false;
        for table in &tables {
            is_forced |= self.admit_at(newcomer, table, admission)?;
        }
        is_forced |= self.admit_size(newcomer, &tables, admission)?;
        Ok(is_forced)
    }

    fn admit_at(&self, newcomer: &Newcomer, table: &Table, admission: Admission) -> Result<bool, Refusal> {
        if !table.details.active {
            return Err(Refusal::TableInactive {
                table_id: table.id,
                number: table.details.number.clone(),
            });
        }
        let is_own = |it: Option<PartyId>| it.is_some() && it == newcomer.party_id;
        let covers = newcomer.covers;
        match table.state {
            TableState::Available => Ok(false),
            TableState::Occupied { turn_id } if newcomer.turn_id == Some(turn_id) => Ok(false),
            TableState::Occupied { turn_id } => Err(self.table_taken(table, turn_id, covers)),
            TableState::Reserved { party_id } if is_own(party_id) => Ok(false),
            TableState::Reserved { .. } if admission.reserved => Ok(true),
            TableState::Reserved { party_id } => Err(self.table_reserved(table, party_id, covers)),
            TableState::Dirty if admission.dirty => Ok(true),
            TableState::Blocked | TableState::Maintenance if admission.out_of_service => Ok(true),
            TableState::Dirty | TableState::Blocked | TableState::Maintenance => {
                Err(self.table_not_ready(table, covers))
            }
        }
    }

    fn admit_size(
        &self,
        newcomer: &Newcomer,
        tables: &[&Table],
        admission: Admission,
    ) -> Result<bool, Refusal> {
        if admission.oversize {
            return Ok(!fits(newcomer.covers, tables) || uncombinable(tables).is_some());
        }
        if let Some(table) = uncombinable(tables) {
            return Err(Refusal::TableNotCombinable {
                table_id: table.id,
                number: table.details.number.clone(),
            });
        }
        if !fits(newcomer.covers, tables) {
            return Err(self.too_small(tables, newcomer.covers));
        }
        Ok(false)
    }

    pub(crate) fn too_small(&self, tables: &[&Table], covers: Covers) -> Refusal {
        Refusal::TableTooSmall {
            table_ids: tables.iter().map(|it| it.id).collect(),
            seats: seats(tables),
            covers,
            free_table_ids: self.free_tables(covers),
        }
    }

    pub(crate) fn table_taken(&self, table: &Table, turn_id: TurnId, covers: Covers) -> Refusal {
        Refusal::TableTaken {
            table_id: table.id,
            number: table.details.number.clone(),
            turn_id,
            party_id: self.turns.get(&turn_id).and_then(|it| it.party_id),
            free_table_ids: self.free_tables(covers),
        }
    }

    pub(crate) fn table_reserved(&self, table: &Table, party_id: Option<PartyId>, covers: Covers) -> Refusal {
        Refusal::TableReserved {
            table_id: table.id,
            number: table.details.number.clone(),
            party_id,
            free_table_ids: self.free_tables(covers),
        }
    }

    pub(crate) fn table_not_ready(&self, table: &Table, covers: Covers) -> Refusal {
        let (table_id, number) = (table.id, table.details.number.clone());
        let free_table_ids = self.free_tables(covers);
        match table.state {
            TableState::Blocked => Refusal::TableBlocked {
                table_id,
                number,
                free_table_ids,
            },
            TableState::Maintenance => Refusal::TableInMaintenance {
                table_id,
                number,
                free_table_ids,
            },
            _ => Refusal::TableDirty {
                table_id,
                number,
                free_table_ids,
            },
        }
    }

    /// Up to three tables where `covers` guests could sit now: the smallest that fit come first.
    #[must_use]
    pub fn free_tables(&self, covers: Covers) -> Vec<TableId> {
        let mut fitting: Vec<&Table> = self
            .tables
            .values()
            .filter(|it| it.details.active && it.state == TableState::Available)
            .filter(|it| it.details.seats.max >= covers)
            .collect();
        fitting.sort_by_key(|it| (it.details.seats.max, it.id));
        fitting
            .iter()
            .take(limits::FREE_TABLES_NAMED)
            .map(|it| it.id)
            .collect()
    }
}

fn check_table_ids(table_ids: &[TableId]) -> Result<(), Refusal> {
    if table_ids.is_empty() || table_ids.len() > limits::TABLES_TOGETHER_MAX {
        return Err(Refusal::bad("table_ids", "must name 1 to 12 tables"));
    }
    let distinct: BTreeSet<_> = table_ids.iter().collect();
    if distinct.len() < table_ids.len() {
        return Err(Refusal::bad("table_ids", "must name each table once"));
    }
    Ok(())
}

fn uncombinable<'a>(tables: &[&'a Table]) -> Option<&'a Table> {
    if tables.len() < 2 {
        return None;
    }
    tables.iter().find(|it| !it.details.combinable).copied()
}

pub(crate) fn fits(covers: Covers, tables: &[&Table]) -> bool {
    seats(tables) >= u16::from(covers.get())
}

fn seats(tables: &[&Table]) -> u16 {
    tables
        .iter()
        .map(|it| u16::from(it.details.seats.max.get()))
        .sum()
}

#[cfg(test)]
mod tests {
    use crate::script::check;
    use expect_test::expect;

    #[test]
    fn a_table_in_use_is_named_with_its_party_and_what_is_free() {
        check(expect![[r#"
            table 1 4       -> table_created table=1
            table 2 6       -> table_created table=2
            table 3 2       -> table_created table=3
            table 4 4       -> table_created table=4
            table 5 8       -> table_created table=5
            table 6 8       -> table_created table=6
            add Ada 3       -> party_added party=Ada covers=3
            add Bo 3        -> party_added party=Bo covers=3
            seat Ada 1      -> party_seated party=Ada table=1 turn=Ada covers=3
            seat Bo 1       -> refused: table_taken free_table=4+2+5 party=Ada table=1 turn=Ada
            seat Bo 1 force -> refused: table_taken free_table=4+2+5 party=Ada table=1 turn=Ada
            seat Bo 2       -> party_seated party=Bo table=2 turn=Bo covers=3
        "#]]);
    }

    #[test]
    fn a_table_that_is_not_ready_takes_force() {
        check(expect![[r#"
            table 1 4         -> table_created table=1
            add Ada 2         -> party_added party=Ada covers=2
            set 1 dirty       -> table_state_set table=1 state=dirty
            seat Ada 1        -> refused: table_dirty free_table=none table=1
            set 1 blocked     -> table_state_set table=1 state=blocked
            seat Ada 1        -> refused: table_blocked free_table=none table=1
            set 1 maintenance -> table_state_set table=1 state=maintenance
            seat Ada 1        -> refused: table_in_maintenance free_table=none table=1
            set 1 reserved    -> table_state_set table=1 state=reserved
            seat Ada 1        -> refused: table_reserved free_table=none table=1
            seat Ada 1 force  -> party_seated party=Ada table=1 turn=Ada covers=2 forced
            show turn Ada     -> party=Ada table=1 covers=2 forced last_activity=19:00 opened=19:00 stage=seated
        "#]]);
    }

    #[test]
    fn a_table_out_of_use_takes_nobody() {
        check(expect![[r#"
            table 1 4              -> table_created table=1
            retable 1 active=false -> table_updated table=1
            walk-in Ada 2 1        -> refused: table_inactive table=1
            walk-in Ada 2 1 force  -> refused: table_inactive table=1
        "#]]);
    }

    #[test]
    fn a_reserved_table_waits_for_its_party() {
        check(expect![[r#"
            table 1 4                   -> table_created table=1
            add Ada 2                   -> party_added party=Ada covers=2
            add Bo 2                    -> party_added party=Bo covers=2
            set 1 reserved party_id=Ada -> table_state_set party=Ada table=1 state=reserved
            seat Bo 1                   -> refused: table_reserved free_table=none party=Ada table=1
            walk-in Cy 2 1              -> refused: table_reserved free_table=none party=Ada table=1
            seat Ada 1                  -> party_seated party=Ada table=1 turn=Ada covers=2
        "#]]);
    }

    #[test]
    fn a_party_needs_seats_enough_or_force() {
        check(expect![[r#"
            table 1 2       -> table_created table=1
            table 2 2       -> table_created table=2
            table 3 4       -> table_created table=3
            add Ada 5       -> party_added party=Ada covers=5
            seat Ada 1      -> refused: table_too_small free_table=none table=1 covers=5 seats=2
            seat Ada 1+2    -> refused: table_too_small free_table=none table=1+2 covers=5 seats=4
            seat Ada 1+3    -> party_seated party=Ada table=1+3 turn=Ada covers=5
            close Ada       -> turn_closed turn=Ada tables_left=available
            add Bo 5        -> party_added party=Bo covers=5
            seat Bo 1 force -> party_seated party=Bo table=1 turn=Bo covers=5 forced
            show turn Bo    -> party=Bo table=1 covers=5 forced last_activity=19:00 opened=19:00 stage=seated
        "#]]);
    }

    #[test]
    fn tables_that_do_not_combine_take_force() {
        check(expect![[r#"
            table 1 2                  -> table_created table=1
            table 2 2 combinable=false -> table_created table=2
            walk-in Ada 3 1+2          -> refused: table_not_combinable table=2
            walk-in Ada 3 1+2 force    -> party_added party=Ada covers=3, party_seated party=Ada table=1+2 turn=Ada covers=3 forced
        "#]]);
    }

    #[test]
    fn tables_are_named_once_and_not_too_many() {
        check(expect![[r#"
            table 1 2                                                -> table_created table=1
            walk-in Ada 1 1+1                                        -> refused: bad_value table_ids
            walk-in Ada 1 #1+#2+#3+#4+#5+#6+#7+#8+#9+#10+#11+#12+#13 -> refused: bad_value table_ids
            walk-in Ada 1 #99                                        -> refused: unknown_table table=#99
            add Bo 1                                                 -> party_added party=Bo covers=1
            seat Bo []                                               -> refused: bad_value table_ids
        "#]]);
    }
}
