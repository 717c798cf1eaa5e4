import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pause } from "../src/pause.svelte";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a pause is counted down to its end", () => {
  const pause = new Pause();
  pause.begin(12);
  expect(pause.secondsLeft).toBe(12);
  vi.advanceTimersByTime(2_000);
  expect(pause.secondsLeft).toBe(10);
  vi.advanceTimersByTime(9_000);
  expect(pause.secondsLeft).toBe(1);
  vi.advanceTimersByTime(1_000);
  expect(pause.secondsLeft).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test("a pause of a page that slept is over when its time is", () => {
  const pause = new Pause();
  pause.begin(60);
  vi.setSystemTime(Date.now() + 59_500);
  vi.advanceTimersToNextTimer();
  expect(pause.secondsLeft).toBe(1);
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersToNextTimer();
  expect(pause.secondsLeft).toBe(0);
});
