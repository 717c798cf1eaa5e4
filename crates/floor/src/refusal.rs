//! Why the floor says no.
//!
//! A refusal is an answer, never logged as an error. It names the fact that stands in the way, so that a
//! screen can help the host. Codes are part of every contract and never change.

use crate::{
    Alias, CallId, Covers, Label, PartyId, PartyState, PlanId, SectionId, StaffId, Stage, TableId, TurnId,
};
use serde_json::{Value, json};

/// Why the floor says no.
///
/// Messages are for people: they call a table by its number, while [`Refusal::facts`] names ids.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Refusal {
    #[error("{field} {problem}")]
    Bad {
        field: &'static str,
        problem: &'static str,
    },
    #[error("there is no {noun} with id {id} here", noun = noun(what))]
    Unknown { what: &'static str, id: u64 },
    #[error("there is no {noun} called {alias} here", noun = noun(what))]
    UnknownAlias { what: &'static str, alias: Alias },
    #[error("something else is called {alias} already")]
    AliasInUse { alias: Alias },
    #[error("the restaurant is open already")]
    RestaurantOpen,
    #[error("the restaurant has not been opened")]
    RestaurantNotOpen,
    #[error("the restaurant has {max} {what}, which is the limit")]
    TooMany { what: &'static str, max: usize },
    #[error("another {noun} has this name", noun = noun(what))]
    NameInUse { what: &'static str, id: u64 },
    #[error("the {noun} has changed since: it has version {version} now", noun = noun(what))]
    Stale {
        what: &'static str,
        id: u64,
        version: u64,
    },
    #[error("the section still has tables in use: {n_tables}")]
    SectionInUse { section_id: SectionId, n_tables: usize },
    #[error("another table has this number")]
    NumberInUse { table_id: TableId },
    #[error("the default plan stays, make another one the default first")]
    DefaultPlan { plan_id: PlanId },
    #[error("this member of staff does not work here now")]
    StaffInactive { staff_id: StaffId },
    #[error("table {number} is taken{by}", by = by(*party_id))]
    TableTaken {
        table_id: TableId,
        number: Label,
        turn_id: TurnId,
        party_id: Option<PartyId>,
        free_table_ids: Vec<TableId>,
    },
    #[error("table {number} is reserved{for_whom}", for_whom = for_whom(*party_id))]
    TableReserved {
        table_id: TableId,
        number: Label,
        party_id: Option<PartyId>,
        free_table_ids: Vec<TableId>,
    },
    #[error("table {number} is dirty")]
    TableDirty {
        table_id: TableId,
        number: Label,
        free_table_ids: Vec<TableId>,
    },
    #[error("table {number} is blocked")]
    TableBlocked {
        table_id: TableId,
        number: Label,
        free_table_ids: Vec<TableId>,
    },
    #[error("table {number} is under maintenance")]
    TableInMaintenance {
        table_id: TableId,
        number: Label,
        free_table_ids: Vec<TableId>,
    },
    #[error("table {number} is not in use")]
    TableInactive { table_id: TableId, number: Label },
    #[error("table {number} cannot be pushed together with others")]
    TableNotCombinable { table_id: TableId, number: Label },
    #[error("{covers} guests do not fit at {seats} seats")]
    TableTooSmall {
        table_ids: Vec<TableId>,
        seats: u16,
        covers: Covers,
        free_table_ids: Vec<TableId>,
    },
    #[error("the waitlist holds {max} parties, which is the limit")]
    WaitlistFull { max: usize },
    #[error("party {party_id} sits at {table}", table = table(number.as_ref()))]
    PartySeated {
        party_id: PartyId,
        table_id: Option<TableId>,
        number: Option<Label>,
    },
    #[error("party {party_id} is no longer expected")]
    PartyOver { party_id: PartyId, state: PartyState },
    #[error("party {party_id} has a reservation that is still open")]
    ReservationOpen { party_id: PartyId },
    #[error("nothing can be undone for party {party_id}: something else has happened since, or nothing yet")]
    NothingToUndo { party_id: PartyId },
    #[error("turn {turn_id} is closed")]
    TurnClosed { turn_id: TurnId },
    #[error("turn {turn_id} sits there already")]
    SameTables { turn_id: TurnId },
    #[error("turn {turn_id} has come further already")]
    StagePassed { turn_id: TurnId, stage: Stage },
    #[error("turn {turn_id} has {max} members, which is the limit")]
    TurnFull { turn_id: TurnId, max: usize },
    #[error("turn {turn_id} has called for this already, and waits")]
    CallPending { turn_id: TurnId, call_id: CallId },
    #[error("nobody sits at table {number}")]
    NoOpenTurn { table_id: TableId, number: Label },
    #[error("table {number} is in service")]
    TableInService { table_id: TableId, number: Label },
    #[error("no turn of table {number} can be brought back")]
    NoTurnToRestore { table_id: TableId, number: Label },
    #[error("commands[{index}]: {refusal}")]
    InBatch { index: usize, refusal: Box<Refusal> },
}

/// The three kinds of no that a floor gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The command makes no sense on any floor.
    BadInput,
    /// It names something that is not there.
    Unknown,
    /// The present floor stands against it.
    Conflict,
}

impl Refusal {
    /// Every name that [`Refusal::code`] gives.
    pub const CODES: &[&str] = &[
        "bad_value",
        "unknown_table",
        "unknown_turn",
        "unknown_party",
        "unknown_plan",
        "unknown_section",
        "unknown_staff",
        "unknown_call",
        "restaurant_open",
        "restaurant_not_open",
        "too_many_tables",
        "too_many_plans",
        "too_many_sections",
        "too_many_staff",
        "name_in_use",
        "number_in_use",
        "default_plan",
        "staff_inactive",
        "table_taken",
        "table_reserved",
        "table_dirty",
        "table_blocked",
        "table_in_maintenance",
        "table_inactive",
        "table_not_combinable",
        "table_too_small",
        "waitlist_full",
        "party_seated",
        "party_over",
        "alias_in_use",
        "reservation_open",
        "nothing_to_undo",
        "turn_closed",
        "same_tables",
        "stage_passed",
        "no_open_turn",
        "table_in_service",
        "no_turn_to_restore",
        "turn_full",
        "call_pending",
        "stale",
        "section_in_use",
    ];

    pub(crate) fn bad(field: &'static str, problem: &'static str) -> Refusal {
        Refusal::Bad { field, problem }
    }

    /// Which kind of no this is.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        match self {
            Refusal::Bad { .. } => RefusalKind::BadInput,
            Refusal::Unknown { .. } | Refusal::UnknownAlias { .. } => RefusalKind::Unknown,
            Refusal::InBatch { refusal, .. } => refusal.kind(),
            _ => RefusalKind::Conflict,
        }
    }

    /// The field that is at fault, for bad input.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Refusal::Bad { field, .. } => Some(field),
            Refusal::InBatch { refusal, .. } => refusal.field(),
            _ => None,
        }
    }

    /// The name that clients match on. Never changes once shipped.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Bad { .. } => "bad_value",
            Refusal::Unknown { what, .. } | Refusal::UnknownAlias { what, .. } => match *what {
                "table" => "unknown_table",
                "turn" => "unknown_turn",
                "party" => "unknown_party",
                "plan" => "unknown_plan",
                "section" => "unknown_section",
                "staff" => "unknown_staff",
                "call" => "unknown_call",
                _ => "unknown",
            },
            Refusal::RestaurantOpen => "restaurant_open",
            Refusal::RestaurantNotOpen => "restaurant_not_open",
            Refusal::TooMany { what, .. } => match *what {
                "tables" => "too_many_tables",
                "plans" => "too_many_plans",
                "sections" => "too_many_sections",
                _ => "too_many_staff",
            },
            Refusal::NameInUse { .. } => "name_in_use",
            Refusal::NumberInUse { .. } => "number_in_use",
            Refusal::DefaultPlan { .. } => "default_plan",
            Refusal::StaffInactive { .. } => "staff_inactive",
            Refusal::TableTaken { .. } => "table_taken",
            Refusal::TableReserved { .. } => "table_reserved",
            Refusal::TableDirty { .. } => "table_dirty",
            Refusal::TableBlocked { .. } => "table_blocked",
            Refusal::TableInMaintenance { .. } => "table_in_maintenance",
            Refusal::TableInactive { .. } => "table_inactive",
            Refusal::TableNotCombinable { .. } => "table_not_combinable",
            Refusal::TableTooSmall { .. } => "table_too_small",
            Refusal::WaitlistFull { .. } => "waitlist_full",
            Refusal::PartySeated { .. } => "party_seated",
            Refusal::PartyOver { .. } => "party_over",
            Refusal::AliasInUse { .. } => "alias_in_use",
            Refusal::ReservationOpen { .. } => "reservation_open",
            Refusal::NothingToUndo { .. } => "nothing_to_undo",
            Refusal::TurnClosed { .. } => "turn_closed",
            Refusal::SameTables { .. } => "same_tables",
            Refusal::StagePassed { .. } => "stage_passed",
            Refusal::NoOpenTurn { .. } => "no_open_turn",
            Refusal::TableInService { .. } => "table_in_service",
            Refusal::NoTurnToRestore { .. } => "no_turn_to_restore",
            Refusal::TurnFull { .. } => "turn_full",
            Refusal::CallPending { .. } => "call_pending",
            Refusal::Stale { .. } => "stale",
            Refusal::SectionInUse { .. } => "section_in_use",
            Refusal::InBatch { refusal, .. } => refusal.code(),
        }
    }

    /// What a screen needs to help: ids, limits, alternatives.
    #[must_use]
    pub fn facts(&self) -> Value {
        match self {
            Refusal::Bad { .. } | Refusal::RestaurantOpen | Refusal::RestaurantNotOpen => json!({}),
            Refusal::Unknown { what, id } | Refusal::NameInUse { what, id } => {
                json!({ (format!("{what}_id")): id })
            }
            Refusal::UnknownAlias { alias, .. } | Refusal::AliasInUse { alias } => json!({ "alias": alias }),
            Refusal::Stale { what, id, version } => {
                json!({ (format!("{what}_id")): id, "version": version })
            }
            Refusal::SectionInUse { section_id, n_tables } => {
                json!({ "section_id": section_id, "tables": n_tables })
            }
            Refusal::TooMany { max, .. } | Refusal::WaitlistFull { max } => json!({ "max": max }),
            Refusal::NumberInUse { table_id }
            | Refusal::TableInactive { table_id, .. }
            | Refusal::TableNotCombinable { table_id, .. }
            | Refusal::NoOpenTurn { table_id, .. }
            | Refusal::TableInService { table_id, .. }
            | Refusal::NoTurnToRestore { table_id, .. } => json!({ "table_id": table_id }),
            Refusal::DefaultPlan { plan_id } => json!({ "plan_id": plan_id }),
            Refusal::StaffInactive { staff_id } => json!({ "staff_id": staff_id }),
            Refusal::TableTaken {
                table_id,
                turn_id,
                party_id,
                free_table_ids,
                ..
            } => json!({
                "table_id": table_id, "turn_id": turn_id, "party_id": party_id, "free_table_ids": free_table_ids,
            }),
            Refusal::TableReserved {
                table_id,
                party_id,
                free_table_ids,
                ..
            } => json!({
                "table_id": table_id, "party_id": party_id, "free_table_ids": free_table_ids,
            }),
            Refusal::TableDirty {
                table_id,
                free_table_ids,
                ..
            }
            | Refusal::TableBlocked {
                table_id,
                free_table_ids,
                ..
            }
            | Refusal::TableInMaintenance {
                table_id,
                free_table_ids,
                ..
            } => {
                json!({ "table_id": table_id, "free_table_ids": free_table_ids })
            }
            Refusal::TableTooSmall {
                table_ids,
                seats,
                covers,
                free_table_ids,
            } => json!({
                "table_ids": table_ids, "seats": seats, "covers": covers, "free_table_ids": free_table_ids,
            }),
            Refusal::PartySeated {
                party_id, table_id, ..
            } => {
                json!({ "party_id": party_id, "table_id": table_id })
            }
            Refusal::PartyOver { party_id, state } => json!({ "party_id": party_id, "state": state }),
            Refusal::ReservationOpen { party_id } | Refusal::NothingToUndo { party_id } => {
                json!({ "party_id": party_id })
            }
            Refusal::TurnClosed { turn_id } | Refusal::SameTables { turn_id } => {
                json!({ "turn_id": turn_id })
            }
            Refusal::TurnFull { turn_id, max } => json!({ "turn_id": turn_id, "max": max }),
            Refusal::CallPending { turn_id, call_id } => json!({ "turn_id": turn_id, "call_id": call_id }),
            Refusal::StagePassed { turn_id, stage } => json!({ "turn_id": turn_id, "stage": stage }),
            Refusal::InBatch { index, refusal } => {
                let mut facts = refusal.facts();
                facts["command_index"] = json!(index);
                facts
            }
        }
    }
}

