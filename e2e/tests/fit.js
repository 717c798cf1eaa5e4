// What axe-core finds on a page: nothing serious, nothing critical.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Looks at the page as it stands, once nothing moves on it. */
export async function assertFit(page, what) {
  await page.waitForFunction(() => document.getAnimations().every((it) => it.playState !== "running"));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const grave = violations.filter((it) => it.impact === "serious" || it.impact === "critical");
  const found = grave.map((it) => `${it.id}: ${it.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
  assert.deepEqual(found, [], what);
}
