//! Parties: people who sit together, from the waitlist to the door.

use crate::limits::{PARTIES_ARCHIVED_MAX, PARTIES_KEPT_MAX, PARTY_KEPT_HOURS, WAITLIST_PARTIES_MAX};
use crate::undo::Before;
use crate::{
    Alias, Covers, Decision, Event, Floor, GuestDetails, GuestFields, GuestId, GuestPatch, GuestWrite, Ids,
    Kind, Label, Note, PartyId, Patch, Refusal, SettableState, TableId, TableState, Text, TurnId,
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
    /// The end of the name that is the family name, for the guest book.
    #[serde(default)]
    pub family_name: Option<Text<120>>,
    /// The e-mail address, for the guest book.
    #[serde(default)]
    pub email: Option<Text<254>>,
    /// What they ask for this time, for the guest book.
    #[serde(default)]
    pub requests: Option<Note>,
    /// What they do not eat, for the guest book: at most 20.
    #[serde(default)]
    pub dietary: Option<Vec<Label>>,
}

impl PartyDetails {
    /// Somebody nothing else is known about.
    #[must_use]
    pub fn of(covers: Covers) -> PartyDetails {
        PartyDetails {
            covers,
            source: Source::WalkIn,
            quote: None,
            name: None,
            phone: None,
            notes: None,
            family_name: None,
            email: None,
            requests: None,
            dietary: None,
        }
    }

    /// What goes into the guest book.
    #[must_use]
    pub fn guest(&self) -> GuestDetails {
        GuestDetails {
            name: self.name.clone(),
            phone: self.phone.clone(),
            notes: self.notes.clone(),
            family_name: self.family_name.clone(),
            email: self.email.clone(),
            requests: self.requests.clone(),
            dietary: self.dietary.clone(),
        }
    }
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
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<120>>)]
    pub family_name: Patch<Text<120>>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Text<254>>)]
    pub email: Patch<Text<254>>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Note>)]
    pub requests: Patch<Note>,
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Vec<Label>>)]
    pub dietary: Patch<Vec<Label>>,
}

impl PartyPatch {
    /// No change to a party, yet.
    #[must_use]
    pub fn of(party_id: PartyId) -> PartyPatch {
        PartyPatch {
            party_id,
            covers: None,
            quote: Patch::Keep,
            table_id: Patch::Keep,
            name: Patch::Keep,
            phone: Patch::Keep,
            notes: Patch::Keep,
            family_name: Patch::Keep,
            email: Patch::Keep,
            requests: Patch::Keep,
            dietary: Patch::Keep,
        }
    }

    /// What goes into the guest book.
    #[must_use]
    pub fn guest(&self) -> GuestFields {
        GuestFields {
            name: self.name.clone(),
            phone: self.phone.clone(),
            notes: self.notes.clone(),
            family_name: self.family_name.clone(),
            email: self.email.clone(),
            requests: self.requests.clone(),
            dietary: self.dietary.clone(),
            name_parts: None,
        }
    }
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

/// The state a party is in, and what the door calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Standing {
    /// The state.
    pub state: PartyState,
    /// The word for it, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_as: Option<PartyState>,
}

impl From<PartyState> for Standing {
    fn from(state: PartyState) -> Standing {
        Standing {
            state,
            shown_as: None,
        }
    }
}

/// Times as somebody at the door noted them, by their own clock. The floor's own stand beside them.
// `Clear`, written as `null`: they noted that there is none, whatever the floor's own says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Noted {
    /// When the party checked in.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Timestamp>)]
    pub checked_in_at: Patch<Timestamp>,
    /// When it sat down.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Timestamp>)]
    pub seated_at: Patch<Timestamp>,
    /// When it left.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Timestamp>)]
    pub finished_at: Patch<Timestamp>,
}

/// Times that are noted; those left out stay, `null` is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotedPatch {
    /// When a reserved party is expected.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Timestamp>)]
    pub expected_at: Patch<Timestamp>,
    /// When the party checked in.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Timestamp>)]
    pub checked_in_at: Patch<Timestamp>,
    /// When it sat down.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Timestamp>)]
    pub seated_at: Patch<Timestamp>,
    /// When it left.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Timestamp>)]
    pub finished_at: Patch<Timestamp>,
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
    /// What the door calls its state, where that is not the state: *seated* before it has a table, say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_as: Option<PartyState>,
    /// When it is expected, for one that reserved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_at: Option<Timestamp>,
    /// Times as somebody noted them.
    #[serde(default, skip_serializing_if = "Noted::is_empty")]
    pub noted: Noted,
    /// The name that a client gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<Alias>,
    /// Where it was before the last thing that happened to it, while that can be undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Box<Before>>,
    /// When something about it last changed.
    pub updated_at: Timestamp,
}

