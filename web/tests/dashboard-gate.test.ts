import { expect, test } from "vitest";
import { isOfSignIn, type Kept, placeIn, slugIn } from "../src/dashboard/key";
import { keptFrom, readSent, type Sent, type Start, startOf } from "../src/dashboard/start";

const LOGIN: Sent = { page: "login", key: null, isFormAnswer: false, name: null, problem: "", isEnded: false };
const DASHBOARD: Sent = { ...LOGIN, page: "dashboard" };
const FORM: Start = { step: "login", note: "", problem: "" };

test.each<[string, Sent, boolean, Start]>([
  ["the page comes with a key", { ...DASHBOARD, key: "new" }, true, { step: "enter" }],
  ["the login page, for the first time", LOGIN, false, FORM],
  ["the login page, with a key from before", LOGIN, true, { step: "enter" }],
  ["a wrong API key, with a key from before", { ...LOGIN, problem: "Invalid API Key" }, true, { ...FORM, problem: "Invalid API Key" }],
  ["a sign-in that has ended", { ...LOGIN, isEnded: true }, true, { ...FORM, note: "Your sign-in has ended." }],
  ["the dashboard without a key, which there is from before", DASHBOARD, true, { step: "enter" }],
  ["the dashboard without any key", DASHBOARD, false, { step: "renew" }],
])("%s", (_, sent, hasKey, start) => {
  expect(startOf(sent, hasKey)).toEqual(start);
});

const token = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.sig`;

test.each([
  [{ sub: "admin:bistro", sid: "bistro", key_id: 4 }, "bistro", "bistro"],
  [{ sub: "7", tenant_ids: [2, 5], restaurant_id: 2, iat: 1 }, "2", null],
  [{ sub: "ÿ~", restaurant_id: 3 }, "3", null],
  [{ sub: "7" }, null, null],
  [7, null, null],
])("a token with %o is for the restaurant %s", (claims, place, slug) => {
  expect(placeIn(token(claims))).toBe(place);
  expect(slugIn(token(claims))).toBe(slug);
});

test.each(["", "a1b2c3d4e5f6", "a.b.c"])("the opaque key %j says nothing", (key) => {
  expect(placeIn(key)).toBeNull();
});

test("an API key's token is no sign-in of staff, and neither is the key itself", () => {
  expect(isOfSignIn(token({ sub: "7", tenant_ids: [2] }))).toBe(true);
  expect(isOfSignIn(token({ sub: "admin:bistro", sid: "bistro", key_id: 4 }))).toBe(false);
  expect(isOfSignIn("a1b2c3d4e5f6")).toBe(false);
});

const [OURS, NEWER, THEIRS] = [token({ restaurant_id: 1 }), token({ restaurant_id: 1, n: 2 }), token({ restaurant_id: 2 })];
const OWN: Kept = { key: OURS, name: "Bistro" };
const SHARED: Kept = { key: THEIRS, name: "Tavern" };

test.each<[string, Partial<Sent>, Kept | null, Kept | null, Kept | null]>([
  ["without any key", {}, null, null, null],
  ["a new tab", {}, null, SHARED, SHARED],
  ["a reload", {}, OWN, SHARED, OWN],
  ["a new tab with a sign-in", { key: OURS, name: "Bistro" }, null, SHARED, OWN],
  ["a reload with a sign-in to another restaurant", { key: THEIRS, name: "Tavern" }, OWN, SHARED, OWN],
  ["the way back from signing in", { key: NEWER, name: "Bistro" }, { key: OURS, name: null }, null, OWN],
  ["the same, elsewhere", { key: THEIRS, name: "Tavern" }, { key: OURS, name: null }, null, { key: OURS, name: null }],
  ["another key in the form", { key: THEIRS, name: "Tavern", isFormAnswer: true }, OWN, OWN, SHARED],
])("the key of a tab: %s", (_, sent, own, shared, kept) => {
  expect(keptFrom({ ...DASHBOARD, ...sent }, own, shared)).toEqual(kept);
});

test.each([
  ["dashboard", "/admin/login", true],
  ["dashboard", "/admin/dashboard", false],
  ["login", "/admin/login", false],
])("the page %s at %s answers the form: %s", (page, pathname, isFormAnswer) => {
  const body = { dataset: { page } } as unknown as HTMLElement;
  expect(readSent(body, { hash: "", pathname }).isFormAnswer).toBe(isFormAnswer);
});
