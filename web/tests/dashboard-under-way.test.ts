import { expect, test } from "vitest";
import type { FromDashboard, ToDashboard } from "../src/dashboard/frames";
import { type Asked, goneCall, isAboutCall, isAboutTable, isOverdue, stillUnderWay } from "../src/dashboard/under-way";
import { snapshot, tile, update } from "./dashboard";

const CLOSE: FromDashboard = { action: "close_table", table_id: 60 };
const MOVE: FromDashboard = { action: "move_table", from_table_id: 50, to_table_id: 90 };
const RESOLVE: FromDashboard = { action: "resolve_waiter_request", request_id: "a" };
const ASKED: readonly Asked[] = [CLOSE, MOVE, RESOLVE].map((frame) => ({ frame, at: 0 }));

test.each<[string, ToDashboard, FromDashboard[]]>([
  ["an update answers what was asked about its table", update(tile(6)), [MOVE, RESOLVE]],
  ["a table that is left is only half of a move", update(tile(5)), [CLOSE, MOVE, RESOLVE]],
  ["the one that is taken is the whole", update(tile(9, "occupied")), [CLOSE, RESOLVE]],
  ["a refusal is about what was asked first", { type: "error", code: "x", detail: "" }, [MOVE, RESOLVE]],
  ["a call that is done with", { type: "waiter_request_resolved", request_id: "a" }, [CLOSE, MOVE]],
  ["another call that is", { type: "waiter_request_resolved", request_id: "b" }, [CLOSE, MOVE, RESOLVE]],
  ["a snapshot shows what has come of everything", snapshot(), []],
])("%s", (_, frame, left) => {
  expect(stillUnderWay(ASKED, frame).map((it) => it.frame)).toEqual(left);
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
