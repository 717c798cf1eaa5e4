// The floor page in a real browser, on a desk and on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { ask, floor, openHouse } from "./house.js";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser;
let house;
before(async () => {
  house = await openHouse();
  browser = await chromium.launch({ executablePath, args: flags });
});
after(async () => {
  await browser?.close();
  await house?.leave();
});

/** Opens the floor page and waits until it shows the floor. */
async function open(viewport) {
  const page = await browser.newPage({ viewport });
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto(house.url);
  await page.getByRole("heading", { name: "Harbour House" }).first().waitFor();
  return { page, problems };
}

/** The table as the page shows it, on the plan or in the list. */
function table(page, number) {
  return page.locator(`[data-table-number="${number}"]`).first();
}

for (const [device, viewport] of [
  ["a desk", { width: 1440, height: 900 }],
  ["a phone", { width: 390, height: 844 }],
]) {
  test(`two tabs on ${device} show a seating at the same moment`, async () => {
    const one = await open(viewport);
    const two = await open(viewport);
    const seated = await ask(house, { command: "seat_walk_in", table_ids: [7], covers: 3, guest: { name: "Ada" } });
    for (const { page } of [one, two]) {
      await table(page, "7").filter({ hasText: "Occupied" }).waitFor();
    }
    const { turn_id: turnId } = seated.events.find((it) => it.event === "party_seated");
    await ask(house, { command: "close_turn", turn_id: turnId });
    for (const { page, problems } of [one, two]) {
      await table(page, "7").filter({ hasText: "Available" }).waitFor();
      assert.deepEqual(problems, []);
      await page.close();
    }
  });
}

test("a table is seated from the page itself, by keyboard alone", async () => {
  const { page } = await open({ width: 1440, height: 900 });
  await table(page, "12").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /walk-in/i }).first().focus();
  await page.keyboard.press("Enter");
  await table(page, "12").filter({ hasText: "Occupied" }).waitFor();
  const now = await floor(house);
  assert.equal(now.floor.tables.find((it) => it.number === "12").state, "occupied");
  await page.close();
});

test("the page says that the line is down, and recovers by itself when the program is back", async () => {
  const { page } = await open({ width: 1440, height: 900 });
  await house.stop("SIGKILL");
  await page.locator('[data-connection]:not([data-connection="live"])').first().waitFor();
  house = await openHouse({ data: house.data, port: house.port });
  await page.locator('[data-connection="live"]').first().waitFor({ timeout: 60_000 });
  await ask(house, { command: "set_table_state", table_id: 3, state: "dirty" });
  await table(page, "3").filter({ hasText: "Dirty" }).waitFor();
  await page.close();
});
