import { expect, test } from "vitest";
import { factsOf } from "../src/facts";
import { quoteOf, waitText } from "../src/wait";
import type { Wait } from "../src/wire";
import { AT, HOUSE } from "./house";

const TABLES = factsOf({ seq: 1, epoch: "e", floor: HOUSE, guests: new Map() });

function wait(from_minutes: number, to_minutes: number, parties_ahead: number): Wait {
  return { answer: "table", quote: { from_minutes, to_minutes }, parties_ahead, table_id: 12, frees_at: AT, stays: 20 };
}

test("a wait is quoted as a range, with who comes before and which table is first", () => {
  expect(waitText(wait(25, 35, 4), TABLES)).toBe("Quote 25–35 min, 4 parties ahead, table 12 first");
  expect(waitText(wait(30, 30, 0), TABLES)).toBe("Quote 30 min, nobody ahead, table 12 first");
  expect(waitText(wait(0, 0, 1), TABLES)).toBe("No wait: table 12 is free");
  expect(quoteOf(wait(25, 35, 4))).toEqual({ from: 25, to: 35 });
});

test("nothing is quoted for no wait, for one in vain, and for one that nobody can tell", () => {
  const vain: Wait[] = [{ answer: "too_large", seats_max: 8 }, { answer: "too_large" }, { answer: "out_of_service" }];
  expect(vain.map((it) => waitText(it, TABLES))).toEqual([
    "No single table has more than 8 seats",
    "No table is in use",
    "No table that large is in service",
  ]);
  for (const it of [...vain, wait(0, 0, 0), null]) expect(quoteOf(it)).toEqual({ from: null, to: null });
});
