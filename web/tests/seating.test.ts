import { expect, test } from "vitest";
import { TableChoice } from "../src/choice.svelte";
import { factsOf } from "../src/facts";
import type { Live } from "../src/floor";
import { commandFor, hurdlesOf, isChoosable, type Purpose } from "../src/seating";
import type { Event } from "../src/wire";
import { after, HOUSE, party, seated } from "./house";

const ADA: Purpose = { act: "seat", partyId: 1, title: "Ada", covers: 5 };
const GUESTS = new Map([[1, { guest_id: 1, name: "Ada" }], [2, { guest_id: 2, name: "Bo" }]]);

/** Table 3 for two and table 12 for four, after `events`. */
function tables(...events: Event[]) {
  const live: Live = { seq: 1, epoch: "e", floor: after(HOUSE, [party(1, 5), party(2), ...events]), guests: GUESTS };
  return factsOf(live);
}

test("a party too large for a table sits down at several", () => {
  const [three, twelve] = tables();
  expect(three && hurdlesOf(ADA, [three])).toEqual(["2 seats for 5"]);
  expect(three && twelve && hurdlesOf(ADA, [three, twelve])).toEqual([]);
  expect(commandFor(ADA, [12, 3], false)).toEqual({ command: "seat_party", party_id: 1, table_ids: [12, 3] });
});

test("what stands against a choice is said, and insisting is a word of its own", () => {
  const [three, twelve] = tables(
    { event: "table_state_set", table_id: 3, state: "dirty" },
    { event: "table_state_set", table_id: 12, state: "reserved", party_id: 2 },
  );
  expect(three && twelve && hurdlesOf(ADA, [three, twelve])).toEqual(["3 is dirty", "12 is reserved for Bo"]);
  expect(commandFor(ADA, [3], true)).toEqual({ command: "seat_party", party_id: 1, table_ids: [3], force: true });
});

test("a table kept for the party is no hurdle to it", () => {
  const [, twelve] = tables({ event: "table_state_set", table_id: 12, state: "reserved", party_id: 1 });
  expect(twelve && hurdlesOf({ ...ADA, covers: 4 }, [twelve])).toEqual([]);
});

test("an occupied table is out, except for the turn that sits there", () => {
  const [three, twelve] = tables(seated(2, 9, [3]));
  const move: Purpose = { act: "move", turnId: 9, from: "table 3", covers: 2 };
  expect(three && [isChoosable(ADA, three), isChoosable(move, three)]).toEqual([false, true]);
  expect(twelve && isChoosable(move, twelve)).toBe(true);
});

test("several tables are reserved at once or not at all", () => {
  const reserve: Purpose = { act: "reserve", partyId: 1, title: "Ada", covers: 5 };
  const one = { command: "set_table_state", table_id: 3, state: "reserved", party_id: 1 };
  expect(commandFor(reserve, [3], false)).toEqual(one);
  expect(commandFor(reserve, [3, 12], false)).toEqual({ command: "batch", commands: [one, { ...one, table_id: 12 }] });
});

test("tapping a table takes it in, tapping again leaves it out", () => {
  const [three, twelve] = tables(seated(2, 9, [12]));
  const choice = new TableChoice();
  if (!three || !twelve) throw new Error("the house has two tables");
  expect(choice.mark(three)).toBeNull();
  choice.start(ADA);
  choice.toggle(three);
  choice.toggle(twelve);
  expect(choice.tableIds).toEqual([3]);
  expect([choice.mark(three), choice.mark(twelve)]).toEqual(["chosen", "out"]);
  choice.toggle(three);
  expect(choice.tableIds).toEqual([]);
});
