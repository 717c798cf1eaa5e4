// One's own sign-ins, and what becomes of a page when its sign-in or its role does not last.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, openHouse } from "./house.js";
import { choose, launch, openFor, PHONE, table } from "./screen.js";

let browser;
let house;
before(async () => {
  house = await openHouse();
  browser = await launch();
  await ask(house, { command: "seat_walk_in", table_ids: [7], covers: 3 });
});
after(async () => {
  await browser?.close();
  await house?.leave();
});

test("my sign-ins shows both of two, and ending the other leads that browser to the door", async () => {
  const here = await openFor(browser, house, "host");
  const there = await openFor(browser, house, "host", PHONE);
  await choose(here.page, "My sign-ins");
  const list = here.page.getByRole("dialog", { name: "My sign-ins" });
  await list.getByText("This one").waitFor();
  assert.equal(await list.getByRole("listitem").count(), 2);

  await list.getByRole("button", { name: /^End/ }).click();
  await list.getByRole("button", { name: /^End: sure\?/ }).click();
  await there.page.getByRole("heading", { name: "Sign in to see the floor" }).waitFor();
  await list.getByText("You are signed in nowhere else.").waitFor();
  assert.equal(await list.getByRole("listitem").count(), 1);
  assert.deepEqual(here.problems, []);
  await here.page.context().close();
  await there.page.context().close();
});

test("a waiter who is put into the kitchen loses the buttons", async () => {
  const waiter = await openFor(browser, house, "waiter");
  await table(waiter.page, "7").click();
  const move = waiter.page.getByRole("button", { name: "Move", exact: true });
  const addParty = waiter.page.getByRole("button", { name: "Add party" });
  await move.waitFor();

  const admin = await openFor(browser, house, "admin");
  await choose(admin.page, "People and keys");
  await admin.page.getByRole("button", { name: /^waiter / }).click();
  const form = admin.page.getByRole("form", { name: "waiter" });
  await form.getByLabel("Waiter").uncheck();
  await form.getByLabel("Kitchen").check();
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText("Saved.").waitFor();
  await move.waitFor({ state: "detached" });
  await waiter.page.keyboard.press("Escape");
  assert.equal(await addParty.count(), 0);

  assert.deepEqual(waiter.problems, []);
  await waiter.page.context().close();
  await admin.page.context().close();
});
