/** What events do to plans, sections and tables: `plan.rs`, `section.rs` and `table.rs` of the floor crate. */

import type { EventOf, Floor, Party, Plan, Section, SettableState, Table, TableState } from "../wire";
import { edit, find, put, without } from "./lists";

export function planDrawn(floor: Floor, event: EventOf<"plan_created" | "plan_updated">, at: string): Floor {
  const { plan_id: id, details } = event;
  const plan: Plan = { ...details, id, ...rewritten(find(floor.plans, id), at) };
  const isSucceeded = (it: Plan) => plan.default && it.default;
  const others = floor.plans.map((it) => (isSucceeded(it) ? { ...it, default: false, ...rewritten(it, at) } : it));
  return { ...floor, plans: put(others, plan) };
}

export function planDeleted(floor: Floor, planId: number, at: string): Floor {
  return {
    ...floor,
    plans: without(floor.plans, planId),
    sections: floor.sections.map((it) => (it.plan_id === planId ? { ...it, plan_id: null, ...rewritten(it, at) } : it)),
    tables: floor.tables.map((it) => (it.plan_id === planId ? { ...it, plan_id: null, version: nextVersion(it) } : it)),
  };
}

export function sectionSet(floor: Floor, event: EventOf<"section_created" | "section_updated">, at: string): Floor {
  const { section_id: id, details } = event;
  const section: Section = { ...details, id, ...rewritten(find(floor.sections, id), at) };
  return { ...floor, sections: put(floor.sections, section) };
}

export function sectionDeleted(floor: Floor, sectionId: number): Floor {
  const outside = (it: Table): Table => ({ ...it, section_id: null, version: nextVersion(it) });
  return {
    ...floor,
    sections: without(floor.sections, sectionId),
    tables: floor.tables.map((it) => (it.section_id === sectionId ? outside(it) : it)),
  };
}

export function tableCreated(floor: Floor, event: EventOf<"table_created">, at: string): Floor {
  const table: Table = {
    ...event.details,
    id: event.table_id,
    waiter_id: null,
    state: "available",
    state_since: at,
    alias: event.alias ?? undefined,
    version: event.version ?? 1,
    last_occupied_at: event.past?.last_occupied_at ?? undefined,
    last_dirty_at: event.past?.last_dirty_at ?? undefined,
    created_at: event.past?.created_at ?? at,
    updated_at: at,
  };
  return { ...floor, tables: put(floor.tables, table) };
}

/** A table's details take the place of those before, also of what they leave out: `extra`, when it was cleared. */
export function tableUpdated(floor: Floor, { table_id, details }: EventOf<"table_updated">): Floor {
  const updated = (it: Table): Table => ({ ...it, extra: undefined, ...details, version: nextVersion(it) });
  return { ...floor, tables: edit(floor.tables, table_id, updated) };
}

export function tableDeleted(floor: Floor, tableId: number): Floor {
  return {
    ...floor,
    tables: without(floor.tables, tableId),
    closed_turns: floor.closed_turns.filter((it) => !it.table_ids.includes(tableId)),
    parties: floor.parties.map((it) => withoutTable(it, tableId)),
  };
}

/** A party once a table is gone: neither there, nor to be put back there. */
function withoutTable(party: Party, tableId: number): Party {
  const { before } = party;
  const isNamed = before?.table_id === tableId || before?.tables?.some((it) => it.table_id === tableId);
  const gone = party.table_id === tableId ? { ...party, table_id: null } : party;
  return isNamed ? { ...gone, before: undefined } : gone;
}

/** Gives a table to a waiter or to none, and with it the turn that has it as its first. */
export function waiterSet(floor: Floor, tableId: number, waiterId: number | null): Floor {
  const table = find(floor.tables, tableId);
  if (!table) return floor;
  const given: Table = { ...table, waiter_id: waiterId, version: nextVersion(table) };
  const tables = put(floor.tables, given);
  const waiter_id = waiterOf(floor, given);
  const turns = floor.turns.map((it) => (it.table_ids[0] === tableId ? { ...it, waiter_id } : it));
  return { ...floor, tables, turns };
}

/** Who looks after a table: its own waiter, else its section's; nobody who has left. */
export function waiterOf({ sections, staff }: Floor, table: Table): number | null {
  const ids = [table.waiter_id, find(sections, table.section_id)?.waiter_id];
  return ids.map((id) => find(staff, id)).find((it) => it?.active)?.id ?? null;
}

/** Puts tables into `state`. A table that is in it already keeps its clock. */
export function tablesIn(tables: Table[], tableIds: readonly number[], state: TableState, at: string): Table[] {
  return tables.map((it) => {
    if (!tableIds.includes(it.id) || isSame(it, state)) return it;
    return { ...stateless(it), ...state, ...stamp(state, at) };
  });
}

/** The stored state for a word that staff can say, and the party it names. */
export function settable(state: SettableState, partyId: number | null): TableState {
  return state === "reserved" ? { state, party_id: partyId } : { state };
}

/** The state that a table is in, without the table. */
export function stateOf(table: Table): TableState {
  switch (table.state) {
    case "occupied":
      return { state: table.state, turn_id: table.turn_id };
    case "reserved":
      return { state: table.state, party_id: table.party_id };
    default:
      return { state: table.state };
  }
}

/** The times that a table gets as it comes into a state. */
function stamp({ state }: TableState, at: string): Pick<Table, "state_since" | "last_occupied_at" | "last_dirty_at"> {
  switch (state) {
    case "occupied":
      return { state_since: at, last_occupied_at: at };
    case "dirty":
      return { state_since: at, last_dirty_at: at };
    case "available":
    case "reserved":
    case "blocked":
    case "maintenance":
      return { state_since: at };
  }
}

function isSame(a: TableState, b: TableState): boolean {
  if (a.state === "occupied" && b.state === "occupied") return a.turn_id === b.turn_id;
  if (a.state === "reserved" && b.state === "reserved") return (a.party_id ?? null) === (b.party_id ?? null);
  return a.state === b.state;
}

function stateless(table: Table) {
  switch (table.state) {
    case "occupied": {
      const { state, turn_id, ...rest } = table;
      return rest;
    }
    case "reserved": {
      const { state, party_id, ...rest } = table;
      return rest;
    }
    default: {
      const { state, ...rest } = table;
      return rest;
    }
  }
}

/** What is kept about a plan's or a section's writing, after it was written once more or for the first time. */
function rewritten(before: Plan | Section | undefined, at: string) {
  return { version: nextVersion(before), created_at: before?.created_at ?? at, updated_at: at };
}

function nextVersion(before: { readonly version?: number } | undefined): number {
  return (before?.version ?? 0) + 1;
}
