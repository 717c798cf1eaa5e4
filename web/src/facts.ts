/** What is known about each table and party, put together once for every view. Pure. */

import type { Live } from "./floor";
import { find } from "./fold/lists";
import { isExpected } from "./fold/parties";
import { waiterOf } from "./fold/tables";
import { lastClosedTurn } from "./fold/turns";
import type { Guest, Party, PartyState, Plan, Section, StaffMember, Table, Turn } from "./wire";
import { partyOf } from "./words";

/** Everything a view says about a table: the plan and the list show the same. */
export type TableFacts = {
  table: Table;
  plan: Plan | undefined;
  section: Section | undefined;
  waiter: StaffMember | undefined;
  /** While it is occupied. */
  turn: Turn | undefined;
  /** Who sits there, or for whom it is reserved. */
  party: Party | undefined;
  guest: Guest | undefined;
  /** The party's name, if anybody knows it. */
  name: string | undefined;
  /** Where the running clock starts. */
  since: string;
  /** How many of the turn's covers sit at this table, when it has several: they fill up in order. */
  coversHere: number;
  /** Numbers of the other tables of the same turn. */
  together: string[];
};

export function factsOf({ floor, guests }: Live): TableFacts[] {
  const numbers = new Map(floor.tables.map((it) => [it.id, it.number]));
  return floor.tables.filter((it) => it.active !== false).map((table) => {
    const turn = table.state === "occupied" ? find(floor.turns, table.turn_id) : undefined;
    const partyId = table.state === "reserved" ? table.party_id : turn?.party_id;
    const party = find(floor.parties, partyId);
    const guest = party && guests.get(party.guest_id);
    const section = find(floor.sections, table.section_id);
    const waiterId = turn ? turn.waiter_id : waiterOf(floor, table);
    return {
      table,
      plan: find(floor.plans, table.plan_id),
      section,
      waiter: find(floor.staff, waiterId),
      turn,
      party,
      guest,
      name: guest?.name ?? undefined,
      since: turn?.opened_at ?? table.state_since,
      coversHere: turn ? coversAt(turn, table.id, floor.tables) : 0,
      together: (turn?.table_ids ?? []).filter((it) => it !== table.id).map((it) => numbers.get(it) ?? "?"),
    };
  });
}

function coversAt(turn: Turn, tableId: number, tables: readonly Table[]): number {
  const before = turn.table_ids.slice(0, turn.table_ids.indexOf(tableId));
  const taken = before.reduce((sum, id) => sum + (find(tables, id)?.seats.max ?? 0), 0);
  return Math.max(0, turn.covers - taken);
}

/** Tables in the order people count: `2` before `10`, `A1` before `A10`. */
export function byNumber(a: TableFacts, b: TableFacts): number {
  return a.table.number.localeCompare(b.table.number, "en", { numeric: true }) || a.table.id - b.table.id;
}

/** How full the house is. */
export type Occupancy = { seatedCovers: number; occupied: number; active: number; percent: number };

export function occupancyOf(facts: readonly TableFacts[]): Occupancy {
  const turns = new Map(facts.flatMap(({ turn }) => (turn ? [[turn.id, turn.covers] as const] : [])));
  const seatedCovers = [...turns.values()].reduce((sum, it) => sum + it, 0);
  const occupied = facts.filter((it) => it.table.state === "occupied").length;
  const active = facts.length;
  return { seatedCovers, occupied, active, percent: active === 0 ? 0 : Math.round((100 * occupied) / active) };
}

/** A party with its name. */
export type Named = { party: Party; guest: Guest | undefined; title: string };

function named(party: Party, guests: Live["guests"]): Named {
  const guest = guests.get(party.guest_id);
  return { party, guest, title: guest?.name ?? partyOf(party.covers) };
}

/** The party whose last step at a table can be undone: it sat down there, or left it. */
export function undoableAt({ table, turn, party }: TableFacts, { floor, guests }: Live): Named | null {
  if (turn) return party?.before ? named(party, guests) : null;
  const last = lastClosedTurn(floor.closed_turns, table.id);
  const gone = find(floor.parties, last?.party_id);
  return gone?.before && gone.before.turn_id === last?.id ? named(gone, guests) : null;
}

/** A party that may still be seated. */
export type Waiting = Named;

/** The waitlist: who has waited longest comes first. */
export function waitlistOf({ floor, guests }: Live): Waiting[] {
  return floor.parties
    .filter((it) => isExpected(it))
    .map((party) => named(party, guests))
    .sort((a, b) => Date.parse(a.party.added_at) - Date.parse(b.party.added_at) || a.party.id - b.party.id);
}

/** Waiting parties that fit at a table: those at the door first, each group by their time of coming. */
export function fitting(waitlist: readonly Waiting[], table: Table): Waiting[] {
  const nearness: PartyState[] = ["arrived", "notified", "waiting", "running_late"];
  return waitlist
    .filter((it) => it.party.covers <= table.seats.max)
    .sort((a, b) => nearness.indexOf(a.party.state) - nearness.indexOf(b.party.state));
}

/** Tables that are kept for a party. */
export function keptFor(facts: readonly TableFacts[], partyId: number): TableFacts[] {
  return facts.filter(({ table }) => table.state === "reserved" && table.party_id === partyId);
}

/** Free tables for so many, the smallest that fit first. */
export function freeTables(facts: readonly TableFacts[], covers: number): TableFacts[] {
  return facts
    .filter((it) => it.table.state === "available" && it.table.seats.max >= covers)
    .sort((a, b) => a.table.seats.max - b.table.seats.max || byNumber(a, b));
}
