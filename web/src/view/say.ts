/** How a table is put into words, short on the plan and in full for a screen reader. Pure. */

import type { TableFacts } from "../facts";
import { spokenMinutes } from "../time";
import { counted, SHORT_STAGE_WORDS, STAGE_WORDS, STATE_WORDS } from "../words";

/** The two lines below a table on the plan, of so many letters at most: a long name is cut. */
export function planWords(facts: TableFacts, letters: number): { state: string; who: string } {
  const { table, turn, name } = facts;
  const state = STATE_WORDS[table.state];
  const called = name === undefined ? "" : ` · ${name}`;
  const who = (size: string) => shortened(`${size}${called}`, letters);
  if (turn) return { state: `${state} · ${SHORT_STAGE_WORDS[turn.stage]}`, who: who(coversText(facts)) };
  if (table.state === "reserved" && facts.party) return { state, who: who(`for ${facts.party.covers}`) };
  return { state, who: coversText(facts) };
}

/** `3 of 4`, or for pushed-together tables `9 of 14`, or `seats 4`. */
export function coversText({ table, turn, together }: TableFacts): string {
  if (!turn) return `seats ${table.seats.max}`;
  if (together.length > 0) return `${turn.covers} with ${together.join(", ")}`;
  return `${turn.covers} of ${table.seats.max}`;
}

/** Everything the plan shows of a table, in one sentence. */
export function spoken(facts: TableFacts, minutes: number): string {
  const { table, turn, party, name, together } = facts;
  const parts = [
    `Table ${table.number}`,
    STATE_WORDS[table.state].toLowerCase(),
    turn && STAGE_WORDS[turn.stage].toLowerCase(),
    turn ? `${counted(turn.covers, "cover")} of ${table.seats.max}` : counted(table.seats.max, "seat"),
    together.length > 0 && `together with ${together.join(" and ")}`,
    name ?? (party && "name unknown"),
    spokenMinutes(minutes),
  ];
  return parts.filter(Boolean).join(", ");
}

function shortened(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, letters - 1).trimEnd()}…`;
}
