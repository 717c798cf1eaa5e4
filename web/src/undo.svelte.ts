/** The last step that this page has asked for, offered for a while to be taken back. */

import { find } from "./fold/lists";
import type { Floor, Party } from "./wire";

export type Offer = { readonly partyId: number; readonly stepAt: string; readonly text: string };

const OFFERED_MS = 10_000;
/** How long it stays once nobody points at it any more. */
const LET_GO_MS = 3_000;
/** An answer comes soon after the change that it is about. */
const STEPS_KEPT = 32;

export class UndoOffer {
  #offer = $state.raw<Offer | null>(null);
  #steps: readonly { seq: number; partyId: number; stepAt: string }[] = [];
  #until = 0;
  #isHeld = false;

  /** A change was heard in which `party` took a step. Whose change it was, its answer says. */
  heard(seq: number, party: Party | undefined): void {
    if (!party?.before) return;
    const step = { seq, partyId: party.id, stepAt: party.before.step_at };
    this.#steps = [...this.#steps, step].slice(-STEPS_KEPT);
  }

  /** The change at `seq` was this page's own. If it was a step, `text` says which. */
  offer(seq: number, text: string, now: number): void {
    const step = this.#steps.find((it) => it.seq === seq);
    if (!step) return;
    this.#offer = { partyId: step.partyId, stepAt: step.stepAt, text };
    this.#until = now + OFFERED_MS;
  }

  /** What is offered, while nobody has touched the party since. */
  standing(floor: Floor): Offer | null {
    const party = find(floor.parties, this.#offer?.partyId);
    return party?.before?.step_at === this.#offer?.stepAt ? this.#offer : null;
  }

  /** Stays while somebody points at it or has the focus on it. */
  hold(): void {
    this.#isHeld = true;
  }

  letGo(now: number): void {
    this.#isHeld = false;
    this.#until = Math.max(this.#until, now + LET_GO_MS);
  }

  dismiss(): void {
    this.#offer = null;
    this.#isHeld = false;
  }

  passed(now: number): void {
    if (this.#offer && !this.#isHeld && now > this.#until) this.dismiss();
  }
}
