//! Evenings at random: commands as people say them, with ids that reach a little beyond what there is.

use floor::{
    Alias, Command, Covers, Decision, Edited, Floor, GuestFields, Ids, Kind, Label, NamedWrite, NotedPatch,
    PartyId, PartyState, PartyWrite, Patch, Ref, Refusal, RestaurantId, SaidState, SettableState, StaffId,
    StatedState, TableAct, TableArrival, TableDetails, TableEdit, TableId, TablePatch, TableWrite, Text,
    Transaction,
};
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::Union;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const TABLES: u64 = 6;

/// A command and the minutes that pass before it.
pub(crate) type Wish = (Command, i64);

/// One command of an evening, what came of it, and the floors on both sides of it.
pub(crate) struct Step<'a> {
    pub(crate) before: &'a Floor,
    pub(crate) command: &'a Command,
    pub(crate) now: Timestamp,
    pub(crate) ids: &'a Ids,
    pub(crate) decision: &'a Result<Decision, Refusal>,
    pub(crate) after: &'a Floor,
}

pub(crate) type Checked = Result<(), TestCaseError>;

/// Plays an evening in a furnished house and looks at every step.
pub(crate) fn play(
    evening: &[Wish],
    mut look: impl FnMut(&Step<'_>) -> Checked,
) -> Result<Floor, TestCaseError> {
    let mut floor = Floor::new(RestaurantId(1));
    let mut next: BTreeMap<Kind, u64> = Kind::ALL.into_iter().map(|it| (it, 1)).collect();
    let mut now: Timestamp = "2026-11-20T19:00:00Z".parse().expect("an evening");
    let furniture = furniture();
    for (command, minutes) in furniture.iter().chain(evening) {
        now += SignedDuration::from_mins(*minutes);
        // No id more than the command says that it may take.
        let mut fresh = Ids::default();
        for kind in Kind::ALL {
            fresh.refill(kind, next[&kind], command.draws(kind));
        }
        let mut ids = fresh.clone();
        let before = floor.clone();
        let decision = floor.decide(command, now, &mut ids);
        for kind in Kind::ALL {
            *next.get_mut(&kind).expect("every kind") += command.draws(kind) - ids.left(kind);
        }
        decision
            .iter()
            .flat_map(|it| &it.events)
            .for_each(|it| drop(floor.apply(it, now)));
        look(&Step {
            before: &before,
            command,
            now,
            ids: &fresh,
            decision: &decision,
            after: &floor,
        })?;
    }
    Ok(floor)
}

fn furniture() -> Vec<Wish> {
    let table = |number: u64| json!({ "create_table": { "number": number.to_string(), "seats": { "max": 2 * number.min(4) } } });
    let mut house = vec![
        json!({ "open_restaurant": { "name": "Harbour House" } }),
        json!({ "create_plan": { "name": "Main" } }),
        json!({ "create_section": { "name": "Window", "plan_id": 1 } }),
        json!({ "add_staff": { "name": "Maria", "roles": ["waiter"] } }),
    ];
    house.extend((1..TABLES).map(table));
    house
        .into_iter()
        .map(|it| (serde_json::from_value(it).expect("a command"), 0))
        .collect()
}

/// The commands by how often people say them.
const SAID: &[(u32, &[&str])] = &[
    (
        1,
        &[
            "open_restaurant",
            "change_settings",
            "add_staff",
            "update_staff",
            "create_plan",
            "update_plan",
        ],
    ),
    (
        1,
        &[
            "delete_plan",
            "create_section",
            "update_section",
            "delete_section",
            "create_table",
            "unassign_waiter",
        ],
    ),
    (
        2,
        &[
            "update_table",
            "delete_table",
            "set_table_state",
            "assign_waiter",
            "update_party",
            "notify_party",
        ],
    ),
    (
        2,
        &[
            "mark_party_arrived",
            "mark_party_late",
            "cancel_party",
            "mark_no_show",
            "remove_party",
            "touch_turn",
            "undo_step",
            "resolve_call",
        ],
    ),
    (
        5,
        &[
            "change_covers",
            "advance_stage",
            "move_turn",
            "restore_turn",
            "raise_call",
        ],
    ),
    (8, &["add_party", "seat_party", "seat_walk_in", "close_turn"]),
];

/// What a command's words are made of. Ids reach a little beyond what there is.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    id: u64,
    other_id: u64,
    table_ids: Vec<u64>,
    covers: u8,
    choice: usize,
    yes: bool,
    force: bool,
}

