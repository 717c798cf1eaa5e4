/** Who may look at the dashboard: the key, where it comes from, and what happens when it does not hold any more. */

import { signOut } from "../api";
import { Errand } from "../errand.svelte";
import { Pause } from "../pause.svelte";
import { Unreachable } from "../request";
import { drop, droppedIn, isElsewhere, isOfSignIn, keep, type Kept, readOwn, readShared, slugIn } from "./key";
import type { Renewal } from "./socket";
import { ENDED, keptFrom, LOGIN, type Sent, startOf } from "./start";
import { freshToken, signInForToken } from "./token";

export type Standing =
  | { state: "asking" }
  | { state: "leaving" }
  /** `note` says why one is here, `problem` what was wrong with the API key. */
  | { state: "login"; note: string; problem: string }
  | { state: "in" };

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
  #kept: Kept | null = null;

  /** Why the last staff sign-in failed; while there is a pause, the pause says it. */
  readonly problem = $derived(this.errand.refusal?.retryAfterS == null ? this.errand.problem : "");

  async start(sent: Sent): Promise<void> {
    this.#kept = keptFrom(sent, readOwn(), readShared());
    const start = startOf(sent, this.#kept !== null);
    if (start.step === "enter") return this.#enter();
    if (start.step === "renew") return this.#startAnew();
    this.standing = { state: "login", note: start.note, problem: start.problem };
    // A reload after a wrong key is to bring the form, not to send the key once more.
    showAddress(sent.isEnded ? `${LOGIN}#ended` : LOGIN);
  }

  get key(): string {
    return this.#kept?.key ?? "";
  }

  async signIn(login: string, password: string): Promise<void> {
    this.pause.end();
    const done = await this.errand.run(() => signInForToken(login, password));
    const wait = this.errand.refusal?.retryAfterS;
    if (wait != null) this.pause.begin(wait);
    if (!done) return;
    this.#take({ key: done.body, name: null });
    // Only the server can say what the restaurant is called.
    if (!isServed()) return this.#enter();
    this.standing = { state: "asking" };
    location.replace(DASHBOARD);
  }

  /** Gets another key for the one that was refused, without anybody noticing if that is possible. */
  async renew(refused: string): Promise<Renewal> {
    // Somebody may be signed in to another restaurant in the same browser: theirs is not to appear here by itself.
    const shared = readShared();
    // Another tab was faster.
    if (shared !== null && shared.key !== refused && !isElsewhere(refused, shared.key)) {
      this.#take({ key: shared.key, name: this.#nameOr(shared.name) });
      return "renewed";
    }
    try {
      const answer = await freshToken();
      if (answer.is === "refused" || isElsewhere(refused, answer.body)) return "ended";
      this.#take({ key: answer.body, name: this.#nameOr(null) });
      return "renewed";
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return "unknown";
    }
  }

  /** The server does not take the key any more, and there is no other. */
  end(note = ENDED): void {
    drop(this.key);
    this.standing = { state: "login", note, problem: "" };
    showAddress(note === ENDED ? `${LOGIN}#ended` : LOGIN);
  }

  /**
   * Somebody signs out. A cookie is the server's to take back: until it has heard, nobody is told that they are out.
   * Whoever came with an API key leaves the sign-in alone that somebody has in another tab.
   */
  async leave(): Promise<void> {
    this.standing = { state: "leaving" };
    const isSignedIn = isOfSignIn(this.key);
    drop(this.key);
    while (isSignedIn && !(await isHeard(signOut))) await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    this.end("");
  }

  onStorage(event: StorageEvent): void {
    const dropped = droppedIn(event);
    if (this.standing.state !== "in" || dropped === null || isElsewhere(this.key, dropped)) return;
    this.end("Signed out in another tab.");
  }

  #take(kept: Kept): void {
    this.#kept = kept;
    keep(kept);
  }

  /** A key that takes the place of another is for the same restaurant. */
  #nameOr(other: string | null): string | null {
    return this.#kept?.name ?? other;
  }

  async #startAnew(): Promise<void> {
    const renewal = await this.renew("");
    if (renewal === "renewed") return this.#enter();
    if (renewal === "ended") return this.end("");
    setTimeout(() => void this.#startAnew(), ASK_AGAIN_MS);
  }

  #enter(): void {
    if (this.#kept) keep(this.#kept);
    this.name = this.#kept?.name ?? slugIn(this.key);
    this.standing = { state: "in" };
    showAddress(DASHBOARD);
  }
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
