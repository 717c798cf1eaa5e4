/** What events do to turns: `turn.rs` of the floor crate. */

import { compareInstants } from "../time";
import type { EventOf, Floor, Stage, Turn } from "../wire";
import { edit, find, put, without } from "./lists";
import { changed, partyIn } from "./parties";
import { settable, tablesIn } from "./tables";

export function partySeated(floor: Floor, event: EventOf<"party_seated">, at: string): Floor {
  const turn: Turn = {
    id: event.turn_id,
    table_ids: event.table_ids,
    covers: event.covers,
    party_id: event.party_id,
    waiter_id: event.waiter_id ?? null,
    code: event.code,
    stage: "seated",
    forced: event.forced ?? false,
    opened_at: at,
    last_activity_at: at,
    closed_at: null,
  };
  const seated = changed(floor, turn.party_id, (it) => ({
    ...it,
    state: "seated",
    table_id: turn.table_ids[0] ?? null,
    turn_id: turn.id,
    seated_at: at,
  }));
  return {
    ...seated,
    tables: tablesIn(floor.tables, turn.table_ids, { state: "occupied", turn_id: turn.id }, at),
    turns: put(floor.turns, turn),
  };
}

export function coversChanged(floor: Floor, event: EventOf<"covers_changed">, at: string): Floor {
  const { turn_id, covers } = event;
  const turn = find(floor.turns, turn_id);
  if (!turn) return floor;
  const forced = turn.forced || (event.forced ?? false);
  const counted = { ...floor, turns: put(floor.turns, { ...turn, covers, forced, last_activity_at: at }) };
  return changed(counted, turn.party_id, (it) => ({ ...it, covers }));
}

/** Something happened at the turn's table; with a stage, it has come that far. */
export function turnTouched(floor: Floor, turnId: number, at: string, stage?: Stage): Floor {
  const touched = (it: Turn): Turn => ({ ...it, stage: stage ?? it.stage, last_activity_at: at });
  return { ...floor, turns: edit(floor.turns, turnId, touched) };
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
  return changed(moved, turn.party_id, (it) => ({ ...it, table_id: to[0] ?? null }));
}

export function turnClosed(floor: Floor, event: EventOf<"turn_closed">, at: string): Floor {
  const turn = find(floor.turns, event.turn_id);
  if (!turn) return floor;
  const closed = {
    ...floor,
    tables: tablesIn(floor.tables, turn.table_ids, settable(event.tables_left, null), at),
    turns: without(floor.turns, turn.id),
    closed_turns: put(floor.closed_turns, { ...turn, closed_at: at }),
  };
  const ended = turn.party_id == null ? closed : partyIn(closed, turn.party_id, "finished", at);
  return { ...ended, closed_turns: onlyTheLast(ended) };
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
  return changed(restored, turn.party_id, (it) => ({ ...it, state: "seated", ended_at: null }));
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
