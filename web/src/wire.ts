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
export type Member = Schemas["Member"];
export type Call = Schemas["Call"];
export type Party = Schemas["Party"];
export type Before = Schemas["Before"];
export type Noted = Schemas["Noted"];
export type Standing = Schemas["Standing"];
export type PartyState = Schemas["PartyState"];
export type Source = Schemas["Source"];
export type Role = Schemas["Role"];
export type Event = Schemas["Event"];
export type EventOf<Name extends Event["event"]> = Extract<Event, { event: Name }>;
export type Command = Schemas["Command"];
export type CommandOf<Name extends Command["command"]> = Extract<Command, { command: Name }>;
export type By = Schemas["By"];
export type Guest = Schemas["GuestEntry"];
export type Change = Schemas["ChangeView"];
export type ChangesPage = Schemas["PageBody"];
export type Wait = Schemas["Wait"];
export type WaitBody = Schemas["WaitBody"];
export type ErrorBody = Schemas["ErrorBody"];

export type Welcome = Schemas["Welcome"];
export type WelcomeDevice = Schemas["WelcomeDevice"];
export type Me = Schemas["Me"];
export type SignedIn = Schemas["SignedIn"];
export type SignInEntry = Schemas["SignInEntry"];
export type StaffEntry = Schemas["StaffEntry"];
export type KeyEntry = Schemas["KeyEntry"];
export type DeviceEntry = Schemas["DeviceEntry"];

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
