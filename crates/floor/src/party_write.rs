//! A party as somebody says it is to be, whatever it is now.
//!
//! Protocols that write states rather than ask for steps end here: the floor finds the steps that lead
//! there, or says what stands in the way.

use crate::admission::{self, Newcomer};
use crate::turn::Seating;
use crate::{
    Admission, Alias, Covers, Decision, Event, Floor, GuestFields, GuestId, GuestPatch, GuestWrite, Ids,
    Kind, NotedPatch, Party, PartyDetailsStored, PartyId, PartyState, Patch, Ref, Refusal, SettableState,
    Source, Standing, Table, TableId, TableState, Turn, TurnId,
};
use jiff::Timestamp;

/// What is said about a party. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartyWrite {
    /// Which one; a new one, when none is named.
    pub party: Option<Ref<PartyId>>,
    /// The client's own name for a new one.
    pub alias: Option<Alias>,
    /// How many; a new party needs it. More than the table seats is allowed.
    pub covers: Option<Covers>,
    /// Its entry in the guest book.
    pub guest: GuestFields,
    /// What its state is to be called.
    pub state: Option<PartyState>,
    /// The table that it holds.
    pub table: Patch<Ref<TableId>>,
    /// Times as somebody noted them.
    pub times: NotedPatch,
}

/// A table for a party that is in the house: any size, but nobody else's, and ready for guests.
const ANY_SIZE: Admission = Admission {
    oversize: true,
    ..Admission::STRICT
};

impl Floor {
    pub(crate) fn decide_write_party(
        &self,
        write: &PartyWrite,
        now: Timestamp,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        if write.state.is_some_and(PartyState::is_over) && write.table.set().is_some() {
            return Err(Refusal::bad(
                "status",
                "of a party that is over does not go with a table_id",
            ));
        }
        let Some(which) = &write.party else {
            return self.decide_write_new_party(write, now, ids);
        };
        let party = self.party(self.party_named(which)?)?;
        if party.state.is_over() && write.state.is_some_and(PartyState::is_expected) {
            self.check_waitlist()?;
        }
        let mut decision = Decision::default();
        self.push_details(party, write, &mut decision)?;
        self.push_steps(party, write, ids, &mut decision)?;
        push_times(party.id, &write.times, &mut decision);
        if decision.events.is_empty() {
            // Somebody wrote it, and nothing changed: whoever listens hears of it all the same.
            decision.events.push(updated(party, party.covers));
        }
        Ok(decision)
    }

    fn decide_write_new_party(
        &self,
        write: &PartyWrite,
        now: Timestamp,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        self.check_waitlist()?;
        self.check_alias(write.alias.as_ref())?;
        write.guest.check()?;
        let covers = write
            .covers
            .ok_or_else(|| Refusal::bad("party_size", "is missing"))?;
        let (party_id, guest_id) = (PartyId(ids.take(Kind::Party)), GuestId(ids.take(Kind::Guest)));
        let source = match write.times.expected_at {
            Patch::Set(_) => Source::Reservation,
            _ => Source::WalkIn,
        };
        let mut decision = self.archive_parties(now);
        decision.events.push(Event::PartyAdded {
            party_id,
            guest_id,
            covers,
            source,
            quote: None,
            alias: write.alias.clone(),
        });
        decision.guests.push(GuestWrite::Fields(GuestPatch {
            guest_id,
            party_id: Some(party_id),
            fields: write.guest.clone(),
        }));
        let party = Party::new(party_id, guest_id, covers, now);
        let wish = PartyWrite {
            // It begins as waiting: nothing has to be done for that.
            state: write.state.filter(|it| *it != PartyState::Waiting),
            ..write.clone()
        };
        self.push_steps(&party, &wish, ids, &mut decision)?;
        push_times(party_id, &write.times, &mut decision);
        Ok(decision)
    }

    /// What changes about a party beside its state and table. Its entry in the book changes with it.
    fn push_details(
        &self,
        party: &Party,
        write: &PartyWrite,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        let covers = write.covers.unwrap_or(party.covers);
        match self.held_turn(party) {
            Some(turn) if covers != turn.covers => {
                let tables: Vec<&Table> = turn
                    .table_ids
                    .iter()
                    .filter_map(|it| self.tables.get(it))
                    .collect();
                decision.events.push(Event::CoversChanged {
                    turn_id: turn.id,
                    covers,
                    forced: covers > turn.covers && !admission::fits(covers, &tables),
                });
            }
            None if covers != party.covers => decision.events.push(updated(party, covers)),
            _ if !write.guest.is_empty() => decision.events.push(updated(party, party.covers)),
            _ => {}
        }
        decision.push_guest(party, write.guest.clone())
    }

