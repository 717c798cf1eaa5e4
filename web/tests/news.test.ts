import { expect, test } from "vitest";
import { clockOffset, staleSince } from "../src/news";
import { newKey, type Pending, underWay } from "../src/pending";

test("a heartbeat may be almost 2 s late", () => {
  expect(staleSince(10_000, 16_999)).toBeNull();
});

test("a heartbeat 2 s overdue makes the screen say since when", () => {
  expect(staleSince(10_000, 17_000)).toBe(10_000);
});

test("any frame is news again", () => {
  expect(staleSince(17_500, 17_600)).toBeNull();
});

test("before the first frame there is nothing to be stale", () => {
  expect(staleSince(null, 99_000)).toBeNull();
});

test("heartbeats set the clock, other frames only raise it", () => {
  const at = "2026-11-20T19:00:00Z";
  const then = Date.parse(at);
  expect(clockOffset(0, { type: "heartbeat", at }, then + 250)).toBe(-250);
  expect(clockOffset(-250, { type: "snapshot", at }, then + 60_000)).toBe(-250);
  expect(clockOffset(-250, { type: "change", at }, then - 100)).toBe(100);
});

test("a command is under way until the floor has come as far as its answer", () => {
  const asked = { id: "c1", key: "k", command: { command: "touch_turn", turn_id: 1 }, label: "", tableIds: [], sentAt: 0 } as const;
  const asker = { ownFields: [], settle: () => undefined };
  const unanswered: Pending = { ...asked, ...asker, seq: null };
  const accepted: Pending = { ...asked, ...asker, seq: 7 };
  expect(underWay([unanswered, accepted], 6)).toHaveLength(2);
  expect(underWay([unanswered, accepted], 7)).toEqual([unanswered]);
});

test("keys are fit for an idempotency key, and new each time", () => {
  expect(newKey()).toMatch(/^[0-9a-f]{32}$/);
  expect(newKey()).not.toBe(newKey());
});
