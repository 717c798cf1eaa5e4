/** What events do to turns: `turn.rs` of the floor crate. */

import { compareInstants } from "../time";
import type { Call, EventOf, Floor, PartyState, Stage, Turn } from "../wire";
import { find, put, without } from "./lists";
import { changed, noted, partyIn } from "./parties";
import { settable, tablesIn } from "./tables";
import { remembered, cannotUndo } from "./undo";

export function partySeated(floor: Floor, event: EventOf<"party_seated">, at: string): Floor {
  const begun = remembered(floor, event.party_id, event.table_ids, true, at);
  const turn = { ...newTurn(event, at), party_id: event.party_id, forced: event.forced ?? false };
  return withTurn(sitting(begun, event.party_id, turn, event.shown_as, at), turn, at);
}

export function turnOpened(floor: Floor, event: EventOf<"turn_opened">, at: string): Floor {
  return withTurn(floor, newTurn(event, at), at);
}

/** A turn that had no party turned out to be this one's. */
export function partyJoined(floor: Floor, event: EventOf<"party_joined">, at: string): Floor {
  const { turn_id, party_id, covers, shown_as } = event;
  const nobodys = find(floor.turns, turn_id);
  if (!nobodys) return floor;
  const turn: Turn = { ...nobodys, party_id, covers, last_activity_at: at };
  const joined = { ...floor, turns: put(floor.turns, turn) };
  return cannotUndo(sitting(joined, party_id, turn, shown_as, at), party_id);
}

export function coversChanged(floor: Floor, event: EventOf<"covers_changed">, at: string): Floor {
  const { turn_id, covers } = event;
  const turn = find(floor.turns, turn_id);
  if (!turn) return floor;
  const forced = turn.forced || (event.forced ?? false);
  const counted = { ...floor, turns: put(floor.turns, { ...turn, covers, forced, last_activity_at: at }) };
  return cannotUndo(changed(counted, turn.party_id, (it) => ({ ...it, covers })), turn.party_id);
}

/** Something happened at the turn's table; with a stage, it has come that far. */
export function turnTouched(floor: Floor, turnId: number, at: string, stage?: Stage): Floor {
  const turn = find(floor.turns, turnId);
  if (!turn) return floor;
  const touched: Turn = { ...turn, stage: stage ?? turn.stage, last_activity_at: at };
  return cannotUndo({ ...floor, turns: put(floor.turns, touched) }, turn.party_id);
}

export function turnMoved(floor: Floor, event: EventOf<"turn_moved">, at: string): Floor {
  const { turn_id, to_table_ids: to } = event;
  const turn = find(floor.turns, turn_id);
  if (!turn) return floor;
  const left = turn.table_ids.filter((it) => !to.includes(it));
  const freed = tablesIn(floor.tables, left, { state: "available" }, at);
  const forced = turn.forced || (event.forced ?? false);
  const moved = {
    ...floor,
    tables: tablesIn(freed, to, { state: "occupied", turn_id }, at),
    turns: put(floor.turns, { ...turn, table_ids: to, forced, last_activity_at: at }),
  };
  return cannotUndo(changed(moved, turn.party_id, (it) => ({ ...it, table_id: to[0] ?? null })), turn.party_id);
}

export function turnClosed(floor: Floor, event: EventOf<"turn_closed">, at: string): Floor {
  const turn = find(floor.turns, event.turn_id);
  if (!turn) return floor;
  const left = event.party ?? { state: "finished" };
  const ended = turn.party_id == null ? floor : partyIn(floor, turn.party_id, left, at);
  const closed = {
    ...ended,
    tables: tablesIn(ended.tables, turn.table_ids, settable(event.tables_left, null), at),
    turns: without(ended.turns, turn.id),
    closed_turns: put(ended.closed_turns, { ...turn, closed_at: at }),
  };
  return callsEnded({ ...closed, closed_turns: onlyTheLast(closed) }, turn.id);
}

export function turnRestored(floor: Floor, turnId: number, at: string): Floor {
  const turn = find(floor.closed_turns, turnId);
  if (!turn) return floor;
  const restored = {
    ...floor,
    tables: tablesIn(floor.tables, turn.table_ids, { state: "occupied", turn_id: turnId }, at),
    turns: put(floor.turns, { ...turn, closed_at: null, last_activity_at: at }),
    closed_turns: without(floor.closed_turns, turnId),
  };
  return changed(restored, turn.party_id, (it) => ({
    ...it,
    state: "seated",
    shown_as: undefined,
    covers: turn.covers,
    ended_at: null,
    table_id: turn.table_ids[0] ?? null,
    turn_id: turnId,
    seated_at: it.seated_at ?? turn.opened_at,
    before: undefined,
  }));
}

/** A turn that begins, of whom nobody knows anything yet. */
function newTurn(event: EventOf<"party_seated" | "turn_opened">, at: string): Turn {
  return {
    id: event.turn_id,
    table_ids: event.table_ids,
    covers: event.covers,
    party_id: null,
    waiter_id: event.waiter_id ?? null,
    code: event.code,
    stage: "seated",
    forced: false,
    opened_at: at,
    last_activity_at: at,
    closed_at: null,
  };
}

function withTurn(floor: Floor, turn: Turn, at: string): Floor {
  return {
    ...floor,
    tables: tablesIn(floor.tables, turn.table_ids, { state: "occupied", turn_id: turn.id }, at),
    turns: put(floor.turns, turn),
  };
}

/** Has a party sit where `turn` does. */
function sitting(
  floor: Floor,
  partyId: number,
  turn: Turn,
  shownAs: PartyState | null | undefined,
  at: string,
): Floor {
  return changed(floor, partyId, (it) => ({
    ...it,
    state: "seated",
    shown_as: shownAs ?? undefined,
    table_id: turn.table_ids[0] ?? null,
    turn_id: turn.id,
    seated_at: at,
    ended_at: null,
    noted: noted({ ...it.noted, seated_at: undefined, finished_at: undefined }),
  }));
}

/** The turn that closed last at a table. */
export function lastClosedTurn(turns: readonly Turn[], tableId: number): Turn | undefined {
  const later = (a: Turn, b: Turn): number =>
    compareInstants(a.closed_at ?? "", b.closed_at ?? "") || a.id - b.id;
  return turns
    .filter((it) => it.table_ids.includes(tableId))
    .sort(later)
    .at(-1);
}

/** Of the closed turns, those that are some table's last. */
function onlyTheLast({ tables, closed_turns }: Floor): Turn[] {
  const last = new Set(tables.map((it) => lastClosedTurn(closed_turns, it.id)?.id));
  return closed_turns.filter((it) => last.has(it.id));
}

/** A turn is over: nobody waits there any more. */
export function callsEnded(floor: Floor, turnId: number): Floor {
  const waiting = (floor.calls ?? []).filter((it) => it.turn_id !== turnId);
  return withCalls(floor, waiting);
}

/** Without any, the list is left out, as the server leaves it out. */
export function withCalls(floor: Floor, calls: Call[]): Floor {
  const { calls: _, ...others } = floor;
  return calls.length > 0 ? { ...others, calls } : others;
}
