/** Who is signed in. In demo mode the page signs itself in once, so that a stranger sees the evening. */

import { fetchSession, fetchWelcome, signIn, signOut, Unreachable } from "./api";
import type { Session, Welcome } from "./wire";

export type Standing =
  | { state: "asking" }
  | { state: "unreachable" }
  | { state: "signed_out" }
  | { state: "signed_in"; session: Session };

const ASK_AGAIN_MS = 3_000;

export class SignIn {
  standing = $state.raw<Standing>({ state: "asking" });
  welcome = $state.raw<Welcome | null>(null);
  /** Why the last attempt failed. */
  problem = $state("");
  isBusy = $state(false);
  #hasLeft = false;

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
    this.isBusy = true;
    this.problem = "";
    try {
      const answer = await signIn(login, password);
      if (typeof answer === "string") this.problem = answer;
      else this.standing = { state: "signed_in", session: answer };
    } catch {
      this.problem = "the server does not answer";
    } finally {
      this.isBusy = false;
    }
  }

  async leave(): Promise<void> {
    this.#hasLeft = true;
    this.standing = { state: "signed_out" };
    await signOut().catch(() => undefined);
  }

  /** Whether the sign-in still holds, for a stream that was turned away; null when nobody can tell. */
  async holds(): Promise<boolean | null> {
    try {
      return ((await fetchSession()) ?? (await this.#demoSession())) !== null;
    } catch {
      return null;
    }
  }

  /** The stream says that the sign-in is over. True when there is a new one already. */
  async renew(): Promise<boolean> {
    const holds = (await this.holds()) === true;
    if (!holds) this.standing = { state: "signed_out" };
    return holds;
  }

  async #demoSession(): Promise<Session | null> {
    const demo = this.welcome?.demo;
    if (!demo || this.#hasLeft) return null;
    const answer = await signIn(demo.login, demo.password);
    return typeof answer === "string" ? null : answer;
  }
}
