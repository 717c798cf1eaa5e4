/** A wait in words, for whoever quotes it. Pure. */

import type { TableFacts } from "./facts";
import type { Wait } from "./wire";
import { counted } from "./words";

export function waitText(wait: Wait, tables: readonly TableFacts[]): string {
  switch (wait.answer) {
    case "table": {
      const number = tables.find((it) => it.table.id === wait.table_id)?.table.number ?? "?";
      if (wait.quote.to_minutes === 0) return `No wait: table ${number} is free`;
      const ahead = wait.parties_ahead === 0 ? "nobody" : counted(wait.parties_ahead, "party", "parties");
      return `Quote ${minutesText(wait.quote)} min, ${ahead} ahead, table ${number} first`;
    }
    case "too_large":
      return wait.seats_max == null ? "No table is in use" : `No single table has more than ${counted(wait.seats_max, "seat")}`;
    case "out_of_service":
      return "No table that large is in service";
  }
}

/** What a wait comes to as a quote: nothing when there is none, or when it cannot be told. */
export function quoteOf(wait: Wait | null): { from: number | null; to: number | null } {
  if (wait?.answer !== "table" || wait.quote.to_minutes === 0) return { from: null, to: null };
  return { from: wait.quote.from_minutes, to: wait.quote.to_minutes };
}

function minutesText({ from_minutes: from, to_minutes: to }: { from_minutes: number; to_minutes: number }): string {
  return from === to ? `${to}` : `${from}–${to}`;
}
