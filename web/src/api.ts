/** What is asked at the door, who is there and what happened lately. */

import { type Answer, ask, fetchBody, part, tell, Unreachable } from "./request";
import type { Change, ChangesPage, Session, SignedIn, Wait, WaitBody, Welcome } from "./wire";

export function fetchWelcome(): Promise<Welcome> {
  return fetchBody("/v1/welcome");
}

/** The session that the cookie stands for, or null when signed out. */
export async function fetchSession(): Promise<Session | null> {
  const answer = await ask<Session>("GET", "/v1/me");
  if (answer.is === "done") return answer.body;
  if (answer.refusal.status === 401) return null;
  throw new Unreachable(`/v1/me answered ${answer.refusal.code}`);
}

/** Signs in; the cookie comes with the answer. */
export async function signIn(login: string, password: string): Promise<Answer<Session>> {
  return withoutTokens(await ask("POST", "/v1/sign-in", { login, password }));
}

/** Signs in at an enrolled device. */
export async function signInWithPin(staffId: number, pin: string): Promise<Answer<Session>> {
  return withoutTokens(await ask("POST", "/v1/sign-in/pin", { staff_id: staffId, pin }));
}

export async function signOut(): Promise<Answer<null>> {
  return tell("POST", "/v1/sign-out");
}

/** The last few changes up to `seq`, for the list of what just happened. None when they cannot be had. */
export async function fetchChanges(restaurant: string, seq: number, count: number): Promise<Change[]> {
  const query = `after=${Math.max(0, seq - count)}&limit=${count}`;
  try {
    const page: ChangesPage = await fetchBody(`/v1/restaurants/${part(restaurant)}/changes?${query}`);
    return page.changes;
  } catch (error) {
    if (error instanceof Unreachable) return [];
    throw error;
  }
}

/** How long a party of `covers` that comes now has to wait. Null when nobody can tell. */
export async function fetchWait(restaurant: string, covers: number): Promise<Wait | null> {
  try {
    const body: WaitBody = await fetchBody(`/v1/restaurants/${part(restaurant)}/wait?covers=${covers}`);
    return body.newcomer ?? null;
  } catch (error) {
    if (error instanceof Unreachable) return null;
    throw error;
  }
}

/** The tokens are for programs. A page has the cookie, which no script can read. */
function withoutTokens(answer: Answer<SignedIn>): Answer<Session> {
  if (answer.is === "refused") return answer;
  const { staff, restaurants, sign_in_id } = answer.body;
  return { is: "done", body: { staff, restaurants, sign_in_id } };
}
