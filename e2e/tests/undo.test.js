// A step by mistake is taken back: with the keyboard on a desk, with a finger on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, floor, openHouse } from "./house.js";
import { DESK, launch, openTabs, PHONE, table, tabTo } from "./screen.js";

let browser;
let house;
before(async () => {
  house = await openHouse();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await house?.leave();
});

async function partyNamed(name) {
  const { floor: now, guests } = await floor(house);
  const guest = guests.find((it) => it.name === name);
  return now.parties.find((it) => it.guest_id === guest?.guest_id);
}

const bar = (page) => page.getByRole("group", { name: "Undo" });

test("on a desk, a seating is taken back with the keyboard", async () => {
  await ask(house, { command: "add_party", covers: 2, name: "Ada" });
  const [{ page, problems }] = await openTabs(browser, house, DESK, 1);
  await page.getByRole("button", { name: /Ada Waiting/ }).press("Enter");
  const seat = page.getByRole("button", { name: /^Seat at / });
  const number = (await seat.innerText()).replace("Seat at ", "");
  await seat.press("Enter");
  await table(page, number, "occupied").waitFor();
  await bar(page).getByText(`Ada seated at table ${number}`).waitFor();
  const undo = bar(page).getByRole("button", { name: "Undo" });
  await bar(page).hover(); // It stays meanwhile.
  await tabTo(page, undo);
  await page.keyboard.press("Enter");
  await bar(page).waitFor({ state: "detached" });
  await table(page, number, "available").waitFor();
  await page.getByRole("button", { name: /Ada Waiting/ }).waitFor();
  assert.equal((await partyNamed("Ada")).state, "waiting");
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("on a phone, a table that was closed by mistake is occupied again", async () => {
  await ask(house, { command: "seat_walk_in", table_ids: [8], covers: 2, guest: { name: "Bo" } });
  const [{ page, problems }] = await openTabs(browser, house, PHONE, 1, { hasTouch: true });
  await table(page, "8", "occupied").tap();
  await page.getByRole("button", { name: "Party has left, close the table" }).tap();
  await table(page, "8", "available").waitFor();
  await bar(page).getByText("Table 8 left").waitFor();
  await bar(page).getByRole("button", { name: "Undo" }).tap();
  await table(page, "8", "occupied").waitFor();
  await bar(page).waitFor({ state: "detached" });
  assert.equal((await partyNamed("Bo")).state, "seated");
  assert.deepEqual(problems, []);
  await page.context().close();
});

for (const [device, viewport] of [
  ["a desk", DESK],
  ["a phone", PHONE],
]) {
  test(`on ${device}, a party that did not come after all is back on the list`, async () => {
    await ask(house, { command: "add_party", covers: 2, name: `Cleo at ${device}` });
    const [{ page, problems }] = await openTabs(browser, house, viewport, 1);
    if (viewport === PHONE) await page.getByRole("button", { name: "Waitlist" }).click();
    const row = page.getByRole("button", { name: new RegExp(`Cleo at ${device}`) });
    await row.first().click();
    await page.getByRole("button", { name: "No-show", exact: true }).click();
    await page.getByRole("button", { name: "No-show: sure?" }).click();
    await bar(page).getByText("did not come").waitFor();
    await row.waitFor({ state: "detached" });
    await bar(page).getByRole("button", { name: "Undo" }).click();
    await row.first().waitFor();
    assert.deepEqual(problems, []);
    await page.context().close();
  });
}

test("what is undone is offered until somebody else builds on it, in the details too", async () => {
  await ask(house, { command: "add_party", covers: 2, name: "Dee" });
  const [mine, theirs] = await openTabs(browser, house, DESK, 2);
  await mine.page.getByRole("button", { name: /Dee/ }).click();
  await mine.page.getByRole("button", { name: "Arrived", exact: true }).click();
  await bar(mine.page).getByText("Dee arrived").waitFor();
  await theirs.page.getByRole("button", { name: /Dee/ }).click();
  await theirs.page.getByRole("button", { name: "Undo: arrived" }).waitFor();
  assert.equal(await bar(theirs.page).count(), 0, "it was not theirs");
  const { id: party_id } = await partyNamed("Dee");
  await ask(house, { command: "update_party", party_id, notes: "By the window" });
  await bar(mine.page).waitFor({ state: "detached" });
  await mine.page.getByRole("button", { name: "Undo: arrived" }).waitFor({ state: "detached" });

  const { floor: now } = await floor(house);
  const free = now.tables.find((it) => it.state === "available" && it.seats.max >= 2);
  await ask(house, { command: "seat_party", party_id, table_ids: [free.id] });
  await table(theirs.page, free.number, "occupied").click();
  await theirs.page.getByRole("button", { name: "Undo: Dee seated" }).click();
  await table(theirs.page, free.number, "available").waitFor();
  assert.equal((await partyNamed("Dee")).state, "arrived");
  assert.deepEqual([...mine.problems, ...theirs.problems], []);
  await mine.page.context().close();
});