fn by(party_id: Option<PartyId>) -> String {
    party_id.map(|it| format!(" by party {it}")).unwrap_or_default()
}

fn for_whom(party_id: Option<PartyId>) -> String {
    party_id.map(|it| format!(" for party {it}")).unwrap_or_default()
}

fn table(number: Option<&Label>) -> String {
    number.map_or("a table".to_owned(), |it| format!("table {it}"))
}

/// What people say for a kind of thing.
fn noun(what: &'static str) -> &'static str {
    match what {
        "staff" => "member of staff",
        "plan" => "floor plan",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;
    use crate::canonical::canonical;
    use crate::{
        Alias, CallId, Covers, Label, PartyId, PartyState, PlanId, SectionId, StaffId, Stage, TableId, TurnId,
    };
    use expect_test::expect;
    use std::collections::BTreeSet;

    fn unknown(what: &'static str) -> Refusal {
        Refusal::Unknown { what, id: 7 }
    }

    fn samples() -> Vec<Refusal> {
        let (table_id, turn_id, party_id) = (TableId(21), TurnId(5), PartyId(9));
        let number = Label::new("12").expect("a number");
        let covers = Covers::new(5).expect("a count");
        let free_table_ids = vec![TableId(14), TableId(3)];
        vec![
            Refusal::bad("seats.min", "must not be above seats.max"),
            unknown("table"),
            unknown("turn"),
            unknown("party"),
            unknown("plan"),
            unknown("section"),
            unknown("staff"),
            unknown("call"),
            Refusal::RestaurantOpen,
            Refusal::RestaurantNotOpen,
            Refusal::TooMany {
                what: "tables",
                max: 500,
            },
            Refusal::TooMany {
                what: "plans",
                max: 50,
            },
            Refusal::TooMany {
                what: "sections",
                max: 100,
            },
            Refusal::TooMany {
                what: "staff",
                max: 500,
            },
            Refusal::NameInUse { what: "staff", id: 7 },
            Refusal::NumberInUse { table_id },
            Refusal::DefaultPlan { plan_id: PlanId(1) },
            Refusal::StaffInactive { staff_id: StaffId(2) },
            Refusal::TableTaken {
                table_id,
                number: number.clone(),
                turn_id,
                party_id: Some(party_id),
                free_table_ids: free_table_ids.clone(),
            },
            Refusal::TableTaken {
                table_id,
                number: number.clone(),
                turn_id,
                party_id: None,
                free_table_ids: vec![],
            },
            Refusal::TableReserved {
                table_id,
                number: number.clone(),
                party_id: Some(party_id),
                free_table_ids: free_table_ids.clone(),
            },
            Refusal::TableDirty {
                table_id,
                number: number.clone(),
                free_table_ids: free_table_ids.clone(),
            },
            Refusal::TableBlocked {
                table_id,
                number: number.clone(),
                free_table_ids: free_table_ids.clone(),
            },
            Refusal::TableInMaintenance {
                table_id,
                number: number.clone(),
                free_table_ids: free_table_ids.clone(),
            },
            Refusal::TableInactive {
                table_id,
                number: number.clone(),
            },
            Refusal::TableNotCombinable {
                table_id,
                number: number.clone(),
            },
            Refusal::TableTooSmall {
                table_ids: vec![table_id],
                seats: 4,
                covers,
                free_table_ids,
            },
            Refusal::WaitlistFull { max: 500 },
            Refusal::PartySeated {
                party_id,
                table_id: Some(table_id),
                number: Some(number.clone()),
            },
            Refusal::PartyOver {
                party_id,
                state: PartyState::NoShow,
            },
            Refusal::UnknownAlias {
                what: "table",
                alias: Alias::new("bar-1").expect("an alias"),
            },
            Refusal::AliasInUse {
                alias: Alias::new("bar-1").expect("an alias"),
            },
            Refusal::ReservationOpen { party_id },
            Refusal::NothingToUndo { party_id },
            Refusal::TurnClosed { turn_id },
            Refusal::SameTables { turn_id },
            Refusal::StagePassed {
                turn_id,
                stage: Stage::BillDropped,
            },
            Refusal::NoOpenTurn {
                table_id,
                number: number.clone(),
            },
            Refusal::TableInService {
                table_id,
                number: number.clone(),
            },
            Refusal::NoTurnToRestore { table_id, number },
            Refusal::TurnFull { turn_id, max: 30 },
            Refusal::CallPending {
                turn_id,
                call_id: CallId(3),
            },
            Refusal::Stale {
                what: "table",
                id: 21,
                version: 4,
            },
            Refusal::SectionInUse {
                section_id: SectionId(3),
                n_tables: 2,
            },
            Refusal::InBatch {
                index: 0,
                refusal: Box::new(Refusal::TurnClosed { turn_id }),
            },
        ]
    }

    fn facts(refusal: &Refusal) -> String {
        String::from_utf8(canonical(&refusal.facts())).expect("JSON is text")
    }

    #[test]
    fn every_refusal_says_what_stands_in_the_way() {
        let told = |it: &Refusal| format!("{}: {} {}\n", it.code(), it, facts(it));
        let told: String = samples().iter().map(told).collect();
        expect![[r#"
            bad_value: seats.min must not be above seats.max {}
            unknown_table: there is no table with id 7 here {"table_id":7}
            unknown_turn: there is no turn with id 7 here {"turn_id":7}
            unknown_party: there is no party with id 7 here {"party_id":7}
            unknown_plan: there is no floor plan with id 7 here {"plan_id":7}
            unknown_section: there is no section with id 7 here {"section_id":7}
            unknown_staff: there is no member of staff with id 7 here {"staff_id":7}
            unknown_call: there is no call with id 7 here {"call_id":7}
            restaurant_open: the restaurant is open already {}
            restaurant_not_open: the restaurant has not been opened {}
            too_many_tables: the restaurant has 500 tables, which is the limit {"max":500}
            too_many_plans: the restaurant has 50 plans, which is the limit {"max":50}
            too_many_sections: the restaurant has 100 sections, which is the limit {"max":100}
            too_many_staff: the restaurant has 500 staff, which is the limit {"max":500}
            name_in_use: another member of staff has this name {"staff_id":7}
            number_in_use: another table has this number {"table_id":21}
            default_plan: the default plan stays, make another one the default first {"plan_id":1}
            staff_inactive: this member of staff does not work here now {"staff_id":2}
            table_taken: table 12 is taken by party 9 {"free_table_ids":[14,3],"party_id":9,"table_id":21,"turn_id":5}
            table_taken: table 12 is taken {"free_table_ids":[],"party_id":null,"table_id":21,"turn_id":5}
            table_reserved: table 12 is reserved for party 9 {"free_table_ids":[14,3],"party_id":9,"table_id":21}
            table_dirty: table 12 is dirty {"free_table_ids":[14,3],"table_id":21}
            table_blocked: table 12 is blocked {"free_table_ids":[14,3],"table_id":21}
            table_in_maintenance: table 12 is under maintenance {"free_table_ids":[14,3],"table_id":21}
            table_inactive: table 12 is not in use {"table_id":21}
            table_not_combinable: table 12 cannot be pushed together with others {"table_id":21}
            table_too_small: 5 guests do not fit at 4 seats {"covers":5,"free_table_ids":[14,3],"seats":4,"table_ids":[21]}
            waitlist_full: the waitlist holds 500 parties, which is the limit {"max":500}
            party_seated: party 9 sits at table 12 {"party_id":9,"table_id":21}
            party_over: party 9 is no longer expected {"party_id":9,"state":"no_show"}
            unknown_table: there is no table called bar-1 here {"alias":"bar-1"}
            alias_in_use: something else is called bar-1 already {"alias":"bar-1"}
            reservation_open: party 9 has a reservation that is still open {"party_id":9}
            nothing_to_undo: nothing can be undone for party 9: something else has happened since, or nothing yet {"party_id":9}
            turn_closed: turn 5 is closed {"turn_id":5}
            same_tables: turn 5 sits there already {"turn_id":5}
            stage_passed: turn 5 has come further already {"stage":"bill_dropped","turn_id":5}
            no_open_turn: nobody sits at table 12 {"table_id":21}
            table_in_service: table 12 is in service {"table_id":21}
            no_turn_to_restore: no turn of table 12 can be brought back {"table_id":21}
            turn_full: turn 5 has 30 members, which is the limit {"max":30,"turn_id":5}
            call_pending: turn 5 has called for this already, and waits {"call_id":3,"turn_id":5}
            stale: the table has changed since: it has version 4 now {"table_id":21,"version":4}
            section_in_use: the section still has tables in use: 2 {"section_id":3,"tables":2}
            turn_closed: commands[0]: turn 5 is closed {"command_index":0,"turn_id":5}
        "#]]
        .assert_eq(&told);
        let codes: BTreeSet<_> = samples().iter().map(Refusal::code).collect();
        assert_eq!(codes, Refusal::CODES.iter().copied().collect());
        assert_eq!(codes.len(), Refusal::CODES.len());
    }
}
