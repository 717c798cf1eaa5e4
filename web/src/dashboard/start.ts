/** Where the page starts, from how the server has sent it. Pure. */

export type Sent = {
  page: "login" | "dashboard";
  /** The key that came with the page. */
  key: string | null;
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

export const ENDED = "Your sign-in has ended.";

export function startOf({ page, key, problem, isEnded }: Sent, hasKey: boolean): Start {
  if (key !== null) return { step: "enter" };
  if (problem !== "" || isEnded) return { step: "login", note: isEnded ? ENDED : "", problem };
  if (hasKey) return { step: "enter" };
  return page === "dashboard" ? { step: "renew" } : { step: "login", note: "", problem };
}

export function readSent({ dataset }: HTMLElement, { hash }: Location): Sent {
  return {
    page: dataset["page"] === "login" ? "login" : "dashboard",
    key: dataset["apiKey"] || null,
    name: dataset["restaurantName"] || dataset["restaurantSlug"] || null,
    problem: dataset["error"] ?? "",
    isEnded: hash === "#ended",
  };
}
