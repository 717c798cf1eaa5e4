import { expect, test } from "vitest";
import { entriesOf, newPersonOf, patchOf, waysText } from "../src/person-form";
import type { StaffEntry } from "../src/wire";
import { rolesText } from "../src/words";

const BO: StaffEntry = {
  staff_id: 4,
  name: "Bo",
  roles: ["waiter", "host"],
  active: true,
  login: "bo",
  email: "bo@example.org",
  has_password: true,
  has_pin: false,
};

test("somebody new is sent with what is known of them", () => {
  const entries = { ...entriesOf(null), name: " Ada ", roles: ["waiter" as const, "host" as const] };
  expect(newPersonOf(entries)).toEqual({ name: "Ada", roles: ["host", "waiter"] });
  const all = { ...entries, login: "ada", email: " ada@example.org ", password: " with spaces ", pin: "0042" };
  expect(newPersonOf(all)).toMatchObject({ login: "ada", email: "ada@example.org", password: " with spaces ", pin: "0042" });
});

test("only what was changed about a person is sent", () => {
  expect(patchOf(entriesOf(BO), BO)).toEqual({});
  expect(patchOf({ ...entriesOf(BO), roles: ["host", "waiter"] }, BO)).toEqual({});
  expect(patchOf({ ...entriesOf(BO), roles: ["kitchen"], email: "" }, BO)).toEqual({ roles: ["kitchen"], email: null });
});

test("who cannot sign in yet is told apart from who can", () => {
  expect(waysText(BO)).toBe("password, no PIN");
  expect(waysText({ has_password: false, has_pin: true })).toBe("PIN, no password");
  expect(waysText({ has_password: false, has_pin: false })).toBe("cannot sign in yet");
});

test("roles are told from most rights to least", () => {
  expect(rolesText(["waiter", "manager"])).toBe("Manager, waiter");
  expect(rolesText([])).toBe("No role");
});
