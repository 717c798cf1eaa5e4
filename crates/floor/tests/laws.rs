//! What holds on every floor, whatever people ask of it: random evenings, nonsense included.

#[path = "laws/evenings.rs"]
mod evenings;

use evenings::{Checked, evening, play};
use floor::{
    Command, Covers, Decision, Event, Floor, Ids, Kind, Party, PartyId, PartyState, PlanId, Refusal,
    RestaurantId, SectionId, StaffId, Stage, TableId, TableState, Touched, Turn, TurnId,
};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use std::collections::{BTreeMap, BTreeSet};

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_same_question_gets_the_same_answer_and_a_refusal_takes_nothing(evening in evening()) {
        play(&evening, |step| {
            let (mut one, mut two) = (step.ids.clone(), step.ids.clone());
            let first = step.before.decide(step.command, step.now, &mut one);
            let second = step.before.decide(step.command, step.now, &mut two);
            prop_assert_eq!(&first, &second);
            if first.is_err() {
                prop_assert_eq!(step.before, step.after);
                for kind in Kind::ALL {
                    prop_assert_eq!(one.left(kind), step.command.draws(kind), "{:?}", kind);
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn every_refusal_can_be_told(evening in evening()) {
        play(&evening, |step| {
            if let Err(refusal) = step.decision {
                prop_assert!(Refusal::CODES.contains(&refusal.code()), "{}", refusal.code());
                prop_assert!(refusal.facts().is_object());
                prop_assert!(!refusal.to_string().is_empty());
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_is_replayed_is_what_was_live(evening in evening()) {
        let mut replayed = Floor::new(RestaurantId(1));
        let live = play(&evening, |step| {
            for event in step.decision.iter().flat_map(|it| &it.events) {
                let stored = serde_json::to_string(event).expect("events are JSON");
                let event: Event = serde_json::from_str(&stored).expect("an event as it was stored");
                replayed.apply(&event, step.now);
            }
            prop_assert_eq!(&replayed, step.after);
            Ok(())
        })?;
        prop_assert_eq!(replayed.digest(), live.digest());
        let stored = serde_json::to_string(&live).expect("a floor is JSON");
        let restored: Floor = serde_json::from_str(&stored).expect("a floor as it was stored");
        prop_assert_eq!(restored.digest(), live.digest());
        prop_assert_eq!(restored, live);
    }

    #[test]
    fn a_table_is_occupied_exactly_where_one_open_turn_sits(evening in evening()) {
        play(&evening, |step| {
            let mut sitting = BTreeMap::new();
            for turn in step.after.turns.values() {
                prop_assert!(!turn.table_ids.is_empty());
                for table_id in &turn.table_ids {
                    prop_assert_eq!(sitting.insert(*table_id, turn.id), None, "two turns at one table");
                }
            }
            let occupied = step.after.tables.values().filter_map(|it| match it.state {
                TableState::Occupied { turn_id } => Some((it.id, turn_id)),
                _ => None,
            });
            prop_assert_eq!(sitting, occupied.collect::<BTreeMap<_, _>>());
            Ok(())
        })?;
    }

    #[test]
    fn a_party_is_seated_exactly_while_one_open_turn_is_its_own(evening in evening()) {
        play(&evening, |step| {
            let turns: Vec<_> = step.after.turns.values().filter_map(|it| Some((it.party_id?, it.id))).collect();
            let seated = step.after.parties.values().filter(|it| it.state == PartyState::Seated);
            let seated: BTreeSet<_> = seated.filter_map(|it| Some((it.id, it.turn_id?))).collect();
            prop_assert_eq!(turns.len(), seated.len());
            prop_assert_eq!(turns.into_iter().collect::<BTreeSet<_>>(), seated);
            Ok(())
        })?;
    }

    #[test]
    fn covers_in_are_covers_out(evening in evening()) {
        let mut inside: BTreeMap<TurnId, Covers> = BTreeMap::new();
        let mut left: BTreeMap<TurnId, Covers> = BTreeMap::new();
        play(&evening, |step| {
            let mut floor = step.before.clone();
            for event in step.decision.iter().flat_map(|it| &it.events) {
                floor.apply(event, step.now);
                match event {
                    Event::PartySeated { turn_id, covers, .. }
                    | Event::TurnOpened { turn_id, covers, .. }
                    | Event::PartyJoined { turn_id, covers, .. }
                    | Event::CoversChanged { turn_id, covers, .. } => {
                        inside.insert(*turn_id, *covers);
                    }
                    Event::TurnClosed { turn_id, .. } => {
                        let covers = floor.closed_turns[turn_id].covers;
                        prop_assert_eq!(inside.remove(turn_id), Some(covers));
                        left.insert(*turn_id, covers);
                    }
                    Event::TurnRestored { turn_id } => {
                        inside.insert(*turn_id, left[turn_id]);
                    }
                    Event::StepUndone { turn_id: Some(turn_id), .. } if inside.remove(turn_id).is_none() => {
                        inside.insert(*turn_id, left[turn_id]);
                    }
                    _ => {}
                }
            }
            let open: BTreeMap<_, _> = step.after.turns.values().map(|it| (it.id, it.covers)).collect();
            prop_assert_eq!(&inside, &open);
            for turn in step.after.turns.values() {
                let party = turn.party_id.map(|it| step.after.parties[&it].covers);
                prop_assert!(party.is_none_or(|it| it == turn.covers));
            }
            Ok(())
        })?;
    }

    #[test]
    fn whatever_is_named_exists(evening in evening()) {
        play(&evening, |step| every_reference_leads_somewhere(step.after))?;
    }

    #[test]
    fn exactly_one_plan_is_the_default(evening in evening()) {
        play(&evening, |step| {
            let n_default = step.after.plans.values().filter(|it| it.details.default).count();
            prop_assert_eq!(n_default, usize::from(!step.after.plans.is_empty()));
            Ok(())
        })?;
    }

    #[test]
    fn no_id_is_given_twice(evening in evening()) {
        let mut given = BTreeSet::new();
        play(&evening, |step| {
            for event in step.decision.iter().flat_map(|it| &it.events) {
                for id in made_by(event) {
                    prop_assert!(given.insert(id), "{:?} twice", id);
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn memory_is_bounded_by_the_room(evening in evening()) {
        play(&evening, |step| {
            prop_assert!(step.after.turns.len() <= step.after.tables.len());
            prop_assert!(step.after.closed_turns.len() <= step.after.tables.len());
            let n_expected = step.after.parties.values().filter(|it| it.state.is_expected()).count();
            prop_assert!(n_expected <= floor::limits::WAITLIST_PARTIES_MAX);
            Ok(())
        })?;
    }

    #[test]
    fn a_batch_is_its_commands_one_by_one_or_nothing(evening in evening()) {
        play(&evening, |step| {
            let commands = match step.command {
                Command::Batch { commands } if !commands.is_empty() => commands,
                _ => return Ok(()),
            };
            if commands.iter().any(|it| matches!(it, Command::Batch { .. })) {
                prop_assert_eq!(step.decision.as_ref().err().and_then(Refusal::field), Some("command"));
                return Ok(());
            }
            let mut floor = step.before.clone();
            let mut ids = step.ids.clone();
            let mut alone = Ok(Decision::default());
            for command in commands {
                match floor.decide(command, step.now, &mut ids) {
                    Ok(one) => {
                        one.events.iter().for_each(|it| drop(floor.apply(it, step.now)));
                        let all: &mut Decision = alone.as_mut().expect("no refusal yet");
                        all.events.extend(one.events);
                        all.guests.extend(one.guests);
                    }
                    Err(refusal) => {
                        alone = Err(refusal);
                        break;
                    }
                }
            }
            match (&alone, step.decision) {
                (Ok(alone), Ok(together)) => prop_assert_eq!(alone, together),
                (Err(one), Err(Refusal::InBatch { refusal, .. })) => prop_assert_eq!(one, &**refusal),
                (alone, together) => prop_assert!(false, "{:?} alone, {:?} together", alone, together),
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_happened_by_mistake_is_undone(evening in evening()) {
        play(&evening, |step| {
            let party_id = match (step.command, step.decision) {
                (Command::SeatParty { party_id, .. } | Command::CancelParty { party_id }, Ok(_))
                | (Command::MarkNoShow { party_id } | Command::MarkPartyArrived { party_id }, Ok(_)) => Some(*party_id),
                (Command::CloseTurn { turn_id }, Ok(_)) => step.before.turns[turn_id].party_id,
                _ => None,
            };
            let Some(party_id) = party_id else { return Ok(()) };
            let mut floor = step.after.clone();
            let decision = floor.decide(&Command::UndoStep { party_id }, step.now, &mut Ids::default());
            prop_assert!(decision.is_ok(), "{:?}", decision);
            for event in decision.iter().flat_map(|it| &it.events) {
                floor.apply(event, step.now);
            }
            prop_assert_eq!(&floor.turns, &step.before.turns);
            prop_assert_eq!(states(&floor), states(step.before));
            prop_assert_eq!(bearing(&floor, party_id), bearing(step.before, party_id));
            Ok(())
        })?;
    }

    #[test]
    fn what_is_told_as_touched_is_what_changed(evening in evening()) {
        play(&evening, |step| {
            let mut floor = step.before.clone();
            let mut touched = Touched::default();
            for event in step.decision.iter().flat_map(|it| &it.events) {
                touched.extend(floor.apply(event, step.now));
            }
            let is_told = |id: PartyId| touched.parties.iter().any(|it| it.0 == id);
            for (id, party) in &step.after.parties {
                let is_same = || bearing(step.before, *id) == bearing(step.after, *id);
                prop_assert!(is_told(*id) || (step.before.parties.contains_key(id) && is_same()), "{:?}", party);
            }
            prop_assert!(step.before.parties.keys().all(|it| is_told(*it) || step.after.parties.contains_key(it)));
            let is_told = |id: TableId| touched.tables.iter().any(|it| it.0 == id);
            for (id, table) in &step.after.tables {
                prop_assert!(is_told(*id) || step.before.tables.get(id) == Some(table), "{:?}", table);
            }
            prop_assert!(step.before.tables.keys().all(|it| is_told(*it) || step.after.tables.contains_key(it)));
            Ok(())
        })?;
    }

    #[test]
    fn a_move_carries_the_turn_as_it_is(evening in evening()) {
        play(&evening, |step| {
            let (Command::MoveTurn { turn_id, table_ids, .. }, Ok(_)) = (step.command, step.decision) else {
                return Ok(());
            };
            let (before, after) = (&step.before.turns[turn_id], &step.after.turns[turn_id]);
            prop_assert_eq!(&after.table_ids, table_ids);
            prop_assert_eq!(lasting(before), lasting(after));
            Ok(())
        })?;
    }

    #[test]
    fn what_closes_by_mistake_comes_back_as_it_was(evening in evening()) {
        play(&evening, |step| {
            for turn in step.after.turns.values() {
                let mut floor = step.after.clone();
                let table_id = *turn.table_ids.last().expect("a turn sits somewhere");
                for command in [Command::CloseTurn { turn_id: turn.id }, Command::RestoreTurn { table_id }] {
                    let decision = floor.decide(&command, step.now, &mut Ids::default());
                    prop_assert!(decision.is_ok(), "{:?}", decision);
                    decision.iter().flat_map(|it| &it.events).for_each(|it| drop(floor.apply(it, step.now)));
                }
                let back = &floor.turns[&turn.id];
                prop_assert_eq!((lasting(back), &back.table_ids), (lasting(turn), &turn.table_ids));
                for party_id in floor.parties.keys() {
                    let plain = |floor| Party { shown_as: None, ..bearing(floor, *party_id) };
                    prop_assert_eq!(plain(&floor), plain(step.after));
                }
            }
            Ok(())
        })?;
    }
}

fn states(floor: &Floor) -> Vec<(TableId, TableState)> {
    floor.tables.values().map(|it| (it.id, it.state)).collect()
}

/// A party without what only says when and how it came there.
fn bearing(floor: &Floor, party_id: PartyId) -> Party {
    let mut party = floor.parties[&party_id].clone();
    party.before = None;
    party.updated_at = Timestamp::UNIX_EPOCH;
    party
}

/// What neither a move nor a close and restore changes.
fn lasting(turn: &Turn) -> (Option<PartyId>, Covers, Stage, Timestamp, Option<StaffId>, &str) {
    (
        turn.party_id,
        turn.covers,
        turn.stage,
        turn.opened_at,
        turn.waiter_id,
        turn.code.as_str(),
    )
}

/// All but one: a party that is over goes on naming its turn, which may be gone by then.
fn every_reference_leads_somewhere(floor: &Floor) -> Checked {
    let staff = |it: Option<StaffId>| it.is_none_or(|it| floor.staff.contains_key(&it));
    let plan = |it: Option<PlanId>| it.is_none_or(|it| floor.plans.contains_key(&it));
    let section = |it: Option<SectionId>| it.is_none_or(|it| floor.sections.contains_key(&it));
    let party = |it: Option<PartyId>| it.is_none_or(|it| floor.parties.contains_key(&it));
    for it in floor.sections.values() {
        prop_assert!(
            plan(it.details.plan_id) && staff(it.details.waiter_id),
            "{:?}",
            it
        );
    }
    for it in floor.tables.values() {
        prop_assert!(
            plan(it.details.plan_id) && section(it.details.section_id) && staff(it.waiter_id),
            "{:?}",
            it
        );
        match it.state {
            TableState::Occupied { turn_id } => prop_assert!(floor.turns.contains_key(&turn_id)),
            TableState::Reserved {
                party_id: Some(party_id),
            } => {
                let is_expected = floor
                    .parties
                    .get(&party_id)
                    .is_some_and(|it| it.state.is_expected());
                prop_assert!(is_expected, "kept for a party that is not expected: {:?}", it);
            }
            _ => {}
        }
    }
    for it in floor.turns.values().chain(floor.closed_turns.values()) {
        prop_assert!(staff(it.waiter_id) && party(it.party_id), "{:?}", it);
        prop_assert!(
            it.table_ids.iter().all(|it| floor.tables.contains_key(it)),
            "{:?}",
            it
        );
    }
    let mut waiting = BTreeSet::new();
    for it in floor.calls.values() {
        prop_assert!(floor.turns.contains_key(&it.turn_id), "nobody is there: {:?}", it);
        let is_first = waiting.insert((it.turn_id, format!("{:?}", it.kind)));
        prop_assert!(is_first, "they wait for it already: {:?}", it);
    }
    for it in floor.parties.values().filter(|it| !it.state.is_over()) {
        prop_assert!(
            it.table_id.is_none_or(|it| floor.tables.contains_key(&it)),
            "{:?}",
            it
        );
        prop_assert!(
            it.turn_id.is_none_or(|it| floor.turns.contains_key(&it)),
            "{:?}",
            it
        );
    }
    Ok(())
}

fn made_by(event: &Event) -> Vec<(Kind, u64)> {
    match event {
        Event::StaffAdded { staff_id, .. } => vec![(Kind::Staff, staff_id.0)],
        Event::PlanCreated { plan_id, .. } => vec![(Kind::Plan, plan_id.0)],
        Event::SectionCreated { section_id, .. } => vec![(Kind::Section, section_id.0)],
        Event::TableCreated { table_id, .. } => vec![(Kind::Table, table_id.0)],
        Event::PartyAdded {
            party_id, guest_id, ..
        } => vec![(Kind::Party, party_id.0), (Kind::Guest, guest_id.0)],
        Event::PartySeated { turn_id, .. } | Event::TurnOpened { turn_id, .. } => {
            vec![(Kind::Turn, turn_id.0)]
        }
        Event::MemberJoined { member_id, .. } => vec![(Kind::Member, member_id.0)],
        Event::CallRaised {
            call_id, guest_id, ..
        } => {
            let entry = guest_id.iter().map(|it| (Kind::Guest, it.0));
            entry.chain([(Kind::Call, call_id.0)]).collect()
        }
        _ => vec![],
    }
}

/// Evenings that only ever hear no would prove nothing.
#[test]
fn evenings_are_eventful() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..600 {
        let evening = evening().new_tree(&mut runner).expect("an evening").current();
        let played = play(&evening, |step| {
            for event in step.decision.iter().flat_map(|it| &it.events) {
                let event = serde_json::to_value(event).expect("events are JSON");
                seen.insert(event["event"].to_string());
            }
            Ok(())
        });
        played.expect("no law is looked at here");
    }
    assert_eq!(seen.len(), 42, "{seen:?}");
}
