// What the page says and does while the server is away.

import { after, before, test } from "node:test";
import { ask, openHouse } from "./house.js";
import { DESK, isLive, launch, openTabs, table } from "./screen.js";

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

test("the page says that the program was killed, and goes on by itself when it is back", async () => {
  const [{ page }] = await openTabs(browser, house, DESK, 1);
  await house.stop("SIGKILL");
  await page.getByText(/^Reconnecting/).waitFor();
  house = await openHouse({ data: house.data, port: house.port });
  await isLive(page, 40_000);
  await ask(house, { command: "set_table_state", table_id: 3, state: "dirty" });
  await table(page, "3", "dirty").waitFor();
  await page.context().close();
});

test("a program that has fallen silent is admitted within seconds, with the time of the last news", async () => {
  const [{ page }] = await openTabs(browser, house, DESK, 1);
  const banner = page.getByRole("alert").getByText(/No news since \d\d:\d\d:\d\d/);
  house.signal("SIGSTOP");
  await banner.waitFor({ timeout: 15_000 });
  house.signal("SIGCONT");
  await banner.waitFor({ state: "detached", timeout: 15_000 });
  await isLive(page);
  await page.context().close();
});
