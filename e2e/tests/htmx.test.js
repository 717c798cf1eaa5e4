// Pages of managers that are built on htmx and the older HTML of the dashboard: they go on working, in a real browser.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import WebSocket from "ws";
import { KEY, ask, openHouse } from "./house.js";
import { DESK, launch, watch } from "./screen.js";

/** Milliseconds that anything may take, the ten seconds between two looks of the grid included. */
const LIMIT = 30_000;
const htmx = createRequire(import.meta.url).resolve("htmx.org/dist/htmx.min.js");

let browser;
let house;
let site;
before(async () => {
  house = await openHouse();
  site = await openSite();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  site?.close();
  await house?.leave();
});

/** A page as it is in the field: where the toast goes, and where the grid. */
function pageWith(token) {
  return `<!doctype html>
    <html lang="en">
      <head><title>Tables</title><link rel="icon" href="data:,"><script src="/htmx.js"></script></head>
      <body hx-headers='{"Authorization": "Bearer ${token}"}'>
        <div id="toast"></div>
        <div hx-get="/admin/tables" hx-trigger="load"></div>
      </body>
    </html>`;
}

/** What the sign-in page hands out for the key. */
async function signIn() {
  const form = new URLSearchParams({ api_key: KEY });
  const answer = await fetch(`${house.url}/admin/login`, { method: "POST", body: form });
  return (await answer.text()).match(/ data-api-key="([^"]+)"/)[1];
}

