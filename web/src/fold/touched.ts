/** Whom an event is about: `touched.rs` of the floor crate. Those parties and tables get its time. */

import type { Event, Floor, Party, Table } from "../wire";
import { find } from "./lists";

/** Ids of the parties and tables that an event changes. */
export type Touched = { readonly parties: readonly number[]; readonly tables: readonly number[] };

const NOTHING: Touched = { parties: [], tables: [] };

/** What `event` is about to change. A turn that only goes on is neither a party nor a table. */
export function touched(floor: Floor, event: Event): Touched {
  switch (event.event) {
    case "table_created":
    case "table_updated":
    case "table_state_set":
    case "waiter_assigned":
    case "waiter_unassigned":
      return { parties: [], tables: [event.table_id] };
    case "table_deleted":
      return { parties: partiesOf(floor, (it) => it.table_id === event.table_id), tables: [event.table_id] };
    case "section_updated":
    case "section_deleted":
      return { parties: [], tables: tablesOf(floor, (it) => it.section_id === event.section_id) };
    case "plan_updated":
    case "plan_deleted":
      return { parties: [], tables: tablesOf(floor, (it) => it.plan_id === event.plan_id) };
    case "party_added":
    case "party_updated":
    case "guest_changed":
    case "party_notified":
    case "party_arrived":
    case "party_late":
    case "party_cancelled":
    case "party_no_show":
    case "party_state_set":
    case "times_noted":
    case "party_removed":
      return { parties: [event.party_id], tables: [] };
    case "guest_erased":
      return { parties: partiesOf(floor, (it) => it.guest_id === event.guest_id), tables: [] };
    case "parties_archived":
      return { parties: event.party_ids, tables: [] };
    case "party_seated":
      return { parties: [event.party_id], tables: event.table_ids };
    case "turn_opened":
      return { parties: [], tables: event.table_ids };
    case "party_joined":
      return both({ parties: [event.party_id], tables: [] }, turnOf(floor, event.turn_id));
    case "covers_changed":
      return { parties: listed(find(floor.turns, event.turn_id)?.party_id), tables: [] };
    case "turn_moved":
      return both(turnOf(floor, event.turn_id), { parties: [], tables: event.to_table_ids });
    case "turn_closed":
    case "turn_restored":
      return turnOf(floor, event.turn_id);
    case "step_undone": {
      const putBack = { parties: [event.party_id], tables: event.tables.map((it) => it.table_id) };
      return both(turnOf(floor, event.turn_id), putBack);
    }
    case "restaurant_opened":
    case "settings_changed":
    case "staff_added":
    case "staff_updated":
    case "plan_created":
    case "section_created":
    case "stage_advanced":
    case "turn_touched":
    case "member_joined":
    case "call_raised":
    case "call_resolved":
    case "batch_completed":
      return NOTHING;
  }
}

/** Writes the time of an event upon those that it was about and that are (still) here. */
export function stamped(floor: Floor, { parties, tables }: Touched, at: string): Floor {
  if (parties.length === 0 && tables.length === 0) return floor;
  return {
    ...floor,
    parties: floor.parties.map((it) => (parties.includes(it.id) ? { ...it, updated_at: at } : it)),
    tables: floor.tables.map((it) => (tables.includes(it.id) ? { ...it, updated_at: at } : it)),
  };
}

function turnOf(floor: Floor, turnId: number | null | undefined): Touched {
  const turn = find(floor.turns, turnId) ?? find(floor.closed_turns, turnId);
  return turn ? { parties: listed(turn.party_id), tables: turn.table_ids } : NOTHING;
}

function partiesOf(floor: Floor, among: (it: Party) => boolean): number[] {
  return floor.parties.filter(among).map((it) => it.id);
}

function tablesOf(floor: Floor, among: (it: Table) => boolean): number[] {
  return floor.tables.filter(among).map((it) => it.id);
}

function both(a: Touched, b: Touched): Touched {
  return { parties: [...a.parties, ...b.parties], tables: [...a.tables, ...b.tables] };
}

function listed(id: number | null | undefined): number[] {
  return id == null ? [] : [id];
}
