import { expect, test } from "vitest";
import { isToldAnew } from "../src/self";
import type { Event, Role } from "../src/wire";
import { after, HOUSE, party } from "./house";

function staff(event: "staff_added" | "staff_updated", staff_id: number, roles: Role[]): Event {
  return { event, staff_id, details: { name: `staff ${staff_id}`, roles, active: true } };
}

const STAFFED = after(HOUSE, [staff("staff_added", 4, ["waiter"]), staff("staff_added", 7, ["kitchen"])]);

test("a new role of one's own is news, somebody else's is not", () => {
  const changed = after(STAFFED, [staff("staff_updated", 4, ["kitchen"])]);
  expect(isToldAnew(4, STAFFED, changed)).toBe(true);
  expect(isToldAnew(7, STAFFED, changed)).toBe(false);
  expect(isToldAnew(null, STAFFED, changed)).toBe(false);
});

test("what happens on the floor, and what is said again, is no news about anybody", () => {
  expect(isToldAnew(4, STAFFED, after(STAFFED, [party(1)]))).toBe(false);
  expect(isToldAnew(4, STAFFED, after(STAFFED, [staff("staff_updated", 4, ["waiter"])]))).toBe(false);
});
