import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Gate } from "../src/dashboard/gate.svelte";
import type { Renewal } from "../src/dashboard/socket";
import type { Sent } from "../src/dashboard/start";

const token = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;
const OURS = token({ tenant_ids: [1], n: 1 });
const FRESH = token({ tenant_ids: [1], n: 2 });
const THEIRS = token({ tenant_ids: [2] });
const SENT: Sent = { page: "dashboard", key: OURS, name: "Bistro", problem: "", isEnded: false };

/** What the browser keeps. */
let kept: Map<string, string>;
/** What the server says when it is asked for a token. */
let answer: () => Promise<Response>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
  vi.stubGlobal("location", { pathname: "/admin/dashboard" });
  vi.stubGlobal("history", { replaceState: () => {} });
  vi.stubGlobal("fetch", () => answer());
  answer = async () => Response.json({ detail: "Missing or invalid authorization header" }, { status: 401 });
});
afterEach(() => {
  vi.unstubAllGlobals();
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
