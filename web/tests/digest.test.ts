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
  // By the recipe of docs/protocol.md, computed once more in Python.
  const unopened = { ...HOUSE, settings: null, opened_at: null, settings_at: null, tables: [] };
  expect(digest(unopened)).toBe("4085b4631f2147c5b21e00b692217297");
  expect(digest(HOUSE)).toBe("efa4df4dc302f0ab82ca975e6d7f909d");
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
