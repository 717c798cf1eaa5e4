//! Parties: people who sit together, from the waitlist to the door.

use crate::limits::{PARTIES_ARCHIVED_MAX, PARTIES_KEPT_MAX, PARTY_KEPT_HOURS, WAITLIST_PARTIES_MAX};
use crate::{
    Covers, Decision, Event, Floor, GuestDetails, GuestId, GuestPatch, GuestWrite, Ids, Kind, Note, PartyId,
    Patch, Refusal, SettableState, TableId, TableState, Text, TurnId,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A party as it comes onto the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyDetails {
    /// How many.
    pub covers: Covers,
    /// How they came to us.
    #[serde(default)]
    pub source: Source,
    /// The wait they were promised.
    #[serde(default)]
    pub quote: Option<Quote>,
    /// The name, for the guest book.
    #[serde(default)]
    pub name: Option<Text<120>>,
    /// The phone number, for the guest book.
    #[serde(default)]
    pub phone: Option<Text<40>>,
    /// Wishes, allergies, the occasion, for the guest book.
    #[serde(default)]
    pub notes: Option<Note>,
}

/// What changes about a party; fields left out stay, `null` clears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "as in PartyDetails and Party")]
pub struct PartyPatch {
    pub party_id: PartyId,
    #[serde(default)]
    pub covers: Option<Covers>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Quote>)]
    pub quote: Patch<Quote>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<TableId>)]
    pub table_id: Patch<TableId>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<120>>)]
    pub name: Patch<Text<120>>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<40>>)]
    pub phone: Patch<Text<40>>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Note>)]
    pub notes: Patch<Note>,
}

/// What an update leaves in an event: nothing personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartyDetailsStored {
    /// How many.
    pub covers: Covers,
    /// The wait they were promised.
    pub quote: Option<Quote>,
    /// The table meant for them.
    pub table_id: Option<TableId>,
}

/// Where a party is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum PartyState {
    Waiting,
    Notified,
    Arrived,
    RunningLate,
    Seated,
    Finished,
    Cancelled,
    NoShow,
}

impl PartyState {
    /// Whether the party may still be seated.
    #[must_use]
    pub fn is_expected(self) -> bool {
        matches!(
            self,
            PartyState::Waiting | PartyState::Notified | PartyState::Arrived | PartyState::RunningLate
        )
    }

    /// Whether nothing more comes of the party.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(
            self,
            PartyState::Finished | PartyState::Cancelled | PartyState::NoShow
        )
    }
}

/// How a party came to us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Source {
    #[default]
    WalkIn,
    Reservation,
    Phone,
    Online,
}

/// The wait a party was promised, in minutes. A range, never one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// At least.
    pub from_minutes: u16,
    /// At most.
    pub to_minutes: u16,
}

/// A party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Party {
    /// Which one.
    pub id: PartyId,
    /// Its entry in the guest book.
    pub guest_id: GuestId,
    /// How many.
    pub covers: Covers,
    /// Where it is on its way.
    pub state: PartyState,
    /// How it came to us.
    pub source: Source,
    /// The wait it was promised.
    pub quote: Option<Quote>,
    /// The table meant for it, or where it sits (the first of several), or sat.
    pub table_id: Option<TableId>,
    /// Its turn, once it has sat down. That of a party that has left may be forgotten by now.
    pub turn_id: Option<TurnId>,
    /// When it came onto the list.
    pub added_at: Timestamp,
    /// When it was told to come.
    pub notified_at: Option<Timestamp>,
    /// When it stood at the door.
    pub arrived_at: Option<Timestamp>,
    /// When it sat down.
    pub seated_at: Option<Timestamp>,
    /// When it left, called off or was given up.
    pub ended_at: Option<Timestamp>,
}

impl Floor {
    pub(crate) fn decide_add_party(
        &self,
        details: &PartyDetails,
        now: Timestamp,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        let n_expected = self.parties.values().filter(|it| it.state.is_expected()).count();
        if n_expected >= WAITLIST_PARTIES_MAX {
            return Err(Refusal::WaitlistFull {
                max: WAITLIST_PARTIES_MAX,
            });
        }
        check_quote(details.quote)?;
        let guest = GuestDetails {
            name: details.name.clone(),
            phone: details.phone.clone(),
            notes: details.notes.clone(),
        };
        let party_id = PartyId(ids.take(Kind::Party));
        let mut decision = self.archive_parties(now);
        decision.push_party(party_id, GuestId(ids.take(Kind::Guest)), details, &guest);
        Ok(decision)
    }

