/** The few plain requests: who is there, sign in, sign out. Everything else goes over the stream. */

import type { Change, ChangesPage, ErrorBody, Session, Welcome } from "./wire";

/** Nobody answered, or not in words this page understands. */
export class Unreachable extends Error {}

export async function fetchWelcome(): Promise<Welcome> {
  const welcome: Welcome = await read(await ask("GET", "/v1/welcome"));
  return welcome;
}

/** The session that the cookie stands for, or null when signed out. */
export async function fetchSession(): Promise<Session | null> {
  const answer = await ask("GET", "/v1/me");
  if (answer.status === 401) return null;
  const session: Session = await read(answer);
  return session;
}

/** Signs in; the cookie comes with the answer. A text says why not. */
export async function signIn(login: string, password: string): Promise<Session | string> {
  const answer = await ask("POST", "/v1/sign-in", { login, password });
  if (answer.status === 429) return `too many attempts, try again in ${answer.headers.get("retry-after") ?? "a few"} s`;
  if (answer.status >= 400 && answer.status < 500) {
    const refusal: ErrorBody = await answer.json();
    return refusal.message;
  }
  const session: Session = await read(answer);
  return session;
}

export async function signOut(): Promise<void> {
  await ask("POST", "/v1/sign-out");
}

/** The last few changes up to `seq`, for the list of what just happened. None when they cannot be had. */
export async function fetchChanges(restaurant: string, seq: number, count: number): Promise<Change[]> {
  const query = `after=${Math.max(0, seq - count)}&limit=${count}`;
  try {
    const path = `/v1/restaurants/${encodeURIComponent(restaurant)}/changes?${query}`;
    const page: ChangesPage = await read(await ask("GET", path));
    return page.changes;
  } catch (error) {
    if (error instanceof Unreachable) return [];
    throw error;
  }
}

async function ask(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: HeadersInit = body === undefined ? {} : { "content-type": "application/json" };
  const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
  try {
    return await fetch(path, init);
  } catch (cause) {
    throw new Unreachable(`${method} ${path} got no answer`, { cause });
  }
}

async function read(answer: Response) {
  if (!answer.ok) throw new Unreachable(`${answer.url} answered ${answer.status}`);
  return answer.json();
}