pub(crate) fn evening() -> impl Strategy<Value = Vec<Wish>> {
    let wish = prop_oneof![
        12 => command(),
        2 => vec(command(), 0..4).prop_map(|commands| Command::Batch { commands }),
        1 => Just(Command::Batch { commands: vec![Command::Batch { commands: vec![] }] }),
        6 => words().prop_map(|it| written(&it)),
        1 => vec(words().prop_map(|it| written(&it)), 0..4).prop_map(|commands| {
            let writes = commands.into_iter().map(|command| NamedWrite { name: Alias::new("new").ok(), command });
            Command::Transact(Transaction { name: None, writes: writes.collect() })
        }),
    ];
    vec((wish, prop_oneof![20 => 0..40i64, 1 => Just(20 * 60)]), 0..60)
}

fn command() -> impl Strategy<Value = Command> {
    let said = SAID
        .iter()
        .flat_map(|(often, names)| names.iter().map(|it| (*often, Just(*it))));
    (Union::new_weighted(said.collect()), words()).prop_map(|(name, words)| {
        let command = json!({ name: body(name, &words) });
        serde_json::from_value(command.clone()).unwrap_or_else(|it| panic!("{it}: {command}"))
    })
}

fn words() -> impl Strategy<Value = Words> {
    let table_ids = prop_oneof![4 => vec(1..=TABLES, 1), 3 => vec(0..=TABLES, 1..4)];
    (
        1..12u64,
        0..=TABLES,
        table_ids,
        1..9u8,
        0..60usize,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(id, other_id, table_ids, covers, choice, yes, force)| Words {
            id,
            other_id,
            table_ids,
            covers,
            choice,
            yes,
            force,
        })
}

fn body(command: &str, words: &Words) -> Value {
    let &Words {
        id,
        other_id,
        ref table_ids,
        covers,
        choice,
        yes,
        force,
    } = words;
    let name = ["Main", "main", "Terrace", "Maria", "Leo", "7"][choice % 6];
    let state = ["available", "reserved", "dirty", "blocked", "maintenance"][choice % 5];
    let stage = ["seated", "ordered", "served", "bill_dropped", "paid"][choice % 5];
    let quote = json!({ "from_minutes": id, "to_minutes": covers });
    let or_null = |it: u64| if yes { json!(it) } else { Value::Null };
    match command {
        "open_restaurant" => json!({ "name": name }),
        "change_settings" => json!({ "clean_after_close": yes }),
        "add_staff" => json!({ "name": name, "roles": ["waiter"], "active": yes }),
        "update_staff" => json!({ "staff_id": other_id, "active": yes }),
        "create_plan" => json!({ "name": name, "default": yes, "active": force }),
        "update_plan" => json!({ "plan_id": other_id, "default": yes, "active": force, "width": choice }),
        "delete_plan" => json!({ "plan_id": other_id }),
        "create_section" => json!({ "name": name, "plan_id": or_null(other_id), "waiter_id": or_null(id) }),
        "update_section" => {
            json!({ "section_id": other_id, "plan_id": or_null(id), "waiter_id": or_null(id) })
        }
        "delete_section" => json!({ "section_id": other_id }),
        "create_table" => json!({ "number": name, "seats": { "max": covers, "min": choice % 3 + 1 } }),
        "update_table" => json!({
            "table_id": other_id, "active": yes, "combinable": force, "section_id": or_null(id), "seats": { "max": covers },
        }),
        "delete_table" | "unassign_waiter" | "restore_turn" => json!({ "table_id": other_id }),
        "set_table_state" if yes => json!({ "table_id": other_id, "state": "reserved", "party_id": id }),
        "set_table_state" => json!({ "table_id": other_id, "state": state }),
        "assign_waiter" => json!({ "table_id": other_id, "waiter_id": covers }),
        "add_party" if yes => json!({ "covers": covers, "name": name, "source": "phone" }),
        "add_party" => json!({ "covers": covers, "quote": quote }),
        "update_party" if yes => json!({ "party_id": id, "covers": covers, "notes": name }),
        "update_party" => json!({ "party_id": id, "table_id": or_null(other_id), "quote": quote }),
        "undo_step" | "notify_party" | "mark_party_arrived" | "mark_party_late" | "cancel_party"
        | "mark_no_show" | "remove_party" => json!({ "party_id": id }),
        "seat_party" => json!({ "party_id": id, "table_ids": table_ids, "force": force }),
        "seat_walk_in" => json!({ "table_ids": table_ids, "covers": covers, "force": force }),
        "change_covers" => json!({ "turn_id": id, "covers": covers, "force": force }),
        "advance_stage" => json!({ "turn_id": id, "stage": stage }),
        "raise_call" if yes => json!({ "turn_id": id, "kind": "ask_for_bill", "message": name }),
        "raise_call" => json!({ "turn_id": id, "kind": "call_waiter" }),
        "resolve_call" => json!({ "call_id": id % 3 + 1 }),
        "touch_turn" | "close_turn" => json!({ "turn_id": id }),
        "move_turn" => json!({ "turn_id": id, "table_ids": table_ids, "force": force }),
        _ => panic!("no words for {command}"),
    }
}

