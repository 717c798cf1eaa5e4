/** How a party's last step is remembered and taken back: `undo.rs` of the floor crate. */

import type { Before, EventOf, Floor, Party, Table, Turn } from "../wire";
import { edit, find, put, without } from "./lists";
import { stateOf, tablesIn } from "./tables";

/** Keeps where a party is now, before a step that may also take `tableIds`; `freesKept` when it frees those kept for it. */
export function remembered(
  floor: Floor,
  partyId: number,
  tableIds: readonly number[],
  freesKept: boolean,
  at: string,
): Floor {
  const isKept = (it: Table) => freesKept && it.state === "reserved" && it.party_id === partyId;
  const tables = floor.tables
    .filter((it) => isKept(it) || tableIds.includes(it.id))
    .map((it) => ({ table_id: it.id, ...stateOf(it) }));
  const before = (it: Party): Before => ({
    step_at: at,
    state: it.state,
    shown_as: it.shown_as ?? undefined,
    table_id: it.table_id ?? undefined,
    turn_id: it.turn_id ?? undefined,
    notified_at: it.notified_at ?? undefined,
    arrived_at: it.arrived_at ?? undefined,
    seated_at: it.seated_at ?? undefined,
    ended_at: it.ended_at ?? undefined,
    noted: it.noted,
    tables: tables.length === 0 ? undefined : tables,
  });
  return { ...floor, parties: edit(floor.parties, partyId, (it) => ({ ...it, before: before(it) })) };
}

/** The party that has just taken a step: its `before` is another one than it was. */
export function stepped(before: Floor, after: Floor): Party | undefined {
  return after.parties.find((it) => it.before && it.before !== find(before.parties, it.id)?.before);
}

/** Something was built on a party's last step: it stands. */
export function cannotUndo(floor: Floor, partyId: number | null | undefined): Floor {
  return { ...floor, parties: edit(floor.parties, partyId, (it) => ({ ...it, before: undefined })) };
}

export function stepUndone(floor: Floor, event: EventOf<"step_undone">, at: string): Floor {
  const parties = edit(floor.parties, event.party_id, (it) => (it.before ? asBefore(it, it.before) : it));
  const back = { ...floor, parties };
  const turned = event.turn_id == null ? back : turnUndone(back, event.turn_id, at);
  const putBack = (tables: Table[], { table_id, ...state }: (typeof event.tables)[number]) =>
    tablesIn(tables, [table_id], state, at);
  return { ...turned, tables: event.tables.reduce(putBack, turned.tables) };
}

function asBefore(party: Party, before: Before): Party {
  return {
    ...party,
    state: before.state,
    shown_as: before.shown_as,
    table_id: before.table_id ?? null,
    turn_id: before.turn_id ?? null,
    notified_at: before.notified_at ?? null,
    arrived_at: before.arrived_at ?? null,
    seated_at: before.seated_at ?? null,
    ended_at: before.ended_at ?? null,
    noted: before.noted,
    before: undefined,
  };
}

/** A turn that the step began is gone, one that it ended goes on. */
function turnUndone(floor: Floor, turnId: number, at: string): Floor {
  if (find(floor.turns, turnId)) return { ...floor, turns: without(floor.turns, turnId) };
  const closed = find(floor.closed_turns, turnId);
  if (!closed) return floor;
  const turn: Turn = { ...closed, closed_at: null };
  return {
    ...floor,
    tables: tablesIn(floor.tables, turn.table_ids, { state: "occupied", turn_id: turnId }, at),
    turns: put(floor.turns, turn),
    closed_turns: without(floor.closed_turns, turnId),
  };
}
