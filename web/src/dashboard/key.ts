/**
 * The key that dashboards show to the server, where they keep it, and what can be read in it.
 *
 * A tab has one of its own, which a reload finds again. The browser's is where dashboards have kept theirs all along:
 * new tabs begin with it, and the last tab that was opened has set it, perhaps for another restaurant.
 */

const NAME = "apiKey";
const KEPT = "dashboard.key";

/** With what its restaurant is called, which not every key says. */
export type Kept = { key: string; name: string | null };

/** This tab's own. */
export function readOwn(): Kept | null {
  return attempt(() => keptIn(sessionStorage.getItem(KEPT)));
}

/** The browser's. */
export function readShared(): Kept | null {
  return attempt(() => {
    const key = localStorage.getItem(NAME);
    if (key === null) return null;
    const kept = keptIn(localStorage.getItem(KEPT));
    return { key, name: kept?.key === key ? kept.name : null };
  });
}

/** Where nothing can be kept, it is good for as long as the page is open. */
export function keep(kept: Kept): void {
  const text = JSON.stringify(kept);
  attempt(() => sessionStorage.setItem(KEPT, text));
  attempt(() => localStorage.setItem(NAME, kept.key));
  attempt(() => localStorage.setItem(KEPT, text));
}

/** Drops this tab's key, also for new tabs, unless another tab has set another meanwhile. */
export function drop(key: string): void {
  attempt(() => sessionStorage.removeItem(KEPT));
  if (readShared()?.key !== key) return;
  attempt(() => localStorage.removeItem(NAME));
  attempt(() => localStorage.removeItem(KEPT));
}

/** The key that another tab of this browser has dropped; empty when everything was. */
export function droppedIn({ key, oldValue, newValue }: StorageEvent): string | null {
  if (key === null) return "";
  return key === NAME && newValue === null ? (oldValue ?? "") : null;
}

function keptIn(text: string | null): Kept | null {
  const kept: unknown = text === null ? null : JSON.parse(text);
  if (typeof kept !== "object" || kept === null || !("key" in kept) || typeof kept.key !== "string") return null;
  return { key: kept.key, name: "name" in kept && typeof kept.name === "string" ? kept.name : null };
}

/** Browsers may be told to keep nothing for a page. */
function attempt<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
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

/** Whether it was given for a sign-in of staff; an API key stands for nobody who could sign out. */
export function isOfSignIn(key: string): boolean {
  const claims = claimsOf(key);
  return "sub" in claims && !("key_id" in claims);
}

/** Whether both are for restaurants, and for two. */
export function isElsewhere(one: string, other: string): boolean {
  const [first, second] = [placeIn(one), placeIn(other)];
  return first !== null && second !== null && first !== second;
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
