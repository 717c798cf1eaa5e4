/** What events do to the phones that joined a turn, and to calls: `member.rs` and `call.rs` of the floor crate. */

import type { Call, EventOf, Floor, Member } from "../wire";
import { find, put, without } from "./lists";
import { turnTouched, withCalls } from "./turns";

export function memberJoined(floor: Floor, event: EventOf<"member_joined">, at: string): Floor {
  const turn = find(floor.turns, event.turn_id);
  if (!turn) return floor;
  const { member_id: id, nickname, device } = event;
  const member: Member = { id, nickname, device, joined_at: at };
  const joined = { ...turn, members: [...(turn.members ?? []), member] };
  return turnTouched({ ...floor, turns: put(floor.turns, joined) }, turn.id, at);
}

export function callRaised(floor: Floor, event: EventOf<"call_raised">, at: string): Floor {
  const { call_id: id, turn_id, kind, member_id, guest_id } = event;
  const call: Call = {
    id,
    turn_id,
    kind,
    member_id: member_id ?? null,
    guest_id: guest_id ?? null,
    raised_at: at,
  };
  return withCalls(turnTouched(floor, turn_id, at), put(floor.calls ?? [], call));
}

export function callResolved(floor: Floor, callId: number, at: string): Floor {
  const calls = floor.calls ?? [];
  const call = find(calls, callId);
  return call ? withCalls(turnTouched(floor, call.turn_id, at), without(calls, callId)) : floor;
}
