/** A refusal in the words of the house: parties by their name, and which tables are free. Pure. */

import type { TableFacts } from "./facts";
import type { ErrorBody } from "./wire";
import { counted } from "./words";

/** The contract types facts as an empty object: which ones come depends on the code. */
type Refused = Pick<ErrorBody, "code" | "message"> & { facts: unknown };

export function refusalText(refused: Refused, tables: readonly TableFacts[]): string {
  const at = tables.find((it) => it.table.id === valueIn(refused.facts, "table_id"));
  const free = freeNumbers(refused.facts, tables);
  const hint = free.length === 0 ? "" : ` Free: ${free.join(", ")}.`;
  return `${saying(refused, at)}.${hint}`;
}

/** Events and refusals know parties by their ids only; the guest book has their names. */
function saying({ code, message, facts }: Refused, at: TableFacts | undefined): string {
  if (code === "nothing_to_undo") return "Somebody has gone on from there: it cannot be taken back any more";
  if (code === "stale") return `Somebody has changed ${at ? `table ${at.table.number}` : "it"} since: look again`;
  if (code === "section_in_use") return `The section still has ${inUse(facts)}, which must go to another one first`;
  if (!at?.name) return capital(message);
  if (code === "table_taken") return `Table ${at.table.number} is taken by ${at.name}`;
  if (code === "table_reserved") return `Table ${at.table.number} is reserved for ${at.name}`;
  return capital(message);
}

function inUse(facts: unknown): string {
  const n = valueIn(facts, "tables");
  return typeof n === "number" ? `${counted(n, "table")} in use` : "tables in use";
}

function freeNumbers(facts: unknown, tables: readonly TableFacts[]): string[] {
  const ids = valueIn(facts, "free_table_ids");
  if (!Array.isArray(ids)) return [];
  return ids.flatMap((id) => tables.find((it) => it.table.id === id)?.table.number ?? []);
}

/** What is wrong with one field, without its name: the text stands at the field. */
export function fieldText({ message, field }: Pick<ErrorBody, "message" | "field">): string {
  const text = field && message.startsWith(field) ? message.slice(field.length).replace(/^:?\s*/, "") : message;
  return `${capital(text.replace(/quote\.(from|to)_minutes/, "the other figure"))}.`;
}

function valueIn(facts: unknown, name: string): unknown {
  if (typeof facts !== "object" || facts === null) return undefined;
  return Object.entries(facts).find(([key]) => key === name)?.[1];
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
