// The branches' chapter, docs/branch.md: its examples are tried as they are printed, each language in a house of its own.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { isAsSaid, read, sectionsOf } from "./document.js";
import { openHouse } from "./house.js";
import { Terminal, runFile } from "./typed.js";

/** The address that the document writes. */
const ADDRESS = "127.0.0.1:8000";
/** What would hang is ended. How long anything takes is measured elsewhere. */
const timeout = 120_000;

let sections;
before(async () => {
  sections = sectionsOf(await read("branch.md")).filter((it) => textOf(it, "js"));
});

/** A section's example in one language. */
function textOf({ blocks }, language) {
  const found = blocks.filter((it) => it.language === language);
  return found.map((it) => it.text).join("\n");
}

/** What a section says that its examples print: what stands below them. */
function answersOf({ blocks }) {
  const last = blocks.findLastIndex((it) => it.language === "python");
  return linesOf(blocks.slice(last + 1).map((it) => it.text).join(""));
}

function linesOf(text) {
  return text.split("\n").filter((it) => it !== "");
}

/** The same text for what is new each time. */
function plain(text) {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(time)");
}

/** `printed` has to be what the document says, where `…` stands for anything. */
function compare(printed, said, heading) {
  const [text, ours] = [plain(printed), plain(said)];
  assert.ok(isAsSaid(text, ours), `below “${heading}”:\n${text}\nis not\n${ours}`);
}

async function inHouse(act) {
  const house = await openHouse();
  try {
    await act((text) => text.replaceAll(ADDRESS, `127.0.0.1:${house.port}`));
  } finally {
    await house.leave();
  }
}

for (const [title, language, runner] of [
  ["JavaScript", "js", { program: process.execPath, name: "evening.mjs", say: "console.log" }],
  ["Python", "python", { program: "/usr/bin/python3", name: "evening.py", say: "print" }],
]) {
  test(`the examples in ${title} print what the document says`, { timeout }, async () => {
    await inHouse(async (here) => {
      const printed = await runFile(sections.map((it) => here(textOf(it, language))), runner);
      for (const [nth, section] of sections.entries()) {
        const [lines, said] = [linesOf(printed[nth]), answersOf(section)];
        for (const [line, expected] of said.entries()) compare(lines[line] ?? "", expected, section.heading);
        assert.equal(lines.length, said.length, `below “${section.heading}”: ${printed[nth]}`);
      }
    });
  });
}

test("the examples for a terminal print what the document says", { timeout }, async () => {
  await inHouse(async (here) => {
    const terminal = new Terminal();
    try {
      for (const section of sections) {
        const printed = await terminal.type(here(textOf(section, "sh")));
        // curl ends no line.
        compare(printed.replaceAll("\n", ""), answersOf(section).join(""), section.heading);
      }
    } finally {
      terminal.leave();
    }
  });
});

/** What stands in an address for `{parameter}`: a variable where it is an id, in words of the language, or else any word. */
function standIn(parameter, variable) {
  return /^(tableNumber|name|partySize|code)$/.test(parameter) ? "[^/\\s]+" : variable;
}

/** Whether a line of a terminal asks for this with curl. */
function isAsked(line, method, path) {
  if (!new RegExp(`curl .*${path}(?![\\w/])`).test(line)) return false;
  const said = line.match(/-X (\w+)/)?.[1] ?? (/ -d /.test(line) ? "POST" : "GET");
  return said === method;
}

test("every request has an example in every language", async () => {
  const { paths } = JSON.parse(await read("openapi.json"));
  // What is below /socket.io is the clients' own affair.
  const ofBranches = Object.entries(paths).filter(([path]) => path.startsWith("/api/v1/"));
  const operations = ofBranches.flatMap(([path, methods]) => {
    const ours = Object.entries(methods).filter(([, it]) => it.tags?.includes("branch"));
    return ours.map(([method]) => [method.toUpperCase(), path]);
  });
  assert.ok(operations.length > 40, `${operations.length} operations`);
  const texts = Object.fromEntries(
    ["sh", "js", "python"].map((it) => [it, sections.map((section) => textOf(section, it)).join("\n")]),
  );
  const missing = [];
  for (const [method, path] of operations) {
    const own = path.replace(/^\/api\/v1(?=\/)/, "");
    const shown = (variable) => own.replaceAll(/\{(\w+)\}/g, (_, it) => standIn(it, variable));
    const asked = {
      // In a terminal, one line may hold several commands.
      sh: texts.sh.split(/\n|; |\$\(/).some((line) => isAsked(line, method, shown("\\$\\w+"))),
      js: new RegExp(`"${method}", ["\`]${shown("\\$\\{[^}]+\\}")}(?![\\w/$])`).test(texts.js),
      python: new RegExp(`"${method}", f?"${shown("\\{[^}]+\\}")}(?![\\w/{])`).test(texts.python),
    };
    for (const [language, is] of Object.entries(asked)) if (!is) missing.push(`${method} ${path} in ${language}`);
  }
  assert.deepEqual(missing, []);
});
