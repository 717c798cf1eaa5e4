/** What is written into a party's form, and the command that comes of it. Pure. */

import type { Waiting } from "./facts";
import type { Command, Source } from "./wire";

/** Number fields are null while they are empty. */
export type Entries = {
  name: string;
  covers: number;
  source: Source;
  phone: string;
  from: number | null | undefined;
  to: number | null | undefined;
  notes: string;
};

/** Fields that the server may find fault with and the form shows. */
export const FORM_FIELDS = ["name", "covers", "source", "phone", "notes", "quote", "quote.from_minutes", "quote.to_minutes"];

const NOTHING: Entries = { name: "", covers: 2, source: "walk_in", phone: "", from: null, to: null, notes: "" };

export function entriesOf(waiting: Waiting | null): Entries {
  if (!waiting) return { ...NOTHING };
  const { party, guest } = waiting;
  return {
    name: guest?.name ?? "",
    covers: party.covers,
    source: party.source,
    phone: guest?.phone ?? "",
    from: party.quote?.from_minutes ?? null,
    to: party.quote?.to_minutes ?? null,
    notes: guest?.notes ?? "",
  };
}

/** Adds a party, or writes down what is known of one now. */
export function commandOf(entries: Entries, partyId: number | null): Command {
  const { covers, source } = entries;
  const known = {
    covers,
    quote: quoteOf(entries),
    name: textOf(entries.name),
    phone: textOf(entries.phone),
    notes: textOf(entries.notes),
  };
  if (partyId === null) return { command: "add_party", source, ...known };
  return { command: "update_party", party_id: partyId, ...known };
}

/** One figure alone is both ends of the wait. */
function quoteOf({ from, to }: Entries) {
  const from_minutes = from ?? to;
  const to_minutes = to ?? from;
  return from_minutes == null || to_minutes == null ? null : { from_minutes, to_minutes };
}

function textOf(entry: string): string | null {
  return entry.trim() || null;
}
