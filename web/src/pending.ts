/** Commands on their way: sent, and neither answered nor seen on the floor yet. Pure. */

import type { Command, FrameOf } from "./wire";

/** What came of asking. */
export type Outcome = { is: "accepted" } | { is: "refused"; refusal: FrameOf<"refused"> } | { is: "unanswered" };

export type Pending = {
  id: string;
  /** Names the command for ever, so that sending it twice makes it happen once. */
  key: string;
  command: Command;
  /** What it is, in words: "Seat Ada". */
  label: string;
  /** Tables that show it. */
  tableIds: readonly number[];
  sentAt: number;
  /** Where it landed in the journal, once accepted. It is over when the floor has come that far. */
  seq: number | null;
  /** Input that the asker shows faults of by itself. */
  ownFields: readonly string[];
  settle: (outcome: Outcome) => void;
};

/** Past it, nobody can say whether the command happened: the floor shows it. */
export const UNANSWERED_MS = 30_000;

/** What is still on its way when the floor stands at `seq`. */
export function underWay(all: readonly Pending[], seq: number): readonly Pending[] {
  return all.filter((it) => it.seq === null || it.seq > seq);
}

/** Whether the asker shows a fault of `field` by itself: `dietary[2]` is one of `dietary`. */
export function isOwnField(field: string, ownFields: readonly string[]): boolean {
  return ownFields.some((it) => field === it || field.startsWith(`${it}[`));
}

/** A key nobody else draws. `crypto.randomUUID` is missing on plain-http addresses of the house's network. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (it) => it.toString(16).padStart(2, "0")).join("");
}
