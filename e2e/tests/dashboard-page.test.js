// The manager's dashboard in a real browser: signing in, everything that is done to tables, and what goes wrong.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import WebSocket from "ws";
import { button, openDashboard, openLogin, press, scan, signInAsStaff, signInWithKey, tile, toast } from "./dashboard.js";
import { assertFit } from "./fit.js";
import { ask, floor, openHouse } from "./house.js";
import { DESK, isLive, launch, MANAGER, PHONE, tabTo } from "./screen.js";

/** The manager's API key of restaurant 2. */
const OTHER_KEY = "demo-key-restaurant-2";

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

async function seat(number) {
  const { events } = await ask(house, { command: "seat_walk_in", table_ids: [number], covers: 2 });
  return events.find((it) => it.event === "party_seated").turn_id;
}

async function stateOf(number) {
  const now = await floor(house);
  return now.floor.tables.find((it) => it.number === String(number)).state;
}

async function isFocused(locator) {
  return locator.evaluate((it) => it === document.activeElement);
}

const heading = (page) => page.getByRole("heading", { name: "Sign in to see the tables" });

test("an API key opens the dashboard, which a reload brings again, until somebody signs out", async () => {
  const { page, problems } = await openLogin(browser, house, DESK);
  await signInWithKey(page);
  await isLive(page);
  await page.getByRole("heading", { name: "Harbour House", level: 1 }).waitFor();
  await page.getByText("No pending requests").waitFor();
  assert.equal(await page.getByRole("article").count(), 20);
  assert.equal(new URL(page.url()).pathname, "/admin/dashboard");
  await page.reload();
  await isLive(page);

  await page.getByRole("button", { name: "Sign out" }).click();
  await heading(page).waitFor();
  await page.goto(`${house.url}/admin/dashboard`);
  await heading(page).waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem("apiKey")), null);
  // Whoever has only a key has no sign-in to end, and none that gives another key.
  assert.deepEqual(problems.filter((it) => !it.includes("401")), []);
  await page.context().close();
});

test("a wrong API key says so, and a key from before does not get in its way", async () => {
  const { page } = await openLogin(browser, house, DESK);
  await signInWithKey(page, "not-a-key");
  await page.getByRole("alert").getByText("Invalid API Key").waitFor();
  await page.reload();
  await heading(page).waitFor();
  assert.equal(await page.getByText("Invalid API Key").count(), 0, "a reload does not send it again");
  await signInWithKey(page);
  await isLive(page);
  await page.context().close();
});

test("staff sign in with their own name", async () => {
  const { page } = await openLogin(browser, house, DESK);
  await signInAsStaff(page, MANAGER.login, "not it at all");
  await page.getByRole("alert").getByText(/./).waitFor();
  await signInAsStaff(page, MANAGER.login, MANAGER.password);
  await isLive(page);
  await page.reload();
  await isLive(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await heading(page).waitFor();
  await page.goto(`${house.url}/admin/dashboard`);
  await heading(page).waitFor();
  await page.context().close();
});

test("a key that does not hold any more is replaced without a word, as long as the sign-in holds", async () => {
  const { page } = await openLogin(browser, house, DESK);
  await signInAsStaff(page, MANAGER.login, MANAGER.password);
  await isLive(page);
  await page.goto(`${house.url}/admin/login`);
  await isLive(page);
  await page.evaluate(() => localStorage.setItem("apiKey", "run-out"));
  await page.goto(`${house.url}/admin/login`);
  await isLive(page);
  assert.notEqual(await page.evaluate(() => localStorage.getItem("apiKey")), "run-out");
  await page.context().close();
});

test("a key that does not hold any more, without a sign-in, leads to the form that says so", async () => {
  const { page } = await openLogin(browser, house, DESK);
  await page.evaluate(() => localStorage.setItem("apiKey", "run-out"));
  await page.reload();
  await page.getByText("Your sign-in has ended.").waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem("apiKey")), null);
  await signInWithKey(page);
  await isLive(page);
  await page.context().close();
});

test("a sign-in that somebody ends closes the dashboard that lives on it", async () => {
  const { page } = await openLogin(browser, house, DESK);
  await signInAsStaff(page, MANAGER.login, MANAGER.password);
  await isLive(page);
  await page.request.post(`${house.url}/v1/sign-out`);
  await page.getByText("Your sign-in has ended.").waitFor();
  await page.context().close();
});

