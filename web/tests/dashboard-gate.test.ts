import { expect, test } from "vitest";
import { placeIn, slugIn } from "../src/dashboard/key";
import { type Sent, type Start, startOf } from "../src/dashboard/start";

const LOGIN: Sent = { page: "login", key: null, name: null, problem: "", isEnded: false };
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
