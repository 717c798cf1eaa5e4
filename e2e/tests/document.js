// What a document tells people to type, taken out of it, so that it is tried as it stands.

import { readFile } from "node:fs/promises";

/** The first block in `language` below `heading` of an operator's document. */
export async function blockOf(heading, language) {
  const text = await readFile(new URL("../../docs/operating.md", import.meta.url), "utf8");
  const [, below] = text.split(`\n${heading}\n`);
  const found = below?.match(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "m"));
  if (!found) throw new Error(`there is no block of ${language} below ${heading}`);
  return found[1];
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
