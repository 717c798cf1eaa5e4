/** Who may look at the dashboard: the key, where it comes from, and what happens when it does not hold any more. */

import { signOut } from "../api";
import { Errand } from "../errand.svelte";
import { Pause } from "../pause.svelte";
import { Unreachable } from "../request";
import { dropKey, isDropped, keepKey, placeOf, readKey } from "./key";
import type { Renewal } from "./socket";
import { ENDED, type Sent, startOf } from "./start";
import { freshToken, signInForToken } from "./token";

export type Standing =
  | { state: "asking" }
  | { state: "leaving" }
  /** `note` says why one is here, `problem` what was wrong with the API key. */
  | { state: "login"; note: string; problem: string }
  | { state: "in" };

const ASK_AGAIN_MS = 3_000;

export class Gate {
  standing = $state.raw<Standing>({ state: "asking" });
  /** The restaurant that is shown, by its slug. */
  place = $state.raw<string | null>(null);
  /** A staff sign-in. */
  readonly errand = new Errand();
  /** After too many attempts. */
  readonly pause = new Pause();

  /** Why the last staff sign-in failed; while there is a pause, the pause says it. */
  readonly problem = $derived(this.errand.refusal?.retryAfterS == null ? this.errand.problem : "");

  /** `place` is the slug that came with the page. */
  async start(sent: Sent, place: string | null): Promise<void> {
    // First of all: a stale key in its place would be refused again and again.
    if (sent.key !== null) keepKey(sent.key);
    const start = startOf(sent, readKey() !== null);
    if (start.step === "enter") return this.#enter(place);
    if (start.step === "renew") return this.#startAnew();
    this.standing = { state: "login", note: start.note, problem: start.problem };
  }

  get key(): string {
    return readKey() ?? "";
  }

  async signIn(login: string, password: string): Promise<void> {
    this.pause.end();
    const done = await this.errand.run(() => signInForToken(login, password));
    const wait = this.errand.refusal?.retryAfterS;
    if (wait != null) this.pause.begin(wait);
    if (!done) return;
    keepKey(done.body);
    this.#enter(null);
  }

  /** Gets another key for the one that was refused, without anybody noticing if that is possible. */
  async renew(refused: string): Promise<Renewal> {
    const kept = readKey();
    // Another tab was faster.
    if (kept !== null && kept !== refused) return "renewed";
    try {
      const answer = await freshToken();
      if (answer.is === "refused" || this.#isElsewhere(answer.body)) return "ended";
      keepKey(answer.body);
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
    showAddress(note === ENDED ? "/admin/login#ended" : "/admin/login");
  }

  /** Somebody signs out. A cookie is the server's to take back: until it has heard, nobody is told that they are out. */
  async leave(): Promise<void> {
    this.standing = { state: "leaving" };
    dropKey();
    while (!(await isHeard(signOut))) await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    this.place = null;
    this.end("");
  }

  onStorage(event: StorageEvent): void {
    if (this.standing.state === "in" && isDropped(event)) this.end("Signed out in another tab.");
  }

  async #startAnew(): Promise<void> {
    const renewal = await this.renew("");
    if (renewal === "renewed") return this.#enter(null);
    if (renewal === "ended") return this.end("");
    setTimeout(() => void this.#startAnew(), ASK_AGAIN_MS);
  }

  #enter(place: string | null): void {
    this.place = place ?? placeOf(this.key);
    this.standing = { state: "in" };
    showAddress("/admin/dashboard");
  }

  /** Somebody may be signed in to another restaurant in the same browser: theirs is not to appear here by itself. */
  #isElsewhere(key: string): boolean {
    const place = placeOf(key);
    return this.place !== null && place !== null && place !== this.place;
  }
}

/** The page in the address is the one that a reload should bring. Elsewhere it was not the server who sent it. */
function showAddress(address: string): void {
  if (location.pathname.startsWith("/admin/")) history.replaceState(null, "", address);
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
