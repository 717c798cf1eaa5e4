import { expect, test } from "vitest";
import { agentText } from "../src/agent";

const CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
const SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1";

test("a browser is told by its own name, not by those that it descends from", () => {
  expect(agentText(`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME}`)).toBe("Chrome on Windows");
  expect(agentText(`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Edg/131.0.0.0`)).toBe("Edge on Windows");
  expect(agentText(`Mozilla/5.0 (Linux; Android 10; K) ${CHROME}`)).toBe("Chrome on Android");
  expect(agentText(`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${SAFARI} Safari/605.1.15`)).toBe("Safari on Mac");
  expect(agentText(`Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) ${SAFARI} Mobile/15E148 Safari/604.1`)).toBe(
    "Safari on iPhone",
  );
  expect(agentText("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0")).toBe("Firefox on Linux");
});

test("a program is told by its first word, and nothing by being unknown", () => {
  expect(agentText("curl/8.5.0")).toBe("curl 8.5.0");
  expect(agentText("python-requests/2.32 something else")).toBe("python-requests 2.32");
  expect(agentText("x".repeat(500))).toHaveLength(40);
  expect([null, ""].map(agentText)).toEqual(["Unknown program", "Unknown program"]);
});
