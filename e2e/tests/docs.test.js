// The API browser, from inside the binary: nothing is fetched from elsewhere, nothing is against the page's policy.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openHouse } from "./house.js";
import { DESK, launch, watch } from "./screen.js";

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

async function openDocs(path) {
  const page = await browser.newPage({ viewport: DESK });
  // Its script draws every request at once, which takes long.
  page.setDefaultTimeout(60_000);
  const problems = watch(page);
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== new URL(house.url).origin) problems.push(`asks ${url}`);
  });
  await page.goto(`${house.url}${path}`);
  return { page, problems };
}

for (const path of ["/docs", "/docs/"]) {
  test(`${path} lists every request, and asks one of them`, async () => {
    const { page, problems } = await openDocs(path);
    await page.getByText("/v1/restaurants/{restaurant}/commands").first().waitFor();
    await page.getByRole("button", { name: /welcome/ }).first().click();
    await page.getByRole("button", { name: "Execute" }).click();
    await page.locator(".live-responses-table").getByText("maitred").first().waitFor();
    assert.deepEqual(problems, []);
    await page.context().close();
  });
}

test("the protocol can be read beside it, the stream included", async () => {
  const { page, problems } = await openDocs("/docs");
  await page.getByRole("link", { name: "Stream", exact: true }).click();
  await page.getByRole("heading", { name: "Stream", exact: true }).waitFor();
  await page.getByRole("heading", { name: "Close codes" }).waitFor();
  for (const link of ["openapi.json", "asyncapi.json", "operating.html", "admin.html", "branch.html"]) {
    assert.equal((await page.request.get(`${house.url}/docs/${link}`)).status(), 200, link);
  }
  assert.deepEqual(problems, []);
  await page.context().close();
});

test("what is deprecated leads to where it stands what to use instead", async () => {
  const { page, problems } = await openDocs("/docs");
  await page.getByRole("link", { name: "Dashboard", exact: true }).click();
  await page.getByRole("heading", { name: "The manager's dashboard", exact: true }).waitFor();
  const answer = await page.request.get(`${house.url}/admin/tables`);
  const [, there] = answer.headers().link.match(/^<([^>]+)>; rel="deprecation"/);
  assert.equal(new URL(there, house.url).pathname, new URL(page.url()).pathname);
  await page.locator(`[id="older-rest-and-html"]`).waitFor();
  assert.deepEqual(problems, []);
  await page.context().close();
});
