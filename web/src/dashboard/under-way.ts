/** What was asked for and not answered yet. The protocol names no answer to what it asks: this does. Pure. */

import { type Board, tableOf } from "./board";
import type { FromDashboard, Table, TableAction, ToDashboard } from "./frames";

export type Refusal = Extract<ToDashboard, { type: "error" }>;

export type Asked = { frame: FromDashboard; at: number };

/** After so long nothing more is to be expected. */
const UNANSWERED_MS = 10_000;

/**
 * What is still under way after `frame`, which `board` does not show yet. A change of a table, or a call that is done
 * with, answers what was asked about it; all tables may be told anew because of another one.
 */
export function stillUnderWay(asked: readonly Asked[], board: Board | null, frame: ToDashboard): readonly Asked[] {
  switch (frame.type) {
    case "tables_snapshot":
      return asked.filter((it) => !isAnsweredByAll(it, board, frame.tables));
    case "error": {
      const refused = refusedBy(asked, frame);
      return asked.filter((it) => it !== refused);
    }
    case "table_update":
      if (!isChanged(board, frame.table.id, frame.table)) return asked;
      return asked.filter((it) => lastTableOf(it.frame) !== frame.table.id);
    case "waiter_request_resolved":
      return asked.filter((it) => callOf(it.frame) !== frame.request_id);
    case "pending_waiter_requests":
      return asked.filter((it) => {
        const call = callOf(it.frame);
        return call === null || frame.requests.some(({ id }) => id === call);
      });
    case "waiter_request":
      return asked;
  }
}

/**
 * What the server has refused. It may say at which table; otherwise, as it does one thing after the other, it is what
 * was asked first.
 */
export function refusedBy(asked: readonly Asked[], { table_id }: Refusal): Asked | undefined {
  return table_id == null ? asked[0] : asked.find((it) => isAboutTable([it], table_id));
}

function isAnsweredByAll({ frame }: Asked, board: Board | null, tables: readonly Table[]): boolean {
  const id = lastTableOf(frame);
  const now = tables.find((it) => it.id === id);
  return id !== null && isChanged(board, id, now);
}

/** Whether another party sits there, or it stands otherwise: that somebody at it is active answers nobody. */
function isChanged(board: Board | null, id: number, now: Table | undefined): boolean {
  const before = tableOf(board, id);
  return before?.status !== now?.status || before?.session?.id !== now?.session?.id;
}

/** The call that was to be resolved and is none any more: somebody was faster, and this page has missed it. */
export function goneCall(asked: readonly Asked[], frame: ToDashboard): string | null {
  if (frame.type !== "error" || frame.code !== "request_not_found") return null;
  const refused = refusedBy(asked, frame);
  return refused ? callOf(refused.frame) : null;
}

export function isOverdue({ at }: Asked, now: number): boolean {
  return now - at >= UNANSWERED_MS;
}

export function isAboutTable(asked: readonly Asked[], tableId: number): boolean {
  return asked.some(({ frame }) => tablesOf(frame).includes(tableId));
}

export function isAboutCall(asked: readonly Asked[], callId: string): boolean {
  return asked.some(({ frame }) => callOf(frame) === callId);
}

const DOING: Record<TableAction, string> = {
  close_table: "closing",
  disable_table: "disabling",
  enable_table: "enabling",
  restore_table: "restoring",
};

/** Where to look when it will not be known what has come of it. */
export function whereToLook(asked: readonly Asked[], board: Board | null): string {
  const [first, ...others] = asked;
  if (first && others.length === 0) return whereToLookFor(first.frame, board);
  const numbers = asked.flatMap(({ frame }) => numbersIn(frame, board));
  const places = [...new Set(numbers)].sort((a, b) => a - b);
  return `Look at ${named(places)}: not everything that was asked for may have happened.`;
}

function whereToLookFor(frame: FromDashboard, board: Board | null): string {
  const places = named(numbersIn(frame, board));
  switch (frame.action) {
    case "move_table":
      return `Look at ${places}: the party may not have been moved.`;
    case "resolve_waiter_request":
      return `Look at the request of ${places}: it may not have been marked as done.`;
    default:
      return `Look at ${places}: ${DOING[frame.action]} it may not have happened.`;
  }
}

/** What was asked for is about `Table 7`, `Table 5 to 9`, `Request of table 4`; null for what is not known any more. */
export function subjectOf({ frame }: Asked, board: Board | null): string | null {
  const numbers = numbersIn(frame, board);
  if (numbers.length === 0) return null;
  return callOf(frame) === null ? `Table ${numbers.join(" to ")}` : `Request of table ${numbers.join()}`;
}

function numbersIn(frame: FromDashboard, board: Board | null): number[] {
  const tables = tablesOf(frame).flatMap((id) => tableOf(board, id)?.number ?? []);
  const call = board?.calls.find((it) => it.id === callOf(frame));
  return [...tables, ...(call?.table_number == null ? [] : [call.table_number])];
}

/** `table 7`, `tables 5 and 9`, `tables 2, 5 and 9`. */
function named(numbers: readonly number[]): string {
  const last = numbers.at(-1);
  if (last === undefined) return "the tables";
  return numbers.length === 1 ? `table ${last}` : `tables ${numbers.slice(0, -1).join(", ")} and ${last}`;
}

function tablesOf(frame: FromDashboard): number[] {
  if (frame.action === "move_table") return [frame.from_table_id, frame.to_table_id];
  return frame.action === "resolve_waiter_request" ? [] : [frame.table_id];
}

/** The table that is told last of what was asked: of a move, the one that is taken. */
function lastTableOf(frame: FromDashboard): number | null {
  if (frame.action === "move_table") return frame.to_table_id;
  return frame.action === "resolve_waiter_request" ? null : frame.table_id;
}

function callOf(frame: FromDashboard): string | null {
  return frame.action === "resolve_waiter_request" ? frame.request_id : null;
}
