// What a document's examples print when they are typed as they stand: in a terminal, or into a file that is run.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { execute } from "./operator.js";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const MARK = "-- the end of these --";

/** Runs one language's pieces as one file. Gives what each of them prints. */
export async function runFile(pieces, { program, name, say }) {
  const folder = await mkdtemp(join(tmpdir(), "maitred-e2e-"));
  try {
    await symlink(join(HERE, "node_modules"), join(folder, "node_modules"));
    const file = join(folder, name);
    await writeFile(file, pieces.map((it) => `${it}\n${say}(${JSON.stringify(MARK)})\n`).join("\n"));
    const printed = await execute(program, [file]);
    return printed.split(`${MARK}\n`).slice(0, -1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A shell, and the WebSocket client that is started from it. */
export class Terminal {
  constructor() {
    this.shell = spawn("bash", { cwd: HERE, stdio: ["pipe", "pipe", "inherit"] });
    this.printed = this.shell.stdout.setEncoding("utf8")[Symbol.asyncIterator]();
  }

  /** Types commands, and gives what they print. */
  async type(commands) {
    this.shell.stdin.write(`${commands}\nprintf '%s\\n' '${MARK}'\n`);
    let text = "";
    while (!text.endsWith(`${MARK}\n`)) {
      const { value, done } = await this.printed.next();
      if (done) throw new Error(`the shell ended after ${text}`);
      text += value;
    }
    return text.slice(0, -MARK.length - 1);
  }

  /**
   * Goes through what a terminal shows of a WebSocket: `$` starts the client, `>` is typed, `^C` ends it, and anything
   * else has to be heard then and there. Gives what was heard, and what the document says.
   */
  async follow(shown) {
    const [heard, said] = [[], []];
    for (const line of shown.trimEnd().split("\n")) {
      if (line.startsWith("$ ")) await this.#start(line.slice(2));
      else if (line.startsWith("> ")) this.client.stdin.write(`${line.slice(2)}\n`);
      else if (line === "^C") await this.#end();
      else if (!line.startsWith("Connected ")) {
        // The client draws its prompt even where nobody sees it.
        heard.push((await this.lines.next()).value?.replace(/^(> )+/, "") ?? "the end");
        said.push(line.replace(/^< /, ""));
      }
    }
    return { heard, said };
  }

  async #start(command) {
    const words = await this.type(`printf '%s\\0' ${command}`);
    const [program, ...args] = words.split("\0").slice(0, -1);
    this.client = spawn(program, args, { cwd: HERE, stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.client.stdout })[Symbol.asyncIterator]();
  }

  async #end() {
    const { client } = this;
    this.client = undefined;
    // It may have ended by itself, and says so only once.
    if (client.exitCode !== null || client.signalCode !== null) return;
    const ended = once(client, "exit");
    client.stdin.end();
    await ended;
  }

  leave() {
    this.client?.kill("SIGKILL");
    this.shell.kill("SIGKILL");
  }
}
