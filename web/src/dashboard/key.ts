/** The key that this page shows to the server, where dashboards have kept it all along. */

const NAME = "apiKey";

/** A browser that keeps nothing has the key for as long as the page is open. */
let held: string | null = null;

export function readKey(): string | null {
  try {
    return localStorage.getItem(NAME) ?? held;
  } catch {
    return held;
  }
}

export function keepKey(key: string): void {
  held = key;
  try {
    localStorage.setItem(NAME, key);
  } catch {
    // Held is all it can be.
  }
}

export function dropKey(): void {
  held = null;
  try {
    localStorage.removeItem(NAME);
  } catch {
    // There is none to drop.
  }
}

/** Another tab of this browser has signed out. */
export function isDropped({ key, newValue }: StorageEvent): boolean {
  return (key === NAME && newValue === null) || key === null;
}

/** The restaurant that a token says it is for; null for an opaque key. The server judges it, this only reads it. */
export function placeOf(key: string): string | null {
  const [, claims = ""] = key.split(".");
  try {
    const read: unknown = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
    if (typeof read !== "object" || read === null || !("sid" in read)) return null;
    return typeof read.sid === "string" ? read.sid : null;
  } catch {
    return null;
  }
}
