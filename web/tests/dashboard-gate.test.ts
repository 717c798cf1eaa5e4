import { expect, test } from "vitest";
import { placeOf } from "../src/dashboard/key";
import { type Sent, type Start, startOf } from "../src/dashboard/start";

const LOGIN: Sent = { page: "login", key: null, problem: "", isEnded: false };
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

test("a token says which restaurant it is for, an opaque key does not", () => {
  expect(placeOf(token({ sub: "admin:bistro", sid: "bistro~ÿ", n: 1 }))).toMatch(/^bistro~/);
  for (const key of ["", "a1b2c3d4e5f6", "a.b.c", token(7), token({ sid: 4 })]) expect(placeOf(key)).toBeNull();
});
