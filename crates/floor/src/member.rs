//! Guests who join a turn with their own phones, by the code on the table.

use crate::admission::Newcomer;
use crate::limits::MEMBERS_PER_TURN_MAX;
use crate::{
    Admission, Covers, Decision, Event, Floor, Ids, Kind, Label, MemberId, Refusal, TableId, TableState,
    Text, Turn, TurnId, admission,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// A guest who joined a turn with a phone. The first who does is its host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// Which one.
    pub id: MemberId,
    /// What the others at the table know them by: one of our words, never theirs.
    pub nickname: Label,
    /// The phone's mark at this turn, by which it is known when it comes again. At another turn it has another.
    pub device: Text<32>,
    /// When they joined.
    pub joined_at: Timestamp,
}

impl Member {
    /// A phone's mark at a turn: sixteen hexadecimal digits of a hash over both.
    #[must_use]
    pub fn mark(turn_id: TurnId, device: &Text<32>) -> Text<32> {
        let hash = Sha256::digest(format!("{turn_id}:{}", device.as_str()));
        let digits: String = hash[..8].iter().map(|it| format!("{it:02x}")).collect();
        Text::new(&digits).expect("sixteen digits")
    }
}

/// What members are called.
const NICKNAMES: [&str; 40] = [
    "Ladybug",
    "Otter",
    "Sparrow",
    "Fox",
    "Heron",
    "Beetle",
    "Dolphin",
    "Robin",
    "Badger",
    "Lynx",
    "Seal",
    "Cricket",
    "Swan",
    "Hedgehog",
    "Koala",
    "Puffin",
    "Squirrel",
    "Panda",
    "Toucan",
    "Gecko",
    "Moose",
    "Starling",
    "Walrus",
    "Firefly",
    "Ibex",
    "Magpie",
    "Newt",
    "Osprey",
    "Penguin",
    "Quail",
    "Raccoon",
    "Salmon",
    "Tortoise",
    "Urchin",
    "Vole",
    "Wombat",
    "Yak",
    "Zebra",
    "Kingfisher",
    "Lemur",
];

impl Floor {
    pub(crate) fn decide_join_table(
        &self,
        table_id: TableId,
        device: &Text<32>,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        let table = self.table_in_use(table_id)?;
        if let TableState::Occupied { turn_id } = table.state
            && let Some(turn) = self.turns.get(&turn_id)
        {
            return self.join(turn, device, ids);
        }
        // Nobody waits for a dirty table any more when guests sit at it.
        let admission = Admission {
            dirty: true,
            oversize: true,
            ..Admission::STRICT
        };
        self.admit(&Newcomer::nobody(), &[table_id], admission)?;
        let opened = self.open_turn(&[table_id], Covers::ONE, ids);
        let Event::TurnOpened { turn_id, .. } = opened else {
            unreachable!("a turn without a party begins so");
        };
        let joined = joined(turn_id, &[], device, ids);
        Ok(Decision {
            events: vec![opened, joined],
            guests: Vec::new(),
        })
    }

    fn join(&self, turn: &Turn, device: &Text<32>, ids: &mut Ids) -> Result<Decision, Refusal> {
        let mark = Member::mark(turn.id, device);
        if turn.members.iter().any(|it| it.device == mark) {
            return Ok(Event::TurnTouched {
                turn_id: turn.id,
                table_id: None,
            }
            .into());
        }
        if turn.members.len() >= MEMBERS_PER_TURN_MAX {
            return Err(Refusal::TurnFull {
                turn_id: turn.id,
                max: MEMBERS_PER_TURN_MAX,
            });
        }
        let mut decision = Decision::from(joined(turn.id, &turn.members, device, ids));
        let n_members = i64::try_from(turn.members.len())
            .unwrap_or(i64::MAX)
            .saturating_add(1);
        // More phones than guests: somebody has not been counted.
        if let Ok(covers) = Covers::new(n_members)
            && covers > turn.covers
        {
            let tables: Vec<_> = turn
                .table_ids
                .iter()
                .filter_map(|it| self.tables.get(it))
                .collect();
            decision.events.push(Event::CoversChanged {
                turn_id: turn.id,
                covers,
                forced: !admission::fits(covers, &tables),
            });
        }
        Ok(decision)
    }

    pub(crate) fn apply_member_joined(&mut self, turn_id: TurnId, member: Member) {
        let at = member.joined_at;
        if let Some(turn) = self.turns.get_mut(&turn_id) {
            turn.members.push(member);
        }
        self.apply_turn_goes_on(turn_id, None, at);
    }
}

fn joined(turn_id: TurnId, members: &[Member], device: &Text<32>, ids: &mut Ids) -> Event {
    let member_id = MemberId(ids.take(Kind::Member));
    let first = usize::try_from(member_id.0 % NICKNAMES.len() as u64).unwrap_or_default();
    let mut words = NICKNAMES.iter().cycle().skip(first).take(NICKNAMES.len());
    let is_free = |it: &&&str| members.iter().all(|other| other.nickname.as_str() != **it);
    let nickname = words.find(is_free).unwrap_or(&NICKNAMES[first]);
    Event::MemberJoined {
        turn_id,
        member_id,
        nickname: Label::new(nickname).expect("a fixed word"),
        device: Member::mark(turn_id, device),
    }
}

