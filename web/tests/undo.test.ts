import { expect, test } from "vitest";
import { factsOf, undoableAt } from "../src/facts";
import type { Live } from "../src/floor";
import { stepped } from "../src/fold/undo";
import { UndoOffer } from "../src/undo.svelte";
import type { Event, Floor } from "../src/wire";
import { after, HOUSE, party, seated } from "./house";

const LATER = "2026-11-20T19:30:00.5Z";
const WAITING = after(HOUSE, [party(1), party(2)]);
const SEATED = after(WAITING, [seated(1, 9, [12])], LATER);
const TOUCHED: Event = { event: "turn_touched", turn_id: 9 };

function offered(floor: Floor): UndoOffer {
  const undo = new UndoOffer();
  undo.heard(6, stepped(WAITING, floor));
  undo.offer(6, "Ada seated at table 12", 0);
  return undo;
}

test("the step that this page asked for is offered to be taken back, until somebody builds on it", () => {
  const undo = offered(SEATED);
  expect(undo.standing(SEATED)).toMatchObject({ partyId: 1, text: "Ada seated at table 12" });
  expect(undo.standing(after(SEATED, [{ event: "party_arrived", party_id: 2 }]))).not.toBeNull();
  expect(undo.standing(after(SEATED, [TOUCHED]))).toBeNull();
  const left: Event = { event: "turn_closed", turn_id: 9, tables_left: "available" };
  expect(undo.standing(after(SEATED, [left], "2026-11-20T19:31:00Z"))).toBeNull();
});

test("a change of somebody else's, or without a step, is not offered", () => {
  expect(stepped(SEATED, after(SEATED, [TOUCHED]))).toBeUndefined();
  const undo = new UndoOffer();
  undo.heard(6, stepped(WAITING, SEATED));
  undo.offer(7, "Table 3 is blocked", 0);
  expect(undo.standing(SEATED)).toBeNull();
});

test("an offer goes after ten seconds, but not from under a finger", () => {
  const undo = offered(SEATED);
  undo.passed(10_000);
  expect(undo.standing(SEATED)).not.toBeNull();
  undo.hold();
  undo.passed(60_000);
  expect(undo.standing(SEATED)).not.toBeNull();
  undo.letGo(60_000);
  undo.passed(63_000);
  expect(undo.standing(SEATED)).not.toBeNull();
  undo.passed(63_001);
  expect(undo.standing(SEATED)).toBeNull();
});

test("a table offers to undo who sat down there last, or who left it last", () => {
  const at12 = (floor: Floor) => {
    const live: Live = { seq: 1, epoch: "e", floor, guests: new Map([[1, { guest_id: 1, name: "Ada" }]]) };
    const [, twelve] = factsOf(live);
    return twelve && undoableAt(twelve, live)?.title;
  };
  expect(at12(WAITING)).toBeUndefined();
  expect(at12(SEATED)).toBe("Ada");
  expect(at12(after(SEATED, [TOUCHED]))).toBeUndefined();
  const left: Event = { event: "turn_closed", turn_id: 9, tables_left: "available" };
  const gone = after(SEATED, [left]);
  expect(at12(gone)).toBe("Ada");
  expect(at12(after(gone, [{ event: "guest_changed", party_id: 1, guest_id: 1 }]))).toBeUndefined();
});
