/** Tables being chosen by tapping them, one after the other. */

import { isChoosable, type Purpose } from "./seating";
import type { TableFacts } from "./facts";

/** How a table stands to the choice under way. */
export type Mark = "chosen" | "open" | "out";

const TABLES_MAX = 12;

export class TableChoice {
  purpose = $state.raw<Purpose | null>(null);
  tableIds = $state.raw<readonly number[]>([]);

  start(purpose: Purpose, tableIds: readonly number[] = []): void {
    this.purpose = purpose;
    this.tableIds = tableIds;
  }

  end(): void {
    this.purpose = null;
    this.tableIds = [];
  }

  /** Takes a table in, or leaves it out again. */
  toggle(facts: TableFacts): void {
    const { id } = facts.table;
    if (this.tableIds.includes(id)) this.tableIds = this.tableIds.filter((it) => it !== id);
    else if (this.mark(facts) === "open" && this.tableIds.length < TABLES_MAX) this.tableIds = [...this.tableIds, id];
  }

  /** Null while nothing is being chosen. A table that was taken meanwhile is out. */
  mark(facts: TableFacts): Mark | null {
    if (!this.purpose) return null;
    if (!isChoosable(this.purpose, facts)) return "out";
    return this.tableIds.includes(facts.table.id) ? "chosen" : "open";
  }
}
