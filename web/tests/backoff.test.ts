import { expect, test } from "vitest";
import { afterClose, fullJitter } from "../src/backoff";

const MOST = () => 0.999_999;

test("a wait lies between nothing and a ceiling that doubles", () => {
  expect(fullJitter(0, () => 0)).toBe(0);
  expect(fullJitter(0, MOST)).toBeLessThanOrEqual(400);
  expect(fullJitter(3, MOST)).toBeGreaterThan(3_000);
  expect(fullJitter(3, MOST)).toBeLessThanOrEqual(3_200);
});

test("no wait is longer than 20 s, however often it failed", () => {
  for (const attempt of [6, 20, 2_000]) expect(fullJitter(attempt, MOST)).toBeLessThanOrEqual(20_000);
});

test.each([
  [4000, '{"retry_after_ms":1500}', { step: "resume", afterMs: 1500 }],
  [4000, "retry_after_ms=250", { step: "resume", afterMs: 250 }],
  [4001, "too slow", { step: "resume", afterMs: 0 }],
  [4008, "", { step: "resume", afterMs: 5000 }],
  [4008, '{"retry_after_ms":9000}', { step: "resume", afterMs: 9000 }],
  [4100, "", { step: "sign_in" }],
  [4101, "", { step: "renew" }],
  [4103, "", { step: "stop" }],
  [1006, "", { step: "resume", afterMs: 0 }],
  [1011, "", { step: "resume", afterMs: 0 }],
])("close code %i %s", (code, reason, next) => {
  expect(afterClose(code, reason)).toEqual(next);
});
