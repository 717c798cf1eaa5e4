// The waitlist and the door: parties come, change, and are brought to tables that somebody taps.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, floor, openHouse } from "./house.js";
import { DESK, launch, openTabs, PHONE, table } from "./screen.js";

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

for (const [device, viewport, name] of [
  ["a desk", DESK, "Ada"],
  ["a phone", PHONE, "Bo"],
]) {
  test(`a party is added with the form on ${device}, and a fault is told at its field`, async () => {
    const [{ page, problems }] = await openTabs(browser, house, viewport, 1);
    if (viewport === PHONE) await page.getByRole("button", { name: "Waitlist" }).click();
    await page.getByRole("button", { name: "Add party" }).click();
    const form = page.getByRole("form", { name: "Add a party" });
    await form.getByLabel("Name").fill(name);
    await form.getByRole("button", { name: "More covers" }).click();
    await form.getByLabel("Quote from").fill("30");
    await form.getByLabel("Quote to").fill("20");
    await form.getByLabel("Phone").fill("555 0100");
    await form.getByRole("button", { name: "Add party of 3" }).click();
    await form.getByRole("alert").getByText("Must not be above").waitFor();
    assert.equal(await form.getByLabel("Quote from").getAttribute("aria-invalid"), "true");

    await form.getByLabel("Quote from").fill("15");
    await page.keyboard.press("Enter");
    await form.waitFor({ state: "detached" });
    await page.getByRole("button", { name: `3 covers ${name} Waiting` }).waitFor();
    const party = await partyNamed(name);
    assert.deepEqual(party.quote, { from_minutes: 15, to_minutes: 20 });
    assert.deepEqual(problems, []);
    await page.context().close();
  });
}

test("a large party is seated at two tables by tapping them", async () => {
  await ask(house, { command: "add_party", covers: 6, name: "Cleo" });
  const [{ page, problems }] = await openTabs(browser, house, DESK, 1);
  await page.getByRole("button", { name: /Cleo/ }).click();
  await page.getByRole("button", { name: "Choose table…" }).click();
  const bar = page.getByRole("region", { name: /Seat Cleo/ });
  await table(page, "4").click();
  await bar.getByText("4 seats for 6").waitFor();
  await table(page, "5").click();
  await bar.getByText("tables 4 + 5").waitFor();
  await bar.getByRole("button", { name: "Seat", exact: true }).click();
  await table(page, "4", "occupied").waitFor();
  await table(page, "5", "occupied").waitFor();
  await bar.waitFor({ state: "detached" });
  assert.equal((await partyNamed("Cleo")).state, "seated");
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("a table is reserved for a party, which is then offered it first; a party that will not come is taken off", async () => {
  await ask(house, { command: "add_party", covers: 2, name: "Dee" });
  const [{ page }] = await openTabs(browser, house, DESK, 1);
  await page.getByRole("button", { name: /Dee/ }).click();
  await page.getByRole("button", { name: "Reserve table…" }).click();
  await table(page, "10").click();
  await page.getByRole("region", { name: /Reserve for Dee/ }).getByRole("button", { name: "Reserve" }).click();
  await table(page, "10", "reserved").waitFor();
  await page.getByRole("button", { name: "Seat at 10" }).waitFor();

  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("button", { name: "Cancel: sure?" }).click();
  await table(page, "10", "available").waitFor();
  assert.equal((await partyNamed("Dee")).state, "cancelled");
  await page.context().close();
});

test("covers, waiter and table of a turn are changed in its details", async () => {
  await ask(house, { command: "seat_walk_in", table_ids: [8], covers: 2 });
  const [{ page, problems }] = await openTabs(browser, house, PHONE, 1);
  await table(page, "8", "occupied").click();
  await page.getByRole("button", { name: "More covers" }).click();
  await page.getByRole("button", { name: "Set to 3" }).click();
  await page.getByText("3 of 4").first().waitFor();
  await page.getByLabel("Waiter").selectOption("waiter2");
  await page.getByRole("button", { name: "Assign" }).click();
  await page.getByRole("definition").getByText("waiter2").waitFor();

  await page.getByRole("button", { name: "Choose tables on the floor…" }).click();
  await table(page, "12").click();
  await page.getByRole("region", { name: /Move table 8/ }).getByRole("button", { name: "Move" }).click();
  await table(page, "12", "occupied").waitFor();
  await table(page, "8", "available").waitFor();
  const now = await floor(house);
  const turn = now.floor.turns.find((it) => it.table_ids.includes(12));
  assert.deepEqual([turn.covers, turn.table_ids], [3, [12]]);
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("a party that comes is quoted the wait of the house, unless somebody knows better", async () => {
  const { floor: now } = await floor(house);
  const others = now.tables.filter((it) => it.state !== "occupied" && it.number !== "20");
  const block = others.map((it) => ({ command: "set_table_state", table_id: it.id, state: "blocked" }));
  await ask(house, { command: "batch", commands: block });
  const twenty = now.tables.find((it) => it.number === "20");
  await ask(house, { command: "seat_walk_in", table_ids: [twenty.id], covers: 2, force: true });
  const [{ page, problems }] = await openTabs(browser, house, DESK, 1);
  await page.getByRole("button", { name: "Add party" }).click();
  const form = page.getByRole("form", { name: "Add a party" });
  await form.getByText(/^Quote \d+–\d+ min, .* first\.$/).waitFor();
  const from = form.getByLabel("Quote from");
  const [suggested, to] = [await from.inputValue(), await form.getByLabel("Quote to").inputValue()];
  assert.ok(Number(suggested) > 0 && Number(to) > Number(suggested), `${suggested} to ${to}`);

  await from.fill("5");
  await form.getByRole("textbox", { name: "covers" }).fill("60");
  await page.keyboard.press("Tab");
  await form.getByText(/^No single table has more than/).waitFor();
  assert.equal(await from.inputValue(), "5");
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("what somebody asks for and does not eat is written down, and shown where they are served", async () => {
  const [{ page, problems }] = await openTabs(browser, house, PHONE, 1);
  await page.getByRole("button", { name: "Waitlist" }).click();
  await page.getByRole("button", { name: "Add party" }).click();
  const form = page.getByRole("form", { name: "Add a party" });
  await form.getByLabel("Name").fill("Eve");
  await form.getByText("Requests, dietary, e-mail").click();
  await form.getByLabel("Requests").fill("High chair");
  await form.getByLabel("Dietary").fill("vegan, no nuts, " + "x".repeat(61));
  await form.getByLabel("E-mail").fill("eve@example.com");
  await form.getByRole("button", { name: "Add party of 2" }).click();
  await form.getByRole("alert").waitFor();
  assert.equal(await form.getByLabel("Dietary").getAttribute("aria-invalid"), "true");
  await form.getByLabel("Dietary").fill("vegan, no nuts");
  await form.getByRole("button", { name: "Add party of 2" }).click();
  await page.getByRole("button", { name: /Eve Waiting/ }).click();
  await page.getByText("Dietary vegan, no nuts").waitFor();
  await page.getByText("Requests High chair").waitFor();
  await page.getByText("eve@example.com").waitFor();

  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByRole("form", { name: "Edit Eve" }).getByLabel("Dietary").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Dietary vegan, no nuts").waitFor({ state: "detached" });
  const { guests } = await floor(house);
  const eve = guests.find((it) => it.name === "Eve");
  assert.equal(eve.requests, "High chair");
  assert.equal(eve.dietary, undefined);
  assert.deepEqual(problems, []);
  await page.context().close();
});
