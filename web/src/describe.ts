/** What happened, in a few words for people. Pure. */

import type { Live } from "./floor";
import { find } from "./fold/lists";
import type { Event, PartyState, SettableState } from "./wire";
import { partyOf, STAGE_WORDS } from "./words";

const SETTABLE_WORDS: Record<SettableState, string> = {
  available: "available",
  reserved: "reserved",
  dirty: "to be cleared",
  blocked: "blocked",
  maintenance: "under maintenance",
};

/** What has become of a party, behind its name. */
const BECAME: Record<PartyState, string> = {
  waiting: "is waiting",
  notified: "told to come",
  arrived: "arrived",
  running_late: "is running late",
  seated: "sits down",
  finished: "left",
  cancelled: "cancelled",
  no_show: "did not come",
};

/** One line for a change, or null when nobody needs to hear of it. `live` is the floor after it. */
export function describe(events: readonly Event[], live: Live): string | null {
  const words = new Words(live);
  const isSeating = events.some((it) => it.event === "party_seated");
  const said = events
    .filter((it) => !(isSeating && it.event === "party_added"))
    .map((it) => words.of(it))
    .filter((it) => it !== null);
  if (said.length > 3) return `${said.slice(0, 2).join("; ")}; and ${said.length - 2} more`;
  return said.length === 0 ? null : said.join("; ");
}

class Words {
  constructor(private readonly live: Live) {}

  of(event: Event): string | null {
    switch (event.event) {
      case "restaurant_opened":
        return "Restaurant opened";
      case "settings_changed":
        return "Settings changed";
      case "staff_added":
        return `${event.details.name} joined the staff`;
      case "staff_updated":
        return `${event.details.name} updated`;
      case "plan_created":
      case "plan_updated":
        return `Plan ${event.details.name} drawn`;
      case "plan_deleted":
        return "Plan deleted";
      case "section_created":
      case "section_updated":
        return `Section ${event.details.name} set`;
      case "section_deleted":
        return "Section deleted";
      case "table_created":
        return `Table ${event.details.number} put up`;
      case "table_updated":
        return `Table ${event.details.number} changed`;
      case "table_deleted":
        return "Table taken away";
      case "table_state_set":
        return `${this.#table(event.table_id)} is ${SETTABLE_WORDS[event.state]}`;
      case "waiter_assigned":
        return `${this.#table(event.table_id)} goes to ${this.#staff(event.waiter_id)}`;
      case "waiter_unassigned":
        return `${this.#table(event.table_id)} has no waiter of its own`;
      case "party_added":
        return `${this.#party(event.party_id, event.covers)} joined the waitlist`;
      case "party_updated":
        return `${this.#party(event.party_id)} changed`;
      case "party_notified":
        return `${this.#party(event.party_id)} ${BECAME.notified}`;
      case "party_arrived":
        return `${this.#party(event.party_id)} ${BECAME.arrived}`;
      case "party_late":
        return `${this.#party(event.party_id)} ${BECAME.running_late}`;
      case "party_cancelled":
        return `${this.#party(event.party_id)} ${BECAME.cancelled}`;
      case "party_no_show":
        return `${this.#party(event.party_id)} ${BECAME.no_show}`;
      case "party_state_set":
        return `${this.#party(event.party_id)} ${BECAME[event.shown_as ?? event.state]}`;
      case "step_undone":
        return `${this.#party(event.party_id)}: last step undone`;
      case "party_removed":
        return "A party was taken off the list";
      case "party_seated":
        return `${this.#party(event.party_id, event.covers)} seated at ${this.#tables(event.table_ids)}`;
      case "turn_opened":
        return `Somebody sat down at ${this.#tables(event.table_ids)}`;
      case "party_joined":
        return `${this.#party(event.party_id, event.covers)} sits at ${this.#atTurn(event.turn_id)}`;
      case "covers_changed":
        return `${this.#turn(event.turn_id)} now has ${event.covers}`;
      case "stage_advanced":
        return `${this.#turn(event.turn_id)}: ${STAGE_WORDS[event.stage].toLowerCase()}`;
      case "member_joined":
        return `${event.nickname} joined ${this.#turn(event.turn_id)}`;
      case "call_raised":
        return `${this.#turn(event.turn_id)} ${event.kind === "ask_for_bill" ? "wants the bill" : "calls"}`;
      case "turn_moved":
        return `${this.#tables(event.from_table_ids)} moved to ${this.#tables(event.to_table_ids)}`;
      case "turn_closed":
        return `${this.#turn(event.turn_id)} left`;
      case "turn_restored":
        return `${this.#turn(event.turn_id)} is back`;
      case "guest_erased":
        return "A guest was forgotten";
      case "guest_changed":
      case "times_noted":
      case "turn_touched":
      case "call_resolved":
      case "parties_archived":
      case "batch_completed":
        return null;
    }
  }

  #table(id: number): string {
    return `Table ${find(this.live.floor.tables, id)?.number ?? "?"}`;
  }

  #tables(ids: readonly number[]): string {
    const numbers = ids.map((id) => find(this.live.floor.tables, id)?.number ?? "?");
    return numbers.length === 1 ? `table ${numbers[0]}` : `tables ${numbers.join(" + ")}`;
  }

  #atTurn(id: number): string {
    const turn = find(this.live.floor.turns, id) ?? find(this.live.floor.closed_turns, id);
    return turn ? this.#tables(turn.table_ids) : "a table";
  }

  #turn(id: number): string {
    const text = this.#atTurn(id);
    return text.charAt(0).toUpperCase() + text.slice(1);
  }

  #party(id: number, covers = 0): string {
    const party = find(this.live.floor.parties, id);
    const name = party && this.live.guests.get(party.guest_id)?.name;
    return name ?? partyOf(party?.covers ?? covers);
  }

  #staff(id: number): string {
    return find(this.live.floor.staff, id)?.name ?? "somebody";
  }
}
