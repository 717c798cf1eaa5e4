/** Who is signed in. In demo mode the page signs itself in once, so that a stranger sees the evening. */

import { fetchSession, fetchWelcome, signIn, signInWithPin, signOut } from "./api";
import { Errand } from "./errand.svelte";
import { Pause } from "./pause.svelte";
import { type Answer, Unreachable } from "./request";
import type { Session, Welcome } from "./wire";

export type Standing =
  | { state: "asking" }
  | { state: "unreachable" }
  | { state: "leaving" }
  | { state: "signed_out" }
  | { state: "signed_in"; session: Session };

const ASK_AGAIN_MS = 3_000;

export class SignIn {
  standing = $state.raw<Standing>({ state: "asking" });
  welcome = $state.raw<Welcome | null>(null);
  /** The attempt to come in. */
  readonly errand = new Errand();
  /** After too many attempts. */
  readonly pause = new Pause();
  #hasLeft = false;
  /** Whom the page signed in by itself. */
  #demoStaffId: number | null = null;

  /** Why the last attempt failed; while there is a pause, the pause says it. */
  readonly problem = $derived(this.errand.refusal?.retryAfterS == null ? this.errand.problem : "");

  /** Finds out who is there; keeps asking while nobody answers. */
  async start(): Promise<void> {
    try {
      this.welcome = await fetchWelcome();
      const session = (await fetchSession()) ?? (await this.#demoSession());
      this.standing = session ? { state: "signed_in", session } : { state: "signed_out" };
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      this.standing = { state: "unreachable" };
      setTimeout(() => void this.start(), ASK_AGAIN_MS);
    }
  }

  async enter(login: string, password: string): Promise<void> {
    await this.#enter(() => signIn(login, password));
  }

  async enterWithPin(staffId: number, pin: string): Promise<void> {
    await this.#enter(() => signInWithPin(staffId, pin));
    // The device was revoked: there is no PIN pad any more, and what the server said stands at the form.
    if (this.errand.refusal?.code === "device_not_enrolled") await this.look();
  }

  async leave(): Promise<void> {
    this.#hasLeft = true;
    this.standing = { state: "leaving" };
    await this.#signOut();
    await this.look();
  }

  /** The cookie is the server's to take back: until it has heard, a shared tablet must not look signed out. */
  async #signOut(): Promise<void> {
    const told = await ifReachable(async () => ({ answer: await signOut() }));
    if (told) {
      this.standing = { state: "signed_out" };
    } else {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      await this.#signOut();
    }
  }

  /** Forgets what went wrong: somebody else tries, or in another way. */
  forget(): void {
    this.errand.refusal = null;
    this.pause.end();
  }

  /** Asks anew whether this device is enrolled, and whose PINs it takes. */
  async look(): Promise<void> {
    await ifReachable(async () => {
      this.welcome = await fetchWelcome();
    });
  }

  /** Asks anew who is signed in, and with which roles. */
  async refresh(): Promise<void> {
    await ifReachable(async () => this.#take(await fetchSession()));
  }

  /** Whether the sign-in still holds, for a stream that was turned away; null when nobody can tell. */
  async holds(): Promise<boolean | null> {
    const asked = await ifReachable(async () => {
      const session = (await fetchSession()) ?? (await this.#demoSession());
      if (session) this.#take(session);
      return { holds: session !== null };
    });
    return asked?.holds ?? null;
  }

  /** The stream says that the sign-in is over: somebody ended it. True when there is a new one already. */
  async renew(): Promise<boolean> {
    const asked = await ifReachable(async () => ({ session: await fetchSession() }));
    this.#take(asked?.session ?? null);
    return this.standing.state === "signed_in";
  }

  #take(session: Session | null): void {
    if (this.standing.state !== "signed_in") return; // Left while the answer was on its way.
    this.standing = session ? { state: "signed_in", session } : { state: "signed_out" };
    if (!session) void this.look();
  }

  async #enter(request: () => Promise<Answer<Session>>): Promise<void> {
    this.forget();
    const done = await this.errand.run(request);
    const wait = this.errand.refusal?.retryAfterS;
    if (wait != null) this.pause.begin(wait);
    if (done) this.standing = { state: "signed_in", session: done.body };
  }

  /** Never in the place of a person: neither of one who left, nor of one whose sign-in has ended. */
  async #demoSession(): Promise<Session | null> {
    const demo = this.welcome?.demo;
    if (!demo || this.welcome?.device || this.#hasLeft) return null;
    if (this.standing.state === "signed_in" && this.standing.session.staff.staff_id !== this.#demoStaffId) return null;
    const answer = await signIn(demo.login, demo.password);
    if (answer.is === "refused") return null;
    this.#demoStaffId = answer.body.staff.staff_id ?? null;
    return answer.body;
  }
}

/** What came of it, or null when nobody answered. */
async function ifReachable<T>(request: () => Promise<T>): Promise<T | null> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof Unreachable) return null;
    throw error;
  }
}
