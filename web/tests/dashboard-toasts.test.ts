import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Toast, Toasts } from "../src/toasts.svelte";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What is shown after notes (`n…`) and refusals (`r…`). */
function shownAfter(...titles: string[]): string[] {
  const toasts = new Toasts();
  const kindOf = (title: string): Toast["kind"] => (title.startsWith("r") ? "refused" : "note");
  for (const title of titles) toasts.show(kindOf(title), title, "");
  return toasts.all.map((it) => it.title);
}

test.each([
  ["the oldest note gives way", ["n1", "n2", "n3", "n4", "n5"], ["n2", "n3", "n4", "n5"]],
  ["a refusal stays while notes come", ["r1", "n1", "n2", "n3", "n4", "n5"], ["r1", "n3", "n4", "n5"]],
  ["a note finds no room among refusals", ["r1", "r2", "r3", "r4", "n1"], ["r1", "r2", "r3", "r4"]],
  ["a refusal takes the place of a note", ["r1", "n1", "r2", "r3", "r4"], ["r1", "r2", "r3", "r4"]],
  ["the oldest refusal gives way to another", ["r1", "r2", "r3", "r4", "r5"], ["r2", "r3", "r4", "r5"]],
])("%s", (_, titles, shown) => {
  expect(shownAfter(...titles)).toEqual(shown);
});
