/** What events do to parties: `party.rs` of the floor crate. */

import type { EventOf, Floor, Party, PartyState } from "../wire";
import { edit, put } from "./lists";

export function partyAdded(floor: Floor, event: EventOf<"party_added">, at: string): Floor {
  const party: Party = {
    id: event.party_id,
    guest_id: event.guest_id,
    covers: event.covers,
    state: "waiting",
    source: event.source,
    quote: event.quote ?? null,
    table_id: null,
    turn_id: null,
    added_at: at,
    notified_at: null,
    arrived_at: null,
    seated_at: null,
    ended_at: null,
  };
  return { ...floor, parties: put(floor.parties, party) };
}

export function partyUpdated(floor: Floor, event: EventOf<"party_updated">): Floor {
  const { covers, quote = null, table_id = null } = event.details;
  return changed(floor, event.party_id, (it) => ({ ...it, covers, quote, table_id }));
}

export function partyIn(floor: Floor, partyId: number, state: PartyState, at: string): Floor {
  return changed(floor, partyId, (it) => ({ ...it, state, ...stamp(state, at) }));
}

/** Takes parties off the floor. A turn of theirs that is brought back later is nobody's. */
export function partiesGone(floor: Floor, partyIds: number[]): Floor {
  const isGone = (id: number | null | undefined) => id != null && partyIds.includes(id);
  return {
    ...floor,
    parties: floor.parties.filter((it) => !isGone(it.id)),
    closed_turns: floor.closed_turns.map((it) => (isGone(it.party_id) ? { ...it, party_id: null } : it)),
  };
}

/** Changes a party, if it is (still) on the floor. */
export function changed(floor: Floor, partyId: number | null | undefined, change: (it: Party) => Party): Floor {
  return { ...floor, parties: edit(floor.parties, partyId, change) };
}

function stamp(state: PartyState, at: string): Partial<Party> {
  switch (state) {
    case "notified":
      return { notified_at: at };
    case "arrived":
      return { arrived_at: at };
    case "seated":
      return { seated_at: at };
    case "finished":
    case "cancelled":
    case "no_show":
      return { ended_at: at };
    case "waiting":
    case "running_late":
      return {};
  }
}