/// What surfaces write that say how things are to be.
fn written(words: &Words) -> Command {
    let &Words {
        id,
        other_id,
        covers,
        choice,
        yes,
        force,
        ..
    } = words;
    let covers = Covers::new(i64::from(covers)).ok();
    let party = match choice % 7 {
        0 => Ref::Alias(Alias::new("new").expect("an alias")),
        _ => Ref::Id(PartyId(id)),
    };
    let table = Ref::Id(TableId(other_id));
    let patch = |table: Ref<TableId>| match choice % 4 {
        0 => Patch::Keep,
        1 => Patch::Clear,
        _ => Patch::Set(table),
    };
    let states = [
        PartyState::Waiting,
        PartyState::Arrived,
        PartyState::Seated,
        PartyState::Finished,
        PartyState::Cancelled,
    ];
    let said = [
        SaidState::Occupied,
        SaidState::Available,
        SaidState::Reserved,
        SaidState::OutOfService,
    ];
    let acts = [
        TableAct::Close(TableId(id)),
        TableAct::Disable(TableId(id)),
        TableAct::Enable(TableId(id)),
        TableAct::Move(TableId(id), TableId(other_id)),
    ];
    match choice % 10 {
        _ if choice / 10 % 8 == 7 => Command::ActOnTable(acts[choice % 4]),
        _ if choice / 10 % 8 == 6 => edit_of(choice, TableId(id), StaffId(other_id), yes, force),
        9 if yes => Command::JoinTable {
            table_id: TableId(other_id),
            device: Text::new(if force { "phone-a" } else { "phone-b" }).expect("a fingerprint"),
        },
        0 => Command::EndParty { party },
        1 => Command::EndTable { table },
        2..=4 => Command::WriteTable(Box::new(TableWrite {
            table: force
                .then_some(table)
                .or(Some(Ref::Id(TableId(id))))
                .filter(|_| choice != 2),
            number: Label::new("9").ok().filter(|_| choice % 3 == 0),
            seats_max: covers.filter(|_| yes),
            section: if force {
                Patch::Set(Label::new("Bar").expect("a name"))
            } else {
                Patch::Keep
            },
            state: yes.then(|| said[choice / 10 % 4]),
            party: if force { Patch::Set(party) } else { Patch::Keep },
            ..TableWrite::default()
        })),
        _ => Command::WriteParty(Box::new(PartyWrite {
            party: Some(party).filter(|_| choice % 3 != 0),
            covers: covers.filter(|_| yes),
            guest: GuestFields {
                name: Text::new("Ada")
                    .ok()
                    .filter(|_| force)
                    .map_or(Patch::Keep, Patch::Set),
                ..GuestFields::default()
            },
            state: force.then(|| states[choice / 10 % 5]),
            table: patch(table),
            times: NotedPatch {
                seated_at: if yes { Patch::Clear } else { Patch::Keep },
                ..NotedPatch::default()
            },
            ..PartyWrite::default()
        })),
    }
}

/// What programs write that know tables and no turns, and the two halves of a table's way to another restaurant.
fn edit_of(choice: usize, table_id: TableId, waiter_id: StaffId, yes: bool, force: bool) -> Command {
    let states = [
        StatedState::Available,
        StatedState::Occupied,
        StatedState::Reserved,
        StatedState::Dirty,
        StatedState::OutOfService,
    ];
    let number = || Label::new(&format!("{}", choice % 7)).expect("a number");
    let details = || TableDetails::new(number(), Covers::ONE);
    if choice.is_multiple_of(10) {
        return Command::ReleaseTable {
            table_id,
            version: None,
        };
    }
    if choice % 10 == 1 {
        return Command::ReceiveTable(Box::new(TableArrival {
            table_id: TableId(100_000 + choice as u64),
            details: details(),
            version: 1 + choice as u64 % 3,
            past: None,
            waiter_id: Some(waiter_id).filter(|_| force),
            state: SettableState::Dirty,
            covers: Some(Covers::ONE).filter(|_| yes),
        }));
    }
    let patch = TablePatch {
        number: Some(number()),
        ..TablePatch::blank(table_id)
    };
    Command::EditTable(Box::new(TableEdit {
        table: if choice % 10 == 2 {
            Edited::New(Box::new(details()))
        } else {
            Edited::Known {
                table_id,
                version: Some(choice as u64 % 4).filter(|_| choice % 10 == 3),
                patch: Some(Box::new(patch)).filter(|_| yes),
            }
        },
        waiter: match choice % 3 {
            0 => Patch::Keep,
            1 => Patch::Clear,
            _ => Patch::Set(waiter_id),
        },
        state: Some(states[choice % 5]).filter(|_| force || !yes),
    }))
}
