/** What is written into a person's form, and the request that comes of it. Pure. */

import type { NewPerson, PersonPatch } from "./register";
import type { Role, StaffEntry } from "./wire";
import { ROLES } from "./words";

export type PersonEntries = { name: string; roles: Role[]; login: string; email: string; password: string; pin: string };

/** Fields that the server may find fault with and the form shows. */
export const PERSON_FIELDS = ["name", "roles", "login", "email", "password", "pin"];

export function entriesOf(person: StaffEntry | null): PersonEntries {
  return {
    name: person?.name ?? "",
    roles: person?.roles ?? [],
    login: person?.login ?? "",
    email: person?.email ?? "",
    password: "",
    pin: "",
  };
}

/** Empty fields are left out: that way to sign in is not there yet. */
export function newPersonOf(entries: PersonEntries): NewPerson {
  const { login, email, password, pin } = entries;
  return {
    name: entries.name.trim(),
    roles: inOrder(entries.roles),
    ...(login.trim() && { login: login.trim() }),
    ...(email.trim() && { email: email.trim() }),
    ...(password && { password }),
    ...(pin && { pin }),
  };
}

/** Only what is different now. */
export function patchOf(entries: PersonEntries, person: StaffEntry): PersonPatch {
  const name = entries.name.trim();
  const roles = inOrder(entries.roles);
  const login = entries.login.trim();
  const email = entries.email.trim() || null;
  return {
    ...(name !== person.name && { name }),
    ...(roles.join() !== inOrder(person.roles).join() && { roles }),
    ...(login !== (person.login ?? "") && { login }),
    ...(email !== person.email && { email }),
  };
}

/** In words, how somebody can sign in. */
export function waysText({ has_password, has_pin }: Pick<StaffEntry, "has_password" | "has_pin">): string {
  if (has_password && has_pin) return "password and PIN";
  if (has_password) return "password, no PIN";
  if (has_pin) return "PIN, no password";
  return "cannot sign in yet";
}

function inOrder(roles: readonly Role[]): Role[] {
  return ROLES.filter((it) => roles.includes(it));
}
