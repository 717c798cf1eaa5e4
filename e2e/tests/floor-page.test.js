// The floor page in a real browser, on a desk and on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, floor, openHouse } from "./house.js";
import { DESK, launch, openTabs, PHONE, tabTo, table } from "./screen.js";

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

for (const [device, viewport] of [
  ["a desk", DESK],
  ["a phone", PHONE],
]) {
  test(`two tabs on ${device} show a seating at the same moment`, async () => {
    const tabs = await openTabs(browser, house, viewport, 2);
    const seated = await ask(house, { command: "seat_walk_in", table_ids: [7], covers: 3, guest: { name: "Ada" } });
    await Promise.all(tabs.map(({ page }) => table(page, "7", "occupied").waitFor()));
    for (const { page } of tabs) await page.getByText("Ada").first().waitFor();

    const { turn_id } = seated.events.find((it) => it.event === "party_seated");
    await ask(house, { command: "close_turn", turn_id });
    await Promise.all(tabs.map(({ page }) => table(page, "7", "(available|dirty)").waitFor()));
    for (const { problems } of tabs) assert.deepEqual(problems, []);
    await tabs[0].page.context().close();
  });
}

test("a table is seated from the page itself, by keyboard alone", async () => {
  const [{ page, problems }] = await openTabs(browser, house, DESK, 1);
  await tabTo(page, table(page, "12"));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Table 12" }).waitFor();
  await tabTo(page, page.getByRole("button", { name: "Seat 2 here" }));
  await page.keyboard.press("Enter");
  await table(page, "12", "occupied").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await table(page, "12").evaluate((it) => it === document.activeElement), true, "the focus went back");

  const now = await floor(house);
  assert.equal(now.floor.tables.find((it) => it.number === "12").state, "occupied");
  assert.deepEqual(problems, []);
  await page.context().close();
});
