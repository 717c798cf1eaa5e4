import { expect, test } from "vitest";
import { commandOf, entriesOf } from "../src/party-form";
import { fieldText } from "../src/refusals";

const EMPTY = entriesOf(null);

test("a party is added with what is known of it", () => {
  const nobody = { name: null, phone: null, notes: null };
  expect(commandOf(EMPTY, null)).toEqual({ command: "add_party", source: "walk_in", covers: 2, quote: null, ...nobody });
  const ada = commandOf({ ...EMPTY, name: " Ada ", from: 10, to: 20 }, null);
  expect(ada).toMatchObject({ name: "Ada", quote: { from_minutes: 10, to_minutes: 20 } });
});

test("one figure of a quote is both ends", () => {
  expect(commandOf({ ...EMPTY, to: 15 }, null)).toMatchObject({ quote: { from_minutes: 15, to_minutes: 15 } });
});

test("what is cleared in the form is cleared in the guest book", () => {
  const party = {
    id: 4,
    guest_id: 4,
    covers: 3,
    state: "waiting",
    source: "phone",
    added_at: "2026-11-20T19:00:00Z",
    updated_at: "2026-11-20T19:00:00Z",
  } as const;
  const entries = entriesOf({ party, guest: { guest_id: 4, name: "Bo", phone: "555" }, title: "Bo" });
  expect(entries).toMatchObject({ name: "Bo", covers: 3, source: "phone", phone: "555" });
  const cleared = { command: "update_party", party_id: 4, covers: 3, name: "Bo", phone: null, notes: null, quote: null };
  expect(commandOf({ ...entries, phone: "" }, 4)).toEqual(cleared);
});

test("a fault is told at its field, without repeating the field's name", () => {
  const at = { field: "phone", message: "phone: must have at most 40 characters, got 53" };
  expect(fieldText(at)).toBe("Must have at most 40 characters, got 53.");
  const both = { field: "quote.from_minutes", message: "quote.from_minutes must not be above quote.to_minutes" };
  expect(fieldText(both)).toBe("Must not be above the other figure.");
});
