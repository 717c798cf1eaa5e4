import { expect, test } from "vitest";
import { canonical, digest, SelfCheck } from "../src/digest";
import { HOUSE } from "./house";

test("keys are sorted, numbers short, nothing padded", () => {
  expect(canonical({ b: [1, 2.5, -0, 1e3], a: { d: null, c: "é\n\"" } })).toBe(
    '{"a":{"c":"é\\n\\"","d":null},"b":[1,2.5,0,1000]}',
  );
});

test("a field that is absent is not there", () => {
  expect(canonical({ a: undefined, b: true })).toBe('{"b":true}');
});

test("two floors have the digests that the server gives them", () => {
  // Printed by `Floor::digest` of the floor crate.
  expect(digest({ ...HOUSE, settings: null, tables: [] })).toBe("8e172299b4470d617f72218472fe8d8b");
  expect(digest(HOUSE)).toBe("ac90e65939eba30cb2226d10307446f3");
});

test("a floor that came out wrong is logged once and fetched at most once a minute", () => {
  const logged: string[] = [];
  const check = new SelfCheck((message) => logged.push(message));
  expect(check.isOff(HOUSE, 5, digest(HOUSE), 0)).toBe(false);
  expect(check.isOff(HOUSE, 5, "other", 1_000)).toBe(true);
  expect(check.isOff(HOUSE, 6, "other", 6_000)).toBe(false);
  expect(check.isOff(HOUSE, 9, "other", 61_000)).toBe(true);
  expect(logged).toHaveLength(1);
});
