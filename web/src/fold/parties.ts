/** What events do to parties: `party.rs` of the floor crate. */

import { compareInstants } from "../time";
import type { EventOf, Floor, Noted, Party, PartyState, Standing } from "../wire";
import { edit, find, put } from "./lists";
import { remembered } from "./undo";

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
    alias: event.alias ?? undefined,
    updated_at: at,
  };
  return { ...floor, parties: put(floor.parties, party) };
}

export function partyUpdated(floor: Floor, event: EventOf<"party_updated">): Floor {
  const { covers, quote = null, table_id = null } = event.details;
  return changed(floor, event.party_id, (it) => ({ ...it, covers, quote, table_id, before: undefined }));
}

/** Brings a party into a state, whatever it was in. One that is expected again has no turn any more. */
export function partyIn(floor: Floor, partyId: number, { state, shown_as }: Standing, at: string): Floor {
  const before = find(floor.parties, partyId);
  if (!before) return floor;
  const isBack = isExpected({ state }) && !isExpected(before);
  return changed(remembered(floor, partyId, [], isOver(state), at), partyId, (it) => ({
    ...it,
    ...(isBack ? { table_id: null, turn_id: null, seated_at: null, ended_at: null } : {}),
    ...stamp(state, at),
    state,
    shown_as: shown_as ?? undefined,
    noted: isBack || isOver(state) ? noted({ ...it.noted, finished_at: undefined }) : it.noted,
  }));
}

/** Somebody noted times by their own clock. Those left out stay, null notes that there is none. */
export function timesNoted(floor: Floor, event: EventOf<"times_noted">, at: string): Floor {
  const over = (time: string | null | undefined, old: string | null | undefined) =>
    time === undefined ? old : time;
  return changed(floor, event.party_id, (it) => ({
    ...it,
    // Noted with the step itself, it is a part of it; noted later, somebody has touched the party since.
    before: it.before && compareInstants(it.before.step_at, at) === 0 ? it.before : undefined,
    expected_at: over(event.expected_at, it.expected_at) ?? undefined,
    noted: noted({
      checked_in_at: over(event.checked_in_at, it.noted?.checked_in_at),
      seated_at: over(event.seated_at, it.noted?.seated_at),
      finished_at: over(event.finished_at, it.noted?.finished_at),
    }),
  }));
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

/** The times, or nothing when nothing is noted of any. */
export function noted(times: Noted): Noted | undefined {
  return Object.values(times).some((it) => it !== undefined) ? times : undefined;
}

/** Whether a party may still be seated. */
export function isExpected({ state }: Pick<Party, "state">): boolean {
  return state === "waiting" || state === "notified" || state === "arrived" || state === "running_late";
}

function isOver(state: PartyState): boolean {
  return state === "finished" || state === "cancelled" || state === "no_show";
}

function stamp(state: PartyState, at: string): Partial<Party> {
  switch (state) {
    case "notified":
      return { notified_at: at };
    case "arrived":
      return { arrived_at: at };
    case "finished":
    case "cancelled":
    case "no_show":
      return { ended_at: at };
    case "waiting":
    case "running_late":
    case "seated":
      return {};
  }
}
