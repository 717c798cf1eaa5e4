/** The generated types are committed text; this says when they are stale. */

import { readFileSync } from "node:fs";
import openapi, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, test } from "vitest";

const CONTRACT = new URL("../../docs/openapi.json", import.meta.url);
const TYPES = new URL("../src/contract.gen.ts", import.meta.url);

test("the types are those of the contract: npm run contract writes them anew", async () => {
  const fresh = COMMENT_HEADER + astToString(await openapi(CONTRACT));
  expect(readFileSync(TYPES, "utf8")).toBe(fresh);
});