/** Serves that page, and passes what is below /admin on to the house: a browser sees one origin. */
async function openSite() {
  const files = {
    "/": ["text/html", pageWith(await signIn())],
    "/htmx.js": ["text/javascript", await readFile(htmx)],
  };
  const server = createServer((asked, answer) => {
    const file = files[asked.url];
    if (file) {
      answer.setHeader("content-type", file[0]);
      answer.end(file[1]);
      return;
    }
    const { method, headers, url } = asked;
    const passed = request(`${house.url}${url}`, { method, headers }, (told) => {
      answer.writeHead(told.statusCode, told.headers);
      told.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => server.close(),
  };
}

/** A dashboard that only listens. */
class Board {
  constructor() {
    this.socket = new WebSocket(`${house.url.replace("http", "ws")}/admin/ws/dashboard?token=${KEY}`);
    this.frames = [];
    this.socket.on("message", (data) => this.#hear(String(data)));
  }

  /** Connects, and takes the tables that are shown first. */
  static async connect() {
    const board = new Board();
    await new Promise((resolve, reject) => board.socket.once("open", resolve).once("error", reject));
    const [first] = await board.heard();
    assert.equal(first.type, "tables_snapshot");
    return board;
  }

  #hear(text) {
    if (text === "pong") this.told(this.frames.splice(0));
    else if (text !== "ping") this.frames.push(JSON.parse(text));
  }

  /** All that it was told until now. */
  heard() {
    const frames = new Promise((resolve, reject) => {
      this.told = resolve;
      this.socket.once("close", (code) => reject(new Error(`closed with ${code}`)));
    });
    this.socket.send("ping");
    return frames;
  }

  /** The same, as the tables that were told of. */
  async updates() {
    const frames = await this.heard();
    return frames.map(({ type, table }) => {
      assert.equal(type, "table_update");
      return `${table.number} ${table.status}`;
    });
  }
}

/** Does something to a table with the older REST, as another page would. */
async function elsewhere(action, table) {
  const headers = { authorization: `Bearer ${KEY}` };
  const answer = await fetch(`${house.url}/admin/table/${table}/${action}`, { method: "POST", headers });
  assert.equal(answer.status, 200);
  return answer.text();
}

/** Opens the page, and waits until it has the grid. `look` holds what it is shown in place of the grid, if anything. */
async function openPage() {
  const page = await browser.newPage({ viewport: DESK });
  page.setDefaultTimeout(LIMIT);
  const problems = watch(page);
  const look = { shown: "", kept: undefined };
  await page.route("**/admin/tables", async (route) => {
    if (look.kept) return route.fulfill({ contentType: "text/html", body: look.kept });
    const answer = await route.fetch();
    look.shown = await answer.text();
    await route.fulfill({ response: answer });
  });
  await page.goto(site.url);
  await page.locator("#grid").waitFor();
  return { page, problems, look };
}

const tile = (page, table) => page.locator(`#grid td.tile[data-table-id="${table}"]`);

/** Waits until the grid shows a table in this state. */
function isShown(page, table, word) {
  return tile(page, table).locator(".status").getByText(word, { exact: true }).waitFor();
}

/** Presses a button of a table, and waits until the toast says this. */
async function press(page, table, button, toast, kind = "success") {
  await tile(page, table).getByRole("button", { name: button, exact: true }).click();
  await page.locator(`#toast > .toast-${kind}`, { hasText: toast }).waitFor();
}

test("every button of an htmx page does what it says, and every dashboard hears of it once", async () => {
  const board = await Board.connect();
  const { page, problems } = await openPage();
  assert.equal(await page.locator("#grid td.tile").count(), 20);
  const rows = await page.locator("#grid tr").evaluateAll((rows) => rows.map((it) => it.cells.length));
  assert.deepEqual(rows, [6, 6, 6, 2]);
  await page.evaluate(() => {
    document.changed = 0;
    document.body.addEventListener("tables-changed", () => (document.changed += 1));
  });

  // Somebody else seats two parties: the grid looks for itself.
  await ask(house, { command: "seat_walk_in", table_ids: [3], covers: 2 });
  await ask(house, { command: "seat_walk_in", table_ids: [5], covers: 2 });
  await Promise.all([isShown(page, 3, "occupied"), isShown(page, 5, "occupied")]);
  assert.deepEqual(await board.updates(), ["3 occupied", "5 occupied"]);
  assert.equal(await tile(page, 3).locator(".idle").textContent(), "0 min");

  await tile(page, 3).getByRole("combobox", { name: "Move table 3 to" }).selectOption("9");
  await press(page, 3, "Move", "Party moved from table 3 to table 9");
  await Promise.all([isShown(page, 3, "open"), isShown(page, 9, "occupied")]);
  assert.deepEqual(await board.updates(), ["3 open", "9 occupied"]);

  await press(page, 9, "Close", "Table 9 closed successfully");
  await isShown(page, 9, "open");
  assert.deepEqual(await board.updates(), ["9 open"]);

  await press(page, 1, "Disable", "Table 1 disabled");
  await isShown(page, 1, "disabled");
  assert.deepEqual(await board.updates(), ["1 disabled"]);

  await press(page, 1, "Enable", "Table 1 enabled");
  await isShown(page, 1, "open");
  assert.deepEqual(await board.updates(), ["1 open"]);

  await ask(house, { command: "change_settings", clean_after_close: true });
  await press(page, 5, "Close", "Table 5 closed successfully");
  await isShown(page, 5, "dirty");
  assert.deepEqual(await board.updates(), ["5 dirty"]);

  await press(page, 5, "Clean", "Table 5 cleaned and ready");
  await isShown(page, 5, "open");
  assert.deepEqual(await board.updates(), ["5 open"]);

  // Each was told to the page itself, which then looked at once.
  assert.equal(await page.evaluate(() => document.changed), 6);
  assert.deepEqual(problems, []);
  board.socket.terminate();
  await page.context().close();
});

test("what cannot be done any more is said in the toast, and the grid catches up", async () => {
  await ask(house, { command: "change_settings", clean_after_close: false });
  await ask(house, { command: "seat_walk_in", table_ids: [7], covers: 2 });
  await ask(house, { command: "seat_walk_in", table_ids: [8], covers: 2 });
  const board = await Board.connect();
  const { page, problems, look } = await openPage();
  // Others were faster, and this page has not looked since.
  look.kept = look.shown;
  await elsewhere("close", 7);
  await elsewhere("disable", 2);
  assert.deepEqual(await board.updates(), ["7 open", "2 disabled"]);

  await press(page, 7, "Close", "No open session to close.", "error");
  await press(page, 2, "Disable", "Table already disabled.", "error");
  await tile(page, 8).getByRole("combobox").selectOption("2");
  await press(page, 8, "Move", "Target table is not free.", "error");
  assert.deepEqual(await board.updates(), []);

  look.kept = undefined;
  await Promise.all([isShown(page, 7, "open"), isShown(page, 2, "disabled"), isShown(page, 8, "occupied")]);
  assert.deepEqual(problems, []);
  board.socket.terminate();
  await page.context().close();
});