    /// The steps from where `party` is to where it is said to be.
    fn push_steps(
        &self,
        party: &Party,
        write: &PartyWrite,
        ids: &mut Ids,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        match (&write.table, self.held_turn(party)) {
            (Patch::Set(table), held) => {
                let table = self.table(self.table_named(table)?)?;
                let standing = Standing {
                    state: PartyState::Seated,
                    shown_as: self.said_at_table(party, write.state),
                };
                // Said again, although it is called that already: whoever listens hears that it was written.
                if let Some(state) = write
                    .state
                    .filter(|it| held.is_none() && *it == party.said_state())
                {
                    push_state(party, without_table(state), decision);
                }
                match held {
                    Some(turn) if turn.table_ids.contains(&table.id) => {
                        if write.state.is_some() {
                            push_state(party, standing, decision);
                        }
                    }
                    Some(turn) if self.anonymous_turn(table).is_some() => {
                        // It leaves its own turn, and the one that has no party turns out to be its.
                        let covers = write.covers.unwrap_or(turn.covers);
                        let left = ended_as(without_table(PartyState::Seated));
                        decision.events.push(self.close(turn.id, left));
                        self.push_seating(party, covers, table, standing.shown_as, ids, decision)?;
                    }
                    Some(turn) => {
                        self.push_move(party, turn, table, write.state.map(|_| standing), decision)?
                    }
                    None => {
                        let covers = write.covers.unwrap_or(party.covers);
                        self.push_seating(party, covers, table, standing.shown_as, ids, decision)?;
                    }
                }
            }
            (Patch::Clear, Some(turn)) => {
                let said = write.state.unwrap_or(party.said_state());
                decision
                    .events
                    .push(self.close(turn.id, ended_as(without_table(said))));
            }
            (_, held) => {
                if let Some(state) = write.state {
                    self.push_said(party, held, state, decision);
                }
            }
        }
        Ok(())
    }

    /// The word for a party that gets a table: the one that is said, else the one it had, if that makes sense.
    fn said_at_table(&self, party: &Party, said: Option<PartyState>) -> Option<PartyState> {
        let word = said.unwrap_or(party.said_state());
        word.is_expected().then_some(word)
    }

    fn push_move(
        &self,
        party: &Party,
        turn: &Turn,
        table: &Table,
        said: Option<Standing>,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        let newcomer = Newcomer {
            party_id: Some(party.id),
            turn_id: Some(turn.id),
            covers: turn.covers,
        };
        let forced = self.admit(&newcomer, &[table.id], ANY_SIZE)?;
        decision.events.push(Event::TurnMoved {
            turn_id: turn.id,
            from_table_ids: turn.table_ids.clone(),
            to_table_ids: vec![table.id],
            forced,
        });
        if let Some(standing) = said {
            push_state(party, standing, decision);
        }
        Ok(())
    }

    /// Seats a party that has no table, or lets it take over a turn that has no party.
    fn push_seating(
        &self,
        party: &Party,
        covers: Covers,
        table: &Table,
        shown_as: Option<PartyState>,
        ids: &mut Ids,
        decision: &mut Decision,
    ) -> Result<(), Refusal> {
        let mut seated = match self.anonymous_turn(table) {
            Some(turn_id) => {
                let joined = Event::PartyJoined {
                    party_id: party.id,
                    turn_id,
                    covers,
                    shown_as,
                };
                self.without_reservations(party.id, &[], joined)
            }
            None => {
                let newcomer = Newcomer {
                    party_id: Some(party.id),
                    turn_id: None,
                    covers,
                };
                let seating = Seating {
                    party_id: party.id,
                    covers,
                    table_ids: &[table.id],
                    forced: self.admit(&newcomer, &[table.id], ANY_SIZE)?,
                    shown_as,
                };
                self.without_reservations(party.id, &[table.id], self.seat(&seating, ids))
            }
        };
        decision.events.append(&mut seated.events);
        Ok(())
    }

