// The manager's dashboard in a real browser, found by the names that a screen reader says.

import { KEY } from "./house.js";
import { isLive, watch } from "./screen.js";

/** A browser of its own, at the sign-in page. */
export async function openLogin(browser, house, viewport, looks = {}) {
  const context = await browser.newContext({ viewport, ...looks });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const problems = watch(page);
  await page.goto(`${house.url}/admin/login`);
  await page.getByRole("heading", { name: "Sign in to see the tables" }).waitFor();
  return { page, problems };
}

export async function signInWithKey(page, key = KEY) {
  await page.getByLabel("API key").fill(key);
  await page.getByRole("button", { name: "Open with key" }).click();
}

export async function signInAsStaff(page, login, password) {
  await page.getByLabel("Name or e-mail").fill(login);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** A dashboard of restaurant 1 that is live. */
export async function openDashboard(browser, house, viewport, looks = {}) {
  const opened = await openLogin(browser, house, viewport, looks);
  await signInWithKey(opened.page);
  await isLive(opened.page);
  return opened;
}

/** A table that looks like that. Any look when none is named. */
export function tile(page, number, look = "") {
  return page.getByRole("article", { name: new RegExp(`^Table ${number}, ${look}`) });
}

/** A button of a table. */
export function button(page, word, number) {
  return page.getByRole("button", { name: new RegExp(`^${word} (to |at )?table ${number}$`) });
}

export function toast(page, text) {
  return page.getByRole("log").getByText(text, { exact: true });
}

/** A guest's phone that has scanned the code on a table. */
export async function scan(house, number) {
  const asked = { headers: { authorization: `Bearer ${KEY}` } };
  const code = await fetch(`${house.url}/admin/api/table/${number}/qr`, asked).then((it) => it.json());
  const { searchParams } = new URL(code.url);
  const joined = await post(house, "/table_session", {
    table_pid: searchParams.get("t"),
    token: searchParams.get("token"),
    device_id: `phone at ${number}`,
    restaurant_slug: "test-restaurant-1",
  });
  return {
    nickname: joined.nickname,
    /** Calls somebody to the table. */
    call(request_type, message) {
      return post(house, "/waiter_request", { request_type, message }, joined.ws_token);
    },
  };
}

async function post(house, path, body, token) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${house.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Presses a button of a table, and says yes where it asks. */
export async function press(page, word, number) {
  await button(page, word, number).click();
  const question = page.getByRole("alertdialog", { name: `${word} table ${number}?` });
  if (word === "Close" || word === "Disable") await question.getByRole("button", { name: `${word} table` }).click();
}
