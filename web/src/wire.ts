/** The contract's types under short names, and the door through which frames come in. */

import type { components } from "./contract.gen";

type Schemas = components["schemas"];

export type Floor = Schemas["Floor"];
export type Settings = Schemas["Settings"];
export type StaffMember = Schemas["StaffMember"];
export type Plan = Schemas["Plan"];
export type Section = Schemas["Section"];
export type Table = Schemas["Table"];
export type TableState = Schemas["TableState"];
export type SettableState = Schemas["SettableState"];
export type Shape = Schemas["Shape"];
export type Feature = Schemas["Feature"];
export type Turn = Schemas["Turn"];
export type Stage = Schemas["Stage"];
export type Party = Schemas["Party"];
export type PartyState = Schemas["PartyState"];
export type Source = Schemas["Source"];
export type Role = Schemas["Role"];
export type Event = Schemas["Event"];
export type EventOf<Name extends Event["event"]> = Extract<Event, { event: Name }>;
export type Command = Schemas["Command"];
export type By = Schemas["By"];
export type Guest = Schemas["GuestEntry"];
export type Change = Schemas["ChangeView"];
export type ChangesPage = Schemas["PageBody"];
export type ErrorBody = Schemas["ErrorBody"];

// Who is there. Written by hand, named as the contract will name them.

export type Welcome = {
  service: string;
  version: string;
  demo?: Schemas["DemoSignIn"] | null;
  device?: WelcomeDevice | null;
};

/** A device that is enrolled for PINs, and who may use one on it. */
export type WelcomeDevice = {
  device_id: number;
  name: string;
  restaurant: { id: number; slug: string; name: string };
  staff: { staff_id: number; name: string }[];
};

export type Me = {
  /** The roles are those of all restaurants together: what one may do stands at the restaurant. */
  staff: { staff_id: number | null; name: string; roles: Role[] };
  restaurants: { id: number; slug: string; name: string; roles: Role[] }[];
  sign_in_id: string | null;
};

export type SignedIn = Me & {
  token: string;
  expires_at: string;
  refresh_token: string;
  refresh_expires_at: string;
};

export type SignInEntry = {
  id: string;
  how: "password" | "pin" | "minted";
  began_at: string;
  seen_at: string;
  expires_at: string;
  address: string | null;
  agent: string | null;
  device_id: number | null;
  current: boolean;
};

export type StaffEntry = {
  staff_id: number;
  name: string;
  roles: Role[];
  active: boolean;
  login: string | null;
  email: string | null;
  has_password: boolean;
  has_pin: boolean;
};

export type KeyEntry = {
  key_id: number;
  name: string;
  role: Role;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  /** Told once, when the key is made. */
  key?: string;
};

export type DeviceEntry = { device_id: number; name: string; enrolled_at: string; revoked_at: string | null };

/** What the page keeps of whoever is signed in. The cookie is the credential; the page holds none. */
export type Session = Me;
export type Place = Me["restaurants"][number];

/** Everything the server says on the stream. */
export type ToScreen = Schemas["ToScreen"];
export type FrameOf<Type extends ToScreen["type"]> = Extract<ToScreen, { type: Type }>;

/** What this page says on the stream. The contract leaves a frame's command open; this page does not. */
export type FromScreen =
  | { type: "command"; id: string; key: string; command: Command }
  | Extract<Schemas["FromScreen"], { type: "ping" }>;

const HEARD: ReadonlySet<string> = new Set<ToScreen["type"]>([
  "snapshot",
  "resumed",
  "reset",
  "change",
  "heartbeat",
  "result",
  "refused",
  "pong",
]);

/** Reads one frame. A type this page does not know yet is nobody's news: it is passed over. */
export function readFrame(text: string): ToScreen | null {
  const value: unknown = JSON.parse(text);
  return isFrame(value) ? value : null;
}

function isFrame(value: unknown): value is ToScreen {
  if (typeof value !== "object" || value === null || !("type" in value)) return false;
  return typeof value.type === "string" && HEARD.has(value.type);
}
