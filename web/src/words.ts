/** What the screen calls things. */

import type { By, Feature, Party, PartyState, Role, SettableState, SignInEntry, Source, Stage, TableState } from "./wire";

type StateName = TableState["state"];

export const STATE_WORDS: Record<StateName, string> = {
  available: "Available",
  reserved: "Reserved",
  occupied: "Occupied",
  dirty: "Dirty",
  blocked: "Blocked",
  maintenance: "Maintenance",
};

/** In the order of the legend. */
export const STATES: readonly StateName[] = [
  "available",
  "reserved",
  "occupied",
  "dirty",
  "blocked",
  "maintenance",
];

/** What staff do to bring a table into a state. */
export const STATE_ACTIONS: Record<SettableState, string> = {
  available: "Set available",
  reserved: "Reserve",
  dirty: "Mark dirty",
  blocked: "Block",
  maintenance: "Maintenance",
};

export const STAGES: readonly Stage[] = ["seated", "ordered", "served", "bill_dropped", "paid"];

export const STAGE_WORDS: Record<Stage, string> = {
  seated: "Seated",
  ordered: "Ordered",
  served: "Served",
  bill_dropped: "Bill dropped",
  paid: "Paid",
};

/** For places with little room. */
export const SHORT_STAGE_WORDS: Record<Stage, string> = { ...STAGE_WORDS, bill_dropped: "Bill" };

export const PARTY_WORDS: Record<PartyState, string> = {
  waiting: "Waiting",
  notified: "Notified",
  arrived: "Arrived",
  running_late: "Late",
  seated: "Seated",
  finished: "Left",
  cancelled: "Cancelled",
  no_show: "No-show",
};

/** A party's last step, behind its name: `Ada arrived`. */
export function stepText({ state }: Party): string {
  return PARTY_WORDS[state].toLowerCase();
}

export const SOURCE_WORDS: Record<Source, string> = {
  walk_in: "walk-in",
  reservation: "reservation",
  phone: "phone",
  online: "online",
};

export const FEATURE_WORDS: Record<Feature, string> = {
  window: "window",
  wheelchair: "wheelchair",
  power: "power socket",
  high_chair: "high chair",
  private: "private",
  outdoor: "outdoors",
};

/** From most rights to least. */
export const ROLES: readonly Role[] = ["admin", "manager", "host", "waiter", "cashier", "kitchen", "analyst"];

export const ROLE_WORDS: Record<Role, string> = {
  admin: "Admin",
  manager: "Manager",
  host: "Host",
  waiter: "Waiter",
  cashier: "Cashier",
  kitchen: "Kitchen",
  analyst: "Analyst",
};

export const HOW_WORDS: Record<SignInEntry["how"], string> = {
  password: "Password",
  pin: "PIN",
  minted: "Token",
};

/** `Host, waiter`. */
export function rolesText(roles: readonly Role[]): string {
  const words = ROLES.filter((it) => roles.includes(it)).map((it) => ROLE_WORDS[it]);
  const [first = "No role", ...rest] = words;
  return [first, ...rest.map((it) => it.toLowerCase())].join(", ");
}

/** `3 covers`, `1 cover`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `Party of 3`, for people whose name nobody knows. */
export function partyOf(covers: number): string {
  return covers === 1 ? "Party of one" : `Party of ${covers}`;
}

/** Who asked for a change, as far as it can be said. */
export function byWhom(by: By, nameOf: (staffId: number) => string | undefined): string {
  const name = by.staff_id == null ? by.key : nameOf(by.staff_id);
  return name ?? by.surface;
}
