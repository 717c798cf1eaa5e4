//! Calls from a table: somebody is to come, or wants the bill.

use crate::{
    CallId, Decision, Event, Floor, GuestFields, GuestId, GuestPatch, GuestWrite, Ids, Kind, MemberId, Note,
    Patch, Refusal, TurnId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A call that nobody has answered yet. It moves with its turn and ends with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Call {
    /// Which one.
    pub id: CallId,
    /// Whose.
    pub turn_id: TurnId,
    /// What they want.
    pub kind: CallKind,
    /// Who at the table calls, where a phone does.
    pub member_id: Option<MemberId>,
    /// Under which entry of the guest book their words are: its `notes`.
    pub guest_id: Option<GuestId>,
    /// Since when they wait.
    pub raised_at: Timestamp,
}

/// What a call wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallKind {
    /// Somebody is to come.
    CallWaiter,
    /// The bill.
    AskForBill,
}

impl Floor {
    pub(crate) fn decide_raise_call(
        &self,
        turn_id: TurnId,
        kind: CallKind,
        member_id: Option<MemberId>,
        message: Option<&Note>,
        ids: &mut Ids,
    ) -> Result<Decision, Refusal> {
        self.turn(turn_id)?;
        let mut pending = self.calls.values();
        if let Some(call) = pending.find(|it| it.turn_id == turn_id && it.kind == kind) {
            return Err(Refusal::CallPending {
                turn_id,
                call_id: call.id,
            });
        }
        let call_id = CallId(ids.take(Kind::Call));
        // What a guest types may name people: it is kept where it can be forgotten.
        let written = message.map(|message| GuestPatch {
            guest_id: GuestId(ids.take(Kind::Guest)),
            party_id: None,
            fields: GuestFields {
                notes: Patch::Set(message.clone()),
                ..GuestFields::default()
            },
        });
        let raised = Event::CallRaised {
            call_id,
            turn_id,
            kind,
            member_id,
            guest_id: written.as_ref().map(|it| it.guest_id),
        };
        Ok(Decision {
            events: vec![raised],
            guests: written.into_iter().map(GuestWrite::Fields).collect(),
        })
    }

    pub(crate) fn decide_resolve_call(&self, call_id: CallId) -> Result<Decision, Refusal> {
        if self.calls.contains_key(&call_id) {
            return Ok(Event::CallResolved { call_id }.into());
        }
        Err(Refusal::Unknown {
            what: "call",
            id: call_id.0,
        })
    }

    pub(crate) fn apply_call_raised(&mut self, call: Call) {
        self.apply_turn_goes_on(call.turn_id, None, call.raised_at);
        self.calls.insert(call.id, call);
    }

    pub(crate) fn apply_call_resolved(&mut self, call_id: CallId, at: Timestamp) {
        if let Some(call) = self.calls.remove(&call_id) {
            self.apply_turn_goes_on(call.turn_id, None, at);
        }
    }

    /// A turn is over: nobody waits there any more.
    pub(crate) fn end_calls(&mut self, turn_id: TurnId) {
        self.calls.retain(|_, it| it.turn_id != turn_id);
    }

    /// The calls of a turn, those that wait longest first.
    pub fn calls_of(&self, turn_id: TurnId) -> impl Iterator<Item = &Call> {
        self.calls.values().filter(move |it| it.turn_id == turn_id)
    }
}

#[cfg(test)]
mod tests {
    use crate::script::check;
    use expect_test::expect;

    #[test]
    fn a_call_is_pending_until_somebody_has_come() {
        check(expect![[r#"
            table 1 4                                     -> table_created table=1
            walk-in Ada 2 1                               -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
            call Ada call_waiter as=water                 -> call_raised call=water turn=Ada kind=call_waiter
            call Ada call_waiter                          -> refused: call_pending call=water turn=Ada
            call Ada ask_for_bill message=by_card as=bill -> call_raised call=bill turn=Ada kind=ask_for_bill, guest book: notes
            show water kind turn_id raised_at             -> turn=Ada kind=call_waiter raised=19:00
            19:20
            answer water                                  -> call_resolved call=water
            answer water                                  -> refused: unknown_call call=water
            show water                                    -> gone
            show turn Ada last_activity_at                -> last_activity=19:20
            call Ada call_waiter as=again                 -> call_raised call=again turn=Ada kind=call_waiter
            call #99 call_waiter                          -> refused: unknown_turn turn=#99
        "#]]);
    }

    #[test]
    fn calls_move_with_their_turn_and_end_with_it() {
        check(expect![[r#"
            table 1 4                     -> table_created table=1
            table 2 4                     -> table_created table=2
            walk-in Ada 2 1               -> party_added party=Ada covers=2, party_seated party=Ada table=1 turn=Ada covers=2
            call Ada call_waiter as=water -> call_raised call=water turn=Ada kind=call_waiter
            undo Ada                      -> refused: nothing_to_undo party=Ada
            move Ada 2                    -> turn_moved from_table=1 to_table=2 turn=Ada
            show water turn_id            -> turn=Ada
            close Ada                     -> turn_closed turn=Ada tables_left=available
            show water                    -> gone
            answer water                  -> refused: unknown_call call=water
            call Ada ask_for_bill         -> refused: turn_closed turn=Ada
            restore 2                     -> turn_restored turn=Ada
            show water                    -> gone
            call Ada call_waiter as=again -> call_raised call=again turn=Ada kind=call_waiter
        "#]]);
    }
}
