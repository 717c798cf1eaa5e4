import { expect, test } from "vitest";
import type { Table } from "../src/dashboard/frames";
import { actWord, idleText, isMeant, isTarget, lookOf, offers, questionBefore, spokenTile } from "../src/dashboard/tile";
import { type Box, nearest } from "../src/dashboard/view/nearest";
import { AT, reserved, tile } from "./dashboard";

const later = (minutes: number) => Date.parse(AT) + minutes * 60_000;

test.each<[string, Table, string[], boolean]>([
  ["open", tile(6), ["Disable", "Restore"], true],
  ["reserved", reserved(6), [], false],
  ["occupied", tile(6, "occupied"), ["Close", "Move"], false],
  ["dirty", tile(6, "dirty"), ["Clean, ready", "Disable", "Restore"], false],
  ["disabled", tile(6, "disabled"), ["Enable"], false],
])("a table that is %s offers what can be done to it", (look, table, words, takesParty) => {
  expect(lookOf(table)).toBe(look);
  expect(offers(table).map((it) => actWord(it, table))).toEqual(words);
  expect(isTarget(table)).toBe(takesParty);
});

test("what hurts is asked once more, with the table's number", () => {
  expect(questionBefore("close", tile(6, "occupied"))?.title).toBe("Close table 6?");
  expect(questionBefore("disable", tile(6))?.title).toBe("Disable table 6?");
  expect(questionBefore("enable", tile(6, "disabled"))).toBeNull();
  expect(questionBefore("restore", tile(6))).toBeNull();
});

test.each([
  [-5, "0 min"],
  [0, "0 min"],
  [0.99, "0 min"],
  [1, "1 min"],
  [59.9, "59 min"],
  [60, "1h 0m"],
  [65, "1h 5m"],
  [605, "10h 5m"],
])("idle for %f minutes reads %s", (minutes, text) => {
  expect(idleText(AT, later(minutes))).toBe(text);
});

test.each([
  ["a click", 1, 10_000, true],
  ["a click as soon as the buttons have stood for a moment", 1, 600, true],
  ["a click right after they have become others", 1, 599, false],
  ["the second click of a double one", 2, 10_000, false],
  ["the keyboard right after they have", 0, 10, true],
])("%s is meant for the button that it hits: not always", (_, detail, sinceMs, isIt) => {
  expect(isMeant(detail, 5_000, 5_000 + sinceMs)).toBe(isIt);
  expect(isMeant(detail, -Infinity, 5_000)).toBe(detail < 2);
});

test("a tile is said in one sentence", () => {
  expect(spokenTile(tile(6), 0, later(9))).toBe("Table 6, open");
  expect(spokenTile(reserved(6), 0, later(9))).toBe("Table 6, reserved");
  expect(spokenTile(tile(6, "occupied"), 2, later(61))).toBe("Table 6, occupied, idle for 1 hour 1 minute, 2 requests");
});

/** Three in a row, and two below. */
const GRID = [...Array(5).keys()].map((index) => {
  const [left, top] = [(index % 3) * 100, Math.floor(index / 3) * 100];
  return { index, box: { left, right: left + 90, top, bottom: top + 90 } satisfies Box };
});

test.each([
  [0, "ArrowRight", 1],
  [1, "ArrowLeft", 0],
  [2, "ArrowRight", undefined],
  [0, "ArrowUp", undefined],
  [1, "ArrowDown", 4],
  [2, "ArrowDown", 4],
  [3, "ArrowUp", 0],
  [4, "ArrowDown", undefined],
  [0, "Enter", undefined],
])("from tile %i, %s leads to tile %s", (from, key, to) => {
  const others = GRID.filter((it) => it.index !== from);
  expect(nearest(GRID[from]!.box, others, key)?.index).toBe(to);
});
