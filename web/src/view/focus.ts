/** Takes the focus as it appears: what one came for, or a heading to read on from. */
export function focused(element: HTMLElement): void {
  element.focus();
}
