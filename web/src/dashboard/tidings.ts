/** What a frame tells that somebody should hear of: in words, and with a sound. Pure. */

import type { Board } from "./board";
import { tableOf } from "./board";
import { callText } from "./call";
import type { Call, Table, ToDashboard } from "./frames";
import { lookOf } from "./tile";
import { type Asked, type Refusal, refusedBy, subjectOf } from "./under-way";

export type Sounding = "occupied" | "call";

export type Tiding = { kind: "note" | "refused"; title: string; text: string; sound: Sounding | null };

/** What `frame` tells that `board` does not show yet, to somebody who has asked for this. */
export function tidingOf(board: Board | null, frame: ToDashboard, asked: readonly Asked[] = []): Tiding | null {
  switch (frame.type) {
    case "table_update":
      return tableTiding(board, frame.table);
    case "error":
      return { kind: "refused", title: "Not done", text: refusalText(board, frame, asked), sound: null };
    case "waiter_request":
      return callTiding(board, frame.request);
    case "pending_waiter_requests":
      return callsTiding(board, frame.requests);
    case "tables_snapshot":
    case "waiter_request_resolved":
      return null;
  }
}

/** The server's words, behind what they are about where they do not say it themselves. */
function refusalText(board: Board | null, frame: Refusal, asked: readonly Asked[]): string {
  const { detail, table_id } = frame;
  const refused = refusedBy(asked, frame);
  const named = table_id == null ? undefined : tableOf(board, table_id);
  const subject = named ? `Table ${named.number}` : refused && subjectOf(refused, board);
  return subject && !/\btable \d/i.test(detail) ? `${subject}: ${detail}` : detail;
}

function tableTiding(board: Board | null, table: Table): Tiding | null {
  const before = tableOf(board, table.id);
  const title = before && changeText(before, table);
  if (!title) return null;
  const sound = before.status === "open" && table.status === "occupied" ? "occupied" : null;
  return note(title, cameFrom(board, table), sound);
}

/** Null when only something at the table happened that is not to be seen. */
function changeText(before: Table, { number, ...table }: Table): string | null {
  if (before.status !== table.status) {
    return before.status === "dirty" && table.status === "open"
      ? `Table ${number} is clean and ready`
      : `Table ${number} is ${table.status}`;
  }
  if (before.session?.id !== table.session?.id) return `Table ${number} has another party`;
  const [was, is] = [lookOf(before), lookOf({ number, ...table })];
  if (was === is) return null;
  return is === "reserved" ? `Table ${number} is reserved` : `Table ${number} is not reserved any more`;
}

function cameFrom(board: Board | null, { number, session }: Table): string {
  const left = board?.left;
  const isMoved = session && left && left.turnId === session.id && left.number !== number;
  return isMoved ? `Moved from table ${left.number}` : "";
}

/** A call that is told again has moved with its party. */
function callTiding(board: Board | null, call: Call): Tiding | null {
  const isKnown = board?.calls.some((it) => it.id === call.id);
  return isKnown ? null : note(callText(call), call.message ?? "", "call");
}

/** After a line that was lost, who has called meanwhile; what was pending when the page was opened is no news. */
function callsTiding(board: Board | null, calls: readonly Call[]): Tiding | null {
  const earlier = board?.earlierCallIds;
  if (!earlier) return null;
  const fresh = calls.filter((it) => !earlier.includes(it.id));
  const [first, ...others] = fresh;
  if (!first) return null;
  return note(others.length === 0 ? callText(first) : `${fresh.length} guests have called`, "", "call");
}

function note(title: string, text: string, sound: Sounding | null): Tiding {
  return { kind: "note", title, text, sound };
}
