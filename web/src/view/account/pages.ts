/** What can be opened from the menu of one's account, for whom. Pure. */

import type { Rights } from "../../rights";

export type AccountPage = "sign_ins" | "password" | "pin" | "device" | "people";

export const PAGE_WORDS: Record<AccountPage, string> = {
  sign_ins: "My sign-ins",
  password: "Change password",
  pin: "Change PIN",
  device: "Use this device for PINs",
  people: "People and keys",
};

const EVERYBODY: readonly AccountPage[] = ["sign_ins", "password", "pin"];

export function pagesFor(may: Rights): AccountPage[] {
  return [...EVERYBODY, ...(may.devices ? ["device" as const] : []), ...(may.people ? ["people" as const] : [])];
}
