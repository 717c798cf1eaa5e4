/** What was asked for and not answered yet. The protocol names no answer to what it asks: this does. Pure. */

import type { FromDashboard, ToDashboard } from "./frames";

export type Asked = { frame: FromDashboard; at: number };

/** After so long nothing more is to be expected. */
const UNANSWERED_MS = 10_000;

/**
 * What is still under way after `frame`. A change of a table, or a call that is done with, answers what was asked about
 * it. A refusal names nothing; the server does one thing after the other, so it is about what was asked first.
 */
export function stillUnderWay(asked: readonly Asked[], frame: ToDashboard): readonly Asked[] {
  switch (frame.type) {
    case "tables_snapshot":
      return [];
    case "error":
      return asked.slice(1);
    case "table_update":
      return asked.filter((it) => lastTableOf(it.frame) !== frame.table.id);
    case "waiter_request_resolved":
      return asked.filter((it) => callOf(it.frame) !== frame.request_id);
    case "pending_waiter_requests":
    case "waiter_request":
      return asked;
  }
}

/** The call that was to be resolved and is none any more: somebody was faster, and this page has missed it. */
export function goneCall(asked: readonly Asked[], frame: ToDashboard): string | null {
  const [first] = asked;
  return first && frame.type === "error" && frame.code === "request_not_found" ? callOf(first.frame) : null;
}

export function isOverdue({ at }: Asked, now: number): boolean {
  return now - at >= UNANSWERED_MS;
}

export function isAboutTable(asked: readonly Asked[], tableId: number): boolean {
  return asked.some(({ frame }) =>
    frame.action === "move_table"
      ? frame.from_table_id === tableId || frame.to_table_id === tableId
      : "table_id" in frame && frame.table_id === tableId,
  );
}

export function isAboutCall(asked: readonly Asked[], callId: string): boolean {
  return asked.some(({ frame }) => callOf(frame) === callId);
}

/** The table that is told last of what was asked: of a move, the one that is taken. */
function lastTableOf(frame: FromDashboard): number | null {
  if (frame.action === "move_table") return frame.to_table_id;
  return frame.action === "resolve_waiter_request" ? null : frame.table_id;
}

function callOf(frame: FromDashboard): string | null {
  return frame.action === "resolve_waiter_request" ? frame.request_id : null;
}
