/** Which plans there are to look at, and what stands on them. Pure. */

import type { TableFacts } from "../facts";
import type { Plan } from "../wire";

/** Plans in use, in the house's order. */
export function shownPlans(plans: readonly Plan[]): Plan[] {
  return plans
    .filter((it) => it.active !== false)
    .sort((a, b) => (a.display_order ?? 0) - (b.display_order ?? 0) || a.id - b.id);
}

/** The plan that was chosen, else the house's default. */
export function chosenPlan(plans: readonly Plan[], chosen: number | null): Plan | undefined {
  const shown = shownPlans(plans);
  return shown.find((it) => it.id === chosen) ?? shown.find((it) => it.default) ?? shown[0];
}

/** Whether a table stands on this plan; on no plan in particular, every table does. */
export function isShown(facts: TableFacts, plan: Plan | null): boolean {
  return plan === null || facts.table.plan_id === plan.id;
}
