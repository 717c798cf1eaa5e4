import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Gate } from "../src/dashboard/gate.svelte";
import type { Renewal } from "../src/dashboard/socket";
import type { Sent } from "../src/dashboard/start";

const token = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;
const OURS = token({ tenant_ids: [1], n: 1 });
const FRESH = token({ tenant_ids: [1], n: 2 });
const THEIRS = token({ tenant_ids: [2] });
const SENT: Sent = { page: "dashboard", key: OURS, isFormAnswer: true, name: "Bistro", problem: "", isEnded: false };

/** What the browser keeps, and what it keeps for this tab. */
let kept: Map<string, string>;
let tab: Map<string, string>;
/** What the server says when it is asked for a token. */
let answer: () => Promise<Response>;

beforeEach(() => {
  [kept, tab] = [new Map(), new Map()];
  vi.stubGlobal("localStorage", storage(kept));
  vi.stubGlobal("sessionStorage", storage(tab));
  vi.stubGlobal("location", { pathname: "/admin/dashboard" });
  vi.stubGlobal("history", { replaceState: () => {} });
  vi.stubGlobal("fetch", () => answer());
  answer = async () => Response.json({ detail: "Missing or invalid authorization header" }, { status: 401 });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const storage = (map: Map<string, string>) => ({
  getItem: (name: string) => map.get(name) ?? null,
  setItem: (name: string, value: string) => map.set(name, value),
  removeItem: (name: string) => map.delete(name),
});

const giving = (key: string) => async () => Response.json({ success: true, data: { token: key, expires_in: 7200 } });

async function opened(): Promise<Gate> {
  const gate = new Gate();
  await gate.start(SENT);
  return gate;
}

test("the key that comes with the page takes the place of a stale one", async () => {
  kept.set("apiKey", "stale");
  const gate = await opened();
  expect(gate.key).toBe(OURS);
  expect(kept.get("apiKey")).toBe(OURS);
  expect(gate.standing).toEqual({ state: "in" });
});

test("another tab that opens another restaurant does not change what is shown here", async () => {
  const gate = await opened();
  kept.set("apiKey", THEIRS);
  expect(gate.key).toBe(OURS);
  expect(await gate.renew(OURS)).toBe("ended");
  expect(gate.key).toBe(OURS);
});

test.each<[string, () => Promise<Response>, Renewal, string]>([
  ["of the same restaurant", giving(FRESH), "renewed", FRESH],
  ["of another restaurant", giving(THEIRS), "ended", OURS],
  ["of none", async () => Response.json({ detail: "no" }, { status: 403 }), "ended", OURS],
  ["while the server is away", async () => Response.json({}, { status: 503 }), "unknown", OURS],
  ["while the network is", () => Promise.reject(new TypeError("no network")), "unknown", OURS],
])("a refused key is replaced by one %s", async (_, says, renewal, key) => {
  const gate = await opened();
  answer = says;
  expect(await gate.renew(OURS)).toBe(renewal);
  expect(gate.key).toBe(key);
});

test("a key that another tab has got already is taken, and nobody asked", async () => {
  const gate = await opened();
  kept.set("apiKey", FRESH);
  answer = () => Promise.reject(new Error("asked"));
  expect(await gate.renew(OURS)).toBe("renewed");
  expect(gate.key).toBe(FRESH);
});

test("a sign-in that has ended leaves no key behind", async () => {
  const gate = await opened();
  gate.end();
  expect(kept.has("apiKey")).toBe(false);
  expect(gate.standing).toEqual({ state: "login", note: "Your sign-in has ended.", problem: "" });
});

const RELOAD: Sent = { ...SENT, key: null, isFormAnswer: false, name: null };

test("a reload brings this tab's restaurant with its name, whatever other tabs have opened", async () => {
  await opened();
  kept.set("apiKey", THEIRS);
  const gate = new Gate();
  await gate.start(RELOAD);
  expect([gate.key, gate.name]).toEqual([OURS, "Bistro"]);
});

test("a new tab begins with the browser's key, and the name that goes with it", async () => {
  await opened();
  tab.clear();
  const gate = new Gate();
  await gate.start(RELOAD);
  expect([gate.key, gate.name]).toEqual([OURS, "Bistro"]);

  tab.clear();
  kept.set("apiKey", "another");
  const other = new Gate();
  await other.start(RELOAD);
  expect([other.key, other.name]).toEqual(["another", null]);
});

test("what is kept and cannot be read is as good as nothing", async () => {
  tab.set("dashboard.key", "{");
  const gate = await opened();
  expect(gate.key).toBe(OURS);
});

test("a renewed key goes on with the restaurant's name", async () => {
  const gate = await opened();
  answer = giving(FRESH);
  await gate.renew(OURS);
  const again = new Gate();
  await again.start(RELOAD);
  expect([again.key, again.name]).toEqual([FRESH, "Bistro"]);
});

test("whoever leaves takes no other restaurant's key along", async () => {
  const gate = await opened();
  kept.set("apiKey", THEIRS);
  gate.end();
  expect(kept.get("apiKey")).toBe(THEIRS);
  expect(tab.size).toBe(0);
});

test.each([
  ["a sign-in ends with the server", token({ sub: "7", tenant_ids: [1] }), 1],
  ["an API key leaves the sign-in of others alone", token({ sub: "admin:bistro", sid: "bistro", key_id: 4 }), 0],
])("%s", async (_, key, n_asked) => {
  const asked = vi.fn(async () => new Response(null, { status: 204 }));
  const gate = new Gate();
  await gate.start({ ...SENT, key });
  vi.stubGlobal("fetch", asked);
  await gate.leave();
  expect(asked).toHaveBeenCalledTimes(n_asked);
  expect(gate.standing).toEqual({ state: "login", note: "", problem: "" });
});

test.each<[string, Partial<StorageEvent>, Gate["standing"]["state"]]>([
  ["of this restaurant", { key: "apiKey", oldValue: FRESH, newValue: null }, "login"],
  ["of another", { key: "apiKey", oldValue: THEIRS, newValue: null }, "in"],
  ["that clears everything", { key: null, oldValue: null, newValue: null }, "login"],
  ["that only opens another", { key: "apiKey", oldValue: OURS, newValue: THEIRS }, "in"],
])("a tab %s that signs out leaves this one %s", async (_, event, state) => {
  const gate = await opened();
  gate.onStorage(event as StorageEvent);
  expect(gate.standing.state).toBe(state);
});
