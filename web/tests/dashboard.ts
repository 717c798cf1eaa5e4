/** Tables and calls as a dashboard is told of them. */

import { type Board, hear } from "../src/dashboard/board";
import type { Call, Status, Table, ToDashboard } from "../src/dashboard/frames";

export const AT = "2026-11-20T18:00:00Z";

/** Table `n` has the id `10 n`: the two are never the same thing. */
export function tile(number: number, status: Status = "open", turnId = 900 + number): Table {
  const session = status === "occupied" ? { id: turnId, last_active: AT } : null;
  return { id: 10 * number, number, status, session };
}

export function reserved(number: number): Table {
  return { ...tile(number), reserved: true };
}

export function call(id: string, table: number, created_at = AT): Call {
  const wish = { request_type: "call_waiter", member_name: "Ladybug", message: null };
  return { id, table_id: 10 * table, table_number: table, created_at, ...wish };
}

/** What is shown after these frames. */
export function boardAfter(...frames: ToDashboard[]): Board {
  const board = frames.reduce<Board | null>(hear, null);
  if (!board) throw new Error("there was no snapshot among the frames");
  return board;
}

export function snapshot(...tables: Table[]): ToDashboard {
  return { type: "tables_snapshot", tables };
}

export function update(table: Table): ToDashboard {
  return { type: "table_update", table };
}
