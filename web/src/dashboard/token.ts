/** A key for this page, for whoever the cookie stands for. */

import { signIn } from "../api";
import { type Answer, read, send, Unreachable } from "../request";

type TokenBody = { data?: { token?: string } | null; detail?: unknown };

export async function freshToken(): Promise<Answer<string>> {
  const answer = await send("POST", "/admin/api/token");
  if (answer.status >= 500) throw new Unreachable(`${answer.url} answered ${answer.status}`);
  const { data, detail } = await read<TokenBody>(answer);
  if (answer.ok && data?.token) return { is: "done", body: data.token };
  const message = typeof detail === "string" ? detail.replace(/\.$/, "") : "this account has no dashboard";
  return { is: "refused", refusal: { code: "no_token", message, status: answer.status, field: null, retryAfterS: null } };
}

export async function signInForToken(login: string, password: string): Promise<Answer<string>> {
  const answer = await signIn(login, password);
  return answer.is === "refused" ? answer : freshToken();
}
