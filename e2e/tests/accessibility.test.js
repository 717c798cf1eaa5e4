// What axe-core finds: nothing serious, nothing critical.

import { after, before, test } from "node:test";
import { assertFit } from "./fit.js";
import { ask, openHouse } from "./house.js";
import { choose, DESK, launch, openFor, openTabs, PHONE, table } from "./screen.js";

let browser;
let house;
before(async () => {
  house = await openHouse();
  browser = await launch();
  await ask(house, { command: "seat_walk_in", table_ids: [7], covers: 3, guest: { name: "Ada" } });
  const wishes = { notes: "Birthday", requests: "By the window", dietary: ["vegan"], email: "bo@example.com" };
  await ask(house, { command: "add_party", covers: 2, name: "Bo", quote: { from_minutes: 0, to_minutes: 10 }, ...wishes });
  for (const [table_id, state] of [[1, "dirty"], [2, "blocked"], [3, "maintenance"], [4, "reserved"]]) {
    await ask(house, { command: "set_table_state", table_id, state });
  }
});
after(async () => {
  await browser?.close();
  await house?.leave();
});

for (const colorScheme of ["light", "dark"]) {
  test(`a desk, ${colorScheme}: plan, list, details, form, choice and sign-in`, async () => {
    const [{ page }] = await openTabs(browser, house, DESK, 1, { colorScheme, reducedMotion: "reduce" });
    await assertFit(page, "plan");
    await table(page, "7").click();
    await assertFit(page, "details");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Add party" }).click();
    await page.getByText("Requests, dietary, e-mail").click();
    await page.getByText(/table .* free/).waitFor();
    await assertFit(page, "form");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /Bo/ }).click();
    await page.getByRole("button", { name: "Notify" }).click();
    // It stays for as long as somebody points at it.
    await page.getByRole("group", { name: "Undo" }).hover();
    await assertFit(page, "undo");
    await page.getByRole("group", { name: "Undo" }).getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Notify" }).waitFor();
    await page.getByRole("button", { name: "Choose table…" }).click();
    await table(page, "12").click();
    await assertFit(page, "choice");
    await page.getByRole("button", { name: "List" }).click();
    await assertFit(page, "list");
    await page.keyboard.press("Escape");
    await choose(page, "Sign out");
    await page.getByRole("heading", { name: "Sign in to see the floor" }).waitFor();
    await assertFit(page, "sign-in");
    await page.context().close();
  });
}

test("a phone: list, details, plan, waitlist and form", async () => {
  const [{ page }] = await openTabs(browser, house, PHONE, 1, { reducedMotion: "reduce" });
  await assertFit(page, "list");
  await table(page, "7").click();
  await assertFit(page, "details");
  await page.getByRole("button", { name: "Party has left, close the table" }).click();
  await page.getByRole("group", { name: "Undo" }).hover();
  await assertFit(page, "undo");
  await page.getByRole("group", { name: "Undo" }).getByRole("button", { name: "Undo" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Plan" }).click();
  await assertFit(page, "plan");
  await page.getByRole("button", { name: "Waitlist" }).click();
  await assertFit(page, "waitlist");
  await page.getByRole("button", { name: "Add party" }).click();
  await assertFit(page, "form");
  await page.context().close();
});

for (const [device, viewport] of [
  ["a desk", DESK],
  ["a phone", PHONE],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${device}, ${colorScheme}: the account's pages, people and keys, and an enrolled door`, async () => {
      const { page } = await openFor(browser, house, "admin", viewport, { colorScheme, reducedMotion: "reduce" });
      await page.getByRole("button", { name: /^Account of / }).click();
      await assertFit(page, "menu");
      await page.keyboard.press("Escape");
      await choose(page, "My sign-ins");
      await page.getByText("This one").waitFor();
      await assertFit(page, "my sign-ins");
      await page.keyboard.press("Escape");
      await choose(page, "Change password");
      await assertFit(page, "change password");
      await page.keyboard.press("Escape");

      await choose(page, "People and keys");
      await page.getByRole("button", { name: /^waiter2 / }).waitFor();
      await assertFit(page, "people");
      await page.getByRole("button", { name: /^waiter2 / }).click();
      await assertFit(page, "person");
      await page.getByRole("button", { name: "API keys" }).click();
      await page.getByLabel("What it is for").fill(`kiosk, ${device}, ${colorScheme}`);
      await page.getByRole("button", { name: "Add key" }).click();
      await page.getByText("it is not shown again").waitFor();
      await assertFit(page, "keys");
      await page.getByRole("button", { name: "Devices" }).click();
      await assertFit(page, "devices");
      await page.keyboard.press("Escape");

      await choose(page, "Use this device for PINs");
      await assertFit(page, "device");
      await page.getByLabel("Name of this device").fill("host stand");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Done" }).click();
      await choose(page, "Sign out");
      await page.getByRole("heading", { name: "Who is signing in?" }).waitFor();
      await assertFit(page, "who is signing in");
      await page.getByRole("button", { name: "waiter", exact: true }).click();
      await page.keyboard.type("10");
      await assertFit(page, "PIN pad");
      await page.context().close();
    });
  }
}
