/**
 * Closes what is open when one turns to something else: a press outside, the focus gone, or Escape.
 * `close` says whether there was anything to close; an Escape that closed nothing is somebody else's.
 */
export function dismissed(element: HTMLElement, close: (isEscape: boolean) => boolean) {
  const onPress = ({ target }: Event) => {
    if (target instanceof Node && !element.contains(target)) close(false);
  };
  const onFocusOut = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget instanceof Node && !element.contains(relatedTarget)) close(false);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" && close(true)) event.stopPropagation();
  };
  document.addEventListener("pointerdown", onPress);
  element.addEventListener("focusout", onFocusOut);
  element.addEventListener("keydown", onKey);
  return { destroy: () => document.removeEventListener("pointerdown", onPress) };
}