    pub(crate) fn decide_update_party(&self, patch: &PartyPatch) -> Result<Decision, Refusal> {
        let party_id = patch.party_id;
        let party = self.party(party_id)?;
        if let Some(table_id) = patch.table_id.set() {
            self.table(*table_id)?;
        }
        let is_seated = party.state == PartyState::Seated;
        if is_seated && patch.covers.is_some() {
            return Err(Refusal::bad(
                "covers",
                "of a seated party are changed with change_covers",
            ));
        }
        if is_seated && !patch.table_id.is_keep() {
            return Err(Refusal::bad(
                "table_id",
                "of a seated party is changed with move_turn",
            ));
        }
        let is_plan = patch.covers.is_some() || !patch.table_id.is_keep();
        if party.state.is_over() && is_plan {
            let state = party.state;
            return Err(Refusal::PartyOver { party_id, state });
        }
        let quote = patch.quote.clone().over(party.quote);
        check_quote(quote)?;
        let details = PartyDetailsStored {
            covers: patch.covers.unwrap_or(party.covers),
            quote,
            table_id: patch.table_id.clone().over(party.table_id),
        };
        let mut decision = Decision::from(Event::PartyUpdated { party_id, details });
        let is_personal = !(patch.name.is_keep() && patch.phone.is_keep() && patch.notes.is_keep());
        if is_personal {
            let guest_id = party.guest_id;
            decision.events.push(Event::GuestChanged { party_id, guest_id });
            decision.guests.push(GuestWrite::Fields(GuestPatch {
                guest_id,
                party_id,
                name: patch.name.clone(),
                phone: patch.phone.clone(),
                notes: patch.notes.clone(),
            }));
        }
        Ok(decision)
    }

    pub(crate) fn decide_notify_party(&self, party_id: PartyId) -> Result<Decision, Refusal> {
        self.expected_party(party_id)?;
        Ok(Event::PartyNotified { party_id }.into())
    }

    pub(crate) fn decide_mark_party_arrived(&self, party_id: PartyId) -> Result<Decision, Refusal> {
        self.expected_party(party_id)?;
        Ok(Event::PartyArrived { party_id }.into())
    }

    pub(crate) fn decide_mark_party_late(&self, party_id: PartyId) -> Result<Decision, Refusal> {
        self.expected_party(party_id)?;
        Ok(Event::PartyLate { party_id }.into())
    }

    pub(crate) fn decide_cancel_party(&self, party_id: PartyId) -> Result<Decision, Refusal> {
        self.expected_party(party_id)?;
        Ok(self.without_reservations(party_id, &[], Event::PartyCancelled { party_id }))
    }

    pub(crate) fn decide_mark_no_show(&self, party_id: PartyId) -> Result<Decision, Refusal> {
        self.expected_party(party_id)?;
        Ok(self.without_reservations(party_id, &[], Event::PartyNoShow { party_id }))
    }

    pub(crate) fn decide_remove_party(&self, party_id: PartyId) -> Result<Decision, Refusal> {
        let party = self.party(party_id)?;
        if party.state == PartyState::Seated {
            return Err(self.party_seated(party));
        }
        Ok(self.without_reservations(party_id, &[], Event::PartyRemoved { party_id }))
    }

    /// `event`, and the end of every reservation for the party at tables other than `but`.
    pub(crate) fn without_reservations(&self, party_id: PartyId, but: &[TableId], event: Event) -> Decision {
        let mut decision = Decision::from(event);
        let kept = TableState::Reserved {
            party_id: Some(party_id),
        };
        for table in self
            .tables
            .values()
            .filter(|it| it.state == kept && !but.contains(&it.id))
        {
            decision.events.push(Event::TableStateSet {
                table_id: table.id,
                state: SettableState::Available,
                party_id: None,
            });
        }
        decision
    }

