/** A small house for tests: two tables, nobody in it yet. */

import type { Event, EventOf, Floor } from "../src/wire";
import { apply } from "../src/floor";

export const AT = "2026-11-20T19:00:00Z";

const SETTINGS = {
  name: "Harbour House",
  time_zone: "America/New_York",
  locale: "en",
  currency: "USD",
  day_starts_hour: 4,
  clean_after_close: false,
};

const EMPTY: Floor = {
  restaurant_id: 1,
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

export const OPENING: Event[] = [
  { event: "restaurant_opened", settings: SETTINGS },
  table(12, "12", 4),
  table(3, "3", 2),
];

export const HOUSE: Floor = after(EMPTY, OPENING);

export function after(floor: Floor, events: readonly Event[], at = AT): Floor {
  return events.reduce((so, event) => apply(so, event, at), floor);
}

type Details<Name extends "table_created" | "section_created"> = EventOf<Name>["details"];

export function table(
  table_id: number,
  number: string,
  max: number,
  others: Partial<Details<"table_created">> = {},
): EventOf<"table_created"> {
  const details = {
    number,
    seats: { min: 1, max },
    shape: "round" as const,
    x: 100,
    y: 100.5,
    width: 60,
    height: 60,
    rotation: 0,
    plan_id: null,
    section_id: null,
    features: [],
    combinable: true,
    active: true,
    notes: null,
    ...others,
  };
  return { event: "table_created", table_id, details };
}

export function plan(plan_id: number, isDefault: boolean): EventOf<"plan_created"> {
  const size = { width: 800, height: 600, grid: null, background: null };
  const details = { name: `Plan ${plan_id}`, default: isDefault, active: true, display_order: 0, ...size };
  return { event: "plan_created", plan_id, details };
}

export function section(
  section_id: number,
  others: Partial<Details<"section_created">> = {},
): EventOf<"section_created"> {
  const details = {
    name: `Section ${section_id}`,
    color: null,
    plan_id: null,
    waiter_id: null,
    vip: false,
    smoking: false,
    capacity: null,
    display_order: 0,
    active: true,
    ...others,
  };
  return { event: "section_created", section_id, details };
}

export function party(party_id: number, covers = 2): Event {
  return { event: "party_added", party_id, guest_id: party_id, covers, source: "walk_in", quote: null };
}

export function seated(party_id: number, turn_id: number, table_ids: number[], covers = 2): Event {
  return { event: "party_seated", party_id, turn_id, table_ids, covers, waiter_id: null, code: "7A2C" };
}
