/** What this screen shows: which view, which plan, which house. The house stands in the address. */

export type View = "plan" | "list" | "waitlist";

const WIDE = "(min-width: 1060px)";
const PHONE = "(max-width: 719px)";

export class Layout {
  isWide = $state(matchMedia(WIDE).matches);
  isPhone = $state(matchMedia(PHONE).matches);
  /** The plan that was chosen; null for the house's default. */
  planId = $state<number | null>(null);
  restaurant = $state(slugInAddress());
  #chosen = $state<View>(matchMedia(PHONE).matches ? "list" : "plan");

  /** On a wide screen the waitlist stands beside the floor and is no view of its own. */
  readonly view = $derived(this.isWide && this.#chosen === "waitlist" ? "plan" : this.#chosen);

  constructor() {
    matchMedia(WIDE).addEventListener("change", ({ matches }) => (this.isWide = matches));
    matchMedia(PHONE).addEventListener("change", ({ matches }) => (this.isPhone = matches));
    addEventListener("hashchange", () => (this.restaurant = slugInAddress()));
  }

  show(view: View): void {
    this.#chosen = view;
  }
}

function slugInAddress(): string {
  return decodeURIComponent(location.hash.slice(1));
}
