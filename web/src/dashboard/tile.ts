/** What a tile says and offers. Pure. */

import { minutesSince, spokenMinutes } from "../time";
import type { TableState } from "../wire";
import { counted } from "../words";
import type { Table, TableAction } from "./frames";

/** What a tile can look like; a table that is open may be reserved. */
export type Look = Table["status"] | "reserved";

export const LOOKS: readonly Look[] = ["open", "reserved", "occupied", "dirty", "disabled"];

export const LOOK_WORDS: Record<Look, string> = {
  open: "Open",
  reserved: "Reserved",
  occupied: "Occupied",
  dirty: "Dirty",
  disabled: "Disabled",
};

/** The state that has the same colour and pattern on the floor plan. */
export const LOOK_STATES: Record<Look, TableState["state"]> = {
  open: "available",
  reserved: "reserved",
  occupied: "occupied",
  dirty: "dirty",
  disabled: "blocked",
};

export function lookOf({ status, reserved }: Table): Look {
  return status === "open" && reserved ? "reserved" : status;
}

export type Act = "close" | "move" | "enable" | "disable" | "restore";

/** Who moves a table chooses another one; everything else is about this one alone. */
export type PlainAct = Exclude<Act, "move">;

export const ACTIONS: Record<PlainAct, TableAction> = {
  close: "close_table",
  disable: "disable_table",
  enable: "enable_table",
  restore: "restore_table",
};

/** What can be done to a table. One that is reserved is left to the door. */
export function offers(table: Table): readonly Act[] {
  switch (lookOf(table)) {
    case "occupied":
      return ["close", "move"];
    case "open":
      return ["disable", "restore"];
    case "dirty":
      return ["enable", "disable", "restore"];
    case "disabled":
      return ["enable"];
    case "reserved":
      return [];
  }
}

export function actWord(act: Act, { status }: Table): string {
  switch (act) {
    case "close":
      return "Close";
    case "move":
      return "Move";
    case "disable":
      return "Disable";
    case "enable":
      return status === "dirty" ? "Clean, ready" : "Enable";
    case "restore":
      return "Restore";
  }
}

export type Question = { title: string; text: string };

/** What is asked once more before it is done; null for what hurts nobody. */
export function questionBefore(act: PlainAct, { number }: Table): Question | null {
  switch (act) {
    case "close":
      return {
        title: `Close table ${number}?`,
        text: "Its party's turn ends, at every table the party sits at. Restore takes that back.",
      };
    case "disable":
      return { title: `Disable table ${number}?`, text: "Nobody is seated there until it is enabled again." };
    case "enable":
    case "restore":
      return null;
  }
}

/** Whether a party can be moved here. */
export function isTarget(table: Table): boolean {
  return lookOf(table) === "open";
}

/** `42 min`, `1h 5m`: since the turn's last activity. */
export function idleText(lastActive: string, now: number): string {
  const minutes = minutesSince(lastActive, now);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

/** Everything a tile shows, in one sentence. */
export function spokenTile(table: Table, n_calls: number, now: number): string {
  const { number, session } = table;
  const parts = [
    `Table ${number}`,
    LOOK_WORDS[lookOf(table)].toLowerCase(),
    session && `idle for ${spokenMinutes(minutesSince(session.last_active, now))}`,
    n_calls > 0 && counted(n_calls, "request"),
  ];
  return parts.filter(Boolean).join(", ");
}

/** A finger that is on its way does not stop for buttons that become others under it. */
export const SETTLING_MS = 600;

/**
 * Whether a click is meant for the button that it hits. `detail` counts the clicks of a finger or a mouse on one place,
 * the second of which was meant for what was there before; with the keyboard, which has the focus moved along, it is 0.
 */
export function isMeant(detail: number, changedAt: number, now: number): boolean {
  if (detail === 0) return true;
  return detail === 1 && now - changedAt >= SETTLING_MS;
}
