// The way from an empty machine to the first tablet, behind each reverse proxy that the operator's document sets up.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { blockOf, fill } from "./document.js";
import { foundRestaurant, freePorts, PIN, SLUG } from "./operator.js";
import { ask, find, startCaddy, startNginx } from "./proxies.js";
import { choose, DESK, isLive, launch, watch } from "./screen.js";

/** Another address of this machine, so that the browser's and the proxy's can be told apart. */
const GUEST = "127.0.0.9";
/** An address for documentation: nobody has it. */
const NOBODY = "203.0.113.7";

const PROXIES = [
  { name: "nginx", begin: startNginx, challenge: "/.well-known/acme-challenge/token" },
  { name: "caddy", begin: startCaddy }, // It answers its own challenges.
];

for (const { name, begin, challenge } of PROXIES) {
  const isMissing = find(name) ? false : `${name} is not installed`;
  describe(`behind ${name}`, { skip: isMissing }, () => houseBehind(begin, challenge));
}

function houseBehind(begin, challenge) {
  let house;
  let proxy;
  let browser;
  let ports;
  let settings;
  let url;
  before(async () => {
    house = await foundRestaurant();
    const [http, https, maitred] = await freePorts(3);
    ports = { http, https, maitred };
    url = `https://localhost:${https}`;
    const told = await blockOf("## Behind a reverse proxy", "toml");
    settings = `listen = ["127.0.0.1:${maitred}"]\n${told}`;
    await house.serve(fill(settings, [["hsts = true", 1, ""]]));
    proxy = await begin(house.folder, ports);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await proxy?.leave();
    await house?.leave();
  });

  /** Has a party added through the proxy, by a script with a token. */
  async function addParty(name) {
    const token = (await house.run(["token", SLUG, "admin"])).trim();
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const body = JSON.stringify({ command: "add_party", covers: 4, name });
    const answer = await ask(`${url}/v1/restaurants/${SLUG}/commands`, { method: "POST", headers, body });
    assert.equal(answer.status, 200, answer.text);
    return JSON.parse(answer.text);
  }

  test("an admin enrols the tablet, and a waiter signs in on it with a PIN", async () => {
    const context = await browser.newContext({ viewport: DESK, ignoreHTTPSErrors: true });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const problems = watch(page);
    const sockets = [];
    page.on("websocket", (socket) => sockets.push(socket.url()));

    await page.goto(url);
    await page.getByLabel("Name or e-mail").fill("admin");
    await page.getByLabel("Password").fill(house.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await isLive(page);
    await addParty("Ada");
    await page.getByRole("button", { name: "4 covers Ada Waiting" }).waitFor();
    await choose(page, "Use this device for PINs");
    await page.getByLabel("Name of this device").fill("host stand");
    await page.getByRole("button", { name: "Enrol this device" }).click();
    await page.getByRole("button", { name: "Done" }).click();
    await choose(page, "Sign out");

    await page.getByRole("button", { name: "Maria", exact: true }).click();
    await page.getByRole("heading", { name: "Maria", exact: true }).waitFor();
    await page.keyboard.type(PIN);
    await page.keyboard.press("Enter");
    await isLive(page);
    await page.getByRole("button", { name: /^Account of Maria\b/i }).waitFor();

    const cookies = new Map((await context.cookies()).map((it) => [it.name, it]));
    for (const name of ["maitred_session", "maitred_device"]) {
      const { secure, httpOnly, sameSite } = cookies.get(name) ?? {};
      assert.deepEqual({ secure, httpOnly, sameSite }, { secure: true, httpOnly: true, sameSite: "Strict" }, name);
    }
    const floor = `${url.replace("https", "wss")}/v1/restaurants/${SLUG}/stream`;
    assert.equal(sockets.length >= 2 && sockets.every((it) => it.startsWith(floor)), true, `${sockets}`);
    assert.deepEqual(problems, []);
    const listed = (await audit()).map((it) => it.address).filter((it) => it !== null);
    assert.equal(listed.length >= 2 && listed.every((it) => ["127.0.0.1", "::1"].includes(it)), true, `${listed}`);
    await context.close();
  });

  /** The audit list, the newest first. */
  async function audit() {
    const lines = await house.run(["audit", SLUG, "--json"]);
    return lines.trim().split("\n").map((it) => JSON.parse(it));
  }

  test("the audit list has the address that somebody came from, whatever they say themselves", async () => {
    const told = { "x-forwarded-for": NOBODY, "x-real-ip": NOBODY, forwarded: `for=${NOBODY}` };
    const headers = { ...told, "x-forwarded-host": "elsewhere", "content-type": "application/json", origin: url };
    const body = JSON.stringify({ login: "admin", password: house.password });
    const answer = await ask(`${url}/v1/sign-in`, { method: "POST", headers, body, from: GUEST });
    assert.equal(answer.status, 200, answer.text);
    const [latest] = await audit();
    assert.deepEqual([latest.what, latest.address], ["signed_in", GUEST]);
    assert.equal((await house.run(["audit"])).includes(NOBODY), false);
  });

  test("an event is passed on at once, while the answer goes on", { timeout: 10_000 }, async () => {
    const token = (await house.run(["token", SLUG, "admin"])).trim();
    const headers = { authorization: `Bearer ${token}`, accept: "text/event-stream" };
    let begun;
    const hasBegun = new Promise((resolve) => (begun = resolve));
    const heard = ask(`${url}/v1/restaurants/${SLUG}/changes`, {
      headers,
      onText(text) {
        if (text.includes('"type":"snapshot"')) begun();
        return text.includes('"type":"change"');
      },
    });
    await hasBegun;
    const { seq } = await addParty("Bo");
    const { text } = await heard;
    assert.match(text, new RegExp(`^id: ?${seq}$`, "m"));
  });

  test("whoever comes without TLS is sent to the same address with it", async () => {
    const answer = await ask(`http://localhost:${ports.http}/v1/welcome?a=1`);
    assert.equal([301, 308].includes(answer.status), true, `${answer.status}`);
    assert.match(answer.headers.location, /^https:\/\/localhost(:\d+)?\/v1\/welcome\?a=1$/);
  });

  if (challenge) {
    test("whose the name is is shown without TLS, so that a certificate can be renewed", async () => {
      const answer = await ask(`http://localhost:${ports.http}${challenge}`);
      assert.deepEqual([answer.status, answer.text], [200, "ours"]);
    });
  }

  test("metrics stay inside, however they are asked for", async () => {
    assert.equal((await ask(`http://127.0.0.1:${ports.maitred}/metrics`)).status, 200);
    for (const path of ["/metrics", "/metrics?a=1", "/%6detrics", "/metrics/", "/METRICS"]) {
      const answer = await ask(`${url}${path}`);
      assert.equal(answer.text.includes("maitred_connections"), false, path);
    }
    assert.equal((await ask(`${url}/metrics`)).status, 404);
  });

  test("browsers are told to come by HTTPS only once that is configured", async () => {
    const told = async () => (await ask(`${url}/`)).headers["strict-transport-security"];
    assert.equal(await told(), undefined);
    await house.serve(settings);
    assert.match(await told(), /^max-age=31536000/);
  });
}
