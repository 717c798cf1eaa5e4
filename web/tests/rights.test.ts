/** The page's table of rights is the one in the protocol. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rightsOf } from "../src/rights";
import { pagesFor } from "../src/view/account/pages";
import type { Role } from "../src/wire";

const PROTOCOL = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");

/** The cells of the protocol's line for a group of commands, by the roles in its head. */
function column(group: string): Record<string, boolean> {
  const lines = PROTOCOL.split("\n").map((it) => it.split("|").map((cell) => cell.replaceAll("`", "").trim()));
  const roles = lines.find((it) => it[1] === "group") ?? [];
  const line = lines.find((it) => it[1] === group) ?? [];
  const cells = roles.slice(2, -1).flatMap((names, index) =>
    names.split(", ").map((name): [string, boolean] => [name, line[index + 2] === "yes"]),
  );
  return Object.fromEntries(cells);
}

test("a role is shown what the server lets it do", () => {
  const roles: Role[] = ["admin", "manager", "host", "waiter", "cashier", "kitchen", "analyst"];
  const [serves, stages] = [column("door, service"), column("advance_stage")];
  const [people, house] = [column("people"), column("house")];
  expect(Object.keys(serves)).toEqual(roles);
  for (const role of roles) {
    expect(rightsOf([role]), role).toEqual({
      door: serves[role],
      service: serves[role],
      stage: stages[role],
      devices: house[role],
      people: people[role],
    });
  }
});

test("several roles may do what any of them may", () => {
  const nothing = { door: false, service: false, stage: false, devices: false, people: false };
  expect(rightsOf(["kitchen", "cashier"])).toEqual({ ...nothing, stage: true });
  expect(rightsOf([])).toEqual(nothing);
});

test("the menu of an account has what its role may do", () => {
  expect(pagesFor(rightsOf(["admin"]))).toEqual(["sign_ins", "password", "pin", "device", "people"]);
  expect(pagesFor(rightsOf(["manager"]))).toEqual(["sign_ins", "password", "pin", "device"]);
  expect(pagesFor(rightsOf(["host"]))).toEqual(["sign_ins", "password", "pin"]);
});
