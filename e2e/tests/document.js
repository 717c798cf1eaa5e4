// What a document tells people to type, taken out of it, so that it is tried as it stands.

import { readFile } from "node:fs/promises";

/** A document of ours. */
export function read(name) {
  return readFile(new URL(`../../docs/${name}`, import.meta.url), "utf8");
}

/** The first block in `language` below `heading` of an operator's document. */
export async function blockOf(heading, language) {
  const text = await read("operating.md");
  const [, below] = text.split(`\n${heading}\n`);
  const found = below?.match(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "m"));
  if (!found) throw new Error(`there is no block of ${language} below ${heading}`);
  return found[1];
}

/** Everything that a document has below its headings in blocks, in its order: `{ heading, blocks: [{ language, text }] }`. */
export function sectionsOf(text) {
  const sections = [];
  for (const [, heading, language, block] of text.matchAll(/^#{1,4} (.*)$|^```(\w+)\n([^]*?)^```$/gm)) {
    if (heading !== undefined) sections.push({ heading, blocks: [] });
    else sections.at(-1).blocks.push({ language, text: block });
  }
  return sections.filter(({ blocks }) => blocks.length > 0);
}

/** Whether `text` is what `said` says, where `…` stands for anything. An expression with so many gaps takes minutes. */
export function isAsSaid(text, said) {
  const [first, ...others] = said.split("…");
  const last = others.pop();
  if (last === undefined) return text === first;
  let at = text.startsWith(first) ? first.length : Infinity;
  for (const part of others) {
    const found = text.indexOf(part, at);
    at = found < 0 ? Infinity : found + part.length;
  }
  return at + last.length <= text.length && text.endsWith(last);
}

/** Writes a test's own values in place of an operator's. Each is what stands there, how often, and the new text. */
export function fill(block, values) {
  let filled = block;
  for (const [old, times, value] of values) {
    const parts = filled.split(old);
    if (parts.length !== times + 1) throw new Error(`\`${old}\` stands there ${parts.length - 1} times, not ${times}`);
    filled = parts.join(value);
  }
  return filled;
}
