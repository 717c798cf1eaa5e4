/** What the floor says of whoever looks at it. Pure. */

import type { Floor } from "./wire";

/** Whether `after` says something new about this person: their sign-in may allow more or less than before. */
export function isToldAnew(staffId: number | null, before: Floor, after: Floor): boolean {
  return before.staff !== after.staff && saying(staffId, before) !== saying(staffId, after);
}

function saying(staffId: number | null, floor: Floor): string {
  const member = floor.staff.find((it) => it.id === staffId);
  return member ? JSON.stringify([member.name, member.roles, member.active]) : "";
}