impl Noted {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Noted::default()
    }
}

impl NotedPatch {
    /// Whether nothing is noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == NotedPatch::default()
    }
}

impl Party {
    /// A party as it comes onto the list.
    pub(crate) fn new(id: PartyId, guest_id: GuestId, covers: Covers, at: Timestamp) -> Party {
        Party {
            id,
            guest_id,
            covers,
            state: PartyState::Waiting,
            source: Source::WalkIn,
            quote: None,
            table_id: None,
            turn_id: None,
            added_at: at,
            notified_at: None,
            arrived_at: None,
            seated_at: None,
            ended_at: None,
            shown_as: None,
            expected_at: None,
            noted: Noted::default(),
            alias: None,
            before: None,
            updated_at: at,
        }
    }
}

impl Floor {
    pub(crate) fn decide_add_party(
        &self,
        details: &PartyDetails,
        now: Timestamp,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        self.check_waitlist()?;
        check_quote(details.quote)?;
        let guest = details.guest();
        guest.check()?;
        let party_id = PartyId(ids.take(Kind::Party));
        let mut decision = self.archive_parties(now);
        decision.push_party(party_id, GuestId(ids.take(Kind::Guest)), details, &guest);
        Ok(decision)
    }

    pub(crate) fn check_waitlist(&self) -> Result<(), Refusal> {
        let n_expected = self.parties.values().filter(|it| it.state.is_expected()).count();
        if n_expected >= WAITLIST_PARTIES_MAX {
            return Err(Refusal::WaitlistFull {
                max: WAITLIST_PARTIES_MAX,
            });
        }
        Ok(())
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
        decision.push_guest(party, patch.guest())?;
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

    pub(crate) fn party_seated(&self, party: &Party) -> Refusal {
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
            party.before = None;
        }
    }

    pub(crate) fn apply_party_state(&mut self, party_id: PartyId, state: PartyState, at: Timestamp) {
        self.apply_standing(party_id, state.into(), at);
    }

    /// Brings a party into a state, whatever it was in. One that is expected again has no turn any more.
    pub(crate) fn apply_standing(&mut self, party_id: PartyId, standing: Standing, at: Timestamp) {
        self.remember(party_id, &[], standing.state.is_over(), at);
        let Some(party) = self.parties.get_mut(&party_id) else {
            return;
        };
        let Standing { state, shown_as } = standing;
        if state.is_expected() && !party.state.is_expected() {
            party.table_id = None;
            party.turn_id = None;
            party.seated_at = None;
            party.ended_at = None;
            party.noted.finished_at = Patch::Keep;
        }
        party.state = state;
        party.shown_as = shown_as;
        match state {
            PartyState::Notified => party.notified_at = Some(at),
            PartyState::Arrived => party.arrived_at = Some(at),
            PartyState::Finished | PartyState::Cancelled | PartyState::NoShow => {
                party.ended_at = Some(at);
                party.noted.finished_at = Patch::Keep;
            }
            PartyState::Seated | PartyState::Waiting | PartyState::RunningLate => {}
        }
    }

    pub(crate) fn apply_times_noted(&mut self, party_id: PartyId, times: &NotedPatch, at: Timestamp) {
        let Some(party) = self.parties.get_mut(&party_id) else {
            return;
        };
        // Noted with the step itself, it is a part of it; noted later, somebody has touched the party since.
        party.before.take_if(|it| it.step_at != at);
        let times = times.clone();
        party.expected_at = times.expected_at.over(party.expected_at);
        let note = |noted: &mut Patch<Timestamp>, said: Patch<Timestamp>| {
            if !said.is_keep() {
                *noted = said;
            }
        };
        note(&mut party.noted.checked_in_at, times.checked_in_at);
        note(&mut party.noted.seated_at, times.seated_at);
        note(&mut party.noted.finished_at, times.finished_at);
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
            alias: None,
        });
        self.guests
            .push(GuestWrite::Fields(GuestPatch::new(guest_id, party_id, guest)));
    }

    /// Writes into a party's entry of the guest book, if there is something to write. Whoever writes a name
    /// without saying where its family name begins leaves that unknown.
    pub(crate) fn push_guest(&mut self, party: &Party, mut fields: GuestFields) -> Result<(), Refusal> {
        if fields.is_empty() {
            return Ok(());
        }
        fields.check()?;
        if !fields.name.is_keep() && fields.family_name.is_keep() {
            fields.family_name = Patch::Clear;
        }
        let (party_id, guest_id) = (party.id, party.guest_id);
        self.events.push(Event::GuestChanged { party_id, guest_id });
        self.guests.push(GuestWrite::Fields(GuestPatch {
            guest_id,
            party_id: Some(party_id),
            fields,
        }));
        Ok(())
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
