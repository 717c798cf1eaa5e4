/** What one may do about one's own account: see and end its sign-ins, change its secrets. */

import { type Answer, ask, part, tell } from "./request";
import type { SignInEntry } from "./wire";

export function fetchSignIns(): Promise<Answer<{ sign_ins: SignInEntry[] }>> {
  return ask("GET", "/v1/me/sign-ins");
}

export function endSignIn(id: string): Promise<Answer<null>> {
  return tell("DELETE", `/v1/me/sign-ins/${part(id)}`);
}

export function changePassword(oldPassword: string, newPassword: string): Promise<Answer<null>> {
  return tell("PUT", "/v1/me/password", { old_password: oldPassword, new_password: newPassword });
}

export function changePin(password: string, pin: string): Promise<Answer<null>> {
  return tell("PUT", "/v1/me/pin", { password, pin });
}
