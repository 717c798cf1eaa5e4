// The door: signing out, and in again with the form.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, openHouse } from "./house.js";
import { choose, DESK, isLive, launch, MANAGER, openTabs, table } from "./screen.js";

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

test("who signs out stays out until the form lets them in", async () => {
  const [{ page }] = await openTabs(browser, house, DESK, 1);
  await choose(page, "Sign out");
  await page.getByRole("heading", { name: "Sign in to see the floor" }).waitFor();

  await page.getByLabel("Name or e-mail").fill(MANAGER.login);
  await page.getByLabel("Password").fill("not it");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText(/./).waitFor();

  await page.getByLabel("Password").fill(MANAGER.password);
  await page.getByLabel("Password").press("Enter");
  await isLive(page);
  assert.equal(await page.getByRole("button", { name: /^Table \d+/ }).count() > 0, true);
  await page.context().close();
});

for (const [login, offered] of [
  ["kitchen", []],
  ["cashier", ["Next: ordered"]],
  ["waiter", ["Next: ordered", "Party has left, close the table", "Move", "Assign", "Add party"]],
]) {
  test(`a ${login} is offered what a ${login} may do`, async () => {
    const page = await browser.newPage({ viewport: DESK });
    await page.request.post(`${house.url}/v1/sign-in`, { data: { login, password: MANAGER.password } });
    await page.goto(house.url);
    await isLive(page);
    const found = [];
    for (const name of ["Add party", "Next: ordered", "Party has left, close the table", "Move", "Assign"]) {
      if (name !== "Add party") await table(page, "7").click();
      if (await page.getByRole("button", { name, exact: true }).isVisible()) found.push(name);
    }
    assert.deepEqual(found.sort(), [...offered].sort());
    await page.context().close();
  });
}
