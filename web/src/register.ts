/** Who may come into one restaurant and with what: its people, keys and devices. */

import { type Answer, ask, part, tell } from "./request";
import type { DeviceEntry, KeyEntry, Role, StaffEntry } from "./wire";

export type NewPerson = {
  name: string;
  roles: Role[];
  login?: string;
  email?: string;
  password?: string;
  pin?: string;
};

/** What is left out stays as it is. */
export type PersonPatch = Partial<Pick<StaffEntry, "name" | "roles" | "active" | "login" | "email">>;

export type NewKey = { name: string; role: Role; expires_at?: string };

export class Register {
  readonly #path: string;

  constructor(restaurant: string) {
    this.#path = `/v1/restaurants/${part(restaurant)}`;
  }

  staff(): Promise<Answer<{ staff: StaffEntry[] }>> {
    return ask("GET", `${this.#path}/staff`);
  }

  addPerson(person: NewPerson): Promise<Answer<StaffEntry>> {
    return ask("POST", `${this.#path}/staff`, person);
  }

  changePerson(staffId: number, patch: PersonPatch): Promise<Answer<null>> {
    return tell("PATCH", this.#person(staffId), patch);
  }

  setPassword(staffId: number, password: string): Promise<Answer<null>> {
    return tell("PUT", `${this.#person(staffId)}/password`, { password });
  }

  setPin(staffId: number, pin: string): Promise<Answer<null>> {
    return tell("PUT", `${this.#person(staffId)}/pin`, { pin });
  }

  endSignIns(staffId: number): Promise<Answer<null>> {
    return tell("DELETE", `${this.#person(staffId)}/sign-ins`);
  }

  keys(): Promise<Answer<{ keys: KeyEntry[] }>> {
    return ask("GET", `${this.#path}/keys`);
  }

  addKey(key: NewKey): Promise<Answer<KeyEntry>> {
    return ask("POST", `${this.#path}/keys`, key);
  }

  revokeKey(keyId: number): Promise<Answer<null>> {
    return tell("DELETE", `${this.#path}/keys/${part(keyId)}`);
  }

  devices(): Promise<Answer<{ devices: DeviceEntry[] }>> {
    return ask("GET", `${this.#path}/devices`);
  }

  /** Enrols the device that asks: its cookie comes with the answer. */
  enrolDevice(name: string): Promise<Answer<DeviceEntry>> {
    return ask("POST", `${this.#path}/devices`, { name });
  }

  revokeDevice(deviceId: number): Promise<Answer<null>> {
    return tell("DELETE", `${this.#path}/devices/${part(deviceId)}`);
  }

  #person(staffId: number): string {
    return `${this.#path}/staff/${part(staffId)}`;
  }
}
