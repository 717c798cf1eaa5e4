/** Who may look at the dashboard: the key, where it comes from, and what happens when it does not hold any more. */

import { signOut } from "../api";
import { Errand } from "../errand.svelte";
import { Pause } from "../pause.svelte";
import { Unreachable } from "../request";
import { dropKey, isDropped, keepKey, placeIn, readKey, slugIn } from "./key";
import type { Renewal } from "./socket";
import { ENDED, type Sent, startOf } from "./start";
import { freshToken, signInForToken } from "./token";

export type Standing =
  | { state: "asking" }
  | { state: "leaving" }
  /** `note` says why one is here, `problem` what was wrong with the API key. */
  | { state: "login"; note: string; problem: string }
  | { state: "in" };

const LOGIN = "/admin/login";
const DASHBOARD = "/admin/dashboard";
const ASK_AGAIN_MS = 3_000;

export class Gate {
  standing = $state.raw<Standing>({ state: "asking" });
  /** What the restaurant that is shown is called, as far as it is known. */
  name = $state.raw<string | null>(null);
  /** A staff sign-in. */
  readonly errand = new Errand();
  /** After too many attempts. */
  readonly pause = new Pause();
  /** This page's own: what is kept in the browser may by now be for another restaurant, in another tab. */
  #key: string | null = null;

  /** Why the last staff sign-in failed; while there is a pause, the pause says it. */
  readonly problem = $derived(this.errand.refusal?.retryAfterS == null ? this.errand.problem : "");

  async start(sent: Sent): Promise<void> {
    // First of all: a stale key in its place would be refused again and again.
    if (sent.key !== null) keepKey(sent.key);
    this.#key = sent.key ?? readKey();
    const start = startOf(sent, this.#key !== null);
    if (start.step === "enter") return this.#enter(sent.name);
    if (start.step === "renew") return this.#startAnew();
    this.standing = { state: "login", note: start.note, problem: start.problem };
    // A reload after a wrong key is to bring the form, not to send the key once more.
    showAddress(sent.isEnded ? `${LOGIN}#ended` : LOGIN);
  }

  get key(): string {
    return this.#key ?? "";
  }

  async signIn(login: string, password: string): Promise<void> {
    this.pause.end();
    const done = await this.errand.run(() => signInForToken(login, password));
    const wait = this.errand.refusal?.retryAfterS;
    if (wait != null) this.pause.begin(wait);
    if (!done) return;
    this.#take(done.body);
    // Only the server can say what the restaurant is called.
    if (!isServed()) return this.#enter(null);
    this.standing = { state: "asking" };
    location.replace(DASHBOARD);
  }

  /** Gets another key for the one that was refused, without anybody noticing if that is possible. */
  async renew(refused: string): Promise<Renewal> {
    const kept = readKey();
    // Another tab was faster.
    if (kept !== null && kept !== refused && !isElsewhere(refused, kept)) {
      this.#key = kept;
      return "renewed";
    }
    try {
      const answer = await freshToken();
      if (answer.is === "refused" || isElsewhere(refused, answer.body)) return "ended";
      this.#take(answer.body);
      return "renewed";
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return "unknown";
    }
  }

  /** The server does not take the key any more, and there is no other. */
  end(note = ENDED): void {
    dropKey();
    this.standing = { state: "login", note, problem: "" };
    showAddress(note === ENDED ? `${LOGIN}#ended` : LOGIN);
  }

  /** Somebody signs out. A cookie is the server's to take back: until it has heard, nobody is told that they are out. */
  async leave(): Promise<void> {
    this.standing = { state: "leaving" };
    dropKey();
    while (!(await isHeard(signOut))) await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    this.end("");
  }

  onStorage(event: StorageEvent): void {
    if (this.standing.state === "in" && isDropped(event)) this.end("Signed out in another tab.");
  }

  #take(key: string): void {
    this.#key = key;
    keepKey(key);
  }

  async #startAnew(): Promise<void> {
    const renewal = await this.renew("");
    if (renewal === "renewed") return this.#enter(null);
    if (renewal === "ended") return this.end("");
    setTimeout(() => void this.#startAnew(), ASK_AGAIN_MS);
  }

  #enter(name: string | null): void {
    this.name = name ?? slugIn(this.key);
    this.standing = { state: "in" };
    showAddress(DASHBOARD);
  }
}

/** Somebody may be signed in to another restaurant in the same browser: theirs is not to appear here by itself. */
function isElsewhere(refused: string, fresh: string): boolean {
  const [before, now] = [placeIn(refused), placeIn(fresh)];
  return before !== null && now !== null && before !== now;
}

/** What stands in the address is what a reload should bring. */
function showAddress(address: string): void {
  if (isServed()) history.replaceState(null, "", address);
}

/** In development the page is not the server's. */
function isServed(): boolean {
  return location.pathname.startsWith("/admin/");
}

async function isHeard(request: () => Promise<unknown>): Promise<boolean> {
  try {
    await request();
    return true;
  } catch (error) {
    if (error instanceof Unreachable) return false;
    throw error;
  }
}
