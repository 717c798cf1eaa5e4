/** The key that dashboards show to the server, where they have kept it all along, and what can be read in it. */

const NAME = "apiKey";

export function readKey(): string | null {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}

export function keepKey(key: string): void {
  try {
    localStorage.setItem(NAME, key);
  } catch {
    // It is good for as long as the page is open.
  }
}

export function dropKey(): void {
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

/**
 * The restaurant that a token is for, by slug or by id, whichever it says; null for an opaque key. The server judges
 * tokens, this only reads them.
 */
export function placeIn(key: string): string | null {
  const claims = claimsOf(key);
  const [first] = Array.isArray(claims["tenant_ids"]) ? claims["tenant_ids"] : [];
  const place: unknown = claims["sid"] ?? first ?? claims["restaurant_id"];
  return typeof place === "string" || typeof place === "number" ? String(place) : null;
}

/** The slug, if it is that which the token says. */
export function slugIn(key: string): string | null {
  const { sid } = claimsOf(key);
  return typeof sid === "string" ? sid : null;
}

function claimsOf(key: string): Record<string, unknown> {
  const [, claims = ""] = key.split(".");
  try {
    const read: unknown = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
    return typeof read === "object" && read !== null ? { ...read } : {};
  } catch {
    return {};
  }
}