#[cfg(test)]
mod tests {
    use crate::script::check;
    use expect_test::expect;

    #[test]
    fn the_first_to_join_opens_the_turn_and_later_ones_are_counted() {
        check(expect![[r#"
            table 1 2                  -> table_created table=1
            table 2 4                  -> table_created table=2
            join 1 phone-a             -> turn_opened table=1 turn=1 covers=1, member_joined member=phone-a turn=1 device=66d5ef82406d7854 nickname=Otter
            show turn 1 covers members -> covers=1 members=[{"device":"66d5ef82406d7854","id":1,"joined_at":"2026-11-20T19:00:00Z","nickname":"Otter"}]
            join 1 phone-b             -> member_joined member=phone-b turn=1 device=d26aa6a74ec80291 nickname=Sparrow, covers_changed turn=1 covers=2
            join 1 phone-a             -> turn_touched turn=1
            join 1 phone-c             -> member_joined member=phone-c turn=1 device=5e9e24ae742a35ba nickname=Fox, covers_changed turn=1 covers=3 forced
            show turn 1 covers members -> covers=3 members=[{"device":"66d5ef82406d7854","id":1,"joined_at":"2026-11-20T19:00:00Z","nickname":"Otter"},{"device":"d26aa6a74ec80291","id":2,"joined_at":"2026-11-20T19:00:00Z","nickname":"Sparrow"},{"device":"5e9e24ae742a35ba","id":3,"joined_at":"2026-11-20T19:00:00Z","nickname":"Fox"}]
            act close 1                -> turn_closed turn=1 tables_left=available
            join 1 phone-a             -> turn_opened table=1 turn=1 covers=1, member_joined member=phone-a turn=1 device=8180e764318c5819 nickname=Heron
        "#]]);
    }

    #[test]
    fn phones_join_whoever_sits_there_and_do_not_lower_how_many_do() {
        check(expect![[r#"
            table 1 4                    -> table_created table=1
            table 2 4                    -> table_created table=2
            walk-in Ada 3 1              -> party_added party=Ada covers=3, party_seated party=Ada table=1 turn=Ada covers=3
            join 1 phone-a               -> member_joined member=phone-a turn=Ada device=66d5ef82406d7854 nickname=Otter
            show turn Ada covers members -> covers=3 members=[{"device":"66d5ef82406d7854","id":1,"joined_at":"2026-11-20T19:00:00Z","nickname":"Otter"}]
            undo Ada                     -> refused: nothing_to_undo party=Ada
            move Ada 2                   -> turn_moved from_table=1 to_table=2 turn=Ada
            join 2 phone-b               -> member_joined member=phone-b turn=Ada device=d26aa6a74ec80291 nickname=Sparrow
            join 1 phone-b               -> turn_opened table=1 turn=1 covers=1, member_joined member=phone-b turn=1 device=fd313237b1702ca5 nickname=Fox
        "#]]);
    }

    #[test]
    fn nobody_joins_at_a_table_that_is_not_for_them() {
        check(expect![[r#"
            table 1 4                   -> table_created table=1
            table 2 4                   -> table_created table=2
            table 3 4                   -> table_created table=3
            table 4 4                   -> table_created table=4
            table 5 4                   -> table_created table=5
            set 1 blocked               -> table_state_set table=1 state=blocked
            set 2 maintenance           -> table_state_set table=2 state=maintenance
            add Ada 2                   -> party_added party=Ada covers=2
            set 3 reserved party_id=Ada -> table_state_set party=Ada table=3 state=reserved
            set 4 dirty                 -> table_state_set table=4 state=dirty
            retable 5 active=false      -> table_updated table=5
            join 1 phone-a              -> refused: table_blocked free_table=none table=1
            join 2 phone-a              -> refused: table_in_maintenance free_table=none table=2
            join 3 phone-a              -> refused: table_reserved free_table=none party=Ada table=3
            join 4 phone-a              -> turn_opened table=4 turn=4 covers=1, member_joined member=phone-a turn=4 device=66d5ef82406d7854 nickname=Otter
            join 5 phone-a              -> refused: unknown_table table=5
            join #99 phone-a            -> refused: unknown_table table=#99
        "#]]);
    }

    #[test]
    fn a_turn_has_as_many_members_as_it_may() {
        check(expect![[r#"
            table 1 4                 -> table_created table=1
            repeat 30 join 1 phone-{} -> member_joined member=phone-30 turn=1 device=e61d3b5cd8e8a64b nickname=Raccoon, covers_changed turn=1 covers=30 forced
            join 1 phone-31           -> refused: turn_full turn=1 max=30
            join 1 phone-30           -> turn_touched turn=1
        "#]]);
    }
}
