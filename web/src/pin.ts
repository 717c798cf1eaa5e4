/** A PIN as it is typed, key by key. Pure. */

export const PIN_MIN = 4;
export const PIN_MAX = 8;

/** The PIN after one more key, by the names that keyboards give them; other keys change nothing. */
export function typed(pin: string, key: string): string {
  if (key === "Backspace") return pin.slice(0, -1);
  return /^[0-9]$/.test(key) && pin.length < PIN_MAX ? pin + key : pin;
}

export function isPin(text: string): boolean {
  return /^[0-9]{4,8}$/.test(text);
}

/** A place for each digit there must be, true where one has been typed. */
export function dots(pin: string): boolean[] {
  return Array.from({ length: Math.max(PIN_MIN, pin.length) }, (_, index) => index < pin.length);
}
