// A shared device: enrolled once, and from then on a name and a PIN let people in.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openHouse } from "./house.js";
import { choose, DESK, isLive, launch, openFor, PHONE } from "./screen.js";

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

/** A manager's browser, enrolled and signed out: it shows who may sign in. */
async function enrolled(viewport, name = "host stand") {
  const { page } = await openFor(browser, house, "manager", viewport);
  await choose(page, "Use this device for PINs");
  await page.getByLabel("Name of this device").fill(name);
  await page.getByRole("button", { name: "Enrol this device" }).click();
  await page.getByText(`This device is enrolled as ${name}`).waitFor();
  await page.getByRole("button", { name: "Done" }).click();
  await choose(page, "Sign out");
  await page.getByRole("heading", { name: "Who is signing in?" }).waitFor();
  return page;
}

async function tap(page, pin) {
  for (const digit of pin) await page.getByRole("button", { name: digit, exact: true }).click();
  await page.getByRole("button", { name: "Enter", exact: true }).click();
}

for (const [device, viewport] of [
  ["a desk", DESK],
  ["a phone", PHONE],
]) {
  test(`a manager enrols ${device}, and a waiter signs in there with a PIN`, async () => {
    const page = await enrolled(viewport);
    await page.getByRole("button", { name: "waiter", exact: true }).click();
    await page.getByRole("heading", { name: "waiter", exact: true }).waitFor();
    await tap(page, "1009");
    await page.getByRole("alert").getByText("That PIN is not right").waitFor();

    await tap(page, "1004");
    await isLive(page);
    await page.getByRole("button", { name: /^Account of waiter\b/ }).click();
    await page.getByRole("banner").getByText("Waiter", { exact: true }).waitFor();
    const offered = await page.getByRole("button", { name: "Use this device for PINs" }).count();
    assert.equal(offered, 0, "a waiter enrols no device");
    await page.context().close();
  });
}

test("a PIN is typed on the keyboard alone, and a mistyped digit taken back", async () => {
  const page = await enrolled(DESK);
  await page.getByRole("button", { name: "host", exact: true }).press("Enter");
  await page.getByRole("heading", { name: "host", exact: true }).waitFor();
  await page.keyboard.type("1009");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("3");
  await page.keyboard.press("Enter");
  await isLive(page);
  await page.getByRole("button", { name: /^Account of host\b/ }).waitFor();
  await page.context().close();
});

test("a reload of an enrolled device asks for a name, and a password still lets people in", async () => {
  const page = await enrolled(DESK);
  await page.reload();
  await page.getByRole("heading", { name: "Who is signing in?" }).waitFor();
  await page.getByRole("button", { name: "Sign in with a password" }).click();
  await page.getByRole("button", { name: "Sign in with a PIN" }).click();
  await page.getByRole("button", { name: "Sign in with a password" }).click();
  await page.getByLabel("Name or e-mail").fill("cashier");
  await page.getByLabel("Password").fill("maitred-demo");
  await page.getByLabel("Password").press("Enter");
  await isLive(page);
  await page.context().close();
});

test("a device that was revoked says so and asks for a password", async () => {
  const page = await enrolled(PHONE, "back door");
  await page.getByRole("button", { name: "kitchen", exact: true }).click();

  const admin = await openFor(browser, house, "admin");
  await choose(admin.page, "People and keys");
  await admin.page.getByRole("button", { name: "Devices" }).click();
  const row = admin.page.getByRole("listitem").filter({ hasText: "back door" });
  await row.getByRole("button", { name: /^Revoke/ }).click();
  await row.getByRole("button", { name: /^Revoke: sure\?/ }).click();
  await row.getByText("Revoked").waitFor();

  await tap(page, "1007");
  await page.getByRole("heading", { name: "Sign in to see the floor" }).waitFor();
  await page.getByRole("alert").getByText(/enrolled/).waitFor();
  await page.context().close();
  await admin.page.context().close();
});

test("too many wrong PINs close the pad for a while, and it says for how long", async () => {
  const page = await enrolled(DESK);
  await page.getByRole("button", { name: "analyst", exact: true }).click();
  const pad = page.getByRole("group", { name: "PIN of analyst" });
  const tooMany = page.getByRole("alert").getByText("Too many attempts.");
  const wrong = page.getByRole("alert").getByText("That PIN is not right");
  for (let tries = 0; tries < 30 && !(await tooMany.isVisible()); tries += 1) {
    await tap(page, "9999");
    await wrong.or(tooMany).waitFor();
  }
  await page.getByText(/Try again in \d+ s/).waitFor();
  assert.equal(await pad.getByRole("button", { name: "1", exact: true }).isDisabled(), true);
  await page.context().close();
});