    /// The archiving of parties that ended long before `now` or are too many, to go before a new party's events.
    pub(crate) fn archive_parties(&self, now: Timestamp) -> Decision {
        let oldest = now - SignedDuration::from_hours(PARTY_KEPT_HOURS);
        let mut ended: Vec<_> = self
            .parties
            .values()
            .filter(|it| it.state.is_over())
            .map(|it| (it.ended_at, it.id))
            .collect();
        ended.sort_unstable();
        let n_too_many = ended.len().saturating_sub(PARTIES_KEPT_MAX);
        let n_past = ended.partition_point(|(ended_at, _)| ended_at.is_some_and(|it| it < oldest));
        ended.truncate(n_past.max(n_too_many).min(PARTIES_ARCHIVED_MAX));
        if ended.is_empty() {
            return Decision::default();
        }
        let party_ids = ended.into_iter().map(|(_, party_id)| party_id).collect();
        Event::PartiesArchived { party_ids }.into()
    }

    /// The party with this id.
    pub fn party(&self, id: PartyId) -> Result<&Party, Refusal> {
        self.parties.get(&id).ok_or(Refusal::Unknown {
            what: "party",
            id: id.0,
        })
    }

    /// The party, if it may still be seated.
    pub(crate) fn expected_party(&self, party_id: PartyId) -> Result<&Party, Refusal> {
        let party = self.party(party_id)?;
        match party.state {
            PartyState::Seated => Err(self.party_seated(party)),
            state if state.is_over() => Err(Refusal::PartyOver { party_id, state }),
            _ => Ok(party),
        }
    }

    fn party_seated(&self, party: &Party) -> Refusal {
        let table = party.table_id.and_then(|it| self.tables.get(&it));
        Refusal::PartySeated {
            party_id: party.id,
            table_id: party.table_id,
            number: table.map(|it| it.details.number.clone()),
        }
    }

    pub(crate) fn apply_party_added(&mut self, party: Party) {
        self.parties.insert(party.id, party);
    }

    pub(crate) fn apply_party_updated(&mut self, party_id: PartyId, details: &PartyDetailsStored) {
        if let Some(party) = self.parties.get_mut(&party_id) {
            party.covers = details.covers;
            party.quote = details.quote;
            party.table_id = details.table_id;
        }
    }

    pub(crate) fn apply_party_state(&mut self, party_id: PartyId, state: PartyState, at: Timestamp) {
        let Some(party) = self.parties.get_mut(&party_id) else {
            return;
        };
        party.state = state;
        match state {
            PartyState::Notified => party.notified_at = Some(at),
            PartyState::Arrived => party.arrived_at = Some(at),
            PartyState::Seated => party.seated_at = Some(at),
            PartyState::Finished | PartyState::Cancelled | PartyState::NoShow => party.ended_at = Some(at),
            PartyState::Waiting | PartyState::RunningLate => {}
        }
    }

    /// Takes parties off the floor. A turn of theirs that is brought back later is nobody's.
    pub(crate) fn apply_parties_gone(&mut self, party_ids: &[PartyId]) {
        for party_id in party_ids {
            self.parties.remove(party_id);
            for turn in self.closed_turns.values_mut() {
                turn.party_id.take_if(|it| it == party_id);
            }
        }
    }
}

impl Decision {
    /// Adds a party to the list, and its person to the guest book.
    pub(crate) fn push_party(
        &mut self,
        party_id: PartyId,
        guest_id: GuestId,
        details: &PartyDetails,
        guest: &GuestDetails,
    ) {
        self.events.push(Event::PartyAdded {
            party_id,
            guest_id,
            covers: details.covers,
            source: details.source,
            quote: details.quote,
        });
        self.guests
            .push(GuestWrite::Fields(GuestPatch::new(guest_id, party_id, guest)));
    }
}

fn check_quote(quote: Option<Quote>) -> Result<(), Refusal> {
    match quote {
        Some(it) if it.from_minutes > it.to_minutes => Err(Refusal::bad(
            "quote.from_minutes",
            "must not be above quote.to_minutes",
        )),
        Some(it) if it.to_minutes > 24 * 60 => Err(Refusal::bad("quote.to_minutes", "must be at most 1440")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
