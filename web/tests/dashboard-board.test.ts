import { afterEach, expect, test, vi } from "vitest";
import { hear, reconnected, tableOf } from "../src/dashboard/board";
import { callText, wishWord } from "../src/dashboard/call";
import { readFrame, type ToDashboard } from "../src/dashboard/frames";
import { boardAfter, call, reserved, snapshot, tile, update } from "./dashboard";

const HOUSE = snapshot(tile(12), tile(4, "occupied"), tile(6));

test("tables stand in the order of their numbers, also when one gets another", () => {
  const board = boardAfter(HOUSE, update({ ...tile(6), number: 20 }));
  expect(board.tables.map((it) => it.number)).toEqual([4, 12, 20]);
});

test("an update takes the place of its table alone", () => {
  const board = boardAfter(HOUSE, update(tile(6, "dirty")));
  expect(board.tables.map((it) => it.status)).toEqual(["occupied", "dirty", "open"]);
});

test("a table that is not on the board comes with a snapshot, not with an update", () => {
  expect(tableOf(boardAfter(HOUSE, update(tile(7))), 70)).toBeUndefined();
  expect(boardAfter(HOUSE, snapshot(tile(7))).tables.map((it) => it.number)).toEqual([7]);
});

test("nothing is shown before the first snapshot", () => {
  expect(hear(null, update(tile(6)))).toBeNull();
  expect(hear(null, { type: "waiter_request", request: call("a", 4) })).toBeNull();
});

test("who has called first stands first, and goes when somebody has seen to it", () => {
  const early = call("early", 4, "2026-11-20T17:59:59.9Z");
  const late = call("late", 6, "2026-11-20T18:00:00.05Z");
  const board = boardAfter(
    HOUSE,
    { type: "pending_waiter_requests", requests: [late] },
    { type: "waiter_request", request: early },
  );
  expect(board.calls.map((it) => it.id)).toEqual(["early", "late"]);
  const seenTo = hear(board, { type: "waiter_request_resolved", request_id: "early" });
  expect(seenTo?.calls.map((it) => it.id)).toEqual(["late"]);
});

test("a call that is told again is the same one, at the table where it is now", () => {
  const board = boardAfter(
    HOUSE,
    { type: "waiter_request", request: call("a", 4) },
    { type: "waiter_request", request: call("a", 6) },
  );
  expect(board.calls.map((it) => it.table_number)).toEqual([6]);
});

test("a table that comes or goes is no reason to forget who calls; a new line is", () => {
  const board = boardAfter(HOUSE, { type: "waiter_request", request: call("a", 4) }, snapshot(tile(4, "occupied")));
  expect(board.calls.map((it) => it.id)).toEqual(["a"]);
  const back = hear(reconnected(board), HOUSE);
  expect(back?.calls).toEqual([]);
  expect(back?.earlierCallIds).toEqual(["a"]);
});

test("a call moves with its party, and no other call does", () => {
  const board = boardAfter(
    snapshot(tile(4, "occupied", 77), tile(5, "occupied"), tile(9)),
    { type: "waiter_request", request: call("moves", 4) },
    { type: "waiter_request", request: call("stays", 5) },
    update(tile(4)),
    update(tile(9, "occupied", 77)),
  );
  expect(board.calls.map((it) => [it.id, it.table_id, it.table_number])).toEqual([
    ["moves", 90, 9],
    ["stays", 50, 5],
  ]);
});

test.each(["", "ping", "[]", "null", '{"type":7}', '{"type":"pending_orders","orders":[]}', '{"tables":[]}'])(
  "%j is passed over",
  (text) => {
    expect(readFrame(text)).toBeNull();
  },
);

afterEach(() => {
  vi.restoreAllMocks();
});

const TABLE = tile(6, "occupied");
const CALL = call("a", 6);

test.each<[string, unknown]>([
  ["no tables", { type: "tables_snapshot" }],
  ["a table that is none", { type: "tables_snapshot", tables: [TABLE, null] }],
  ["an id that is text", { type: "table_update", table: { ...TABLE, id: "60" } }],
  ["half a number", { type: "table_update", table: { ...TABLE, number: 6.5 } }],
  ["an unknown status", { type: "table_update", table: { ...TABLE, status: "on fire" } }],
  ["no session at all", { type: "table_update", table: { ...TABLE, session: undefined } }],
  ["a session without time", { type: "table_update", table: { ...TABLE, session: { id: 1, last_active: "soon" } } }],
  ["an error without words", { type: "error", code: "x" }],
  ["a request without id", { type: "pending_waiter_requests", requests: [CALL, { ...CALL, id: 7 }] }],
  ["a request of no time", { type: "waiter_request", request: { ...CALL, created_at: "" } }],
  ["a message that is none", { type: "waiter_request", request: { ...CALL, message: {} } }],
  ["a request that nobody can name", { type: "waiter_request_resolved", request_id: null }],
])("a frame with %s is passed over, and the console says so once", (_, frame) => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  expect(readFrame(JSON.stringify(frame))).toBeNull();
  expect(warn).toHaveBeenCalledOnce();
});

test.each<[string, ToDashboard]>([
  ["no tables", snapshot()],
  ["a reserved table", snapshot(reserved(6), TABLE)],
  ["a refusal about a table", { type: "error", code: "x", detail: "", table_id: 60 }],
  ["a request of nobody's, from nowhere", { type: "waiter_request", request: { ...CALL, table_id: null, table_number: null, member_name: null } }],
])("a frame with %s fits", (_, frame) => {
  expect(readFrame(JSON.stringify(frame))).toEqual(frame);
});

test("what is told twice at once is there once, as it was told last", () => {
  const board = boardAfter(snapshot(tile(6), tile(4), tile(6, "dirty")), {
    type: "pending_waiter_requests",
    requests: [call("a", 4), { ...call("a", 4), message: "Hurry" }],
  });
  expect(board.tables.map((it) => [it.number, it.status])).toEqual([
    [4, "open"],
    [6, "dirty"],
  ]);
  expect(board.calls.map((it) => it.message)).toEqual(["Hurry"]);
});

test("a frame is read", () => {
  expect(readFrame(JSON.stringify(update(tile(6))))).toEqual(update(tile(6)));
});

test.each([
  ["call_waiter", "Table 4 calls a waiter", "Waiter"],
  ["ask_for_bill", "Table 4 asks for the bill", "Bill"],
  ["more_water", "Table 4 asks: more water", "Request"],
])("a guest's %s in words", (request_type, text, word) => {
  const asked = { ...call("a", 4), request_type };
  expect(callText(asked)).toBe(text);
  expect(wishWord(asked)).toBe(word);
});
