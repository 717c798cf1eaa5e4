/** What tables are chosen for: which ones may be, what stands against it, and the command that comes of it. Pure. */

import type { TableFacts } from "./facts";
import type { Command } from "./wire";
import { STATE_WORDS } from "./words";

export type Purpose =
  | { act: "seat"; partyId: number; title: string; covers: number }
  | { act: "reserve"; partyId: number; title: string; covers: number }
  | { act: "walk_in"; covers: number }
  | { act: "move"; turnId: number; from: string; covers: number };

/** Whether the floor would hear of this table at all. Those that need an "anyway" can be chosen too. */
export function isChoosable(purpose: Purpose, { table, turn }: TableFacts): boolean {
  switch (purpose.act) {
    case "seat":
    case "walk_in":
      return table.state !== "occupied";
    case "move":
      return table.state !== "occupied" || turn?.id === purpose.turnId;
    case "reserve":
      return table.state !== "occupied" && (table.state !== "reserved" || table.party_id == null);
  }
}

/** What stands against the choice, and gives way only if somebody insists. */
export function hurdlesOf(purpose: Purpose, chosen: readonly TableFacts[]): string[] {
  if (purpose.act === "reserve" || chosen.length === 0) return [];
  const states = chosen.filter((it) => isInTheWay(purpose, it)).map((it) => stateHurdle(it));
  const stuck = chosen.length > 1 ? chosen.filter((it) => it.table.combinable === false) : [];
  const short = seatsOf(chosen) < purpose.covers ? [`${seatsOf(chosen)} seats for ${purpose.covers}`] : [];
  return [...short, ...states, ...stuck.map((it) => `${it.table.number} cannot be combined`)];
}

function isInTheWay(purpose: Purpose, { table }: TableFacts): boolean {
  switch (table.state) {
    case "available":
    case "occupied": // Of the turn itself: others cannot be chosen.
      return false;
    case "reserved":
      return !(purpose.act === "seat" && table.party_id === purpose.partyId);
    case "dirty":
    case "blocked":
    case "maintenance":
      return true;
  }
}

function stateHurdle({ table, name }: TableFacts): string {
  const kept = table.state === "reserved" && name !== undefined ? ` for ${name}` : "";
  return `${table.number} is ${STATE_WORDS[table.state].toLowerCase()}${kept}`;
}

export function seatsOf(chosen: readonly TableFacts[]): number {
  return chosen.reduce((sum, it) => sum + it.table.seats.max, 0);
}

/** `table 3`, `tables 3 + 5`. */
export function tablesText(chosen: readonly TableFacts[]): string {
  const numbers = chosen.map((it) => it.table.number).join(" + ");
  return chosen.length === 1 ? `table ${numbers}` : `tables ${numbers}`;
}

/** What is about to be done, for a heading. */
export function purposeText(purpose: Purpose): string {
  switch (purpose.act) {
    case "seat":
      return `Seat ${purpose.title}`;
    case "reserve":
      return `Reserve for ${purpose.title}`;
    case "walk_in":
      return "Seat a walk-in";
    case "move":
      return `Move ${purpose.from}`;
  }
}

export function commandFor(purpose: Purpose, table_ids: number[], isInsisting: boolean): Command {
  const force = isInsisting ? { force: true } : {};
  switch (purpose.act) {
    case "seat":
      return { command: "seat_party", party_id: purpose.partyId, table_ids, ...force };
    case "walk_in":
      return { command: "seat_walk_in", covers: purpose.covers, table_ids, ...force };
    case "move":
      return { command: "move_turn", turn_id: purpose.turnId, table_ids, ...force };
    case "reserve":
      return batch(table_ids.map((table_id) => reserve(table_id, purpose.partyId)));
  }
}

function reserve(table_id: number, party_id: number): Command {
  return { command: "set_table_state", table_id, state: "reserved", party_id };
}

function batch(commands: Command[]): Command {
  const [only, ...more] = commands;
  return only && more.length === 0 ? only : { command: "batch", commands };
}
