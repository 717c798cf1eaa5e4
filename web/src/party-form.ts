/** What is written into a party's form, and the command that comes of it. Pure. */

import type { Waiting } from "./facts";
import type { CommandOf, Source } from "./wire";

/** Number fields are null while they are empty. */
export type Entries = {
  name: string;
  covers: number;
  source: Source;
  phone: string;
  from: number | null | undefined;
  to: number | null | undefined;
  notes: string;
  email: string;
  requests: string;
  /** Separated by commas. */
  dietary: string;
};

/** What the form shows on request only. */
export const MORE_FIELDS = ["email", "requests", "dietary"];

/** Fields that the server may find fault with and the form shows. */
export const FORM_FIELDS = [
  "name",
  "covers",
  "source",
  "phone",
  "notes",
  "quote",
  "quote.from_minutes",
  "quote.to_minutes",
  ...MORE_FIELDS,
];

const NOTHING: Entries = {
  name: "",
  covers: 2,
  source: "walk_in",
  phone: "",
  from: null,
  to: null,
  notes: "",
  email: "",
  requests: "",
  dietary: "",
};

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
    email: guest?.email ?? "",
    requests: guest?.requests ?? "",
    dietary: (guest?.dietary ?? []).join(", "),
  };
}

/** Adds a party. */
export function additionOf(entries: Entries): CommandOf<"add_party"> {
  const { covers, source } = entries;
  return { command: "add_party", source, covers, quote: quoteOf(entries), ...guestOf(entries, NOTHING) };
}

/**
 * Writes down what is known of a party now, as far as it differs from what was in the form at first. The rest stays
 * as it is, whoever has written there since.
 */
export function changeOf(entries: Entries, before: Entries, partyId: number): CommandOf<"update_party"> {
  const change: CommandOf<"update_party"> = { command: "update_party", party_id: partyId };
  if (entries.covers !== before.covers) change.covers = entries.covers;
  if (entries.from !== before.from || entries.to !== before.to) change.quote = quoteOf(entries);
  return { ...change, ...guestOf(entries, before) };
}

const TEXTS = ["name", "phone", "notes", "email", "requests"] as const;

type GuestFields = Pick<CommandOf<"update_party">, (typeof TEXTS)[number] | "dietary">;

/** What goes into the guest book. */
function guestOf(entries: Entries, before: Entries): GuestFields {
  const fields: GuestFields = {};
  for (const field of TEXTS) {
    const text = textOf(entries[field]);
    if (text !== textOf(before[field])) fields[field] = text;
  }
  if (entries.dietary !== before.dietary) fields.dietary = listOf(entries.dietary);
  return fields;
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

function listOf(entry: string): string[] | null {
  const items = entry.split(",").map((it) => it.trim());
  const named = items.filter((it) => it !== "");
  return named.length === 0 ? null : named;
}
