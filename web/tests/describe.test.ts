import { expect, test } from "vitest";
import { describe } from "../src/describe";
import type { Event } from "../src/wire";
import { after, HOUSE, party, seated } from "./house";

/** What is said of `events`, the last of what happened in this house. */
function said(before: readonly Event[], events: readonly Event[]): string | null {
  const guests = new Map([[1, { guest_id: 1, name: "Ada" }]]);
  return describe(events, { seq: 1, epoch: "e", floor: after(HOUSE, [...before, ...events]), guests });
}

const OPENED: Event = { event: "turn_opened", turn_id: 9, table_ids: [12], covers: 1, waiter_id: null, code: "7A2C" };

test("what is undone is told with the party's name", () => {
  const undone: Event = { event: "step_undone", party_id: 1, turn_id: 9, tables: [] };
  expect(said([party(1), seated(1, 9, [12])], [undone])).toBe("Ada: last step undone");
});

test("somebody sits down before anybody says who it is", () => {
  expect(said([], [OPENED])).toBe("Somebody sat down at table 12");
  const joined: Event = { event: "party_joined", turn_id: 9, party_id: 1, covers: 2 };
  expect(said([party(1), OPENED], [joined])).toBe("Ada sits at table 12");
});

test("a state that is said is told in the door's own word", () => {
  const set: Event = { event: "party_state_set", party_id: 1, state: "arrived", shown_as: "seated" };
  expect(said([party(1)], [set])).toBe("Ada sits down");
  expect(said([party(1)], [{ ...set, shown_as: null }])).toBe("Ada arrived");
});

test("that several things were asked for as one is nobody's news", () => {
  const events: Event[] = [
    { event: "party_arrived", party_id: 1 },
    { event: "times_noted", party_id: 1 },
    { event: "batch_completed", entities: [{ party_id: 1 }] },
  ];
  expect(said([party(1)], events)).toBe("Ada arrived");
});
