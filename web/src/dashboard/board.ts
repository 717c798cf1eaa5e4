/** Frames folded into what the dashboard shows. Pure. */

import { compareInstants } from "../time";
import type { Call, Table, ToDashboard } from "./frames";

export type Board = {
  /** By number. */
  tables: readonly Table[];
  /** Who has called and was not seen to yet, who waits longest first. */
  calls: readonly Call[];
  /** The ids of the calls that were known when the line broke last; null when it never has. */
  earlierCallIds: readonly string[] | null;
  /** The turn that left a table last: a move is told as a table that is left and another that is taken. */
  left: { turnId: number; tableId: number; number: number } | null;
};

/** The board after `frame`. Before the first snapshot there is none. */
export function hear(board: Board | null, frame: ToDashboard): Board | null {
  if (frame.type === "tables_snapshot") return withTables(board, frame.tables);
  if (!board) return null;
  switch (frame.type) {
    case "table_update":
      return updated(board, frame.table);
    case "pending_waiter_requests":
      return { ...board, calls: sortedCalls(frame.requests) };
    case "waiter_request":
      return { ...board, calls: sortedCalls([...without(board.calls, frame.request.id), frame.request]) };
    case "waiter_request_resolved":
      return withoutCall(board, frame.request_id);
    case "error":
      return board;
  }
}

export function tableOf(board: Board | null, id: number): Table | undefined {
  return board?.tables.find((it) => it.id === id);
}

/**
 * The board when there is a line again, for the snapshot that comes first. Calls that are pending are told right behind
 * it, and only if there are any.
 */
export function reconnected(board: Board | null): Board | null {
  return board && { ...board, calls: [], earlierCallIds: board.calls.map((it) => it.id) };
}

/** The board when it turns out that a call was answered long ago. */
export function withoutCall(board: Board | null, id: string): Board | null {
  return board && { ...board, calls: without(board.calls, id) };
}

/** All tables are also told when one comes or goes; that says nothing about calls. */
function withTables(board: Board | null, tables: readonly Table[]): Board {
  const [calls, earlierCallIds] = board ? [board.calls, board.earlierCallIds] : [[], null];
  return { tables: sortedTables(tables), calls, earlierCallIds, left: null };
}

/** A table that is not on the board comes with all the others, in a snapshot. */
function updated(board: Board, table: Table): Board {
  const before = tableOf(board, table.id);
  if (!before) return board;
  const others = board.tables.filter((it) => it.id !== table.id);
  const turnId = before.session?.id;
  const hasLeft = turnId !== undefined && turnId !== table.session?.id;
  const left = hasLeft ? { turnId, tableId: before.id, number: before.number } : board.left;
  return { ...board, tables: sortedTables([...others, table]), calls: movedCalls(board, table), left };
}

/** Who has called goes on calling from where their party is moved to; nothing else tells so. */
function movedCalls({ calls, left }: Board, { id, number, session }: Table): readonly Call[] {
  if (!session || left?.turnId !== session.id) return calls;
  return calls.map((it) => (it.table_id === left.tableId ? { ...it, table_id: id, table_number: number } : it));
}

function without(calls: readonly Call[], id: string): Call[] {
  return calls.filter((it) => it.id !== id);
}

/** What is told twice in one breath is there once, as it was told last. */
function byId<T extends { id: unknown }>(all: readonly T[]): T[] {
  return [...new Map(all.map((it) => [it.id, it])).values()];
}

function sortedTables(tables: readonly Table[]): Table[] {
  return byId(tables).sort((a, b) => a.number - b.number || a.id - b.id);
}

function sortedCalls(calls: readonly Call[]): Call[] {
  return byId(calls).sort((a, b) => compareInstants(a.created_at, b.created_at));
}
