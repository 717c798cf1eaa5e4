/** The floor crate's golden evening, replayed here: TypeScript and Rust must print the same floor. */

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { digest } from "../src/digest";
import { apply } from "../src/floor";
import type { Event, Floor } from "../src/wire";

type Line = { restaurant_id: number; seq: number; at: string; events: Event[] };

const FOLDER = process.env["MAITRED_GOLDEN"] ?? fileURLToPath(new URL("../../crates/floor/tests/golden", import.meta.url));
const CHANGES = `${FOLDER}/evening.ndjson`;
const isThere = existsSync(CHANGES);

if (!isThere) console.warn(`SKIPPED: no golden evening at ${CHANGES}; the fold is not proved equal to Rust's`);

test.skipIf(!isThere)("the golden evening ends with the floor that Rust prints", () => {
  const floors = replay();
  const expected: Floor = JSON.parse(readFileSync(`${FOLDER}/evening.floor.json`, "utf8"));
  expect(floors.at(-1)).toEqual(expected);
});

test.skipIf(!isThere)("every change of the golden evening has the digest that Rust gives it", () => {
  const expected = lines(`${FOLDER}/evening.digests`).map((it) => it.split(/\s+/).at(-1));
  expect(replay().map(digest)).toEqual(expected);
});

/** The floor after each change. */
function replay(): Floor[] {
  const changes = lines(CHANGES).map((it): Line => JSON.parse(it));
  const floors: Floor[] = [];
  let floor: Floor = nobodys(changes[0]?.restaurant_id ?? 0);
  for (const { events, at } of changes) {
    floor = events.reduce((so, event) => apply(so, event, at), floor);
    floors.push(floor);
  }
  return floors;
}

function lines(path: string): string[] {
  return readFileSync(path, "utf8").split("\n").filter(Boolean);
}

function nobodys(restaurant_id: number): Floor {
  return {
    restaurant_id,
    settings: null,
    opened_at: null,
    settings_at: null,
    staff: [],
    plans: [],
    sections: [],
    tables: [],
    turns: [],
    closed_turns: [],
    parties: [],
  };
}
