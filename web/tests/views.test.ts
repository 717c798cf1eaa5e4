import { expect, test } from "vitest";
import { byNumber, factsOf, fitting, freeTables, occupancyOf, waitlistOf } from "../src/facts";
import type { Live } from "../src/floor";
import { chairsOf, ground } from "../src/geometry";
import { refusalText } from "../src/refusals";
import { clockText, compareInstants, endOfDay, exactText, longAgoText, minutesSince, Zone } from "../src/time";
import { planWords, spoken } from "../src/view/say";
import type { Event, Floor } from "../src/wire";
import { after, AT, HOUSE, party, seated, table } from "./house";

function live(floor: Floor): Live {
  return { seq: 1, epoch: "e", floor, guests: new Map([[1, { guest_id: 1, name: "Ada" }]]) };
}

const ADA_AT_12 = live(after(HOUSE, [party(1, 3), seated(1, 9, [12], 3)]));

test("plan and list say who sits at a table", () => {
  const [, twelve] = factsOf(ADA_AT_12);
  expect(twelve && planWords(twelve, 20)).toEqual({ state: "Occupied · Seated", who: "3 of 4 · Ada" });
  expect(twelve && planWords(twelve, 11).who).toBe("3 of 4 · A…");
  expect(twelve && spoken(twelve, 62)).toBe("Table 12, occupied, seated, 3 covers of 4, Ada, 1 hour 2 minutes");
});

test("a turn at two tables is counted once and fills them in order", () => {
  const facts = factsOf(live(after(HOUSE, [party(1, 5), seated(1, 9, [12, 3], 5)])));
  expect(occupancyOf(facts)).toEqual({ seatedCovers: 5, occupied: 2, active: 2, percent: 100 });
  expect(facts.map((it) => [it.table.number, it.coversHere, it.together])).toEqual([
    ["3", 1, ["12"]],
    ["12", 5, ["3"]],
  ]);
});

test("an inactive table is not shown", () => {
  const tables = HOUSE.tables.map((it) => ({ ...it, active: it.id !== 3 }));
  expect(factsOf(live({ ...HOUSE, tables })).map((it) => it.table.id)).toEqual([12]);
});

test("numbers are in the order people count", () => {
  const floor = after(HOUSE, [table(4, "A10", 2), table(5, "A2", 2)]);
  const numbers = factsOf(live(floor)).sort(byNumber).map((it) => it.table.number);
  expect(numbers).toEqual(["3", "12", "A2", "A10"]);
});

test("who stands at the door is offered a table first, if the party fits", () => {
  const events: Event[] = [party(1, 2), party(2, 2), party(3, 6), { event: "party_arrived", party_id: 2 }];
  const floor = after(HOUSE, events);
  const twelve = floor.tables[1];
  expect(twelve && fitting(waitlistOf(live(floor)), twelve).map((it) => it.party.id)).toEqual([2, 1]);
});

test("the smallest table that fits comes first", () => {
  expect(freeTables(factsOf(live(HOUSE)), 2).map((it) => it.table.number)).toEqual(["3", "12"]);
});

test("a refusal speaks of tables by their number and of parties by their name", () => {
  const facts = { table_id: 12, party_id: 1, free_table_ids: [3] };
  const refused = { code: "table_taken", message: "table 12 is taken by party 1", facts };
  expect(refusalText(refused, factsOf(ADA_AT_12))).toBe("Table 12 is taken by Ada. Free: 3.");
  const late = { code: "nothing_to_undo", message: "nothing about party 1 can be undone", facts: { party_id: 1 } };
  expect(refusalText(late, [])).toBe("Somebody has gone on from there: it cannot be taken back any more.");
  const stale = { code: "stale", message: "the table has changed since: it has version 4 now" };
  const writtenAt = (facts: object) => refusalText({ ...stale, facts }, factsOf(ADA_AT_12));
  expect(writtenAt({ table_id: 12, version: 4 })).toBe("Somebody has changed table 12 since: look again.");
  expect(writtenAt({ plan_id: 12, version: 4 })).toBe("Somebody has changed it since: look again.");
  const inUse = { code: "section_in_use", message: "the section has 1 tables in use" };
  const used = refusalText({ ...inUse, facts: { section_id: 3, tables: 1 } }, []);
  expect(used).toBe("The section still has 1 table in use, which must go to another one first.");
  expect(refusalText({ code: "new_code", message: "no such thing", facts: {} }, [])).toBe("No such thing.");
});

test("every seat has a chair", () => {
  const [three, twelve] = after(HOUSE, []).tables;
  expect([three, twelve].map((it) => it && chairsOf(it).length)).toEqual([2, 4]);
  for (let max = 1; max <= 12; max += 1) {
    const square = twelve && { ...twelve, shape: "square" as const, seats: { min: 1, max } };
    const long = square && { ...square, shape: "rectangle" as const, width: 120 };
    expect(square && chairsOf(square).length).toBe(max);
    expect(long && chairsOf(long).length).toBe(max);
  }
});

test("a section is a rectangle unless somebody else's table stands in it", () => {
  const at = (x: number, y: number) => ({ ...HOUSE.tables[0]!, x, y });
  const corners = [at(0, 0), at(200, 0), at(0, 200)];
  expect(ground(corners, [])).toHaveLength(4);
  expect(ground(corners, [at(150, 150)])).toHaveLength(5);
});

test("times are compared to the last digit, however many there are", () => {
  expect(compareInstants("2026-11-20T19:00:00Z", "2026-11-20T19:00:00.5Z")).toBe(-1);
  expect(compareInstants("2026-11-20T19:00:00.12Z", "2026-11-20T19:00:00.119999Z")).toBe(1);
  expect(compareInstants(AT, AT)).toBe(0);
});

test("clocks run in whole minutes, in the restaurant's zone", () => {
  expect(clockText(minutesSince(AT, Date.parse(AT) + 65 * 60_000 + 59_000))).toBe("1 h 05");
  expect(minutesSince(AT, Date.parse(AT) - 5_000)).toBe(0);
  expect(new Zone("America/New_York").hhmmss(AT)).toBe("14:00:00");
});

test("what lies days back is told in days, and its time in full for who asks", () => {
  const now = Date.parse(AT);
  const ago = (minutes: number) => longAgoText(now - minutes * 60_000, now);
  expect([0, 3, 65, 23 * 60 + 59].map(ago)).toEqual(["just now", "3 min ago", "1 h 05 ago", "23 h 59 ago"]);
  expect([24 * 60, 11 * 24 * 60].map(ago)).toEqual(["1 day ago", "11 days ago"]);
  expect(exactText(now)).toMatch(/^\w{3} \d\d? Nov 2026,? \d\d:\d\d:00$/);
});

test("a last day lasts until its end, and no day has none", () => {
  const end = endOfDay("2026-11-20");
  expect(end && new Date(end).toString()).toMatch(/Nov 20 2026 23:59:59/);
  expect(endOfDay("")).toBeNull();
});
