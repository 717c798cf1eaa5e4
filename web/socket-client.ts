/** Lays the official Socket.IO client into the build, for pages of others that load it from the server. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { Plugin } from "vite";

const SCRIPT = "socket.io/socket.io.js";

export function socketClient(): Plugin {
  return {
    name: "maitred-socket-client",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: SCRIPT, source: client() });
    },
  };
}

/** The script with the licence that it has to come with, and without the pointer to a source map, which is not served. */
function client(): string {
  const folder = dirname(createRequire(import.meta.url).resolve("socket.io-client/package.json"));
  const licence = readFileSync(`${folder}/LICENSE`, "utf8").trimEnd();
  const text = readFileSync(`${folder}/dist/socket.io.min.js`, "utf8").replace(/\n\/\/# sourceMappingURL=[^\n]*/, "");
  return `/*!\n${licence}\n*/\n${text}`;
}
