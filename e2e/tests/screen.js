// A screen: the floor page in a real browser, found by the names that a screen reader says.

import { chromium } from "playwright-core";

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** The account that the demo's page signs in with. */
export const MANAGER = { login: "manager", password: "maitred-demo" };

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

/** Opens `n` tabs of one browser profile at the house's address, and waits until each is live. `looks` are further wishes of the screen. */
export async function openTabs(browser, house, viewport, n, looks = {}) {
  const context = await browser.newContext({ viewport, ...looks });
  context.setDefaultTimeout(15_000);
  const screens = [];
  for (let tab = 0; tab < n; tab += 1) screens.push(await openScreen(context, house));
  return screens;
}

export async function openScreen(context, house) {
  const page = await context.newPage();
  const problems = watch(page);
  await page.goto(house.url);
  await isLive(page);
  return { page, problems };
}

/** Collects what goes wrong on a page. A first visit is not signed in yet: that one answer is expected. */
export function watch(page) {
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    const isFirstVisit = message.location().url.endsWith("/v1/me") && message.text().includes("401");
    if (message.type() === "error" && !isFirstVisit) problems.push(`${message.text()} ${message.location().url}`);
  });
  return problems;
}

/** Waits until the page says that it hears the server. */
export async function isLive(page, timeout = 15_000) {
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor({ state: "attached", timeout });
}

/** A table that is in `state`, on the plan or in the list, whichever is shown. Any state when none is named. */
export function table(page, number, state = "") {
  const onPlan = page.getByRole("button", { name: new RegExp(`^Table ${number}, ${state}`, "i") });
  const inList = page.getByRole("row", { name: new RegExp(`^Table ${number} ${state}`, "i") });
  return onPlan.or(inList);
}

/** Opens the menu of the account and takes one of its entries. */
export async function choose(page, entry) {
  await page.getByRole("button", { name: /^Account of / }).click();
  await page.getByRole("button", { name: entry, exact: true }).click();
}

/** A person's browser: signed in with a login and the demo's password, on the floor. */
export async function openFor(browser, house, login, viewport = DESK, looks = {}) {
  const context = await browser.newContext({ viewport, ...looks });
  context.setDefaultTimeout(15_000);
  const answer = await context.request.post(`${house.url}/v1/sign-in`, { data: { login, password: MANAGER.password } });
  if (!answer.ok()) throw new Error(`${login}: ${answer.status()} ${await answer.text()}`);
  return openScreen(context, house);
}

/** Moves the focus with the Tab key until it is on `target`. */
export async function tabTo(page, target) {
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((it) => it === document.activeElement)) return;
  }
  throw new Error(`the Tab key does not lead to ${target}`);
}
