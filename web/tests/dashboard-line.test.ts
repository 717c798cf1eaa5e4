import { expect, test } from "vitest";
import { type Line, lineSentence, lineWord, waitAfter, waitMs } from "../src/dashboard/line";

const LEAST = () => 0;
const MOST = () => 0.999_999;

test.each([
  [0, 500, 1_000],
  [1, 1_000, 2_000],
  [4, 8_000, 16_000],
  [5, 15_000, 30_000],
  [2_000, 15_000, 30_000],
])("attempt %i in vain waits from %i to %i ms", (attempt, least, most) => {
  expect(waitMs(attempt, LEAST)).toBe(least);
  expect(waitMs(attempt, MOST)).toBeGreaterThan(most - 1);
  expect(waitMs(attempt, MOST)).toBeLessThanOrEqual(most);
});

test.each([1006, 1012, 4000, 4001, 4003])("after close code %i it goes on as after any broken line", (code) => {
  expect(waitAfter(code, 0, LEAST)).toEqual({ ms: 500, isCrowded: false });
});

test("where there are too many dashboards it knocks seldom, from the first time on", () => {
  const { ms, isCrowded } = waitAfter(4008, 0, LEAST);
  expect(ms).toBeGreaterThanOrEqual(30_000);
  expect(isCrowded).toBe(true);
});

const WAITING: Line = { state: "waiting", until: 10_000, isCrowded: false };

test.each<[Line, boolean, boolean, string]>([
  [{ state: "live" }, true, true, "Live"],
  [{ state: "live" }, true, false, "Live"],
  [{ state: "connecting" }, false, true, "Connecting…"],
  [{ state: "connecting" }, true, true, "Reconnecting…"],
  [{ state: "connecting" }, true, false, "Offline"],
  [{ state: "renewing" }, true, true, "Reconnecting…"],
  [WAITING, true, true, "Reconnecting in 4 s"],
  [WAITING, true, false, "Offline"],
  [{ state: "ended" }, true, true, "Signed out"],
])("%o, was live %s, online %s: %s", (line, wasLive, isOnline, word) => {
  expect(lineWord(line, wasLive, isOnline, 6_400)).toBe(word);
});

test("a countdown never reads as if it were over", () => {
  expect(lineWord(WAITING, true, true, 12_000)).toBe("Reconnecting in 1 s");
});

test("the banner tells what is the matter", () => {
  expect(lineSentence({ ...WAITING, isCrowded: true }, false, true)).toMatch(/^Too many dashboards are open/);
  expect(lineSentence(WAITING, true, true)).toBe("The server does not answer. Shown is what was last known.");
  expect(lineSentence(WAITING, false, false)).toBe("This device is offline.");
});
