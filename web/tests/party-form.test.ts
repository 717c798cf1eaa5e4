import { expect, test } from "vitest";
import { additionOf, changeOf, entriesOf } from "../src/party-form";
import { fieldText } from "../src/refusals";

const EMPTY = entriesOf(null);

const BO = {
  id: 4,
  guest_id: 4,
  covers: 3,
  state: "waiting",
  source: "phone",
  added_at: "2026-11-20T19:00:00Z",
  updated_at: "2026-11-20T19:00:00Z",
} as const;

test("a party is added with what is known of it", () => {
  expect(additionOf(EMPTY)).toEqual({ command: "add_party", source: "walk_in", covers: 2, quote: null });
  const ada = additionOf({ ...EMPTY, name: " Ada ", from: 10, to: 20, dietary: "vegan, , no nuts," });
  expect(ada).toMatchObject({ name: "Ada", quote: { from_minutes: 10, to_minutes: 20 }, dietary: ["vegan", "no nuts"] });
});

test("one figure of a quote is both ends", () => {
  expect(additionOf({ ...EMPTY, to: 15 })).toMatchObject({ quote: { from_minutes: 15, to_minutes: 15 } });
});

test("only what is written differently is changed, and what is cleared is cleared", () => {
  const guest = { guest_id: 4, name: "Bo", family_name: "Bo", phone: "555", dietary: ["vegan"] };
  const entries = entriesOf({ party: BO, guest, title: "Bo" });
  expect(entries).toMatchObject({ name: "Bo", covers: 3, source: "phone", phone: "555", dietary: "vegan" });
  const nothing = { command: "update_party", party_id: 4 };
  expect(changeOf(entries, entries, 4)).toEqual(nothing);
  expect(changeOf({ ...entries, phone: " " }, entries, 4)).toEqual({ ...nothing, phone: null });
  expect(changeOf({ ...entries, dietary: "" }, entries, 4)).toEqual({ ...nothing, dietary: null });
  const later = { ...entries, covers: 4, to: 20, requests: "High chair" };
  const quote = { from_minutes: 20, to_minutes: 20 };
  expect(changeOf(later, entries, 4)).toEqual({ ...nothing, covers: 4, quote, requests: "High chair" });
});

test("a fault is told at its field, without repeating the field's name", () => {
  const at = { field: "phone", message: "phone: must have at most 40 characters, got 53" };
  expect(fieldText(at)).toBe("Must have at most 40 characters, got 53.");
  const both = { field: "quote.from_minutes", message: "quote.from_minutes must not be above quote.to_minutes" };
  expect(fieldText(both)).toBe("Must not be above the other figure.");
});