test("a table is closed, restored, closed, cleaned, disabled and enabled", async () => {
  await seat(6);
  const { page, problems } = await openDashboard(browser, house, DESK);
  await tile(page, 6, "occupied, idle for 0 minutes").waitFor();
  await button(page, "Close", 6).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
  assert.equal(await stateOf(6), "occupied");
  await press(page, "Close", 6);
  await toast(page, "Table 6 is open").waitFor();
  await press(page, "Restore", 6);
  await toast(page, "Table 6 is occupied").waitFor();
  await press(page, "Close", 6);
  await tile(page, 6, "open").waitFor();

  await ask(house, { command: "set_table_state", table_id: 6, state: "dirty" });
  await press(page, "Clean, ready", 6);
  await toast(page, "Table 6 is clean and ready").waitFor();
  await press(page, "Disable", 6);
  await toast(page, "Table 6 is disabled").waitFor();
  assert.equal(await stateOf(6), "blocked");
  await press(page, "Enable", 6);
  await tile(page, 6, "open").waitFor();
  assert.equal(await stateOf(6), "available");
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("a reserved table is shown as that and left to the door", async () => {
  await ask(house, { command: "set_table_state", table_id: 4, state: "reserved" });
  const { page } = await openDashboard(browser, house, DESK);
  await tile(page, 4, "reserved").waitFor();
  assert.equal(await tile(page, 4).getByRole("button").count(), 0);
  await ask(house, { command: "set_table_state", table_id: 4, state: "available" });
  await toast(page, "Table 4 is not reserved any more").waitFor();
  await page.context().close();
});

for (const [device, viewport, looks] of [
  ["a desk", DESK, {}],
  ["a phone", PHONE, { hasTouch: true, isMobile: true }],
]) {
  test(`on ${device} a party is moved with two taps`, async () => {
    const turnId = await seat(5);
    const { page, problems } = await openDashboard(browser, house, viewport, looks);
    const tap = (it) => (looks.hasTouch ? it.tap() : it.click());
    await tap(button(page, "Move", 5));
    await page.getByText("Moving table 5. Choose an open table.").waitFor();
    await tap(page.getByRole("button", { name: /^Cancel/ }));
    await tap(button(page, "Move", 5));
    // Anywhere on the tile, not only on its button.
    await tap(tile(page, 9));
    await tile(page, 9, "occupied").waitFor();
    await tile(page, 5, "open").waitFor();
    await toast(page, "Table 9 is occupied").waitFor();
    await page.getByText("Moved from table 5").waitFor();
    await ask(house, { command: "close_turn", turn_id: turnId });
    assert.deepEqual(problems, []);
    await page.context().close();
  });
}

test("a party is moved by dragging its table onto an open one, and onto no other", async () => {
  const [turnId, other] = [await seat(5), await seat(2)];
  const { page, problems } = await openDashboard(browser, house, DESK);
  await tile(page, 5, "occupied").dragTo(tile(page, 2));
  await page.getByText(/^Moving table/).waitFor({ state: "detached" });
  assert.equal(await stateOf(5), "occupied");
  await tile(page, 5, "occupied").dragTo(tile(page, 13));
  await tile(page, 13, "occupied").waitFor();
  await tile(page, 5, "open").waitFor();
  for (const turn_id of [turnId, other]) await ask(house, { command: "close_turn", turn_id });
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("a move is given up when somebody else was faster", async () => {
  const turn_id = await seat(5);
  const { page } = await openDashboard(browser, house, DESK);
  await button(page, "Move", 5).click();
  await ask(house, { command: "close_turn", turn_id });
  await toast(page, "Nothing was moved").waitFor();
  assert.equal(await page.getByRole("button", { name: /^Move here/ }).count(), 0);
  await page.context().close();
});

test("a question is taken back when somebody else was faster", async () => {
  const turn_id = await seat(5);
  const { page } = await openDashboard(browser, house, DESK);
  await button(page, "Close", 5).click();
  await page.getByRole("alertdialog").waitFor();
  await ask(house, { command: "close_turn", turn_id });
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await page.context().close();
});

test("a question that was taken back does not come again with the next party, and the focus stays at its table", async () => {
  const turn_id = await seat(5);
  const { page } = await openDashboard(browser, house, DESK);
  await button(page, "Close", 5).click();
  await page.getByRole("alertdialog").waitFor();
  await ask(house, { command: "close_turn", turn_id });
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await tile(page, 5, "open").and(page.locator(":focus")).waitFor();
  await ask(house, { command: "restore_turn", table_id: 5 });
  await tile(page, 5, "occupied").waitFor();
  assert.equal(await page.getByRole("alertdialog").count(), 0);
  await ask(house, { command: "close_turn", turn_id });
  await page.context().close();
});

test("a double tap does what one tap does", async () => {
  await ask(house, { command: "close_turn", turn_id: await seat(16) });
  await ask(house, { command: "set_table_state", table_id: 16, state: "blocked" });
  const { page } = await openDashboard(browser, house, DESK);
  // The second tap comes the moment that there is another button under the finger.
  await tile(page, 16).evaluate((it) => {
    const tapped = new Set();
    const tap = () => {
      for (const other of it.querySelectorAll(".restore, .disable")) {
        if (!tapped.has(other)) other.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
        tapped.add(other);
      }
      globalThis.taps = tapped.size;
    };
    new MutationObserver(tap).observe(it, { subtree: true, childList: true });
  });
  await button(page, "Enable", 16).click();
  await tile(page, 16, "open").waitFor();
  assert.equal(await page.evaluate(() => globalThis.taps), 2);
  assert.equal(await page.getByRole("alertdialog").count(), 0);
  await button(page, "Restore", 16).and(page.locator('[aria-disabled="false"]')).waitFor();
  assert.equal(await stateOf(16), "available");
  await page.context().close();
});

test("two tabs show two restaurants, also after a reload, and one that leaves takes the other's key not along", async () => {
  const { page } = await openLogin(browser, house, DESK);
  await signInWithKey(page);
  await isLive(page);
  const name = (it) => it.getByRole("heading", { level: 1 }).textContent();
  const other = await page.context().newPage();
  await other.goto(`${house.url}/admin/login`);
  await isLive(other);
  assert.equal(await name(other), "Harbour House", "a new tab begins with what is kept, and knows its name");
  await other.getByRole("button", { name: "Sign out" }).click();
  await heading(page).waitFor();
  await heading(other).waitFor();

  await signInWithKey(page);
  await isLive(page);
  // As by a link of its own: in this tab there was no key yet.
  const third = await page.context().newPage();
  await third.goto(`${house.url}/docs/admin.html`);
  await third.evaluate(() => localStorage.removeItem("apiKey"));
  await heading(page).waitFor();
  await third.goto(`${house.url}/admin/login`);
  await signInWithKey(third, OTHER_KEY);
  await isLive(third);
  await signInWithKey(page);
  await isLive(page);
  const theirs = await name(third);
  assert.notEqual(theirs, "Harbour House");
  await third.reload();
  await isLive(third);
  assert.equal(await name(third), theirs);
  await page.reload();
  await isLive(page);
  assert.equal(await name(page), "Harbour House");
  await third.getByRole("button", { name: "Sign out" }).click();
  await heading(third).waitFor();
  await page.reload();
  await isLive(page);
  assert.equal(await name(page), "Harbour House");
  await page.context().close();
});

test("by keyboard alone a table is moved and closed, and the focus stays with it", async () => {
  await seat(7);
  const { page, problems } = await openDashboard(browser, house, DESK);
  await tabTo(page, button(page, "Move", 7));
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  assert.equal(await isFocused(button(page, "Move", 7)), true, "Escape leads back to where it began");
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowRight");
  assert.equal(await isFocused(button(page, "Move here", 8)), true, "an arrow leads to the next table");
  await page.keyboard.press("Enter");
  await tile(page, 8, "occupied").waitFor();

  await button(page, "Close", 8).and(page.locator(":focus")).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await isFocused(button(page, "Close", 8)), true, "Escape leads back to the button");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await tile(page, 8, "open").waitFor();
  await button(page, "Disable", 8).and(page.locator(":focus")).waitFor();
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("two dashboards and the floor itself show the same", async () => {
  const [one, other] = [await openDashboard(browser, house, DESK), await openDashboard(browser, house, PHONE)];
  const turn_id = await seat(10);
  await Promise.all([one, other].map(({ page }) => toast(page, "Table 10 is occupied").waitFor()));
  await press(one.page, "Close", 10);
  await toast(other.page, "Table 10 is open").waitFor();
  const now = await floor(house);
  assert.equal(now.floor.turns.some((it) => it.id === turn_id), false);
  for (const { page, problems } of [one, other]) {
    assert.deepEqual(problems, []);
    await page.context().close();
  }
});

test("a refusal is told in the server's words, and the table can be tried again", async () => {
  const { page } = await openDashboard(browser, house, DESK);
  await press(page, "Restore", 19);
  await toast(page, "Not done").waitFor();
  await button(page, "Restore", 19).and(page.locator('[aria-disabled="false"]')).waitFor();
  await page.context().close();
});

test("whoever may only watch sees everything and is told so when they act", async () => {
  const { page } = await openLogin(browser, house, DESK);
  await signInAsStaff(page, "kitchen", MANAGER.password);
  await isLive(page);
  await press(page, "Disable", 20);
  await toast(page, "Not done").waitFor();
  assert.equal(await stateOf(20), "available");
  await page.context().close();
});

test("a table that is taken is heard, unless the sound is off, which is remembered", async () => {
  const { page } = await openLogin(browser, house, DESK);
  await page.addInitScript(() => {
    globalThis.tones = 0;
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (at) {
      globalThis.tones += 1;
      start.call(this, at);
    };
  });
  await signInWithKey(page);
  await isLive(page);
  const tones = () => page.evaluate(() => globalThis.tones);
  const sound = page.getByRole("button", { name: "Sound" });
  await page.getByRole("heading", { level: 1 }).click();
  // A browser takes a while to open its sound, and what comes before is not heard.
  await page.getByTitle("When a table is taken").waitFor();

  await seat(11);
  await toast(page, "Table 11 is occupied").waitFor();
  const heard = await tones();
  assert.equal(heard > 0, true, "an open table that is taken");
  await press(page, "Close", 11);
  await toast(page, "Table 11 is open").waitFor();
  assert.equal(await tones(), heard, "a table that is left");

  await sound.click();
  await seat(11);
  await tile(page, 11, "occupied").waitFor();
  assert.equal(await tones(), heard, "with the sound off");
  await page.reload();
  await isLive(page);
  assert.equal(await sound.getAttribute("aria-pressed"), "false");
  await press(page, "Close", 11);
  await tile(page, 11, "open").waitFor();
  await page.context().close();
});

test("guests who call stand in the list, move with their party, and go when somebody has come", async () => {
  const [one, other] = [await openDashboard(browser, house, DESK), await openDashboard(browser, house, PHONE)];
  const list = (page) => page.getByRole("complementary", { name: /^Requests/ });
  const [four, five] = [await scan(house, 4), await scan(house, 5)];
  await Promise.all([one, other].map(({ page }) => toast(page, "Table 4 is occupied").waitFor()));
  await four.call("call_waiter");
  await five.call("ask_for_bill", "We pay separately");
  await Promise.all([one, other].map(({ page }) => toast(page, "Table 4 calls a waiter").waitFor()));
  for (const { page } of [one, other]) {
    await list(page).getByText("We pay separately").waitFor();
    const rows = await list(page).getByRole("listitem").allTextContents();
    assert.match(rows[0], new RegExp(`Table 4.*calls a waiter.*${four.nickname}.*\\d+ min`, "s"), "who waits longest is first");
    assert.match(rows[1], /Table 5.*asks for the bill/s);
    assert.match(await page.title(), /^\(2\) /);
  }
  await assertFit(one.page, "calls");

  await button(one.page, "Move", 5).click();
  await button(one.page, "Move here", 15).click();
  await tile(one.page, 15, "occupied, .*1 request").waitFor();
  await list(other.page).getByRole("button", { name: "Done for table 15" }).waitFor();
  await list(other.page).getByRole("button", { name: "Done for table 4" }).click();
  for (const { page } of [one, other]) await tile(page, 4, "occupied, idle for \\d+ minutes?$").waitFor();
  await one.page.reload();
  await list(one.page).getByText("asks for the bill").waitFor();

  await press(one.page, "Close", 15);
  for (const { page } of [one, other]) await page.getByText("No pending requests").waitFor();
  await press(one.page, "Close", 4);
  await tile(one.page, 4, "open").waitFor();
  for (const { page, problems } of [one, other]) {
    assert.deepEqual(problems, []);
    await page.context().close();
  }
});

test("where there are too many dashboards the page says so, and gets in when there is a place", async () => {
  // In the other house, where no dashboard that was closed just now still has a place that it is about to leave.
  const others = await takeAllPlaces(OTHER_KEY);
  const { page } = await openLogin(browser, house, DESK);
  await signInWithKey(page, OTHER_KEY);
  await page.getByRole("alert").getByText(/^Too many dashboards are open/).waitFor();
  for (const it of others) it.close();
  await page.getByRole("button", { name: "Try now" }).click();
  await isLive(page, 60_000);
  await page.context().close();
});

test("the page says that the program was killed, offers nothing meanwhile, and goes on by itself when it is back", async () => {
  const turn_id = await seat(12);
  const { page } = await openDashboard(browser, house, DESK);
  await house.stop("SIGKILL");
  await page.getByText(/^Reconnecting/).waitFor();
  await button(page, "Close", 12).and(page.locator('[aria-disabled="true"]')).waitFor();
  await button(page, "Close", 12).click({ force: true });
  assert.equal(await page.getByRole("alertdialog").count(), 0);

  house = await openHouse({ data: house.data, port: house.port });
  await isLive(page, 60_000);
  await tile(page, 12, "occupied").waitFor();
  await press(page, "Close", 12);
  await tile(page, 12, "open").waitFor();
  const now = await floor(house);
  assert.equal(now.floor.turns.some((it) => it.id === turn_id), false);
  await page.context().close();
});

for (const [device, viewport, looks] of [
  ["a desk", DESK, {}],
  ["a phone", PHONE, { hasTouch: true, isMobile: true }],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${device}, ${colorScheme}: nothing serious is found on any of its views, and everything has room`, async () => {
      const turnId = await seat(14);
      for (const [table_id, state] of [[1, "dirty"], [2, "blocked"], [4, "reserved"]]) {
        await ask(house, { command: "set_table_state", table_id, state });
      }
      const wishes = { ...looks, colorScheme, reducedMotion: "reduce" };
      const { page } = await openLogin(browser, house, viewport, wishes);
      await assertFit(page, "sign-in");
      await signInWithKey(page, "not-a-key");
      await page.getByText("Invalid API Key").waitFor();
      await assertFit(page, "wrong key");
      await signInWithKey(page);
      await isLive(page);
      await assertFit(page, "dashboard");
      await assertRoomy(page, looks.hasTouch);
      await button(page, "Close", 14).click();
      await page.getByRole("alertdialog").waitFor();
      await assertFit(page, "question");
      await page.keyboard.press("Escape");
      await press(page, "Restore", 19);
      await toast(page, "Not done").waitFor();
      await assertFit(page, "toast");
      await button(page, "Move", 14).click();
      await button(page, "Move here", 19).waitFor();
      await assertFit(page, "move");
      await ask(house, { command: "close_turn", turn_id: turnId });
      for (const table_id of [1, 2, 4]) await ask(house, { command: "set_table_state", table_id, state: "available" });
      await page.context().close();
    });
  }
}

/** Opens dashboards until the server lets no more in. */
async function takeAllPlaces(key) {
  const open = [];
  for (;;) {
    const socket = new WebSocket(`${house.url.replace("http", "ws")}/admin/ws/dashboard?token=${key}`);
    const isIn = await new Promise((resolve) => {
      socket.once("message", () => resolve(true));
      socket.once("close", () => resolve(false));
    });
    if (!isIn) return open;
    open.push(socket);
  }
}

/** Nothing hangs over the edge, and where fingers are used every button is wide and high enough for one. */
async function assertRoomy(page, isTouched) {
  const [shown, whole] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
  assert.equal(whole <= shown, true, `${whole} px stand on ${shown} px`);
  if (!isTouched) return;
  for (const it of await page.getByRole("button").all()) {
    const { width, height } = await it.boundingBox();
    assert.equal(width >= 44 && height >= 44, true, `${await it.textContent()} is ${width} by ${height}`);
  }
}
