/** What is open beside the floor, and where the focus goes back to when it closes. */

import { tick } from "svelte";

/** `partyId` is null for the form of a party that comes. */
export type Panel = { show: "table"; tableId: number } | { show: "party"; partyId: number | null };

export class OpenPanel {
  panel = $state.raw<Panel | null>(null);
  #opener: Element | null = null;

  open(panel: Panel): void {
    if (this.panel === null) this.#opener = document.activeElement;
    this.panel = panel;
  }

  async close(): Promise<void> {
    this.panel = null;
    await tick();
    focusOn(this.#opener);
  }

  /** Closes because something else takes the focus. */
  giveWay(): void {
    this.panel = null;
  }
}

export function focusOn(element: Element | null): void {
  if (element instanceof SVGElement || element instanceof HTMLElement) element.focus();
}
