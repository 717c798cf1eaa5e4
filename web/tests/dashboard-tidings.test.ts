import { expect, test } from "vitest";
import { hear, reconnected } from "../src/dashboard/board";
import type { FromDashboard, Table, ToDashboard } from "../src/dashboard/frames";
import { type Sounding, tidingOf } from "../src/dashboard/tidings";
import { boardAfter, call, reserved, snapshot, tile, update } from "./dashboard";

const RESTORE: FromDashboard = { action: "restore_table", table_id: 70 };
const MOVE: FromDashboard = { action: "move_table", from_table_id: 50, to_table_id: 90 };

test.each<[string, Table, Table, string | null, Sounding | null]>([
  ["seated", tile(6), tile(6, "occupied"), "Table 6 is occupied", "occupied"],
  ["seated at a reserved table", reserved(6), tile(6, "occupied"), "Table 6 is occupied", "occupied"],
  ["seated before it was cleaned", tile(6, "dirty"), tile(6, "occupied"), "Table 6 is occupied", null],
  ["left", tile(6, "occupied"), tile(6), "Table 6 is open", null],
  ["left to be cleaned", tile(6, "occupied"), tile(6, "dirty"), "Table 6 is dirty", null],
  ["cleaned", tile(6, "dirty"), tile(6), "Table 6 is clean and ready", null],
  ["disabled", tile(6), tile(6, "disabled"), "Table 6 is disabled", null],
  ["enabled", tile(6, "disabled"), tile(6), "Table 6 is open", null],
  ["reserved", tile(6), reserved(6), "Table 6 is reserved", null],
  ["given free", reserved(6), tile(6), "Table 6 is not reserved any more", null],
  ["taken by others", tile(6, "occupied", 1), tile(6, "occupied", 2), "Table 6 has another party", null],
  ["given an order", tile(6, "occupied"), { ...tile(6, "occupied"), session: { id: 906, last_active: "2026-11-20T19:00:00Z" } }, null, null],
  ["told again", tile(6), tile(6), null, null],
])("a table that is %s", (_, before, after, title, sound) => {
  const tiding = tidingOf(boardAfter(snapshot(before)), update(after));
  expect(tiding?.title ?? null).toBe(title);
  expect(tiding?.sound ?? null).toBe(sound);
});

test("a party that was moved comes from somewhere", () => {
  const board = boardAfter(snapshot(tile(5, "occupied", 77), tile(9)), update(tile(5)));
  expect(tidingOf(board, update(tile(9, "occupied", 77)))).toMatchObject({
    title: "Table 9 is occupied",
    text: "Moved from table 5",
  });
  expect(tidingOf(board, update(tile(5, "occupied", 77)))?.text).toBe("");
});

test("a refusal says what the server says", () => {
  const refused = { type: "error", code: "no_active_session", detail: "No open session to close." } as const;
  expect(tidingOf(boardAfter(snapshot()), refused)).toMatchObject({ kind: "refused", text: "No open session to close." });
});

test.each<[string, string, number | undefined, FromDashboard[], string]>([
  ["what was asked first", "No session to restore", undefined, [RESTORE, MOVE], "Table 7: No session to restore"],
  ["a move", "Target is taken", undefined, [MOVE], "Table 5 to 9: Target is taken"],
  ["the table that it names", "Already closed", 90, [RESTORE], "Table 9: Already closed"],
  ["what it says itself", "Table 7 is reserved", undefined, [RESTORE], "Table 7 is reserved"],
  ["nobody knows what", "Bad message", undefined, [], "Bad message"],
])("a refusal is about %s", (_, detail, table_id, frames, text) => {
  const board = boardAfter(snapshot(tile(5, "occupied"), tile(7), tile(9)));
  const asked = frames.map((frame) => ({ frame, at: 0 }));
  const frame: ToDashboard = { type: "error", code: "x", detail, ...(table_id !== undefined && { table_id }) };
  expect(tidingOf(board, frame, asked)?.text).toBe(text);
});

test("a call is heard once, with what the guest has written", () => {
  const board = boardAfter(snapshot(tile(4)));
  const request = { ...call("a", 4), message: "The bill, please" };
  const frame = { type: "waiter_request", request } as const;
  expect(tidingOf(board, frame)).toMatchObject({
    title: "Table 4 calls a waiter",
    text: "The bill, please",
    sound: "call",
  });
  expect(tidingOf(boardAfter(snapshot(tile(4)), frame), frame)).toBeNull();
});

test("calls that were pending when the page was opened are no news; those of a time without line are", () => {
  const pending = (...ids: string[]) =>
    ({ type: "pending_waiter_requests", requests: ids.map((id) => call(id, 4)) }) as const;
  expect(tidingOf(boardAfter(snapshot(tile(4))), pending("a"))).toBeNull();

  const back = hear(reconnected(boardAfter(snapshot(tile(4)), pending("a"))), snapshot(tile(4)));
  expect(tidingOf(back, pending("a"))).toBeNull();
  expect(tidingOf(back, pending("a", "b"))?.title).toBe("Table 4 calls a waiter");
  expect(tidingOf(back, pending("a", "b", "c"))).toMatchObject({ title: "2 guests have called", sound: "call" });
});
