/** Plain requests: one question, and its answer or refusal. Everything that is live goes over the stream instead. */

import type { ErrorBody } from "./wire";

/** Nobody answered, or not in words this page understands. */
export class Unreachable extends Error {}

export type Refusal = Pick<ErrorBody, "code" | "message"> & {
  status: number;
  field: string | null;
  /** How long the server wants to be left alone, when it says so. */
  retryAfterS: number | null;
};

export type Answer<T> = { is: "done"; body: T } | { is: "refused"; refusal: Refusal };

/** Asks for something. */
export async function ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
  const answer = await send(method, path, body);
  return answer.ok ? { is: "done", body: await read<T>(answer) } : refused(answer);
}

/** Asks for something to be done that has no more to say than that it was. */
export async function tell(method: string, path: string, body?: unknown): Promise<Answer<null>> {
  const answer = await send(method, path, body);
  return answer.ok ? { is: "done", body: null } : refused(answer);
}

/** Asks for what cannot be refused. */
export async function fetchBody<T>(path: string): Promise<T> {
  const answer = await ask<T>("GET", path);
  if (answer.is === "refused") throw new Unreachable(`${path} answered ${answer.refusal.code}`);
  return answer.body;
}

/** A part of a path. */
export function part(text: string | number): string {
  return encodeURIComponent(text);
}

/** One request as it is, for answers that are not in this API's own form. */
export async function send(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: HeadersInit = body === undefined ? {} : { "content-type": "application/json" };
  const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
  try {
    return await fetch(path, init);
  } catch (cause) {
    throw new Unreachable(`${method} ${path} got no answer`, { cause });
  }
}

/** A refusal is an answer; a program that broke has none to give. */
async function refused(answer: Response): Promise<Answer<never>> {
  if (answer.status >= 500) throw new Unreachable(`${answer.url} answered ${answer.status}`);
  const { code, message, field } = await read<ErrorBody>(answer);
  const wait = Number(answer.headers.get("retry-after"));
  const retryAfterS = wait > 0 ? wait : null;
  return { is: "refused", refusal: { code, message, field: field ?? null, status: answer.status, retryAfterS } };
}

export async function read<T>(answer: Response): Promise<T> {
  try {
    const body: T = await answer.json();
    return body;
  } catch (cause) {
    throw new Unreachable(`${answer.url} did not answer in JSON`, { cause });
  }
}
