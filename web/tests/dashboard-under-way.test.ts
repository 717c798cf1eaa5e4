import { expect, test } from "vitest";
import type { FromDashboard, Table, ToDashboard } from "../src/dashboard/frames";
import {
  type Asked,
  goneCall,
  isAboutCall,
  isAboutTable,
  isOverdue,
  stillUnderWay,
  subjectOf,
  whereToLook,
} from "../src/dashboard/under-way";
import { boardAfter, call, snapshot, tile, update } from "./dashboard";

const CLOSE: FromDashboard = { action: "close_table", table_id: 60 };
const MOVE: FromDashboard = { action: "move_table", from_table_id: 50, to_table_id: 90 };
const RESOLVE: FromDashboard = { action: "resolve_waiter_request", request_id: "a" };
const ASKED: readonly Asked[] = [CLOSE, MOVE, RESOLVE].map((frame) => ({ frame, at: 0 }));

const TABLES = [tile(5, "occupied"), tile(6, "occupied"), tile(9)];
const BOARD = boardAfter(snapshot(...TABLES), { type: "waiter_request", request: call("a", 4) });

/** The same party, a while later. */
function active(number: number): Table {
  return { ...tile(number, "occupied"), session: { id: 900 + number, last_active: "2026-11-20T18:05:00Z" } };
}

test.each<[string, ToDashboard, FromDashboard[]]>([
  ["somebody who is active at a table answers nobody", update(active(6)), [CLOSE, MOVE, RESOLVE]],
  ["an update answers what was asked about its table", update(tile(6)), [MOVE, RESOLVE]],
  ["a table that is left is only half of a move", update(tile(5)), [CLOSE, MOVE, RESOLVE]],
  ["the one that is taken is the whole", update(tile(9, "occupied")), [CLOSE, RESOLVE]],
  ["a refusal is about what was asked first", { type: "error", code: "x", detail: "" }, [MOVE, RESOLVE]],
  ["a call that is done with", { type: "waiter_request_resolved", request_id: "a" }, [CLOSE, MOVE]],
  ["another call that is", { type: "waiter_request_resolved", request_id: "b" }, [CLOSE, MOVE, RESOLVE]],
  ["a refusal that names its table", { type: "error", code: "x", detail: "", table_id: 90 }, [CLOSE, RESOLVE]],
  ["a refusal of nothing that was asked", { type: "error", code: "x", detail: "", table_id: 70 }, [CLOSE, MOVE, RESOLVE]],
  ["who waits is told, and the call is not there", { type: "pending_waiter_requests", requests: [call("b", 4)] }, [CLOSE, MOVE]],
  ["who waits is told, and the call is", { type: "pending_waiter_requests", requests: [call("a", 4)] }, [CLOSE, MOVE, RESOLVE]],
  ["a table that comes", snapshot(...TABLES, tile(7)), [CLOSE, MOVE, RESOLVE]],
  ["all tables anew, one as it was asked for", snapshot(tile(5, "occupied"), tile(6), tile(9)), [MOVE, RESOLVE]],
  ["all tables anew, and one is gone", snapshot(tile(5, "occupied"), active(6)), [CLOSE, RESOLVE]],
])("%s", (_, frame, left) => {
  expect(stillUnderWay(ASKED, BOARD, frame).map((it) => it.frame)).toEqual(left);
});

test("both tables of a move are busy, and no others", () => {
  const busy = [50, 60, 70, 90].map((id) => isAboutTable(ASKED, id));
  expect(busy).toEqual([true, true, false, true]);
  expect([isAboutCall(ASKED, "a"), isAboutCall(ASKED, "b")]).toEqual([true, false]);
});

test("a call that is gone is found out when somebody comes to it", () => {
  const gone = { type: "error", code: "request_not_found", detail: "" } as const;
  expect(goneCall([{ frame: RESOLVE, at: 0 }], gone)).toBe("a");
  expect(goneCall([{ frame: RESOLVE, at: 0 }], { ...gone, code: "forbidden" })).toBeNull();
  expect(goneCall(ASKED, gone)).toBeNull();
  expect(goneCall([], gone)).toBeNull();
});

test("an answer is not waited for longer than ten seconds", () => {
  expect(isOverdue({ frame: CLOSE, at: 0 }, 9_999)).toBe(false);
  expect(isOverdue({ frame: CLOSE, at: 0 }, 10_000)).toBe(true);
});

const asked = (...frames: FromDashboard[]): Asked[] => frames.map((frame) => ({ frame, at: 0 }));

test.each<[FromDashboard[], string]>([
  [[CLOSE], "Look at table 6: closing it may not have happened."],
  [[{ action: "restore_table", table_id: 50 }], "Look at table 5: restoring it may not have happened."],
  [[{ action: "enable_table", table_id: 70 }], "Look at the tables: enabling it may not have happened."],
  [[MOVE], "Look at tables 5 and 9: the party may not have been moved."],
  [[RESOLVE], "Look at the request of table 4: it may not have been marked as done."],
  [[MOVE, CLOSE, RESOLVE], "Look at tables 4, 5, 6 and 9: not everything that was asked for may have happened."],
  [[CLOSE, CLOSE], "Look at table 6: not everything that was asked for may have happened."],
])("whoever gets no answer is told where to look", (frames, text) => {
  expect(whereToLook(asked(...frames), BOARD)).toBe(text);
});

test("what was asked for has a name", () => {
  expect(ASKED.map((it) => subjectOf(it, BOARD))).toEqual(["Table 6", "Table 5 to 9", "Request of table 4"]);
  expect(ASKED.map((it) => subjectOf(it, null))).toEqual([null, null, null]);
});
