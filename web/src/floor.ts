/**
 * The floor as this page knows it: a fold of the server's frames. Pure.
 *
 * `apply` mirrors `Floor::apply` of the floor crate, event for event: both replay the same golden files,
 * and every heartbeat's digest compares the two.
 */

import { callRaised, callResolved, memberJoined } from "./fold/calls";
import { put } from "./fold/lists";
import { partiesGone, partyAdded, partyIn, partyUpdated, timesNoted } from "./fold/parties";
import {
  planDeleted,
  planDrawn,
  sectionDeleted,
  sectionSet,
  settable,
  tableCreated,
  tableDeleted,
  tablesIn,
  tableUpdated,
  waiterSet,
} from "./fold/tables";
import { stamped, touched } from "./fold/touched";
import {
  coversChanged,
  partyJoined,
  partySeated,
  turnClosed,
  turnMoved,
  turnOpened,
  turnRestored,
  turnTouched,
} from "./fold/turns";
import { cannotUndo, stepUndone } from "./fold/undo";
import type { Event, Floor, FrameOf, Guest, ToScreen } from "./wire";

/** A floor at its place in the journal, with the guest book of now. */
export type Live = {
  readonly seq: number;
  readonly epoch: string;
  readonly floor: Floor;
  readonly guests: ReadonlyMap<number, Guest>;
};

/** Takes one frame in. Answers the floor after it, or "gap" when something was missed. */
export function hear(live: Live | null, frame: ToScreen): Live | null | "gap" {
  switch (frame.type) {
    case "snapshot": {
      const { seq, epoch, floor, guests } = frame;
      return { seq, epoch, floor, guests: written(new Map(), guests) };
    }
    case "resumed":
      return live && live.epoch === frame.epoch && live.seq === frame.seq ? live : "gap";
    case "change": {
      if (!live) return "gap";
      if (frame.seq <= live.seq) return live; // Heard it already.
      if (frame.seq !== live.seq + 1) return "gap"; // The caller asks the server for the rest.
      const floor = frame.events.reduce((so, event) => apply(so, event, frame.at), live.floor);
      return { ...live, seq: frame.seq, floor, guests: bookAfter(live.guests, frame) };
    }
    case "heartbeat":
      return live && frame.seq > live.seq ? "gap" : live;
    case "reset": // The snapshot that follows takes the floor's place; until then the old one is shown.
    case "result":
    case "refused":
    case "pong":
      return live;
    default:
      return unheard(frame);
  }
}

function written(book: Live["guests"], entries: readonly Guest[] = []): Live["guests"] {
  if (entries.length === 0) return book;
  return new Map([...book, ...entries.map((it) => [it.guest_id, it] as const)]);
}

/** The guest book after a change. An erased guest is forgotten here as well, whatever else the frame says. */
function bookAfter(book: Live["guests"], { events, guests }: FrameOf<"change">): Live["guests"] {
  const erased = events.flatMap((it) => (it.event === "guest_erased" ? [it.guest_id] : []));
  const after = written(book, guests);
  return erased.length === 0 ? after : new Map([...after].filter(([id]) => !erased.includes(id)));
}

/** Takes in what happened `at` that time. */
export function apply(floor: Floor, event: Event, at: string): Floor {
  return stamped(effect(floor, event, at), touched(floor, event), at);
}

function effect(floor: Floor, event: Event, at: string): Floor {
  switch (event.event) {
    case "restaurant_opened":
    case "settings_changed":
      return { ...floor, settings: event.settings, opened_at: floor.opened_at ?? at, settings_at: at };
    case "staff_added":
    case "staff_updated":
      return { ...floor, staff: put(floor.staff, { ...event.details, id: event.staff_id }) };
    case "plan_created":
    case "plan_updated":
      return planDrawn(floor, event, at);
    case "plan_deleted":
      return planDeleted(floor, event.plan_id, at);
    case "section_created":
    case "section_updated":
      return sectionSet(floor, event, at);
    case "section_deleted":
      return sectionDeleted(floor, event.section_id);
    case "table_created":
      return tableCreated(floor, event, at);
    case "table_updated":
      return tableUpdated(floor, event);
    case "table_deleted":
      return tableDeleted(floor, event.table_id);
    case "table_state_set": {
      const state = settable(event.state, event.party_id ?? null);
      return { ...floor, tables: tablesIn(floor.tables, [event.table_id], state, at) };
    }
    case "waiter_assigned":
      return waiterSet(floor, event.table_id, event.waiter_id);
    case "waiter_unassigned":
      return waiterSet(floor, event.table_id, null);
    case "party_added":
      return partyAdded(floor, event, at);
    case "party_updated":
      return partyUpdated(floor, event);
    case "guest_changed": // The guest book is no part of the floor; but somebody had a look at the party.
      return cannotUndo(floor, event.party_id);
    case "guest_erased":
    case "batch_completed":
      return floor;
    case "party_notified":
      return partyIn(floor, event.party_id, { state: "notified" }, at);
    case "party_arrived":
      return partyIn(floor, event.party_id, { state: "arrived" }, at);
    case "party_late":
      return partyIn(floor, event.party_id, { state: "running_late" }, at);
    case "party_cancelled":
      return partyIn(floor, event.party_id, { state: "cancelled" }, at);
    case "party_no_show":
      return partyIn(floor, event.party_id, { state: "no_show" }, at);
    case "party_state_set":
      return partyIn(floor, event.party_id, event, at);
    case "times_noted":
      return timesNoted(floor, event, at);
    case "step_undone":
      return stepUndone(floor, event, at);
    case "party_removed":
      return partiesGone(floor, [event.party_id]);
    case "parties_archived":
      return partiesGone(floor, event.party_ids);
    case "party_seated":
      return partySeated(floor, event, at);
    case "turn_opened":
      return turnOpened(floor, event, at);
    case "party_joined":
      return partyJoined(floor, event, at);
    case "covers_changed":
      return coversChanged(floor, event, at);
    case "stage_advanced":
      return turnTouched(floor, event.turn_id, at, event.stage);
    case "turn_touched":
      return turnTouched(floor, event.turn_id, at);
    case "member_joined":
      return memberJoined(floor, event, at);
    case "call_raised":
      return callRaised(floor, event, at);
    case "call_resolved":
      return callResolved(floor, event.call_id, at);
    case "turn_moved":
      return turnMoved(floor, event, at);
    case "turn_closed":
      return turnClosed(floor, event, at);
    case "turn_restored":
      return turnRestored(floor, event.turn_id, at);
    default:
      return unheard(event);
  }
}

/** Something that this page was built before. The server's next snapshot has what came of it. */
export class Unheard extends Error {}

/** Out of reach while page and server are of one build: the compiler says which case is missing. */
function unheard(it: never): never {
  throw new Unheard(`nobody told this page about ${JSON.stringify(it)}`);
}
