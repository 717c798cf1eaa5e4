/** Where the page starts, from how the server has sent it. Pure. */

import { type Kept, placeIn } from "./key";

export type Sent = {
  page: "login" | "dashboard";
  /** The key that came with the page. */
  key: string | null;
  /** The page is the answer to a key in the form: that is what this tab is to show from now on. */
  isFormAnswer: boolean;
  /** What the restaurant is called. */
  name: string | null;
  /** What was wrong with the last attempt to sign in. */
  problem: string;
  /** Somebody was sent back here because the sign-in has ended. */
  isEnded: boolean;
};

export type Start =
  /** Connect with the key that there is. */
  | { step: "enter" }
  /** There is no key, but perhaps a sign-in that gives one. */
  | { step: "renew" }
  | { step: "login"; note: string; problem: string };

export const LOGIN = "/admin/login";
export const ENDED = "Your sign-in has ended.";

/** The key of this tab: its own, as long as nobody has typed another; the cookie's may be for another restaurant. */
export function keptFrom({ key, name, isFormAnswer }: Sent, own: Kept | null, shared: Kept | null): Kept | null {
  if (key === null) return own ?? shared;
  if (isFormAnswer || own === null) return { key, name };
  // The page knows what its own restaurant is called, by whichever key.
  const place = placeIn(own.key);
  return { key: own.key, name: own.name ?? (place !== null && place === placeIn(key) ? name : null) };
}

export function startOf({ page, key, problem, isEnded }: Sent, hasKey: boolean): Start {
  if (key !== null) return { step: "enter" };
  if (problem !== "" || isEnded) return { step: "login", note: isEnded ? ENDED : "", problem };
  if (hasKey) return { step: "enter" };
  return page === "dashboard" ? { step: "renew" } : { step: "login", note: "", problem };
}

export function readSent({ dataset }: HTMLElement, { hash, pathname }: Pick<Location, "hash" | "pathname">): Sent {
  const page = dataset["page"] === "login" ? "login" : "dashboard";
  return {
    page,
    isFormAnswer: page === "dashboard" && pathname === LOGIN,
    key: dataset["apiKey"] || null,
    name: dataset["restaurantName"] || dataset["restaurantSlug"] || null,
    problem: dataset["error"] ?? "",
    isEnded: hash === "#ended",
  };
}
