/** When to knock again, and when not to. Pure. */

const FIRST_MS = 400;
const CEILING_MS = 20_000;
/** Least wait after "too many connections or messages". */
const TOO_MANY_MS = 5_000;

/** Full jitter: anywhere from nothing to a ceiling that doubles with every attempt in vain. */
export function fullJitter(attempt: number, random: () => number): number {
  return random() * Math.min(CEILING_MS, FIRST_MS * 2 ** attempt);
}

/** What a closed stream asks of us. */
export type Next =
  /** Knock again and resume; not sooner than this. */
  | { step: "resume"; afterMs: number }
  /** Ask whether we are still signed in, then resume. */
  | { step: "renew" }
  /** Signed out: nothing goes on without a sign-in. */
  | { step: "sign_in" }
  /** Not allowed here: do not come back. */
  | { step: "stop" };

/** What to do after the server closed with `code`, as `wire/v1.md` has it. */
export function afterClose(code: number, reason: string): Next {
  switch (code) {
    case 4008:
      return { step: "resume", afterMs: Math.max(TOO_MANY_MS, retryAfter(reason)) };
    case 4100:
      return { step: "sign_in" };
    case 4101:
      return { step: "renew" };
    case 4103:
      return { step: "stop" };
    default: // 4000 draining, 4001 too slow, 1011 their fault, and lines that just break.
      return { step: "resume", afterMs: retryAfter(reason) };
  }
}

/** The `retry_after_ms` that a goodbye may carry. */
function retryAfter(reason: string): number {
  return Number(/retry_after_ms\W*(\d+)/.exec(reason)?.[1] ?? 0);
}