    /// The turn at a table that has no party yet.
    fn anonymous_turn(&self, table: &Table) -> Option<TurnId> {
        let TableState::Occupied { turn_id } = table.state else {
            return None;
        };
        let turn = self.turns.get(&turn_id)?;
        turn.party_id.is_none().then_some(turn_id)
    }

    /// Says a party's state where its table is not spoken of.
    fn push_said(&self, party: &Party, held: Option<&Turn>, state: PartyState, decision: &mut Decision) {
        let party_id = party.id;
        match held {
            Some(_) if state == PartyState::Seated => push_state(party, state.into(), decision),
            Some(turn) => decision.events.push(self.close(turn.id, ended_as(state.into()))),
            None if state == PartyState::Seated => push_state(party, without_table(state), decision),
            None => {
                let is_expected = party.state.is_expected();
                let event = match state {
                    PartyState::Arrived if is_expected => Event::PartyArrived { party_id },
                    PartyState::RunningLate if is_expected => Event::PartyLate { party_id },
                    PartyState::Notified if is_expected => Event::PartyNotified { party_id },
                    PartyState::Cancelled if is_expected => Event::PartyCancelled { party_id },
                    PartyState::NoShow if is_expected => Event::PartyNoShow { party_id },
                    _ => Event::PartyStateSet {
                        party_id,
                        standing: state.into(),
                    },
                };
                let mut said = if state.is_over() {
                    self.without_reservations(party_id, &[], event)
                } else {
                    event.into()
                };
                decision.events.append(&mut said.events);
            }
        }
    }

    /// Takes a party off the list, whether it sits or not. One that reserved and may still come or sits has to
    /// be cancelled or finished first.
    pub(crate) fn decide_end_party(&self, which: &Ref<PartyId>) -> Result<Decision, Refusal> {
        let party = self.party(self.party_named(which)?)?;
        let party_id = party.id;
        if party.expected_at.is_some() && !party.state.is_over() {
            return Err(Refusal::ReservationOpen { party_id });
        }
        let mut decision = Decision::default();
        if let Some(turn) = self.held_turn(party) {
            decision.events.push(self.close(turn.id, None));
        }
        let mut removed = self.without_reservations(party_id, &[], Event::PartyRemoved { party_id });
        decision.events.append(&mut removed.events);
        Ok(decision)
    }

    /// The open turn that a party holds.
    #[must_use]
    pub fn held_turn(&self, party: &Party) -> Option<&Turn> {
        let turn = self.turns.get(&party.turn_id?)?;
        (turn.party_id == Some(party.id)).then_some(turn)
    }

    /// The end of the turn at a table, for whoever writes that it is free: a party that was called seated has
    /// finished, any other waits on.
    pub(crate) fn clear(&self, turn: &Turn, tables_left: SettableState) -> Event {
        let party = turn.party_id.and_then(|it| self.parties.get(&it));
        let said = party.map_or(PartyState::Seated, Party::said_state);
        Event::TurnClosed {
            turn_id: turn.id,
            tables_left,
            party: (said != PartyState::Seated).then(|| said.into()),
        }
    }
}

/// How a party stands that is said to be in `state` and has no table: in the house, if it is said to sit.
fn without_table(state: PartyState) -> Standing {
    match state {
        PartyState::Seated => Standing {
            state: PartyState::Arrived,
            shown_as: Some(PartyState::Seated),
        },
        state => state.into(),
    }
}

/// What a closed turn says about its party: nothing, when it has simply finished.
fn ended_as(standing: Standing) -> Option<Standing> {
    (standing != PartyState::Finished.into()).then_some(standing)
}

fn push_state(party: &Party, standing: Standing, decision: &mut Decision) {
    decision.events.push(Event::PartyStateSet {
        party_id: party.id,
        standing,
    });
}

fn push_times(party_id: PartyId, times: &NotedPatch, decision: &mut Decision) {
    if !times.is_empty() {
        decision.events.push(Event::TimesNoted {
            party_id,
            times: times.clone(),
        });
    }
}

fn updated(party: &Party, covers: Covers) -> Event {
    Event::PartyUpdated {
        party_id: party.id,
        details: PartyDetailsStored {
            covers,
            quote: party.quote,
            table_id: party.table_id,
        },
    }
}

#[cfg(test)]
mod tests;
