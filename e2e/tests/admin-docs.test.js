// The dashboard's chapter, docs/admin.md: its examples are tried as they are printed, each language in a house of its own.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { isAsSaid, read, sectionsOf } from "./document.js";
import { openHouse } from "./house.js";
import { Terminal, runFile } from "./typed.js";

/** The address that the document writes. */
const ADDRESS = "127.0.0.1:8000";
/** What would hang is ended. How long anything takes is measured elsewhere. */
const timeout = 120_000;

let document;
let sections;
before(async () => {
  document = await read("admin.md");
  sections = sectionsOf(document).filter((it) => textOf(it, "js"));
});

/** A section's example in one language. */
function textOf({ blocks }, language) {
  const found = blocks.filter((it) => it.language === language);
  return found.map((it) => it.text).join("\n");
}

/** What a section says that its examples print: what stands below them, or else what a terminal shows above. */
function answersOf({ blocks }) {
  const last = blocks.findLastIndex((it) => it.language === "python");
  const below = blocks.slice(last + 1);
  if (below.length > 0) return linesOf(below.map((it) => it.text).join(""));
  const shown = blocks.filter((it) => it.language === "text").flatMap((it) => linesOf(it.text));
  const isHeard = (line) => !/^(\$ |> |\^C|Connected |maitred )/.test(line);
  return shown.filter(isHeard).map((line) => line.replace(/^< /, ""));
}

function linesOf(text) {
  return text.split("\n").filter((it) => it !== "");
}

/** The same text for what is new each time. */
function plain(text) {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(time)")
    .replaceAll(/"expires_in":7(199|200)\b/g, '"expires_in":(two hours)');
}

/** `printed` has to be what the document says, where `…` stands for anything. */
function compare(printed, said, house, heading) {
  const [text, ours] = [plain(printed), plain(said.replaceAll(ADDRESS, `127.0.0.1:${house.port}`))];
  assert.ok(isAsSaid(text, ours), `below “${heading}”:\n${text}\nis not\n${ours}`);
}

async function inHouse(act) {
  const house = await openHouse();
  try {
    await act(house);
  } finally {
    await house.leave();
  }
}

for (const [title, language, runner] of [
  ["JavaScript", "js", { program: process.execPath, name: "evening.mjs", say: "console.log" }],
  ["Python", "python", { program: "/usr/bin/python3", name: "evening.py", say: "print" }],
]) {
  test(`the examples in ${title} print what the document says`, { timeout }, async () => {
    await inHouse(async (house) => {
      const pieces = sections.map((it) => textOf(it, language).replaceAll(ADDRESS, `127.0.0.1:${house.port}`));
      const printed = await runFile(pieces, runner);
      for (const [nth, section] of sections.entries()) {
        const [lines, said] = [linesOf(printed[nth]), answersOf(section)];
        for (const [line, expected] of said.entries()) compare(lines[line] ?? "", expected, house, section.heading);
        assert.equal(lines.length, said.length, `below “${section.heading}”: ${printed[nth]}`);
      }
    });
  });
}

test("the examples for a terminal print what the document says", { timeout }, async () => {
  await inHouse(async (house) => {
    const terminal = new Terminal();
    try {
      for (const section of sections) await typeAll(terminal, section, house);
    } finally {
      terminal.leave();
    }
  });
});

/** Types a section's commands, and follows its WebSockets. */
async function typeAll(terminal, section, house) {
  const { heading, blocks } = section;
  const here = (text) => text.replaceAll(ADDRESS, `127.0.0.1:${house.port}`);
  let printed = "";
  for (const { language, text } of blocks) {
    if (language === "sh") printed += await terminal.type(here(text));
    else if (language === "text" && (text.startsWith("$ ") || terminal.client)) {
      const { heard, said } = await terminal.follow(here(text));
      for (const [nth, line] of said.entries()) compare(heard[nth], line, house, heading);
    }
  }
  // curl ends no line.
  const isTyped = blocks.some((it) => it.language === "text");
  compare(printed.replaceAll("\n", ""), isTyped ? "" : answersOf(section).join(""), house, heading);
}

test("every request and every socket has an example in every language", async () => {
  const { paths } = JSON.parse(await read("openapi.json"));
  const isOurs = (path) => Object.values(path).some((it) => it.tags?.some((tag) => ["admin", "guest"].includes(tag)));
  const ours = Object.keys(paths).filter((it) => isOurs(paths[it]));
  assert.ok(ours.length > 15, `${ours}`);
  const terminal = sections.map((it) => textOf(it, "sh") + textOf(it, "text")).join("\n");
  const typed = { sh: terminal, js: "", python: "" };
  for (const language of ["js", "python"]) typed[language] = sections.map((it) => textOf(it, language)).join("\n");
  for (const path of ours) {
    const shown = new RegExp(`${path.replaceAll(/\{\w+\}/g, "[^/\\n]+")}(?![\\w/])`);
    for (const [language, text] of Object.entries(typed)) assert.match(text, shown, `${path} in ${language}`);
  }
});
